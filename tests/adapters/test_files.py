"""A photo is on the disk before anybody says so, is read by nobody without the key, and a full disk leaves nothing half written."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import io
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from huiyin.adapters import files, keys
from huiyin.adapters.files import CHUNK, Damaged, LowDisk, TooLarge

LIMIT = 20 * 1024 * 1024
WORDS = b"a photo of a hen on the third floor " * 5_000
ROW = hashlib.sha256(WORDS).hexdigest()


@pytest.fixture(autouse=True)
def disk(settings, tmp_path) -> Path:
    settings.HUIYIN_UPLOADS = tmp_path
    settings.HUIYIN_UPLOAD_RESERVE_MB = 0
    return tmp_path


def put(content: bytes = WORDS, limit: int = LIMIT) -> files.Stored:
    return files.put(io.BytesIO(content), limit)


def kept(disk: Path) -> list[Path]:
    return sorted(file for file in disk.rglob("*") if file.is_file())


def age(file: Path, days: int) -> None:
    old = file.stat().st_mtime - days * 86_400
    os.utime(file, (old, old))


def test_what_is_kept_reads_back(disk):
    stored = put()
    assert (stored.sha256, stored.size) == (ROW, len(WORDS))
    assert files.read_original(ROW) == WORDS
    assert len(kept(disk)) == 1


@pytest.mark.parametrize("chunks", range(4))
@pytest.mark.parametrize("more", range(-2, 3))
def test_every_length_reads_back_also_where_chunks_end(chunks, more):
    content = os.urandom(max(0, chunks * CHUNK + more))
    assert files.read_original(put(content).sha256) == content


class Dribble(io.RawIOBase):
    """A stream that gives less than it is asked for, as sockets do."""

    def __init__(self, content: bytes) -> None:
        self.left = content

    def read(self, size: int = -1) -> bytes:
        given, self.left = self.left[: min(size, 1000)], self.left[min(size, 1000) :]
        return given


def test_a_stream_that_comes_in_drops_is_kept_whole():
    assert files.put(Dribble(WORDS), LIMIT).sha256 == ROW
    assert files.read_original(ROW) == WORDS


def test_the_same_photo_is_kept_once(disk):
    assert put() == put()
    assert len(kept(disk)) == 1


def test_a_photo_that_was_damaged_is_mended_by_sending_it_again(disk):
    put()
    kept(disk)[0].write_bytes(b"HYF1")
    put()
    assert files.read_original(ROW) == WORDS


def test_neither_content_nor_hash_can_be_read_from_the_disk(disk):
    put()
    files.put_copy(WORDS)
    for file in kept(disk):
        assert b"hen" not in file.read_bytes()
        assert ROW not in str(file)
        assert ROW[:8] not in file.name
        assert file.stat().st_mode & 0o077 == 0


def test_another_key_reads_nothing(settings):
    put()
    name = files.put_copy(WORDS)
    original, copy = files._original(ROW), files._copy(name)
    settings.HUIYIN_KEY = b"another key".ljust(32, b".")
    assert not files._original(ROW).exists()
    files._original(ROW).parent.mkdir(parents=True, exist_ok=True)
    original.rename(files._original(ROW))
    with pytest.raises(Damaged):
        files.read_original(ROW)
    assert copy.exists()
    with pytest.raises(Damaged):
        files.read_copy(name)


@pytest.mark.parametrize("harm", ["flip", "cut", "cut chunk", "cut head", "grow", "empty", "swap"])
def test_every_change_on_the_disk_is_found(disk, harm):
    put()
    file = kept(disk)[0]
    body = bytearray(file.read_bytes())
    match harm:
        case "flip":
            body[len(body) // 2] ^= 1
        case "cut":
            del body[-1:]
        case "cut chunk":
            head = 4 + files._WRAPPED
            del body[head + CHUNK + files.TAG_BYTES :]
        case "cut head":
            del body[9:]
        case "grow":
            body += b"\0"
        case "empty":
            body.clear()
        case "swap":
            other = put(b"another photo")
            body = bytearray(files._original(other.sha256).read_bytes())
    file.write_bytes(body)
    with pytest.raises(Damaged):
        files.read_original(ROW)


def test_a_photo_beyond_the_limit_leaves_nothing(disk):
    with pytest.raises(TooLarge):
        put(WORDS, len(WORDS) - 1)
    assert kept(disk) == []
    assert put(WORDS, len(WORDS)).size == len(WORDS)


def test_below_the_reserve_no_photo_is_taken(settings, disk):
    settings.HUIYIN_UPLOAD_RESERVE_MB = files.free_bytes() // 1024 // 1024 + 1
    with pytest.raises(LowDisk):
        put()
    assert kept(disk) == []


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
@pytest.mark.parametrize("where", ["write", "sync", "create", "stream"])
def test_a_disk_that_fills_up_meanwhile_leaves_nothing_half_written(monkeypatch, disk, number, where):
    def full(*_: object, **__: object) -> None:
        raise OSError(number, "full")

    stream: object = io.BytesIO(WORDS)
    if where == "write":
        monkeypatch.setattr(files.AESGCM, "encrypt", full)
    elif where == "sync":
        monkeypatch.setattr(os, "fsync", full)
    elif where == "create":
        monkeypatch.setattr(files.tempfile, "mkstemp", full)
    else:
        stream = type("Full", (), {"read": full})()
    with pytest.raises(LowDisk):
        files.put(stream, LIMIT)
    if where != "stream":
        with pytest.raises(LowDisk):
            files.put_copy(WORDS)
    assert kept(disk) == []


def test_an_upload_that_breaks_off_leaves_nothing(disk):
    class Gone:
        def read(self, size: int) -> bytes:
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        files.put(Gone(), LIMIT)
    assert kept(disk) == []


def test_file_and_directory_are_synced_before_it_returns(monkeypatch):
    synced: list[str] = []
    real = os.fsync

    def noted(handle: int) -> None:
        synced.append("directory" if os.path.isdir(f"/proc/self/fd/{handle}") else "file")
        real(handle)

    monkeypatch.setattr(os, "fsync", noted)
    put()
    assert synced[0] == "file"
    assert synced[1:] == ["directory", "directory"]  # the folder that was new, then the name in it


def test_deleting_takes_the_file_away_and_may_be_said_twice(disk):
    put()
    name = files.put_copy(WORDS)
    for _ in range(2):
        files.delete_original(ROW)
        files.delete_copy(name)
    assert kept(disk) == []
    with pytest.raises(FileNotFoundError):
        files.read_original(ROW)
    with pytest.raises(FileNotFoundError):
        files.read_copy(name)


def test_a_copy_is_kept_under_a_name_that_cannot_be_guessed():
    first, second = files.put_copy(b"copy"), files.put_copy(b"copy")
    assert first != second
    assert files.read_copy(first) == b"copy"
    for name in ("../originals", "", "a/b", "\0"):
        with pytest.raises(FileNotFoundError):
            files.read_copy(name)


def test_strays_go_and_what_is_known_or_new_stays(disk):
    now = datetime.now(UTC)
    known, stray, fresh = put(b"known").sha256, put(b"stray").sha256, put(b"fresh").sha256
    known_copy, stray_copy = files.put_copy(b"known"), files.put_copy(b"stray")
    broken = disk / "originals" / ".incoming-x"
    broken.write_bytes(b"half")
    for file in kept(disk):
        age(file, 3)
    age(files._original(fresh), -3)
    assert files.remove_strays(originals=[known], copies=[known_copy], before=now - timedelta(days=2)) == 3
    assert files.read_original(known) == b"known"
    assert files.read_original(fresh) == b"fresh"
    assert files.read_copy(known_copy) == b"known"
    assert not files._original(stray).exists()
    assert not files._copy(stray_copy).exists()
    assert not broken.exists()


def test_a_stray_that_is_sent_again_counts_as_new():
    sha256 = put().sha256
    age(files._original(sha256), 3)
    put()
    assert files.remove_strays(originals=[], copies=[], before=datetime.now(UTC) - timedelta(days=2)) == 0


def test_originals_are_sealed_with_the_key_for_files_alone(monkeypatch):
    asked: set[str] = set()
    real = keys.derive
    monkeypatch.setattr(keys, "derive", lambda purpose: asked.add(purpose) or real(purpose))
    put()
    files.read_original(ROW)
    assert asked == {"files"}


# ── read from anywhere, and come in pieces ───────────────────────────────────────────────────


@pytest.mark.parametrize("size", [1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 5])
def test_an_original_is_read_from_anywhere(size):
    content = os.urandom(size)
    original = files.original(put(content).sha256)
    assert original.size == size
    for at, length in ((0, size), (0, 1), (size - 1, 9), (size, 9), (size // 2, CHUNK), (max(0, CHUNK - 3), 7)):
        assert original.read(at, length) == content[at : at + length]


def test_an_original_that_was_changed_or_cut_is_not_read(disk):
    content = os.urandom(3 * CHUNK)
    stored = put(content)
    file = kept(disk)[0]
    whole = file.read_bytes()
    file.write_bytes(whole[: -CHUNK - 16])
    with pytest.raises(Damaged):
        files.check_original(stored.sha256)
    file.write_bytes(whole[:100] + b"\xff" + whole[101:])
    with pytest.raises(Damaged):
        files.original(stored.sha256).read(0, 10)


def send(name: str, content: bytes, offset: int = 0, upto: int | None = None) -> int:
    end = len(content) if upto is None else upto
    while offset < end:
        piece = content[offset : offset + files.PIECE]
        offset = files.add_piece(name, len(content), offset, piece, hashlib.sha256(piece).hexdigest())
    return offset


BIG = os.urandom(2 * files.PIECE + 3 * CHUNK + 77)


@pytest.mark.parametrize("size", [1, CHUNK, files.PIECE, files.PIECE + 1, len(BIG)])
def test_a_file_that_came_in_pieces_is_the_same_as_one_that_came_whole(disk, size):
    content = BIG[:size]
    name = files.begin_part(size)
    assert send(name, content) == size
    stored = files.finish_part(name, size, hashlib.sha256(content).hexdigest())
    assert stored.size == size and files.read_original(stored.sha256) == content
    assert len(kept(disk)) == 1, "nothing is left among the parts"
    assert files.read_original(put(content).sha256) == content


def test_a_part_goes_on_where_it_stopped_and_a_broken_write_does_not_count(disk):
    name = files.begin_part(len(BIG))
    send(name, BIG, upto=files.PIECE)
    part = next((disk / "parts").iterdir())
    with part.open("ab") as file:
        file.write(os.urandom(CHUNK // 2))  # the machine went down in the middle of a chunk
    assert files.part_offset(name, len(BIG)) == files.PIECE
    assert send(name, BIG, files.PIECE) == len(BIG)
    assert files.finish_part(name, len(BIG), hashlib.sha256(BIG).hexdigest()).size == len(BIG)


@pytest.mark.parametrize("offset", [0, CHUNK, files.PIECE - CHUNK, 2 * files.PIECE])
def test_a_piece_that_begins_elsewhere_is_sent_to_where_the_file_is(offset):
    name = files.begin_part(len(BIG))
    send(name, BIG, upto=files.PIECE)
    with pytest.raises(files.Elsewhere) as elsewhere:
        files.add_piece(name, len(BIG), offset, BIG[:CHUNK], hashlib.sha256(BIG[:CHUNK]).hexdigest())
    assert elsewhere.value.offset == files.PIECE


def test_a_piece_is_whole_chunks_unless_it_is_the_last_and_never_more_than_was_announced():
    name = files.begin_part(len(BIG))
    for content in (BIG[: CHUNK + 1], b"", BIG + b"x"):
        with pytest.raises(files.Elsewhere):
            files.add_piece(name, len(BIG), 0, content, hashlib.sha256(content).hexdigest())


def test_a_piece_that_was_damaged_on_its_way_is_not_written():
    name = files.begin_part(len(BIG))
    with pytest.raises(Damaged):
        files.add_piece(name, len(BIG), 0, BIG[: files.PIECE], hashlib.sha256(b"another").hexdigest())
    assert files.part_offset(name, len(BIG)) == 0


def test_a_whole_that_is_not_what_was_announced_is_gone(disk):
    name = files.begin_part(len(BIG))
    send(name, BIG)
    with pytest.raises(Damaged):
        files.finish_part(name, len(BIG), "0" * 64)
    assert kept(disk) == []


def test_two_who_write_to_the_same_part_do_not_mix(disk):

    name = files.begin_part(len(BIG))
    with next((disk / "parts").iterdir()).open("r+b") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(files.Elsewhere):
            send(name, BIG)
    assert send(name, BIG) == len(BIG)


def test_what_would_not_fit_above_the_reserve_is_refused_before_it_comes(settings, monkeypatch):
    monkeypatch.setattr(files, "free_bytes", lambda: 10 * 1024 * 1024)
    assert files.begin_part(9 * 1024 * 1024)
    with pytest.raises(LowDisk):
        files.begin_part(11 * 1024 * 1024)


def test_a_part_is_not_readable_on_the_disk(disk):
    name = files.begin_part(len(WORDS))
    send(name, WORDS)
    assert b"third floor" not in next((disk / "parts").iterdir()).read_bytes()
