"""What follows from an act beyond its entry: who is in charge by the list, two-sided acts and messages owed to reporters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count

from huiyin.records.models import Attachment, Case, Compound, Delivery, Notice, Replay, Report, Settlement, Suggestion
from huiyin.rules import echo, ledger
from huiyin.rules.roles import Posting
from huiyin.rules.workflow.acts import Act, Context, Refusal
from huiyin.rules.workflow.judge import Refused, Verdict
from huiyin.rules.workflow.vocabulary import Role, Stage
from huiyin.selectors import cases as seen
from huiyin.selectors import lists, places
from huiyin.selectors.memory import forget_after_commit
from huiyin.services.cases import inquiry, publishing
from huiyin.services.cases.masking import expire, mask
from huiyin.services.cases.record import NotFound, append, copy, keep_words, new_case

Judge = Callable[[Act, ledger.State], Verdict]
WITHDRAWN_REPLY = "您撤回了反映，这件事不再办理。以后还有问题，随时再告诉我们。"


def files_by_entry(case: Case) -> dict[int, int]:
    rows = Attachment.objects.filter(case=case).exclude(state="masked").exclude(seq=None).values("seq").annotate(many=Count("pk"))
    return {row["seq"] or 0: row["many"] for row in rows}


def files_waiting(upload_key: str) -> int:
    return Attachment.objects.filter(key_hash=upload_key, case=None).count() if upload_key else 0


# ── what an entry's data says beyond what was typed ──────────────────────────────────────────


def more(action: str, state: ledger.State, asked: Act, context: Context, given: Mapping[str, Any]) -> dict[str, Any]:
    """Facts the service adds to an entry: the item's list and lead, who took the case, whose decline it is."""
    match action:
        case "assign" | "settle" | "reclassify":
            return _charge(action, state, asked, context)
        case "reassign":
            return {"cooperating": sorted(state.cooperating - {asked.data["lead"]})}
        case "accept" | "attend" | "dissuade":
            return {"person": asked.data.get("person") or _person(asked)}
        case _ if action in inquiry.ACTS:
            return inquiry.more(action, state, asked)
        case "decline":
            by_list = context.item is not None and context.item.lead_body == state.lead
            return {"listed": "yes" if by_list else "no"}
        case "supplement" if given.get("dispute") == "yes":
            return {"dispute": "yes"}
        case "echo":
            refusal = echo.refusal(asked.data["reply"])
            if refusal:
                raise Refused(Refusal(text=refusal))
    return {}


def _person(asked: Act) -> int:
    assert asked.posting is not None
    return asked.posting.person


def _charge(action: str, state: ledger.State, asked: Act, context: Context) -> dict[str, Any]:
    chosen = context.chosen
    assert chosen is not None
    item = lists.version(chosen.version).items[chosen.code]
    lead = asked.data.get("lead", chosen.lead_body)
    if lead is None:
        raise Refused(Refusal(text="清单上的牵头单位在这里找不到，请协调监督处理。"))
    partners = asked.data.get("cooperating")
    if partners is None:
        partners = lists.cooperating_bodies(item, context.place, lead)
    kept = {"item": chosen.code, "listing": chosen.listing.value, "version": chosen.version}
    if action == "settle" and state.lead is not None and state.lead != lead:
        kept["from"] = state.lead
    if action == "reclassify" and lead == state.lead:
        return kept
    return {**kept, "lead": lead, "cooperating": [body for body in partners if body != lead]}


# ── what else is written ─────────────────────────────────────────────────────────────────────


