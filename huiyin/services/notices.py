"""Notices in 今日: 知道了 takes one away."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from huiyin.records.models import Notice
from huiyin.services.writing import writing


def acknowledge(*, notices: Collection[int], at: datetime) -> None:
    """Mark notices as seen; once seen, they stay so. The caller has asked selectors whether they are the actor's."""
    with writing():
        Notice.objects.filter(pk__in=notices, seen_at=None).update(seen_at=at)
