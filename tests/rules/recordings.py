"""Small recordings made by hand, box by box: what a phone writes beside picture and sound, and nothing that a decoder is needed for."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence

SECRET = b"+25.6012+115.7932/ SECRET-PHONE"
PICTURE, SOUND, NOTES = b"P" * 300, b"S" * 120, b"N" * 64


def box(name: bytes, *inside: bytes) -> bytes:
    body = b"".join(inside)
    return struct.pack(">I4s", 8 + len(body), name) + body


def _full(name: bytes, *inside: bytes, version: int = 0) -> bytes:
    return box(name, bytes([version, 0, 0, 0]), *inside)


def _track(handler: bytes, chunks: Sequence[tuple[int, int]], *, wide: bool = False, version: int = 0) -> bytes:
    """A track whose samples lie in these (offset, length), one sample a chunk."""
    times = b"\x11" * (16 if version else 8)
    offsets = [offset for offset, _ in chunks]
    tables = (
        _full(b"stsd", struct.pack(">I", 1), box(b"xxxx", b"\0" * 8)),
        _full(b"stts", struct.pack(">III", 1, len(chunks), 1)),
        _full(b"stsc", struct.pack(">IIII", 1, 1, 1, 1)),
        _full(b"stsz", struct.pack(">II", 0, len(chunks)), *(struct.pack(">I", length) for _, length in chunks)),
        _full(
            b"co64" if wide else b"stco",
            struct.pack(">I", len(chunks)),
            struct.pack(f">{len(chunks)}{'Q' if wide else 'I'}", *offsets),
        ),
    )
    dref = _full(b"dref", struct.pack(">I", 1), _full(b"alis", SECRET))
    minf = box(b"minf", _full(b"vmhd", b"\0" * 8), box(b"dinf", dref), box(b"stbl", *tables))
    mdia = box(
        b"mdia",
        _full(b"mdhd", times, b"\0" * 16, version=version),
        _full(b"hdlr", b"\0\0\0\0", handler, b"appl" + b"\0" * 8, b"Core Media " + SECRET),
        minf,
    )
    return box(
        b"trak",
        _full(b"tkhd", times, b"\0" * 72, version=version),
        mdia,
        box(b"udta", box(b"\xa9xyz", SECRET)),
        box(b"meta", SECRET),
    )


def mp4(
    brand: bytes = b"isom",
    *,
    notes: bool = True,
    front: bool = False,
    trailer: bytes = b"",
    wide: bool = False,
    fragmented: bool = False,
    version: int = 0,
    padding: bytes = b"Samsung " + SECRET,
) -> bytes:
    """A film of two samples of picture and one of sound, with a track of timed notes as iPhones write it, and notes everywhere else."""
    ftyp = box(b"ftyp", brand, b"\0\0\2\0", b"isom")
    content = PICTURE + padding + SOUND + (NOTES if notes else b"") + PICTURE
    times = b"\x11" * (16 if version else 8)

    def moov(base: int) -> bytes:
        second = base + len(content) - len(PICTURE)
        sound = base + len(PICTURE) + len(padding)
        tracks = [
            _track(b"vide", [(base, len(PICTURE)), (second, len(PICTURE))], wide=wide, version=version),
            _track(b"soun", [(sound, len(SOUND))], wide=wide, version=version),
        ]
        if notes:
            tracks.append(_track(b"meta", [(sound + len(SOUND), len(NOTES))], wide=wide, version=version))
        more = [box(b"mvex", _full(b"trex", b"\0" * 20))] if fragmented else []
        return box(
            b"moov",
            _full(b"mvhd", times, b"\0" * 88, version=version),
            *tracks,
            *more,
            box(b"udta", box(b"\xa9mak", SECRET), box(b"meta", SECRET)),
            box(b"uuid", b"u" * 16 + SECRET),
        )

    head = 16 if wide else 8
    length = len(content) + head
    data = (struct.pack(">I4sQ", 1, b"mdat", length) if wide else struct.pack(">I4s", length, b"mdat")) + content
    skip = box(b"skip", SECRET)
    if front:
        size = len(moov(0))
        return ftyp + moov(len(ftyp) + size + len(skip) + head) + skip + data + trailer
    return ftyp + skip + data + moov(len(ftyp) + len(skip) + head) + trailer


def _safe(size: int) -> bytes:
    return bytes([size >> 21 & 127, size >> 14 & 127, size >> 7 & 127, size & 127])


def mp3() -> bytes:
    frames = b"\xff\xfb\x90\x00" + SOUND
    tag = b"TPE1" + struct.pack(">IH", len(SECRET) + 1, 0) + b"\0" + SECRET
    ape = SECRET + b"APETAGEX" + struct.pack("<IIII", 2000, len(SECRET) + 32, 1, 0) + b"\0" * 8
    return b"ID3\x03\x00\x40" + _safe(len(tag)) + tag + frames + ape + b"TAG" + SECRET.ljust(125, b"\0")


def wave(*, cut: bool = False) -> bytes:
    form = b"fmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 16000, 2, 16)
    notes = b"LIST" + struct.pack("<I", len(SECRET) + 5) + b"INFO" + SECRET + b"\0"
    data = b"data" + struct.pack("<I", 0 if cut else len(SOUND)) + SOUND
    late = b"" if cut else b"id3 " + struct.pack("<I", len(SECRET)) + SECRET + (b"\0" if len(SECRET) % 2 else b"")
    body = b"WAVE" + form + notes + (b"\0" if (len(SECRET) + 5) % 2 else b"") + data + late
    return b"RIFF" + struct.pack("<I", len(body)) + body


def png() -> bytes:
    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0\0\0\0")), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )
