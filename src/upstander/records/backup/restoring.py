"""Reads a backup into an empty database: the tables as they were, every row, then what this software has changed since."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Sequence
from typing import IO, Any

from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from upstander.records.backup.errors import CannotRestore
from upstander.records.backup.rows import FORM, LEFT_OUT, NAME, Progress
from upstander.vault import age, root

_MADE_BY_DJANGO = frozenset({"django_content_type", "auth_permission"})
_AT_A_TIME = 300
_MOST_BYTES = 4_000_000


def restore(
    source: IO[bytes], keys: Sequence[age.Identity], progress: Progress = lambda done, of: None
) -> dict[str, Any]:
    """Read an encrypted (or plain) backup into this installation's database; returns its first line.

    All rows or none. Raises CannotRestore.
    """
    start = source.read(64)
    source.seek(0)
    reader = _Reader(progress)
    try:
        if age.is_age(start):
            if not keys:
                raise CannotRestore("wrong-key")
            age.decrypt(source, reader, keys)
        else:
            while piece := source.read(1 << 16):
                reader.write(piece)
        reader.end()
    except age.CannotDecrypt as problem:
        raise CannotRestore("wrong-key" if reader.header is None else "broken", str(problem)) from None
    except (zlib.error, UnicodeDecodeError, json.JSONDecodeError, KeyError, TypeError) as problem:
        raise CannotRestore("not-a-backup" if reader.header is None else "broken", str(problem)) from None
    finally:
        reader.close()
    call_command("migrate", verbosity=0, interactive=False)
    return reader.header or {}


class _Reader:
    """Takes the backup's bytes as they come and writes its rows in one transaction, which ends well only by ``end``."""

    def __init__(self, progress: Progress) -> None:
        self.header: dict[str, Any] | None = None
        self.progress = progress
        self._unpress = zlib.decompressobj(wbits=31)
        self._left: list[bytes] = []
        self._digest = hashlib.sha256()
        self._table: _Table | None = None
        self._done = 0
        self._whole = False
        self._transaction: Any = None

    def write(self, data: bytes, /) -> int:
        self._feed(self._unpress.decompress(data))
        return len(data)

    def flush(self) -> None:
        """pyrage asks for it; nothing waits here but whole batches of rows."""

    def _feed(self, text: bytes) -> None:
        if b"\n" not in text:
            self._left.append(text)
            return
        *lines, rest = b"".join([*self._left, text]).split(b"\n")
        self._left = [rest]
        for line in lines:
            self._take(line)

    def _take(self, line: bytes) -> None:
        if self._whole:
            raise CannotRestore("broken", "more follows the end")
        said = json.loads(line)
        if isinstance(said, dict) and "end" in said and self.header is not None:
            self._write_table()
            if said["end"] != self._digest.hexdigest():
                raise CannotRestore("broken", "SHA-256")
            self._whole = True
            return
        self._digest.update(line + b"\n")
        if self.header is None:
            self._begin(said)
        elif isinstance(said, dict):
            self._write_table()
            self._table = _Table(str(said["table"]), list(said["columns"]))
        elif self._table is None:
            raise CannotRestore("broken")
        else:
            self._table.add([_value(each) for each in said], len(line))
            self._count()

    def _begin(self, said: Any) -> None:
        if not isinstance(said, dict) or said.get(NAME) != FORM:
            raise CannotRestore("newer" if isinstance(said, dict) and said.get(NAME) else "not-a-backup")
        _check_root_key(said["root keys"])
        _make_tables([tuple(each) for each in said["migrations"]])
        self.header = said
        self._transaction = transaction.atomic()
        self._transaction.__enter__()
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            for table in _MADE_BY_DJANGO & set(connection.introspection.table_names()):
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")  # noqa: S608

    def _count(self) -> None:
        self._done += 1
        if self._done % _AT_A_TIME == 0:
            self.progress(self._done, sum((self.header or {})["rows"].values()))

    def _write_table(self) -> None:
        if self._table is not None:
            self._table.write()

    def end(self) -> None:
        """All bytes have come. Raises CannotRestore where the file ends too early; only after this is anything kept."""
        self._feed(self._unpress.flush())
        if self.header is None:
            raise CannotRestore("not-a-backup")
        if not self._whole or self._done != sum(self.header["rows"].values()):
            raise CannotRestore("broken", "the end is missing")
        _set_sequences()
        connection.check_constraints()
        finished, self._transaction = self._transaction, None
        finished.__exit__(None, None, None)
        self.progress(self._done, self._done)

    def close(self) -> None:
        """Take back what was written unless ``end`` came first."""
        if self._transaction is not None:
            problem = CannotRestore("broken")
            self._transaction.__exit__(type(problem), problem, None)


