"""Checkpoints, and what was erased, kept in files beside the database: who may rewrite tables need not be able to rewrite files, and a
restored backup of the database knows neither."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from huiyin.rules.checkpoint import BadNote, Note, read


def keep(note: Note) -> None:
    """Add a checkpoint to the month's file. On return it is on the disk."""
    _append(_folder() / f"{note.head.at:%Y-%m}.txt", f"{note.text}\n", end="\n\n")


def notes() -> Iterator[tuple[str, Note]]:
    """(name of the file, checkpoint), oldest file first. A file that cannot be read whole gives what could be read of it."""
    for file in sorted(_folder().glob("*.txt")):
        text = file.read_text(encoding="utf-8", errors="replace")
        try:
            found = read(text)
        except BadNote:
            found = _what_can_be(text)
        yield from ((file.name, note) for note in found if not _is_cut(note))


def newest() -> Note | None:
    """The checkpoint of the largest size among those kept last; None when none is kept."""
    for file in sorted(_folder().glob("*.txt"), reverse=True):
        found = [note for note in _what_can_be(file.read_text(encoding="utf-8", errors="replace")) if not _is_cut(note)]
        if found:
            return max(found, key=lambda note: (note.head.at, note.head.size))
    return None


def note_erasure(line: Mapping[str, str | int]) -> None:
    """Note that something was erased, so that it is erased again after an older backup was brought back. Ids and hashes only."""
    _append(_folder() / "erased.log", json.dumps(dict(line), sort_keys=True) + "\n", end="\n")


def erasures() -> list[dict[str, Any]]:
    """What was noted, oldest first; a line that was cut off is left out."""
    try:
        lines = (_folder() / "erased.log").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    found = []
    for line in lines:
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found


def _append(file: Path, text: str, end: str) -> None:
    """Writes all of it or raises OSError. What a power cut or a full disk left half written is closed with `end`, so that it spoils
    nothing that follows."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        size = os.fstat(handle).st_size
        cut = size and os.pread(handle, len(end), max(0, size - len(end))) != end.encode()
        left = f"{end if cut else ''}{text}".encode()
        while left:
            left = left[os.write(handle, left) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def _what_can_be(text: str) -> list[Note]:
    """A power cut may leave a note half written: without its signature, or without the end of it."""
    pieces, found, at = [piece.strip("\n") for piece in text.split("\n\n") if piece.strip("\n")], list[Note](), 0
    while at + 1 < len(pieces):
        try:
            found += read(f"{pieces[at]}\n\n{pieces[at + 1]}\n")
            at += 2
        except BadNote:
            at += 1
    return found


def _is_cut(note: Note) -> bool:
    """Whether a signature was cut off where it can still be read; a whole one has 4 bytes of a key's id and 64 of its own at least."""
    return any(len(held) < 68 for _name, held in note.signatures)


def _folder() -> Path:
    return Path(settings.HUIYIN_DATA) / "checkpoints"
