"""Brings a written list into force: its version, its items and the clauses they rest on, all at once or not at all."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction

from huiyin.records.models import Law, LegalBasis, ListItem, ListVersion
from huiyin.rules.deadlines import SHANGHAI
from huiyin.selectors import memory

log = logging.getLogger(__name__)

Source = Mapping[str, Any]
Row = TypeVar("Row", ListItem, LegalBasis)

#: Lists that may be empty; their form is checked here, their content by whoever reads them.
_FREE = {
    "version", "item", "phrases", "keywords", "cooperating", "measures", "ladder", "proofs", "tests", "duties", "turns_into",
    "requires_first", "places", "fine",
}  # fmt: skip


class Brought(StrEnum):
    """What became of a list that was to be brought in."""

    NEW = "new"
    SAME = "same"
    CHANGED = "changed"  # the number is taken by other content: nothing was done
    OLDER = "older"  # the county has a later version: nothing was done


class BadList(ValueError):
    """A written list that cannot be taken; the message names the item and what is wrong with it."""


def bring_in(source: Source, *, actor: str, at: datetime) -> Brought:
    """Put a written list (the content of a TOML file) into force from the day of `at`, in Shanghai.

    A number that is there already is never touched: changed content needs a new number, so that a case keeps the list it was
    assigned under. A version that was in force ends the day before. Raises BadList.
    """
    listing, number, content = source["listing"], source["number"], _digest(source)
    with transaction.atomic():
        versions = list(ListVersion.objects.filter(listing=listing).order_by("-number"))
        if any(version.number >= number for version in versions):
            return _told(_stand(versions, number, content), listing, number)
        version = _version(source, content, _begins(versions, at.astimezone(SHANGHAI).date()))
        items = [_item(version, position, row, _category(source, row)) for position, row in enumerate(source["items"])]
        _no_code_twice(items)
        version.save(force_insert=True)
        ListItem.objects.bulk_create(items)
        bases = list(_bases(zip(items, source["items"], strict=True)))
        LegalBasis.objects.bulk_create(bases)
        register_laws(bases)
        memory.forget_after_commit()
    log.info("list brought in: %s %s by %s", listing, number, actor)
    return Brought.NEW


def start_with(source: Source, *, at: datetime) -> Brought:
    """Bring in the project's reference where the county has no list of this kind; what the county has is its own and is left alone."""
    number = ListVersion.objects.filter(listing=source["listing"]).order_by("number").values_list("number", flat=True).first()
    if number is not None:
        return Brought.SAME
    return bring_in(source, actor="sys", at=at)


def register_laws(bases: Iterable[LegalBasis]) -> None:
    """Every law that a clause names has its row in the register, so that its end can be entered once for all of them."""
    known = set(Law.objects.values_list("code", flat=True))
    named = {basis.law_code: basis for basis in bases if basis.law_code not in known}
    Law.objects.bulk_create(Law(code=code, name=basis.law) for code, basis in sorted(named.items()))


