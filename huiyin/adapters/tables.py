"""Tables of offices: .xlsx, .xls and .csv read by their content and within limits, and templates written with lists to choose from."""

from __future__ import annotations

import csv
import io
import json
import re
import resource
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import reduce
from typing import Any
from xml.etree import ElementTree  # only in the process of `_apart`

import xlsxwriter
from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum
from xlsxwriter.utility import xl_col_to_name

from huiyin.rules.tables import Cells, Table

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 80 * 1024 * 1024  # what MAX_ROWS of MAX_COLUMNS need; it is read in the page's own process
MAX_RATIO = 100
MAX_ROWS, MAX_COLUMNS = 20_000, 60
MAX_CELL = 20_000
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
ENCRYPTED = b"E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e"
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")

MAX_MEMORY = 2 * 1024**3  # of addresses, for the process that reads one file
MAX_SECONDS = 60

_FORMULA = re.compile(rb'<(?:\w+:)?c\b[^<>]*?\sr="([A-Z]{1,3})(\d{1,7})"[^<>]*>\s*<(?:\w+:)?f[\s/>]')

Sheets = dict[str, list[Cells]]


class BadTable(Exception):
    """A file that cannot be used as a table: a template for people, with %(name)s places filled from `params`."""

    def __init__(self, text: str, **params: Any) -> None:
        super().__init__(text % params if params else text)
        self.text, self.params = text, params


def shows_formulas(content: bytes) -> bool:
    """Whether `read` can tell a formula from a value in it; in the old .xls it cannot."""
    return content[:4] != OLE


def read(content: bytes, name: str = "") -> Sheets:
    """{sheet: rows}, rows without empty ones, formulas marked. `name` is only what a CSV's sheet is called.

    Raises BadTable for what is no table, is too large, is packed to burst, has merged cells or a password.
    """
    if not content:
        raise BadTable("文件是空的。")
    if len(content) > MAX_BYTES:
        raise BadTable("文件太大，最多 10 MB。")
    if content[:4] == ZIP:
        _look_into(content)
        return _apart(content)
    if content[:4] == OLE:
        if ENCRYPTED in content:
            raise BadTable("文件有密码，请去掉密码再传。")
        return _apart(content)
    return {name or "表": _csv(content)}


def _look_into(content: bytes) -> None:
    """A packed file is measured before it is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            entries = packed.infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        raise BadTable("文件损坏了，打不开。") from None
    if "[Content_Types].xml" not in {entry.filename for entry in entries} or not any(
        entry.filename.startswith("xl/") for entry in entries
    ):
        raise BadTable("这不是表格，请传 xlsx、xls 或 csv。")
    heavy = any(entry.file_size > 1_000_000 and entry.file_size > MAX_RATIO * max(1, entry.compress_size) for entry in entries)
    if heavy or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise BadTable("这个文件解开以后大得不正常，没有打开。")


def _apart(content: bytes) -> Sheets:
    """Read in a process of its own: a sheet with cells only in its first and last corner asks for hundreds of gigabytes at once, and the
    reader then aborts, which would take the web worker along."""
    try:
        done = subprocess.run(  # noqa: S603, our own module in our own interpreter
            [sys.executable, "-m", __name__], input=content, capture_output=True, timeout=MAX_SECONDS, check=False
        )
        answer: dict[str, Any] | None = json.loads(done.stdout) if done.returncode == 0 else None
    except (subprocess.TimeoutExpired, ValueError):
        answer = None
    if answer is None:
        raise BadTable("这个文件解开以后大得不正常，没有打开。")
    if "refused" in answer:
        raise BadTable(answer["refused"], **answer["params"])
    return {name: from_plain(rows) for name, rows in answer["sheets"].items()}


def plain(rows: Sequence[Cells]) -> list[list[Any]]:
    """Rows as JSON takes them."""
    return [[row.number, list(row.cells), sorted(row.formulas)] for row in rows]


def from_plain(rows: Iterable[Sequence[Any]]) -> list[Cells]:
    return [Cells(number=number, cells=tuple(cells), formulas=frozenset(formulas)) for number, cells, formulas in rows]


def _answer() -> None:
    """The other side of `_apart`: a workbook on standard input, its cells or why not on standard output, as JSON."""
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        sheets = _workbook(sys.stdin.buffer.read())
    except BadTable as why:
        answer: dict[str, Any] = {"refused": why.text, "params": why.params}
    else:
        answer = {"sheets": {name: plain(rows) for name, rows in sheets.items()}}
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=True).encode())


def _workbook(content: bytes) -> Sheets:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        shown = [meta.name for meta in book.sheets_metadata if meta.visible == SheetVisibleEnum.Visible]
        formulas = _formulas(content) if content[:4] == ZIP else {}
        return {name: _sheet(book, name, formulas.get(name, {})) for name in shown}
    except (CalamineError, ElementTree.ParseError, zipfile.BadZipFile, ValueError, KeyError, IndexError, OSError):
        raise BadTable("这不是表格，或者文件损坏了。请传 xlsx、xls 或 csv。") from None


def _formulas(content: bytes) -> dict[str, dict[int, set[int]]]:
    """{sheet: {row number: places, counted from 0}} of the formulas in an .xlsx: its reader gives only what they showed."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        told = (_tree(packed, name) for name in ("xl/_rels/workbook.xml.rels", "xl/workbook.xml"))
        parts = {one.get("Id"): one.get("Target", "") for one in next(told)}
        found = {}
        for sheet in next(told).iter():
            target = parts.get(next((value for key, value in sheet.attrib.items() if key.endswith("}id")), None))
            if sheet.tag.endswith("}sheet") and target:
                path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
                found[sheet.get("name", "")] = _formulas_of(packed.read(path))
        return found


