"""`python -m bench [--cases 60000] [--seconds 4] [--verify]`: fills a database, starts the server, prints rates, CPU, SQL counts and ratios."""

from __future__ import annotations

import argparse
import http.client
import os
import re
import secrets
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

CLIENTS = (1, 8, 32)
WORDS = "楼下花坛里有人养鸡，天不亮就打鸣，到处是粪"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--cases", type=int, default=60_000)
    parser.add_argument("--sizes", type=int, nargs="*", default=[600], help="further sizes at which pages are measured")
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--verify", action="store_true", help="also time huiyin verify over the filled database")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="huiyin-bench-") as folder:
        _environment(Path(folder))
        _prepare()
        print(f"durable single-row inserts, SQLite FULL: {_raw_inserts(Path(folder)):,.0f}/s")
        for size in sorted({*options.sizes, options.cases}):
            _grow(size)
            _pages(size)
        _server(options.seconds)
        if options.verify:
            _verify(options.cases)
    return 0


def _environment(folder: Path) -> None:
    os.environ.update(
        HUIYIN_MODE="demo", HUIYIN_DATA=str(folder / "data"), HUIYIN_KEY_FILE=str(folder / "keys" / "huiyin.key"),
        HUIYIN_SQLITE_SYNCHRONOUS="FULL", DJANGO_SETTINGS_MODULE="bench.settings", HUIYIN_LOG_LEVEL="WARNING",
    )  # fmt: skip
    url = os.environ.get("HUIYIN_BENCH_DATABASE_URL", "")
    if url:
        os.environ["HUIYIN_DATABASE_URL"] = url


PREPARE = "import django; django.setup(); from huiyin.config import installation; installation.prepare(lambda line: None)"


def _prepare() -> None:
    """Tables and key in a process of their own, since the settings read the key when they are loaded."""
    subprocess.run([sys.executable, "-c", PREPARE], check=True)
    import django

    django.setup()
    from django.utils import timezone

    from huiyin.jobs.demo import LISTS_SINCE
    from huiyin.jobs.seeds import load_calendar, load_lists
    from huiyin.services.places import set_up_county
    from huiyin.sim.county import made_up_county

    load_calendar()
    load_lists(timezone.now() - LISTS_SINCE * 5)
    set_up_county(made_up_county(timezone.now().date()), actor="sys", at=timezone.now())


def _raw_inserts(folder: Path) -> float:
    """What the disk gives: one row, one synced commit."""
    raw = sqlite3.connect(folder / "raw.sqlite3", isolation_level=None)
    raw.execute("PRAGMA journal_mode=WAL")
    raw.execute("PRAGMA synchronous=FULL")
    raw.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT)")
    began, done = time.perf_counter(), 0
    while time.perf_counter() - began < 1.5:
        raw.execute("INSERT INTO t (x) VALUES (?)", ("x" * 200,))
        done += 1
    return done / (time.perf_counter() - began)


def _grow(size: int) -> None:
    from django.utils import timezone

    from bench.fill import fill
    from huiyin.records.models import Case

    there = Case.objects.count()
    if there < size:
        began = time.perf_counter()
        fill(size - there, timezone.now(), start=there)
        print(f"filled to {size:,} cases in {time.perf_counter() - began:.0f} s")


# ── pages, in this process: CPU and SQL ──────────────────────────────────────────────────────


