"""A whole list goes out as a workbook and comes back the same, and what was changed in it badly is named by sheet, row and column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.rules.list_tables import FINES, MEASURES, Around, Content, Merged, merged, tables_of, written
from huiyin.rules.lists import FIRST_LABELS, KINDS, PERSUADABLE_LABELS, PLACE_LABELS, TESTS
from huiyin.rules.tables import Cells, parse
from huiyin.rules.workflow.vocabulary import Listing

AROUND = Around(
    leads={"gongan": ("安和县公安局", "县公安局"), "chengguan": ("安和县城市管理局",), "wuye": ("小区物业",)},
    partners={"gongan": ("安和县公安局", "县公安局"), "chengguan": ("安和县城市管理局",), "wuye": ("小区物业",)},
    retired={"QL-09": "遛猪"},
    checked=frozenset({("dongwufangyi", "第三十条", "应当系犬绳")}),
)
DUTY: dict[str, Any] = {
    "law": "动物防疫法", "law_code": "dongwufangyi", "article": "第三十条", "kind": "duty", "quote": "应当系犬绳", "verified": "statute_text",
    "source": "", "valid_from": date(2021, 5, 1), "valid_to": None, "applies": "", "supersedes": "", "requires_first": ["order"], "unless": "",
    "authority": "", "designated": False, "places": ["county_town"], "fine": {"person": [200, 1000], "note": "逾期加倍"},
}  # fmt: skip
DOGS: dict[str, Any] = {
    "code": "QL-01", "category_code": "QL", "category_name": "犬类", "category_name_en": "Dogs", "name": "遛犬不牵绳", "name_en": "", "plain": "遛狗不拴绳。",
    "plain_en": "", "phrases": ["狗没拴绳", "-狗乱跑"], "keywords": ["狗绳"], "lead": "gongan", "cooperating": ["chengguan", "wuye"],
    "duties": {"wuye": "先劝"}, "measures": {"order": "责令改正", "fine_person_yuan": [200, 1000], "ours": "留着"}, "ladder": ["劝阻", "责令"],
    "handling": "", "notes": "一行\n两行", "scope_check": "", "prior_step": "", "urgency": "快", "dispatch_working_hours": Decimal("2.50"),
    "onsite_hours": 24, "recheck_days": None, "close_workdays": 5, "rectify_default": "当场", "persuadable": "limited", "safety_baseline": False,
    "police": True, "proofs": {"x": 1}, "tests": {"resonance": "41 件"}, "turns_into": [], "bases": (DUTY,),
}  # fmt: skip
LIST = Content(items=(DOGS,), boundaries=("伤人 → QL-03", "叫声 → ZS-05"))


def sheets(listing: Listing, content: Content) -> dict[str, list[Cells]]:
    """What a workbook written from a list shows when it is read: texts in cells."""
    rows = written(listing, content, AROUND)
    return {
        table.name: [Cells(number=1, cells=tuple(column.label for column in table.columns))]
        + [
            Cells(number=number, cells=tuple(_cell(row.get(column.name)) for column in table.columns))
            for number, row in enumerate(rows[table.name], 2)
        ]
        for table in tables_of(listing)
    }


def _cell(value: Any) -> str:
    return "" if value is None else "是" if value is True else "否" if value is False else str(value)


def read(there: Content, given: Mapping[str, Sequence[Cells]], listing: Listing = Listing.ENFORCEMENT) -> Merged:
    parsed = {table.name: parse(table, given[table.name]) for table in tables_of(listing) if table.name in given}
    return merged(listing, there, parsed, AROUND)


def changed(table: str, row: int, column: str, value: str, content: Content = LIST) -> Merged:
    """The list written, one cell typed over, and read back; rows are counted from 1 below the header."""
    given = sheets(Listing.ENFORCEMENT, content)
    place = [one.label for one in given_table(table).columns].index(column)
    line = given[table][row]
    given[table][row] = Cells(number=line.number, cells=(*line.cells[:place], value, *line.cells[place + 1 :]))
    return read(content, given)


def given_table(name: str) -> Any:
    return next(table for table in tables_of(Listing.ENFORCEMENT) if table.name == name)


def test_a_list_written_and_read_is_the_same_list() -> None:
    found = read(LIST, sheets(Listing.ENFORCEMENT, LIST))
    assert found.wrong == () and found.unchecked == () and found.content == LIST


def test_read_into_an_empty_draft_only_what_has_no_column_is_left_behind() -> None:
    found = read(Content(), sheets(Listing.ENFORCEMENT, LIST))
    measures = {name: value for name, value in DOGS["measures"].items() if name != "ours"}
    assert found.wrong == () and found.content.items == ({**DOGS, "measures": measures, "proofs": {}},)


def some_text(limit: int) -> st.SearchStrategy[str]:
    return st.text("狗绳不牵Ab01'-=+@，。、；“”（）①𠮷 \u3000", max_size=limit).map(str.strip)


def a_basis() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            **{name: some_text(12).filter(bool) for name in ("law", "law_code", "article")},
            **{name: some_text(30) for name in ("quote", "source", "applies", "supersedes", "authority")},
            "kind": st.sampled_from(KINDS),
            "verified": st.just("secondary"),
            "valid_from": st.none() | st.dates(date(1990, 1, 1), date(2026, 1, 1)),
            "valid_to": st.none() | st.dates(date(2026, 1, 2)),
            "requires_first": st.lists(st.sampled_from(sorted(FIRST_LABELS)), unique=True, min_size=1),
            "unless": some_text(10),
            "designated": st.booleans(),
            "places": st.lists(st.sampled_from(sorted(PLACE_LABELS)), unique=True),
            "fine": st.just({}) | st.just({"firm": [0, 5]}) | st.just({"person": [7, 7], "note": "说明"}),
        }
    )


def an_item(code: str) -> st.SearchStrategy[dict[str, Any]]:
    short = some_text(8).filter(bool)
    measures = st.dictionaries(st.sampled_from(sorted(MEASURES)), some_text(9).filter(bool))
    fines = st.dictionaries(st.sampled_from([f"fine_{who}_yuan" for who in FINES]), st.just([1, 2]))
    return st.fixed_dictionaries(
        {
            **{name: st.just(value) for name, value in deepcopy(DOGS).items() if name not in {"code", "bases"}},
            "code": st.just(code),
            **dict.fromkeys(("category_code", "category_name", "name", "plain"), short),
            **{name: some_text(20) for name in ("name_en", "plain_en", "scope_check", "prior_step", "rectify_default")},
            "notes": st.lists(some_text(5).filter(bool)).map("\n".join),
            "phrases": st.lists(some_text(20).filter(bool), unique=True),
            "keywords": st.lists(some_text(5).filter(bool), unique=True),
            "lead": st.sampled_from(["", "gongan", "wuye"]),
            "cooperating": st.lists(st.sampled_from(["gongan", "chengguan"]), unique=True),
            "duties": st.just({}),
            "measures": st.tuples(measures, fines).map(lambda pair: pair[0] | pair[1]),
            "ladder": st.lists(some_text(6).filter(bool)),
            "dispatch_working_hours": st.decimals(0, 80, places=2),
            "onsite_hours": st.none() | st.integers(1, 720),
            "persuadable": st.sampled_from(sorted(PERSUADABLE_LABELS)),
            "police": st.booleans(),
            "tests": st.dictionaries(st.sampled_from(TESTS), some_text(9).filter(bool)),
            "bases": st.lists(a_basis(), max_size=3).map(tuple),
        }
    )


@given(
    st.lists(st.sampled_from(["QL-01", "ZS-02", "XF-03", "a"]), unique=True, max_size=3).flatmap(
        lambda codes: st.tuples(*(an_item(code) for code in codes))
    ),
    st.lists(some_text(20).filter(bool), max_size=4),
)
def test_whatever_a_draft_holds_goes_out_and_comes_in_unchanged(items: tuple[dict[str, Any], ...], boundaries: list[str]) -> None:
    there = Content(items=items, boundaries=tuple(boundaries))
    found = read(there, sheets(Listing.ENFORCEMENT, there))
    assert [str(one) for one in found.wrong] == [] and found.content == there


def test_services_go_out_and_come_in_with_what_they_turn_into() -> None:
    stalls = {**DOGS, "code": "FS-01", "handling": "劝到疏导点", "turns_into": ["HW-01", "FW-02"]}
    there = Content(items=(stalls,))
    found = read(there, sheets(Listing.SERVICE, there), Listing.SERVICE)
    assert found.wrong == () and found.content == there


@pytest.mark.parametrize(
    ("table", "column", "value", "why"),
    [
        ("items", "代码", "QL-09", "以前是“遛猪”，停用的代码不能再用"),
        ("items", "代码", "QL 01", "不是一个代码"),
        ("items", "谁来牵头", "水务局", "本县没有“水务局”这个单位"),
        ("items", "派单工作时", "很快", "要填 0 到 80 的数"),
        ("items", "办结工作日", "0", "要填 1 到 365 的整数"),
        ("items", "紧急程度", "慢", "不在可选的里面"),
        ("items", "个人罚款最高", "100", "最高比最低还低"),
        ("items", "个人罚款最高", "", "最低和最高要一起填"),
        ("duties", "配合单位", "shuiwu", "本县没有"),
        ("words", "事项代码", "QL-77", "事项里没有代码 QL-77，这样的有 1 行"),
        ("words", "文字", "字" * 301, "太长了"),
        ("bases", "从哪天起有效", "2026-02-30", "不是日期"),
        ("bases", "从哪天起不再有效", "2021-05-01", "失效的日子在生效之前"),
        ("bases", "只在哪里适用", "月球", "不在可选的里面"),
        ("bases", "法律代码", "", "不能空着"),
        ("boundaries", "序号", "一", "整数"),
    ],
)
def test_what_cannot_be_is_named_by_sheet_row_and_column(table: str, column: str, value: str, why: str) -> None:
    said = [str(one) for one in changed(table, 1, column, value).wrong]
    assert any(why in one and f"第 2 行“{column}”" in one for one in said), said


def test_a_body_may_be_named_by_code_by_name_or_by_both() -> None:
    for said in ("chengguan", "安和县城市管理局", "chengguan 安和县城市管理局", "chengguan 旧名字"):
        assert changed("items", 1, "谁来牵头", said).content.items[0]["lead"] == "chengguan"
    assert changed("items", 1, "谁来牵头", "县公安局").content.items[0]["lead"] == "gongan"
    assert changed("items", 1, "谁来牵头", "").content.items[0]["lead"] == ""


def test_a_body_that_the_county_no_longer_has_may_stay_where_it_stood() -> None:
    old = Content(items=({**DOGS, "lead": "nowhere", "cooperating": ["gone"], "duties": {}},))
    found = read(old, sheets(Listing.ENFORCEMENT, old))
    assert found.wrong == () and found.content == old


def test_a_new_or_changed_quotation_is_not_checked_whatever_the_cell_says() -> None:
    found = changed("bases", 1, "引文", "应当系绳")
    assert found.unchecked == (2,) and found.content.items[0]["bases"][0]["verified"] == "secondary"
    assert changed("bases", 1, "引文核对", "没核对").content.items[0]["bases"][0]["verified"] == "secondary"


def test_a_sheet_alone_leaves_the_others_as_they_are() -> None:
    words = [Cells(number=1, cells=("事项代码", "是什么", "文字")), Cells(number=2, cells=("QL-01", "说法", "新的一句"))]
    found = read(LIST, {"words": words})
    assert found.wrong == () and found.content == Content(
        items=({**DOGS, "phrases": ["新的一句"], "keywords": []},), boundaries=LIST.boundaries
    )


def test_a_column_that_was_taken_away_leaves_its_field_as_it_is_but_not_among_clauses() -> None:
    given = sheets(Listing.ENFORCEMENT, LIST)
    kept = [
        place for place, one in enumerate(given_table("items").columns) if one.name not in {"notes", "police", "measure_order"}
    ]
    given["items"] = [Cells(number=line.number, cells=tuple(line.cells[place] for place in kept)) for line in given["items"]]
    assert read(LIST, given).content == LIST
    given["bases"] = [Cells(number=line.number, cells=line.cells[:5]) for line in given["bases"]]
    assert "少了这几列：引文" in str(read(LIST, given).wrong[0])


def test_an_item_without_its_row_is_taken_out_and_its_other_rows_are_named_once() -> None:
    given = sheets(Listing.ENFORCEMENT, LIST)
    given["items"] = given["items"][:1]
    said = [str(one) for one in read(LIST, given).wrong]
    assert len(said) == 3 and any("这样的有 3 行" in one for one in said)
    assert read(LIST, {"items": given["items"]}).content.items == ()
