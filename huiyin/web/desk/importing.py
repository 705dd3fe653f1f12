"""从表格建县: templates to fill in, a look at what they would do with every mistake named, and then all of it at once or nothing."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from huiyin.adapters import tables
from huiyin.rules.county_tables import TABLES
from huiyin.rules.tables import Wrong
from huiyin.rules.workflow.vocabulary import Role
from huiyin.services import importing as services
from huiyin.services import table_imports
from huiyin.web.desk import pages
from huiyin.web.desk.pages import staff

MOST_FILES = 8
SHOWN = 100  # mistakes


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Role.ADMIN)
def upload(request: HttpRequest) -> HttpResponse:
    """Templates, and the field for what was filled in: one file with four sheets, or one file each."""
    if request.method != "POST":
        return pages.page(request, "desk/settings/import.html", {"labels": [table.label for table in TABLES]})
    troubles: list[str] = []
    sheets: tables.Sheets = {}
    files = request.FILES.getlist("files")
    if len(files) > MOST_FILES:
        troubles.append(_("一次最多 8 个文件。"))
    for file in files[:MOST_FILES]:
        try:
            read = _named(tables.read(file.read(), file.name or ""), file.name or "")
        except tables.BadTable as why:
            troubles.append(f"{getattr(file, 'name', '')}：{_(str(why))}")
            continue
        twice = sheets.keys() & read.keys()
        if twice:  # the second would silently take the place of the first
            troubles.append(f"{file.name}：{_('这张表已经在另一个文件里：')}{'、'.join(sorted(twice))}")
        sheets |= read
    if not sheets and not troubles:
        troubles.append(_("请选文件。"))
    if troubles:
        context = {"labels": [table.label for table in TABLES], "troubles": troubles}
        return pages.page(request, "desk/settings/import.html", context, status=422)
    made = table_imports.keep(actor=pages.actor(request), at=pages.now(), sheets=sheets)
    return pages.done(request, reverse("desk:import_look", args=[made]))


def _named(sheets: tables.Sheets, name: str) -> tables.Sheets:
    """A file with one sheet is meant by its file's name when the sheet's own name says nothing."""
    labels = [table.label for table in TABLES]
    if len(sheets) == 1 and not set(sheets) & set(labels):
        meant = next((label for label in labels if label in name), None)
        if meant:
            return {meant: next(iter(sheets.values()))}
    return sheets


@require_safe
@staff(Role.ADMIN)
def template(request: HttpRequest) -> HttpResponse:
    """The four tables, empty but for an example row each."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    headers = {"Content-Disposition": 'attachment; filename="huiyin-county.xlsx"'}
    return HttpResponse(tables.template(TABLES), content_type=kind, headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Role.ADMIN)
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """What it would do. POST does it, unless something is wrong by now."""
    actor, at = pages.actor(request), pages.now()
    sheets = table_imports.kept(actor=actor, pk=pk)
    if sheets is None:
        raise Http404
    if request.method == "POST":
        try:
            done = services.bring_in(sheets=sheets, at=at, asker=actor.person)
        except services.NotClean as why:
            return _look_page(request, why.plan, status=409)
        table_imports.drop(pk=pk)
        return pages.page(request, "desk/settings/imported.html", {"done": done, "counted": _counted(done.plan)})
    return _look_page(request, services.look(sheets=sheets, at=at))


def _look_page(request: HttpRequest, plan: services.Plan, status: int = 200) -> HttpResponse:
    context = {
        "plan": plan,
        "counted": _counted(plan),
        "wrong": [_said(one) for one in plan.wrong[:SHOWN]],
        "many": len(plan.wrong),
    }
    return pages.page(request, "desk/settings/import_look.html", context, status=status)


def _counted(plan: services.Plan) -> list[tuple[str, services.Counted]]:
    return [(_(services.LABELS[name]), counted) for name, counted in plan.counted.items()]


def _said(one: Wrong) -> dict[str, Any]:
    text = _(one.text) % one.params if one.params else _(one.text)
    return {"table": one.table, "row": one.row, "column": one.column, "text": text}
