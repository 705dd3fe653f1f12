"""What the desk shows: cases by tab and filter, search, today's piles, calls to make, tasks of a firm, looks at identities, settings.

Every list of cases begins at `cases.visible_to`; words are searched and shown only where the actor may read them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import check_password
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from huiyin.records.models import (
    Attachment,
    Body,
    Case,
    Community,
    Compound,
    Contract,
    Delivery,
    Entry,
    Notice,
    Person,
    Posting,
    PostingRequest,
    Report,
    Sight,
    Words,
    WorkDay,
)
from huiyin.rules import codes, ledger, sealing, terms, texts
from huiyin.rules.deadlines import SHANGHAI
from huiyin.rules.ledger import State
from huiyin.rules.roles import hats
from huiyin.rules.terms import Term
from huiyin.rules.workflow import procedure
from huiyin.rules.workflow.acts import Act
from huiyin.rules.workflow.judge import Option
from huiyin.rules.workflow.table import ACTIONS, Row, is_fact, may_be_at
from huiyin.rules.workflow.vocabulary import OPEN, Role, Stage
from huiyin.selectors import cases as seen
from huiyin.selectors import lists, places
from huiyin.selectors.cases import Dossier
from huiyin.selectors.people import Actor

PAGE = 50
LAST_PAGE = 200
JUST_NOW = timedelta(minutes=10)
PILE = 50
SEARCHED = 20_000  # the newest cases whose words are looked through
SHORTEST = 2

#: Tabs of 件 and the stages they hold; empty means all.
TABS: Mapping[str, tuple[Stage, ...]] = {
    "mine": (),
    "dispatch": (Stage.REPORTED,),
    "sign": (Stage.ASSIGNED,),
    "handling": (Stage.HANDLING,),
    "filed": (),
    "approve": (),
    "echo": (Stage.RESOLVED,),
    "echoed": (Stage.ECHOED, Stage.CLOSED),
    "all": (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the list is narrowed to; empty values narrow nothing. `month` is 2026-11."""

    tab: str = "all"
    q: str = ""
    stage: str = ""
    listing: str = ""
    item: str = ""
    tier: str = ""
    community: int | None = None
    compound: int | None = None
    lead: int | None = None
    overdue: bool = False
    month: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One case in a list: the row, the reporter's first words where the actor may read them, whether its tier is sealed, and who handles it
    (empty for a county leader, who sees no persons)."""

    case: Case
    words: str
    sealed: bool
    handler: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A page of cases; `more` when another page follows, `left_out` when words of older cases were not looked through."""

    lines: Sequence[Line]
    page: int
    more: bool
    left_out: bool = False

    @property
    def start_index(self) -> int:
        return (self.page - 1) * PAGE + 1 if self.lines else 0

    @property
    def end_index(self) -> int:
        return (self.page - 1) * PAGE + len(self.lines)

    @property
    def has_previous(self) -> bool:
        return self.page > 1

    @property
    def has_next(self) -> bool:
        return self.more and self.page < LAST_PAGE

    @property
    def previous_page_number(self) -> int:
        return self.page - 1

    @property
    def next_page_number(self) -> int:
        return self.page + 1


# ── lists of cases ───────────────────────────────────────────────────────────────────────────


def listed(actor: Actor, at: datetime, filters: Filters) -> Listed:
    """One page of the cases an actor may see. At most five queries; nothing is counted over the whole table."""
    rows = narrowed(seen.visible_to(actor, at), actor, at, filters)
    left_out = False
    if filters.q:
        rows, left_out = _searched(rows, actor, at, filters.q)
    begin = (filters.page - 1) * PAGE
    ways = seen.ways(actor) if _is_newest_first(actor, filters) else []
    if 1 < len(ways) <= MOST_WAYS:
        found = _newest(ways, actor, at, filters, begin + PAGE + 1)[begin:]
    else:
        found = list(light(rows.order_by(*_order(filters)))[begin : begin + PAGE + 1])
    return Listed(lines=lines(found[:PAGE], actor), page=filters.page, more=len(found) > PAGE, left_out=left_out)


