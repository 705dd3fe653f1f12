"""Clocks that jump, years that turn, numbers that meet, and what arrives a second after its case ended."""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime, timedelta

import pytest

from huiyin.jobs import sweep
from huiyin.records.models import Alarm, Case, Entry
from huiyin.rules.workflow.judge import Refused
from huiyin.selectors import portal
from huiyin.selectors.people import SYSTEM
from huiyin.selectors.verifying import check_all
from huiyin.services import cases
from huiyin.services.cases import record
from tests.world import World


def test_a_clock_that_jumps_back_and_forth_leaves_the_record_in_order_and_raises_an_alarm(world: World) -> None:
    number = world.assigned().number
    begun = world.now
    world.do("liuzhiqiang", number, "accept")
    for hours in (-30, 5, -72, 6):
        world.now = begun + timedelta(hours=hours)
        world.do("liuzhiqiang", number, "note", words="看过一眼")
    rows = list(Entry.objects.filter(case__number=number).order_by("seq"))
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    assert all(one.at <= after.at for one, after in zip(rows, rows[1:], strict=False))
    assert Alarm.objects.filter(kind="clock", case__number=number).count() == 2
    assert world.case(number).last_at == rows[-1].at
    assert list(check_all()) == []


@pytest.mark.parametrize(
    ("moment", "begins"),
    [
        (datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC), "2612-"),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), "2701-"),
        (datetime(2028, 2, 28, 16, 30, tzinfo=UTC), "2802-"),
        (datetime(2028, 2, 29, 16, 0, tzinfo=UTC), "2803-"),
    ],
)
def test_a_case_is_numbered_by_the_month_in_beijing(world: World, moment: datetime, begins: str) -> None:
    world.now = moment
    assert world.report().number.startswith(begins)


def test_a_report_on_a_leap_day_is_followed_to_its_end(world: World) -> None:
    world.now = datetime(2028, 2, 29, 1, 0, tzinfo=UTC)
    receipt = world.echoed()
    case = world.case(receipt.number)
    assert case.stage == "echoed" and case.due_resolution is not None and case.due_resolution > case.opened
    assert portal.way(receipt.report, world.now) is not None


def test_a_number_that_is_taken_is_drawn_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter([41, 41, 41, 42])
    monkeypatch.setattr(record.secrets, "randbelow", lambda most: next(drawn))
    assert [world.report().number for _ in range(2)] == ["2611-00042", "2611-00043"]


def test_who_joins_what_ended_a_second_ago_opens_a_new_case_linked_to_it(world: World) -> None:
    ended = world.settled()
    world.later(seconds=1)
    joined = cases.join(actor=None, at=world.now, key=secrets.token_urlsafe(24), number=ended.number, words="我家也听得见")
    assert joined.number != ended.number
    again = Case.objects.get(number=joined.number)
    assert (again.earlier_id, again.compound_id, again.stage) == (ended.case, world.case(ended.number).compound_id, "reported")
    assert world.case(ended.number).reports_count == 1


def test_who_disputes_what_was_filed_a_second_ago_is_told_why_not(world: World) -> None:
    receipt = world.echoed()
    world.do(world.resident(receipt), receipt.number, "feedback", satisfied="yes")
    world.do("wangxiulan", receipt.number, "close")
    with pytest.raises(Refused) as refused:
        world.do(world.resident(receipt), receipt.number, "dispute", words="又跑回来了")
    assert refused.value.refusal.text


def test_what_was_said_about_a_case_merged_a_second_ago_goes_to_the_survivor(world: World) -> None:
    kept, gone = world.assigned(), world.report()
    world.do("wangxiulan", gone.number, "merge", survivor=kept.number, why="同一窝鸡")
    done = world.do(world.resident(gone), gone.number, "supplement", words="现在有八只了")
    assert done.number == kept.number
    with pytest.raises(Refused):
        world.do("wangxiulan", gone.number, "merge", survivor=kept.number, why="再并一次", seen=world.case(gone.number).seq)
    with pytest.raises(Refused):
        world.do("wangxiulan", kept.number, "merge", survivor=gone.number, why="反过来并")


def test_a_pause_that_was_found_to_be_over_late_holds_the_clock_no_longer_than_was_granted(world: World) -> None:
    punctual, late = world.handled().number, world.handled().number
    for number in (punctual, late):
        world.do(world.head("chengguan"), number, "pause", pause_ground="test", until=date(2026, 12, 1), why="等检测")
    midnight = datetime(2026, 12, 2, 0, 0, 30, tzinfo=world.now.tzinfo)
    cases.act(actor=SYSTEM, at=midnight, number=punctual, action="resume", data={})
    assert sweep.run(midnight + timedelta(days=9)) >= 1
    assert not world.case(late).paused
    assert world.case(late).due_resolution == world.case(punctual).due_resolution
