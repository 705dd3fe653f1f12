"""Every photo that arrives gets its copy or is plainly bad, and what nobody sent goes with its files."""

from __future__ import annotations

import errno
import io
import os
import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from huiyin.adapters import files
from huiyin.adapters.photos import CannotDecode, Copy
from huiyin.jobs import orphans, photos
from huiyin.records.models import Alarm, Attachment
from huiyin.services import cases
from huiyin.services import photos as service
from tests.world import World


@pytest.fixture(autouse=True)
def disk(settings: Any, tmp_path: Path) -> Path:
    settings.HUIYIN_UPLOADS = tmp_path
    settings.HUIYIN_UPLOAD_RESERVE_MB = 0
    return tmp_path


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Copies without a child process, for what is not about decoding."""
    monkeypatch.setattr(photos, "make_copy", lambda original, kind: Copy(b"\xff\xd8\xff copy", 16, 12))


def picture(colour: int = 40) -> bytes:
    kept = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (64, 48), (colour, 90, 120)).save(kept, "JPEG", exif=exif)
    return kept.getvalue()


def upload(at: datetime, content: bytes = b"", key: str = "", slot: str = "0") -> Attachment:
    stream = io.BytesIO(content or picture())
    sent = cases.upload(actor=None, at=at, key=key or secrets.token_urlsafe(24), slot=slot, stream=stream)
    return Attachment.objects.get(pk=sent["id"])


def kept(disk: Path, kind: str) -> list[Path]:
    return [file for file in (disk / kind).rglob("*") if file.is_file()]


def age(disk: Path, hours: float, at: datetime) -> None:
    for file in disk.rglob("*"):
        os.utime(file, times=((at - timedelta(hours=hours)).timestamp(),) * 2)


@pytest.mark.django_db
def test_a_photo_gets_an_upright_copy_that_carries_nothing_else(at: datetime) -> None:
    row = upload(at)
    assert photos.run(at) == 1
    row.refresh_from_db()
    assert (row.state, row.width, row.height) == ("ready", 48, 64)
    copy = Image.open(io.BytesIO(files.read_copy(row.copy)))
    assert copy.size == (48, 64) and not copy.getexif()
    assert files.read_original(row.sha256) == picture(), "what arrived stays as it arrived"
    assert photos.run(at) == 0


@pytest.mark.django_db
@pytest.mark.parametrize("trouble", [errno.EROFS, errno.ENOMEM])
def test_a_machine_that_can_make_no_copy_makes_no_photo_bad(
    at: datetime, quick: None, monkeypatch: pytest.MonkeyPatch, trouble: int
) -> None:
    row, put = upload(at), files.put_copy

    def refuse(data: bytes) -> str:
        raise OSError(trouble, os.strerror(trouble))

    monkeypatch.setattr(files, "put_copy", refuse)
    for _ in range(service.MAX_TRIES + 1):
        with pytest.raises(OSError, match=os.strerror(trouble)):
            photos.run(at)
    monkeypatch.setattr(files, "put_copy", put)
    photos.run(at)
    row.refresh_from_db()
    assert row.state == "ready"


@pytest.mark.django_db
def test_a_photo_that_is_cut_off_is_bad_at_once_and_holds_up_no_other(at: datetime) -> None:
    noise = io.BytesIO()
    Image.effect_noise((400, 300), 90).convert("RGB").save(noise, "JPEG")
    cut, whole = upload(at, noise.getvalue()[:6000]), upload(at)
    photos.run(at)
    cut.refresh_from_db()
    whole.refresh_from_db()
    assert (cut.state, cut.copy, whole.state) == ("bad", "", "ready")


@pytest.mark.django_db
def test_a_busy_machine_gets_three_tries(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    def busy(original: bytes, kind: str) -> Copy:
        tried.append(kind)
        raise CannotDecode("too_slow")

    monkeypatch.setattr(photos, "make_copy", busy)
    row = upload(at)
    photos.run(at)
    row.refresh_from_db()
    assert (row.state, tried) == ("bad", ["jpeg"] * 3)


@pytest.mark.django_db
def test_a_photo_that_brings_the_worker_down_is_not_taken_for_ever(at: datetime) -> None:
    row = upload(at)
    for _ in range(service.MAX_TRIES):
        assert service.take() is not None  # and the worker dies
    assert service.take() is None
    row.refresh_from_db()
    assert row.state == "bad"


@pytest.mark.django_db
def test_without_room_for_copies_the_photo_waits_and_loses_no_try(
    at: datetime, monkeypatch: pytest.MonkeyPatch, quick: None
) -> None:
    def full(data: bytes) -> str:
        raise files.LowDisk

    row = upload(at)
    with monkeypatch.context() as patch:
        patch.setattr(files, "put_copy", full)
        for _ in range(5):
            with pytest.raises(files.LowDisk):
                photos.run(at)
    assert photos.run(at) == 1
    row.refresh_from_db()
    assert row.state == "ready"


@pytest.mark.django_db
def test_a_photo_that_is_missing_on_the_disk_raises_an_alarm(at: datetime, quick: None) -> None:
    row = upload(at)
    files.delete_original(row.sha256)
    photos.run(at)
    row.refresh_from_db()
    assert row.state == "bad"
    assert Alarm.objects.get().kind == "photo"


@pytest.mark.django_db
def test_a_photo_masked_while_its_copy_was_made_leaves_no_copy(at: datetime, disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    row = upload(at)

    def slow(original: bytes, kind: str) -> Copy:
        Attachment.objects.filter(pk=row.pk).update(state="masked")
        return Copy(b"\xff\xd8\xff copy", 16, 12)

    monkeypatch.setattr(photos, "make_copy", slow)
    photos.run(at)
    row.refresh_from_db()
    assert (row.state, row.copy, kept(disk, "copies")) == ("masked", "", [])


@pytest.mark.django_db
def test_a_turn_is_short_and_the_next_goes_on(at: datetime, quick: None) -> None:
    for slot in range(photos.TURN + 2):
        upload(at, slot=str(slot))
    assert [photos.run(at) for _ in range(3)] == [photos.TURN, 2, 0]


def test_photos_that_nobody_sent_go_after_two_days_with_their_files(
    world: World, disk: Path, quick: None, django_capture_on_commit_callbacks: Any
) -> None:
    key = secrets.token_urlsafe(24)
    sent, left = upload(world.now, picture(1), key), upload(world.now, picture(2))
    world.report(key=key)
    photos.run(world.now)
    age(disk, 0, world.now)
    world.later(hours=47)
    assert orphans.run(world.now) == 0
    world.later(hours=2)
    with django_capture_on_commit_callbacks(execute=True):
        assert orphans.run(world.now) == 1
    assert list(Attachment.objects.values_list("pk", flat=True)) == [sent.pk]
    assert len(kept(disk, "originals")) == len(kept(disk, "copies")) == 1
    assert files.read_original(sent.sha256) == picture(1)
    with pytest.raises(FileNotFoundError):
        files.read_original(left.sha256)


@pytest.mark.parametrize("arrives_again", [False, True])
def test_a_file_that_is_still_needed_stays(
    world: World, disk: Path, arrives_again: bool, django_capture_on_commit_callbacks: Any
) -> None:
    """Because a report has the same photo, or because it is arriving a second time at this moment and its row is not there yet."""
    left = upload(world.now)
    if not arrives_again:
        key = secrets.token_urlsafe(24)
        upload(world.now, key=key)
        world.report(key=key)
    age(disk, 49, world.later(hours=49).now)
    if arrives_again:
        files.put(io.BytesIO(picture()), 10_000)
        age(disk, 0, world.now)
    with django_capture_on_commit_callbacks(execute=True):
        assert orphans.run(world.now) == 1
    assert files.read_original(left.sha256) == picture()


@pytest.mark.django_db
def test_files_that_no_photo_names_go_at_night(at: datetime, disk: Path, quick: None) -> None:
    row = upload(at)
    photos.run(at)
    stray = files.put(io.BytesIO(picture(7)), 10_000)
    files.put_copy(b"a copy whose row was never written")
    age(disk, 49, at)
    assert orphans.run_strays(at) == 2
    row.refresh_from_db()
    assert files.read_original(row.sha256) and files.read_copy(row.copy)
    with pytest.raises(FileNotFoundError):
        files.read_original(stray.sha256)
