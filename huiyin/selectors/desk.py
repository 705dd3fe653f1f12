"""Cases as the desk lists and finds them: by tab, filter and search, and one by its number.

Every list of cases begins at `cases.visible_to`; words are searched and shown only where the actor may read them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.expressions import OrderBy

from huiyin.records.models import (
    Attachment,
    Case,
    Entry,
    Sight,
    Words,
)
from huiyin.rules import codes, sealing, texts
from huiyin.rules.deadlines import SHANGHAI
from huiyin.rules.roles import hats
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


def _order(filters: Filters) -> tuple[str | OrderBy, ...]:
    """What is due first comes first; what stands and has no date now comes last, whatever the database thinks of empty values."""
    if filters.tab in {"dispatch", "sign", "handling", "echo", "mine"}:
        return (F("due_next").asc(nulls_last=True), "id")
    return ("-id",)


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
        rows = rows.filter(owned_by(actor), stage__in=[*OPEN, Stage.RESOLVED])
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
                able |= Q(community_id__in=communities_of(posting.community, posting.body))
    return able


def communities_of(community: int | None, body: int | None) -> list[int]:
    """The ground of a posting: its one community, else all that its office or township covers."""
    if community is not None:
        return [community]
    return [row.pk for row in places.communities().values() if body in {row.office_id, row.township_id}]


def readable(rows: Iterable[Case], actor: Actor) -> set[int]:
    """Which of these cases' words the actor may read, as `readable_by` says it of the table; asks nothing."""
    whole = actor.has(Role.CO)
    grounds = {
        community
        for posting in actor.postings
        if posting.role in {Role.COM, Role.SUP}
        for community in communities_of(posting.community, posting.body)
    }
    desks = {posting.body for posting in actor.postings if posting.role in {Role.OFF, Role.HEAD}}
    reviews = {posting.body for posting in actor.postings if posting.role is Role.REV}
    return {
        row.pk
        for row in rows
        if whole or row.community_id in grounds or row.lead_id in desks or (row.filed and row.lead_id in reviews)
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


def owned_by(actor: Actor) -> Q:
    """What the actor handles, and what of the own desk nobody has taken yet: the same on 今日 and under 我的."""
    desks = [posting.body for posting in actor.postings if posting.role in {Role.OFF, Role.HEAD, Role.PRO} and posting.body]
    return Q(handler_id=actor.person) | Q(handler=None, lead_id__in=desks)


def unplaced(at: datetime) -> list[Case]:
    """Open cases without a compound, oldest first."""
    return list(Case.objects.filter(compound=None, stage__in=OPEN).order_by("id")[:PILE])


def place_words(rows: Sequence[Case]) -> dict[int, tuple[str, str]]:
    """(what was said about the place, the first words) of cases, by id."""
    found: dict[int, dict[str, str]] = {}
    for row in Words.objects.filter(case__in=[case.pk for case in rows], seq=1, field__in=["words", "place"]):
        found.setdefault(row.case_id, {})[row.field] = row.text
    return {pk: (said.get("place", ""), said.get("words", "")) for pk, said in found.items()}


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


# ── what a message sounds like ───────────────────────────────────────────────────────────────


def suggest(text: str, day: date) -> list[str]:
    """Codes of the items a message sounds like, the likeliest first; none when it sounds like none."""
    found = lists.suggest(text, day)
    return [one.code for one in found.suggestions] if found.in_scope else []
