"""Records of an investigation can be: days that were, times that run forward, one file and one decision at a time, what is served, public or lifted."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.rules.workflow.inquest import begun, lets, stops
from tests.rules.workflow.story import (
    CONSTABLE,
    DOG,
    GARDENER,
    HEAD,
    OFFICER,
    ROOF,
    RUBBISH,
    SECOND_CONSTABLE,
    SECOND_OFFICER,
    SMOKE,
)

TODAY = date(2026, 9, 7)
TOMORROW = "2026-09-08"


def test_a_body_has_one_file_at_a_time_and_one_decision_in_it() -> None:
    story = begun(RUBBISH)
    story.punished(basis=18)
    stops(story, OFFICER, "open_file", "", "已有案卷", basis=18, second=SECOND_OFFICER.person, offence_on=TODAY.isoformat())
    for who, action in ((OFFICER, "advance_notice"), (OFFICER, "hear"), (HEAD, "decide"), (HEAD, "deliberate")):
        stops(story, who, action, "", "已有决定", basis=18)
    story.approved(story.wrote(OFFICER, "close_file", closing="annulled"))
    lets(story, OFFICER, "open_file", basis=18, second=SECOND_OFFICER.person, offence_on=TODAY.isoformat())


def test_who_files_nothing_says_why() -> None:
    story = begun(RUBBISH)
    given = {"filing": "no", "basis": 18, "offence_on": TODAY.isoformat(), "second": SECOND_OFFICER.person}
    stops(story, OFFICER, "open_file", "", "理由", **given)
    lets(story, OFFICER, "open_file", why="不属于违法行为", **given)


def test_what_was_not_filed_is_investigated_no_further() -> None:
    story = begun(RUBBISH)
    seq = story.signed("open_file", filing="no", basis=18, offence_on=TODAY.isoformat(), why="不属于违法行为")
    story.approved(seq)
    assert story.state.inquiry.open_files == ()
    stops(story, OFFICER, "advance_notice", "", "没有立案", basis=18)


@pytest.mark.parametrize(
    ("began", "ended", "passes"),
    [("08:00", "08:40", True), ("08:40", "08:00", False), ("08:40", "08:40", True), ("09:30", "09:40", False)],
)
def test_a_record_begins_before_it_ends_and_ends_before_it_is_written(began: str, ended: str, passes: bool) -> None:
    story = begun(RUBBISH)
    given = {"began": f"2026-09-07T{began}:00+08:00", "ended": f"2026-09-07T{ended}:00+08:00", "second": SECOND_OFFICER.person}
    if passes:
        lets(story, OFFICER, "inspect", **given)
    else:
        stops(story, OFFICER, "inspect", "", "开始、结束时间", **given)


def test_minors_are_questioned_with_somebody_beside_them() -> None:
    story = begun(DOG)
    stops(story, CONSTABLE, "interview", "", "监护人", second=SECOND_CONSTABLE.person, guardian="unreachable")
    lets(story, CONSTABLE, "interview", second=SECOND_CONSTABLE.person, guardian="unreachable", witness="学校老师到场")
    lets(story, CONSTABLE, "interview", second=SECOND_CONSTABLE.person, guardian="present")


def test_what_is_written_down_as_done_was_done() -> None:
    story = begun(RUBBISH)
    story.filed(basis=18)
    story.inspected()
    stops(story, OFFICER, "advance_notice", "", "在将来", basis=18, penalties=["fine"], amount=100, delivered_on=TOMORROW)
    story.told(basis=18)
    story.heard()
    made = story.decided(basis=18)
    story.served(made)
    stops(story, OFFICER, "perform", "", "在将来", of=made, performed="all", done_on=TOMORROW)


def test_circumstances_are_none_or_which() -> None:
    story = begun(RUBBISH)
    story.ready(basis=18)
    stops(
        story,
        HEAD,
        "decide",
        "",
        "都没有",
        decision="penalty",
        basis=18,
        penalties=["fine"],
        amount=100,
        circumstances=["none", "grave"],
    )


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"served_on": "2026-09-06"}, "送达日期"),
        ({"served_on": TOMORROW}, "送达日期"),
        ({"way": "electronic"}, "确认书"),
        ({"way": "left"}, "见证人"),
    ],
)
def test_a_decision_is_served_after_it_was_made_and_with_its_proof(change: dict[str, str], word: str) -> None:
    story = begun(RUBBISH)
    story.ready(basis=18)
    made = story.decided(basis=18)
    given: dict[str, Any] = {"of": made, "way": "direct", "receiver": "party", "served_on": TODAY.isoformat()}
    assert word in str(story.refusal(OFFICER, "serve", **(given | change)))
    if "way" in change:
        lets(story, OFFICER, "serve", files=1, **(given | change))
        lets(story, OFFICER, "serve", witness="网格员见证", **given)


def test_who_was_harmed_gets_the_decision_too_and_that_serves_not_the_party() -> None:
    story = begun(DOG)
    story.ready(basis=13)
    made = story.decided(basis=13)
    story.served(made, receiver="harmed")
    decision = story.state.inquiry.decisions[made]
    assert decision.harmed_served and not decision.served
    story.served(made)
    story.later(days=1)
    story.served(made)  # a second time changes nothing
    assert story.state.inquiry.decisions[made].served == TODAY.isoformat()


@pytest.mark.parametrize("action", ["serve", "demand", "announce", "perform", "court"])
def test_what_follows_a_decision_names_one_that_stands(action: str) -> None:
    story = begun(RUBBISH)
    stops(story, OFFICER, action, "", "还没有生效的决定", of=3)
    made = story.punished(basis=18)
    stops(story, OFFICER, action, "", "请选一份生效的决定", of=made - 1)
    story.approved(story.wrote(OFFICER, "close_file", closing="annulled"))
    stops(story, OFFICER, action, "", "还没有生效的决定", of=made)


def test_executed_is_a_decision_that_stands() -> None:
    story = begun(ROOF)
    stops(story, GARDENER, "enforce", "", "还没有生效的决定", means="demolish")


def test_a_spot_fine_that_the_second_officer_turned_down_is_none() -> None:
    story = begun(RUBBISH)
    party = story.named()
    seq = story.wrote(
        OFFICER, "spot_penalty", second=SECOND_OFFICER.person, basis=18, party=party, spot_kinds=["fine"], amount=100,
        offence_on=TODAY.isoformat(),
    )  # fmt: skip
    story.do(SECOND_OFFICER, "countersign", of=seq, yes="no", why="没有看到")
    assert story.state.punished == () and story.state.tier.rank == 0
    stops(story, OFFICER, "perform", "", "还没有生效的决定", of=seq)


def test_a_decision_is_public_once_and_taken_down_with_a_reason() -> None:
    story = begun(RUBBISH)
    made = story.punished(basis=18)
    stops(story, HEAD, "unpublish", "", "没有公示", of=made)
    story.do(HEAD, "publish", of=made)
    stops(story, HEAD, "publish", "", "已经公示", of=made)
    story.do(HEAD, "unpublish", of=made)
    lets(story, HEAD, "publish", of=made)


def test_only_what_stands_is_lifted_and_once() -> None:
    story = begun(SMOKE)
    stops(story, OFFICER, "lift", "", "没有还在的", of=1)
    story.proposed("preserve")
    seq = story.signed("preserve", until="2026-09-10")
    story.do(OFFICER, "lift", of=seq, disposal="returned")
    stops(story, OFFICER, "lift", "", "没有还在的", of=seq)


def test_the_same_thing_is_put_to_the_head_once_and_answered_by_word() -> None:
    story = begun(SMOKE)
    seq = story.wrote(OFFICER, "propose", proposed="seize")
    stops(story, OFFICER, "propose", "", "还没有批", proposed="seize")
    lets(story, OFFICER, "propose", proposed="preserve")
    stops(story, HEAD, "approve", "", "写理由", of=seq, yes="no", why="")
    story.approved(seq, yes="no")
    lets(story, OFFICER, "propose", proposed="seize")


def test_a_closing_that_was_withdrawn_leaves_the_file_open() -> None:
    story = begun(RUBBISH)
    seq = story.filed(basis=18)
    closing = story.wrote(OFFICER, "close_file", closing="dropped")
    stops(story, OFFICER, "close_file", "", "已经呈批", closing="dropped")
    story.do(OFFICER, "correct", of=closing, fact="withdrawn", words="还要再查")
    assert story.state.inquiry.files[seq].open
    lets(story, OFFICER, "close_file", closing="dropped")


@pytest.mark.parametrize(
    ("closing", "word"),
    [
        ("performed", "履行完毕"),
        ("not_punished", "已决定处罚"),
        ("court", "申请法院"),
        ("dropped", "已有决定"),
        ("moved", ""),
        ("annulled", ""),
    ],
)
def test_a_file_closes_as_its_matter_ended(closing: str, word: str) -> None:
    story = begun(RUBBISH)
    story.punished(basis=18)
    refused = story.refusal(OFFICER, "close_file", closing=closing)
    assert (refused is None) if not word else (word in str(refused))


def test_a_decision_that_never_reached_the_party_closes_no_file() -> None:
    story = begun(RUBBISH)
    story.ready(basis=18)
    story.decided(basis=18)
    for closing in ("performed", "not_punished", "moved"):
        stops(story, OFFICER, "close_file", "", "还没有送达", closing=closing)
    lets(story, OFFICER, "close_file", closing="annulled")


def test_a_case_is_settled_when_its_decision_was_served() -> None:
    story = begun(RUBBISH)
    story.ready(basis=18)
    made = story.decided(basis=18)
    assert "没有作出决定并送达" in str(story.refusal(OFFICER, "resolve", result="punished", proof="record"))
    story.served(made)
    lets(story, OFFICER, "resolve", result="punished", proof="record")
    assert story.state.order_open is False


def test_after_the_case_was_settled_its_file_goes_on() -> None:
    story = begun(RUBBISH)
    made = story.punished(basis=18)
    story.do(OFFICER, "resolve", result="punished", proof="record")
    story.on("2026-09-23 10:00")
    story.do(OFFICER, "demand", of=made, due="2026-09-30", delivered_on="2026-09-23")
    story.do(OFFICER, "perform", of=made, performed="all", paid=100, done_on="2026-09-23")
    story.approved(story.wrote(OFFICER, "close_file", closing="performed"))
    assert story.state.inquiry.open_files == ()
    stops(story, OFFICER, "demand", "", "已经履行", of=made, due="2026-10-30", delivered_on="2026-09-23")
