"""Open cases that may tell of the same matter as a message or a case: candidates near by, ranked by what is said; a person merges.

Two queries: the cases of the compound and its neighbours, and the first words of their reports where the reader may see them.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import Case as Choose
from django.db.models import Q, QuerySet, Value, When
from django.db.models.functions import Left

from huiyin.records.models import Case, Words
from huiyin.rules import duplicates
from huiyin.rules.deadlines import SHANGHAI
from huiyin.rules.duplicates import LIKELY, LONGEST, LONGEST_DAYS, Background, County, Told, window
from huiyin.rules.workflow.vocabulary import OPEN, Stage
from huiyin.selectors import cases as seen
from huiyin.selectors import desk, lists, places
from huiyin.selectors.memory import remembered
from huiyin.selectors.people import Actor
from huiyin.selectors.places import LightCompound

METRES = 400.0
NEAREST = 3
MOST = 80  # cases that are compared
REPORTS = 240  # of them together, the newest
LATELY = timedelta(days=14)  # how long a clerk is still shown what was answered
SHOWN_TO_CLERK = 3
LISTED = 6  # beside a call
_METRES_PER_DEGREE = 111_320.0
_ENDED = (Stage.RESOLVED, Stage.ECHOED)
# fmt: off
_NEEDED = (
    "number", "building", "stage", "item", "item_name", "suggested", "version_id", "opened", "last_at", "lead_id", "community_id",
    "compound_id",
)
# fmt: on


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """A case that may be the same matter: its row, where it is, its first words (empty where the actor may not read them), the words it
    shares, and whether it can still be joined."""

    case: Case
    compound: str
    words: str
    shared: tuple[str, ...] = ()

    @property
    def open(self) -> bool:
        return self.case.stage in OPEN


@dataclass(frozen=True, slots=True)
class _Said:
    """One report's first words, when and where."""

    at: datetime
    building: str
    text: str


# ── for clerks ───────────────────────────────────────────────────────────────────────────────


def of_message(
    actor: Actor, at: datetime, *, compound: int, text: str, items: Iterable[str] = (), building: str = ""
) -> list[Alike]:
    """What a caller may mean: the likely ones first, then what is newest and open in the compound, six in all. Two queries."""
    message = Told(
        texts=(text,), compound=compound, items=tuple(items), opened=at, last=at, buildings=(building,) if building else ()
    )
    rows = _candidates(seen.visible_to(actor, at), compound, message.items, at)
    said = _said(desk.readable(rows, actor))
    ranked = _likely(message, rows, said, at)
    known = {one.case.pk for one in ranked}
    newest = sorted((row for row in rows if row.compound_id == compound and row.stage in OPEN), key=lambda row: -row.pk)
    return [*ranked, *(_alike(row, said) for row in newest if row.pk not in known)][:LISTED]


def of_case(case: Case, actor: Actor, at: datetime) -> list[Alike]:
    """Up to three likely duplicates of a case whose words the actor may read; none while its compound is unknown. Two queries."""
    if case.compound_id is None or not desk.readable([case], actor):
        return []
    item = case.item or case.suggested
    rows = _candidates(seen.visible_to(actor, at).exclude(pk=case.pk), case.compound_id, (item,) if item else (), at)
    said = _said({case.pk, *desk.readable(rows, actor)})
    return _likely(_told(case, said), rows, said, at)[:SHOWN_TO_CLERK]


def _likely(message: Told, rows: Sequence[Case], said: Mapping[int, list[_Said]], at: datetime) -> list[Alike]:
    by_pk = {row.pk: row for row in rows}
    found = duplicates.rank(message, (_told(row, said) for row in rows), _county(_day(at)))
    return [_alike(by_pk[one.key], said, one.words) for one in found if one.score >= LIKELY]


def _alike(row: Case, said: Mapping[int, list[_Said]], shared: tuple[str, ...] = ()) -> Alike:
    place = places.compounds().get(row.compound_id or 0)
    first = said.get(row.pk, [])
    return Alike(case=row, compound=place.name if place else "", words=first[0].text if first else "", shared=shared)


# ── for residents ────────────────────────────────────────────────────────────────────────────


