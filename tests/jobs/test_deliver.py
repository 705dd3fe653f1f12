"""Every message that is owed is sent once, or somebody learns that it was not; the address is shown to nobody."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.core import mail
from django.db import OperationalError

from huiyin.adapters import messages
from huiyin.adapters.messages import Outcome, Result
from huiyin.jobs import deliver
from huiyin.records.models import Alarm, Delivery, Entry, Report, Reporter
from huiyin.rules import ledger
from huiyin.selectors import cases as seen
from huiyin.services import echo, house
from huiyin.services.cases import outgoing
from huiyin.web import health
from tests.world import GOOD_REPLY, World

ADDRESS, PHONE = "wu@anhe.example", "19900000001"
LATER = Outcome(Result.RETRY, "the mail server did not answer in time")


@pytest.fixture
def with_mail(settings: Any) -> None:
    settings.MAIL_ON = True


@pytest.fixture
def with_gateway(settings: Any) -> None:
    settings.GATEWAY_ON, settings.HUIYIN_GATEWAY_SECRET = True, "agreed"


@pytest.fixture
def gateway(with_gateway: None, settings: Any) -> Iterator[list[tuple[dict[str, str], dict[str, str]]]]:
    """A county's gateway that takes everything; gives what it got."""
    got: list[tuple[dict[str, str], dict[str, str]]] = []

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append((dict(self.headers), json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Taking)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.HUIYIN_GATEWAY_URL = f"http://127.0.0.1:{server.server_port}/send"
    yield got
    server.shutdown()
    server.server_close()


def said(monkeypatch: pytest.MonkeyPatch, *outcomes: Outcome) -> list[dict[str, Any]]:
    """The mail server answers so, one after the other, the last one again and again; gives what was to be sent."""
    asked: list[dict[str, Any]] = []

    def answer(**given: Any) -> Outcome:
        asked.append(given)
        return outcomes[min(len(asked), len(outcomes)) - 1]

    monkeypatch.setattr(messages, "send_mail", answer)
    return asked


def deliver_entries(number: str) -> list[dict[str, Any]]:
    return [row.data for row in Entry.objects.filter(case__number=number, action="deliver").order_by("seq")]


def test_an_echo_goes_by_mail_once_and_becomes_an_entry(world: World, with_mail: None) -> None:
    receipt = world.echoed(email=ADDRESS, name="吴女士")
    assert deliver.run(world.now) == 1
    assert deliver.run(world.now) == 0
    (sent,) = mail.outbox
    assert sent.to == [ADDRESS]
    assert f"/track?n={receipt.number}" in sent.body
    assert not any(private in sent.subject + str(sent.body) for private in (receipt.code, "吴女士", GOOD_REPLY))
    owed = Delivery.objects.get()
    assert (owed.state, owed.tries, owed.done_at, owed.next_at, owed.error) == ("sent", 1, world.now, world.now, "")
    (told,) = deliver_entries(receipt.number)
    assert (told["outcome"], told["channel"], told["report"]) == ("delivered", "email", receipt.report)
    assert Report.objects.get().available == world.now
    assert ledger.check_chain(seen.entries_of(receipt.case)) == []


def test_the_gateway_gets_a_signed_message_with_one_key_for_every_try(world: World, gateway: list[Any]) -> None:
    world.echoed(phone=PHONE)
    deliver.run(world.now)
    Delivery.objects.update(state="due", next_at=world.now)  # as after a crash between sending and writing it down
    deliver.run(world.now)
    (first, body), (second, _again) = gateway
    assert (body["channel"], body["to"]) == ("sms", PHONE)
    assert first["Idempotency-Key"] == second["Idempotency-Key"]
    assert first["X-Huiyin-Signature"].startswith("v1=")


def test_a_mail_server_that_does_not_answer_is_asked_six_times_and_then_a_person_calls(
    world: World, with_mail: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = said(monkeypatch, LATER)
    receipt = world.echoed(email=ADDRESS, phone=PHONE)
    for number, pause in enumerate(echo.BACK_OFF, start=1):
        assert deliver.run(world.now) == 0
        assert len(asked) == number
        owed = Delivery.objects.get()
        assert (owed.state, owed.next_at - world.now) == ("due", pause)
        deliver.run(world.now + pause - timedelta(seconds=1))
        assert len(asked) == number, "not before its time"
        world.now += pause
    assert deliver.run(world.now) == 1
    assert len({one["key"] for one in asked}) == 1
    failed = Delivery.objects.get(channel="email")
    assert (failed.state, failed.tries, failed.error) == ("failed", 6, LATER.detail)
    assert Delivery.objects.get(channel="phone").state == "call"
    assert deliver_entries(receipt.number)[0]["outcome"] == "failed"


def test_a_refusal_for_good_is_not_repeated(world: World, with_mail: None, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = said(monkeypatch, Outcome(Result.FAILED, "the mail server refused it for good (550)"))
    world.echoed(email=ADDRESS)
    assert [deliver.run(world.now), deliver.run(world.now + timedelta(days=1))] == [1, 0]
    assert len(asked) == 1
    assert Delivery.objects.get().state == "failed"


def test_a_channel_that_does_not_work_holds_up_no_other(
    world: World, with_mail: None, gateway: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = said(monkeypatch, LATER)
    for _ in range(3):
        world.echoed(email=ADDRESS)
    world.echoed(phone=PHONE)
    assert deliver.run(world.now) == 1
    assert (len(asked), len(gateway)) == (1, 1), "one attempt tells that mail has to wait"
    assert sorted(Delivery.objects.filter(channel="email").values_list("tries", flat=True)) == [0, 0, 1]


def test_a_mail_server_that_takes_its_time_holds_up_nobody_else(
    world: World, with_mail: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [0.0]

    def slow(**_: Any) -> Outcome:
        clock[0] += 4
        return Outcome(Result.DELIVERED)

    monkeypatch.setattr(messages, "send_mail", slow)
    monkeypatch.setattr(deliver.time, "monotonic", lambda: clock[0])
    for _ in range(5):
        world.echoed(email=ADDRESS)
    assert [deliver.run(world.now) for _ in range(4)] == [2, 2, 1, 0]


def test_a_message_called_off_while_it_was_under_way_stays_so(
    world: World, with_mail: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = world.echoed(email=ADDRESS)
    owed = echo.take(at=world.now)
    assert owed is not None
    Delivery.objects.update(state="void")
    echo.record(owed=owed, outcome=Outcome(Result.DELIVERED), at=world.now)
    assert Delivery.objects.get().state == "void"
    assert deliver_entries(receipt.number) == []


def test_a_worker_that_dies_on_the_way_sends_again_after_five_minutes(world: World, with_mail: None) -> None:
    world.echoed(email=ADDRESS)
    assert echo.take(at=world.now) is not None  # and the worker dies
    assert deliver.run(world.now + timedelta(minutes=4)) == 0
    assert deliver.run(world.now + timedelta(minutes=6)) == 1
    assert Delivery.objects.get().state == "sent"


def test_an_echo_that_was_written_while_the_clock_was_years_ahead_goes_when_it_is_set_back(world: World, with_mail: None) -> None:
    world.echoed(email=ADDRESS)
    Delivery.objects.update(next_at=world.now + timedelta(days=3650))
    assert deliver.run(world.now) == 1
    assert Delivery.objects.get().state == "sent"


def test_a_message_that_fails_by_a_fault_of_ours_stops_no_other_and_is_told(
    world: World, with_mail: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, fine = world.echoed(email=ADDRESS), world.echoed(email=ADDRESS)
    record = echo.record

    def stumbling(*, owed: echo.Owed, **more: Any) -> bool:
        if owed.number == broken.number:
            raise KeyError(ADDRESS)
        return record(owed=owed, **more)

    monkeypatch.setattr(echo, "record", stumbling)
    assert deliver.run(world.now) == 1
    assert Delivery.objects.get(report=fine.report).state == "sent"
    (alarm,) = Alarm.objects.all()
    assert broken.number in alarm.detail and ADDRESS not in alarm.detail
    deliver.run(world.later(minutes=6).now)
    assert Alarm.objects.count() == 1, "told once"


def test_a_database_that_refuses_stops_the_job_and_is_no_fault_of_a_message(
    world: World, with_mail: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(**_: Any) -> bool:
        raise OperationalError("database is locked")

    world.echoed(email=ADDRESS)
    monkeypatch.setattr(echo, "record", locked)
    with pytest.raises(OperationalError):
        deliver.run(world.now)
    assert not Alarm.objects.exists()


def test_a_message_that_always_brings_the_worker_down_fails_in_the_end(world: World, with_mail: None) -> None:
    world.echoed(email=ADDRESS)
    for _ in range(echo.MAX_TRIES):
        assert echo.take(at=world.later(minutes=6).now) is not None
    deliver.run(world.later(minutes=6).now)
    owed = Delivery.objects.get()
    assert (owed.state, len(mail.outbox)) == ("failed", 0)
    assert owed.error


def test_an_address_that_was_masked_or_does_not_open_is_a_failure_that_staff_see(world: World, with_mail: None) -> None:
    world.echoed(email=ADDRESS)
    world.echoed(email=ADDRESS)
    masked, broken = Reporter.objects.order_by("pk")
    Reporter.objects.filter(pk=masked.pk).update(email="")
    Reporter.objects.filter(pk=broken.pk).update(email=masked.email)
    assert deliver.run(world.now) == 2
    assert mail.outbox == []
    assert sorted(Delivery.objects.values_list("state", "error")) == [
        ("failed", "no address is kept"),
        ("failed", "the address does not open with this key"),
    ]


def test_a_longer_wait_is_told_of_in_the_reporters_language_and_makes_no_entry(world: World, with_mail: None) -> None:
    receipt = world.handled(email=ADDRESS, language="en")
    seq = Entry.objects.filter(case=receipt.case).count()
    told = Delivery.objects.create(
        report_id=receipt.report, case_id=receipt.case, seq=seq, kind="told", channel="email", next_at=world.now
    )
    assert deliver.run(world.now) == 1
    told.refresh_from_db()
    assert told.state == "sent"
    assert receipt.number in mail.outbox[0].subject
    assert deliver_entries(receipt.number) == []


def test_the_demo_sends_nothing_and_says_so(world: World, with_mail: None, settings: Any) -> None:
    settings.DEMO = True
    receipt = world.echoed(email=ADDRESS)
    assert deliver.run(world.now) == 1
    assert mail.outbox == []
    owed = Delivery.objects.get()
    assert (owed.state, owed.error) == ("sent", "demo")
    assert deliver_entries(receipt.number)[0]["outcome"] == "delivered"


def test_no_address_stands_in_logs_entries_or_errors(
    world: World, with_mail: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Refusing:
        def __init__(self, **_: Any) -> None: ...

        def __enter__(self) -> Refusing:
            raise OSError(f"nobody called {ADDRESS} here")

        def __exit__(self, *_: Any) -> None: ...

    monkeypatch.setattr(messages, "get_connection", Refusing)
    caplog.set_level(logging.DEBUG)
    world.echoed(email=ADDRESS)
    owed = echo.take(at=world.now)
    assert owed is not None and ADDRESS not in repr(owed)
    world.later(minutes=6)
    deliver.run(world.now)
    written = caplog.text + str(list(Delivery.objects.values())) + str(list(Entry.objects.values()))
    assert "could not be reached" in written
    assert ADDRESS not in written


def test_an_echo_that_failed_is_a_warning_until_the_reporter_was_called(world: World, with_mail: None) -> None:
    receipt = world.echoed(email="wu@anhe.example", phone="19900000001")
    owed = Delivery.objects.get()
    Delivery.objects.update(state="failed")
    outgoing.delivered(delivery=owed.pk, ok=False, at=world.now)
    late = world.now + timedelta(hours=2)
    house.beat(name="worker", at=late)
    assert health.status(late).warnings == ("echoes",)
    world.do("wangxiulan", receipt.number, "call", report=receipt.report, reached="yes", said="知道了")
    assert (health.status(late).warnings, health.status(late).owed_echoes) == ((), 0)


def test_an_echo_that_failed_for_whom_left_no_telephone_is_a_warning_until_the_case_is_filed(
    world: World, with_mail: None
) -> None:
    receipt = world.echoed(email="wu@anhe.example")
    Delivery.objects.update(state="failed")
    outgoing.delivered(delivery=Delivery.objects.get().pk, ok=False, at=world.now)
    late = world.now + timedelta(hours=2)
    house.beat(name="worker", at=late)
    assert health.status(late).warnings == ("echoes",)
    world.do(world.resident(receipt), receipt.number, "feedback", satisfied="yes")
    world.do("wangxiulan", receipt.number, "close")
    assert health.status(late).warnings == ()


def test_nothing_due_takes_one_query(world: World, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(1):
        assert deliver.run(world.now) == 0
