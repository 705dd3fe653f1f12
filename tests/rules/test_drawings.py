"""A drawn signature is looked at before it is kept: what could not be set would keep its document from being set for good."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from huiyin.rules.drawings import MAGIC, MAX_PIXELS, is_drawing


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, rows: bytes, *, colour: int = 6, depth: int = 8) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return MAGIC + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
def test_what_a_canvas_draws_is_a_drawing(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (600, 200)).save(out, "PNG")
    assert is_drawing(out.getvalue())


GOOD = png(2, 2, b"\x00" * 18)
BAD = {
    "nothing": b"",
    "magic alone": MAGIC,
    "magic and noise": MAGIC + b"noise " * 20,
    "cut off": GOOD[:-14],
    "a sum that is wrong": GOOD[:-20] + b"!" + GOOD[-19:],
    "rows missing": png(2, 2, b"\x00" * 9),
    "rows too many": png(2, 2, b"\x00" * 27),
    "a filter nobody knows": png(2, 2, b"\x07" * 18),
    "larger than a screen": png(60_000, 60_000, b"\x00" * 1_000_000),
    "sixteen bits": png(2, 2, b"\x00" * 34, depth=16),
    "no pixels": png(0, 2, b""),
    "no head": MAGIC + chunk(b"IDAT", b"") + chunk(b"IEND", b""),
    "two heads": GOOD[:33] + GOOD[8:],
}


@pytest.mark.parametrize("content", BAD.values(), ids=BAD)
def test_what_could_not_be_set_is_no_drawing(content: bytes) -> None:
    assert not is_drawing(content)


def test_no_more_is_unpacked_than_the_head_announces() -> None:
    """200 KB unpack to 200 MB; the head says 2 × 2."""
    assert is_drawing(GOOD) and MAX_PIXELS * 4 < 200 * 2**20
    assert not is_drawing(png(2, 2, b"\x00" * 200 * 2**20))
