"""The frame that every page stands in, seen by a browser: nothing that the content policy forbids, nothing wider than the screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page


def test_a_wrong_address_leads_home_on_the_phone(phone: Any, live_server: Any, shoot: Callable[[Page, str], None]) -> None:
    phone.forgiven.append("404 (Not Found)")
    phone.goto(f"{live_server.url}/no-such-page")
    assert phone.get_by_role("heading", level=1).inner_text() == "没有这个页面"
    shoot(phone, "404-phone")


def test_a_wrong_address_leads_home_in_english(
    visitor: Callable[..., Any], live_server: Any, shoot: Callable[[Page, str], None]
) -> None:
    page = visitor({"viewport": {"width": 1440, "height": 900}}, locale="en-US")
    page.forgiven.append("404 (Not Found)")
    page.goto(f"{live_server.url}/no-such-page")
    shoot(page, "404-desktop")
