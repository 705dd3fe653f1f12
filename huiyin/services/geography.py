"""Communities, compounds, contracts and days of the work calendar, as an administrator keeps them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from huiyin.records.models import Case, Community, Compound, Contract, WorkDay
from huiyin.rules import ledger
from huiyin.rules.workflow.vocabulary import OPEN, Stage
from huiyin.selectors import cases as seen
from huiyin.selectors.memory import forget_after_commit, forget_all
from huiyin.selectors.people import Actor
from huiyin.services.cases.record import copy_clocks
from huiyin.services.people import Forbidden, _administers
from huiyin.services.writing import writing

CODE_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 6


def save_community(*, actor: Actor, at: datetime, community: int | None, data: Mapping[str, Any]) -> int:
    """Make or change a community with its station; returns its id. Raises Forbidden."""
    _administers(actor)
    with writing():
        row = Community.objects.get(pk=community) if community else Community()
        for name, value in data.items():
            setattr(row, name, value)
        row.save()
        forget_after_commit()
        return row.pk


def save_compound(*, actor: Actor, at: datetime, compound: int | None, community: int, data: Mapping[str, Any]) -> int:
    """Make or change a compound; a new one gets a code for its board's QR that never changes. Returns its id. Raises Forbidden."""
    _administers(actor)
    with writing():
        row = Compound.objects.get(pk=compound) if compound else Compound(code=_new_code(), community_id=community)
        for name, value in data.items():
            setattr(row, name, value)
        row.save()
        forget_after_commit()
        return row.pk


def _new_code() -> str:
    while True:
        code = "".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_LENGTH))
        if not Compound.objects.filter(code=code).exists():
            return code


def change_contract(*, actor: Actor, at: datetime, compound: int, firm: int | None, starts: date) -> None:
    """From `starts` on another firm, or none: the contract that runs then ends the day before. Raises Forbidden."""
    _administers(actor)
    with writing():
        running = Contract.objects.select_for_update().filter(compound_id=compound).exclude(ends__lt=starts)
        for row in running:
            if row.starts >= starts:
                raise Forbidden("这一天或以后已经有合同，请换一个开始的日子。")
            row.ends = date.fromordinal(starts.toordinal() - 1)
            row.save(update_fields=["ends"])
        if firm is not None:
            Contract.objects.create(firm_id=firm, compound_id=compound, starts=starts)
        forget_after_commit()


def set_day(*, actor: Actor, at: datetime, day: date, kind: str, name: str, statutory: bool) -> int:
    """A day that differs from plain Monday to Friday; an empty kind makes it plain again. Due times of open cases are counted anew.

    Returns how many cases were looked at. Raises Forbidden, and ValueError for a 法定节假日 that is worked.
    """
    _administers(actor)
    if kind == "workday" and statutory:
        raise ValueError("a statutory holiday is not worked")
    with writing():
        if kind:
            WorkDay.objects.update_or_create(
                date=day, defaults={"kind": kind, "name": name, "statutory": statutory, "confirmed": True}
            )
        else:
            WorkDay.objects.filter(date=day).delete()
        forget_all()
        changed = _recount()
        forget_after_commit()
        return changed


def _recount() -> int:
    """Copies the clocks of every case whose promises are still open."""
    rows = Case.objects.select_for_update().filter(stage__in=[*OPEN, Stage.RESOLVED]).order_by("pk")
    many = 0
    for case in rows.iterator(chunk_size=500):
        copy_clocks(case, ledger.fold(seen.entries_of(case.pk)))
        case.save(update_fields=["due_dispatch", "due_signoff", "due_onsite", "due_resolution", "due_echo", "due_next"])
        many += 1
    return many
