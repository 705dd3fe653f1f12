"""What a file is, told from its first bytes only: type by content, pixels and frames from the header, nothing is decoded."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from huiyin.rules.texts import Bad

HEAD = 1024 * 1024  # bytes that are looked at: phones put thumbnails, depth and profiles of 64 KiB each before the picture's size
MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 64_000_000


class Photo(StrEnum):
    """Kinds of photo that are taken."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    HEIC = "heic"
    GIF = "gif"


class BadFile(Bad):
    """A file that cannot be taken; the message is for people."""

    messages: ClassVar[Mapping[str, str]] = {
        "empty": "这张照片是空的，请重新选一张。",
        "too_big": "这张照片太大了，最多 20 MB，请选小一点的。",
        "not_photo": "这不是照片。可以传 JPG、PNG、WebP 或苹果手机的 HEIC 照片。",
        "broken": "这张照片不完整，请重新拍一张或重新选。",
        "too_many_pixels": "这张照片像素太多了，请用手机的普通尺寸再拍一张。",
        "moving": "动图不能用，请选一张静止的照片。",
        "too_many": "照片太多了。",
    }


@dataclass(frozen=True, slots=True)
class Sniffed:
    kind: Photo
    width: int
    height: int


def sniff(head: bytes, size: int) -> Sniffed:
    """The photo's kind and pixels from its first bytes (HEAD of them or all) and its whole size; the content is not decoded.

    Raises BadFile: empty, too_big, not_photo, broken (also a header that is cut off), too_many_pixels, moving.
    """
    if size == 0 or not head:
        raise BadFile("empty")
    if size > MAX_BYTES:
        raise BadFile("too_big")
    kind = _kind(head)
    if kind is None:
        raise BadFile("not_photo")
    try:
        width, height = _SIZES[kind](head)
    except (IndexError, struct.error):
        raise BadFile("broken") from None
    if width < 1 or height < 1:
        raise BadFile("broken")
    if width * height > MAX_PIXELS:
        raise BadFile("too_many_pixels")
    return Sniffed(kind, width, height)


_HEIC_STILL = frozenset({b"heic", b"heix", b"heim", b"heis"})
_HEIC_MOVING = frozenset({b"hevc", b"hevx", b"hevm", b"hevs", b"msf1"})


def _kind(head: bytes) -> Photo | None:
    """By the first bytes alone: what begins otherwise is no photo, whatever follows and whatever its name says."""
    if head.startswith(b"\xff\xd8\xff"):
        return Photo.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Photo.PNG
    if head[:6] in {b"GIF87a", b"GIF89a"}:
        return Photo.GIF
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Photo.WEBP
    if head[4:8] == b"ftyp" and _brands(head) & (_HEIC_STILL | _HEIC_MOVING):
        return Photo.HEIC
    return None


# ---- JPEG (ISO 10918-1 B.1) -------------------------------------------------------------------------------------------

_NO_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})
_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def _jpeg(head: bytes) -> tuple[int, int]:
    """Walk the markers to the frame header (SOF), which comes before the first scan."""
    at = 2
    while True:
        if head[at] != 0xFF:
            raise BadFile("broken")
        while head[at] == 0xFF:
            at += 1
        marker, at = head[at], at + 1
        if marker in _NO_LENGTH:
            continue
        (length,) = struct.unpack_from(">H", head, at)
        if marker in _FRAME:
            height, width = struct.unpack_from(">HH", head, at + 3)
            return width, height
        if marker in {0xD8, 0xD9, 0xDA} or length < 2:
            raise BadFile("broken")
        at += length


# ---- PNG --------------------------------------------------------------------------------------------------------------


