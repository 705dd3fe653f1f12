"""What an installation still lacks before a resident's matter finds somebody who answers for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from huiyin.records.models import Contract
from huiyin.rules.county_tables import KNOWN_CODES
from huiyin.rules.workflow.vocabulary import BodyKind, Role
from huiyin.selectors import lists, places
from huiyin.selectors.people import on

#: Codes of the lists that mean whoever is there: the compound's firm, the place's township.
LOCAL = frozenset({"wuye", "zhenjie"})
NAMED = 6
Held = tuple[str, str | None, int | None, int | None]
AHEAD = 31  # days for which a calendar is needed


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """`kind` is what is lacking, `many` how often, `names` the first of those that lack it."""

    kind: str
    many: int
    names: tuple[str, ...] = ()


def is_begun() -> bool:
    """Whether any body and any compound is there."""
    return bool(places.bodies() and places.compounds())


def lacking(day: date) -> list[Lack]:
    """In the order in which it is mended. At most six queries."""
    held = _held(day)
    found = [_county(), *_bodies(day, held), *_communities(held), *_compounds(day), _calendar(day)]
    return [lack for lack in found if lack.many]


def _lack(kind: str, names: Iterable[str]) -> Lack:
    all_of_them = list(names)
    return Lack(kind=kind, many=len(all_of_them), names=tuple(all_of_them[:NAMED]))


def _county() -> Lack:
    row = places.county()
    wanted = {
        "县名": "name",
        "热线电话": "hotline",
        "执法监督机构（司法局）": "overseer_id",
        "共同上一级行政机关": "common_superior",
    }
    return _lack("county", (label for label, name in wanted.items() if not (row and getattr(row, name))))


def _calendar(day: date) -> Lack:
    """Years whose holidays nobody entered: this one, and the next when terms of a month reach into it."""
    years = sorted({day.year, (day + timedelta(days=AHEAD)).year})
    return _lack("calendar", (str(year) for year in years if not places.calendar().knows(year)))


def _held(day: date) -> set[Held]:
    """Who could take a matter on or assign it that day: role, code of the body, community, body."""
    rows = on(day).filter(role__in=[Role.OFF, Role.HEAD, Role.COM], person__is_active=True)
    return set(rows.values_list("role", "body__code", "community", "body").distinct())


def _bodies(day: date, held: set[Held]) -> list[Lack]:
    """Bodies that the lists in force name and that are not there, and leads without anybody who could take a matter on."""
    items = lists.in_force(day).items.values()
    leads = {item.lead for item in items} - LOCAL
    named = {code for item in items for code in (item.lead, *item.cooperating)} - LOCAL
    there = {row.code: row for row in places.bodies().values() if row.active}
    staffed = {code for role, code, _community, _body in held if role != Role.COM}
    idle = [
        there[code].name
        for code in sorted(leads & there.keys())
        if there[code].kind == BodyKind.DEPARTMENT and code not in staffed
    ]
    unlined = [
        row.name
        for row in there.values()
        if row.may_enforce and row.kind == BodyKind.DEPARTMENT and None in {row.hearing_person, row.hearing_firm}
    ]
    missing = [f"{KNOWN_CODES[code]} {code}" if code in KNOWN_CODES else code for code in sorted(named - there.keys())]
    return [_lack("bodies", missing), _lack("officers", idle), _lack("hearing", sorted(unlined))]


def _communities(held: set[Held]) -> list[Lack]:
    rows = sorted(places.communities().values(), key=lambda row: row.name)
    clerks = {(community, body) for role, _code, community, body in held if role == Role.COM}
    served, offices = {community for community, _body in clerks}, {body for _community, body in clerks}
    return [
        _lack("clerks", (row.name for row in rows if row.pk not in served and not {row.office_id, row.township_id} & offices)),
        _lack("contacts", (row.name for row in rows if row.contact_id is None)),
        _lack("supervisors", (row.name for row in rows if row.supervisor_id is None)),
    ]


def _compounds(day: date) -> list[Lack]:
    rows = [row for row in places.compounds().values() if row.active]
    managed = set(
        Contract.objects.filter(Q(ends__isnull=True) | Q(ends__gte=day), starts__lte=day).values_list("compound", flat=True)
    )
    return [
        Lack(kind="compounds", many=0 if rows else 1),
        _lack("places", (row.name for row in rows if row.lon is None)),
        _lack("firms", (row.name for row in rows if row.id not in managed)),
    ]
