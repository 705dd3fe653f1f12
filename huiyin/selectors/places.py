"""The county, its bodies and compounds, and the work calendar: read often, changed rarely, so remembered for a short while."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import QuerySet, Subquery

from huiyin.records.models import Body, Community, Compound, Contract, County, WorkDay
from huiyin.rules.deadlines import Calendar
from huiyin.rules.roles import Body as RuleBody
from huiyin.rules.roles import Place
from huiyin.rules.workflow.vocabulary import BodyKind
from huiyin.selectors.memory import remembered


@dataclass(frozen=True, slots=True, kw_only=True)
class LightCompound:
    """What a search field, the intake and a list need of a compound."""

    id: int
    code: str
    name: str
    aliases: tuple[str, ...]
    address: str
    community: int
    community_name: str
    highrise: bool
    active: bool
    lon: float | None
    lat: float | None


@remembered
def county() -> County | None:
    """The one county; None while nothing has been set up."""
    return County.objects.select_related("overseer", "deputy").first()


@remembered
def calendar() -> Calendar:
    return Calendar.build(WorkDay.objects.values_list("date", "kind", "statutory"))


@remembered
def bodies() -> Mapping[int, Body]:
    return {body.pk: body for body in Body.objects.all()}


@remembered
def rule_bodies() -> Mapping[int, RuleBody]:
    return {body.pk: rule_body(body) for body in bodies().values()}


def rule_body(body: Body) -> RuleBody:
    return RuleBody(
        id=body.pk,
        kind=BodyKind(body.kind),
        code=body.code,
        name=body.name,
        may_enforce=body.may_enforce,
        hearing_person=body.hearing_person,
        hearing_firm=body.hearing_firm,
    )


@remembered
def communities() -> Mapping[int, Community]:
    return {row.pk: row for row in Community.objects.select_related("supervisor", "contact")}


@remembered
def compounds() -> Mapping[int, LightCompound]:
    names = communities()
    return {
        row.pk: LightCompound(
            id=row.pk,
            code=row.code,
            name=row.name,
            aliases=tuple(row.aliases),
            address=row.address,
            community=row.community_id,
            community_name=names[row.community_id].name,
            highrise=row.highrise,
            active=row.active,
            lon=row.lon,
            lat=row.lat,
        )
        for row in Compound.objects.defer("outline")
    }


def compound_by_code(code: str) -> LightCompound | None:
    return next((row for row in compounds().values() if row.code == code and row.active), None)


def firm_of(compound: int, day: date) -> int | None:
    """The firm under contract on that day; the newest contract where two overlap."""
    return _under_contract(compound, day).values_list("firm_id", flat=True).first()


def firm_there(compound: Any, day: date) -> Subquery:
    """The same as part of a query over rows that have a compound."""
    return Subquery(_under_contract(compound, day).values("firm_id")[:1])


def _under_contract(compound: Any, day: date) -> QuerySet[Contract]:
    return Contract.objects.filter(compound=compound, starts__lte=day).exclude(ends__lt=day).order_by("-starts", "-pk")


def place(compound: int | None, community: int | None, day: date, firm: int | None = None, *, firm_known: bool = False) -> Place:
    """Where a case lies as rules see it. `firm_known` saves the query where the caller has read it already."""
    if community is None:
        return Place()
    at = communities()[community]
    here = county()
    base = Place(community=community, office=at.office_id, township=at.township_id, city=here.city if here else None)
    if compound is None:
        return base
    known = compounds().get(compound)
    return replace(
        base,
        compound=compound,
        firm=firm if firm_known else firm_of(compound, day),
        highrise=known.highrise if known else None,
    )


def lead_body(code: str, at: Place) -> int | None:
    """The body a list's lead code means at a place: `wuye` the firm or, without one, the community's office; `zhenjie` the township."""
    if code == "wuye":
        return at.firm or at.office
    if code == "zhenjie":
        return at.township or at.office
    return next((body.pk for body in bodies().values() if body.code == code and body.active), None)
