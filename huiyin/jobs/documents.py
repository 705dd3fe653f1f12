"""Sets documents that wait for it, in a process of their own, and binds whole files."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from huiyin.adapters import files
from huiyin.adapters.documents import binding, press
from huiyin.adapters.documents.binding import Part
from huiyin.adapters.documents.docx import docx
from huiyin.adapters.documents.press import CannotSet
from huiyin.rules.documents import wording
from huiyin.selectors import documents as known
from huiyin.services import documents
from huiyin.services.documents import Waiting

log = logging.getLogger(__name__)
TURN = 5

# A busy machine, not the document: tried again.
PASSING = frozenset({"too_slow", "died"})


def run(at: datetime) -> int:
    """One short turn; returns how many documents were tried. Raises LowDisk when there is no room."""
    for done in range(TURN):
        waiting = documents.take()
        if waiting is None:
            if not done:
                press.rest_when_idle()
            return done
        _try(waiting, at)
    return TURN


def run_binding(at: datetime) -> int:
    """Binds one whole file, if one waits."""
    waiting = documents.take(whole=True)
    if waiting is None:
        return 0
    with _minding(waiting):
        _bind(waiting, at)
    return 1


def _try(waiting: Waiting, at: datetime) -> None:
    with _minding(waiting):
        pictures = {name: files.read_original(sha256) for name, sha256 in waiting.pictures.items()}
        pdf = press.pdf(waiting.doc, pictures)
        documents.ready(waiting=waiting, at=at, pdf=pdf, docx=docx(waiting.doc), pages=binding.pages_of(pdf))


@contextmanager
def _minding(waiting: Waiting) -> Iterator[None]:
    """Tells apart what is wrong with a document from a busy machine and a full disk."""
    try:
        yield
    except CannotSet as trouble:
        log.error("document %d could not be set: %s", waiting.id, trouble)
        if trouble.reason not in PASSING:
            documents.failed(waiting=waiting, reason=str(trouble))
    except (FileNotFoundError, files.Damaged):
        documents.failed(waiting=waiting, reason="picture")
    except files.LowDisk:
        documents.put_back(waiting=waiting)
        raise


# ── whole files ──────────────────────────────────────────────────────────────────────────────


def _bind(waiting: Waiting, at: datetime) -> None:
    sheaf = known.sheaf(waiting.id, at)
    if sheaf is None:
        documents.failed(waiting=waiting, reason="gone")
        return

    def cover(placed: Sequence[tuple[Part, int, int]]) -> Mapping[str, Any]:
        return front(sheaf, placed)

    stored, pages = binding.bind(_parts(sheaf), cover)
    documents.bound(waiting=waiting, at=at, stored=stored, pages=pages)


def _parts(sheaf: known.Sheaf) -> Iterator[Part]:
    for row in sheaf.documents:
        day = wording.day_at(row.frozen_at or row.made_at)
        yield Part(title=known.title_of(row), number=known.number_of(row), day=day, pdf=row.pdf)
    for copies, caption in sheaf.photos:
        what, _, when = caption.partition("\u3000")
        yield Part(title=f"照片（{what}）", day=when.partition("日")[0] + "日", pictures=copies, caption=caption)


def front(sheaf: known.Sheaf, placed: Sequence[tuple[Part, int, int]]) -> Mapping[str, Any]:
    """Cover and index. No party stands on the cover: it lies on desks."""
    case = sheaf.dossier.case
    rows = [
        [str(n), part.title, part.number, part.day, f"{first}" if first == last else f"{first}-{last}"]
        for n, (part, first, last) in enumerate(placed, 1)
    ]
    total = placed[-1][2] if placed else 0
    cover = [
        ["件号", case.number],
        ["案由", f"涉嫌{case.item_name}" if case.item_name else ""],
        ["承办单位", known.full_name(sheaf.document.body.name)],
        ["承办人", sheaf.officers],
        ["处理决定", sheaf.decided],
        ["立案（受理）\n日期", sheaf.opened],
        ["结案日期", sheaf.closed or "未结案"],
        ["卷内文件", f"共{len(rows)}件，{total}页"],
        ["装订时间", wording.moment(sheaf.document.made_at)],
        ["归档号", "", "保管期限", ""],
    ]
    return {
        "title": ["行政执法案卷"],
        "layout": "form",
        "organ": known.full_name(sheaf.document.body.name),
        "blocks": [
            {"kind": "fields", "rows": cover},
            {"kind": "page"},
            {"kind": "heading", "text": "卷内目录"},
            {
                "kind": "table",
                "head": ["序号", "文件名称", "文号", "日期", "页次"],
                "shares": [43, 52.6, 30.6, 13.8],
                "size": 10,
                "rows": rows,
            },
        ],
    }
