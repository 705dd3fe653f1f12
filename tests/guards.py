"""Lifts the triggers that keep the ledger append-only, for tests that empty tables or forge records. The product has no such thing."""

from __future__ import annotations

from django.db import connection


def lift_guards() -> None:
    """Drops every trigger of the database; post_migrate, which a flush sends too, makes them anew."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            statements = [f'DROP TRIGGER "{name}"' for (name,) in cursor.fetchall()]
        else:
            cursor.execute("SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal")
            statements = [f'DROP TRIGGER "{name}" ON {table}' for name, table in cursor.fetchall()]
        for statement in statements:
            cursor.execute(statement)