#: Beyond so many ways, one query over all of them is fewer; beyond so many pages it is less to read.
MOST_WAYS, FIRST_PAGES = 3, 3


def _is_newest_first(actor: Actor, filters: Filters) -> bool:
    everything = actor.system or actor.report is not None or actor.has(Role.CO, Role.LEADER)
    return not everything and not filters.q and filters.page <= FIRST_PAGES and _order(filters) == ("-id",)


def _newest(ways: Sequence[Q], actor: Actor, at: datetime, filters: Filters, many: int) -> list[Case]:
    """The newest over several ways of seeing. One query over all of them would read and sort everything that the actor may see."""
    found: dict[int, Case] = {}
    for way in ways:
        rows = light(narrowed(Case.objects.filter(way), actor, at, filters)).order_by("-id")
        found |= {case.pk: case for case in rows[:many]}
    return sorted(found.values(), key=lambda case: -case.pk)[:many]


#: What a line of a list says of its case.
# fmt: off
_LINE = (
    "number", "building", "stage", "tier", "item", "item_name", "suggested", "version_id", "opened", "due_next", "due_onsite",
    "reports_count", "last_at", "paused", "police", "disputes", "settle_needed", "waiting_second", "waiting_head", "filed", "late_facts", "handler_id",
    "lead_id", "community_id", "compound_id", "compound__name", "lead__short_name", "lead__code", "handler__name",
)
# fmt: on


def light(rows: QuerySet[Case]) -> QuerySet[Case]:
    """Cases with no more than lists show, which is half the work of reading them."""
    return rows.select_related("compound", "lead", "handler").only(*_LINE)


def _order(filters: Filters) -> tuple[str, ...]:
    return ("due_next", "id") if filters.tab in {"dispatch", "sign", "handling", "echo", "mine"} else ("-id",)


def narrowed(rows: QuerySet[Case], actor: Actor, at: datetime, filters: Filters) -> QuerySet[Case]:
    """`rows` within the tab and the filters."""
    stages = TABS.get(filters.tab, ())
    if stages:
        rows = rows.filter(stage__in=stages)
    if filters.tab == "filed":
        rows = rows.filter(~seen.sealed_rows(actor), filed=True)
    if filters.tab == "approve":
        rows = rows.filter(~seen.sealed_rows(actor), waiting_head=True)
    if filters.tab == "mine":
        rows = rows.filter(_own(actor), stage__in=[*OPEN, Stage.RESOLVED])
    plain = {
        "stage": filters.stage,
        "listing": filters.listing,
        "item": filters.item,
        "tier": filters.tier,
        "community_id": filters.community,
        "compound_id": filters.compound,
        "lead_id": filters.lead,
    }
    rows = rows.filter(**{name: value for name, value in plain.items() if value})
    if filters.tier:
        rows = rows.filter(~seen.sealed_rows(actor))
    if filters.overdue:
        rows = rows.filter(due_next__lt=at, paused=False)
    if filters.month:
        first = date.fromisoformat(f"{filters.month}-01")
        after = (first + timedelta(days=32)).replace(day=1)
        rows = rows.filter(opened__gte=_midnight(first), opened__lt=_midnight(after))
    return rows


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)


def _searched(rows: QuerySet[Case], actor: Actor, at: datetime, raw: str) -> tuple[QuerySet[Case], bool]:
    """By number where it looks like one, else by place, item and words."""
    try:
        number = codes.number(raw)
        return rows.filter(Q(number=number) | Q(reports__number=number)).distinct(), False
    except texts.Bad:
        pass
    words = texts.visible(raw[:60]).strip()
    if len(words) < SHORTEST:
        return rows.none(), False
    compounds = [row.id for row in places.compounds().values() if words in row.name or any(words in name for name in row.aliases)]
    items = [
        code for code, item in lists.in_force(at.astimezone(SHANGHAI).date()).items.items() if words in item.name or words == code
    ]
    readable = seen.visible_to(actor, at).filter(readable_by(actor))
    floor = readable.order_by("-id").values_list("id", flat=True)[SEARCHED : SEARCHED + 1].first()
    said = Words.objects.filter(text__contains=words, case__in=readable).exclude(_sealed_words(actor))
    if floor is not None:
        said = said.filter(case_id__gt=floor)
    return rows.filter(Q(compound__in=compounds) | Q(item__in=items) | Q(pk__in=said.values("case"))), floor is not None


