"""A resident reports in one page, gets a receipt, and follows the matter with number and code alone."""

from __future__ import annotations

import io
import re
import secrets
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from huiyin.adapters import files
from huiyin.records.models import Attachment, Case, Report
from huiyin.services import photos as cases_photos
from tests.world import GOOD_REPLY, World


def jpeg(colour: str = "green") -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, "JPEG")
    out.seek(0)
    out.name = "a.jpg"
    return out


def filled(world: World, **more: Any) -> dict[str, Any]:
    return {
        "key": secrets.token_urlsafe(24),
        "words": "楼下花坛里有人养鸡，天不亮就打鸣",
        "compound": world.compound().pk,
        "channel": "qr",
        **more,
    }


@pytest.fixture
def now(world: World) -> Any:
    with time_machine.travel(world.now, tick=True):
        yield world.now


def test_every_page_answers(client: Client, world: World, now: Any) -> None:
    for path in ("/", "/report", f"/report?c={world.compound().code}", "/track", "/who", "/lists", "/lists?q=鸡", "/who/QL-05",
                 f"/c/{world.compound().code}", "/compounds.json", "/sw.js", "/receipt/qr.svg?n=2611-00001"):  # fmt: skip
        response = client.get(path)
        assert response.status_code == 200, path
    assert client.get("/c/nowhere").status_code == 404


def test_a_report_with_two_photos_shows_number_and_code_once(client: Client, world: World, now: Any) -> None:
    response = client.post("/report", filled(world, photos=[jpeg(), jpeg("red")], phone="199 0000 0001"))
    assert response.status_code == 200
    page = response.content.decode()
    case = Case.objects.get()
    assert case.number in page and "收到了，谢谢您" in page
    code = re.search(r'data-code="([0-9A-Z]{12})"', page)
    assert code is not None and f"code={code[1]}" not in page
    assert Attachment.objects.filter(case=case).count() == 2


def test_back_and_sending_again_gives_the_same_receipt(client: Client, world: World, now: Any) -> None:
    data = filled(world)
    pages = [client.post("/report", data).content.decode() for _ in range(5)]
    assert len({re.search(r'data-code="(\w+)"', page)[1] for page in pages}) == 1  # type: ignore[index]
    assert Case.objects.count() == 1
    assert client.post("/report", {**data, "words": "别的事"}).status_code == 409


def test_a_phone_is_sent_to_its_receipt_by_a_post_and_the_code_stands_in_no_address(
    client: Client, world: World, now: Any
) -> None:
    data = filled(world)
    answer = client.post("/report", data, headers={"Accept": "application/json"})
    assert answer.json() == {"url": "/receipt", "fields": {"key": data["key"]}}
    receipt = client.post("/receipt", answer.json()["fields"]).content.decode()
    assert Case.objects.get().number in receipt and f'data-shown="{data["key"]}"' in receipt  # so that the phone lets go of it
    assert client.get("/receipt").status_code == 302


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"words": ""}, "请写几个字"),
        ({"words": "长" * 5001}, "最多能写 5000 个"),
        ({"words": "\u200b\u202e\x00"}, "请写几个字"),
        ({"compound": "999999"}, "没有找到这个小区"),
        ({"compound": ""}, "写一写在哪里"),
        ({"phone": "12"}, "不像一个电话号码"),
        ({"occurred": "2036-01-01T08:00"}, "还没有到"),
        ({"occurred": "2016-01-01T08:00"}, "两年以前"),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field_and_nothing_is_lost(
    client: Client, world: World, now: Any, wrong: dict[str, Any], says: str
) -> None:
    response = client.post("/report", filled(world, **{"building": "三栋", **wrong}))
    page = response.content.decode()
    assert response.status_code == 422 and says in page and "三栋" in page
    assert not Case.objects.exists()


def test_strange_signs_are_kept_out_and_emoji_kept(client: Client, world: World, now: Any) -> None:
    client.post("/report", filled(world, words="养鸡\u202e🐔𠮷\x00吵"))
    assert Report.objects.get().words.get(field="words").text == "养鸡🐔𠮷吵"


