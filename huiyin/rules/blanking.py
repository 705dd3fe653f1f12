"""Blanks what a recording says about itself (place, times, device, owner) without moving a byte of picture and sound: a list of patches.

The patches are laid over the original while it is played, so that the original stays what it is and no second copy fills the disk.
Everything that is not known to be needed for playing is blanked, not the other way round.
"""

from __future__ import annotations

import json
import struct
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from huiyin.rules.evidence import synchsafe

Read = Callable[[int, int], bytes]
"""(offset, length) → so many bytes of the file, fewer at its end."""

MOST_DESCRIPTION = 32 * 1024 * 1024  # bytes of moov that are read; an hour of video takes one or two
MOST_BOXES = 20_000
MOST_PATCHES = 200_000


class CannotBlank(Exception):
    """No viewing copy can be made; the original is all there is. reason: broken, unknown, fragments, too_large."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True, order=True)
class Patch:
    """`length` bytes from `at` on are replaced by `data`, or by zeros where data is empty."""

    at: int
    length: int
    data: bytes = b""

    @property
    def end(self) -> int:
        return self.at + self.length


def blank(kind: str, size: int, read: Read) -> list[Patch]:
    """The patches for a file of that kind, sorted and apart from each other. Raises CannotBlank."""
    try:
        found = _WAYS[kind](size, read)
    except KeyError:
        raise CannotBlank("unknown") from None
    except (struct.error, IndexError):
        raise CannotBlank("broken") from None
    return _in_order(found, size)


def laid_over(piece: bytes, at: int, patches: Sequence[Patch]) -> bytes:
    """A piece of the file, which begins at `at`, with the patches laid over it."""
    first = max(0, bisect_right(patches, Patch(at, 0)) - 1)
    changed = bytearray(piece)
    end = at + len(piece)
    for patch in patches[first:]:
        if patch.at >= end:
            break
        low, high = max(patch.at, at), min(patch.end, end)
        if low < high:
            data = patch.data[low - patch.at : high - patch.at] if patch.data else bytes(high - low)
            changed[low - at : high - at] = data
    return bytes(changed)


def packed(patches: Sequence[Patch]) -> bytes:
    return json.dumps([[patch.at, patch.length, patch.data.hex()] for patch in patches], separators=(",", ":")).encode()


def unpacked(kept: bytes) -> list[Patch]:
    return [Patch(at, length, bytes.fromhex(data)) for at, length, data in json.loads(kept)]


def _in_order(found: list[Patch], size: int) -> list[Patch]:
    """Sorted, empty ones left out, zeros that touch joined. Patches never overlap; a hostile file that makes them do so is refused."""
    kept: list[Patch] = []
    for patch in sorted(patch for patch in found if patch.length):
        if patch.at < 0 or patch.end > size or (kept and patch.at < kept[-1].end):
            raise CannotBlank("broken")
        last = kept[-1] if kept else None
        if last is not None and last.end == patch.at and not last.data and not patch.data:
            kept[-1] = Patch(last.at, last.length + patch.length)
        else:
            kept.append(patch)
    if len(kept) > MOST_PATCHES:
        raise CannotBlank("too_large")
    return kept


# ── boxes: MP4, MOV, 3GP, M4A (ISO 14496-12, QuickTime) ──────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Box:
    """at: where it begins; body: where its content begins; end: behind it."""

    name: bytes
    at: int
    body: int
    end: int


_TOP = frozenset({b"ftyp", b"moov", b"mdat", b"moof", b"mfra", b"sidx", b"styp"})
#: What is kept inside a box; everything else in it becomes a blank `free` box of the same length.
_KEPT: Mapping[bytes, frozenset[bytes]] = {
    b"moov": frozenset({b"mvhd", b"trak", b"mvex"}),
    b"mvex": frozenset({b"mehd", b"trex"}),
    b"trak": frozenset({b"tkhd", b"edts", b"mdia"}),
    b"edts": frozenset({b"elst"}),
    b"mdia": frozenset({b"mdhd", b"hdlr", b"minf"}),
    b"minf": frozenset({b"vmhd", b"smhd", b"hdlr", b"dinf", b"stbl"}),
    b"dinf": frozenset({b"dref"}),
    b"stbl": frozenset(
        {b"stsd", b"stts", b"ctts", b"cslg", b"stsc", b"stsz", b"stz2", b"stco", b"co64", b"stss", b"sdtp", b"sbgp", b"sgpd"}
    ),
    b"moof": frozenset({b"mfhd", b"traf"}),
    b"traf": frozenset({b"tfhd", b"tfdt", b"trun", b"sdtp", b"sbgp", b"sgpd"}),
}
_PLAYED = frozenset({b"vide", b"soun"})
_TIMED = frozenset({b"mvhd", b"tkhd", b"mdhd"})


def _boxes(size: int, read: Read) -> list[Patch]:
    top, rest = _top(size, read)
    moov = [box for box in top if box.name == b"moov"]
    data = [box for box in top if box.name == b"mdat"]
    if len(moov) != 1 or not data:
        raise CannotBlank("broken")
    patches = [patch for box in top if box.name not in _TOP for patch in _freed(box)]
    patches += [Patch(rest, size - rest)]
    film = _Film(moov[0], read)
    patches += film.patches
    pieces = [box for box in top if box.name == b"moof"]
    if pieces or film.fragmented:
        if film.left_out:
            raise CannotBlank("fragments")
        for box in pieces:
            patches += _Film(box, read).patches
        return patches
    return patches + _unplayed(data, film)


def _top(size: int, read: Read) -> tuple[list[Box], int]:
    """The outermost boxes and where they end; what some makers write behind the last box is none."""
    found: list[Box] = []
    at = 0
    while at + 8 <= size:
        try:
            box = _box(read(at, 16), at, at, size)
        except CannotBlank:
            if {b"moov", b"mdat"} <= {one.name for one in found}:
                break
            raise
        found.append(box)
        at = box.end
        if len(found) > MOST_BOXES:
            raise CannotBlank("too_large")
    return found, min(at, size)


def _box(head: bytes, start: int, at: int, end: int) -> Box:
    """The box whose header stands at `at`; `head` begins at `start`."""
    length, name = struct.unpack_from(">I4s", head, at - start)
    body = at + 8
    if length == 1:
        (length,) = struct.unpack_from(">Q", head, at - start + 8)
        body = at + 16
    elif length == 0:
        length = end - at
    if length < body - at or at + length > end:
        raise CannotBlank("broken")
    return Box(name, at, body, at + length)


def _freed(box: Box) -> list[Patch]:
    return [Patch(box.at + 4, 4, b"free"), Patch(box.body, box.end - box.body)]


class _Film:
    """moov (or moof) read as a whole: the patches inside it, and where the samples of what is played lie."""

    def __init__(self, outer: Box, read: Read) -> None:
        if outer.end - outer.at > MOST_DESCRIPTION:
            raise CannotBlank("too_large")
        self.start = outer.at
        self.bytes = read(outer.at, outer.end - outer.at)
        self.patches: list[Patch] = []
        self.played: list[tuple[int, int]] = []
        self.left_out: list[tuple[int, int]] = []
        self.exact = True
        self.fragmented = False
        self.count = 0
        tracks = 0
        for box in self._walk(outer):
            self.fragmented = self.fragmented or box.name == b"mvex"
            if box.name == b"trak":
                tracks += self._track(box)
            else:
                self._keep(box)
        if outer.name == b"moov" and not tracks:
            raise CannotBlank("broken")

    def _walk(self, outer: Box) -> Iterator[Box]:
        """Kept boxes inside a box; the others are freed on the way."""
        at = outer.body
        while at + 8 <= outer.end:
            box = _box(self.bytes, self.start, at, outer.end)
            self.count += 1
            if self.count > MOST_BOXES:
                raise CannotBlank("too_large")
            if box.name in _KEPT[outer.name]:
                yield box
            else:
                self.patches += _freed(box)
            at = box.end
        self.patches.append(Patch(at, outer.end - at))  # QuickTime ends some lists with four zero bytes

    def _keep(self, box: Box) -> None:
        """A kept box with what is in it; times and names in it are blanked."""
        if box.name in _KEPT:
            for inner in self._walk(box):
                self._keep(inner)
        elif box.name in _TIMED:
            version = self._at(box.body, 1)[0]
            self.patches.append(Patch(box.body + 4, 16 if version == 1 else 8))
        elif box.name == b"hdlr":
            self.patches.append(Patch(box.body + 12, max(0, box.end - box.body - 12)))  # maker and name
        elif box.name == b"dref":
            self._references(box)

    def _references(self, box: Box) -> None:
        """Where the data lies: in this file. An alias may hold the path of the machine it was made on."""
        at = box.body + 8
        while at + 12 <= box.end:
            entry = _box(self.bytes, self.start, at, box.end)
            self.patches.append(Patch(entry.body + 4, max(0, entry.end - entry.body - 4)))
            at = entry.end

    def _at(self, at: int, length: int) -> bytes:
        return self.bytes[at - self.start : at - self.start + length]

    def _track(self, box: Box) -> bool:
        """A track of picture or sound is kept, any other (places, timed notes of the camera) is freed with its samples."""
        inside = _Inside(self.bytes, self.start, box)
        ranges = inside.chunks()
        if inside.handler() not in _PLAYED:
            self.patches += _freed(box)
            self.left_out += ranges
            return False
        self._keep(box)
        self.played += ranges
        self.exact = self.exact and inside.exact
        return True


class _Inside:
    """The tables of one track."""

    def __init__(self, content: bytes, start: int, track: Box) -> None:
        self.content, self.start, self.track, self.exact = content, start, track, True

    def find(self, *path: bytes) -> Box | None:
        box: Box | None = self.track
        for name in path:
            box = next((one for one in self._list(box) if one.name == name), None) if box else None
        return box

    def _list(self, outer: Box) -> Iterator[Box]:
        at = outer.body
        while at + 8 <= outer.end:
            box = _box(self.content, self.start, at, outer.end)
            yield box
            at = box.end

    def handler(self) -> bytes:
        box = self.find(b"mdia", b"hdlr")
        if box is None:
            raise CannotBlank("broken")
        return self._bytes(box)[8:12]

    def _bytes(self, box: Box) -> bytes:
        return self.content[box.body - self.start : box.end - self.start]

    def _table(self, name: bytes) -> bytes | None:
        box = self.find(b"mdia", b"minf", b"stbl", name)
        return self._bytes(box) if box else None

    def chunks(self) -> list[tuple[int, int]]:
        """(from, behind) of every chunk of samples in the file."""
        offsets = self._offsets()
        if not offsets:
            return []
        sizes, same = self._sizes()
        found, sample = [], 0
        for at, many in zip(offsets, self._per_chunk(len(offsets)), strict=True):
            length = many * same if same else sum(sizes[sample : sample + many])
            sample += many
            found.append((at, at + length))
        return found

    def _offsets(self) -> tuple[int, ...]:
        for name, sign, width in ((b"stco", "I", 4), (b"co64", "Q", 8)):
            table = self._table(name)
            if table is not None:
                (many,) = struct.unpack_from(">I", table, 4)
                if 8 + many * width > len(table):
                    raise CannotBlank("broken")
                return struct.unpack_from(f">{many}{sign}", table, 8)
        return ()

    def _sizes(self) -> tuple[Sequence[int], int]:
        """(size of each sample, or the one size of all). Sound of old QuickTime counts single values as samples: then nobody knows."""
        table = self._table(b"stsz")
        if table is not None:
            same, many = struct.unpack_from(">II", table, 4)
            self.exact = same != 1
            if same:
                return (), same
            if 12 + many * 4 > len(table):
                raise CannotBlank("broken")
            return struct.unpack_from(f">{many}I", table, 12), 0
        raise CannotBlank("unknown")

    def _per_chunk(self, chunks: int) -> list[int]:
        table = self._table(b"stsc")
        if table is None:
            raise CannotBlank("broken")
        (many,) = struct.unpack_from(">I", table, 4)
        rows = [struct.unpack_from(">III", table, 8 + 12 * row)[:2] for row in range(many)]
        found: list[int] = []
        for row, (first, per) in enumerate(rows):
            upto = rows[row + 1][0] - 1 if row + 1 < many else chunks
            if first != len(found) + 1 or not len(found) <= upto <= chunks:
                raise CannotBlank("broken")
            found += [per] * (upto - len(found))
        return found


def _unplayed(data: Sequence[Box], film: _Film) -> list[Patch]:
    """Blanks all of the sample data that no track of picture and sound points to; where that is not known, the other tracks' samples."""
    played = _joined(film.played)
    if not played or any(not any(box.body <= low and high <= box.end for box in data) for low, high in played):
        raise CannotBlank("broken")
    if film.exact:
        return [patch for box in data for patch in _gaps(box.body, box.end, played)]
    left = [(low, high) for low, high in _joined(film.left_out) if any(box.body <= low and high <= box.end for box in data)]
    return [patch for low, high in left for patch in _gaps(low, high, played)]


