"""What lies beside the database: a line that a power cut left half written spoils none that follows, and none is taken for written."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from huiyin.adapters import kept
from huiyin.rules.checkpoint import Head, Note

AT = datetime(2026, 11, 6, 8, 0, tzinfo=UTC)


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.HUIYIN_DATA = tmp_path
    return tmp_path / "checkpoints"


def note(hours: int) -> Note:
    head = Head(origin="huiyin.example/ledger", size=10 + hours, root=bytes([hours] * 32), at=AT + timedelta(hours=hours))
    return Note(head=head, signatures=(("huiyin.example/ledger", bytes([hours] * 68)),))


def test_a_checkpoint_cut_off_anywhere_spoils_none_that_follows(folder: Path) -> None:
    whole = len(f"{note(2).text}\n".encode())
    for cut in range(1, whole):
        kept.keep(note(1))
        kept.keep(note(2))
        file = folder / "2026-11.txt"
        os.truncate(file, file.stat().st_size - cut)
        kept.keep(note(3))
        kept.keep(note(4))
        found = [one for _, one in kept.notes() if one != note(2)]
        assert found == [note(1), note(3), note(4)], cut
        assert kept.newest() == note(4)
        file.unlink()


def test_an_erasure_cut_off_spoils_none_that_follows(folder: Path) -> None:
    kept.note_erasure({"number": "2611-00001"})
    kept.note_erasure({"number": "2611-00002"})
    file = folder / "erased.log"
    os.truncate(file, file.stat().st_size - 5)
    kept.note_erasure({"number": "2611-00003"})
    assert [line["number"] for line in kept.erasures()] == ["2611-00001", "2611-00003"]


def test_a_disk_that_takes_a_line_in_pieces_gets_all_of_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(kept.os, "write", lambda handle, content: write(handle, content[:7]))
    kept.keep(note(1))
    assert [one for _, one in kept.notes()] == [note(1)]
