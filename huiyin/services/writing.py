"""One transaction per act. On SQLite the writers of a process wait in the order they came, so that none starves."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


class FairLock:
    """First come, first served. Python's own locks let a newcomer overtake, which at 32 writers makes the slowest wait for seconds."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._held = False

    def acquire(self) -> None:
        with self._guard:
            if not self._held and not self._waiting:
                self._held = True
                return
            turn = threading.Event()
            self._waiting.append(turn)
        turn.wait()

    def release(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._held = False


_QUEUE = FairLock()


@contextmanager
def writing() -> Iterator[None]:
    """A transaction that may write. Already inside one: a part of it."""
    if connection.in_atomic_block or connection.vendor != "sqlite":
        with transaction.atomic():
            yield
        return
    _QUEUE.acquire()
    try:
        with transaction.atomic():
            yield
    finally:
        _QUEUE.release()
