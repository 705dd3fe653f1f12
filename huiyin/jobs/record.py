"""The record's tree: places for new entries every other second, a signed checkpoint every hour, a look at everything every night."""

from __future__ import annotations

from datetime import datetime

from huiyin.selectors import log as known
from huiyin.services import log


def run(at: datetime) -> int:
    """One short turn of the sequencer; returns how many leaves the tree got."""
    return log.sequence()


def run_checkpoint(at: datetime) -> int:
    """Sign, when the hour is another one than that of the last checkpoint. What waits is given its place first."""
    last = known.last_checkpoint()
    if last is not None and last.at.replace(minute=0, second=0) >= at.astimezone(last.at.tzinfo).replace(
        minute=0, second=0, microsecond=0
    ):
        return 0
    while log.sequence():
        pass
    return int(log.sign_checkpoint(at=at))


def run_again(at: datetime) -> int:
    """Entries that the sequencer passed over; there should be none."""
    return log.sweep_again()
