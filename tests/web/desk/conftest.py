"""Staff of the small county sign in to the desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from huiyin.web.desk import pages
from huiyin.web.factor import HAS_ONE
from tests.world import World, nothing_remembered, world

__all__ = ["nothing_remembered", "world"]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, world: World) -> World:
    """The desk reads the world's clock."""

    def now() -> datetime:
        return world.now

    monkeypatch.setattr(pages, "now", now)
    return world


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