def test_a_program_that_calls_itself_a_photo_is_refused_in_words(client: Client, world: World, now: Any) -> None:
    exe = io.BytesIO(b"MZ" + b"\0" * 200)
    exe.name = "photo.jpg"
    response = client.post("/report/photo", {"key": secrets.token_urlsafe(24), "name": "a", "file": exe})
    assert response.status_code == 415 and "不是照片" in response.json()["errors"]["file"][0]


def test_a_photo_that_is_chosen_twice_is_kept_once_and_two_of_one_size_are_two(client: Client, world: World, now: Any) -> None:
    red, blue = (io.BytesIO(plain("red", 40)), io.BytesIO(plain("blue", 40)))
    assert len(red.getvalue()) == len(blue.getvalue())
    data = filled(world)
    red.name = blue.name = "a.png"
    assert client.post("/report", {**data, "words": "", "photos": [red]}).status_code == 422
    red.seek(0)
    assert client.post("/report", {**data, "photos": [blue, red]}).status_code == 200
    assert Attachment.objects.exclude(case=None).count() == 2


def plain(colour: str, side: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (side, side), colour).save(out, "PNG", compress_level=0)
    return out.getvalue()


def test_of_ten_photos_six_come_along_and_the_receipt_says_so(client: Client, world: World, now: Any) -> None:
    ten = [io.BytesIO(plain("red", side)) for side in range(10, 20)]
    for photo in ten:
        photo.name = "a.png"
    page = client.post("/report", filled(world, photos=ten)).content.decode()
    assert Attachment.objects.exclude(case=None).count() == 6
    assert "有 4 张照片没有收下" in page and "收到了，谢谢您" in page


def test_on_a_full_disk_the_text_gets_in_and_the_missing_photos_are_told(
    client: Client, world: World, now: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "free_bytes", lambda: 1024)
    page = client.post("/report", filled(world, photos=[jpeg()])).content.decode()
    assert Case.objects.count() == 1 and not Attachment.objects.exists()
    assert "有 1 张照片没有收下" in page
    alone = client.post("/report/photo", {"key": secrets.token_urlsafe(24), "name": "a", "file": jpeg()})
    assert alone.status_code == 507 and "文字照样能提交" in alone.json()["errors"]["file"][0]
    told = client.post(
        "/report", filled(world, photos_missing="1"), headers={"Accept": "application/json", "Accept-Language": "en"}
    )
    english = client.post("/receipt", told.json()["fields"], headers={"Accept-Language": "en"}).content.decode()
    assert "1 photo" in english
    receipt = world.report()
    client.post("/track", {"number": receipt.number, "code": receipt.code})
    answer = {"do": "supplement", "words": "还在叫", "report": receipt.report, "photos": [jpeg()]}
    after = client.post("/track/act", {**answer, "key": secrets.token_urlsafe(24)}, follow=True).content.decode()
    assert "还在叫" in after and "有 1 张照片没有收下" in after


def test_photos_that_waited_too_long_are_asked_for_again(client: Client, world: World, now: Any) -> None:
    data = filled(world)
    sent = client.post("/report/photo", {"key": data["key"], "name": "a", "file": jpeg()}).json()["id"]
    cases_photos.forget_unclaimed(at=now + timedelta(hours=49))
    asked = client.post("/report", {**data, "photo": [sent]}, headers={"Accept": "application/json"})
    assert asked.status_code == 409 and asked.json() == {"errors": {}, "code": "photos", "missing": [sent]}
    assert not Case.objects.exists()
    again = client.post("/report/photo", {"key": data["key"], "name": "a", "file": jpeg()}).json()["id"]
    assert client.post("/report", {**data, "photo": [again]}, headers={"Accept": "application/json"}).status_code == 200
    assert Attachment.objects.exclude(case=None).count() == 1


def test_a_foreign_site_cannot_report_for_somebody(client: Client, world: World, now: Any) -> None:
    assert client.post("/report", filled(world), headers={"Origin": "https://elsewhere.example"}).status_code == 403
    assert client.post("/report", filled(world), headers={"Origin": "http://["}).status_code == 403, "no address at all"
    assert client.post("/report", filled(world), headers={"Origin": "null"}).status_code == 200


