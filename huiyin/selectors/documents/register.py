"""The register: numbers that a body gave its documents in a year."""

from __future__ import annotations

from dataclasses import dataclass

from huiyin.records.models import Document
from huiyin.rules.workflow.vocabulary import Role
from huiyin.selectors import cases as seen
from huiyin.selectors import places
from huiyin.selectors.documents.access import bodies_of, number_of, title_of
from huiyin.selectors.people import Actor

PAGE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """One line of the register; `title` is what the kind is called."""

    document: Document
    number: str
    title: str


def register(actor: Actor, body: int, year: int, page: int = 1) -> list[Registered]:
    """Numbers of one body and year, voided ones too, newest first; for the body's own officers and heads, and the coordinator.

    A police body's register is the police's alone. No names stand in it.
    """
    if body not in registers(actor):
        return []
    rows = Document.objects.filter(body=body, year=year, serial__isnull=False).select_related(
        "case", "made_by__person", "void_by__person"
    )
    kept = rows.order_by("word", "-serial")[(page - 1) * PAGE : page * PAGE + 1]
    return [Registered(document=row, number=number_of(row), title=title_of(row)) for row in kept]


def registers(actor: Actor) -> list[int]:
    """Bodies whose register an actor may read."""
    own = sorted(bodies_of(actor)) if actor.has(Role.OFF, Role.HEAD, Role.COM, Role.CO) else []
    if not actor.has(Role.CO):
        return own
    others = sorted(set(places.bodies()) - seen.police() - set(own))
    return [*own, *others]
