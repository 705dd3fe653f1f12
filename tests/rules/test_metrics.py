"""Figures of ended cases: defined here, and never of money."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from huiyin.rules import metrics
from huiyin.rules.metrics import Ended
from huiyin.rules.workflow.vocabulary import Tier

NOW = datetime(2026, 11, 24, tzinfo=UTC)
PLACE = (1, "三栋", "QL-05")


def ended(case: int, tier: Tier = Tier.PERSUADED, days: float = 90, **moments: float) -> Ended:
    """A case whose persuasion was `days` ago; moments in hours after its report."""
    began = NOW - timedelta(days=days)
    there = {name: began + timedelta(hours=hours) for name, hours in moments.items()}
    return Ended(case=case, tier=tier, place=PLACE, persuaded=began, moments={"opened": began, **there})


def test_shares_of_the_tiers_are_of_all_that_ended() -> None:
    found = metrics.tiers([ended(1), ended(2), ended(3, Tier.COERCED), ended(4, Tier.NONE)])
    assert [(found[tier].hits, found[tier].total) for tier in Tier] == [(1, 4), (2, 4), (0, 4), (1, 4)]


def test_a_return_is_another_case_at_the_same_place_within_sixty_days() -> None:
    began = NOW - timedelta(days=90)
    later = {PLACE: [(1, began), (8, began + timedelta(days=60)), (9, began + timedelta(days=61))]}
    assert metrics.returned([ended(1)], later, NOW).hits == 1
    assert metrics.returned([ended(1)], {PLACE: [(1, began + timedelta(days=1)), (9, began + timedelta(days=61))]}, NOW).hits == 0


def test_a_persuasion_whose_days_are_not_over_is_not_asked() -> None:
    assert metrics.returned([ended(1, days=59), ended(2, days=60), ended(3, Tier.ORDERED)], {}, NOW).total == 1


def test_a_step_has_its_middle_and_its_slow_time_and_what_nobody_did_has_none() -> None:
    rows = [ended(n, assigned=n) for n in range(1, 11)]
    [found] = metrics.step_times(rows)
    assert (found.step, found.many, found.middle, found.slow) == ("dispatch", 10, timedelta(hours=5), timedelta(hours=10))


def test_what_was_recorded_out_of_order_takes_no_time() -> None:
    [found] = metrics.step_times([ended(1, assigned=-2)])
    assert found.middle == timedelta()
