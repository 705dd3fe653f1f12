"""What the installation writes about itself: the key it belongs to and the signs of life of its jobs."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from huiyin.records.models import Heartbeat, Installation

ERROR_LENGTH = 200


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
