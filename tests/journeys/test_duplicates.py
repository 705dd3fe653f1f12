"""Three neighbours tell of the same hens in their own words; the clerk sees it, merges, and all three get the echo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.conftest import DESKTOP, PHONE
from tests.journeys.people import Album, Resident, Town
from tests.world import GOOD_REPLY, World

VOICES = (
    "楼下花坛里有人养鸡，天不亮就打鸣",
    "天天凌晨被公鸡吵醒，鸡就关在花坛边的笼子里",
    "花坛里一股鸡屎味，还有公鸡打鸣，老人睡不好",
)


def test_three_neighbours_tell_the_same_and_all_three_are_answered(
    town: World, live_server: Any, visitor: Callable[..., Page]
) -> None:
    story = Town(world=town, url=live_server.url, visitor=visitor, album=Album("three-neighbours"))
    residents: list[Resident] = []
    for words in VOICES:
        residents.append(story.resident(PHONE))
        residents[-1].reports("xfl1", words)
    first, *others = [one.number for one in residents]
    clerk = story.staff("wangxiulan", DESKTOP)
    for number in others:
        clerk.opens(number)
        row = clerk.page.locator("[hx-get$='/alike/'] li", has_text=first)
        expect(row).to_contain_text("都说到")
        expect(row).to_contain_text("花坛")
        clerk.shoot("alike")
        row.get_by_role("link", name="并到这一件").click()
        expect(clerk.page.locator("[name=survivor]")).to_have_value(first)
        clerk.fill("why", "说的是同一处花坛的鸡")
        clerk.sends()
        clerk.see("已经记下：并案")
    clerk.shoot("merged")
    assert town.case(first).reports_count == 3

    town.do("wangxiulan", first, "assign", item="QL-05", lead=town.body("chengguan"))
    town.do("liuzhiqiang", first, "accept")
    town.do("liuzhiqiang", first, "attend", found="花坛里六只鸡")
    town.persuade(first)
    town.do("heyong", first, "recheck", state="stopped", found="没有鸡了")
    for given in town.case(first).reports.order_by("pk"):
        town.do("wangxiulan", first, "call", report=given.pk, reached="yes", said="鸡没了")
    town.do("liuzhiqiang", first, "resolve", result="stopped", proof="word", done="劝走了")
    town.do("liuzhiqiang", first, "echo", reply=GOOD_REPLY)
    for resident in residents:
        resident.follows("answered")
        resident.see(GOOD_REPLY)
    story.record_is_sound(first)


def test_a_clerk_joins_a_call_to_what_it_sounds_like_with_one_key(
    town: World, live_server: Any, visitor: Callable[..., Page]
) -> None:
    hens = town.report(VOICES[0]).number
    town.later(minutes=1).report("地库出口被一辆白色面包车堵死", item="FS-04")
    story = Town(world=town, url=live_server.url, visitor=visitor, album=Album("call-alike"))
    clerk = story.staff("wangxiulan", DESKTOP)
    page = clerk.page
    page.goto(f"{story.url}/desk/call/?compound={town.compound().pk}")
    page.clock.resume()
    expect(page.locator("html[data-started]")).to_be_attached()
    first = page.locator("#alike li").first
    expect(first).not_to_contain_text(hens)
    page.locator("[name=words]").press_sequentially("花坛里的公鸡打鸣", delay=10)
    expect(first).to_contain_text(hens)
    expect(first).to_contain_text("都说到")
    clerk.shoot("typed")
    page.keyboard.press("F8")
    expect(page.locator(".code")).to_be_visible()
    assert town.case(hens).reports_count == 2
