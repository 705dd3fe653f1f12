"""About eighty made-up cases of 安和县, at every stage and with every ending that the workflow knows."""

from __future__ import annotations

from huiyin.sim.stories import answered, investigated, waiting, working
from huiyin.sim.stories.telling import Act, Step, Story, Teller, body_for, chronicle, moments, person_for, told

__all__ = ["STORIES", "Act", "Step", "Story", "Teller", "body_for", "chronicle", "moments", "person_for", "told"]

STORIES: tuple[Story, ...] = tuple(
    story for book in (waiting.BOOK, working.BOOK, answered.BOOK, investigated.BOOK) for story in book.stories.values()
)
