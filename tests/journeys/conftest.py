"""Journeys go through a whole small county that a live server shows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from tests.world import World, nothing_remembered, world

__all__ = ["nothing_remembered", "town", "world"]


@pytest.fixture
def town(transactional_db: None, world: World) -> Iterator[World]:
    """The county at its Tuesday morning, committed, so that the server's threads and the browser see it."""
    with time_machine.travel(world.now, tick=True):
        yield world
