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
from collections.abc import Iterator
from dataclasses import dataclass
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
    root = _root("originals")
    handle, name = tempfile.mkstemp(dir=root, prefix=".incoming-")
    try:
        with os.fdopen(handle, "wb") as out:
            stored = _encrypt(stream, out, limit)
            out.flush()
            os.fsync(out.fileno())
        target = _original(stored.sha256)
        target.parent.mkdir(exist_ok=True)
        os.replace(name, target)
        _sync(target.parent)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise LowDisk from error
        raise
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return stored


def read_original(sha256: str) -> bytes:
    """The content again, checked against its name. Raises FileNotFoundError, Damaged."""
    content = b"".join(_decrypt(_original(sha256)))
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Damaged(sha256)
    return content


def delete_original(sha256: str) -> None:
    _original(sha256).unlink(missing_ok=True)


def put_copy(data: bytes) -> str:
    """Keep a viewing copy (encrypted too); returns the name to read it by."""
    name = secrets.token_hex(20)
    target = _copy(name)
    target.parent.mkdir(exist_ok=True)
    nonce = os.urandom(NONCE_BYTES)
    sealed = nonce + AESGCM(keys.derive("files")).encrypt(nonce, data, name.encode())
    try:
        target.write_bytes(sealed)
    except OSError as error:
        target.unlink(missing_ok=True)
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise LowDisk from error
        raise
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


def _encrypt(stream: IO[bytes], out: IO[bytes], limit: int) -> Stored:
    """Magic, the file's own key wrapped with the installation's, then chunks; the chunk's number and whether it is the last are bound in."""
    own = os.urandom(KEY_BYTES)
    nonce = os.urandom(NONCE_BYTES)
    out.write(MAGIC + nonce + AESGCM(keys.derive("files")).encrypt(nonce, own, MAGIC))
    cipher, digest, size, number = AESGCM(own), hashlib.sha256(), 0, 0
    chunk = stream.read(CHUNK)
    while True:
        following = stream.read(CHUNK) if chunk else b""
        digest.update(chunk)
        size += len(chunk)
        if size > limit:
            raise TooLarge
        out.write(cipher.encrypt(_nonce(number), chunk, b"last" if not following else b"more"))
        if not following:
            return Stored(digest.hexdigest(), size)
        chunk, number = following, number + 1


def _decrypt(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        head = file.read(len(MAGIC) + _WRAPPED)
        if head[: len(MAGIC)] != MAGIC:
            raise Damaged(path.name)
        wrapped = head[len(MAGIC) :]
        try:
            own = AESGCM(keys.derive("files")).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], MAGIC)
            cipher, number = AESGCM(own), 0
            sealed = file.read(CHUNK + TAG_BYTES)
            while True:
                following = file.read(CHUNK + TAG_BYTES)
                yield cipher.decrypt(_nonce(number), sealed, b"last" if not following else b"more")
                if not following:
                    return
                sealed, number = following, number + 1
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
    hidden = hmac.new(keys.derive("files"), sha256.encode(), hashlib.sha256).hexdigest()
    return _root("originals") / hidden[:2] / hidden


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
