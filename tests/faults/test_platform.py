"""What breaks under a running server is answered with "try again", and heals without anybody's hands."""

from __future__ import annotations

import os
import signal
import sqlite3
import time

import psycopg
import pytest

from tests.faults.conftest import Served

pytestmark = [pytest.mark.database]


def test_a_killed_web_process_is_back_within_five_seconds(served: Served) -> None:
    for pid in served.workers():
        os.kill(pid, signal.SIGKILL)
    time.sleep(0.2)
    assert served.wait(200, 10) < 5


def test_a_lock_that_another_program_holds_is_told_and_passes(served: Served) -> None:
    if served.postgres:
        pytest.skip("PostgreSQL has no lock on the whole database")
    stranger = sqlite3.connect(served.data / "huiyin.sqlite3", isolation_level=None)
    stranger.execute("BEGIN IMMEDIATE")
    time.sleep(2.1)  # what was found before is kept for two seconds
    status, found = served.health()
    assert (status, found["database"]) == (503, "locked")
    stranger.execute("ROLLBACK")
    stranger.close()
    assert served.wait(200, 5) < 4


def test_after_postgresql_restarted_the_next_page_works(served: Served) -> None:
    if not served.postgres:
        pytest.skip("SQLite does not restart")
    with psycopg.connect(served.postgres.replace("postgres://", "postgresql://"), autocommit=True) as connection:
        ended = connection.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        row = ended.fetchone()
    assert row is not None
    assert row[0] >= 1
    time.sleep(2.1)  # as above
    assert served.health()[0] == 200


def test_many_visitors_at_once_are_all_answered(served: Served) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(32) as visitors:
        statuses = list(visitors.map(lambda number: served.health()[0], range(200)))
    assert set(statuses) == {200}
