"""A backup's bytes: every row of every table, read in one snapshot, as lines of JSON, compressed.

The first line says what it is and which migrations made the tables, then come a line for each table and one for each of its
rows, and a last line with the SHA-256 of all that went before. Values are written as SQLite keeps them (UUIDs as 32 digits,
moments as UTC text), bytes as ``{"b": base64}``, so that either database reads what the other wrote.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from decimal import Decimal
from importlib.metadata import version
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from upstander.vault import root
from upstander.vault.models import SchoolKey

FORM = 1
NAME = "upstander backup"
LEFT_OUT = frozenset({"django_session", "django_migrations"})
"""Nobody stays signed in through a restore; the migrations stand in the first line."""
_AT_A_TIME = 500
_LEVEL = 3
Progress = Callable[[int, int], object]


@contextmanager
def snapshot(using: str = DEFAULT_DB_ALIAS) -> Iterator[BaseDatabaseWrapper]:
    """A connection of its own that sees the database as it is now, and goes on seeing that while others write.

    On SQLite a deferred transaction on the write-ahead log: writers are not held up. On PostgreSQL REPEATABLE READ, behind no
    school's wall: every school's rows are seen.
    """
    connection = connections[using].copy()
    try:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                cursor.execute("SELECT set_config('upstander.school', 'all', true)")
            else:
                cursor.execute("PRAGMA query_only=ON")
                cursor.execute("BEGIN")
        yield connection
    finally:
        connection.close()


def pieces(connection: BaseDatabaseWrapper, progress: Progress = lambda done, of: None) -> Iterator[bytes]:
    """The whole backup, compressed, piece by piece. ``connection``: see ``snapshot``."""
    press = zlib.compressobj(_LEVEL, wbits=31)
    for line in _lines(connection, progress):
        if piece := press.compress(line):
            yield piece
    yield press.flush()


def tables_of(connection: BaseDatabaseWrapper) -> list[str]:
    """The tables whose rows a backup holds."""
    return sorted(set(connection.introspection.table_names()) - LEFT_OUT)


def _lines(connection: BaseDatabaseWrapper, progress: Progress) -> Iterator[bytes]:
    digest = hashlib.sha256()
    tables = tables_of(connection)
    counts = {table: _count(connection, table) for table in tables}
    everything, done = sum(counts.values()), 0
    yield _digested(digest, {**_header(connection), "rows": counts})
    for table in tables:
        columns, booleans = _columns(connection, table)
        yield _digested(digest, {"table": table, "columns": columns})
        for row in _rows(connection, table, columns):
            yield _digested(digest, [_plain(value, place in booleans) for place, value in enumerate(row)])
            done += 1
            if done % _AT_A_TIME == 0:
                progress(done, everything)
    progress(done, everything)
    yield _line({"end": digest.hexdigest()})


def _line(said: Any) -> bytes:
    return json.dumps(said, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode() + b"\n"


def _digested(digest: Any, said: Any) -> bytes:
    line = _line(said)
    digest.update(line)
    return line


def _header(connection: BaseDatabaseWrapper) -> dict[str, Any]:
    marks = {_mark(wrapped) for wrapped in _column(connection, SchoolKey._meta.db_table, "wrapped")}
    return {
        NAME: FORM,
        "software": version("upstander"),
        "made": timezone.now().astimezone(UTC).isoformat(timespec="seconds"),
        "migrations": sorted(MigrationRecorder(connection).applied_migrations()),
        "root keys": sorted(marks),
    }


def _mark(wrapped: bytes | memoryview) -> str:
    return bytes(wrapped)[: root.MARK_BYTES].hex()


def _count(connection: BaseDatabaseWrapper, table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
        return int(cursor.fetchone()[0])


def _column(connection: BaseDatabaseWrapper, table: str, column: str) -> list[Any]:
    return [row[0] for row in _rows(connection, table, [column])]


def _columns(connection: BaseDatabaseWrapper, table: str) -> tuple[list[str], frozenset[int]]:
    """The columns of a table and the places of those that hold yes or no (SQLite keeps them as numbers)."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_table_description(cursor, table)
    names = [each.name for each in found]
    return names, frozenset(place for place, each in enumerate(found) if each.type_code == "bool")


def _rows(connection: BaseDatabaseWrapper, table: str, columns: list[str]) -> Iterator[tuple[Any, ...]]:
    """Rows as they come from the database, a few hundred in memory at a time."""
    quote = connection.ops.quote_name
    # Named cursors belong to a transaction: PostgreSQL's autocommit is off in the snapshot, whatever Django thinks of it.
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(map(quote, columns))} FROM {quote(table)} ORDER BY 1")  # noqa: S608
        while rows := cursor.fetchmany(_AT_A_TIME):
            yield from rows


def _plain(value: Any, boolean: bool) -> Any:
    match value:
        case None | str():
            return value
        case bool() | int() | float():
            return bool(value) if boolean else value
        case bytes() | memoryview():
            return {"b": base64.b64encode(bytes(value)).decode()}
        case UUID():
            return value.hex
        case datetime():
            return str(value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value)
        case date() | time() | Decimal():
            return str(value)
        case dict() | list():
            return json.dumps(value, ensure_ascii=False)
    raise TypeError(f"a backup cannot hold a {type(value).__name__}")
