"""`python -m bench.record [--cases 260000] [--erase 2000] [--files 100]`: the tree over the record at size: sequencing, a proof, verification
of everything with its false alarms, erasure included, and files hashed again."""

from __future__ import annotations

import argparse
import io
import os
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from bench.__main__ import _environment, _grow, _prepare

MEGABYTES = 2


def main() -> int:
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    parser = argparse.ArgumentParser(prog="python -m bench.record")
    parser.add_argument("--cases", type=int, default=260_000, help="four entries each, nearly")
    parser.add_argument("--erase", type=int, default=2000, help="reports that are masked, through the service")
    parser.add_argument("--files", type=int, default=100)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="huiyin-bench-") as folder:
        _environment(Path(folder))
        _prepare()
        _grow(options.cases)
        _sequence()
        _proofs()
        _erase(options.erase)
        wrong = _verify()
        _files(options.files)
    return 1 if wrong else 0


def _sequence() -> None:
    """In turns of the worker's size, each its own transaction; then the first checkpoint."""
    from django.utils import timezone

    from huiyin.selectors import log as known
    from huiyin.services import log

    began, cpu, turns = time.perf_counter(), time.process_time(), []
    while True:
        turn = time.perf_counter()
        if not log.sequence():
            break
        turns.append(time.perf_counter() - turn)
    seconds, size = time.perf_counter() - began, known.size()
    spent = time.process_time() - cpu
    print(
        f"sequenced {size:,} leaves in {seconds:.1f} s: {size / seconds:,.0f}/s ({spent:.1f} s of CPU); a turn of 500 holds the writer {_ms(turns)}"
    )
    began = time.perf_counter()
    assert log.sign_checkpoint(at=timezone.now())
    print(f"checkpoint signed in {(time.perf_counter() - began) * 1000:.1f} ms")


def _proofs() -> None:
    """A resident's whole proof, from the tables, for reports all over the record; and what the offline file takes to check one."""
    from huiyin.records.models import Report
    from huiyin.selectors import log, proofs
    from huiyin.web.portal import huiyin_proof

    reports = list(Report.objects.order_by("pk").values_list("pk", flat=True))
    spent, bare, checked = [], [], []
    for report in reports[:: max(len(reports) // 200, 1)]:
        began = time.perf_counter()
        found = proofs.proof_of(report)
        spent.append(time.perf_counter() - began)
        assert found is not None and found.content is not None
        began = time.perf_counter()
        log.inclusion(found.content["index"], log.size())
        bare.append(time.perf_counter() - began)
        if len(checked) < 30:
            began = time.perf_counter()
            huiyin_proof.prove(found.content)
            checked.append(time.perf_counter() - began)
    print(
        f"proof of one receipt at {log.size():,} leaves: {_ms(spent)}; its path alone {_ms(bare)}; checked offline in {_ms(checked)}"
    )
    began = time.perf_counter()
    log.consistency(log.size() // 3, log.size())
    print(f"consistency of a third with the whole: {(time.perf_counter() - began) * 1000:.1f} ms")


def _erase(many: int) -> None:
    from django.utils import timezone

    from huiyin.jobs import record, retention
    from huiyin.records.models import Report
    from huiyin.selectors.people import SYSTEM
    from huiyin.services import cases, log

    at = timezone.now() + timedelta(hours=1)
    rows = list(Report.objects.order_by("pk").values_list("pk", "case__number"))
    log.mark_restored(at=at, why="bench")  # the system masks only what it had masked before a backup was brought back
    began = time.perf_counter()
    for report, number in rows[:: max(len(rows) // max(many, 1), 1)][:many]:
        cases.act(
            actor=SYSTEM, at=at, number=number, action="mask",
            data={"mask_what": "report", "mask_ground": "retention", "report": report},
        )  # fmt: skip
    seconds = time.perf_counter() - began
    retention.run_scrub(at)
    record.run_checkpoint(at + timedelta(hours=1))
    print(f"erased {many:,} reports in {seconds:.1f} s ({many / seconds:,.0f}/s), marked and signed")


def _verify() -> int:
    from huiyin.adapters import database, kept
    from huiyin.records.models import Entry, Words
    from huiyin.selectors import verifying

    outside = list(kept.notes())
    with database.snapshot():
        began, cpu = time.perf_counter(), time.process_time()
        found = [*verifying.missing_triggers(), *verifying.check_all()]
        cases = time.perf_counter() - began
        found += [trouble for trouble in verifying.check_log(outside) if not trouble.honest]
        seconds, spent = time.perf_counter() - began, time.process_time() - cpu
    entries, words = Entry.objects.count(), Words.objects.count()
    print(
        f"verify: {entries:,} entries and {words:,} commitments in {seconds:.1f} s ({cases:.1f} s cases, {seconds - cases:.1f} s log): "
        f"{entries / seconds:,.0f}/s, a million in {1e6 / entries * seconds:.0f} s ({1e6 / entries * spent:.0f} s of CPU); "
        f"false alarms: {len(found)}"
    )
    for trouble in found[:10]:
        print(f"  {trouble}")
    return len(found)


def _files(many: int) -> None:
    from huiyin.adapters import files

    kept = [files.put(io.BytesIO(os.urandom(MEGABYTES * 1_000_000)), 10**9).sha256 for _ in range(many)]
    began = time.perf_counter()
    size = sum(files.check_original(one) for one in kept)
    print(f"files: {size / 1e6:,.0f} MB hashed again, {size / 1e6 / (time.perf_counter() - began):,.0f} MB/s")


def _ms(seconds: list[float]) -> str:
    ordered = sorted(seconds)
    return f"{statistics.median(ordered) * 1000:.1f} ms (p99 {ordered[int(len(ordered) * 0.99) - 1] * 1000:.1f})"


if __name__ == "__main__":
    sys.exit(main())
