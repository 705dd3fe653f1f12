"""Photos and other evidence as they arrived, kept by their content and encrypted, the copies made of them, and what has come of a large
file so far. Written and synced before the database commits."""

from __future__ import annotations

import errno
import fcntl
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
_HEADER = len(MAGIC) + _WRAPPED


class LowDisk(Exception):
    """There is too little room for photos; text still gets in."""


class TooLarge(Exception):
    """The stream is longer than the limit."""


class Damaged(Exception):
    """A stored file is not what was put in."""


class Elsewhere(Exception):
    """A piece does not begin where the last one ended, or another one is being written. offset: where to go on."""

    def __init__(self, offset: int) -> None:
        self.offset = offset
        super().__init__(str(offset))


@dataclass(frozen=True, slots=True)
class Stored:
    """sha256: 64 hexadecimal characters of the content; size in bytes."""

    sha256: str
    size: int


def put(stream: IO[bytes], limit: int) -> Stored:
    """Keep a stream by its content; the same content is kept once. On return it is on the disk.

    Raises LowDisk below the reserve or when the disk fills, TooLarge beyond `limit` bytes; leaves nothing behind in either case.
    """
    _room(0)
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


@dataclass(frozen=True, slots=True)
class Original:
    """What arrived, to be read from anywhere in it: only the pieces asked for are decrypted. `size` in bytes of the content."""

    path: Path
    size: int

    def read(self, at: int, length: int) -> bytes:
        """So many bytes from `at` on, fewer at the end. Raises FileNotFoundError, Damaged."""
        return b"".join(self.pieces(at, length))

    def pieces(self, at: int = 0, length: int | None = None) -> Iterator[bytes]:
        """The same, CHUNK by CHUNK at most. Raises FileNotFoundError, Damaged."""
        end = self.size if length is None else min(self.size, at + length)
        if at < 0 or at >= end:
            return
        with self.path.open("rb") as file:
            cipher, last = _own_cipher(file, self.path.name), _chunk_count(self.size) - 1
            for number in range(at // CHUNK, (end - 1) // CHUNK + 1):
                file.seek(_HEADER + number * (CHUNK + TAG_BYTES))
                content = _opened(cipher, number, file.read(CHUNK + TAG_BYTES), number == last, self.path.name)
                start = number * CHUNK
                yield content[max(0, at - start) : end - start]


def original(sha256: str) -> Original:
    """What arrived under that hash. Raises FileNotFoundError. The hash is not computed anew: `check_original` does that."""
    path = _original(sha256)
    return Original(path, _content_size(path.stat().st_size))


def check_original(sha256: str) -> int:
    """Reads what arrived once, a piece at a time, and returns its size in bytes. Raises FileNotFoundError, Damaged."""
    digest, size = hashlib.sha256(), 0
    for piece in _decrypt(_original(sha256)):
        digest.update(piece)
        size += len(piece)
    if digest.hexdigest() != sha256:
        raise Damaged(sha256)
    return size


# ── what comes in pieces ─────────────────────────────────────────────────────────────────────

PIECE = 16 * CHUNK  # bytes of every piece but the last


def begin_part(size: int) -> str:
    """A place for a file of `size` bytes that comes in pieces; returns its name. Raises LowDisk when it would not fit above the reserve."""
    _room(size)
    name = secrets.token_hex(20)
    with _incoming("parts") as (out, place):
        own, nonce = os.urandom(KEY_BYTES), os.urandom(NONCE_BYTES)
        out.write(MAGIC + nonce + AESGCM(keys.derive("files")).encrypt(nonce, own, MAGIC))
        place(_part(name))
    return name


def part_offset(name: str, size: int) -> int:
    """Bytes of a file of `size` that have arrived whole. The part itself is asked, so no row is written for a piece; what a broken write
    left behind the last whole chunk does not count. Raises FileNotFoundError."""
    stored = _part(name).stat().st_size
    return size if _content_size(stored) == size else max(0, stored - _HEADER) // (CHUNK + TAG_BYTES) * CHUNK


def add_piece(name: str, size: int, offset: int, content: bytes, sha256: str) -> int:
    """Write one piece of a file of `size` bytes behind what is there; returns the new offset.

    Every piece but the last has whole chunks. Raises Elsewhere, Damaged when the piece is not what `sha256` says, LowDisk,
    FileNotFoundError when the part has expired.
    """
    _room(len(content))
    try:
        with _part(name).open("r+b") as file:
            there = part_offset(name, size) if _alone(file) else -1
            end = offset + len(content)
            if offset != there or not content or end > size or (len(content) % CHUNK and end != size):
                raise Elsewhere(max(0, there))
            if hashlib.sha256(content).hexdigest() != sha256:
                raise Damaged(name)
            _write_piece(file, offset, content, end == size)
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise LowDisk from error
        raise
    return end


def _alone(file: IO[bytes]) -> bool:
    """Whether nobody else writes a piece to this part now; the lock goes with the file."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _write_piece(file: IO[bytes], offset: int, content: bytes, ends: bool) -> None:
    """A chunk that was written whole is never written again, so no nonce serves twice; one that was cut off is, with the same bytes."""
    cipher, first = _own_cipher(file, ""), offset // CHUNK
    at = _HEADER + first * (CHUNK + TAG_BYTES)
    file.truncate(at)
    file.seek(at)
    for begin in range(0, len(content), CHUNK):
        last = ends and begin + CHUNK >= len(content)
        file.write(cipher.encrypt(_nonce(first + begin // CHUNK), content[begin : begin + CHUNK], b"last" if last else b"more"))
    file.flush()


def finish_part(name: str, size: int, sha256: str = "") -> Stored:
    """All pieces are there: the whole is read once, compared with its hash where one was given, and put among the originals.

    Raises Elsewhere while something is missing; Damaged when it is not what the hash says, and then the part is gone.
    """
    path = _part(name)
    if (there := part_offset(name, size)) < size:
        raise Elsewhere(there)
    digest = hashlib.sha256()
    try:
        for piece in _decrypt(path):
            digest.update(piece)
    except Damaged:
        drop_part(name)
        raise
    found = digest.hexdigest()
    if sha256 and found != sha256:
        drop_part(name)
        raise Damaged(name)
    with path.open("r+b") as out:
        _place(out, path, _original(found))
    return Stored(found, size)


def head_of_part(name: str, size: int, length: int) -> bytes:
    """The first bytes of a part that has at least so many, or all."""
    return Original(_part(name), size).read(0, length)


def drop_part(name: str) -> None:
    _part(name).unlink(missing_ok=True)


def _room(more: int) -> None:
    if free_bytes() < settings.HUIYIN_UPLOAD_RESERVE_MB * 1024 * 1024 + more:
        raise LowDisk


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


def remove_strays(*, originals: Iterable[str], copies: Iterable[str], parts: Iterable[str] = (), before: datetime) -> int:
    """Remove files that were written before a time and that nobody knows, and what broken uploads left; returns how many.

    originals: every SHA-256 that a row still names; copies, parts: every name of one. A file that is put again counts as new.
    """
    known = {_hidden(sha256) for sha256 in originals} | set(copies) | set(parts)
    removed = 0
    for file in (
        file for kind in ("originals", "copies", "parts") for file in list(_root(kind).rglob("*")) if file.name not in known
    ):
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
        cipher = _own_cipher(file, path.name)
        for number, (sealed, last) in enumerate(_chunks(file, CHUNK + TAG_BYTES)):
            yield _opened(cipher, number, sealed, last, path.name)


def _own_cipher(file: IO[bytes], name: str) -> AESGCM:
    """The file's own key from its head; the file then stands behind it."""
    file.seek(0)
    head = file.read(_HEADER)
    if head[: len(MAGIC)] != MAGIC or len(head) < _HEADER:
        raise Damaged(name)
    nonce, wrapped = head[len(MAGIC) :][:NONCE_BYTES], head[len(MAGIC) + NONCE_BYTES :]
    try:
        return AESGCM(AESGCM(keys.derive("files")).decrypt(nonce, wrapped, MAGIC))
    except InvalidTag as error:
        raise Damaged(name) from error


def _opened(cipher: AESGCM, number: int, sealed: bytes, last: bool, name: str) -> bytes:
    try:
        return cipher.decrypt(_nonce(number), sealed, b"last" if last else b"more")
    except InvalidTag as error:
        raise Damaged(name) from error


def _chunk_count(size: int) -> int:
    return max(1, -(-size // CHUNK))


def _content_size(stored: int) -> int:
    """Bytes of content in a file of so many bytes on the disk."""
    sealed = max(0, stored - _HEADER)
    return sealed - TAG_BYTES * -(-sealed // (CHUNK + TAG_BYTES))


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


def _part(name: str) -> Path:
    if not name.isalnum():
        raise FileNotFoundError(name)
    return _root("parts") / name


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
