"""The child process that decodes one photo: limits first, then the decoder, so that a hostile file harms nobody but this process.

Called as `python -I -m huiyin.adapters.photo_worker KIND LONG_SIDE` with the photo on standard input. Writes width and height (two
bytes each) and the JPEG to standard output; on failure one word to standard error and exit status 3.
"""

from __future__ import annotations

import contextlib
import io
import resource
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

MEMORY_BYTES = 512 * 1024 * 1024
CPU_SECONDS = 10
MAX_PIXELS = 64_000_000
QUALITY = 82
BAND = 64  # rows of the copy that are made at a time
FORMATS = {"jpeg": ("JPEG",), "png": ("PNG",), "webp": ("WEBP",), "gif": ("GIF",), "heic": ("HEIF",)}


class Refuse(Exception):
    """The photo is not copied, for the reason in one word."""


def limit() -> None:
    """No more memory, time or open files than one photo needs; nothing can be written to a file."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def copy(data: bytes, kind: str, long_side: int) -> tuple[bytes, int, int]:
    """(JPEG, width, height) of an upright copy without metadata. Raises Refuse, or what the decoder raises."""
    from PIL import Image, ImageOps  # only after the limits stand

    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    if kind == "heic":
        import pi_heif

        pi_heif.options.DECODE_THREADS = 1
        pi_heif.register_heif_opener(thumbnails=False)
    with Image.open(io.BytesIO(data), formats=FORMATS[kind]) as photo:
        if photo.width * photo.height > MAX_PIXELS:
            raise Refuse("too_many_pixels")
        if kind in {"png", "webp", "gif"} and getattr(photo, "n_frames", 1) > 1:
            raise Refuse("moving")
        small = _shrunk(photo, long_side)
    with contextlib.suppress(Exception):  # a broken Exif block is no reason to lose the photo
        small = ImageOps.exif_transpose(small)
    bare = Image.frombytes("RGB", small.size, small.tobytes())  # pixels and nothing else
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue(), bare.width, bare.height


def _shrunk(photo: Picture, long_side: int) -> Picture:
    """RGB, its longer side long_side at most. A JPEG is decoded at an eighth, fourth or half of its size where that is enough."""
    photo.draft("RGB", (2 * long_side, 2 * long_side))
    factor = max(1, max(photo.size) // (2 * long_side))
    small = _flat(photo) if factor == 1 else _reduced(photo, factor)
    small.info = photo.info
    small.thumbnail((long_side, long_side))
    return small


def _reduced(photo: Picture, factor: int) -> Picture:
    """A fraction of the size, band by band, so that what is large is held once and never converted as a whole."""
    from PIL import Image

    canvas = Image.new("RGB", (-(-photo.width // factor), -(-photo.height // factor)))
    for top in range(0, photo.height, factor * BAND):
        band = photo.crop((0, top, photo.width, min(photo.height, top + factor * BAND)))
        band.info = photo.info
        canvas.paste(_flat(band).reduce(factor), (0, top // factor))
    return canvas


def _flat(photo: Picture) -> Picture:
    """RGB, what can be seen through laid on white."""
    from PIL import Image

    if photo.mode.startswith("I") or photo.mode == "F":
        photo = photo.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if photo.mode in {"LA", "La", "PA", "RGBA", "RGBa"} or "transparency" in photo.info:
        photo = photo.convert("RGBA")
        white = Image.new("RGB", photo.size, "white")
        white.paste(photo, mask=photo.getchannel("A"))
        return white
    return photo.convert("RGB")


def main() -> int:
    """Exit status 0, or 3 with the reason on standard error."""
    limit()
    kind, long_side = sys.argv[1], int(sys.argv[2])
    try:
        data, width, height = copy(sys.stdin.buffer.read(), kind, long_side)
    except Refuse as refusal:
        reason = str(refusal)
    except MemoryError:
        reason = "memory"
    except (ImportError, KeyError):
        reason = "unsupported"
    except Exception as error:  # noqa: BLE001, decoders raise anything at all on broken input
        reason = "too_many_pixels" if "DecompressionBomb" in type(error).__name__ else "broken"
    else:
        sys.stdout.buffer.write(width.to_bytes(2, "big") + height.to_bytes(2, "big") + data)
        sys.stdout.buffer.flush()
        return 0
    sys.stderr.write(reason)
    return 3


if __name__ == "__main__":
    sys.exit(main())
