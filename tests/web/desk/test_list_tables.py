"""The coordinator takes a whole list out as a workbook and brings it back into a draft: looked over in words, all of it or nothing."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.adapters import tables
from huiyin.records.models import LegalBasis, ListItem, ListVersion, TableImport
from huiyin.rules.tables import Cells
from huiyin.selectors import list_tables
from huiyin.services import lists as services
from tests.adapters.test_tables import bomb
from tests.world import World

Desk = Callable[[str], Client]
CO = "zhoumin"


def drafted(client: Client, listing: str = "enforcement") -> ListVersion:
    base = ListVersion.objects.get(listing=listing, state="published")
    client.post("/desk/lists/versions/new/", {"listing": listing, "based_on": base.pk})
    return ListVersion.objects.get(listing=listing, state="draft")


def out(client: Client, draft: ListVersion) -> dict[str, list[Cells]]:
    return tables.read(client.get(f"/desk/lists/versions/{draft.pk}/workbook/").content)


def workbook(sheets: Mapping[str, Sequence[Cells]]) -> bytes:
    """A workbook with these cells, as an office program would save it after somebody worked on it."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"strings_to_formulas": False}) as book:
        for name, lines in sheets.items():
            sheet = book.add_worksheet(name)
            for line in lines:
                for place, cell in enumerate(line.cells):
                    sheet.write_string(line.number - 1, place, cell)
    return made.getvalue()


def sent(client: Client, draft: ListVersion, content: bytes, name: str = "清单.xlsx") -> Any:
    return client.post(f"/desk/lists/versions/{draft.pk}/upload/", {"files": [SimpleUploadedFile(name, content)]})


def typed(sheets: dict[str, list[Cells]], sheet: str, code: str, column: str, value: str) -> None:
    """One cell typed over, in the first row of an item."""
    lines = sheets[sheet]
    place = [cell.rstrip("*") for cell in lines[0].cells].index(column)
    row = next(number for number, line in enumerate(lines) if line.cells[0] == code)
    cells = list(lines[row].cells) + [""] * (place + 1 - len(lines[row].cells))
    cells[place] = value
    lines[row] = Cells(number=lines[row].number, cells=tuple(cells))


def content_of(draft: ListVersion) -> Any:
    return list_tables.content(ListVersion.objects.get(pk=draft.pk))


def test_a_whole_list_goes_out_and_comes_in_and_nothing_changes(desk: Desk, clock: World) -> None:
    client = desk(CO)
    for listing in ("enforcement", "service"):
        draft = drafted(client, listing)
        before, rows = content_of(draft), set(LegalBasis.objects.filter(item__version=draft).values_list("pk", flat=True))
        answer = client.get(f"/desk/lists/versions/{draft.pk}/workbook/")
        assert "filename*=UTF-8''" in answer["Content-Disposition"] and answer.content[:4] == tables.ZIP
        where = sent(client, draft, answer.content)["Location"]
        page = client.get(where)
        assert "工作簿和草稿一样" in page.content.decode() and ">导入草稿</button>" not in page.content.decode()
        assert client.post(where, {"seen": page.context["plan"].mark}).status_code == 302
        draft.refresh_from_db()
        assert content_of(draft) == before and draft.revision == 0
        assert set(LegalBasis.objects.filter(item__version=draft).values_list("pk", flat=True)) == rows


def test_a_version_in_force_goes_into_an_empty_draft_with_everything_but_what_was_checked_nowhere(
    desk: Desk, clock: World
) -> None:
    client = desk(CO)
    base = ListVersion.objects.get(listing="enforcement", state="published")
    client.post("/desk/lists/versions/new/", {"listing": "enforcement"})
    draft = ListVersion.objects.get(listing="enforcement", state="draft")
    where = sent(client, draft, client.get(f"/desk/lists/versions/{base.pk}/workbook/").content)["Location"]
    assert client.post(where, {"seen": client.get(where).context["plan"].mark}).status_code == 302
    assert content_of(draft) == content_of(base)


def test_the_workbook_helps_to_fill_it_in(desk: Desk, clock: World) -> None:
    client = desk(CO)
    draft = drafted(client)
    content = client.get(f"/desk/lists/versions/{draft.pk}/workbook/").content
    sheets = tables.read(content)
    assert list(sheets) == ["说明", "事项", "配合", "居民的说法", "依据", "分流边界", "选项"]
    assert any("gongan" in cell for line in sheets["选项"] for cell in line.cells) and "怎么用" in sheets["说明"][1].cells[0]
    with tables.zipfile.ZipFile(io.BytesIO(content)) as packed:
        items = packed.read("xl/worksheets/sheet2.xml").decode()
    assert 'state="frozen"' in items and "急,快,常" in items and "选项" in items


