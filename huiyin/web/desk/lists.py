"""件: cases by tab, filter and search; those without a place; and the two lists in force, to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from huiyin.rules.deadlines import SHANGHAI
from huiyin.rules.workflow.vocabulary import CAN_LEAD, STAGE_LABELS, TIER_LABELS, BodyKind, Role, Stage, Tier
from huiyin.selectors import desk, governance, places
from huiyin.selectors import lists as catalogue
from huiyin.selectors.desk import Filters, Line
from huiyin.selectors.portal import item_name
from huiyin.web import wording
from huiyin.web.desk import pages
from huiyin.web.desk.governing import SETTLED
from huiyin.web.desk.pages import staff
from huiyin.web.forms.desk import item_label
from huiyin.web.numbers import whole

TABS = (
    ("mine", gettext_lazy("我的")),
    ("dispatch", gettext_lazy("待派")),
    ("sign", gettext_lazy("待签")),
    ("handling", gettext_lazy("办理中")),
    ("filed", gettext_lazy("已立案")),
    ("approve", gettext_lazy("等审批")),
    ("echo", gettext_lazy("待回音")),
    ("echoed", gettext_lazy("已回音")),
    ("all", gettext_lazy("全部")),
)
#: Tabs for who investigates, approves, reviews or oversees.
OF_FILES = frozenset({"filed", "approve"})
LISTINGS = (("enforcement", gettext_lazy("执法清单")), ("service", gettext_lazy("服务清单")))
MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One case in a table of the desk."""

    number: str
    title: str
    item: str
    place: str
    building: str
    stage: str
    lead: str
    handler: str
    tier: str
    due: datetime | None
    left: int | None
    paused: str
    what: str
    households: int
    last_at: datetime
    marks: Sequence[str]


def rows(lines: Sequence[Line], at: datetime) -> list[Shown]:
    """List lines in the words of the page."""
    calendar = places.calendar()
    return [_shown(line, at, calendar) for line in lines]


def _shown(line: Line, at: datetime, calendar: Any) -> Shown:
    case = line.case
    item = item_name(case)
    ended = case.stage in {Stage.ECHOED, Stage.CLOSED}
    due = None if ended else case.due_next
    return Shown(
        number=case.number,
        title=line.words.split("\n")[0][:60] or item or _("还没有归项"),
        item=f"{case.item} {item}".strip(),
        place=case.compound.name if case.compound else _("待落点"),
        building=case.building,
        stage=case.stage,
        lead=case.lead.short_name if case.lead else "",
        handler=line.handler,
        tier="" if line.sealed else case.tier,
        due=due,
        left=calendar.workdays_between(at, due) if due else None,
        paused=_("中止") if case.paused and not ended else "",
        what=_what(case),
        households=case.reports_count,
        last_at=case.last_at,
        marks=_marks(line),
    )


def _what(case: Any) -> str:
    """Which promise is due next, in the act's name."""
    if case.stage == Stage.REPORTED:
        return _("派单")
    if case.stage == Stage.ASSIGNED:
        return _("签收")
    if case.stage == Stage.RESOLVED:
        return _("回音")
    return _("到场") if case.due_onsite is not None and case.due_next == case.due_onsite else _("办结")


def _marks(line: Line) -> list[str]:
    """What a case waits for; that something of the police's waits is for the police alone."""
    case = line.case
    told = (
        (case.disputes, _("不满意 %(n)d 次") % {"n": case.disputes}),
        (case.settle_needed, _("待协调")),
        (case.waiting_second and not line.sealed, _("待会签")),
        (case.waiting_head and not line.sealed, _("待审批")),
        (case.late_facts and not line.sealed, _("有补录")),
    )
    return [mark for there, mark in told if there]


@require_safe
@staff(*pages.CASEWORK)
def cases(request: HttpRequest) -> HttpResponse:
    """The list. A firm has its tasks instead."""
    actor, at = pages.actor(request), pages.now()
    if not actor.has(*pages.LISTING):
        return HttpResponseRedirect(reverse("desk:tasks"))
    filters = read(request)
    found = desk.listed(actor, at, filters)
    whole = actor.has(Role.CO, Role.LEADER)
    context = {
        "rows": rows(found.lines, at),
        "page": found,
        "left_out": found.left_out,
        "filters": filters,
        "tabs": _tabs(request, filters),
        "query": _query(request, page=None),
        "stages": [(stage.value, _(STAGE_LABELS[stage])) for stage in Stage],
        "tiers": [(tier.value, _(TIER_LABELS[tier])) for tier in Tier if tier],
        "listings": LISTINGS,
        "items": [(code, item_label(item)) for code, item in catalogue.in_force(at.astimezone(SHANGHAI).date()).items.items()],
        "communities": [(row.pk, row.name) for row in places.communities().values()]
        if whole or actor.has(Role.OFF, Role.HEAD)
        else [],
        "leads": [
            (body.pk, body.short_name)
            for body in places.bodies().values()
            if BodyKind(body.kind) in CAN_LEAD - {BodyKind.PROPERTY}
        ]
        if not actor.has(Role.OFF, Role.HEAD) or whole
        else [],
        "months": _months(at),
        "narrowed": _narrowed(filters),
        "whole": filters.tab == "all" and not _narrowed(filters),
    }
    return pages.page(request, "desk/cases.html", context)


