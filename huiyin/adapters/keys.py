"""The one key file of an installation and the keys that are derived from it.

The file lies outside the database and its backups. Without it nobody can read reporters' contacts, check receipt codes or open the
photos as they arrived, so it is made once, never replaced, and refused when others on the machine could read it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import secrets
import stat
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, get_args

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

KEY_BYTES = 32
COMMENT = "# Huiyin: the key of this installation. Keep a copy on paper or in a safe, never beside the database's backups."

Purpose = Literal[
    "identity",
    "receipts",
    "sessions",
    "files",
    "outbox",
    "contact-index",
    "party-index",
    "documents",
    "temporary-passwords",
    "checkpoints",
]
PURPOSES: frozenset[str] = frozenset(get_args(Purpose))


class KeyTrouble(Exception):
    """The key file cannot be used; the text says why and what to do."""


class KeyMissing(KeyTrouble):
    """There is no key file at the place that is set."""


def derive(purpose: Purpose, length: int = KEY_BYTES) -> bytes:
    """length bytes for one purpose, the same for the same key file (HKDF-SHA256, RFC 5869).

    Raises ValueError for a purpose that is not in PURPOSES, KeyTrouble when the key file cannot be used.
    """
    return expand(_master(), purpose, length)


def fingerprint() -> str:
    """64 hexadecimal characters that tell one key file from another and give nothing away about the key."""
    return fingerprint_of(_master())


def fingerprint_of(master: bytes) -> str:
    """The fingerprint of a key that is at hand."""
    return hmac.new(master, b"huiyin key check", hashlib.sha256).hexdigest()


@lru_cache(maxsize=64)  # a page derives the same few keys again and again
def expand(master: bytes, purpose: Purpose, length: int = KEY_BYTES) -> bytes:
    """As derive, from a key that is at hand."""
    if purpose not in PURPOSES:
        raise ValueError(f"no key is derived for {purpose!r}; the purposes are {', '.join(sorted(PURPOSES))}")
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=f"huiyin/{purpose}".encode()).derive(master)


def read(file: Path) -> bytes:
    """The 32 bytes of the key file. Raises KeyMissing, or KeyTrouble when it is readable to others or no key."""
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        raise KeyMissing(f"There is no key file at {file}.") from None
    except OSError as error:
        raise KeyTrouble(f"The key file {file} cannot be read: {error.strerror}.") from error
    try:
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode):
            raise KeyTrouble(f"The key file {file} is not a file.")
        lines = os.read(descriptor, 4096).decode("ascii", "replace").splitlines()
    finally:
        os.close(descriptor)
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeyTrouble(f"Others on this machine can read the key file. Mend it with: chmod 600 {file}")
    return _decode(file, lines)


def make(file: Path) -> bytes:
    """Write a new key file, 0600 and on disk before this returns. Raises KeyTrouble when it exists or cannot be written."""
    master = secrets.token_bytes(KEY_BYTES)
    content = f"{COMMENT}\n{base64.b64encode(master).decode()}\n"
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        _sync_directory(file.parent)
    except FileExistsError:
        raise KeyTrouble(f"There is a key file at {file} already; it is not replaced.") from None
    except OSError as error:
        raise KeyTrouble(f"The key file {file} cannot be written: {error.strerror}.") from error
    return master


def _decode(file: Path, lines: list[str]) -> bytes:
    held = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    try:
        master = base64.b64decode("".join(held), validate=True)
    except (binascii.Error, ValueError):
        master = b""
    if len(master) != KEY_BYTES:
        raise KeyTrouble(
            f"The file {file} holds no key: one line of base64 for {KEY_BYTES} bytes is expected. Restore it from your copy."
        )
    return master


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _master() -> bytes:
    return settings.HUIYIN_KEY or _cached_read(settings.HUIYIN_KEY_FILE)


@cache
def _cached_read(file: Path) -> bytes:
    return read(file)