def _tree(packed: zipfile.ZipFile, name: str) -> ElementTree.Element:
    return ElementTree.fromstring(packed.read(name))  # noqa: S314, in a process that has limits of its own


def _formulas_of(sheet: bytes) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for letters, number in _FORMULA.findall(sheet.split(b"</sheetData>", 1)[0]):
        place = reduce(lambda before, letter: before * 26 + letter - 64, letters, 0) - 1
        found.setdefault(int(number), set()).add(place)
    return found


def _sheet(book: Any, name: str, formulas: Mapping[int, set[int]]) -> list[Cells]:
    sheet = book.get_sheet_by_name(name)
    rows, columns = (last + 1 for last in sheet.end or (-1, -1))
    rows = max(rows, *formulas, 0)  # what shows nothing is not counted by the reader
    if rows > MAX_ROWS:
        raise BadTable("“%(name)s”有 %(rows)s 行，最多 %(most)s 行，请分几次传。", name=name, rows=rows, most=MAX_ROWS)
    if columns > MAX_COLUMNS:
        raise BadTable("“%(name)s”有 %(columns)s 列，最多 %(most)s 列。", name=name, columns=columns, most=MAX_COLUMNS)
    if sheet.merged_cell_ranges:
        (row, column), _end = sheet.merged_cell_ranges[0]
        raise BadTable(
            "“%(name)s”第 %(row)s 行第 %(column)s 列起有合并的单元格，请取消合并，一格填一个。",
            name=name, row=row + 1, column=column + 1,
        )  # fmt: skip
    return _numbered(sheet.to_python(skip_empty_area=False), formulas)


def _numbered(rows: Iterable[Sequence[Any]], formulas: Mapping[int, set[int]] | None = None) -> list[Cells]:
    found = []
    number_of_rows = 0
    for number, row in enumerate(rows, 1):
        number_of_rows = number
        cells = tuple(_said(cell) for cell in row)
        typed = {place for place, cell in enumerate(cells) if cell.startswith("=")}  # in a csv, or in a cell that is text
        there = frozenset(typed | (formulas or {}).get(number, set()))
        if there or any(cells):
            found.append(Cells(number=number, cells=tuple(map(unsafe, cells)), formulas=there))
    below = sorted(number for number in formulas or {} if number > number_of_rows)
    return found + [Cells(number=number, cells=(), formulas=frozenset((formulas or {})[number])) for number in below]


def _said(cell: Any) -> str:
    """A cell as somebody would have typed it: whole numbers without .0, days as 2026-01-31."""
    match cell:
        case None:
            return ""
        case bool():
            return "是" if cell else "否"
        case float() if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        case datetime():
            return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
        case date():
            return cell.isoformat()
    return str(cell).strip()[:MAX_CELL]


