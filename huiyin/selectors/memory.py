"""What hardly ever changes is remembered for a short while per process: places, bodies, lists, the calendar."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db import connection, transaction

T = TypeVar("T")
SECONDS = 30.0
_ALL: list[Remembered[Any]] = []


class Remembered(Generic[T]):
    """Calls `load` at most every 30 s, or after `forget`. Never remembers what an open transaction has changed."""

    def __init__(self, load: Callable[..., T]) -> None:
        self._load = load
        self._kept: dict[tuple[Any, ...], tuple[float, T]] = {}
        _ALL.append(self)

    def __call__(self, *key: Any) -> T:
        kept = self._kept.get(key)
        if kept is not None and time.monotonic() - kept[0] < SECONDS:
            return kept[1]
        value = self._load(*key)
        self._kept[key] = (time.monotonic(), value)
        return value

    def forget(self) -> None:
        self._kept.clear()


def remembered(load: Callable[..., T]) -> Remembered[T]:
    return Remembered(load)


def forget_all() -> None:
    """Let go of everything now; services call it when they change places, people, lists or the calendar."""
    for kept in _ALL:
        kept.forget()


def forget_after_commit() -> None:
    """For services: forget now (for this transaction) and once more when it is through."""
    forget_all()
    if connection.in_atomic_block:
        transaction.on_commit(forget_all)