def _png(head: bytes) -> tuple[int, int]:
    """The size stands in the first chunk; an animation says so (acTL) before the first picture data."""
    width, height = struct.unpack_from(">II", head, 16)
    if head[12:16] != b"IHDR":
        raise BadFile("broken")
    at = 8
    while True:
        length, name = struct.unpack_from(">I4s", head, at)
        if name == b"acTL" and struct.unpack_from(">I", head, at + 8)[0] != 1:
            raise BadFile("moving")
        if name in {b"IDAT", b"IEND"}:
            return width, height
        at += 12 + length


# ---- GIF --------------------------------------------------------------------------------------------------------------


def _gif(head: bytes) -> tuple[int, int]:
    """The larger of the screen and the first picture. A second picture means that it moves; as far as the head reaches."""
    width, height = struct.unpack_from("<HH", head, 6)
    at, pictures = 13 + _colours(head[10]), 0
    while at < len(head) and head[at] != 0x3B:
        if head[at] == 0x21:
            at = _past_blocks(head, at + 2)
        elif head[at] == 0x2C:
            pictures += 1
            if pictures > 1:
                raise BadFile("moving")
            across, down = struct.unpack_from("<HH", head, at + 5)
            width, height = max(width, across), max(height, down)
            at = _past_blocks(head, at + 11 + _colours(head[at + 9]))
        else:
            raise BadFile("broken")
    if not pictures:
        raise BadFile("broken")
    return width, height


def _colours(flags: int) -> int:
    """Bytes of the colour table that the flags announce."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _past_blocks(head: bytes, at: int) -> int:
    """Behind the chain of blocks that begins there, or behind the head when it ends first."""
    while at < len(head) and head[at]:
        at += head[at] + 1
    return at + 1


# ---- WebP -------------------------------------------------------------------------------------------------------------


def _webp(head: bytes) -> tuple[int, int]:
    form = head[12:16]
    if form == b"VP8X":
        if head[20] & 0x02:
            raise BadFile("moving")
        return 1 + _three(head, 24), 1 + _three(head, 27)
    if form == b"VP8L" and head[20] == 0x2F:
        (bits,) = struct.unpack_from("<I", head, 21)
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if form == b"VP8 " and head[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", head, 26)
        return width & 0x3FFF, height & 0x3FFF
    raise BadFile("broken")


def _three(head: bytes, at: int) -> int:
    low, high = struct.unpack_from("<HB", head, at)
    return int(low | high << 16)


# ---- HEIC (ISO 14496-12, 23008-12) ------------------------------------------------------------------------------------


def _brands(head: bytes) -> set[bytes]:
    """The brands of the first box: the major one and those it is compatible with."""
    end = min(int.from_bytes(head[:4], "big"), 512)
    return {head[8:12], *(head[at : at + 4] for at in range(16, end - 3, 4))}


def _heic(head: bytes) -> tuple[int, int]:
    """The largest size (`ispe`) that the description (`meta`) names: tiles and thumbnails are smaller than the whole."""
    if head[8:12] in _HEIC_MOVING:
        raise BadFile("moving")
    start, end = _box(head, b"meta")
    best, at = (0, 0), head.find(b"ispe", start, end)
    while at != -1:
        width, height = struct.unpack_from(">II", head, at + 8)
        best = max(best, (width, height), key=lambda pair: pair[0] * pair[1])
        at = head.find(b"ispe", at + 4, end)
    return best


def _box(head: bytes, wanted: bytes) -> tuple[int, int]:
    """Where the content of a box of the outermost level begins and ends. Raises BadFile when the head does not hold it."""
    at = 0
    while True:
        length, name = struct.unpack_from(">I4s", head, at)
        if length == 1:
            (length,) = struct.unpack_from(">Q", head, at + 8)
        if length < 8:
            raise BadFile("broken")
        if name == wanted:
            if at + length > len(head):
                raise BadFile("broken")
            return at + 8, at + length
        at += length


_SIZES = {Photo.JPEG: _jpeg, Photo.PNG: _png, Photo.GIF: _gif, Photo.WEBP: _webp, Photo.HEIC: _heic}
