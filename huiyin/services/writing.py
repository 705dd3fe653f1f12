"""One transaction per act. That writers take turns in the order they came is the engine's work (adapters/sqlite)."""

from __future__ import annotations

from contextlib import AbstractContextManager

from django.db import transaction


def writing() -> AbstractContextManager[None]:
    """A transaction that may write. Already inside one: a part of it."""
    return transaction.atomic()
