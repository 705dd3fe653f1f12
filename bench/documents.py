"""`python -m bench.documents [--pages 500]`: how long a PDF, an editable copy and a whole file take, and how much memory binding needs.

Measures: PDF 300 ms and docx 200 ms at most each after start, in the worker's child; a file of 500 pages 30 s with bounded memory.
"""

from __future__ import annotations

import argparse
import io
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

PDF_MS, DOCX_MS, WHOLE_S, WHOLE_MB = 300, 200, 30, 400
ROUNDS = 5


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.documents")
    parser.add_argument("--pages", type=int, default=500)
    parser.add_argument("--bind", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    folder = Path(options.bind or tempfile.mkdtemp(prefix="huiyin-bench-"))
    _settings(folder)
    if options.bind:
        return _bind(options.pages)
    good = _single()
    for pages in (options.pages // 5, options.pages):
        good &= _whole(folder, pages, last=pages == options.pages)
    return 0 if good else 1


def _settings(folder: Path) -> None:
    os.environ.update(
        HUIYIN_MODE="demo", HUIYIN_DATA=str(folder / "data"), HUIYIN_KEY_FILE=str(folder / "keys" / "huiyin.key"),
        DJANGO_SETTINGS_MODULE="bench.settings", HUIYIN_LOG_LEVEL="WARNING",
    )  # fmt: skip
    import django

    django.setup()
    from huiyin.adapters import keys
    from huiyin.config.installation import make_directories

    make_directories()
    if not (folder / "keys" / "huiyin.key").exists():
        keys.make(folder / "keys" / "huiyin.key")


def _composed() -> list[dict[str, Any]]:
    from huiyin.rules.documents.kinds import KINDS
    from tests.adapters.documents.samples import composed

    return [composed(kind) for kind in KINDS.values()]


def _single() -> bool:
    from huiyin.adapters.documents import press
    from huiyin.adapters.documents.docx import docx

    docs = _composed()
    began = time.perf_counter()
    press.pdf(docs[0])
    print(f"first PDF, with the start of the press: {(time.perf_counter() - began) * 1000:.0f} ms")
    pdf = [_ms(lambda doc=doc: press.pdf(doc)) for _ in range(ROUNDS) for doc in docs]  # type: ignore[misc]
    docx(docs[0])
    word = [_ms(lambda doc=doc: docx(doc)) for _ in range(ROUNDS) for doc in docs]  # type: ignore[misc]
    press.rest()
    for name, taken, most in (("PDF", pdf, PDF_MS), ("docx", word, DOCX_MS)):
        print(
            f"{name}, {len(docs)} kinds × {ROUNDS}: median {statistics.median(taken):.0f} ms, most {max(taken):.0f} ms (at most {most})"
        )
    return statistics.median(pdf) <= PDF_MS and statistics.median(word) <= DOCX_MS


def _ms(work: Any) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _whole(folder: Path, pages: int, *, last: bool) -> bool:
    """In a process of its own, so that its memory is its own."""
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "bench.documents", "--pages", str(pages), "--bind", str(folder)],
        check=True,
        capture_output=True,
        text=True,
    )
    seconds, memory, made, size = (float(one) for one in done.stdout.split())
    print(
        f"file of {made:.0f} pages: {seconds:.1f} s, {memory:.0f} MB at most, {size:.1f} MB (whole process {time.perf_counter() - began:.1f} s)"
    )
    return not last or (seconds <= WHOLE_S and memory <= WHOLE_MB)


def _bind(pages: int) -> int:
    """Half of the pages documents, half of them photos."""
    from PIL import Image

    from huiyin.adapters import files
    from huiyin.adapters.documents import binding, press
    from huiyin.adapters.documents.binding import Part

    docs = _composed()
    stored = [files.put(io.BytesIO(press.pdf(doc)), 1 << 26).sha256 for doc in docs]
    counts = [binding.pages_of(press.pdf(doc)) for doc in docs]
    out = io.BytesIO()
    Image.effect_noise((1600, 1200), 40).convert("RGB").save(out, "JPEG", quality=82)
    copy = files.put_copy(out.getvalue())
    parts, held = [], 0
    while held < pages // 2:
        n = len(parts) % len(docs)
        parts.append(Part(title=f"文书{len(parts) + 1}", day="2026年11月24日", pdf=stored[n]))
        held += counts[n]
    parts += [Part(title="照片", pictures=(copy,) * 20, caption="现场检查") for _ in range(max(1, (pages - held) // 20))]
    began = time.perf_counter()
    kept, made = binding.bind(
        parts, lambda placed: {"title": ["行政执法案卷"], "layout": "form", "organ": "安和县城市管理局", "blocks": _index(placed)}
    )
    seconds = time.perf_counter() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    press.rest()
    print(seconds, memory, made, kept.size / 1024 / 1024)
    return 0


def _index(placed: Any) -> list[dict[str, Any]]:
    rows = [[str(n), part.title, "", part.day, f"{first}-{last}"] for n, (part, first, last) in enumerate(placed, 1)]
    return [
        {"kind": "heading", "text": "卷内目录"},
        {"kind": "table", "head": ["序号", "文件名称", "文号", "日期", "页次"], "rows": rows},
    ]


if __name__ == "__main__":
    sys.exit(main())
