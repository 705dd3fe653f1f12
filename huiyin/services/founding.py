"""The first people of an installation. Only the server's own shell makes them; everybody after them is made by pages, two of us at a time."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from huiyin.records.models import Person, Posting
from huiyin.rules.deadlines import SHANGHAI
from huiyin.rules.workflow.vocabulary import Role
from huiyin.services.writing import writing

FIRST: tuple[Role, ...] = (Role.ADMIN, Role.CO, Role.CUS)


def vacant(*, at: datetime) -> list[Role]:
    """Those of FIRST that nobody who can sign in holds on the day of `at`."""
    day = at.astimezone(SHANGHAI).date()
    holding = Posting.objects.filter(Q(ends__isnull=True) | Q(ends__gte=day), starts__lte=day, person__is_active=True)
    held = set(holding.filter(role__in=[role.value for role in FIRST]).values_list("role", flat=True))
    return [role for role in FIRST if role.value not in held]


def found(*, role: Role, username: str, name: str, password: str, temporary: bool, at: datetime) -> None:
    """Make a person and post them. temporary: the password was made by a machine and has to be changed at the first sign-in.

    Raises ValidationError when the name is taken or malformed; ValueError when the role is not vacant.
    """
    with writing():
        if role not in vacant(at=at):
            raise ValueError(f"{role.value} is held already; further people are made in the pages, with a second person")
        person = Person(username=username, name=name, must_change_password=temporary)
        person.set_password(password)
        person.full_clean(exclude=["password"])
        person.save()
        Posting.objects.create(person=person, role=role.value, starts=at.astimezone(SHANGHAI).date())
