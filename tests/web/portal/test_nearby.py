"""附近已经有人反映: ranked by what is typed, three at most, and never a word, a head count or a place in an order that tells of others."""

from __future__ import annotations

import re
import secrets
from typing import Any

import pytest
import time_machine
from django.test import Client

from huiyin.records.models import Case, Compound
from huiyin.selectors import duplicates, memory
from tests.world import World

HENS, NIGHT = "楼下花坛里有人养鸡，天不亮就打鸣", "车库里的鸭子晚上嘎嘎叫，一股臭味，找过住户"


@pytest.fixture
def now(world: World) -> Any:
    with time_machine.travel(world.now, tick=True):
        yield world.now


def near(client: Client, compound: Compound, text: str = HENS) -> list[str]:
    page = client.post("/report/suggest", {"text": text, "compound": compound.pk}).content.decode()
    return re.findall(r"join\?n=([0-9-]+)", page)


def beside(world: World) -> Compound:
    pk = duplicates.neighbours()[world.compound().pk][0]
    return Compound.objects.get(pk=pk)


def test_the_likeliest_stands_first_and_three_are_shown(client: Client, world: World, now: Any) -> None:
    hens = world.assigned(words=HENS).number
    for _ in range(3):
        world.assigned(words=NIGHT)
    found = near(client, world.compound())
    assert len(found) == 3 and found[0] == hens


def test_a_neighbouring_compound_counts_where_it_sounds_the_same(client: Client, world: World, now: Any) -> None:
    there = beside(world)
    same = world.report(HENS, compound=there.pk).number
    unlike = world.report("阳台上有兔子", compound=there.pk).number
    for number in (same, unlike):
        world.do("zhoumin", number, "assign", item="QL-05", lead=world.body("chengguan"))
    assert near(client, world.compound()) == [same]
    Compound.objects.filter(pk=there.pk).update(lon=None, lat=None)
    memory.forget_all()
    assert near(client, world.compound()) == []


def test_what_nobody_confirmed_what_the_police_lead_and_what_ended_is_not_shown(client: Client, world: World, now: Any) -> None:
    world.report(HENS)
    world.echoed(words=HENS)
    police = world.assigned(words=HENS).number
    Case.objects.filter(number=police).update(police=True)
    assert near(client, world.compound()) == []


def test_no_word_and_no_head_count_of_others_is_told(client: Client, world: World, now: Any) -> None:
    receipt = world.assigned(words="露台上芦花鸡打鸣，我是丙单元902的", building="七号楼")
    client.post("/report/join", {"key": secrets.token_urlsafe(24), "number": receipt.number, "words": "我家在丁单元"})
    page = client.post("/report/suggest", {"text": "露台上养鸡", "compound": world.compound().pk}).content.decode()
    assert receipt.number in page
    for told in ("芦花", "902", "七号楼", "丁单元", "2 户", "2 人"):
        assert told not in page, told


def test_a_name_or_a_house_number_that_is_tried_moves_nothing(client: Client, world: World, now: Any) -> None:
    world.assigned(words=f"{HENS}，3栋702张金凤家")
    world.assigned(words=f"{HENS}，5栋")
    before = near(client, world.compound())
    assert len(before) == 2
    for probe in ("张金凤", "3栋702", "5栋"):
        assert near(client, world.compound(), f"{HENS}，{probe}") == before, probe


def test_what_is_sent_all_the_same_is_merged_by_nobody_but_a_person(client: Client, world: World, now: Any) -> None:
    world.assigned(words=HENS)
    sent = {"key": secrets.token_urlsafe(24), "words": HENS, "compound": world.compound().pk, "channel": "web"}
    assert client.post("/report", sent).status_code == 200
    assert list(Case.objects.order_by("pk").values_list("stage", "reports_count", "survivor")) == [
        ("assigned", 1, None),
        ("reported", 1, None),
    ]


@pytest.mark.parametrize("compound", ["9" * 40, "0", "999999"])
def test_a_compound_that_is_none_has_nothing_near(client: Client, world: World, now: Any, compound: str) -> None:
    world.assigned(words=HENS)
    assert client.post("/report/suggest", {"text": HENS, "compound": compound}).status_code == 200
