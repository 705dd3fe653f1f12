"""Tables that were read and are being looked over: kept for a day for whoever sent them, and for nobody else. Once they are brought in only
the new people's temporary passwords stay, sealed, for half an hour: an answer that was lost on its way is asked for again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password

from huiyin.adapters import keys, vault
from huiyin.records.models import Person, TableImport
from huiyin.rules.tables import Cells
from huiyin.selectors.people import Actor
from huiyin.services import importing, kept_tables
from huiyin.services.importing import Brought, Counted, may
from huiyin.services.writing import writing

COUNTY, BROUGHT = "county", "brought"
SHOWN_FOR = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """`old`: from a file in which formulas cannot be told from values. `brought`: what was done, where it was done already."""

    sheets: Mapping[str, list[Cells]]
    old: bool = False
    brought: Brought | None = None


def keep(*, actor: Actor, at: datetime, sheets: Mapping[str, list[Cells]], old: bool = False) -> int:
    """Returns the id under which the same person finds them again. Raises Forbidden."""
    may(actor)
    return kept_tables.keep(actor=actor, at=at, kind=COUNTY, sheets=sheets, old=old)


def kept(*, actor: Actor, at: datetime, pk: int) -> Kept | None:
    """What this person kept under an id; None for another's, or when its time is over. Raises Forbidden."""
    may(actor)
    row = TableImport.objects.filter(pk=pk, made_by_id=actor.person, kind__in=[COUNTY, BROUGHT]).first()
    if row is None or row.kind == BROUGHT and at - row.made_at > SHOWN_FOR:
        return None
    if row.kind == BROUGHT:
        return Kept(sheets={}, brought=_opened(row))
    looked = kept_tables.looked(row)
    return Kept(sheets=looked.sheets, old=looked.old)


def bring_in(*, actor: Actor, at: datetime, pk: int, seen: str) -> bool:
    """Brings in what is kept under an id, once: a second call, also one at the same moment, changes nothing. `kept` tells what was done.

    False where there is nothing under it for this person. Raises what importing.bring_in raises; then everything stays as it was.
    """
    there = kept(actor=actor, at=at, pk=pk)
    if there is None or there.brought is not None:
        return there is not None
    drawn = importing.draw(sheets=there.sheets)
    with writing():
        row = TableImport.objects.select_for_update().filter(pk=pk).first()
        if row is None or row.kind == BROUGHT:  # the other click was faster
            return row is not None
        done = importing.bring_in(actor=actor, sheets=there.sheets, at=at, seen=seen, drawn=drawn)
        sealed = vault.seal(keys.derive("temporary-passwords"), json.dumps(done.passwords), f"import:{pk}")
        counted = {name: asdict(one) for name, one in done.counted.items()}
        row.kind, row.made_at, row.rows = BROUGHT, at, {"counted": counted, "asked": done.asked, "sealed": sealed}
        row.save()
    return True


def put_away(*, actor: Actor, pk: int) -> None:
    """The passwords were printed: nothing of them stays. Raises Forbidden."""
    may(actor)
    with writing():
        TableImport.objects.filter(pk=pk, made_by_id=actor.person, kind=BROUGHT).delete()


def _opened(row: TableImport) -> Brought:
    """What was done, with the passwords that still open: neither changed by their owners nor replaced by a second person's."""
    told = json.loads(vault.unseal(keys.derive("temporary-passwords"), row.rows["sealed"], f"import:{row.pk}"))
    hashes = dict(Person.objects.filter(must_change_password=True).values_list("username", "password"))
    return Brought(
        counted={name: Counted(**one) for name, one in row.rows["counted"].items()},
        passwords=tuple(
            (username, name, word)
            for username, name, word in told
            if username in hashes and check_password(word, hashes[username])
        ),
        asked=row.rows["asked"],
    )
