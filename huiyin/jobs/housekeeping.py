"""Every hour: forgets ended sessions, old counters of guesses, and keys of submissions after their 90 days."""

from __future__ import annotations

from datetime import datetime

from huiyin.services import house


def run(at: datetime) -> int:
    """One short turn; returns how many rows went."""
    return house.forget(at=at)