def after(case: Case, before: ledger.State, state: ledger.State, asked: Act, clean: Mapping[str, Any]) -> ledger.State:
    """Consequences of the entry just written; returns the state after those that write entries of their own."""
    match asked.action:
        case "assign" | "settle" | "reclassify":
            confirmed = {"chosen": state.item, "chosen_at": asked.at, "refused": ""}
            Suggestion.objects.filter(report__in=list(state.reports)).update(**confirmed)
            if asked.action == "settle":
                _settled(case, state, asked)
        case "refuse":
            refused = {"chosen": "", "chosen_at": asked.at, "refused": asked.data["reason"]}
            Suggestion.objects.filter(report__in=list(state.reports)).update(**refused)
        case "retract":
            Report.objects.filter(pk=asked.data.get("report", asked.report)).update(withdrawn=True)
            if state.stage is Stage.RESOLVED:
                state = _echo_by_system(case, state, asked.at, WITHDRAWN_REPLY)
        case "echo":
            _owe(case, before, state, asked)
            _release(case, clean.get("photos", ()))
        case "ask_dissuade" | "urge" | "request_help" | "assign":
            _release(case, clean.get("photos", ()))
        case "call":
            _called(state, asked)
        case "feedback":
            Report.objects.filter(pk=asked.data.get("report", asked.report)).update(satisfied=asked.data["satisfied"] == "yes")
        case "dispute":
            Report.objects.filter(pk=asked.data.get("report", asked.report)).update(satisfied=False)
        case "split":
            _split(case, before, state, asked, clean)
        case "publish":
            publishing.publish(case, state, asked, clean)
        case "unpublish":
            publishing.withdraw(case, asked, clean)
        case "correct":
            _correct(case, asked, clean, state)
        case "mask":
            by = f"p{asked.posting.id}" if asked.posting else "sys"
            mask(case, asked.data, asked.at, actor=by, role=asked.posting.role if asked.posting else Role.SYS)
        case "expire":
            expire(case, asked.data["kept"], asked.at)
        case "extend" | "pause" | "resume" | "reopen":
            _tell_reporters(case, state, asked)
    return state


def _settled(case: Case, state: ledger.State, asked: Act) -> None:
    """What was settled is kept for later cases and the next version of the list; the last word in a case counts."""
    assert state.listing is not None and state.version is not None and state.lead is not None
    item = lists.version(state.version).items[state.item]
    here = places.place(case.compound_id, case.community_id, asked.day)
    Settlement.objects.update_or_create(
        case=case,
        defaults={
            "seq": state.seq,
            "listing": state.listing,
            "item": state.item,
            "lead_id": state.lead,
            "by_list_id": places.lead_body(item.lead, here),
            "ground": asked.data["ground"],
            "document": asked.data.get("document", ""),
            "at": asked.at,
        },
    )
    forget_after_commit()


def _echo_by_system(case: Case, state: ledger.State, at: datetime, reply: str) -> ledger.State:
    data = {"words": keep_words(case, state.seq + 1, {"reply": reply})}
    return append(case, state, action="echo", actor="sys", role=Role.SYS, at=at, data=data, to=Stage.ECHOED)


def _channel(given: ledger.Given) -> tuple[str, str]:
    """(channel, first state of the delivery) for a report's contact codes."""
    if "email" in given.contact and settings.MAIL_ON:
        return "email", "due"
    if "phone" in given.contact:
        return ("sms", "due") if settings.GATEWAY_ON else ("phone", "call")
    return ("email", "due") if "email" in given.contact else ("", "")


def _owe(case: Case, before: ledger.State, state: ledger.State, asked: Act) -> None:
    """Every reporter is owed the echo by their own channel; older echoes not yet sent are void. Staff reporters read it in 今日."""
    Delivery.objects.filter(case=case, state__in=["due", "call"]).update(state="void")
    rows = []
    for given in state.active:
        channel, first = _channel(given)
        if channel:
            rows.append(
                Delivery(
                    report_id=given.id, case=case, seq=state.seq, kind="echo", channel=channel, state=first, next_at=asked.at
                )
            )
    Delivery.objects.bulk_create(rows)
    Report.objects.filter(pk__in=[given.id for given in state.active]).update(satisfied=None, available=None)
    Report.objects.filter(pk__in=[given.id for given in state.active if not given.contact]).update(available=asked.at)
    staff = (
        Report.objects.filter(pk__in=[given.id for given in state.active])
        .exclude(by_posting=None)
        .exclude(channel__in=["phone", "station"])
    )
    for person in staff.values_list("by_posting__person_id", flat=True).distinct():
        Notice.objects.create(case=case, seq=state.seq, kind="echo", person_id=person, at=asked.at)


def _tell_reporters(case: Case, state: ledger.State, asked: Act) -> None:
    rows = [(given, *_channel(given)) for given in state.active]
    Delivery.objects.bulk_create(
        Delivery(report_id=given.id, case=case, seq=state.seq, kind="told", channel=channel, state="due", next_at=asked.at)
        for given, channel, first in rows
        if first == "due"
    )


def _release(case: Case, photos: Any) -> None:
    if photos:
        Attachment.objects.filter(case=case, pk__in=list(photos)).update(released=True)


