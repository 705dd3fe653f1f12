"""What residents may see: their own report's way in plain words, similar matters nearby, a compound's board."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiyin.records.models import Attachment, Case, Community, Compound, ListItem, Publication, Report
from huiyin.rules import ledger
from huiyin.rules.deadlines import SHANGHAI
from huiyin.rules.evidence import PHOTOS
from huiyin.rules.workflow.guards.ending import dispute_over
from huiyin.rules.workflow.vocabulary import OPEN, Outcome, Stage
from huiyin.selectors import cases, duplicates, lists, places
from huiyin.selectors.cases import Dossier
from huiyin.selectors.plain_words import Line, lines, short_day

NEARBY = 3
FEW = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A resident's view of their report: where it stands, who holds it, what was done, what they can do now."""

    report: int
    number: str
    title: str
    place: str
    stage: Stage
    steps: list[tuple[str, date | None, str]]
    headline: str
    holder: str
    holder_phone: str
    station_phone: str
    promised: datetime | None
    reply: str
    replied_by: str
    replied_at: datetime | None
    lines: list[Line]
    mine: list[Attachment]
    after: list[Attachment]
    question: str
    looks: int
    may_judge: bool
    may_dispute: bool
    may_add: bool
    may_retract: bool
    dispute_until: datetime | None
    satisfied: bool | None
    moved: bool
    withdrawn: bool
    given: str


PUBLISHED_PAGE = 30


def published_decisions(page: int) -> tuple[list[Publication], bool]:
    """One page (from 1) of decisions made public, the newest first, and whether there are more. Two queries at most."""
    start = (max(page, 1) - 1) * PUBLISHED_PAGE
    rows = list(Publication.objects.select_related("body").order_by("-published_at", "-pk")[start : start + PUBLISHED_PAGE + 1])
    return rows[:PUBLISHED_PAGE], len(rows) > PUBLISHED_PAGE


def anything_published() -> bool:
    return Publication.objects.exists()


def item_name(case: Case) -> str:
    """The case's item, or the one its reporter chose, in the reader's language; empty where there is neither."""
    if (get_language() or "").startswith("en"):
        day = case.opened.astimezone(SHANGHAI).date()
        item, _tree = lists.item_of(case, day)
        item = item or (lists.find(case.suggested, day) if case.suggested and not case.item else None)
        if item is not None and item.name_en:
            return item.name_en
    return case.item_name


def report(pk: int) -> Report | None:
    return Report.objects.select_related("case").filter(pk=pk).first()


def way(pk: int, at: datetime) -> Way | None:
    """The way of one report, at its case of today (a merged case leads to the survivor, a split one to its own). ≤ 8 queries."""
    mine = Report.objects.select_related("case__compound", "case__community", "case__lead").filter(pk=pk).first()
    if mine is None:
        return None
    dossier = cases.load_for(mine.case, None, at)
    return _way(mine, dossier, at)


def _way(mine: Report, dossier: Dossier, at: datetime) -> Way:
    state, case = dossier.state, dossier.case
    given = state.reports.get(mine.pk)
    lead = places.bodies().get(state.lead or 0)
    asked = next(
        (entry for entry in reversed(state.did("ask")) if state.questions and state.questions[-1].answered is None), None
    )
    echo = state.entry(state.echo_seq) if state.echo_seq and state.stage in {Stage.ECHOED, Stage.CLOSED} else None
    writer = dossier.who(echo) if echo else None
    withdrawn = bool(given and given.withdrawn)
    over = dispute_over(state, mine.pk)
    may_dispute = state.stage is Stage.ECHOED and not state.upheld and not withdrawn and (over is None or at < over)
    return Way(
        report=mine.pk,
        number=mine.number,
        title=item_name(case) or _("您反映的事"),
        place=_place(mine, case),
        stage=state.stage,
        steps=_steps(state),
        headline=_headline(dossier, withdrawn),
        holder=lead.name if lead else case.community.station_name or case.community.name if case.community else "",
        station_phone=case.community.station_phone if case.community else "",
        holder_phone=lead.phone if lead else case.community.station_phone if case.community else "",
        promised=case.due_resolution
        if state.stage in {Stage.ASSIGNED, Stage.HANDLING}
        else case.due_next
        if state.stage in OPEN
        else None,
        reply=dossier.text(echo.seq, "reply") if echo else "",
        replied_by=writer.body_name if writer else "",
        replied_at=echo.at if echo else None,
        lines=lines(mine, dossier),
        mine=[kept for kept in _photos(dossier) if kept.report_id == mine.pk],
        after=[kept for kept in _photos(dossier) if kept.report_id is None and kept.pk in _shown(state.did("echo"))],
        question=dossier.text(asked.seq, "question") if asked else "",
        looks=mine.looks,
        may_judge=state.stage is Stage.ECHOED and not withdrawn,
        may_dispute=may_dispute,
        may_add=state.stage in OPEN | {Stage.RESOLVED, Stage.ECHOED} and not withdrawn,
        may_retract=state.stage in OPEN and not withdrawn,
        dispute_until=over - timedelta(microseconds=1) if over is not None and may_dispute else None,
        satisfied=given.satisfied if given else None,
        moved=case.number != mine.number,
        withdrawn=withdrawn,
        given=dossier.text(_own_entry(mine, state), "words") or dossier.text(1, f"words@{mine.pk}"),
    )


