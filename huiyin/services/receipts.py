"""Receipt codes: made from the submission's key, kept only as a MAC, opened with number and code, and slowed for whoever guesses."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

from django.db.models import F

from huiyin.adapters import keys
from huiyin.records.models import Report, Throttle
from huiyin.rules import codes
from huiyin.services.writing import writing

KEY_CHARACTERS = 22  # 128 bits in base64
FREE_TRIES, FREE_FROM_ONE_ADDRESS = 5, 30
WINDOW = timedelta(minutes=15)
LONGEST = 60  # seconds that anybody is ever asked to wait


class WrongCode(Exception):
    """No report has this number and code; the same answer whether the number exists or not."""


class Slow(Exception):
    """Too many wrong codes lately: wait `seconds` (1–60). Never a lock."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"wait {seconds} s")
        self.seconds = seconds


def key_hash(key: str, scope: str = "") -> str:
    return hashlib.sha256(f"{scope}\x00{key}".encode()).hexdigest()


def code_for(key: str) -> str:
    """The 12 characters for a submission's key: the same key gives the same code though neither is kept."""
    return codes.code_from(hmac.new(keys.derive("receipts"), b"code\x00" + key.encode(), hashlib.sha256).digest())


def code_mac(code: str) -> str:
    return hmac.new(keys.derive("receipts"), b"mac\x00" + code.encode(), hashlib.sha256).hexdigest()


def open_receipt(*, number_raw: str, code_raw: str, at: datetime, client_ip: str) -> int:
    """The id of the report with this number and code. Raises texts.Bad for what cannot be either, WrongCode, or Slow."""
    number, code = codes.number(number_raw), codes.normalise(code_raw)
    counters = _counters(number, client_ip)
    _wait_if_slowed(counters, at)
    report = Report.objects.filter(code_mac=code_mac(code)).values_list("pk", "number", "case__number").first()
    if report is None or number not in report[1:]:
        _count_wrong(counters, at)
        raise WrongCode
    return int(report[0])


def _counters(number: str, client_ip: str) -> dict[str, int]:
    """Counter keys (keyed hashes) with how many wrong tries each allows: number and address together, and the address alone,
    which neighbours share and so may be wrong more often."""
    secret = keys.derive("receipts")
    both = hmac.new(secret, f"throttle\x00{number}\x00{client_ip}".encode(), hashlib.sha256).hexdigest()
    address = hmac.new(secret, f"throttle\x00{client_ip}".encode(), hashlib.sha256).hexdigest()
    return {both: FREE_TRIES, address: FREE_FROM_ONE_ADDRESS}


def _wait_if_slowed(counters: dict[str, int], at: datetime) -> None:
    for row in Throttle.objects.filter(key__in=list(counters)):
        over = row.wrong - counters[row.key]
        if over < 0 or at - row.since > WINDOW:
            continue
        ready = row.since + timedelta(seconds=min(LONGEST, 2 ** min(over + 1, 6)))
        if at < ready:
            raise Slow(max(1, min(LONGEST, int((ready - at).total_seconds()) + 1)))


def _count_wrong(counters: dict[str, int], at: datetime) -> None:
    """`since` is the last wrong try, so that the wait begins anew; an old count is forgotten."""
    with writing():
        for key in counters:
            Throttle.objects.filter(key=key, since__lt=at - WINDOW).delete()
            if not Throttle.objects.filter(key=key).update(wrong=F("wrong") + 1, since=at):
                Throttle.objects.get_or_create(key=key, defaults={"since": at, "wrong": 1})
