"""A question that is asked only where two items are near each other and the answer would decide between them. The questions are data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from huiyin.rules.triage import Suggested

NEAR = 0.4  # difference of scores up to which the first suggestion is in doubt


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    text: str
    text_en: str
    item: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`between` are codes of items that residents cannot tell apart; every answer names one of them."""

    between: frozenset[str]
    ask: str
    ask_en: str
    answers: tuple[Choice, ...]


class BadQuestions(ValueError):
    """Questions that cannot be: an answer outside its question, or fewer than two."""


def questions(rows: Iterable[Mapping[str, Any]]) -> tuple[Question, ...]:
    """From the rows of a TOML file. Raises BadQuestions."""
    made = tuple(
        Question(
            between=frozenset(row["between"]),
            ask=row["ask"],
            ask_en=row["ask_en"],
            answers=tuple(Choice(**answer) for answer in row["answers"]),
        )
        for row in rows
    )
    for one in made:
        if len({answer.item for answer in one.answers}) < 2 or not {answer.item for answer in one.answers} <= one.between:
            raise BadQuestions(f"{one.ask}: its answers do not decide between {sorted(one.between)}")
    return made


def question(suggested: Suggested, known: Iterable[Question]) -> Question | None:
    """The question whose answer decides between the two best suggestions, when they are near each other."""
    if not suggested.in_scope or len(suggested.suggestions) < 2:
        return None
    first, second = suggested.suggestions[:2]
    if first.score - second.score > NEAR:
        return None
    return next((one for one in known if {first.code, second.code} <= one.between), None)
