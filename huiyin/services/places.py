"""Sets up the county with its places, bodies and people, and keeps the work calendar."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from huiyin.records.models import Body, Community, Compound, Contract, County, Person, Posting, WorkDay
from huiyin.rules.deadlines import SHANGHAI
from huiyin.selectors import memory
from huiyin.sim.county import DEMO_PASSWORD, MadeUpCounty

log = logging.getLogger(__name__)

Years = Iterable[Mapping[str, Any]]


def put_calendar(years: Years, *, actor: str) -> list[int]:
    """Enter whole years of days that differ from Monday to Friday; returns the years that changed.

    A year that is not there is entered. A confirmed year takes the place of one of which nothing is confirmed. Any other year is
    the county's own and stays as it is.
    """
    with transaction.atomic():
        confirmed: dict[int, bool] = {}
        for day, sure in WorkDay.objects.values_list("date", "confirmed"):
            confirmed[day.year] = confirmed.get(day.year, False) or sure
        new = [year for year in years if year["year"] not in confirmed or (year["confirmed"] and not confirmed[year["year"]])]
        replaced = [year["year"] for year in new if year["year"] in confirmed]
        if replaced:
            WorkDay.objects.filter(date__year__in=replaced).delete()
        WorkDay.objects.bulk_create(_days(new))
        memory.forget_after_commit()
    changed = [year["year"] for year in new]
    if changed:
        log.info("calendar entered for %s by %s", changed, actor)
    return changed


def _days(years: Years) -> list[WorkDay]:
    return [
        WorkDay(
            date=day["date"],
            kind=day["kind"],
            name=day["name"],
            statutory=day.get("statutory", False),
            confirmed=year["confirmed"],
        )
        for year in years
        for day in year["days"]
    ]


def set_up_county(model: MadeUpCounty, *, actor: str, at: datetime, password: str = DEMO_PASSWORD) -> County:
    """Write a made-up county, marked as demo, with everybody under one password; the same one again changes nothing.

    Raises ValueError where another county is set up already: an installation serves one.
    """
    with transaction.atomic():
        there = County.objects.first()
        if there is not None and there.code != model.code:
            raise ValueError(f"this installation serves {there.name} already")
        if there is not None:
            return there
        bodies = _bodies(model)
        people = _people(model, password)
        communities = _communities(model, bodies, people)
        compounds = _compounds(model, communities)
        Contract.objects.bulk_create(
            Contract(firm=bodies[row.firm], compound=compounds[row.compound], starts=row.starts, ends=row.ends)
            for row in model.contracts
        )
        _postings(model, bodies, people, communities)
        county = _county(model, bodies, people)
        memory.forget_after_commit()
    log.info("county set up by %s, as of %s", actor, at.astimezone(SHANGHAI).date())
    return county


def _county(model: MadeUpCounty, bodies: Mapping[str, Body], people: Mapping[str, Person]) -> County:
    return County.objects.create(
        name=model.name,
        name_en=model.name_en,
        code=model.code,
        demo=True,
        host=model.host,
        hotline=model.hotline,
        gas_phone=model.gas_phone,
        overseer=bodies[model.overseer],
        deputy=people[model.deputy],
        common_superior=model.common_superior,
        lon=model.lon,
        lat=model.lat,
    )


def _bodies(model: MadeUpCounty) -> dict[str, Body]:
    made = Body.objects.bulk_create(
        Body(
            code=row.code,
            kind=row.kind,
            name=row.name,
            short_name=row.short_name,
            phone=row.phone,
            complaint_phone=row.complaint_phone,
            email=row.email,
            may_enforce=row.may_enforce,
        )
        for row in model.bodies
    )
    return {body.code: body for body in made}


def _people(model: MadeUpCounty, password: str) -> dict[str, Person]:
    """Hashed once: a slow hash for each of a hundred people would keep whoever tries the demonstration waiting."""
    hashed = make_password(password)
    made = Person.objects.bulk_create(
        Person(username=row.username, name=row.name, email=row.email, desk_phone=row.desk_phone, password=hashed)
        for row in model.people
    )
    return {person.username: person for person in made}


def _communities(model: MadeUpCounty, bodies: Mapping[str, Body], people: Mapping[str, Person]) -> dict[str, Community]:
    made = Community.objects.bulk_create(
        Community(
            slug=row.slug,
            name=row.name,
            township=bodies[row.township],
            office=bodies[row.office],
            supervisor=people[row.supervisor],
            contact=people[row.contact],
            station_name=row.station_name,
            station_address=row.station_address,
            station_phone=row.station_phone,
            station_hours=row.station_hours,
        )
        for row in model.communities
    )
    return {community.slug: community for community in made}


def _compounds(model: MadeUpCounty, communities: Mapping[str, Community]) -> dict[str, Compound]:
    made = Compound.objects.bulk_create(
        Compound(
            code=row.code,
            community=communities[row.community],
            name=row.name,
            aliases=list(row.aliases),
            address=row.address,
            households=row.households,
            highrise=row.highrise,
            lon=row.lon,
            lat=row.lat,
            outline=[list(point) for point in row.outline],
        )
        for row in model.compounds
    )
    return {compound.code: compound for compound in made}


def _postings(
    model: MadeUpCounty, bodies: Mapping[str, Body], people: Mapping[str, Person], communities: Mapping[str, Community]
) -> None:
    Posting.objects.bulk_create(
        Posting(
            person=people[row.person],
            role=row.role,
            body=bodies[row.body] if row.body else None,
            community=communities[row.community] if row.community else None,
            starts=row.starts,
            ends=row.ends,
            badge_no=row.badge_no,
            badge_expires=row.badge_expires,
        )
        for row in model.postings
    )
