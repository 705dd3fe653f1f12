"""A server of a few lines for the browser tests: our static files, pages rendered from templates, and answers that a test scripts."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from huiyin.web.middleware import CONTENT_SECURITY

STATIC = Path(__file__).parents[2] / "huiyin" / "web" / "static"


@dataclass(frozen=True)
class Posted:
    """One request as it arrived: fields in order, files by name."""

    path: str
    headers: dict[str, str]
    fields: list[tuple[str, str]]
    files: dict[str, bytes]

    def __getitem__(self, name: str) -> str:
        return dict(self.fields)[name]

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.fields if key == name]


@dataclass(frozen=True)
class Answer:
    """What the server says: a body that is made JSON unless it is text."""

    body: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class Tiny:
    """Pages and JSON by path, answers to posts by path, and everything that was posted so far."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        self.gets: dict[str, Callable[[], Answer]] = {}
        self.posts: dict[str, Callable[[Posted], Answer]] = {}
        self.posted: list[Posted] = []
        self.url = ""

    def at(self, path: str) -> list[Posted]:
        """What was posted to a path, in order."""
        return [posted for posted in self.posted if posted.path == path]

    def script(self, path: str, *first: Answer, then: Answer) -> None:
        """The first posts to a path are answered as told, in order, and every later one with `then`."""
        coming = list(first)
        self.posts[path] = lambda posted: coming.pop(0) if coming else then

    @contextmanager
    def running(self) -> Iterator[Tiny]:
        """Serves on a port of its own until the test is over."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (Handler,), {"tiny": self}))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        self.url = f"http://localhost:{server.server_port}"
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


class Handler(BaseHTTPRequestHandler):
    """One request; the product's content policy goes with every answer."""

    tiny: Tiny
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path in self.tiny.gets:
            self.reply(self.tiny.gets[path]())
        elif path in self.tiny.pages:
            self.send(200, self.tiny.pages[path].encode(), "text/html; charset=utf-8")
        elif path == "/sw.js":
            self.send(200, (STATIC / "huiyin" / "sw.js").read_bytes(), "text/javascript")
        elif path.startswith("/static/") and (STATIC / path.removeprefix("/static/")).is_file():
            file = STATIC / path.removeprefix("/static/")
            self.send(200, file.read_bytes(), guess_type(file.name)[0] or "application/octet-stream")
        else:
            self.send(404, b"", "text/plain")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        posted = parsed(urlsplit(self.path).path, dict(self.headers), body)
        self.tiny.posted.append(posted)
        self.reply(self.tiny.posts[posted.path](posted))

    def reply(self, answer: Answer) -> None:
        text = isinstance(answer.body, str)
        content = answer.body.encode() if text else json.dumps(answer.body).encode()
        self.send(answer.status, content, "text/html; charset=utf-8" if text else "application/json", answer.headers)

    def send(self, status: int, content: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Security-Policy": CONTENT_SECURITY, **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: object) -> None:
        """Tests are quiet."""


def parsed(path: str, headers: dict[str, str], body: bytes) -> Posted:
    """A form of either encoding taken apart."""
    kind = headers.get("Content-Type", "")
    if kind == "application/octet-stream":
        return Posted(path, headers, [], {"": body})
    if not kind.startswith("multipart/"):
        return Posted(path, headers, parse_qsl(body.decode(), keep_blank_values=True), {})
    message = BytesParser(EmailMessage, policy=HTTP).parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
    fields, files = [], {}
    for part in message.iter_parts():
        name = str(part.get_param("name", header="content-disposition"))
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        if part.get_filename() is None:
            fields.append((name, content.decode()))
        else:
            files[name] = content
    return Posted(path, headers, fields, files)
