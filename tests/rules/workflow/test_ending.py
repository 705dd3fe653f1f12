"""Settled, answered, disputed, filed: what a result needs, what an echo is, and when a case may rest."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huiyin.rules.workflow.guards.ending import closing_time
from huiyin.rules.workflow.judge import Refused, Unknown
from huiyin.rules.workflow.vocabulary import Outcome, Stage, Tier
from tests.rules.workflow.story import (
    CLERK,
    CLOCK,
    COORDINATOR,
    FIREMAN,
    GARDENER,
    HEAD,
    JUSTICE_OFFICER,
    MANAGER,
    MONDAY,
    MS_WU,
    NEIGHBOURS,
    OFFICER,
    OLD_SOFA,
    PARKS,
    SECOND_CLERK,
    SECOND_FIREMAN,
    SECOND_OFFICER,
    STAIRWELL,
    Story,
)

NIGHT = timedelta(hours=14, minutes=59)  # from nine in the morning to a minute before midnight


def test_the_whole_story() -> None:
    """Ms Wu tells of poultry; it is persuaded, ordered, gone; she disputes once and is satisfied; the case is filed."""
    story = Story().handled()
    story.later(hours=2).do(OFFICER, "attend", files=2)
    story.do(OFFICER, "dissuade", stopped="no")
    order = story.ordered()
    story.later(days=1).do(OFFICER, "comply", of=order, files=1)
    story.do(OFFICER, "resolve", result="corrected", proof="photo")
    story.do(OFFICER, "echo")
    story.later(hours=1).reach()
    story.later(days=1).do(MS_WU, "dispute")
    assert (story.stage, story.state.handler, story.state.outcome) == (Stage.HANDLING, OFFICER.person, None)
    story.later(days=1).do(SECOND_OFFICER, "recheck", state="stopped", files=1)
    story.do(OFFICER, "resolve", result="corrected", proof="photo")
    story.do(CLERK, "echo")
    story.reach().do(MS_WU, "feedback")
    story.do(CLERK, "close")
    state = story.state
    assert (state.stage, state.tier, state.outcome, state.disputes) == (Stage.CLOSED, Tier.ORDERED, Outcome.CORRECTED, 1)


# ── results and their proofs ─────────────────────────────────────────────────────────────────


def test_stopped_needs_a_check_by_another_hand() -> None:
    story = Story().handled()
    story.do(OFFICER, "dissuade")
    with pytest.raises(Refused, match="还没有复查"):
        story.do(OFFICER, "resolve", result="stopped")
    story.later(hours=1).do(OFFICER, "recheck", state="stopped", files=1)
    with pytest.raises(Refused, match="请换一个人"):
        story.do(OFFICER, "resolve", result="stopped")
    story.do(SECOND_OFFICER, "recheck", state="stopped")
    story.do(OFFICER, "resolve", result="stopped", proof="photo")


@pytest.mark.parametrize("state", ["continuing", "unseen"])
def test_the_last_check_counts(state: str) -> None:
    story = Story().handled().persuaded()
    story.later(hours=1).do(CLERK, "recheck", state=state)
    with pytest.raises(Refused, match="最近一次复查"):
        story.do(OFFICER, "resolve", result="stopped")


def test_the_last_check_is_the_one_that_happened_last() -> None:
    story = Story().handled()
    story.do(OFFICER, "dissuade")
    morning = story.later(hours=1).at
    story.later(hours=8).do(SECOND_OFFICER, "recheck", state="stopped", files=1)
    story.later(hours=1).do(CLERK, "recheck", state="continuing", claimed=morning)
    story.do(OFFICER, "resolve", result="stopped", proof="photo")


def test_a_check_from_before_a_later_persuasion_tells_nothing() -> None:
    story = Story().handled().persuaded()
    story.later(days=1).do(OFFICER, "dissuade")
    with pytest.raises(Refused, match="请再去看一次"):
        story.do(OFFICER, "resolve", result="stopped", proof="photo")


def test_what_came_back_is_not_settled_with_what_was_there_before() -> None:
    story = Story().echoed()
    story.later(hours=1).do(MS_WU, "dispute")
    with pytest.raises(Refused, match="请再去看一次"):
        story.later(hours=1).do(OFFICER, "resolve", result="stopped", proof="photo")
    story.do(SECOND_OFFICER, "recheck", state="stopped")
    with pytest.raises(Refused, match="照片或记录"):
        story.do(OFFICER, "resolve", result="stopped", proof="photo")
    story.do(SECOND_OFFICER, "recheck", state="stopped", files=1)
    story.do(OFFICER, "resolve", result="stopped", proof="photo")


def test_a_wrong_check_is_corrected_and_then_counts_as_corrected() -> None:
    story = Story().handled().persuaded()
    story.do(SECOND_OFFICER, "correct", of=story.last, fact="found", state="continuing")
    with pytest.raises(Refused, match="最近一次复查"):
        story.do(OFFICER, "resolve", result="stopped", proof="photo")


def test_safety_matters_are_never_merely_stopped() -> None:
    story = Story(STAIRWELL).handled().persuaded()
    with pytest.raises(Refused, match="安全底线"):
        story.do(FIREMAN, "resolve", result="stopped", proof="photo")


def test_a_safety_matter_is_corrected_when_another_officer_of_the_lead_saw_it() -> None:
    story = Story(STAIRWELL).handled()
    story.do(FIREMAN, "dissuade")
    story.later(hours=1).do(CLERK, "recheck", state="stopped", files=1)
    with pytest.raises(Refused, match="没有参与劝阻的执法人员"):
        story.do(FIREMAN, "resolve", result="corrected", proof="photo")
    story.do(SECOND_FIREMAN, "recheck", state="stopped")
    story.do(FIREMAN, "resolve", result="corrected", proof="photo")


def test_a_safety_matter_is_not_corrected_by_another_departments_word() -> None:
    story = Story(STAIRWELL).assigned(cooperating=[PARKS])
    story.do(FIREMAN, "accept")
    story.do(FIREMAN, "dissuade")
    story.later(hours=1).do(GARDENER, "recheck", state="stopped", files=1)
    with pytest.raises(Refused, match="牵头部门"):
        story.do(FIREMAN, "resolve", result="corrected", proof="photo")


def test_corrected_after_an_order_needs_its_yes() -> None:
    story = Story().handled().persuaded()
    order = story.ordered()
    with pytest.raises(Refused, match="责令改正还没有"):
        story.do(OFFICER, "resolve", result="corrected", proof="photo")
    story.do(OFFICER, "comply", of=order)
    story.do(OFFICER, "resolve", result="corrected", proof="photo")


@pytest.mark.parametrize(
    "result", ["punished", "withdrawn", "coordinated", "unfounded", "not_found", "dealt_with", "repaired", "no_means"]
)
def test_a_result_needs_the_act_it_speaks_of(result: str) -> None:
    story = Story().handled()
    story.do(SECOND_OFFICER, "note")
    with pytest.raises(Refused) as refused:
        story.do(OFFICER, "resolve", result=result, proof="photo", files=1)
    assert refused.value.refusal.rule == "MA-13"


def test_a_photo_from_before_the_last_assignment_proves_nothing() -> None:
    story = Story().handled()
    story.do(OFFICER, "attend", files=1)
    story.later(hours=1).do(COORDINATOR, "settle")
    story.do(OFFICER, "accept")
    with pytest.raises(Refused, match="照片或记录"):
        story.do(OFFICER, "resolve", result="unfounded", proof="photo")
    story.do(OFFICER, "resolve", result="unfounded", proof="photo", files=1)


def test_the_reporters_word_needs_a_call_that_reached_them() -> None:
    story = Story().handled()
    story.do(OFFICER, "attend")
    story.do(CLERK, "call", reached="no")
    with pytest.raises(Refused, match="打电话问一问"):
        story.do(OFFICER, "resolve", result="repaired", proof="word")
    story.do(CLERK, "call", reached="yes")
    story.do(OFFICER, "resolve", result="repaired", proof="word")


def test_a_word_is_no_proof_that_nothing_was_there() -> None:
    story = Story().handled()
    story.do(OFFICER, "attend")
    with pytest.raises(Refused, match="不能只凭反映人的话"):
        story.do(OFFICER, "resolve", result="unfounded", proof="word")


def test_a_quarrel_of_neighbours_is_mediated() -> None:
    story = Story(NEIGHBOURS).handled()
    story.do(JUSTICE_OFFICER, "mediate", outcome="failed")
    story.do(JUSTICE_OFFICER, "resolve", result="no_means", proof="word")
    assert (story.stage, story.state.tier) == (Stage.RESOLVED, Tier.NONE)


def test_a_firm_settles_what_it_leads_and_answers_it() -> None:
    story = Story(OLD_SOFA).handled()
    story.do(MANAGER, "attend", files=1)
    story.do(MANAGER, "resolve", result="dealt_with", proof="photo")
    story.do(MANAGER, "echo")
    assert story.stage is Stage.ECHOED


# ── the echo ─────────────────────────────────────────────────────────────────────────────────


def test_the_second_echo_is_written_by_another_hand() -> None:
    story = Story().echoed()
    story.do(MS_WU, "dispute")
    story.later(hours=1).resolved()
    with pytest.raises(Refused, match="换一位同事"):
        story.do(OFFICER, "echo")
    story.do(SECOND_OFFICER, "echo")
    assert story.stage is Stage.ECHOED


def test_who_left_no_contact_can_read_it_at_once_and_others_when_it_reached_them() -> None:
    story = Story(contact=())
    story.joined(2, contact=("phone",))
    story.echoed(reached=False)
    assert [given.available for given in story.state.active] == [story.at, None]
    story.later(hours=2).do(CLERK, "call", report=2, reached="yes")
    assert story.state.reports[2].available == story.at


def test_a_delivery_makes_the_echo_available_also_when_it_failed() -> None:
    for outcome in ("delivered", "failed"):
        story = Story(contact=("email",)).echoed(reached=False)
        story.later(minutes=5).do(CLOCK, "deliver", report=1, of=story.state.echo_seq, outcome=outcome)
        assert story.state.reports[1].available == story.at


def test_the_delivery_of_an_older_echo_says_nothing_about_the_latest() -> None:
    story = Story(contact=("email",)).echoed(reached=False)
    first = story.state.echo_seq
    story.do(MS_WU, "dispute")
    story.later(hours=1).resolved().do(CLERK, "echo")
    story.do(CLOCK, "deliver", report=1, of=first)
    assert story.state.reports[1].available is None


def test_three_tries_on_two_days_count_as_reached() -> None:
    story = Story().echoed(reached=False)
    for hours, reached in ((1, False), (1, False), (20, True)):
        story.later(hours=hours).do(CLERK, "call", reached="no")
        assert (story.state.reports[1].available is not None) is reached
    assert story.state.reports[1].available == story.at


def test_three_tries_on_one_day_do_not() -> None:
    story = Story().echoed(reached=False)
    for _ in range(5):
        story.later(minutes=30).do(CLERK, "call", reached="no")
    assert story.state.reports[1].available is None


def test_calls_from_before_the_echo_do_not_count_for_it() -> None:
    story = Story().handled()
    called = story.at
    story.persuaded().echoed(reached=False)
    story.later(hours=1).do(CLERK, "call", reached="yes", claimed=called)
    assert story.state.reports[1].available is None


def test_a_new_echo_asks_for_the_verdict_anew() -> None:
    story = Story().echoed()
    story.do(MS_WU, "feedback")
    story.do(COORDINATOR, "reopen")
    story.later(hours=1).resolved().do(CLERK, "echo")
    assert (story.state.reports[1].satisfied, story.state.reports[1].available) == (None, None)


# ── disputed ─────────────────────────────────────────────────────────────────────────────────


def test_a_dispute_is_heard_until_the_fifteenth_day_ends() -> None:
    story = Story().echoed()
    story.at = MONDAY + timedelta(days=15) + NIGHT
    story.do(MS_WU, "dispute")
    assert story.stage is Stage.HANDLING


def test_on_the_sixteenth_day_it_is_a_new_report() -> None:
    story = Story().echoed()
    story.at = MONDAY + timedelta(days=16) - timedelta(hours=9)
    with pytest.raises(Refused, match="已经过了 15 天"):
        story.do(MS_WU, "dispute")


def test_the_days_of_whom_nobody_has_reached_have_not_begun() -> None:
    story = Story().echoed(reached=False)
    story.later(days=40).do(MS_WU, "dispute")
    assert story.stage is Stage.HANDLING


def test_the_days_are_counted_from_when_this_reporter_could_read_it() -> None:
    story = Story()
    neighbour = story.joined(2)
    story.echoed(reached=False)
    story.do(CLERK, "call", report=1, reached="yes")
    story.later(days=10).do(CLERK, "call", report=2, reached="yes")
    story.later(days=12)
    with pytest.raises(Refused, match="15 天"):
        story.do(MS_WU, "dispute")
    story.do(neighbour, "dispute")
    assert story.stage is Stage.HANDLING


def disputed(times: int) -> Story:
    """Disputed so often, each time settled and answered again by another hand."""
    story = Story().echoed()
    for _ in range(times):
        story.later(hours=1).do(MS_WU, "dispute")
        if story.stage is Stage.HANDLING:
            story.later(hours=1).resolved().do(CLERK, "echo")
            story.reach()
    return story


def test_the_first_two_disputes_bring_the_case_back_and_the_third_stays() -> None:
    story = disputed(2)
    assert (story.stage, story.state.disputes) == (Stage.ECHOED, 2)
    story.do(MS_WU, "dispute")
    assert (story.stage, story.state.disputes, story.state.outcome) == (Stage.ECHOED, 3, Outcome.STOPPED)


def test_a_dispute_while_the_case_is_back_is_kept_as_a_supplement_and_counted() -> None:
    story = Story()
    neighbour = story.joined(2)
    story.echoed()
    story.do(MS_WU, "dispute")
    story.do(neighbour, "supplement", dispute="yes")
    assert (story.stage, story.state.disputes) == (Stage.HANDLING, 2)


def test_one_person_is_counted_once_for_each_answer_however_often_they_write() -> None:
    story = Story().echoed()
    story.do(MS_WU, "dispute")
    for _ in range(5):
        story.later(minutes=5).do(MS_WU, "supplement", dispute="yes")
    assert story.state.disputes == 1
    story.later(hours=1).resolved().do(CLERK, "echo")
    story.later(hours=1).do(MS_WU, "dispute")
    assert (story.stage, story.state.disputes) == (Stage.HANDLING, 2)


def test_only_after_a_third_dispute_is_an_answer_upheld_and_then_nobody_disputes() -> None:
    with pytest.raises(Refused, match="第三次"):
        disputed(2).do(COORDINATOR, "uphold")
    story = disputed(3)
    story.do(COORDINATOR, "uphold")
    with pytest.raises(Refused, match="已经维持"):
        story.do(MS_WU, "dispute")


def test_a_third_dispute_is_not_filed_away_unanswered() -> None:
    story = disputed(3).later(days=20)
    with pytest.raises(Refused, match="先维持答复或退回重办"):
        story.do(CLOCK, "close")
    story.do(COORDINATOR, "uphold")
    story.do(CLOCK, "close")


def test_the_coordinator_reopens_instead() -> None:
    story = disputed(3)
    story.do(COORDINATOR, "reopen")
    assert story.stage is Stage.HANDLING


def test_who_took_the_report_back_disputes_nothing() -> None:
    story = Story()
    story.joined(2)
    story.do(MS_WU, "retract")
    story.echoed()
    with pytest.raises(Refused, match="已经撤回"):
        story.do(MS_WU, "dispute")


def test_dissatisfaction_alone_is_counted_and_blocks_nothing() -> None:
    story = Story().echoed()
    story.do(MS_WU, "feedback", satisfied="no")
    assert story.state.reports[1].satisfied is False
    story.later(days=16).do(CLOCK, "close")


# ── filed ────────────────────────────────────────────────────────────────────────────────────


def test_a_case_is_filed_when_every_reporter_said_satisfied() -> None:
    story = Story()
    neighbour = story.joined(2)
    story.echoed()
    story.do(MS_WU, "feedback")
    with pytest.raises(Refused, match="满 15 天"):
        story.do(CLERK, "close")
    story.do(neighbour, "feedback")
    story.do(CLERK, "close")
    assert story.stage is Stage.CLOSED


def test_a_case_is_filed_when_the_fifteenth_day_is_over_and_not_a_minute_before() -> None:
    story = Story().echoed()
    story.at = MONDAY + timedelta(days=15) + NIGHT
    with pytest.raises(Refused, match="满 15 天"):
        story.do(CLOCK, "close")
    story.later(minutes=1)
    assert closing_time(story.state) == story.at
    story.do(CLOCK, "close")


def test_a_case_is_not_filed_while_somebody_has_not_had_the_echo() -> None:
    story = Story().echoed(reached=False).later(days=90)
    with pytest.raises(Refused, match="还有反映人没收到"):
        story.do(CLOCK, "close")


def test_the_last_one_reached_decides_when_it_is_filed() -> None:
    story = Story(contact=())
    story.joined(2)
    story.echoed(reached=False)
    story.later(days=10).do(CLERK, "call", report=2, reached="yes")
    assert closing_time(story.state) == MONDAY.replace(hour=0) + timedelta(days=10 + 16)


def test_a_filed_case_is_reopened_by_the_coordinator_only() -> None:
    story = Story().echoed()
    story.do(MS_WU, "feedback")
    story.do(CLERK, "close")
    for other in (CLERK, OFFICER, HEAD):
        with pytest.raises((Refused, Unknown)):
            story.do(other, "reopen")
    story.do(COORDINATOR, "reopen")
    assert (story.stage, story.state.handler) == (Stage.HANDLING, OFFICER.person)


def test_the_community_sends_an_answer_back_before_it_is_given() -> None:
    story = Story().resolved()
    story.do(SECOND_CLERK, "reopen")
    assert story.stage is Stage.HANDLING


def test_a_refusal_that_is_reopened_starts_anew() -> None:
    story = Story()
    story.do(CLERK, "refuse")
    story.do(COORDINATOR, "reopen")
    assert story.stage is Stage.REPORTED
