"""What the record's tree is made of: one leaf for every entry, for every list that came into force, for every step of a piece of evidence from
hand to hand, and for every mark on the record itself.

A leaf names what it stands for beside the hash, so that whoever finds a leaf without its thing can say what is missing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from huiyin.rules import ledger, merkle

ENTRY, LIST, MARK, CUSTODY = "entry", "list", "mark", "custody"
FORMAT = "huiyin/1"


def entry_leaf(case: int, number: str, seq: int, chain: str) -> bytes:
    """Leaf hash of an entry. `chain` is the entry's own hash, which covers all of it and all before it in its case; the public number
    stands beside the id, so that two cases cannot change places."""
    return merkle.leaf_hash(f"{FORMAT} {ENTRY} {case} {number} {seq} {chain}".encode())


def list_leaf(listing: str, number: int, digest: str) -> bytes:
    """Leaf hash of a list in force, with the digest of its whole content."""
    return merkle.leaf_hash(f"{FORMAT} {LIST} {listing}/{number} {digest}".encode())


def mark_leaf(mark: int, digest: str) -> bytes:
    """Leaf hash of a mark on the record: an honest restore of a backup."""
    return merkle.leaf_hash(f"{FORMAT} {MARK} {mark} {digest}".encode())


def custody_leaf(file: int, seq: int, chain: str) -> bytes:
    """Leaf hash of a step of a file's way. `chain` is the step's own hash (rules.evidence.link_hash), which covers all before it."""
    return merkle.leaf_hash(f"{FORMAT} {CUSTODY} {file} {seq} {chain}".encode())


def digest(content: Any) -> str:
    """SHA-256 over the canonical bytes of any content, in hex; the same on every database engine."""
    return hashlib.sha256(ledger.canonical(plain(content))).hexdigest()


def plain(value: Any) -> Any:
    """The value with integers and strings only. What is empty is "", whatever kind of nothing it was; 4 and 4.0 are the same number."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case str() | int():
            return value
        case float() | Decimal():
            return _number(Decimal(str(value)))
        case datetime():
            return ledger.stamp(value)
        case date():
            return value.isoformat()
        case Mapping():
            return {str(key): plain(inner) for key, inner in value.items()}
        case Iterable():
            return [plain(inner) for inner in value]
    raise TypeError(f"cannot be digested: {type(value).__name__}")


def _number(value: Decimal) -> int | str:
    return int(value) if value == value.to_integral_value() else format(value.normalize(), "f")