class _Table:
    """The rows of one table on their way into the database."""

    def __init__(self, name: str, columns: list[str]) -> None:
        quote = connection.ops.quote_name
        places = ", ".join(["%s"] * len(columns))
        self._sql = f"INSERT INTO {quote(name)} ({', '.join(map(quote, columns))}) VALUES ({places})"  # noqa: S608
        self._rows: list[list[Any]] = []
        self._bytes = 0

    def add(self, row: list[Any], size: int) -> None:
        self._rows.append(row)
        self._bytes += size
        if len(self._rows) >= _AT_A_TIME or self._bytes > _MOST_BYTES:
            self.write()

    def write(self) -> None:
        if self._rows:
            with connection.cursor() as cursor:
                cursor.executemany(self._sql, self._rows)
        self._rows, self._bytes = [], 0


def _value(said: Any) -> Any:
    return base64.b64decode(said["b"]) if isinstance(said, dict) else said


def _check_root_key(marks: list[str]) -> None:
    """The keys in the backup are wrapped by a root key that is not in it: without that key nothing would open."""
    missing = set(marks) - {mark.hex() for mark in root.marks_here()}
    if missing:
        raise CannotRestore("root-key", ", ".join(sorted(missing)))


def _make_tables(migrations: list[tuple[str, str]]) -> None:
    """The tables as they were when the backup was made. Raises CannotRestore where rows lie in them already."""
    executor = MigrationExecutor(connection)
    wanted = [each for each in migrations if each in executor.loader.graph.nodes]
    ours = {app for app, _name in executor.loader.graph.nodes}
    unknown = [
        f"{app}.{name}" for app, name in migrations if app in ours and (app, name) not in executor.loader.graph.nodes
    ]
    if unknown or ours.isdisjoint(app for app, _name in migrations):
        raise CannotRestore("newer", ", ".join(unknown[:3]))
    if _has_rows():
        raise CannotRestore("not-empty")
    applied = set(executor.loader.applied_migrations)
    if applied - set(wanted):
        raise CannotRestore("not-empty")
    leaves = [each for each in wanted if not any(child in wanted for child in _children(executor, each))]
    executor.migrate(leaves)


def _children(executor: MigrationExecutor, node: tuple[str, str]) -> list[tuple[str, str]]:
    return [child.key for child in executor.loader.graph.node_map[node].children]


def _has_rows() -> bool:
    tables = set(connection.introspection.table_names()) - LEFT_OUT - _MADE_BY_DJANGO
    with connection.cursor() as cursor:
        for table in sorted(tables):
            cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} LIMIT 1")  # noqa: S608
            if cursor.fetchone():
                return True
    return False


def _set_sequences() -> None:
    """Numbers that PostgreSQL gives out go on after the highest that is there."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema() "
            "AND (is_identity = 'YES' OR column_default LIKE 'nextval%%')"
        )
        for table, column in cursor.fetchall():
            quoted = connection.ops.quote_name(table), connection.ops.quote_name(column)
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence(%s, %s), COALESCE(MAX({quoted[1]}), 1), MAX({quoted[1]}) IS NOT NULL) "  # noqa: S608
                f"FROM {quoted[0]}",
                [quoted[0], column],
            )