def _sealed_words(actor: Actor) -> Q:
    """Words in which the police tell what became of a case, theirs or another department's: to search for them would be to ask. One query."""
    if seen.knows_all(actor.bodies, actor.system):
        return Q(pk__in=[])
    by = [f"p{pk}" for pk in seen.police_postings()]
    acts = Entry.objects.filter(case=OuterRef("case"), seq=OuterRef("seq"), action__in=sealing.WORDS_SEALED, actor__in=by)
    return Q(Exists(acts))


def readable_by(actor: Actor) -> Q:
    """The cases whose words an actor may read, as `cases.sight` says `full`: one's own ground, one's own or helping body, the county."""
    if actor.has(Role.CO):
        return Q()
    able = Q(pk__in=[])
    for posting in actor.postings:
        match posting.role:
            case Role.OFF | Role.HEAD:
                helping = Sight.objects.filter(body=posting.body or 0, kind__in=["cooperating", "helping"]).values("case")
                able |= Q(lead_id=posting.body) | Q(pk__in=helping)
            case Role.REV:
                helping = Sight.objects.filter(body=posting.body or 0, kind__in=["cooperating", "helping"]).values("case")
                able |= Q(filed=True, lead_id=posting.body) | (seen.filed(posting.body) & Q(pk__in=helping))
            case Role.COM | Role.SUP:
                able |= Q(community_id__in=_ground(posting.community, posting.body))
    return able


def _ground(community: int | None, body: int | None) -> list[int]:
    if community is not None:
        return [community]
    return [row.pk for row in places.communities().values() if body in {row.office_id, row.township_id}]


def readable(rows: Iterable[Case], actor: Actor) -> set[int]:
    """Which of these cases' words the actor may read, as `readable_by` says it of the table; asks nothing."""
    whole = actor.has(Role.CO)
    ground = {
        community
        for posting in actor.postings
        if posting.role in {Role.COM, Role.SUP}
        for community in _ground(posting.community, posting.body)
    }
    desks = {posting.body for posting in actor.postings if posting.role in {Role.OFF, Role.HEAD}}
    reviews = {posting.body for posting in actor.postings if posting.role is Role.REV}
    return {
        row.pk
        for row in rows
        if whole or row.community_id in ground or row.lead_id in desks or (row.filed and row.lead_id in reviews)
    }


def lines(rows: Sequence[Case], actor: Actor) -> list[Line]:
    """Cases as list lines; one query for the words."""
    may_read = readable(rows, actor)
    first = {}
    if may_read:
        said = Words.objects.filter(case__in=may_read, seq=1, field="words").order_by("-pk")
        first = {row.case_id: row.text for row in said}
    named = may_read if actor.has(Role.LEADER) else {row.pk for row in rows}
    return [
        Line(
            case=row,
            words=first.get(row.pk, ""),
            sealed=seen.sealed_row(row, actor),
            handler=row.handler.name if row.handler and row.pk in named else "",
        )
        for row in rows
    ]


def earlier(case: Case, actor: Actor, at: datetime) -> list[Line]:
    """Up to five earlier cases at the same place: the same building where it is known, else the same item."""
    if case.compound_id is None:
        return []
    rows = seen.visible_to(actor, at).filter(compound_id=case.compound_id, id__lt=case.pk)
    rows = rows.filter(building=case.building) if case.building else rows.filter(item=case.item)
    return lines(list(light(rows.order_by("-id"))[:5]), actor)


# ── one case ─────────────────────────────────────────────────────────────────────────────────


def find(number: str, actor: Actor, at: datetime) -> Case | None:
    """The case of that number if the actor may see it."""
    return seen.with_places(seen.visible_to(actor, at), at).filter(number=number).first()


