"""The record's triggers on both engines: entries, and the tree over them, are only ever added. Made anew after every migrate, looked for
by `huiyin verify`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "records_entry"


@dataclass(frozen=True, slots=True)
class Guarded:
    """A table to which rows are only added. same: when a row that is inserted would take the place of one that is there."""

    name: str
    same: str

    def names(self, vendor: str) -> tuple[str, ...]:
        kinds = ("no_update", "no_delete", "no_replace") if vendor == "sqlite" else ("no_change", "no_replace", "no_truncate")
        return tuple(f"{self.name}_{kind}" for kind in kinds)


TABLES: Mapping[str, Guarded] = {
    TABLE: Guarded("entry", "id = NEW.id OR (case_id = NEW.case_id AND seq = NEW.seq)"),
    "records_leaf": Guarded("leaf", '"index" = NEW."index" OR (kind = NEW.kind AND ref = NEW.ref AND seq = NEW.seq)'),
    "records_node": Guarded("node", 'id = NEW.id OR (level = NEW.level AND "index" = NEW."index")'),
    "records_checkpoint": Guarded("checkpoint", "id = NEW.id"),
    "records_mark": Guarded("mark", "id = NEW.id"),
    "records_custody": Guarded("custody", "id = NEW.id OR (attachment_id = NEW.attachment_id AND seq = NEW.seq)"),
}
NAMES = {
    vendor: tuple(name for guarded in TABLES.values() for name in guarded.names(vendor)) for vendor in ("sqlite", "postgresql")
}

# An INSERT OR REPLACE deletes without firing delete triggers on SQLite, so an insert of what is there is refused before it happens.
_SQLITE = (
    "CREATE TRIGGER {name}_no_update BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END;",
    "CREATE TRIGGER {name}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, 'entries are never deleted'); END;",
    "CREATE TRIGGER {name}_no_replace BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) "
    "BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: entries are never replaced'); END;",
)

_POSTGRESQL = """
CREATE OR REPLACE FUNCTION entry_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'entries are never changed, deleted or emptied' USING ERRCODE = 'restrict_violation'; END $$;
CREATE OR REPLACE FUNCTION {name}_is_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM {table} WHERE {same}) THEN
    RAISE EXCEPTION 'entries are never replaced' USING ERRCODE = 'unique_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER {name}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION entry_is_kept();
CREATE TRIGGER {name}_no_replace BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {name}_is_new();
CREATE TRIGGER {name}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION entry_is_kept();
"""


def after_migrate(using: str, **_: Any) -> None:
    """Receiver of `post_migrate`, the one signal of the house. Does nothing for tables that are not there yet."""
    ensure(connections[using])


def ensure(connection: BaseDatabaseWrapper) -> None:
    """Make all triggers, replacing what may be there under their names."""
    lift(connection)
    with connection.cursor() as cursor:
        for table, guarded in _there(connection).items():
            for statement in _SQLITE if connection.vendor == "sqlite" else (_POSTGRESQL,):
                cursor.execute(statement.format(name=guarded.name, table=table, same=guarded.same))


def lift(connection: BaseDatabaseWrapper) -> None:
    """Drop all triggers. For `ensure`, and for tests that empty tables."""
    with connection.cursor() as cursor:
        for table, guarded in _there(connection).items():
            for name in guarded.names(connection.vendor):
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}" + ("" if connection.vendor == "sqlite" else f" ON {table}"))


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of triggers that are not there or are switched off."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')")
        there = {row[0] for row in cursor.fetchall()}
    return [name for name in NAMES[connection.vendor] if name not in there]


def _there(connection: BaseDatabaseWrapper) -> dict[str, Guarded]:
    tables = set(connection.introspection.table_names())
    return {table: guarded for table, guarded in TABLES.items() if table in tables}
