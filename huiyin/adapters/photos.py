"""Makes the copy of a photo that people look at: decoded and written anew in a process of its own, within limits of memory and time."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass

from huiyin.rules.files import Photo

LONG_SIDE = 1600
WALL_SECONDS = 15.0  # beside 10 s of processor time, which a busy machine may stretch
MAX_COPY_BYTES = 8 * 1024 * 1024

_WORKER = "huiyin.adapters.photo_worker"
_REASONS = frozenset({"broken", "moving", "too_many_pixels", "memory", "unsupported"})


class CannotDecode(Exception):
    """The photo cannot be made a copy of. reason: broken, moving, too_many_pixels, memory, unsupported, too_slow or died."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Copy:
    """A JPEG without metadata, upright, its longer side 1600 pixels at most."""

    data: bytes
    width: int
    height: int


def make_copy(original: bytes, kind: Photo | str, *, seconds: float = WALL_SECONDS) -> Copy:
    """The copy of a photo of that kind, made by a child process which is killed after `seconds`. Raises CannotDecode."""
    try:
        done = subprocess.run(  # noqa: S603, our own module in our own interpreter
            [sys.executable, "-I", "-B", "-m", _WORKER, Photo(kind).value, str(LONG_SIDE)],
            input=original,
            capture_output=True,
            timeout=seconds,
            cwd="/",
            env={},
            check=False,
            start_new_session=True,
        )
    except subprocess.TimeoutExpired:
        raise CannotDecode("too_slow") from None
    if done.returncode != 0:
        said = done.stderr.decode("ascii", "replace").strip().rpartition("\n")[2]
        raise CannotDecode(said if said in _REASONS else "too_slow" if _out_of_time(done.returncode) else "died")
    return _checked(done.stdout)


def _out_of_time(code: int) -> bool:
    """Whether the kernel ended the child because its processor time was used up (SIGXCPU, then SIGKILL)."""
    return code in {-24, -9}


def _checked(said: bytes) -> Copy:
    """What the child wrote: width and height in two bytes each, then the JPEG. It is not believed blindly."""
    width, height = int.from_bytes(said[:2], "big"), int.from_bytes(said[2:4], "big")
    data = said[4:]
    fits = min(width, height) >= 1 and max(width, height) <= LONG_SIDE and len(data) <= MAX_COPY_BYTES
    if not fits or not data.startswith(b"\xff\xd8\xff"):
        raise CannotDecode("died")
    return Copy(data, width, height)
