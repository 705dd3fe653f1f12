"""`huiyin verify`: checks the record and names what is wrong."""

from __future__ import annotations

import argparse
import time

from huiyin.adapters import files
from huiyin.selectors import verifying
from huiyin.selectors.verifying import Trouble


def main(argv: list[str] | None = None) -> int:
    """Print every trouble and a closing line; 0 when there is none, 1 otherwise. --files also re-reads every photo as it arrived."""
    parser = argparse.ArgumentParser(prog="huiyin verify", description="检查账本：触发器、逐件的链、副本、文字和照片的承诺值")
    parser.add_argument("--files", action="store_true", help="也把存着的照片逐张重新计算（按 MB/s 报告）")
    options = parser.parse_args(argv)
    began, wrong = time.monotonic(), 0
    for trouble in (*verifying.missing_triggers(), *verifying.check_all()):
        wrong += 1
        print(trouble)
    if options.files:
        wrong += _files()
    seconds = time.monotonic() - began
    print(f"{'一切相符' if not wrong else f'有 {wrong} 处不符'}（用时 {seconds:.1f} 秒）")
    return 1 if wrong else 0


def _files() -> int:
    began, size, wrong = time.monotonic(), 0, 0
    for case, number, seq, sha256 in verifying.kept_files():
        try:
            size += len(files.read_original(sha256))
        except (FileNotFoundError, files.Damaged):
            wrong += 1
            print(Trouble(f"the photo as it arrived at entry {seq} is missing or damaged", case, number))
    print(f"照片 {size / 1e6:.1f} MB，{size / 1e6 / max(time.monotonic() - began, 1e-6):.1f} MB/s")
    return wrong
