"""Force: approved first or within a day after, by a law that gives it, for a short while; executed after demand, announcement and every term,
by day, never by cutting off a home; or left to the court."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from huiyin.rules import terms
from huiyin.rules.workflow.vocabulary import Tier
from tests.rules.workflow.inquest import Inquest, begun, lets, stops
from tests.rules.workflow.story import (
    BASES,
    BODIES,
    CALENDAR,
    CITY,
    CONSTABLE,
    DOG,
    GARDENER,
    GARDENERS_HEAD,
    HEAD,
    OFFICER,
    PARKS,
    ROOF,
    RUBBISH,
    SECOND_CONSTABLE,
    SECOND_GARDENER,
    SECOND_OFFICER,
    SMOKE,
    County,
)

TODAY = date(2026, 9, 7)


def taking(basis: int = 20, **more: Any) -> dict[str, Any]:
    return {"measure": "impound", "basis": basis, "until": "2026-10-07", "second": SECOND_OFFICER.person, **more}


# ── measures ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.keeps("MA-09", side="both")
def test_a_measure_is_approved_first_once_and_for_its_own_kind() -> None:
    story = begun(SMOKE)
    stops(story, OFFICER, "seize", "MA-09", "负责人批准", **taking())
    story.wrote(OFFICER, "propose", proposed="seize")
    stops(story, OFFICER, "seize", "MA-09", "负责人批准", **taking())  # put to the head is not approved
    story.approved(story.last)
    stops(story, OFFICER, "preserve", "MA-09", "负责人批准", until="2026-09-10", second=SECOND_OFFICER.person)
    story.signed("seize", **{name: value for name, value in taking().items() if name != "second"})
    stops(story, OFFICER, "seize", "MA-09", "负责人批准", **taking())  # one approval, one measure
    assert story.state.tier is Tier.COERCED


@pytest.mark.keeps("MA-09", side="stops")
def test_a_proposal_that_the_head_turned_down_approves_nothing() -> None:
    story = begun(SMOKE)
    story.approved(story.wrote(OFFICER, "propose", proposed="seize"), yes="no")
    stops(story, OFFICER, "seize", "MA-09", "负责人批准", **taking())


@pytest.mark.keeps("MA-09", side="both")
@pytest.mark.parametrize(("hours", "passes"), [(0, True), (23.99, True), (24, False), (72, False)])
def test_an_emergency_is_approved_within_twenty_four_hours_or_lifted(hours: float, passes: bool) -> None:
    story = begun(SMOKE)
    seq = story.signed("seize", measure="impound", basis=20, until="2026-10-07", urgent="yes")
    assert not story.state.counts(seq)
    story.later(hours=hours)
    if passes:
        story.approved(seq)
        assert story.state.counts(seq)
        return
    stops(story, HEAD, "approve", "MA-09", "二十四小时", of=seq, yes="yes")
    story.approved(seq, yes="no")
    assert not story.state.counts(seq) and seq in story.state.rejected
    story.do(OFFICER, "lift", of=seq, disposal="returned")
    assert story.state.inquiry.standing_measures == ()


@pytest.mark.keeps("MA-09", side="both")
def test_what_was_approved_by_word_in_time_is_written_down_later_with_its_paper() -> None:
    story = begun(SMOKE)
    seq = story.signed("seize", measure="impound", basis=20, until="2026-10-07", urgent="yes")
    said = (story.at + timedelta(hours=5)).isoformat(timespec="seconds")
    late = (story.at + timedelta(hours=25)).isoformat(timespec="seconds")
    story.later(days=2)
    stops(story, HEAD, "approve", "", "批准材料", of=seq, yes="yes", given_at=said)
    stops(story, HEAD, "approve", "MA-09", "二十四小时", of=seq, yes="yes", given_at=late, files=1)
    stops(story, HEAD, "approve", "", "时间不对", of=seq, yes="yes", given_at="2026-09-01T09:00:00+08:00", files=1)
    lets(story, HEAD, "approve", of=seq, yes="yes", given_at=said, files=1)


@pytest.mark.keeps("MA-09", side="stops")
def test_what_the_head_does_not_want_is_lifted_before_the_file_is_closed() -> None:
    story = begun(SMOKE)
    story.filed(basis=19)
    seq = story.signed("seize", measure="impound", basis=20, until="2026-10-07", urgent="yes")
    story.approved(seq, yes="no")
    stops(story, OFFICER, "close_file", "", "还没有解除", closing="dropped")
    story.do(OFFICER, "lift", of=seq, disposal="returned")
    lets(story, OFFICER, "close_file", closing="dropped")


@pytest.mark.keeps("MA-09", side="both")
@pytest.mark.parametrize(
    ("basis", "measure", "passes"),
    [(20, "impound", True), (20, "seal_things", True), (19, "impound", False), (17, "seal_place", False)],
)
def test_a_measure_rests_on_a_law_that_gives_it(basis: int, measure: str, passes: bool) -> None:
    story = begun(SMOKE)
    story.proposed("seize")
    refused = story.refusal(OFFICER, "seize", **taking(basis, measure=measure))
    assert (refused is None) == passes


@pytest.mark.keeps("MA-09", side="both")
def test_a_law_that_lets_a_site_be_sealed_lets_nothing_be_impounded() -> None:
    story = begun(ROOF)
    story.proposed("seize")
    given = {"basis": 17, "until": "2026-10-07", "second": SECOND_GARDENER.person}
    lets(story, GARDENER, "seize", measure="seal_place", **given)
    stops(story, GARDENER, "seize", "MA-09", "没有写扣押", measure="impound", **given)


@pytest.mark.keeps("MA-09", side="both")
def test_the_police_impound_what_proves_a_matter_of_public_order_and_record_it() -> None:
    story = begun(DOG)
    given = {"measure": "impound", "basis": 13, "until": "2026-10-07", "second": SECOND_CONSTABLE.person, "urgent": "yes"}
    stops(story, CONSTABLE, "seize", "MA-09", "全程同步录音录像", **given)
    lets(story, CONSTABLE, "seize", recorded="yes", **given)
    stops(story, CONSTABLE, "seize", "MA-09", "没有授权", recorded="yes", **(given | {"measure": "seal_things"}))


@pytest.mark.keeps("MA-09", side="both")
@pytest.mark.parametrize(
    ("change", "passes"),
    [({}, True), ({"necessities": "yes"}, False), ({"rights_told": "no"}, False), ({"heard_there": "no"}, False)],
)
def test_the_party_is_told_and_heard_and_keeps_what_the_family_lives_on(change: dict[str, str], passes: bool) -> None:
    story = begun(SMOKE)
    story.proposed("seize")
    if passes:
        lets(story, OFFICER, "seize", **taking(**change))
    else:
        stops(story, OFFICER, "seize", "MA-09", "", **taking(**change))


@pytest.mark.keeps("MA-09", side="both")
def test_who_is_away_or_does_not_sign_is_witnessed() -> None:
    story = begun(SMOKE)
    story.proposed("seize")
    for signing in ("absent", "refused"):
        stops(story, OFFICER, "seize", "", "见证人", **taking(signing=signing))
        lets(story, OFFICER, "seize", **taking(signing=signing, witness="网格员在场见证"))


@pytest.mark.keeps("MA-09", side="lets")
@pytest.mark.parametrize("moment", ["2026-10-01 23:30", "2026-10-02 05:00"])
def test_a_measure_is_taken_at_any_hour(moment: str) -> None:
    story = begun(SMOKE)
    story.proposed("seize")
    story.on(moment)
    lets(story, OFFICER, "seize", **taking(until="2026-10-20"))


@pytest.mark.parametrize(
    ("action", "start", "until", "passes"),
    [
        ("seize", "2026-09-07", "2026-10-07", True),  # thirty days
        ("seize", "2026-09-07", "2026-10-08", False),
        ("preserve", "2026-09-07", "2026-09-16", True),  # seven workdays
        ("preserve", "2026-09-07", "2026-09-17", False),
        ("preserve", "2026-09-28", "2026-10-13", True),  # over the National Day, Saturday 10 October worked
        ("preserve", "2026-09-28", "2026-10-14", False),
        ("seize", "2026-09-07", "2026-09-06", False),
    ],
)
def test_thirty_days_for_a_seizure_and_seven_workdays_for_evidence(action: str, start: str, until: str, passes: bool) -> None:
    story = begun(SMOKE, f"{start} 09:00")
    story.proposed(action)
    refused = story.refusal(OFFICER, action, **taking(until=until))
    assert (refused is None) == passes
    assert passes or (refused is not None and refused.refusal.rule == "MA-11")


@pytest.mark.parametrize(("day", "passes"), [("2026-10-07", True), ("2026-10-08", False)])
def test_a_seizure_is_prolonged_once_while_it_still_runs(day: str, passes: bool) -> None:
    story = begun(SMOKE)
    story.proposed("seize")
    seq = story.signed("seize", measure="impound", basis=20, until="2026-10-07")
    story.on(f"{day} 10:00")
    refused = story.refusal(OFFICER, "propose", proposed="longer_seizure", of=seq)
    assert (refused is None) == passes
    if passes:
        story.proposed("longer_seizure", of=seq)
        assert "只能延长一次" in str(story.refusal(OFFICER, "propose", proposed="longer_seizure", of=seq))


def test_what_was_put_to_the_head_in_time_is_not_prolonged_when_it_has_run_out() -> None:
    story = begun(SMOKE)
    story.proposed("seize")
    seq = story.signed("seize", measure="impound", basis=20, until="2026-10-07")
    story.on("2026-10-07 10:00")
    asked = story.wrote(OFFICER, "propose", proposed="longer_seizure", of=seq)
    lets(story, HEAD, "approve", of=asked, yes="yes")
    story.on("2026-10-08 10:00")
    stops(story, HEAD, "approve", "MA-11", "届满", of=asked, yes="yes")
    lets(story, HEAD, "approve", of=asked, yes="yes", given_at="2026-10-07T16:00:00+08:00", files=1)


def test_an_order_to_take_down_sets_a_day_ahead() -> None:
    story = begun(ROOF)
    story.filed(basis=16)
    story.inspected()
    given = {"decision": "removal", "basis": 16, "circumstances": ["none"]}
    for day in ({}, {"removal": TODAY.isoformat()}):
        stops(story, GARDENERS_HEAD, "decide", "", "从明天算起", **given, **day)
    lets(story, GARDENERS_HEAD, "decide", removal="2026-09-08", **given)


def test_the_term_of_a_file_is_prolonged_by_the_police_alone_twice_and_while_it_runs() -> None:
    assert "没有一般的延长" in str(_filed(RUBBISH, 18).refusal(OFFICER, "propose", proposed="longer_file", document="x"))
    story = _filed(DOG, 13)
    assert "文号" in str(story.refusal(CONSTABLE, "propose", proposed="longer_file"))
    story.on("2026-10-07 09:00")
    lets(story, CONSTABLE, "propose", proposed="longer_file", document="市公〔2026〕1号")
    story.on("2026-10-08 09:00")
    stops(story, CONSTABLE, "propose", "MA-11", "届满", proposed="longer_file", document="市公〔2026〕1号")


def _filed(item: Any, basis: int) -> Inquest:
    story = begun(item)
    story.filed(basis=basis)
    return story


# ── a building ───────────────────────────────────────────────────────────────────────────────

OTHER = County(bases=BASES)


def roof() -> tuple[Inquest, int]:
    """An illegal building whose removal was ordered and served on 7 September 2026, due on 20 September."""
    story = begun(ROOF)
    story.filed(basis=16)
    story.inspected()
    made = story.decided(basis=16, decision="removal", removal="2026-09-20")
    return story, story.served(made)


def demolishing(made: int, at: Inquest, **more: Any) -> dict[str, Any]:
    return {
        "of": made,
        "means": "demolish",
        "second": SECOND_GARDENER.person,
        "began": at.at.isoformat(timespec="seconds"),
        **more,
    }


@pytest.mark.keeps("MA-09", side="both")
def test_a_building_falls_after_demand_announcement_and_every_term() -> None:
    story, made = roof()
    stops(story, GARDENER, "demand", "MA-09", "2026-09-20", of=made, due="2026-10-30", delivered_on="2026-09-07")
    story.on("2026-10-12 09:00")
    story.proposed("enforce")
    stops(story, GARDENER, "enforce", "MA-09", "还没有催告", **demolishing(made, story))
    story.do(GARDENER, "demand", of=made, due="2026-10-23", delivered_on="2026-10-12")
    stops(story, GARDENER, "enforce", "MA-09", "催告的期限到", **demolishing(made, story))
    story.on("2026-10-26 09:00")
    stops(story, GARDENER, "enforce", "MA-09", "公告", **demolishing(made, story))
    story.do(GARDENER, "announce", of=made, due="2026-11-09", done_on="2026-10-26")
    stops(story, GARDENER, "enforce", "MA-09", "公告的自行拆除期限", **demolishing(made, story))
    story.on("2026-11-10 09:00")
    stops(story, GARDENER, "enforce", "MA-09", "复议、诉讼期限", **demolishing(made, story))
    last = terms.may_sue_until(TODAY, CALENDAR)
    story.on(f"{last.isoformat()} 10:00")
    stops(story, GARDENER, "enforce", "MA-09", last.isoformat(), **demolishing(made, story))
    story.on(f"{(last + timedelta(days=1)).isoformat()} 10:00")
    lets(story, GARDENER, "enforce", **demolishing(made, story))
    stops(story, GARDENER, "enforce", "MA-09", "复议或者诉讼", **demolishing(made, story, contested="pending"))


def ripe() -> tuple[Inquest, int]:
    """Everything done and every term over: a Thursday in the spring of 2027."""
    story, made = roof()
    story.on("2026-10-12 09:00")
    story.do(GARDENER, "demand", of=made, due="2026-10-23", delivered_on="2026-10-12")
    story.do(GARDENER, "announce", of=made, due="2026-11-09", done_on="2026-10-12")
    story.proposed("enforce")
    story.on("2027-04-01 10:00")
    return story, made


@pytest.mark.keeps("MA-09", side="lets")
def test_a_decision_that_stood_before_the_court_is_carried_out_without_waiting_for_six_months() -> None:
    story, made = roof()
    story.on("2026-10-12 09:00")
    story.do(GARDENER, "demand", of=made, due="2026-10-23", delivered_on="2026-10-12")
    story.do(GARDENER, "announce", of=made, due="2026-11-09", done_on="2026-10-12")
    story.proposed("enforce")
    story.on("2026-12-01 10:00")
    stops(story, GARDENER, "enforce", "MA-09", "复议、诉讼期限", **demolishing(made, story))
    lets(story, GARDENER, "enforce", **demolishing(made, story, contested="upheld"))


@pytest.mark.keeps("MA-09", side="both")
@pytest.mark.parametrize(
    ("moment", "urgent", "passes"),
    [
        ("2027-04-01 21:59", "no", True),
        ("2027-04-01 22:00", "no", False),
        ("2027-04-02 05:59", "no", False),
        ("2027-04-02 06:00", "no", True),
        ("2027-04-01 22:00", "yes", True),
        ("2027-05-01 10:00", "no", False),  # Labour Day itself
        ("2027-05-01 10:00", "yes", True),
        ("2027-04-03 10:00", "no", True),  # a Saturday is no statutory holiday
    ],
)
def test_nothing_is_executed_at_night_or_on_a_statutory_holiday(moment: str, urgent: str, passes: bool) -> None:
    story, made = ripe()
    story.on(moment)
    given = demolishing(made, story, urgent=urgent)
    if passes:
        lets(story, GARDENER, "enforce", **given)
    else:
        stops(story, GARDENER, "enforce", "MA-09", "夜间", **given)


def test_a_day_that_was_swapped_for_a_holiday_is_none() -> None:
    assert CALENDAR.is_statutory_holiday(date(2026, 10, 1)) and not CALENDAR.is_statutory_holiday(date(2026, 10, 6))
    assert not CALENDAR.is_workday(date(2026, 10, 6))


@pytest.mark.keeps("MA-09", side="lets")
def test_on_a_day_off_that_was_swapped_for_a_holiday_the_law_lets_execute() -> None:
    story, made = ripe()
    swapped = next(
        day for day in (date(2027, 4, 1) + timedelta(n) for n in range(1, 365)) if day.weekday() < 5 and not CALENDAR.is_workday(day)
        and not CALENDAR.is_statutory_holiday(day)
    )  # fmt: skip
    story.on(f"{swapped.isoformat()} 10:00")
    lets(story, GARDENER, "enforce", **demolishing(made, story))


@pytest.mark.keeps("PR-07", side="both")
def test_another_body_takes_down_only_what_the_government_told_it_to() -> None:
    story, made = roof()
    story.do(GARDENER, "request_help", body=CITY)
    story.on("2026-10-12 09:00")
    story.do(GARDENER, "demand", of=made, due="2026-10-23", delivered_on="2026-10-12")
    story.do(GARDENER, "announce", of=made, due="2026-11-09", done_on="2026-10-12")
    story.proposed("enforce", by=OFFICER, head=HEAD)
    story.on("2027-04-01 10:00")
    given = demolishing(made, story, second=SECOND_OFFICER.person)
    stops(story, OFFICER, "enforce", "PR-07", "责成", **given)
    stops(
        story,
        OFFICER,
        "enforce",
        "PR-07",
        "由作出决定的单位执行",
        **(given | {"means": "stand_in", "mandate": "会府〔2027〕3号"}),
    )
    lets(story, OFFICER, "enforce", mandate="会府〔2027〕3号", **given)
    stops(story, OFFICER, "demand", "", "别的单位", of=made, due="2027-05-30", delivered_on="2027-04-01")


@pytest.mark.keeps("MA-09", side="both")
@pytest.mark.parametrize(("law_code", "passes"), [("guihua", True), ("tudi", False)])
def test_a_building_under_planning_law_is_taken_down_and_one_under_land_law_goes_to_court(law_code: str, passes: bool) -> None:
    bases = {**{key: basis for key, basis in BASES.items() if key != 17}, 16: replace(BASES[16], law_code=law_code)}
    story = begun(ROOF, county=County(bases=bases))
    story.filed(basis=16)
    story.inspected()
    made = story.served(story.decided(basis=16, decision="removal", removal="2026-09-20"))
    story.on("2026-10-12 09:00")
    story.do(GARDENER, "demand", of=made, due="2026-10-23", delivered_on="2026-10-12")
    story.do(GARDENER, "announce", of=made, due="2026-11-09", done_on="2026-10-12")
    story.proposed("enforce")
    story.on("2027-04-01 10:00")
    if passes:
        lets(story, GARDENER, "enforce", **demolishing(made, story))
    else:
        stops(story, GARDENER, "enforce", "MA-09", "申请人民法院", **demolishing(made, story))


@pytest.mark.keeps("MA-09", side="stops")
def test_what_nobody_ordered_to_be_taken_down_is_not_taken_down() -> None:
    story = begun(ROOF, county=replace(OTHER, bodies={**BODIES, PARKS: replace(BODIES[PARKS], hearing_person=100_000)}))
    made = story.punished(basis=16, amount=5000)
    story.on("2026-10-12 09:00")
    story.do(GARDENER, "demand", of=made, due="2026-10-23", delivered_on="2026-10-12")
    story.do(GARDENER, "announce", of=made, due="2026-11-09", done_on="2026-10-12")
    story.proposed("enforce")
    story.on("2027-04-01 10:00")
    stops(story, GARDENER, "enforce", "MA-09", "没有责令限期拆除", **demolishing(made, story))


@pytest.mark.keeps("MA-09", side="stops")
def test_nothing_is_executed_that_did_not_reach_the_party() -> None:
    story = begun(ROOF)
    story.filed(basis=16)
    story.inspected()
    made = story.decided(basis=16, decision="removal", removal="2026-09-20")
    story.proposed("enforce")
    stops(story, GARDENER, "enforce", "", "还没有送达", **demolishing(made, story))


# ── money and other duties ───────────────────────────────────────────────────────────────────


def fined() -> tuple[Inquest, int]:
    """A fine of 100 served on 7 September, due on the 22nd; an approval to execute lies ready."""
    story = begun(RUBBISH)
    made = story.punished(basis=18)
    story.proposed("enforce")
    return story, made


def executing(made: int, story: Inquest, means: str, **more: Any) -> dict[str, Any]:
    return {"of": made, "means": means, "second": SECOND_OFFICER.person, "began": story.at.isoformat(timespec="seconds"), **more}


@pytest.mark.keeps("MA-09", side="both")
def test_a_surcharge_begins_the_day_after_the_term_and_needs_no_demand() -> None:
    story, made = fined()
    story.on("2026-09-22 10:00")
    stops(story, OFFICER, "enforce", "MA-09", "2026-09-22", **executing(made, story, "surcharge"))
    story.on("2026-09-23 10:00")
    lets(story, OFFICER, "enforce", **executing(made, story, "surcharge"))


@pytest.mark.keeps("MA-09", side="both")
def test_a_fine_is_demanded_after_its_term() -> None:
    story, made = fined()
    story.on("2026-09-22 10:00")
    stops(story, OFFICER, "demand", "MA-09", "2026-09-22", of=made, due="2026-10-30", delivered_on="2026-09-22")
    story.on("2026-09-23 10:00")
    lets(story, OFFICER, "demand", of=made, due="2026-10-30", delivered_on="2026-09-23")


@pytest.mark.keeps("MA-09", side="stops")
@pytest.mark.parametrize("means", ["collect", "other", "demolish", "cut_off"])
def test_without_a_law_that_gives_the_power_the_court_is_asked(means: str) -> None:
    story, made = fined()
    story.on("2027-04-01 10:00")
    stops(story, OFFICER, "enforce", "MA-09", "申请人民法院", **executing(made, story, means))


@pytest.mark.keeps("MA-09", side="both")
def test_what_was_impounded_is_sold_for_a_fine_after_thirty_days_of_surcharge_and_the_demand() -> None:
    story = begun(SMOKE, county=County(bodies={**BODIES, CITY: replace(BODIES[CITY], hearing_person=3000)}))
    story.proposed("seize")
    story.signed("seize", measure="impound", basis=20, until="2026-10-07")
    made = story.punished(basis=19, amount=600)
    story.proposed("enforce")
    story.on("2026-09-23 10:00")
    story.do(OFFICER, "demand", of=made, due="2026-10-30", delivered_on="2026-09-23")
    story.on("2026-10-22 10:00")
    stops(story, OFFICER, "enforce", "MA-09", "超过三十日", **executing(made, story, "collect"))
    story.on("2026-10-23 10:00")
    stops(story, OFFICER, "enforce", "MA-09", "催告的期限", **executing(made, story, "collect"))
    lets(story, OFFICER, "enforce", **executing(made, story, "collect", urgent="yes"))  # it is being hidden
    story.on("2026-11-02 10:00")
    lets(story, OFFICER, "enforce", **executing(made, story, "collect"))


@pytest.mark.keeps("MA-09", side="both")
def test_a_fire_brigade_clears_by_its_law_and_stands_in_three_workdays_after_the_demand() -> None:
    story = begun(RUBBISH)
    made = story.punished(basis=18)
    story.proposed("enforce")
    story.on("2026-09-24 10:00")  # a Thursday before 中秋
    story.do(OFFICER, "demand", of=made, due="2026-09-24", delivered_on="2026-09-24")
    story.on("2026-09-29 10:00")
    stops(story, OFFICER, "enforce", "MA-09", "三个工作日", **executing(made, story, "stand_in"))
    story.on("2026-09-30 10:00")
    lets(story, OFFICER, "enforce", **executing(made, story, "stand_in"))


@pytest.mark.keeps("MA-09", side="both")
def test_what_lies_in_the_road_is_cleared_at_once_and_approved_within_a_day() -> None:
    story = begun(RUBBISH)
    given: dict[str, Any] = {"means": "clear", "second": SECOND_OFFICER.person, "began": story.at.isoformat(timespec="seconds")}
    stops(story, OFFICER, "enforce", "MA-09", "不能清除或不在场", urgent="yes", **given)
    stops(story, OFFICER, "enforce", "MA-09", "负责人批准", absent="yes", **given)
    seq = story.signed("enforce", means="clear", urgent="yes", absent="yes", began=given["began"])
    assert not story.state.counts(seq)
    lets(story, HEAD, "approve", of=seq, yes="yes")
    story.later(hours=24)
    stops(story, HEAD, "approve", "MA-09", "二十四小时", of=seq, yes="yes")


@pytest.mark.keeps("MA-10", side="both")
@pytest.mark.parametrize(("dwelling", "urgent", "passes"), [("yes", "no", False), ("yes", "yes", False), ("no", "no", True)])
def test_a_home_is_never_cut_off(dwelling: str, urgent: str, passes: bool) -> None:
    power = {**BASES, 40: replace(BASES[20], id=40, item="HW-01", quote="可以通知有关单位停止供电，强制执行")}
    story = begun(RUBBISH, county=County(bases=power))
    made = story.punished(basis=18)
    story.proposed("enforce")
    story.on("2026-09-23 10:00")
    story.do(OFFICER, "demand", of=made, due="2026-09-30", delivered_on="2026-09-23")
    story.on("2026-10-08 10:00")
    given = executing(made, story, "cut_off", dwelling=dwelling, urgent=urgent)
    if passes:
        lets(story, OFFICER, "enforce", **given)
    else:
        stops(story, OFFICER, "enforce", "MA-10", "居民生活", **given)


@pytest.mark.keeps("MA-09", side="stops")
def test_an_execution_is_approved_by_the_head_first() -> None:
    story = begun(RUBBISH)
    made = story.punished(basis=18)
    story.on("2026-09-23 10:00")
    stops(story, OFFICER, "enforce", "MA-09", "负责人批准", **executing(made, story, "surcharge"))
    stops(story, OFFICER, "enforce", "MA-09", "负责人批准", **executing(made, story, "stand_in", urgent="yes"))


# ── the court ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.keeps("MA-09", side="both")
def test_the_court_is_asked_after_the_terms_and_within_three_months() -> None:
    story, made = fined()
    story.on("2026-09-23 10:00")
    stops(story, OFFICER, "court", "MA-09", "要催告", of=made, done_on="2026-09-23")
    story.do(OFFICER, "demand", of=made, due="2026-10-30", delivered_on="2026-09-23")
    over, last = terms.may_sue_until(TODAY, CALENDAR), terms.court_until(TODAY, CALENDAR)
    story.on(f"{(last + timedelta(days=20)).isoformat()} 10:00")
    for day, passes in ((over, False), (over + timedelta(days=1), True), (last, True), (last + timedelta(days=1), False)):
        if passes:
            lets(story, OFFICER, "court", of=made, done_on=day.isoformat())
        else:
            stops(story, OFFICER, "court", "MA-09", "", of=made, done_on=day.isoformat())
    stops(story, OFFICER, "court", "MA-09", "复议或者诉讼", of=made, done_on=last.isoformat(), contested="pending")


@pytest.mark.keeps("MA-09", side="both")
def test_the_court_waits_until_ten_workdays_after_the_demand_are_over() -> None:
    story, made = fined()
    story.on("2027-03-22 10:00")  # a Monday, the terms are over
    story.do(OFFICER, "demand", of=made, due="2027-03-23", delivered_on="2027-03-22")
    tenth = terms.workdays_after(date(2027, 3, 22), 10, CALENDAR)
    story.on(f"{(tenth + timedelta(days=3)).isoformat()} 10:00")
    stops(story, OFFICER, "court", "MA-09", "十个工作日", of=made, done_on=tenth.isoformat())
    lets(story, OFFICER, "court", of=made, done_on=(tenth + timedelta(days=1)).isoformat())


def test_a_removal_that_was_carried_out_closes_its_file() -> None:
    story, made = ripe()
    stops(story, GARDENER, "close_file", "", "履行完毕", closing="performed")
    stops(story, GARDENER, "close_file", "", "已决定", closing="not_punished")
    story.do(GARDENER, "enforce", **demolishing(made, story))
    stops(story, GARDENER, "close_file", "", "履行完毕", closing="performed")  # the second officer has not signed
    story.do(SECOND_GARDENER, "countersign", of=story.last, yes="yes")
    lets(story, GARDENER, "close_file", closing="performed")
