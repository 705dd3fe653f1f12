"""Writers of one process take turns in the order in which they came, and a turn ends with its transaction, however that ends."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import OperationalError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from pytest_django import DjangoDbBlocker

from huiyin.adapters.sqlite import base
from huiyin.adapters.sqlite.turns import Turns
from huiyin.config import environment as env


def test_turns_are_given_in_the_order_of_asking() -> None:
    turns, order = Turns(), list[int]()
    assert turns.take(1)

    def wait(number: int) -> None:
        assert turns.take(10)
        order.append(number)
        turns.give_back()

    waiting = [threading.Thread(target=wait, args=(number,)) for number in range(8)]
    for number, thread in enumerate(waiting):
        thread.start()
        while len(turns._waiting) <= number:
            time.sleep(0.001)
    turns.give_back()
    for thread in waiting:
        thread.join()
    assert order == list(range(8))
    assert turns.take(0)


def test_who_loses_patience_leaves_the_queue() -> None:
    turns = Turns()
    assert turns.take(1)
    assert not turns.take(0.01)
    turns.give_back()
    assert turns.take(0)


Connect = Callable[[], BaseDatabaseWrapper]


@pytest.fixture
def connect(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Connect]:
    """Opens connections to one file with our engine and a patience of 0.2 seconds."""
    entry = env.sqlite(tmp_path / "x.sqlite3", synchronous="NORMAL")
    entry["OPTIONS"]["timeout"] = 0.2
    whole = {
        "AUTOCOMMIT": True,
        "ATOMIC_REQUESTS": False,
        "CONN_HEALTH_CHECKS": False,
        "TIME_ZONE": None,
        "USER": "",
        "PASSWORD": "",
    }
    opened: list[BaseDatabaseWrapper] = []

    def open_one() -> BaseDatabaseWrapper:
        connection = base.DatabaseWrapper({**whole, **entry, "HOST": "", "PORT": ""}, alias=f"x{len(opened)}")
        opened.append(connection)
        return connection

    with django_db_blocker.unblock():
        yield open_one
        for connection in opened:
            connection.close()


def begin(connection: BaseDatabaseWrapper) -> None:
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def end_by_commit(connection: BaseDatabaseWrapper) -> None:
    connection.commit()
    connection.set_autocommit(True)


def end_by_rollback(connection: BaseDatabaseWrapper) -> None:
    connection.rollback()
    connection.set_autocommit(True)


def end_by_closing(connection: BaseDatabaseWrapper) -> None:
    connection.close()


@pytest.mark.parametrize("end", [end_by_commit, end_by_rollback, end_by_closing])
def test_a_turn_ends_with_its_transaction(connect: Connect, end: Callable[[BaseDatabaseWrapper], None]) -> None:
    first, second = connect(), connect()
    begin(first)
    with pytest.raises(OperationalError, match="locked"):
        begin(second)
    end(first)
    second = connect()
    begin(second)
    end_by_rollback(second)


def test_a_begin_that_another_process_refuses_keeps_no_turn(connect: Connect, tmp_path: Path) -> None:
    import sqlite3

    stranger = sqlite3.connect(tmp_path / "x.sqlite3", isolation_level=None)
    stranger.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="locked"):
        begin(connect())
    stranger.execute("ROLLBACK")
    stranger.close()
    begin(connect())


@pytest.mark.django_db(transaction=True)
def test_many_threads_write_without_a_refusal() -> None:
    from django.db import connection

    from huiyin.records.models import Heartbeat
    from huiyin.services import house

    if connection.vendor != "sqlite":
        return
    from django.utils import timezone

    at = timezone.now()

    def write(number: int) -> None:
        try:
            for _ in range(10):
                with transaction.atomic():
                    house.beat(name=f"job{number}", at=at, done=1)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(Heartbeat.objects.values_list("done", flat=True)) == [10] * 8
