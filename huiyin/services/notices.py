"""Notices in 今日: 知道了 takes one away."""

from __future__ import annotations

from datetime import datetime

from huiyin.records.models import Notice
from huiyin.services.writing import writing


def acknowledge(*, notice: int, at: datetime) -> None:
    """Mark a notice as seen; once seen, it stays so. The caller has asked selectors whether it is the actor's."""
    with writing():
        Notice.objects.filter(pk=notice, seen_at=None).update(seen_at=at)
