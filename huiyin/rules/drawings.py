"""A signature drawn with a finger: a small PNG that is whole, so that no drawing keeps a document from being set."""

from __future__ import annotations

import struct
import zlib

MAGIC = b"\x89PNG\r\n\x1a\n"
MAX_PIXELS = 4_000_000
#: Samples of a pixel by colour type (PNG, third edition, 11.2.1); palettes are no drawing of ours.
_SAMPLES = {0: 1, 2: 3, 4: 2, 6: 4}
_FILTERS = frozenset(range(5))


def is_drawing(content: bytes) -> bool:
    """Whether it is a PNG as a canvas makes it: 8 bits a sample, not interlaced, 4 million pixels at most, all of its rows there.

    Nothing beyond the pixels that its head announces is unpacked.
    """
    try:
        return content.startswith(MAGIC) and _rows_are_whole(*_chunks(content))
    except (struct.error, zlib.error, ValueError):
        return False


def _chunks(content: bytes) -> tuple[bytes, bytes]:
    """(head, packed pixels) of a PNG whose chunks have their sums. Raises ValueError or struct.error."""
    at, head, packed = len(MAGIC), b"", []
    while True:
        size, kind = struct.unpack_from(">I4s", content, at)
        data = content[at + 8 : at + 8 + size]
        if struct.unpack_from(">I", content, at + 8 + size)[0] != zlib.crc32(kind + data):
            raise ValueError("a sum is wrong")
        if (kind == b"IHDR") is not (at == len(MAGIC)):
            raise ValueError("the head is not first, or there are two")
        at += 12 + size
        if kind == b"IHDR":
            head = data
        elif kind == b"IDAT":
            packed.append(data)
        elif kind == b"IEND":
            return head, b"".join(packed)


def _rows_are_whole(head: bytes, packed: bytes) -> bool:
    width, height, depth, colour, *ways = struct.unpack(">IIBBBBB", head)
    if not 0 < width * height <= MAX_PIXELS or depth != 8 or colour not in _SAMPLES or any(ways):
        return False
    row = 1 + width * _SAMPLES[colour]
    reader = zlib.decompressobj()
    rows = reader.decompress(packed, row * height + 1)
    return len(rows) == row * height and reader.eof and set(rows[::row]) <= _FILTERS
