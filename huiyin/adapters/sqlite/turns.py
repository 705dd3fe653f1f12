"""A lock that is handed on in the order of asking. Python's own locks promise no order, and SQLite's waiting is a lottery."""

from __future__ import annotations

from collections import deque
from threading import Event, Lock


class Turns:
    """One at a time. `take` waits for the turn, `give_back` wakes the one that has waited longest."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._waiting: deque[Event] = deque()
        self._taken = False

    def take(self, seconds: float) -> bool:
        """True once it is this thread's turn, False when that did not happen within so many seconds."""
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            mine = Event()
            self._waiting.append(mine)
        if mine.wait(seconds):
            return True
        with self._guard:
            if mine.is_set():  # handed over in the moment in which the patience ended
                return True
            self._waiting.remove(mine)
            return False

    def give_back(self) -> None:
        """Hands the turn to the next; called once for every `take` that returned True."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False
