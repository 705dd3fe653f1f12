"""What a file is, told from its first bytes only: type by content, pixels and frames from the header, nothing is decoded."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from huiyin.rules.texts import Bad

HEAD = 64 * 1024  # bytes that are looked at
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
    """The photo's kind and pixels from its first ≤ 64 KiB and its whole size. Raises BadFile."""
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


def _kind(head: bytes) -> Photo | None:
    if head.startswith(b"\xff\xd8\xff"):
        return Photo.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Photo.PNG
    if head[:6] in {b"GIF87a", b"GIF89a"}:
        return Photo.GIF
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Photo.WEBP
    if head[4:8] == b"ftyp" and head[8:12] in {b"heic", b"heix", b"heim", b"heis", b"mif1"}:
        return Photo.HEIC
    return None


def _jpeg(head: bytes) -> tuple[int, int]:
    """Walk the markers to the frame header (SOF)."""
    at = 2
    while True:
        while head[at] != 0xFF:
            raise BadFile("broken")
        while head[at] == 0xFF:
            at += 1
        marker = head[at]
        at += 1
        if marker in {0x01, *range(0xD0, 0xD8)}:
            continue
        if marker in {0xD9, 0xDA}:
            raise BadFile("broken")
        (length,) = struct.unpack_from(">H", head, at)
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack_from(">HH", head, at + 3)
            return width, height
        if length < 2:
            raise BadFile("broken")
        at += length
        if at >= len(head):
            raise BadFile("broken")


def _png(head: bytes) -> tuple[int, int]:
    if head[12:16] != b"IHDR":
        raise BadFile("broken")
    if b"acTL" in head[: head.find(b"IDAT") if b"IDAT" in head else len(head)]:
        raise BadFile("moving")
    width, height = struct.unpack_from(">II", head, 16)
    return width, height


def _gif(head: bytes) -> tuple[int, int]:
    """A second picture block or a loop extension means that it moves."""
    if b"NETSCAPE2.0" in head or head.count(b"\x21\xf9\x04") > 1:
        raise BadFile("moving")
    width, height = struct.unpack_from("<HH", head, 6)
    return width, height


def _webp(head: bytes) -> tuple[int, int]:
    form = head[12:16]
    if form == b"VP8X":
        if head[20] & 0x02:
            raise BadFile("moving")
        return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
    if form == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if form == b"VP8 ":
        width, height = struct.unpack_from("<HH", head, 26)
        return width & 0x3FFF, height & 0x3FFF
    raise BadFile("broken")


def _heic(head: bytes) -> tuple[int, int]:
    """The largest `ispe` box: a HEIC holds its tiles' sizes as well as the whole picture's."""
    if head[8:12] in {b"hevc", b"hevx", b"msf1"}:
        raise BadFile("moving")
    best, at = (0, 0), head.find(b"ispe")
    while at != -1:
        width, height = struct.unpack_from(">II", head, at + 8)
        best = max(best, (width, height), key=lambda pair: pair[0] * pair[1])
        at = head.find(b"ispe", at + 4)
    return best


_SIZES = {Photo.JPEG: _jpeg, Photo.PNG: _png, Photo.GIF: _gif, Photo.WEBP: _webp, Photo.HEIC: _heic}
