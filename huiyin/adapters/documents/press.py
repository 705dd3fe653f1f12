"""Sets documents: hands them to a child process that keeps Typst warm, ends it when it is stuck, and lets it go when it is idle."""

from __future__ import annotations

import base64
import json
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings

WALL_SECONDS = 60.0
IDLE_SECONDS = 300.0
MAX_BYTES = 256 * 1024 * 1024

_WORKER = "huiyin.adapters.documents.press_worker"
_lock = threading.Lock()
_running: list[tuple[subprocess.Popen[bytes], float]] = []


class CannotSet(Exception):
    """The document could not be set. reason: too_slow, died, or what Typst said (for the log; it may quote the document)."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason if reason in {"too_slow", "died"} else "typst")


def pdf(doc: Mapping[str, Any], files: Mapping[str, bytes] | None = None, *, seconds: float = WALL_SECONDS) -> bytes:
    """The PDF of a composed document (see rules/documents/compose, with organ, number, checkpoint, qr, draft, signatures).

    files: pictures that it names, by name. Never called in a web process: the first call starts a child of about 130 MB. Raises CannotSet.
    """
    return _asked({"format": "pdf", "doc": doc, "files": _packed(files)}, seconds)


def png(doc: Mapping[str, Any], *, ppi: int = 300, seconds: float = WALL_SECONDS) -> list[bytes]:
    """Each page as a picture, for measuring and looking."""
    made = _asked({"format": "png", "ppi": ppi, "doc": doc, "files": {}}, seconds)
    if made.startswith(b"\x89PNG"):
        return [made]
    pages = []
    while made:
        size = int.from_bytes(made[:4], "big")
        pages.append(made[4 : 4 + size])
        made = made[4 + size :]
    return pages


def rest() -> None:
    """Ends the child; the next document starts one again."""
    with _lock:
        _end()


def rest_when_idle() -> None:
    """Ends a child that has had nothing to do for five minutes."""
    with _lock:
        if _running and time.monotonic() - _running[0][1] > IDLE_SECONDS:
            _end()


def _packed(files: Mapping[str, bytes] | None) -> dict[str, str]:
    return {name: base64.b64encode(content).decode("ascii") for name, content in (files or {}).items()}


def _asked(request: Mapping[str, Any], seconds: float) -> bytes:
    line = json.dumps(request, ensure_ascii=False).encode() + b"\n"
    with _lock:
        child = _child()
        end = time.monotonic() + seconds
        try:
            assert child.stdin is not None and child.stdout is not None
            _send(child.stdin, line, end)
            said = json.loads(_read_line(child.stdout, end))
            if "error" in said:
                raise CannotSet(str(said["error"]))
            made = _read(child.stdout, int(said["size"]), end)
        except TimeoutError:
            _end()
            raise CannotSet("too_slow") from None
        except (OSError, ValueError) as error:
            _end()
            raise CannotSet("died") from error
        _running[0] = (child, time.monotonic())
        return made


def _child() -> subprocess.Popen[bytes]:
    if _running and _running[0][0].poll() is None:
        return _running[0][0]
    _end()
    fonts = [str(settings.HUIYIN_FONT_DIR)] if settings.HUIYIN_FONT_DIR else []
    child = subprocess.Popen(  # noqa: S603, our own module in our own interpreter
        [sys.executable, "-I", "-B", "-m", _WORKER, *fonts],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        cwd="/",
        env={},
        start_new_session=True,
    )
    _running[:] = [(child, time.monotonic())]
    return child


def _end() -> None:
    for child, _ in _running:
        child.kill()
        child.wait()
        for stream in (child.stdin, child.stdout):
            if stream is not None:
                stream.close()
    _running.clear()


def _send(stream: IO[bytes], data: bytes, end: float) -> None:
    """Writes no more than the pipe takes at a time: a press that hangs reads nothing, and a full pipe would hold whoever writes for good."""
    left = memoryview(data)
    while left:
        _, ready, _ = select.select([], [stream], [], max(0.0, end - time.monotonic()))
        if not ready:
            raise TimeoutError
        left = left[os.write(stream.fileno(), left[: select.PIPE_BUF]) :]


def _read_line(stream: IO[bytes], end: float) -> bytes:
    line = b""
    while not line.endswith(b"\n"):
        line += _some(stream, 1, end)
    return line


def _read(stream: IO[bytes], size: int, end: float) -> bytes:
    if not 0 < size <= MAX_BYTES:
        raise ValueError("the child wrote what is no document")
    pieces, missing = [], size
    while missing:
        piece = _some(stream, min(missing, 1 << 16), end)
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces)


def _some(stream: IO[bytes], most: int, end: float) -> bytes:
    ready, _, _ = select.select([stream], [], [], max(0.0, end - time.monotonic()))
    if not ready:
        raise TimeoutError
    piece = stream.read(most)
    if not piece:
        raise OSError("the child has ended")
    return piece
