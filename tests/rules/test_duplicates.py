"""What is likely to be the same matter: near in words, time, place and item."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.rules.duplicates import LIKELY, USUAL, Background, County, Told, circumstances, houses, rank, shared, together, window

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
LISTS = Background.build(["楼下花坛里有人养鸡，天不亮就打鸣", "楼道里停电动车充电", "路灯不亮", "墙上张贴小广告", "楼上漏水"])
COUNTY = County(
    background=LISTS,
    windows={"QL-05": timedelta(days=30), "XF-03": timedelta(days=10), "WJ-01": timedelta(days=120)},
    neighbours={1: (2,), 2: (1,)},
)
PLAIN = "楼下花坛里有人养鸡"


def told(text: str, *, key: int = 0, compound: int | None = 1, item: str = "", days: float = 0, building: str = "") -> Told:
    """One report `days` ago."""
    at = AT - timedelta(days=days)
    items = (item,) if item else ()
    return Told(
        key=key, texts=(text,), compound=compound, items=items, opened=at, last=at, buildings=(building,) if building else ()
    )


def only(message: Told, other: Told, county: County = COUNTY) -> float:
    found = rank(message, [other], county)
    return found[0].score if found else 0.0


WRITTEN = st.text("鸡鸭狗叫楼下上栋单元灯水漏不亮3712三七，。 a", max_size=40)
TELLINGS = st.builds(
    told,
    WRITTEN,
    key=st.integers(1, 99),
    compound=st.sampled_from([None, 1, 2, 3]),
    item=st.sampled_from(["", "QL-05", "XF-03", "WJ-01", "XX-01"]),
    days=st.floats(0, 200),
    building=st.sampled_from(["", "3", "七号楼", "12栋"]),
)


@given(TELLINGS, TELLINGS)
def test_two_reports_are_as_alike_whichever_came_first(one: Told, other: Told) -> None:
    assert only(one, other) == pytest.approx(only(other, one))
    assert circumstances(one, other, COUNTY) == pytest.approx(circumstances(other, one, COUNTY))


@given(TELLINGS, st.lists(TELLINGS, max_size=8))
def test_scores_lie_between_nothing_and_one_and_fall(message: Told, others: list[Told]) -> None:
    scores = [one.score for one in rank(message, others, COUNTY)]
    assert scores == sorted(scores, reverse=True) and len(scores) <= 5
    assert all(0 < score <= 1.000001 for score in scores)


@given(TELLINGS, TELLINGS)
def test_nothing_beyond_the_window_or_out_of_reach_is_ranked(message: Told, other: Told) -> None:
    codes = [*message.items, *other.items]
    span = max((COUNTY.windows.get(code, USUAL) for code in codes), default=USUAL)
    places = {message.compound, other.compound}
    if abs(message.opened - other.opened) > span or (None not in places and places not in ({1}, {2}, {3}, {1, 2})):
        assert rank(message, [other], COUNTY) == []


@given(st.text("鸡鸭狗叫楼下灯水漏不亮", min_size=2, max_size=30), st.lists(TELLINGS, max_size=8))
def test_the_same_text_at_the_same_place_just_now_is_first(text: str, others: list[Told]) -> None:
    message = told(text, item="QL-05")
    same = told(text, key=1000, item="QL-05")
    found = rank(message, [*others, same], COUNTY)
    assert found[0].key == 1000 and found[0].score == pytest.approx(1)


@given(st.lists(TELLINGS, max_size=9))
def test_groups_hold_every_report_once(tellings: list[Told]) -> None:
    groups = together(tellings, COUNTY)
    assert sorted(index for group in groups for index in group) == list(range(len(tellings)))


def test_one_place_before_its_neighbour_and_no_other_at_all() -> None:
    here, beside, far = (only(told(PLAIN), told(PLAIN, compound=place)) for place in (1, 2, 3))
    assert here > beside > far == 0


def test_one_item_or_none_at_all_before_half_known_before_another() -> None:
    message = told(PLAIN, item="QL-05")
    same, unsure, other = (only(message, told(PLAIN, item=item)) for item in ("QL-05", "", "XF-03"))
    assert same > unsure > other > 0
    assert only(told(PLAIN), told(PLAIN)) == pytest.approx(same)


def test_a_score_fades_until_its_window_ends() -> None:
    message = told(PLAIN, item="QL-05")
    scores = [only(message, told(PLAIN, item="QL-05", days=days)) for days in (0, 10, 20, 30, 30.01)]
    assert scores == sorted(scores, reverse=True) and scores[3] > 0 and scores[4] == 0


def test_a_case_lives_from_its_last_report_on() -> None:
    old = told(PLAIN, item="QL-05", days=80)
    assert only(told(PLAIN, item="QL-05"), old) == 0
    assert only(told(PLAIN, item="QL-05"), replace(old, last=AT - timedelta(days=1))) > 0.9


@pytest.mark.parametrize(
    ("urgency", "workdays", "days"),
    [("急", 1, 7), ("急", 60, 120), ("快", 3, 14), ("常", 3, 30), ("常", 20, 40), ("常", 365, 180)],
)
def test_urgent_things_pass_in_days_and_buildings_in_months(urgency: str, workdays: int, days: int) -> None:
    assert window(urgency, workdays).days == days


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("3栋702", {3}), ("三号楼和12幢", {3, 12}), ("二十一座", {21}), ("十栋", {10}), ("七十栋", {70}), ("302漏到202", set())],
)
def test_buildings_are_read_as_people_write_them(text: str, numbers: set[int]) -> None:
    assert houses(text) == numbers


def test_another_building_is_another_matter_and_its_field_counts_too() -> None:
    leak = told("3栋楼上漏水")
    assert only(leak, told("三栋楼上漏水")) > only(leak, told("7栋楼上漏水")) * 1.5
    assert only(told("楼上漏水", building="3"), told("楼上漏水", building="3栋")) == pytest.approx(1)
    assert only(told("楼上漏水", building="3"), told("楼上漏水", building="七号楼")) < 0.5


def test_the_nearest_of_a_cases_reports_speaks_for_it() -> None:
    case = replace(told("路灯不亮"), texts=("路灯不亮", "公鸡天不亮就打鸣"))
    assert only(told("公鸡打鸣"), case) > LIKELY > only(told("公鸡打鸣"), told("楼道里停电动车充电"))


def test_shared_words_are_those_of_the_message() -> None:
    assert shared(told("有人在花坛里养鸡，臭"), told("3栋花坛里养鸡的那户"), COUNTY) == ("花坛里养鸡",)
    assert shared(told("有人养鸡"), told("没有路灯"), COUNTY) == ()


def test_no_name_or_number_moves_what_residents_are_shown() -> None:
    residents = replace(COUNTY, known_only=True)
    cases = [told("花坛里养鸡的是张金凤，3栋702", key=1), told("花坛里养鸡", key=2)]
    before = [(one.key, one.score) for one in rank(told("花坛里养鸡"), cases, residents)]
    for probe in ("张金凤", "张", "3栋", "702", "张金凤3栋702"):
        found = rank(told(f"花坛里养鸡。{probe}"), cases, residents)
        assert [(one.key, pytest.approx(one.score)) for one in found] == before, probe
        assert rank(told(probe), cases, residents) == []
    assert [one.key for one in rank(told("张金凤"), cases, COUNTY)] == [1]


def test_three_voices_are_taken_together_and_a_fourth_matter_is_not() -> None:
    tellings = [
        told("花坛里有人养鸡，天不亮就打鸣"),
        told("楼道里充电动车"),
        told("公鸡天不亮打鸣，花坛臭死了"),
        told("花坛那户养的鸡打鸣"),
    ]
    assert together(tellings, COUNTY) == [[0, 2, 3], [1]]
