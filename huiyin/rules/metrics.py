"""What is told of cases that came to an end: 721 as it was, time on each step, and what came back. Definitions, no database.

Nothing here is a target. No figure knows an amount or how many were fined (行政处罚法 74), and nobody is put in an order by any of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from huiyin.rules.intervals import Share
from huiyin.rules.workflow.vocabulary import Tier

#: So long after a persuasion another matter at the same place counts as a return.
RETURN_DAYS = 60
#: Below this a share is not told; below that it is told with a warning.
FEW, SMALL = 5, 30

#: Steps and between which moments of a case they lie.
STEPS: Mapping[str, tuple[str, str]] = {
    "dispatch": ("opened", "assigned"),
    "signoff": ("assigned", "accepted"),
    "onsite": ("accepted", "attended"),
    "handling": ("accepted", "resolved"),
    "echo": ("resolved", "echoed"),
}

#: Every figure of these pages by name; a test reads them for what may not be counted.
FIGURES = ("cases", "persuaded", "ordered", "coerced", "none", "returned", *(f"time_{step}" for step in STEPS), "acts")

Place = tuple[int, str, str]  # compound, building, item


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A case that came to an end: the tier reached, when each step was first done, where, and when somebody was persuaded."""

    case: int
    tier: Tier
    place: Place | None
    persuaded: datetime | None = None
    moments: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTime:
    """How long a step took: half took at most `middle`, nine of ten at most `slow`. `many`: cases in which it was done."""

    step: str
    many: int
    middle: timedelta
    slow: timedelta


def tiers(rows: Sequence[Ended]) -> dict[Tier, Share]:
    """Shares of the highest tier really reached among all that ended, those without any among them."""
    return {tier: Share(sum(row.tier is tier for row in rows), len(rows)) for tier in Tier}


def step_times(rows: Iterable[Ended]) -> list[StepTime]:
    """Time on each step in clock time, steps that nobody did left out. What was recorded out of order counts as no time."""
    kept = list(rows)
    found = []
    for step, (start, end) in STEPS.items():
        spans = sorted(
            max(timedelta(), row.moments[end] - row.moments[start]) for row in kept if start in row.moments and end in row.moments
        )
        if spans:
            slow = spans[min(len(spans) - 1, (len(spans) * 9) // 10)]
            found.append(StepTime(step=step, many=len(spans), middle=spans[(len(spans) - 1) // 2], slow=slow))
    return found


def returned(rows: Iterable[Ended], later: Mapping[Place, Sequence[tuple[int, datetime]]], at: datetime) -> Share:
    """Of those that ended with a persuasion, how many were followed at the same place by another case of the item within RETURN_DAYS.

    Only those whose days are over are asked: a persuasion of last week cannot yet have held. `later`: (case, opened) by place.
    """
    span = timedelta(days=RETURN_DAYS)
    asked = [row for row in rows if row.tier is Tier.PERSUADED and row.persuaded is not None and row.place is not None]
    over = [row for row in asked if row.persuaded is not None and row.persuaded + span <= at]
    return Share(sum(_came_back(row, later, span) for row in over), len(over))


def _came_back(row: Ended, later: Mapping[Place, Sequence[tuple[int, datetime]]], span: timedelta) -> bool:
    assert row.place is not None and row.persuaded is not None
    return any(case != row.case and row.persuaded < opened <= row.persuaded + span for case, opened in later.get(row.place, ()))
