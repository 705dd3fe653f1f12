"""What has been kept long enough, and what soon will have been, by the county's own days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from huiyin.records.models import Attachment, Case, Document, Entry, Party, Report, Reporter, Retention, Words
from huiyin.rules import retention
from huiyin.rules.retention import CLASSES, Keeping

FOR_THE_ARCHIVE = ("open_file", "spot_penalty", "seize", "decide", "enforce")
MOST = 1000  # cases that are counted for the page


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A class with the county's days (None: for ever), who set them when, and what goes in the next month."""

    rule: Keeping
    days: int | None
    changed: datetime | None
    many: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """One case of which something goes, and when."""

    number: str
    item: str
    code: str
    filed: datetime
    goes: datetime


def days() -> dict[str, int | None]:
    """By class: how many days a case is kept after it was filed; None for ever. A number that may not be set counts as for ever."""
    return _set()[0]


def _set() -> tuple[dict[str, int | None], dict[str, datetime | None]]:
    found: dict[str, int | None] = {code: rule.days for code, rule in CLASSES.items()}
    changed: dict[str, datetime | None] = {}
    for row in Retention.objects.all():
        if row.code in CLASSES:
            found[row.code] = row.days if retention.may_set(row.code, row.days) else None
            changed[row.code] = row.changed_at
    return found, changed


def due(code: str, before: datetime) -> QuerySet[Case]:
    """Filed cases of a class, filed before a moment, of which there is still something to erase; longest filed first."""
    rows = Case.objects.filter(stage="closed", since__lt=before).filter(_of(code)).order_by("since", "pk")
    if code != retention.FILED:  # what the copies keep to themselves (police records) the ledger knows
        rows = rows.exclude(Exists(Entry.objects.filter(case=OuterRef("pk"), action__in=FOR_THE_ARCHIVE)))
    if CLASSES[code].what == "contact":
        return rows.filter(Exists(Reporter.objects.filter(report__case=OuterRef("pk"), masked_at=None)))
    mine = {"case": OuterRef("pk"), "masked_at": None}
    left = [
        Exists(Words.objects.filter(**mine)),
        Exists(Attachment.objects.filter(**mine)),
        Exists(Document.objects.filter(**mine)),
        Exists(Party.objects.filter(**mine)),
        Exists(Reporter.objects.filter(report__case=OuterRef("pk"), masked_at=None)),
        Exists(Report.objects.filter(case=OuterRef("pk")).exclude(building="", unit="", place_words="")),
    ]
    some = Q(left[0])
    for one in left[1:]:
        some |= Q(one)
    return rows.filter(some)


def _of(code: str) -> Q:
    """A merged case goes with the one it was merged into, once that is filed too."""
    merged = Q(outcome="merged", survivor__stage="closed") & _class(code, "survivor__")
    return merged | (~Q(outcome="merged") & _class(code, ""))


def _class(code: str, prefix: str) -> Q:
    def where(**conditions: object) -> Q:
        return Q(**{f"{prefix}{name}": value for name, value in conditions.items()})

    # The row says only what the lead may know; a file that the police have in another's case keeps the case as any file does.
    files = Entry.objects.filter(case=OuterRef(f"{prefix}pk"), action__in=["open_file", "spot_penalty", "seize"])
    filed = where(filed=True) | where(tier="coerced") | where(outcome="punished") | Q(Exists(files))
    match code:
        case retention.CONTACT:
            return ~filed
        case retention.FILED:
            return filed
        case retention.OTHER:
            return ~filed & where(tier="")
    return ~filed & where(tier=code)


def ripe(at: datetime, limit: int) -> list[tuple[str, str]]:
    """(number, what goes) of cases that have been kept long enough."""
    found: list[tuple[str, str]] = []
    for code, many in days().items():
        if many is not None and not CLASSES[code].fixed and len(found) < limit:
            rows = due(code, retention.before(many, at)).values_list("number", flat=True)[: limit - len(found)]
            found += [(number, CLASSES[code].what) for number in rows]
    return list(dict.fromkeys(found))


def overview(at: datetime, within: timedelta, limit: int) -> tuple[list[Kept], list[Going]]:
    """Every class with how many cases lose something within a time (MOST at most are counted), and the first `limit` of them, soonest
    first. One query, and one for each class that goes at all."""
    set_days, changed = _set()
    classes: list[Kept] = []
    found: list[Going] = []
    for code, many in set_days.items():
        rows: list[tuple[str, str, datetime]] = []
        if many is not None and not CLASSES[code].fixed:
            rows = list(due(code, retention.before(many, at + within)).values_list("number", "item_name", "since")[:MOST])
            found += [
                Going(number=number, item=item, code=code, filed=since, goes=max(since + timedelta(days=many), at))
                for number, item, since in rows
            ]
        classes.append(Kept(rule=CLASSES[code], days=many, changed=changed.get(code), many=len(rows)))
    return classes, sorted(found, key=lambda one: (one.goes, one.number))[:limit]
