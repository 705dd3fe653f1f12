"""The ledger's triggers on both engines: entries are only ever added. Made anew after every migrate, looked for by `huiyin verify`."""

from __future__ import annotations

from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "records_entry"
NAMES = {
    "sqlite": ("entry_no_update", "entry_no_delete", "entry_no_replace"),
    "postgresql": ("entry_no_change", "entry_no_replace", "entry_no_truncate"),
}

# An INSERT OR REPLACE deletes without firing delete triggers on SQLite, so an insert of what is there is refused before it happens.
_SQLITE = """
CREATE TRIGGER entry_no_update BEFORE UPDATE ON records_entry
BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END;
CREATE TRIGGER entry_no_delete BEFORE DELETE ON records_entry
BEGIN SELECT RAISE(ABORT, 'entries are never deleted'); END;
CREATE TRIGGER entry_no_replace BEFORE INSERT ON records_entry
WHEN EXISTS (SELECT 1 FROM records_entry WHERE id = NEW.id OR (case_id = NEW.case_id AND seq = NEW.seq))
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: entries are never replaced'); END;
"""

_POSTGRESQL = """
CREATE OR REPLACE FUNCTION entry_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'entries are never changed, deleted or emptied' USING ERRCODE = 'restrict_violation'; END $$;
CREATE OR REPLACE FUNCTION entry_is_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM records_entry WHERE id = NEW.id OR (case_id = NEW.case_id AND seq = NEW.seq)) THEN
    RAISE EXCEPTION 'entries are never replaced' USING ERRCODE = 'unique_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER entry_no_change BEFORE UPDATE OR DELETE ON records_entry FOR EACH ROW EXECUTE FUNCTION entry_is_kept();
CREATE TRIGGER entry_no_replace BEFORE INSERT ON records_entry FOR EACH ROW EXECUTE FUNCTION entry_is_new();
CREATE TRIGGER entry_no_truncate BEFORE TRUNCATE ON records_entry FOR EACH STATEMENT EXECUTE FUNCTION entry_is_kept();
"""


def after_migrate(using: str, **_: Any) -> None:
    """Receiver of `post_migrate`, the one signal of the house. Does nothing while the table is not there yet."""
    connection = connections[using]
    if TABLE in connection.introspection.table_names():
        ensure(connection)


def ensure(connection: BaseDatabaseWrapper) -> None:
    """Make all triggers, replacing what may be there under their names."""
    lift(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for statement in _SQLITE.split("END;")[:-1]:
                cursor.execute(f"{statement}END;")
        else:
            cursor.execute(_POSTGRESQL)


def lift(connection: BaseDatabaseWrapper) -> None:
    """Drop all triggers. For `ensure`, and for tests that empty tables."""
    with connection.cursor() as cursor:
        for name in NAMES[connection.vendor]:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}" + ("" if connection.vendor == "sqlite" else f" ON {TABLE}"))


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of triggers that are not there or are switched off."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [TABLE])
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled IN ('O', 'A')", [TABLE])
        there = {row[0] for row in cursor.fetchall()}
    return [name for name in NAMES[connection.vendor] if name not in there]
