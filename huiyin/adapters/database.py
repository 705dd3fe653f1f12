"""Asks the database engine how it is: can it be read, can it be written, how its own refusals read in plain words, which id comes next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from django.db import DatabaseError, InterfaceError, connection
from django.db.models import Model

Condition = Literal["ok", "locked", "read-only", "full", "away"]

# How each engine words it, in lower case. SQLite's texts are fixed in its sources; PostgreSQL's are those of its C locale.
WORDINGS: tuple[tuple[str, Condition], ...] = (
    ("readonly", "read-only"),
    ("read-only", "read-only"),
    ("disk is full", "full"),
    ("no space left", "full"),
    ("could not extend file", "full"),
    ("database is locked", "locked"),
    ("lock timeout", "locked"),
)
PATIENCE_MS = 1000


def named(error: BaseException) -> Condition:
    """The condition that a refusal of the engine tells of; `away` when it tells of none."""
    said = str(error).lower()
    return next((condition for wording, condition in WORDINGS if wording in said), "away")


def condition() -> Condition:
    """Tries to read and to take the right to write, waiting PATIENCE_MS at most. Writes nothing."""
    try:
        return _sqlite() if connection.vendor == "sqlite" else _postgresql()
    except (DatabaseError, InterfaceError) as error:
        connection.close()
        return named(error)


def _sqlite() -> Condition:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sqlite_master")
        if connection.in_atomic_block:
            return "ok"  # BEGIN IMMEDIATE has been granted already.
        cursor.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")
        try:
            cursor.execute("BEGIN IMMEDIATE")
            cursor.execute("ROLLBACK")
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {int(connection.settings_dict['OPTIONS'].get('timeout', 5) * 1000)}")
    return "ok"


def _postgresql() -> Condition:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::bool")
        (read_only,) = cursor.fetchone()
    return "read-only" if read_only else "ok"


def next_id(model: type[Model]) -> int:
    """The id that the next row of this table gets, kept for the caller; asked for within the transaction that writes the row."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":  # the write lock is held: nobody else can take it
            cursor.execute("SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = %s), 0) + 1", [table])
        else:
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table])
        row = cursor.fetchone()
    assert row is not None
    return int(row[0])


@dataclass(frozen=True, slots=True)
class Horizon:
    """ids up to `ahead` were given out, and whoever got one of them is gone once no transaction older than `gate` runs (`oldest_running`).
    On SQLite, where one writes at a time, that is so at once: `gate` 0."""

    ahead: int
    gate: int


def horizon(model: type[Model]) -> Horizon:
    """How far this table's ids were given out: the first thing that is asked in a transaction that is going to write.

    On PostgreSQL ids are given out before their transactions commit, in any order. The gate is this transaction's own number, which it
    draws here after the ids were read: whoever has one of them had drawn theirs before. (A snapshot's xmax would not do: it is one past
    the newest transaction that ended, and those that still run may be above it.)
    """
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")  # noqa: S608, the name of one of our tables
            return Horizon(int(cursor.fetchone()[0]), 0)
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
        cursor.execute(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {cursor.fetchone()[0]}")  # noqa: S608, the name of one of our sequences
        (ahead,) = cursor.fetchone()
        cursor.execute("SELECT pg_current_xact_id()::text")
        return Horizon(int(ahead), int(cursor.fetchone()[0]))


def oldest_running() -> int:
    """The oldest transaction that may still write (PostgreSQL's snapshot xmin); on SQLite, 0."""
    if connection.vendor == "sqlite":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")
        return int(cursor.fetchone()[0])


@contextmanager
def snapshot() -> Iterator[None]:
    """Everything read within is as it was at one moment, and nobody waits for it. Nothing may be written. Within a transaction: no more
    than that transaction gives."""
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("BEGIN" if connection.vendor == "sqlite" else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def clear_leftovers(tables: Sequence[str], *, whole: bool) -> bool:
    """Clear what was overwritten from where the engine still holds it; returns whether nothing of it is left in its files.

    SQLite overwrites deleted content itself (secure_delete) and holds the old pages in its write-ahead log until that is emptied, which
    waits for whoever reads. PostgreSQL holds dead rows: only a rewrite of the table removes them (`whole`), and its own log and backups
    keep them as long as they are kept.
    """
    if connection.in_atomic_block:
        return False
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            (busy, *_) = cursor.fetchone()
            return bool(busy == 0)
        if whole:
            for table in tables:
                cursor.execute(f"VACUUM (FULL) {connection.ops.quote_name(table)}")
    return whole
