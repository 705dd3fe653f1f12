"""A large file is hashed, kept and sent by a phone piece by piece, in a real browser against a server that breaks off and forgets."""

from __future__ import annotations

import hashlib
import os
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.template import engines
from playwright.sync_api import Page, expect

from tests.conftest import PHONE
from tests.web.tiny import Answer, Posted, Tiny

NOISE = "Failed to load resource"
MB = 1024 * 1024
FILM = random.Random(7).randbytes(6 * MB + 12_345)
SMALL = random.Random(8).randbytes(90_000)

FORM = """{% extends "portal/base.html" %}{% load huiyin %}{% block title %}到场{% endblock %}
{% block main %}<form class="wrap stack" method="post" action="/act" data-draft="act" data-upload-url="/upload"
data-csrf-url="/token" data-person="7" data-login-url="/login">
{% include "parts/draft.html" %}
<div class="field"><label for="found">看到什么</label><textarea class="in" id="found" name="found" required></textarea></div>
{% include "parts/photos.html" with name="upload" max=9 original=True pieces="/begin" video_mb=8 %}
<button class="btn pri block" name="do" value="send">记下</button>
</form>{% endblock %}"""


class Store:
    """Keeps what comes in pieces as the desk does; `trouble(offset)` may answer otherwise first."""

    def __init__(self) -> None:
        self.content = bytearray()
        self.sha256, self.size = "", 0
        self.offsets: list[int] = []
        self.trouble: Callable[[int], Answer | None] = lambda offset: None

    def begin(self, posted: Posted) -> Answer:
        self.sha256, self.size = str(posted["sha256"]), int(posted["size"])
        if self.size and len(self.content) == self.size:
            return Answer({"id": 41, "name": posted["name"]})
        return Answer({"url": "/piece", "offset": len(self.content), "piece": MB})

    def piece(self, posted: Posted) -> Answer:
        offset, body = int(posted.headers["Upload-Offset"]), posted.files[""]
        self.offsets.append(offset)
        said = self.trouble(offset)
        if said is not None:
            return said
        if offset != len(self.content):
            return Answer({"offset": len(self.content)}, 409)
        assert posted.headers["Upload-Hash"] == hashlib.sha256(body).hexdigest()
        self.content += body
        if len(self.content) < self.size:
            return Answer({"offset": len(self.content)})
        assert hashlib.sha256(self.content).hexdigest() == self.sha256, "the hash that was taken on the phone"
        return Answer({"id": 41, "offset": self.size})


@pytest.fixture
def kept() -> Store:
    return Store()


@pytest.fixture
def server(kept: Store) -> Iterator[Tiny]:
    tiny = Tiny()
    tiny.pages = {
        "/act": engines["django"].from_string(FORM).render({}),
        "/case": "<link rel='icon' href='data:,'><h1>已经记下</h1>",
    }
    tiny.gets["/token"] = lambda: Answer({"token": "t", "person": 7})
    tiny.posts["/begin"] = kept.begin
    tiny.posts["/piece"] = kept.piece
    tiny.posts["/upload"] = lambda posted: Answer({"id": f"id-{posted['name']}", "name": posted["name"]})
    tiny.script("/act", then=Answer({"url": "/case"}))
    with tiny.running():
        yield tiny


def ready(page: Page, server: Tiny) -> Page:
    page.forgiven = [NOISE, "ERR_INTERNET_DISCONNECTED"]  # type: ignore[attr-defined]
    page.goto(server.url + "/act")
    page.wait_for_selector("form[data-ready]")
    return page


def add(page: Page, content: bytes = FILM, name: str = "VID_1.mp4", kind: str = "video/mp4") -> None:
    before = page.locator(".pic .face").count()
    page.set_input_files("input[type=file]", [{"name": name, "mimeType": kind, "buffer": content}])
    expect(page.locator(".pic .face")).to_have_count(before + 1)


def send(page: Page) -> None:
    page.get_by_label("看到什么").fill("花坛里六只鸡")
    page.get_by_role("button", name="记下").click()


