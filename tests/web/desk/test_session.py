"""A session that ends in the middle of a form, second factors, temporary passwords."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client

from huiyin.records.models import Person, Posting
from huiyin.web.desk import pages
from huiyin.web.factor import HAS_ONE
from tests.world import World

Desk = Callable[[str], Client]
PASSWORD = "not-a-secret"


def who(world: World, role: str) -> str:
    return Posting.objects.filter(role=role).order_by("pk").values_list("person__username", flat=True)[0]


def ended(desk: Desk, username: str) -> Client:
    """A browser whose session the server has ended meanwhile."""
    client = desk(username)
    Session.objects.all().delete()
    return client


def sign_in(client: Client, username: str, path: str) -> None:
    done = client.post(f"/desk/account/login/?next={path}", {"login": username, "password": PASSWORD, "next": path})
    assert done.status_code == 302, done.content.decode()[:2000]


def test_what_was_typed_when_the_session_ended_is_there_after_signing_in(desk: Desk, clock: World) -> None:
    number = clock.handled().number
    client = ended(desk, "liuzhiqiang")
    path = f"/desk/cases/{number}/dissuade/"
    typed = {"how": "讲了邻居的难处", "method": "phone", "key": "d" * 32, "author": pages.author(clock.person("liuzhiqiang").pk)}
    away = client.post(path, typed)
    assert away.status_code == 302 and "login" in away["Location"]
    sign_in(client, "liuzhiqiang", path)
    page = client.get(path)
    assert "讲了邻居的难处" in page.content.decode() and "您填的还在" in page.content.decode()
    assert page.context["form"]["method"].value() == "phone" and page.context["key"] == "d" * 32
    assert "讲了邻居的难处" not in client.get(path).content.decode()


def test_a_stranger_leaves_nothing_behind(clock: World) -> None:
    number = clock.handled().number
    Client().post(f"/desk/cases/{number}/dissuade/", {"how": "x" * 1000, "key": "d" * 32, "author": 1})
    assert not Session.objects.exists()


def test_wrong_passwords_of_one_stranger_behind_the_proxy_keep_nobody_else_out(clock: World, settings: Any) -> None:
    """Everybody comes through the proxy: its address is nobody's."""
    settings.HUIYIN_PROXY = [ip_network("127.0.0.1")]
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "50/15m/key,3/15m/ip"}
    cache.clear()
    officer = clock.person("liuzhiqiang")
    stranger, his = {"x-forwarded-for": "203.0.113.7"}, {"login": officer.username, "password": PASSWORD}
    for n in range(5):
        Client().post("/desk/account/login/", {"login": f"nobody{n}", "password": "wrong"}, headers=stranger)
    assert Client().post("/desk/account/login/", his, headers=stranger).status_code == 200, "counted as one visitor"
    assert Client().post("/desk/account/login/", his, headers={"x-forwarded-for": "203.0.113.8"}).status_code == 302
    cache.clear()


@pytest.mark.parametrize("author", ["1", "1:x:y", ""])
def test_a_stranger_with_a_cookie_that_was_made_up_leaves_nothing_behind(clock: World, author: str) -> None:
    """Each such post would leave a session of its own in the database, as many as somebody likes."""
    client = Client(enforce_csrf_checks=True)
    client.cookies["huiyin"] = "z" * 32
    typed = {"how": "x" * 1000, "key": "d" * 32, "author": author}
    answer = client.post(f"/desk/cases/{clock.handled().number}/dissuade/", typed, headers={"origin": "http://testserver"})
    assert answer.status_code == 403 and not Session.objects.exists()


def test_nobody_else_sees_what_was_typed(desk: Desk, clock: World) -> None:
    number = clock.handled().number
    client = ended(desk, "liuzhiqiang")
    path = f"/desk/cases/{number}/dissuade/"
    client.post(path, {"how": "讲了邻居的难处", "key": "d" * 32, "author": pages.author(clock.person("liuzhiqiang").pk)})
    sign_in(client, "heyong", path)
    assert "讲了邻居的难处" not in client.get(path).content.decode()


def test_a_script_is_told_that_it_is_signed_out(clock: World) -> None:
    number = clock.handled().number
    answer = Client().post(f"/desk/cases/{number}/dissuade/", {"how": "x"}, headers={"accept": "application/json"})
    assert answer.status_code == 401


