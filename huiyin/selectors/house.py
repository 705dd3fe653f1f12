"""What the installation knows about itself, without a word about any person: signs of life and messages that are still owed."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from huiyin.records.models import Alarm, Delivery, Entry, Heartbeat, Installation, Person, Report


def sign_of_life(name: str) -> datetime | None:
    """When the job or process of that name was last heard of."""
    return Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()


def jobs() -> list[Heartbeat]:
    """Every job that was heard of, by name, with what it did and how often it failed."""
    return list(Heartbeat.objects.order_by("name"))


def owed_echoes() -> tuple[int, datetime | None]:
    """How many echoes are not delivered (due or failed), and when the oldest of them was written.

    One that failed counts until the reporter was called, a newer echo is on its way or the case is filed: for ever it would hide the next.
    """
    later = Delivery.objects.filter(report=OuterRef("report"), kind="echo", id__gt=OuterRef("id")).exclude(state="call")
    failed = Q(state="failed") & ~Exists(later) & ~Q(report__case__stage="closed")
    owed = Delivery.objects.filter(Q(state="due") | failed, kind="echo")
    oldest = owed.order_by("id").values_list("case_id", "seq").first()
    if oldest is None:
        return 0, None
    here = Q(case=oldest[0]) | Q(case__survivor=oldest[0])  # the entry stands where it was written, the message goes along
    written = Entry.objects.filter(here, seq=oldest[1], action="echo").order_by("at").values_list("at", flat=True).first()
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
