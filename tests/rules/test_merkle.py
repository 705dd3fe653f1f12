"""The tree over the record is the one of RFC 9162, however it is grown and whatever is proved of it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.rules import merkle
from huiyin.rules.merkle import BadProof, Frontier

# Certificate Transparency's own examples: eight inputs and the root after each (google/certificate-transparency, merkletree tests).
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def leaves(many: int) -> list[bytes]:
    return [merkle.leaf_hash(str(number).encode()) for number in range(many)]


def defined(row: Sequence[bytes]) -> bytes:
    """MTH of RFC 9162 2.1.1, word for word."""
    if not row:
        return hashlib.sha256(b"").digest()
    if len(row) == 1:
        return row[0]
    split = 1
    while split * 2 < len(row):
        split *= 2
    return hashlib.sha256(b"\x01" + defined(row[:split]) + defined(row[split:])).digest()


class Stored:
    """What a log keeps: the leaves and the nodes of the bands, as they were completed."""

    def __init__(self, many: int) -> None:
        self.rows: dict[int, list[bytes]] = {0: []}
        self.frontier = Frontier()
        for one in leaves(many):
            self.rows[0].append(one)
            for level, index, grown in self.frontier.add(one):
                assert len(self.rows.setdefault(level, [])) == index
                self.rows[level].append(grown)

    def tiles(self, level: int, tile: int) -> list[bytes]:
        return self.rows.get(level, [])[tile * 256 : tile * 256 + 256]

    @property
    def subtree(self) -> merkle.Subtree:
        return merkle.subtrees(self.tiles)


BIG = Stored(70_000)


def test_roots_are_those_of_certificate_transparency() -> None:
    frontier = Frontier()
    assert frontier.root() == merkle.EMPTY
    for number, text in enumerate(INPUTS, 1):
        frontier.add(merkle.leaf_hash(bytes.fromhex(text)))
        if number in ROOTS:
            assert frontier.root().hex() == ROOTS[number]


@given(st.integers(0, 1100))
def test_growing_one_by_one_makes_the_root_of_the_recursive_definition(many: int) -> None:
    frontier = Frontier()
    for one in leaves(many):
        frontier.add(one)
    assert frontier.root() == defined(leaves(many))
    assert Frontier(many, frontier.peaks).root() == frontier.root()


@given(st.data())
def test_any_leaf_is_proved_in_any_tree_that_holds_it(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 70_000))
    index = data.draw(st.integers(0, size - 1))
    root = merkle.root_of(size, BIG.subtree)
    path = merkle.inclusion_proof(index, size, BIG.subtree)
    leaf = BIG.rows[0][index]
    merkle.check_inclusion(leaf, index, size, path, root)
    wrong = [
        (merkle.leaf_hash(b"another"), index, size, path, root),
        (leaf, index, size, path, merkle.EMPTY),
        (leaf, index, size, [*path, root], root),
        (leaf, size, size, path, root),
    ]
    wrong += [(leaf, index, size, path[:-1], root), (leaf, index, size, [merkle.EMPTY, *path[1:]], root)] if path else []
    wrong += [(leaf, other, size, path, root) for other in {index ^ 1, 0, size - 1} - {index} if other < size]
    for one in wrong:
        with pytest.raises(BadProof):
            merkle.check_inclusion(*one)


@given(st.data())
def test_any_tree_continues_any_older_one_and_no_other(data: st.DataObject) -> None:
    new = data.draw(st.integers(0, 70_000))
    old = data.draw(st.integers(0, new))
    was, now = merkle.root_of(old, BIG.subtree), merkle.root_of(new, BIG.subtree)
    path = merkle.consistency_proof(old, new, BIG.subtree)
    merkle.check_consistency(old, new, path, was, now)
    forged = merkle.leaf_hash(b"forged")
    wrong = [(old, new, [*path, forged], was, now), (new + 1, new, path, was, now), (old, new, path, forged, now)]
    if 0 < old < new:
        wrong += [(old, new, path, was, forged), (old, new, [forged, *path[1:]], was, now), (old, new, path[:-1], was, now)]
        wrong += [(old, new, [*path[:at], forged, *path[at + 1 :]], was, now) for at in range(len(path))]
    for one in wrong:
        with pytest.raises(BadProof):
            merkle.check_consistency(*one)


@pytest.mark.parametrize("size", [1, 2, 3, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 70_000])
def test_the_root_from_what_is_stored_is_the_root_that_was_grown(size: int) -> None:
    assert merkle.root_of(size, BIG.subtree) == defined(leaves(size))


def test_what_is_not_stored_is_not_proved() -> None:
    with pytest.raises(LookupError):
        merkle.inclusion_proof(0, 70_001, BIG.subtree)
    with pytest.raises(ValueError, match="no leaf 5"):
        merkle.inclusion_proof(5, 5, BIG.subtree)
    with pytest.raises(ValueError, match="does not continue"):
        merkle.consistency_proof(6, 5, BIG.subtree)
    with pytest.raises(ValueError, match="peaks"):
        Frontier(3, [merkle.EMPTY])


def test_a_proof_asks_for_few_tiles() -> None:
    asked: list[tuple[int, int]] = []

    def tiles(level: int, tile: int) -> list[bytes]:
        asked.append((level, tile))
        return BIG.tiles(level, tile)

    merkle.inclusion_proof(31_234, 70_000, merkle.subtrees(tiles))
    assert len(asked) == len(set(asked)) <= 5
