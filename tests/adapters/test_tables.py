"""Tables of offices are read whatever they are saved as, and nothing that only looks like one."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from huiyin.adapters import tables
from huiyin.rules.county_tables import BODIES, TABLES
from huiyin.rules.tables import parse


def workbook(*rows: list[object], sheet: str = "单位", merge: bool = False, hidden: bool = False) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        made = book.add_worksheet(sheet)
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                if isinstance(cell, date):
                    made.write_datetime(number, place, cell, day)  # type: ignore[arg-type]
                else:
                    made.write(number, place, cell)
        if merge:
            made.merge_range(1, 0, 2, 0, "合并")
        if hidden:
            book.add_worksheet("别看").hide()
    return out.getvalue()


def test_cells_come_out_as_somebody_would_have_typed_them() -> None:
    content = workbook(["代码", "电话", "日子", "数"], ["a", 13800001111, date(2026, 1, 31), 1.5], [], ["　b　", "", "", True])
    rows = tables.read(content)["单位"]
    assert [row.number for row in rows] == [1, 2, 4]
    assert rows[1].cells == ("a", "13800001111", "2026-01-31", "1.5") and rows[2].cells[0] == "b"


def test_hidden_sheets_are_left_alone() -> None:
    assert list(tables.read(workbook(["a"], hidden=True))) == ["单位"]


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("split", [",", ";", "\t"])
def test_csv_is_read_as_offices_save_it(coding: str, split: str) -> None:
    content = f"代码{split}名称\n甲{split}乙\n".encode(coding)
    assert [row.cells for row in tables.read(content, "单位")["单位"]] == [("代码", "名称"), ("甲", "乙")]


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "x")
        packed.writestr("xl/workbook.xml", b"0" * 30_000_000)
    return out.getvalue()


def packed(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("[Content_Types].xml", "x")
        made.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "空的"),
        (b"MZ\x90\x00" + b"\x00" * 100, "不是表格"),
        (packed("word/document.xml"), "不是表格"),
        (packed("xl/workbook.xml"), "不是表格"),
        (b"PK\x03\x04nonsense", "损坏"),
        (b"\xd0\xcf\x11\xe0" + tables.ENCRYPTED, "密码"),
        (bomb(), "不正常"),
        (b"x" * (tables.MAX_BYTES + 1), "太大"),
        (workbook(["a"], ["b"], ["c"], merge=True), "合并"),
        (workbook(["x"] * 61), "列"),
        (("a\n" * 100_000).encode(), "100000 行"),
    ],
    ids=range(11),
)
def test_what_is_no_table_is_refused_in_words(content: bytes, why: str) -> None:
    with pytest.raises(tables.BadTable, match=why):
        tables.read(content)


def test_a_hundred_thousand_rows_are_refused_before_they_are_read() -> None:
    content = workbook(*[[f"r{number}"] for number in range(25_000)])
    with pytest.raises(tables.BadTable, match="25000 行"):
        tables.read(content)


def test_a_template_can_be_read_back_and_its_example_row_is_skipped() -> None:
    sheets = tables.read(tables.template(TABLES))
    assert list(sheets) == ["单位", "社区", "小区", "人员"]
    for table in TABLES:
        found = parse(table, sheets[table.label])
        assert (found.rows, found.wrong) == ((), ()), table.label


@pytest.mark.parametrize("value", ["=1+1", "+cmd", "@SUM(A1)", "-2+3"])
def test_nothing_that_is_written_is_a_formula(value: str) -> None:
    content = tables.template([BODIES], {"bodies": [{"code": "a", "name": value}]})
    assert tables.read(content)["单位"][1].cells[2].lstrip("'") == value and not tables.safe(value).startswith(
        ("=", "+", "@", "-")
    )
    assert tables.safe("-5") == "-5" and tables.safe(None) == "" and tables.safe(True) == "是"


def test_cells_in_both_far_corners_are_refused_and_the_process_lives() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("单位")
        sheet.write(0, 0, "代码")
        sheet.write(1_048_575, 16_383, "远")
    with pytest.raises(tables.BadTable, match="大得不正常"):
        tables.read(out.getvalue())


def test_formulas_are_told_from_values_also_where_they_show_nothing() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet("说明")
        made = book.add_worksheet("单 & 位")
        made.write_row(0, 0, ["代码", "全称"])
        made.write_formula(1, 1, '=A1&"局"', value="某局")
        made.write_formula(4, 27, "=1+1", value="")
        made.write_string(2, 0, "=A1")
        made.conditional_format("A1:A9", {"type": "formula", "criteria": "=A1>0"})
    rows = tables.read(out.getvalue())["单 & 位"]
    assert [(row.number, sorted(row.formulas)) for row in rows] == [(1, []), (2, [1]), (3, [0]), (5, [27])]
    assert tables.shows_formulas(out.getvalue()) and not tables.shows_formulas(tables.OLE)


def test_what_is_refused_is_a_template_that_can_be_translated() -> None:
    with pytest.raises(tables.BadTable) as why:
        tables.read(workbook(["a"] * 61))
    assert why.value.text == "“%(name)s”有 %(columns)s 列，最多 %(most)s 列。"
    assert why.value.params == {"name": "单位", "columns": 61, "most": 60}


@given(st.text("'=+-@ab1\t。", max_size=6).map(str.strip))
def test_what_was_made_safe_to_write_is_read_as_it_was(said: str) -> None:
    written = tables.safe(said)
    assert tables.unsafe(written) == said and (
        not written.startswith(tables.FORMULA_SIGNS) or written.lstrip("+-").replace(".", "").isdigit()
    )
