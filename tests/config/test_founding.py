"""The first three people are made on the server, once; nobody can make another of them that way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from huiyin.config import founding
from huiyin.config.trouble import NotReady
from huiyin.records.models import Person, Posting
from huiyin.rules.workflow.vocabulary import Role
from huiyin.services import founding as service

pytestmark = pytest.mark.django_db


def test_without_a_terminal_names_are_proposed_and_passwords_made(at: datetime, capsys: pytest.CaptureFixture[str]) -> None:
    assert founding.main(["--generate"], at) == 0
    assert set(Posting.objects.values_list("person__username", "role")) == {
        ("admin", "admin"),
        ("coordinator", "co"),
        ("custodian", "cus"),
    }
    told = capsys.readouterr().out
    password = next(line for line in told.splitlines() if "admin " in line and "administrator" in line).split()[3]
    person = Person.objects.get(username="admin")
    assert person.check_password(password)
    assert person.must_change_password


def test_the_second_time_nobody_is_made(at: datetime, capsys: pytest.CaptureFixture[str]) -> None:
    founding.main([], at)
    founding.main([], at)
    assert Person.objects.count() == 3
    assert "second person" in capsys.readouterr().out


def test_only_the_role_that_nobody_holds_any_more_is_made_again(at: datetime) -> None:
    founding.main([], at)
    Person.objects.filter(username="custodian").update(is_active=False)
    assert service.vacant(at=at) == [Role.CUS]
    Posting.objects.filter(role="co").update(ends=at.date())
    assert service.vacant(at=at + timedelta(days=1)) == [Role.CO, Role.CUS]


def test_a_role_that_is_held_is_refused(at: datetime) -> None:
    founding.main([], at)
    with pytest.raises(ValueError, match="second person"):
        service.found(role=Role.ADMIN, username="me", name="甲", password="x", temporary=False, at=at)


def test_a_name_that_is_taken_and_a_weak_password_are_asked_again(at: datetime, capsys: pytest.CaptureFixture[str]) -> None:
    Person.objects.create_user("taken", "x", name="乙")
    answers: Iterator[str] = iter(["taken", "甲", "fresh", "甲", "", "甲"])
    hidden: Iterator[str] = iter(["a good long passphrase", "12345", ""])
    founding._ask_one(Role.ADMIN, at, ask=lambda text: next(answers), ask_hidden=lambda text: next(hidden))
    person = Posting.objects.get(role="admin").person
    assert (person.username, person.must_change_password) == ("admin", True)
    assert person.check_password(capsys.readouterr().out.split()[-1])


def test_an_unknown_word_is_refused(at: datetime) -> None:
    with pytest.raises(NotReady, match="--genarate"):
        founding.main(["--genarate"], at)
