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
    return tuple(one_question(**row) for row in rows)


def one_question(
    *, between: Iterable[str], ask: str, ask_en: str, answers: Iterable[Mapping[str, str]], **_more: Any
) -> Question:
    """Raises BadQuestions."""
    made = Question(between=frozenset(between), ask=ask, ask_en=ask_en, answers=tuple(Choice(**answer) for answer in answers))
    if len({answer.item for answer in made.answers}) < 2 or not {answer.item for answer in made.answers} <= made.between:
        raise BadQuestions(f"{made.ask}: its answers do not decide between {sorted(made.between)}")
    return made


def key(between: Iterable[str]) -> str:
    """What a question between these items is kept under."""
    return "+".join(sorted(between))


def in_doubt(suggested: Suggested) -> frozenset[str]:
    """The two best suggestions where they are near each other; empty where nothing needs to be asked."""
    if not suggested.in_scope or len(suggested.suggestions) < 2:
        return frozenset()
    first, second = suggested.suggestions[:2]
    return frozenset() if first.score - second.score > NEAR else frozenset({first.code, second.code})


def question(suggested: Suggested, known: Iterable[Question]) -> Question | None:
    """The question whose answer decides between the two best suggestions, when they are near each other."""
    two = in_doubt(suggested)
    return next((one for one in known if two <= one.between), None) if two else None