def test_what_would_change_is_told_in_words_and_then_done_whole(desk: Desk, clock: World) -> None:
    client = desk(CO)
    draft = drafted(client)
    kept = ListItem.objects.get(version=draft, code="ZS-01").pk
    sheets = out(client, draft)
    typed(sheets, "事项", "QL-01", "谁来牵头", "chengguan")
    typed(sheets, "居民的说法", "QL-01", "文字", "狗绳子从来不牵")
    typed(sheets, "依据", "QL-01", "引文", "新写的引文")
    for name in ("事项", "配合", "居民的说法", "依据"):
        sheets[name] = [line for line in sheets[name] if line.cells[0] != "QL-05"]
    sheets["分流边界"] = sheets["分流边界"][:-1]
    where = sent(client, draft, workbook(sheets))["Location"]
    page = client.get(where)
    text = page.content.decode()
    assert re.search(r"<dt>牵头</dt>.*?<del>公安局</del>.*?<ins>城管局</ins>", text, re.S)
    assert "<ins>狗绳子从来不牵</ins>" in text and "1 项工作簿里没有" in text and "QL-05" in text
    assert "1 条引文是新的" in text and '<h2 class="h-s">分流边界</h2>' in text
    assert ListItem.objects.get(version=draft, code="QL-01").lead == "gongan"
    assert client.post(where, {"seen": page.context["plan"].mark})["Location"].endswith(f"/{draft.pk}/")
    item = ListItem.objects.get(version=draft, code="QL-01")
    assert (
        item.lead == "chengguan"
        and item.phrases[0] == "狗绳子从来不牵"
        and item.bases.order_by("position")[0].verified == "secondary"
    )
    assert not ListItem.objects.filter(version=draft, code="QL-05").exists()
    draft.refresh_from_db()
    assert draft.revision == 1 and len(draft.boundaries) == len(sheets["分流边界"]) - 1
    assert ListItem.objects.get(version=draft, code="ZS-01").pk == kept
    assert client.get(where).status_code == 404 and not TableImport.objects.exists()


def test_one_mistake_and_not_a_row_is_touched(desk: Desk, clock: World) -> None:
    client = desk(CO)
    draft = drafted(client)
    before, sheets = content_of(draft), out(client, draft)
    typed(sheets, "事项", "QL-01", "一句大白话", "改过的说明。")
    typed(sheets, "事项", "ZS-02", "谁来牵头", "水务局")
    typed(sheets, "依据", "ZS-02", "从哪天起有效", "2026-02-30")
    where = sent(client, draft, workbook(sheets))["Location"]
    text = client.get(where).content.decode()
    assert (
        "有 2 处要改" in text and "本县没有“水务局”这个单位" in text and "不是日期" in text and ">导入草稿</button>" not in text
    )
    assert client.post(where, {"seen": client.get(where).context["plan"].mark}).status_code == 409
    assert content_of(draft) == before


def test_two_coordinators_and_one_draft_the_second_looks_again(desk: Desk, clock: World) -> None:
    client = desk(CO)
    draft = drafted(client)
    sheets = out(client, draft)
    typed(sheets, "事项", "QL-01", "名称", "遛狗不牵绳")
    where = sent(client, draft, workbook(sheets))["Location"]
    seen = client.get(where).context["plan"].mark
    ListItem.objects.filter(version=draft, code="ZS-01").update(plain="别人刚改的")
    again = client.post(where, {"seen": seen})
    text = again.content.decode()
    assert again.status_code == 409 and "有人改了这份草稿" in text and "<del>别人刚改的</del>" in text
    assert ListItem.objects.get(version=draft, code="QL-01").name != "遛狗不牵绳"
    assert client.post(where, {"seen": again.context["plan"].mark}).status_code == 302
    assert ListItem.objects.get(version=draft, code="QL-01").name == "遛狗不牵绳"


