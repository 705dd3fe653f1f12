"""Writes an entry and the copy of the state that it makes: the two always go together."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from huiyin.adapters import database
from huiyin.records.models import Alarm, Attachment, Case, ListItem, Report, Sight, Words
from huiyin.records.models import Entry as EntryRow
from huiyin.rules import codes, deadlines, ledger, terms
from huiyin.rules.deadlines import SHANGHAI
from huiyin.rules.workflow.guards.ending import closing_time
from huiyin.rules.workflow.table import NUMBER
from huiyin.rules.workflow.vocabulary import Outcome, Stage, Tier
from huiyin.selectors import lists, places
from huiyin.selectors.cases import known_to_the_lead, police
from huiyin.services import evidence, receipts

SALT_BYTES = 32
TRIES_FOR_A_NUMBER = 40


class NotFound(Exception):
    """There is no such case for this person."""


class Conflict(Exception):
    """The same idempotency key came with another body."""


class Missing(Exception):
    """Fields that must be given are not; `fields` names them."""

    def __init__(self, fields: Iterable[str]) -> None:
        self.fields = tuple(fields)
        super().__init__(", ".join(self.fields))


def coming_case(at: datetime, **fields: Any) -> Case:
    """A case that has its id and its number but is not written yet: its first entry needs both, and then it is written once, whole.

    The number is drawn at random: no counter row that all intakes would queue for.
    """
    return Case(id=database.next_id(Case), **_numbered(at), **fields)


def write(case: Case, state: ledger.State) -> None:
    """The row of a coming case, with what its first entry says. IntegrityError when its number is taken."""
    _fold_in(case, state)
    case.save(force_insert=True)


def _numbered(at: datetime) -> dict[str, Any]:
    local = at.astimezone(SHANGHAI)
    number = codes.case_number(local.year, local.month, 1 + secrets.randbelow(99_999))
    return {"number": number, "stage": Stage.REPORTED, "since": at, "opened": at, "seq": 0, "last_at": at}


def new_case(at: datetime, **fields: Any) -> Case:
    """A case row under a fresh number, within a transaction that goes on when a number is taken."""
    for turn in range(TRIES_FOR_A_NUMBER):
        try:
            with transaction.atomic():
                return Case.objects.create(**_numbered(at), **fields)
        except IntegrityError:
            if turn == TRIES_FOR_A_NUMBER - 1:
                raise
    raise AssertionError("unreachable")


def locked(number: str, *, follow: bool, beside: str = "") -> Case:
    """The case under a row lock. `follow`: of a merged case the one that it goes on in. `beside`: the number of another that the act
    needs too; then both are locked, in the order of their ids, so that two acts never wait for each other. Raises NotFound.

    Of a case that was merged no lock is held while the survivor is waited for.
    """
    if beside:
        list(Case.objects.select_for_update().filter(number__in=[number, beside]).order_by("pk").values_list("pk"))
    rows = Case.objects.select_for_update()
    case = rows.filter(number=number, survivor=None).first() if follow else rows.filter(number=number).first()
    goes_on = None if case else Case.objects.filter(number=number).values_list("survivor_id", flat=True).first()
    while case is None and goes_on is not None:
        case = rows.filter(pk=goes_on, survivor=None).first()
        goes_on = Case.objects.values_list("survivor_id", flat=True).get(pk=goes_on) if case is None else None
    if case is None:
        raise NotFound
    return case


def append(
    case: Case,
    state: ledger.State | None,
    *,
    action: str,
    actor: str,
    role: str,
    at: datetime,
    data: Mapping[str, Any],
    to: Stage | None = None,
    tier: Tier = Tier.NONE,
    claimed_at: datetime | None = None,
) -> ledger.State:
    """Add one entry and return the state after it. `at` is never before the case's last entry: a clock that went back raises an alarm."""
    if state is not None and at < state.at:
        Alarm.objects.create(kind="clock", case=case, detail=f"clock is behind entry {state.seq} of {case.number}", at=at)
        at = state.at
    entry = ledger.sealed(
        ledger.Entry(
            case=case.pk,
            seq=state.seq + 1 if state else 1,
            action=action,
            actor=actor,
            role=role,
            at=at,
            claimed_at=claimed_at,
            to=to,
            tier=tier,
            data=dict(data),
            table=NUMBER,
            prev=state.head if state else ledger.GENESIS,
        )
    )
    EntryRow.objects.create(
        case=case,
        seq=entry.seq,
        action=entry.action,
        actor=entry.actor,
        role=entry.role,
        at=entry.at,
        claimed_at=entry.claimed_at,
        to=entry.to or "",
        tier=entry.tier,
        data=dict(entry.data),
        table=entry.table,
        prev=entry.prev,
        hash=entry.hash,
    )
    return ledger.step(state, entry) if state else ledger.opening(entry)


