"""The Chinese work calendar, 调休 included."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

import pytest

YEARS: list[dict[str, Any]] = tomllib.loads(files("huiyin.seed").joinpath("calendar.toml").read_text(encoding="utf-8"))["years"]
DAYS: dict[date, dict[str, Any]] = {day["date"]: day for year in YEARS for day in year["days"]}


def works(day: date) -> bool:
    return DAYS[day]["kind"] == "workday" if day in DAYS else day.weekday() < 5


@pytest.mark.parametrize(("year", "workdays"), [(2024, 251), (2025, 248), (2026, 248), (2027, 248)])
def test_a_year_has_as_many_workdays_as_the_notice_leaves(year: int, workdays: int) -> None:
    first = date(year, 1, 1)
    span = (date(year + 1, 1, 1) - first).days
    assert sum(works(first + timedelta(days=offset)) for offset in range(span)) == workdays


@pytest.mark.parametrize(("year", "statutory"), [(2024, 11), (2025, 13), (2026, 13), (2027, 13)])
def test_a_year_has_the_statutory_days_of_the_regulation(year: int, statutory: int) -> None:
    """全国年节及纪念日放假办法 2: 11 days until 2024, 13 days from 2025."""
    assert sum(day.get("statutory", False) for moment, day in DAYS.items() if moment.year == year) == statutory


def test_a_day_is_listed_once_and_under_its_own_year() -> None:
    assert len(DAYS) == sum(len(year["days"]) for year in YEARS)
    assert all(day["date"].year == year["year"] for year in YEARS for day in year["days"])


def test_only_days_that_differ_from_a_plain_week_are_listed() -> None:
    for moment, day in DAYS.items():
        weekend = moment.weekday() >= 5
        assert day["kind"] in {"holiday", "workday"}
        assert day["name"]
        assert weekend if day["kind"] == "workday" else (not weekend or day.get("statutory"))


def test_a_year_without_notice_says_that_it_is_not_confirmed() -> None:
    assert {year["year"]: year["confirmed"] for year in YEARS} == {2024: True, 2025: True, 2026: True, 2027: False}
