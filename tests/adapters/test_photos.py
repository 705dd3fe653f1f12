"""Copies of photos carry pixels and nothing else, stand upright, and no file can harm or hold up the one who makes them."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from PIL import Image

from huiyin.adapters import photos
from huiyin.adapters.photos import LONG_SIDE, CannotDecode, make_copy
from huiyin.rules.files import Photo

SAMPLES = Path(__file__).parent / "samples"
RED, BLUE = (200, 30, 30), (20, 40, 200)


def picture(width: int = 96, height: int = 64, mode: str = "RGB") -> Image.Image:
    """Red above, blue below."""
    made = Image.new("RGB", (width, height), RED)
    made.paste(BLUE, (0, height // 2, width, height))
    return made.convert(mode)


def encoded(made: Image.Image, form: str, **how: object) -> bytes:
    out = io.BytesIO()
    made.save(out, form, **how)
    return out.getvalue()


def with_place(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "A maker of cameras", orientation
    exif.get_ifd(0x8825).update({1: "N", 2: (26.0, 1.0, 2.0), 3: "E", 4: (115.0, 3.0, 4.0)})
    return exif


def seen(copy: photos.Copy) -> Image.Image:
    made = Image.open(io.BytesIO(copy.data))
    assert made.format == "JPEG"
    assert made.size == (copy.width, copy.height)
    return made.convert("RGB")


def near(colour: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return all(abs(one - other) < 12 for one, other in zip(colour, wanted, strict=True))


def reason(data: bytes, kind: str, **more: float) -> str:
    with pytest.raises(CannotDecode) as caught:
        make_copy(data, kind, **more)
    return caught.value.reason


@pytest.mark.parametrize(
    ("kind", "form", "how"),
    [
        ("jpeg", "JPEG", {"exif": with_place(), "icc_profile": b"profile" * 20, "comment": b"where I live"}),
        ("png", "PNG", {"exif": with_place()}),
        ("webp", "WEBP", {"exif": with_place(), "xmp": b"<x>where I live</x>", "lossless": True}),
    ],
)
def test_a_copy_tells_nothing_of_camera_place_or_owner(kind, form, how):
    original = encoded(picture(), form, **how)
    assert b"A maker of cameras" in original
    copy = make_copy(original, kind)
    made = Image.open(io.BytesIO(copy.data))
    assert not made.getexif()
    assert set(made.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    for told in (b"Exif", b"maker", b"live", b"profile", b"ICC"):
        assert told not in copy.data


@pytest.mark.parametrize(
    ("orientation", "size", "first", "last"),
    [(1, (96, 64), RED, BLUE), (3, (96, 64), BLUE, RED), (6, (64, 96), BLUE, RED), (8, (64, 96), RED, BLUE)],
)
def test_a_photo_taken_sideways_stands_upright(orientation, size, first, last):
    made = seen(make_copy(encoded(picture(), "JPEG", exif=with_place(orientation)), "jpeg"))
    assert made.size == size
    if orientation in {1, 3}:
        assert near(made.getpixel((4, 4)), first)
        assert near(made.getpixel((4, size[1] - 5)), last)
    else:  # what was above lies right or left now
        assert near(made.getpixel((4, 4)), first)
        assert near(made.getpixel((size[0] - 5, 4)), last)


def test_a_broken_exif_block_does_not_lose_the_photo():
    assert make_copy(encoded(picture(), "JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff" + b"\xff" * 30), Photo.JPEG).width == 96


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_is_copied(mode):
    source = Image.new("I;16", (96, 64), 51400) if mode == "I;16" else picture(mode=mode)
    assert seen(make_copy(encoded(source, "PNG"), "png")).size == (96, 64)


def test_sixteen_bits_keep_their_brightness():
    assert near(seen(make_copy(encoded(Image.new("I;16", (96, 64), 51400), "PNG"), "png")).getpixel((9, 9)), (200, 200, 200))


@pytest.mark.parametrize("size", [(96, 64), (6000, 4000)])
def test_what_can_be_seen_through_lies_on_white(size):
    clear = Image.new("RGBA", size, (0, 0, 0, 0))
    assert near(seen(make_copy(encoded(clear, "PNG"), "png")).getpixel((9, 9)), (255, 255, 255))


def test_cmyk_is_copied_as_colours():
    assert near(seen(make_copy(encoded(picture(mode="CMYK"), "JPEG", quality=95), "jpeg")).getpixel((9, 9)), RED)


@pytest.mark.parametrize(
    ("size", "copied"), [((3200, 2400), (1600, 1200)), ((1000, 5000), (320, 1600)), ((20000, 10), (1600, 1)), ((5, 5), (5, 5))]
)
def test_the_longer_side_is_1600_at_most_and_small_photos_are_not_blown_up(size, copied):
    copy = make_copy(encoded(picture(*size), "PNG"), "png")
    assert (copy.width, copy.height) == copied
    assert max(copied) <= LONG_SIDE


def test_a_photo_of_an_iphone_is_copied():
    original = (SAMPLES / "upright.heic").read_bytes()
    assert b"Huiyin test camera" in original
    copy = make_copy(original, "heic")
    assert near(seen(copy).getpixel((4, 4)), RED)
    assert near(seen(copy).getpixel((4, 60)), BLUE)
    assert b"Huiyin" not in copy.data


def test_a_photo_of_sixty_megapixels_is_copied_within_the_limits():
    original = encoded(picture(9480, 6320), "JPEG", quality=60)
    assert (make_copy(original, "jpeg").width, make_copy(original, "jpeg").height) == (1600, 1067)


@pytest.mark.parametrize("mode", ["RGBA", "P"])
def test_a_large_png_is_copied_within_the_limits(mode):
    assert make_copy(encoded(Image.new(mode, (8000, 8000)), "PNG"), "png").width == 1600


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "gif"])
def test_a_photo_that_ends_in_the_middle_is_not_copied(kind):
    whole = encoded(Image.effect_noise((800, 600), 60), {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "gif": "GIF"}[kind])
    assert reason(whole[: len(whole) // 2], kind) == "broken"


@pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"MZ" + bytes(500)])
def test_what_is_no_photo_is_not_copied(data):
    assert reason(data, "jpeg") == "broken"


def test_only_the_kind_that_the_header_showed_is_decoded():
    assert reason(encoded(picture(), "BMP"), "png") == "broken"
    with pytest.raises(ValueError, match="svg"):
        make_copy(b"", "svg")


def test_what_moves_is_not_copied():
    frames = [picture(), picture().rotate(180)]
    for kind, form in (("gif", "GIF"), ("png", "PNG"), ("webp", "WEBP")):
        moving = encoded(frames[0], form, save_all=True, append_images=frames[1:])
        assert reason(moving, kind) == "moving"


def bomb(side: int) -> bytes:
    """A PNG that says it has side × side pixels and weighs next to nothing."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(side + 1)) for _ in range(200)) + packer.flush()
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0))
        + chunk(b"IDAT", rows)
        + chunk(b"IEND", b"")
    )


