"""Who a case's parties are, for those who handle its file: opened from their encrypted records, and known again by a keyed hash."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from huiyin.adapters import keys, vault
from huiyin.records.models import Case, Party
from huiyin.rules.workflow.vocabulary import PARTY_KINDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A party in the clear. `detail`: id_no, address, phone, birth, sex, agent, as far as given. A masked one has no name."""

    id: int
    seq: int
    kind: str
    name: str
    detail: Mapping[str, str] = field(default_factory=dict)
    masked: bool = False

    @property
    def kind_name(self) -> str:
        return dict(PARTY_KINDS).get(self.kind, "")


def context(name: str, party: int) -> str:
    """What a sealed field is bound to."""
    return f"party-{name}:{party}"


def mac(given: Mapping[str, str]) -> str:
    """A keyed hash by which the same party is known again: by its number; without one by name with address or phone; else none."""
    number = "".join(given.get("id_no", "").split()).upper()
    where = given.get("address", "") or given.get("phone", "")
    said = f"id:{number}" if number else f"name:{given['name']}:{where}" if where else ""
    return vault.keyed_hash(keys.derive("party-index"), "".join(said.split())) if said else ""


def of(case: Case) -> dict[int, Named]:
    """The parties of a case by id, opened. One query. Only for who may see a file's parties: `selectors.cases.sees_parties`."""
    return {row.pk: named(row) for row in Party.objects.filter(case=case).order_by("pk")}


def named(row: Party) -> Named:
    if row.masked_at is not None or not row.name:
        return Named(id=row.pk, seq=row.seq, kind=row.kind, name="", masked=True)
    key = keys.derive("identity")
    return Named(
        id=row.pk,
        seq=row.seq,
        kind=row.kind,
        name=vault.unseal(key, row.name, context("name", row.pk)),
        detail=json.loads(vault.unseal(key, row.detail, context("detail", row.pk))),
    )
