"""A compound in the wrong place stands out, and one in an outlying township does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.rules.whereabouts import ENOUGH, NEAR, astray, kilometres

TOWN = {number: (116.30 + 0.004 * (number % 10), 27.90 + 0.004 * (number // 10)) for number in range(40)}
ANYWHERE = st.tuples(st.floats(73, 136), st.floats(3, 54))


def test_a_degree_north_is_a_hundred_and_eleven_kilometres_and_one_east_is_less() -> None:
    assert kilometres((116.0, 27.0), (116.0, 28.0)) == pytest.approx(111.32)
    assert kilometres((116.0, 60.0), (117.0, 60.0)) == pytest.approx(55.66, rel=0.001)


def test_longitude_of_another_county_stands_out() -> None:
    assert set(astray({**TOWN, "wrong": (115.30, 27.90)})) == {"wrong"}


def test_a_township_is_no_mistake() -> None:
    assert astray({**TOWN, "township": (116.40, 27.95)}) == {}


def test_three_points_tell_nothing() -> None:
    assert astray({1: (116.3, 27.9), 2: (116.3, 27.9), 3: (80.0, 40.0)}) == {}


@given(st.lists(ANYWHERE, max_size=15))
def test_a_few_wrong_ones_never_make_the_right_ones_look_wrong(wrong: list[tuple[float, float]]) -> None:
    told = astray({**TOWN, **{f"wrong {number}": point for number, point in enumerate(wrong)}})
    assert not set(told) & set(TOWN)


@given(st.dictionaries(st.integers(), ANYWHERE, max_size=30))
def test_what_is_told_is_far_and_never_half_of_all(points: dict[int, tuple[float, float]]) -> None:
    told = astray(points)
    assert all(far > NEAR for far in told.values()) and len(told) * 2 <= max(len(points), ENOUGH)
