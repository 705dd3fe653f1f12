"""Every page of the desk opens for whom it is for, and is not there for others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.records.models import Entry, Notice, Posting
from tests.world import GOOD_REPLY, World

Desk = Callable[[str], Client]
PHONE = "19900001234"


def who(world: World, role: str) -> str:
    return Posting.objects.filter(role=role).order_by("pk").values_list("person__username", flat=True)[0]


PAGES = {
    "/desk/": {"com", "off", "head", "co", "cus", "sup", "pro", "leader", "admin"},
    "/desk/cases/": {"com", "off", "head", "co", "sup", "leader"},
    "/desk/call/": {"com", "co"},
    "/desk/callbacks/": {"com", "co"},
    "/desk/unplaced/": {"co"},
    "/desk/identity/": {"cus"},
    "/desk/tasks/": {"pro"},
    "/desk/lists/": {"com", "off", "head", "co", "cus", "sup", "pro", "leader", "admin"},
    "/desk/settings/": {"admin", "co", "cus"},
    "/desk/settings/places/": {"admin"},
    "/desk/settings/bodies/": {"admin"},
    "/desk/settings/bodies/new/": {"admin"},
    "/desk/settings/people/": {"admin"},
    "/desk/settings/people/new/": {"admin"},
    "/desk/settings/communities/new/": {"admin"},
    "/desk/settings/requests/": {"admin", "co", "cus"},
    "/desk/settings/calendar/": {"admin"},
    "/desk/outbox/": set(),
}
ROLES = ("com", "off", "head", "co", "cus", "sup", "pro", "leader", "admin")


def test_each_page_is_there_for_its_roles_alone(desk: Desk, clock: World) -> None:
    clock.handled(phone=PHONE)
    for role in ROLES:
        client = desk(who(clock, role))
        for path, roles in PAGES.items():
            status = client.get(path).status_code
            if path == "/desk/cases/" and role == "pro":
                assert status == 302
                continue
            assert status == (200 if role in roles else 404), (role, path, status)


def test_nobody_comes_in_without_signing_in(clock: World) -> None:
    for path in PAGES:
        answer = Client().get(path)
        assert answer.status_code == 302 and "/login/" in answer["Location"]
    assert Client().get("/desk/csrf").status_code == 401


@pytest.mark.parametrize("username", ["wangxiulan", "liuzhiqiang"])
def test_today_and_the_list_are_read_in_few_queries(desk: Desk, clock: World, username: str) -> None:
    for _ in range(3):
        clock.handled()
        clock.report()
    client = desk(username)
    for path, most in (("/desk/", 10), ("/desk/cases/?tab=all", 8), ("/desk/cases/?q=养鸡", 8)):
        client.get(path)
        with CaptureQueriesContext(connection) as asked:
            page = client.get(path)
        assert page.status_code == 200
        assert len(asked) <= most, [query["sql"][:100] for query in asked.captured_queries]


def test_whoever_has_no_pile_of_their_own_is_told_that_nothing_waits(desk: Desk, clock: World) -> None:
    told = "没有等您办的事"
    assert told in desk("hejianping").get("/desk/").content.decode()
    assert told not in desk("wangxiulan").get("/desk/").content.decode()


@pytest.mark.parametrize(
    ("role", "leads"),
    [("sup", "/desk/cases/?tab=all"), ("cus", "/desk/identity/"), ("admin", "/desk/settings/"), ("leader", "/desk/insight/")],
)
def test_a_day_without_a_pile_leads_to_what_the_role_is_there_for(desk: Desk, clock: World, role: str, leads: str) -> None:
    client = desk(Posting.objects.filter(role=role).order_by("pk").values_list("person__username", flat=True)[0])
    page = client.get("/desk/").content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    assert f'href="{leads}"' in main and client.get(leads).status_code == 200


def test_each_figure_of_the_county_leads_to_the_cases_that_it_counts(desk: Desk, clock: World) -> None:
    for make in (clock.report, clock.assigned, clock.handled, clock.settled):
        make()
    client = desk(Posting.objects.filter(role="leader").values_list("person__username", flat=True)[0])
    figures = client.get("/desk/").context["counts"]
    assert sum(many for _name, many, _url in figures[:-1]) == 4
    for name, many, url in figures:
        assert len(client.get(url).context["rows"]) == many, name


def test_the_list_finds_by_number_place_item_and_words(desk: Desk, clock: World) -> None:
    number = clock.report(words="二栋楼顶养鸽子，羽毛乱飞").number
    client = desk("wangxiulan")
    for q in (number, number.replace("-", ""), "锦绣家园", "鸽子"):
        assert number in client.get("/desk/cases/", {"q": q}).content.decode(), q
    assert number not in client.get("/desk/cases/", {"q": "没有说过的话"}).content.decode()


def test_words_of_other_places_are_not_found(desk: Desk, clock: World) -> None:
    number = clock.report(words="二栋楼顶养鸽子，羽毛乱飞").number
    other = Posting.objects.filter(role="com").exclude(community=clock.compound().community).exclude(community=None)[0]
    assert number not in desk(other.person.username).get("/desk/cases/", {"q": "鸽子"}).content.decode()


def test_every_filter_can_be_set(desk: Desk, clock: World) -> None:
    clock.echoed()
    client = desk("wangxiulan")
    query = "tab=all&stage=echoed&listing=enforcement&item=QL-05&tier=persuaded&month=2026-11"
    assert client.get(f"/desk/cases/?{query}").context["rows"]
    assert client.get("/desk/cases/?month=nonsense&lead=x&page=99999&overdue=1&stage=zz&compound=1e9").status_code == 200
    for tab in ("mine", "dispatch", "sign", "handling", "echo", "echoed", "all"):
        assert client.get(f"/desk/cases/?tab={tab}").status_code == 200


def test_what_is_on_my_hands_today_is_what_the_list_calls_mine(desk: Desk, clock: World) -> None:
    handled, waiting = clock.handled().number, clock.assigned().number
    officer = desk("liuzhiqiang")
    today = [row.number for row in officer.get("/desk/").context["mine"]]
    listed = [row.number for row in officer.get("/desk/cases/?tab=mine").context["rows"]]
    assert sorted(today) == sorted(listed) == sorted([handled, waiting])


def test_what_stands_and_has_no_date_comes_after_what_is_due(desk: Desk, clock: World) -> None:
    stands, due = clock.handled().number, clock.handled().number
    clock.do(clock.head("chengguan"), stands, "pause", pause_ground="test", until=date(2026, 12, 20), why="等检测")
    officer = desk("liuzhiqiang")
    assert [row.number for row in officer.get("/desk/").context["mine"]] == [due, stands]
    assert [row.number for row in officer.get("/desk/cases/?tab=mine").context["rows"]] == [due, stands]


def test_where_nobody_knows_the_place_lateness_is_told_in_working_days_as_everywhere(desk: Desk, clock: World) -> None:
    clock.report(compound=None, place_words="河边")
    client = desk(who(clock, "co"))
    clock.later(days=7)
    late = next(row for row in client.get("/desk/").context["dispatch"]).left
    assert late < -1 and f"超期 {-late} 个工作日" in client.get("/desk/unplaced/").content.decode()


def test_a_call_is_kept_and_its_code_shown_once(desk: Desk, clock: World) -> None:
    client = desk("wangxiulan")
    page = client.get("/desk/call/")
    data = {
        "key": page.context["key"],
        "words": "楼上装修，周日还在敲墙",
        "compound": clock.compound().pk,
        "building": "6 栋",
        "phone": "0700-555 0188",
        "name": "赵女士",
        "channel": "phone",
        "reply": "phone",
        "item": "",
    }
    done = client.post("/desk/call/", data)
    receipt = done.context["receipt"]
    assert done.status_code == 200 and " ".join(receipt.code) in done.content.decode()
    assert client.post("/desk/call/", data).context["receipt"].code == receipt.code
    assert client.post("/desk/call/", {**data, "words": "另一件"}).status_code == 409
    joined = client.post("/desk/call/", {**data, "key": "n" * 32, "join": receipt.number, "name": "", "phone": ""})
    assert joined.context["receipt"].number == receipt.number
    assert clock.case(receipt.number).reports_count == 2


def test_a_bad_telephone_number_is_said_at_its_field(desk: Desk, clock: World) -> None:
    page = desk("wangxiulan").post(
        "/desk/call/", {"key": "p" * 32, "words": "漏水", "phone": "12", "channel": "phone", "reply": "phone"}
    )
    assert page.status_code == 422 and "phone" in page.context["form"].errors


def test_suggestions_and_cases_alike_come_as_fragments(desk: Desk, clock: World) -> None:
    number = clock.report().number
    client = desk("wangxiulan")
    assert "F5" in client.post("/desk/call/suggest/", {"text": "有人在花坛里养鸡，天不亮就打鸣"}).content.decode()
    assert number in client.post("/desk/call/alike/", {"compound": clock.compound().pk}).content.decode()


def test_a_caller_is_called_back_with_a_number_shown_once(desk: Desk, clock: World) -> None:
    receipt = clock.echoed(phone=PHONE)
    client = desk("wangxiulan")
    waiting = client.get("/desk/callbacks/").content.decode()
    assert receipt.number in waiting and PHONE not in waiting
    page = client.post(f"/desk/callbacks/{receipt.number}/{receipt.report}/")
    assert PHONE in page.content.decode() and GOOD_REPLY[:10] in page.content.decode()
    done = client.post(
        f"/desk/cases/{receipt.number}/call/",
        {"report": receipt.report, "reached": "yes", "said": "知道了", "seen": page.context["seen"], "key": page.context["key"]},
    )
    assert done.status_code == 302
    assert receipt.number not in client.get("/desk/callbacks/").content.decode()
    assert desk(who(clock, "off")).post(f"/desk/callbacks/{receipt.number}/{receipt.report}/").status_code == 404


def test_a_custodian_looks_once_with_reasons_and_the_look_is_listed(desk: Desk, clock: World) -> None:
    receipt = clock.report(phone=PHONE, name="吴大姐")
    client = desk(who(clock, "cus"))
    page = client.get("/desk/identity/", {"n": receipt.number})
    assert "吴大姐" not in page.content.decode()
    seen = client.post(
        "/desk/identity/",
        {"number": receipt.number, "report": receipt.report, "asked_by": "城管局法制股长", "why": "核实误报"},
    )
    assert "吴大姐" in seen.content.decode() and PHONE in seen.content.decode()
    assert Entry.objects.filter(action="disclose").count() == 1
    assert "城管局法制股长" in client.get("/desk/identity/").content.decode()
    assert client.get(f"/desk/cases/{receipt.number}/").status_code == 404


def test_a_lost_receipt_is_replaced_only_for_the_right_number(desk: Desk, clock: World) -> None:
    receipt = clock.report(phone=PHONE)
    client = desk("wangxiulan")
    path = f"/desk/reissue/{receipt.number}/"
    assert client.post(path, {"report": receipt.report, "phone": "19900009999"}).status_code == 422
    again = client.post(path, {"report": receipt.report, "phone": PHONE})
    assert again.status_code == 200 and again.context["receipt"].code != receipt.code


def test_the_coordinator_gives_a_case_its_place(desk: Desk, clock: World) -> None:
    number = clock.report(compound=None, place_words="河边").number
    client = desk(who(clock, "co"))
    assert number in client.get("/desk/unplaced/").content.decode()
    form = client.get(f"/desk/cases/{number}/correct/?of=1&fact=compound")
    assert form.status_code == 200
    data = {"of": 1, "fact": "compound", "words": "问过了", "compound": clock.compound().pk, "key": "u" * 32, "seen": 1}
    assert client.post(f"/desk/cases/{number}/correct/", data).status_code == 302
    assert clock.case(number).compound_id == clock.compound().pk


def test_news_is_there_until_somebody_says_so(desk: Desk, clock: World) -> None:
    clock.assigned()
    client = desk(clock.head("chengguan"))
    notice = Notice.objects.get(kind="assign")
    assert "新派给您单位" in client.get("/desk/").content.decode()
    assert desk("wangxiulan").post(f"/desk/notices/{notice.pk}/").status_code == 404
    assert client.post(f"/desk/notices/{notice.pk}/").status_code == 302
    assert "新派给您单位" not in client.get("/desk/").content.decode()


def test_who_goes_on_with_a_case_has_seen_what_came_in_on_it(clock: World) -> None:
    number = clock.assigned().number
    other = clock.assigned(words="楼上天天半夜拖椅子").number
    clock.do("heyong", number, "accept")
    assert list(Notice.objects.filter(kind="assign", seen_at=None).values_list("case__number", flat=True)) == [other]


def test_what_asks_for_an_act_waits_for_that_act(clock: World) -> None:
    receipt = clock.assigned()
    clock.do("liuzhiqiang", receipt.number, "decline", reason="not_ours", why="这是农业的事")
    asking = Notice.objects.filter(kind="settle", seen_at=None)
    assert asking.count() == 1
    clock.do("zhoumin", receipt.number, "note", words="两边都打过电话")
    assert asking.count() == 1
    clock.do("zhoumin", receipt.number, "settle", item="QL-05", lead=clock.body("nongye"), ground="agreed", why="两家商定")
    assert asking.count() == 0


def test_all_news_is_noted_at_once_and_what_came_since_or_came_back_stays(desk: Desk, clock: World) -> None:
    first = [clock.assigned(words=f"第{n}家养鸡，天不亮就打鸣").number for n in range(8)]
    client = desk(clock.head("chengguan"))
    page = client.get("/desk/")
    assert page.content.decode().count("新派给您单位") == 8 and "更早的 2 条" in page.content.decode()
    late = clock.assigned(words="第九家").number
    upto = page.context["newest"]
    lead, at = clock.body("chengguan"), clock.now
    Notice.objects.create(id=upto - 100_000, case=clock.case(first[0]), seq=1, kind="declined", at=at, body_id=lead)
    assert client.post("/desk/notices/", {"upto": upto}).status_code == 302
    assert list(Notice.objects.filter(seen_at=None, kind="assign").values_list("case__number", flat=True)) == [late]
    assert Notice.objects.filter(seen_at=None, kind="declined").exists()
    for nonsense in ("", "x", "-1", "9" * 40):
        assert client.post("/desk/notices/", {"upto": nonsense}).status_code == 302
    assert Notice.objects.filter(seen_at=None, kind="assign").exists()


def test_police_results_are_sealed_from_the_community(desk: Desk, clock: World) -> None:
    receipt = clock.report(item="QL-03")
    number = receipt.number
    clock.do("wangxiulan", number, "assign", item="QL-03", lead=clock.body("gongan"))
    officer = Posting.objects.filter(body__code="gongan", role="off")[0].person.username
    clock.do(officer, number, "accept")
    clock.do(officer, number, "dissuade", persuader="department", method="door", response="agreed", stopped="yes", how="讲了")
    assert clock.case(number).tier == "persuaded"
    clerk = desk("wangxiulan").get(f"/desk/cases/{number}/").content.decode()
    assert "公安机关依法办理中" in clerk and "劝导</span>" not in clerk
    assert "劝导" in desk(officer).get(f"/desk/cases/{number}/").content.decode()


def test_cases_of_who_left_come_up_at_the_head_the_same_day(desk: Desk, clock: World) -> None:
    number = clock.handled().number
    head = desk(clock.head("chengguan"))
    assert "经办人已离岗" not in head.get("/desk/").content.decode()
    Posting.objects.filter(person__username="liuzhiqiang").update(ends=clock.now.date() - timedelta(days=1))
    page = head.get("/desk/")
    assert [row.number for row in page.context["left"]] == [number]
    with CaptureQueriesContext(connection) as asked:
        head.get("/desk/")
    assert len(asked) <= 10


def test_a_button_of_an_older_page_says_that_the_case_went_on(desk: Desk, clock: World) -> None:
    number = clock.handled().number
    page = desk("liuzhiqiang").get(f"/desk/cases/{number}/accept/")
    assert page.status_code == 409 and f"/desk/cases/{number}/" in page.content.decode()
    assert desk("wangxiulan").get(f"/desk/cases/{number}/accept/").status_code == 404


def test_an_officers_newest_cases_are_the_newest_over_all_ways_of_seeing_them(desk: Desk, clock: World) -> None:
    led = clock.assigned().number
    helped = clock.report(item="QL-03").number
    clock.do("wangxiulan", helped, "assign", item="QL-03", lead=clock.body("gongan"), cooperating=[clock.body("chengguan")])
    own = clock.report(actor=clock.actor("liuzhiqiang"), channel="patrol", words="巡查看到的", item="").number
    stranger = clock.report(words="和他无关").number
    again = clock.assigned().number
    page = desk("liuzhiqiang").get("/desk/cases/?tab=all").content.decode()
    places = [page.find(f"/desk/cases/{number}/") for number in (again, own, helped, led)]
    assert -1 not in places and places == sorted(places) and stranger not in page