def _pages(size: int) -> None:
    from django.contrib.auth import get_user_model
    from django.test import Client

    from huiyin.records.models import Case

    staff = Client(HTTP_HOST="localhost")
    staff.force_login(
        get_user_model().objects.get(username="zhoumin"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    number = Case.objects.filter(stage="handling").order_by("-pk").values_list("number", flat=True)[0]
    resident, key = Client(HTTP_HOST="localhost"), secrets.token_urlsafe(24)
    receipt = _report(key)
    resident.post("/track", {"number": receipt.number, "code": receipt.code})
    print(f"\n{size:,} cases: CPU (median of 30), SQL, bytes")
    for name, get in (
        ("list of 50", lambda: staff.get("/desk/cases/")),
        ("list, one stage", lambda: staff.get("/desk/cases/?tab=handling")),
        ("case page", lambda: staff.get(f"/desk/cases/{number}/")),
        ("figures of an item", lambda: staff.get("/desk/insight/?item=QL-05")),
        ("tracking page", lambda: resident.get("/track")),
        ("report form", lambda: resident.get("/report")),
        ("intake", lambda: resident.post("/report", _body(), headers={"Accept": "application/json"})),
        ("minimal intake", lambda: resident.post("/bench/minimal", _body())),
        ("empty view", lambda: resident.get("/bench/empty")),
    ):
        _measure(name, get)


def _report(key: str):  # type: ignore[no-untyped-def]  # the service's Receipt; imported only once Django is set up
    from django.utils import timezone

    from huiyin.selectors import places
    from huiyin.services.cases import open_case

    return open_case(
        actor=None, at=timezone.now(), key=key, channel="web", words="楼下有人养鸡", compound=next(iter(places.compounds()))
    )


@cache
def _shown() -> str:
    """What a page has been told while its resident typed, and carries back in a hidden field."""
    from django.test import Client

    page = Client(HTTP_HOST="localhost").post("/report/suggest", {"text": WORDS}).content.decode()
    found = re.search(r'name="shown" value="([^"]*)"', page)
    return found[1] if found else ""


def _body() -> dict[str, str]:
    from huiyin.selectors import places

    return {
        "key": secrets.token_urlsafe(24),
        "words": WORDS,
        "shown": _shown(),
        "compound": str(next(iter(places.compounds()))),
    }


def _measure(name: str, get: Callable[[], object]) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for _ in range(3):
        get()
    with CaptureQueriesContext(connection) as queries:
        answer = get()
    quiet = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK")
    counted = sum(not query["sql"].startswith(quiet) for query in queries)
    spent = []
    for _ in range(30):
        began = time.process_time()
        get()
        spent.append((time.process_time() - began) * 1000)
    size, status = len(getattr(answer, "content", b"")), getattr(answer, "status_code", 0)
    print(f"  {name:<16} {statistics.median(spent):6.1f} ms  {counted:3} SQL  {size:7,} B  {status}")


# ── the server: rates and waiting ────────────────────────────────────────────────────────────


def _server(seconds: float) -> None:
    port = _free_port()
    began = time.perf_counter()
    command = [sys.executable, "-m", "granian", "huiyin.config.gateway:application", "--interface", "rsgi", "--no-ws"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--log-level", "warning"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(port)
        print(f"\nstart to first answer {time.perf_counter() - began:.1f} s")
        rates = {}
        for name, one in (("empty", _empty), ("minimal intake", _minimal), ("intake", _intake)):
            for clients in CLIENTS:
                rates[name, clients] = _load(port, clients, seconds, one, name)
        for clients in CLIENTS:
            ratio = rates["intake", clients] / rates["minimal intake", clients]
            print(f"intake / minimal intake at {clients} clients: {ratio:.0%}")
        print(f"intake at 32 / at 8 clients: {rates['intake', 32] / rates['intake', 8]:.0%}")
        whole, own = _memory(server.pid)
        print(f"memory of the web worker: {whole:.0f} MB, of which its own {own:.0f} MB (the rest is pages of the database file)")
    finally:
        server.terminate()
        server.wait(15)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int) -> None:
    for _ in range(300):
        try:
            http.client.HTTPConnection("127.0.0.1", port, timeout=2).request("GET", "/bench/empty")
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


def _empty(connection: http.client.HTTPConnection, compound: str) -> None:
    connection.request("GET", "/bench/empty")


def _minimal(connection: http.client.HTTPConnection, compound: str) -> None:
    body = urlencode({"key": secrets.token_urlsafe(24), "words": WORDS})
    connection.request("POST", "/bench/minimal", body, FORM)


def _intake(connection: http.client.HTTPConnection, compound: str) -> None:
    body = urlencode(
        {"key": secrets.token_urlsafe(24), "words": WORDS, "shown": _shown(), "compound": compound, "phone": "19900000001"}
    )
    connection.request("POST", "/report", body, {**FORM, "Accept": "application/json"})


def _load(port: int, clients: int, seconds: float, one: Callable[[http.client.HTTPConnection, str], None], name: str) -> float:
    from huiyin.selectors import places

    compound, stop = str(next(iter(places.compounds()))), time.perf_counter() + seconds
    waits: list[float] = []
    wrong: list[int] = []

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while time.perf_counter() < stop:
            began = time.perf_counter()
            one(connection, compound)
            answer = connection.getresponse()
            answer.read()
            waits.append(time.perf_counter() - began)
            if answer.status != 200:
                wrong.append(answer.status)

    threads = [threading.Thread(target=client) for _ in range(clients)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rate = len(waits) / (time.perf_counter() - began)
    waits.sort()
    mean, p99 = statistics.mean(waits) * 1000, waits[int(len(waits) * 0.99) - 1] * 1000
    print(f"  {name:<15} {clients:2} clients {rate:7.0f}/s  mean {mean:6.1f} ms  p99 {p99:6.1f} ms  not 200: {len(wrong)}")
    return rate


def _memory(pid: int) -> tuple[float, float]:
    """(resident, private) memory of the largest process of the server, MB; private leaves out what is only mapped from files."""
    children = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    ).stdout.split()
    return max(_sizes(child) for child in (*map(int, children), pid))


def _sizes(pid: int) -> tuple[float, float]:
    rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    kept = {name: int(value.split()[0]) / 1024 for name, _, value in (row.partition(":") for row in rows)}
    return kept["Rss"], kept["Anonymous"]


def _verify(cases: int) -> None:
    from huiyin.records.models import Entry
    from huiyin.selectors import verifying

    began = time.perf_counter()
    troubles = sum(1 for _ in verifying.check_all())
    entries = Entry.objects.count()
    seconds = time.perf_counter() - began
    print(f"verify: {entries:,} entries in {seconds:.1f} s ({entries / seconds:,.0f}/s), troubles: {troubles}")


if __name__ == "__main__":
    sys.exit(main())
