"""Sends the messages that are due, one at a time, outside of any transaction. In the demo nothing is sent, and the row says so."""

from __future__ import annotations

import time
from datetime import datetime

from django.conf import settings

from huiyin.adapters import messages
from huiyin.adapters.messages import Outcome, Result
from huiyin.jobs.singly import singly
from huiyin.services import echo
from huiyin.services.echo import Owed

TURN = 20
# A mail server that takes seconds over each message holds up neither other jobs nor a stop, after which the worker has 15 s to end.
TURN_SECONDS = 5.0


def run(at: datetime) -> int:
    """One turn of 20 tries at most, and no further one after 5 s once a message was settled; returns how many went or finally failed.

    A channel on which one has to wait is left for the next turn, so that a gateway which is down holds up neither mail nor other jobs.
    """
    settled, waiting, began = 0, set[str](), time.monotonic()
    for _turn in range(TURN):
        if settled and time.monotonic() - began >= TURN_SECONDS:
            break
        owed = echo.take(at=at, without=waiting)
        if owed is None:
            break
        with singly(f"message {owed.id} of {owed.number}", at):
            outcome = _send(owed, at)
            settled += echo.record(owed=owed, outcome=outcome, at=at)
            if outcome.result is Result.RETRY:
                waiting.add(owed.channel)
    return settled


def _send(owed: Owed, at: datetime) -> Outcome:
    if not owed.to:
        return Outcome(Result.FAILED, owed.why)
    if owed.tries > echo.MAX_TRIES:
        return Outcome(Result.FAILED, "the worker did not get through with it")
    if settings.DEMO:
        return Outcome(Result.DELIVERED, echo.DEMO)
    subject, body = messages.compose(owed.kind, owed.number, settings.HUIYIN_SITE_URL, owed.county, owed.language)
    if owed.channel == "email":
        return messages.send_mail(to=owed.to, subject=subject, body=body, key=owed.key)
    return messages.send_gateway(channel=owed.channel, to=owed.to, subject=subject, body=body, key=owed.key, at=at)
