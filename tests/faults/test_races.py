"""What several people, or one impatient thumb, do at the same moment: done once, nobody's words lost, and never a fault of ours."""

from __future__ import annotations

import re
import secrets
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.db import close_old_connections, connection
from django.test import Client

from huiyin.jobs.seeds import load_calendar, load_lists
from huiyin.records.models import Case, Entry, Report
from huiyin.rules.workflow.judge import Refused, Stale
from huiyin.selectors import memory
from huiyin.services import cases
from huiyin.services.places import set_up_county
from huiyin.sim.county import made_up_county
from tests.world import World, nothing_remembered

__all__ = ["nothing_remembered"]

pytestmark = pytest.mark.django_db(transaction=True)
Answer = Any


@pytest.fixture
def town(at: datetime) -> Iterator[World]:
    """The small county, committed, so that threads see it."""
    load_calendar()
    load_lists(at)
    set_up_county(made_up_county(at.date()), actor="sys", at=at, password="not-a-secret")
    memory.forget_all()
    with time_machine.travel(at, tick=True):
        yield World(now=at)


def at_once(*does: Callable[[], Answer]) -> list[Answer]:
    """What each returns or raises, all begun at the same moment, each with a connection of its own."""
    begin, found = threading.Barrier(len(does)), [None] * len(does)

    def run(n: int) -> None:
        try:
            begin.wait()
            found[n] = does[n]()
        except Exception as error:  # noqa: BLE001, whatever it is is looked at by the test
            found[n] = error
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(does))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_one_submission_five_times_at_once_is_one_report_with_one_receipt(town: World) -> None:
    given = {
        "key": secrets.token_urlsafe(24),
        "words": "楼下花坛里有人养鸡",
        "compound": town.compound().pk,
        "phone": "19900000001",
    }
    answers = at_once(*[lambda: Client().post("/report", given)] * 5)
    assert [answer.status_code for answer in answers] == [200] * 5, answers
    receipts = [re.search(r'data-number="([^"]+)".*?data-code="(\w+)"', answer.content.decode(), re.S) for answer in answers]
    assert len({(found[1], found[2]) for found in receipts if found}) == 1
    assert (Case.objects.count(), Report.objects.count(), Entry.objects.count()) == (1, 1, 1)


def test_neighbours_who_join_at_once_each_get_a_receipt(town: World) -> None:
    number = town.assigned().number
    at = town.now

    def join() -> Answer:
        return cases.join(actor=None, at=at, key=secrets.token_urlsafe(24), number=number, words="我家也吵")

    answers = at_once(*[join] * 5)
    assert len({answer.code for answer in answers}) == 5
    assert town.case(number).reports_count == 6
    assert town.case(number).seq == 7


def test_a_into_b_while_b_goes_into_a_is_one_merge(town: World) -> None:
    first, second = town.report().number, town.report().number
    clerk, at = town.actor("wangxiulan"), town.now

    def merge(goes: str, stays: str) -> Callable[[], Answer]:
        return lambda: cases.act(
            actor=clerk,
            at=at,
            number=goes,
            action="merge",
            data={"survivor": stays, "why": "同一窝鸡"},
            seen=1,
            key=secrets.token_urlsafe(24),
        )

    answers = at_once(merge(first, second), merge(second, first))
    done = [answer for answer in answers if isinstance(answer, cases.Done)]
    refused = [answer for answer in answers if isinstance(answer, Exception)]
    assert len(done) == 1 and len(refused) == 1, answers
    assert isinstance(refused[0], (Refused, Stale)), repr(refused[0])
    merged = Case.objects.get(survivor__isnull=False)
    assert merged.survivor is not None and merged.survivor.survivor_id is None


def test_one_act_five_times_at_once_is_one_entry(town: World) -> None:
    number = town.handled().number
    officer, at, key, before = town.actor("liuzhiqiang"), town.now, secrets.token_urlsafe(24), town.case(number).seq

    def look() -> Answer:
        return cases.act(
            actor=officer, at=at, number=number, action="recheck", data={"state": "continuing", "found": "还在"}, key=key
        )

    answers = at_once(*[look] * 5)
    assert {answer.seq for answer in answers} == {before + 1}, answers
    assert town.case(number).seq == before + 1


def test_two_who_decide_at_once_the_second_is_told_and_nothing_is_overwritten(town: World) -> None:
    number = town.assigned().number
    first, second, at, before = town.actor("liuzhiqiang"), town.actor("heyong"), town.now, town.case(number).seq

    def accept(who: Any) -> Callable[[], Answer]:
        return lambda: cases.act(
            actor=who, at=at, number=number, action="accept", data={}, seen=before, key=secrets.token_urlsafe(24)
        )

    answers = at_once(accept(first), accept(second))
    assert sum(isinstance(answer, cases.Done) for answer in answers) == 1, answers
    assert Entry.objects.filter(case__number=number, action="accept").count() == 1
