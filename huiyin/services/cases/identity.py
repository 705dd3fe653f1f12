"""Three ways to a reporter's contact, each an entry whose count the reporter sees: a call, a custodian's look, and (the worker's) delivery."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import F

from huiyin.adapters import keys, vault
from huiyin.records.models import Report, Reporter
from huiyin.rules import ledger, texts
from huiyin.rules.workflow.acts import Act, Refusal
from huiyin.rules.workflow.judge import Refused, Unknown, judge
from huiyin.rules.workflow.vocabulary import Role
from huiyin.selectors.people import Actor
from huiyin.services import receipts
from huiyin.services.cases import acting
from huiyin.services.cases.acting import Work
from huiyin.services.cases.intake import Receipt
from huiyin.services.cases.record import NotFound, append, copy, keep_words, locked
from huiyin.services.writing import writing


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a custodian saw; empty strings where nothing was given or it was masked."""

    name: str
    phone: str
    email: str


def disclose(*, actor: Actor, at: datetime, number: str, report: int, asked_by: str, why: str) -> Identity:
    """A custodian looks at who reported; the look is an entry with who asked and why, counted for the reporter."""
    with writing():
        work, asked = _prepared(actor, at, number, "disclose", report)
        clean = {"asked_by": texts.single_line(asked_by, 60), "why": texts.clean_words(why, 500).text}
        asked = replace(asked, data={"report": report, **clean})
        registered = Report.objects.filter(pk=report).values_list("by_posting__person_id", flat=True).first()
        context = replace(work.context, registered_by={report: registered} if registered else {})
        verdict = judge(work.state, asked, context)
        words = keep_words(work.case, work.state.seq + 1, clean, report)
        _record(work, asked, at, {"report": report, "words": words}, verdict.role)
        return identity_of(report)


def reveal_for_call(*, actor: Actor, at: datetime, number: str, report: int) -> str:
    """The number, without a name, of one reporter for one call, to a clerk of the case's own station (the coordinator where it has
    none). Opening it is an entry (`disclose` for the call), counted for the reporter. Raises Unknown for anybody else, and Refused where
    no number was left."""
    with writing():
        work, asked = _prepared(actor, at, number, "call", report)
        able = {Role.COM} if work.context.place.community else {Role.CO}
        if not asked.hats & able:
            raise Unknown(Refusal(text="回访由本社区联络站来做。"))
        phone = identity_of(report).phone
        if not phone:
            raise Refused(Refusal(text="这位反映人没有留电话。"))
        assert asked.posting is not None
        _record(work, asked, at, {"report": report, "for": "call"}, asked.posting.role)
        return phone


def reissue(*, actor: Actor, at: datetime, number: str, report: int, phone: str) -> Receipt:
    """A new code at the station, only if the number the visitor says matches; the old code dies. Raises Refused otherwise."""
    given = vault.keyed_hash(keys.derive("contact-index"), texts.phone(phone))
    key = secrets.token_urlsafe(24)
    with writing():
        work, asked = _prepared(actor, at, number, "reissue", report)
        verdict = judge(work.state, asked, work.context)
        kept = Reporter.objects.filter(report_id=report).values_list("phone_mac", flat=True).first()
        if not kept or kept != given:
            raise Refused(Refusal(text="电话和登记的不一致，不能补发。没有留电话的反映不能补发。"))
        _record(work, asked, at, {"report": report}, verdict.role, action="reissue")
        code = receipts.code_for(key)
        Report.objects.filter(pk=report).update(code_mac=receipts.code_mac(code))
        return Receipt(number=work.case.number, code=code, report=report, case=work.case.pk)


def identity_of(report: int) -> Identity:
    """Opens the sealed fields. For this module and the worker's delivery only."""
    row = Reporter.objects.filter(report_id=report).first()
    secret = keys.derive("identity")

    def opened(field: str) -> str:
        sealed = getattr(row, field, "") if row else ""
        return vault.unseal(secret, sealed, f"{field}:{report}") if sealed else ""

    return Identity(name=opened("name"), phone=opened("phone"), email=opened("email"))


def _prepared(actor: Actor, at: datetime, number: str, action: str, report: int) -> tuple[Work, Act]:
    work = Work.begin(locked(number, follow=True), at)
    if report not in work.state.reports:
        raise NotFound
    return work, acting._asked(work, actor, at, action, None, None)


def _record(work: Work, asked: Act, at: datetime, data: dict[str, Any], role: Role, action: str = "disclose") -> ledger.State:
    assert asked.posting is not None
    after = append(work.case, work.state, action=action, actor=f"p{asked.posting.id}", role=role, at=at, data=data)
    copy(work.case, after, before=work.state)
    if action == "disclose":
        Report.objects.filter(pk=data["report"]).update(looks=F("looks") + 1)
    return after
