"""A message tells that there is news and where to read it, reaches only whom it must, and every failure is told apart."""

from __future__ import annotations

import hashlib
import hmac
import json
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core import mail

from huiyin.adapters import messages
from huiyin.adapters.messages import Kind, Result, compose, send_gateway, send_mail

AT = datetime(2026, 11, 6, 8, 20, tzinfo=UTC)
PHONE, ADDRESS = "19900000001", "somebody@example.com"
NEWS = {"subject": "您反映的事有回音了 2611-00379", "body": "请打开 https://huiyin.example/track?n=2611-00379"}


def mailed(**more: str) -> messages.Outcome:
    return send_mail(**{"to": ADDRESS, "key": "delivery-7", **NEWS, **more})


def posted(**more: str) -> messages.Outcome:
    return send_gateway(**{"channel": "sms", "to": PHONE, "key": "delivery-7", "at": AT, **NEWS, **more})


# ---- what it says -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_message_says_which_case_and_where_to_read_it(kind, language):
    subject, body = compose(kind, "2611-00379", "https://huiyin.example/", "安和县", language)
    assert "2611-00379" in subject
    assert "https://huiyin.example/track?n=2611-00379 " in body
    assert "安和县" in body
    assert "\n" not in subject


def test_every_kind_says_something_else():
    assert len({compose(kind, "2611-00379", "https://huiyin.example", "安和县") for kind in Kind}) == len(Kind)


def test_an_unknown_kind_is_a_mistake_of_the_program():
    with pytest.raises(ValueError, match="praise"):
        compose("praise", "2611-00379", "https://huiyin.example", "安和县")


# ---- mail -------------------------------------------------------------------------------------------------------------


def test_a_mail_goes_to_one_person_and_can_be_told_from_its_double():
    assert mailed() == mailed() == messages.Outcome(Result.DELIVERED)
    first, second = mail.outbox
    assert (first.to, first.cc, first.bcc, first.subject) == ([ADDRESS], [], [], NEWS["subject"])
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    assert "delivery" not in first.extra_headers["Message-ID"]


def test_an_address_that_smuggles_a_header_is_refused_for_good():
    assert mailed(to="somebody@example.com\nBcc: other@example.com").result is Result.FAILED


class MailServer(socketserver.StreamRequestHandler):
    """Speaks enough SMTP to take a mail or to refuse it as the test says."""

    def handle(self) -> None:
        if self.server.silent:
            time.sleep(1)
            return
        self.wfile.write(b"220 test\r\n")
        for line in self.rfile:
            verb = line[:4].upper().decode()
            answer = self.server.answers.get(verb, "354 go on" if verb == "DATA" else "250 ok")
            self.wfile.write(f"{answer}\r\n".encode())
            if verb == "DATA" and answer.startswith("354"):
                while (part := self.rfile.readline()) not in {b".\r\n", b""}:
                    self.server.heard.append(part)
                time.sleep(self.server.looks_over)
                self.wfile.write(f"{self.server.answers.get('.', '250 taken')}\r\n".encode())
            if verb == "QUIT":
                return


@contextmanager
def mail_server(
    settings, silent: bool = False, looks_over: float = 0, **answers: str
) -> Iterator[socketserver.ThreadingTCPServer]:
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), MailServer)
    server.daemon_threads, server.answers, server.silent, server.heard = True, {**answers}, silent, []
    server.looks_over = looks_over
    server.answers.update({".": answers["end"]} if "end" in answers else {})
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
    settings.EMAIL_USE_SSL = settings.EMAIL_USE_TLS = False
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def test_a_mail_server_is_spoken_to(settings):
    with mail_server(settings) as server:
        assert mailed().result is Result.DELIVERED
        assert any(line.startswith(b"To: somebody@example.com") for line in server.heard)


@pytest.mark.parametrize(
    ("answers", "result"),
    [
        ({"RCPT": "550 no such user somebody@example.com"}, Result.FAILED),
        ({"RCPT": "450 mailbox of somebody@example.com is busy"}, Result.RETRY),
        ({"MAIL": "421 too many"}, Result.RETRY),
        ({"end": "554 refused"}, Result.FAILED),
        ({"end": "451 later"}, Result.RETRY),
        ({"MAIL": "553 mail from must equal authorized user"}, Result.RETRY),
        ({"RCPT": "530 authentication required"}, Result.RETRY),
        ({"EHLO": "550 not you", "HELO": "550 not you"}, Result.RETRY),
    ],
)
def test_a_refusal_for_good_is_told_from_one_for_now_and_names_nobody(settings, answers, result):
    with mail_server(settings, **answers):
        outcome = mailed()
    assert outcome.result is result
    assert "somebody" not in outcome.detail
    assert outcome.detail


@pytest.mark.parametrize(
    "wrong",
    [
        {"DEFAULT_FROM_EMAIL": "huiyin@localhost\nBcc: other@example.com"},
        {"EMAIL_HOST_USER": "huiyin", "EMAIL_HOST_PASSWORD": "口令"},
        {"EMAIL_HOST": "mail..example"},
    ],
)
def test_a_setting_of_ours_that_is_wrong_fails_no_mail_for_good(settings, wrong):
    with mail_server(settings, EHLO="250-test\r\n250 AUTH PLAIN"):
        for name, value in wrong.items():
            setattr(settings, name, value)
        outcome = mailed()
    assert outcome == messages.Outcome(Result.RETRY, "the settings of the mail server cannot be used")


