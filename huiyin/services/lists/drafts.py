"""Editing a list: drafts are copies of a version; items and clauses are changed one at a time, and nobody overwrites what another wrote."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import F, Max

from huiyin.records.models import LegalBasis, ListItem, ListVersion
from huiyin.rules.workflow.vocabulary import Role
from huiyin.selectors import governance
from huiyin.selectors.list_tables import BASIS_FIELDS, ITEM_FIELDS
from huiyin.selectors.memory import forget_after_commit
from huiyin.selectors.people import Actor
from huiyin.services.lists.bringing import register_laws
from huiyin.services.people import Forbidden
from huiyin.services.writing import writing

OPEN_STATES = ("draft", "review")


class Busy(Exception):
    """The draft is not one that can be edited now; the message says why, for people."""


class Changed(Exception):
    """Somebody else changed the same thing since the page was drawn: what was typed must be kept and shown beside it."""


class NotThere(Exception):
    """There is no such version, item or clause."""


def _coordinates(actor: Actor) -> None:
    if not actor.has(Role.CO):
        raise Forbidden("清单由协调监督来改。")


def new_draft(*, actor: Actor, at: datetime, listing: str, based_on: int | None = None) -> int:
    """A draft with everything of a version, or an empty one; returns its id. Raises Forbidden, NotThere."""
    _coordinates(actor)
    with writing():
        model = ListVersion.objects.filter(pk=based_on, listing=listing).first() if based_on else None
        if based_on and model is None:
            raise NotThere
        last = ListVersion.objects.filter(listing=listing).aggregate(last=Max("number"))["last"] or 0
        draft = ListVersion.objects.create(
            listing=listing,
            number=last + 1,
            title=model.title if model else {"enforcement": "执法清单", "service": "服务清单"}[listing],
            note=model.note if model else "",
            boundaries=model.boundaries if model else [],
            state="draft",
            based_on=model,
            made_by_id=actor.person,
            made_at=at,
        )
        if model:
            _copy(model, draft)
        return draft.pk


def _copy(model: ListVersion, draft: ListVersion) -> None:
    """Items and clauses anew, so that the published ones are never touched."""
    bases: dict[int, list[LegalBasis]] = {}
    for basis in LegalBasis.objects.filter(item__version=model):
        bases.setdefault(basis.item_id, []).append(basis)
    for item in model.items.order_by("position"):
        kept, item.pk, item.version = item.pk, None, draft
        item.save(force_insert=True)
        for basis in bases.get(kept, []):
            basis.pk, basis.item = None, item
        LegalBasis.objects.bulk_create(bases.get(kept, []))


def _editable(pk: int) -> ListVersion:
    version = ListVersion.objects.select_for_update().filter(pk=pk).first()
    if version is None:
        raise NotThere
    if version.state != "draft":
        raise Busy("这一版不是草稿，不能改。" if version.state != "review" else "这份草稿正在送审，先收回再改。")
    return version


def _touched(version: ListVersion) -> None:
    ListVersion.objects.filter(pk=version.pk).update(revision=F("revision") + 1)
    forget_after_commit()


def save_item(*, actor: Actor, at: datetime, version: int, item: int | None, seen: str, data: Mapping[str, Any]) -> int:
    """Make or change an item of a draft; `data` by ITEM_FIELDS, `seen` the item's mark when its form was drawn. Returns the item's id.

    Raises Forbidden, NotThere, Busy, Changed; ValueError for a code that the draft has already.
    """
    _coordinates(actor)
    with writing():
        draft = _editable(version)
        row = (
            _unchanged(ListItem.objects.filter(version=draft), item, seen)
            if item
            else ListItem(version=draft, position=_end(draft))
        )
        if ListItem.objects.filter(version=draft, code=data.get("code", row.code)).exclude(pk=row.pk).exists():
            raise ValueError("这个代码草稿里已经有了。")
        for name in ITEM_FIELDS:
            if name in data:
                setattr(row, name, data[name])
        row.save()
        _touched(draft)
        return row.pk


def _end(draft: ListVersion) -> int:
    last = ListItem.objects.filter(version=draft).aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def _unchanged(rows: Any, pk: int, seen: str) -> Any:
    row = rows.select_for_update().filter(pk=pk).first()
    if row is None:
        raise NotThere
    if governance.mark(row) != seen:
        raise Changed
    return row


def remove_item(*, actor: Actor, at: datetime, version: int, item: int, seen: str) -> None:
    """Take an item out of a draft; versions that were published keep it. Raises Forbidden, NotThere, Busy, Changed."""
    _coordinates(actor)
    with writing():
        draft = _editable(version)
        row = _unchanged(ListItem.objects.filter(version=draft), item, seen)
        LegalBasis.objects.filter(item=row).delete()
        row.delete()
        _touched(draft)


def save_basis(
    *, actor: Actor, at: datetime, version: int, item: int, basis: int | None, seen: str, data: Mapping[str, Any]
) -> int:
    """Make or change a clause under an item of a draft; `data` by BASIS_FIELDS. Returns its id. Raises as `save_item`."""
    _coordinates(actor)
    with writing():
        draft = _editable(version)
        owner = ListItem.objects.filter(version=draft, pk=item).first()
        if owner is None:
            raise NotThere
        rows = LegalBasis.objects.filter(item=owner)
        row = _unchanged(rows, basis, seen) if basis else LegalBasis(item=owner, position=rows.count())
        for name in BASIS_FIELDS:
            if name in data:
                setattr(row, name, data[name])
        row.save()
        register_laws([row])
        _touched(draft)
        return row.pk


def remove_basis(*, actor: Actor, at: datetime, version: int, item: int, basis: int, seen: str) -> None:
    """Take a clause away from an item of a draft. Raises Forbidden, NotThere, Busy, Changed."""
    _coordinates(actor)
    with writing():
        draft = _editable(version)
        _unchanged(LegalBasis.objects.filter(item__version=draft, item_id=item), basis, seen).delete()
        _touched(draft)


def send_to_review(*, actor: Actor, at: datetime, version: int) -> None:
    """送审: whoever reads it reads the same as will be published. Raises Forbidden, NotThere, Busy."""
    _coordinates(actor)
    with writing():
        _editable(version)
        ListVersion.objects.filter(pk=version).update(state="review")
        forget_after_commit()


def take_back(*, actor: Actor, at: datetime, version: int) -> None:
    """From review to draft, to be edited again. Raises Forbidden, NotThere."""
    _coordinates(actor)
    with writing():
        if not ListVersion.objects.filter(pk=version, state="review").update(state="draft"):
            raise NotThere
        forget_after_commit()


def drop_draft(*, actor: Actor, at: datetime, version: int) -> None:
    """作废: the draft stays to be read and is not published any more. Raises Forbidden, NotThere."""
    _coordinates(actor)
    with writing():
        if not ListVersion.objects.filter(pk=version, state__in=OPEN_STATES).update(state="dropped"):
            raise NotThere
        forget_after_commit()
