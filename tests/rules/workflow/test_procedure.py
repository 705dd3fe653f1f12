"""The path of a file: each step done, now, waiting for somebody, or not needed."""

from __future__ import annotations

from datetime import date

import pytest

from huiyin.rules.workflow import procedure
from huiyin.rules.workflow.judge import FIRST_THINGS, OF_A_FILE, first_thing
from huiyin.rules.workflow.procedure import ACTS, Mark
from huiyin.rules.workflow.table import ACTIONS
from huiyin.rules.workflow.vocabulary import Role
from tests.rules.workflow.inquest import Inquest, begun
from tests.rules.workflow.story import CALENDAR, HEAD, OFFICER, RUBBISH, SECOND_OFFICER, Posting

LITTER = 18


def marks(story: Inquest) -> dict[str, str]:
    return {step.code: step.mark.value for step in path(story)}


def path(story: Inquest) -> list[procedure.Step]:
    [file] = story.state.inquiry.files.values()
    return procedure.path_of(story.state, file, story.today, CALENDAR)


def now(story: Inquest) -> tuple[str, Mark, Role | None]:
    step = next(step for step in path(story) if step.mark in {Mark.NOW, Mark.WAITS})
    return step.action, step.mark, step.whose


def first(story: Inquest, who: Posting) -> str:
    waited_for = procedure.next_actions(story.state, story.today, CALENDAR)
    choice = first_thing(list(story.options(who).values()), story.state, waited_for)
    return choice.row.action if choice else ""


def test_every_step_is_made_good_by_acts_of_the_table() -> None:
    assert {action for actions in ACTS.values() for action in actions} <= set(ACTIONS)
    assert set(FIRST_THINGS) >= OF_A_FILE


def test_a_file_waits_for_its_second_officer_then_for_its_head_then_for_what_is_found() -> None:
    story = begun(RUBBISH)
    party = story.named()
    opened = story.wrote(
        OFFICER, "open_file", filing="yes", basis=LITTER, party=party, offence_on="2026-09-07", second=SECOND_OFFICER.person
    )
    assert now(story) == ("countersign", Mark.WAITS, Role.OFF)
    assert first(story, SECOND_OFFICER) == "countersign"
    story.do(SECOND_OFFICER, "countersign", of=opened, yes="yes")
    assert now(story) == ("approve", Mark.WAITS, Role.HEAD)
    assert first(story, HEAD) == "approve"
    story.approved(opened)
    assert now(story) == ("inspect", Mark.NOW, None)
    assert marks(story)["find"] == "now" and marks(story)["close"] == "ahead"


def test_a_no_of_the_head_ends_the_path() -> None:
    story = begun(RUBBISH)
    opened = story.signed("open_file", filing="yes", basis=LITTER, party=story.named(), offence_on="2026-09-07")
    story.approved(opened, yes="no")
    assert marks(story) == {"open": "done", "approve": "ended"}
    assert procedure.next_actions(story.state, story.today, CALENDAR) == frozenset()


def test_what_is_told_is_heard_before_the_head_decides() -> None:
    story = begun(RUBBISH)
    story.filed(basis=LITTER)
    story.inspected()
    assert now(story)[0] == "advance_notice"
    story.told(basis=LITTER)
    assert now(story)[0] == "hear"
    story.heard()
    assert now(story) == ("decide", Mark.WAITS, Role.HEAD)
    assert first(story, HEAD) == "decide"
    assert marks(story)["hearing"] == "skipped"


def test_a_hearing_that_was_asked_for_stands_in_the_path_and_is_followed_by_a_review() -> None:
    story = begun(RUBBISH)
    story.filed(basis=LITTER)
    story.inspected()
    story.told(basis=LITTER, hearing=True)
    offered = next(step for step in path(story) if step.code == "hearing")
    assert offered.mark is Mark.MAYBE
    assert offered.by == date(2026, 9, 14)  # five workdays after Monday the 7th
    story.heard(asks_hearing="yes")
    assert now(story)[0] == "hold_hearing"
    story.later(days=14)
    chair = HEAD.person
    story.do(OFFICER, "hold_hearing", hearing_end="held", chair=chair, notified_on="2026-09-08", held_on="2026-09-21")
    assert now(story) == ("review", Mark.WAITS, Role.REV)


def test_a_fine_waits_for_the_party_then_for_a_demand_then_for_the_court() -> None:
    story = begun(RUBBISH)
    made = story.decided(basis=LITTER) if story.ready(basis=LITTER) else 0
    assert now(story)[0] == "serve"
    assert first(story, OFFICER) == "serve"
    story.served(made)
    waiting = next(step for step in path(story) if step.code == "perform")
    assert (waiting.mark, waiting.whose, waiting.by) == (Mark.WAITS, Role.RES, date(2026, 9, 22))
    story.later(days=16)
    assert now(story)[0] == "demand"
    story.do(OFFICER, "demand", of=made, due="2026-10-12", delivered_on="2026-09-23")
    assert now(story) == ("perform", Mark.WAITS, Role.RES)
    story.on("2026-10-13 09:00")
    assert now(story)[0] == "court"


def test_a_fine_that_was_paid_leaves_nothing_but_closing_the_file() -> None:
    story = begun(RUBBISH)
    made = story.punished(basis=LITTER)
    story.do(OFFICER, "perform", of=made, performed="all", paid=100, done_on="2026-09-07")
    assert (marks(story)["perform"], marks(story)["enforce"], now(story)[0]) == ("done", "skipped", "close_file")
    closing = story.wrote(OFFICER, "close_file", closing="performed")
    assert now(story) == ("approve", Mark.WAITS, Role.HEAD)
    story.approved(closing)
    assert marks(story)["close"] == "done"
    assert procedure.next_actions(story.state, story.today, CALENDAR) == frozenset()


def test_a_file_that_is_dropped_asks_for_nothing_more() -> None:
    story = begun(RUBBISH)
    story.filed(basis=LITTER)
    story.approved(story.wrote(OFFICER, "close_file", closing="dropped"))
    assert set(marks(story).values()) == {"done", "skipped"}


@pytest.mark.parametrize(("kinds", "paid", "left"), [(["warning"], 0, set()), (["fine"], 0, {"perform"})])
def test_a_penalty_on_the_spot_is_served_at_once(kinds: list[str], paid: int, left: set[str]) -> None:
    story = begun(RUBBISH)
    party = story.named()
    amount = {"amount": 100} if "fine" in kinds else {}
    basis = 23 if "warning" in kinds else LITTER
    story.signed(
        "spot_penalty",
        basis=basis,
        party=party,
        penalties=kinds,
        offence_on="2026-09-07",
        collection="bank" if amount else "none",
        **amount,
    )
    [made] = story.state.inquiry.decisions.values()
    steps = procedure.path_of_spot(story.state, made, story.today, CALENDAR)
    assert {step.code: step.mark.value for step in steps}["serve"] == "done"
    assert procedure.next_actions(story.state, story.today, CALENDAR) == left
