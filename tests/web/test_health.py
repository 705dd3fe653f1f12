"""Monitoring and the administrator see how the installation is, and nothing about people."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client

from huiyin.adapters import database
from huiyin.services import house
from huiyin.web import health

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh() -> None:
    cache.clear()


def test_all_is_well_while_the_worker_lives(at: datetime) -> None:
    house.beat(name="worker", at=at)
    found = health.status(at + timedelta(seconds=30))
    assert (found.verdict, found.warnings, found.database, found.owed_echoes) == ("ok", (), "ok", 0)


def test_a_silent_worker_is_a_warning_and_reports_still_get_in(at: datetime) -> None:
    house.beat(name="worker", at=at)
    found = health.status(at + timedelta(hours=1))
    assert (found.verdict, found.warnings) == ("warning", ("worker",))


def test_a_sign_of_life_from_the_future_is_none(at: datetime) -> None:
    house.beat(name="worker", at=at + timedelta(days=3))
    assert health.status(at).warnings == ("worker",)


def test_a_full_disk_for_photos_is_a_warning(at: datetime, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    house.beat(name="worker", at=at)
    monkeypatch.setattr(health, "_free_mb", lambda directory: 200 if directory == settings.HUIYIN_UPLOADS else 5000)
    assert health.status(at).warnings == ("uploads-disk",)


def test_a_full_disk_for_data_means_that_nothing_gets_in(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_free_mb", lambda directory: 20)
    assert health.status(at).verdict == "failing"


@pytest.mark.parametrize("condition", ["locked", "read-only", "full", "away"])
def test_monitoring_gets_503_when_no_report_can_be_written(
    client: Client, monkeypatch: pytest.MonkeyPatch, condition: str
) -> None:
    monkeypatch.setattr(database, "condition", lambda: condition)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["database"] == condition


def test_the_health_page_tells_nothing_about_people(client: Client) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert set(answer.json()) == {
        "verdict",
        "warnings",
        "database",
        "data_free_mb",
        "uploads_free_mb",
        "worker_at",
        "owed_echoes",
        "oldest_owed_echo",
        "at",
    }


@pytest.mark.parametrize(
    ("said", "condition"),
    [
        ("database is locked", "locked"),
        ("attempt to write a readonly database", "read-only"),
        ("cannot execute INSERT in a read-only transaction", "read-only"),
        ("database or disk is full", "full"),
        ("could not extend file: No space left on device", "full"),
        ("canceling statement due to lock timeout", "locked"),
        ("server closed the connection unexpectedly", "away"),
        ("disk I/O error", "away"),
    ],
)
def test_what_an_engine_says_is_understood(said: str, condition: str) -> None:
    assert database.named(OperationalError(said)) == condition
