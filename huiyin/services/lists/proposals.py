"""A change that somebody saw the need for becomes an edit of a draft in one click: more words, another lead, an item that nobody uses taken out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from huiyin.records.models import ListItem, ListVersion, Settlement
from huiyin.selectors import governance
from huiyin.selectors.people import Actor
from huiyin.services.lists.drafts import NotThere, _coordinates, new_draft, remove_item, save_item
from huiyin.services.writing import writing


def open_draft(*, actor: Actor, at: datetime, listing: str) -> int:
    """The draft that is being worked on: the newest there is, else a copy of the version in force. Raises Forbidden, NotThere."""
    _coordinates(actor)
    with writing():
        draft = ListVersion.objects.filter(listing=listing, state="draft").order_by("-pk").first()
        if draft is not None:
            return draft.pk
        newest = ListVersion.objects.filter(listing=listing, state="published").order_by("-in_force_from").first()
        if newest is None:
            raise NotThere
        return new_draft(actor=actor, at=at, listing=listing, based_on=newest.pk)


def in_draft(*, actor: Actor, at: datetime, code: str) -> tuple[int, int]:
    """(version, item) of a code in the draft that is being worked on. Raises Forbidden, NotThere."""
    version, item = _find(actor, at, code)
    return version, item.pk


def _find(actor: Actor, at: datetime, code: str) -> tuple[int, ListItem]:
    listed = (
        ListItem.objects.filter(code=code, version__state="published")
        .select_related("version")
        .order_by("-version__in_force_from")
        .first()
    )
    if listed is None:
        raise NotThere
    version = open_draft(actor=actor, at=at, listing=listed.version.listing)
    item = ListItem.objects.filter(version=version, code=code).first()
    if item is None:
        raise NotThere
    return version, item


def _change(actor: Actor, at: datetime, code: str, **data: Any) -> tuple[int, int]:
    version, item = _find(actor, at, code)
    save_item(actor=actor, at=at, version=version, item=item.pk, seen=governance.mark(item), data=data)
    return version, item.pk


def add_words(*, actor: Actor, at: datetime, code: str, words: Sequence[str]) -> tuple[int, int]:
    """More short words by which an item is known. Returns (version, item). Raises Forbidden, NotThere, Busy."""
    with writing():
        _, item = _find(actor, at, code)
        return _change(
            actor, at, code, keywords=list(dict.fromkeys([*item.keywords, *(word.strip() for word in words if word.strip())]))
        )


def set_lead(*, actor: Actor, at: datetime, code: str, lead: str) -> tuple[int, int]:
    """Another lead for an item. Raises Forbidden, NotThere, Busy."""
    with writing():
        return _change(actor, at, code, lead=lead)


def take_up(*, actor: Actor, at: datetime, settlement: int) -> tuple[int, int]:
    """The lead that was settled in a case stands in the draft; the settlement knows it was taken up. Raises Forbidden, NotThere, Busy."""
    with writing():
        kept = Settlement.objects.select_for_update().select_related("lead").filter(pk=settlement).first()
        if kept is None:
            raise NotThere
        version, item = set_lead(actor=actor, at=at, code=kept.item, lead=kept.lead.code)
        Settlement.objects.filter(pk=settlement).update(taken_up_id=version)
        return version, item


def take_out(*, actor: Actor, at: datetime, code: str) -> int:
    """An item that nobody needs is taken out of the draft; returns the draft. Raises Forbidden, NotThere, Busy."""
    with writing():
        version, item = _find(actor, at, code)
        remove_item(actor=actor, at=at, version=version, item=item.pk, seen=governance.mark(item))
        return version
