"""The piles of 今日: by role, what waits for one's own word, terms that run out, news, a firm's tasks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from huiyin.records.models import (
    Case,
    Entry,
    Notice,
    Posting,
    Sight,
)
from huiyin.rules import ledger, terms
from huiyin.rules.deadlines import SHANGHAI
from huiyin.rules.ledger import State
from huiyin.rules.terms import Term
from huiyin.rules.workflow import procedure
from huiyin.rules.workflow.vocabulary import OPEN, Role, Stage
from huiyin.selectors import cases as seen
from huiyin.selectors import lists, places
from huiyin.selectors.desk import PILE, Line, communities_of, light, lines, owned_by
from huiyin.selectors.people import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A term of the law that binds one's own office and runs out soon or has run out, with its case."""

    line: Line
    term: Term


@dataclass(frozen=True, slots=True, kw_only=True)
class Piles:
    """What today consists of, by pile; a pile of a role that one does not have is empty."""

    mine: Sequence[Line] = ()
    dispatch: Sequence[Line] = ()
    echoes: Sequence[Line] = ()
    left: Sequence[Line] = ()
    tasked: Sequence[Line] = ()
    sign: Sequence[Line] = ()
    approve: Sequence[Line] = ()
    review: Sequence[Line] = ()
    running: Sequence[Running] = ()


def of_today(actor: Actor, at: datetime) -> Piles:
    """The piles of somebody's roles. One query for each, one for the entries of what waits, one for all words."""
    works = actor.has(Role.OFF, Role.HEAD, Role.COM, Role.PRO)
    dispatches = actor.has(Role.COM, Role.CO)
    found: dict[str, list[Case]] = {
        "mine": _mine(actor) if works else [],
        "dispatch": _to_dispatch(actor, at) if dispatches else [],
        "echoes": _to_echo(actor, at) if dispatches else [],
        "left": _left_behind(actor, at) if actor.has(Role.HEAD) else [],
        "tasked": _asked_of(actor) if works else [],
    }
    waits = _waiting(actor, at) if actor.has(Role.OFF, Role.HEAD, Role.REV) else []
    ids = {line.case.pk: line for line in lines(_once(*found.values(), (one.case for one in waits)), actor)}
    told: dict[str, list[Line]] = {name: [ids[case.pk] for case in rows] for name, rows in found.items()}
    for name in ("sign", "approve", "review"):
        told[name] = [ids[one.case.pk] for one in waits if name in one.whats]
    running = [Running(line=ids[one.case.pk], term=term) for one in waits for term in one.terms]
    return Piles(**told, running=sorted(running, key=lambda one: one.term.ends)[:PILE])


def _once(*groups: Iterable[Case]) -> list[Case]:
    return list({case.pk: case for group in groups for case in group}.values())


def _mine(actor: Actor) -> list[Case]:
    """Open cases of one's own, the most urgent first."""
    return _pile(Case.objects.filter(owned_by(actor), stage__in=[*OPEN, Stage.RESOLVED]))


def _pile(rows: QuerySet[Case]) -> list[Case]:
    """The first of them; what stands and has no date now comes last, whatever the database thinks of empty values."""
    return list(light(rows.order_by(F("due_next").asc(nulls_last=True), "id"))[:PILE])


def _to_dispatch(actor: Actor, at: datetime) -> list[Case]:
    """What waits to be given to somebody, on the ground of a clerk or the coordinator."""
    return _pile(seen.visible_to(actor, at).filter(stage=Stage.REPORTED))


def _to_echo(actor: Actor, at: datetime) -> list[Case]:
    return _pile(seen.visible_to(actor, at).filter(stage=Stage.RESOLVED).exclude(handler_id=actor.person))


def _left_behind(actor: Actor, at: datetime) -> list[Case]:
    """Open cases of the departments one heads whose handler is posted there no more: somebody else has to be entrusted the same day."""
    day = at.astimezone(SHANGHAI).date()
    headed = [posting.body for posting in actor.postings if posting.role is Role.HEAD and posting.body]
    there = Posting.objects.filter(person=OuterRef("handler"), body=OuterRef("lead"), starts__lte=day, person__is_active=True)
    rows = Case.objects.filter(lead_id__in=headed, stage__in=[Stage.ASSIGNED, Stage.HANDLING], handler__isnull=False)
    return _pile(rows.filter(~Exists(there.exclude(ends__lt=day))))


def _asked_of(actor: Actor) -> list[Case]:
    """Open cases in which the own body was urged or asked to help, without leading them."""
    bodies = list(actor.bodies)
    rows = Case.objects.filter(sights__body__in=bodies, sights__kind__in=["tasked", "helping"], stage__in=OPEN)
    return _pile(rows.exclude(lead_id__in=bodies).distinct())


def tasks(actor: Actor) -> tuple[list[Line], list[Line]]:
    """What a firm handles, and what it was asked."""
    return lines(_mine(actor), actor), lines(_asked_of(actor), actor)


# ── what waits for somebody's word, and the terms of files ───────────────────────────────────

TERMS_AHEAD = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waits:
    """Why a case waits for the actor: sign, approve, review; and the own office's terms that run out."""

    case: Case
    whats: frozenset[str]
    terms: Sequence[Term]


