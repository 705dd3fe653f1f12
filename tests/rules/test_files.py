"""What a file is, is told from its first bytes: photos pass, everything else is refused with words that help."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from huiyin.rules.files import HEAD, MAX_BYTES, MAX_PIXELS, BadFile, Photo, Sniffed, sniff

SAMPLES = Path(__file__).parent.parent / "adapters" / "samples"
FORMS = {Photo.JPEG: "JPEG", Photo.PNG: "PNG", Photo.WEBP: "WEBP", Photo.GIF: "GIF"}


def encoded(form: str, size: tuple[int, int] = (96, 64), **how: object) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 40).save(out, form, **how)
    return out.getvalue()


def whole(data: bytes) -> Sniffed:
    return sniff(data[:HEAD], len(data))


def refused(data: bytes, size: int | None = None) -> str:
    with pytest.raises(BadFile) as caught:
        sniff(data[:HEAD], len(data) if size is None else size)
    return caught.value.code


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int, height: int, *more: bytes) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", len(body) + 8, name) + body


def heic(*sizes: tuple[int, int], major: bytes = b"heic", compatible: bytes = b"mif1heic", before: bytes = b"") -> bytes:
    sized = b"".join(box(b"ispe", struct.pack(">III", 0, *size)) for size in sizes)
    meta = box(b"meta", bytes(4) + box(b"iprp", box(b"ipco", sized)))
    return box(b"ftyp", major + bytes(4) + compatible) + before + meta + box(b"mdat", b"ispe" + bytes(3) + b"\xff" * 9)


@pytest.mark.parametrize("kind", FORMS)
@pytest.mark.parametrize("size", [(96, 64), (1, 1), (300, 2)])
def test_kind_and_size_are_told_from_the_content(kind, size):
    assert whole(encoded(FORMS[kind], size)) == Sniffed(kind, *size)


@pytest.mark.parametrize(
    ("form", "how"),
    [
        ("JPEG", {"progressive": True}),
        ("JPEG", {"exif": b"Exif\0\0" + bytes(60_000), "icc_profile": bytes(200_000)}),
        ("PNG", {"pnginfo": None, "icc_profile": bytes(100)}),
        ("WEBP", {"lossless": True}),
        ("WEBP", {"exif": b"Exif\0\0II", "quality": 50}),
        ("GIF", {"comment": b"by nobody"}),
    ],
)
def test_what_stands_before_the_picture_does_not_matter(form, how):
    assert (whole(encoded(form, **how)).width, whole(encoded(form, **how)).height) == (96, 64)


def test_a_jpeg_with_much_before_its_size_is_taken():
    plain = encoded("JPEG")
    padded = plain[:2] + segment(0xE1, bytes(65_000)) * 12 + plain[2:]
    assert whole(padded).width == 96
    assert refused(plain[:2] + segment(0xE1, bytes(65_000)) * 20 + plain[2:]) == "broken"


def test_a_photo_of_an_iphone_is_known():
    assert whole((SAMPLES / "upright.heic").read_bytes()) == Sniffed(Photo.HEIC, 96, 64)


def test_a_tiled_heic_has_the_size_of_the_whole():
    assert whole(heic((512, 512), (4032, 3024), (320, 240))) == Sniffed(Photo.HEIC, 4032, 3024)
    assert whole(heic((40, 30), major=b"mif1")).width == 40
    assert whole(heic((40, 30), before=box(b"free", bytes(90)))).width == 40


def test_what_is_like_heic_but_is_not_is_refused():
    assert refused(heic((40, 30), major=b"avif", compatible=b"mif1avif")) == "not_photo"
    assert refused(heic((40, 30), major=b"isom", compatible=b"mp42")) == "not_photo"
    assert refused(heic((40, 30), major=b"msf1", compatible=b"hevc")) == "moving"
    assert refused(heic()) == "broken"


@pytest.mark.parametrize("form", ["GIF", "PNG", "WEBP"])
def test_what_moves_is_refused(form):
    frames = [Image.effect_noise((96, 64), spread) for spread in (20, 60, 90)]
    out = io.BytesIO()
    frames[0].save(out, form, save_all=True, append_images=frames[1:])
    assert refused(out.getvalue()) == "moving"


def test_a_png_that_only_speaks_of_moving_is_taken():
    assert whole(png(9, 9, chunk(b"tEXt", b"acTL"))).width == 9
    assert whole(png(9, 9, chunk(b"acTL", struct.pack(">II", 1, 0)))).width == 9


def test_too_many_pixels_are_refused_unread():
    assert refused(png(50_000, 50_000)) == "too_many_pixels"
    assert refused(png(8_001, 8_000)) == "too_many_pixels"
    assert whole(png(8_000, 8_000)).width * 8_000 == MAX_PIXELS
    assert refused(heic((100_000, 100_000))) == "too_many_pixels"
    assert refused(b"\xff\xd8" + segment(0xC0, struct.pack(">BHHB", 8, 65_000, 65_000, 3))) == "too_many_pixels"


def test_no_pixels_at_all_are_broken():
    for data in (png(0, 9), b"\xff\xd8" + segment(0xC2, struct.pack(">BHHB", 8, 0, 90, 3)), heic((0, 9))):
        assert refused(data) == "broken"


def test_size_in_bytes_is_bounded_at_both_ends():
    photo = encoded("JPEG")
    assert refused(b"", 0) == "empty"
    assert refused(photo, MAX_BYTES + 1) == "too_big"
    assert sniff(photo, MAX_BYTES).width == 96


@pytest.mark.parametrize(
    "data",
    [
        b"MZ\x90\x00" + bytes(300),
        b"\x7fELF" + bytes(300),
        b"PK\x03\x04" + bytes(300),
        b"%PDF-1.7\n" + bytes(300),
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<?xml version='1.0'?><svg/>",
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"\xef\xbb\xbf<html>",
        b"BM" + bytes(300),
        b"II*\0" + bytes(300),
        b"\0\0\1\0" + bytes(300),
        b"#!/bin/sh\n",
        "这不是照片".encode(),
        bytes(300),
        b" " + b"\xff\xd8\xff" + bytes(300),
        b"RIFF\0\0\0\0WAVEfmt ",
    ],
)
def test_what_is_no_photo_is_refused_whatever_it_is_called(data):
    assert refused(data) == "not_photo"


def test_a_script_that_begins_like_a_gif_is_refused():
    assert refused(b"GIF89a/*" + b"\0" * 30 + b"*/=1;alert(1)") == "broken"


@pytest.mark.parametrize("kind", [*FORMS, Photo.HEIC])
def test_a_header_that_is_cut_off_is_broken_wherever_it_is_cut(kind):
    data = (SAMPLES / "upright.heic").read_bytes() if kind is Photo.HEIC else encoded(FORMS[kind], (3, 3))
    outcomes = set()
    for end in range(1, len(data)):
        try:
            outcomes.add(sniff(data[:end], len(data)).kind)
        except BadFile as bad:
            outcomes.add(bad.code)
    assert outcomes <= {kind, "broken", "not_photo"}
    assert "broken" in outcomes


heads = st.sampled_from(
    [
        b"\xff\xd8\xff",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"GIF89a",
        b"RIFF\0\0\0\0WEBPVP8X",
        b"RIFF\0\0\0\0WEBPVP8 ",
        b"\0\0\0\x14ftypheic\0\0\0\0heic",
        b"",
    ]
)
samples = st.sampled_from([encoded(form, (9, 9)) for form in FORMS.values()] + [(SAMPLES / "upright.heic").read_bytes()])


@given(heads, st.binary(max_size=300))
def test_any_bytes_are_a_photo_or_refused(head, rest):
    try:
        found = whole(head + rest)
    except BadFile as bad:
        assert bad.message.endswith("。")  # noqa: PT017, either way is right
    else:
        assert found.width * found.height <= MAX_PIXELS


@given(samples, st.data())
def test_a_photo_with_a_few_bytes_changed_is_a_photo_or_refused(data, draw):
    changed = bytearray(data)
    for place in draw.draw(st.lists(st.integers(0, len(data) - 1), max_size=6)):
        changed[place] = draw.draw(st.integers(0, 255))
    try:
        whole(bytes(changed))
    except BadFile as bad:
        assert bad.code in BadFile.messages  # noqa: PT017, either way is right
