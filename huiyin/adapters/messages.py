"""Messages to reporters: composed without anything that is private, handed to a mail server or to the county's gateway for SMS or WeChat."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.message import sanitize_address
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from huiyin.adapters import keys

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 10.0
#: A mail server looks a text over before it answers. Who hangs up meanwhile has sent it, takes it for not sent and sends it again.
TEXT_SECONDS = 60.0

#: Answers after which the same message may go through later: too slow, too early, too many; and those that tell of our address, secret
#: or clock rather than of the message. For good they would turn a wrong setting into the failure of every echo within minutes.
_TRY_AGAIN = frozenset({401, 403, 404, 405, 407, 408, 421, 423, 425, 429})


class Result(StrEnum):
    """delivered: the other side took it. retry: it may go through later. failed: it never will."""

    DELIVERED = "delivered"
    RETRY = "retry"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one attempt. detail is for staff and never holds an address, a number or what a server said of one."""

    result: Result
    detail: str = ""


class Kind(StrEnum):
    """What a message tells. The last four are the `told` messages, by the action they tell of."""

    ECHO = "echo"
    EXTEND = "extend"
    PAUSE = "pause"
    RESUME = "resume"
    REOPEN = "reopen"


# ---- what it says -----------------------------------------------------------------------------------------------------


def compose(kind: Kind | str, number: str, base_url: str, county: str, language: str = "zh-hans") -> tuple[str, str]:
    """(subject, body) of a message about a case: which, what is new, and where to read it with the receipt code.

    It never holds the code, a name or anybody's words, because whoever holds the phone may read it. Raises ValueError for an unknown kind.
    """
    with override(language):
        news = {
            Kind.ECHO: _("您反映的事有回音了"),
            Kind.EXTEND: _("您反映的事要多用几天"),
            Kind.PAUSE: _("您反映的事暂时停一停，等一个结果"),
            Kind.RESUME: _("您反映的事接着办了"),
            Kind.REOPEN: _("您反映的事重新办理了"),
        }[Kind(kind)]
        link = f"{base_url.rstrip('/')}/track?n={number}"
        where = _("编号 %(number)s。请打开 %(link)s ，用回执上的回执码查看。") % {"number": number, "link": link}
        return f"{news} {number}", f"{news}\n{where}\n{county} {pgettext('brand', '回音')}"


# ---- mail -------------------------------------------------------------------------------------------------------------


def send_mail(*, to: str, subject: str, body: str, key: str) -> Outcome:
    """Hand one mail to the mail server that is set, within 10 s a step, 60 s for the answer to the text. key: the delivery's own, the same at every try, so that a
    mail that was sent twice can be told by its Message-ID.
    """
    if not settings.EMAIL_HOST and "smtp" in settings.EMAIL_BACKEND:
        return Outcome(Result.RETRY, "no mail server is set")
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(" >") or "localhost"
    identity = hashlib.sha256(key.encode()).hexdigest()[:32]
    try:
        sanitize_address(to, "utf-8")
    except ValueError:
        return Outcome(Result.FAILED, "the address cannot be written in a mail")
    try:
        with get_connection(timeout=TOTAL_SECONDS) as connection:
            mail = EmailMessage(subject, body, to=[to], connection=connection, headers={"Message-ID": f"<{identity}@{domain}>"})
            _be_patient_after_the_text(connection)
            mail.send()
    except smtplib.SMTPRecipientsRefused as refused:
        codes = [code for code, _said in refused.recipients.values()]
        return _by_smtp_code(codes[0] if codes else 0)
    except smtplib.SMTPAuthenticationError:
        return Outcome(Result.RETRY, "the mail server does not accept our sign-in")
    except smtplib.SMTPDataError as refused:
        return _by_smtp_code(refused.smtp_code)
    except smtplib.SMTPSenderRefused as refused:
        return Outcome(Result.RETRY, f"the mail server does not accept our sender address ({refused.smtp_code})")
    except smtplib.SMTPResponseException as refused:
        return Outcome(Result.RETRY, f"the mail server does not let us in ({refused.smtp_code})")
    except TimeoutError:
        return Outcome(Result.RETRY, "the mail server did not answer in time")
    except ssl.SSLError:
        return Outcome(Result.RETRY, "the mail server's certificate is not accepted")
    except ValueError:  # of a host, password or sender that cannot be written: the address was looked at above
        return Outcome(Result.RETRY, "the settings of the mail server cannot be used")
    except (smtplib.SMTPException, OSError) as error:
        return Outcome(Result.RETRY, f"the mail server could not be reached ({type(error).__name__})")
    return Outcome(Result.DELIVERED)


def _be_patient_after_the_text(connection: Any) -> None:
    """On a connection that is open already; Django's backends for tests have none."""
    smtp = getattr(connection, "connection", None)
    if not isinstance(smtp, smtplib.SMTP):
        return
    hand_over = smtp.data

    def data(text: Any) -> tuple[int, bytes]:
        if smtp.sock is not None:
            smtp.sock.settimeout(TEXT_SECONDS)
        answer = hand_over(text)
        if smtp.sock is not None:
            smtp.sock.settimeout(TOTAL_SECONDS)  # for the good-bye, which changes nothing any more
        return answer

    vars(smtp)["data"] = data


