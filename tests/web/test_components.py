"""The components at work in a browser: nothing overflows, nothing breaks the content policy, keys and scripts do what they say."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import CHROMIUM, CHROMIUM_ARGUMENTS, DESKTOP, PHONE
from tests.web import samples
from tests.web.tiny import Answer, Posted, Tiny

SMALL = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
SUGGESTION = """<div class="card sug stack t" data-option><h3>小区里散养鸡鸭</h3><p class="row fw">
<label class="btn"><input type="radio" name="item" value="ZS-01"> 是这件事</label><button class="btn" type="button" data-next>换一个</button></p></div>
<div class="card sug stack t" data-option><h3>养犬不拴绳</h3><button class="btn" type="button" data-next>换一个</button></div>"""


@pytest.fixture
def server(at: datetime) -> Iterator[Tiny]:
    tiny = Tiny()
    tiny.pages = {
        "/": samples.page("portal", at),
        "/care": samples.page("portal", at, care=True),
        "/desk": samples.page("desk", at),
    }
    tiny.gets["/compounds.json"] = lambda: Answer(samples.COMPOUNDS)
    tiny.script("/suggest", then=Answer(SUGGESTION))
    with tiny.running():
        yield tiny


def open_(page: Page, server: Tiny, path: str) -> Page:
    page.goto(server.url + path, wait_until="networkidle")  # of a busy machine also between two scripts
    page.wait_for_selector("html[data-started]", state="attached")
    return page


@pytest.mark.parametrize("path", ["/", "/care", "/desk"])
@pytest.mark.parametrize(("screen", "name"), [(SMALL, "360"), (PHONE, "390"), (DESKTOP, "1440")])
def test_no_component_overflows(
    visitor: Callable[..., Page], shoot: Callable[[Page, str], None], server: Tiny, path: str, screen: dict[str, Any], name: str
) -> None:
    page = open_(visitor(screen), server, path)
    shoot(page, f"components-{path.strip('/') or 'portal'}-{name}")
    outside = page.evaluate(
        """() => Array.from(document.querySelectorAll("main *"))
          .filter((one) => !one.closest(".ring, .vh, .scroll, [hidden], .seg input, .map"))
          .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
          .map((one) => one.outerHTML.slice(0, 80))"""
    )
    assert outside == []


@pytest.mark.parametrize("path", ["/", "/care", "/desk"])
def test_twice_the_text_loses_nothing(browser: Browser, shoot: Callable[[Page, str], None], server: Tiny, path: str) -> None:
    large = browser.browser_type.launch(
        executable_path=CHROMIUM, args=[*CHROMIUM_ARGUMENTS, "--blink-settings=defaultFontSize=32"]
    )
    page = large.new_page(**PHONE)
    open_(page, server, path)
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
    shoot(page, f"components-{path.strip('/') or 'portal'}-390-text200")
    large.close()


CONTRAST = """(least) => {
  const parse = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const channel = (value) => (value / 255 <= 0.03928 ? value / 255 / 12.92 : Math.pow((value / 255 + 0.055) / 1.055, 2.4));
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const ground = (one) => {
    for (; one; one = one.parentElement) {
      const colour = parse(getComputedStyle(one).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const bad = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const one = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !one.getClientRects().length || one.closest("[disabled], .skip, svg, script")) continue;
    const style = getComputedStyle(one);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    const [front, back] = [light(parse(style.color)), light(ground(one))];
    const ratio = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
    if (ratio < (large ? least[1] : least[0])) bad.push(ratio.toFixed(2) + " " + walker.currentNode.data.trim().slice(0, 20));
  }
  return bad;
}"""


@pytest.mark.parametrize(("path", "least"), [("/", [4.5, 3]), ("/desk", [4.5, 3]), ("/care", [7, 4.5])])
def test_every_text_stands_out_from_its_ground(phone: Page, server: Tiny, path: str, least: list[float]) -> None:
    open_(phone, server, path)
    assert phone.evaluate(CONTRAST, least) == []


@pytest.mark.parametrize("path", ["/", "/care", "/desk"])
def test_fingers_find_what_can_be_pressed(phone: Page, server: Tiny, path: str) -> None:
    open_(phone, server, path)
    small = phone.evaluate(
        """() => Array.from(document.querySelectorAll("a[href], button, input, select, textarea, summary"))
          .filter((one) => one.getClientRects().length && !one.closest(".skip, .tbl, p, dd") && !one.matches("[type=radio], [type=checkbox]"))
          .map((one) => [one.closest(".in.has") || one, one])
          .filter(([box]) => box.getBoundingClientRect().height < 43.5)
          .map(([box, one]) => one.outerHTML.slice(0, 90) + " " + box.getBoundingClientRect().height)"""
    )
    assert small == []


def test_no_words_of_the_browser_show_beside_ours(phone: Page, server: Tiny) -> None:
    open_(phone, server, "/")
    assert float(phone.locator("input[type=file]").evaluate("(field) => getComputedStyle(field).opacity")) == 0


# ---- suggestions ----


def test_a_suggestion_comes_after_a_pause_and_never_has_to_be_used(phone: Page, server: Tiny) -> None:
    open_(phone, server, "/")
    phone.locator("#id_text").press_sequentially("有人养鸡", delay=40)
    expect(phone.locator("#suggestion h3:visible")).to_have_text("小区里散养鸡鸭")
    [asked] = server.at("/suggest")
    assert asked["text"] == "有人养鸡"
    phone.click("#suggestion [data-next]:visible")
    expect(phone.locator("#suggestion h3:visible")).to_have_text("养犬不拴绳")
    phone.click("#suggestion [data-next]:visible")
    phone.check("[name=item]")
    phone.fill("#id_text", "有人养鸡，天不亮就打鸣")
    phone.wait_for_timeout(700)
    expect(phone.locator("[name=item]")).to_be_checked()
    assert len(server.at("/suggest")) == 1


def test_a_late_suggestion_does_not_replace_a_newer_one(phone: Page, server: Tiny) -> None:
    open_(phone, server, "/")

    def answer(posted: Posted) -> Answer:
        time.sleep(1.5 if posted["text"] == "old" else 0)
        return Answer(f"<h3>{posted['text']}</h3>")

    server.posts["/suggest"] = answer
    phone.fill("#id_text", "old")
    phone.wait_for_timeout(450)
    phone.fill("#id_text", "new")
    phone.wait_for_timeout(2500)
    expect(phone.locator("#suggestion h3")).to_have_text("new")
    expect(phone.locator("#id_text")).to_have_value("new")


def test_a_chosen_suggestion_survives_a_reload(phone: Page, server: Tiny) -> None:
    open_(phone, server, "/")
    phone.fill("#id_text", "有人养鸡")
    phone.check("[name=item]")
    phone.wait_for_selector("form[data-kept]")
    phone.reload()
    expect(phone.locator("[name=item]")).to_be_checked()


# ---- compounds ----


def test_a_compound_is_found_by_alias_with_the_keyboard_alone(desktop: Page, server: Tiny) -> None:
    open_(desktop, server, "/")
    field = desktop.get_by_role("combobox", name="小区")
    field.fill("棉纺厂")
    expect(desktop.get_by_role("option")).to_have_count(1)
    field.press("Enter")
    expect(field).to_have_value("幸福里小区")
    expect(desktop.locator("#id_compound")).to_have_value("xfl")
    field.fill("家")
    field.press("Escape")
    expect(field).to_have_value("幸福里小区")
    field.fill("城东")
    field.press("ArrowDown")
    field.press("Enter")
    expect(desktop.locator("#id_compound")).to_have_value("bz")


def test_a_compound_nobody_knows_is_said_so(phone: Page, server: Tiny) -> None:
    open_(phone, server, "/")
    phone.get_by_role("combobox", name="小区").fill("没有这个")
    expect(phone.locator(".combo .none")).to_contain_text("没有找到")


def test_a_compound_can_be_taken_back(phone: Page, server: Tiny) -> None:
    open_(phone, server, "/")
    field = phone.get_by_role("combobox", name="小区")
    field.fill("桂花")
    phone.get_by_role("option").first.tap()
    expect(phone.locator("#id_compound")).to_have_value("gh")
    field.fill("")
    field.blur()
    expect(phone.locator("#id_compound")).to_have_value("")


def test_without_scripts_the_select_is_there(visitor: Callable[..., Page], server: Tiny) -> None:
    page = visitor(PHONE, java_script_enabled=False)
    page.goto(f"{server.url}/")
    expect(page.locator("#id_compound")).to_be_visible()
    expect(page.locator("[data-map-open]")).to_be_hidden()


# ---- keys ----


def test_keys_reach_what_they_name(desktop: Page, server: Tiny) -> None:
    open_(desktop, server, "/desk")
    desktop.keyboard.press("Alt+2")
    expect(desktop.locator("#id_place")).to_be_focused()
    desktop.keyboard.type("r")
    expect(desktop.locator("#id_place")).to_have_value("r")
    desktop.locator("#id_place").blur()
    desktop.keyboard.press("r")
    desktop.wait_for_url("**#r")


def test_enter_belongs_to_what_has_the_focus(desktop: Page, server: Tiny) -> None:
    server.script("/act", then=Answer("<link rel='icon' href='data:,'><h1>存好了</h1>"))
    open_(desktop, server, "/desk")
    desktop.evaluate("document.querySelector('[data-key=r]').dataset.key = 'Enter'")
    desktop.locator("a[href='#']").first.focus()
    desktop.keyboard.press("Enter")
    assert desktop.url.endswith("/desk#")
    desktop.evaluate("document.activeElement.blur()")
    desktop.keyboard.press("Enter")
    desktop.wait_for_url("**#r")
    desktop.fill("#id_place", "5 栋")
    desktop.locator("#id_place").press("Enter")
    expect(desktop.locator("h1")).to_have_text("存好了")


def test_rows_are_walked_with_j_and_k(desktop: Page, server: Tiny) -> None:
    open_(desktop, server, "/desk")
    for key in "jjjk":
        desktop.keyboard.press(key)
    expect(desktop.locator("tr.on")).to_contain_text("2611-0379")
    expect(desktop.locator("tr.on")).to_have_count(1)


def test_ctrl_enter_sends_the_form_one_is_in(desktop: Page, server: Tiny) -> None:
    server.script("/act", then=Answer("<link rel='icon' href='data:,'><h1>存好了</h1>"))
    open_(desktop, server, "/desk")
    desktop.fill("#id_place", "5 栋 302")
    desktop.locator("#id_place").press("Control+Enter")
    expect(desktop.locator("h1")).to_have_text("存好了")
    assert server.at("/act")[0]["place"] == "5 栋 302"


def test_photos_ride_in_an_ordinary_form_too(desktop: Page, server: Tiny) -> None:
    server.script("/act", then=Answer("<link rel='icon' href='data:,'><h1>存好了</h1>"))
    open_(desktop, server, "/desk")
    desktop.set_input_files("input[type=file]", [{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"}])
    expect(desktop.locator(".pic.wait")).to_contain_text("JPG")
    desktop.evaluate("document.querySelector('form.card').enctype = 'multipart/form-data'")
    desktop.fill("#id_place", "5 栋")
    desktop.click("text=存下")
    expect(desktop.locator("h1")).to_have_text("存好了")
    assert server.at("/act")[0].files["photos"] == b"no picture"


def test_a_fragment_that_htmx_puts_in_comes_alive(desktop: Page, server: Tiny) -> None:
    server.pages["/fragment"] = """<div data-compound><label for="there">小区</label><select id="there" name="there">
      <option value="">请选</option><option value="gh">桂花苑</option></select></div>"""
    open_(desktop, server, "/desk")
    desktop.click("text=再看一段")
    desktop.fill("#there-search", "桂")
    desktop.get_by_role("option").first.click()
    expect(desktop.locator("#there")).to_have_value("gh")


# ---- receipt, map, offline ----


def test_on_paper_only_the_receipt_and_what_one_needs_is_left(
    phone: Page, server: Tiny, shoot: Callable[[Page, str], None]
) -> None:
    open_(phone, server, "/")
    phone.emulate_media(media="print")
    shoot(phone, "components-print")
    expect(phone.locator(".bar")).to_be_hidden()
    expect(phone.locator(".foot")).to_be_hidden()
    expect(phone.locator(".tick")).to_be_visible()
    expect(phone.locator(".demo")).to_be_visible()


def test_the_receipt_becomes_an_image_to_press_long(phone: Page, server: Tiny, shoot: Callable[[Page, str], None]) -> None:
    open_(phone, server, "/")
    phone.click("[data-receipt-open]")
    picture = phone.locator("[data-receipt-image] img")
    expect(picture).to_be_visible()
    source = picture.get_attribute("src")
    assert source is not None and source.startswith("data:image/png;base64,")
    wide, high = picture.evaluate("(image) => [image.naturalWidth, image.naturalHeight]")
    assert wide == 720 and 600 < high < 1400
    page = phone.context.new_page()
    page.set_viewport_size({"width": 720, "height": high})
    page.goto(source)
    shoot(page, "components-receipt-image")


def test_a_map_that_did_not_come_can_be_opened_again(visitor: Callable[..., Page], server: Tiny) -> None:
    phone = visitor(PHONE, service_workers="block")
    phone.forgiven = ["Failed to load resource"]  # type: ignore[attr-defined]
    phone.route("**/leaflet.js", lambda route: route.abort())
    open_(phone, server, "/")
    phone.click("[data-map-open]")
    expect(phone.locator("[data-map] [role=status]")).to_contain_text("地图打不开")
    phone.unroute("**/leaflet.js")
    phone.click("[data-map-open]")
    expect(phone.locator(".leaflet-interactive").first).to_be_attached()


def test_the_map_is_fetched_when_it_is_opened_and_takes_a_point(
    phone: Page, server: Tiny, shoot: Callable[[Page, str], None]
) -> None:
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    open_(phone, server, "/")
    assert not [url for url in asked if "leaflet" in url]
    phone.get_by_role("combobox", name="小区").fill("锦绣")
    phone.get_by_role("option").first.tap()
    phone.click("[data-map-open]")
    expect(phone.locator(".leaflet-interactive").first).to_be_attached()
    phone.locator("[data-map-canvas]").tap(position={"x": 120, "y": 90})
    expect(phone.locator("[data-map] [role=status]")).to_contain_text("位置已记下")
    assert 116.3 < float(phone.locator("[name=lon]").input_value()) < 116.32
    shoot(phone, "components-map-390")


def test_a_page_that_asks_for_it_opens_without_network(phone: Page, server: Tiny) -> None:
    phone.forgiven = ["Failed to load resource", "ERR_"]  # type: ignore[attr-defined]
    open_(phone, server, "/")
    phone.evaluate(
        """async () => {
          const kept = async () => (await caches.match("/")) && (await (await caches.open((await caches.keys())[0])).keys()).length > 12;
          while (!(await kept())) await new Promise((resolve) => setTimeout(resolve, 100));
        }"""
    )
    phone.context.set_offline(True)
    phone.reload()
    expect(phone.locator("h1").last).to_have_text("我要反映")
    phone.wait_for_selector("form[data-ready]")
    assert phone.evaluate("getComputedStyle(document.querySelector('.btn.pri')).backgroundColor") == "rgb(15, 90, 80)"