def joinable_near(compound: int, text: str, items: Sequence[str], at: datetime) -> list[Case]:
    """Open cases of these items that a resident may join, the likeliest first: confirmed, not the police's. Two queries.

    All of the compound itself, and of its neighbours those that sound the same. Only words of the lists are compared, so that nobody
    learns from the order what a neighbour wrote.
    """
    open_to_all = Case.objects.filter(item__in=list(items), stage__in=[Stage.ASSIGNED, Stage.HANDLING], police=False)
    rows = _candidates(open_to_all, compound, tuple(items), at)
    said = _said(row.pk for row in rows)
    told = {row.pk: _told(row, said) for row in rows}
    message = Told(texts=(text,), compound=compound, items=tuple(items), opened=at, last=at)
    county = replace(_county(_day(at)), known_only=True)
    scores = {one.key: one.score for one in duplicates.rank(message, told.values(), county, top=MOST)}
    here = {pk for pk, one in told.items() if one.compound == compound and duplicates.circumstances(message, one, county)}
    shown = [row for row in rows if row.pk in here or scores.get(row.pk, 0.0) >= LIKELY]
    return sorted(shown, key=lambda row: -scores.get(row.pk, 0.0))


# ── candidates ───────────────────────────────────────────────────────────────────────────────


def _candidates(visible: QuerySet[Case], compound: int, items: tuple[str, ...], at: datetime) -> list[Case]:
    """Cases near by, open or lately answered, at most MOST: those of the items and of no item first, then the compound's own, then the newest.

    Communities and stages are named beside the compounds because the index of a community's open cases leads there fastest: of a hundred
    cases in a compound one is open.
    """
    known = places.compounds()
    if compound not in known:
        return []
    near = [compound, *neighbours().get(compound, ())]
    communities = {known[one].community for one in near}
    lately = Q(stage__in=OPEN) | Q(since__gte=at - LATELY)
    fitting = Choose(When(item__in=["", *items], then=Value(0)), default=Value(1))
    own = Choose(When(compound_id=compound, then=Value(0)), default=Value(1))
    rows = visible.filter(
        lately,
        community_id__in=communities,
        stage__in=[*sorted(OPEN), *_ENDED],
        compound_id__in=near,
        last_at__gte=at - timedelta(days=LONGEST_DAYS),
    )
    return list(rows.order_by(fitting, own, "-pk").only(*_NEEDED)[:MOST])


def _said(cases: Iterable[int]) -> dict[int, list[_Said]]:
    """The first words of each report of these cases, in the order in which they came; those of merged cases with their survivor."""
    rows = Words.objects.filter(report__case__in=list(cases), report__withdrawn=False, field="words").exclude(text="")
    columns = ("report_id", "report__case_id", "report__at", "report__building", Left("text", LONGEST))
    found: dict[int, tuple[int, _Said]] = {}
    for report, case, at, building, text in rows.order_by("-pk").values_list(*columns)[:REPORTS]:
        found[report] = case, _Said(at, building, text)
    said: dict[int, list[_Said]] = {}
    for _, (case, one) in sorted(found.items()):
        said.setdefault(case, []).append(one)
    return said


def _told(row: Case, said: Mapping[int, list[_Said]]) -> Told:
    """A case as the rules see it: settled item, else the one its reporter chose."""
    reports = said.get(row.pk, [])
    item = row.item or row.suggested
    return Told(
        key=row.pk,
        texts=tuple(one.text for one in reports),
        compound=row.compound_id,
        items=(item,) if item else (),
        opened=row.opened,
        last=max((one.at for one in reports), default=row.opened),
        buildings=tuple(one.building for one in reports),
    )


def _day(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()


@remembered
def _county(day: date) -> County:
    items = lists.in_force(day).items.values()
    return County(
        background=Background.build(text for item in items for text in (item.name, item.plain, *item.phrases)),
        windows={item.code: window(item.urgency, item.close_workdays) for item in items},
        neighbours=neighbours(),
    )


# ── neighbours ───────────────────────────────────────────────────────────────────────────────


@remembered
def neighbours() -> Mapping[Hashable, tuple[int, ...]]:
    """For each compound the nearest three within 400 metres, point to point, nearest first; none for one without a point."""
    placed = sorted(
        (row for row in places.compounds().values() if row.active and row.lat is not None), key=lambda row: row.lat or 0
    )
    apart: dict[int, list[tuple[float, int]]] = {row.id: [] for row in placed}
    for n, one in enumerate(placed):
        for other in placed[n + 1 :]:
            if _north(one, other) > METRES:
                break
            metres = math.hypot(_north(one, other), _east(one, other))
            if metres <= METRES:
                apart[one.id].append((metres, other.id))
                apart[other.id].append((metres, one.id))
    return {pk: tuple(other for _, other in sorted(near)[:NEAREST]) for pk, near in apart.items()}


def _north(one: LightCompound, other: LightCompound) -> float:
    return ((other.lat or 0) - (one.lat or 0)) * _METRES_PER_DEGREE


def _east(one: LightCompound, other: LightCompound) -> float:
    return ((other.lon or 0) - (one.lon or 0)) * _METRES_PER_DEGREE * math.cos(math.radians(one.lat or 0))
