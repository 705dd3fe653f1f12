"""Binds documents and photos into one PDF: cover and index first, then every part with its running page number and a bookmark."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
from django.conf import settings

from huiyin.adapters import files
from huiyin.adapters.documents import press

AT_ONCE = 8  # pictures in memory at a time
_RIGHT, _TOP = 535, 806  # where a page number stands, in points from the lower left corner of A4


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One thing in a file: a PDF by its SHA-256, or pictures by the names of their copies. `caption` stands over each picture."""

    title: str
    number: str = ""
    day: str = ""
    pdf: str = ""
    pictures: tuple[str, ...] = ()
    caption: str = ""


Cover = Callable[[Sequence[tuple[Part, int, int]]], Mapping[str, Any]]


def bind(parts: Iterable[Part], cover: Cover) -> tuple[files.Stored, int]:
    """The whole as one stored PDF, and its number of pages. Memory does not grow with the number of pages: parts lie in a folder of
    their own, which goes again.

    cover: makes the composed cover and index of (part, first page, last page); pages count from the first part on. Raises CannotSet, LowDisk,
    FileNotFoundError and Damaged.
    """
    with tempfile.TemporaryDirectory(prefix=".bind-", dir=settings.HUIYIN_INCOMING) as folder:
        root = Path(folder)
        placed, first = [], 1
        pieces: list[tuple[Part, list[Path]]] = []
        for at, part in enumerate(parts):
            held = list(_pieces(part, root, at))
            pages = sum(_count(piece) for piece in held)
            if pages:
                pieces.append((part, held))
                placed.append((part, first, first + pages - 1))
                first += pages
        front = root / "front.pdf"
        front.write_bytes(press.pdf(cover(placed)))
        out = root / "whole.pdf"
        total = _joined(front, pieces, out)
        with out.open("rb") as stream:
            return files.put(stream, settings.MAX_DOCUMENT_BYTES), total


def _pieces(part: Part, root: Path, at: int) -> Iterator[Path]:
    if part.pdf:
        file = root / f"{at}.pdf"
        with file.open("wb") as out:
            for piece in files.read_pieces(part.pdf):
                out.write(piece)
        yield file
    for start in range(0, len(part.pictures), AT_ONCE):
        names = part.pictures[start : start + AT_ONCE]
        shown = {f"p{n}.jpg": files.read_copy(name) for n, name in enumerate(names)}
        blocks: list[dict[str, Any]] = []
        for n, name in enumerate(shown):
            blocks += [{"kind": "page"}] if n else []
            blocks += [
                {"kind": "plain", "text": f"{part.caption}（{start + n + 1}/{len(part.pictures)}）"},
                {"kind": "image", "name": name},
            ]
        file = root / f"{at}-{start}.pdf"
        file.write_bytes(press.pdf({"title": [], "layout": "bare", "organ": "", "blocks": blocks}, shown))
        yield file


def _count(file: Path) -> int:
    with pikepdf.open(file) as opened:
        return len(opened.pages)


def _joined(front: Path, pieces: Sequence[tuple[Part, list[Path]]], out: Path) -> int:
    """Writes all pages to `out`; returns how many."""
    with pikepdf.new() as whole:
        font = whole.make_indirect(
            pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        )
        opened = []
        try:
            opened.append(pikepdf.open(front))
            whole.pages.extend(opened[-1].pages)
            before, marks = len(whole.pages), []
            for part, held in pieces:
                marks.append((part.title + part.number, len(whole.pages)))
                for piece in held:
                    opened.append(pikepdf.open(piece))
                    whole.pages.extend(opened[-1].pages)
            for number, page in enumerate(whole.pages[before:], 1):
                _stamp(page, font, number)
            with whole.open_outline() as outline:
                outline.root.append(pikepdf.OutlineItem("封面、目录", 0))
                outline.root.extend(pikepdf.OutlineItem(title, at) for title, at in marks)
            whole.docinfo["/Title"] = "行政执法案卷"
            whole.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
            return len(whole.pages)
        finally:
            for one in opened:
                one.close()


def _stamp(page: pikepdf.Page, font: pikepdf.Object, number: int) -> None:
    """The running number at the upper right, over whatever the page draws."""
    name = page.add_resource(font, pikepdf.Name.Font)
    page.contents_add(b"q\n", prepend=True)
    page.contents_add(f"\nQ q BT {name} 11 Tf 1 0 0 1 {_RIGHT} {_TOP} Tm ({number}) Tj ET Q".encode("ascii"))


def pages_of(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return len(opened.pages)