def _digest(source: Source) -> str:
    """SHA-256 over the content; comments and the order of keys do not count."""
    return hashlib.sha256(json.dumps(source, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()


def _stand(versions: list[ListVersion], number: int, content: str) -> Brought:
    there = next((version for version in versions if version.number == number), None)
    if there is None:
        return Brought.OLDER
    return Brought.SAME if there.source_hash == content else Brought.CHANGED


def _told(brought: Brought, listing: str, number: int) -> Brought:
    if brought is Brought.CHANGED:
        log.warning("list not brought in: %s %s differs from what is in force; give it a new number", listing, number)
    return brought


def _begins(versions: list[ListVersion], today: date) -> date:
    """The first day of the new version; ends the one before it. Two versions never share a day."""
    before = next((version for version in versions if version.in_force_from is not None), None)
    if before is None or before.in_force_from is None:
        return today
    starts = max(today, before.in_force_from + timedelta(days=1))
    before.in_force_to = starts - timedelta(days=1)
    before.save(update_fields=["in_force_to"])
    return starts


def _version(source: Source, content: str, starts: date) -> ListVersion:
    return ListVersion(
        listing=source["listing"],
        number=source["number"],
        title=source["title"],
        note="\n".join(text for text in (source.get("status"), source.get("law_status_note")) if text),
        drafted=source.get("drafted"),
        in_force_from=starts,
        source_hash=content,
        boundaries=source.get("boundaries", []),
    )


def _category(source: Source, row: Source) -> Source:
    wanted = row.get("category")
    found: Source | None = next((category for category in source["categories"] if category["code"] == wanted), None)
    if found is None:
        raise BadList(f"{row.get('code')}: category {wanted!r} is not among the categories")
    return found


def _item(version: ListVersion, position: int, row: Source, category: Source) -> ListItem:
    try:
        item = _unchecked_item(version, position, row, category)
    except KeyError as missing:
        raise BadList(f"{row.get('code', position)}: {missing.args[0]} is missing") from missing
    return _checked(item, item.code)


def _unchecked_item(version: ListVersion, position: int, row: Source, category: Source) -> ListItem:
    clocks = row["clocks"]
    measures = dict(row.get("measures", {}))
    if "escalates_on_refusal" in row:
        measures["escalates_on_refusal"] = row["escalates_on_refusal"]
    return ListItem(
        version=version,
        position=position,
        code=row["code"],
        category_code=category["code"],
        category_name=category["name"],
        category_name_en=category.get("name_en", ""),
        name=row["name"],
        name_en=row.get("name_en", ""),
        plain=row["plain"],
        plain_en=row.get("plain_en", ""),
        phrases=row["phrases"],
        keywords=row.get("keywords", []),
        lead=row["lead"],
        cooperating=row.get("cooperating", []),
        measures=measures,
        ladder=row.get("ladder", []),
        handling=row.get("handling", ""),
        notes=row.get("notes", ""),
        scope_check=row.get("scope_check", ""),
        prior_step=row.get("prior_step", ""),
        urgency=clocks["urgency"],
        dispatch_working_hours=clocks["dispatch_working_hours"],
        onsite_hours=clocks.get("onsite_hours"),
        recheck_days=clocks.get("recheck_days"),
        close_workdays=clocks["reply_workdays"] if "reply_workdays" in clocks else clocks["close_workdays"],
        rectify_default=clocks.get("rectify_default", ""),
        persuadable=row.get("persuadable", "yes"),
        safety_baseline=row.get("safety_baseline", False),
        police=row.get("police", False),
        tests=row.get("tests", {}),
        duties=row.get("duties", {}),
        turns_into=row.get("turns_into", []),
    )


def _bases(pairs: Iterable[tuple[ListItem, Source]]) -> Iterator[LegalBasis]:
    for item, row in pairs:
        for position, basis in enumerate(row.get("bases", [])):
            try:
                yield _checked(_basis(item, position, basis), item.code)
            except KeyError as missing:
                raise BadList(f"{item.code}, basis {position + 1}: {missing.args[0]} is missing") from missing


def _basis(item: ListItem, position: int, row: Source) -> LegalBasis:
    return LegalBasis(
        item=item,
        position=position,
        law=row["law"],
        law_code=row["law_code"],
        article=row["article"],
        kind=row["kind"],
        quote=row.get("quote", ""),
        verified=row["verified"],
        source=row.get("source", ""),
        valid_from=row.get("valid_from"),
        valid_to=row.get("valid_to"),
        applies=row.get("applies", ""),
        supersedes=row.get("supersedes", ""),
        requires_first=row.get("requires_first", []),
        unless=row.get("unless", ""),
        authority=row.get("authority", ""),
        designated=row.get("designated", False),
        places=row.get("places", []),
        fine=row.get("fine", {}),
    )


def _checked(row: Row, code: str) -> Row:
    try:
        row.clean_fields(exclude=_FREE)
    except ValidationError as wrong:
        raise BadList(
            f"{code}: " + "; ".join(f"{field}: {' '.join(why)}" for field, why in wrong.message_dict.items())
        ) from wrong
    return row


def _no_code_twice(items: list[ListItem]) -> None:
    codes = [item.code for item in items]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise BadList(f"given twice: {', '.join(twice)}")
