"""Around every page: who is believed, which headers guard it, how long a sign-in lasts, and a calm answer when the database is away."""

from __future__ import annotations

import errno
from ipaddress import ip_network
from typing import Any

import pytest
from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from huiyin.records.models import Person
from huiyin.web import middleware


def seen_by(**meta: str) -> HttpRequest:
    request = RequestFactory().get("/", **meta)  # type: ignore[arg-type]  # headers of the WSGI environment
    middleware.trusted_proxy(lambda request: HttpResponse())(request)
    return request


def client_ip(request: HttpRequest) -> str:
    return str(request.client_ip)  # type: ignore[attr-defined]  # set by trusted_proxy


def test_a_stranger_is_not_believed_about_addresses_and_scheme() -> None:
    request = seen_by(REMOTE_ADDR="203.0.113.9", HTTP_X_FORWARDED_FOR="198.51.100.1", HTTP_X_FORWARDED_PROTO="https")
    assert client_ip(request) == "203.0.113.9"
    assert not request.is_secure()
    assert "HTTP_X_FORWARDED_FOR" not in request.META


def test_a_named_proxy_is_believed(settings: Settings) -> None:
    settings.HUIYIN_PROXY = [ip_network("10.0.0.0/24")]
    request = seen_by(REMOTE_ADDR="10.0.0.5", HTTP_X_FORWARDED_FOR="203.0.113.9", HTTP_X_FORWARDED_PROTO="https")
    assert client_ip(request) == "203.0.113.9"
    assert request.is_secure()


@pytest.mark.parametrize(
    ("forwarded", "expected"),
    [
        ("1.1.1.1, 203.0.113.9", "203.0.113.9"),  # what the visitor wrote stands further left and is not believed
        ("1.1.1.1, 203.0.113.9, 10.0.0.7", "203.0.113.9"),  # two of our proxies in a row
        ("203.0.113.9:4711", "203.0.113.9"),
        ("[2001:db8::7]:4711", "2001:db8::7"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("nonsense", "10.0.0.5"),
        ("", "10.0.0.5"),
    ],
)
def test_the_last_stranger_is_the_visitor(settings: Settings, forwarded: str, expected: str) -> None:
    settings.HUIYIN_PROXY = [ip_network("10.0.0.0/24")]
    assert client_ip(seen_by(REMOTE_ADDR="10.0.0.5", HTTP_X_FORWARDED_FOR=forwarded)) == expected


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("opened", "above"),
    [
        ("/track/act", "/track"),
        ("/report/photo", "/report"),
        ("/care", "/"),
        ("/desk/cases/2611-00001/documents/2/do/", "/desk/cases/2611-00001/documents/2/"),
        ("/desk/lists/versions/1/items/2/bases/3/remove/", "/desk/lists/versions/1/items/2/bases/3/"),
        ("/desk/notices/3/", "/desk/notices/"),
        ("/desk/notices/", "/desk/"),
    ],
)
def test_an_address_that_only_takes_forms_leads_who_opens_it_to_the_page_above(client: Client, opened: str, above: str) -> None:
    assert client.get(opened, headers={"accept": "text/html,*/*;q=0.8"}).headers["Location"] == above
    assert client.get(opened, headers={"accept": "*/*"}).status_code == 405, "a script hears what is wrong"


def test_every_answer_carries_its_guards(client: Client) -> None:
    answer = client.get("/no-such-page")
    assert answer.status_code == 404
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    guarded = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Frame-Options": "DENY",
        "Cache-Control": "no-store",
    }
    assert {name: answer.headers[name] for name in guarded} == guarded


def raising(error: Exception) -> HttpResponse:
    request = RequestFactory().get("/x", HTTP_ACCEPT="text/html")
    answer = middleware.machine_trouble(lambda request: HttpResponse()).process_exception(request, error)
    assert answer is not None
    return answer


def test_a_database_that_is_away_is_answered_with_try_again() -> None:
    answer = raising(OperationalError("server closed the connection unexpectedly"))
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "过几秒" in answer.content.decode()


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("attempt to write a readonly database"),
        InternalError("cannot execute INSERT in a read-only transaction"),
        InterfaceError("connection already closed"),
    ],
)
def test_a_database_that_only_reads_is_answered_with_try_again(error: Exception) -> None:
    assert raising(error).status_code == 503


def test_a_full_disk_asks_to_send_the_text_without_photos() -> None:
    answer = raising(OSError(errno.ENOSPC, "No space left on device"))
    assert answer.status_code == 507
    assert "不带照片" in answer.content.decode()


def test_a_fault_of_ours_is_not_blamed_on_the_database() -> None:
    request = RequestFactory().get("/x")
    assert middleware.machine_trouble(lambda request: HttpResponse()).process_exception(request, ValueError("x")) is None


@pytest.mark.parametrize("status", [408, 413, 507])
def test_a_body_that_was_not_taken_is_explained_in_the_visitors_language(client: Client, status: int) -> None:
    answer = client.post("/no-such-page", **{"huiyin.refused": status})  # type: ignore[arg-type]  # the gateway's own key
    assert answer.status_code == status
    english = client.post(
        "/no-such-page", headers={"Accept-Language": "en", "Accept": "application/json"}, **{"huiyin.refused": status}
    )  # type: ignore[arg-type]  # as above
    assert english.json()["message"]


@pytest.fixture
def signed_in(client: Client, monkeypatch: pytest.MonkeyPatch, db: None) -> Any:
    """A member of staff, and a clock that the test sets in seconds."""
    person = Person.objects.create_user("officer", "a long passphrase", name="甲")
    client.force_login(person)

    def at(seconds: int) -> bool:
        monkeypatch.setattr(middleware.time, "time", lambda: 1_000_000 + seconds)
        client.get("/no-such-page")
        return "_auth_user_id" in client.session

    return at


def test_staff_stay_signed_in_while_they_work(signed_in: Any) -> None:
    assert all(signed_in(minutes * 60) for minutes in range(0, 11 * 60, 25))


def test_staff_are_signed_out_after_half_an_hour_without_a_page(signed_in: Any) -> None:
    assert signed_in(0)
    assert not signed_in(31 * 60)


def test_staff_are_signed_out_after_twelve_hours_of_work(signed_in: Any) -> None:
    assert all(signed_in(minutes * 60) for minutes in range(0, 12 * 60, 20))
    assert not signed_in(12 * 3600 + 60)


def test_a_clock_set_back_does_not_lengthen_a_session(signed_in: Any) -> None:
    assert signed_in(7200)
    assert not signed_in(0)


def test_a_page_for_residents_touches_no_session(client: Client, django_assert_num_queries: Any, db: None) -> None:
    with django_assert_num_queries(0):
        answer = client.get("/no-such-page")
    assert not answer.cookies
