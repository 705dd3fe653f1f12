"""What has served its time goes, in short turns; what is still needed stays."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.contrib.sessions.models import Session

from huiyin.jobs import housekeeping
from huiyin.records.models import Throttle
from huiyin.services import house

pytestmark = pytest.mark.django_db


def test_ended_sessions_and_old_counters_go_and_the_others_stay(at: datetime) -> None:
    for name, ends in (("ended", at - timedelta(minutes=1)), ("running", at + timedelta(hours=1))):
        Session.objects.create(session_key=name, session_data="", expire_date=ends)
    for name, since in (("old", at - timedelta(days=2)), ("new", at - timedelta(minutes=5))):
        Throttle.objects.create(key=name, since=since, wrong=3)
    assert housekeeping.run(at) == 2
    assert list(Session.objects.values_list("session_key", flat=True)) == ["running"]
    assert list(Throttle.objects.values_list("key", flat=True)) == ["new"]


def test_a_turn_is_short_and_the_next_goes_on(at: datetime) -> None:
    Throttle.objects.bulk_create(Throttle(key=f"{number}", since=at - timedelta(days=3)) for number in range(house.TURN + 7))
    assert [housekeeping.run(at) for _ in range(3)] == [house.TURN, 7, 0]
