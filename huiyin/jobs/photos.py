"""Makes the viewing copies of photos and recordings that arrived, one after the other, outside of any transaction."""

from __future__ import annotations

import errno
from datetime import datetime

from huiyin.adapters import files
from huiyin.adapters.photos import CannotDecode, make_copy
from huiyin.rules import blanking
from huiyin.rules.evidence import Family, family_of
from huiyin.services import alarms, photos
from huiyin.services.photos import Waiting

TURN = 5

# A busy machine or a passing shortage, not the photo: tried again.
PASSING = frozenset({"memory", "too_slow", "died"})

# A disk that went read-only, no memory for a process, too many files: every photo would fail, and none of them for good.
THE_MACHINE = frozenset({errno.EROFS, errno.ENOMEM, errno.EAGAIN, errno.EMFILE, errno.ENFILE})


def run(at: datetime) -> int:
    """One short turn; returns how many photos were tried. Raises LowDisk when there is no room for copies."""
    for done in range(TURN):
        waiting = photos.take()
        if waiting is None:
            return done
        _try(waiting, at)
    return TURN


def _try(waiting: Waiting, at: datetime) -> None:
    try:
        if family_of(waiting.kind) is Family.PHOTO:
            _picture(waiting)
        else:
            _recording(waiting)
    except (FileNotFoundError, files.Damaged):
        photos.bad(attachment=waiting.id)
        detail = f"the photo as it arrived is missing or damaged (attachment {waiting.id})"
        alarms.raise_once(kind="photo", case=waiting.case, detail=detail, at=at)
    except files.LowDisk:
        photos.put_back(attachment=waiting.id)
        raise
    except OSError as trouble:
        if trouble.errno in THE_MACHINE:
            photos.put_back(attachment=waiting.id)
        raise


def _picture(waiting: Waiting) -> None:
    try:
        made = make_copy(files.read_original(waiting.sha256), waiting.kind)
    except CannotDecode as trouble:
        if trouble.reason not in PASSING or waiting.tries >= photos.MAX_TRIES:
            photos.bad(attachment=waiting.id)
        return
    photos.ready(attachment=waiting.id, copy=files.put_copy(made.data), width=made.width, height=made.height)


def _recording(waiting: Waiting) -> None:
    """The copy of a recording is the list of patches that blank what it says about itself; it is read by itself, whole or not at all."""
    files.check_original(waiting.sha256)
    try:
        patches = blanking.blank(waiting.kind, waiting.size, files.original(waiting.sha256).read)
    except blanking.CannotBlank:
        photos.only_original(attachment=waiting.id)
        return
    photos.ready(attachment=waiting.id, copy=files.put_copy(blanking.packed(patches)))
