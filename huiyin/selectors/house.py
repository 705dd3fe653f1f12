"""What the installation knows about itself, without a word about any person: signs of life and messages that are still owed."""

from __future__ import annotations

from datetime import datetime

from huiyin.records.models import Alarm, Delivery, Entry, Heartbeat, Installation, Person, Report


def sign_of_life(name: str) -> datetime | None:
    """When the job or process of that name was last heard of."""
    return Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()


def jobs() -> list[Heartbeat]:
    """Every job that was heard of, by name, with what it did and how often it failed."""
    return list(Heartbeat.objects.order_by("name"))


def owed_echoes() -> tuple[int, datetime | None]:
    """How many echoes are not delivered (due or failed), and when the oldest of them was written."""
    owed = Delivery.objects.filter(kind="echo", state__in=("due", "failed"))
    oldest = owed.order_by("id").values_list("case_id", "seq").first()
    if oldest is None:
        return 0, None
    written = Entry.objects.filter(case_id=oldest[0], seq=oldest[1]).values_list("at", flat=True).first()
    return owed.count(), written


def open_alarms(limit: int = 20) -> list[Alarm]:
    """What a person still has to look at, oldest first."""
    return list(Alarm.objects.filter(settled_at=None).select_related("case").order_by("at", "pk")[:limit])


def key_check() -> str:
    """The fingerprint of the key file that this data was written with; empty before the first start."""
    return Installation.objects.values_list("key_check", flat=True).order_by("id").first() or ""


def is_empty() -> bool:
    """Whether there is nothing yet that a key could have been used for."""
    return not (Installation.objects.exists() or Report.objects.exists() or Person.objects.exists())
