"""The editable copy of a document, from the same blocks as the PDF, with the fonts and measures that office machines have."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from docx import Document
from docx.document import Document as Docx
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

FANG, SONG, HEI, KAI = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312"
SAN, SI, ER = 16, 14, 22
OFFICIAL = RGBColor(0xC0, 0, 0)
_GRID_PITCH = 580  # twips: 225 mm / 22

#: What the standard puts after w:snapToGrid in a paragraph's properties; Word minds the order.
_AFTER_SNAP = ("w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:textAlignment", "w:outlineLvl", "w:rPr", "w:sectPr")
#: White under the head, in lines.
_AFTER_HEAD = {"form": 0.5, "record": 0.5, "notice": 0.7, "letter": 1.0}
#: What a page never begins with: something of the text stands before it.
_ENDING = frozenset({"organ", "date", "signs", "note", "blank"})
_TEXTS = frozenset({"p", "plain", "long", "subheading", "note", "organ", "date"})
_FIELD_WIDTHS = (Mm(30), Mm(50), Mm(26), Mm(50))

Draw = Callable[[Docx, Mapping[str, Any], float, float], None]


def docx(doc: Mapping[str, Any]) -> bytes:
    """A .docx of a composed document, as for `press.pdf`. The signature pictures stay with the PDF of record."""
    made = Document()
    small = doc["layout"] in {"form", "record"}
    size, pitch = (SI, 23.0) if small else (SAN, 28.99)
    _page(made, size)
    if doc["layout"] == "letter":
        _letterhead(made, doc)
    else:
        _title(made, [str(doc.get("organ", ""))])
    head = _title(made, doc["title"])
    if doc["layout"] != "letter" and doc.get("number"):
        head = _plain(
            made,
            doc["number"],
            SAN if not small else 12,
            pitch,
            align=WD_ALIGN_PARAGRAPH.CENTER if not small else WD_ALIGN_PARAGRAPH.RIGHT,
        )
    head.paragraph_format.space_after = Pt(pitch * _AFTER_HEAD[doc["layout"]])
    _blocks(made, doc["blocks"], size, pitch)
    if doc.get("checkpoint"):
        _plain(made, str(doc["checkpoint"]), 7.5, 12)
    made.core_properties.title = "".join(doc["title"])
    made.core_properties.author = str(doc.get("organ", ""))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _blocks(made: Docx, blocks: Sequence[Mapping[str, Any]], size: float, pitch: float) -> None:
    kinds = [str(block["kind"]) for block in blocks]
    for at, block in enumerate(blocks):
        if block["kind"] == "page":
            continue
        drawn = len(made.paragraphs)
        if at and kinds[at - 1] == "page" and block["kind"] in {"fields", "table"}:
            made.add_paragraph()
        _DRAWN[block["kind"]](made, block, size, pitch)
        if at and kinds[at - 1] == "page":  # a break of its own would leave an empty page behind a full one
            made.paragraphs[drawn].paragraph_format.page_break_before = True
        if block["kind"] in _TEXTS and [*kinds, ""][at + 1] in _ENDING:
            _goes_with_the_next(made.paragraphs[-1])


def _goes_with_the_next(paragraph: Paragraph) -> None:
    """No page holds signatures alone (GB/T 9704 7.3.5)."""
    paragraph.paragraph_format.keep_together = paragraph.paragraph_format.keep_with_next = True


def _page(made: Docx, size: float) -> None:
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = (Mm(31), Mm(32)) if size == SI else (Mm(37), Mm(35))
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(22)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(_GRID_PITCH))
    normal = made.styles["Normal"]
    normal.font.size = Pt(size)
    normal.font.name = "Times New Roman"
    held = normal.element.get_or_add_rPr()
    held.get_or_add_rFonts().set(qn("w:eastAsia"), FANG)
    # Unsaid, a program that lacks a font takes one of another Chinese, with punctuation in the middle of its square.
    said = OxmlElement("w:lang")
    for name, value in (("val", "en-US"), ("eastAsia", "zh-CN")):
        said.set(qn(f"w:{name}"), value)
    held.append(said)
    _page_number(section.footer.paragraphs[0])


def _page_number(paragraph: Paragraph) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for kind, text in (("", "— "), ("begin", ""), ("code", " PAGE "), ("end", ""), ("", " —")):
        run = paragraph.add_run(text if not kind else "")
        run.font.size = Pt(SI)
        if kind in {"begin", "end"}:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
        elif kind == "code":
            code = OxmlElement("w:instrText")
            code.text = text
            run._r.append(code)


def _written(
    paragraph: Paragraph, text: str, font: str, size: float, *, bold: bool = False, colour: RGBColor | None = None
) -> None:
    for number, line in enumerate(text.split("\n")):
        run = paragraph.add_run()
        if number:
            run.add_break()
        for place, part in enumerate(line.split("\t")):
            if place:
                run.add_tab()
            run.add_text(part)
        run.font.size, run.font.bold, run.font.name = Pt(size), bold, "Times New Roman"
        run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
        if colour is not None:
            run.font.color.rgb = colour


def _spaced(paragraph: Paragraph, pitch: float) -> None:
    form = paragraph.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(pitch)
    snap = OxmlElement("w:snapToGrid")
    snap.set(qn("w:val"), "0")
    paragraph._p.get_or_add_pPr().insert_element_before(snap, *_AFTER_SNAP)


def _plain(
    made: Docx,
    text: str,
    size: float,
    pitch: float,
    *,
    font: str = FANG,
    align: WD_ALIGN_PARAGRAPH | None = None,
    indent: int = 0,
) -> Paragraph:
    paragraph = made.add_paragraph()
    _spaced(paragraph, pitch)
    paragraph.alignment = align if align is not None else WD_ALIGN_PARAGRAPH.JUSTIFY
    if indent:
        held = paragraph._p.get_or_add_pPr().get_or_add_ind()
        held.set(qn("w:firstLineChars"), str(indent * 100))
        held.set(qn("w:firstLine"), str(round(indent * size * 20)))
    _written(paragraph, text, font, size)
    return paragraph


def _title(made: Docx, lines: list[str]) -> Paragraph:
    """The last of its lines."""
    for line in lines:
        paragraph = made.add_paragraph()
        _spaced(paragraph, 34)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _written(paragraph, line, SONG, ER)
    return paragraph


def _letterhead(made: Docx, doc: Mapping[str, Any]) -> None:
    head = made.add_paragraph()
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _written(head, str(doc.get("organ", "")), SONG, float(doc.get("mark_size", 32)), colour=OFFICIAL)
    edge = OxmlElement("w:pBdr")
    line = OxmlElement("w:bottom")
    for name, value in (("val", "thickThinSmallGap"), ("sz", "24"), ("space", "11"), ("color", "C00000")):
        line.set(qn(f"w:{name}"), value)
    edge.append(line)
    head._p.get_or_add_pPr().insert_element_before(edge, "w:shd", "w:tabs", "w:snapToGrid", *_AFTER_SNAP)
    _plain(made, str(doc.get("number", "")), SAN, 28.99, align=WD_ALIGN_PARAGRAPH.RIGHT)
    _plain(made, "", SAN, 28.99)


# ── blocks ───────────────────────────────────────────────────────────────────────────────────


def _text(**how: Any) -> Draw:
    def draw(made: Docx, block: Mapping[str, Any], size: float, pitch: float) -> None:
        for line in str(block["text"]).split("\n"):
            _plain(made, line, how.get("size", size), pitch, **{key: value for key, value in how.items() if key != "size"})

    return draw


def _signature(made: Docx, block: Mapping[str, Any], size: float, pitch: float) -> None:
    paragraph = _plain(made, str(block["text"]), size, pitch, align=WD_ALIGN_PARAGRAPH.RIGHT)
    paragraph.paragraph_format.right_indent = Pt(4 * size)
    if block["kind"] == "organ":  # the place of the seal
        paragraph.paragraph_format.space_before = Pt(pitch)


def _lines(made: Docx, block: Mapping[str, Any], size: float, pitch: float) -> None:
    for label, value in block["rows"]:
        paragraph = made.add_paragraph()
        _spaced(paragraph, pitch)
        _written(paragraph, f"{label}：", HEI, size)
        _written(paragraph, value, FANG, size)


def _fields(made: Docx, block: Mapping[str, Any], size: float, pitch: float) -> None:
    table = _ruled(made, _FIELD_WIDTHS)
    for row in block["rows"]:
        cells = table.add_row().cells  # type: ignore[no-untyped-call]
        for cell, width in zip(cells, _FIELD_WIDTHS, strict=True):
            cell.width = width
        if len(row) == 2:
            cells[1].merge(cells[3])
        for number, text in enumerate(row):
            label = number % 2 == 0
            _in_cell(cells[number], text, HEI if label else FANG, WD_ALIGN_PARAGRAPH.CENTER if label else WD_ALIGN_PARAGRAPH.LEFT)


def _ruled(made: Docx, widths: Sequence[int]) -> Table:
    """A table whose columns are as wide as they are said to be, in every office program."""
    table: Table = made.add_table(rows=0, cols=len(widths))
    table.style, table.autofit = "Table Grid", False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Emu(width)
    return table


def _in_cell(cell: _Cell, text: str, font: str, align: WD_ALIGN_PARAGRAPH) -> None:
    """Lines set closer than the page's grid, as the PDF has them."""
    paragraph = cell.paragraphs[0]
    _spaced(paragraph, 20)
    paragraph.alignment, cell.vertical_alignment = align, WD_CELL_VERTICAL_ALIGNMENT.CENTER
    _written(paragraph, text, font, 12)