def test_a_code_that_was_used_up_is_refused_with_what_it_was(desk: Desk, clock: World) -> None:
    client = desk(CO)
    base = ListVersion.objects.get(listing="service", state="published")
    ListItem.objects.filter(version=base, code="FS-05").update(name="早已不办的事")
    gone = services.take_out(actor=clock.actor(CO), at=clock.now, code="FS-05")
    ListVersion.objects.filter(pk=gone).update(state="published", in_force_from=clock.now.date() + timedelta(days=1))
    newer = services.new_draft(actor=clock.actor(CO), at=clock.now, listing="service", based_on=gone)
    draft = ListVersion.objects.get(pk=newer)
    sheets = out(client, draft)
    typed(sheets, "事项", "FS-01", "代码", "FS-05")
    text = client.get(sent(client, draft, workbook({"事项": sheets["事项"]}))["Location"]).content.decode()
    assert "以前是“早已不办的事”，停用的代码不能再用" in text


def test_files_that_cannot_be_are_each_told_why(desk: Desk, clock: World) -> None:
    client = desk(CO)
    draft = drafted(client)
    merged_cells = io.BytesIO()
    with xlsxwriter.Workbook(merged_cells) as book:
        sheet = book.add_worksheet("居民的说法")
        sheet.write_row(0, 0, ["事项代码", "是什么", "文字"])
        sheet.merge_range(1, 0, 3, 0, "QL-01")
    long = "事项代码,是什么,文字\n" + "QL-01,说法,一句\n" * 100_000
    for content, name, why in (
        (merged_cells.getvalue(), "合并.xlsx", "合并的单元格"),
        (bomb(), "炸弹.xlsx", "大得不正常"),
        (long.encode(), "居民的说法.csv", "100001 行，最多 20000 行"),
        (b"MZ\x90\x00" + b"\x00" * 100, "病毒.xlsx", "不是表格"),
    ):
        answer = sent(client, draft, content, name)
        assert answer.status_code == 422 and why in answer.content.decode(), name
    assert client.post(f"/desk/lists/versions/{draft.pk}/upload/").status_code == 422
    other = client.get(sent(client, draft, workbook({"别的": [Cells(number=1, cells=("甲",))]}))["Location"]).content.decode()
    assert "这里没有一张清单的表" in other


def test_a_formula_is_named_and_a_gbk_csv_is_read(desk: Desk, clock: World) -> None:
    client = desk(CO)
    draft = drafted(client)
    head = "事项代码,是什么,文字\n"
    formula = client.get(sent(client, draft, f"{head}QL-01,说法,=A1\n".encode(), "居民的说法.csv")["Location"])
    assert "这一格是公式" in formula.content.decode()
    gbk = (head + "QL-01,说法,细伢子遛狗冇牵绳\nQL-01,关键词,冇牵绳\n").encode("gb18030")
    where = sent(client, draft, gbk, "居民的说法.csv")["Location"]
    assert client.post(where, {"seen": client.get(where).context["plan"].mark}).status_code == 302
    item = ListItem.objects.get(version=draft, code="QL-01")
    assert (item.phrases, item.keywords) == (["细伢子遛狗冇牵绳"], ["冇牵绳"])


def test_only_a_draft_takes_a_workbook_and_only_its_sender_sees_it(desk: Desk, clock: World) -> None:
    client = desk(CO)
    base = ListVersion.objects.get(listing="enforcement", state="published")
    assert client.get(f"/desk/lists/versions/{base.pk}/upload/")["Location"].endswith(f"/versions/{base.pk}/")
    draft = drafted(client)
    where = sent(client, draft, client.get(f"/desk/lists/versions/{draft.pk}/workbook/").content)["Location"]
    row = TableImport.objects.get()
    TableImport.objects.update(made_by=clock.person("wangxiulan"))
    assert client.get(where).status_code == 404 and client.post(where).status_code == 404
    TableImport.objects.update(made_by=row.made_by)
    client.post(f"/desk/lists/versions/{draft.pk}/act/", {"do": "review"})
    assert client.get(where)["Location"].endswith(f"/versions/{draft.pk}/")
    assert client.post(where)["Location"].endswith(f"/versions/{draft.pk}/")


def test_the_look_asks_few_queries(desk: Desk, clock: World) -> None:
    client = desk(CO)
    draft = drafted(client)
    where = sent(client, draft, client.get(f"/desk/lists/versions/{draft.pk}/workbook/").content)["Location"]
    client.get(where)
    with CaptureQueriesContext(connection) as asked:
        client.get(where)
    told = [one["sql"] for one in asked if not re.match(r"(SAVEPOINT|RELEASE|BEGIN|COMMIT)", one["sql"])]
    assert len(told) <= 10, "\n".join(told)
