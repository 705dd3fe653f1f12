"""一劝 二督 and orders: who may do what to whom, what counts, and what comes late."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from huiyin.rules.roles import Place, Posting
from huiyin.rules.workflow.acts import Act, Basis
from huiyin.rules.workflow.guards.standing import basis_is_in_force
from huiyin.rules.workflow.judge import Refused, Unknown
from huiyin.rules.workflow.vocabulary import Stage, Tier
from tests.rules.workflow.story import (
    BASES,
    BEIJING,
    CITY,
    CLERK,
    CLOCK,
    COMPOUND,
    COORDINATOR,
    COURT,
    FIREMAN,
    FIRM,
    GARDENER,
    HEAD,
    HERE,
    MANAGER,
    MONDAY,
    MS_WU,
    NEIGHBOURS,
    NOISE,
    OFFICE,
    OFFICER,
    PARKS,
    POSTINGS,
    SECOND_FIREMAN,
    SECOND_OFFICER,
    STAIRWELL,
    TOWNSHIP,
    WITHOUT_A_FIRM,
    County,
    Story,
    refusals,
)

# ── being there and persuading ───────────────────────────────────────────────────────────────


def test_who_of_the_lead_comes_first_takes_the_case_on() -> None:
    story = Story().assigned()
    story.later(hours=1).do(OFFICER, "attend")
    assert (story.stage, story.state.handler, story.state.attended) == (Stage.HANDLING, OFFICER.person, story.at)


def test_the_head_who_went_there_says_so_like_anybody_of_the_lead() -> None:
    story = Story().assigned()
    story.later(hours=1).do(HEAD, "attend", files=1)
    assert (story.stage, story.state.handler, story.state.attended) == (Stage.HANDLING, HEAD.person, story.at)
    assert "attend" in story.options(HEAD)


def test_who_is_not_of_the_lead_leaves_the_case_where_it_is() -> None:
    story = Story().assigned()
    story.do(CLERK, "attend")
    assert (story.stage, story.state.handler) == (Stage.ASSIGNED, None)
    assert story.state.attended == story.at


def test_a_dissuasion_is_the_first_rung() -> None:
    story = Story().handled()
    story.do(CLERK, "dissuade")
    assert story.state.tier is Tier.PERSUADED


@pytest.mark.parametrize("action", ["attend", "dissuade", "recheck", "mediate"])
def test_a_late_fact_is_kept_and_moves_nothing(action: str) -> None:
    story = Story().echoed()
    before = story.state
    verdict = story.later(days=1).do(OFFICER, action, claimed=before.opened)
    assert (verdict.late, verdict.to) == (True, None)
    assert (story.stage, story.state.since, story.state.lead, story.state.handler) == (
        before.stage, before.since, before.lead, before.handler,
    )  # fmt: skip
    assert story.entries[-1].happened == before.opened


def test_a_fact_is_kept_when_the_case_is_filed() -> None:
    story = Story().echoed()
    story.do(MS_WU, "feedback")
    story.do(CLERK, "close")
    assert story.do(SECOND_OFFICER, "attend").late
    assert story.stage is Stage.CLOSED


def test_a_time_that_lies_ahead_is_kept_and_not_believed() -> None:
    story = Story().handled()
    story.do(OFFICER, "attend", claimed=story.at + timedelta(days=2))
    assert story.entries[-1].claimed_at == story.at + timedelta(days=2)
    assert story.state.attended == story.at


def test_a_time_of_ten_years_ago_is_kept_and_not_believed() -> None:
    story = Story().handled()
    long_ago = story.at - timedelta(days=3650)
    story.do(OFFICER, "attend", claimed=long_ago)
    assert story.entries[-1].claimed_at == long_ago
    assert story.entries[-1].happened == story.at


# ── badges and standing aside ────────────────────────────────────────────────────────────────


def with_badge(until: date) -> County:
    return County(postings={**POSTINGS, OFFICER.id: replace(OFFICER, badge_expires=until)})


def test_a_badge_is_good_through_its_last_day() -> None:
    expiring = replace(OFFICER, badge_expires=MONDAY.date())
    story = Story().assigned()
    story.do(expiring, "accept")
    assert story.stage is Stage.HANDLING


def test_a_badge_that_ended_yesterday_is_no_badge() -> None:
    expired = replace(OFFICER, badge_expires=MONDAY.date() - timedelta(days=1))
    with pytest.raises(Refused, match="执法证已过期") as refused:
        Story().assigned().do(expired, "accept")
    assert refused.value.refusal.rule == "PRE-03"


def test_a_badge_is_asked_for_on_the_day_the_fact_happened() -> None:
    expired = replace(OFFICER, badge_expires=MONDAY.date())
    story = Story().handled().later(days=2)
    story.do(expired, "attend", claimed=MONDAY)
    with pytest.raises(Refused, match="执法证"):
        story.do(expired, "attend")


def test_the_day_ends_at_midnight_in_beijing() -> None:
    expiring = replace(OFFICER, badge_expires=MONDAY.date())
    story = Story().assigned()
    story.at = datetime(2026, 9, 7, 23, 59, tzinfo=BEIJING)
    story.do(expiring, "attend")
    story.at = datetime(2026, 9, 8, 0, 0, tzinfo=BEIJING)
    with pytest.raises(Refused, match="执法证"):
        story.do(expiring, "attend")


def test_who_stood_aside_acts_no_more_and_the_heir_takes_over() -> None:
    story = Story().handled()
    story.do(OFFICER, "recuse", who=OFFICER.person, heir=SECOND_OFFICER.person)
    assert (story.state.handler, story.state.recused) == (SECOND_OFFICER.person, {OFFICER.person})
    for action in ("attend", "resolve", "note"):
        with pytest.raises(Refused, match="已对本件回避"):
            story.do(OFFICER, action)
    with pytest.raises(Refused, match="已对本件回避"):
        story.do(HEAD, "entrust", person=OFFICER.person)


def test_who_stands_aside_is_not_put_beside_the_handler_either() -> None:
    story = Story().handled()
    story.do(OFFICER, "recuse", who=OFFICER.person, recuse_ground="kin", heir=SECOND_OFFICER.person)
    with pytest.raises(Refused, match="协办的人里"):
        story.do(HEAD, "entrust", person=SECOND_OFFICER.person, beside=[OFFICER.person])


@pytest.mark.parametrize("other", [CLERK, COORDINATOR, GARDENER])
def test_a_department_shuts_nobody_out_but_its_own(other: Posting) -> None:
    with pytest.raises(Refused, match="只能自己回避"):
        Story().handled().do(HEAD, "recuse", who=other.person, heir=OFFICER.person)


def test_an_officer_does_not_set_a_colleague_aside() -> None:
    with pytest.raises(Refused, match="只能自己回避"):
        Story().handled().do(OFFICER, "recuse", who=SECOND_OFFICER.person, heir=OFFICER.person)


def test_nobody_is_their_own_heir() -> None:
    with pytest.raises(Refused, match="接办的人"):
        Story().handled().do(OFFICER, "recuse", who=OFFICER.person, heir=OFFICER.person)


# ── urging the firm ──────────────────────────────────────────────────────────────────────────


def test_an_urged_firm_answers() -> None:
    story = Story().handled()
    story.do(OFFICER, "urge")
    assert story.state.urges == {story.last: False}
    story.do(MANAGER, "property_reply")
    assert set(story.state.urges.values()) == {True}


def test_a_firm_that_nobody_urged_has_no_business_here() -> None:
    story = Story().handled()
    assert story.options(MANAGER) == {}
    with pytest.raises(Unknown):
        story.do(MANAGER, "property_reply")


def test_a_firm_never_checks_what_it_was_urged_to_do() -> None:
    story = Story().handled()
    story.do(CLERK, "dissuade")
    story.do(OFFICER, "urge")
    with pytest.raises(Refused, match="由社区或部门复查"):
        story.later(hours=1).do(MANAGER, "recheck")
    story.do(CLERK, "recheck")


def test_a_firms_check_from_before_it_was_urged_is_kept() -> None:
    story = Story()
    story.do(CLERK, "ask_dissuade")
    story.handled().do(CLERK, "dissuade")
    looked = story.later(hours=1).at
    story.later(hours=1).do(OFFICER, "urge")
    story.later(hours=1).do(MANAGER, "recheck", claimed=looked)


def test_a_firm_does_not_check_its_own_persuasion() -> None:
    story = Story()
    story.do(CLERK, "ask_dissuade")
    story.handled().do(MANAGER, "dissuade")
    with pytest.raises(Refused, match="自己劝的"):
        story.do(MANAGER, "recheck")


def test_without_a_firm_the_community_stands_in_and_does_not_check_itself() -> None:
    story = Story(county=WITHOUT_A_FIRM).handled()
    story.do(OFFICER, "urge")
    story.do(CLERK, "property_reply")
    with pytest.raises(Refused, match="由部门复查"):
        story.do(CLERK, "recheck")
    story.do(SECOND_OFFICER, "recheck")


def test_with_a_firm_the_firm_answers_not_the_community() -> None:
    story = Story().handled()
    story.do(OFFICER, "urge")
    with pytest.raises(Refused, match="由物业答复"):
        story.do(CLERK, "property_reply")


def test_nobody_else_is_urged() -> None:
    with pytest.raises(Refused, match="督促对象"):
        Story().handled().do(OFFICER, "urge", firm=PARKS)


@pytest.mark.parametrize("action", ["urge", "request_help"])
def test_a_date_that_is_over_is_no_term(action: str) -> None:
    with pytest.raises(Refused, match="期限已经过了"):
        Story().handled().do(OFFICER, action, due="2026-09-06")
    Story().handled().do(OFFICER, action, due="2026-09-07")


# ── help ─────────────────────────────────────────────────────────────────────────────────────


def test_help_is_asked_given_and_closed() -> None:
    story = Story().handled()
    story.do(OFFICER, "request_help", body=PARKS)
    request = story.last
    assert story.state.helps == {request: PARKS}
    with pytest.raises(Refused, match="别的单位"):
        story.do(OFFICER, "help", of=request)
    story.do(GARDENER, "help", of=request)
    assert story.state.helps == {}


def test_help_that_was_given_before_it_was_recalled_is_kept() -> None:
    story = Story().handled()
    story.do(OFFICER, "request_help", body=PARKS)
    request = story.last
    helped = story.later(hours=1).at
    story.later(hours=1).do(OFFICER, "recall_help", of=request)
    story.later(hours=1).do(GARDENER, "help", of=request, claimed=helped)
    assert story.state.helps == {}


def test_help_that_arrives_after_the_case_was_settled_is_kept() -> None:
    story = Story().handled()
    story.do(OFFICER, "request_help", body=PARKS)
    request = story.last
    story.do(OFFICER, "recall_help", of=request)
    story.echoed()
    assert story.do(GARDENER, "help", of=request).late


@pytest.mark.parametrize("body", [COURT, CITY])
def test_neither_the_court_nor_the_lead_itself_is_asked(body: int) -> None:
    with pytest.raises(Refused, match="另一个单位"):
        Story().handled().do(OFFICER, "request_help", body=body)


def test_an_open_request_keeps_a_case_from_being_settled() -> None:
    story = Story().handled().persuaded()
    story.do(OFFICER, "request_help", body=TOWNSHIP)
    with pytest.raises(Refused, match="请求配合"):
        story.do(OFFICER, "resolve")


# ── more time, no time ───────────────────────────────────────────────────────────────────────


def test_the_head_extends_once_and_the_coordinator_once_more() -> None:
    story = Story().handled()
    story.do(HEAD, "extend", days=3)
    with pytest.raises(Refused, match="身份"):
        story.do(HEAD, "extend", days=1)
    story.do(COORDINATOR, "extend", days=2)
    with pytest.raises(Refused, match="两次"):
        story.do(COORDINATOR, "extend", days=1)
    assert story.state.extensions == (3, 2)


def test_all_extensions_together_are_no_longer_than_the_term() -> None:
    story = Story().handled()
    story.do(HEAD, "extend", days=5)
    with pytest.raises(Refused, match="5 个工作日"):
        story.do(COORDINATOR, "extend", days=1)
    with pytest.raises(Refused, match="5 个工作日"):
        Story().handled().do(HEAD, "extend", days=6)


def test_what_is_overdue_is_not_extended() -> None:
    story = Story(county=County(due_resolution=MONDAY + timedelta(days=7))).handled()
    story.later(days=7).do(HEAD, "extend")
    story = Story(county=County(due_resolution=MONDAY + timedelta(days=7))).handled()
    with pytest.raises(Refused, match="已经超期"):
        story.later(days=7, seconds=1).do(HEAD, "extend")


@pytest.mark.parametrize("days", [1, 30])
def test_a_pause_is_thirty_days_at_most(days: int) -> None:
    Story().handled().do(HEAD, "pause", until=(MONDAY.date() + timedelta(days=days)).isoformat())


@pytest.mark.parametrize("days", [-1, 0, 31])
def test_a_pause_is_neither_longer_nor_over_before_it_began(days: int) -> None:
    with pytest.raises(Refused, match="30 天"):
        Story().handled().do(HEAD, "pause", until=(MONDAY.date() + timedelta(days=days)).isoformat())


def test_the_clock_ends_a_pause() -> None:
    story = Story().handled().persuaded()
    story.do(HEAD, "pause")
    with pytest.raises(Refused, match="正在中止"):
        story.do(OFFICER, "resolve")
    story.later(days=2).do(CLOCK, "resume")
    assert story.state.paused is None
    assert story.state.pauses[0].end == story.at


def test_a_pause_ends_with_the_handling() -> None:
    story = Story().handled()
    story.do(HEAD, "pause")
    story.later(days=1).do(COORDINATOR, "settle", lead=PARKS)
    assert story.state.paused is None
    assert story.state.pauses[0].end == story.at


# ── orders ───────────────────────────────────────────────────────────────────────────────────


def test_an_order_counts_only_after_the_second_officer_signed() -> None:
    story = Story().handled()
    order = story.ordered(signed=False)
    assert (story.state.tier, story.state.orders[order].counted) == (Tier.NONE, False)
    with pytest.raises(Refused, match="还没有会签"):
        story.do(OFFICER, "comply", of=order)
    with pytest.raises(Refused, match="会签之前不能办结"):
        story.do(OFFICER, "resolve")
    story.do(SECOND_OFFICER, "countersign", of=order, yes="yes")
    assert (story.state.tier, story.state.orders[order].counted) == (Tier.ORDERED, True)
    story.do(OFFICER, "comply", of=order, files=1)
    story.do(OFFICER, "resolve", result="corrected", proof="photo")
    assert story.stage is Stage.RESOLVED


def test_a_second_officer_who_says_no_takes_the_order_back() -> None:
    story = Story().handled()
    order = story.ordered(signed=False)
    story.do(SECOND_OFFICER, "countersign", of=order, yes="no")
    assert (story.state.tier, story.state.orders[order].withdrawn, story.state.order_open) == (Tier.NONE, True, False)


def test_an_order_signed_on_paper_counts_at_once_with_its_page_attached() -> None:
    story = Story().handled()
    with pytest.raises(Refused, match="签字页照片"):
        story.ordered(signed=False, paper="yes")
    order = story.ordered(signed=False, paper="yes", files=1)
    assert (story.state.tier, story.state.orders[order].counted, dict(story.state.pending)) == (Tier.ORDERED, True, {})


def test_only_the_named_second_signs() -> None:
    story = Story().handled()
    order = story.ordered(signed=False)
    for other in (OFFICER, HEAD):
        with pytest.raises(Refused, match="没有等您会签"):
            story.do(other, "countersign", of=order)


def test_nobody_is_their_own_second() -> None:
    with pytest.raises(Refused, match="另一个人"):
        Story().handled().ordered(second=OFFICER)


def test_two_hands_stay_two_hands_when_the_second_stands_aside() -> None:
    story = Story().handled()
    order = story.ordered(signed=False)
    story.do(HEAD, "recuse", who=SECOND_OFFICER.person, heir=OFFICER.person)
    with pytest.raises(Refused, match="您自己写的"):
        story.do(OFFICER, "countersign", of=order)
    story.do(OFFICER, "correct", of=order, fact="withdrawn")
    assert (story.state.order_open, dict(story.state.pending)) == (False, {})


def test_the_second_officer_is_of_the_lead_or_of_who_cooperates() -> None:
    with pytest.raises(Refused, match="牵头或配合部门"):
        Story().handled().ordered(second=GARDENER)
    story = Story().assigned(cooperating=[PARKS])
    story.do(OFFICER, "accept")
    story.ordered(second=GARDENER)
    assert story.state.tier is Tier.ORDERED


def test_the_second_officers_badge_is_valid_that_day() -> None:
    gone = replace(SECOND_OFFICER, badge_expires=MONDAY.date() - timedelta(days=1))
    with pytest.raises(Refused, match="有效执法证"):
        Story(county=County(postings={**POSTINGS, gone.id: gone})).handled().ordered()


def test_a_head_signs_only_with_a_badge() -> None:
    badged = replace(HEAD, badge_expires=MONDAY.date())
    story = Story(county=County(postings={**POSTINGS, HEAD.id: badged})).handled()
    order = story.ordered(second=badged, signed=False)
    story.later(days=1)
    with pytest.raises(Refused, match="有效执法证"):
        story.do(badged, "countersign", of=order)
    with pytest.raises(Refused, match="牵头或配合部门任职，并持有效执法证"):
        Story().handled().ordered(second=HEAD)


def noisy(day: date) -> Story:
    return Story(NOISE, at=datetime(day.year, day.month, day.day, 9, 0, tzinfo=BEIJING)).handled()


def test_on_its_last_day_the_old_law_is_the_basis_and_the_new_one_is_not_yet() -> None:
    noisy(date(2026, 8, 14)).ordered(basis=2)
    with pytest.raises(Refused, match="不在有效期内"):
        noisy(date(2026, 8, 14)).ordered(basis=3)


def test_on_the_day_it_changes_the_new_law_is_the_basis_and_the_old_one_is_no_more() -> None:
    noisy(date(2026, 8, 15)).ordered(basis=3)
    with pytest.raises(Refused, match="不在有效期内") as refused:
        noisy(date(2026, 8, 15)).ordered(basis=2)
    assert refused.value.refusal.rule == "PRE-02"


def test_civil_law_and_other_items_clauses_are_no_basis_of_an_order() -> None:
    with pytest.raises(Refused, match="民事"):
        Story().handled().ordered(basis=4)
    with pytest.raises(Refused, match="本事项的依据"):
        Story().handled().ordered(basis=5)


def test_nothing_is_ordered_on_the_service_list() -> None:
    story = Story(NEIGHBOURS).handled()
    assert "服务清单" in refusals(story.options(story.crew()[0]).values())["order"]


def test_not_yet_corrected_keeps_the_order_open() -> None:
    story = Story().handled()
    order = story.ordered()
    story.do(OFFICER, "comply", of=order, corrected="no")
    with pytest.raises(Refused, match="改正、处罚或撤回"):
        story.do(OFFICER, "resolve", result="no_means")
    story.later(days=1).do(OFFICER, "comply", of=order, corrected="yes")
    assert not story.state.order_open


def test_an_older_look_recorded_later_does_not_undo_a_newer_one() -> None:
    story = Story().handled()
    order = story.ordered()
    before = story.at
    story.later(days=1).do(OFFICER, "comply", of=order, corrected="yes")
    story.later(hours=1).do(OFFICER, "comply", of=order, corrected="no", claimed=before)
    assert not story.state.order_open


def test_a_withdrawn_order_binds_nobody() -> None:
    story = Story().handled()
    order = story.ordered()
    story.do(OFFICER, "correct", of=order, fact="withdrawn")
    assert not story.state.order_open
    with pytest.raises(Refused, match="没有已生效"):
        story.do(OFFICER, "comply", of=order)


def test_a_safety_matter_is_ordered_by_two_of_its_own_department() -> None:
    story = Story(STAIRWELL).handled()
    story.ordered(second=SECOND_FIREMAN)
    story.do(FIREMAN, "comply", of=story.last - 1, files=1)
    story.do(FIREMAN, "resolve", result="corrected", proof="photo")
    assert story.stage is Stage.RESOLVED


def test_an_order_goes_to_no_other_county_and_keeps_no_crime_from_the_prosecutor() -> None:
    story = Story().handled()
    story.ordered()
    order = next(iter(story.state.orders))
    with pytest.raises(Refused, match="不能移送外县"):
        story.do(HEAD, "transfer", transfer_kind="other_county")
    for kind in ("crime", "discipline"):
        moved = Story().handled()
        moved.ordered()
        moved.do(HEAD, "transfer", transfer_kind=kind)
        assert moved.stage is Stage.RESOLVED
    story.do(OFFICER, "correct", of=order, fact="withdrawn")
    story.do(HEAD, "transfer", transfer_kind="other_county")
    assert story.stage is Stage.RESOLVED


def test_what_is_handed_to_the_police_or_the_prosecutor_is_answered_all_the_same() -> None:
    story = Story().handled()
    story.do(HEAD, "transfer")
    assert (story.stage, story.state.outcome) == (Stage.RESOLVED, "transferred")
    story.do(CLERK, "echo")
    assert story.stage is Stage.ECHOED


def test_the_firm_under_contract_is_the_one_that_is_urged() -> None:
    story = Story().handled()
    story.do(OFFICER, "urge")
    assert story.entries[-1].data["body"] == FIRM


# ── where a clause applies ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("places", "place", "applies"),
    [
        (set(), {"city": False}, True),
        ({"city"}, {"city": False}, False),
        ({"city"}, {"city": True}, True),
        ({"city"}, {"city": None}, True),
        ({"highrise"}, {"highrise": False}, False),
        ({"highrise"}, {"highrise": True}, True),
        ({"other_than_highrise"}, {"highrise": True}, True),
        ({"highrise"}, {"highrise": None}, True),
        ({"prohibited_zone"}, {"city": False, "highrise": False}, True),
    ],
)
def test_a_clause_applies_where_its_range_says_so_and_wherever_nobody_knows(
    places: set[str], place: dict[str, bool | None], applies: bool
) -> None:
    clause = Basis(id=9, item="QL-05", label="x", kind="duty", valid_from=None, valid_to=None, places=frozenset(places))
    assert clause.applies_at(Place(community=HERE, **place)) is applies


def test_a_clause_for_cities_is_no_basis_of_an_order_in_a_county() -> None:
    clause = replace(BASES[1], id=7, places=frozenset({"city"}), applies="仅设立的市的市区内")
    county = County(place=Place(community=HERE, compound=COMPOUND, office=OFFICE, township=TOWNSHIP, firm=FIRM, city=False))
    story = Story(county=county).handled()
    context = replace(story.context({}, None), bases={7: clause})
    act = Act(action="order", data={"basis": 7}, posting=OFFICER, at=story.at)
    refusal = basis_is_in_force(story.state, act, context)
    assert refusal is not None and "这里不适用：仅设立的市的市区内" in str(refusal)
    assert basis_is_in_force(story.state, act, replace(context, place=replace(context.place, city=True))) is None