def read(request: HttpRequest) -> Filters:
    """The filters of the address; what cannot be read narrows nothing."""
    given = request.GET
    tab = given.get("tab", "")
    return Filters(
        tab=tab
        if tab in _tabs_of(request)
        else ("all" if given.get("q") or any(given.get(name) for name in NAMES) else _first(request)),
        q=given.get("q", "").strip(),
        stage=given.get("stage", "") if given.get("stage") in set(Stage) else "",
        listing=given.get("listing", "") if given.get("listing") in dict(LISTINGS) else "",
        item=given.get("item", "")[:12],
        tier=given.get("tier", "") if given.get("tier") in set(Tier) else "",
        community=whole(given.get("community")),
        compound=whole(given.get("compound")),
        lead=whole(given.get("lead")),
        overdue=given.get("overdue") == "1",
        month=_month(given.get("month", "")),
        page=min(max(whole(given.get("page")) or 1, 1), desk.LAST_PAGE),
    )


def _tabs_of(request: HttpRequest) -> set[str]:
    return set(desk.TABS) if pages.actor(request).has(*pages.INQUIRY) else set(desk.TABS) - OF_FILES


NAMES = ("stage", "listing", "item", "tier", "community", "compound", "lead", "overdue", "month")


def _first(request: HttpRequest) -> str:
    """The tab a role begins with."""
    actor = pages.actor(request)
    return "mine" if actor.has(Role.OFF) else "filed" if actor.has(Role.REV) else "all"


def _month(raw: str) -> str:
    try:
        date.fromisoformat(f"{raw}-01")
    except ValueError:
        return ""
    return raw


def _months(at: datetime) -> list[tuple[str, str]]:
    day = at.astimezone(SHANGHAI).date().replace(day=1)
    found = []
    for _n in range(MONTHS):
        found.append((f"{day:%Y-%m}", _("%(year)d年%(month)d月") % {"year": day.year, "month": day.month}))
        day = (day.replace(day=1) - (day - day.replace(day=1)) - _ONE_DAY).replace(day=1)
    return found


_ONE_DAY = date(2000, 1, 2) - date(2000, 1, 1)


def _narrowed(filters: Filters) -> bool:
    return bool(filters.q) or any(getattr(filters, name) for name in NAMES)


def _query(request: HttpRequest, **changes: str | None) -> str:
    """The address's query with some values changed or dropped, ending in & where anything is left."""
    given = {name: value for name, value in request.GET.items() if name not in changes and value}
    given |= {name: value for name, value in changes.items() if value}
    return urlencode(given) + "&" if given else ""


def _tabs(request: HttpRequest, filters: Filters) -> list[tuple[str, str, bool]]:
    shown = [one for one in TABS if one[0] not in OF_FILES or pages.actor(request).has(*pages.INQUIRY)]
    return [(str(name), "?" + _query(request, tab=value, page=None, stage=None), filters.tab == value) for value, name in shown]


@require_safe
@staff(Role.CO)
def unplaced(request: HttpRequest) -> HttpResponse:
    """待落点: open cases of which nobody knows the compound yet."""
    at, calendar = pages.now(), places.calendar()
    found = desk.unplaced(at)
    said = desk.place_words(found)
    left = {case.pk: calendar.workdays_between(at, case.due_next) if case.due_next else None for case in found}
    rows_ = [(case, *said.get(case.pk, ("", "")), left[case.pk], _what(case)) for case in found]
    return pages.page(request, "desk/unplaced.html", {"rows": rows_, "now": at})


@require_safe
@staff()
def lists_in_force(request: HttpRequest) -> HttpResponse:
    """The two lists as they are in force today, to read and print."""
    day = pages.now().astimezone(SHANGHAI).date()
    tree = catalogue.in_force(day)
    names = {body.code: body.short_name for body in places.bodies().values()}
    names |= {"zhenjie": _("乡镇街道"), "wuye": _("物业")}
    shown = []
    for listing, name in LISTINGS:
        groups: dict[str, list[Any]] = {}
        for item in tree.of(listing):
            partners = wording.listed(str(names.get(code, code)) for code in item.cooperating)
            bases = tree.bases.get(item.pk, ())
            groups.setdefault(item.category_name, []).append((item, names.get(item.lead, item.lead), partners, bases))
        shown.append((name, tree.versions.get(listing), list(groups.items())))
    who = pages.actor(request)
    may = {"checks": who.has(Role.CO, Role.LEADER), "settled": who.has(*SETTLED), "hangs": who.has(Role.CO, Role.COM)}
    return pages.page(request, "desk/lists.html", {"listings": shown, "announced": governance.announced(day), **may})
