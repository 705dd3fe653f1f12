"""Tables that offices fill in: which columns there are, what may stand in them, and every mistake named by its row and column."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

EXAMPLE = "示例"  # a row whose first cell begins so is skipped
YES = frozenset({"是", "有", "y", "yes", "1", "true", "√", "✓", "在"})
NO = frozenset({"否", "无", "没有", "n", "no", "0", "false", "×", "不"})
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """One row as it was read: its number in the sheet, counted from 1, its cells as text, and at which places stand formulas."""

    number: int
    cells: tuple[str, ...]
    formulas: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """One mistake. `text` is a template with %(name)s places filled from `params`; row 0 is about the whole table."""

    table: str
    row: int
    column: str
    text: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        said = self.text % self.params if self.params else self.text
        where = f"{self.table} 第 {self.row} 行" if self.row else self.table
        return f"{where}{'“' + self.column + '”' if self.column else ''}：{said}"


class Bad(ValueError):
    """A cell that cannot be read; the template and its parameters say why."""

    def __init__(self, text: str, **params: Any) -> None:
        super().__init__(text % params if params else text)
        self.text, self.params = text, params


Reader = Callable[[str], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """`name` is what the rest of the house calls it, `label` the header; `choices` are offered in a list; nothing else is taken but
    what `accepts` names otherwise."""

    name: str
    label: str
    also: tuple[str, ...] = ()
    required: bool = False
    read: Reader = str
    choices: Mapping[str, Any] = field(default_factory=dict)
    accepts: Mapping[str, Any] = field(default_factory=dict)
    help: str = ""
    example: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`key` are names of columns that together stand once in it; none where rows may be alike."""

    name: str
    label: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """Rows as (row number, values by column name), what is wrong, and the names of the columns that were there."""

    rows: tuple[tuple[int, dict[str, Any]], ...]
    wrong: tuple[Wrong, ...]
    columns: frozenset[str] = frozenset()


def parse(table: Table, lines: Sequence[Cells]) -> Parsed:
    """Reads a sheet whose first row that is not empty is the header. All mistakes are found, not only the first."""
    if not lines:
        return Parsed(rows=(), wrong=(Wrong(table=table.label, row=0, column="", text="表是空的。"),))
    places, wrong = _places(table, lines[0])
    rows: list[tuple[int, dict[str, Any]]] = []
    seen: dict[tuple[Any, ...], int] = {}
    for line in lines[1:]:
        if line.cells and line.cells[0].startswith(EXAMPLE):
            continue
        values, mistakes = _row(table, places, line)
        wrong += mistakes
        if mistakes:
            continue
        key = tuple(values[name] for name in table.key)
        if table.key and key in seen:
            params = {"row": seen[key]}
            wrong.append(Wrong(table=table.label, row=line.number, column="", text="和第 %(row)s 行重复了。", params=params))
            continue
        seen[key] = line.number
        rows.append((line.number, values))
    return Parsed(rows=tuple(rows), wrong=tuple(wrong), columns=frozenset(places))


def _places(table: Table, header: Cells) -> tuple[dict[str, int], list[Wrong]]:
    """At which place each column stands; what is missing, unknown or there twice."""
    known = {_bare(label): column.name for column in table.columns for label in (column.label, *column.also)}
    places: dict[str, int] = {}
    wrong = []
    for place, cell in enumerate(header.cells):
        name = known.get(_bare(cell))
        if name is None and cell:
            wrong.append(Wrong(table=table.label, row=header.number, column=cell, text="不认得这一列，请按模板的表头来。"))
        elif name in places:
            wrong.append(Wrong(table=table.label, row=header.number, column=cell, text="这一列有两次。"))
        elif name is not None:
            places[name] = place
    missing = [column.label for column in table.columns if column.required and column.name not in places]
    if missing:
        params = {"columns": "、".join(missing)}
        wrong.append(Wrong(table=table.label, row=header.number, column="", text="少了这几列：%(columns)s。", params=params))
    return places, wrong


def _bare(label: str) -> str:
    return re.sub(r"[\s*＊（(].*$", "", unicodedata.normalize("NFKC", label).strip()).lower()


def _row(table: Table, places: Mapping[str, int], line: Cells) -> tuple[dict[str, Any], list[Wrong]]:
    values: dict[str, Any] = {}
    wrong = []
    for column in table.columns:
        place = places.get(column.name)
        raw = line.cells[place].strip() if place is not None and place < len(line.cells) else ""
        try:
            if place in line.formulas:  # what it showed when it was saved may be out of date, or nothing at all
                raise Bad("这一格是公式。请复制这一格，再“选择性粘贴”成数值。")
            values[column.name] = _value(column, raw)
        except Bad as bad:
            wrong.append(Wrong(table=table.label, row=line.number, column=column.label, text=bad.text, params=bad.params))
    return values, wrong