def test_number_and_code_open_the_way_and_a_cookie_keeps_it_half_an_hour(client: Client, world: World, now: Any) -> None:
    receipt = world.report()
    page = client.post("/track", {"number": receipt.number, "code": receipt.code.lower()})
    assert page.status_code == 200 and "您反映了这件事" in page.content.decode()
    assert "您反映了这件事" in client.get("/track").content.decode()
    client.cookies.clear()
    assert "您反映了这件事" not in client.get("/track").content.decode()


def test_a_wrong_code_is_slowed_with_retry_after(client: Client, world: World, now: Any) -> None:
    receipt = world.report()
    answers = [client.post("/track", {"number": receipt.number, "code": "0" * 12}) for _ in range(50)]
    assert answers[0].status_code == 422 and answers[-1].status_code == 429
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60


def test_the_page_of_the_way_needs_at_most_ten_queries(client: Client, world: World, now: Any) -> None:
    receipt = world.echoed()
    client.post("/track", {"number": receipt.number, "code": receipt.code})
    with CaptureQueriesContext(connection) as queries:
        page = client.get("/track").content.decode()
    assert GOOD_REPLY in page and "这件事解决了吗" in page
    assert len(queries) <= 10


def test_a_resident_disputes_adds_and_takes_back_without_cookies(world: World, now: Any) -> None:
    receipt = world.echoed()
    client = Client()
    known = {"number": receipt.number, "code": receipt.code}
    said = client.post("/track/act", {**known, "do": "dispute", "words": "又跑回来了", "key": secrets.token_urlsafe(24)})
    assert said.status_code == 200 and world.case(receipt.number).stage == "handling"
    empty = Client().post("/track/act", {**known, "do": "dispute", "words": "", "key": secrets.token_urlsafe(24)})
    assert empty.status_code in {200, 409}


def test_what_it_sounds_like_is_suggested_with_who_leads(client: Client, world: World, now: Any) -> None:
    page = client.post(
        "/report/suggest", {"text": "楼下花坛里有人养鸡，天不亮就打鸣", "compound": world.compound().pk}
    ).content.decode()
    assert "散养鸡鸭" in page and "县城市管理局" in page


def test_a_neighbour_joins_a_confirmed_matter_nearby(client: Client, world: World, now: Any) -> None:
    receipt = world.assigned()
    near = client.post("/report/suggest", {"text": "楼下花坛里有人养鸡", "compound": world.compound().pk}).content.decode()
    assert receipt.number in near
    form = client.get(f"/report/join?n={receipt.number}")
    assert form.status_code == 200
    joined = client.post("/report/join", {"key": secrets.token_urlsafe(24), "number": receipt.number, "words": "我家也吵"})
    assert joined.status_code == 200 and world.case(receipt.number).reports_count == 2


def test_a_way_back_that_is_none_leads_home(client: Client, world: World, now: Any) -> None:
    for wanted in ("nan", "portal:home", "//elsewhere.example", "https://elsewhere.example/", "/\nSet-Cookie: a=b", ""):
        for path in ("/care", "/language"):
            answer = client.post(path, {"next": wanted, "care": "1", "language": "en"})
            assert answer.status_code == 302 and "elsewhere" not in answer["Location"] and "\n" not in answer["Location"], wanted
    assert client.post("/care", {"next": "/lists?q=a"})["Location"] == "/lists?q=a"


def test_english_pages_are_english(client: Client, world: World, now: Any) -> None:
    client.post("/language", {"language": "en", "next": "/"})
    assert client.get("/").wsgi_request.LANGUAGE_CODE == "en"


def test_a_matter_the_police_took_over_is_not_told_to_neighbours(client: Client, world: World, now: Any) -> None:
    receipt = world.assigned()
    world.do("liuzhiqiang", receipt.number, "decline", reason="not_ours", why="这是公安的事")
    world.do("zhoumin", receipt.number, "settle", item="QL-05", lead=world.body("gongan"), ground="agreed", why="两家商定")
    assert world.case(receipt.number).police
    near = client.post("/report/suggest", {"text": "楼下花坛里有人养鸡", "compound": world.compound().pk}).content.decode()
    assert receipt.number not in near
    assert client.get(f"/report/join?n={receipt.number}").status_code == 404
