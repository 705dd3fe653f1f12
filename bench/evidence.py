"""`python -m bench.evidence [--mb 200]`: a large film goes up in pieces to the real server, is made ready, played and taken along: rates beside a
plain durable write of the same bytes, and what the web worker's memory grows by."""

from __future__ import annotations

import argparse
import hashlib
import http.client
import io
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
import zipfile
from contextlib import redirect_stdout
from pathlib import Path
from urllib.parse import urlencode

from bench.__main__ import _environment, _free_port, _prepare, _wait

MB = 1024 * 1024
PIECE = MB


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.evidence")
    parser.add_argument("--mb", type=int, default=200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="huiyin-bench-") as folder:
        _environment(Path(folder))
        os.environ["HUIYIN_VIDEO_MB"] = str(options.mb + 1)
        _prepare()
        _measure(Path(folder), options.mb)
    return 0


def _measure(folder: Path, many: int) -> None:
    from tests.rules.recordings import mp4

    film = mp4(front=True, padding=os.urandom(many * MB - 4096))
    plain = _plain(folder, film)
    print(f"plain write of {len(film) / MB:.0f} MB and one fsync: {plain:.0f} MB/s; SHA-256 alone: {_hashing(film):.0f} MB/s")
    cookies, number = _officer()
    port = _free_port()
    command = [sys.executable, "-m", "granian", "huiyin.config.gateway:application", "--interface", "rsgi", "--no-ws"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--log-level", "warning"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(port)
        desk = Desk(port, cookies)
        desk.ask("GET", f"/desk/cases/{number}/")
        worker = _worker(server.pid)
        before, key = _rss(worker), secrets.token_hex(16)
        began = time.perf_counter()
        file = _upload(desk, film, key)
        rate = len(film) / MB / (time.perf_counter() - began)
        print(
            f"sent in pieces: {rate:.0f} MB/s, {rate / plain:.0%} of the plain write; the worker grew by {_peak(worker) - before:.0f} MB"
        )
        _attend(desk, number, key, file)
        _copies()
        _reset(worker)
        before, began = _rss(worker), time.perf_counter()
        got = desk.ask("GET", f"/desk/evidence/{file}/play/")
        rate = len(got) / MB / (time.perf_counter() - began)
        print(f"played whole: {rate:.0f} MB/s; the worker grew by {_peak(worker) - before:.0f} MB")
        began = time.perf_counter()
        for at in range(0, len(film), len(film) // 20):
            desk.ask("GET", f"/desk/evidence/{file}/play/", headers={"Range": f"bytes={at}-"})
        print(f"a slice of 2 MB somewhere: {(time.perf_counter() - began) / 20 * 1000:.0f} ms")
        _reset(worker)
        before, began = _rss(worker), time.perf_counter()
        form = urlencode({"do": "bundle", "file": file, "why": "suit", "to": "court", **desk.token()})
        bundle = desk.ask(
            "POST", f"/desk/cases/{number}/evidence/", form.encode(), {"Content-Type": "application/x-www-form-urlencoded"}
        )
        rate = len(bundle) / MB / (time.perf_counter() - began)
        print(f"bundle (checked, then written): {rate:.0f} MB/s; the worker grew by {_peak(worker) - before:.0f} MB")
        _check(folder, bundle)
    finally:
        server.terminate()
        server.wait(15)


def _plain(folder: Path, film: bytes) -> float:
    began = time.perf_counter()
    with (folder / "plain").open("wb") as out:
        for at in range(0, len(film), PIECE):
            out.write(film[at : at + PIECE])
        out.flush()
        os.fsync(out.fileno())
    return len(film) / MB / (time.perf_counter() - began)


def _hashing(film: bytes) -> float:
    began = time.perf_counter()
    hashlib.sha256(film).hexdigest()
    return len(film) / MB / (time.perf_counter() - began)


def _officer() -> tuple[str, str]:
    """Cookies of an officer who is signed in, and the number of a case that is theirs."""
    from django.test import Client
    from django.utils import timezone

    from huiyin.records.models import Body, Case, Compound, Person
    from huiyin.selectors.people import actor_of
    from huiyin.services import cases
    from huiyin.web.factor import HAS_ONE

    now, officer = timezone.now(), Person.objects.get(username="liuzhiqiang")
    compound = Compound.objects.get(name="锦绣家园").pk
    receipt = cases.open_case(
        actor=None, at=now, key=secrets.token_urlsafe(24), channel="web", words="楼下有人养鸡", item="QL-05", compound=compound
    )
    clerk, lead = Person.objects.get(username="wangxiulan"), Body.objects.get(code="chengguan").pk
    for who, action, data in ((clerk, "assign", {"item": "QL-05", "lead": lead}), (officer, "accept", {})):
        seen = Case.objects.get(number=receipt.number).seq
        cases.act(actor=actor_of(who.pk, now), at=now, number=receipt.number, action=action, data=data, seen=seen)
    client = Client()
    client.force_login(officer)
    session = client.session
    session[HAS_ONE] = officer.pk
    session.save()
    return "; ".join(f"{name}={one.value}" for name, one in client.cookies.items()), receipt.number


class Desk:
    """A signed-in connection to the server."""

    def __init__(self, port: int, cookies: str) -> None:
        self.connection, self.cookies, self.csrf = http.client.HTTPConnection("127.0.0.1", port, timeout=120), cookies, ""

    def ask(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> bytes:
        said = {"Cookie": self.cookies, "Accept": "application/json, text/html", **(headers or {})}
        if self.csrf:
            said["X-CSRFToken"] = self.csrf
        self.connection.request(method, path, body, said)
        answer = self.connection.getresponse()
        content = answer.read()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie" and value.startswith("csrftoken="):
                self.cookies += "; " + value.partition(";")[0]
        if answer.status >= 400:
            raise SystemExit(f"{method} {path}: {answer.status} {content[:300].decode(errors='replace')}")
        return content

    def token(self) -> dict[str, str]:
        """A fresh token, used from now on."""
        self.csrf = json.loads(self.ask("GET", "/desk/csrf"))["token"]
        return {"csrfmiddlewaretoken": self.csrf}


def _upload(desk: Desk, film: bytes, key: str) -> int:
    form = {"key": key, "name": "film.mp4", "size": len(film), "sha256": hashlib.sha256(film).hexdigest(), **desk.token()}
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    said = json.loads(desk.ask("POST", "/desk/evidence/begin/", urlencode(form).encode(), kind))
    url = said["url"]
    while "id" not in said:
        piece = film[said["offset"] : said["offset"] + PIECE]
        marks = {"Upload-Offset": str(said["offset"]), "Upload-Hash": hashlib.sha256(piece).hexdigest()}
        said = json.loads(desk.ask("POST", url, piece, {"Content-Type": "application/octet-stream", **marks}))
    return int(said["id"])


def _attend(desk: Desk, number: str, key: str, file: int) -> None:
    form = {"found": "six hens", "key": key, "photo": file, **desk.token()}
    desk.ask(
        "POST", f"/desk/cases/{number}/attend/", urlencode(form).encode(), {"Content-Type": "application/x-www-form-urlencoded"}
    )


def _copies() -> None:
    from django.utils import timezone

    from huiyin.jobs import photos

    began = time.perf_counter()
    photos.run(timezone.now())
    print(f"made ready by the worker (read once, patches found): {time.perf_counter() - began:.1f} s")


def _check(folder: Path, bundle: bytes) -> None:
    from huiyin.adapters.bundles import verify

    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        archive.extractall(folder / "bundle")
    began, said = time.perf_counter(), io.StringIO()
    with redirect_stdout(said):
        status = verify.main([str(folder / "bundle")])
    print(f"verify.py in the bundle: {time.perf_counter() - began:.1f} s, answers {status}")


def _worker(pid: int) -> int:
    """The process of the server that works: the largest child."""
    done = subprocess.run(["ps", "-o", "pid=,rss=", "--ppid", str(pid)], capture_output=True, text=True, check=True)
    rows = [tuple(map(int, line.split())) for line in done.stdout.splitlines()]
    found = max(rows, key=lambda row: row[1])[0]
    _reset(found)
    return found


def _status(pid: int, name: str) -> float:
    rows = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(row.split()[1]) / 1024 for row in rows if row.startswith(name + ":"))


def _rss(pid: int) -> float:
    return _status(pid, "VmRSS")


def _peak(pid: int) -> float:
    return _status(pid, "VmHWM")


def _reset(pid: int) -> None:
    Path(f"/proc/{pid}/clear_refs").write_text("5")


if __name__ == "__main__":
    raise SystemExit(main())
