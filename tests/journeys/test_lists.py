"""The lists are governed at the screen: a law ends, a matter that two departments refuse is settled, and the next case is assigned right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Page, expect

from huiyin.adapters import tables
from huiyin.records.models import Law, ListVersion
from huiyin.rules.tables import Cells
from huiyin.selectors import lists as known
from tests.conftest import DESKTOP, PHONE
from tests.journeys.people import Album, Town
from tests.web.desk.test_list_tables import typed, workbook
from tests.world import World

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def story(request: pytest.FixtureRequest, town: World, live_server: Any, visitor: Callable[..., Page], settings: Any) -> Town:
    """As in the demo, where a coordinator signs in without a second factor."""
    settings.DEMO = True
    return Town(world=town, url=live_server.url, visitor=visitor, album=Album(request.node.name.removeprefix("test_")[:40]))


def publish(page: Page, story: Town, version: int, day: str) -> None:
    page.goto(f"{story.url}/desk/lists/versions/{version}/")
    page.get_by_role("button", name="送审").click()
    page.locator("[name=day]").fill(day)
    page.get_by_role("button", name="发布").click()
    expect(page.get_by_text("已发布，涉及的部门和各联络站都收到了通知")).to_be_visible()


def test_a_law_ends_and_the_next_case_rests_on_the_new_one_while_an_old_case_keeps_its_own(story: Town) -> None:
    town = story.world
    old = town.assigned(item="QL-05").number
    tomorrow = (town.now + timedelta(days=1)).strftime("%Y-%m-%d")
    coordinator = story.staff("zhoumin", DESKTOP)
    page = coordinator.page
    page.goto(f"{story.url}/desk/lists/")
    page.get_by_role("link", name="法律登记").click()
    page.locator("li", has_text="城市市容和环境卫生管理条例").get_by_role("link", name="失效了").click()
    page.locator("[name=valid_to]").fill(tomorrow)
    page.locator("[name=successor]").fill("县城市管理条例")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("用到它的事项都列在这里")).to_be_visible()
    affected = page.locator("li", has_text="QL-05").first
    expect(affected).to_contain_text("之后这一项没有别的依据")
    coordinator.shoot("affected")
    affected.get_by_role("button", name="在草稿里改").click()
    page.get_by_role("link", name="加一条").click()
    for name, value in (
        ("law", "安和县城市管理条例"), ("law_code", "anhe-chengguan"), ("article", "第九条"), ("quote", "住宅小区内禁止饲养家禽"),
        ("statute", "第九条　住宅小区内禁止饲养家禽。违者责令限期处理。"), ("valid_from", tomorrow),
    ):  # fmt: skip
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=kind]").select_option("duty")
    coordinator.shoot("clause")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已保存，引文和原文一致")).to_be_visible()
    coordinator.shoot("item")
    draft = ListVersion.objects.get(state="draft").pk
    page.goto(f"{story.url}/desk/lists/versions/{draft}/")
    coordinator.shoot("draft")
    page.get_by_role("link", name="改了什么").click()
    expect(page.get_by_text("安和县城市管理条例第九条")).to_be_visible()
    # What no longer has a basis of its own is taken out before the rest is published.
    for code in _bare(draft, tomorrow):
        page.goto(f"{story.url}/desk/lists/checkup/{code}/")
        page.get_by_role("button", name="在草稿里改").click()
        page.get_by_role("button", name="从草稿里去掉这一项").click()
    publish(page, story, draft, tomorrow)
    coordinator.shoot("published")

    town.later(days=1)
    with time_machine.travel(town.now, tick=True):
        public = story.visitor(PHONE)
        public.goto(f"{story.url}/who/QL-05")
        expect(public.get_by_text("安和县城市管理条例第九条")).to_be_visible()
        story.album.take(public, "public-item")
        public.goto(f"{story.url}/lists/changes")
        expect(public.get_by_text("QL-05").first).to_be_visible()
        expect(public.locator("ins", has_text="住宅小区内禁止饲养家禽")).to_be_visible()
        story.album.take(public, "public-changes")
        new = town.assigned(item="QL-05").number
        labels = {number: _bases(town, number) for number in (old, new)}
        assert any("安和县城市管理条例" in label for label in labels[new])
        assert not any("安和县城市管理条例" in label for label in labels[old]) and labels[old]


def _bare(version: int, day: str) -> list[str]:
    from datetime import date

    from huiyin.selectors import governance

    return sorted({one.item for one in governance.problems_of(version, date.fromisoformat(day)) if one.stops})


def _bases(town: World, number: str) -> list[str]:
    item, tree = known.item_of(town.case(number), town.now.date())
    assert item is not None and tree is not None
    return [basis.law for basis in tree.bases[item.pk]]


@pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_lists_fit_a_screen(story: Town, screen: dict[str, Any]) -> None:
    """Pages with something on them, at the desk and on a phone, to be looked at."""
    town = story.world
    number = town.assigned().number
    town.do("liuzhiqiang", number, "decline", reason="not_ours", why="养鸡归农业")
    town.do("zhoumin", number, "settle", item="QL-05", lead=town.body("nongye"), ground="agreed", why="两家商量好了")
    coordinator = story.staff("zhoumin", screen)
    page = coordinator.page
    page.goto(f"{story.url}/desk/lists/settlements/")
    page.get_by_role("button", name="写进下一版").click()
    item = page.url
    page.locator("[name=test_resonance]").fill("近一年反映 41 件，三个小区都有")
    page.locator("[name=phrases]").fill("楼下养鸡\n院子里有鸭子叫")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已保存")).to_be_visible()
    coordinator.shoot("item")
    page.locator("#tests").scroll_into_view_if_needed()
    coordinator.shoot("item-tests")
    page.locator("#bodies").scroll_into_view_if_needed()
    coordinator.shoot("item-bodies")
    version = item.split("/items/")[0]
    law = Law.objects.get(code="zhian").pk
    for path, name in (
        ("/desk/lists/", "lists"), ("/desk/lists/versions/", "versions"), (f"{version}/", "draft"), (f"{version}/changes/", "changes"),
        ("/desk/lists/laws/", "laws"), (f"/desk/lists/laws/{law}/", "law"), ("/desk/lists/todo/", "todo"),
        ("/desk/lists/settlements/", "settled"), ("/desk/lists/boards/", "boards"),
        (f"/desk/lists/boards/{town.compound().pk}/", "board"), ("/desk/", "today"),
    ):  # fmt: skip
        page.goto(path if path.startswith("http") else f"{story.url}{path}")
        coordinator.shoot(name)
    resident = story.visitor(screen)
    for path, name in (("/lists", "public-lists"), ("/lists/changes", "public-changes"), ("/who/ZS-05", "public-item")):
        resident.goto(f"{story.url}{path}")
        story.album.take(resident, name)


def test_two_coordinators_at_one_item_see_what_the_other_wrote_and_nothing_is_lost(story: Town) -> None:
    first, second = story.staff("zhoumin", DESKTOP), story.staff("zhoumin", PHONE)
    first.page.goto(f"{story.url}/desk/lists/versions/")
    first.page.get_by_role("button", name="从它建草稿").first.click()
    first.page.locator("li", has_text="QL-05").get_by_role("link", name="改", exact=True).click()
    second.page.goto(first.page.url)
    first.page.locator("[name=plain]").fill("先到的说明")
    first.page.get_by_role("button", name="保存").click()
    expect(first.page.get_by_text("已保存")).to_be_visible()
    second.page.forgiven.append("409")  # type: ignore[attr-defined]
    second.page.locator("[name=plain]").fill("后到的说明")
    second.page.locator("[name=close_workdays]").fill("9")
    second.page.get_by_role("button", name="保存").click()
    expect(second.page.get_by_text("先到的说明")).to_be_visible()
    expect(second.page.locator("[name=plain]")).to_have_value("后到的说明")
    second.shoot("conflict")
    second.page.get_by_role("button", name="保存").click()
    expect(second.page.get_by_text("已保存")).to_be_visible()
    first.page.reload()
    expect(first.page.locator("[name=plain]")).to_have_value("后到的说明")
    expect(first.page.locator("[name=close_workdays]")).to_have_value("9")


def test_two_departments_refuse_a_stray_dog_it_is_settled_and_the_list_improves(story: Town) -> None:
    town = story.world
    resident = story.resident(PHONE)
    resident.reports("xfl1", "小区里有几条没主人的流浪狗，晚上追人")
    number = resident.number
    town.do("wangxiulan", number, "assign", item="QL-04", lead=town.body("gongan"))
    town.do(town.head("gongan"), number, "decline", reason="not_ours", why="流浪犬不归公安")
    town.do("wangxiulan", number, "assign", item="QL-04", lead=town.body("chengguan"))
    town.do("liuzhiqiang", number, "decline", reason="not_ours", why="城管没有收容场所")
    clerk = story.staff("wangxiulan", DESKTOP)
    clerk.opens(number)
    clerk.see("先由协调监督作管辖协调")

    coordinator = story.staff("zhoumin", DESKTOP)
    lead = str(town.body("nongye"))
    coordinator.does(
        number, "settle", shot="settle", item="QL-04", lead=lead, ground="agreed", why="三家开会商定由农业农村局牵头收容"
    )
    assert town.case(number).lead.code == "nongye"
    page = coordinator.page
    page.goto(f"{story.url}/desk/lists/settlements/")
    coordinator.shoot("settlements")
    page.get_by_role("button", name="写进下一版").click()
    expect(page.locator("[name=lead]")).to_have_value("nongye")
    draft = ListVersion.objects.get(state="draft").pk
    tomorrow = (town.now + timedelta(days=1)).strftime("%Y-%m-%d")

    second = story.resident(PHONE)
    second.reports("xfl1", "又来了一群野狗没人管")
    clerk.opens(second.number)
    clerk.see("同样的事以前协调过")
    clerk.shoot("settled-before")
    publish(page, story, draft, tomorrow)

    town.later(days=1)
    with time_machine.travel(town.now, tick=True):
        next_day = story.staff("wangxiulan", DESKTOP)
        next_day.opens(second.number)
        next_day.begins(second.number, "assign")
        expect(next_day.page.locator("[name=item]")).to_have_value("QL-04")
        next_day.shoot("assigned-right")
        next_day.sends()
        next_day.see("已经记下：派单")
    assert town.case(second.number).lead.code == "nongye"
    story.record_is_sound(number)


def test_a_whole_list_goes_out_as_a_workbook_is_edited_and_comes_into_the_draft(story: Town) -> None:
    coordinator = story.staff("zhoumin", DESKTOP)
    page = coordinator.page
    page.goto(f"{story.url}/desk/lists/versions/")
    page.locator("li", has_text="执法清单").get_by_role("button", name="从它建草稿").click()
    page.get_by_role("link", name="从工作簿导入").click()
    coordinator.shoot("upload")
    with page.expect_download() as coming:
        page.get_by_role("link", name="下载这份草稿").click()
    assert coming.value.suggested_filename == "执法清单第2版.xlsx"
    content = Path(coming.value.path()).read_bytes()

    def send(sheets: dict[str, list[Cells]]) -> None:
        page.get_by_label("选文件").set_input_files({"name": "清单.xlsx", "mimeType": XLSX, "buffer": workbook(sheets)})
        page.get_by_role("button", name="看看会怎么样").click()

    wrong = tables.read(content)
    typed(wrong, "事项", "QL-05", "谁来牵头", "没有的局")
    send(wrong)
    expect(page.get_by_text("本县没有“没有的局”这个单位")).to_be_visible()
    expect(page.get_by_role("button", name="导入草稿")).to_have_count(0)
    coordinator.shoot("wrong")
    page.get_by_role("link", name="从工作簿导入").click()
    right = tables.read(content)
    typed(right, "事项", "QL-05", "一句大白话", "有人在小区里养鸡养鸭。")
    typed(right, "居民的说法", "QL-05", "文字", "楼下养鸡，天冇亮就叫")
    send(right)
    expect(page.locator("ins", has_text="楼下养鸡，天冇亮就叫")).to_be_visible()
    coordinator.shoot("look")
    page.get_by_role("button", name="导入草稿").click()
    expect(page.get_by_text("工作簿导入草稿了")).to_be_visible()
    expect(page.get_by_text("有人在小区里养鸡养鸭。")).to_be_visible()
    coordinator.shoot("draft")
    draft = ListVersion.objects.get(state="draft")
    assert draft.items.get(code="QL-05").phrases[0] == "楼下养鸡，天冇亮就叫" and draft.items.count() == 32
