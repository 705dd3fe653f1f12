"""What is left of a case for others than the police: no database, entries alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from huiyin.rules import ledger, sealing
from huiyin.rules.ledger import Entry
from huiyin.rules.workflow.table import ACTIONS
from huiyin.rules.workflow.vocabulary import Outcome, Stage, Tier

NINE = datetime(2026, 11, 24, 1, tzinfo=UTC)
POLICE, CLERK = "p7", "p3"


def entry(seq: int, action: str, actor: str = POLICE, to: Stage | None = None, tier: Tier = Tier.NONE, **data: object) -> Entry:
    return Entry(
        case=1,
        seq=seq,
        action=action,
        actor=actor,
        role="off",
        at=NINE + timedelta(minutes=seq),
        to=to,
        tier=tier,
        data=data,
        table=1,
        prev="",
    )


def by_police(one: Entry) -> bool:
    return one.actor == POLICE


REPORT = entry(1, "report", "r1", Stage.REPORTED, report=1)
ATTEND = entry(2, "attend", person=5)
FILE = entry(3, "open_file", body=9, basis=1, offence_on="2026-11-24", filing="yes")
DECIDE = entry(4, "decide", body=9, file=3, basis=1, decision="penalty", penalties=["fine"], amount=813, tier=Tier.COERCED)
RESOLVE = entry(5, "resolve", to=Stage.RESOLVED, result="punished", words={"done": "x"})


def test_a_file_and_a_decision_leave_nothing_behind() -> None:
    known = sealing.as_others_know([REPORT, ATTEND, FILE, DECIDE, RESOLVE], by_police)
    assert [one.seq for one in known.entries] == [1, 2, 5]
    state = ledger.fold(known.entries)
    assert (state.tier, state.outcome, state.stage, dict(state.inquiry.files)) == ("", Outcome.DEALT_WITH, Stage.RESOLVED, {})
    assert known.told == {5} and known.entries[-1].data == {"result": "dealt_with"}


def test_who_is_punished_and_who_is_not_leave_the_same() -> None:
    punished = sealing.as_others_know([REPORT, ATTEND, FILE, DECIDE, RESOLVE], by_police)
    let_off = [REPORT, ATTEND, replace(RESOLVE, data={"result": "unfounded"})]
    assert punished.entries == sealing.as_others_know(let_off, by_police).entries


@pytest.mark.parametrize("action", ["correct", "mask", "countersign"])
def test_what_answers_a_sealed_entry_is_sealed_with_it_whoever_wrote_it(action: str) -> None:
    answer = entry(6, action, CLERK, of=3, fact="words", yes="yes", what="entry")
    assert 6 not in {one.seq for one in sealing.as_others_know([REPORT, FILE, RESOLVE, answer], by_police).entries}


def test_what_another_department_does_is_its_own_record() -> None:
    theirs = replace(FILE, actor="p8")
    assert theirs in sealing.as_others_know([REPORT, theirs], by_police).entries


def test_help_is_told_without_its_content_and_another_countys_matter_openly() -> None:
    help_ = entry(3, "help", of=2, words={"done": "x"})
    away = entry(4, "transfer", to=Stage.RESOLVED, kind="other_county", to_whom="邻县")
    crime = replace(away, data={"kind": "crime", "to_whom": "检察院"})
    assert sealing.as_others_know([REPORT, help_, away], by_police).entries[1:] == (replace(help_, data={"of": 2}), away)
    last = sealing.as_others_know([REPORT, help_, crime], by_police).entries[-1]
    assert (last.action, last.data) == ("resolve", {"result": "dealt_with"})


def test_oversight_sees_no_act_that_comes_with_a_penalty_alone() -> None:
    only = ("advance_notice", "hear", "hold_hearing", "review", "deliberate", "demand", "announce", "enforce", "perform", "court")
    assert not sealing.STEPS & set(only) and sealing.STEPS <= sealing.HIDDEN and sealing.NAMED_STEPS <= sealing.STEPS
    assert [one.action for one in sealing.as_others_know([REPORT, FILE, DECIDE], by_police).steps] == ["open_file", "decide"]


def test_every_act_of_an_investigation_is_sealed() -> None:
    names = list(ACTIONS)
    between = names[names.index("name_party") : names.index("resolve")]
    assert set(between) <= sealing.HIDDEN


@pytest.mark.parametrize(
    "text", ["罚款二百元", "依法不予处罚", "行政拘留五日", "给予警告", "已经立案", "He was fined 200 yuan", "暂扣了设备"]
)
def test_words_that_say_whether_somebody_was_punished_tell(text: str) -> None:
    assert sealing.tells(text)


@pytest.mark.parametrize(
    "text", ["公安机关已依法处理", "治安管理处罚法第四十三条管这类事，请打 110", "民警到现场看了，狗已拴绳", "We will define it"]
)
def test_plain_words_and_the_names_of_laws_tell_nothing(text: str) -> None:
    assert not sealing.tells(text)
