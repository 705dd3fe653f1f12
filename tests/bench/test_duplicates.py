"""The floors under finding the same matter again hold on the third of the set that no weight was chosen on."""

from __future__ import annotations

from collections import Counter

from bench.duplicates import measure, read, split, surroundings

RECALL_AT_5, B_CUBED = 0.97, 0.80


def test_the_set_is_large_in_order_and_told_in_own_words() -> None:
    rows = read()
    many = Counter(row.matter for row in rows)
    assert len(rows) >= 260 and sum(2 <= count <= 6 for count in many.values()) >= 70 and max(many.values()) <= 6
    assert [row.at for row in rows] == sorted(row.at for row in rows)
    assert len({row.text for row in rows}) == len(rows)


def test_the_same_matter_is_found_again() -> None:
    rows = read()
    kept, held = split(rows)
    assert not kept & held and len(held) * 2 <= len(kept) + 1
    found = measure(rows, held, surroundings())
    assert found.asked >= 50 and found.five >= RECALL_AT_5 and found.f >= B_CUBED