@pytest.mark.parametrize("role", ["co", "cus", "admin"])
def test_who_has_no_second_factor_yet_reaches_only_its_enrolment(clock: World, role: str) -> None:
    client = Client()
    client.force_login(clock.person(who(clock, role)))
    for path in ("/desk/", "/desk/cases/", "/desk/settings/", "/desk/identity/"):
        assert client.get(path)["Location"] == "/desk/account/factor/totp/activate/"
    assert client.get("/desk/csrf", headers={"accept": "application/json"}).status_code == 403


def test_an_officer_needs_none_unless_the_county_says_so(clock: World, settings: pytest.FixtureRequest) -> None:
    client = Client()
    client.force_login(clock.person("liuzhiqiang"))
    assert client.get("/desk/").status_code == 200
    settings.HUIYIN_SECOND_FACTOR = ("off",)
    assert client.get("/desk/").status_code == 302


def test_the_demo_asks_for_none(clock: World, settings: pytest.FixtureRequest) -> None:
    settings.DEMO = True
    client = Client()
    client.force_login(clock.person(who(clock, "co")))
    assert client.get("/desk/").status_code == 200


def test_a_second_factor_is_asked_at_sign_in(clock: World) -> None:
    username = who(clock, "co")
    TOTP.activate(clock.person(username), "JBSWY3DPEHPK3PXP")
    client = Client()
    sign_in(client, username, "/desk/")
    assert "/login/" in client.get("/desk/")["Location"]
    assert client.get("/desk/account/factor/authenticate/").status_code == 200
    assert Authenticator.objects.filter(user__username=username).exists()


def test_every_page_about_accounts_is_ours(desk: Desk, clock: World) -> None:
    client = desk("liuzhiqiang")
    for path in ("logout/", "password/", "reauthenticate/", "factor/", "inactive/"):
        page = client.get(f"/desk/account/{path}")
        assert page.status_code in {200, 302}, path
        if page.status_code == 200:
            assert 'class="desk"' in page.content.decode(), path


def test_the_enrolment_page_shows_the_code_as_a_picture(clock: World) -> None:
    client = Client()
    sign_in(client, who(clock, "co"), "/desk/")
    path = "/desk/account/factor/totp/activate/"
    again = client.post(f"/desk/account/reauthenticate/?next={path}", {"password": PASSWORD, "next": path})
    assert again["Location"] == path
    page = client.get(path)
    assert page.status_code == 200 and "data:image/svg+xml" in page.content.decode()