def _waiting(actor: Actor, at: datetime) -> list[_Waits]:
    """What waits for the actor's own word, judged by the entries: the copied columns only say that a case is worth a look. Two queries."""
    found = []
    for case, state in _folded(_worth_a_look(actor, at)):
        whats = frozenset(_whats(actor, at, state))
        running = _own_terms(actor, at, state) if actor.has(Role.OFF, Role.HEAD) else []
        if whats or running:
            found.append(_Waits(case=case, whats=whats, terms=running))
    return found


def _worth_a_look(actor: Actor, at: datetime) -> list[Case]:
    desks = [posting.body for posting in actor.postings if posting.role in {Role.OFF, Role.HEAD} and posting.body]
    reviews = [posting.body for posting in actor.postings if posting.role is Role.REV and posting.body]
    helping = Sight.objects.exclude(kind="former").filter(case=OuterRef("pk"))
    looked = Q(waiting_second=True) | Q(waiting_head=True) | Q(due_law__lt=at + TERMS_AHEAD)
    able = Q(pk__in=[])
    if desks:
        able |= looked & (Q(lead_id__in=desks) | Q(Exists(helping.filter(body__in=desks))))
    if desks and seen.knows_all(desks):
        # In another department's case the row says nothing of the police's file: it is its lead's.
        by = [f"p{pk}" for pk in seen.police_postings()]
        filing = Entry.objects.filter(case=OuterRef("pk"), action="open_file", actor__in=by)
        alive = Q(stage__in=[Stage.HANDLING, Stage.RESOLVED, Stage.ECHOED])
        able |= alive & Q(Exists(helping.filter(body__in=desks))) & Q(Exists(filing))
    if reviews:
        able |= Q(filed=True, stage=Stage.HANDLING) & (Q(lead_id__in=reviews) | Q(Exists(helping.filter(body__in=reviews))))
    return list(light(Case.objects.filter(able).order_by(F("due_law").asc(nulls_first=True), "id"))[:PILE])


def _folded(rows: Sequence[Case]) -> Iterable[tuple[Case, State]]:
    kept: dict[int, list[ledger.Entry]] = {}
    if rows:
        for row in Entry.objects.filter(case__in=[case.pk for case in rows]).order_by("case_id", "seq"):
            kept.setdefault(row.case_id, []).append(seen.entry_of(row))
    return [(case, ledger.fold(kept[case.pk])) for case in rows]


def _whats(actor: Actor, at: datetime, state: State) -> Iterable[str]:
    if actor.person in state.pending.values():
        yield "sign"
    heads = {posting.body for posting in actor.postings if posting.role is Role.HEAD}
    if any(
        (entry := state.entry(seq)) and entry.data.get("body") in heads for seq in state.unapproved if seq not in state.pending
    ):
        yield "approve"
    reviews = {posting.body for posting in actor.postings if posting.role is Role.REV}
    day, calendar = at.astimezone(SHANGHAI).date(), places.calendar()
    for file in state.inquiry.open_files:
        if file.body in reviews and procedure.may_be_reviewed(procedure.path_of(state, file, day, calendar)):
            yield "review"


def _own_terms(actor: Actor, at: datetime, state: State) -> list[Term]:
    """Terms that bind the actor's own office and run out within a week or have run out."""
    if state.version is None:
        return []
    tree = lists.version(state.version)
    item = tree.items.get(state.item)
    bases = lists.rule_bases(item, tree) if item else {}
    soon = [
        term
        for term in terms.terms_of(state, bases, places.calendar())
        if term.binds and term.kept is None and term.ends < at + TERMS_AHEAD
    ]
    return [term for term in soon if (entry := state.entry(term.of)) is not None and entry.data.get("body") in actor.bodies]


def notices(actor: Actor, at: datetime) -> list[Notice]:
    """What came in on cases and nobody has acknowledged yet, newest first."""
    rows = Notice.objects.filter(_told(actor), seen_at=None).select_related("case", "case__compound", "case__lead", "version")
    return list(rows.order_by("-id")[:PILE])


def _told(actor: Actor) -> Q:
    told = Q(person_id=actor.person)
    for posting in actor.postings:
        match posting.role:
            case Role.HEAD:
                told |= Q(body_id=posting.body) & ~Q(role=Role.REV)
            case Role.OFF | Role.PRO:
                told |= Q(body_id=posting.body) & ~Q(role__in=[Role.HEAD, Role.REV])
            case Role.REV:
                told |= Q(body_id=posting.body, role=Role.REV)
            case Role.COM:
                told |= Q(community_id__in=communities_of(posting.community, posting.body)) | Q(body_id=posting.body or 0)
            case Role.CO:
                told |= Q(role=Role.CO)
    return told


def notice(pk: int, actor: Actor) -> Notice | None:
    return Notice.objects.filter(_told(actor), pk=pk).first()


def counts(at: datetime) -> dict[str, int]:
    """Open cases by stage and how many of them are overdue; figures for a county leader, nothing about persons."""
    rows = Case.objects.filter(stage__in=[*OPEN, Stage.RESOLVED]).values("stage")
    told = rows.annotate(many=Count("pk"), late=Count("pk", filter=Q(due_next__lt=at, paused=False)))
    found = {row["stage"]: row["many"] for row in told}
    return {**{stage: found.get(stage, 0) for stage in (*OPEN, Stage.RESOLVED)}, "late": sum(row["late"] for row in told)}
