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
    _append(_folder() / f"{note.head.at:%Y-%m}.txt", f"{note.text}\n")


def notes() -> Iterator[tuple[str, Note]]:
    """(name of the file, checkpoint), oldest file first. A file that cannot be read whole gives what could be read of it."""
    for file in sorted(_folder().glob("*.txt")):
        text = file.read_text(encoding="utf-8", errors="replace")
        try:
            yield from ((file.name, note) for note in read(text))
        except BadNote:
            yield from ((file.name, note) for note in _what_can_be(text))


def newest() -> Note | None:
    """The checkpoint of the largest size among those kept last; None when none is kept."""
    for file in sorted(_folder().glob("*.txt"), reverse=True):
        found = _what_can_be(file.read_text(encoding="utf-8", errors="replace"))
        if found:
            return max(found, key=lambda note: (note.head.at, note.head.size))
    return None


def note_erasure(line: Mapping[str, str | int]) -> None:
    """Note that something was erased, so that it is erased again after an older backup was brought back. Ids and hashes only."""
    _append(_folder() / "erased.log", json.dumps(dict(line), sort_keys=True) + "\n")


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


def _append(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, text.encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def _what_can_be(text: str) -> list[Note]:
    """A power cut may leave the last note half written."""
    pieces, found = text.split("\n\n"), []
    for body, signature in zip(pieces[::2], pieces[1::2], strict=False):
        try:
            found += read(f"{body.strip(chr(10))}\n\n{signature.strip(chr(10))}\n")
        except BadNote:
            continue
    return found


def _folder() -> Path:
    return Path(settings.HUIYIN_DATA) / "checkpoints"
