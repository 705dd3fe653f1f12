"""The county is set up once and whole; the work calendar never forgets what the county entered itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.records.models import Body, Community, Compound, Contract, County, Person, Posting, WorkDay
from huiyin.services.places import put_calendar, set_up_county
from huiyin.sim.county import DEMO_LOGINS, DEMO_PASSWORD, made_up_county

pytestmark = pytest.mark.django_db

MODEL = made_up_county(date(2026, 11, 24))


def year(number: int, *, confirmed: bool, name: str = "元旦") -> dict[str, Any]:
    day = {"date": date(number, 1, 1), "kind": "holiday", "name": name, "statutory": True}
    return {"year": number, "confirmed": confirmed, "days": [day]}


# ── the county ───────────────────────────────────────────────────────────────────────────────


def test_the_whole_made_up_county_is_written(at: datetime) -> None:
    county = set_up_county(MODEL, actor="sys", at=at)
    assert (county.name, county.demo, county.overseer.code, county.deputy.username) == ("安和县", True, "sifa", MODEL.deputy)
    written = [Body, Community, Compound, Contract, Person, Posting]
    expected = [MODEL.bodies, MODEL.communities, MODEL.compounds, MODEL.contracts, MODEL.people, MODEL.postings]
    assert [model.objects.count() for model in written] == [len(rows) for rows in expected]


def test_a_compound_keeps_its_place_and_community(at: datetime) -> None:
    set_up_county(MODEL, actor="sys", at=at)
    compound = Compound.objects.select_related("community__contact").get(code="xfl1")
    assert (compound.name, compound.community.name, compound.community.contact.name) == ("幸福里小区", "幸福社区", "王秀兰")
    assert compound.outline == [list(point) for point in MODEL.compound("xfl1").outline]


def test_everybody_signs_in_with_the_one_password_that_is_shown(at: datetime) -> None:
    set_up_county(MODEL, actor="sys", at=at)
    assert Person.objects.get(username=DEMO_LOGINS[0].username).check_password(DEMO_PASSWORD)
    assert len(set(Person.objects.values_list("password", flat=True))) == 1


def test_setting_up_takes_few_queries_and_setting_up_again_takes_one(at: datetime) -> None:
    with CaptureQueriesContext(connection) as first:
        set_up_county(MODEL, actor="sys", at=at)
    with CaptureQueriesContext(connection) as again:
        set_up_county(MODEL, actor="sys", at=at)
    assert statements(first) <= 20
    assert statements(again) == 1
    assert Person.objects.count() == len(MODEL.people)


def statements(seen: CaptureQueriesContext) -> int:
    return sum("SAVEPOINT" not in query["sql"] for query in seen.captured_queries)


def test_an_installation_serves_one_county(at: datetime) -> None:
    set_up_county(MODEL, actor="sys", at=at)
    with pytest.raises(ValueError, match="安和县"):
        set_up_county(replace(MODEL, code="other"), actor="sys", at=at)
    assert County.objects.count() == 1


# ── the calendar ─────────────────────────────────────────────────────────────────────────────


def test_a_year_that_is_missing_is_entered_and_entering_it_again_changes_nothing() -> None:
    assert put_calendar([year(2026, confirmed=True)], actor="sys") == [2026]
    assert put_calendar([year(2026, confirmed=True, name="别的")], actor="sys") == []
    assert list(WorkDay.objects.values_list("date", "kind", "name", "statutory", "confirmed")) == [
        (date(2026, 1, 1), "holiday", "元旦", True, True)
    ]


def test_a_year_that_was_reckoned_gives_way_to_the_notice() -> None:
    put_calendar([year(2027, confirmed=False, name="推算")], actor="sys")
    assert put_calendar([year(2027, confirmed=True, name="通知")], actor="sys") == [2027]
    assert WorkDay.objects.get().name == "通知"


def test_what_the_county_entered_itself_is_never_overwritten() -> None:
    WorkDay.objects.create(date=date(2027, 2, 5), kind="holiday", name="县里录入", confirmed=True)
    assert put_calendar([year(2027, confirmed=False)], actor="sys") == []
    assert put_calendar([year(2027, confirmed=True)], actor="sys") == []
    assert WorkDay.objects.get().name == "县里录入"