def _joined(ranges: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if found and low <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        elif high > low:
            found.append((low, high))
    return found


def _gaps(low: int, high: int, kept: Sequence[tuple[int, int]]) -> Iterator[Patch]:
    at = low
    for start, end in kept[max(0, bisect_right(kept, (low, 0)) - 1) :]:
        if start >= high:
            break
        if start > at:
            yield Patch(at, start - at)
        at = max(at, end)
    if at < high:
        yield Patch(at, high - at)


# ── sound: MP3, AAC, WAV, AMR ────────────────────────────────────────────────────────────────


def _tagged(size: int, read: Read) -> list[Patch]:
    """ID3v2 in front; ID3v1, APE and Lyrics3 behind. The frames of an ID3v2 tag become its padding."""
    patches: list[Patch] = []
    at = 0
    while (head := read(at, 10)).startswith(b"ID3") and len(head) == 10:
        end = at + 10 + synchsafe(head[6:10]) + (10 if head[5] & 0x10 else 0)
        if end > size:
            raise CannotBlank("broken")
        patches += [Patch(at + 5, 1), Patch(at + 10, end - at - 10)]
        at = end
    return patches + _behind(at, size, read)


def _behind(front: int, size: int, read: Read) -> list[Patch]:
    patches: list[Patch] = []
    end = size
    while end > front:
        length = _last_tag(end, read)
        if length is None:
            return patches
        if end - length < front:
            raise CannotBlank("broken")
        patches.append(Patch(end - length, length))
        end -= length
    return patches


def _last_tag(end: int, read: Read) -> int | None:
    """Length of the tag that ends there."""
    if read(max(0, end - 128), 3) == b"TAG" and end >= 128:
        return 128
    ape = read(max(0, end - 32), 32)
    if ape.startswith(b"APETAGEX") and len(ape) == 32:
        length, _, flags = struct.unpack_from("<III", ape, 12)
        return int(length) + (32 if flags & 0x80000000 else 0)
    lyrics = read(max(0, end - 15), 15)
    if lyrics.endswith(b"LYRICS200") and lyrics[:6].isdigit():
        return int(lyrics[:6]) + 15
    return None


_SOUND = frozenset({b"fmt ", b"data", b"fact"})


def _wave(size: int, read: Read) -> list[Patch]:
    """Chunks that are not the sound itself become JUNK. A recorder that was cut off leaves a length that is too large, or none."""
    patches: list[Patch] = []
    at = 12
    while at + 8 <= size:
        name, length = struct.unpack("<4sI", read(at, 8))
        end = at + 8 + length + (length & 1)
        if name == b"data" and (length == 0 or end > size):
            return patches
        if name not in _SOUND:
            patches += [Patch(at, 4, b"JUNK"), Patch(at + 8, min(end, size) - at - 8)]
        at = min(end, size)
        if len(patches) > MOST_BOXES:
            raise CannotBlank("too_large")
    return [*patches, Patch(at, size - at)]


def _nothing(size: int, read: Read) -> list[Patch]:
    """AMR has no place for notes: a mark and frames."""
    return []


_WAYS: Mapping[str, Callable[[int, Read], list[Patch]]] = {
    "mp4": _boxes,
    "mov": _boxes,
    "3gp": _boxes,
    "m4a": _boxes,
    "mp3": _tagged,
    "aac": _tagged,
    "wav": _wave,
    "amr": _nothing,
}