def _value(column: Column, raw: str) -> Any:
    if not raw:
        if column.required:
            raise Bad("不能空着。")
        return None
    if column.choices:
        if raw in column.accepts:
            return column.accepts[raw]
        if raw not in column.choices:
            raise Bad("“%(raw)s”不在可选的里面：%(choices)s。", raw=raw, choices="、".join(column.choices))
        return column.choices[raw]
    return column.read(raw)


# ── readers of cells ─────────────────────────────────────────────────────────────────────────


def line(limit: int) -> Reader:
    """A line of text up to so many characters."""

    def read(raw: str) -> str:
        said = " ".join(unicodedata.normalize("NFC", raw).split())
        if len(said) > limit:
            raise Bad("太长了，最多 %(limit)s 个字。", limit=limit)
        return said

    return read


def text(limit: int) -> Reader:
    """Words that may go over several lines, as they stand, up to so many characters."""

    def read(raw: str) -> str:
        said = raw.replace("\r\n", "\n").replace("\r", "\n").strip()
        if len(said) > limit:
            raise Bad("太长了，最多 %(limit)s 个字。", limit=limit)
        return said

    return read


def one_line(limit: int) -> Reader:
    """A text as it stands, without line breaks, up to so many characters."""
    whole_text = text(limit)

    def read(raw: str) -> str:
        said: str = whole_text(raw)
        if "\n" in said:
            raise Bad("这一格只能写一行。")
        return said

    return read


def lines(limit: int) -> Reader:
    """Several texts, one a line of the cell, each up to so many characters."""
    one = text(limit)

    def read(raw: str) -> list[str]:
        return [said for said in map(one, re.split(r"\r\n|\r|\n", raw)) if said]

    return read


def several(choices: Mapping[str, Any]) -> Reader:
    """Some of these, separated as words are."""

    def read(raw: str) -> list[Any]:
        said = list(dict.fromkeys(words(raw)))
        unknown = [one for one in said if one not in choices]
        if unknown:
            raise Bad("“%(raw)s”不在可选的里面：%(choices)s。", raw="、".join(unknown), choices="、".join(choices))
        return [choices[one] for one in said]

    return read


def code(limit: int) -> Reader:
    """Letters, digits, hyphens and underscores."""

    def read(raw: str) -> str:
        said = unicodedata.normalize("NFKC", raw).strip().lower()
        if not re.fullmatch(r"[a-z0-9_-]+", said) or len(said) > limit:
            raise Bad("只能用字母、数字、横线，最多 %(limit)s 个。", limit=limit)
        return said

    return read


def whole(least: int, most: int) -> Reader:
    """A whole number, also in full-width digits or as 12.0."""

    def read(raw: str) -> int:
        said = unicodedata.normalize("NFKC", raw).replace(",", "").strip()
        if not re.fullmatch(r"-?\d{1,12}(\.0+)?", said) or not least <= int(float(said)) <= most:
            raise Bad("要填 %(least)s 到 %(most)s 的整数。", least=least, most=most)
        return int(float(said))

    return read


def number(raw: str) -> float:
    try:
        return float(unicodedata.normalize("NFKC", raw).strip())
    except ValueError:
        raise Bad("“%(raw)s”不是数。", raw=raw) from None


def decimal(least: int, most: int, places: int) -> Reader:
    """A number with so many decimals, exactly as written."""

    def read(raw: str) -> Decimal:
        said = unicodedata.normalize("NFKC", raw).strip()
        if not re.fullmatch(rf"\d{{1,9}}(\.\d{{1,{places}}}0*)?", said) or not least <= Decimal(said) <= most:
            raise Bad("要填 %(least)s 到 %(most)s 的数，最多 %(places)s 位小数。", least=least, most=most, places=places)
        return Decimal(said)

    return read


def day(raw: str) -> date:
    """2026-01-31, 2026/1/31, 2026年1月31日."""
    found = _DATE.fullmatch(unicodedata.normalize("NFKC", raw).strip())
    try:
        assert found is not None
        return date(*(int(part) for part in found.groups()))
    except (AssertionError, ValueError):
        raise Bad("“%(raw)s”不是日期，请写成 2026-01-31。", raw=raw) from None


def yes(raw: str) -> bool:
    said = unicodedata.normalize("NFKC", raw).strip().lower()
    if said in YES or said in NO:
        return said in YES
    raise Bad("请填“是”或“否”。")


def words(raw: str) -> list[str]:
    """Several short texts, separated by 、 or commas or blanks."""
    return [part for part in re.split(r"[、,，;；\s]+", raw) if part]


def mistakes(parsed: Iterable[Parsed]) -> list[Wrong]:
    return [wrong for one in parsed for wrong in one.wrong]
