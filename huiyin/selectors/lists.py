"""The two lists in force on a day, as one remembered tree, and what triage makes of a message against them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Any

from django.db.models import OuterRef, Q, Subquery

from huiyin.records.models import Designation, Law, LegalBasis, ListItem, ListVersion, TriageModel
from huiyin.rules import triage
from huiyin.rules.roles import Place
from huiyin.rules.triage import Index, ItemText, Suggested
from huiyin.rules.workflow.acts import Basis, Item
from huiyin.rules.workflow.vocabulary import Listing
from huiyin.selectors import elsewhere, places
from huiyin.selectors.memory import remembered


@dataclass(frozen=True, slots=True)
class ListTree:
    """Both lists: versions by listing, items by code in list order, clauses by item id."""

    versions: Mapping[str, ListVersion]
    items: Mapping[str, ListItem]
    bases: Mapping[int, tuple[LegalBasis, ...]]

    def of(self, listing: str) -> list[ListItem]:
        version = self.versions.get(listing)
        return [item for item in self.items.values() if version and item.version_id == version.pk]


@remembered
def in_force(day: date) -> ListTree:
    """The versions in force that day; a list without one is simply absent."""
    versions = ListVersion.objects.filter(in_force_from__lte=day).filter(Q(in_force_to__isnull=True) | Q(in_force_to__gte=day))
    newest = {version.listing: version for version in versions.order_by("in_force_from", "number")}
    return _tree(newest)


@remembered
def version(pk: int) -> ListTree:
    """One version, as cases keep the one they were assigned under."""
    row = ListVersion.objects.get(pk=pk)
    return _tree({row.listing: row})


@remembered
def designated() -> dict[tuple[str, str], tuple[tuple[int, date, date | None], ...]]:
    """By law code and article, the bodies that the county designated, with their first and last day."""
    found: dict[tuple[str, str], tuple[tuple[int, date, date | None], ...]] = {}
    for row in Designation.objects.order_by("starts"):
        key = row.law_code, row.article
        found[key] = (*found.get(key, ()), (row.body_id, row.starts, row.ends))
    return found


@remembered
def law_ends() -> dict[str, date]:
    """First days on which laws no longer apply, by law code."""
    return {code: day for code, day in Law.objects.values_list("code", "valid_to") if day is not None}


def earlier(one: date | None, other: date | None) -> date | None:
    """The earlier of two ends; None is no end."""
    return min((day for day in (one, other) if day is not None), default=None)


def _tree(versions: Mapping[str, ListVersion]) -> ListTree:
    ids = [row.pk for row in versions.values()]
    items = {
        item.code: item
        for item in ListItem.objects.filter(version__in=ids).select_related("version").order_by("version__listing", "position")
    }
    bases: dict[int, list[LegalBasis]] = {}
    law_end = Subquery(Law.objects.filter(code=OuterRef("law_code")).values("valid_to")[:1])
    for basis in LegalBasis.objects.filter(item__version__in=ids).annotate(law_end=law_end).order_by("item", "position"):
        basis.valid_to = earlier(basis.valid_to, basis.law_end)
        bases.setdefault(basis.item_id, []).append(basis)
    return ListTree(versions, items, {pk: tuple(rows) for pk, rows in bases.items()})


def find(code: str, day: date) -> ListItem | None:
    return in_force(day).items.get(code)


def rule_item(item: ListItem, at: Place) -> Item:
    return Item(
        code=item.code,
        listing=Listing(item.version.listing),
        version=item.version_id,
        lead=item.lead,
        lead_body=places.lead_body(item.lead, at),
        safety_baseline=item.safety_baseline,
        police=item.police,
        close_workdays=item.close_workdays,
        measures=item.measures,
    )


def cooperating_bodies(item: ListItem, at: Place, lead: int | None) -> list[int]:
    """Who cooperates here: the list's codes as bodies of this place, without the lead and without the court (a partner)."""
    found = {places.lead_body(code, at) for code in item.cooperating if code != "fayuan"}
    return sorted(body for body in found if body is not None and body != lead)


def rule_bases(item: ListItem, tree: ListTree) -> dict[int, Basis]:
    return {
        row.pk: Basis(
            id=row.pk,
            item=item.code,
            label=f"{row.law}{row.article}",
            kind=row.kind,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            applies=row.applies,
            places=frozenset(row.places),
            law_code=row.law_code,
            quote=row.quote,
            requires_first=frozenset(row.requires_first),
            unless=row.unless,
            fine=row.fine,
            designated=designated().get((row.law_code, row.article), ()),
        )
        for row in tree.bases.get(item.pk, ())
    }


def item_of(case: Any, day: date) -> tuple[ListItem | None, ListTree | None]:
    """The item of a case in the version it was assigned under; before that, none."""
    if not case.item or case.version_id is None:
        return None, None
    tree = version(case.version_id)
    return tree.items.get(case.item), tree


def catalogue(day: date) -> tuple[list[ItemText], tuple[triage.Elsewhere, ...]]:
    """What the lists in force that day, and the bank of matters on none, say in words."""
    items = in_force(day).items.values()
    return [
        ItemText(code=item.code, name=item.name, plain=item.plain, phrases=tuple(item.phrases), keywords=tuple(item.keywords))
        for item in items
    ], tuple(kind.text for kind in elsewhere.kinds().values())


@remembered
def index(day: date) -> Index:
    """The triage index over the items in force that day, with the newest weights that were learnt for them."""
    items, others = catalogue(day)
    version = triage.catalogue_version(items, others)
    newest = TriageModel.objects.filter(catalogue=version).exclude(weights=None).order_by("-made_at", "-pk")
    learnt = newest.values_list("version", flat=True).first()
    return _built(version, learnt or "", items, others)


_BUILT: dict[tuple[str, str], Index] = {}
_BUILDING = Lock()


def _built(version: str, learnt: str, items: list[ItemText], others: tuple[triage.Elsewhere, ...]) -> Index:
    """One index per process, made anew only when the words or the weights changed. Whoever asks while it is being made waits for it:
    two threads that both made one could each take away what the other was about to return."""
    key = (version, learnt)
    with _BUILDING:
        made = _BUILT.get(key)
        if made is None:
            content = TriageModel.objects.values_list("weights", flat=True).get(version=learnt) if learnt else None
            weights = triage.Weights.unpack(bytes(content)) if content else None
            made = Index.build(items, others, weights, elsewhere.asides())
            _BUILT.clear()
            _BUILT[key] = made
        return made


def suggest(text: str, day: date) -> Suggested:
    """Up to three items for a message, best first, and where it may belong when it is on neither list."""
    return index(day).suggest(text)
