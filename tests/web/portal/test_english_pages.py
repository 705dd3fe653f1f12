"""Read in English, the residents' pages hold no Chinese but what stays Chinese: marked parts, and names of places, bodies and people."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.web.english import left_in_chinese, proper_names
from tests.world import GOOD_REPLY, World


@pytest.fixture
def english(client: Client, world: World) -> Iterator[Client]:
    with time_machine.travel(world.now, tick=True):
        client.post("/language", {"language": "en", "next": "/"})
        yield client


def said(response: Any, status: int = 200) -> str:
    assert response.status_code == status
    page: str = response.content.decode()
    assert '<html lang="en">' in page
    return page


def test_pages_in_english_are_english(english: Client, world: World) -> None:
    names = proper_names()
    code = world.compound().code
    for path in ("/", "/report", f"/report?c={code}", "/track", "/who", "/lists", "/lists?q=zzz", "/who/QL-05", f"/c/{code}"):
        assert left_in_chinese(said(english.get(path)), names) == [], path
    found = said(english.post("/who", {"text": "renovation noise"}))
    assert left_in_chinese(found, names) == []


def test_elder_mode_in_english_is_english(english: Client, world: World) -> None:
    english.post("/care", {"care": "1", "next": "/"})
    for path in ("/", "/report", "/track", "/who", "/lists"):
        assert left_in_chinese(said(english.get(path)), proper_names()) == [], path


def test_a_page_that_is_not_there_says_so_in_english(english: Client, world: World) -> None:
    for path in ("/nowhere", "/c/nowhere", "/who/QL-99"):
        assert left_in_chinese(said(english.get(path), 404), proper_names()) == [], path


def test_a_report_and_its_receipt_speak_english(english: Client, world: World) -> None:
    names = proper_names()
    refused = said(english.post("/report", {"key": secrets.token_urlsafe(24), "words": "", "phone": "12"}), 422)
    assert left_in_chinese(refused, names) == []
    given = {"key": secrets.token_urlsafe(24), "words": "Somebody keeps chickens.", "compound": world.compound().pk}
    receipt = said(english.post("/report", given))
    assert left_in_chinese(receipt, names) == []


def test_a_suggestion_and_joining_a_neighbour_speak_english(english: Client, world: World) -> None:
    names = proper_names()
    number = world.assigned().number
    words = {"text": "楼下花坛里有人养鸡", "compound": world.compound().pk}
    near = english.post("/report/suggest", words).content.decode()
    assert number in near and left_in_chinese(near, names) == []
    assert left_in_chinese(said(english.get(f"/report/join?n={number}")), names) == []
    empty = {"key": secrets.token_urlsafe(24), "number": number, "words": "", "phone": "12"}
    assert left_in_chinese(said(english.post("/report/join", empty), 422), names) == []


def test_a_case_is_followed_in_english_to_its_end(english: Client, world: World) -> None:
    names = proper_names()
    for receipt in (world.report(), world.assigned(), world.handled(), world.settled(), world.echoed()):
        with time_machine.travel(world.now):
            assert left_in_chinese(followed(english, receipt), names) == [], world.case(receipt.number).stage
    resident = world.resident(receipt)
    world.later(hours=1).do(resident, receipt.number, "dispute", report=receipt.report, words="又跑回来了")
    with time_machine.travel(world.now):
        assert left_in_chinese(followed(english, receipt), names) == []


def test_a_wrong_code_is_told_in_english(english: Client, world: World) -> None:
    receipt = world.report()
    for code in ("0" * 12, "0", "!"):
        page = said(english.post("/track", {"number": receipt.number, "code": code}), 422)
        assert left_in_chinese(page, proper_names()) == []


def test_what_people_wrote_stays_as_it_is_and_is_marked(english: Client, world: World) -> None:
    receipt = world.echoed()
    with time_machine.travel(world.now):
        page = followed(english, receipt)
    assert GOOD_REPLY in page
    assert "楼下花坛里有人养鸡" in page


def followed(english: Client, receipt: Any) -> str:
    """The tracking page of a report."""
    page = said(english.post("/track", {"number": receipt.number, "code": receipt.code}))
    assert receipt.number in page
    return page
