"""On the spot: up to which sum, who takes the money; and what of a decision is shown to the public."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.rules.workflow.inquest import Inquest, begun, lets, stops
from tests.rules.workflow.story import (
    BASES,
    CHIEF,
    CITY,
    CONSTABLE,
    DANCE,
    DOG,
    FIREWORKS,
    HEAD,
    OFFICER,
    RUBBISH,
    SECOND_CONSTABLE,
    SECOND_OFFICER,
    County,
)

TODAY = date(2026, 9, 7)
WIDE = {**BASES, 18: replace(BASES[18], quote="处十元以上十万元以下的罚款，警告")}


def spot(story: Inquest, basis: int, amount: int, kind: str = "person", **more: Any) -> dict[str, Any]:
    return {
        "basis": basis, "party": story.named(kind), "spot_kinds": ["fine"], "amount": amount, "offence_on": TODAY.isoformat(),
        "second": story.crew()[1].person, **more,
    }  # fmt: skip


@pytest.mark.keeps("MA-05", side="both")
@pytest.mark.parametrize(
    ("kind", "amount", "passes"),
    [("person", 200, True), ("person", 201, False), ("firm", 3000, True), ("firm", 3001, False), ("firm", 201, True)],
)
def test_two_hundred_yuan_for_a_person_three_thousand_for_a_firm(kind: str, amount: int, passes: bool) -> None:
    story = begun(RUBBISH, county=County(bases=WIDE))
    given = spot(story, 18, amount, kind)
    if passes:
        lets(story, OFFICER, "spot_penalty", **given)
    else:
        stops(story, OFFICER, "spot_penalty", "MA-05", "要立案", **given)


@pytest.mark.keeps("MA-05", side="both")
@pytest.mark.parametrize(("item", "basis"), [(DOG, 13), (FIREWORKS, 21)])
@pytest.mark.parametrize(("amount", "passes"), [(500, True), (501, False)])
def test_five_hundred_yuan_where_the_police_follow_their_own_procedure(item: Any, basis: int, amount: int, passes: bool) -> None:
    story = begun(item, county=County(bases={**BASES, 21: replace(BASES[21], quote="处100元以上1000元以下的罚款")}))
    given = spot(story, basis, amount)
    if passes:
        lets(story, CONSTABLE, "spot_penalty", **given)
    else:
        stops(story, CONSTABLE, "spot_penalty", "MA-05", "500 元以下", **given)


@pytest.mark.keeps("MA-05", side="stops")
def test_the_police_have_the_usual_limit_under_other_laws() -> None:
    story = begun(DANCE, county=County(bases={**BASES, 15: replace(BASES[15], requires_first=frozenset())}))
    stops(story, CONSTABLE, "spot_penalty", "MA-05", "200 元以下", **spot(story, 15, 201))


@pytest.mark.keeps("MA-05", side="stops")
def test_nothing_but_a_warning_and_a_fine_is_given_on_the_spot() -> None:
    story = begun(
        RUBBISH, county=County(bases={**BASES, 18: replace(BASES[18], quote="没收违法所得，并处一百元以上一千元以下罚款")})
    )
    stops(
        story,
        OFFICER,
        "spot_penalty",
        "MA-05",
        "只能警告或者罚款",
        **(spot(story, 18, 100) | {"spot_kinds": ["fine", "confiscation"]}),
    )


# ── money ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.keeps("PR-06", side="both")
@pytest.mark.parametrize(
    ("way", "amount", "ticket", "passes"),
    [
        ("bank", 200, "", True),
        ("small", 100, "赣财 0001", True),
        ("small", 101, "赣财 0001", False),
        ("small", 100, "", False),
        ("later_hard", 200, "赣财 0001", True),
        ("later_hard", 200, "", False),
        ("remote", 200, "赣财 0001", True),
        ("undisputed", 100, "赣财 0001", False),  # for the police alone
    ],
)
def test_who_fines_takes_no_money_but_where_the_law_says_so(way: str, amount: int, ticket: str, passes: bool) -> None:
    story = begun(RUBBISH)
    given = spot(story, 18, amount, collection=way, **({"ticket": ticket} if ticket else {}))
    if passes:
        lets(story, OFFICER, "spot_penalty", **given)
    else:
        stops(story, OFFICER, "spot_penalty", "PR-06", "", **given)


@pytest.mark.keeps("PR-06", side="both")
@pytest.mark.parametrize(("amount", "passes"), [(200, True), (201, False)])
def test_the_police_take_two_hundred_yuan_that_nobody_disputes(amount: int, passes: bool) -> None:
    story = begun(DOG)
    given = spot(story, 13, amount, collection="undisputed", ticket="赣财 0002")
    if passes:
        lets(story, CONSTABLE, "spot_penalty", **given)
    else:
        stops(story, CONSTABLE, "spot_penalty", "PR-06", "二百元以下", **given)


# ── the public ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.keeps("MA-15", side="both")
def test_what_the_police_punish_is_sealed_and_what_others_fine_may_be_shown() -> None:
    story = begun(DOG)
    sealed = story.punished(basis=13)
    stops(story, CHIEF, "publish", "MA-15", "封存", of=sealed)
    assert story.options(CHIEF)["publish"].refusal is not None
    open_ = begun(RUBBISH)
    shown = open_.punished(basis=18)
    lets(open_, HEAD, "publish", of=shown)
    assert open_.options(HEAD)["publish"].refusal is None


@pytest.mark.keeps("MA-15", side="both")
def test_on_one_case_the_seal_is_on_the_police_s_decision_alone() -> None:
    story = Inquest(DANCE)
    story.assigned(cooperating=[CITY]).do(CONSTABLE, "accept")
    story.do(CONSTABLE, "dissuade")
    story.ordered(second=SECOND_CONSTABLE, basis=15, due=TODAY.isoformat())
    story.later(days=1)
    first, second = story.named(), story.named("firm")
    day = story.today.isoformat()
    sealed = story.signed("spot_penalty", basis=14, party=first, spot_kinds=["fine"], amount=100, offence_on=day)
    shown = story.signed(
        "spot_penalty",
        by=OFFICER,
        second=SECOND_OFFICER,
        basis=15,
        party=second,
        spot_kinds=["fine"],
        amount=2000,
        offence_on=day,
    )
    stops(story, CHIEF, "publish", "MA-15", "封存", of=sealed)
    lets(story, HEAD, "publish", of=shown)
    assert story.options(HEAD)["publish"].refusal is None and story.options(CHIEF)["publish"].refusal is not None
    assert story.refusal(HEAD, "publish", of=sealed) is not None  # not one's own, sealed besides


@pytest.mark.keeps("MA-15", side="stops")
def test_what_the_police_fine_under_another_law_is_not_shown_here_so_that_what_is_missing_tells_nothing() -> None:
    story = begun(FIREWORKS)
    made = story.punished(basis=21)
    stops(story, CHIEF, "publish", "MA-15", "免得从缺了什么看出哪些封存", of=made)
