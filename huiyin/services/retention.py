"""How long things are kept is set by the coordinator; what is overwritten is cleared from where the engine still holds it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from huiyin.adapters import database, kept
from huiyin.records.models import (
    Attachment,
    Case,
    CustodyWords,
    Document,
    LogState,
    Party,
    Report,
    Reporter,
    Retention,
    Signature,
    TriageModel,
    Words,
)
from huiyin.rules import retention
from huiyin.rules.workflow.judge import Refused
from huiyin.rules.workflow.vocabulary import Role
from huiyin.selectors.people import SYSTEM, Actor
from huiyin.services import cases
from huiyin.services.people import Forbidden
from huiyin.services.writing import writing

#: Tables of which something is overwritten when it is masked.
_OVERWRITTEN = (Words, Reporter, Report, Party, Attachment, CustodyWords, Document, Signature, Case, TriageModel)


def keep_for(*, actor: Actor, at: datetime, days: dict[str, int | None]) -> None:
    """Set the days of classes (None: for ever). Raises Forbidden, and ValueError for a number that may not be set; then nothing is."""
    if not actor.has(Role.CO):
        raise Forbidden("只有协调监督机构能改保存期限。")
    with writing():
        for code, many in days.items():
            if not retention.may_set(code, many):
                raise ValueError(code)
            Retention.objects.update_or_create(
                code=code, defaults={"days": many, "changed_by_id": actor.person, "changed_at": at}
            )


def erase_again(*, at: datetime) -> int:
    """After an older backup was brought back: what had been erased since goes once more, each with its entry. Returns how many acts."""
    done = 0
    for line in kept.erasures():
        number = _number_of(line)
        if number is None:
            continue
        if "kept" in line:
            action, data = "expire", {"kept": line["kept"]}
        else:
            action, data = "mask", {"mask_what": line["what"], "mask_ground": "retention"}
            data |= {name: line[name] for name in ("of", "report") if line.get(name)}
        try:
            cases.act(actor=SYSTEM, at=at, number=number, action=action, data=data)
        except Refused:  # not filed yet in the backup: its days are counted anew
            continue
        done += 1
    return done


def _number_of(line: Mapping[str, Any]) -> str | None:
    """The case in which the erased thing is there again; None when it is not there, is something else, or is erased."""
    unmasked = {"masked_at": None}
    if report := line.get("report"):
        row = Report.objects.filter(pk=report, code_mac=line.get("same")).select_related("case").first()
        if row is None:
            return None
        there = Reporter.objects.filter(report=row, **unmasked).exists()
        if line.get("what") == "report":
            there = there or Words.objects.filter(report=row, **unmasked).exists()
            there = there or Attachment.objects.filter(report=row, **unmasked).exists()
        return row.case.number if there else None
    case = Case.objects.filter(number=line.get("number")).first()
    of = line.get("of")
    if case is None or not case.entries.filter(seq=of or 1, hash=line.get("same")).exists():
        return None
    if line.get("kept") == "contact":
        return case.number if Reporter.objects.filter(report__case=case, **unmasked).exists() else None
    where: dict[str, Any] = {"case": case, **unmasked, **({"seq": of} if of else {})}
    tables: tuple[Any, ...] = (Words, Attachment, Document, Party)
    return case.number if any(table.objects.filter(**where).exists() for table in tables) else None


def scrub(*, whole: bool) -> bool:
    """Clear what was masked from the engine's own leftovers, when something was. `whole` also rewrites tables where only that helps
    (PostgreSQL, which locks them meanwhile: for the night). Returns whether it was done; False also when somebody is still reading."""
    if not LogState.objects.filter(scrub=True).exists():
        return False
    LogState.objects.update(scrub=False)  # first: what is masked meanwhile asks anew
    done = database.clear_leftovers([model._meta.db_table for model in _OVERWRITTEN], whole=whole)
    if not done:
        LogState.objects.update(scrub=True)
    return done
