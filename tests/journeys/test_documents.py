"""An officer on a phone makes the record of an inspection, the party signs on the screen, the colleague signs, and it is downloaded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from huiyin.adapters.documents import press
from huiyin.jobs import documents as job
from huiyin.records.models import Document, Signature
from tests.conftest import DESKTOP, PHONE
from tests.journeys.people import Album, Town
from tests.services.cases.test_inquiry import OWNER, crew
from tests.services.documents.test_documents import noticed, scan
from tests.world import World


@pytest.fixture(autouse=True)
def rested() -> Iterator[None]:
    yield
    press.rest()


def test_a_record_is_made_on_the_phone_signed_by_all_and_downloaded(
    town: World, live_server: Any, visitor: Callable[..., Page]
) -> None:
    number = noticed(town)
    first, second = crew(town, "ziran")
    story = Town(world=town, url=live_server.url, visitor=visitor, album=Album("documents"))
    officer = story.staff(first, PHONE)
    page = officer.page
    page.goto(f"{story.url}/desk/cases/{number}/documents/")
    expect(page.get_by_text("还没有文书")).to_be_visible()
    officer.shoot("offered")
    page.locator("li", has_text="现场检查（勘验）笔录").get_by_role("link", name="做文书").click()
    expect(page.get_by_text("从记录里来的")).to_be_visible()
    page.get_by_role("button", name="生成草稿").click()
    expect(page.locator("article")).to_contain_text("测得搭建 21 平方米")
    expect(page.get_by_text("正在排版")).to_be_visible()
    officer.shoot("draft")
    page.get_by_role("button", name="定稿").click()
    officer.hands_over_the_screen(OWNER, "被检查人", shot="pad")
    signed = Signature.objects.get(role="party")
    assert signed.way == "screen" and signed.picture

    key = scan(town, second)
    colleague = story.staff(second, DESKTOP)
    pk = Document.objects.get().pk
    colleague.page.goto(f"{story.url}/desk/cases/{number}/documents/{pk}/")
    expect(colleague.page.get_by_text("要先用第二重验证登录")).to_be_visible()
    colleague.page.locator("summary", has_text="已在纸上签字盖章").click()
    colleague.page.locator("form:has([value=paper]) [name=key]").evaluate("(field, key) => { field.value = key }", key)
    colleague.page.get_by_role("button", name="附上").click()
    expect(colleague.page.locator("h1 + .tag")).to_contain_text("已签")
    colleague.shoot("signed")

    assert job.run(town.now) == 1
    colleague.page.reload()
    expect(colleague.page.get_by_role("link", name="打开 PDF")).to_be_visible()
    answer = colleague.page.request.get(f"{story.url}/desk/cases/{number}/documents/{pk}/pdf/")
    assert answer.ok and answer.body().startswith(b"%PDF-")
    story.record_is_sound(number)
