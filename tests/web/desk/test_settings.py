"""设置: an administrator keeps places and people; nobody makes himself or a coordinator alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.jobs import recount
from huiyin.records.models import (
    Body,
    Community,
    Compound,
    Contract,
    County,
    Installation,
    Person,
    Posting,
    PostingRequest,
    SoleAct,
    WorkDay,
)
from huiyin.services import people
from tests.world import World

Desk = Callable[[str], Client]


def who(world: World, role: str) -> str:
    return Posting.objects.filter(role=role).order_by("pk").values_list("person__username", flat=True)[0]


def test_an_administrator_adds_a_person_and_posts_them(desk: Desk, clock: World) -> None:
    client = desk(who(clock, "admin"))
    made = client.post("/desk/settings/people/new/", {"username": "newcomer", "name": "新来的", "is_active": "on"})
    person = Person.objects.get(username="newcomer")
    shown = client.get(made.headers["Location"]).context["temporary"]
    assert person.must_change_password and shown and person.check_password(shown)
    body = clock.body("chengguan")
    posted = client.post(
        f"/desk/settings/people/{person.pk}/posting/",
        {"role": "off", "body_id": body, "starts": "2026-11-24", "badge_no": "安执 1", "badge_expires": "2028-01-01"},
    )
    assert posted.status_code == 302
    assert Posting.objects.get(person=person).badge_no == "安执 1"
    refused = client.post(f"/desk/settings/people/{person.pk}/posting/", {"role": "off", "starts": "2026-11-24"})
    assert refused.status_code == 422 and "body_id" in refused.context["posting_form"].errors
    taken = client.post("/desk/settings/people/new/", {"username": "newcomer", "name": "又一个"})
    assert taken.status_code == 422


def test_a_second_click_on_adding_somebody_leads_to_the_same_password(desk: Desk, clock: World) -> None:
    """The browser shows the second answer and throws the first away."""
    admin, data = who(clock, "admin"), {"username": "newcomer", "name": "新来的", "is_active": "on"}
    client = desk(admin)
    client.post("/desk/settings/people/new/", data)
    second = client.post("/desk/settings/people/new/", data)
    person = Person.objects.get(username="newcomer")
    assert second.headers["Location"] == f"/desk/settings/people/{person.pk}/"
    assert person.check_password(client.get(second.headers["Location"]).context["temporary"])
    assert client.post("/desk/settings/people/new/", {**data, "name": "另一个人"}).status_code == 422
    clock.later(minutes=31)
    assert client.post("/desk/settings/people/new/", data).status_code == 422
    assert not client.get(second.headers["Location"]).context["temporary"]


def test_a_coordinator_is_made_only_with_a_second_person(desk: Desk, clock: World) -> None:
    admin, person = who(clock, "admin"), clock.person("liuzhiqiang")
    body = clock.body("sifa")
    client = desk(admin)
    data = {"role": "co", "body_id": body, "starts": "2026-11-24"}
    assert client.post(f"/desk/settings/people/{person.pk}/posting/", data).status_code == 422
    assert client.post(f"/desk/settings/people/{person.pk}/posting/", {**data, "why": "轮岗"}).status_code == 302
    assert not Posting.objects.filter(person=person, role="co").exists()
    asked = PostingRequest.objects.get()
    assert client.post(f"/desk/settings/requests/{asked.pk}/", {"approved": "yes"}).status_code == 404
    second = desk(who(clock, "cus"))
    for reader in (client, second):
        assert "轮岗" in reader.get("/desk/settings/requests/").content.decode()
    second.post(f"/desk/settings/requests/{asked.pk}/", {"approved": "yes"})
    asked.refresh_from_db()
    assert asked.approved and asked.decided_by.username == who(clock, "cus")
    assert Posting.objects.filter(person=person, role="co").exists()
    second.post(f"/desk/settings/requests/{asked.pk}/", {"approved": "no"})
    asked.refresh_from_db()
    assert asked.approved


def test_what_the_administrator_knew_of_a_new_coordinator_is_worth_nothing_once_the_second_person_agreed(
    desk: Desk, clock: World
) -> None:
    """The administrator made the account, signed in with it, changed its password and holds its second factor."""
    new = {"username": "puppet", "name": "新任", "is_active": "on"}
    made = desk(who(clock, "admin")).post("/desk/settings/people/new/", new, follow=True)
    puppet, password = Person.objects.get(username="puppet"), made.context["temporary"]
    TOTP.activate(puppet, "A" * 32)
    inside = desk("puppet")
    assert inside.get("/desk/account/password/").status_code == 200
    data = {"role": "co", "body_id": clock.body("sifa"), "starts": "2026-11-24", "why": "轮岗"}
    desk(who(clock, "admin")).post(f"/desk/settings/people/{puppet.pk}/posting/", data)
    second = desk(who(clock, "cus"))
    second.post(f"/desk/settings/requests/{PostingRequest.objects.get().pk}/", {"approved": "yes"})
    answer = second.get("/desk/settings/requests/")
    puppet.refresh_from_db()
    handed_over = answer.context["handed"][0].word
    assert handed_over in answer.content.decode() and puppet.check_password(handed_over) and puppet.must_change_password
    assert not puppet.check_password(password)
    assert not Authenticator.objects.filter(user=puppet).exists()
    assert inside.get("/desk/").status_code == 302, "the session that was open has ended"


def test_passwords_to_hand_over_survive_a_second_click_and_the_next_decision(desk: Desk, clock: World) -> None:
    admin, second = desk(who(clock, "admin")), desk(who(clock, "cus"))
    for name in ("one", "two"):
        admin.post("/desk/settings/people/new/", {"username": name, "name": name, "is_active": "on"})
        data = {"role": "co", "body_id": clock.body("sifa"), "starts": "2026-11-24", "why": "轮岗"}
        admin.post(f"/desk/settings/people/{Person.objects.get(username=name).pk}/posting/", data)
    for asked in PostingRequest.objects.all():
        for _click in range(2):
            assert second.post(f"/desk/settings/requests/{asked.pk}/", {"approved": "yes"}).status_code == 302
    with CaptureQueriesContext(connection) as counted:
        told = {one.username: one.word for one in second.get("/desk/settings/requests/").context["handed"]}
    assert set(told) == {"one", "two"} and len(counted) <= 10
    for name, word in told.items():
        assert Person.objects.get(username=name).check_password(word)
        assert word not in str(dict(second.session)), "it lies sealed"
    people.password_changed(person=Person.objects.get(username="one").pk)
    assert [one.username for one in second.get("/desk/settings/requests/").context["handed"]] == ["two"]
    assert not admin.get("/desk/settings/requests/").context["handed"], "who asked is not told"
    clock.later(minutes=31)
    assert not second.get("/desk/settings/requests/").context["handed"]


def test_who_holds_a_protected_role_already_keeps_the_password_when_given_another(desk: Desk, clock: World) -> None:
    custodian = Person.objects.get(username=who(clock, "cus"))
    other = next(name for name in Posting.objects.filter(role="co").values_list("person__username", flat=True))
    data = {"role": "grv", "starts": "2026-11-24", "why": "兼任"}
    desk(who(clock, "admin")).post(f"/desk/settings/people/{custodian.pk}/posting/", data)
    answer = desk(other).post(f"/desk/settings/requests/{PostingRequest.objects.get().pk}/", {"approved": "yes"})
    assert answer.status_code == 302
    assert custodian.password == Person.objects.get(pk=custodian.pk).password


def test_a_second_factor_that_is_taken_away_ends_the_sessions_it_opened(desk: Desk, clock: World) -> None:
    person = clock.person("liuzhiqiang")
    inside = desk("liuzhiqiang")
    assert inside.get("/desk/").status_code == 200
    desk(who(clock, "admin")).post(f"/desk/settings/people/{person.pk}/factor/", {"why": "手机丢了"})
    assert inside.get("/desk/").status_code == 302


def test_what_an_administrator_does_alone_to_let_somebody_in_is_seen_by_a_second_person(desk: Desk, clock: World) -> None:
    """Whoever makes an account and posts it as clerk holds its password: others have to know of it, and who looked is on record."""
    admin, coordinator, custodian = who(clock, "admin"), who(clock, "co"), who(clock, "cus")
    client = desk(admin)
    client.post("/desk/settings/people/new/", {"username": "puppet", "name": "不认识的人", "is_active": "on"})
    puppet = Person.objects.get(username="puppet")
    body = clock.body("chengguan")
    client.post(f"/desk/settings/people/{puppet.pk}/posting/", {"role": "off", "body_id": body, "starts": "2026-11-24"})
    officer = clock.person("liuzhiqiang")
    client.post(f"/desk/settings/people/{officer.pk}/password/")
    client.post(f"/desk/settings/people/{officer.pk}/factor/", {"why": "手机丢了"})
    assert SoleAct.objects.count() == 3
    assert client.post("/desk/settings/requests/looked/", {"act": [1]}).status_code == 404
    for second in (desk(coordinator), desk(custodian)):
        assert "有 3 条，请看一眼" in second.get("/desk/").content.decode()
        page = second.get("/desk/settings/requests/")
        assert "不认识的人" in page.content.decode() and len(page.context["unseen"]) == 3
    second.post("/desk/settings/requests/looked/", {"act": page.context["unseen"]})
    assert set(SoleAct.objects.values_list("seen_by__username", flat=True)) == {custodian}
    assert "请看一眼" not in desk(coordinator).get("/desk/").content.decode()
    read = desk(coordinator).get("/desk/settings/requests/")
    assert "看过，" in read.content.decode() and not read.context["unseen"]
    assert "不认识的人" in client.get("/desk/settings/requests/").content.decode(), "the administrator sees that it is seen"


def test_nobody_looks_at_what_is_about_oneself(desk: Desk, clock: World) -> None:
    coordinator = clock.person(who(clock, "co"))
    data = {"role": "off", "body_id": clock.body("sifa"), "starts": "2026-11-24"}
    desk(who(clock, "admin")).post(f"/desk/settings/people/{coordinator.pk}/posting/", data)
    mine = desk(coordinator.username)
    assert "请看一眼" not in mine.get("/desk/").content.decode()
    mine.post("/desk/settings/requests/looked/", {"act": [SoleAct.objects.get().pk]})
    assert SoleAct.objects.get().seen_at is None
    assert "请看一眼" in desk(who(clock, "cus")).get("/desk/").content.decode()


def test_an_administrator_gives_nothing_to_himself_alone(desk: Desk, clock: World) -> None:
    person = clock.person(who(clock, "admin"))
    client = desk(person.username)
    data = {"role": "off", "body_id": clock.body("chengguan"), "starts": "2026-11-24", "why": "我也想办件"}
    client.post(f"/desk/settings/people/{person.pk}/posting/", data)
    assert not Posting.objects.filter(person=person, role="off").exists()
    assert PostingRequest.objects.get().person == person


def test_nobody_decides_about_himself(desk: Desk, clock: World) -> None:
    admin, coordinator = who(clock, "admin"), clock.person(who(clock, "co"))
    data = {"role": "cus", "starts": "2026-11-24", "why": "兼任"}
    desk(admin).post(f"/desk/settings/people/{coordinator.pk}/posting/", data)
    asked = PostingRequest.objects.get()
    desk(coordinator.username).post(f"/desk/settings/requests/{asked.pk}/", {"approved": "yes"})
    asked.refresh_from_db()
    assert asked.decided_at is None
    assert not Posting.objects.filter(person=coordinator, role="cus").exists()


def test_a_refused_request_changes_nothing(desk: Desk, clock: World) -> None:
    person = clock.person("heyong")
    data = {"role": "cus", "starts": "2026-11-24", "why": "试试"}
    desk(who(clock, "admin")).post(f"/desk/settings/people/{person.pk}/posting/", data)
    desk(who(clock, "co")).post(f"/desk/settings/requests/{PostingRequest.objects.get().pk}/", {"approved": "no"})
    assert PostingRequest.objects.get().approved is False
    assert not Posting.objects.filter(person=person, role="cus").exists()


def test_a_posting_ends_and_a_badge_is_renewed(desk: Desk, clock: World) -> None:
    client = desk(who(clock, "admin"))
    posting = Posting.objects.filter(person__username="liuzhiqiang", role="off")[0]
    path = f"/desk/settings/postings/{posting.pk}/"
    assert client.get(path).status_code == 200
    client.post(path, {"number": "安执 9", "expires": "2030-01-01"})
    client.post(path, {"last_day": "2026-11-23"})
    posting.refresh_from_db()
    assert (posting.badge_no, posting.badge_expires, posting.ends) == ("安执 9", date(2030, 1, 1), date(2026, 11, 23))
    assert "您今天没有岗位" in desk("liuzhiqiang").get("/desk/").content.decode()


def test_a_posting_that_two_people_gave_is_lengthened_by_nobody_alone(desk: Desk, clock: World) -> None:
    """Who left as coordinator does not become one again by a later last day, and with a password that the administrator gave."""
    left, admin = Posting.objects.filter(role="co").order_by("pk").first(), desk(who(clock, "admin"))
    assert left is not None
    Posting.objects.filter(pk=left.pk).update(ends=clock.now.date() - timedelta(days=1))
    refused = admin.post(f"/desk/settings/postings/{left.pk}/", {"last_day": "2027-12-31"})
    assert refused.status_code == 422 and "任期不能自己延长" in refused.content.decode()
    own = Posting.objects.get(person__username=who(clock, "admin"), role="admin")
    Posting.objects.filter(pk=own.pk).update(ends=clock.now.date() + timedelta(days=5))
    assert admin.post(f"/desk/settings/postings/{own.pk}/", {"last_day": "2027-12-31"}).status_code == 422
    officer = Posting.objects.get(person__username="liuzhiqiang", role="off")
    Posting.objects.filter(pk=officer.pk).update(ends=clock.now.date() - timedelta(days=1))
    assert admin.post(f"/desk/settings/postings/{officer.pk}/", {"last_day": "2027-12-31"}).status_code == 302
    assert SoleAct.objects.get().person_id == officer.person_id, "and the others are told of it"


def test_the_last_administrator_stays(desk: Desk, clock: World) -> None:
    admin = who(clock, "admin")
    postings = Posting.objects.filter(role="admin").order_by("pk")
    client = desk(admin)
    for posting in postings:
        client.post(f"/desk/settings/postings/{posting.pk}/", {"last_day": "2026-11-24"})
    assert Posting.objects.filter(role="admin", ends=None).exists()


def test_a_second_factor_of_a_coordinator_goes_only_with_a_second_person(desk: Desk, clock: World) -> None:
    client = desk(who(clock, "admin"))
    officer, coordinator = clock.person("liuzhiqiang"), clock.person(who(clock, "co"))
    client.post(f"/desk/settings/people/{officer.pk}/factor/", {"why": "手机丢了"})
    assert not PostingRequest.objects.exists()
    client.post(f"/desk/settings/people/{coordinator.pk}/factor/", {"why": "手机丢了"})
    assert PostingRequest.objects.get().kind == "factor_reset"


def test_places_are_added_and_changed(desk: Desk, clock: World) -> None:
    client = desk(who(clock, "admin"))
    community = Community.objects.order_by("pk")[0]
    made = client.post(
        f"/desk/settings/communities/{community.pk}/compounds/new/",
        {"name": "新小区", "aliases": "新村、新苑", "households": 120, "active": "on"},
    )
    compound = Compound.objects.get(name="新小区")
    assert made.status_code == 302 and compound.aliases == ["新村", "新苑"] and len(compound.code) == 6
    half = client.post(f"/desk/settings/compounds/{compound.pk}/", {"name": "新小区", "households": 120, "lon": "115.0"})
    assert half.status_code == 422
    firm = Body.objects.filter(kind="property")[0]
    client.post(f"/desk/settings/compounds/{compound.pk}/contract/", {"firm": firm.pk, "starts": "2026-12-01"})
    client.post(f"/desk/settings/compounds/{compound.pk}/contract/", {"firm": "", "starts": "2027-01-01"})
    assert Contract.objects.get(compound=compound).ends == date(2026, 12, 31)
    for path in ("places/", f"communities/{community.pk}/", f"compounds/{compound.pk}/", "bodies/", f"bodies/{firm.pk}/"):
        assert client.get(f"/desk/settings/{path}").status_code == 200, path


def test_a_firm_that_was_chosen_wrongly_is_put_right_on_the_same_day(desk: Desk, clock: World) -> None:
    client = desk(who(clock, "admin"))
    compound = Compound.objects.create(name="刚建的", code="new234", community=Community.objects.order_by("pk")[0])
    wrong, right = Body.objects.filter(kind="property")[:2]
    for firm in (wrong, right):
        client.post(f"/desk/settings/compounds/{compound.pk}/contract/", {"firm": firm.pk, "starts": "2026-12-01"})
    assert [(one.firm_id, one.starts) for one in Contract.objects.filter(compound=compound)] == [(right.pk, date(2026, 12, 1))]
    refused = client.post(f"/desk/settings/compounds/{compound.pk}/contract/", {"firm": wrong.pk, "starts": "2026-11-01"})
    assert refused.status_code == 422


def test_a_body_is_added_once(desk: Desk, clock: World) -> None:
    client = desk(who(clock, "admin"))
    data = {"code": "xinwuye", "kind": "property", "name": "新物业公司", "short_name": "新物业", "active": "on"}
    assert client.post("/desk/settings/bodies/new/", data).status_code == 302
    assert client.post("/desk/settings/bodies/new/", data).status_code == 422


def test_a_changed_calendar_counts_open_terms_anew(desk: Desk, clock: World) -> None:
    Installation.objects.create(key_check="x")
    number = clock.assigned().number
    before = clock.case(number).due_resolution
    client = desk(who(clock, "admin"))
    day = before.date()
    assert client.post("/desk/settings/calendar/", {"day": day, "kind": "holiday", "name": "停电"}).status_code == 302
    assert WorkDay.objects.get(date=day).name == "停电"
    assert recount.run(clock.now) == 0, "not before every process has seen the new calendar"
    assert recount.run(clock.now + timedelta(minutes=2)) == 1
    assert clock.case(number).due_resolution > before
    client.post("/desk/settings/calendar/", {"day": day, "kind": ""})
    assert [recount.run(clock.now + timedelta(minutes=turn)) for turn in (3, 4, 5)] == [1, 0, 0]
    assert clock.case(number).due_resolution == before
    wrong = client.post("/desk/settings/calendar/", {"day": day + timedelta(days=1), "kind": "workday", "statutory": "on"})
    assert wrong.status_code == 422


def test_the_county_names_its_numbers_and_who_stands_in_for_its_overseer(desk: Desk, clock: World) -> None:
    client = desk(who(clock, "admin"))
    coordinator = Posting.objects.filter(role="co")[0].person_id
    data = {
        "name": "安和县",
        "hotline": "0700-555 0100",
        "overseer_id": clock.body("sifa"),
        "deputy_id": coordinator,
        "common_superior": "安和县人民政府",
        "second_factor_roles": ["off"],
    }
    assert client.post("/desk/settings/county/", data).status_code == 302
    county = County.objects.get()
    assert (county.hotline, county.deputy_id, county.second_factor_roles) == ("0700-555 0100", coordinator, ["off"])
    officer = clock.person("liuzhiqiang").pk
    assert client.post("/desk/settings/county/", {**data, "deputy_id": officer}).status_code == 422, "no coordinator"
    assert "0700-555 0100" in client.get("/desk/settings/county/").content.decode()


def test_an_outline_from_a_chinese_map_is_kept_where_it_really_is(desk: Desk, clock: World) -> None:
    client = desk(who(clock, "admin"))
    compound = clock.compound()
    path = f"/desk/settings/compounds/{compound.pk}/"
    ring = "116.30,27.90\n116.302,27.90\n116.302,27.902"
    given = {"name": compound.name, "households": 90, "active": "on", "datum": "GCJ-02", "outline": ring}
    assert client.post(path, given).status_code == 302
    kept = Compound.objects.get(pk=compound.pk)
    assert len(kept.outline) == 3 and 0.003 < 116.30 - kept.outline[0][0] < 0.007
    assert kept.lon is not None and abs(kept.lon - kept.outline[0][0]) < 0.002
    assert f"{kept.outline[0][0]},{kept.outline[0][1]}" in client.get(path).content.decode()
    wrong = client.post(path, {**given, "outline": "27.90,116.30"})
    assert wrong.status_code == 422 and "写反" in wrong.content.decode()


def test_a_community_names_its_supervisor_and_contact(desk: Desk, clock: World) -> None:
    client = desk(who(clock, "admin"))
    community = clock.compound().community
    clerk, supervisor = clock.person("wangxiulan"), Posting.objects.filter(role="sup", community=community)[0].person
    path = f"/desk/settings/communities/{community.pk}/"
    first = client.get(path).context["form"].initial
    given = {name: value for name, value in first.items() if value is not None}
    given |= {"contact_id": clerk.pk, "supervisor_id": supervisor.pk, "station_phone": "0700-555 0113"}
    assert client.post(path, given).status_code == 302
    community.refresh_from_db()
    assert (community.contact, community.supervisor, community.station_phone) == (clerk, supervisor, "0700-555 0113")
    stranger = {**given, "contact_id": clock.person("liuzhiqiang").pk}
    assert client.post(path, stranger).status_code == 422
