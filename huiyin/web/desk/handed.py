"""Temporary passwords that somebody was told and has to hand over: sealed in the session of whoever was told, for half an hour, so that a
second click or a lost answer does not lose them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest

from huiyin.adapters import keys, vault
from huiyin.selectors import directory

SHOWN_FOR = timedelta(minutes=30)
_NAME = "handed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """`name` and `username` of the person, and the password to hand over."""

    name: str
    username: str
    word: str


def keep(request: HttpRequest, person: int, word: str, at: datetime) -> None:
    """An earlier password of the same person counts no more."""
    others = [row for row in request.session.get(_NAME, []) if row["person"] != person]
    sealed = vault.seal(keys.derive("temporary-passwords"), word, f"handed:{person}")
    request.session[_NAME] = [*others, {"person": person, "at": at.isoformat(), "sealed": sealed}]


def kept(request: HttpRequest, at: datetime) -> list[Handed]:
    """Those whose half hour is not over and who have not changed theirs yet."""
    rows = [row for row in request.session.get(_NAME, []) if at - datetime.fromisoformat(row["at"]) <= SHOWN_FOR]
    if len(rows) < len(request.session.get(_NAME, [])):
        request.session[_NAME] = rows
    words = {
        row["person"]: vault.unseal(keys.derive("temporary-passwords"), row["sealed"], f"handed:{row['person']}") for row in rows
    }
    return [Handed(name=one.name, username=one.username, word=words[one.pk]) for one in directory.who_still_has(words)]
