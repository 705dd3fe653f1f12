"""Documents are set as the standard says, by a process of their own, and what people wrote is never run."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import segno
from docx import Document
from docx.oxml.ns import qn
from PIL import Image

from huiyin.adapters.documents import press, press_worker, templates
from huiyin.adapters.documents.docx import docx
from huiyin.adapters.documents.press import CannotSet, pdf
from huiyin.rules.documents.compose import Broken
from huiyin.rules.documents.kinds import KINDS, Kind
from tests.adapters.documents.samples import composed
from tests.conftest import missing

FONTS = Path(press_worker.__file__).parent / "fonts"
QR = segno.make("https://huiyin.example/open/ledger", error="m").svg_inline(scale=1, border=0)
RARE = "堃喆祎玥昇珺瑄翀旻彧"
ALL = pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))


@pytest.fixture(scope="module", autouse=True)
def _ended() -> Iterator[None]:
    yield
    press.rest()


def text_of(made: bytes) -> str:
    """What somebody who searches or copies finds."""
    if shutil.which("pdftotext") is None:
        missing("needs pdftotext (poppler-utils)")
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=made, capture_output=True, check=True)
    return done.stdout.decode()


@ALL
def test_every_kind_is_set_and_can_be_edited(kind: Kind) -> None:
    doc = composed(kind)
    assert pdf(doc).startswith(b"%PDF-")
    words = "\n".join(paragraph.text for paragraph in Document(io.BytesIO(docx(doc))).paragraphs)
    assert "".join(doc["title"]) in words.replace("\n", "")


@pytest.mark.parametrize("code", ["reminder", "decision", "filing"])
def test_an_editable_copy_keeps_the_order_that_word_minds(code: str) -> None:
    """ECMA-376 17.3.1.26: the properties of a paragraph stand in a fixed order; office programs call a file broken where they do not."""
    order = ["pStyle", "keepNext", "keepLines", "pageBreakBefore", "pBdr", "tabs", "snapToGrid", "spacing", "ind", "jc", "rPr"]
    for paragraph in Document(io.BytesIO(docx(composed(KINDS[code])))).paragraphs:
        held = paragraph._p.pPr
        names = [child.tag.partition("}")[2] for child in held] if held is not None else []
        assert names == sorted(names, key=order.index), names


def test_an_editable_form_has_the_columns_of_the_printed_one() -> None:
    """A program that is told no width of a column makes them all alike, and a form grows a page."""
    [table] = Document(io.BytesIO(docx(composed(KINDS["filing"])))).tables
    assert [round(column.width.mm) for column in table.columns] == [30, 50, 26, 50]


@ALL
def test_no_page_of_an_editable_copy_holds_signatures_alone(kind: Kind) -> None:
    """GB/T 9704 7.3.5. Every line of the ending is kept with the next, and with a line of the text before it."""
    blocks = composed(kind)["blocks"]
    ends = [
        at
        for at, block in enumerate(blocks)
        if block["kind"] == "signs" and blocks[at - 1]["kind"] in {"p", "plain", "date", "note"}
    ]
    for at in ends:
        paragraphs = Document(io.BytesIO(docx(composed(kind, blocks=blocks[: at + 1])))).paragraphs
        signs = -(-len(blocks[at]["rows"]) // 2)
        assert all(one.paragraph_format.keep_with_next for one in paragraphs[-signs - 2 : -1]), kind.code


def test_a_list_begins_a_page_and_leaves_none_empty() -> None:
    paragraphs = Document(io.BytesIO(docx(composed(KINDS["preservation"])))).paragraphs
    assert sum(bool(one.paragraph_format.page_break_before) for one in paragraphs) == 1
    assert not any('w:type="page"' in one._p.xml for one in paragraphs)


def test_an_editable_copy_says_that_it_is_simplified_chinese() -> None:
    [said] = Document(io.BytesIO(docx(composed(KINDS["order"])))).styles["Normal"].element.iter(qn("w:lang"))
    assert said.get(qn("w:eastAsia")) == "zh-CN"


def test_in_a_form_no_number_is_torn_apart_at_the_end_of_a_line() -> None:
    for before in range(12, 28, 3):
        value = "国" * before + "（安城管罚字〔2026〕123号），" + "国" * (27 - before) + "叶知秋（执法证号安执07000014）"
        blocks = [{"kind": "fields", "rows": [["名称", value]]}, {"kind": "lines", "rows": [["名称", value]]}]
        said = text_of(pdf(composed(KINDS["filing"], blocks=blocks))).replace(" ", "")
        assert said.count("〔2026〕123号") == said.count("（执法证号安执07000014）") == 2, said


def test_names_with_rare_characters_can_be_searched_and_copied() -> None:
    said = text_of(pdf(composed(KINDS["order"], blocks=[{"kind": "p", "text": RARE}])))
    assert RARE in said


def test_rare_characters_are_drawn_in_the_regular_weight() -> None:
    from fontTools.ttLib import TTFont

    regular = TTFont(FONTS / "NotoSerifCJKsc-Regular.otf").getBestCmap()
    body = TTFont(FONTS / "FandolFang-Regular.otf").getBestCmap()
    assert [sign for sign in RARE if ord(sign) not in regular and ord(sign) not in body] == []
    assert press_worker.FONTS["fangsong"][-1] == "Noto Serif CJK SC"


def test_every_font_stands_in_the_manifest_with_its_licence() -> None:
    manifest = json.loads((FONTS / "THIRD_PARTY.json").read_text("utf-8"))
    assert {entry["file"] for entry in manifest} == {file.name for file in FONTS.iterdir() if file.suffix in {".otf", ".ttf"}}
    for entry in manifest:
        assert sha256((FONTS / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]
        assert entry["licence"] and (FONTS / entry["licence_file"]).is_file()


def test_what_people_write_is_never_run() -> None:
    nasty = '#panic("ran") #sys.version $x$ #import "/etc/passwd" \\u{41} *bold* <label> @ref // gone'
    doc = composed(KINDS["order"], blocks=[{"kind": "p", "text": nasty}, {"kind": "fields", "rows": [[nasty, nasty]]}])
    said = text_of(pdf(doc)).replace("\n", "")
    assert "#panic" in said and "*bold*" in said and "<label>" in said
    assert zipfile.ZipFile(io.BytesIO(docx(doc))).testzip() is None


def test_a_document_that_cannot_be_set_stops_neither_the_press_nor_the_next() -> None:
    with pytest.raises(CannotSet):
        pdf(composed(KINDS["order"], blocks=[{"kind": "image", "name": "none.jpg"}]))
    assert pdf(composed(KINDS["order"])).startswith(b"%PDF-")


@pytest.mark.parametrize("files", [{}, {"big.png": bytes(1 << 20)}], ids=["while it sets", "while it is told what to set"])
def test_a_press_that_hangs_is_ended_and_the_next_document_is_set(files: dict[str, bytes]) -> None:
    pdf(composed(KINDS["order"]))
    os.kill(press._running[0][0].pid, signal.SIGSTOP)
    with pytest.raises(CannotSet, match="too_slow"):
        pdf(composed(KINDS["order"]), files, seconds=0.3)
    assert pdf(composed(KINDS["order"])).startswith(b"%PDF-")


@ALL
def test_an_issued_document_is_fit_for_archives(kind: Kind) -> None:
    """PDF/A-2b: Typst refuses what would not be; the file says so of itself."""
    made = pdf(
        composed(
            kind,
            stamp=[2026, 11, 24, 16, 20, 0],
            draft="作废",
            checkpoint="台账检查点",
            qr=QR,
            signatures=[["甲在系统中签名。", ""]],
        )
    )
    with pikepdf.open(io.BytesIO(made)) as opened:
        said = opened.open_metadata()
        assert (said["pdfaid:part"], said["pdfaid:conformance"]) == ("2", "B")


def test_the_same_document_is_the_same_file() -> None:
    doc = composed(KINDS["decision"])
    assert pdf(doc) == pdf(doc)


# ── a county's own templates ─────────────────────────────────────────────────────────────────


@pytest.fixture
def own(settings: Any, tmp_path: Path) -> Path:
    settings.HUIYIN_DATA = tmp_path
    templates.folder().mkdir()
    return templates.folder()


def test_a_county_puts_its_own_wording_in_a_folder(own: Path) -> None:
    kind = KINDS["dissuasion"]
    source = templates.shipped(kind).replace("劝导记录", "现场劝导记录单")
    (own / "dissuasion.toml").write_text(source, "utf-8")
    assert templates.template(kind).title == "现场劝导记录单"
    assert templates.own_ones() == {"dissuasion.toml": None}


def test_its_own_wording_may_not_leave_out_what_the_law_wants(own: Path) -> None:
    source = templates.shipped(KINDS["decision"]).replace("{证据}", "见案卷")
    (own / "decision.toml").write_text(source, "utf-8")
    with pytest.raises(Broken, match="证据"):
        templates.template(KINDS["decision"])


@pytest.mark.parametrize("content", [b"title = \xff\xfe", b"x" * (templates.MAX_BYTES + 1)], ids=["not utf-8", "too large"])
def test_a_file_that_is_no_template_is_named(own: Path, content: bytes) -> None:
    (own / "order.toml").write_bytes(content)
    (own / "poster.toml").write_text("", "utf-8")
    found = templates.own_ones()
    assert found["order.toml"] is not None and found["poster.toml"] is not None


# ── measures of GB/T 9704-2012 ───────────────────────────────────────────────────────────────

PPI = 300
MM = PPI / 25.4


def red(page: Image.Image) -> list[tuple[int, int, int, int]]:
    """Bands of red rows: first and last row, first and last column."""
    pixels = page.convert("RGB").load()
    assert pixels is not None
    rows: dict[int, tuple[int, int]] = {}
    for y in range(page.height):
        across = [x for x in range(0, page.width, 2) if (p := pixels[x, y])[0] > 120 and p[1] < 90 and p[2] < 90]  # type: ignore[index]
        if across:
            rows[y] = (across[0], across[-1])
    bands: list[tuple[int, int, int, int]] = []
    for y, (left, right) in rows.items():
        if bands and y - bands[-1][1] <= 1:
            top, _, old_left, old_right = bands[-1]
            bands[-1] = (top, y, min(left, old_left), max(right, old_right))
        else:
            bands.append((y, y, left, right))
    return bands


def dark_rows(page: Image.Image, left: float, right: float) -> list[tuple[float, float]]:
    """Lines of black text between two columns (mm), as (upper, lower) edge in mm."""
    strip = page.convert("RGB").crop((round(left * MM), 0, round(right * MM), page.height))
    pixels = strip.load()
    assert pixels is not None
    inked = [y for y in range(strip.height) if any(max(pixels[x, y]) < 110 for x in range(0, strip.width, 2))]  # type: ignore[arg-type]
    lines: list[list[int]] = []
    for y in inked:
        if lines and y - lines[-1][1] <= 8:
            lines[-1][1] = y
        else:
            lines.append([y, y])
    return [(first / MM, last / MM) for first, last in lines]


@pytest.fixture(scope="module")
def letter() -> Image.Image:
    body = [{"kind": "to", "text": "国国国国："}] + [{"kind": "p", "text": "国" * 26 + "国" * 28}] * 4
    pages = press.png(composed(KINDS["reminder"], blocks=body, title=["国" * 12]), ppi=PPI)
    return Image.open(io.BytesIO(pages[0]))


def test_a_letter_has_its_mark_and_lines_where_the_standard_wants_them(letter: Image.Image) -> None:
    """GB/T 9704 10.1, to half a millimetre: mark 30 mm from the edge, double line 4 mm under it, the other 20 mm from below, 170 mm long."""
    mark, thick, thin, low_thin, low_thick = red(letter)
    near = pytest.approx
    assert mark[0] / MM == near(30, abs=0.5)
    assert (thick[0] - mark[1]) / MM == near(4, abs=0.5)
    assert thick[1] - thick[0] > thin[1] - thin[0], "the upper one is thick over thin"
    assert low_thick[1] - low_thick[0] > low_thin[1] - low_thin[0], "the lower one is thin over thick"
    assert (letter.height - low_thick[1]) / MM == near(20, abs=0.5)
    for _, _, left, right in (thick, low_thick):
        assert (right - left) / MM == near(170, abs=0.5)
        assert (left + right) / 2 / MM == near(105, abs=0.5)


def test_a_letter_has_its_number_title_and_lines_where_the_standard_wants_them(letter: Image.Image) -> None:
    """7/8 of a 3 号 character between line and number, the title two lines on, 22 lines of 28 characters on 156 × 225 mm."""
    thin = red(letter)[2]
    lines = dark_rows(letter, 28, 184.2)
    number, title, _to, first, second = lines[:5]
    assert number[0] - thin[1] / MM == pytest.approx(16 * 7 / 8 * 25.4 / 72, abs=0.5)
    pitch = 225 / 22
    between = 2 * pitch + pitch - 16 * 25.4 / 72  # two empty lines, from the foot of one character to the head of the other
    assert title[0] - number[1] == pytest.approx(between, abs=0.5)
    assert second[0] - first[0] == pytest.approx(pitch, abs=0.1)
    columns = dark_columns(letter, second)
    assert sum(columns) / 2 == pytest.approx(28 + 156 / 2, abs=0.5), "28 characters fill the line; each has white on both sides"
    assert 156 - (columns[1] - columns[0]) < 156 / 28 * 0.4


def dark_columns(page: Image.Image, line: tuple[float, float]) -> tuple[float, float]:
    strip = page.convert("L").crop((0, round(line[0] * MM), page.width, round(line[1] * MM)))
    pixels = strip.load()
    assert pixels is not None
    inked = [x for x in range(strip.width) if any(pixels[x, y] < 110 for y in range(strip.height))]  # type: ignore[operator]
    return inked[0] / MM, inked[-1] / MM


def test_the_first_page_of_a_letter_has_no_number_and_the_second_has() -> None:
    body = [{"kind": "p", "text": "国" * 28 * 30}]
    first, second, *_ = [Image.open(io.BytesIO(page)) for page in press.png(composed(KINDS["reminder"], blocks=body), ppi=PPI)]
    assert [row for row in dark_rows(first, 28, 184) if row[0] > 262.5] == []
    rule = [row for row in dark_rows(second, 33.5, 37.5) if row[0] > 262.5]
    assert len(rule) == 1
    middle = (rule[0][0] + rule[0][1]) / 2
    assert middle - 262 == pytest.approx(7, abs=0.5), "一字线 7 mm under the text area"