def is_done(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("已经记下")


def test_a_film_goes_up_piece_by_piece_with_the_hash_that_the_phone_took(phone: Page, server: Tiny, kept: Store) -> None:
    ready(phone, server)
    add(phone)
    expect(phone.locator(".pic .face")).to_contain_text("MP4 6.0 MB")
    send(phone)
    is_done(phone)
    assert bytes(kept.content) == FILM
    assert kept.offsets == [n * MB for n in range(7)]
    begun, done = server.at("/begin")[0], server.at("/act")[0]
    assert begun["sha256"] == hashlib.sha256(FILM).hexdigest() and begun["taken_at"] and begun["chosen_at"]
    assert done.all("photo") == ["41"] and "t" in begun.headers.values()
    assert server.at("/upload") == []


def test_a_network_that_broke_in_the_middle_costs_a_piece_and_no_more(phone: Page, server: Tiny, kept: Store) -> None:
    ready(phone, server)
    add(phone)
    broken = [Answer({}, 503)]
    kept.trouble = lambda offset: broken.pop() if offset == 3 * MB and broken else None
    send(phone)
    expect(phone.locator("[data-draft-status]")).to_contain_text("秒后自动再试")
    is_done(phone)
    assert bytes(kept.content) == FILM
    assert kept.offsets.count(0) == 1 and kept.offsets.count(3 * MB) == 2


def test_a_page_that_was_closed_in_the_middle_goes_on_where_the_server_is(phone: Page, server: Tiny, kept: Store) -> None:
    ready(phone, server)
    add(phone)
    kept.trouble = lambda offset: Answer({}, 503) if offset >= 2 * MB else None
    send(phone)
    expect(phone.locator("[data-draft-status]")).to_contain_text("秒后自动再试")
    kept.trouble = lambda offset: None
    kept.offsets.clear()
    phone.reload()
    is_done(phone)
    assert bytes(kept.content) == FILM and kept.offsets[0] == 2 * MB


def test_what_was_chosen_without_network_is_sent_when_it_is_back(phone: Page, server: Tiny, kept: Store) -> None:
    ready(phone, server)
    phone.context.set_offline(True)
    add(phone)
    send(phone)
    expect(phone.locator("[data-draft-status]")).to_contain_text("没有网络")
    phone.context.set_offline(False)
    is_done(phone)
    assert bytes(kept.content) == FILM


def test_the_server_may_have_stopped_in_the_middle_of_a_piece(phone: Page, server: Tiny, kept: Store) -> None:
    ready(phone, server)
    add(phone)
    kept.content += FILM[: MB + 65_536]
    send(phone)
    is_done(phone)
    assert bytes(kept.content) == FILM and kept.offsets[:2] == [MB + 65_536, 2 * MB]


def test_a_piece_that_was_damaged_on_its_way_is_sent_again(phone: Page, server: Tiny, kept: Store) -> None:
    ready(phone, server)
    add(phone)
    hurt = [Answer({"errors": {"file": ["坏了"]}, "code": "piece"}, 422)]
    kept.trouble = lambda offset: hurt.pop() if offset == MB and hurt else None
    send(phone)
    is_done(phone)
    assert bytes(kept.content) == FILM


def test_a_page_of_something_in_between_stops_the_pieces_until_somebody_tries_again(
    phone: Page, server: Tiny, kept: Store
) -> None:
    ready(phone, server)
    add(phone)
    between = [Answer("<h1>Checking your browser</h1>") for _ in range(5)]
    kept.trouble = lambda offset: between.pop() if offset == MB and between else None
    send(phone)
    expect(phone.locator("[data-draft-status]")).to_contain_text("没发出去，写的都在")
    assert kept.offsets == [0, MB]
    between.clear()
    phone.click("text=现在再试")
    is_done(phone)
    assert bytes(kept.content) == FILM


def test_a_file_whose_hash_never_fits_is_refused_in_words(visitor: Callable[..., Page], server: Tiny, kept: Store) -> None:
    page = ready(visitor(PHONE), server)
    add(page)
    kept.trouble = lambda offset: Answer({"errors": {"file": ["收到的和手机里的不一样"]}, "code": "differs"}, 422)
    send(page)
    expect(page.locator(".pic figcaption")).to_contain_text("收到的和手机里的不一样", timeout=30_000)
    expect(page.get_by_label("看到什么")).to_be_enabled()
    assert server.at("/act") == []


def test_a_file_the_server_has_forgotten_begins_anew(phone: Page, server: Tiny, kept: Store) -> None:
    ready(phone, server)
    add(phone)
    gone = [Answer({"code": "gone"}, 410)]

    def forget(offset: int) -> Answer | None:
        if offset == 4 * MB and gone:
            kept.content.clear()
            return gone.pop()
        return None

    kept.trouble = forget
    send(phone)
    is_done(phone)
    assert bytes(kept.content) == FILM and kept.offsets.count(0) == 2


def test_without_room_the_text_goes_alone(phone: Page, server: Tiny, kept: Store) -> None:
    ready(phone, server)
    add(phone)
    server.posts["/begin"] = lambda posted: Answer({}, 507)
    send(phone)
    is_done(phone)
    assert server.at("/act")[0]["photos_missing"] == "1"


def test_small_files_go_whole_with_their_hash(phone: Page, server: Tiny) -> None:
    ready(phone, server)
    add(phone, SMALL, "a.pdf", "application/pdf")
    send(phone)
    is_done(phone)
    sent = server.at("/upload")[0]
    assert sent["sha256"] == hashlib.sha256(SMALL).hexdigest() and sent.files["file"] == SMALL


def test_what_is_too_large_is_said_before_it_is_read(phone: Page, server: Tiny) -> None:
    ready(phone, server)
    phone.set_input_files("input[type=file]", [{"name": "a.mp4", "mimeType": "video/mp4", "buffer": os.urandom(9 * MB)}])
    expect(phone.locator("[data-photos] .err")).to_contain_text("最多 8 MB")
    expect(phone.locator(".pic")).to_have_count(0)


def test_a_film_that_is_taken_away_is_gone_from_the_phone(phone: Page, server: Tiny) -> None:
    ready(phone, server)
    add(phone)
    assert _pieces(phone) == 7
    phone.get_by_role("button", name="去掉这张").click()
    expect(phone.locator(".pic")).to_have_count(0)
    phone.wait_for_function(f"async () => (await ({COUNT})()) === 0")


def test_what_was_sent_is_gone_from_the_phone(phone: Page, server: Tiny) -> None:
    ready(phone, server)
    add(phone)
    send(phone)
    is_done(phone)
    phone.goto(server.url + "/act")
    phone.wait_for_selector("form[data-ready]")
    assert _pieces(phone) == 0


COUNT = """() => new Promise((resolve) => {
    const opening = indexedDB.open("huiyin");
    opening.onsuccess = () => {
        const asked = opening.result.transaction("pieces").objectStore("pieces").count();
        asked.onsuccess = () => { opening.result.close(); resolve(asked.result); };
    };
})"""


def _pieces(page: Page) -> int:
    return int(page.evaluate(COUNT))


def test_where_it_was_taken_goes_along_when_that_is_asked_for(visitor: Callable[..., Page], server: Tiny) -> None:
    here = {"geolocation": {"longitude": 115.79, "latitude": 25.6, "accuracy": 9}, "permissions": ["geolocation"]}
    page = ready(visitor(PHONE, **here), server)
    page.get_by_label("附上拍摄地点").check()
    add(page, SMALL, "a.pdf", "application/pdf")
    send(page)
    is_done(page)
    sent = server.at("/upload")[0]
    assert (sent["lon"], sent["lat"], sent["accuracy"]) == ("115.790000", "25.600000", "9")


def test_a_phone_that_gives_no_position_says_so_and_takes_the_file_all_the_same(phone: Page, server: Tiny) -> None:
    ready(phone, server)
    phone.get_by_text("附上拍摄地点").click()
    expect(phone.locator("[data-photos] .err")).to_contain_text("没有给出位置", timeout=15_000)
    add(phone, SMALL, "a.pdf", "application/pdf")
    send(phone)
    is_done(phone)


@pytest.mark.parametrize("size", [0, 1, 55, 56, 63, 64, 65, 119, 120, 128, 1000, 70_001])
def test_our_hash_is_sha256(phone: Page, server: Tiny, size: int) -> None:
    content = random.Random(size).randbytes(size)
    found = phone_hash(ready(phone, server), list(content))
    assert found == [hashlib.sha256(content).hexdigest()] * 2


def phone_hash(page: Page, content: list[int]) -> list[str]:
    """Hashes of the whole at once and of the same in uneven parts."""
    page.evaluate(
        """(bytes) => {
        window.given = Uint8Array.from(bytes);
    }""",
        content,
    )
    answered: Any = page.evaluate("""async () => {
        const { Sha256, sha256 } = await import("/static/huiyin/js/sha256.js");
        const parts = new Sha256();
        for (let at = 0; at < window.given.length; at += 37) parts.update(window.given.subarray(at, at + 37));
        return [sha256(window.given), parts.hex()];
    }""")
    return list(answered)


def test_the_page_answers_while_a_large_file_is_read(phone: Page, server: Tiny) -> None:
    ready(phone, server)
    phone.evaluate("""() => {
        const beat = () => {
            window.beats = (window.beats || 0) + 1;
            setTimeout(beat, 0);
        };
        beat();
    }""")
    add(phone)
    assert phone.evaluate("window.beats") > 20, "the page went on beating between the pieces"
