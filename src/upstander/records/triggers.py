"""Database triggers that make the log append-only, on SQLite and on PostgreSQL; made anew after every migration.

SQLite remakes tables while migrating and loses their triggers: ``post_migrate`` installs them again, ``missing`` looks for them.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections

PROTECTED: dict[str, tuple[str, ...]] = {
    "records_event": ("id", "record_id,position"),
    "records_sealedfield": ("id", "event_id,path"),
    "records_storedfile": ("id",),
    "records_reading": ("id",),
    "records_checkpoint": ("id", "school_id,position"),
    "records_destruction": ("id", "record_id"),
    "people_packfiles": ("id", "school_id,digest"),
    "people_packinforce": ("id",),
    "access_officeentry": ("id",),
}
"""{table: its unique keys}: rows of these tables are written once."""

MAY_CHANGE = {"people_packinforce": frozenset({"withdrawn_at"})}
"""Of these, the columns that are written later."""

DESTROYED = "records_destruction"
LEFT_BEHIND = frozenset({"records_event", "records_sealedfield", "records_storedfile"})
"""Of these, rows of a record may be deleted once a certificate of its destruction is there, and only then."""

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
            when = f"WHEN NOT {_is_destroyed()} " if what == "delete" and table in LEFT_BEHIND else ""
            made.append((table, f"DROP TRIGGER IF EXISTS {name}"))
            made.append(
                (
                    table,
                    (
                        f"CREATE TRIGGER {name} BEFORE {_deed(what, table)} ON {table} {when}"
                        f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
                    ),
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


def _deed(what: str, table: str) -> str:
    """``UPDATE``, or ``UPDATE OF`` all columns but those that may change."""
    if what != "update" or table not in MAY_CHANGE:
        return what.upper()
    (model,) = [each for each in apps.get_models() if each._meta.db_table == table]
    columns = (str(each.column) for each in model._meta.fields)
    return f"UPDATE OF {', '.join(column for column in columns if column not in MAY_CHANGE[table])}"


def _is_destroyed() -> str:
    return f"EXISTS (SELECT 1 FROM {DESTROYED} WHERE record_id = OLD.record_id)"  # noqa: S608


def _function(name: str, first: str = "") -> tuple[str, str]:
    raised = f"RAISE EXCEPTION '{_REFUSED}' USING ERRCODE = 'restrict_violation';"
    return (
        "",
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {first}{raised} END $$",
    )


def _for_postgresql() -> list[tuple[str, str]]:
    unless = f"{PREFIX}_unless_destroyed"
    made = [_function(PREFIX), _function(unless, f"IF {_is_destroyed()} THEN RETURN OLD; END IF; ")]
    for table in PROTECTED:
        for what in ("update", "delete", "truncate"):
            name = f"{PREFIX}_{table}_{what}"
            each = "STATEMENT" if what == "truncate" else "ROW"
            function = unless if what == "delete" and table in LEFT_BEHIND else PREFIX
            made.append((table, f"DROP TRIGGER IF EXISTS {name} ON {table}"))
            made.append(
                (
                    table,
                    f"CREATE TRIGGER {name} BEFORE {_deed(what, table)} ON {table} FOR EACH {each} EXECUTE FUNCTION {function}()",
                )
            )
            made.append((table, f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}"))
    return made


def after_migrate(sender: Any, using: str = DEFAULT_DB_ALIAS, **more: Any) -> None:
    """Receiver of ``post_migrate``."""
    install(using)
