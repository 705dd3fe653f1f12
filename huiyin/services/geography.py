"""Communities, compounds, contracts and days of the work calendar, as an administrator keeps them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from huiyin.records.models import Case, Community, Compound, Contract, County, Installation, WorkDay
from huiyin.rules import ledger
from huiyin.rules.workflow.vocabulary import OPEN, Stage
from huiyin.selectors import cases as seen
from huiyin.selectors.memory import forget_after_commit
from huiyin.selectors.people import Actor
from huiyin.services.cases.record import copy_clocks
from huiyin.services.people import Forbidden, _administers
from huiyin.services.writing import writing

CODE_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 6
TURN = 50
#: After so long every process has seen a change of the calendar (they remember it for half a minute).
SETTLED = timedelta(seconds=60)


def save_county(*, actor: Actor, at: datetime, data: Mapping[str, Any]) -> None:
    """What the county sets for itself. Raises Forbidden."""
    _administers(actor)
    with writing():
        row = County.objects.first() or County(code="county")
        for name, value in data.items():
            setattr(row, name, value)
        row.save()
        forget_after_commit()


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
        row = Compound.objects.get(pk=compound) if compound else Compound(code=new_code(), community_id=community)
        for name, value in data.items():
            setattr(row, name, value)
        row.save()
        forget_after_commit()
        return row.pk


def drawn_code() -> str:
    return "".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_LENGTH))


def new_code() -> str:
    """A code for a board's QR that no compound has."""
    while True:
        code = drawn_code()
        if not Compound.objects.filter(code=code).exists():
            return code


def change_contract(*, actor: Actor, at: datetime, compound: int, firm: int | None, starts: date) -> None:
    """From `starts` on another firm, or none: the contract that runs then ends the day before; one that begins on the same day was entered
    wrongly and becomes the other firm's. Raises Forbidden."""
    _administers(actor)
    with writing():
        running = Contract.objects.select_for_update().filter(compound_id=compound).exclude(ends__lt=starts)
        for row in running:
            if row.starts == starts and firm is not None and len(running) == 1:
                row.firm_id = firm
                row.save(update_fields=["firm"])
                forget_after_commit()
                return
            if row.starts >= starts:
                raise Forbidden("这一天或以后已经有合同，请换一个开始的日子。")
            row.ends = date.fromordinal(starts.toordinal() - 1)
            row.save(update_fields=["ends"])
        if firm is not None:
            Contract.objects.create(firm_id=firm, compound_id=compound, starts=starts)
        forget_after_commit()


def set_day(*, actor: Actor, at: datetime, day: date, kind: str, name: str, statutory: bool) -> None:
    """A day that differs from plain Monday to Friday; an empty kind makes it plain again. The worker counts due times anew (`recount`).

    Raises Forbidden, and ValueError for a 法定节假日 that is worked.
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
        Installation.objects.update(recount_at=at + SETTLED, recount_from=0)
        forget_after_commit()


def recount(*, at: datetime) -> int:
    """One turn of copying the clocks of cases whose promises are still open, after the calendar changed; returns how many cases."""
    house = Installation.objects.filter(recount_at__lte=at).first()
    if house is None:
        return 0
    with writing():
        left = Case.objects.select_for_update().filter(stage__in=[*OPEN, Stage.RESOLVED], pk__gt=house.recount_from)
        rows = list(left.order_by("pk")[:TURN])
        for case in rows:
            copy_clocks(case, ledger.fold(seen.entries_of(case.pk)))
            case.save(
                update_fields=["due_dispatch", "due_signoff", "due_onsite", "due_resolution", "due_echo", "due_next", "due_law"]
            )
        done = {"recount_from": rows[-1].pk} if rows else {"recount_at": None}
        Installation.objects.filter(recount_at=house.recount_at).update(**done)  # not when it changed again meanwhile
    return len(rows)
