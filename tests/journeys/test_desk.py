"""The desk in a browser: a call taken with both hands on the keyboard, and every page on both screens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from huiyin.records.models import Attachment, Case, Posting, Report
from huiyin.web.factor import HAS_ONE
from tests.conftest import DESKTOP, PHONE
from tests.journeys.people import photo
from tests.world import World

Shoot = Callable[[Page, str], None]
PASSWORD = "not-a-secret"
SCREENS = {"phone": PHONE, "desktop": DESKTOP}


def sign_in(page: Page, url: str, username: str) -> None:
    """Through the sign-in page; the second factor counts as seen."""
    from django.contrib.sessions.backends.db import SessionStore

    page.goto(f"{url}/desk/")
    page.fill("[name=login]", username)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda address: "/login/" not in address)
    key = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "huiyin")
    session = SessionStore(key)
    session[HAS_ONE] = int(session["_auth_user_id"])
    session.save()
    page.goto(f"{url}/desk/")


def who(role: str) -> str:
    return Posting.objects.filter(role=role).order_by("pk").values_list("person__username", flat=True)[0]


def _heard(page: Page) -> None:
    """Until the scripts of a page have begun nobody hears its keys."""
    expect(page.locator("html[data-started]")).to_be_attached()


def test_a_call_is_taken_without_a_mouse(visitor: Callable[..., Page], live_server: Any, town: World, shoot: Shoot) -> None:
    before = town.report(words="3 栋花坛里有七八只鸡")
    page = visitor(DESKTOP)
    sign_in(page, live_server.url, "wangxiulan")
    page.wait_for_selector("form[role=search]")
    _heard(page)
    page.keyboard.press("F2")
    expect(page.locator("textarea[name=words]")).to_be_focused()
    _heard(page)
    page.keyboard.type("楼下花坛里有人养鸡，天不亮就打鸣")
    expect(page.locator("#options .choice")).to_have_count(3)
    page.keyboard.press("F5")
    expect(page.locator("input[name=item][value=QL-05]")).to_be_checked()
    page.keyboard.press("Alt+2")
    page.keyboard.type("锦绣家园")
    page.keyboard.press("Enter")
    expect(page.locator("#alike")).to_contain_text(before.number)
    page.keyboard.press("Alt+3")
    page.keyboard.type("0700-555 0188")
    shoot(page, "desk-call")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".code")).to_be_visible()
    shoot(page, "desk-call-done")
    case = Case.objects.exclude(number=before.number).get()
    assert (case.suggested, case.compound_id) == ("QL-05", town.compound().pk)

    _heard(page)
    page.keyboard.press("F2")
    expect(page.locator("textarea[name=words]")).to_be_focused()
    _heard(page)
    page.keyboard.type("我家也听见鸡叫")
    page.keyboard.press("Alt+2")
    page.keyboard.type("锦绣家园")
    page.keyboard.press("Enter")
    expect(page.locator("#alike")).to_contain_text(before.number)
    page.keyboard.press("F8")
    expect(page.locator(".code")).to_be_visible()
    assert Report.objects.count() == 3 and Case.objects.count() == 2


def test_the_desk_works_without_scripts(visitor: Callable[..., Page], live_server: Any, town: World) -> None:
    """A call is taken, assigned and gone to with a photo, by forms alone."""
    page = visitor(PHONE, java_script_enabled=False)
    sign_in(page, live_server.url, "wangxiulan")
    page.goto(f"{live_server.url}/desk/call/")
    page.locator("[name=words]").fill("楼下花坛里有人养鸡，天不亮就打鸣")
    page.locator("select[name=compound]").select_option(label="锦绣家园")
    page.locator("main form button.pri").last.click()
    expect(page.locator(".code")).to_be_visible()
    case = Case.objects.get()
    page.get_by_role("link", name="去派单").click()
    page.locator(f"main a[href*='/cases/{case.number}/assign/']").first.click()
    page.locator("select[name=item]").select_option("QL-05")
    page.locator("main form button.pri").last.click()
    expect(page.get_by_text("已经记下：派单")).to_be_visible()
    officer = visitor(PHONE, java_script_enabled=False)
    sign_in(officer, live_server.url, "liuzhiqiang")
    officer.goto(f"{live_server.url}/desk/cases/{case.number}/attend/")
    officer.locator("[name=found]").fill("花坛边笼子里六只鸡")
    officer.locator("main input[type=file]").first.set_input_files([photo("coop", "olive")])
    officer.locator("main form button.pri").last.click()
    expect(officer.get_by_text("已经记下：到场")).to_be_visible()
    case.refresh_from_db()
    assert (case.stage, Attachment.objects.filter(case=case).count()) == ("handling", 1)


@pytest.mark.parametrize("screen", SCREENS)
def test_every_desk_page_fits_its_screen(
    visitor: Callable[..., Page], live_server: Any, town: World, shoot: Shoot, screen: str
) -> None:
    number = town.settled(phone="19900001234").number
    waiting = town.report(compound=None, place_words="河边").number
    town.do("wangxiulan", town.report().number, "ask_dissuade", firm=town.firm(), release="花坛有人养鸡，请先劝一劝")
    tours = {
        "com": ("", "cases/", f"cases/{number}/", f"cases/{number}/echo/", "call/", "callbacks/", "lists/"),
        "off": ("", f"cases/{number}/", f"cases/{number}/dissuade/", f"cases/{number}/order/", f"cases/{number}/correct/"),
        "co": ("", "cases/?tab=all", "unplaced/", f"cases/{waiting}/correct/?of=1&fact=compound"),
        "cus": ("", "identity/", f"identity/?n={number}"),
        "pro": ("", "tasks/"),
        "admin": ("", "settings/", "settings/people/", "settings/places/", "settings/bodies/", "settings/calendar/"),
        "leader": ("", "cases/"),
    }
    usernames = {"com": "wangxiulan", "off": "liuzhiqiang"}
    firm = Posting.objects.filter(body_id=town.firm(), role="pro").values_list("person__username", flat=True)[0]
    for role, paths in tours.items():
        page = visitor(SCREENS[screen])
        page.forgiven = ["409 (Conflict)"]  # type: ignore[attr-defined]  # an act that is not possible yet says so with 409
        sign_in(page, live_server.url, firm if role == "pro" else usernames.get(role, who(role)))
        for path in paths:
            page.goto(f"{live_server.url}/desk/{path}")
            current = page.locator(".rail a[aria-current]")
            if current.count():
                expect(current.first).to_be_in_viewport(ratio=0.9)
            name = path.replace(number, "case").replace(waiting, "waiting").partition("?")[0].strip("/").replace("/", "-")
            shoot(page, f"desk-{screen}-{role}-{name or 'today'}")