def _table(made: Docx, block: Mapping[str, Any], size: float, pitch: float) -> None:
    width = max([len(block["head"]), *(len(row) for row in block["rows"]), 1])
    shares = block.get("shares", (1,) * (width - 1))
    widths = (Mm(16), *(Mm(140 * share / sum(shares)) for share in shares))
    table = _ruled(made, widths)
    for font, row in ((HEI, block["head"]), *((FANG, row) for row in block["rows"])):
        if row:
            cells = table.add_row().cells  # type: ignore[no-untyped-call]
            for number, text in enumerate(row):
                cells[number].width = widths[number]
                _in_cell(cells[number], text, font, WD_ALIGN_PARAGRAPH.LEFT if number else WD_ALIGN_PARAGRAPH.CENTER)


def _signs(made: Docx, block: Mapping[str, Any], size: float, pitch: float) -> None:
    """Two beside each other, as in the PDF, on one page."""
    _goes_with_the_next(_plain(made, "", size, pitch * 0.6))
    for at in range(0, len(block["rows"]), 2):
        paragraph = _plain(made, "\t".join(str(row[0]) for row in block["rows"][at : at + 2]), size, pitch)
        paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(80))
        paragraph.paragraph_format.keep_with_next = at + 2 < len(block["rows"])


_DRAWN: dict[str, Draw] = {
    "to": _text(),
    "p": _text(indent=2),
    "plain": _text(),
    "long": _text(indent=2),
    "heading": _text(font=HEI, align=WD_ALIGN_PARAGRAPH.CENTER),
    "subheading": _text(font=HEI),
    "note": _text(font=KAI, size=10.5),
    "organ": _signature,
    "date": _signature,
    "blank": _text(),
    "copies": _text(size=SI),
    "lines": _lines,
    "fields": _fields,
    "table": _table,
    "signs": _signs,
}
