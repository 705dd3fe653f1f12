"""A report comes in and somebody answers for it: assigned, declined, settled, merged, split, taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huiyin.rules.workflow.judge import Refused, Stale, Unknown
from huiyin.rules.workflow.vocabulary import Outcome, Stage
from tests.rules.workflow.story import (
    CITY,
    CLERK,
    CLOCK,
    COORDINATOR,
    COURT,
    CUSTODIAN,
    DEPUTY,
    FIRM,
    GARDENER,
    HEAD,
    JUSTICE_OFFICER,
    MANAGER,
    MS_WU,
    NEIGHBOURS,
    OFFICE,
    OFFICER,
    OLD_SOFA,
    OTHER_FIRM,
    PARKS,
    POULTRY,
    POWER,
    SECOND_CLERK,
    SECOND_OFFICER,
    STAIRWELL,
    STRANGER,
    TREES,
    WITHOUT_A_FIRM,
    Story,
)

# ── assigned and accepted ────────────────────────────────────────────────────────────────────


def test_an_assigned_case_has_an_item_and_a_lead_and_a_handled_one_somebody_in_charge() -> None:
    story = Story().assigned(cooperating=[PARKS])
    assert (story.state.item, story.state.lead, story.state.cooperating) == (POULTRY.code, CITY, {PARKS})
    story.do(OFFICER, "accept")
    assert (story.stage, story.state.handler) == (Stage.HANDLING, OFFICER.person)


def test_nobody_both_leads_and_cooperates() -> None:
    assert Story().assigned(cooperating=[CITY, PARKS]).state.cooperating == {PARKS}


@pytest.mark.parametrize("body", [COURT, POWER])
def test_partners_get_no_cases(body: int) -> None:
    with pytest.raises(Refused, match="不能牵头"):
        Story().assigned(lead=body)


def test_the_court_does_not_cooperate_either() -> None:
    with pytest.raises(Refused, match="法院"):
        Story().assigned(cooperating=[COURT])


def test_a_firm_gets_a_case_only_under_its_contract() -> None:
    with pytest.raises(Refused, match="没有这个小区的合同"):
        Story(OLD_SOFA).assigned(lead=OTHER_FIRM)
    assert Story(OLD_SOFA).assigned().state.lead == FIRM


def test_entrusted_first_stays_entrusted_when_a_colleague_accepts() -> None:
    story = Story().assigned()
    story.do(HEAD, "entrust", person=SECOND_OFFICER.person)
    story.do(OFFICER, "accept")
    assert story.state.handler == SECOND_OFFICER.person


def test_a_head_who_accepts_may_name_another_and_does_not_become_the_handler() -> None:
    story = Story().assigned()
    story.do(HEAD, "accept", person=OFFICER.person)
    assert story.state.handler == OFFICER.person


def test_only_somebody_of_the_lead_is_entrusted() -> None:
    with pytest.raises(Refused, match="牵头单位的人"):
        Story().handled().do(HEAD, "entrust", person=GARDENER.person)


def test_officers_may_take_on_what_they_reported_when_the_list_names_their_department() -> None:
    story = Story(by=OFFICER)
    story.do(OFFICER, "assign")
    story.do(OFFICER, "accept")
    assert story.stage is Stage.HANDLING


def test_officers_do_not_hand_their_report_to_another_department() -> None:
    with pytest.raises(Refused, match="不是本部门牵头"):
        Story(TREES, by=OFFICER).do(OFFICER, "assign")


def test_a_stranger_can_do_nothing() -> None:
    story = Story().handled()
    assert story.options(STRANGER) == {}
    with pytest.raises(Unknown):
        story.do(STRANGER, "note", words="看看")


def test_a_refused_matter_is_echoed_and_a_dispute_brings_it_back_to_the_start() -> None:
    story = Story()
    story.do(CLERK, "refuse")
    assert (story.stage, story.state.outcome) == (Stage.RESOLVED, Outcome.REFUSED)
    story.do(CLERK, "echo")
    story.reach().do(MS_WU, "dispute")
    assert (story.stage, story.state.outcome) == (Stage.REPORTED, None)


# ── declined and settled ─────────────────────────────────────────────────────────────────────


def test_the_first_decline_by_another_than_the_lists_lead_is_assigned_again() -> None:
    story = Story().assigned(lead=PARKS)
    story.do(GARDENER, "decline")
    assert (story.stage, story.state.declines, story.state.lead, story.state.settle_needed) == (Stage.REPORTED, 1, None, False)
    story.assigned()


def test_two_declines_call_for_the_coordinator() -> None:
    story = Story().assigned(lead=PARKS)
    story.do(GARDENER, "decline")
    story.assigned(lead=PARKS).do(GARDENER, "decline")
    with pytest.raises(Refused, match="管辖协调"):
        story.assigned()
    story.do(COORDINATOR, "settle")
    assert (story.stage, story.state.settled) == (Stage.ASSIGNED, True)


def test_one_decline_by_the_lists_own_lead_calls_for_the_coordinator() -> None:
    story = Story().assigned()
    story.do(OFFICER, "decline")
    with pytest.raises(Refused, match="管辖协调") as refused:
        story.assigned()
    assert (refused.value.refusal.rule, refused.value.refusal.fix) == ("NA-03", "settle")
    with pytest.raises(Refused, match="只有协调监督"):
        story.do(CLERK, "refuse")
    story.do(COORDINATOR, "refuse")
    assert story.stage is Stage.RESOLVED


def test_a_wrong_item_is_not_counted_unless_the_same_item_returns() -> None:
    story = Story().assigned()
    story.do(OFFICER, "decline", reason="own_mistake")
    assert (story.state.declines, story.state.settle_needed) == (0, False)
    story.assigned(item=TREES.code, lead=PARKS).do(GARDENER, "decline", reason="own_mistake")
    assert (story.state.declines, story.state.settle_needed) == (0, False)
    story.assigned(item=POULTRY.code, lead=CITY).do(OFFICER, "decline", reason="own_mistake")
    assert (story.state.declines, story.state.settle_needed) == (1, True)


def test_after_settling_nobody_declines() -> None:
    story = Story().assigned()
    story.do(OFFICER, "decline")
    story.do(COORDINATOR, "settle")
    with pytest.raises(Refused, match="不能再退回"):
        story.do(OFFICER, "decline")


def test_a_designation_names_its_document() -> None:
    with pytest.raises(Refused, match="文件号"):
        Story().do(COORDINATOR, "settle", ground="designated")
    Story().do(COORDINATOR, "settle", ground="designated", document="安府办〔2026〕7号")


def test_nothing_is_declined_while_an_order_is_open() -> None:
    story = Story().handled()
    story.ordered()
    with pytest.raises(Refused, match="责令改正还没有结果"):
        story.do(OFFICER, "decline")


def test_an_order_does_not_hinder_settling() -> None:
    story = Story().handled()
    story.ordered()
    story.do(COORDINATOR, "settle", lead=PARKS)
    assert (story.stage, story.state.lead, story.state.handler) == (Stage.ASSIGNED, PARKS, None)


def test_the_community_hands_on_what_a_firm_leads_but_not_what_a_department_leads() -> None:
    story = Story(OLD_SOFA).assigned()
    story.do(CLERK, "reassign", lead=OFFICE)
    assert (story.state.lead, story.state.handler) == (OFFICE, None)
    with pytest.raises(Unknown):
        Story().handled().do(STRANGER, "reassign")
    with pytest.raises(Refused, match="身份"):
        Story().handled().do(CLERK, "reassign", lead=OFFICE)


def test_the_clock_hands_a_firms_cases_to_the_office_when_its_contract_ends() -> None:
    story = Story(OLD_SOFA).handled()
    story.do(CLOCK, "reassign", lead=OFFICE)
    assert (story.stage, story.state.lead) == (Stage.ASSIGNED, OFFICE)


def test_another_item_of_the_same_lead_changes_no_hands() -> None:
    story = Story().handled()
    story.do(OFFICER, "reclassify", item="ZS-04")
    assert (story.stage, story.state.item, story.state.handler) == (Stage.HANDLING, "ZS-04", OFFICER.person)


def test_another_item_of_another_lead_goes_to_that_lead() -> None:
    story = Story().handled()
    story.do(CLERK, "reclassify", item=TREES.code)
    assert (story.stage, story.state.item, story.state.lead, story.state.handler) == (Stage.ASSIGNED, TREES.code, PARKS, None)


# ── nobody oversees their own ────────────────────────────────────────────────────────────────


def test_what_the_justice_bureau_leads_is_overseen_by_the_named_deputy() -> None:
    story = Story(NEIGHBOURS).assigned()
    assert story.options(COORDINATOR) == {}
    assert "settle" in story.options(DEPUTY)
    with pytest.raises(Unknown):
        story.do(COORDINATOR, "sample")
    story.do(DEPUTY, "sample")


def test_what_others_lead_is_overseen_by_the_bureau_and_not_by_the_deputy() -> None:
    story = Story().assigned()
    assert story.options(DEPUTY) == {}
    assert "settle" in story.options(COORDINATOR)


def test_where_the_lead_has_no_head_the_coordinator_stands_in_for_four_things_only() -> None:
    story = Story(STAIRWELL).handled()
    assert {"entrust", "extend", "pause", "transfer"} <= set(story.options(COORDINATOR))
    assert {"entrust", "extend", "pause"}.isdisjoint(Story().handled().options(COORDINATOR))
    assert {"resolve", "accept", "order"}.isdisjoint(story.options(COORDINATOR))


def test_the_deputy_stands_in_for_the_bureaus_own_head() -> None:
    assert "entrust" in Story(NEIGHBOURS).assigned().options(DEPUTY)
    assert "accept" in Story(NEIGHBOURS).assigned().options(JUSTICE_OFFICER)


# ── joined, merged, split ────────────────────────────────────────────────────────────────────


def test_a_merge_moves_every_report_and_leaves_the_case_without() -> None:
    one, other = Story(), Story(report=3)
    one.joined(2)
    one.merge_into(other)
    assert (one.stage, one.state.outcome, dict(one.state.reports)) == (Stage.CLOSED, Outcome.MERGED, {})
    assert sorted(other.state.reports) == [1, 2, 3]
    assert other.stage is Stage.REPORTED


def test_a_merged_case_is_never_reopened() -> None:
    one, other = Story(), Story()
    one.merge_into(other)
    with pytest.raises(Refused, match="已并案"):
        one.do(COORDINATOR, "reopen")


def test_a_case_is_not_merged_into_itself_nor_into_one_that_ended() -> None:
    story, ended = Story(), Story().echoed()
    with pytest.raises(Refused, match="不能并入自己"):
        story.merge_into(story)
    with pytest.raises(Refused, match="已经办结"):
        story.merge_into(ended)


def test_nothing_is_merged_over_an_open_order_pause_or_request() -> None:
    ordered, paused, asked = Story().handled(), Story().handled(), Story().handled()
    ordered.ordered(signed=False)
    paused.do(HEAD, "pause")
    asked.do(OFFICER, "request_help")
    for story in (ordered, paused, asked):
        with pytest.raises(Refused):
            story.merge_into(Story())


def test_a_split_takes_the_report_along_with_its_own_time() -> None:
    story = Story()
    neighbour = story.later(hours=3).joined(2)
    joined = story.at
    other = story.later(hours=1).split(2)
    assert sorted(story.state.reports) == [1]
    assert sorted(other.state.reports) == [2]
    assert (other.stage, other.state.opened, other.state.reports[2].contact) == (Stage.REPORTED, joined, ("phone",))
    other.do(neighbour, "supplement")
    with pytest.raises(Refused, match="不在这一件"):
        story.do(neighbour, "retract")


def test_a_split_undoes_a_merge() -> None:
    one, other = Story(), Story(report=9)
    one.merge_into(other)
    again = other.split(1)
    assert (sorted(other.state.reports), sorted(again.state.reports)) == ([9], [1])


def test_at_least_one_report_or_the_item_stays_behind() -> None:
    with pytest.raises(Refused, match="至少要留下一条"):
        Story().split(1)
    assert Story().assigned().split(1).stage is Stage.REPORTED


def test_only_reports_of_this_case_are_split_off() -> None:
    with pytest.raises(Refused, match="已经不在这一件"):
        Story().assigned().do(CLERK, "split", reports=[77])


# ── taken back ───────────────────────────────────────────────────────────────────────────────


def test_the_last_report_taken_back_before_anybody_took_it_on_ends_the_case_with_an_echo() -> None:
    story = Story().assigned()
    story.do(MS_WU, "retract")
    assert (story.stage, story.state.outcome) == (Stage.ECHOED, Outcome.WITHDRAWN)
    story.do(CLERK, "close")


def test_a_case_goes_on_while_others_are_on_it() -> None:
    story = Story()
    neighbour = story.joined(2)
    story.do(MS_WU, "retract")
    assert story.stage is Stage.REPORTED
    story.do(neighbour, "retract")
    assert story.stage is Stage.ECHOED


def test_a_safety_matter_goes_on_though_nobody_reports_it_any_more() -> None:
    story = Story(STAIRWELL).assigned()
    story.do(MS_WU, "retract")
    assert (story.stage, story.state.active) == (Stage.ASSIGNED, ())


def test_a_case_that_was_kept_is_not_ended_by_taking_the_same_report_back_twice() -> None:
    story = Story()
    story.do(CLERK, "retract", report=1, keep="yes")
    assert story.stage is Stage.REPORTED
    with pytest.raises(Refused, match="已经撤回"):
        story.do(MS_WU, "retract")


def test_a_case_in_hand_goes_on_without_its_reporters() -> None:
    story = Story().handled()
    story.do(MS_WU, "retract")
    assert story.stage is Stage.HANDLING


@pytest.mark.parametrize("action", ["retract", "call"])
def test_no_act_names_a_report_of_another_case(action: str) -> None:
    with pytest.raises(Refused, match="不在这一件"):
        Story().do(CLERK, action, report=77)


# ── asked ────────────────────────────────────────────────────────────────────────────────────


def test_a_question_waits_for_its_answer_before_the_next() -> None:
    story = Story()
    story.do(CLERK, "ask")
    with pytest.raises(Refused, match="还没有答复"):
        story.do(CLERK, "ask")
    story.later(hours=5).do(MS_WU, "supplement")
    assert story.state.questions[0].answered == story.at
    story.do(CLERK, "ask")


def test_a_firm_sees_a_matter_at_the_start_only_when_it_is_asked_to_dissuade() -> None:
    story = Story()
    assert story.options(MANAGER) == {}
    story.do(CLERK, "ask_dissuade")
    assert set(story.options(MANAGER)) == {"dissuade", "correct"}
    story.do(MANAGER, "dissuade")
    assert (story.stage, story.state.tier) == (Stage.REPORTED, "persuaded")


def test_without_a_firm_the_community_is_asked() -> None:
    story = Story(county=WITHOUT_A_FIRM)
    story.do(CLERK, "ask_dissuade")
    assert story.state.tasked == {OFFICE}
    with pytest.raises(Refused, match="只能请这个小区"):
        story.do(CLERK, "ask_dissuade", firm=FIRM)


# ── two at once ──────────────────────────────────────────────────────────────────────────────


def test_a_decision_on_an_old_page_is_refused() -> None:
    story = Story()
    page = story.last
    story.assigned()
    with pytest.raises(Stale, match="刚由他人处理"):
        story.do(SECOND_CLERK, "refuse", seen=page)
    with pytest.raises(Stale):
        story.do(SECOND_CLERK, "ask", seen=page)


def test_what_residents_add_calls_and_notes_disturb_no_page() -> None:
    story = Story()
    page = story.last
    story.joined(2)
    story.do(MS_WU, "supplement")
    story.do(CLERK, "call")
    story.do(CLERK, "note")
    story.do(CUSTODIAN, "disclose")
    story.do(CLERK, "reissue")
    story.do(COORDINATOR, "sample")
    story.do(SECOND_CLERK, "assign", seen=page)
    assert story.stage is Stage.ASSIGNED


def test_a_recheck_or_an_answer_to_an_order_disturbs() -> None:
    story = Story().handled()
    page = story.last
    story.do(SECOND_OFFICER, "recheck", state="continuing")
    with pytest.raises(Stale):
        story.do(OFFICER, "request_help", seen=page)


def test_a_fact_is_never_stale() -> None:
    story = Story().handled()
    story.do(HEAD, "entrust")
    assert story.do(OFFICER, "attend", seen=1).late is False


def test_what_a_custodian_typed_in_another_custodian_looks_at() -> None:
    story = Story(by=CUSTODIAN)
    with pytest.raises(Refused, match="另一位保管员"):
        story.do(CUSTODIAN, "disclose", report=1)


def test_only_who_wrote_it_or_the_coordinator_corrects() -> None:
    story = Story().handled()
    story.do(OFFICER, "attend")
    with pytest.raises(Refused, match="只有写这一条的人"):
        story.do(CLERK, "correct", of=story.last, fact="words")
    story.do(OFFICER, "correct", of=story.last, fact="words")
    story.do(COORDINATOR, "correct", of=story.last, fact="words")


def test_a_wrong_compound_is_set_right_and_the_wrong_one_stays_to_be_read() -> None:
    story = Story()
    story.do(COORDINATOR, "correct", of=1, fact="compound", compound=8)
    assert (story.state.place, story.entries[0].data["compound"]) == (8, 5)
    with pytest.raises(Refused, match="正确的小区"):
        story.do(COORDINATOR, "correct", of=1, fact="compound")


def test_moments_are_kept_in_order() -> None:
    story = Story()
    story.later(hours=1).assigned()
    assert story.state.since - story.state.opened == timedelta(hours=1)
