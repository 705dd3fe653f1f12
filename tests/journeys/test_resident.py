"""A resident's way on a phone and on a desktop screen, with and without scripts, in Chinese and in English."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from huiyin.records.models import Case
from tests.conftest import CHROMIUM, CHROMIUM_ARGUMENTS, DESKTOP, PHONE
from tests.world import World

Shoot = Callable[[Page, str], None]
SCREENS = [pytest.param(PHONE, id="phone"), pytest.param(DESKTOP, id="desktop")]


def name_of(screen: dict[str, Any]) -> str:
    return "phone" if screen is PHONE else "desktop"


@pytest.mark.parametrize("screen", SCREENS)
def test_every_page_for_residents_fits_its_screen(
    visitor: Callable[..., Page], live_server: Any, town: World, shoot: Shoot, screen: dict[str, Any]
) -> None:
    town.echoed()
    for language in ("zh-CN", "en-US"):
        page = visitor(screen, locale=language)
        where = f"{name_of(screen)}-{language[:2]}"
        for path, name in [
            ("/", "home"),
            (f"/report?c={town.compound().code}", "report"),
            ("/track", "track-ask"),
            ("/who", "who"),
            ("/who/QL-05", "item"),
            ("/lists", "lists"),
            (f"/c/{town.compound().code}", "board"),
        ]:
            page.goto(live_server.url + path)
            shoot(page, f"portal-{name}-{where}")


@pytest.mark.parametrize("screen", SCREENS)
def test_poultry_at_home_is_reported_from_the_board_and_followed(
    visitor: Callable[..., Page], live_server: Any, town: World, shoot: Shoot, screen: dict[str, Any]
) -> None:
    page = visitor(screen)
    where = name_of(screen)
    page.goto(f"{live_server.url}/c/{town.compound().code}")
    page.get_by_role("link", name="我要反映").first.click()
    page.get_by_label("用平常的话说").fill("楼下花坛里有人养鸡，天不亮就打鸣")
    expect(page.get_by_text("听起来像这件事")).to_be_visible()
    page.get_by_label("是这件事").first.check()
    shoot(page, f"portal-report-filled-{where}")
    page.get_by_role("button", name="提交，拿回执").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("收到了，谢谢您")
    assert not re.search(r"[?&](code|key)=", page.url)
    shoot(page, f"portal-receipt-{where}")
    page.get_by_role("button", name="查进度").click()
    expect(page.get_by_text("您反映了这件事")).to_be_visible()
    shoot(page, f"portal-track-new-{where}")


def test_a_receipt_is_a_page_a_picture_to_keep_and_a_sheet_of_paper(
    visitor: Callable[..., Page], live_server: Any, town: World, shoot: Shoot
) -> None:
    page = visitor(PHONE)
    page.goto(f"{live_server.url}/report?c={town.compound().code}")
    page.get_by_label("用平常的话说").fill("楼下花坛里有人养鸡")
    page.get_by_role("button", name="提交，拿回执").click()
    card = page.locator("[data-receipt]")
    expect(card).to_be_visible()
    number, code = card.get_attribute("data-number"), card.get_attribute("data-code")
    page.wait_for_load_state("networkidle")  # the button is heard once its script has come
    page.get_by_role("button", name="存成图片").click()
    drawn = page.locator("main img[src^='data:image/png']")
    expect(drawn).to_be_visible()
    assert drawn.evaluate("picture => picture.naturalWidth >= 600 && picture.naturalHeight >= 600")
    shoot(page, "portal-receipt-picture")
    page.emulate_media(media="print")
    for kept in (number, "".join(code or "")):
        assert (kept or "") in re.sub(r"\s", "", card.inner_text())
    for left_out in ("存成图片", "打印", "查进度", "关怀版", "English"):
        expect(page.get_by_role("button", name=left_out, exact=True)).to_have_count(0)
    shoot(page, "portal-receipt-paper")


@pytest.mark.parametrize("screen", SCREENS)
def test_an_echo_is_read_disputed_and_the_matter_goes_back(
    visitor: Callable[..., Page], live_server: Any, town: World, shoot: Shoot, screen: dict[str, Any]
) -> None:
    receipt = town.echoed()
    page = visitor(screen)
    where = name_of(screen)
    page.goto(f"{live_server.url}/track?n={receipt.number}")
    expect(page.get_by_label("件号")).to_have_value(receipt.number)
    page.forgiven.append("422")  # type: ignore[attr-defined]
    page.get_by_label("查询码").fill(receipt.code[:10])
    page.get_by_role("button", name="看进度").click()
    expect(page.get_by_text("还差 2 位")).to_be_visible()
    shoot(page, f"portal-track-wrong-{where}")
    page.get_by_label("查询码").fill(receipt.code)
    page.get_by_role("button", name="看进度").click()
    expect(page.get_by_role("heading", name="这件事解决了吗？")).to_be_visible()
    shoot(page, f"portal-track-echoed-{where}")
    page.get_by_text("没解决", exact=True).click()
    page.get_by_label("哪里没解决？").fill("今天早上又听见鸡叫")
    page.get_by_role("button", name="告诉他们没解决").click()
    expect(page.get_by_text("您说没解决。").first).to_be_visible()
    shoot(page, f"portal-track-disputed-{where}")
    assert town.case(receipt.number).stage == "handling"


def test_everything_works_without_scripts(visitor: Callable[..., Page], live_server: Any, town: World, shoot: Shoot) -> None:
    page = visitor(PHONE, java_script_enabled=False)
    page.goto(f"{live_server.url}/report")
    page.get_by_label("用平常的话说").fill("楼下花坛里有人养鸡")
    page.forgiven.append("422")  # type: ignore[attr-defined]
    page.get_by_role("button", name="提交，拿回执").click()
    expect(page.get_by_text("请选小区；不在里面的，写一写在哪里。")).to_be_visible()
    expect(page.get_by_label("用平常的话说")).to_have_value("楼下花坛里有人养鸡")
    page.get_by_label("小区", exact=True).select_option(label="锦绣家园")
    page.get_by_role("button", name="提交，拿回执").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("收到了，谢谢您")
    shoot_without_scripts(page)
    page.get_by_role("button", name="查进度").click()
    expect(page.get_by_text("您反映了这件事")).to_be_visible()


def shoot_without_scripts(page: Page) -> None:
    """The picture alone: measuring needs scripts."""
    from tests.conftest import SHOTS

    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / "portal-receipt-noscript.png", full_page=True)


def test_elder_mode_has_fewer_and_larger_things(
    visitor: Callable[..., Page], live_server: Any, town: World, shoot: Shoot
) -> None:
    page = visitor(PHONE)
    page.goto(live_server.url)
    page.get_by_role("button", name="关怀版").click()
    expect(page.get_by_role("button", name="普通版")).to_be_visible()
    shoot(page, "portal-home-care")
    page.goto(f"{live_server.url}/report")
    shoot(page, "portal-report-care")


@pytest.mark.parametrize("screen", SCREENS)
def test_a_place_is_pointed_at_on_the_map(
    visitor: Callable[..., Page], live_server: Any, town: World, shoot: Shoot, screen: dict[str, Any]
) -> None:
    page = visitor(screen)
    page.goto(f"{live_server.url}/report?c={town.compound().code}")
    page.get_by_role("button", name="在地图上指一指").click()
    expect(page.get_by_text("在地图上点一下位置")).to_be_visible()
    page.locator("[data-map-canvas]").click(position={"x": 120, "y": 90})
    expect(page.get_by_text("位置已记下，再点可以改")).to_be_visible()
    shoot(page, f"portal-map-{name_of(screen)}")
    page.get_by_label("用平常的话说").fill("这里有人养鸡")
    page.get_by_role("button", name="提交，拿回执").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("收到了，谢谢您")
    assert Case.objects.get().lon is not None


def test_what_needs_scripts_is_offered_when_they_have_come(phone: Page, live_server: Any, town: World) -> None:
    held: list[Route] = []
    phone.route("**/map*.js", lambda route: held.append(route))  # as on a slow line, where it comes last
    phone.goto(f"{live_server.url}/report?c={town.compound().code}")
    button = phone.get_by_text("在地图上指一指")
    expect(phone.get_by_label("用平常的话说")).to_be_visible()
    expect(button).to_be_hidden()
    place = button.bounding_box()
    while not held:
        phone.wait_for_timeout(50)
    held.pop().continue_()
    expect(button).to_be_visible()
    assert button.bounding_box() == place, "nothing jumps under a finger"


@pytest.mark.parametrize("screen", SCREENS)
def test_a_neighbour_says_we_have_it_too(
    visitor: Callable[..., Page], live_server: Any, town: World, shoot: Shoot, screen: dict[str, Any]
) -> None:
    receipt = town.assigned()
    page = visitor(screen)
    where = name_of(screen)
    page.goto(f"{live_server.url}/report?c={town.compound().code}")
    page.get_by_label("用平常的话说").fill("楼下花坛有人养鸡，早上打鸣")
    page.get_by_role("link", name="我家也遇到了").click()
    shoot(page, f"portal-join-{where}")
    page.get_by_label("想补充什么").fill("我家也被吵醒")
    page.get_by_role("button", name="提交，拿回执").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("收到了，谢谢您")
    assert town.case(receipt.number).reports_count == 2


def test_a_board_is_found_from_the_first_page(visitor: Callable[..., Page], live_server: Any, town: World, shoot: Shoot) -> None:
    page = visitor(PHONE, java_script_enabled=False)
    page.goto(live_server.url)
    page.get_by_label("小区", exact=True).select_option(label="锦绣家园")
    page.get_by_role("button", name="看小区服务栏").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("锦绣家园")


@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_twice_the_text_loses_nothing(browser: Browser, live_server: Any, town: World, shoot: Shoot, language: str) -> None:
    receipt = town.echoed()
    large = browser.browser_type.launch(
        executable_path=CHROMIUM, args=[*CHROMIUM_ARGUMENTS, "--blink-settings=defaultFontSize=32"]
    )
    page = large.new_page(**PHONE, locale=language)
    page.goto(f"{live_server.url}/track?n={receipt.number}")
    page.locator("#code").fill(receipt.code)
    page.locator("main form button.pri").click()
    page.locator("ol.tl").first.wait_for()
    for path in ("/track", "/", "/report", "/who", "/who/QL-05", "/lists", f"/c/{town.compound().code}"):
        page.goto(live_server.url + path)
        shoot(page, f"portal-text200{path.replace('/', '-')}-{language[:2]}")
    large.close()
