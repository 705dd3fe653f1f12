"""Nobody is punished untold and unheard: notice, answer, waiver, silence, hearing, legal review and deliberation, each before the decision."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.rules.workflow.inquest import Inquest, begun, lets, stops
from tests.rules.workflow.story import (
    BASES,
    BODIES,
    CHIEF,
    CITY,
    CONSTABLE,
    DOG,
    HEAD,
    OFFICER,
    REVIEWER,
    RUBBISH,
    SECOND_HEAD,
    SECOND_OFFICER,
    SMOKE,
    County,
)

TODAY = date(2026, 9, 7)  # a Monday
LINES = County(bodies={**BODIES, CITY: replace(BODIES[CITY], hearing_person=3000, hearing_firm=10_000)})


def decision(basis: int = 18, **more: Any) -> dict[str, Any]:
    return {"decision": "penalty", "basis": basis, "penalties": ["fine"], "amount": 100, "circumstances": ["none"], **more}


def investigated(item: Any = RUBBISH, basis: int = 18, **county: Any) -> Inquest:
    story = begun(item, **county)
    story.filed(basis=basis)
    story.inspected()
    return story


# ── the file first, facts first ──────────────────────────────────────────────────────────────


@pytest.mark.keeps("MA-04", side="stops")
def test_every_step_that_is_left_out_is_named_in_its_turn() -> None:
    story = begun(RUBBISH)
    stops(story, HEAD, "decide", "", "没有立案", **decision())
    party = story.named()
    first = story.wrote(
        OFFICER, "open_file", filing="yes", basis=18, party=party, offence_on=TODAY.isoformat(), second=SECOND_OFFICER.person
    )
    stops(story, OFFICER, "advance_notice", "", "还没有会签", basis=18)
    story.do(SECOND_OFFICER, "countersign", of=first, yes="yes")
    stops(story, OFFICER, "advance_notice", "", "还没有批准", basis=18)
    story.approved(first)
    stops(story, OFFICER, "advance_notice", "MA-04", "事实不清", basis=18, amount=100)
    seen = story.wrote(OFFICER, "inspect", second=SECOND_OFFICER.person)
    stops(story, OFFICER, "advance_notice", "MA-04", "事实不清", basis=18, amount=100)
    story.do(SECOND_OFFICER, "countersign", of=seen, yes="yes")
    stops(story, HEAD, "decide", "MA-04", "事先告知", **decision())
    story.told(basis=18)
    stops(story, HEAD, "decide", "MA-04", "听取", **decision())
    story.heard()
    story.decided(basis=18)


@pytest.mark.keeps("MA-04", side="stops")
def test_nobody_is_told_or_punished_whose_name_is_not_known() -> None:
    story = begun(RUBBISH)
    seq = story.signed("open_file", filing="yes", basis=18, offence_on=TODAY.isoformat())
    story.approved(seq)
    story.inspected()
    stops(story, OFFICER, "advance_notice", "", "登记当事人", basis=18, amount=100)
    party = story.named()
    story.told(basis=18, party=party)
    assert story.state.inquiry.files[seq].party == party


@pytest.mark.keeps("MA-04", side="both")
def test_the_police_punish_nobody_on_the_party_s_own_word_alone() -> None:
    story = begun(DOG)
    story.filed(basis=13)
    story.signed("interview", subject="party")
    given: dict[str, Any] = {"basis": 13, "penalties": ["fine"], "amount": 100}
    stops(story, CONSTABLE, "advance_notice", "MA-04", "只有本人陈述", **given)
    story.signed("interview", subject="harmed")
    lets(story, CONSTABLE, "advance_notice", **given)
    without = begun(DOG)
    without.filed(basis=13)
    without.signed("interview", subject="witness")  # no statement of the party at all
    lets(without, CONSTABLE, "advance_notice", **given)


@pytest.mark.keeps("MA-04", side="lets")
def test_what_was_inspected_before_the_file_goes_into_it() -> None:
    story = begun(RUBBISH)
    story.inspected()
    story.filed(basis=18)
    lets(story, OFFICER, "advance_notice", basis=18, amount=100, penalties=["fine"])


# ── what was told, what was said ─────────────────────────────────────────────────────────────


@pytest.mark.keeps("MA-04", side="both")
@pytest.mark.parametrize(
    ("change", "passes"),
    [
        ({"amount": 500}, True),
        ({"amount": 400}, True),
        ({"amount": 501}, False),
        ({"penalties": ["fine", "confiscation"], "amount": 500, "value": 50}, False),
        ({"basis": 23, "amount": 100}, False),
    ],
)
def test_nothing_is_decided_beyond_what_was_told(change: dict[str, Any], passes: bool) -> None:
    story = investigated(county=LINES)
    story.told(basis=18, amount=500)
    story.heard()
    if passes:
        lets(story, HEAD, "decide", **decision(**change))
    else:
        stops(story, HEAD, "decide", "MA-04", "更重", **decision(**change))


@pytest.mark.keeps("MA-04", side="both")
@pytest.mark.parametrize(("value", "passes"), [(800, True), (801, False)])
def test_no_more_is_confiscated_than_was_told(value: int, passes: bool) -> None:
    story = investigated(SMOKE, 19, county=LINES)
    story.told(basis=19, penalties=["fine", "confiscation"], amount=500, value=800)
    story.heard()
    given = decision(19, penalties=["fine", "confiscation"], amount=500, value=value)
    if passes:
        lets(story, HEAD, "decide", **given)
    else:
        stops(story, HEAD, "decide", "MA-04", "更重", **given)


@pytest.mark.keeps("MA-04", side="lets")
def test_a_milder_kind_than_was_told_needs_no_new_notice() -> None:
    story = investigated(basis=23)
    story.told(basis=23, amount=200)
    story.heard()
    lets(story, HEAD, "decide", **decision(23, penalties=["warning"], amount=0))


@pytest.mark.keeps("MA-04", side="both")
def test_a_changed_notice_is_answered_and_reviewed_anew() -> None:
    story = investigated(county=LINES)
    story.told(basis=18, amount=100)
    story.heard()
    story.do(REVIEWER, "review", passed="yes")
    story.told(basis=18, amount=500)
    stops(story, HEAD, "decide", "MA-04", "听取", **decision(amount=500))
    story.heard()
    stops(story, HEAD, "decide", "MA-07", "法制审核", **decision(amount=500, circumstances=["public"]))
    story.do(REVIEWER, "review", passed="yes")
    lets(story, HEAD, "decide", **decision(amount=500, circumstances=["public"]))


@pytest.mark.keeps("MA-04", side="both")
def test_silence_counts_when_the_time_to_answer_is_over() -> None:
    story = investigated()
    story.told(basis=18, due=TODAY + timedelta(days=3))
    story.later(days=3)
    stops(story, OFFICER, "hear", "MA-04", "2026-09-10", heard="silent")
    story.later(days=1)
    lets(story, OFFICER, "hear", heard="silent")


@pytest.mark.keeps("MA-04", side="both")
def test_a_waiver_is_on_paper_or_recorded() -> None:
    story = investigated()
    story.told(basis=18)
    stops(story, OFFICER, "hear", "MA-04", "书面", heard="waived")
    stops(story, OFFICER, "hear", "MA-04", "书面", heard="waived_all")
    story.do(OFFICER, "hear", heard="waived", files=1)
    lets(story, HEAD, "decide", **decision())


@pytest.mark.keeps("MA-04", side="stops")
def test_nobody_is_heard_before_being_told() -> None:
    stops(investigated(), OFFICER, "hear", "MA-04", "事先告知")


@pytest.mark.keeps("MA-04", side="both")
@pytest.mark.parametrize(("told", "heard", "passes"), [("yes", "yes", True), ("no", "yes", False), ("yes", "no", False)])
def test_on_the_spot_too_the_party_is_told_and_heard(told: str, heard: str, passes: bool) -> None:
    story = begun(RUBBISH)
    story.named()
    given: dict[str, Any] = {
        "basis": 18, "party": 1, "spot_kinds": ["fine"], "amount": 100, "offence_on": TODAY.isoformat(), "second": SECOND_OFFICER.person,
        "rights_told": told, "heard_there": heard,
    }  # fmt: skip
    if passes:
        lets(story, OFFICER, "spot_penalty", **given)
    else:
        stops(story, OFFICER, "spot_penalty", "MA-04", "当场处罚也要告知", **given)


# ── hearing ──────────────────────────────────────────────────────────────────────────────────

WIDE = {
    **BASES,
    18: replace(BASES[18], quote="处一百元以上十万元以下的罚款；没收违法所得，责令停产停业"),
    13: replace(BASES[13], quote="处一万元以下罚款，吊销许可证件，警告"),
}


@pytest.mark.keeps("MA-06", side="both")
@pytest.mark.parametrize(
    ("kind", "penalties", "amount", "value", "offered"),
    [
        ("person", ["fine"], 2999, 0, False),
        ("person", ["fine"], 3000, 0, True),
        ("firm", ["fine"], 9999, 0, False),
        ("firm", ["fine"], 10_000, 0, True),
        ("person", ["fine", "confiscation"], 100, 2999, False),
        ("person", ["fine", "confiscation"], 100, 3000, True),
        ("person", ["halt"], 0, 0, True),
    ],
)
def test_a_hearing_is_offered_from_the_department_s_line_on(
    kind: str, penalties: list[str], amount: int, value: int, offered: bool
) -> None:
    story = begun(RUBBISH, county=replace(LINES, bases=WIDE))
    story.filed(basis=18, party=story.named(kind))
    story.inspected()
    given = {"basis": 18, "penalties": penalties, **({"amount": amount} if amount else {}), **({"value": value} if value else {})}
    lets(story, OFFICER, "advance_notice", hearing_told="yes", **given)
    if offered:
        stops(story, OFFICER, "advance_notice", "MA-06", "听证", hearing_told="no", **given)
    else:
        lets(story, OFFICER, "advance_notice", hearing_told="no", **given)


@pytest.mark.keeps("MA-06", side="both")
@pytest.mark.parametrize(
    ("penalties", "amount", "offered"),
    [(["fine"], 3999, False), (["fine"], 4000, True), (["revoke"], 0, True), (["warning"], 0, False)],
)
def test_the_police_offer_a_hearing_from_four_thousand_yuan_on(penalties: list[str], amount: int, offered: bool) -> None:
    story = begun(DOG, county=County(bases=WIDE))
    story.filed(basis=13)
    story.inspected()
    given: dict[str, Any] = {"basis": 13, "penalties": penalties, **({"amount": amount} if amount else {})}
    if offered:
        stops(story, CONSTABLE, "advance_notice", "MA-06", "听证", hearing_told="no", **given)
        lets(story, CONSTABLE, "advance_notice", hearing_told="yes", **given)
    else:
        lets(story, CONSTABLE, "advance_notice", hearing_told="no", **given)


@pytest.mark.keeps("MA-06", side="both")
@pytest.mark.parametrize(("amount", "offered"), [(200, False), (201, True)])
def test_where_a_department_has_no_line_on_record_any_fine_beyond_the_spot_asks_for_it(amount: int, offered: bool) -> None:
    story = investigated()
    if offered:
        stops(story, OFFICER, "advance_notice", "MA-06", "听证", basis=18, amount=amount, penalties=["fine"], hearing_told="no")
    else:
        lets(story, OFFICER, "advance_notice", basis=18, amount=amount, penalties=["fine"], hearing_told="no")


@pytest.mark.keeps("MA-06", side="both")
def test_five_workdays_to_ask_for_a_hearing_are_awaited_over_a_holiday_and_a_worked_saturday() -> None:
    story = begun(RUBBISH, "2026-09-28 09:00")
    story.filed(basis=18)
    story.inspected()
    story.told(basis=18, amount=500, hearing=True)
    story.heard()
    story.on("2026-10-10 17:00")  # the fifth workday: 29, 30 September, 8, 9 and Saturday 10 October
    stops(story, HEAD, "decide", "MA-06", "2026-10-10", **decision(amount=500))
    story.on("2026-10-11 09:00")
    lets(story, HEAD, "decide", **decision(amount=500))


@pytest.mark.keeps("MA-06", side="both")
def test_who_gives_up_the_hearing_in_writing_is_not_waited_for_and_who_only_has_nothing_to_say_is() -> None:
    story = investigated()
    story.told(basis=18, amount=500, hearing=True)
    story.do(OFFICER, "hear", heard="waived", files=1)
    stops(story, HEAD, "decide", "MA-06", "可以要求听证", **decision(amount=500))
    stops(story, OFFICER, "hear", "MA-06", "只能记一样", heard="waived_all", asks_hearing="yes", files=1)
    story.do(OFFICER, "hear", heard="waived_all", asks_hearing="no", files=1)
    lets(story, HEAD, "decide", **decision(amount=500))


@pytest.mark.keeps("MA-06", side="stops")
def test_a_hearing_that_was_asked_for_is_held() -> None:
    story = investigated()
    story.told(basis=18, amount=500, hearing=True)
    story.heard(asks_hearing="yes")
    story.heard(asks_hearing="no")  # a later record does not take it back
    story.later(days=30)
    stops(story, HEAD, "decide", "MA-06", "还没有听证", **decision(amount=500))


@pytest.mark.keeps("MA-06", side="both")
@pytest.mark.parametrize(
    ("notified", "held", "passes"),
    [
        ("2026-09-14", "2026-09-23", True),  # the seventh workday, a Wednesday; 20 September is worked (a Sunday)
        ("2026-09-14", "2026-09-21", False),
        ("2026-09-21", "2026-10-09", True),  # over 中秋 and the National Day
        ("2026-09-24", "2026-10-09", False),
    ],
)
def test_a_hearing_is_announced_seven_workdays_before(notified: str, held: str, passes: bool) -> None:
    story = investigated()
    story.told(basis=18, amount=500, hearing=True)
    story.heard(asks_hearing="yes")
    story.on("2026-10-12 09:00")
    given = {"chair": HEAD.person, "notified_on": notified, "held_on": held}
    if passes:
        lets(story, OFFICER, "hold_hearing", **given)
    else:
        stops(story, OFFICER, "hold_hearing", "MA-06", "七个工作日", **given)


@pytest.mark.keeps("MA-06", side="both")
def test_nobody_who_investigated_chairs_the_hearing() -> None:
    story = investigated()
    story.told(basis=18, amount=500, hearing=True)
    stops(story, OFFICER, "hold_hearing", "MA-06", "没有要求听证", chair=HEAD.person)
    story.heard(asks_hearing="yes")
    story.later(days=30)
    given = {"notified_on": "2026-09-08", "held_on": "2026-09-30"}
    for person in (OFFICER.person, SECOND_OFFICER.person):
        stops(story, OFFICER, "hold_hearing", "MA-06", "非本案调查人员", chair=person, **given)
    lets(story, OFFICER, "hold_hearing", chair=SECOND_HEAD.person, **given)


@pytest.mark.keeps("MA-06", side="stops")
def test_who_was_not_told_of_a_hearing_is_told_anew_before_asking_for_one() -> None:
    story = investigated()
    story.told(basis=18, amount=100)
    stops(story, OFFICER, "hear", "MA-06", "重新告知", asks_hearing="yes")


def heard_publicly(**county: Any) -> Inquest:
    story = investigated(**county)
    story.told(basis=18, amount=500, hearing=True)
    story.heard(asks_hearing="yes")
    story.later(days=14)
    story.do(
        OFFICER, "hold_hearing", hearing_end="held", chair=SECOND_HEAD.person, notified_on="2026-09-08", held_on="2026-09-18"
    )
    return story


# ── review and deliberation ──────────────────────────────────────────────────────────────────


@pytest.mark.keeps("MA-07", side="both")
@pytest.mark.parametrize(
    ("circumstance", "asked"), [("none", False), ("public", True), ("intricate", True), ("statute", True), ("grave", False)]
)
def test_where_the_law_asks_for_it_nothing_is_decided_without_review(circumstance: str, asked: bool) -> None:
    story = investigated()
    story.told(basis=18)
    story.heard()
    story.do(HEAD, "deliberate", members=[HEAD.person, SECOND_HEAD.person])
    if asked:
        stops(story, HEAD, "decide", "MA-07", "法制审核", **decision(circumstances=[circumstance]))
        story.do(REVIEWER, "review", passed="yes")
    lets(story, HEAD, "decide", **decision(circumstances=[circumstance]))


@pytest.mark.keeps("MA-07", side="both")
def test_after_a_hearing_there_is_a_review_and_one_from_before_does_not_count() -> None:
    story = investigated()
    story.told(basis=18, amount=500, hearing=True)
    story.heard(asks_hearing="yes")
    story.do(REVIEWER, "review", passed="yes")
    story.later(days=14)
    story.do(
        OFFICER, "hold_hearing", hearing_end="held", chair=SECOND_HEAD.person, notified_on="2026-09-08", held_on="2026-09-18"
    )
    stops(story, HEAD, "decide", "MA-07", "法制审核", **decision(amount=500))
    story.do(REVIEWER, "review", passed="yes")
    lets(story, HEAD, "decide", **decision(amount=500))


@pytest.mark.keeps("MA-07", side="lets")
def test_a_hearing_to_which_nobody_came_asks_for_no_review() -> None:
    story = investigated()
    story.told(basis=18, amount=500, hearing=True)
    story.heard(asks_hearing="yes")
    story.later(days=14)
    story.do(
        OFFICER, "hold_hearing", hearing_end="abandoned", chair=SECOND_HEAD.person, notified_on="2026-09-08", held_on="2026-09-18"
    )
    lets(story, HEAD, "decide", **decision(amount=500))


@pytest.mark.keeps("MA-07", side="both")
def test_a_review_that_failed_stands_in_the_way_until_another_one_passes() -> None:
    story = investigated()
    story.told(basis=18)
    story.heard()
    story.do(REVIEWER, "review", passed="no")
    stops(story, HEAD, "decide", "MA-07", "没有通过", **decision())
    story.told(basis=18)  # a new notice is no way around it
    story.heard()
    stops(story, HEAD, "decide", "MA-07", "没有通过", **decision())
    lets(story, HEAD, "decide", decision="no_facts", basis=18, circumstances=["none"])
    story.do(REVIEWER, "review", passed="yes")
    lets(story, HEAD, "decide", **decision())


@pytest.mark.keeps("MA-07", side="both")
def test_what_is_grave_is_deliberated_and_a_changed_notice_anew() -> None:
    story = investigated(county=LINES)
    story.told(basis=18)
    story.heard()
    stops(story, HEAD, "decide", "MA-07", "集体讨论", **decision(circumstances=["grave"]))
    story.do(HEAD, "deliberate", members=[HEAD.person, SECOND_HEAD.person])
    lets(story, HEAD, "decide", **decision(circumstances=["grave"]))
    story.told(basis=18, amount=500)
    story.heard()
    stops(story, HEAD, "decide", "MA-07", "集体讨论", **decision(amount=500, circumstances=["grave"]))


@pytest.mark.keeps("MA-07", side="lets")
def test_the_police_review_and_deliberate_by_their_own_law_alike() -> None:
    story = begun(DOG)
    story.ready(basis=13)
    given = decision(13)
    stops(story, CHIEF, "decide", "MA-07", "法制审核", **(given | {"circumstances": ["intricate"]}))
    lets(story, CHIEF, "decide", **given)
