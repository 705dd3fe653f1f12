"""What a custodian of identities sees: the reports of a case, and who looked at whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from huiyin.records.models import (
    Case,
    Entry,
    Posting,
    Report,
    Words,
)
from huiyin.selectors.desk import PILE


def reports_of(number: str) -> list[Report]:
    """The reports of a case, for a custodian who sees nothing else of it; a merged case leads to its survivor."""
    case = Case.objects.filter(number=number).first()
    while case is not None and case.survivor_id is not None:
        case = case.survivor
    return list(Report.objects.filter(case=case).order_by("pk")) if case is not None else []


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look at a reporter's identity."""

    number: str
    at: datetime
    who: str
    asked_by: str
    for_call: bool


def looks() -> list[Look]:
    """The newest looks at identities, a custodian's and those for a call."""
    rows = list(Entry.objects.filter(action="disclose").select_related("case").order_by("-id")[:PILE])
    ids = [int(row.actor[1:]) for row in rows if row.actor[:1] == "p"]
    names = {row.pk: row.person.name for row in Posting.objects.filter(pk__in=ids).select_related("person")}
    said = {
        (row.case_id, row.seq): row.text for row in Words.objects.filter(case__in={row.case_id for row in rows}, field="asked_by")
    }
    return [
        Look(
            number=row.case.number,
            at=row.at,
            who=names.get(int(row.actor[1:]) if row.actor[:1] == "p" else 0, ""),
            asked_by=said.get((row.case_id, row.seq), ""),
            for_call=row.data.get("for") == "call",
        )
        for row in rows
    ]
