"""A share comes with its doubt."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.rules.intervals import Share


def test_a_known_interval() -> None:
    """Wilson 1927 as textbooks print it: 8 of 10 is 0.490 to 0.943."""
    low, high = Share(8, 10).interval
    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)


def test_nothing_counted_is_nothing_known() -> None:
    assert Share(0, 0).value is None and Share(0, 0).interval == (0.0, 1.0)


@given(st.integers(1, 10_000).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_the_share_lies_in_its_interval_and_more_counting_narrows_it(counted: tuple[int, int]) -> None:
    hits, total = counted
    low, high = Share(hits, total).interval
    assert 0 <= low <= hits / total + 1e-12 and hits / total - 1e-12 <= high <= 1
    wider = Share(hits * 4, total * 4).interval
    assert wider[1] - wider[0] <= high - low + 1e-12


@pytest.mark.parametrize("hits", [0, 20])
def test_all_or_nothing_is_still_in_doubt(hits: int) -> None:
    low, high = Share(hits, 20).interval
    assert 0.1 < high - low < 0.2
