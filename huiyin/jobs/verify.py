"""`huiyin verify`: checks the record and names what is wrong. `huiyin mark-restored`: says that a backup was brought back."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from huiyin.adapters import database, files, kept
from huiyin.rules.checkpoint import BadNote, Note, read
from huiyin.selectors import verifying
from huiyin.selectors.verifying import Trouble
from huiyin.services import log, retention


def main(argv: list[str] | None = None) -> int:
    """Print every trouble and a closing line; 0 when there is none, 1 otherwise, 2 for a checkpoint file that cannot be read.

    --files also re-reads every photo as it arrived; --checkpoint compares with checkpoints that were kept elsewhere.
    """
    parser = argparse.ArgumentParser(
        prog="huiyin verify", description="检查账本：触发器、逐件的链、副本、文字和照片的承诺值、总账和签发的校验点"
    )
    parser.add_argument("--files", action="store_true", help="也把存着的照片逐张重新计算（按 MB/s 报告）")
    parser.add_argument(
        "--checkpoint", action="append", default=[], type=Path, metavar="FILE", help="与别处保存的校验点比对，可以写多次"
    )
    options = parser.parse_args(argv)
    began, wrong = time.monotonic(), 0
    try:
        outside = [*kept.notes(), *_from_files(options.checkpoint)]
    except (OSError, BadNote) as bad:
        print(f"huiyin verify: {bad}", file=sys.stderr)
        return 2
    with database.snapshot():
        for trouble in _troubles(outside):
            wrong += not trouble.honest
            print(f"已说明：{trouble}" if trouble.honest else trouble)
    if options.files:
        wrong += _files()
    seconds = time.monotonic() - began
    print(f"{'一切相符' if not wrong else f'有 {wrong} 处不符'}（用时 {seconds:.1f} 秒）")
    return 1 if wrong else 0


def _troubles(outside: list[tuple[str, Note]]) -> Iterator[Trouble]:
    yield from verifying.missing_triggers()
    yield from verifying.check_all()
    yield from verifying.check_log(outside)


def _from_files(paths: list[Path]) -> list[tuple[str, Note]]:
    """Raises OSError, and BadNote that names the file."""
    found: list[tuple[str, Note]] = []
    for path in paths:
        try:
            found += [(str(path), note) for note in read(path.read_text(encoding="utf-8"))]
        except (BadNote, UnicodeDecodeError) as bad:
            raise BadNote(f"{path}: {bad}") from bad
    return found


def mark_restored(why: str, checkpoints: list[Path], at: datetime) -> int:
    """Leave a record of a restore; 2 when it says nothing or the files cannot be read."""
    try:
        known = max((note.head.size for _, note in _from_files(checkpoints)), default=0)
        mark = log.mark_restored(at=at, why=why, known_size=known)
    except (OSError, ValueError) as bad:
        print(f"huiyin mark-restored: {bad}", file=sys.stderr)
        return 2
    again = retention.erase_again(at=at)
    lost = f"，已知曾有 {mark.known} 条" if mark.known > mark.size else ""
    print(f"已记入账本：{mark.at:%Y-%m-%d %H:%M} 恢复备份，恢复后 {mark.size} 条{lost}。网站上会公布。")
    if again:
        print(f"备份里又出现的、以前已经清除的内容，重新清除了 {again} 处。")
    return 0


def _files() -> int:
    began, size, wrong = time.monotonic(), 0, 0
    for case, number, seq, sha256 in verifying.kept_files():
        try:
            size += files.check_original(sha256)
        except (FileNotFoundError, files.Damaged):
            wrong += 1
            print(Trouble(f"the photo as it arrived at entry {seq} is missing or damaged", case, number))
    print(f"照片 {size / 1e6:.1f} MB，{size / 1e6 / max(time.monotonic() - began, 1e-6):.1f} MB/s")
    return wrong
