"""Alarms for people: raised once, settled by somebody."""

from __future__ import annotations

from datetime import datetime

from huiyin.records.models import Alarm


def raise_once(*, kind: str, detail: str, at: datetime, case: int | None = None) -> bool:
    """Raise an alarm unless the same one still stands. `detail` holds no personal data. Returns whether it is new."""
    if Alarm.objects.filter(kind=kind, case=case, detail=detail[:300], settled_at=None).exists():
        return False
    Alarm.objects.create(kind=kind, case_id=case, detail=detail[:300], at=at)
    return True


def settle(*, alarm: int, person: int | None, at: datetime) -> bool:
    """Somebody has dealt with it; the first to say so is kept. Returns whether there is such an alarm."""
    Alarm.objects.filter(pk=alarm, settled_at=None).update(settled_at=at, settled_by_id=person)
    return Alarm.objects.filter(pk=alarm).exists()