def _csv(content: bytes) -> list[Cells]:
    text = _decoded(content)
    first = text.split("\n", 1)[0]
    split = max(",;\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=split))
    except csv.Error:
        raise BadTable("这个 csv 读不出来。") from None
    if len(rows) > MAX_ROWS:
        raise BadTable("“%(name)s”有 %(rows)s 行，最多 %(most)s 行，请分几次传。", name="csv", rows=len(rows), most=MAX_ROWS)
    widest = max(map(len, rows), default=0)
    if widest > MAX_COLUMNS:
        raise BadTable("“%(name)s”有 %(columns)s 列，最多 %(most)s 列。", name="csv", columns=widest, most=MAX_COLUMNS)
    return _numbered(rows)


def _decoded(content: bytes) -> str:
    if b"\x00" in content[:4096]:
        raise BadTable("这不是表格，请传 xlsx、xls 或 csv。")
    for coding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(coding)
        except UnicodeDecodeError:
            continue
    raise BadTable("文字读不出来，请另存为 xlsx，或者 UTF-8、GBK 的 csv。")


# ── templates ────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """What a workbook has beside its tables: `about`, a first sheet that explains, by its name and lines; `offers`, a last sheet named
    `offers_on` with, for columns, a heading and words to choose from, beside which others are taken; `pointing`: columns that offer what
    stands in the first column of a table."""

    about_on: str
    about: Sequence[str]
    offers_on: str
    offers: Mapping[str, tuple[str, Sequence[str]]] = field(default_factory=dict)
    pointing: Mapping[str, str] = field(default_factory=dict)


def template(
    tables: Sequence[Table], rows: Mapping[str, Sequence[Mapping[str, Any]]] | None = None, help: Help | None = None
) -> bytes:
    """An .xlsx with a sheet for each table: header, notes, lists to choose from, and the given rows, or else an example row."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        head = book.add_format({"bold": True, "bg_color": "#E3F0ED", "border": 1, "text_wrap": True, "valign": "top"})
        text = book.add_format({"num_format": "@", "valign": "top"})
        if help:
            _explained(book, help)
        sources = _sources(tables, help) if help else {}
        for table in tables:
            sheet = book.add_worksheet(table.label)
            sheet.freeze_panes(1, 0)
            for place, column in enumerate(table.columns):
                sheet.write_string(0, place, column.label + ("*" if column.required else ""), head)
                sheet.set_column(place, place, max(12, len(column.label) * 2 + 4), text)
                if column.help:
                    sheet.write_comment(0, place, column.help)
                if column.choices:
                    sheet.data_validation(1, place, MAX_ROWS, place, {"validate": "list", "source": list(column.choices)})
                elif column.name in sources:
                    offer = {"validate": "list", "source": sources[column.name], "error_type": "warning"}
                    sheet.data_validation(1, place, MAX_ROWS, place, offer)
            given = (rows or {}).get(table.name) or [{column.name: column.example for column in table.columns}]
            for number, row in enumerate(given, 1):
                for place, column in enumerate(table.columns):
                    sheet.write_string(number, place, safe(row.get(column.name)), text)
        if help:
            _offered(book, help)
    return out.getvalue()


def _sources(tables: Sequence[Table], help: Help) -> dict[str, str]:
    """For each column the cells with what it offers: a list of more than 255 characters can stand only in cells."""
    labels = {table.name: table.label for table in tables}
    pointing = {column: f"='{labels[table]}'!$A$2:$A${MAX_ROWS + 1}" for column, table in help.pointing.items()}
    offers = {}
    for place, (column, (_heading, said)) in enumerate(help.offers.items()):
        letter = xl_col_to_name(place, col_abs=True)
        offers[column] = f"='{help.offers_on}'!{letter}$2:{letter}${max(len(said), 1) + 1}"
    return pointing | offers


def _explained(book: Any, help: Help) -> None:
    sheet = book.add_worksheet(help.about_on)
    sheet.set_column(0, 0, 110, book.add_format({"text_wrap": True, "valign": "top"}))
    for number, said in enumerate(help.about):
        sheet.write_string(number, 0, safe(said))


def _offered(book: Any, help: Help) -> None:
    sheet = book.add_worksheet(help.offers_on)
    for place, (heading, said) in enumerate(help.offers.values()):
        sheet.set_column(place, place, 36)
        for number, one in enumerate([heading, *said]):
            sheet.write_string(number, place, safe(one))


def safe(value: Any) -> str:
    """A value as a cell that no office program takes for a formula. `unsafe` gives it back."""
    said = "" if value is None else "是" if value is True else "否" if value is False else str(value)
    risky = said.lstrip("'").startswith(FORMULA_SIGNS) and not said.lstrip("-+").replace(".", "", 1).isdigit()
    return f"'{said}" if risky else said


def unsafe(said: str) -> str:
    """A cell without the sign that `safe` put before it."""
    return said[1:] if said.startswith("'") and said.lstrip("'").startswith(FORMULA_SIGNS) else said


if __name__ == "__main__":
    _answer()
