"""What is written on a phone is not lost and is sent once, in a real browser against a server that behaves badly."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pytest
from django.template import engines
from PIL import Image
from playwright.sync_api import Page, Route, expect

from tests.conftest import PHONE
from tests.web.tiny import Answer, Posted, Tiny

NOISE = "Failed to load resource"  # the browser's own line about an answer that a test has scripted
TEXT = "3 栋楼下花坛有人养鸡，天不亮就打鸣"

FORM = """{% extends "portal/base.html" %}{% load huiyin %}{% block title %}我要反映{% endblock %}
{% block main %}<form class="wrap stack" method="post" action="/report" data-draft="{{ name }}" data-upload-url="/upload"
{% if person %}data-csrf-url="/token" data-person="{{ person }}" data-login-url="/login"{% endif %}>
{% include "parts/draft.html" %}
<div class="field"><label for="text">用平常的话说</label><textarea class="in" id="text" name="text" required></textarea></div>
<div class="field"><label for="where">楼栋</label><input class="in" id="where" name="where"></div>
<label><input type="checkbox" name="quiet" value="yes"> 不留名</label>
<input type="hidden" name="claimed_at" data-now>
{% include "parts/photos.html" with max=6 original=original %}
<button class="btn pri block" name="do" value="send">提交，拿回执</button>
</form>{% endblock %}"""


def page_of(**context: Any) -> str:
    return engines["django"].from_string(FORM).render({"name": "report", **context})


def photo(width: int = 2400, height: int = 1800, colour: str = "#7a8f3c") -> bytes:
    """A photo that gets smaller when it is shrunk: noise is the hard case and a plain one the easy one."""
    taken = Image.effect_noise((width, height), 60).convert("RGB")
    taken.paste(colour, (0, 0, width, height // 2))
    out = BytesIO()
    taken.save(out, "JPEG", quality=95)
    return out.getvalue()


PHOTO = photo()
DONE = Answer({"url": "/receipt"})


@pytest.fixture
def server() -> Iterator[Tiny]:
    """Takes every report and every photo, and gives a receipt."""
    tiny = Tiny()
    tiny.pages = {
        "/report": page_of(),
        "/receipt": "<link rel='icon' href='data:,'><h1>收到了，谢谢您</h1>",
        "/other": page_of(name="other"),
    }
    tiny.posts["/upload"] = lambda posted: Answer({"id": f"id-{posted['name']}", "name": posted["name"]})
    tiny.script("/report", then=DONE)
    with tiny.running():
        yield tiny


def ready(page: Page, server: Tiny, path: str = "/report") -> Page:
    """The page with its draft taken up."""
    page.forgiven = [NOISE]  # type: ignore[attr-defined]
    page.goto(server.url + path)
    page.wait_for_selector("form[data-ready]")
    return page


def add_photos(page: Page, *photos: bytes) -> None:
    files = [{"name": f"IMG_{n}.jpg", "mimeType": "image/jpeg", "buffer": taken} for n, taken in enumerate(photos)]
    before = page.locator(".pic img").count()
    page.set_input_files("input[type=file]", files)
    expect(page.locator(".pic img")).to_have_count(before + len(photos))


def kept(page: Page) -> None:
    """Waits until what was typed lies on the phone."""
    page.wait_for_selector("form[data-kept]")


def two_tabs(first: Page, server: Tiny) -> tuple[Page, Page]:
    """Two pages of one browser that have the same draft."""
    ready(first, server)
    first.fill("#text", TEXT)
    kept(first)
    second = first.context.new_page()
    second.goto(server.url + "/report")
    second.wait_for_selector("form[data-ready]")
    return first, second


def say(page: Page) -> Any:
    return expect(page.locator("[data-draft-status]"))


def send(page: Page) -> None:
    page.click("button[name=do]")


def test_a_draft_survives_a_reload_with_its_photos(phone: Page, server: Tiny) -> None:
    ready(phone, server)
    phone.fill("#text", TEXT)
    phone.check("[name=quiet]")
    add_photos(phone, PHOTO)
    kept(phone)
    ready(phone, server)
    expect(phone.locator("#text")).to_have_value(TEXT)
    expect(phone.locator("[name=quiet]")).to_be_checked()
    expect(phone.locator(".pic img")).to_have_count(1)
    say(phone).to_contain_text("接着上次写的")
    send(phone)
    phone.wait_for_url("**/receipt")
    assert [report["text"] for report in server.at("/report")] == [TEXT]


def before_the_scripts(page: Page, server: Tiny) -> Callable[[], None]:
    """The page as it stands on a slow line before its scripts have come, and what lets them come."""
    held: list[Route] = []
    come = False

    def hold(route: Route) -> None:
        route.continue_() if come else held.append(route)

    page.route("**/js/store.js", hold)
    with page.expect_request("**/js/store.js"):
        page.goto(server.url + "/report")
    page.wait_for_function("document.readyState == 'complete'")

    def let_them_come() -> None:
        nonlocal come
        come = True
        assert [route.continue_() for route in held] == [None]
        page.wait_for_selector("form[data-ready]")

    return let_them_come


def test_what_was_typed_and_chosen_before_the_scripts_came_is_kept_and_sent(phone: Page, server: Tiny) -> None:
    come = before_the_scripts(phone, server)
    phone.fill("#text", TEXT)
    phone.set_input_files("input[type=file]", [{"name": "IMG_0.jpg", "mimeType": "image/jpeg", "buffer": PHOTO}])
    come()
    expect(phone.locator(".pic img")).to_have_count(1)
    kept(phone)
    ready(phone, server)
    expect(phone.locator("#text")).to_have_value(TEXT)
    expect(phone.locator(".pic img")).to_have_count(1)
    send(phone)
    phone.wait_for_url("**/receipt")
    assert [posted["text"] for posted in server.at("/report")] == [TEXT] and len(server.at("/upload")) == 1


def test_what_was_typed_before_the_scripts_came_is_newer_than_the_draft(visitor: Callable[..., Page], server: Tiny) -> None:
    phone = visitor(PHONE, service_workers="block")  # which would have the scripts at once
    ready(phone, server)
    phone.fill("#text", "旧的话")
    phone.fill("#where", "三栋")
    phone.check("[name=quiet]")
    kept(phone)
    come = before_the_scripts(phone, server)
    phone.fill("#text", TEXT)
    come()
    expect(phone.locator("#text")).to_have_value(TEXT)
    expect(phone.locator("#where")).to_have_value("三栋")
    expect(phone.locator("[name=quiet]")).to_be_checked()
    kept(phone)
    ready(phone, server)
    expect(phone.locator("#text")).to_have_value(TEXT)


def test_a_script_that_broke_off_on_its_way_is_fetched_again(visitor: Callable[..., Page], server: Tiny) -> None:
    phone = visitor(PHONE, service_workers="block")
    broken: list[Route] = []

    def break_off(route: Route) -> None:
        if broken:
            route.continue_()
        else:
            broken.append(route)
            route.abort()

    phone.route("**/js/send.js", break_off)
    ready(phone, server)
    expect(phone.locator("html")).to_have_attribute("data-started", "yes")
    phone.fill("#text", TEXT)
    add_photos(phone, PHOTO)
    send(phone)
    phone.wait_for_url("**/receipt")
    assert len(broken) == 1 and len(server.at("/upload")) == 1


def test_photos_are_seen_and_sent_with_the_form_where_the_script_of_its_draft_never_comes(
    visitor: Callable[..., Page], server: Tiny
) -> None:
    server.script("/report", then=Answer("<link rel='icon' href='data:,'><h1>收到了</h1>"))
    server.pages["/report"] = page_of().replace('action="/report"', 'action="/report" enctype="multipart/form-data"')
    phone = visitor(PHONE, service_workers="block")
    phone.forgiven = [NOISE, "dynamically imported module"]  # type: ignore[attr-defined]
    phone.route("**/js/send.js", lambda route: route.abort())
    phone.goto(server.url + "/report")
    phone.fill("#text", TEXT)
    add_photos(phone, PHOTO)
    send(phone)
    expect(phone.locator("h1")).to_have_text("收到了")
    [report] = server.at("/report")
    assert report["text"] == TEXT and len(report.files) == 1


def test_a_report_carries_its_key_its_button_and_the_ids_of_its_photos(phone: Page, server: Tiny) -> None:
    ready(phone, server)
    phone.fill("#text", TEXT)
    add_photos(phone, PHOTO, photo(colour="#3c5a8f"))
    send(phone)
    phone.wait_for_url("**/receipt")
    [report] = server.at("/report")
    uploads = server.at("/upload")
    assert re.fullmatch(r"[0-9a-f]{32}", report["key"])
    assert {upload["key"] for upload in uploads} == {report["key"]}
    assert report.all("photo") == [f"id-{upload['name']}" for upload in uploads]
    assert report["do"] == "send"
    assert report["claimed_at"].endswith("Z")
    assert "photos" not in dict(report.fields)
    assert report.headers["Accept"] == "application/json"


def test_a_photo_is_shrunk_before_it_is_sent(phone: Page, server: Tiny) -> None:
    ready(phone, server)
    phone.fill("#text", TEXT)
    add_photos(phone, PHOTO)
    send(phone)
    phone.wait_for_url("**/receipt")
    arrived = server.at("/upload")[0].files["file"]
    with Image.open(BytesIO(arrived)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (1600, 1200))
    assert len(arrived) < len(PHOTO) / 2


def test_an_officers_photo_is_sent_as_it_was_taken(phone: Page, server: Tiny) -> None:
    server.pages["/report"] = page_of(original=True)
    ready(phone, server)
    phone.fill("#text", TEXT)
    add_photos(phone, PHOTO)
    send(phone)
    phone.wait_for_url("**/receipt")
    assert server.at("/upload")[0].files["file"] == PHOTO


def test_a_report_written_without_network_is_sent_once_when_it_is_back(phone: Page, server: Tiny) -> None:
    ready(phone, server)
    phone.context.set_offline(True)
    say(phone).to_contain_text("没有网络，照样能填")
    phone.fill("#text", TEXT)
    add_photos(phone, PHOTO, photo(colour="#8f3c3c"))
    send(phone)
    say(phone).to_contain_text("已存在本机")
    assert not server.posted
    phone.context.set_offline(False)
    phone.wait_for_url("**/receipt")
    assert len(server.at("/report")) == 1
    assert len(server.at("/upload")) == 2


def test_a_report_queued_before_the_page_was_closed_is_sent_when_it_opens_again(phone: Page, server: Tiny) -> None:
    ready(phone, server)
    phone.fill("#text", TEXT)
    phone.context.set_offline(True)
    send(phone)
    say(phone).to_contain_text("已存在本机")
    phone.goto("about:blank")  # left while there is no network: with one, the page itself would be sending and going on
    phone.context.set_offline(False)
    assert not server.posted
    phone.goto(server.url + "/report")
    phone.wait_for_url("**/receipt")
    assert len({report["key"] for report in server.at("/report")}) == 1


def test_a_report_queued_on_one_page_is_sent_from_another(phone: Page, server: Tiny) -> None:
    server.script("/report", Answer({}, 503, {"Retry-After": "600"}), then=DONE)
    ready(phone, server)
    phone.fill("#text", TEXT)
    send(phone)
    say(phone).to_contain_text("秒后自动再试")
    ready(phone, server, "/other")
    expect(phone.locator("[data-outbox]")).to_contain_text("刚才那一份已经发出")
    assert len({report["key"] for report in server.at("/report")}) == 1
    ready(phone, server)
    expect(phone.locator("#text")).to_have_value("")


RECEIPT = Answer({"url": "/receipt", "fields": {"key": "7K4M"}})
SHOWN = """{% extends "portal/base.html" %}{% block title %}回执{% endblock %}
{% block main %}<h1 data-shown="7K4M">收到了，谢谢您</h1>{% endblock %}"""


def shown() -> Answer:
    """The page of that receipt."""
    return Answer(engines["django"].from_string(SHOWN).render({}))


def test_a_receipt_stands_in_no_address(phone: Page, server: Tiny) -> None:
    server.script("/report", then=RECEIPT)
    server.script("/receipt", then=Answer("<link rel='icon' href='data:,'><h1>收到了，谢谢您</h1>"))
    ready(phone, server)
    phone.fill("#text", TEXT)
    send(phone)
    phone.wait_for_url("**/receipt")
    assert server.at("/receipt")[0]["key"] == "7K4M"


def test_a_receipt_that_came_on_another_page_waits_until_it_is_looked_at(phone: Page, server: Tiny) -> None:
    server.script("/report", Answer({}, 503, {"Retry-After": "600"}), then=RECEIPT)
    server.script("/receipt", then=shown())
    ready(phone, server)
    phone.fill("#text", TEXT)
    send(phone)
    say(phone).to_contain_text("秒后自动再试")
    ready(phone, server, "/other")
    expect(phone.locator("[data-outbox]")).to_contain_text("刚才那一份已经发出")
    ready(phone, server, "/other")
    phone.click("[data-outbox] button")
    phone.wait_for_url("**/receipt")
    assert len(server.at("/report")) == 2
    phone.wait_for_selector("h1:not([data-shown])")
    ready(phone, server, "/other")
    expect(phone.locator("[data-outbox]")).to_be_hidden()


def test_a_receipt_whose_page_did_not_come_can_still_be_looked_at(phone: Page, server: Tiny) -> None:
    server.script("/report", then=RECEIPT)
    server.script("/receipt", Answer("<link rel='icon' href='data:,'><h1>Bad gateway</h1>", 502), then=shown())
    ready(phone, server)
    phone.fill("#text", TEXT)
    send(phone)
    expect(phone.locator("h1")).to_have_text("Bad gateway")
    ready(phone, server, "/other")
    phone.click("[data-outbox] button")
    expect(phone.locator("h1")).to_have_text("收到了，谢谢您")
    phone.wait_for_selector("h1:not([data-shown])")
    ready(phone, server, "/other")
    expect(phone.locator("[data-outbox]")).to_be_hidden()
    assert len(server.at("/report")) == 1 and {looked["key"] for looked in server.at("/receipt")} == {"7K4M"}


def test_five_clicks_send_one_report(phone: Page, server: Tiny) -> None:
    ready(phone, server)
    phone.fill("#text", TEXT)
    phone.evaluate("for (let n = 0; n < 5; n += 1) document.querySelector('button[name=do]').click()")
    phone.wait_for_url("**/receipt")
    assert len(server.at("/report")) == 1


def test_what_the_server_has_taken_is_gone_from_the_phone(phone: Page, server: Tiny) -> None:
    ready(phone, server)
    phone.fill("#text", TEXT)
    add_photos(phone, PHOTO)
    send(phone)
    phone.wait_for_url("**/receipt")
    first = server.at("/report")[0]["key"]
    ready(phone, server)
    expect(phone.locator("#text")).to_have_value("")
    expect(phone.locator(".pic")).to_have_count(0)
    assert phone.locator("input[name=key]").input_value() != first


def test_the_back_button_after_sending_shows_an_empty_form(phone: Page, server: Tiny) -> None:
    ready(phone, server)
    phone.fill("#text", TEXT)
    send(phone)
    phone.wait_for_url("**/receipt")
    phone.go_back()
    phone.wait_for_selector("form[data-ready]")
    expect(phone.locator("#text")).to_have_value("")


def test_a_lost_answer_is_asked_for_again_under_the_same_key(phone: Page, server: Tiny) -> None:
    server.script("/report", Answer({}, 502), then=DONE)
    ready(phone, server)
    phone.fill("#text", TEXT)
    add_photos(phone, PHOTO)
    send(phone)
    phone.wait_for_url("**/receipt")
    first, second = server.at("/report")
    assert first.fields == second.fields
    assert len(server.at("/upload")) == 1


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_keeps_the_draft_and_says_when_it_goes_on(phone: Page, server: Tiny, status: int) -> None:
    server.script("/report", Answer({}, status, {"Retry-After": "3"}), then=DONE)
    ready(phone, server)
    phone.fill("#text", TEXT)
    send(phone)
    say(phone).to_contain_text("秒后自动再试。写的都在")
    phone.wait_for_url("**/receipt")
    assert len(server.at("/report")) == 2


def test_a_refused_form_keeps_what_was_typed_and_says_where(phone: Page, server: Tiny) -> None:
    server.script("/report", Answer({"errors": {"where": ["请写明哪一栋。"]}}, 422), then=DONE)
    ready(phone, server)
    phone.fill("#text", TEXT)
    send(phone)
    expect(phone.locator("#said-where")).to_contain_text("请写明哪一栋。")
    expect(phone.locator("#where")).to_be_focused()
    expect(phone.locator("#text")).to_have_value(TEXT)
    phone.fill("#where", "3 栋")
    send(phone)
    phone.wait_for_url("**/receipt")
    assert [report["where"] for report in server.at("/report")] == ["", "3 栋"]


def test_what_is_being_mended_is_not_complained_about_any_more(phone: Page, server: Tiny) -> None:
    server.script("/report", Answer({"errors": {"text": ["再说具体些。"], "where": ["请写明哪一栋。"]}}, 422), then=DONE)
    ready(phone, server)
    phone.fill("#text", TEXT)
    send(phone)
    expect(phone.locator("#said-text")).to_be_visible()
    phone.fill("#where", "3 栋")
    expect(phone.locator("#said-where")).to_have_count(0)
    expect(phone.locator("#where")).not_to_have_attribute("aria-invalid", "true")
    expect(phone.locator("#said-text")).to_be_visible()


def test_a_case_that_went_on_meanwhile_leaves_the_form_as_it_was(phone: Page, server: Tiny) -> None:
    server.script("/report", Answer({"errors": {"__all__": ["此件刚由何勇处理。"]}, "code": "stale"}, 409), then=DONE)
    ready(phone, server)
    phone.fill("#text", TEXT)
    send(phone)
    say(phone).to_contain_text("此件刚由何勇处理。")
    expect(phone.locator("#text")).to_have_value(TEXT)
    expect(phone.locator("#text")).to_be_editable()


def test_a_draft_that_was_sent_from_another_tab_is_not_sent_again(visitor: Callable[..., Page], server: Tiny) -> None:
    first, second = two_tabs(visitor(PHONE), server)
    send(first)
    first.wait_for_url("**/receipt")
    send(second)
    say(second).to_contain_text("已经发出过了")
    assert len(server.at("/report")) == 1
    second.click("text=另写一份")
    expect(second.locator("#text")).to_have_value(TEXT)
    send(second)
    second.wait_for_url("**/receipt")
    assert len({report["key"] for report in server.at("/report")}) == 2


def test_a_photo_the_server_refuses_is_shown_and_the_rest_waits(phone: Page, server: Tiny) -> None:
    server.script("/upload", Answer({"errors": {"file": ["这不是照片"]}}, 415), then=Answer({"id": "7", "name": "x"}))
    ready(phone, server)
    phone.fill("#text", TEXT)
    add_photos(phone, PHOTO)
    send(phone)
    expect(phone.locator(".pic figcaption")).to_contain_text("这不是照片")
    assert not server.at("/report")
    phone.click(".pic .x")
    send(phone)
    phone.wait_for_url("**/receipt")
    assert server.at("/report")[0].all("photo") == []


def test_a_full_disk_still_lets_the_text_in(phone: Page, server: Tiny) -> None:
    server.script("/upload", then=Answer({}, 507))
    ready(phone, server)
    phone.fill("#text", TEXT)
    add_photos(phone, PHOTO)
    send(phone)
    phone.wait_for_url("**/receipt")
    assert server.at("/report")[0]["photos_missing"] == "1"


def test_photos_the_server_has_lost_are_sent_again(phone: Page, server: Tiny) -> None:
    ready(phone, server)
    phone.fill("#text", TEXT)
    add_photos(phone, PHOTO)
    lost: list[str] = []

    def answer(posted: Posted) -> Answer:
        if lost:
            return DONE
        lost.extend(posted.all("photo"))
        return Answer({"code": "photos", "missing": lost}, 409)

    server.posts["/report"] = answer
    send(phone)
    phone.wait_for_url("**/receipt")
    assert len(server.at("/upload")) == 2


def test_photos_have_a_limit_and_are_taken_once_each(phone: Page, server: Tiny) -> None:
    ready(phone, server)
    small = [photo(80, 60, f"#{n}{n}8040") for n in range(9)]
    files = [{"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": taken} for n, taken in enumerate(small)]
    phone.set_input_files("input[type=file]", files[:2])
    expect(phone.locator(".pic img")).to_have_count(2)
    phone.set_input_files("input[type=file]", [{"name": "leer.jpg", "mimeType": "image/jpeg", "buffer": b""}])
    expect(phone.locator("[data-photos] .err")).to_contain_text("空的")
    phone.set_input_files("input[type=file]", files[2:])
    expect(phone.locator("[data-photos] .err")).to_contain_text("最多 6 张")
    expect(phone.locator(".pic img")).to_have_count(6)
    expect(phone.locator(".add")).to_be_hidden()


def test_what_is_no_picture_is_sent_for_the_server_to_judge(phone: Page, server: Tiny) -> None:
    ready(phone, server)
    phone.fill("#text", TEXT)
    phone.set_input_files("input[type=file]", [{"name": "x.heic", "mimeType": "image/heic", "buffer": b"ftypheic"}])
    expect(phone.locator(".pic.wait")).to_contain_text("HEIC")
    send(phone)
    phone.wait_for_url("**/receipt")
    assert server.at("/upload")[0].files["file"] == b"ftypheic"


def test_the_draft_can_be_thrown_away(phone: Page, server: Tiny) -> None:
    ready(phone, server)
    phone.fill("#text", TEXT)
    add_photos(phone, PHOTO)
    kept(phone)
    ready(phone, server)
    phone.click("text=不要了，重新写")
    expect(phone.locator("#text")).to_have_value("")
    ready(phone, server)
    expect(phone.locator(".pic")).to_have_count(0)


# ---- staff ----


@pytest.fixture
def office(server: Tiny) -> Tiny:
    """The same server for the officer with id 7."""
    server.pages["/report"] = page_of(name="act-1-attend", person="7", original=True)
    server.gets["/token"] = lambda: Answer({"token": f"token{len(server.posted)}", "person": 7})
    return server


def test_staff_send_a_fresh_token_at_every_try(phone: Page, office: Tiny) -> None:
    office.script("/report", Answer({}, 503, {"Retry-After": "1"}), then=DONE)
    ready(phone, office)
    phone.fill("#text", TEXT)
    send(phone)
    phone.wait_for_url("**/receipt")
    assert [report.headers["X-CSRFToken"] for report in office.at("/report")] == ["token0", "token1"]
    assert not any(name == "csrfmiddlewaretoken" for report in office.at("/report") for name, _ in report.fields)


def test_a_session_that_ended_keeps_the_draft_for_the_next_sign_in(phone: Page, office: Tiny) -> None:
    signed_in = office.gets["/token"]
    office.gets["/token"] = lambda: Answer({"error": "signed out"}, 401)
    ready(phone, office)
    phone.fill("#text", TEXT)
    send(phone)
    say(phone).to_contain_text("登录过期了。写的都在")
    expect(phone.locator("[data-draft-status] a")).to_have_attribute("href", "/login?next=%2Freport")
    assert not office.posted
    office.gets["/token"] = signed_in
    phone.goto(office.url + "/report")
    phone.wait_for_url("**/receipt")
    assert len(office.at("/report")) == 1


def test_what_one_person_wrote_is_never_sent_for_another(phone: Page, office: Tiny) -> None:
    ready(phone, office)
    phone.fill("#text", TEXT)
    office.gets["/token"] = lambda: Answer({"token": "x", "person": 8})
    send(phone)
    say(phone).to_contain_text("别人登录时写的")
    assert not office.posted
    office.pages["/report"] = page_of(name="act-1-attend", person="8")
    ready(phone, office)
    expect(phone.locator("#text")).to_have_value("")
    phone.wait_for_timeout(500)
    assert not office.posted


def test_a_refused_sender_keeps_the_draft(phone: Page, office: Tiny) -> None:
    office.script("/report", Answer({"error": "no"}, 403), then=DONE)
    ready(phone, office)
    phone.fill("#text", TEXT)
    send(phone)
    say(phone).to_contain_text("这次没有通过。写的都在")
    phone.click("text=现在再试")
    phone.wait_for_url("**/receipt")


# ---- without ----


def test_without_scripts_the_form_is_posted_and_the_file_field_is_seen(visitor: Callable[..., Page], server: Tiny) -> None:
    server.script("/report", then=Answer("<link rel='icon' href='data:,'><h1>收到了</h1>"))
    page = visitor(PHONE, java_script_enabled=False)
    page.goto(server.url + "/report")
    expect(page.locator("input[type=file]")).to_be_visible()
    page.fill("#text", TEXT)
    send(page)
    expect(page.locator("h1")).to_have_text("收到了")
    assert server.at("/report")[0]["text"] == TEXT


def test_without_a_database_on_the_phone_a_report_still_goes_out(phone: Page, server: Tiny) -> None:
    phone.add_init_script(
        "delete window.indexedDB; Object.defineProperty(window, 'indexedDB', {get() { throw new Error('no') }})"
    )
    ready(phone, server)
    phone.fill("#text", TEXT)
    add_photos(phone, PHOTO)
    send(phone)
    phone.wait_for_url("**/receipt")
    assert server.at("/report")[0].all("photo") == [f"id-{server.at('/upload')[0]['name']}"]


def test_over_plain_http_on_a_lan_address_drafts_work(phone: Page, server: Tiny) -> None:
    phone.forgiven = [NOISE]  # type: ignore[attr-defined]
    phone.add_init_script("delete crypto.randomUUID; Object.defineProperty(crypto, 'subtle', {value: undefined})")
    ready(phone, server)
    phone.fill("#text", TEXT)
    send(phone)
    phone.wait_for_url("**/receipt")


# ---- phones that break off ----


def test_a_slow_finger_meets_the_button_while_the_seconds_are_counted(phone: Page, server: Tiny) -> None:
    server.script("/report", Answer({}, 503, {"Retry-After": "600"}), then=DONE)
    ready(phone, server)
    phone.fill("#text", TEXT)
    send(phone)
    say(phone).to_contain_text("600 秒后自动再试")
    phone.locator("[data-draft-status] button").first.focus()
    phone.locator("[data-draft-status] button").first.hover()
    phone.mouse.down()
    say(phone).not_to_contain_text("600 秒")
    expect(phone.locator("[data-draft-status] button").first).to_be_focused()
    expect(phone.locator("[data-draft-status] p span").first).to_have_attribute("aria-live", "off")
    phone.mouse.up()
    phone.wait_for_url("**/receipt")
    assert len(server.at("/report")) == 2


def test_a_phone_whose_database_never_answers_still_takes_photos_and_sends(phone: Page, server: Tiny) -> None:
    phone.add_init_script("indexedDB.open = () => ({})")
    ready(phone, server)
    phone.fill("#text", TEXT)
    add_photos(phone, PHOTO)
    send(phone)
    phone.wait_for_url("**/receipt")
    assert len(server.at("/upload")) == 1


CUT = """
const opened = indexedDB.open.bind(indexedDB);
window.databases = [];
indexedDB.open = (...all) => {
  const request = opened(...all);
  request.addEventListener("success", () => window.databases.push(request.result));
  return request;
};
"""


def test_a_database_that_was_cut_in_the_background_is_opened_again_and_nothing_passes_for_sent(phone: Page, server: Tiny) -> None:
    phone.add_init_script(CUT)
    ready(phone, server)
    phone.fill("#text", "旧的话")
    kept(phone)
    phone.evaluate("databases.forEach((database) => database.close())")
    phone.fill("#text", TEXT)
    kept(phone)
    ready(phone, server)
    expect(phone.locator("#text")).to_have_value(TEXT)
    phone.evaluate("databases.forEach((database) => database.close()); indexedDB.open = () => { throw new Error('no') }; null")
    send(phone)
    phone.wait_for_url("**/receipt")
    assert [report["text"] for report in server.at("/report")] == [TEXT]


FULL = """
IDBObjectStore.prototype.put = function () {
  setTimeout(() => this.transaction.abort(), 0);
  return this.get(0);
};
"""


@pytest.mark.parametrize("trouble", [FULL, "indexedDB.open = () => { throw new Error('no') }"])
def test_where_the_phone_keeps_nothing_it_says_so_before_the_page_is_closed(phone: Page, server: Tiny, trouble: str) -> None:
    phone.add_init_script(trouble)
    ready(phone, server)
    phone.fill("#text", TEXT)
    add_photos(phone, PHOTO)
    phone.context.set_offline(True)
    send(phone)
    say(phone).to_contain_text("没有网络，连上后自动发出")
    say(phone).to_contain_text("请不要关掉这一页")
    say(phone).not_to_contain_text("页面关了也不要紧")
    phone.context.set_offline(False)
    phone.wait_for_url("**/receipt")
    assert len(server.at("/upload")) == 1


def test_where_the_phone_keeps_nothing_signing_in_does_not_leave_the_page(phone: Page, office: Tiny) -> None:
    signed_in = office.gets["/token"]
    office.gets["/token"] = lambda: Answer({"error": "signed out"}, 401)
    phone.add_init_script("indexedDB.open = () => { throw new Error('no') }")
    ready(phone, office)
    phone.fill("#text", TEXT)
    send(phone)
    expect(phone.locator("[data-draft-status] a")).to_have_attribute("target", "_blank")
    office.gets["/token"] = signed_in
    phone.click("text=现在再试")
    phone.wait_for_url("**/receipt")


def test_a_report_that_waits_outlives_a_clock_that_jumps(phone: Page, server: Tiny) -> None:
    phone.add_init_script("if (location.port && !sessionStorage.right) Date.now = () => 1e12")  # 2001: the battery was empty
    ready(phone, server)
    phone.fill("#text", TEXT)
    phone.context.set_offline(True)
    send(phone)
    say(phone).to_contain_text("已存在本机")
    phone.evaluate("sessionStorage.right = 'yes'")
    phone.goto("about:blank")
    phone.context.set_offline(False)
    phone.goto(server.url + "/report")
    phone.wait_for_url("**/receipt")
    assert [report["text"] for report in server.at("/report")] == [TEXT]


def test_who_presses_try_now_is_believed_more_than_a_phone_that_takes_itself_to_be_offline(phone: Page, server: Tiny) -> None:
    phone.add_init_script("Object.defineProperty(Navigator.prototype, 'onLine', { get: () => false })")
    ready(phone, server)
    phone.fill("#text", TEXT)
    send(phone)
    say(phone).to_contain_text("已存在本机")
    phone.click("text=现在再试")
    phone.wait_for_url("**/receipt")
    assert len(server.at("/report")) == 1


def test_what_another_page_threw_away_is_not_said_to_be_sent_alone(visitor: Callable[..., Page], server: Tiny) -> None:
    first, second = two_tabs(visitor(PHONE), server)
    first.reload()
    first.click("text=不要了，重新写")
    expect(first.locator("#text")).to_have_value("")
    send(second)
    say(second).to_contain_text("或者在别的页面去掉了")
    second.click("text=另写一份")
    expect(second.locator("#text")).to_have_value(TEXT)
    send(second)
    second.wait_for_url("**/receipt")


def test_a_photo_that_the_phone_does_not_give_is_said_and_the_others_are_taken(phone: Page, server: Tiny) -> None:
    phone.add_init_script(
        "const read = FileReader.prototype.readAsArrayBuffer;"
        "FileReader.prototype.readAsArrayBuffer = function (blob) {"
        " if (blob.name === 'cloud.pdf') setTimeout(() => this.onerror(), 0); else read.call(this, blob); }"
    )
    ready(phone, server)
    cloud = {"name": "cloud.pdf", "mimeType": "application/pdf", "buffer": b"far away"}
    here = {"name": "here.jpg", "mimeType": "image/jpeg", "buffer": PHOTO}
    phone.set_input_files("input[type=file]", [cloud, here])
    expect(phone.locator(".pic img")).to_have_count(1)
    expect(phone.locator("[data-photos] > .err")).to_contain_text("读不出来")
    expect(phone.locator(".pic")).to_have_count(1)


@pytest.mark.parametrize("answer", [Answer("<h1>Checking your browser</h1>"), Answer("<h1>Not Found</h1>", 404)])
def test_a_page_of_something_in_between_is_no_verdict_on_a_photo(phone: Page, server: Tiny, answer: Answer) -> None:
    server.script("/upload", answer, then=Answer({"id": "7", "name": "x"}))
    ready(phone, server)
    phone.fill("#text", TEXT)
    add_photos(phone, PHOTO)
    send(phone)
    say(phone).to_contain_text("没发出去，写的都在")
    expect(phone.locator(".pic figcaption")).to_have_count(0)
    phone.click("text=现在再试")
    phone.wait_for_url("**/receipt")
    assert server.at("/report")[0].all("photo") == ["7"]


def test_a_press_is_answered_while_a_photo_is_still_read(phone: Page, server: Tiny) -> None:
    phone.add_init_script(
        "const read = FileReader.prototype.readAsArrayBuffer;"
        "FileReader.prototype.readAsArrayBuffer = function (blob) {"
        " window.go = () => { read.call(this, blob); }; document.documentElement.dataset.reading = ''; }"
    )
    ready(phone, server)
    phone.fill("#text", TEXT)
    phone.set_input_files("input[type=file]", [{"name": "IMG_0.jpg", "mimeType": "image/jpeg", "buffer": PHOTO}])
    phone.wait_for_selector("html[data-reading]")
    send(phone)
    say(phone).to_contain_text("正在发")
    assert not server.posted
    phone.evaluate("window.go()")
    phone.wait_for_url("**/receipt")
    assert len(server.at("/upload")) == 1


KEPT = """() => new Promise((resolve) => {
  const look = () => caches.match("/static/huiyin/js/send.js").then((found) => (found ? resolve() : setTimeout(look, 50)));
  look();
})"""


def test_a_kept_page_keeps_its_scripts_when_a_new_release_has_others(phone: Page, server: Tiny) -> None:
    server.pages["/report"] = page_of().replace("<form class", "<form data-offline class")
    ready(phone, server)
    phone.wait_for_selector("html[data-started]")
    phone.evaluate(KEPT)
    server.gets["/static/huiyin/js/send.js"] = lambda: Answer("gone", 404)
    ready(phone, server)
    phone.fill("#text", TEXT)
    send(phone)
    phone.wait_for_url("**/receipt")
