"""What a resident sees of their report as it goes on, and what nobody else sees."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.adapters import files
from huiyin.records.models import Attachment, Case, Posting
from huiyin.selectors import portal
from huiyin.services import cases
from huiyin.services.cases import Receipt
from tests.web.portal.test_portal import filled, jpeg
from tests.world import GOOD_REPLY, World


@pytest.fixture
def now(world: World) -> Any:
    with time_machine.travel(world.now, tick=True):
        yield world.now


def follow(client: Client, receipt: Receipt) -> str:
    response = client.post("/track", {"number": receipt.number, "code": receipt.code})
    assert response.status_code == 200
    return response.content.decode()


def test_the_form_and_its_receipt_need_few_queries(client: Client, world: World, now: Any) -> None:
    client.get("/report")
    with CaptureQueriesContext(connection) as queries:
        client.get(f"/report?c={world.compound().code}")
    assert len(queries) <= 10
    with CaptureQueriesContext(connection) as queries:
        client.post("/report/suggest", {"text": "楼下花坛里有人养鸡", "compound": world.compound().pk})
    assert len(queries) <= 10


@pytest.mark.parametrize("path", ["/", "/who", "/who/QL-05", "/lists", "/c/{code}", "/compounds.json"])
def test_public_pages_need_at_most_ten_queries(client: Client, world: World, now: Any, path: str) -> None:
    path = path.format(code=world.compound().code)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    assert len(queries) <= 10


def test_a_tab_left_open_never_acts_on_the_report_opened_after_it(client: Client, world: World, now: Any) -> None:
    first, second = world.echoed(), world.echoed()
    page = follow(client, first)
    mine = re.search(r'name="report" value="(\d+)"', page)
    assert mine is not None and int(mine[1]) == first.report
    follow(client, second)
    old_tab = {"do": "dispute", "words": "还在", "key": secrets.token_urlsafe(24), "report": mine[1]}
    assert client.post("/track/act", old_tab).status_code == 401
    assert world.case(first.number).stage == world.case(second.number).stage == "echoed"
    with_code = {**old_tab, "number": first.number, "code": first.code}
    assert client.post("/track/act", with_code).status_code == 200
    assert world.case(first.number).stage == "handling" and world.case(second.number).stage == "echoed"


def test_a_mistyped_code_stays_in_its_field(client: Client, world: World, now: Any) -> None:
    receipt = world.report()
    page = client.post("/track", {"number": receipt.number, "code": receipt.code[:10]}).content.decode()
    assert "还差 2 位" in page and f'value="{receipt.code[:10]}"' in page


def test_a_matter_of_the_police_tells_nothing_of_its_end(client: Client, world: World, now: Any) -> None:
    receipt = world.assigned(item="QL-03", words="邻居的大狗追人")
    officer = Posting.objects.filter(body__code="gongan", role="off").values_list("person__username", flat=True)[0]
    world.do(officer, receipt.number, "accept")
    key = secrets.token_urlsafe(24)
    cases.upload(actor=world.actor(officer), at=world.now, key=key, slot="a", stream=jpeg())
    world.do(officer, receipt.number, "attend", found="看了", key=key)
    world.do(officer, receipt.number, "resolve", result="unfounded", proof="record", done="有记录")
    page = follow(client, receipt)
    assert "公安机关已依法处理" in page and "没有发现这个情况" not in page
    assert (
        receipt.number
        not in client.post("/report/suggest", {"text": "邻居的大狗追人", "compound": world.compound().pk}).content.decode()
    )
    assert client.get(f"/report/join?n={receipt.number}").status_code == 404


def test_what_is_refused_names_whom_to_turn_to(client: Client, world: World, now: Any) -> None:
    receipt = world.report(words="法院判的事我不服")
    world.do("wangxiulan", receipt.number, "refuse", refusal="in_court", turn_to="请找县法院立案庭 0700-555 0199")
    page = follow(client, receipt)
    assert "这件事不归这里受理" in page and "县法院立案庭" in page


def test_a_report_taken_back_says_so_and_asks_nothing_more(client: Client, world: World, now: Any) -> None:
    receipt = world.report()
    page = follow(client, receipt)
    key = re.search(r'name="key" value="([^"]+)-retract"', page)
    assert key is not None
    taken = client.post("/track/act", {"do": "retract", "key": key[1] + "-retract", "report": receipt.report})
    assert taken.status_code == 302
    after = client.get("/track").content.decode()
    assert "您已经撤回这条反映" in after and "撤回反映</button>" not in after


def test_a_merged_report_follows_to_the_survivor_under_its_own_number(client: Client, world: World, now: Any) -> None:
    kept, gone = world.assigned(), world.report()
    world.do("wangxiulan", gone.number, "merge", survivor=kept.number, why="同一窝鸡")
    page = follow(client, gone)
    assert gone.number in page and kept.number not in page and "和另一件一起办" in page


def test_a_question_is_answered_at_the_tracking_page(client: Client, world: World, now: Any) -> None:
    receipt = world.report()
    world.do("wangxiulan", receipt.number, "ask", question="几号楼前面的花坛？")
    page = follow(client, receipt)
    assert "几号楼前面的花坛？" in page
    client.post("/track/act", {"do": "supplement", "words": "三号楼", "key": secrets.token_urlsafe(24), "report": receipt.report})
    assert "想问您一句" not in client.get("/track").content.decode()


def test_photos_are_shown_to_their_reporter_alone(client: Client, world: World, now: Any) -> None:
    client.post("/report", filled(world, photos=[jpeg()]))
    photo = Attachment.objects.get()
    assert client.get(f"/track/photo/{photo.pk}").status_code == 404
    other = world.report()
    follow(client, other)
    assert client.get(f"/track/photo/{photo.pk}").status_code == 404


def test_a_browser_that_refuses_cookies_still_shows_the_photos_for_half_an_hour(client: Client, world: World, now: Any) -> None:
    sent = client.post("/report", filled(world, photos=[jpeg()])).context["receipt"]
    photo = Attachment.objects.get()
    Attachment.objects.update(state="ready", copy=files.put_copy(b"a picture"))
    page = Client().post("/track", {"number": sent.number, "code": sent.code}).content.decode()
    path = unescape(page[page.index(f"/track/photo/{photo.pk}?pass=") :].split('"')[0])
    assert Client().get(path).content == b"a picture"
    assert Client().get(path.replace(f"/{photo.pk}?", f"/{photo.pk + 1}?")).status_code == 404
    with time_machine.travel(world.now + timedelta(minutes=31)):
        assert Client().get(path).status_code == 404


def test_a_whole_housing_estate_behind_one_address_is_let_in(client: Client, world: World, now: Any) -> None:
    """Hundreds of reports from one address are hundreds of neighbours: each is taken, and each opens with its own code."""
    sent = [client.post("/report", filled(world, words=f"第 {turn} 户也听见了")).context["receipt"] for turn in range(200)]
    assert len({receipt.code for receipt in sent}) == len({receipt.number for receipt in sent}) == 200
    for receipt in sent[::10]:
        assert Client().post("/track", {"number": receipt.number, "code": receipt.code}).status_code == 200


def test_a_neighbour_sees_neither_words_nor_number_of_others(client: Client, world: World, now: Any) -> None:
    world.echoed()
    for page in (client.get("/"), client.get(f"/c/{world.compound().code}")):
        text = page.content.decode()
        assert "天不亮就打鸣" not in text and "住户已把鸡送回老家" not in text and "少于 5" in text or "这一周" in text


@pytest.mark.parametrize(
    ("method", "said"), [("face", "当面劝说"), ("door", "上门劝说"), ("phone", "打电话劝说"), ("notice", "张贴了劝告")]
)
def test_a_resident_is_told_of_a_visit_only_where_there_was_one(
    client: Client, world: World, now: Any, method: str, said: str
) -> None:
    receipt = world.handled()
    given = {"persuader": "department", "method": method, "response": "agreed", "stopped": "no", "how": "讲了邻居的难处"}
    world.do("liuzhiqiang", receipt.number, "dissuade", **given)
    way = client.post("/track", {"number": receipt.number, "code": receipt.code}, follow=True).content.decode()
    assert said in way and ("上门" in way) == (method == "door")


def test_a_missed_promise_is_admitted(client: Client, world: World, now: Any) -> None:
    receipt = world.handled()
    assert "已经过了答应的时间" not in follow(client, receipt)
    world.later(days=60)
    with time_machine.travel(world.now, tick=True):
        assert "已经过了答应的时间" in follow(Client(), receipt)


def test_whoever_looked_on_a_shared_computer_closes_it_and_the_next_person_is_asked_for_the_code(
    client: Client, world: World, now: Any
) -> None:
    receipt = world.echoed()
    follow(client, receipt)
    there = client.get("/track")
    assert 'action="/track/leave"' in there.content.decode() and there["Cache-Control"] == "no-store"
    assert client.post("/track/leave").status_code == 302
    assert "code" in client.get("/track").context and client.get(f"/track?n={receipt.number}").context.get("way") is None
    act = {"do": "satisfied", "report": receipt.report, "key": secrets.token_urlsafe(24)}
    assert client.post("/track/act", act).status_code == 401


def test_a_foreign_site_can_do_nothing_with_an_opened_report(client: Client, world: World, now: Any) -> None:
    receipt = world.echoed()
    follow(client, receipt)
    answer = client.post(
        "/track/act",
        {"do": "satisfied", "report": receipt.report, "key": secrets.token_urlsafe(24)},
        headers={"Origin": "https://elsewhere.example"},
    )
    assert answer.status_code == 403


def test_what_the_page_itself_fills_in_never_stands_in_the_way(client: Client, world: World, now: Any) -> None:
    junk = {"channel": "<b>", "item": "x" * 500, "shown": "\x00|" * 90, "lon": "nan", "lat": "somewhere"}
    assert client.post("/report", filled(world, **junk)).status_code == 200
    assert client.post("/report", filled(world, key="short", words="另一件事")).status_code == 200
    case = Case.objects.order_by("-pk").first()
    assert case is not None and case.lon is None


@pytest.mark.parametrize("number", ["", "\x00", "0", "2611-99999", "é" * 300, "' or 1=1"])
def test_joining_what_is_not_there_is_a_plain_page(client: Client, world: World, now: Any, number: str) -> None:
    assert client.get("/report/join", {"n": number}).status_code == 404
    sent = {"key": secrets.token_urlsafe(24), "number": number, "words": "我家也吵"}
    assert client.post("/report/join", sent).status_code == 404


@pytest.mark.parametrize("path", ["/", "/report", "/track", "/lists", "/report/join", "/receipt/qr.svg"])
@pytest.mark.parametrize("value", ["\x00", "9" * 400, "²", "%", "\ud800"])
def test_odd_addresses_are_never_a_fault_of_ours(client: Client, world: World, now: Any, path: str, value: str) -> None:
    asked = value.encode("utf-8", "surrogatepass")
    answer = client.get(path, dict.fromkeys(("n", "c", "q", "item", "compound"), asked))
    assert answer.status_code in {200, 302, 404}


def test_the_list_on_the_first_page_leads_to_a_board(client: Client, world: World, now: Any) -> None:
    answer = client.get("/", {"compound": world.compound().pk})
    assert answer.status_code == 302 and answer.headers["Location"] == f"/c/{world.compound().code}"


def test_the_map_gets_outlines_and_the_search_field_does_not(client: Client, world: World, now: Any) -> None:
    assert set(client.get("/compounds.json?map").json()[0]) == {"id", "name", "outline", "lon", "lat"}
    assert "outline" not in client.get("/compounds.json").json()[0]


def test_photos_after_are_those_the_answer_shows(client: Client, world: World, now: Any) -> None:
    receipt = world.settled()
    officer, key = world.actor("liuzhiqiang"), secrets.token_urlsafe(24)
    for slot in ("shown", "kept"):
        cases.upload(actor=officer, at=world.now, key=key, slot=slot, stream=jpeg())
    world.do("liuzhiqiang", receipt.number, "attend", found="花坛干净了", key=key)
    Attachment.objects.update(state="ready", copy="x")
    shown, kept = Attachment.objects.order_by("pk").values_list("pk", flat=True)
    world.do("liuzhiqiang", receipt.number, "echo", reply=GOOD_REPLY, photos=[shown])
    page = follow(client, receipt)
    assert f"/track/photo/{shown}" in page and f"/track/photo/{kept}" not in page
    assert portal.photo_for(receipt.report, shown) is not None and portal.photo_for(receipt.report, kept) is None


def test_what_was_written_past_the_half_hour_is_not_lost(client: Client, world: World, now: Any) -> None:
    receipt = world.echoed()
    key = secrets.token_urlsafe(24)
    late = {"do": "dispute", "words": "又跑回来了<b>", "key": key, "report": receipt.report, "photos": jpeg()}
    page = client.post("/track/act", late)
    text = page.content.decode()
    assert page.status_code == 401 and "又跑回来了&lt;b&gt;" in text and key in text and "刚才写的都在" in text
    again = {"do": "dispute", "words": "又跑回来了<b>", "key": key, "number": receipt.number, "code": "0" * 12}
    assert client.post("/track/act", again).status_code == 401
    assert client.post("/track/act", {**again, "code": receipt.code}).status_code == 200
    case = world.case(receipt.number)
    assert case.stage == "handling" and Attachment.objects.get().case_id == case.pk


def test_the_same_act_sent_twice_is_done_once(client: Client, world: World, now: Any) -> None:
    receipt = world.echoed()
    follow(client, receipt)
    sent = {"do": "supplement", "words": "早上五点", "key": secrets.token_urlsafe(24), "report": receipt.report}
    assert [client.post("/track/act", sent).status_code for _ in range(3)] == [302, 302, 302]
    assert client.get("/track").content.decode().count("您补充了情况") == 1


def test_what_was_written_against_a_case_filed_a_second_ago_is_still_there(client: Client, world: World, now: Any) -> None:
    receipt = world.echoed()
    follow(client, receipt)
    world.do(world.resident(receipt), receipt.number, "feedback", satisfied="yes")
    world.do("wangxiulan", receipt.number, "close")
    written = {"do": "dispute", "words": "鸡又跑回花坛里来了", "report": receipt.report, "key": secrets.token_urlsafe(24)}
    answer = client.post("/track/act", written)
    page = answer.content.decode()
    assert answer.status_code == 409 and "鸡又跑回花坛里来了" in page and 'role="alert"' in page
    assert world.case(receipt.number).stage == "closed"


def test_a_resident_may_say_on_the_whole_fifteenth_day_that_it_is_not_settled(world: World) -> None:
    receipt = world.echoed()
    last = (world.now + timedelta(days=15)).replace(hour=23, minute=59)
    with time_machine.travel(last, tick=False):
        way = portal.way(receipt.report, last)
        page = follow(Client(), receipt)
    assert way is not None and way.may_dispute and way.dispute_until is not None
    assert "12月9日" in page and 'value="dispute"' in page
    over = last + timedelta(minutes=1)
    with time_machine.travel(over, tick=False):
        page = follow(Client(), receipt)
    assert 'value="dispute"' not in page and "都可以告诉我们" not in page
