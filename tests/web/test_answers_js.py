"""What the desk lists beside a call is the answer to what the form says now, or is said not to be there."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template import engines
from playwright.sync_api import Page, expect

from tests.web.tiny import Answer, Posted, Tiny

CALL = Path(__file__).parents[2] / "huiyin" / "web" / "templates" / "desk" / "call.html"
NOISE = ["Failed to load resource", "Response Status Error Code", "htmx:"]
FORM = """{% extends "desk/base.html" %}{% block title %}来电登记{% endblock %}
{% block main %}<form method="post" action="/call"><div data-answers hx-post="/alike" hx-trigger="change" hx-target="#alike" hx-sync="this:replace">
<select name="compound" aria-label="小区"><option value="1">一号院</option><option value="2">二号院</option></select></div>
<div id="alike"><button name="join" value="A-1" data-key="F8">并入 A-1</button></div></form>{% endblock %}"""
LATER = Answer('<button name="join" value="B-2">并入 B-2</button>')


@pytest.fixture
def server() -> Iterator[Tiny]:
    tiny = Tiny()
    tiny.pages = {"/call": engines["django"].from_string(FORM).render({})}
    with tiny.running():
        yield tiny


def opened(page: Page, server: Tiny) -> Page:
    page.forgiven = NOISE  # type: ignore[attr-defined]
    page.goto(server.url + "/call")
    page.wait_for_selector("html[data-started]")
    return page


@pytest.mark.parametrize("status", [401, 403, 502])
def test_a_list_that_could_not_be_had_is_said_and_the_old_one_is_gone(desktop: Page, server: Tiny, status: int) -> None:
    server.script("/alike", Answer("<h1>Bad gateway</h1>", status), then=LATER)
    opened(desktop, server)
    desktop.select_option("select", "2")
    expect(desktop.locator("#alike [role=status]")).to_contain_text("没有取到")
    expect(desktop.locator("[name=join]")).to_have_count(0)
    desktop.click("#alike >> text=现在再试")
    expect(desktop.locator("[name=join]")).to_have_text("并入 B-2")
    assert [asked["compound"] for asked in server.at("/alike")] == ["2", "2"]


def test_nothing_of_the_old_list_can_be_pressed_while_the_new_one_is_asked_for(desktop: Page, server: Tiny) -> None:
    come = threading.Event()

    def answer(posted: Posted) -> Answer:
        come.wait(60)
        return LATER

    server.posts["/alike"] = answer
    opened(desktop, server)
    desktop.select_option("select", "2")
    expect(desktop.locator("[name=join]")).to_be_disabled()
    desktop.keyboard.press("F8")
    come.set()
    expect(desktop.locator("[name=join]")).to_have_text("并入 B-2")
    expect(desktop.locator("[name=join]")).to_be_enabled()
    assert not server.at("/call")


def test_the_page_of_a_call_holds_its_list_to_that() -> None:
    assert "data-answers hx-post=\"{% url 'desk:call_alike' %}\"" in CALL.read_text("utf-8")
