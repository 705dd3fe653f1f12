"""Bringing an installation to where it can be served: the right key or none, clear words when the database refuses."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from django.db import OperationalError

from huiyin import cli
from huiyin.adapters import keys
from huiyin.config import installation, owner
from huiyin.config.trouble import NotReady
from huiyin.jobs import verify
from huiyin.records.models import Installation, Person
from huiyin.selectors import house

pytestmark = pytest.mark.django_db


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def key_file(settings: Any, tmp_path: Path) -> Path:
    settings.HUIYIN_KEY = b""
    settings.HUIYIN_KEY_FILE = tmp_path / "keys" / "huiyin.key"
    return tmp_path / "keys" / "huiyin.key"


def test_the_first_start_of_an_empty_installation_makes_its_key(key_file: Path, said: list[str]) -> None:
    installation.settle_key(said.append)
    assert house.key_check() == keys.fingerprint_of(keys.read(key_file))
    assert "keep a copy" in said[0]


def test_the_second_start_finds_its_key(key_file: Path, said: list[str]) -> None:
    installation.settle_key(said.append)
    installation.settle_key(said.append)
    assert len(said) == 1
    assert Installation.objects.count() == 1


def test_without_its_key_an_installation_does_not_start_and_says_what_would_be_lost(key_file: Path, said: list[str]) -> None:
    installation.settle_key(said.append)
    key_file.unlink()
    with pytest.raises(keys.KeyTrouble) as refused:
        installation.settle_key(said.append)
    for lost in ("receipt codes", "contacts", "photos", "sign-ins", str(key_file)):
        assert lost in str(refused.value)
    assert not key_file.exists()


def test_another_key_is_refused_and_left_alone(key_file: Path, said: list[str]) -> None:
    installation.settle_key(said.append)
    key_file.unlink()
    other = keys.make(key_file)
    with pytest.raises(keys.KeyTrouble, match="not the one this data was written with"):
        installation.settle_key(said.append)
    assert keys.read(key_file) == other


def test_data_that_does_not_say_which_key_it_was_written_with_gets_no_new_one(key_file: Path, said: list[str]) -> None:
    Person.objects.create_user("admin", "a long passphrase", name="甲")
    with pytest.raises(keys.KeyTrouble):
        installation.settle_key(said.append)
    assert not key_file.exists()


@pytest.mark.parametrize(
    ("raised", "words"),
    [
        ("database is locked", "locked by another program"),
        ("attempt to write a readonly database", "can only be read"),
        ("database or disk is full", "Make room"),
        ("connection refused", "cannot be reached: connection refused"),
    ],
)
def test_what_the_database_refuses_is_said_in_words(raised: str, words: str) -> None:
    assert words in installation.in_words(OperationalError(raised))


def test_a_backup_of_an_older_version_gets_its_tables_before_the_restore_is_noted(
    said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installation, "migrate", lambda say: said.append("tables"))
    monkeypatch.setattr(verify, "mark_restored", lambda why, checkpoints, at: said.append(why) or 0)
    assert cli.main(["mark-restored", "--why", "the disk broke"]) == 0
    assert said == ["tables", "the disk broke"]


def test_a_command_that_the_database_refuses_says_so_in_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(rest: list[str]) -> int:
        raise OperationalError("database is locked")

    monkeypatch.setattr(verify, "main", refuse)
    assert cli.main(["verify"]) == 2
    assert capsys.readouterr().err.startswith("huiyin: The database is locked by another program.")


def test_a_directory_that_cannot_be_made_is_named(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    settings.HUIYIN_DATA = tmp_path / "file" / "data"
    with pytest.raises(NotReady, match=r"file/data"):
        installation.make_directories()


def test_root_does_not_write_into_the_data_of_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    data = Mock(**{"exists.return_value": True, "stat.return_value.st_uid": 998})
    monkeypatch.setattr(owner, "settings", Mock(HUIYIN_DATA=data, HUIYIN_MODE="production"))
    monkeypatch.setattr(owner.os, "geteuid", lambda: 998)
    owner.refuse_another_owner()
    monkeypatch.setattr(owner.os, "geteuid", lambda: 0)
    with pytest.raises(NotReady, match="belongs to the user 998"):
        owner.refuse_another_owner()
    data.stat.return_value.st_uid = 0
    owner.refuse_another_owner()


def test_seeds_are_loaded_once(said: list[str], at: Any) -> None:
    installation.load_seeds(said.append, at)
    first = len(said)
    installation.load_seeds(said.append, at)
    assert first > 0
    assert len(said) == first


def test_check_names_a_broken_template_with_its_line(
    key_file: Path, said: list[str], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation.settle_key(said.append)
    monkeypatch.setattr(installation, "call_command", lambda *args, **options: None)
    own = Path(settings.HUIYIN_DATA) / "documents"
    own.mkdir(parents=True)
    (own / "order.toml").write_text('title = "责令改正"\nlayout = "poster"\n', "utf-8")
    try:
        assert installation.check(said.append) == 1
        assert any("order.toml, line 2" in line and "版式" in line for line in said)
        (own / "order.toml").unlink()
        assert installation.check(said.append) == 0
    finally:
        shutil.rmtree(own)
