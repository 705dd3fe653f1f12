"""The lists as they are governed: every version, what a draft lacks, what changed, which clauses end, what was settled, which boards are old."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from django.db.models import Count, Max, Q, Sum
from django.forms.models import model_to_dict

from huiyin.records.models import Case, Compound, Designation, Entry, Law, LegalBasis, ListItem, ListVersion, Settlement
from huiyin.rules import lists as rules
from huiyin.rules.deadlines import SHANGHAI
from huiyin.rules.workflow.vocabulary import CAN_LEAD, OPEN, BodyKind, Listing, Role
from huiyin.selectors import cases, lists, places
from huiyin.selectors.memory import remembered
from huiyin.selectors.people import Actor

LOCAL_CODES = ("wuye", "zhenjie")  # who leads differs from place to place


def version(pk: int) -> ListVersion | None:
    return ListVersion.objects.filter(pk=pk).select_related("based_on", "made_by", "published_by").first()


def versions() -> list[ListVersion]:
    """Every version, drafts first, then the newest; with `many`, the number of its items."""
    rows = ListVersion.objects.select_related("made_by", "published_by").annotate(many=Count("items"))
    order = {"draft": 0, "review": 1, "published": 2, "dropped": 3}
    return sorted(rows, key=lambda row: (row.listing, order[row.state], -row.number))


def published(listing: str) -> list[ListVersion]:
    """What was, is or will be in force, newest first."""
    return list(ListVersion.objects.filter(listing=listing, state="published").order_by("-in_force_from"))


def items(pk: int) -> list[ListItem]:
    return list(ListItem.objects.filter(version=pk).order_by("position"))


def item(version: int, pk: int) -> ListItem | None:
    return ListItem.objects.filter(version=version, pk=pk).select_related("version").first()


def bases(item: int) -> list[LegalBasis]:
    return list(LegalBasis.objects.filter(item=item).order_by("position"))


def basis(item: int, pk: int) -> LegalBasis | None:
    return LegalBasis.objects.filter(item=item, pk=pk).first()


def mark(row: ListItem | LegalBasis) -> str:
    """16 hexadecimal characters that change with anything in the row: what a form carries to notice that somebody else was quicker."""
    said = json.dumps(model_to_dict(row), sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFigures:
    """What the county's own record of the last year says of an item: the three tests rest on such numbers.

    declined: cases that a department gave back at least once. median_days: from the report to the end of the work, over what ended;
    None where nothing did.
    """

    reports: int
    cases: int
    declined: int
    open: int
    median_days: float | None

    @property
    def declined_percent(self) -> int | None:
        return round(100 * self.declined / self.cases) if self.cases else None


def own_figures(code: str, at: datetime) -> OwnFigures:
    rows = Case.objects.filter(item=code, opened__gte=at - timedelta(days=365))
    found = rows.aggregate(
        reports=Sum("reports_count"),
        cases=Count("pk"),
        declined=Count("pk", filter=Q(declines__gt=0)),
        open=Count("pk", filter=Q(stage__in=OPEN)),
    )
    ended = Entry.objects.filter(case__in=rows, action="resolve").order_by().values("case").annotate(last=Max("at"))
    spans = [(last - opened) / timedelta(days=1) for opened, last in ended.values_list("case__opened", "last")]
    return OwnFigures(
        reports=found["reports"] or 0,
        cases=found["cases"],
        declined=found["declined"],
        open=found["open"],
        median_days=round(median(spans), 1) if spans else None,
    )


# ── as the rules see them ────────────────────────────────────────────────────────────────────


def matters(pk: int) -> list[rules.Matter]:
    """A version's items as the rules compare and check them, clauses with the end that their law has."""
    by_item: dict[int, list[rules.Clause]] = {}
    ends = lists.law_ends()
    for row in LegalBasis.objects.filter(item__version=pk).order_by("item", "position"):
        by_item.setdefault(row.item_id, []).append(clause(row, ends))
    return [matter(row, tuple(by_item.get(row.pk, ()))) for row in items(pk)]


def clause(row: LegalBasis, ends: Mapping[str, date]) -> rules.Clause:
    return rules.Clause(
        law=row.law,
        law_code=row.law_code,
        article=row.article,
        kind=row.kind,
        quote=row.quote,
        verified=row.verified,
        valid_from=row.valid_from,
        valid_to=lists.earlier(row.valid_to, ends.get(row.law_code)),
        applies=row.applies,
        places=tuple(row.places),
        requires_first=tuple(row.requires_first),
        unless=row.unless,
        authority=row.authority,
        designated=row.designated,
        supersedes=row.supersedes,
        source=row.source,
        fine=row.fine,
    )


