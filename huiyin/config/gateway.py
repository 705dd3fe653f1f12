"""Stands between granian and Django: bodies are received before a thread is taken, and answers are handed over before they are read.

Photos come over bad networks. A server thread that reads from the phone itself is lost for as long as the phone is slow, and four
stalled uploads would stop the whole site. Here only the event loop waits for phones; the threads do nothing but work.
"""

from __future__ import annotations

import asyncio
import io
import os
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import IO, Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.config.settings")

from django.conf import settings
from django.core.wsgi import get_wsgi_application

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
Wsgi = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

# A phone that sends nothing for this long has gone; the page keeps what was typed and sends it again.
STALL_SECONDS = 30
IN_MEMORY = 256 * 1024
PIECE = 256 * 1024
# How long an answer's file stays open for the server to open it too.
OPENED_SECONDS = 10
# An answer up to this size waits in memory for a slow phone; few are larger.
AT_ONCE = 4 * 1024 * 1024
# What no browser should be cut off for: so much more than allowed is received and thrown away, so that the refusal can be read.
PATIENCE = 2


class Answer:
    """Status, headers and body of one response; the body is a file when it is larger than IN_MEMORY."""

    def __init__(self) -> None:
        self.status = 500
        self.headers: Headers = []
        self.body: IO[bytes] = SpooledTemporaryFile(IN_MEMORY, dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115, closed once sent
        self.length = 0

    def start(self, status: str, headers: Headers, exc_info: Any = None) -> None:
        """WSGI's start_response."""
        self.status, self.headers = int(status.split(" ", 1)[0]), headers

    def take(self, pieces: Iterable[bytes]) -> None:
        """The whole body, so that the thread is free before the first byte leaves."""
        for piece in pieces:
            self.length += self.body.write(piece)
        self.body.flush()
        self.body.seek(0)


class Gateway:
    """One per server process. Calls Django in a pool of `threads` threads, each with its own database connection."""

    def __init__(self, django: Wsgi, threads: int) -> None:
        self.django = django
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="django")

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """One request, as granian's RSGI hands it over."""
        with SpooledTemporaryFile(IN_MEMORY, dir=settings.FILE_UPLOAD_TEMP_DIR) as body:
            refused = await _receive(scope, protocol, body)
            if refused == HTTPStatus.BAD_REQUEST:
                protocol.response_empty(400, [])
                return
            environ = _environ(scope, body, refused)
            answer = await asyncio.get_running_loop().run_in_executor(self.pool, self._work, environ)
        await _send(protocol, answer)

    def _work(self, environ: Environ) -> Answer:
        answer = Answer()
        pieces = self.django(environ, answer.start)
        try:
            answer.take(pieces)
        finally:
            if hasattr(pieces, "close"):
                pieces.close()
        return answer


async def _receive(scope: Any, protocol: Any, body: IO[bytes]) -> int:
    """Fills body. Returns 0, or the status to refuse with: 408 stalled, 413 too large, 507 no room, 400 nobody is there any more."""
    declared = int(scope.headers.get("content-length") or 0)
    if not declared and not scope.headers.get("transfer-encoding"):
        return 0
    if declared > PATIENCE * settings.MAX_BODY_BYTES:
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    received, refused = 0, 0
    pieces = aiter(protocol)
    while True:
        try:
            piece = await asyncio.wait_for(anext(pieces), STALL_SECONDS)
        except StopAsyncIteration:
            break
        except TimeoutError:
            return HTTPStatus.REQUEST_TIMEOUT
        received += len(piece)
        if received > PATIENCE * settings.MAX_BODY_BYTES:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        refused = refused or _keep(body, piece, received)
    if received < declared:
        return HTTPStatus.BAD_REQUEST
    return refused


def _keep(body: IO[bytes], piece: bytes, received: int) -> int:
    if received > settings.MAX_BODY_BYTES:
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    try:
        body.write(piece)
    except OSError:
        return HTTPStatus.INSUFFICIENT_STORAGE
    return 0


def _environ(scope: Any, body: IO[bytes], refused: int) -> Environ:
    """The WSGI environment (PEP 3333). A refused body is left out; the reason stands in huiyin.refused."""
    size = 0 if refused else body.seek(0, io.SEEK_END)
    body.seek(0)
    host, _, port = scope.server.rpartition(":")
    environ: Environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "SERVER_NAME": host.strip("[]"),
        "SERVER_PORT": port,
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "CONTENT_LENGTH": str(size),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": io.BytesIO() if refused else body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "huiyin.refused": int(refused),
    }
    if scope.authority:
        environ["HTTP_HOST"] = scope.authority
    for name, value in scope.headers.items():
        _add_header(environ, name, value)
    return environ


def _add_header(environ: Environ, name: str, value: str) -> None:
    if "_" in name or name in {"content-length", "transfer-encoding"}:
        return  # An underscore would let a visitor imitate a header that only the proxy may set.
    key = name.upper().replace("-", "_")
    key = key if key == "CONTENT_TYPE" else f"HTTP_{key}"
    joint = "; " if key == "HTTP_COOKIE" else ","
    environ[key] = f"{environ[key]}{joint}{value}" if key in environ and key != "HTTP_HOST" else value


async def _send(protocol: Any, answer: Answer) -> None:
    """Most answers at once. A large one lies in a file, which the server reads as fast as the phone takes it: pieces that were handed over
    would all wait in memory, for nothing says when one has gone."""
    if answer.length <= AT_ONCE:
        with answer.body:
            protocol.response_bytes(answer.status, answer.headers, answer.body.read())
        return
    path = f"/proc/self/fd/{answer.body.fileno()}"
    if os.path.exists(path):
        # The server opens it by itself a moment later; nobody else can, and nothing is left of it when the process ends.
        asyncio.get_running_loop().call_later(OPENED_SECONDS, answer.body.close)
        protocol.response_file(answer.status, answer.headers, path)
        return
    with answer.body:
        transport = protocol.response_stream(answer.status, answer.headers)
        while piece := answer.body.read(PIECE):
            await transport.send_bytes(piece)


if not settings.SECRET_KEY:
    raise SystemExit(f"There is no key file at {settings.HUIYIN_KEY_FILE}. Start with `huiyin up`, which looks after it.")

application = Gateway(get_wsgi_application(), settings.HUIYIN_THREADS)
