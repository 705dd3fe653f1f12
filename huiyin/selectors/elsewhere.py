"""Beside the lists: matters that are on neither, with where to turn, and what to ask where two items are near each other. From the seed."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from huiyin.rules import boundaries
from huiyin.rules.boundaries import Question
from huiyin.rules.triage import Elsewhere, Suggested


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of matter; `turn_to` is a sentence for residents."""

    code: str
    name: str
    name_en: str
    turn_to: str
    turn_to_en: str
    text: Elsewhere


@cache
def questions() -> tuple[Question, ...]:
    """What is asked where two items are near each other."""
    return boundaries.questions(_read("boundaries.toml")["questions"])


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files("huiyin.seed").joinpath(name).read_text(encoding="utf-8"))


@cache
def asides() -> tuple[str, ...]:
    """What people say beside the matter, which is about nothing."""
    return tuple(_read("asides.toml")["phrases"])


@cache
def kinds() -> Mapping[str, Kind]:
    """All kinds by code, in their order."""
    rows = _read("elsewhere.toml")["kinds"]
    return {
        row["code"]: Kind(
            code=row["code"],
            name=row["name"],
            name_en=row["name_en"],
            turn_to=row["turn_to"],
            turn_to_en=row["turn_to_en"],
            text=Elsewhere(code=row["code"], name=row["name"], phrases=tuple(row["phrases"])),
        )
        for row in rows
    }


SURE = 0.3  # of a kind's score: below it a guess would send somebody to the wrong door
NEAR = 0.15  # a second kind is told only when it is nearly as likely as the first


def guesses(found: Suggested) -> list[tuple[Kind, tuple[str, ...]]]:
    """Where a message that is on neither list may belong, with the words that spoke; none when nothing is near."""
    known = kinds()
    least = max(SURE, max((one.score for one in found.elsewhere), default=0.0) - NEAR)
    return [(known[one.code], one.words) for one in found.elsewhere if one.code in known and one.score >= least]


def question(found: Suggested) -> Question | None:
    """What to ask about a message, if an answer would decide."""
    return boundaries.question(found, questions())
