"""A report comes in: once, with its receipt, its reporter apart, and a case that somebody must answer for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError

from huiyin.adapters import keys, vault
from huiyin.records.models import Case, Notice, Report, Reporter, Suggestion
from huiyin.rules import ledger, texts
from huiyin.rules.deadlines import SHANGHAI
from huiyin.rules.roles import Posting, hats
from huiyin.rules.workflow.acts import Refusal
from huiyin.rules.workflow.judge import Unknown
from huiyin.rules.workflow.table import STAFF
from huiyin.rules.workflow.vocabulary import OPEN, Role
from huiyin.selectors import cases as seen
from huiyin.selectors import places
from huiyin.selectors.people import Actor, actor_of
from huiyin.services import receipts
from huiyin.services.cases.record import (
    TRIES_FOR_A_NUMBER,
    Conflict,
    append,
    claim_files,
    coming_case,
    copy,
    keep_words,
    locked,
    new_report,
    write,
)
from huiyin.services.writing import writing

MAX_PHOTOS = 6
WORDS_LIMIT = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the reporter keeps. `code` is shown once and never stored; `repeated` when the same submission came before."""

    number: str
    code: str
    report: int
    case: int
    repeated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One person's statement, cleaned."""

    words: str
    item: str
    compound: int | None
    place_words: str
    building: str
    unit: str
    occurred_at: datetime | None
    name: str
    phone: str
    email: str
    channel: str
    language: str
    lon: float | None
    lat: float | None

    @property
    def contact(self) -> list[str]:
        return [code for code, there in (("email", self.email), ("phone", self.phone)) if there]


def open_case(
    *,
    actor: Actor | None,
    at: datetime,
    key: str,
    channel: str,
    words: str,
    item: str = "",
    compound: int | None = None,
    place_words: str = "",
    building: str = "",
    unit: str = "",
    occurred_at: datetime | None = None,
    name: str = "",
    phone: str = "",
    email: str = "",
    language: str = "zh-hans",
    lon: float | None = None,
    lat: float | None = None,
    suggested: Mapping[str, Any] | None = None,
    photos: bool = True,
) -> Receipt:
    """Open a case from a report; `actor` None is a resident without an account.

    The same `key` (≥ 22 characters) is done once and answers the same receipt; with another body Conflict. Photos uploaded under the key
    come along. `suggested`: {index, first, second, third, score, in_scope} as the page showed it. `photos` False says that none were
    uploaded and saves looking. Raises texts.Bad for words, phone,
    e-mail or time that cannot be.
    """
    stated = _clean(
        at=at,
        words=words,
        item=item,
        compound=compound,
        place_words=place_words,
        building=building,
        unit=unit,
        occurred_at=occurred_at,
        name=name,
        phone=phone,
        email=email,
        channel=channel,
        language=language,
        lon=lon,
        lat=lat,
    )
    return _once(key, stated, None, at, lambda body: _open(actor, at, key, body, stated, suggested, photos))


def join(
    *,
    actor: Actor | None,
    at: datetime,
    key: str,
    number: str,
    words: str = "",
    building: str = "",
    unit: str = "",
    name: str = "",
    phone: str = "",
    email: str = "",
    channel: str = "web",
    language: str = "zh-hans",
) -> Receipt:
    """也遇到了: another person's report on an open case, with a receipt of its own. A merged case leads to its survivor; a case that ended
    meanwhile makes a new one linked to it. Raises NotFound, texts.Bad, Conflict."""
    stated = _clean(
        at=at,
        words=words,
        item="",
        compound=None,
        place_words="",
        building=building,
        unit=unit,
        occurred_at=None,
        name=name,
        phone=phone,
        email=email,
        channel=channel,
        language=language,
        lon=None,
        lat=None,
        optional=True,
    )
    return _once(key, stated, number, at, lambda body: _join(actor, at, key, body, number, stated))


def receipt_of(*, key: str) -> Receipt | None:
    """The receipt of a submission that was done under this key; None when there is none."""
    return _repeated(receipts.key_hash(key), "", key)


