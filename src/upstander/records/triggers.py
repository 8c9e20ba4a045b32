"""Database triggers that make the log append-only, on SQLite and on PostgreSQL; made anew after every migration.

SQLite remakes tables while migrating and loses their triggers: ``post_migrate`` installs them again, ``missing`` looks for them.
"""

from __future__ import annotations

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

PROTECTED: dict[str, tuple[str, ...]] = {
    "records_event": ("id", "record_id,position"),
    "records_sealedfield": ("id", "event_id,path"),
    "records_storedfile": ("id",),
    "records_reading": ("id",),
    "records_checkpoint": ("id", "school_id,position"),
    "access_officeentry": ("id",),
}
"""{table: its unique keys}: rows of these tables are written once."""

PREFIX = "append_only"
_REFUSED = "the record is append-only"


def install(using: str = DEFAULT_DB_ALIAS) -> None:
    """Make all triggers (again)."""
    connection = connections[using]
    statements = _for_postgresql() if connection.vendor == "postgresql" else _for_sqlite()
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table, sql in statements:
            if not table or table in tables:
                cursor.execute(sql)


def remove(using: str = DEFAULT_DB_ALIAS) -> None:
    """Take them away. Only a test that empties its own database may do this."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for table in PROTECTED:
            for name in _names(table, connection.vendor):
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def missing(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """The names of triggers that should be there and are not."""
    connection = connections[using]
    wanted = [name for table in PROTECTED for name in _names(table, connection.vendor)]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        found = {row[0] for row in cursor.fetchall()}
    return [name for name in wanted if name not in found]


def _names(table: str, vendor: str) -> tuple[str, ...]:
    extra = ("truncate",) if vendor == "postgresql" else ("again",)
    return tuple(f"{PREFIX}_{table}_{what}" for what in ("update", "delete", *extra))


def _for_sqlite() -> list[tuple[str, str]]:
    made = []
    for table, keys in PROTECTED.items():
        for what in ("update", "delete"):
            name = f"{PREFIX}_{table}_{what}"
            made.append((table, f"DROP TRIGGER IF EXISTS {name}"))
            made.append(
                (
                    table,
                    f"CREATE TRIGGER {name} BEFORE {what.upper()} ON {table} BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END",
                )
            )
        # INSERT OR REPLACE would delete the old row without asking; the key's presence alone refuses it.
        same = " OR ".join("(" + " AND ".join(f"{part} = NEW.{part}" for part in key.split(",")) + ")" for key in keys)
        name = f"{PREFIX}_{table}_again"
        made.append((table, f"DROP TRIGGER IF EXISTS {name}"))
        made.append(
            (
                table,
                (
                    f"CREATE TRIGGER {name} BEFORE INSERT ON {table} "  # noqa: S608
                    f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
                ),
            )
        )
    return made


def _for_postgresql() -> list[tuple[str, str]]:
    made = [
        (
            "",
            (
                f"CREATE OR REPLACE FUNCTION {PREFIX}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{_REFUSED}' USING ERRCODE = 'restrict_violation'; END $$"
            ),
        )
    ]
    for table in PROTECTED:
        for what in ("update", "delete", "truncate"):
            name = f"{PREFIX}_{table}_{what}"
            each = "STATEMENT" if what == "truncate" else "ROW"
            made.append((table, f"DROP TRIGGER IF EXISTS {name} ON {table}"))
            made.append(
                (
                    table,
                    f"CREATE TRIGGER {name} BEFORE {what.upper()} ON {table} FOR EACH {each} EXECUTE FUNCTION {PREFIX}()",
                )
            )
            made.append((table, f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}"))
    return made


def after_migrate(sender: Any, using: str = DEFAULT_DB_ALIAS, **more: Any) -> None:
    """Receiver of ``post_migrate``."""
    install(using)
