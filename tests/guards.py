"""Lifts the ledger's triggers for tests that empty tables or forge records."""

from __future__ import annotations

from django.db import connection

from huiyin.records import triggers


def lift_guards() -> None:
    """Until the next migrate or flush, entries can be changed and deleted."""
    triggers.lift(connection)
