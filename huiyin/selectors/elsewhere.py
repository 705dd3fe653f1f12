"""Beside the lists: matters that are on neither, with where to turn, and what to ask where two items are near each other. The project's own,
and in their place or beside them what the county set."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from huiyin.records.models import BoundaryQuestion, ElsewhereKind
from huiyin.rules import boundaries
from huiyin.rules.boundaries import Question
from huiyin.rules.triage import Elsewhere, Suggested
from huiyin.selectors.memory import remembered


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of matter; `turn_to` is a sentence for residents. Without English the Chinese is shown."""

    code: str
    name: str
    name_en: str
    turn_to: str
    turn_to_en: str
    text: Elsewhere


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRow:
    """A kind as its page shows it. `own`: the county's words stand there; `seeded`: the project has it too; `used` False: not known."""

    kind: Kind
    own: bool
    seeded: bool
    used: bool = True

    @property
    def mark(self) -> str:
        return _mark([asdict(self.kind), self.used])


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionRow:
    """A question as its page shows it; as KindRow."""

    question: Question
    own: bool
    seeded: bool
    used: bool = True

    @property
    def key(self) -> str:
        return boundaries.key(self.question.between)

    @property
    def mark(self) -> str:
        told = self.question
        return _mark([self.key, told.ask, told.ask_en, [asdict(answer) for answer in told.answers], self.used])


def _mark(said: Any) -> str:
    """What a form carries to notice that somebody else was quicker."""
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()[:16]


# ── the project's own ────────────────────────────────────────────────────────────────────────


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files("huiyin.seed").joinpath(name).read_text(encoding="utf-8"))


@cache
def asides() -> tuple[str, ...]:
    """What people say beside the matter, which is about nothing."""
    return tuple(_read("asides.toml")["phrases"])


@cache
def seeded_kinds() -> Mapping[str, Kind]:
    """The project's kinds by code, in their order."""
    return {row["code"]: _kind(**row) for row in _read("elsewhere.toml")["kinds"]}


@cache
def seeded_questions() -> Mapping[str, Question]:
    """The project's questions by key, in their order."""
    return {boundaries.key(one.between): one for one in boundaries.questions(_read("boundaries.toml")["questions"])}


def _kind(*, code: str, name: str, name_en: str, turn_to: str, turn_to_en: str, phrases: list[str], **_more: Any) -> Kind:
    text = Elsewhere(code=code, name=name, phrases=tuple(phrases))
    return Kind(
        code=code,
        name=name,
        name_en=name_en or name,
        turn_to=turn_to,
        turn_to_en=turn_to_en or turn_to,
        text=text,
    )


# ── as the county has them ───────────────────────────────────────────────────────────────────


@remembered
def kinds() -> Mapping[str, Kind]:
    """All kinds that are used by code, in their order."""
    return {row.kind.code: row.kind for row in kind_rows() if row.used}


@remembered
def questions() -> tuple[Question, ...]:
    """What is asked where two items are near each other; the county's own first."""
    rows = [row for row in question_rows() if row.used]
    return tuple(row.question for row in sorted(rows, key=lambda row: not row.own))


def kind_rows() -> list[KindRow]:
    """All kinds, also those that are not used, in the order of their codes."""
    own = {
        row["code"]: row
        for row in ElsewhereKind.objects.values("code", "name", "name_en", "turn_to", "turn_to_en", "phrases", "used")
    }
    seeded = seeded_kinds()
    rows = [KindRow(kind=kind, own=False, seeded=True) for code, kind in seeded.items() if code not in own]
    rows += [KindRow(kind=_kind(**row), own=True, seeded=code in seeded, used=row["used"]) for code, row in own.items()]
    return sorted(rows, key=lambda row: row.kind.code)


def kind_row(code: str) -> KindRow | None:
    return next((row for row in kind_rows() if row.kind.code == code), None)


def question_rows() -> list[QuestionRow]:
    """All questions, also those that are not used: the project's in their order, then those that only the county has."""
    own = {row.between: row for row in BoundaryQuestion.objects.all()}
    seeded = seeded_questions()
    rows = []
    for key in [*seeded, *(key for key in own if key not in seeded)]:
        if key in own:
            row = own[key]
            told = boundaries.one_question(between=key.split("+"), ask=row.ask, ask_en=row.ask_en or row.ask, answers=row.answers)
            rows.append(QuestionRow(question=told, own=True, seeded=key in seeded, used=row.used))
        else:
            rows.append(QuestionRow(question=seeded[key], own=False, seeded=True))
    return rows


def question_row(key: str) -> QuestionRow | None:
    return next((row for row in question_rows() if row.key == key), None)


SURE = 0.3  # of a kind's score: below it a guess would send somebody to the wrong door
NEAR = 0.15  # a second kind is told only when it is nearly as likely as the first


def guesses(found: Suggested) -> list[tuple[Kind, tuple[str, ...]]]:
    """Where a message that is on neither list may belong, with the words that spoke; none when nothing is near."""
    known = kinds()
    least = max(SURE, max((one.score for one in found.elsewhere), default=0.0) - NEAR)
    return [(known[one.code], one.words) for one in found.elsewhere if one.code in known and one.score >= least]


def question(found: Suggested) -> Question | None:
    """What to ask about a message, if an answer would decide."""
    return boundaries.question(found, questions()) if boundaries.in_doubt(found) else None