def matter(row: ListItem, clauses: tuple[rules.Clause, ...] = ()) -> rules.Matter:
    return rules.Matter(
        code=row.code,
        category_code=row.category_code,
        category=row.category_name,
        category_en=row.category_name_en,
        name=row.name,
        name_en=row.name_en,
        plain=row.plain,
        plain_en=row.plain_en,
        phrases=tuple(row.phrases),
        keywords=tuple(row.keywords),
        lead=row.lead,
        cooperating=tuple(row.cooperating),
        duties=row.duties,
        measures=row.measures,
        ladder=tuple(row.ladder),
        handling=row.handling,
        notes=row.notes,
        scope_check=row.scope_check,
        prior_step=row.prior_step,
        urgency=row.urgency,
        dispatch_working_hours=f"{row.dispatch_working_hours.normalize():f}",
        onsite_hours=row.onsite_hours,
        recheck_days=row.recheck_days,
        close_workdays=row.close_workdays,
        rectify_default=row.rectify_default,
        persuadable=row.persuadable,
        safety_baseline=row.safety_baseline,
        police=row.police,
        tests=row.tests,
        turns_into=tuple(row.turns_into),
        clauses=clauses,
    )


def problems_of(pk: int, day: date) -> list[rules.Problem]:
    """What keeps a version from being in force from `day` on, and what is only worth knowing."""
    row = ListVersion.objects.get(pk=pk)
    return rules.problems(Listing(row.listing), matters(pk), day, known(row, day))


def known(row: ListVersion, day: date) -> rules.Known:
    """What the county says about a list: who may lead, which codes are used up, whom it designated by that day."""
    bodies = [body for body in places.bodies().values() if body.active]
    able = frozenset(body.code for body in bodies if BodyKind(body.kind) in CAN_LEAD and body.kind != BodyKind.COMMUNITY)
    others = ListItem.objects.filter(version__state="published").exclude(version__listing=row.listing)
    now = others.filter(version__in_force_from__lte=day).filter(
        Q(version__in_force_to__isnull=True) | Q(version__in_force_to__gte=day)
    )
    return rules.Known(
        leads=able | frozenset(LOCAL_CODES),
        partners=frozenset(body.code for body in bodies if body.kind in {BodyKind.UTILITY, BodyKind.COURT}),
        retired=retired(),
        others={code: tuple(turns) for code, turns in now.values_list("code", "turns_into")},
        designated=frozenset((made.law_code, made.article) for made in designations(day)),
    )


def retired() -> dict[str, str]:
    """Codes of either list that were published and that the newest version of their list no longer has."""
    rows = ListItem.objects.filter(version__state="published").order_by("version__in_force_from")
    told = list(rows.values_list("code", "name", "version__listing", "version_id"))
    newest = {listing: version for _code, _name, listing, version in told}
    kept = {code for code, _name, listing, version in told if newest[listing] == version}
    return {code: name for code, name, _listing, _version in told if code not in kept}


def differences(pk: int, other: int | None) -> list[rules.Difference]:
    """What a version changes against another, or against nothing; bodies by their names."""
    return rules.differences(matters(other) if other else [], matters(pk), called())


def called() -> dict[str, str]:
    """What the codes of a list are called: bodies by their short names, and leads that differ from place to place."""
    bodies = {body.code: body.short_name or body.name for body in places.bodies().values()}
    return {**bodies, "wuye": "小区物业", "zhenjie": "乡镇街道"}


def announced(today: date) -> list[ListVersion]:
    """Versions that are published and not in force yet, the nearest first."""
    return list(ListVersion.objects.filter(state="published", in_force_from__gt=today).order_by("in_force_from", "listing"))


# ── laws ─────────────────────────────────────────────────────────────────────────────────────


def laws() -> list[Law]:
    """The register, with `many`, how many items in force or in drafts cite each."""
    cited = (
        LegalBasis.objects.exclude(item__version__state="dropped")
        .values("law_code")
        .annotate(many=Count("item__code", distinct=True))
    )
    counts = {row["law_code"]: row["many"] for row in cited}
    rows = list(Law.objects.order_by("name"))
    for row in rows:
        row.many = counts.get(row.code, 0)  # type: ignore[attr-defined]  # for the page
    return rows


def law(pk: int) -> Law | None:
    return Law.objects.filter(pk=pk).first()


