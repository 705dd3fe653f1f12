"""What every test may ask for: a fixed moment, pages in a browser, and a database whose guards can be lifted to empty it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import TransactionTestCase
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, expect, sync_playwright

from tests.guards import lift_guards

# The same examples in every run, and no verdict about a machine that is busy.
hypothesis.register_profile("calm", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
hypothesis.load_profile("calm")

BEIJING = ZoneInfo("Asia/Shanghai")
CHROMIUM = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "django_db_serialized_rollback", "live_server"}
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "has_touch": True, "is_mobile": True}
DESKTOP = {"viewport": {"width": 1440, "height": 900}}
# A question that a newer one or the next page made idle is given up, and htmx says so in the console.
GIVEN_UP = ("htmx:sendAbort,", "htmx:afterRequest,")
SHOTS = Path(__file__).parent / "journeys" / "shots"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what touches the database, so that it runs again on PostgreSQL, and what needs a browser."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or fixtures & DATABASE_FIXTURES:
            item.add_marker(pytest.mark.database)
        if "browser" in fixtures:
            item.add_marker(pytest.mark.journey)


def missing(what: str) -> None:
    """Skips a test for want of something on this machine; fails it where nothing may be left out (HUIYIN_NO_SKIPS)."""
    if os.environ.get("HUIYIN_NO_SKIPS"):
        pytest.fail(f"{what}, and nothing may be left out here")
    pytest.skip(what)


@pytest.fixture
def at() -> datetime:
    """A Tuesday morning at work: 2026-11-24 09:00 in Beijing."""
    return datetime(2026, 11, 24, 9, 0, tzinfo=BEIJING)


@pytest.fixture(scope="session", autouse=True)
def _emptying_lifts_guards() -> Iterator[None]:
    """Tables are emptied after a test that committed; the ledger's triggers would refuse that. The flush makes them anew."""
    teardown = TransactionTestCase._fixture_teardown

    def lifted(self: TransactionTestCase) -> None:
        lift_guards()
        teardown(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lifted)
        yield


@pytest.fixture(autouse=True)
def _no_checkpoints_are_left(settings: Any) -> Iterator[None]:
    """Files with checkpoints lie beside the database: those of one test would contradict the record of the next."""
    yield
    shutil.rmtree(Path(settings.HUIYIN_DATA) / "checkpoints", ignore_errors=True)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium, one for all journeys."""
    if CHROMIUM is None:
        missing("no Chromium on this machine (as root, ./run test installs it)")
    expect.set_options(timeout=30_000)  # patience costs nothing where all is well, and a busy machine fails no story
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens pages of separate visitors: visitor(PHONE, locale="en"). A violation of the content policy, an error in the
    console or an uncaught one fails the test at its end; page.forgiven lists parts of console texts that are expected."""
    contexts: list[BrowserContext] = []
    pages: list[Page] = []
    troubles: list[tuple[Page, str]] = []

    def open_page(screen: dict[str, Any], **options: Any) -> Page:
        context = browser.new_context(**{"locale": "zh-CN", "timezone_id": "Asia/Shanghai", **screen, **options})
        context.set_default_timeout(30_000)
        contexts.append(context)
        page = context.new_page()
        page.forgiven = []  # type: ignore[attr-defined]  # a list of our own beside Playwright's attributes
        page.on("console", lambda message: _listen(page, message, troubles))
        page.on("pageerror", lambda error: troubles.append((page, _first_line(error))))
        pages.append(page)
        return page

    yield open_page
    for context in contexts:
        context.close()
    heard = [text for page, text in troubles if not any(part in text for part in page.forgiven)]  # type: ignore[attr-defined]
    assert not heard, "the browser complained:\n" + "\n".join(heard)


@pytest.fixture
def phone(visitor: Callable[..., Page]) -> Page:
    """A page on a phone-sized screen, 390 by 844 at two pixels a point."""
    return visitor(PHONE)


@pytest.fixture
def desktop(visitor: Callable[..., Page]) -> Page:
    """A page on a desktop screen, 1440 by 900."""
    return visitor(DESKTOP)


def picture(page: Page, path: Path) -> None:
    """What the screen shows; with SHOTS=whole in the environment the whole page, for somebody to look at. Chromium makes the screen as
    high as the page for that and, on an emulated phone of a busy machine, may then take taps at positions of the high screen."""
    page.screenshot(path=path, full_page=os.environ.get("SHOTS") == "whole")


@pytest.fixture
def shoot() -> Callable[[Page, str], None]:
    """Leaves a picture of the page in tests/journeys/shots for somebody to look at, and refuses sideways scroll."""

    def take(page: Page, name: str) -> None:
        SHOTS.mkdir(parents=True, exist_ok=True)
        picture(page, SHOTS / f"{name}.png")
        wide, room = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert wide <= room, f"{name} scrolls sideways: {wide} of {room} pixels"

    return take


def _listen(page: Page, message: ConsoleMessage, troubles: list[tuple[Page, str]]) -> None:
    if message.text.startswith(GIVEN_UP):
        return
    if message.type == "error" or "Content Security Policy" in message.text:
        troubles.append((page, f"{message.text} ({message.location.get('url', '')})"))


def _first_line(error: Error) -> str:
    return (error.stack or error.message).strip()
