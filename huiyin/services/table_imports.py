"""Tables that were read and are being looked over: kept for a day for whoever sent them, and for nobody else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from huiyin.records.models import TableImport
from huiyin.rules.tables import Cells
from huiyin.selectors.people import Actor
from huiyin.services.writing import writing


def keep(*, actor: Actor, at: datetime, sheets: Mapping[str, list[Cells]]) -> int:
    """Returns the id under which the same person finds them again."""
    rows = {name: [[line.number, list(line.cells)] for line in lines] for name, lines in sheets.items()}
    with writing():
        return TableImport.objects.create(made_by_id=actor.person, made_at=at, kind="county", rows=rows).pk


def kept(*, actor: Actor, pk: int) -> dict[str, list[Cells]] | None:
    """What this person kept under an id; None for another's, or when its day is over."""
    row = TableImport.objects.filter(pk=pk, made_by_id=actor.person).first()
    if row is None:
        return None
    return {name: [Cells(number=number, cells=tuple(cells)) for number, cells in lines] for name, lines in row.rows.items()}


def drop(*, pk: int) -> None:
    TableImport.objects.filter(pk=pk).delete()
