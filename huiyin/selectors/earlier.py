"""Acts of earlier cases that the law looks at: against the same party or, the party unknown, at the same place and item."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q

from huiyin.records.models import Case, Party
from huiyin.records.models import Entry as EntryRow
from huiyin.rules import ledger
from huiyin.rules.deadlines import SHANGHAI
from huiyin.rules.workflow.guards import Prior
from huiyin.selectors import cases

#: Acts before which the law asks what was done before.
ASKING = frozenset({"advance_notice", "spot_penalty", "decide"})
MOST_CASES = 20


def before(case: Case, state: ledger.State, party: Any = None) -> tuple[Prior, ...]:
    """Dissuasions, orders and penalties that stand in the newest 20 other cases of the same party, or of the same place and item where
    the party is not known. Three queries."""
    known = int(party) if party else next((file.party for file in state.inquiry.open_files if file.party), None)
    same = _of_the_party(known) if known else set()
    if same:
        found, by = Case.objects.filter(pk__in=same), "party"
    elif case.compound_id is not None and state.item:
        found, by = Case.objects.filter(Q(compound_id=case.compound_id, item=state.item, building=case.building)), "place"
    else:
        return ()
    newest = {row.pk: row for row in found.exclude(pk=case.pk).order_by("-pk")[:MOST_CASES]}
    kept: dict[int, list[ledger.Entry]] = {}
    for row in EntryRow.objects.filter(case__in=list(newest)).order_by("case_id", "seq"):
        kept.setdefault(row.case_id, []).append(cases.entry_of(row))
    return tuple(prior for pk, entries in kept.items() for prior in _acts(newest[pk], ledger.fold(entries), by))


def _of_the_party(party: int) -> set[int]:
    mac = Party.objects.filter(pk=party).values_list("mac", flat=True).first()
    return set(Party.objects.filter(mac=mac).values_list("case_id", flat=True)) if mac else set()


def _acts(case: Case, state: ledger.State, same: str) -> Iterable[Prior]:
    def prior(kind: str, day: date, **more: Any) -> Prior:
        return Prior(kind=kind, same=same, case=case.number, item=state.item, day=day, **more)

    for entry in state.did("dissuade", "mediate"):
        yield prior("dissuade", _day(entry))
    for seq, order in state.orders.items():
        written = state.entry(seq)
        if order.counted and not order.withdrawn and written is not None:
            until = None if order.complied == "no" else date.fromisoformat(order.due)
            yield prior("order", _day(written), until=until, complied=order.complied == "yes")
    for made in state.punished:
        day = made.at.astimezone(SHANGHAI).date()
        offence = date.fromisoformat(made.offence) if made.offence else None
        kinds = [str(kind) for kind in ("warning", "fine") if kind in made.penalties] or ["penalty"]
        for kind in kinds:
            yield prior(kind, day, offence=offence)


def _day(entry: ledger.Entry) -> date:
    return entry.happened.astimezone(SHANGHAI).date()
