"""What may be evidence beside photos: kinds of video, sound and papers told from their first bytes, how large each may be, and what is
said of a file on its way from hand to hand."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from huiyin.rules import files
from huiyin.rules.files import MAX_BYTES as PHOTO_BYTES
from huiyin.rules.files import BadFile, Photo
from huiyin.rules.texts import Bad

MB = 1024 * 1024


class Family(StrEnum):
    PHOTO = "photo"
    VIDEO = "video"
    AUDIO = "audio"
    PAPER = "paper"


FAMILY_LABELS: Mapping[Family, str] = {
    Family.PHOTO: "照片",
    Family.VIDEO: "视频",
    Family.AUDIO: "录音",
    Family.PAPER: "文件",
}


@dataclass(frozen=True, slots=True)
class Kind:
    """mime: what its viewing copy is served as. cleaned: whether its own notes (place, time, device) can be blanked for a viewing copy;
    what cannot is offered as the original alone."""

    family: Family
    mime: str
    cleaned: bool = False


#: By the code that is kept with the file, which is also the ending of its name.
KINDS: Mapping[str, Kind] = {
    **{photo.value: Kind(Family.PHOTO, "image/jpeg", cleaned=True) for photo in Photo},
    "mp4": Kind(Family.VIDEO, "video/mp4", cleaned=True),
    "mov": Kind(Family.VIDEO, "video/quicktime", cleaned=True),
    "3gp": Kind(Family.VIDEO, "video/3gpp", cleaned=True),
    "webm": Kind(Family.VIDEO, "video/webm"),
    "avi": Kind(Family.VIDEO, "video/x-msvideo"),
    "m4a": Kind(Family.AUDIO, "audio/mp4", cleaned=True),
    "mp3": Kind(Family.AUDIO, "audio/mpeg", cleaned=True),
    "aac": Kind(Family.AUDIO, "audio/aac", cleaned=True),
    "wav": Kind(Family.AUDIO, "audio/wav", cleaned=True),
    "amr": Kind(Family.AUDIO, "audio/amr", cleaned=True),
    "ogg": Kind(Family.AUDIO, "audio/ogg"),
    "pdf": Kind(Family.PAPER, "application/pdf"),
    "docx": Kind(Family.PAPER, "application/octet-stream"),
    "xlsx": Kind(Family.PAPER, "application/octet-stream"),
    "pptx": Kind(Family.PAPER, "application/octet-stream"),
    "ofd": Kind(Family.PAPER, "application/octet-stream"),
    "doc": Kind(Family.PAPER, "application/octet-stream"),
}
#: What residents may send and be shown: a recording could not be cleaned of faces and voices, and comes to the officer on the spot instead.
PHOTOS = frozenset(code for code, kind in KINDS.items() if kind.family is Family.PHOTO)
#: Largest size of each family in MB; that of video is a setting.
MOST_MB: Mapping[Family, int] = {Family.PHOTO: PHOTO_BYTES // MB, Family.VIDEO: 200, Family.AUDIO: 100, Family.PAPER: 50}


class BadEvidence(Bad):
    """A file that cannot be taken as evidence; the message is for people."""

    messages: ClassVar[Mapping[str, str]] = {
        "unknown": "这种文件收不了。可以传照片，MP4、MOV、3GP 视频，M4A、MP3、WAV、AMR 录音，PDF、Word、Excel、OFD 文件。",
        "too_big": "这个文件太大了，%(family)s最多 %(limit)d MB。",
        "empty": "这个文件是空的，请重新选一个。",
        "differs": "收到的和您手机里的不一样，可能路上坏了，请再发一次。",
        "too_many": "您没传完的文件太多了，先传完或去掉几个再传。",
        "gone": "这个文件没传完就过期了，请重新选一次。",
    }


@dataclass(frozen=True, slots=True)
class Known:
    """kind: a code of KINDS. width and height in pixels, 0 for what is no photo."""

    kind: str
    width: int = 0
    height: int = 0

    @property
    def family(self) -> Family:
        return KINDS[self.kind].family


def family_of(kind: str) -> Family:
    """The family of a kept kind; what is not known (any more) is a paper, which nobody opens by mistake."""
    known = KINDS.get(kind)
    return known.family if known else Family.PAPER


def sniff(head: bytes, size: int, *, video_mb: int = MOST_MB[Family.VIDEO]) -> Known:
    """What a file is from its first bytes (files.HEAD of them or all) and its whole size; its name is not asked.

    Raises BadEvidence (empty, unknown, too_big) and, for photos, files.BadFile.
    """
    if size == 0 or not head:
        raise BadEvidence("empty")
    kind = _container(head) or _sound(head) or _paper(head)
    if kind is None:
        try:
            photo = files.sniff(head, size)
        except BadFile as bad:
            if bad.code == "not_photo":
                raise BadEvidence("unknown") from None
            raise
        return Known(photo.kind.value, photo.width, photo.height)
    family = KINDS[kind].family
    limit = video_mb if family is Family.VIDEO else MOST_MB[family]
    if size > limit * MB:
        raise BadEvidence("too_big", family=FAMILY_LABELS[family], limit=limit)
    return Known(kind)


_STILL = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"msf1", b"mif1", b"avif", b"avis"})


def _container(head: bytes) -> str | None:
    """Video and sound in boxes (ISO 14496-12 and QuickTime), WebM, AVI."""
    name, brand = head[4:8], head[8:12]
    if name == b"ftyp" and brand not in _STILL:
        if brand == b"qt  ":
            return "mov"
        return "3gp" if brand[:2] == b"3g" else "m4a" if brand in {b"M4A ", b"M4B "} else "mp4"
    if name in {b"moov", b"mdat", b"wide"}:
        return "mov"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "webm" if b"webm" in head[:64] else None
    return "avi" if head[:4] == b"RIFF" and head[8:12] == b"AVI " else None


def _sound(head: bytes) -> str | None:
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "wav"
    if head.startswith(b"#!AMR"):
        return "amr"
    if head.startswith(b"OggS"):
        return "ogg"
    at = 0
    if head.startswith(b"ID3") and len(head) > 10:
        at = min(10 + synchsafe(head[6:10]), len(head))
    return _frames(head[at : at + 4]) or ("mp3" if at else None)


def _frames(start: bytes) -> str | None:
    """MPEG sound by its frame header: layer 0 is AAC in ADTS, else bitrate and sampling must be ones that there are."""
    if len(start) < 4 or start[0] != 0xFF or start[1] & 0xE0 != 0xE0:
        return None
    if start[1] & 0xF6 == 0xF0:
        return "aac"
    layer, version = start[1] >> 1 & 3, start[1] >> 3 & 3
    fits = layer and version != 1 and start[2] >> 4 not in {0, 15} and start[2] >> 2 & 3 != 3
    return "mp3" if fits else None


def synchsafe(four: bytes) -> int:
    """A size of ID3v2: four bytes of seven bits each."""
    return (four[0] & 127) << 21 | (four[1] & 127) << 14 | (four[2] & 127) << 7 | four[3] & 127


def _paper(head: bytes) -> str | None:
    """Office files are told by the names of their parts; an archive of anything else is not taken."""
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "doc"
    if not head.startswith(b"PK\x03\x04") or b"vbaProject.bin" in head:
        return None
    if b"OFD.xml" in head:
        return "ofd"
    marks = ((b"word/", "docx"), (b"xl/", "xlsx"), (b"ppt/", "pptx"))
    return next((kind for mark, kind in marks if b"[Content_Types].xml" in head and mark in head), None)


# ── what the phone says of a file ────────────────────────────────────────────────────────────

#: A phone's own word: kept beside the server's time, never instead of it.
CLAIMS = ("sha256", "taken_at", "chosen_at", "lon", "lat", "accuracy")


def claims(said: Mapping[str, Any]) -> dict[str, str]:
    """What a phone states of a file, as short texts: its hash, when it was taken and chosen (ISO 8601), where (degrees, metres).
    What is no such thing is left out, so that a strange clock never keeps a file from being taken."""
    checks = {
        "sha256": _is_hash,
        "taken_at": _is_time,
        "chosen_at": _is_time,
        "lon": _within(180),
        "lat": _within(90),
        "accuracy": _within(10**7),
    }
    found = {name: str(said.get(name) or "").strip() for name in CLAIMS}
    kept = {name: text for name, text in found.items() if text and checks[name](text)}
    if not {"lon", "lat"} <= set(kept):
        kept = {name: text for name, text in kept.items() if name not in {"lon", "lat", "accuracy"}}
    return kept


def _is_hash(text: str) -> bool:
    return len(text) == 64 and all(sign in "0123456789abcdef" for sign in text)


def _is_time(text: str) -> bool:
    try:
        return len(text) <= 40 and datetime.fromisoformat(text.replace("Z", "+00:00")).tzinfo is not None
    except ValueError:
        return False


def _within(most: float) -> Callable[[str], bool]:
    def check(text: str) -> bool:
        try:
            return len(text) <= 24 and -most <= float(text) <= most
        except ValueError:
            return False

    return check


def claims_bytes(said: Mapping[str, str]) -> bytes:
    """The bytes that the commitment to a phone's claims covers: JSON, keys sorted, UTF-8, no blanks."""
    return json.dumps(dict(said), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


# ── from hand to hand ────────────────────────────────────────────────────────────────────────


class Step(StrEnum):
    """What became of a file that an entry holds. Looking at its viewing copy is no step: it shows no more than the page of the case."""

    RECEIVED = "received"
    VIEWED = "viewed"
    BUNDLED = "bundled"
    HANDED = "handed"
    MASKED = "masked"


STEP_LABELS: Mapping[str, str] = {
    Step.RECEIVED: "收到",
    Step.VIEWED: "看了原件",
    Step.BUNDLED: "做进证据包",
    Step.HANDED: "移交",
    Step.MASKED: "遮蔽",
}
#: Why somebody looks at an original, or takes it along.
WHYS: tuple[tuple[str, str], ...] = (
    ("case", "办案需要看清楚"),
    ("document", "制作文书、案卷"),
    ("review", "法制审核、集体讨论"),
    ("oversight", "监督检查、核查投诉"),
    ("handover", "移送公安、法院或其他机关"),
    ("suit", "复议、诉讼举证"),
    ("other", "其他（要写明）"),
)
GENESIS = "0" * 64
FORMAT = "huiyin-custody-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One step of a file's way. `file` is the commitment that the ledger holds of it; `actor` a posting (p7), a report (r7) or sys; `at`
    ISO 8601 in UTC with microseconds; `why` a code of WHYS or empty; `words` the commitment to what was written, or empty."""

    file: str
    seq: int
    step: str
    actor: str
    role: str
    at: str
    why: str
    words: str
    prev: str


def link_hash(link: Link) -> str:
    """SHA-256 over the fields in this order, each on a line of its own under the name of the format."""
    lines = (FORMAT, link.file, str(link.seq), link.step, link.actor, link.role, link.at, link.why, link.words, link.prev)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
