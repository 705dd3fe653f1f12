"""The key file: made once, kept private, and every key derived from it by purpose."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from huiyin.adapters import keys


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "huiyin.key"


def test_a_made_key_is_read_back_and_only_its_owner_can_read_it(file: Path) -> None:
    master = keys.make(file)
    assert keys.read(file) == master
    assert len(master) == keys.KEY_BYTES
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_key_file_is_never_replaced(file: Path) -> None:
    master = keys.make(file)
    with pytest.raises(keys.KeyTrouble, match="already"):
        keys.make(file)
    assert keys.read(file) == master


def test_a_missing_key_file_is_told_apart_from_a_bad_one(file: Path) -> None:
    with pytest.raises(keys.KeyMissing, match="no key file"):
        keys.read(file)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666, 0o610])
def test_a_key_that_others_can_touch_is_refused_with_the_command_that_mends_it(file: Path, mode: int) -> None:
    keys.make(file)
    file.chmod(mode)
    with pytest.raises(keys.KeyTrouble, match=f"chmod 600 {file}"):
        keys.read(file)


@pytest.mark.parametrize("content", ["", "# only a comment\n", "not base64!\n", "c2hvcnQ=\n", "键\n"])
def test_a_file_that_holds_no_key_is_refused(file: Path, content: str) -> None:
    file.parent.mkdir()
    file.write_text(content, encoding="utf-8")
    file.chmod(0o600)
    with pytest.raises(keys.KeyTrouble, match="holds no key"):
        keys.read(file)


def test_a_directory_in_place_of_the_key_is_refused(file: Path) -> None:
    file.mkdir(parents=True, mode=0o700)
    with pytest.raises(keys.KeyTrouble):
        keys.read(file)


def test_every_purpose_has_a_key_of_its_own() -> None:
    derived = {keys.derive(purpose) for purpose in keys.PURPOSES}  # type: ignore[arg-type]  # iterating widens the literal
    assert len(derived) == len(keys.PURPOSES)
    assert all(len(key) == 32 for key in derived)
    assert keys.derive("identity", 16) == keys.derive("identity", 16)


def test_an_unknown_purpose_gets_no_key() -> None:
    with pytest.raises(ValueError, match="no key is derived"):
        keys.derive("curiosity")  # type: ignore[arg-type]  # that is the point


def test_the_fingerprint_tells_keys_apart_without_giving_one_away() -> None:
    one, other = os.urandom(32), os.urandom(32)
    assert keys.fingerprint_of(one) == keys.fingerprint_of(one) != keys.fingerprint_of(other)
    assert one.hex() not in keys.fingerprint_of(one)