def _clean(*, at: datetime, words: str, optional: bool = False, **raw: Any) -> Statement:
    text = texts.clean_words(words, WORDS_LIMIT).text if words.strip() or not (optional or raw["item"]) else ""
    moment = raw["occurred_at"]
    return Statement(
        words=text,
        item=raw["item"][:12],
        compound=raw["compound"],
        place_words=texts.single_line(raw["place_words"], 120) if raw["place_words"].strip() else "",
        building=texts.single_line(raw["building"], 40) if raw["building"].strip() else "",
        unit=texts.single_line(raw["unit"], 40) if raw["unit"].strip() else "",
        occurred_at=texts.occurred_at(moment, at) if moment else None,
        name=texts.single_line(raw["name"], 40) if raw["name"].strip() else "",
        phone=texts.phone(raw["phone"]) if raw["phone"].strip() else "",
        email=texts.email(raw["email"]) if raw["email"].strip() else "",
        channel=raw["channel"],
        language=raw["language"],
        lon=raw["lon"],
        lat=raw["lat"],
    )


def _once(key: str, stated: Statement, number: str | None, at: datetime, do: Callable[[str], Receipt]) -> Receipt:
    """Do a submission once. A repetition, and the later of two at once, meets the unique key, rolls back and gives the answer of the first.

    Nothing is looked up before: nearly every submission is new. A case number that was taken meets its own unique key and is drawn again.
    """
    if len(key) < receipts.KEY_CHARACTERS:
        raise Conflict
    body = _body_hash(stated, number)
    for turn in range(TRIES_FOR_A_NUMBER):
        try:
            with writing():
                return do(body)
        except IntegrityError:
            done = _repeated(receipts.key_hash(key), body, key)
            if done is not None:
                return done
            if turn == TRIES_FOR_A_NUMBER - 1:
                raise
    raise AssertionError("unreachable")


def _body_hash(stated: Statement, number: str | None) -> str:
    """Under a secret key: a hash of a phone number without one could be tried out."""
    parts = [number or "", *(str(getattr(stated, name) or "") for name in stated.__slots__)]
    return vault.keyed_hash(keys.derive("contact-index"), "\x00".join(parts))


def _repeated(mark: str, body: str, key: str) -> Receipt | None:
    """What was done under this key. The report itself remembers its key; what was masked no longer knows its body."""
    report = Report.objects.filter(key_hash=mark).first()
    if report is None:
        return None
    if body and report.body_hash and report.body_hash != body:
        raise Conflict
    return Receipt(number=report.number, code=receipts.code_for(key), report=report.pk, case=report.case_id, repeated=True)


def _open(
    actor: Actor | None,
    at: datetime,
    key: str,
    body: str,
    stated: Statement,
    suggested: Mapping[str, Any] | None,
    photos: bool = True,
) -> Receipt:
    posting = _posting_of(actor, at)
    known = places.compounds().get(stated.compound) if stated.compound else None
    case = coming_case(
        at,
        compound_id=known.id if known else None,
        community_id=known.community if known else None,
        building=stated.building,
        lon=stated.lon,
        lat=stated.lat,
    )
    code = receipts.code_for(key)
    report = _report(case, code, stated, at, key, body, posting)
    by, role = _author(report, posting)
    data = _data(case, report, stated, 1, key if photos else "", by, role)
    state = append(case, None, action="report", actor=by, role=role, at=at, data=data)
    write(case, state)
    if suggested:
        Suggestion.objects.create(report=report, chosen=stated.item, **suggested)
    if known is None:
        Notice.objects.create(case=case, seq=1, kind="unplaced", role=Role.CO, at=at)
    return Receipt(number=case.number, code=code, report=report.pk, case=case.pk)


