"""Tables between a look and what is done with them: kept for a day for whoever sent them, and for nobody else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from huiyin.records.models import TableImport
from huiyin.rules.tables import Cells
from huiyin.selectors.people import Actor
from huiyin.services.writing import writing

Sheets = Mapping[str, list[Cells]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """Sheets as they were read. `old`: from a file in which formulas cannot be told from values."""

    sheets: Sheets
    old: bool = False


def keep(*, actor: Actor, at: datetime, kind: str, name: str = "", sheets: Sheets, old: bool = False) -> int:
    """Returns the id under which the same person finds them again, with the same kind and name. Who may is asked by the caller."""
    rows = {label: [[line.number, list(line.cells), sorted(line.formulas)] for line in lines] for label, lines in sheets.items()}
    with writing():
        kept = TableImport.objects.create(
            made_by_id=actor.person, made_at=at, kind=kind, name=name, rows={"sheets": rows, "old": old}
        )
        return kept.pk


def found(*, actor: Actor, kind: str, name: str = "", pk: int) -> Looked | None:
    """What this person kept; None for another's."""
    row = TableImport.objects.filter(pk=pk, made_by_id=actor.person, kind=kind, name=name).first()
    return looked(row) if row else None


def looked(row: TableImport) -> Looked:
    sheets = {
        label: [Cells(number=number, cells=tuple(cells), formulas=frozenset(places)) for number, cells, places in lines]
        for label, lines in row.rows["sheets"].items()
    }
    return Looked(sheets=sheets, old=row.rows["old"])


def drop(*, actor: Actor, kind: str, name: str = "", pk: int) -> None:
    """They were brought in: nothing of them stays."""
    with writing():
        TableImport.objects.filter(pk=pk, made_by_id=actor.person, kind=kind, name=name).delete()
