"""A question is asked only when its answer matters."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest

from huiyin.rules.boundaries import BadQuestions, question, questions
from huiyin.rules.triage import Suggested, Suggestion

ROWS = tomllib.loads(files("huiyin.seed").joinpath("boundaries.toml").read_text(encoding="utf-8"))["questions"]
KNOWN = questions(ROWS)


def said(*scores: tuple[str, float], in_scope: bool = True) -> Suggested:
    found = tuple(Suggestion(code=code, score=score, words=()) for code, score in scores)
    return Suggested(suggestions=found, in_scope=in_scope, score=scores[0][1], index="x")


def test_two_that_are_near_are_asked_about() -> None:
    found = question(said(("FS-04", 0.6), ("XF-01", 0.5)), KNOWN)
    assert found is not None and {answer.item for answer in found.answers} == {"XF-01", "FS-04"}


@pytest.mark.parametrize(
    "suggested",
    [
        said(("FS-04", 0.9), ("XF-01", 0.2)),
        said(("FS-04", 0.6), ("QL-05", 0.5)),
        said(("FS-04", 0.6), ("XF-01", 0.5), in_scope=False),
        said(("FS-04", 0.6)),
    ],
)
def test_nothing_is_asked_where_an_answer_would_change_nothing(suggested: Suggested) -> None:
    assert question(suggested, KNOWN) is None


def test_every_question_of_the_seed_is_about_items_of_the_lists() -> None:
    codes = {
        row["code"]
        for name in ("enforcement", "service")
        for row in tomllib.loads(files("huiyin.seed").joinpath("lists", f"{name}.toml").read_text(encoding="utf-8"))["items"]
    }
    assert len(KNOWN) >= 10 and all(one.between <= codes and one.ask_en for one in KNOWN)


def test_an_answer_outside_its_question_is_refused() -> None:
    with pytest.raises(BadQuestions):
        questions([{**ROWS[0], "between": ["QL-01", "QL-02"]}])