def test_a_bomb_is_refused_before_it_is_unpacked():
    assert reason(bomb(50_000), "png") == "too_many_pixels"
    assert reason(bomb(9_000), "png") == "too_many_pixels"


def test_a_child_that_takes_too_long_is_ended(monkeypatch):
    started: list[subprocess.Popen] = []
    real = subprocess.Popen

    def noted(*args, **kwargs):
        started.append(real([sys.executable, "-c", "import time; time.sleep(60)"], **kwargs))
        return started[0]

    monkeypatch.setattr(subprocess, "Popen", noted)
    assert reason(b"", "jpeg", seconds=0.3) == "too_slow"
    assert started[0].poll() is not None


def limited(code: str) -> int:
    program = f"from huiyin.adapters.photo_worker import limit; limit(); {code}"
    return subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, check=False).returncode


def test_the_child_gets_no_more_memory_than_one_photo_needs():
    assert limited("bytearray(300 * 1024 * 1024)") == 0
    assert limited("bytearray(600 * 1024 * 1024)") != 0


def test_the_child_can_write_no_file(tmp_path):
    limited(f"open({str(tmp_path / 'trial')!r}, 'w').write('x' * 9)")
    assert (tmp_path / "trial").read_bytes() == b""


def test_a_child_that_answers_nonsense_is_not_believed(monkeypatch):
    for answer in (b"", b"\x06\x40\x06\x40no jpeg", b"\x00\x00\x00\x00\xff\xd8\xff", b"\xff\xff\x00\x09\xff\xd8\xff"):
        monkeypatch.setattr(subprocess, "run", lambda *_, answer=answer, **__: subprocess.CompletedProcess([], 0, answer, b""))
        assert reason(b"", "jpeg") == "died"
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], -24, b"", b""))
    assert reason(b"", "jpeg") == "too_slow"


def test_the_child_knows_neither_django_nor_the_environment():
    program = "import sys, huiyin.adapters.photo_worker; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-I", "-c", program], check=False).returncode == 0