def with_file(pk: int, actor: Actor, at: datetime) -> Case | None:
    """The case that a file hangs on, if the actor may see it."""
    return seen.with_places(seen.visible_to(actor, at), at).filter(pk__in=Attachment.objects.filter(pk=pk).values("case")).first()


def row_for(dossier: Dossier, actor: Actor, action: str, at: datetime) -> Option | None:
    """The row of the table under which the actor would do `action` now; a fact also where its stage is past (补录). None for a stranger."""
    option = next((one for one in seen.options_for(dossier, actor, at) if one.row.action == action), None)
    if option is not None or action not in ACTIONS or not is_fact(action):
        return option
    row = _late_row(dossier, actor, action, at)
    return Option(row=row, role=Role.SYS) if row is not None else None


def wears(dossier: Dossier, actor: Actor, action: str) -> bool:
    """Whether the actor has a role on this case that may ever do `action`, whatever the stage."""
    where = seen.standing(dossier.state, dossier.context)
    able = {role for row in ACTIONS.get(action, ()) if not row.internal for role in row.by}
    return any(hats(posting, where) & able for posting in actor.postings)


def can_now(dossier: Dossier, actor: Actor, action: str, at: datetime) -> bool:
    """Whether a way to `action` leads somewhere: the actor has a role for it, at this stage or for a fact, and a signature is theirs to
    give. Asks no guard: its page says what else is missing."""
    if action == "countersign":
        return actor.person in dossier.state.pending.values()
    where = seen.standing(dossier.state, dossier.context)
    for posting in actor.postings:
        act = Act(action=action, posting=posting, hats=hats(posting, where), at=at)
        for row in ACTIONS.get(action, ()):
            if (
                row.by & act.hats
                and not row.internal
                and (is_fact(action) or may_be_at(row, dossier.state, act, dossier.context))
            ):
                return True
    return False


def late_facts(dossier: Dossier, actor: Actor, at: datetime) -> list[Row]:
    """Facts that the actor may still put on record though their stage is past; none before anybody was in charge."""
    if dossier.state.first_assigned is None:
        return []
    rows = (_late_row(dossier, actor, action, at) for action in ACTIONS if is_fact(action))
    return [row for row in rows if row is not None and dossier.state.stage not in row.at]


def _late_row(dossier: Dossier, actor: Actor, action: str, at: datetime) -> Row | None:
    where = seen.standing(dossier.state, dossier.context)
    for posting in actor.postings:
        worn = hats(posting, where)
        act = Act(action=action, posting=posting, hats=worn, at=at)
        rows = [row for row in ACTIONS[action] if row.by & worn and not row.internal]
        if rows:
            fitting = [row for row in rows if row.when is None or row.when(dossier.state, act, dossier.context)]
            return (fitting or rows)[-1]
    return None


def photo(pk: int, actor: Actor, at: datetime) -> tuple[Attachment, Case] | None:
    """A photo whose case the actor may see, with that case. Whether this photo may be seen is for the caller to ask of the dossier."""
    row = Attachment.objects.filter(pk=pk).exclude(case=None).select_related("case").first()
    if row is None or row.case is None:
        return None
    case = find(row.case.number, actor, at)
    return (row, case) if case is not None else None


def uploaded(mark: str) -> set[int]:
    """Ids of the photos that arrived under a draft's key, by the key's hash."""
    return set(Attachment.objects.filter(key_hash=mark).values_list("pk", flat=True))


# ── today ────────────────────────────────────────────────────────────────────────────────────


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


def piles(actor: Actor, at: datetime) -> Piles:
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


def _own(actor: Actor) -> Q:
    """What the actor handles, and what of the own desk nobody has taken yet: the same on 今日 and under 我的."""
    desks = [posting.body for posting in actor.postings if posting.role in {Role.OFF, Role.HEAD, Role.PRO} and posting.body]
    return Q(handler_id=actor.person) | Q(handler=None, lead_id__in=desks)