def _shown(echoes: Iterable[ledger.Entry]) -> frozenset[int]:
    """Photos that an answer shows to the reporters."""
    return frozenset(pk for echo in echoes for pk in echo.data.get("photos", ()))


def _own_entry(mine: Report, state: ledger.State) -> int:
    return next((entry.seq for entry in state.did("report", "join") if entry.data.get("report") == mine.pk), 0)


def _place(mine: Report, case: Case) -> str:
    parts = [case.compound.name if case.compound else mine.place_words, mine.building]
    return " ".join(part for part in parts if part)


def _photos(dossier: Dossier) -> Iterable[Attachment]:
    return (kept for rows in dossier.attachments.values() for kept in rows if kept.state != "masked" and kept.kind in PHOTOS)


_FIVE = (Stage.REPORTED, Stage.ASSIGNED, Stage.HANDLING, Stage.RESOLVED, Stage.ECHOED)


def _steps(state: ledger.State) -> list[tuple[str, date | None, str]]:
    reached = {Stage.REPORTED: state.opened}
    for entry in state.entries:
        if entry.to is not None:
            reached[entry.to] = entry.at
    now = Stage.ECHOED if state.stage is Stage.CLOSED else state.stage
    place = _FIVE.index(now)
    return [
        (
            stage.value,
            reached[stage].astimezone(SHANGHAI).date() if stage in reached and number <= place else None,
            "now" if stage is now else "did" if number < place and stage in reached else "",
        )
        for number, stage in enumerate(_FIVE)
    ]


def _headline(dossier: Dossier, withdrawn: bool) -> str:
    state = dossier.state
    lead = places.bodies().get(state.lead or 0)
    name = lead.name if lead else ""
    if withdrawn:
        return _("您已经撤回这条反映。")
    if state.upheld:
        return _("县里再次答复，维持原来的结果。还想反映，可以按答复里写的途径。")
    match state.stage:
        case Stage.REPORTED if state.disputes:
            return _("您说没解决，我们在重新看。")
        case Stage.REPORTED:
            return _("收到了，正在找该管的部门。")
        case Stage.ASSIGNED:
            return _("这件事归%(name)s管，正等他们接手。") % {"name": name}
        case Stage.HANDLING if state.paused:
            return _("办理暂停到%(day)s，到时接着办。") % {"day": short_day(state.paused.until)}
        case Stage.HANDLING if state.disputes:
            return _("有人说没解决，%(name)s在重新办。") % {"name": name}
        case Stage.HANDLING:
            return _("%(name)s正在办。") % {"name": name}
        case Stage.RESOLVED if state.outcome is Outcome.REFUSED:
            return _("这件事不归这里受理，正在写回音告诉您找谁。")
        case Stage.RESOLVED if state.outcome is Outcome.TRANSFERRED:
            return _("这件事移送给别的单位了，正在给您写回音。")
        case Stage.RESOLVED:
            return _("办完了，正在给您写回音。")
        case _:
            return _("给您回音了。")


# ── nearby, boards, lists ────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearby:
    """A matter of somebody else: item, compound and week only. The number is empty where nobody may join."""

    number: str
    item: str
    compound: str
    weeks: int


