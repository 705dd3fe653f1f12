"""The page of a case and its acts, as a clerk, an officer, a firm and a stranger meet them."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from datetime import UTC, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.records.models import Attachment, Body, Entry, LegalBasis, Posting
from tests.world import World

PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
Desk = Callable[[str], Client]
MAX_QUERIES = 10


def test_a_clerk_sees_the_case_with_what_to_do_now(desk: Desk, clock: World) -> None:
    receipt = clock.report()
    page = desk("wangxiulan").get(f"/desk/cases/{receipt.number}/")
    text = page.content.decode()
    assert page.status_code == 200
    assert "现在该做" in text and f"/desk/cases/{receipt.number}/assign/" in text
    assert "养鸡" in text


def test_a_case_takes_at_most_ten_queries(desk: Desk, clock: World) -> None:
    number = clock.handled().number
    client = desk("liuzhiqiang")
    client.get(f"/desk/cases/{number}/")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get(f"/desk/cases/{number}/")
    assert len(asked) <= MAX_QUERIES, [query["sql"][:90] for query in asked.captured_queries]


def test_the_clerk_assigns_with_the_suggested_item_and_the_lists_lead(desk: Desk, clock: World) -> None:
    receipt = clock.report()
    client = desk("wangxiulan")
    form = client.get(f"/desk/cases/{receipt.number}/assign/")
    assert form.status_code == 200
    assert form.context["form"]["item"].value() == "QL-05"
    done = client.post(
        f"/desk/cases/{receipt.number}/assign/", {"item": "QL-05", "seen": form.context["seen"], "key": form.context["key"]}
    )
    assert done.status_code == 302, done.content.decode()[:3000]
    case = clock.case(receipt.number)
    assert case.stage == "assigned"
    assert case.lead_id == clock.body("chengguan")


def test_what_is_missing_is_said_at_its_field_and_nothing_is_lost(desk: Desk, clock: World) -> None:
    number = clock.handled().number
    page = desk("liuzhiqiang").post(
        f"/desk/cases/{number}/dissuade/", {"method": "door", "how": "讲了道理", "seen": 4, "key": "k" * 32}
    )
    assert page.status_code == 422
    assert "讲了道理" in page.content.decode()


def test_a_refused_act_says_why_and_keeps_what_was_typed(desk: Desk, clock: World) -> None:
    number = clock.handled().number
    page = desk("liuzhiqiang").post(
        f"/desk/cases/{number}/resolve/",
        {"result": "stopped", "proof": "photo", "done": "已经劝走了", "seen": clock.case(number).seq, "key": "r" * 32},
    )
    text = page.content.decode()
    assert page.status_code == 409
    assert "没有劝阻记录" in text and "已经劝走了" in text
    assert f"/desk/cases/{number}/dissuade/" in text


def test_a_page_that_is_out_of_date_is_refused_with_the_way_to_the_case(desk: Desk, clock: World) -> None:
    number = clock.handled().number
    clock.persuade(number)
    clock.do("heyong", number, "recheck", state="stopped", found="没有了")
    page = desk("liuzhiqiang").post(
        f"/desk/cases/{number}/request_help/",
        {"body": clock.body("gongan"), "release": "请到场", "due": "2026-11-30", "seen": 2, "key": "s" * 32},
    )
    assert page.status_code == 409
    assert "看最新情况" in page.content.decode()


def test_scripts_are_answered_in_json(desk: Desk, clock: World) -> None:
    number = clock.handled().number
    client = desk("liuzhiqiang")
    data = {"state": "continuing", "found": "还在", "seen": 4, "key": "j" * 32, "claimed_at": "2026-11-24T00:30:00.000Z"}
    done = client.post(f"/desk/cases/{number}/recheck/", data, headers={"accept": "application/json"})
    assert done.json() == {"url": f"/desk/cases/{number}/"}
    again = client.post(f"/desk/cases/{number}/recheck/", data, headers={"accept": "application/json"})
    assert again.status_code == 200
    other = client.post(f"/desk/cases/{number}/recheck/", {**data, "found": "别的"}, headers={"accept": "application/json"})
    assert other.status_code == 409 and other.json()["code"] == "sent"
    wrong = client.post(f"/desk/cases/{number}/recheck/", {"key": "w" * 32}, headers={"accept": "application/json"})
    assert wrong.status_code == 422 and "state" in wrong.json()["errors"]


def test_a_stranger_finds_nothing(desk: Desk, clock: World) -> None:
    number = clock.assigned().number
    for who in (clock.head("xiaofang"), clock.head("liangwei")):
        client = desk(who)
        assert client.get(f"/desk/cases/{number}/").status_code == 404
        assert client.get(f"/desk/cases/{number}/accept/").status_code == 404
    assert Client().get(f"/desk/cases/{number}/").status_code == 302


def test_a_firm_sees_its_task_and_never_the_reporters_words(desk: Desk, clock: World) -> None:
    receipt = clock.report(words="楼下花坛里有人养鸡，我是三零二的")
    number = receipt.number
    clock.do("wangxiulan", number, "ask_dissuade", firm=clock.firm(), release="花坛有人养鸡，请先劝一劝")
    firm = _somebody_of(clock, clock.firm())
    client = desk(firm)
    text = client.get(f"/desk/cases/{number}/").content.decode()
    assert "请先劝一劝" in text
    assert "三零二" not in text and "户</dd>" not in text
    assert number in client.get("/desk/tasks/").content.decode()


def _somebody_of(world: World, body: int) -> str:
    return Posting.objects.filter(body_id=body, role="pro").values_list("person__username", flat=True)[0]


def test_every_act_of_the_table_has_a_form(desk: Desk, clock: World) -> None:
    """Whatever is offered on the page can be opened."""
    number = clock.settled().number
    for who in ("wangxiulan", "liuzhiqiang"):
        client = desk(who)
        page = client.get(f"/desk/cases/{number}/")
        able = [choice for group in page.context["groups"] for choice in group.able]
        for choice in [*able, *page.context["late"], page.context["first"]]:
            if choice is not None:
                assert client.get(choice.url).status_code == 200, choice.url


def test_an_order_names_the_second_officer_and_waits_for_the_signature(desk: Desk, clock: World) -> None:
    number = clock.handled().number
    client = desk("liuzhiqiang")
    form = client.get(f"/desk/cases/{number}/order/")
    assert form.status_code == 200
    second = clock.person("heyong").pk
    basis = next(value for value, text in form.context["form"]["basis"].field.choices if value and "（有效）" in text)
    done = client.post(
        f"/desk/cases/{number}/order/",
        {
            "basis": basis,
            "facts": "清走鸡笼",
            "due": "2026-11-27",
            "second": second,
            "seen": form.context["seen"],
            "key": "o" * 32,
        },
    )
    assert done.status_code == 302, done.content.decode()
    assert "待会签" in client.get(f"/desk/cases/{number}/").content.decode()
    other = desk("heyong")
    assert "countersign" in other.get(f"/desk/cases/{number}/").context["first"].url
    seq = clock.case(number).seq
    signed = other.post(f"/desk/cases/{number}/countersign/", {"of": seq, "yes": "yes", "key": "c" * 32})
    assert signed.status_code == 302, signed.content.decode()
    assert clock.case(number).tier == "ordered"


def test_who_cooperates_by_the_list_finds_what_it_is_asked_for(desk: Desk, clock: World) -> None:
    number = clock.handled().number
    health = clock.body("weijian")
    clock.do("liuzhiqiang", number, "request_help", body=health, release="请来看看卫生", due=clock.now.date() + timedelta(days=3))
    clock.do(
        "wangxiulan", number, "urge", firm=clock.firm(), duty="物业管理条例第四十五条", release="请清理花坛",
        due=clock.now.date() + timedelta(days=3),
    )  # fmt: skip
    assert health in clock.case(number).sights.values_list("body", flat=True)
    assert number in desk(clock.head("weijian")).get("/desk/").content.decode()
    assert number in desk(_somebody_of(clock, clock.firm())).get("/desk/tasks/").content.decode()


def test_a_phone_whose_clock_differs_a_little_means_now(desk: Desk, clock: World) -> None:
    number = clock.handled().number
    client = desk("liuzhiqiang")
    soon, before = clock.now + timedelta(seconds=50), clock.now - timedelta(minutes=70)
    for n, (moment, claimed) in enumerate(((soon, None), (before, before))):
        data = {"state": "continuing", "claimed_at": moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"), "key": f"{n}" * 32}
        assert client.post(f"/desk/cases/{number}/recheck/", data).status_code == 302
        assert Entry.objects.filter(action="recheck").latest("seq").claimed_at == claimed
    assert "离线记录" in client.get(f"/desk/cases/{number}/").content.decode()


def test_photos_come_with_a_form_that_has_no_script(desk: Desk, clock: World) -> None:
    number = clock.handled().number
    client = desk("liuzhiqiang")
    wrong = SimpleUploadedFile("x.jpg", b"<svg onload=alert(1)>", content_type="image/jpeg")
    page = client.post(
        f"/desk/cases/{number}/recheck/", {"state": "stopped", "found": "没有了", "key": "f" * 32, "upload": wrong}
    )
    assert page.status_code == 422 and "没有了" in page.content.decode()
    good = SimpleUploadedFile("y.png", PNG, content_type="image/png")
    twice = SimpleUploadedFile("z.png", PNG, content_type="image/png")
    done = client.post(f"/desk/cases/{number}/recheck/", {"state": "stopped", "key": "f" * 32, "upload": [good, twice]})
    assert done.status_code == 302
    assert Attachment.objects.filter(case__number=number).count() == 1


def test_what_a_full_disk_left_out_is_told_with_the_act(desk: Desk, clock: World) -> None:
    number = clock.handled().number
    client = desk("liuzhiqiang")
    data = {"state": "stopped", "found": "没有了", "key": "m" * 32, "photos_missing": "2"}
    done = client.post(f"/desk/cases/{number}/recheck/", data, headers={"accept": "application/json"})
    assert done.status_code == 200
    assert "照片暂时存不下，文字已交" in client.get(done.json()["url"]).content.decode()


def test_a_photo_is_uploaded_once_and_missed_when_it_is_gone(desk: Desk, clock: World) -> None:
    number = clock.handled().number
    client = desk("liuzhiqiang")
    sent = [
        client.post(
            "/desk/photo/upload/",
            {"key": "g" * 32, "name": "one.png", "file": SimpleUploadedFile("one.png", PNG, content_type="image/png")},
        ).json()
        for _ in range(2)
    ]
    assert sent[0] == sent[1]
    data = {"state": "stopped", "key": "g" * 32, "photo": [sent[0]["id"], 999_999]}
    gone = client.post(f"/desk/cases/{number}/recheck/", data, headers={"accept": "application/json"})
    assert gone.status_code == 409 and gone.json()["missing"] == [999_999]
    data["photo"] = [sent[0]["id"]]
    done = client.post(f"/desk/cases/{number}/recheck/", data, headers={"accept": "application/json"})
    assert done.json() == {"url": f"/desk/cases/{number}/"}
    page = client.get(f"/desk/cases/{number}/").content.decode()
    assert "照片处理中" in page


def test_what_was_settled_once_is_shown_with_the_next_such_case(desk: Desk, clock: World) -> None:
    first = clock.assigned().number
    clock.do("liuzhiqiang", first, "decline", reason="not_ours", why="养鸡归农业")
    clock.do("zhoumin", first, "settle", item="QL-05", lead=clock.body("nongye"), ground="agreed", why="两家商量好了")
    nongye = Body.objects.get(code="nongye").name
    second = clock.report().number
    page = desk("wangxiulan").get(f"/desk/cases/{second}/").content.decode()
    assert first in page and nongye in page and "以前协调过" in page
    assert "以前协调过" not in desk("zhoumin").get(f"/desk/cases/{first}/").content.decode()


def test_a_way_to_what_is_missing_leads_to_where_it_can_be_made(desk: Desk, clock: World) -> None:
    """No link on the page of a case ends at a page that only says "not now": at the least it says what is missing before."""
    waits, settled = clock.handled().number, clock.echoed().number
    basis = LegalBasis.objects.filter(item__code="QL-05", kind="liability").first().pk
    second = clock.person("heyong").pk
    clock.do(
        "liuzhiqiang", waits, "order", basis=basis, facts="三天内清走", due=clock.now.date() + timedelta(days=3), second=second
    )
    for username in ("liuzhiqiang", "chenguodong", "wangxiulan"):
        client = desk(username)
        for number in (waits, settled):
            text = client.get(f"/desk/cases/{number}/").content.decode()
            for path in set(re.findall(rf'href="(/desk/cases/{number}/[a-z_]+/(?:\?[^"#]*)?)"', text)):
                answer = client.get(path.replace("&amp;", "&"))
                assert answer.status_code != 404 and "<h1>现在不能做</h1>" not in answer.content.decode(), (username, path)
    told = desk("liuzhiqiang").get(f"/desk/cases/{waits}/comply/")
    assert "会签之后才算数" in told.content.decode() and f"/desk/cases/{waits}/countersign/" not in told.content.decode()
    assert f"/desk/cases/{waits}/countersign/" in desk("heyong").get(f"/desk/cases/{waits}/comply/").content.decode()


def test_a_time_that_cannot_be_is_said_at_its_field_and_nothing_is_lost(desk: Desk, clock: World) -> None:
    number = clock.handled().number
    Posting.objects.filter(person__username="liuzhiqiang").update(starts="2026-01-01")
    client, before = desk("liuzhiqiang"), clock.case(number).seq
    for typed, says in (
        ("2026-11-30T09:00", "还没有到"),
        ("2016-11-24T09:00", "两年以前"),
        ("2025-05-01T09:00", "您那天还不能做这一步"),
    ):
        data = {"state": "continuing", "found": "鸡还在", "happened": typed, "key": typed.ljust(32, "t")}
        page = client.post(f"/desk/cases/{number}/recheck/", data)
        assert page.status_code == 422 and says in page.content.decode() and "鸡还在" in page.content.decode(), typed
    assert clock.case(number).seq == before


def test_a_phone_whose_clock_is_wrong_by_years_loses_nothing(desk: Desk, clock: World) -> None:
    """A battery that was out sets a phone to 1970; what it never can have been is left out."""
    number = clock.handled().number
    client = desk("liuzhiqiang")
    for n, said in enumerate(
        ("1970-01-01T00:03:00.000Z", "2038-01-19T03:14:08.000Z", "0001-01-01T00:00:00+14:00", "+275760-09-13T00:00:00Z")
    ):
        data = {"state": "continuing", "found": "鸡还在", "claimed_at": said, "key": f"{n}" * 32}
        assert client.post(f"/desk/cases/{number}/recheck/", data).status_code == 302, said
        kept = Entry.objects.filter(action="recheck").latest("seq").claimed_at
        assert (kept is not None and f"{kept.year}" == said[:4]) == (n < 2)
    page = client.get(f"/desk/cases/{number}/").content.decode()
    assert page.count("时间存疑") == 2


def test_a_case_that_came_back_to_be_assigned_shows_that_promise_as_owed(desk: Desk, clock: World) -> None:
    number = clock.assigned().number
    clock.later(days=3).do("liuzhiqiang", number, "decline", reason="not_ours", why="这是农业的事")
    shown = {one.label: one.kept for one in desk("wangxiulan").get(f"/desk/cases/{number}/").context["clocks"]}
    assert shown["派单"] is None
