"""Staff of the small county sign in to the desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
import time_machine
from django.test import Client

from huiyin.web.desk import pages
from huiyin.web.factor import HAS_ONE
from tests.world import World, nothing_remembered, world

__all__ = ["nothing_remembered", "world"]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, world: World) -> Iterator[World]:
    """The desk reads the world's clock, which goes on with every act; whatever else asks for the time gets the morning it began."""

    def now() -> datetime:
        return world.now

    monkeypatch.setattr(pages, "now", now)
    with time_machine.travel(world.now, tick=True):
        yield world


@pytest.fixture
def desk(clock: World) -> Callable[[str], Client]:
    """desk("wangxiulan"): a browser in which that person has signed in, with the second factor where one is asked."""

    def sign_in(username: str) -> Client:
        client = Client()
        person = clock.person(username)
        client.force_login(person)
        session = client.session
        session[HAS_ONE] = person.pk
        session.save()
        return client

    return sign_in