def _mine(actor: Actor) -> list[Case]:
    """Open cases of one's own, the most urgent first."""
    return _pile(Case.objects.filter(_own(actor), stage__in=[*OPEN, Stage.RESOLVED]))


def _pile(rows: QuerySet[Case]) -> list[Case]:
    return list(light(rows.order_by("due_next", "id"))[:PILE])


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
                told |= Q(community_id__in=_ground(posting.community, posting.body)) | Q(body_id=posting.body or 0)
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


# ── calls, identities, messages ──────────────────────────────────────────────────────────────


def calls(actor: Actor, at: datetime) -> list[Delivery]:
    """Echoes that wait for a call: a clerk's own ground, the coordinator's where a case has none. Never a number."""
    return list(_calls(actor).select_related("case", "case__compound", "report").order_by("next_at", "id")[:PILE])


def calls_count(actor: Actor) -> int:
    return _calls(actor)[: PILE + 1].count()


def _calls(actor: Actor) -> QuerySet[Delivery]:
    able = Q(pk__in=[])
    for posting in actor.postings:
        if posting.role is Role.COM:
            able |= Q(case__community_id__in=_ground(posting.community, posting.body))
        if posting.role is Role.CO:
            able |= Q(case__community=None)
    return Delivery.objects.filter(able, kind="echo", state="call")


def reports_of(number: str) -> list[Report]:
    """The reports of a case, for a custodian who sees nothing else of it; a merged case leads to its survivor."""
    case = Case.objects.filter(number=number).first()
    while case is not None and case.survivor_id is not None:
        case = case.survivor
    return list(Report.objects.filter(case=case).order_by("pk")) if case is not None else []


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look at a reporter's identity."""

    number: str
    at: datetime
    who: str
    asked_by: str
    for_call: bool


def looks() -> list[Look]:
    """The newest looks at identities, a custodian's and those for a call."""
    rows = list(Entry.objects.filter(action="disclose").select_related("case").order_by("-id")[:PILE])
    ids = [int(row.actor[1:]) for row in rows if row.actor[:1] == "p"]
    names = {row.pk: row.person.name for row in Posting.objects.filter(pk__in=ids).select_related("person")}
    said = {
        (row.case_id, row.seq): row.text for row in Words.objects.filter(case__in={row.case_id for row in rows}, field="asked_by")
    }
    return [
        Look(
            number=row.case.number,
            at=row.at,
            who=names.get(int(row.actor[1:]) if row.actor[:1] == "p" else 0, ""),
            asked_by=said.get((row.case_id, row.seq), ""),
            for_call=row.data.get("for") == "call",
        )
        for row in rows
    ]


def unplaced(at: datetime) -> list[Case]:
    """Open cases without a compound, oldest first."""
    return list(Case.objects.filter(compound=None, stage__in=OPEN).order_by("id")[:PILE])


def place_words(rows: Sequence[Case]) -> dict[int, tuple[str, str]]:
    """(what was said about the place, the first words) of cases, by id."""
    found: dict[int, dict[str, str]] = {}
    for row in Words.objects.filter(case__in=[case.pk for case in rows], seq=1, field__in=["words", "place"]):
        found.setdefault(row.case_id, {})[row.field] = row.text
    return {pk: (said.get("place", ""), said.get("words", "")) for pk, said in found.items()}


def outbox() -> list[tuple[Delivery, str]]:
    """The newest messages with the reply they would carry. Only the demo has a page for it; no address is read."""
    rows = list(Delivery.objects.select_related("case", "report").order_by("-id")[:100])
    said = {
        (row.case_id, row.seq): row.text for row in Words.objects.filter(case__in={row.case_id for row in rows}, field="reply")
    }
    return [(row, said.get((row.case_id, row.seq), "")) for row in rows]


# ── settings ─────────────────────────────────────────────────────────────────────────────────


def communities() -> list[Community]:
    rows = Community.objects.select_related("township", "office", "supervisor", "contact")
    return list(rows.annotate(many=Count("compounds")).order_by("name"))


def community(pk: int) -> Community | None:
    return Community.objects.filter(pk=pk).first()