def designations(day: date | None = None) -> list[Designation]:
    """Whom the county designated; with a day, what holds on it."""
    rows = Designation.objects.select_related("body")
    if day is not None:
        rows = rows.filter(starts__lte=day).filter(Q(ends__isnull=True) | Q(ends__gte=day))
    return list(rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDo:
    """What a list in force needs from somebody."""

    version: ListVersion
    endings: list[rules.Ending]
    undesignated: list[tuple[str, rules.Clause]]


@remembered
def to_do(today: date) -> list[ToDo]:
    """Clauses that end with nothing in their place, and clauses that need a designation; by list in force."""
    named = frozenset((made.law_code, made.article) for made in designations(today))
    tree = lists.in_force(today)
    found = []
    for listing, row in tree.versions.items():
        all_of_it = [_listed(tree, one) for one in tree.of(listing)]
        open_ones = {
            (one.code, clause.law_code, clause.article): (one.code, clause)
            for one in all_of_it
            for clause in one.clauses
            if clause.designated and clause.in_force(today) and (clause.law_code, clause.article) not in named
        }
        found.append(ToDo(version=row, endings=rules.endings(all_of_it, today), undesignated=list(open_ones.values())))
    return found


def _listed(tree: lists.ListTree, row: ListItem) -> rules.Matter:
    """An item of a list in force with its clauses; the tree knows the ends of their laws."""
    return matter(row, tuple(clause(basis, {}) for basis in tree.bases.get(row.pk, ())))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """An item in force that cites a law. `bare`: when the law ends, nothing is left that it can rest on; None: no end is known."""

    item: ListItem
    clauses: list[rules.Clause]
    bare: bool | None


def citing(law: Law, today: date) -> list[Cited]:
    """The items in force that cite a law, in list order."""
    tree = lists.in_force(today)
    found = []
    for row in tree.items.values():
        one = _listed(tree, row)
        clauses = [clause for clause in one.clauses if clause.law_code == law.code]
        if clauses:
            bare = rules.is_bare(one, max(law.valid_to, today)) if law.valid_to else None
            found.append(Cited(item=row, clauses=clauses, bare=bare))
    return found


def designation(pk: int) -> Designation | None:
    return Designation.objects.filter(pk=pk).select_related("body").first()


def designable() -> list[tuple[str, str, str]]:
    """(law code, article, law) of every clause that leaves the department to the county, in lists that are published or drafted."""
    rows = LegalBasis.objects.filter(designated=True).exclude(item__version__state="dropped")
    found = {(code, article): name for code, article, name in rows.values_list("law_code", "article", "law")}
    return sorted((code, article, name) for (code, article), name in found.items())


# ── settlements and boards ───────────────────────────────────────────────────────────────────


def settlements(item: str = "") -> list[Settlement]:
    """What was settled, newest first; of one item where it is named."""
    rows = Settlement.objects.select_related("lead", "by_list", "case", "case__compound")
    return list((rows.filter(item=item) if item else rows).order_by("-at")[:50])


def in_sight(actor: Actor, at: datetime, found: list[Settlement]) -> set[int]:
    """The ids of those cases, among the ones that were settled, that an actor may open."""
    return set(cases.visible_to(actor, at).filter(pk__in=[kept.case_id for kept in found]).values_list("pk", flat=True))


@remembered
def settled() -> dict[str, Settlement]:
    """How each item was settled last, by its code."""
    rows = Settlement.objects.select_related("lead", "case").order_by("at")
    return {row.item: row for row in rows}


def settled_like(item: str, excluding: int) -> Settlement | None:
    """How the same matter was settled last, if that was in another case."""
    kept = settled().get(item)
    return kept if kept is not None and kept.case_id != excluding else None


def grounds(actor: Actor) -> set[int]:
    """The communities whose boards somebody hangs up: a clerk's own, a township's for its clerks."""
    posted = [posting for posting in actor.postings if posting.role is Role.COM]
    return {
        row.pk
        for row in places.communities().values()
        for posting in posted
        if posting.community == row.pk or (posting.community is None and posting.body in {row.office_id, row.township_id})
    }


def stale_boards(at: datetime, communities: list[int] | None = None) -> list[Compound]:
    """Compounds whose service board was printed before the lists in force today."""
    versions_now = lists.in_force(at.astimezone(SHANGHAI).date()).versions.values()
    newest = max((row.in_force_from for row in versions_now if row.in_force_from), default=None)
    if newest is None:
        return []
    rows = Compound.objects.filter(active=True).filter(Q(board_at__isnull=True) | Q(board_at__lt=newest)).defer("outline")
    if communities is not None:
        rows = rows.filter(community_id__in=communities)
    return list(rows.select_related("community").order_by("community__name", "name"))
