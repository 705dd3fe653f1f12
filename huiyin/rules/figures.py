"""How well suggestions do against known answers: first, among three, and in or out of the lists, each with its doubt."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from huiyin.rules.intervals import Z95, Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One message: what it is about ("" is on no list), the three suggestions, and how sure it was that it is on the lists."""

    label: str
    three: tuple[str, ...]
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    top1: Share
    top3: Share
    auroc: float | None  # None without messages of both kinds
    auroc_interval: tuple[float, float]


def figures(answers: Sequence[Answer]) -> Figures:
    """top1 and top3 among messages that are on the lists; the area under the curve for telling them from the others."""
    listed = [answer for answer in answers if answer.label]
    others = [answer.score for answer in answers if not answer.label]
    area = auroc([answer.score for answer in listed], others)
    return Figures(
        top1=Share(sum(answer.label == answer.three[0] for answer in listed if answer.three), len(listed)),
        top3=Share(sum(answer.label in answer.three for answer in listed), len(listed)),
        auroc=area,
        auroc_interval=_hanley(area, len(listed), len(others)) if area is not None else (0.0, 1.0),
    )


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """How often one that is on the lists scores above one that is not; ties count half."""
    if not positive or not negative:
        return None
    ranked = sorted([(score, 1) for score in positive] + [(score, 0) for score in negative])
    total, start = 0.0, 0
    while start < len(ranked):
        end = start
        while end < len(ranked) and ranked[end][0] == ranked[start][0]:
            end += 1
        middle = (start + 1 + end) / 2
        total += middle * sum(kind for _, kind in ranked[start:end])
        start = end
    many = len(positive)
    return (total - many * (many + 1) / 2) / (many * len(negative))


def _hanley(area: float, many: int, others: int) -> tuple[float, float]:
    """95 % by Hanley and McNeil (1982)."""
    one, two = area / (2 - area), 2 * area * area / (1 + area)
    spread = (area * (1 - area) + (many - 1) * (one - area * area) + (others - 1) * (two - area * area)) / (many * others)
    reach = Z95 * math.sqrt(max(spread, 0.0))
    return max(0.0, area - reach), min(1.0, area + reach)
