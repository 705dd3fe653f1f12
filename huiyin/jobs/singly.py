"""One thing at a time: what one case or message stumbles over stops no other, and is told to a person."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import InterfaceError, OperationalError

from huiyin.services import alarms

log = logging.getLogger(__name__)


@contextmanager
def singly(what: str, at: datetime) -> Iterator[None]:
    """Turns a fault of our own into an alarm that says what could not be done; it is raised and logged once, until somebody settles it.

    what holds no personal data. A database that is away, locked or full stops the job, as it stops everything.
    """
    try:
        yield
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        if alarms.raise_once(kind="stuck", detail=f"{what}: {type(error).__name__}", at=at):
            log.error("%s failed", what, exc_info=error)