def keep_words(case: Case, seq: int, texts: Mapping[str, str], report: int | None = None) -> dict[str, str]:
    """Keep free text beside the ledger; returns the commitments that the entry holds, by field."""
    rows = []
    for key, text in texts.items():
        salt = secrets.token_bytes(SALT_BYTES)
        held = ledger.commitment(salt, text.encode())
        rows.append(Words(case=case, seq=seq, report_id=report, field=key, text=text, salt=salt, commitment=held))
    Words.objects.bulk_create(rows)
    return {row.field: row.commitment for row in rows}


def claim_files(
    case: Case, seq: int, key_hash: str, *, actor: str, role: str, report: int | None = None, limit: int = 20
) -> dict[str, list[str]]:
    """Attach what was uploaded under a key to an entry; returns what the entry holds of it: `files`, a commitment for each, and, where a
    phone said something of one, `taken`, a commitment to that or nothing for each. The way of each file begins here."""
    if not key_hash:
        return {}
    waiting = list(Attachment.objects.filter(key_hash=key_hash, case=None).order_by("pk")[:limit])
    if not waiting:
        return {}
    Attachment.objects.filter(pk__in=[row.pk for row in waiting]).update(case=case, seq=seq, report_id=report)
    evidence.received(waiting, actor=actor, role=role)
    held = {"files": [row.commitment for row in waiting]}
    taken = [row.claims_commitment for row in waiting]
    return {**held, "taken": taken} if any(taken) else held


def copy(
    case: Case, state: ledger.State, *, late: bool | None = None, before: ledger.State | None = None, also: Iterable[str] = ()
) -> None:
    """Bring the case row in line with the state. One UPDATE of what changed and of what the caller has set already
    (`also`, names of fields); more only where bodies beside the lead changed."""
    kept = dict(case.__dict__)
    _fold_in(case, state)
    if late is not None:
        case.late_facts = late
    changed = [field.name for field in case._meta.concrete_fields if kept.get(field.attname) != getattr(case, field.attname)]
    if changed or also:
        case.save(update_fields={*changed, *also})
    if before is None or (before.lead, before.cooperating, before.tasked) != (state.lead, state.cooperating, state.tasked):
        _copy_sights(case, state, before)


def _fold_in(case: Case, state: ledger.State) -> None:
    _copy_plain(case, state)
    _copy_item(case, state)
    copy_clocks(case, state)


def _copy_plain(case: Case, state: ledger.State) -> None:
    case.stage, case.since, case.opened = state.stage, state.since, state.opened
    case.seq, case.last_at, case.head = state.seq, state.at, state.head
    known = known_to_the_lead(state)
    case.tier = known.tier
    case.outcome = known.outcome or ""
    case.lead_id, case.handler_id = state.lead, state.handler
    case.reports_count = len(state.active)
    case.disputes, case.declines, case.settle_needed = state.disputes, state.declines, state.settle_needed
    case.filed, case.waiting_head = bool(known.inquiry.files), bool(known.unapproved)
    case.waiting_second, case.paused = bool(known.pending), state.paused is not None
    case.closes_at = closing_time(state)
    if state.place != case.compound_id and state.place is not None:
        case.compound_id = state.place
        case.community_id = places.compounds()[state.place].community


def _copy_item(case: Case, state: ledger.State) -> None:
    item = item_of(state)
    case.item, case.listing, case.version_id = state.item, state.listing or "", state.version
    case.suggested = state.suggested
    known = item or (lists.find(state.suggested, state.at.astimezone(SHANGHAI).date()) if state.suggested else None)
    case.item_name = known.name if known else ""
    case.urgency = known.urgency if known else ""
    case.safety_baseline = bool(item and item.safety_baseline)
    case.police = bool(known and known.police) or state.lead in police()


