"""A fact is never refused for being late, at whatever stage it arrives; a decision out of order says what stage the case is at."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from huiyin.rules.workflow.judge import Refused, Unknown, first_thing
from huiyin.rules.workflow.table import ACTIONS, FACT
from huiyin.rules.workflow.vocabulary import Stage, Tier
from tests.rules.workflow.story import (
    CLERK,
    COORDINATOR,
    GARDENER,
    HEAD,
    MANAGER,
    MS_WU,
    OFFICER,
    PARKS,
    SECOND_OFFICER,
    Story,
    Who,
)

FACTS = [action for action, rows in ACTIONS.items() if rows[0].nature is FACT]
WHO: dict[str, Who] = {
    "attend": OFFICER,
    "dissuade": CLERK,
    "recheck": SECOND_OFFICER,
    "mediate": CLERK,
    "comply": OFFICER,
    "help": GARDENER,
    "property_reply": MANAGER,
    "supplement": MS_WU,
    "call": CLERK,
    "inspect": OFFICER,
    "interview": OFFICER,
    "test": OFFICER,
}


def prepared() -> tuple[Story, dict[str, int]]:
    """A case in hand with everything asked that a fact may answer: an order, an urge, a request."""
    story = Story().handled()
    order = story.ordered()
    story.do(OFFICER, "urge")
    urge = story.last
    story.do(OFFICER, "request_help")
    return story, {"comply": order, "property_reply": urge, "help": story.last}


def _handling(story: Story, answers: dict[str, int]) -> None:
    story.later(hours=1)


def _assigned(story: Story, answers: dict[str, int]) -> None:
    story.later(hours=1).do(COORDINATOR, "settle")


def _resolved(story: Story, answers: dict[str, int]) -> None:
    story.later(hours=1).do(OFFICER, "recall_help", of=answers["help"])
    story.do(OFFICER, "comply", of=answers["comply"], files=1)
    story.do(OFFICER, "resolve", result="corrected", proof="photo")


def _echoed(story: Story, answers: dict[str, int]) -> None:
    _resolved(story, answers)
    story.do(OFFICER, "echo")


def _closed(story: Story, answers: dict[str, int]) -> None:
    _echoed(story, answers)
    story.reach().do(MS_WU, "feedback")
    story.do(CLERK, "close")


def _transferred(story: Story, answers: dict[str, int]) -> None:
    story.later(hours=1).do(HEAD, "transfer")


def test_every_fact_has_somebody_who_records_it() -> None:
    assert set(WHO) == set(FACTS)


@pytest.mark.parametrize("action", FACTS)
@pytest.mark.parametrize("further", [_handling, _assigned, _resolved, _echoed, _closed, _transferred])
def test_a_fact_is_kept_at_whatever_stage_it_arrives(further: Callable[[Story, dict[str, int]], None], action: str) -> None:
    story, answers = prepared()
    happened = story.at
    further(story, answers)
    before = story.state
    claimed = None if action in {"supplement", "call"} else happened
    of = {"of": answers[action]} if action in answers else {}
    if action == "interview":
        of = {"second": SECOND_OFFICER.person}
    verdict = story.later(hours=1).do(WHO[action], action, claimed=claimed, **of)
    assert story.entries[-1].action == action
    assert verdict.late == (before.stage not in verdict.row.at)
    if verdict.late:
        assert (story.stage, story.state.since) == (before.stage, before.since)


def test_what_an_officer_saw_while_in_charge_is_kept_when_another_leads_by_now() -> None:
    story = Story().assigned()
    attended = story.later(hours=1).at
    story.later(hours=1).do(HEAD, "decline")
    story.do(COORDINATOR, "settle", item="LH-01", lead=PARKS)
    story.later(hours=1).do(OFFICER, "attend", claimed=attended)
    assert (story.stage, story.state.lead, story.state.handler) == (Stage.ASSIGNED, PARKS, None)


def test_who_had_no_part_in_it_then_has_none_now() -> None:
    story = Story().assigned()
    before = story.at
    story.later(hours=1).do(OFFICER, "attend")
    with pytest.raises(Unknown):
        story.later(hours=1).do(GARDENER, "attend", claimed=before)


DECISIONS_OUT_OF_ORDER = [
    (CLERK, "assign"), (OFFICER, "accept"), (OFFICER, "resolve"), (CLERK, "echo"), (CLERK, "close"), (OFFICER, "order"),
    (HEAD, "pause"), (CLERK, "refuse"), (CLERK, "merge"), (COORDINATOR, "settle"), (OFFICER, "decline"),
]  # fmt: skip


@pytest.mark.parametrize(("who", "action"), DECISIONS_OUT_OF_ORDER)
def test_a_decision_out_of_order_is_told_where_the_case_is(who: Who, action: str) -> None:
    story, answers = prepared()
    _closed(story, answers)
    with pytest.raises(Refused, match="件已到“已归档”"):
        story.do(who, action)


def test_the_page_puts_on_top_what_the_stage_waits_for() -> None:
    def top(story: Story, who: Who) -> str:
        choice = first_thing(list(story.options(who).values()), story.state)
        return choice.row.action if choice else ""

    story = Story()
    assert top(story, CLERK) == "assign"
    story.assigned()
    assert top(story, OFFICER) == "accept"
    story.do(OFFICER, "accept")
    assert top(story, OFFICER) == "attend"
    story.do(OFFICER, "attend")
    story.do(OFFICER, "dissuade")
    assert top(story, SECOND_OFFICER) == "recheck"
    story.ordered(signed=False)
    assert top(story, SECOND_OFFICER) == "countersign"
    story.do(SECOND_OFFICER, "countersign")
    assert top(story, OFFICER) == "comply"
    story.do(OFFICER, "comply", files=1)
    story.do(OFFICER, "resolve", result="corrected", proof="photo")
    assert top(story, OFFICER) == "echo"
    assert story.state.tier is Tier.ORDERED


def test_nothing_is_on_top_for_who_can_do_nothing() -> None:
    story = Story()
    assert first_thing(list(story.options(MANAGER).values()), story.state) is None
    assert story.stage is Stage.REPORTED


def test_somebody_goes_there_again_when_a_case_came_back() -> None:
    story = Story().handled()
    story.do(OFFICER, "attend")
    story.ordered()
    story.do(OFFICER, "comply", files=1)
    assert _on_top(story, OFFICER) == "resolve"
    story.do(OFFICER, "resolve", result="corrected", proof="photo")
    story.do(OFFICER, "echo")
    story.reach().later(days=1).do(CLERK, "dispute", report=next(iter(story.state.reports)))
    assert _on_top(story, OFFICER) == "attend"
    story.later(hours=2).do(OFFICER, "attend")
    assert _on_top(story, OFFICER) == "resolve"


def test_a_correction_found_before_a_case_came_back_does_not_settle_it_again() -> None:
    story = Story().handled()
    order = story.ordered()
    story.do(OFFICER, "comply", of=order, files=1)
    story.do(OFFICER, "resolve", result="corrected", proof="photo")
    story.do(OFFICER, "echo")
    story.reach().later(days=1).do(CLERK, "dispute", report=next(iter(story.state.reports)))
    story.later(hours=2)
    with pytest.raises(Refused, match="没有“已停止”的复查") as refused:
        story.do(OFFICER, "resolve", result="corrected", proof="photo", files=1)
    assert refused.value.refusal.fix == "recheck"
    story.do(OFFICER, "comply", of=order, files=1)
    story.do(OFFICER, "resolve", result="corrected", proof="photo")
    assert story.stage is Stage.RESOLVED


def _on_top(story: Story, who: Who) -> str:
    choice = first_thing(list(story.options(who).values()), story.state)
    return choice.row.action if choice else ""
