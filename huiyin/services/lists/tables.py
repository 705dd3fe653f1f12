"""A whole list comes into a draft from a workbook: looked over first, then all of it or nothing, and never over what somebody else wrote."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from huiyin.records.models import LegalBasis, ListItem, ListVersion
from huiyin.rules import lists as rules
from huiyin.rules.list_tables import ABOUT, OFFERED, Content, merged, tables_of
from huiyin.rules.tables import Cells, Parsed, Wrong, parse
from huiyin.rules.workflow.vocabulary import Listing
from huiyin.selectors import governance, list_tables
from huiyin.selectors import lists as known
from huiyin.selectors.list_tables import BASIS_FIELDS, ITEM_FIELDS
from huiyin.selectors.people import Actor
from huiyin.services.lists.bringing import register_laws
from huiyin.services.lists.drafts import _coordinates, _editable, _touched
from huiyin.services.writing import writing

Sheets = Mapping[str, list[Cells]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a workbook would make of a draft. With anything in `wrong` it is not done.

    gone, come: boundary rules. moved: items or boundary rules stand in another order. changes: anything at all would change, also what
    the differences do not tell, such as the code of a law. unchecked: rows of 依据 whose quotation the workbook says was checked and nobody
    did. unknown: sheets that are none of a list's. mark: the same only for the same draft and the same workbook.
    """

    differences: tuple[rules.Difference, ...]
    wrong: tuple[Wrong, ...]
    gone: tuple[str, ...] = ()
    come: tuple[str, ...] = ()
    moved: bool = False
    unchecked: tuple[int, ...] = ()
    unknown: tuple[str, ...] = ()
    mark: str = ""
    changes: bool = False

    @property
    def told(self) -> bool:
        """Whether a page has anything to tell of the changes."""
        return bool(self.differences or self.gone or self.come or self.moved)


class BadWorkbook(Exception):
    """The workbook has mistakes: nothing was brought in."""

    def __init__(self, plan: Plan) -> None:
        super().__init__("; ".join(map(str, plan.wrong[:5])))
        self.plan = plan


class DraftMoved(Exception):
    """Somebody changed the draft, or what it is read against, since the look: nothing was brought in."""

    def __init__(self, plan: Plan) -> None:
        super().__init__("the draft changed since the look")
        self.plan = plan


def look_over(*, actor: Actor, version: int, sheets: Sheets) -> Plan:
    """What the sheets would make of a draft, and every mistake in them; nothing is kept. Raises Forbidden, NotThere, Busy."""
    _coordinates(actor)
    with writing():
        return _planned(_editable(version), sheets)[0]


def take_in(*, actor: Actor, at: datetime, version: int, sheets: Sheets, seen: str) -> Plan:
    """Make a draft what the sheets say, in one transaction; `seen` is the mark of the plan that was agreed to. Items that stay keep their
    row. Raises Forbidden, NotThere, Busy, BadWorkbook, DraftMoved."""
    _coordinates(actor)
    with writing():
        draft = _editable(version)
        plan, wanted = _planned(draft, sheets)
        if plan.wrong:
            raise BadWorkbook(plan)
        if plan.mark != seen:
            raise DraftMoved(plan)
        if plan.changes:
            _write(draft, wanted)
            _touched(draft)
        return plan


def _planned(draft: ListVersion, sheets: Sheets) -> tuple[Plan, Content]:
    listing = Listing(draft.listing)
    there, around = list_tables.content(draft), list_tables.around()
    parsed: dict[str, Parsed] = {
        table.name: parse(table, sheets[table.label]) for table in tables_of(listing) if table.label in sheets
    }
    read = merged(listing, there, parsed, around)
    stays = [item["code"] for item in there.items if item["code"] in {one["code"] for one in read.content.items}]
    order = [item["code"] for item in read.content.items if item["code"] in set(stays)]
    labels = {table.label for table in tables_of(listing)} | {ABOUT, OFFERED}
    unknown = tuple(name for name in sheets if name not in labels)
    wrong = read.wrong
    if not parsed:
        wrong = (
            Wrong(
                table="、".join(unknown),
                row=0,
                column="",
                text="这里没有一张清单的表。请用下载的工作簿，或者让表的名字和它一样。",
            ),
        )
    plan = Plan(
        differences=tuple(rules.differences(_matters(there), _matters(read.content), governance.called())),
        wrong=wrong,
        gone=tuple(said for said in there.boundaries if said not in read.content.boundaries),
        come=tuple(said for said in read.content.boundaries if said not in there.boundaries),
        moved=order != stays
        or (read.content.boundaries != there.boundaries and sorted(read.content.boundaries) == sorted(there.boundaries)),
        unchecked=read.unchecked,
        unknown=unknown if parsed else (),
        mark=_mark(draft, there, read.content),
        changes=read.content != there,
    )
    return plan, read.content


def _mark(draft: ListVersion, there: Content, wanted: Content) -> str:
    told = json.dumps([draft.revision, asdict(there), asdict(wanted)], ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def _matters(content: Content) -> list[rules.Matter]:
    """The content as the rules compare it."""
    ends = known.law_ends()
    return [
        governance.matter(
            ListItem(**{name: item[name] for name in ITEM_FIELDS}),
            tuple(governance.clause(LegalBasis(**basis), ends) for basis in item["bases"]),
        )
        for item in content.items
    ]


def _write(draft: ListVersion, wanted: Content) -> None:
    rows = {row.code: row for row in ListItem.objects.filter(version=draft)}
    bases: dict[int, list[LegalBasis]] = {}
    for basis in LegalBasis.objects.filter(item__version=draft).order_by("position"):
        bases.setdefault(basis.item_id, []).append(basis)
    codes = {item["code"] for item in wanted.items}
    left = [row.pk for code, row in rows.items() if code not in codes]
    LegalBasis.objects.filter(item__in=left).delete()
    ListItem.objects.filter(pk__in=left).delete()
    named: list[LegalBasis] = []
    for position, item in enumerate(wanted.items):
        row = rows.get(item["code"]) or ListItem(version=draft)
        _set(row, {"position": position, **{name: item[name] for name in ITEM_FIELDS}})
        named += _write_bases(row, bases.get(row.pk, []), item["bases"])
    register_laws(named)
    ListVersion.objects.filter(pk=draft.pk).update(boundaries=list(wanted.boundaries))


def _set(row: ListItem | LegalBasis, values: Mapping[str, Any]) -> None:
    """Writes a row that is new or that changes."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed or row.pk is None:
        row.save()


def _write_bases(item: ListItem, there: list[LegalBasis], wanted: Iterable[Mapping[str, Any]]) -> list[LegalBasis]:
    """The clauses in their order; one that stays as it is keeps its row, so that its page is still the same."""
    rows = []
    for position, basis in enumerate(wanted):
        same = (one for one in there if one not in rows and all(getattr(one, name) == basis[name] for name in BASIS_FIELDS))
        row = next(same, None) or LegalBasis(item=item)
        _set(row, {"position": position, **basis})
        rows.append(row)
    LegalBasis.objects.filter(pk__in=[one.pk for one in there if one not in rows]).delete()
    return rows
