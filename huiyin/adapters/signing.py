"""Signs checkpoints of the record and lists of evidence with a key derived from the installation's key file, which is never in the database, and checks such signatures."""

from __future__ import annotations

from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from huiyin.adapters import keys
from huiyin.rules.checkpoint import Head, Note, signed

LIST_MARK = b"huiyin-evidence-1 list\n"


def public_key() -> bytes:
    """32 bytes. Raises keys.KeyTrouble when the key file cannot be used."""
    return _public(keys.derive("checkpoints"))


def sign(head: Head) -> Note:
    """The checkpoint with this installation's signature (Ed25519, RFC 8032). Raises keys.KeyTrouble."""
    seed = keys.derive("checkpoints")
    return signed(head, _public(seed), _private(seed).sign(head.body.encode()))


def sign_list(body: bytes) -> bytes:
    """64 bytes over the list of an evidence bundle. Its first line is none that a checkpoint can begin with: neither passes for the other."""
    return _private(keys.derive("checkpoints")).sign(LIST_MARK + body)


def is_signed(note: Note, public: bytes) -> bool:
    """Whether the holder of this key signed the note."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(note.by(public), note.head.body.encode())
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=4)
def _private(seed: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(seed)


@lru_cache(maxsize=4)
def _public(seed: bytes) -> bytes:
    return _private(seed).public_key().public_bytes_raw()
