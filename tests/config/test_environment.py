"""Variables that are wrong stop the start and say which one, and what it may hold."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from huiyin.config import environment as env

NAME = "HUIYIN_X"


@pytest.mark.parametrize(
    ("value", "expected"), [("1", True), ("Yes", True), ("on", True), ("TRUE", True), ("0", False), ("no", False), ("", True)]
)
def test_a_flag_is_yes_or_no_in_any_case(monkeypatch: pytest.MonkeyPatch, value: str, expected: bool) -> None:
    monkeypatch.setenv(NAME, value)
    assert env.flag(NAME, default=True) is expected


def wrong(value: str, monkeypatch: pytest.MonkeyPatch) -> pytest.RaisesExc[ImproperlyConfigured]:
    monkeypatch.setenv(NAME, value)
    return pytest.raises(ImproperlyConfigured, match=NAME)


def test_a_flag_that_is_neither_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with wrong("maybe", monkeypatch):
        env.flag(NAME, default=False)


@pytest.mark.parametrize("value", ["-1", "1.5", "eight", "0", "65536", "８０"])
def test_a_number_outside_its_bounds_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    with wrong(value, monkeypatch):
        env.number(NAME, 8020, low=1, high=65535)


def test_a_missing_number_is_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(NAME, raising=False)
    assert env.number(NAME, 8020, low=1) == 8020


def test_an_unknown_choice_is_refused_with_the_words_that_are_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "live")
    with pytest.raises(ImproperlyConfigured, match="production, demo, test"):
        env.choice(NAME, ("production", "demo", "test"), "production")


def test_a_list_with_an_unknown_word_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "off, haed")
    with pytest.raises(ImproperlyConfigured, match="haed"):
        env.choices(NAME, ("off", "head"))


def test_a_path_is_absolute_and_knows_the_home_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "~/data")
    assert env.path(NAME, Path("x")) == Path.home() / "data"
    monkeypatch.setenv(NAME, "")
    assert env.path(NAME, Path("x")).is_absolute()


@pytest.mark.parametrize("value", ["10.0.0.1/8", "proxy", "10.0.0.256"])
def test_a_proxy_that_is_no_network_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    with wrong(value, monkeypatch):
        env.networks(NAME)


@pytest.mark.parametrize(
    "value", ["huiyin.example.cn", "ftp://huiyin.example.cn", "https://", "https://a.example:8o", "http://[::1"]
)
def test_an_address_of_the_site_needs_its_scheme_and_host(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    with wrong(value, monkeypatch):
        env.url(NAME)


@pytest.mark.parametrize(
    "value", ["http://sms.example/send", "https://sms.example:70000/", "https://huiyin:gehe1m@sms.example/", "sms"]
)
def test_an_address_that_no_message_would_be_posted_to_stops_the_start(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    with wrong(value, monkeypatch) as stopped:
        env.posted_to(NAME, plain=False)
    assert "gehe1m" not in str(stopped.value)


def test_messages_are_posted_to_https_and_in_a_demo_to_http(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "https://sms.example/send/")
    assert env.posted_to(NAME, plain=False) == "https://sms.example/send"
    monkeypatch.setenv(NAME, "http://127.0.0.1:9000/send")
    assert env.posted_to(NAME, plain=True) == "http://127.0.0.1:9000/send"
    monkeypatch.delenv(NAME)
    assert env.posted_to(NAME, plain=False) == ""


def test_a_database_address_is_taken_apart() -> None:
    entry = env.postgres(NAME, "postgres://huiyin:p%40ss%2F@db.example:5433/county?sslmode=verify-full", statement_seconds=30)
    named = {key: entry[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    assert named == {"NAME": "county", "USER": "huiyin", "PASSWORD": "p@ss/", "HOST": "db.example", "PORT": "5433"}
    assert entry["OPTIONS"]["sslmode"] == "verify-full"
    assert "statement_timeout=30000" in entry["OPTIONS"]["options"]


def test_a_database_may_be_reached_by_socket() -> None:
    entry = env.postgres(NAME, "postgres://huiyin@/county?host=/var/run/postgresql", statement_seconds=0)
    assert (entry["HOST"], entry["PORT"], entry["NAME"]) == ("/var/run/postgresql", "", "county")


@pytest.mark.parametrize(
    "address",
    ["mysql://u:secret@h/d", "postgres://u:secret@h:port/d", "postgres://u:secret@h/", "postgres://u:secret@h/d?colour=red"],
)
def test_a_wrong_database_address_is_refused_without_showing_the_password(address: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=NAME) as refused:
        env.postgres(NAME, address, statement_seconds=30)
    assert "secret" not in str(refused.value)


def test_sqlite_writers_wait_their_turn_and_do_not_upgrade_locks() -> None:
    options = env.sqlite(Path("/data/x.sqlite3"), synchronous="FULL")["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert options["timeout"] == 20
    assert "journal_mode=WAL" in options["init_command"]
    assert "synchronous=FULL" in options["init_command"]