def _by_smtp_code(code: int) -> Outcome:
    """What an answer about the recipient or the text means; 530 asks for a sign-in that we do not give."""
    if 500 <= code <= 599 and code != 530:
        return Outcome(Result.FAILED, f"the mail server refused it for good ({code})")
    return Outcome(Result.RETRY, f"the mail server refused it for now ({code})")


# ---- gateway ----------------------------------------------------------------------------------------------------------


def send_gateway(*, channel: str, to: str, subject: str, body: str, key: str, at: datetime) -> Outcome:
    """Post one message as signed JSON to the county's gateway (SMS, WeChat): 5 s to connect, 10 s in all.

    Only the host that is set is spoken to: no redirects, no proxies from the environment, https unless in demo or test.
    key is sent as Idempotency-Key, the same at every try. The signature is HMAC-SHA-256 over "timestamp.body" (docs/gateway.md).
    """
    try:
        target = _target(settings.HUIYIN_GATEWAY_URL)
    except ValueError as wrong:
        return Outcome(Result.RETRY, str(wrong))
    content = json.dumps({"channel": channel, "to": to, "subject": subject, "text": body}, ensure_ascii=False).encode()
    stamp = str(int(at.timestamp()))
    head = {
        "Content-Type": "application/json; charset=utf-8",
        "Idempotency-Key": hashlib.sha256(key.encode()).hexdigest()[:32],
        "X-Huiyin-Timestamp": stamp,
        "X-Huiyin-Signature": sign(stamp, content),
        "User-Agent": "Huiyin",
        "Connection": "close",
    }
    try:
        return _by_status(_post(target, content, head))
    except TimeoutError:
        return Outcome(Result.RETRY, "the gateway did not answer in time")
    except ssl.SSLError:
        return Outcome(Result.RETRY, "the gateway's certificate is not accepted")
    except (OSError, UnicodeError, http.client.HTTPException) as error:
        return Outcome(Result.RETRY, f"the gateway could not be reached ({type(error).__name__})")


def sign(stamp: str, content: bytes) -> str:
    """v1=<hex>: HMAC-SHA-256 over the seconds since 1970, a full stop and the body, under HUIYIN_GATEWAY_SECRET or the derived key."""
    secret = settings.HUIYIN_GATEWAY_SECRET.encode() or keys.derive("outbox")
    return "v1=" + hmac.new(secret, stamp.encode() + b"." + content, hashlib.sha256).hexdigest()


def _target(address: str) -> SplitResult:
    """The gateway's address. Raises ValueError, with a reason for staff, for one that must not be posted to."""
    if not address:
        raise ValueError("no gateway is set")
    parts = urlsplit(address)
    allowed = {"https", "http"} if settings.HUIYIN_MODE in {"demo", "test"} else {"https"}
    if parts.scheme not in allowed or not parts.hostname or parts.username or parts.password:
        raise ValueError("the gateway's address must be https://host/… without a user in it")
    return parts


def _post(target: SplitResult, content: bytes, head: dict[str, str]) -> int:
    """The status of the answer; its body is not read. Raises OSError (TimeoutError after 10 s) or HTTPException."""
    assert target.hostname is not None
    secure = target.scheme == "https"
    maker = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = maker(target.hostname, target.port, timeout=CONNECT_SECONDS)
    path = (target.path or "/") + (f"?{target.query}" if target.query else "")
    with _at_most(connection, TOTAL_SECONDS) as over:
        connection.connect()
        if over.is_set():
            raise TimeoutError
        connection.sock.settimeout(TOTAL_SECONDS)
        connection.request("POST", path, body=content, headers=head)
        return connection.getresponse().status


@contextmanager
def _at_most(connection: http.client.HTTPConnection, seconds: float) -> Iterator[threading.Event]:
    """Ends the exchange after so many seconds, also with a server that sends one byte at a time. The event tells that it did."""
    over = threading.Event()

    def end() -> None:
        over.set()
        with suppress(OSError):
            if connection.sock is not None:
                connection.sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield over
    except (OSError, http.client.HTTPException) as error:
        if over.is_set():
            raise TimeoutError from error
        raise
    finally:
        timer.cancel()
        connection.close()


def _by_status(status: int) -> Outcome:
    if 200 <= status <= 299:
        return Outcome(Result.DELIVERED)
    if 400 <= status <= 499 and status not in _TRY_AGAIN:
        return Outcome(Result.FAILED, f"the gateway refused it for good ({status})")
    if 300 <= status <= 399:
        return Outcome(Result.RETRY, f"the gateway answered with another address, which is not followed ({status})")
    return Outcome(Result.RETRY, f"the gateway did not take it for now ({status})")
