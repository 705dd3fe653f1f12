"""What the clock starts on cases: filing, resuming, handing over what a contract's end left behind, due times after a new calendar."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from huiyin.jobs.singly import singly
from huiyin.rules.workflow.judge import Refused
from huiyin.selectors import sweeping
from huiyin.selectors.people import SYSTEM
from huiyin.services import cases

TURN = 20


def run(at: datetime) -> int:
    """One short turn over everything that is ripe; returns how many cases went on."""
    return _file(at) + _resume(at) + _hand_over(at)


def _file(at: datetime) -> int:
    """15 natural days after every reporter could read the echo, and nobody disputes."""
    return sum(_try(at, number, "close") for number in sweeping.ripe_to_close(at, TURN))


def _resume(at: datetime) -> int:
    """A pause ends on its day."""
    return sum(_try(at, number, "resume") for number in sweeping.pauses_over(at, TURN))


def _hand_over(at: datetime) -> int:
    """When a contract ends, the firm's open cases go to the community's office."""
    done = 0
    for number, office in sweeping.left_by_firms(at, TURN):
        done += _try(at, number, "reassign", lead=office, why="物业合同到期，由社区接手")
    return done


def _try(at: datetime, number: str, action: str, **data: object) -> int:
    """A case that may not go on yet (somebody else was quicker) waits for the next turn; one that fails stops no other."""
    done = 0
    with singly(f"{action} of {number}", at), suppress(Refused):
        cases.act(actor=SYSTEM, at=at, number=number, action=action, data=data)
        done = 1
    return done
