"""Journeys go through a whole small county that a live server shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Page

from huiyin.adapters.documents import press
from tests.journeys.people import Album, Town
from tests.world import World, nothing_remembered, world

__all__ = ["nothing_remembered", "town", "world"]


@pytest.fixture
def town(transactional_db: None, world: World) -> Iterator[World]:
    """The county at its Tuesday morning, committed, so that the server's threads and the browser see it."""
    with time_machine.travel(world.now, tick=True):
        yield world


@pytest.fixture
def inquiry(
    request: pytest.FixtureRequest, town: World, live_server: Any, visitor: Callable[..., Page], settings: Any
) -> Iterator[Town]:
    """The committed county behind a server, as in the demo, where nobody needs a second factor; an album named after the test, and a press
    that rests afterwards."""
    settings.DEMO = True
    yield Town(world=town, url=live_server.url, visitor=visitor, album=Album(request.node.name.removeprefix("test_")[:40]))
    press.rest()
