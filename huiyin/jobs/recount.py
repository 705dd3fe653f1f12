"""After a change of the work calendar: due times of open cases are counted anew, a few at a time."""

from __future__ import annotations

from datetime import datetime

from huiyin.services import geography


def run(at: datetime) -> int:
    """One turn; returns how many cases were looked at."""
    return geography.recount(at=at)