def item_of(state: ledger.State) -> ListItem | None:
    return lists.version(state.version).items.get(state.item) if state.version is not None else None


def copy_clocks(case: Case, state: ledger.State) -> None:
    """The five due times and the earliest that is still owed; also called when the calendar changes."""
    clocks = clocks_of(state)
    case.due_dispatch, case.due_signoff, case.due_onsite = clocks.dispatch, clocks.signoff, clocks.onsite
    case.due_resolution, case.due_echo = clocks.resolution, clocks.echo
    case.due_law = law_term(known_to_the_lead(state))  # the row says nothing of what the police do in another's case
    case.due_next = clocks.owed(
        assigned=state.stage not in {Stage.REPORTED},
        accepted=state.accepted is not None,
        attended=state.attended is not None,
        resolved=state.stage in {Stage.RESOLVED, Stage.ECHOED, Stage.CLOSED},
        echoed=state.stage in {Stage.ECHOED, Stage.CLOSED},
    ).next


def law_term(state: ledger.State) -> datetime | None:
    """When the nearest term runs out that a statute sets the office for a file, a measure or a decision and that was not kept."""
    held, item = state.inquiry, item_of(state)
    if item is None or state.version is None or not (held.files or held.measures or held.decisions):
        return None
    bases = lists.rule_bases(item, lists.version(state.version))
    running = [
        term.ends
        for term in terms.terms_of(state, bases, places.calendar())
        if term.binds and term.kept is None and term.code != "inaction"
    ]
    return min(running, default=None)


def clocks_of(state: ledger.State) -> deadlines.Clocks:
    item = item_of(state)
    hint = item or (lists.find(state.suggested, state.at.astimezone(SHANGHAI).date()) if state.suggested else None)
    began = state.disputed or state.first_assigned
    extended = sum(entry.data["days"] for entry in state.did("extend") if began is None or entry.at >= began)
    asked = state.questions[0] if state.questions else None
    service = item is not None and item.version.listing == "service"
    return deadlines.case_clocks(
        places.calendar(),
        reported_at=state.since if state.stage is Stage.REPORTED else state.opened,
        first_assigned_at=state.first_assigned,
        last_assigned_at=state.last_assigned,
        resolved_at=state.resolved,
        disputed_at=state.disputed,
        dispatch_working_hours=hint.dispatch_working_hours if hint else None,
        onsite_hours=item.onsite_hours if item and not service else None,
        close_workdays=item.close_workdays if item else None,
        extended_workdays=extended,
        pauses=[pause.stood for pause in state.pauses],
        asked=(asked.asked, asked.answered) if asked else None,
        shorter_due=datetime.fromisoformat(f"{state.shortened}T17:30:00+08:00") if state.shortened else None,
    )


def _copy_sights(case: Case, state: ledger.State, before: ledger.State | None) -> None:
    """Who beside the lead may see the case: cooperating and tasked bodies, and former leads (their own acts)."""
    wanted = dict.fromkeys(state.cooperating, "cooperating") | dict.fromkeys(state.tasked, "tasked")
    wanted |= dict.fromkeys(state.cooperating & state.tasked, "helping")
    wanted.pop(state.lead or 0, None)
    there = {row.body_id: row for row in Sight.objects.filter(case=case)}
    left = before.lead if before and before.lead not in {None, state.lead} else None
    former = ({left} if left else set()) | {body for body in there if body not in wanted and body != state.lead}
    wanted |= {body: "former" for body in former if body not in wanted}
    Sight.objects.bulk_create([Sight(case=case, body_id=body, kind=kind) for body, kind in wanted.items() if body not in there])
    for body, kind in wanted.items():
        if body in there and there[body].kind != kind:
            Sight.objects.filter(pk=there[body].pk).update(kind=kind)


def new_report(case: Case, code: str, **fields: Any) -> Report:
    return Report.objects.create(case=case, code_mac=receipts.code_mac(code), **fields)


def ended(state: ledger.State) -> bool:
    return state.stage in {Stage.RESOLVED, Stage.ECHOED, Stage.CLOSED}


def is_merged(state: ledger.State) -> bool:
    return state.outcome is Outcome.MERGED


def with_seq(state: ledger.State, seq: int) -> ledger.State:
    return replace(state, seq=seq)
