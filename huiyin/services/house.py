"""What the installation writes about itself: the key it belongs to and the signs of life of its jobs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.models import Session
from django.db.models import F, QuerySet

from huiyin.records.models import Heartbeat, Installation, Replay, TableImport, Throttle

ERROR_LENGTH = 200
REPLAYS_KEPT = timedelta(days=90)
# Far longer than any window in which wrong guesses count.
THROTTLES_KEPT = timedelta(days=1)
TABLES_KEPT = timedelta(days=1)
PASSWORDS_KEPT = timedelta(minutes=30)  # sealed, for the page that shows them once; see services.table_imports
TURN = 50


def bind_key(*, fingerprint: str) -> None:
    """Note the key file of a new installation. Called once, on an empty one."""
    Installation.objects.create(key_check=fingerprint)


def beat(*, name: str, at: datetime, done: int = 0) -> None:
    """A job ran to its end and did `done` things; the worker itself says that it lives."""
    changes = {"at": at, "done": F("done") + done, "failures": 0, "last_error": ""}
    if not Heartbeat.objects.filter(name=name).update(**changes):
        Heartbeat.objects.update_or_create(name=name, defaults={"at": at, "done": done})


def stumble(*, name: str, at: datetime, error: str) -> int:
    """A job failed. `at` of its last success stays; returns how often it has failed in a row. error holds no personal data."""
    Heartbeat.objects.get_or_create(name=name, defaults={"at": at})
    Heartbeat.objects.filter(name=name).update(failures=F("failures") + 1, last_error=error[:ERROR_LENGTH])
    return Heartbeat.objects.values_list("failures", flat=True).get(name=name)


def forget(*, at: datetime) -> int:
    """One turn of deleting what has served its time: ended sessions, counters of guesses, keys of what was sent once. Returns rows."""
    old: tuple[QuerySet[Any], ...] = (
        Session.objects.filter(expire_date__lt=at),
        Throttle.objects.filter(since__lt=at - THROTTLES_KEPT),
        Replay.objects.filter(at__lt=at - REPLAYS_KEPT),
        TableImport.objects.filter(made_at__lt=at - TABLES_KEPT),
        TableImport.objects.filter(kind="brought", made_at__lt=at - PASSWORDS_KEPT),
    )
    return sum(_delete_some(rows) for rows in old)


def _delete_some(rows: QuerySet[Any]) -> int:
    some = list(rows.values_list("pk", flat=True)[:TURN])
    return rows.filter(pk__in=some).delete()[0] if some else 0