def posted_at(community: int, role: Role, day: date) -> list[tuple[int, str]]:
    """(person, name) of who holds a role in a community that day: whom it may name as its supervisor or contact."""
    rows = Posting.objects.filter(community_id=community, role=role, starts__lte=day, person__is_active=True).exclude(
        ends__lt=day
    )
    return list(dict.fromkeys(rows.order_by("person__name").values_list("person_id", "person__name")))


def posted_to(role: Role, day: date) -> list[tuple[int, str]]:
    """(person, name) of everybody who holds a role that day."""
    rows = Posting.objects.filter(role=role, starts__lte=day, person__is_active=True).exclude(ends__lt=day)
    return list(dict.fromkeys(rows.order_by("person__name").values_list("person_id", "person__name")))


def compounds_of(community: int) -> list[Compound]:
    return list(Compound.objects.filter(community_id=community).defer("outline").order_by("name"))


def compound(pk: int) -> Compound | None:
    return Compound.objects.filter(pk=pk).select_related("community").first()


def contracts_of(compound: int) -> list[Contract]:
    return list(Contract.objects.filter(compound_id=compound).select_related("firm").order_by("-starts", "-pk"))


def bodies() -> list[Body]:
    return list(Body.objects.order_by("kind", "code"))


def body(pk: int) -> Body | None:
    return Body.objects.filter(pk=pk).first()


def people(q: str = "", page: int = 1) -> tuple[list[Person], bool]:
    """Up to a page of people with their postings, narrowed to a name, user name or body; and whether more follow."""
    rows = Person.objects.prefetch_related("postings__body", "postings__community").order_by("name", "pk")
    if q:
        near = (
            Q(name__contains=q)
            | Q(username__contains=q)
            | Q(postings__body__name__contains=q)
            | Q(postings__community__name__contains=q)
        )
        rows = rows.filter(near).distinct()
    begin = (page - 1) * PAGE
    found = list(rows[begin : begin + PAGE + 1])
    return found[:PAGE], len(found) > PAGE


def person(pk: int) -> Person | None:
    return Person.objects.filter(pk=pk).first()


def just_made(data: Mapping[str, object], at: datetime) -> int | None:
    """Somebody who was added with the same name and user name in the last minutes and has never signed in: what a second click sends."""
    same = {"username": data["username"], "name": data["name"], "must_change_password": True, "last_login": None}
    return Person.objects.filter(**same, created__gte=at - JUST_NOW).values_list("pk", flat=True).first()


def who_still_has(words: Mapping[int, str]) -> list[Person]:
    """Those of the people, by id, whose temporary password is still the one that is given with them."""
    rows = Person.objects.filter(pk__in=words, must_change_password=True) if words else ()
    return [row for row in rows if check_password(words[row.pk], row.password)]


def postings_of(person: int) -> list[Posting]:
    return list(Posting.objects.filter(person_id=person).select_related("body", "community").order_by("-starts", "-pk"))


def posting(pk: int) -> Posting | None:
    return Posting.objects.filter(pk=pk).select_related("person").first()


def requests() -> list[PostingRequest]:
    """Postings and resets that need or had a second person, the undecided first, then the newest."""
    rows = PostingRequest.objects.select_related("person", "asked_by", "decided_by", "body", "community")
    return sorted(rows.order_by("-pk")[:PILE], key=lambda row: row.decided_at is not None)


def request(pk: int) -> PostingRequest | None:
    return PostingRequest.objects.filter(pk=pk).first()


def workdays(year: int) -> list[WorkDay]:
    return list(WorkDay.objects.filter(date__year=year).order_by("date"))


def years() -> list[int]:
    return sorted({day.year for day in WorkDay.objects.values_list("date", flat=True)})


# ── what a message sounds like ───────────────────────────────────────────────────────────────


def suggest(text: str, day: date) -> list[str]:
    """Codes of the items a message sounds like, the likeliest first; none when it sounds like none."""
    found = lists.suggest(text, day)
    return [one.code for one in found.suggestions] if found.in_scope else []