def nearby(compound: int, text: str, items: Sequence[str], at: datetime) -> list[Nearby]:
    """Up to three open cases of these items here or next door that `text` may be about, the likeliest first; never police items, and none
    before a clerk has confirmed the item."""
    return [
        Nearby(
            number=case.number,
            item=item_name(case),
            compound=places.compounds()[case.compound_id].name if case.compound_id else "",
            weeks=max(0, (at - case.opened).days // 7),
        )
        for case in duplicates.joinable_near(compound, text, items, at)[:NEARBY]
    ]


def joinable(number: str) -> Case | None:
    """An open case a resident may join: confirmed item, no police matter."""
    found = Case.objects.filter(number=number, stage__in=["assigned", "handling"], police=False).exclude(item="")
    return found.select_related("compound").first()


def recent_echoes(at: datetime, limit: int = 3) -> list[Nearby]:
    """Matters lately answered, shown by item, compound and week only; no police items, no refusals."""
    kept = [Outcome.STOPPED, Outcome.CORRECTED, Outcome.COORDINATED, Outcome.DEALT_WITH, Outcome.REPAIRED]
    newest = Case.objects.filter(stage__in=["echoed", "closed"], police=False, outcome__in=kept)
    return [
        Nearby(
            number="",
            item=item_name(case),
            compound=case.compound.name if case.compound else "",
            weeks=max(0, (at - case.since).days // 7),
        )
        for case in newest.select_related("compound").order_by("-pk")[:limit]
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A compound's service board."""

    compound: Compound
    community: Community
    firm: Any
    supervisor: str
    supervisor_phone: str
    contact: str
    contact_phone: str
    departments: list[tuple[Any, list[ListItem]]]
    services: list[ListItem]
    counts: list[tuple[str, str]] = field(default_factory=list)


def board(code: str, at: datetime) -> Board | None:
    compound = (
        Compound.objects.select_related("community__supervisor", "community__contact").filter(code=code, active=True).first()
    )
    if compound is None:
        return None
    day = at.astimezone(SHANGHAI).date()
    here = places.place(compound.pk, compound.community_id, day)
    tree = lists.in_force(day)
    by_body: dict[int, list[ListItem]] = {}
    for item in tree.of("enforcement"):
        lead = places.lead_body(item.lead, here)
        if lead is not None:
            by_body.setdefault(lead, []).append(item)
    community = compound.community
    return Board(
        compound=compound,
        community=community,
        firm=places.bodies().get(here.firm or 0),
        supervisor=community.supervisor.name if community.supervisor else "",
        supervisor_phone=community.supervisor.desk_phone if community.supervisor else "",
        contact=community.contact.name if community.contact else "",
        contact_phone=community.contact.desk_phone if community.contact else community.station_phone,
        departments=[(places.bodies()[pk], items) for pk, items in by_body.items()],
        services=tree.of("service"),
        counts=_counts(compound.pk, at),
    )


def _counts(compound: int, at: datetime) -> list[tuple[str, str]]:
    """Answered matters of the last 90 days by item; fewer than five are not counted out."""
    since = at - timedelta(days=90)
    rows = (
        Case.objects.filter(compound_id=compound, stage__in=["echoed", "closed"], police=False, opened__gte=since)
        .exclude(item="")
        .values_list("item", "item_name")
        .annotate(many=Count("pk"))
        .order_by("-many")[:8]
    )
    english = (get_language() or "").startswith("en")
    items = lists.in_force(at.astimezone(SHANGHAI).date()).items
    return [
        (items[code].name_en if english and code in items else name, str(many) if many >= FEW else _("少于 5"))
        for code, name, many in rows
    ]


def photo_for(report_pk: int, photo: int) -> Attachment | None:
    """A copy this reporter may see: their own, or one of staff that an answer shows, of their report's case of today."""
    kept = Attachment.objects.filter(pk=photo, state="ready", kind__in=PHOTOS, case__reports=report_pk).first()
    if kept is None or kept.report_id == report_pk:
        return kept
    echoes = [entry for entry in cases.entries_of(kept.case_id or 0) if entry.action == "echo"]
    return kept if kept.report_id is None and kept.pk in _shown(echoes) else None


def outlines() -> list[dict[str, Any]]:
    """For the map: every compound in use with its outline ([[lon, lat], …]) and its point."""
    rows = Compound.objects.filter(active=True).order_by("pk")
    return [dict(row) for row in rows.values("id", "name", "outline", "lon", "lat")]