def test_a_silent_mail_server_is_tried_again(settings, monkeypatch):
    monkeypatch.setattr(messages, "TOTAL_SECONDS", 0.2)
    with mail_server(settings, silent=True):
        assert mailed().result is Result.RETRY


def test_a_mail_server_that_looks_the_text_over_is_waited_for_so_that_nothing_is_sent_twice(settings, monkeypatch):
    monkeypatch.setattr(messages, "TOTAL_SECONDS", 0.3)
    with mail_server(settings, looks_over=0.6) as server:
        assert mailed().result is Result.DELIVERED
        assert server.heard


def test_without_a_mail_server_a_mail_waits(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = ""
    assert mailed().result is Result.RETRY
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nobody listens there
    assert mailed().result is Result.RETRY


# ---- gateway ----------------------------------------------------------------------------------------------------------


class Gateway(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((self.path, dict(self.headers), body))
        if self.server.drip:
            for sign in b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 50:
                try:
                    self.wfile.write(bytes([sign]))
                    self.wfile.flush()
                except OSError:
                    return
                time.sleep(0.05)
            return
        time.sleep(self.server.wait)
        self.send_response(self.server.status)
        if self.server.status in {301, 302, 307, 308}:
            self.send_header("Location", f"http://127.0.0.1:{self.server.server_address[1]}/elsewhere")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def gateway(settings, status: int = 200, wait: float = 0, drip: bool = False) -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
    server.status, server.wait, server.drip, server.heard = status, wait, drip, []
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    settings.HUIYIN_GATEWAY_URL = f"http://127.0.0.1:{server.server_address[1]}/send?from=huiyin"
    settings.HUIYIN_GATEWAY_SECRET = "between us"
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def test_the_gateway_gets_one_signed_message(settings):
    with gateway(settings) as server:
        assert posted() == posted() == messages.Outcome(Result.DELIVERED)
    (path, head, body), (_, again, _) = server.heard
    assert path == "/send?from=huiyin"
    assert json.loads(body) == {"channel": "sms", "to": PHONE, "subject": NEWS["subject"], "text": NEWS["body"]}
    assert head["X-Huiyin-Timestamp"] == str(int(AT.timestamp()))
    wanted = hmac.new(b"between us", head["X-Huiyin-Timestamp"].encode() + b"." + body, hashlib.sha256).hexdigest()
    assert head["X-Huiyin-Signature"] == f"v1={wanted}"
    assert head["Idempotency-Key"] == again["Idempotency-Key"]


def test_without_a_secret_of_its_own_the_derived_key_signs(settings):
    settings.HUIYIN_GATEWAY_SECRET = ""
    derived = messages.sign("1", b"x")
    settings.HUIYIN_GATEWAY_SECRET = "between us"
    assert derived.startswith("v1=")
    assert derived != messages.sign("1", b"x")


@pytest.mark.parametrize(
    ("status", "result"),
    [
        (200, "delivered"),
        (202, "delivered"),
        (400, "failed"),
        (422, "failed"),
        (401, "retry"),  # a secret that was changed on one side only
        (403, "retry"),  # a clock that is wrong: the gateway refuses an old timestamp
        (404, "retry"),  # a path that is wrong
        (408, "retry"),
        (429, "retry"),
        (500, "retry"),
        (503, "retry"),
    ],
)
def test_what_the_gateway_answers_decides(settings, status, result):
    with gateway(settings, status):
        outcome = posted()
    assert outcome.result == result
    assert PHONE not in outcome.detail


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_the_gateway_cannot_send_us_elsewhere(settings, status):
    with gateway(settings, status) as server:
        assert posted().result is Result.RETRY
        assert [path for path, *_ in server.heard] == ["/send?from=huiyin"]


@pytest.mark.parametrize("how", [{"wait": 1.0}, {"drip": True}])
def test_a_slow_gateway_is_left_after_a_while(settings, monkeypatch, how):
    monkeypatch.setattr(messages, "TOTAL_SECONDS", 0.3)
    with gateway(settings, **how):
        began = time.monotonic()
        assert posted() == messages.Outcome(Result.RETRY, "the gateway did not answer in time")
        assert time.monotonic() - began < 2


def test_a_gateway_that_is_not_there_is_tried_again(settings):
    settings.HUIYIN_GATEWAY_URL = "http://127.0.0.1:9/send"
    assert posted().result is Result.RETRY
    settings.HUIYIN_GATEWAY_URL = ""
    assert posted() == messages.Outcome(Result.RETRY, "no gateway is set")


def test_in_production_nothing_is_posted_in_the_clear(settings):
    with gateway(settings) as server:
        settings.HUIYIN_MODE = "production"
        assert posted().result is Result.RETRY
        assert server.heard == []


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "gopher://127.0.0.1/", "https://user:word@gateway.example/", "https:///send"]
)
def test_a_gateway_s_address_must_be_plain(settings, address):
    settings.HUIYIN_GATEWAY_URL = address
    assert posted().result is Result.RETRY


def test_proxies_of_the_environment_are_not_used(settings, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with gateway(settings) as server:
        assert posted().result is Result.DELIVERED
        assert len(server.heard) == 1
