"""A checkpoint: the size and root of the record's tree at a time, as a signed note that everybody can keep (C2SP tlog-checkpoint, signed-note).

huiyin.example.gov.cn/ledger
12345
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
2026-11-24T09:00:00Z

— huiyin.example.gov.cn/ledger Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

ED25519 = b"\x01"
SIGNED_BY = "\u2014 "
SHORT_SIGNS = 24  # 120 bits of the root in what people copy by hand; the whole of it stands in the note and the QR code
_ORIGIN = re.compile(r"[!-*,-~]{1,200}")
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class BadNote(ValueError):
    """The text is no checkpoint; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What is signed. root: 32 bytes; at: to the second."""

    origin: str
    size: int
    root: bytes
    at: datetime

    @property
    def body(self) -> str:
        """The signed text. Raises ValueError for an origin with blanks or a plus sign."""
        if not _ORIGIN.fullmatch(self.origin):
            raise ValueError(f"no origin: {self.origin!r}")
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n{_second(self.at)}\n"

    @property
    def short(self) -> str:
        """Size and the first 120 bits of the root, to be read out and copied by hand: 12345 · 7K4M-9TQX-…"""
        return f"{self.size} {grouped_root(self.root)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A head with its signatures: (name, key id and signature together, as signed notes have them)."""

    head: Head
    signatures: tuple[tuple[str, bytes], ...]

    @property
    def text(self) -> str:
        lines = [f"{SIGNED_BY}{name} {base64.b64encode(signature).decode()}\n" for name, signature in self.signatures]
        return f"{self.head.body}\n{''.join(lines)}"

    def by(self, public: bytes) -> bytes:
        """The 64 bytes that this key signed with, empty when it did not."""
        wanted = key_id(self.head.origin, public)
        rows = (held for name, held in self.signatures if name == self.head.origin and held[:4] == wanted)
        return next((held[4:] for held in rows if len(held) == 68), b"")


def key_id(name: str, public: bytes) -> bytes:
    """Four bytes that tell which key signed: a hint, no proof."""
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]


def verifier_key(name: str, public: bytes) -> str:
    """The public key as one line, as signed notes write it: name+keyid+base64."""
    return f"{name}+{key_id(name, public).hex()}+{base64.b64encode(ED25519 + public).decode()}"


def signed(head: Head, public: bytes, signature: bytes) -> Note:
    """The note with the log's own signature."""
    return Note(head=head, signatures=((head.origin, key_id(head.origin, public) + signature),))


def download(note: Note, key: str, old: int = 0, path: Sequence[bytes] = ()) -> str:
    """What witnesses keep: the public key, the proof that the checkpoint continues an older size, the checkpoint."""
    proof = "".join(f"{base64.b64encode(step).decode()}\n" for step in path)
    return f"key {key}\n\n" + (f"old {old}\n{proof}\n" if old else "") + note.text


def fingerprint(public: bytes) -> str:
    """24 signs of the public key, to be compared by eye."""
    return grouped_root(hashlib.sha256(public).digest())


def grouped_root(root: bytes) -> str:
    """The first 120 bits of a root as 24 of Crockford's signs in groups of four."""
    bits = int.from_bytes(root[:15], "big")
    signs = "".join(_ALPHABET[bits >> shift & 31] for shift in range(5 * (SHORT_SIGNS - 1), -1, -5))
    return "-".join(signs[at : at + 4] for at in range(0, SHORT_SIGNS, 4))


def link(page: str, note: Note) -> str:
    """The checkpoint behind the address of the page that explains it. What follows # never reaches a server; the whole proof is in it."""
    head, signature = note.head, note.signatures[0][1]
    return f"{page}#{head.origin},{head.size},{_web64(head.root)},{_second(head.at)},{_web64(signature)}"


def read(text: str) -> list[Note]:
    """Every checkpoint in a text: notes one after the other, as files keep them, or a link as QR codes carry it.

    Raises BadNote when there is none, or one that is broken.
    """
    text = text.replace("\r\n", "\n").lstrip("\ufeff").strip("\n") + "\n"
    if "#" in text and text.strip().startswith("http"):
        return [_from_link(line) for line in text.split()]
    pieces = re.split(
        r"\n{2,}(?!\u2014)", text
    )  # a file may begin with the key, and with the proof that it continues an older one
    found = [_note(one) for one in pieces if one.strip() and not one.lstrip("\n").startswith(("key ", "old "))]
    if not found:
        raise BadNote("there is no checkpoint in it")
    return found


def _note(text: str) -> Note:
    body, blank, rest = text.rstrip("\n").partition("\n\n")
    lines = body.split("\n")
    if not blank or len(lines) < 4:
        raise BadNote("a checkpoint has four lines, an empty one and a signature")
    head = Head(origin=lines[0], size=_size(lines[1]), root=_bytes(lines[2], 32), at=_moment(lines[3]))
    if not _ORIGIN.fullmatch(head.origin) or f"{body}\n" != head.body:
        raise BadNote("the checkpoint has lines that do not belong to it")
    signatures = []
    for line in rest.split("\n"):
        name, _, held = line.removeprefix(SIGNED_BY).partition(" ")
        if not line.startswith(SIGNED_BY) or not name or not held:
            raise BadNote("a signature cannot be read")
        signatures.append((name, _bytes(held)))
    return Note(head=head, signatures=tuple(signatures))


def _from_link(line: str) -> Note:
    parts = line.partition("#")[2].split(",")
    if len(parts) != 5:
        raise BadNote("the link holds no checkpoint")
    origin, size, root, at, signature = parts
    held = _bytes(signature.replace("-", "+").replace("_", "/") + "=" * (-len(signature) % 4), 68)
    whole = _bytes(root.replace("-", "+").replace("_", "/") + "=" * (-len(root) % 4), 32)
    if not _ORIGIN.fullmatch(origin):
        raise BadNote("the origin cannot be read")
    return Note(head=Head(origin=origin, size=_size(size), root=whole, at=_moment(at)), signatures=((origin, held),))


def _second(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _moment(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise BadNote("the time cannot be read") from None


def _size(text: str) -> int:
    if not re.fullmatch(r"0|[1-9][0-9]{0,17}", text):
        raise BadNote("the size cannot be read")
    return int(text)


def _bytes(text: str, many: int | None = None) -> bytes:
    try:
        held = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadNote("what is written in base64 cannot be read") from None
    if many is not None and len(held) != many:
        raise BadNote(f"{len(held)} bytes stand where {many} belong")
    return held


def _web64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
