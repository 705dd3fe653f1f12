"""Field encryption for identities: AES-256-GCM, a fresh nonce each time, bound to the row and field it belongs to."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = "v1:"
NONCE_BYTES = 12


class CannotOpen(Exception):
    """A sealed value does not belong to this key and context, or was changed."""


def seal(key: bytes, plaintext: str, context: str) -> str:
    """Encrypt under a 32-byte key. `context` (such as "phone:17") must be given again to open it."""
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, plaintext.encode(), context.encode())
    return VERSION + base64.b64encode(nonce + sealed).decode()


def unseal(key: bytes, sealed: str, context: str) -> str:
    """The plaintext again. Raises CannotOpen for another key, another context or a changed value."""
    if not sealed.startswith(VERSION):
        raise CannotOpen("this is not a sealed value")
    try:
        raw = base64.b64decode(sealed[len(VERSION) :], validate=True)
        return AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], context.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise CannotOpen("this value does not open with this key") from error


def keyed_hash(key: bytes, value: str) -> str:
    """HMAC-SHA-256 in hex: tells whether two values are equal, and nothing else."""
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()
