"""Every night: folds each open case anew and compares the copy that lists filter on; a difference is an alarm."""

from __future__ import annotations

from datetime import datetime

from huiyin.adapters import database
from huiyin.selectors import verifying
from huiyin.services import alarms


def run(at: datetime) -> int:
    """Raise an alarm for every case whose row differs from its ledger or whose chain is broken; returns how many."""
    with database.snapshot():
        troubles = list(verifying.differing_copies())
    found = 0
    for trouble in troubles:
        found += alarms.raise_once(kind="copy", case=trouble.case, detail=trouble.what, at=at)
    return found
