"""The desk is shown what may be the same matter, and only what each may read of it; a person merges."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.records.models import Report
from huiyin.selectors import duplicates, memory
from tests.world import World

Desk = Callable[[str], Client]
FIRST, SECOND = "3栋花坛里养了七八只鸡，天不亮就打鸣", "花坛里有公鸡打鸣，3栋的，臭得很"
OTHER = "地库出口被一辆白色面包车堵死"
JOIN = re.compile(r'name="join" value="([^"]+)"')


def numbers(client: Client, clock: World, words: str, **more: str) -> list[str]:
    typed = {"compound": clock.compound().pk, "words": words, **more}
    return JOIN.findall(client.post("/desk/call/alike/", typed).content.decode())


def test_what_the_caller_says_comes_first(desk: Desk, clock: World) -> None:
    hens = clock.report(FIRST).number
    van = clock.later(hours=1).report(OTHER, item="FS-04").number
    client = desk("wangxiulan")
    assert numbers(client, clock, SECOND) == [hens, van]
    assert numbers(client, clock, "面包车堵着地库") == [van, hens]
    assert numbers(client, clock, "") == [van, hens]
    page = client.post("/desk/call/alike/", {"compound": clock.compound().pk, "words": SECOND}).content.decode()
    assert "都说到" in page and FIRST in page and page.count('data-key="F8"') == 1


def test_the_building_tells_two_leaks_apart(desk: Desk, clock: World) -> None:
    three = clock.report("楼上漏水，天花板都湿了", item="FS-05", building="3栋").number
    seven = clock.later(hours=1).report("楼上漏水，天花板都湿了", item="FS-05", building="7栋").number
    client = desk("wangxiulan")
    assert numbers(client, clock, "楼上漏水", building="3")[0] == three
    assert numbers(client, clock, "楼上漏水", building="7")[0] == seven


def test_what_was_answered_lately_is_shown_but_cannot_be_joined(desk: Desk, clock: World) -> None:
    number = clock.echoed(words=FIRST).number
    client = desk("wangxiulan")
    page = client.post("/desk/call/alike/", {"compound": clock.compound().pk, "words": SECOND}).content.decode()
    assert number in page and not JOIN.findall(page)
    clock.later(days=15)
    assert number not in client.post("/desk/call/alike/", {"compound": clock.compound().pk, "words": SECOND}).content.decode()


def test_a_clerk_is_shown_nothing_of_another_communitys_ground(desk: Desk, clock: World) -> None:
    there = clock.compound("滨江一品")
    assert there.community_id != clock.compound().community_id
    number = clock.report(FIRST, compound=there.pk).number
    typed = {"compound": there.pk, "words": SECOND}
    assert number not in desk("wangxiulan").post("/desk/call/alike/", typed).content.decode()
    assert number in desk("zhoumin").post("/desk/call/alike/", typed).content.decode()


def test_the_page_of_a_case_asks_for_its_duplicates_while_nobody_has_it(desk: Desk, clock: World) -> None:
    other = clock.report(FIRST).number
    number = clock.later(hours=1).report(SECOND).number
    client, url = desk("wangxiulan"), f"/desk/cases/{number}/alike/"
    assert url in client.get(f"/desk/cases/{number}/").content.decode()
    page = client.get(url).content.decode()
    assert FIRST in page and f"/desk/cases/{number}/merge/?survivor={other}" in page and "<html" in page
    assert "<html" not in client.get(url, headers={"HX-Request": "true"}).content.decode()
    form = client.get(f"/desk/cases/{number}/merge/?survivor={other}")
    assert form.context["form"]["survivor"].value() == other
    clock.do("wangxiulan", number, "assign", item="QL-05", lead=clock.body("chengguan"))
    assert other in client.get(url).content.decode()
    clock.do("liuzhiqiang", number, "accept")
    assert url not in client.get(f"/desk/cases/{number}/").content.decode()
    assert other not in client.get(url).content.decode()


def test_an_unlike_case_is_no_duplicate(desk: Desk, clock: World) -> None:
    clock.report(OTHER, item="FS-04")
    number = clock.report(FIRST).number
    assert "/merge/" not in desk("wangxiulan").get(f"/desk/cases/{number}/alike/").content.decode()


@pytest.mark.parametrize("who", ["liuzhiqiang", "jiangyuanshan", "fangzheng"])
def test_who_cannot_merge_is_not_shown_duplicates(desk: Desk, clock: World, who: str) -> None:
    clock.report(FIRST)
    number = clock.assigned(words=SECOND).number
    client = desk(who)
    assert f"/desk/cases/{number}/alike/" not in client.get(f"/desk/cases/{number}/").content.decode()
    assert client.get(f"/desk/cases/{number}/alike/").status_code == 404


def test_duplicates_are_found_in_two_queries(clock: World) -> None:
    for _ in range(3):
        clock.report(FIRST)
    case, actor = clock.case(clock.report(SECOND).number), clock.actor("wangxiulan")
    place, residents = clock.compound().pk, ["QL-05"]
    searches = (
        lambda: duplicates.of_case(case, actor, clock.now),
        lambda: duplicates.of_message(actor, clock.now, compound=place, text=SECOND),
        lambda: duplicates.joinable_near(place, SECOND, residents, clock.now),
    )
    for search in searches:
        search()
        with CaptureQueriesContext(connection) as asked:
            search()
        assert len(asked) <= 2


def test_neighbours_are_the_nearest_three_within_four_hundred_metres(clock: World) -> None:
    here = clock.compound()
    others = list(type(here).objects.exclude(pk=here.pk).order_by("pk")[:6])
    assert here.lon is not None and here.lat is not None
    type(here).objects.update(lon=here.lon + 1, lat=here.lat)
    type(here).objects.filter(pk=here.pk).update(lon=here.lon)
    for other, metres in zip(others, (390, 200, 100, 300, 410, 5000), strict=True):
        type(here).objects.filter(pk=other.pk).update(lon=here.lon, lat=here.lat + metres / 111_320)
    memory.forget_all()
    assert duplicates.neighbours()[here.pk] == (others[2].pk, others[1].pk, others[3].pk)


def test_three_neighbours_one_matter_three_receipts_and_three_echoes(desk: Desk, clock: World) -> None:
    """Each tells it in their own words; the clerk sees and merges; every receipt goes on and every reporter gets the answer."""
    told = [clock.report(words) for words in (FIRST, SECOND, "天天凌晨被公鸡打鸣吵醒，鸡就养在花坛里")]
    client = desk("wangxiulan")
    survivor = told[0].number
    for receipt in told[1:]:
        page = client.get(f"/desk/cases/{receipt.number}/alike/").content.decode()
        link = f"/desk/cases/{receipt.number}/merge/?survivor={survivor}"
        assert link in page
        clock.do("wangxiulan", receipt.number, "merge", survivor=survivor, why="说的是同一处花坛的鸡")
    assert clock.case(survivor).reports_count == 3
    clock.do("wangxiulan", survivor, "assign", item="QL-05", lead=clock.body("chengguan"))
    clock.do("liuzhiqiang", survivor, "accept")
    clock.do("liuzhiqiang", survivor, "attend", found="花坛里六只鸡")
    clock.persuade(survivor)
    clock.do("heyong", survivor, "recheck", state="stopped", found="没有鸡了")
    for receipt in told:
        clock.do("wangxiulan", survivor, "call", report=receipt.report, reached="yes", said="鸡没了")
    clock.do("liuzhiqiang", survivor, "resolve", result="stopped", proof="word", done="劝走了")
    reply = "城管队员 11月25日到现场查看，住户已把鸡送回老家，花坛清理干净。县城市管理局 0700-555 0145"
    clock.do("liuzhiqiang", survivor, "echo", reply=reply)
    for receipt in told:
        resident = Client()
        resident.post("/track", {"number": receipt.number, "code": receipt.code})
        assert reply in resident.get("/track").content.decode(), receipt.number
    assert set(Report.objects.values_list("case__number", flat=True)) == {survivor}


def test_a_merged_reporter_reads_that_the_report_goes_on_with_the_neighbours(clock: World) -> None:
    first, second = clock.report(FIRST), clock.report(SECOND)
    clock.do("wangxiulan", second.number, "merge", survivor=first.number, why="同一处花坛的鸡")
    page = {}
    for receipt in (first, second):
        resident = Client()
        resident.post("/track", {"number": receipt.number, "code": receipt.code})
        page[receipt.number] = resident.get("/track").content.decode()
    own = "您反映了这件事，和邻居反映的并到一起办。"
    assert own in page[second.number] and own not in page[first.number]
    assert "另一件相同的反映并到一起办。" in page[first.number]
