"""Photos as they arrived, kept by their content and encrypted, and the copies made of them. Written and synced before the database commits."""

from __future__ import annotations

import errno
import hashlib
import hmac
import os
import secrets
import shutil
import struct
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from huiyin.adapters import keys

CHUNK = 64 * 1024
MAGIC = b"HYF1"
KEY_BYTES, NONCE_BYTES, TAG_BYTES = 32, 12, 16
_WRAPPED = NONCE_BYTES + KEY_BYTES + TAG_BYTES


class LowDisk(Exception):
    """There is too little room for photos; text still gets in."""


class TooLarge(Exception):
    """The stream is longer than the limit."""


class Damaged(Exception):
    """A stored file is not what was put in."""


@dataclass(frozen=True, slots=True)
class Stored:
    """sha256: 64 hexadecimal characters of the content; size in bytes."""

    sha256: str
    size: int


def put(stream: IO[bytes], limit: int) -> Stored:
    """Keep a stream by its content; the same content is kept once. On return it is on the disk.

    Raises LowDisk below the reserve or when the disk fills, TooLarge beyond `limit` bytes; leaves nothing behind in either case.
    """
    if free_bytes() < settings.HUIYIN_UPLOAD_RESERVE_MB * 1024 * 1024:
        raise LowDisk
    with _incoming("originals") as (out, place):
        stored = _encrypt(stream, out, limit)
        place(_original(stored.sha256))
    return stored


def read_original(sha256: str) -> bytes:
    """The content again, checked against its name. Raises FileNotFoundError, Damaged."""
    content = b"".join(_decrypt(_original(sha256)))
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Damaged(sha256)
    return content


def read_pieces(sha256: str) -> Iterator[bytes]:
    """The content again, piece by piece, so that a large file is never whole in memory. Each piece is authenticated; raises
    FileNotFoundError at once and Damaged where it breaks off."""
    file = _original(sha256)
    if not file.is_file():
        raise FileNotFoundError(sha256)
    return _decrypt(file)


def delete_original(sha256: str, before: datetime | None = None) -> None:
    """Remove what arrived; with `before` only what was put before that time, because the same photo may be arriving again."""
    file = _original(sha256)
    with suppress(FileNotFoundError):
        if before is None or file.stat().st_mtime < before.timestamp():
            file.unlink()


def put_copy(data: bytes) -> str:
    """Keep a viewing copy (encrypted too); returns the name to read it by."""
    name = secrets.token_hex(20)
    nonce = os.urandom(NONCE_BYTES)
    with _incoming("copies") as (out, place):
        out.write(nonce + AESGCM(keys.derive("files")).encrypt(nonce, data, name.encode()))
        place(_copy(name))
    return name


def read_copy(name: str) -> bytes:
    """The copy's JPEG bytes. Raises FileNotFoundError, Damaged."""
    sealed = _copy(name).read_bytes()
    try:
        return AESGCM(keys.derive("files")).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], name.encode())
    except InvalidTag as error:
        raise Damaged(name) from error


def delete_copy(name: str) -> None:
    _copy(name).unlink(missing_ok=True)


def free_bytes() -> int:
    """Room left where photos are kept."""
    return shutil.disk_usage(_root("originals")).free


def remove_strays(*, originals: Iterable[str], copies: Iterable[str], before: datetime) -> int:
    """Remove files that were written before a time and that nobody knows, and what broken uploads left; returns how many.

    originals: every SHA-256 that a row still names; copies: every name of a copy. A file that is put again counts as new.
    """
    known = {_hidden(sha256) for sha256 in originals} | set(copies)
    removed = 0
    for file in (file for kind in ("originals", "copies") for file in list(_root(kind).rglob("*")) if file.name not in known):
        with suppress(FileNotFoundError):  # put in its place or removed meanwhile
            if file.is_file() and file.stat().st_mtime < before.timestamp():
                file.unlink()
                removed += 1
    return removed


@contextmanager
def _incoming(kind: str) -> Iterator[tuple[IO[bytes], Callable[[Path], None]]]:
    """A file that is being written, and the call that puts it, synced, in its place. Without that call nothing is left of it.

    Raises LowDisk when the disk fills.
    """
    name = None
    try:
        handle, name = tempfile.mkstemp(dir=_root(kind), prefix=".incoming-")
        with os.fdopen(handle, "wb") as out:
            yield out, partial(_place, out, Path(name))
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise LowDisk from error
        raise
    finally:
        if name is not None:
            Path(name).unlink(missing_ok=True)


def _place(out: IO[bytes], written: Path, target: Path) -> None:
    out.flush()
    os.fsync(out.fileno())
    if not target.parent.exists():
        target.parent.mkdir(exist_ok=True, mode=0o700)
        _sync(target.parent.parent)
    os.replace(written, target)
    _sync(target.parent)


def _encrypt(stream: IO[bytes], out: IO[bytes], limit: int) -> Stored:
    """Magic, the file's own key wrapped with the installation's, then chunks; the chunk's number and whether it is the last are bound in."""
    own = os.urandom(KEY_BYTES)
    nonce = os.urandom(NONCE_BYTES)
    out.write(MAGIC + nonce + AESGCM(keys.derive("files")).encrypt(nonce, own, MAGIC))
    cipher, digest, size = AESGCM(own), hashlib.sha256(), 0
    for number, (chunk, last) in enumerate(_chunks(stream, CHUNK)):
        digest.update(chunk)
        size += len(chunk)
        if size > limit:
            raise TooLarge
        out.write(cipher.encrypt(_nonce(number), chunk, b"last" if last else b"more"))
    return Stored(digest.hexdigest(), size)


def _chunks(stream: IO[bytes], size: int) -> Iterator[tuple[bytes, bool]]:
    """(chunk, whether it is the last); every chunk but the last is full, however little the stream gives at a time."""
    held = _full(stream, size)
    while len(held) == size and (following := _full(stream, size)):
        yield held, False
        held = following
    yield held, True


def _full(stream: IO[bytes], size: int) -> bytes:
    pieces, missing = [], size
    while missing and (piece := stream.read(missing)):
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces)


def _decrypt(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        head = file.read(len(MAGIC) + _WRAPPED)
        if head[: len(MAGIC)] != MAGIC or len(head) < len(MAGIC) + _WRAPPED:
            raise Damaged(path.name)
        nonce, wrapped = head[len(MAGIC) :][:NONCE_BYTES], head[len(MAGIC) + NONCE_BYTES :]
        try:
            cipher = AESGCM(AESGCM(keys.derive("files")).decrypt(nonce, wrapped, MAGIC))
            for number, (sealed, last) in enumerate(_chunks(file, CHUNK + TAG_BYTES)):
                yield cipher.decrypt(_nonce(number), sealed, b"last" if last else b"more")
        except InvalidTag as error:
            raise Damaged(path.name) from error


def _nonce(number: int) -> bytes:
    return struct.pack(">4xQ", number)


def _root(name: str) -> Path:
    root = Path(settings.HUIYIN_UPLOADS) / name
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    return root


def _original(sha256: str) -> Path:
    """The name on the disk gives the hash away to nobody without the key."""
    hidden = _hidden(sha256)
    return _root("originals") / hidden[:2] / hidden


def _hidden(sha256: str) -> str:
    return hmac.new(keys.derive("files"), sha256.encode(), hashlib.sha256).hexdigest()


def _copy(name: str) -> Path:
    if not name.isalnum():
        raise FileNotFoundError(name)
    return _root("copies") / name[:2] / name


def _sync(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