def _join(actor: Actor | None, at: datetime, key: str, body: str, number: str, stated: Statement) -> Receipt:
    case = locked(number, follow=True)
    state = ledger.fold(seen.entries_of(case.pk))
    if state.stage not in OPEN:
        return _again(actor, at, key, body, case, stated)
    posting = _posting_of(actor, at)
    if posting is not None:
        context, _ = seen.gather(case, state, None, None, at.astimezone(SHANGHAI).date(), {})
        if not hats(posting, seen.standing(state, context)) & {Role.COM, Role.CO}:
            raise Unknown(Refusal(text="您在这一件上不能做这一步。"))
    code = receipts.code_for(key)
    report = _report(case, code, stated, at, key, body, posting)
    by, role = _author(report, posting)
    data = _data(case, report, stated, state.seq + 1, key, by, role)
    after = append(case, state, action="join", actor=by, role=role, at=at, data=data)
    copy(case, after, before=after)
    return Receipt(number=case.number, code=code, report=report.pk, case=case.pk)


def _again(actor: Actor | None, at: datetime, key: str, body: str, earlier: Case, stated: Statement) -> Receipt:
    """The case ended a moment ago: the report opens a new one at the same place, linked to the old."""
    again = replace(stated, compound=earlier.compound_id, item=earlier.item or earlier.suggested)
    receipt = _open(actor, at, key, body, again, None)
    Case.objects.filter(pk=receipt.case).update(earlier=earlier)
    return receipt


def _posting_of(actor: Actor | None, at: datetime) -> Posting | None:
    """The posting under which staff report; None for a resident. Raises Unknown for staff who may not."""
    if actor is None or actor.person is None:
        return None
    today = actor_of(actor.person, at)
    posting = next((held for held in today.postings if held.role in STAFF), None)
    if posting is None:
        raise Unknown(Refusal(text="您今天没有可以登记反映的岗位。"))
    return posting


def _author(report: Report, posting: Posting | None) -> tuple[str, Role]:
    """(actor, role) as the entry keeps them."""
    return (f"r{report.pk}", Role.RES) if posting is None else (f"p{posting.id}", posting.role)


def _report(case: Case, code: str, stated: Statement, at: datetime, key: str, body: str, posting: Posting | None) -> Report:
    report = new_report(
        case,
        code,
        number=case.number,
        key_hash=receipts.key_hash(key),
        body_hash=body,
        channel=stated.channel,
        language=stated.language,
        at=at,
        occurred_at=stated.occurred_at,
        building=stated.building,
        unit=stated.unit,
        place_words=stated.place_words,
        by_posting_id=posting.id if posting else None,
        contact=",".join(stated.contact),
    )
    if stated.contact or stated.name:
        keep_reporter(report, name=stated.name, phone=stated.phone, email=stated.email)
    return report


def keep_reporter(report: Report, *, name: str, phone: str, email: str) -> None:
    """Who it is, field-encrypted and bound to this report."""
    secret = keys.derive("identity")
    Reporter.objects.create(
        report=report,
        name=vault.seal(secret, name, f"name:{report.pk}") if name else "",
        phone=vault.seal(secret, phone, f"phone:{report.pk}") if phone else "",
        email=vault.seal(secret, email, f"email:{report.pk}") if email else "",
        phone_mac=vault.keyed_hash(keys.derive("contact-index"), phone) if phone else "",
    )


def _data(case: Case, report: Report, stated: Statement, seq: int, key: str, by: str, role: str) -> dict[str, Any]:
    data: dict[str, Any] = {"report": report.pk, "channel": stated.channel, "contact": stated.contact}
    if case.compound_id and seq == 1:
        data["compound"] = case.compound_id
    if stated.item and seq == 1:
        data["item"] = stated.item
    if stated.occurred_at:
        data["occurred"] = ledger.stamp(stated.occurred_at)
    spoken = {field: text for field, text in (("words", stated.words), ("place", _spot(stated))) if text}
    if spoken:
        data["words"] = keep_words(case, seq, spoken, report.pk)
    mark = receipts.key_hash(key) if key else ""
    return data | claim_files(case, seq, mark, actor=by, role=role, report=report.pk, limit=MAX_PHOTOS)


def _spot(stated: Statement) -> str:
    return " ".join(part for part in (stated.place_words, stated.building, stated.unit) if part)
