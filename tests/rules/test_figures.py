"""Figures about suggestions are counted as they are defined."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.rules.figures import Answer, auroc, figures

SCORES = st.lists(st.floats(0, 1), min_size=1, max_size=12)


@given(SCORES, SCORES)
def test_the_area_is_the_share_of_pairs_in_order(positive: list[float], negative: list[float]) -> None:
    pairs = [(one > other) + (one == other) / 2 for one in positive for other in negative]
    assert auroc(positive, negative) == pytest.approx(sum(pairs) / len(pairs))


def test_first_and_three_are_counted_among_messages_on_the_lists_only() -> None:
    answers = [
        Answer(label="A", three=("A", "B", "C"), score=0.9),
        Answer(label="B", three=("A", "B", "C"), score=0.8),
        Answer(label="D", three=("A", "B", "C"), score=0.7),
        Answer(label="", three=("A", "B", "C"), score=0.1),
    ]
    found = figures(answers)
    assert (found.top1.hits, found.top3.hits, found.top1.total) == (1, 2, 3)
    assert found.auroc == 1.0 and found.auroc_interval[1] == 1.0


def test_without_both_kinds_there_is_no_area() -> None:
    assert figures([Answer(label="A", three=("A",), score=1.0)]).auroc is None
    assert figures([]).top1.value is None
