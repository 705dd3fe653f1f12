"""Brings an installation to where it can be served: directories, tables, the right key, static files. Says what it does and how long it took."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor

from huiyin.adapters import database, keys
from huiyin.adapters.documents import templates
from huiyin.config.trouble import NotReady
from huiyin.jobs import seeds
from huiyin.selectors import house as known
from huiyin.services import house
from huiyin.services.lists import Brought

Say = Callable[[str], None]

LOST = "回执编码、反映人的联系方式、加密保存的照片和登录状态"
LOST_EN = "receipt codes, reporters' contacts, the encrypted photos and all sign-ins"
WORDS = {
    "locked": "The database is locked by another program. Is a second Huiyin or a backup running on it?",
    "read-only": "The database can only be read. Check the owner and the permissions of {data}, or whether this PostgreSQL is a standby.",
    "full": "The disk under {data} is full. Make room and start again; nothing that was acknowledged is lost.",
    "away": "The database cannot be reached: {error}",
}


def prepare(say: Say) -> None:
    """Everything before the first page; running it again changes nothing. Raises NotReady or KeyTrouble with a text for the person at the terminal."""
    make_directories()
    migrate(say)
    with _database_in_words():
        settle_key(say)
    _collect_static(say)


def check(say: Say) -> int:
    """Settings as Django's deployment check sees them, then database, key and the county's own templates of documents. Returns 0, or 1 when
    something has to be mended."""
    make_directories()
    call_command("check", deploy=True, fail_level="WARNING")
    with _database_in_words():
        say(
            "database: " + ("ok" if not _plan(MigrationExecutor(connection)) else "tables are of another version: huiyin migrate")
        )
        fingerprint = keys.fingerprint_of(settings.HUIYIN_KEY or keys.read(settings.HUIYIN_KEY_FILE))
        fits = known.key_check() == fingerprint
    say("key file: " + ("ok" if fits else "not the one this data was written with"))
    broken = {name: why for name, why in templates.own_ones().items() if why is not None}
    for name, why in broken.items():
        say(f"template {name}, line {why.line or '?'}: {why.why % why.values}")
    return 0 if fits and not broken else 1


@contextmanager
def _database_in_words() -> Iterator[None]:
    try:
        yield
    except (DatabaseError, InterfaceError) as error:
        raise NotReady(in_words(error)) from error


def in_words(error: BaseException) -> str:
    """What a refusal of the database means for the person at the terminal."""
    first = (str(error).splitlines() or [""])[0]
    return WORDS[database.named(error)].format(data=settings.HUIYIN_DATA, error=first)


def make_directories() -> None:
    """Data, uploads and incoming, readable to the owner alone."""
    for directory in (settings.HUIYIN_DATA, settings.HUIYIN_UPLOADS, settings.HUIYIN_INCOMING, settings.STATIC_ROOT):
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise NotReady(f"The directory {directory} cannot be made: {error.strerror}.") from error
        if not os.access(directory, os.W_OK | os.X_OK):
            raise NotReady(f"The directory {directory} cannot be written by this user. Check its owner and permissions.")


def settle_key(say: Say) -> None:
    """Makes the key of an empty installation; else insists on the one the data was written with. Raises KeyTrouble."""
    bound = known.key_check()
    try:
        fingerprint = keys.fingerprint_of(settings.HUIYIN_KEY or keys.read(settings.HUIYIN_KEY_FILE))
    except keys.KeyMissing as missing:
        if not known.is_empty():
            raise keys.KeyTrouble(_refusal(str(missing))) from None
        fingerprint = keys.fingerprint_of(keys.make(settings.HUIYIN_KEY_FILE))
        say(f"made the key file {settings.HUIYIN_KEY_FILE}: keep a copy of it away from this machine and its backups")
    if not bound and known.is_empty():
        house.bind_key(fingerprint=fingerprint)
    elif bound != fingerprint:
        raise keys.KeyTrouble(_refusal(f"The key file {settings.HUIYIN_KEY_FILE} is not the one this data was written with."))


def _refusal(why: str) -> str:
    return (
        f"{why}\nHuiyin does not start: with another key these would be lost for good: {LOST_EN} ({LOST}).\n"
        f"Put the right key file back at {settings.HUIYIN_KEY_FILE} (mode 600), or name its place in HUIYIN_KEY_FILE."
    )


def load_seeds(say: Say, at: datetime) -> None:
    """The reference lists, in force from the day of `at`, and the work calendar, as far as they are not there yet."""
    with _database_in_words():
        brought, years = seeds.load_lists(at), seeds.load_calendar()
    for name, became in brought.items():
        if became == Brought.NEW:
            say(f"reference list: {name}")
        elif became == Brought.CHANGED:
            say(f"reference list: {name} of this version differs from the county's; the county's stays")
    if years:
        say("work calendar: " + ", ".join(map(str, years)))


def migrate(say: Say) -> None:
    """Brings the tables to this version. Raises NotReady when the database refuses."""
    with _database_in_words():
        plan = _plan(MigrationExecutor(connection))
        if plan:
            with timed(say, f"tables: {len(plan)} steps"):
                call_command("migrate", interactive=False, verbosity=0)


def _plan(executor: MigrationExecutor) -> list[Any]:
    return list(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _collect_static(say: Say) -> None:
    """Copies, names by content and compresses static files when a source changed since the last time."""
    stamp = settings.STATIC_ROOT / ".stamp"
    digest = _digest_of_sources()
    if stamp.is_file() and stamp.read_text(encoding="ascii") == digest:
        return
    shutil.rmtree(settings.STATIC_ROOT, ignore_errors=True)
    with timed(say, "static files"):
        call_command("collectstatic", interactive=False, verbosity=0, stdout=StringIO())
    stamp.write_text(digest, encoding="ascii")


def _digest_of_sources() -> str:
    digest = hashlib.sha256()
    for path, file in sorted(_sources()):
        digest.update(f"{path}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _sources() -> Iterator[tuple[str, Path]]:
    for finder in get_finders():
        for path, storage in finder.list([]):
            yield path, Path(storage.path(path))


@contextmanager
def timed(say: Say, what: str) -> Iterator[None]:
    """Says what was done and how many seconds it took, when it is done."""
    began = time.monotonic()
    yield
    say(f"{what} ({time.monotonic() - began:.1f} s)")


def announce(text: str) -> None:
    """A line of progress on the terminal."""
    sys.stdout.write(f"  · {text}\n")
    sys.stdout.flush()
