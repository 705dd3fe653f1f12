"""Every mistake in a table is named by its row and column, in words, and all of them at once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.rules import tables
from huiyin.rules.county_tables import COMPOUNDS, PEOPLE, TABLES
from huiyin.rules.tables import Bad, Cells, parse

HEADER = Cells(number=1, cells=("社区代码*", "名称", "户数", "有高层", "坐标系", "合同从"))


def row(number: int, *cells: str) -> Cells:
    return Cells(number=number, cells=cells)


def test_values_come_out_by_the_names_of_the_house() -> None:
    found = parse(COMPOUNDS, [HEADER, row(2, "XINGFU", "幸福里", "３２０", "是", "GCJ-02", "2025年1月1日")])
    assert found.wrong == ()
    number, values = found.rows[0]
    assert (number, values["community"], values["households"], values["highrise"]) == (2, "xingfu", 320, True)
    assert values["contract_from"] == date(2025, 1, 1) and values["address"] is None


def test_all_mistakes_are_named_at_once() -> None:
    found = parse(COMPOUNDS, [HEADER, row(3, "", "甲", "多", "也许", "WGS", "去年"), row(4, "a b", "乙")])
    said = [str(one) for one in found.wrong]
    assert len(said) == 6 and found.rows == ()
    assert said[0] == "小区 第 3 行“社区代码”：不能空着。"
    assert any("“户数”：要填 0 到 100000 的整数" in one for one in said) and any("可选的里面：CGCS2000" in one for one in said)


def test_the_same_row_twice_is_named_with_the_first() -> None:
    found = parse(COMPOUNDS, [HEADER, row(2, "a", "甲"), row(5, "a", "甲")])
    assert [str(one) for one in found.wrong] == ["小区 第 5 行：和第 2 行重复了。"] and len(found.rows) == 1


def test_unknown_missing_and_doubled_columns_are_named() -> None:
    found = parse(COMPOUNDS, [row(1, "名称", "名称", "颜色"), row(2, "甲", "", "")])
    said = "\n".join(map(str, found.wrong))
    assert "这一列有两次" in said and "“颜色”：不认得这一列" in said and "少了这几列：社区代码" in said


def test_an_empty_sheet_says_so() -> None:
    assert str(parse(PEOPLE, []).wrong[0]) == "人员：表是空的。"


@pytest.mark.parametrize("raw", ["2026-02-30", "昨天", "2026", "26-1-1", "2026-13-01"])
def test_what_is_no_day_is_refused(raw: str) -> None:
    with pytest.raises(Bad, match="不是日期"):
        tables.day(raw)


@given(st.lists(st.lists(st.text(max_size=8), max_size=14), max_size=6))
def test_no_table_breaks_the_reading(cells: list[list[Any]]) -> None:
    for table in TABLES:
        found = parse(table, [Cells(number=number, cells=tuple(one)) for number, one in enumerate(cells, 1)])
        assert all(one.text for one in found.wrong)


def test_a_role_may_be_called_as_the_pages_call_it() -> None:
    for said in ("法制审核", "法制审核员"):
        lines = [
            Cells(number=1, cells=("登录名", "姓名", "岗位", "单位代码")),
            Cells(number=2, cells=("a", "甲", said, "sifa")),
        ]
        parsed = parse(PEOPLE, lines)
        assert parsed.wrong == () and parsed.rows[0][1]["role"] == "rev"