def _called(state: ledger.State, asked: Act) -> None:
    report = state.reports.get(asked.data["report"])
    if report is not None and report.available is not None:
        Delivery.objects.filter(report_id=report.id, state="call").update(state="sent", done_at=asked.at)
        Report.objects.filter(pk=report.id).update(available=report.available)


def _correct(case: Case, asked: Act, clean: Mapping[str, Any], state: ledger.State) -> None:
    if asked.data["fact"] == "compound":
        compound = Compound.objects.get(pk=asked.data["compound"])
        case.compound, case.community_id = compound, compound.community_id
        Notice.objects.filter(case=case, kind="unplaced", seen_at=None).update(seen_at=asked.at)


# ── two-sided acts ───────────────────────────────────────────────────────────────────────────


def _rows(state: ledger.State, ids: set[int]) -> list[dict[str, Any]]:
    return [
        {"id": given.id, "at": ledger.stamp(given.at), "contact": list(given.contact)}
        for given in state.active
        if not ids or given.id in ids
    ]


def _split(case: Case, before: ledger.State, state: ledger.State, asked: Act, clean: Mapping[str, Any]) -> None:
    """The second matter: a new case at REPORTED whose first entry is `split`; moved reports keep the number they were given."""
    moved = set(clean.get("reports", ()))
    rows = _rows(before, moved) if moved else []
    reported = min((row["at"] for row in rows), default=ledger.stamp(before.opened))
    other = new_case(asked.at, compound_id=case.compound_id, community_id=case.community_id, building=case.building, earlier=case)
    data: dict[str, Any] = {"from": case.number, "reports": rows, "reported": reported}
    if case.compound_id:
        data["compound"] = case.compound_id
    if clean.get("words"):
        data["words"] = keep_words(other, 1, {"words": clean["words"]})
    assert asked.posting is not None
    first = append(other, None, action="split", actor=f"p{asked.posting.id}", role=asked.posting.role, at=asked.at, data=data)
    Report.objects.filter(pk__in=list(moved), case=case).update(case=other)
    copy(other, first, before=first)


def merge(case: Case, asked: Act, clean: Mapping[str, Any], judged: Judge, mark: str, body: str) -> ledger.State:
    """Every report moves to the survivor; one entry in each case, written in order of case id; the old number keeps leading there."""
    numbers = {case.number, str(clean["survivor"])}
    locked = {row.number: row for row in Case.objects.select_for_update().filter(number__in=sorted(numbers)).order_by("pk")}
    survivor = locked.get(str(clean["survivor"]))
    if survivor is None:
        raise NotFound
    goes, stays = locked[case.number], survivor
    state, other = ledger.fold(seen.entries_of(goes.pk)), ledger.fold(seen.entries_of(stays.pk))
    verdict = judged(replace(asked, data={"survivor": stays.number}), other)
    by = asked.posting
    assert by is not None
    results: dict[int, ledger.State] = {}
    for row in sorted((goes, stays), key=lambda one: one.pk):
        results[row.pk] = _merge_side(row, goes, stays, state, other, clean, asked, by, verdict)
    Report.objects.filter(case=goes).update(case=stays)
    Delivery.objects.filter(case=goes, state__in=["due", "call"]).update(case=stays)
    goes.survivor = stays
    copy(goes, results[goes.pk], before=state, also=["survivor"])
    copy(stays, results[stays.pk], before=other)
    if mark:
        Replay.objects.create(key_hash=mark, body_hash=body, case=goes, seq=results[goes.pk].seq, at=asked.at)
    return results[stays.pk]


def _merge_side(
    row: Case,
    goes: Case,
    stays: Case,
    state: ledger.State,
    other: ledger.State,
    clean: Mapping[str, Any],
    asked: Act,
    by: Posting,
    verdict: Verdict,
) -> ledger.State:
    actor = f"p{by.id}"
    if row is goes:
        words = keep_words(goes, state.seq + 1, {"why": clean["why"]})
        data = {"survivor": stays.number, "words": words}
        return append(goes, state, action="merge", actor=actor, role=by.role, at=asked.at, to=verdict.to, data=data)
    absorbed: dict[str, Any] = {"from": goes.number, "reports": _rows(state, set())}
    return append(stays, other, action="absorb", actor=actor, role=by.role, at=asked.at, data=absorbed)
