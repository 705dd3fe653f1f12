"""Places, people, postings and the calendar as the pages of 设置 list them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import check_password
from django.db.models import Count, F, Q

from huiyin.records.models import (
    Body,
    Community,
    Compound,
    Contract,
    Person,
    Posting,
    PostingRequest,
    SoleAct,
    WorkDay,
)
from huiyin.rules.workflow.vocabulary import Role
from huiyin.selectors.desk import PAGE, PILE
from huiyin.selectors.people import Actor

JUST_NOW = timedelta(minutes=10)


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


def sole_acts() -> list[SoleAct]:
    """What administrators did alone that lets somebody in: those that nobody has looked at first, then the newest."""
    rows = SoleAct.objects.select_related("person", "by", "seen_by", "body", "community")
    return list(rows.order_by(F("seen_at").desc(nulls_first=True), "-pk")[:PILE])


def to_look_at(actor: Actor) -> int:
    """How many of them wait for this second person: neither one's own nor about oneself."""
    return SoleAct.objects.filter(seen_at=None).exclude(by=actor.person).exclude(person=actor.person).count()


def request(pk: int) -> PostingRequest | None:
    return PostingRequest.objects.filter(pk=pk).first()


def workdays(year: int) -> list[WorkDay]:
    return list(WorkDay.objects.filter(date__year=year).order_by("date"))


def years() -> list[int]:
    return sorted({day.year for day in WorkDay.objects.values_list("date", flat=True)})
