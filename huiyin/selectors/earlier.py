"""Acts of earlier cases that the law looks at: against the same party or, where nobody was named yet, at the same place and item."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q

from huiyin.records.models import Case, Party
from huiyin.records.models import Entry as EntryRow
from huiyin.rules import ledger, sealing
from huiyin.rules.deadlines import SHANGHAI
from huiyin.rules.workflow.acts import Prior
from huiyin.rules.workflow.inquiry.deciding import order_until
from huiyin.selectors import cases

#: Acts before which the law asks what was done before.
ASKING = frozenset({"advance_notice", "spot_penalty", "decide"})
MOST_CASES = 20


def before(case: Case, state: ledger.State, bodies: Iterable[int], party: Any = None) -> tuple[Prior, ...]:
    """What stands in the newest 20 other cases of the same party, and dissuasions and orders in those of the same place and item where
    nobody was named; also what hit the same party in this case under another registration. `bodies`: of whoever
    asks, as only the police are told what the police did (治安管理处罚法 136). At most seven queries."""
    hidden = frozenset() if cases.knows_all(bodies) else cases.police_postings()
    known = int(party) if party else next((file.party for file in state.inquiry.open_files if file.party), None)
    mine = _registrations(known, hidden) if known else {}
    same = Q(pk__in=set(mine.values()))
    near = (
        Q(compound_id=case.compound_id, item=state.item, building=case.building)
        if case.compound_id and state.item
        else Q(pk=None)
    )
    newest = {row.pk: row for row in Case.objects.filter(same | near).exclude(pk=case.pk).order_by("-pk")[:MOST_CASES]}
    kept: dict[int, list[ledger.Entry]] = {}
    for row in EntryRow.objects.filter(case__in=list(newest)).order_by("case_id", "seq"):
        kept.setdefault(row.case_id, []).append(cases.entry_of(row))
    found = [prior for pk, entries in kept.items() for prior in _of(newest[pk], _known(entries, hidden), mine)]
    twins = {one for one, where in mine.items() if where == case.pk} - {known}
    return (*found, *_punished(case, state, twins))


def _known(entries: list[ledger.Entry], hidden: frozenset[int]) -> ledger.State:
    return ledger.fold(sealing.as_others_know(entries, lambda entry: entry.posting in hidden).entries)


def _registrations(party: int, hidden: frozenset[int]) -> dict[int, int]:
    """Every registration of the same party, to its case, but those made under a hidden posting."""
    mac = Party.objects.filter(pk=party).values_list("mac", flat=True).first()
    if not mac:
        return {}
    found = list(Party.objects.filter(mac=mac).values_list("pk", "case_id", "seq"))
    if not hidden:
        return {pk: case for pk, case, _ in found}
    by = EntryRow.objects.filter(
        case__in={case for _, case, _ in found}, action="name_party", actor__in=[f"p{pk}" for pk in hidden]
    )
    gone = set(by.values_list("case_id", "seq"))
    return {pk: case for pk, case, seq in found if (case, seq) not in gone}


def _of(case: Case, state: ledger.State, mine: dict[int, int]) -> Iterable[Prior]:
    """Of a case of the party everything but what hit others; of another one at the place only what was said while nobody was named."""
    ours = case.pk in set(mine.values())
    if not ours and state.inquiry.parties:
        return
    same = "party" if ours else "place"
    for entry in state.did("dissuade", "mediate"):
        yield Prior(kind="dissuade", same=same, case=case.number, item=state.item, day=_day(entry))
    for seq, order in state.orders.items():
        written = state.entry(seq)
        if order.counted and not order.withdrawn and written is not None:
            yield Prior(
                kind="order", same=same, case=case.number, item=state.item, day=_day(written), until=order_until(state, seq),
                refused=order.complied == "no",
            )  # fmt: skip
    yield from _punished(case, state, set(mine))


def _punished(case: Case, state: ledger.State, parties: set[int]) -> Iterable[Prior]:
    for made in state.punished:
        if made.party not in parties:
            continue
        day = made.at.astimezone(SHANGHAI).date()
        offence = date.fromisoformat(made.offence) if made.offence else None
        kinds = [str(kind) for kind in ("warning", "fine") if kind in made.penalties] or ["penalty"]
        for kind in kinds:
            yield Prior(kind=kind, same="party", case=case.number, item=state.item, day=day, offence=offence)


def _day(entry: ledger.Entry) -> date:
    return entry.happened.astimezone(SHANGHAI).date()