def test_a_temporary_password_is_changed_first(desk: Desk, clock: World) -> None:
    Person.objects.filter(username="liuzhiqiang").update(must_change_password=True)
    client = Client()
    sign_in(client, "liuzhiqiang", "/desk/")
    assert client.get("/desk/")["Location"] == "/desk/account/password/"
    new = "a-new-secret-of-mine"
    done = client.post("/desk/account/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert done.status_code == 302, done.content.decode()
    assert client.get("/desk/").status_code == 200


def test_a_session_remembers_whose_second_factor_it_saw(clock: World) -> None:
    client = Client()
    client.force_login(clock.person("liuzhiqiang"))
    session = client.session
    session[HAS_ONE] = clock.person("liuzhiqiang").pk
    session.save()
    assert client.get("/desk/").status_code == 200


def test_who_must_have_a_second_factor_cannot_take_it_off(desk: Desk, clock: World) -> None:
    coordinator, officer = clock.person(who(clock, "co")), clock.person("liuzhiqiang")
    for person, stays in ((coordinator, True), (officer, False)):
        TOTP.activate(person, "JBSWY3DPEHPK3PXP")
        client = desk(person.username)
        path = "/desk/account/factor/totp/deactivate/"
        client.post(f"/desk/account/reauthenticate/?next={path}", {"password": PASSWORD, "next": path})
        client.post(path)
        assert Authenticator.objects.filter(user=person, type="totp").exists() is stays, person


def test_who_takes_off_the_own_second_factor_ends_every_other_session_of_the_same_account(desk: Desk, clock: World) -> None:
    """A posting that asks for a factor may come tomorrow, and no session of today is to count as having shown one."""
    officer = clock.person("liuzhiqiang")
    elsewhere, here = desk("liuzhiqiang"), desk("liuzhiqiang")
    TOTP.activate(officer, "JBSWY3DPEHPK3PXP")
    for client in (elsewhere, here):
        session = client.session
        session[HAS_ONE] = officer.pk
        session.save()
    path = "/desk/account/factor/totp/deactivate/"
    here.post(f"/desk/account/reauthenticate/?next={path}", {"password": PASSWORD, "next": path})
    here.post(path)
    assert not Authenticator.objects.filter(user=officer).exists()
    assert "login" in elsewhere.get("/desk/")["Location"]
    assert here.get("/desk/").status_code == 200 and HAS_ONE not in here.session


def test_a_form_whose_token_is_too_old_comes_back_with_what_was_typed(clock: World) -> None:
    """Signed in anew in another tab: this tab's form carries the token of before."""
    number = clock.handled().number
    client = Client(enforce_csrf_checks=True)
    officer = clock.person("liuzhiqiang")
    client.force_login(officer)
    path = f"/desk/cases/{number}/dissuade/"
    client.get(path)
    typed = {
        "how": "讲了邻居的难处",
        "method": "phone",
        "key": "d" * 32,
        "author": pages.author(officer.pk),
        "csrfmiddlewaretoken": "x" * 64,
    }
    answer = client.post(path, typed, headers={"origin": "http://testserver"})
    assert (answer.status_code, answer["Location"]) == (302, path)
    page = client.get(path).content.decode()
    assert "讲了邻居的难处" in page and "放得太久" in page


def test_another_site_neither_sends_a_form_nor_fills_it_in(clock: World) -> None:
    number = clock.handled().number
    client = Client(enforce_csrf_checks=True)
    officer = clock.person("liuzhiqiang")
    client.force_login(officer)
    path = f"/desk/cases/{number}/dissuade/"
    typed = {"how": "别人写的", "key": "d" * 32, "author": pages.author(officer.pk)}
    for origin in ({"origin": "https://elsewhere.example"}, {}):
        assert client.post(path, typed, headers=origin).status_code == 403
    assert "别人写的" not in client.get(path).content.decode()


def test_whose_posting_ended_since_the_page_was_opened_is_told_so_and_keeps_the_words(desk: Desk, clock: World) -> None:
    number = clock.handled().number
    client, path = desk("liuzhiqiang"), f"/desk/cases/{number}/dissuade/"
    typed = {"how": "讲了邻居的难处", "method": "phone", "response": "agreed", "persuader": "department", "key": "e" * 32}
    assert client.get(path).status_code == 200
    Posting.objects.filter(person__username="liuzhiqiang").update(ends=clock.now.date() - timedelta(days=1))
    before = clock.case(number).seq
    answer = client.post(path, typed)
    page = answer.content.decode()
    assert answer.status_code == 403 and "您的岗位已经结束" in page and "讲了邻居的难处" in page
    script = client.post(path, typed, headers={"accept": "application/json"})
    assert script.status_code == 403 and "岗位已经结束" in script.json()["errors"]["__all__"][0]
    english = client.post(path, typed, headers={"accept-language": "en"}).content.decode()
    assert "Your posting has ended" in english
    assert clock.case(number).seq == before and client.get(path).status_code == 404


def test_whose_badge_ended_since_the_page_was_opened_is_told_so_and_keeps_the_words(desk: Desk, clock: World) -> None:
    number = clock.handled().number
    client, path = desk("liuzhiqiang"), f"/desk/cases/{number}/recheck/"
    Posting.objects.filter(person__username="liuzhiqiang").update(badge_expires=clock.now.date() - timedelta(days=1))
    answer = client.post(path, {"state": "continuing", "found": "鸡还在花坛里", "key": "b" * 32, "seen": clock.case(number).seq})
    page = answer.content.decode()
    assert answer.status_code == 409 and "执法证" in page and "鸡还在花坛里" in page


def test_a_fragment_for_whom_the_session_ended_is_no_sign_in_page(clock: World) -> None:
    assert Client().post("/desk/call/alike/", {"compound": "1"}, headers={"HX-Request": "true"}).status_code == 401
