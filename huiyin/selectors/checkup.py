"""清单体检: how well the lists and their words do, from what was suggested, what clerks chose, what was given away, and what nobody used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Q

from huiyin.records.models import Case, Entry, ListItem, Suggestion, TriageModel, Words
from huiyin.rules.deadlines import SHANGHAI
from huiyin.rules.intervals import Share
from huiyin.rules.wordings import missing_words
from huiyin.selectors import lists

YEAR = timedelta(days=365)
PAIRS = 12
READ = 400  # reports of one item that are looked at for its words
UNMATCHED = 30
OFTEN = 3  # given away so often in a year, an item is worth a look


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """How suggestions fared among confirmed reports: first choice right, right among three, and how often it said 不在清单."""

    top1: Share
    top3: Share
    abstained: Share
    off_list: Share  # of those it put off the lists, how many the clerk did not take on either


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Suggested first as one item, chosen as another."""

    said: str
    chosen: str
    many: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenAway:
    """An item whose cases were declined or put under another item."""

    item: str
    declined: int
    reclassified: int
    cases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmatched:
    """A report that triage found on no list: what became of it. Words are read on the case, by who may."""

    number: str
    at: datetime
    chosen: str
    refused: str


def live(since: datetime, index: str = "") -> Live:
    """Among reports that a clerk has confirmed since then; of one model version where it is named."""
    rows = Suggestion.objects.filter(chosen_at__gte=since)
    if index:
        rows = rows.filter(index=index)
    found = rows.aggregate(
        every=Count("pk"),
        taken_on=Count("pk", filter=~Q(chosen="")),
        right=Count("pk", filter=~Q(chosen="") & Q(chosen=F("first"))),
        among=Count("pk", filter=~Q(chosen="") & (Q(chosen=F("first")) | Q(chosen=F("second")) | Q(chosen=F("third")))),
        silent=Count("pk", filter=Q(in_scope=False)),
        rightly=Count("pk", filter=Q(in_scope=False, chosen="")),
    )
    return Live(
        top1=Share(found["right"], found["taken_on"]),
        top3=Share(found["among"], found["taken_on"]),
        abstained=Share(found["silent"], found["every"]),
        off_list=Share(found["rightly"], found["silent"]),
    )


def models() -> list[TriageModel]:
    """What was learnt, newest first, without the weights."""
    return list(TriageModel.objects.defer("weights").order_by("-made_at")[:20])


def pairs(since: datetime) -> list[Pair]:
    """Which two matters are mixed up most often."""
    rows = Suggestion.objects.filter(chosen_at__gte=since).exclude(chosen="").exclude(first="").exclude(chosen=F("first"))
    counted = rows.values("first", "chosen").annotate(many=Count("pk")).order_by("-many", "first", "chosen")[:PAIRS]
    return [Pair(said=row["first"], chosen=row["chosen"], many=row["many"]) for row in counted]


def unmatched(since: datetime) -> tuple[int, list[Unmatched]]:
    """How many reports were found on no list, and the newest of them."""
    rows = Suggestion.objects.filter(report__at__gte=since, in_scope=False)
    newest = rows.select_related("report__case").order_by("-pk")[:UNMATCHED]
    return rows.count(), [
        Unmatched(number=row.report.case.number, at=row.report.at, chosen=row.chosen, refused=row.refused) for row in newest
    ]


def given_away(since: datetime) -> list[GivenAway]:
    """Items whose cases were handed on OFTEN or more, most often first."""
    acts: Counter[tuple[str, str]] = Counter()
    for action, item in Entry.objects.filter(at__gte=since, action__in=["decline", "reclassify"]).values_list(
        "action", "case__item"
    ):
        acts[item, action] += 1
    cases = dict(Case.objects.filter(opened__gte=since).exclude(item="").values_list("item").annotate(many=Count("pk")))
    items = {item for item, _ in acts if item}
    found = [
        GivenAway(item=item, declined=acts[item, "decline"], reclassified=acts[item, "reclassify"], cases=cases.get(item, 0))
        for item in items
    ]
    often = [one for one in found if one.declined + one.reclassified >= OFTEN]
    return sorted(often, key=lambda one: (-(one.declined + one.reclassified), one.item))


def unused(at: datetime) -> list[ListItem]:
    """Items in force for a year that no case was put under in that year."""
    today = at.astimezone(SHANGHAI).date()
    used = set(Case.objects.filter(opened__gte=at - YEAR).exclude(item="").values_list("item", flat=True).distinct())
    return [item for item in lists.in_force(today).items.values() if item.code not in used and _is_old(item, today)]


def _is_old(item: ListItem, today: date) -> bool:
    """A code that has been published for a year already, in this version or an earlier one."""
    first = ListItem.objects.filter(code=item.code, version__state="published").order_by("version__in_force_from")
    began = first.values_list("version__in_force_from", flat=True).first()
    return began is not None and began <= today - YEAR


def unfound(figures: Mapping[str, object]) -> list[tuple[str, float]]:
    """Items whose own phrases, left out once, do not find them: (code, share found), worst first; from the newest model's figures."""
    items = figures.get("items", {})
    rows = items.items() if isinstance(items, Mapping) else ()
    return sorted(((code, float(share)) for code, share in rows if float(share) < 0.7), key=lambda row: row[1])


def proposed_words(item: str, since: datetime, today: date) -> list[str]:
    """Words that at least three reports of this item use and its list of today does not know; see rules.wordings."""
    known = lists.in_force(today).items.get(item) or next(
        iter(ListItem.objects.filter(code=item, version__state="published").order_by("-version__in_force_from")), None
    )
    if known is None:
        return []
    spoken = [known.name, known.plain, *known.phrases, *known.keywords]
    return missing_words(_texts(since, item=item), _texts(since, not_item=item), spoken)


def _texts(since: datetime, *, item: str = "", not_item: str = "") -> list[str]:
    rows = Words.objects.filter(seq=1, field="words", masked_at=None, case__opened__gte=since).exclude(case__item="")
    rows = rows.filter(case__item=item) if item else rows.exclude(case__item=not_item)
    return list(rows.order_by("-pk").values_list("text", flat=True)[:READ])


def names(codes: Iterable[str], today: date) -> dict[str, str]:
    """Codes with what they are called in force that day; a code that is gone stands for itself."""
    items = lists.in_force(today).items
    return {code: items[code].name if code in items else code for code in codes}
