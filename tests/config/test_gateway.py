"""The gateway: slow and broken phones cost no thread, and what Django sees is an ordinary WSGI request."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from huiyin.adapters import keys

APP = """
import sys
from django.conf import settings
from huiyin.config import gateway
gateway.STALL_SECONDS = 1.0
settings.MAX_BODY_BYTES = 1_000_000

def echo(environ, start_response):
    body = environ["wsgi.input"].read()
    if environ["PATH_INFO"] == "/long":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return (b"x" * 65536 for _ in range(64))
    if environ["PATH_INFO"] == "/huge":
        start_response("200 OK", [("Content-Type", "application/zip"), ("X-Own", "kept")])
        return (bytes([n % 251]) * 262144 for n in range(160))
    told = [environ["huiyin.refused"], len(body), environ["CONTENT_LENGTH"], environ["PATH_INFO"].encode("latin-1").decode(),
            environ["QUERY_STRING"], environ["REMOTE_ADDR"], environ.get("HTTP_X_A"), environ.get("HTTP_X_B"), environ.get("HTTP_COOKIE")]
    answer = repr(told).encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(answer))), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
    return [answer]

application = gateway.Gateway(echo, 2)
"""


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A server with two threads whose application tells what it was given."""
    home = tmp_path_factory.mktemp("gateway")
    (home / "echo.py").write_text(APP)
    (home / "data" / "incoming").mkdir(parents=True)
    (home / "data" / "static").mkdir()
    keys.make(home / "huiyin.key")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    variables = {
        "HUIYIN_MODE": "demo",
        "HUIYIN_DATA": str(home / "data"),
        "HUIYIN_KEY_FILE": str(home / "huiyin.key"),
        "DJANGO_SETTINGS_MODULE": "huiyin.config.settings",
        "PYTHONPATH": str(home),
    }
    command = [sys.executable, "-m", "granian", "echo:application", "--interface", "rsgi", "--no-ws", "--port", str(port)]
    with (home / "log").open("w") as log:
        server = subprocess.Popen(command, cwd=home, env=os.environ | variables, stdout=log, stderr=subprocess.STDOUT)
    try:
        wait_for(port, home / "log")
        yield port
    finally:
        server.terminate()
        server.wait(10)


def wait_for(port: int, log: Path) -> None:
    for _ in range(150):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail(log.read_text())


def ask(port: int, method: str = "GET", path: str = "/", body: bytes | None = None, **headers: str) -> list[object]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
    answer = eval(connection.getresponse().read())  # a repr that our own application wrote
    connection.close()
    assert isinstance(answer, list)
    return answer


def raw(port: int, head: str) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=10)
    connection.sendall(head.encode())
    return connection


def test_paths_queries_headers_and_bodies_arrive_as_they_were_sent(port: int) -> None:
    told = ask(port, "POST", "/%E5%B0%8F%E5%8C%BA/a%20b?q=%20c", b"x" * 1000, X_A="1", Cookie="c=3")
    assert told == [0, 1000, "1000", "/小区/a b", "q=%20c", "127.0.0.1", "1", None, "c=3"]


def test_a_large_body_arrives_whole(port: int) -> None:
    assert ask(port, "POST", "/", b"x" * 900_000)[:3] == [0, 900_000, "900000"]


def test_a_body_without_a_length_gets_one(port: int) -> None:
    with raw(
        port,
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
    ) as phone:
        assert b"[0, 5, '5'" in phone.makefile("rb").read()


def test_a_header_with_an_underscore_cannot_pass_for_one_of_the_proxys(port: int) -> None:
    with raw(port, "GET / HTTP/1.1\r\nHost: a\r\nX_B: forged\r\nConnection: close\r\n\r\n") as phone:
        assert b"forged" not in phone.makefile("rb").read()


def test_stalled_uploads_hold_no_thread(port: int) -> None:
    stalled = [raw(port, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\nabc") for _ in range(12)]
    try:
        began = time.monotonic()
        assert ask(port)[0] == 0
        assert time.monotonic() - began < 0.9  # before the first of them is given up
    finally:
        for phone in stalled:
            phone.close()


def test_a_stalled_upload_is_told_so(port: int) -> None:
    with raw(port, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\nConnection: close\r\n\r\nabc") as phone:
        assert b"[408, 0, '0'" in phone.makefile("rb").read()


def test_a_body_that_is_too_large_is_refused_with_words_that_arrive(port: int) -> None:
    assert ask(port, "POST", "/", b"x" * 1_500_000)[:3] == [413, 0, "0"]
    with raw(port, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 999999999\r\nConnection: close\r\n\r\nabc") as phone:
        assert b"[413, 0, '0'" in phone.makefile("rb").read()


def test_a_phone_that_went_away_reaches_no_application(port: int) -> None:
    raw(port, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\nabc").close()
    assert ask(port)[0] == 0


def test_a_long_answer_arrives_whole_however_slowly_it_is_read(port: int) -> None:
    slow = [raw(port, "GET /long HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n") for _ in range(4)]
    try:
        assert ask(port)[0] == 0  # though four readers have not read a byte
        assert all(phone.makefile("rb").read().count(b"x") >= 64 * 65536 for phone in slow)
    finally:
        for phone in slow:
            phone.close()


def test_an_answer_keeps_every_cookie(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/")
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.headers.get_all("Set-Cookie") == ["a=1", "b=2"]


def test_a_huge_answer_waits_on_the_disk_for_a_slow_phone_and_not_in_memory(port: int) -> None:
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", "/huge")
        answer = connection.getresponse()
        assert (answer.status, answer.getheader("content-type"), answer.getheader("x-own")) == (200, "application/zip", "kept")
        first = answer.read(262144)
        before = _memory_of_servers(port)
        time.sleep(0.5)  # the phone does not read on
        assert _memory_of_servers(port) - before < 10, "40 MB are to come"
        rest = answer.read()
    assert len(first) + len(rest) == 160 * 262144 and rest[-1] == 159 and first == bytes(262144)


def _memory_of_servers(port: int) -> float:
    """MB of all processes that serve on this port, what is mapped from files left out."""
    found = 0.0
    for place in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if place.name.isdigit() and f"--port\0{port}\0" in (place / "cmdline").read_text():
                rows = (place / "status").read_text().splitlines()
                found += next(int(row.split()[1]) / 1024 for row in rows if row.startswith("RssAnon:"))
    assert found, "the server's processes were found"
    return found
