"""Every night erases what has been kept long enough; soon after anything was masked, clears what the database engine still holds of it."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from huiyin.jobs.singly import singly
from huiyin.rules.workflow.judge import Refused
from huiyin.selectors import retention as known
from huiyin.selectors.people import SYSTEM
from huiyin.services import cases, retention

TURN = 50


def run(at: datetime) -> int:
    """One turn of erasing by class; returns how many cases lost something."""
    done = 0
    for number, what in known.ripe(at, TURN):
        with singly(f"expire of {number}", at), suppress(Refused):  # it went on meanwhile
            cases.act(actor=SYSTEM, at=at, number=number, action="expire", data={"kept": what})
            done += 1
    return done


def run_scrub(at: datetime) -> int:
    """Soon after something was masked."""
    return int(retention.scrub(whole=False))


def run_scrub_whole(at: datetime) -> int:
    """At night, with all means."""
    return int(retention.scrub(whole=True))
