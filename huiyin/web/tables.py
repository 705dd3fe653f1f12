"""Workbooks between a page and whoever fills them in: files read with every trouble named, mistakes in words, downloads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from huiyin.adapters import tables
from huiyin.rules.tables import Wrong

MOST_FILES = 8
SHOWN = 100  # mistakes
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """What was sent. `old`: one of them is of a kind in which formulas cannot be told from values."""

    sheets: tables.Sheets
    troubles: Sequence[str]
    old: bool = False


def read_files(request: HttpRequest, labels: Sequence[str]) -> Files:
    """The sheets of all files of the field `files`; `labels` are the names that sheets should have."""
    troubles: list[str] = []
    sheets: tables.Sheets = {}
    old = False
    files = request.FILES.getlist("files")
    if len(files) > MOST_FILES:
        troubles.append(_("一次最多 8 个文件。"))
    for file in files[:MOST_FILES]:
        content, name = file.read(), file.name or ""
        try:
            read = _named(tables.read(content, name), name, labels)
        except tables.BadTable as why:
            troubles.append(f"{name}：{_(why.text) % why.params if why.params else _(why.text)}")
            continue
        twice = sheets.keys() & read.keys() & set(labels)
        if twice:  # the second would silently take the place of the first
            troubles.append(f"{name}：{_('这张表已经在另一个文件里：')}{'、'.join(sorted(twice))}")
        old = old or not tables.shows_formulas(content)
        sheets |= read
    if not sheets and not troubles:
        troubles.append(_("请选文件。"))
    return Files(sheets=sheets, troubles=troubles, old=old)


def _named(sheets: tables.Sheets, name: str, labels: Sequence[str]) -> tables.Sheets:
    """A file with one sheet is meant by its file's name when the sheet's own name says nothing."""
    if len(sheets) == 1 and not set(sheets) & set(labels):
        meant = next((label for label in labels if label in name), None)
        if meant:
            return {meant: next(iter(sheets.values()))}
    return sheets


def said(one: Wrong) -> dict[str, Any]:
    """A mistake for the page."""
    text = _(one.text) % one.params if one.params else _(one.text)
    return {"table": one.table, "row": one.row, "column": one.column, "text": text}


def mistakes(wrong: Sequence[Wrong]) -> Mapping[str, Any]:
    """What desk/tables/wrong.html shows: the first mistakes, and how many there are."""
    return {"wrong": [said(one) for one in wrong[:SHOWN]], "many": len(wrong)}


def workbook(content: bytes, name: str) -> HttpResponse:
    """An .xlsx to be kept under a name."""
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return HttpResponse(content, content_type=XLSX, headers=headers)
