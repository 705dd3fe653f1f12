"""What breaks under a running server is answered with "try again", and heals without anybody's hands."""

from __future__ import annotations

import os
import signal
import sqlite3
import time

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


END_OTHERS = (
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


def test_after_postgresql_restarted_the_next_page_works(served: Served) -> None:
    if not served.postgres:
        pytest.skip("SQLite does not restart")
    assert served.on_postgres(END_OTHERS) >= 1
    status, page = served.report()
    assert status == 200 and "收到了，谢谢您" in page
    time.sleep(2.1)  # as above
    assert served.health()[0] == 200


def test_a_database_that_only_reads_is_told_and_heals(served: Served) -> None:
    if not served.postgres:
        pytest.skip("SQLite's file cannot be made read-only for who runs the tests as root; its wording is tested in tests/web")
    name = served.postgres.partition("?")[0].rpartition("/")[2]
    served.on_postgres(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    served.on_postgres(END_OTHERS)
    status, page = served.report()
    assert status == 503 and "请过几秒再提交一次" in page
    time.sleep(2.1)  # as above
    assert served.health() == (503, served.health()[1]) and served.health()[1]["database"] == "read-only"
    served.on_postgres(f'ALTER DATABASE "{name}" RESET default_transaction_read_only')
    served.on_postgres(END_OTHERS)
    assert served.report()[0] == 200


def test_many_visitors_at_once_are_all_answered(served: Served) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(32) as visitors:
        statuses = list(visitors.map(lambda number: served.health()[0], range(200)))
    assert set(statuses) == {200}
