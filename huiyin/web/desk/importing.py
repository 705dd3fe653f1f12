"""从表格建县: templates to fill in, a look at what they would do with every mistake named, and then all of it at once or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from huiyin.adapters import tables
from huiyin.rules.county_tables import TABLES
from huiyin.rules.workflow.vocabulary import Role
from huiyin.services import importing as services
from huiyin.services import table_imports
from huiyin.web import tables as filled
from huiyin.web.desk import pages
from huiyin.web.desk.pages import staff

LABELS = [table.label for table in TABLES]
TABLE_NAMES = {"bodies": "单位表", "communities": "社区表", "compounds": "小区表", "people": "人员表"}
SHOWN_ROWS = 300  # of what changes and of what is new, in each table


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Role.ADMIN)
def upload(request: HttpRequest) -> HttpResponse:
    """Templates, and the field for what was filled in: one file with four sheets, or one file each."""
    if request.method != "POST":
        return pages.page(request, "desk/settings/import.html", {"labels": LABELS})
    files = filled.read_files(request, LABELS)
    if files.troubles:
        return pages.page(request, "desk/settings/import.html", {"labels": LABELS, "troubles": files.troubles}, status=422)
    made = table_imports.keep(actor=pages.actor(request), at=pages.now(), sheets=files.sheets, old=files.old)
    return pages.done(request, reverse("desk:import_look", args=[made]))


@require_safe
@staff(Role.ADMIN)
def template(request: HttpRequest) -> HttpResponse:
    """The four tables, empty but for an example row each."""
    return filled.workbook(tables.template(TABLES), "huiyin-county.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Role.ADMIN)
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """What it would do. POST does it, unless something is wrong or different by now; after that the same address tells what was done,
    until the passwords are put away or their half hour is over."""
    actor, at = pages.actor(request), pages.now()
    if request.method == "POST" and "away" in request.POST:
        table_imports.put_away(actor=actor, pk=pk)
        return pages.done(request, reverse("desk:settings"), _("临时密码收起来了，不会再显示。"))
    there = table_imports.kept(actor=actor, at=at, pk=pk)
    if there is None:
        return _over(request)
    if request.method == "POST":
        try:
            table_imports.bring_in(actor=actor, at=at, pk=pk, seen=request.POST.get("seen", ""))
        except services.NotClean as why:
            return _look_page(request, there, why.plan, status=409)
        except services.Moved as why:
            return _look_page(request, there, why.plan, status=409, moved=True)
        return pages.done(request, reverse("desk:import_look", args=[pk]))
    if there.brought is not None:
        context = {"done": there.brought, "counted": _counted(there.brought.counted), "site": f"{settings.HUIYIN_SITE_URL}/desk/"}
        return pages.page(request, "desk/settings/imported.html", context)
    return _look_page(request, there, services.look(actor=actor, sheets=there.sheets, at=at))


def _over(request: HttpRequest) -> HttpResponse:
    """Nothing is kept here for this person: never was, or its time is over."""
    return pages.page(request, "desk/settings/import_over.html", status=404)


def _look_page(
    request: HttpRequest, there: table_imports.Kept, plan: services.Plan, status: int = 200, *, moved: bool = False
) -> HttpResponse:
    context = {
        "plan": plan,
        "moved": moved,
        "old": there.old,
        "counted": _counted(plan.counted),
        **filled.mistakes(plan.wrong),
        "tables": [] if plan.wrong else _changes(plan),
    }
    return pages.page(request, "desk/settings/import_look.html", context, status=status)


def _changes(plan: services.Plan) -> list[dict[str, Any]]:
    """For each table the rows that change, value by value, and those that are new; both up to SHOWN_ROWS."""
    told = []
    for name, label in TABLE_NAMES.items():
        changed = [one for one in plan.changes if one.table == name and not one.new]
        new = [one for one in plan.changes if one.table == name and one.new]
        rows = [
            {"row": one.row, "title": one.title, "details": [(d.label, _value(d.old), _value(d.new)) for d in one.details]}
            for one in changed[:SHOWN_ROWS]
        ]
        if changed or new:
            told.append(
                {
                    "label": _(label),
                    "changed": rows,
                    "new": new[:SHOWN_ROWS],
                    "left": max(0, len(changed) - SHOWN_ROWS) + max(0, len(new) - SHOWN_ROWS),
                    "many_changed": len(changed),
                    "many_new": len(new),
                }
            )
    return told


def _value(value: Any) -> str:
    """A value as somebody would have typed it."""
    match value:
        case None | "" | []:
            return _("空着")
        case bool():
            return _("是") if value else _("否")
        case [[_x, _y], *_rest]:
            return ngettext("%(n)s 个角的轮廓", "%(n)s 个角的轮廓", len(value)) % {"n": len(value)}
        case list():
            return "、".join(value)
    return str(value)


def _counted(counted: Mapping[str, services.Counted]) -> list[tuple[str, services.Counted]]:
    return [(_(TABLE_NAMES[name]), one) for name, one in counted.items()]
