"""A county that starts has both lists in force and the work calendar, and starting again changes neither."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.jobs.seeds import load_calendar, load_lists
from huiyin.records.models import Body, LegalBasis, ListItem, ListVersion, WorkDay
from huiyin.rules.deadlines import Calendar
from huiyin.services.lists import Brought
from huiyin.services.places import set_up_county
from huiyin.sim.county import made_up_county

pytestmark = pytest.mark.django_db


def test_both_reference_lists_are_in_force_from_the_day_of_loading(at: datetime) -> None:
    assert load_lists(at) == {"enforcement": Brought.NEW, "service": Brought.NEW}
    assert list(ListVersion.objects.order_by("listing").values_list("listing", "in_force_from", "in_force_to")) == [
        ("enforcement", at.date(), None),
        ("service", at.date(), None),
    ]
    assert ListItem.objects.filter(version__listing="enforcement").count() == 32
    assert ListItem.objects.filter(version__listing="service").count() == 10
    assert LegalBasis.objects.filter(item__version__listing="enforcement").count() == 86
    assert not ListItem.objects.filter(bases=None).exists()


def test_loading_again_changes_nothing_and_asks_little(at: datetime) -> None:
    load_lists(at)
    before = list(ListItem.objects.values())
    with CaptureQueriesContext(connection) as seen:
        assert load_lists(at + timedelta(days=400)) == {"enforcement": Brought.SAME, "service": Brought.SAME}
    assert sum("SAVEPOINT" not in query["sql"] for query in seen.captured_queries) <= 2
    assert list(ListItem.objects.values()) == before


def test_the_lists_are_loaded_in_few_queries(at: datetime) -> None:
    with CaptureQueriesContext(connection) as seen:
        load_lists(at)
    assert sum("SAVEPOINT" not in query["sql"] for query in seen.captured_queries) <= 16


def test_police_and_safety_items_are_marked(at: datetime) -> None:
    load_lists(at)
    police = ListItem.objects.filter(police=True)
    assert set(police.values_list("lead", flat=True)) == {"gongan"}
    assert set(ListItem.objects.filter(safety_baseline=True).values_list("code", flat=True)) == {
        "FW-01",
        "LH-02",
        "QL-03",
        "XF-01",
        "ZJ-01",
    }


def test_every_lead_and_helper_of_the_lists_is_a_body_of_the_made_up_county(at: datetime) -> None:
    load_lists(at)
    set_up_county(made_up_county(at.date()), actor="sys", at=at)
    bodies = set(Body.objects.values_list("code", flat=True)) | {"zhenjie", "wuye"}
    for lead, cooperating in ListItem.objects.values_list("lead", "cooperating"):
        assert {lead, *cooperating} <= bodies


def test_the_calendar_counts_the_workdays_of_the_notices() -> None:
    assert load_calendar() == [2024, 2025, 2026, 2027]
    assert load_calendar() == []
    calendar = Calendar.build(WorkDay.objects.values_list("date", "kind", "statutory"))
    for year, workdays in ((2024, 251), (2025, 248), (2026, 248)):
        days = (date(year, 1, 1) + timedelta(days=offset) for offset in range(366))
        assert sum(calendar.is_workday(day) for day in days if day.year == year) == workdays
    assert not WorkDay.objects.filter(date__year=2027, confirmed=True).exists()
