"""On what law a penalty rests: the clause in force, its limitation, its range and kinds, the step it asks for first, and never two fines."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from huiyin.rules.workflow.acts import Prior
from tests.rules.workflow.inquest import Inquest, begun, lets, stops
from tests.rules.workflow.story import (
    BASES,
    CHANGES,
    CHIEF,
    CITY,
    CLERK,
    CONSTABLE,
    DANCE,
    DOG,
    HEAD,
    NOISE,
    OFFICER,
    ROOF,
    RUBBISH,
    SECOND_CONSTABLE,
    SECOND_OFFICER,
    SMOKE,
    County,
)

TODAY = date(2026, 9, 7)


def opening(story: Inquest, basis: int, offence: date, **more: Any) -> dict[str, Any]:
    first, second = story.crew()
    return {"filing": "yes", "basis": basis, "offence_on": offence.isoformat(), "second": second.person, **more}


# ── the law of the day ───────────────────────────────────────────────────────────────────────

OLD, NEW = 30, 31
BOTH_LAWS = {
    **BASES,
    OLD: replace(BASES[18], id=OLD, label="固废法第一百一十一条", valid_from=date(2020, 9, 1), valid_to=CHANGES),
    NEW: replace(BASES[18], id=NEW, label="法典第一千一百六十九条", valid_from=CHANGES, valid_to=None),
}


@pytest.mark.keeps("PRE-02", side="both")
@pytest.mark.parametrize(
    ("offence", "basis", "compared", "passes"),
    [
        (date(2026, 8, 14), OLD, "old", True),  # the law of the day of the act
        (date(2026, 8, 14), OLD, "", False),  # not compared with what came after
        (date(2026, 8, 14), OLD, "new", False),
        (date(2026, 8, 14), NEW, "new", True),  # the new law is milder
        (date(2026, 8, 14), NEW, "", False),
        (date(2026, 8, 14), NEW, "old", False),
        (date(2026, 8, 15), NEW, "", True),
        (date(2026, 8, 15), OLD, "old", False),  # on that day its successor applies
        (date(2026, 9, 7), NEW, "", True),
        (date(2026, 9, 7), OLD, "", False),
    ],
)
def test_the_law_of_the_day_of_the_act_or_the_milder_new_one(offence: date, basis: int, compared: str, passes: bool) -> None:
    story = begun(RUBBISH, county=County(bases=BOTH_LAWS))
    story.filed(basis=OLD if offence < CHANGES else NEW, offence_on=offence)
    story.inspected()
    given = {
        "basis": basis,
        "penalties": ["fine"],
        "amount": 100,
        "hearing_told": "no",
        **({"compared": compared} if compared else {}),
    }
    if passes:
        lets(story, OFFICER, "advance_notice", **given)
    else:
        stops(story, OFFICER, "advance_notice", "PRE-02", "", **given)


@pytest.mark.keeps("PRE-02", side="both")
@pytest.mark.parametrize(("day", "passes"), [("2026-08-14", True), ("2026-08-15", False)])
def test_an_order_rests_on_a_clause_that_is_law_that_day(day: str, passes: bool) -> None:
    story = begun(NOISE, f"{day} 10:00")
    if passes:
        lets(story, OFFICER, "order", basis=2)
    else:
        stops(story, OFFICER, "order", "PRE-02", "有效期", basis=2)
        lets(story, OFFICER, "order", basis=3)


@pytest.mark.keeps("PRE-02", side="stops")
def test_a_file_rests_on_a_liability_of_its_own_item_that_applies_here() -> None:
    story = begun(RUBBISH)
    stops(story, OFFICER, "open_file", "PRE-02", "本事项", **opening(story, 5, TODAY))
    civil = {**BASES, 32: replace(BASES[18], id=32, kind="civil"), 33: replace(BASES[18], id=33, places=frozenset({"city"}))}
    town = County(bases=civil)
    town = replace(town, place=replace(town.place, city=False))
    here = begun(RUBBISH, county=town)
    stops(here, OFFICER, "open_file", "PRE-02", "不是罚则", **opening(here, 32, TODAY))
    stops(here, OFFICER, "open_file", "PRE-02", "不适用", **opening(here, 33, TODAY))
    city = replace(town, place=replace(town.place, city=True))
    there = begun(RUBBISH, county=city)
    lets(there, OFFICER, "open_file", **opening(there, 33, TODAY))


# ── limitation ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("item", "basis", "offence", "limitation", "passes"),
    [
        (RUBBISH, 23, date(2024, 9, 7), "usual", True),
        (RUBBISH, 23, date(2024, 9, 6), "usual", False),
        (RUBBISH, 23, date(2021, 9, 7), "health", True),
        (RUBBISH, 23, date(2021, 9, 6), "health", False),
        (DOG, 13, date(2026, 3, 7), "usual", True),
        (DOG, 13, date(2026, 3, 6), "usual", False),
        (DOG, 13, date(2026, 3, 6), "health", False),
        (RUBBISH, 23, date(2026, 9, 8), "usual", False),  # tomorrow
    ],
)
def test_what_was_found_too_late_is_no_longer_punished(
    item: Any, basis: int, offence: date, limitation: str, passes: bool
) -> None:
    old = {**BASES, 23: replace(BASES[23], valid_from=date(2000, 1, 1)), 13: replace(BASES[13], valid_from=date(2000, 1, 1))}
    story = begun(item, county=County(bases=old))
    given = opening(story, basis, offence, limitation=limitation)
    assert (story.refusal(story.crew()[0], "open_file", **given) is None) == passes
    lets(
        story,
        story.crew()[0],
        "open_file",
        **(given | {"filing": "no", "why": "已过追责期限", "offence_on": min(offence, TODAY).isoformat()}),
    )


def test_the_longer_limitation_of_a_file_holds_for_its_notice_and_its_decision() -> None:
    old = {**BASES, 23: replace(BASES[23], valid_from=date(2000, 1, 1))}
    story = begun(RUBBISH, county=County(bases=old))
    story.ready(basis=23, filed={"offence_on": date(2023, 1, 10), "limitation": "health"})
    story.decided(basis=23)


def test_what_was_reported_in_time_is_punished_later() -> None:
    story = begun(DOG)
    story.filed(basis=13, offence_on=date(2026, 3, 7))
    story.later(days=40)
    story.inspected()
    lets(story, CONSTABLE, "advance_notice", basis=13, penalties=["fine"], amount=100)


# ── the step that a clause asks for first ────────────────────────────────────────────────────


def dance(**county: Any) -> Inquest:
    story = begun(DANCE, county=County(**county))
    story.named()
    return story


def fine(basis: int, offence: date, **more: Any) -> dict[str, Any]:
    return {
        "basis": basis, "spot_kinds": ["fine"], "amount": 200, "offence_on": offence.isoformat(), "second": SECOND_CONSTABLE.person,
        "party": 1, **more,
    }  # fmt: skip


@pytest.mark.keeps("MA-03", side="both")
def test_a_fine_for_noise_by_police_law_needs_persuasion_that_was_in_vain() -> None:
    story = dance()
    stops(story, CONSTABLE, "spot_penalty", "MA-03", "劝阻", **fine(14, TODAY))
    story.later(hours=1).do(CONSTABLE, "dissuade")
    lets(story, CONSTABLE, "spot_penalty", **fine(14, TODAY))
    stops(story, CONSTABLE, "spot_penalty", "MA-03", "劝阻", **fine(14, TODAY - timedelta(days=1)))


@pytest.mark.keeps("MA-03", side="both")
def test_persuasion_by_the_community_counts_and_an_order_is_no_persuasion() -> None:
    story = dance()
    story.ordered(second=SECOND_CONSTABLE, basis=15)
    stops(story, CONSTABLE, "spot_penalty", "MA-03", "劝阻", **fine(14, TODAY))
    story.do(CLERK, "mediate", consent="both", outcome="failed")
    lets(story, CONSTABLE, "spot_penalty", **fine(14, TODAY))


@pytest.mark.keeps("MA-03", side="both")
@pytest.mark.parametrize(
    ("due", "seen", "offence", "passes"),
    [
        (3, "", 3, False),  # on the last day of the term
        (3, "", 4, True),  # the day after
        (3, "no", 2, False),  # looked at in the term: it still runs
        (0, "no", 0, True),  # at once, and seen that it went on
        (0, "", 0, False),
        (0, "", 1, True),
        (3, "yes", 1, False),  # before it was corrected
        (3, "yes", 4, True),  # corrected, and begun anew afterwards
    ],
)
def test_an_order_was_in_vain_when_its_term_is_over(due: int, seen: str, offence: int, passes: bool) -> None:
    story = dance()
    order = story.ordered(second=SECOND_CONSTABLE, basis=15, due=(TODAY + timedelta(days=due)).isoformat())
    if seen:
        story.later(days=min(due, 2), hours=1).do(CONSTABLE, "comply", of=order, corrected=seen, files=1)
    story.on("2026-09-14 09:00")
    given = fine(15, TODAY + timedelta(days=offence))
    if passes:
        lets(story, CONSTABLE, "spot_penalty", **given)
    else:
        stops(story, CONSTABLE, "spot_penalty", "MA-03", "责令改正", **given)


@pytest.mark.keeps("MA-03", side="stops")
def test_an_order_that_waits_for_its_second_officer_or_was_withdrawn_is_no_step() -> None:
    story = dance()
    order = story.ordered(second=SECOND_CONSTABLE, signed=False, basis=15, due=TODAY.isoformat())
    story.later(days=2)
    stops(story, CONSTABLE, "spot_penalty", "MA-03", "责令改正", **fine(15, TODAY + timedelta(days=1)))
    story.do(SECOND_CONSTABLE, "countersign", of=order, yes="yes")
    lets(story, CONSTABLE, "spot_penalty", **fine(15, TODAY + timedelta(days=1)))
    story.do(CONSTABLE, "correct", of=order, fact="withdrawn", words="发错了")
    stops(story, CONSTABLE, "spot_penalty", "MA-03", "责令改正", **fine(15, TODAY + timedelta(days=1)))


@pytest.mark.keeps("MA-03", side="both")
@pytest.mark.parametrize(
    ("prior", "passes"),
    [
        (Prior(kind="order", same="party", case="HY1", item="ZS-03", day=date(2026, 6, 1), until=date(2026, 6, 5)), True),
        (Prior(kind="order", same="place", case="HY1", item="ZS-03", day=date(2026, 6, 1), until=date(2026, 6, 5)), True),
        (Prior(kind="order", same="party", case="HY1", item="QL-03", day=date(2026, 6, 1), until=date(2026, 6, 5)), False),
        (Prior(kind="order", same="party", case="HY1", item="ZS-03", day=TODAY, until=TODAY), False),
        (Prior(kind="order", same="party", case="HY1", item="ZS-03", day=TODAY, until=TODAY, refused=True), True),
        (Prior(kind="dissuade", same="party", case="HY1", item="ZS-03", day=date(2026, 6, 1)), False),
    ],
)
def test_an_earlier_case_is_a_step_for_the_same_matter_only(prior: Prior, passes: bool) -> None:
    story = dance(before=(prior,))
    if passes:
        lets(story, CONSTABLE, "spot_penalty", **fine(15, TODAY))
    else:
        stops(story, CONSTABLE, "spot_penalty", "MA-03", "责令改正", **fine(15, TODAY))


def dog(**county: Any) -> Inquest:
    story = begun(DOG, county=County(**county))
    story.named()
    return story


@pytest.mark.keeps("MA-03", side="both")
def test_a_warning_comes_before_the_fine_and_needs_no_warning_itself() -> None:
    story = dog()
    warned = {**fine(12, TODAY), "spot_kinds": ["warning"], "amount": 0}
    stops(story, CONSTABLE, "spot_penalty", "MA-03", "警告", **fine(12, TODAY))
    stops(story, CONSTABLE, "spot_penalty", "MA-03", "警告", **{**fine(12, TODAY), "spot_kinds": ["warning", "fine"]})
    del warned["amount"]
    lets(story, CONSTABLE, "spot_penalty", **warned)
    story.signed("spot_penalty", **{name: value for name, value in warned.items() if name != "second"})
    story.later(days=1)
    lets(story, CONSTABLE, "spot_penalty", **fine(12, TODAY + timedelta(days=1)))


@pytest.mark.keeps("MA-03", side="stops")
def test_what_somebody_else_was_warned_for_is_no_step_against_this_party() -> None:
    story = dog()
    other = story.named()
    story.signed("spot_penalty", basis=12, spot_kinds=["warning"], party=other, offence_on=TODAY.isoformat())
    story.later(days=1)
    stops(story, CONSTABLE, "spot_penalty", "MA-03", "警告", **fine(12, TODAY + timedelta(days=1)))
    lets(story, CONSTABLE, "spot_penalty", **fine(12, TODAY + timedelta(days=1), party=other))


@pytest.mark.keeps("MA-03", side="stops")
def test_a_warning_that_was_annulled_is_none() -> None:
    story = dog()
    story.filed(basis=12, party=1)
    story.inspected()
    story.wrote(
        CONSTABLE,
        "advance_notice",
        basis=12,
        penalties=["warning"],
        due=(TODAY + timedelta(days=1)).isoformat(),
        hearing_told="no",
    )
    story.heard()
    made = story.wrote(CHIEF, "decide", decision="penalty", basis=12, penalties=["warning"], circumstances=["none"])
    story.served(made)
    story.later(days=1)
    lets(story, CONSTABLE, "spot_penalty", **fine(12, TODAY + timedelta(days=1)))
    closing = story.wrote(CONSTABLE, "close_file", closing="annulled")
    story.approved(closing)
    stops(story, CONSTABLE, "spot_penalty", "MA-03", "警告", **fine(12, TODAY + timedelta(days=1)))


@pytest.mark.keeps("MA-03", side="lets")
def test_the_exception_that_the_clause_names_asks_for_nothing_first() -> None:
    story = dog()
    lets(story, CONSTABLE, "spot_penalty", **fine(12, TODAY, exempt="yes"))
    lets(story, CONSTABLE, "spot_penalty", **fine(13, TODAY))  # another clause of the same item
    stops(dance(), CONSTABLE, "spot_penalty", "MA-03", "劝阻", **fine(14, TODAY, exempt="yes"))  # this clause names none


@pytest.mark.keeps("MA-03", side="both")
@pytest.mark.parametrize(
    ("amount", "ordered", "passes"), [(5000, False, True), (5001, False, False), (5001, True, True), (20000, True, True)]
)
def test_the_higher_fine_for_who_does_not_correct_needs_the_order(amount: int, ordered: bool, passes: bool) -> None:
    story = begun(SMOKE)
    if ordered:
        story.ordered(basis=19, due=TODAY.isoformat())
        story.later(days=2)
    story.filed(basis=19)
    story.inspected()
    given = {"basis": 19, "penalties": ["fine"], "amount": amount, "hearing_told": "yes"}
    if passes:
        lets(story, OFFICER, "advance_notice", **given)
    else:
        stops(story, OFFICER, "advance_notice", "MA-03", "拒不改正", **given)


# ── kinds and sums ───────────────────────────────────────────────────────────────────────────


def noticed(story: Inquest, basis: int, **more: Any) -> dict[str, Any]:
    story.filed(basis=basis)
    story.inspected()
    return {"basis": basis, "hearing_told": "yes", "penalties": ["fine"], **more}


@pytest.mark.keeps("MA-05", side="both")
@pytest.mark.parametrize(
    ("amount", "mitigation", "passes"),
    [
        (100, "none", True), (1000, "none", True), (99, "none", False), (1001, "none", False), (99, "reduced", True), (99, "lighter", False),
        (1001, "heavier", False), (1001, "reduced", False),
    ],
)  # fmt: skip
def test_a_fine_stays_in_the_range_of_its_clause(amount: int, mitigation: str, passes: bool) -> None:
    story = begun(RUBBISH)
    given = noticed(story, 18, amount=amount, mitigation=mitigation)
    if passes:
        lets(story, OFFICER, "advance_notice", **given)
    else:
        stops(story, OFFICER, "advance_notice", "MA-05", "幅度", **given)


@pytest.mark.keeps("MA-05", side="both")
@pytest.mark.parametrize(
    ("kinds", "mitigation", "passes"),
    [
        (["fine"], "none", True),
        (["fine", "confiscation"], "none", True),  # 违法所得 is confiscated whatever the clause says
        (["warning"], "none", False),
        (["warning"], "reduced", True),
        (["fine", "halt"], "none", False),
        (["revoke"], "reduced", False),
    ],
)
def test_only_kinds_that_the_clause_names(kinds: list[str], mitigation: str, passes: bool) -> None:
    story = begun(RUBBISH)
    given = noticed(story, 18, mitigation=mitigation) | {"penalties": kinds, **({"amount": 100} if "fine" in kinds else {})}
    if passes:
        lets(story, OFFICER, "advance_notice", **given)
    else:
        stops(story, OFFICER, "advance_notice", "MA-05", "没有规定", **given)


@pytest.mark.keeps("MA-05", side="both")
def test_the_police_alone_detain() -> None:
    story = dog()
    story.filed(basis=13, party=1)
    story.inspected()
    lets(story, CONSTABLE, "advance_notice", basis=13, penalties=["detention"])
    other = begun(RUBBISH)
    stops(other, OFFICER, "advance_notice", "MA-05", "公安机关", **(noticed(other, 18) | {"penalties": ["detention"]}))


@pytest.mark.keeps("MA-05", side="both")
def test_the_police_law_punishes_people_and_other_laws_firms_too() -> None:
    story = dance()
    firm = story.named("firm")
    story.do(CONSTABLE, "dissuade")
    stops(story, CONSTABLE, "spot_penalty", "MA-05", "主管人员", **fine(14, TODAY, party=firm))
    lets(story, CONSTABLE, "spot_penalty", **fine(14, TODAY))
    story.ordered(second=SECOND_CONSTABLE, basis=15, due=TODAY.isoformat())
    story.later(days=1)
    lets(story, CONSTABLE, "spot_penalty", **fine(15, TODAY + timedelta(days=1), party=firm, amount=2000))


@pytest.mark.keeps("MA-05", side="stops")
def test_a_fine_has_a_sum_and_a_warning_has_none() -> None:
    story = begun(RUBBISH)
    given = noticed(story, 18)
    stops(story, OFFICER, "advance_notice", "MA-05", "数额", **given)
    stops(story, OFFICER, "advance_notice", "MA-05", "种类", **(given | {"penalties": []}))
    stops(
        story,
        OFFICER,
        "advance_notice",
        "MA-05",
        "数额",
        **(given | {"penalties": ["warning"], "mitigation": "reduced", "amount": 100}),
    )


@pytest.mark.keeps("MA-05", side="lets")
def test_a_fine_that_only_words_measure_is_left_to_the_head() -> None:
    story = begun(ROOF)
    story.filed(basis=16)
    story.inspected()
    lets(story, story.crew()[0], "advance_notice", basis=16, penalties=["fine"], amount=87_000, hearing_told="yes")


# ── never two fines for one act ──────────────────────────────────────────────────────────────


def fined_once() -> Inquest:
    story = begun(RUBBISH)
    story.named()
    story.signed("spot_penalty", basis=18, party=1, spot_kinds=["fine"], amount=100, offence_on=TODAY.isoformat())
    return story


def again(offence: date, **more: Any) -> dict[str, Any]:
    return {
        "basis": 18, "party": 1, "spot_kinds": ["fine"], "amount": 100, "offence_on": offence.isoformat(),
        "second": SECOND_OFFICER.person, **more,
    }  # fmt: skip


@pytest.mark.keeps("MA-08", side="both")
def test_one_act_is_fined_once_and_what_went_on_afterwards_is_another() -> None:
    story = fined_once()
    stops(story, OFFICER, "spot_penalty", "MA-08", "不得再次罚款", **again(TODAY))
    story.later(days=1)
    stops(story, OFFICER, "spot_penalty", "MA-08", "不得再次罚款", **again(TODAY))
    lets(story, OFFICER, "spot_penalty", **again(TODAY + timedelta(days=1)))
    other = story.named()
    lets(story, OFFICER, "spot_penalty", **again(TODAY, party=other))


@pytest.mark.keeps("MA-08", side="both")
def test_a_warning_beside_a_fine_is_no_second_fine() -> None:
    story = fined_once()
    lets(story, OFFICER, "spot_penalty", **(again(TODAY) | {"basis": 23, "spot_kinds": ["warning"], "amount": 0}))


@pytest.mark.keeps("MA-08", side="stops")
def test_another_body_does_not_fine_again_what_the_lead_has_fined() -> None:
    story = Inquest(DANCE)
    story.assigned(cooperating=[CITY]).do(CONSTABLE, "accept")
    story.do(CONSTABLE, "dissuade")
    story.named()
    story.ordered(second=SECOND_CONSTABLE, basis=15, due=TODAY.isoformat())
    story.later(days=1)
    day = TODAY + timedelta(days=1)
    story.signed("spot_penalty", **{name: value for name, value in fine(14, day).items() if name != "second"})
    stops(story, OFFICER, "spot_penalty", "MA-08", "不得再次罚款", **(fine(15, day) | {"second": SECOND_OFFICER.person}))


@pytest.mark.keeps("MA-08", side="both")
@pytest.mark.parametrize(
    ("prior", "another", "passes"),
    [
        (Prior(kind="fine", same="party", case="HY1", item="HW-01", day=TODAY, offence=TODAY - timedelta(days=2)), "no", False),
        (Prior(kind="fine", same="party", case="HY1", item="HW-01", day=TODAY, offence=TODAY - timedelta(days=2)), "yes", True),
        (
            Prior(kind="fine", same="party", case="HY1", item="HW-01", day=TODAY - timedelta(days=1)),
            "no",
            True,
        ),  # it went on after
        (Prior(kind="fine", same="party", case="HY1", item="ZJ-02", day=TODAY, offence=TODAY), "no", False),  # by another clause
        (Prior(kind="fine", same="party", case="HY1", item="ZJ-02", day=TODAY, offence=TODAY), "yes", True),
        (Prior(kind="fine", same="party", case="HY1", item="ZJ-02", day=TODAY, offence=TODAY - timedelta(days=9)), "no", True),
        (Prior(kind="warning", same="party", case="HY1", item="HW-01", day=TODAY, offence=TODAY), "no", True),
        (Prior(kind="fine", same="place", case="HY1", item="HW-01", day=TODAY, offence=TODAY), "no", True),
    ],
)
def test_a_fine_of_another_case_counts_unless_it_was_for_another_act(prior: Prior, another: str, passes: bool) -> None:
    story = begun(RUBBISH, county=County(before=(prior,)))
    story.named()
    if passes:
        lets(story, OFFICER, "spot_penalty", **again(TODAY, other_act=another))
    else:
        stops(story, OFFICER, "spot_penalty", "MA-08", "不得再次罚款", **again(TODAY, other_act=another))


@pytest.mark.keeps("MA-08", side="both")
def test_in_one_case_another_act_is_one_of_another_day() -> None:
    story = fined_once()
    stops(story, OFFICER, "spot_penalty", "MA-08", "不得再次罚款", **again(TODAY, other_act="yes"))
    lets(story, OFFICER, "spot_penalty", **again(TODAY - timedelta(days=3), other_act="yes"))
    stops(story, OFFICER, "spot_penalty", "MA-08", "不得再次罚款", **again(TODAY - timedelta(days=3), other_act="no"))


@pytest.mark.keeps("MA-08", side="lets")
def test_a_fine_that_was_annulled_stands_in_nobody_s_way() -> None:
    story = begun(RUBBISH)
    story.punished(basis=18)
    stops(story, OFFICER, "spot_penalty", "MA-08", "不得再次罚款", **again(TODAY))
    story.approved(story.wrote(OFFICER, "close_file", closing="annulled"))
    lets(story, OFFICER, "spot_penalty", **again(TODAY))


@pytest.mark.keeps("MA-08", side="both")
def test_of_several_clauses_the_one_with_the_higher_fine_is_taken() -> None:
    story = begun(RUBBISH)
    story.filed(basis=23)
    story.inspected()
    given = {"penalties": ["fine"], "amount": 100, "hearing_told": "no"}
    stops(story, OFFICER, "advance_notice", "MA-08", "数额更高", basis=23, also_bases=[18], **given)
    lets(story, OFFICER, "advance_notice", basis=18, also_bases=[23], **given)


@pytest.mark.keeps("MA-08", side="lets")
def test_a_clause_that_was_not_law_that_day_is_not_compared() -> None:
    gone = {**BASES, 18: replace(BASES[18], valid_to=date(2026, 9, 1))}
    story = begun(RUBBISH, county=County(bases=gone))
    story.filed(basis=23)
    story.inspected()
    lets(story, OFFICER, "advance_notice", basis=23, also_bases=[18], penalties=["fine"], amount=100, hearing_told="no")


# ── not punished ─────────────────────────────────────────────────────────────────────────────


def decided(decision: str, **more: Any) -> dict[str, Any]:
    return {"decision": decision, "basis": 18, "circumstances": ["none"], "educated": "yes", **more}


def test_a_first_slight_offence_is_taught_and_not_punished() -> None:
    story = begun(RUBBISH)
    story.filed(basis=18)
    story.inspected()
    assert "改正" in str(story.refusal(HEAD, "decide", **decided("first")))
    story.do(OFFICER, "dissuade", stopped="yes")
    assert "教育" in str(story.refusal(HEAD, "decide", **decided("first", educated="no")))
    lets(story, HEAD, "decide", **decided("first"))
    lets(story, HEAD, "decide", **decided("slight"))
    known = Prior(kind="fine", same="party", case="HY1", item="HW-01", day=date(2026, 6, 1))
    story.county = replace(story.county, before=(known,))
    assert "初次" in str(story.refusal(HEAD, "decide", **decided("first")))
    lets(story, HEAD, "decide", **decided("slight"))


@pytest.mark.parametrize("decision", ["no_facts", "incapable", "expired"])
def test_where_nothing_can_be_punished_no_facts_and_no_party_are_asked_for(decision: str) -> None:
    story = begun(RUBBISH)
    seq = story.signed("open_file", **{name: value for name, value in opening(story, 18, TODAY).items() if name != "second"})
    story.approved(seq)
    lets(story, HEAD, "decide", **decided(decision))
