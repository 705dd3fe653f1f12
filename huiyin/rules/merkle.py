"""The tree over the whole record (RFC 9162): hashing, growth, proofs that a leaf is in it and that a newer tree continues an older one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence

EMPTY = hashlib.sha256(b"").digest()
BAND = 8  # stored: the leaves, and the roots of complete subtrees of 256, 65,536 … leaves
TILE = 1 << BAND

#: (level, index) → root of the complete subtree over the leaves [index · 2^level, (index + 1) · 2^level).
Subtree = Callable[[int, int], bytes]
#: (band level, tile) → up to 256 stored hashes: those of that level from 256 · tile on, as many as there are.
Tiles = Callable[[int, int], Sequence[bytes]]


class BadProof(ValueError):
    """The proof does not show what it should."""


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """What is needed to grow a tree: the roots of its complete subtrees, largest first. Adding n leaves costs n hashes and a little."""

    __slots__ = ("_peaks", "size")

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        """peaks: one for each bit that is set in `size`, the highest first. Raises ValueError for another number of them."""
        self.size, self._peaks = size, list(peaks)
        if len(self._peaks) != size.bit_count():
            raise ValueError(f"a tree of {size} leaves has {size.bit_count()} peaks")

    @property
    def peaks(self) -> tuple[bytes, ...]:
        return tuple(self._peaks)

    def add(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Take one more leaf hash; returns the band nodes that it completed: (level, index, hash)."""
        completed: list[tuple[int, int, bytes]] = []
        grown, level, place = leaf, 0, self.size
        while place & 1:
            grown, level, place = node_hash(self._peaks.pop(), grown), level + 1, place >> 1
            if level % BAND == 0:
                completed.append((level, place, grown))
        self._peaks.append(grown)
        self.size += 1
        return completed

    def root(self) -> bytes:
        """SHA-256 of the empty string for the empty tree."""
        if not self._peaks:
            return EMPTY
        *rest, root = self._peaks
        for peak in reversed(rest):
            root = node_hash(peak, root)
        return root


def peaks_of(size: int) -> list[tuple[int, int]]:
    """(level, index) of the complete subtrees that a tree of `size` leaves is made of, largest first."""
    found, start = [], 0
    for level in range(size.bit_length() - 1, -1, -1):
        if size >> level & 1:
            found.append((level, start >> level))
            start += 1 << level
    return found


def subtrees(tiles: Tiles) -> Subtree:
    """Roots of complete subtrees from what is stored, each tile asked for once. Raises LookupError where something stored is missing."""
    held: dict[tuple[int, int], Sequence[bytes]] = {}

    def subtree(level: int, index: int) -> bytes:
        base, above = level - level % BAND, level % BAND
        first = index << above
        place = (base, first // TILE)
        if place not in held:
            held[place] = tiles(*place)
        row = list(held[place][first % TILE : first % TILE + (1 << above)])
        if len(row) != 1 << above:
            raise LookupError(f"level {base} lacks hashes from {first} on")
        while len(row) > 1:
            row = [node_hash(row[at], row[at + 1]) for at in range(0, len(row), 2)]
        return row[0]

    return subtree


def root_of(size: int, subtree: Subtree) -> bytes:
    """The root of the tree's first `size` leaves."""
    return Frontier(size, (subtree(*peak) for peak in peaks_of(size))).root()


def _split(many: int) -> int:
    """The largest power of two below `many` (2 or more)."""
    return 1 << ((many - 1).bit_length() - 1)


def _between(low: int, high: int, subtree: Subtree) -> bytes:
    many = high - low
    if many & (many - 1) == 0:
        level = many.bit_length() - 1
        return subtree(level, low >> level)
    middle = low + _split(many)
    return node_hash(_between(low, middle, subtree), _between(middle, high, subtree))


def inclusion_proof(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """PATH(index, D[size]) of RFC 9162 2.1.3.1. Raises ValueError for an index outside the tree."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    low, high, path = 0, size, []
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(_between(middle, high, subtree))
            high = middle
        else:
            path.append(_between(low, middle, subtree))
            low = middle
    return path[::-1]


def consistency_proof(old: int, new: int, subtree: Subtree) -> list[bytes]:
    """PROOF(old, D[new]) of RFC 9162 2.1.4.1; empty for the empty tree and for equal sizes. Raises ValueError when old is the larger."""
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} does not continue one of {old}")
    if old in {0, new}:
        return []
    low, high, whole, path = 0, new, True, []
    while old != high:
        middle = low + _split(high - low)
        if old <= middle:
            path.append(_between(middle, high, subtree))
            high = middle
        else:
            path.append(_between(low, middle, subtree))
            low, whole = middle, False
    if not whole:
        path.append(_between(low, high, subtree))
    return path[::-1]


def check_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """RFC 9162 2.1.3.2. Raises BadProof unless the leaf hash stands at `index` of the tree with this size and root."""
    if not 0 <= index < size:
        raise BadProof("the leaf lies outside the tree")
    place, last, grown = index, size - 1, leaf
    for step in path:
        if last == 0:
            raise BadProof("the proof is too long")
        if place & 1 or place == last:
            grown = node_hash(step, grown)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            grown = node_hash(grown, step)
        place, last = place >> 1, last >> 1
    if last != 0:
        raise BadProof("the proof is too short")
    if grown != root:
        raise BadProof("the proof leads to another root")


def check_consistency(old: int, new: int, path: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """RFC 9162 2.1.4.2. Raises BadProof unless the newer tree begins with all leaves of the older one, unchanged and in order."""
    if not 0 <= old <= new:
        raise BadProof("the newer tree is smaller")
    if old in {0, new}:
        if path or (old == new and old_root != new_root) or (old == 0 and old_root != EMPTY):
            raise BadProof("the roots differ" if not path else "the proof is too long")
        return
    steps = list(path)
    if old & (old - 1) == 0:
        steps.insert(0, old_root)
    if not steps:
        raise BadProof("the proof is too short")
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    was = now = steps[0]
    for step in steps[1:]:
        if last == 0:
            raise BadProof("the proof is too long")
        if place & 1 or place == last:
            was, now = node_hash(step, was), node_hash(step, now)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            now = node_hash(now, step)
        place, last = place >> 1, last >> 1
    if last != 0:
        raise BadProof("the proof is too short")
    if was != old_root or now != new_root:
        raise BadProof("the newer tree does not continue the older one")
