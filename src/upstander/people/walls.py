"""Which school's rows the database may show: the second wall, on PostgreSQL (policies on the tables of the record).

A request sees no school's rows until its page says which school it is of; then it sees those. Commands and workers walk all.
The database is told by a setting of its session, ``upstander.school``: an id, ``all``, or nothing. On SQLite nothing happens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

ALL = "all"
NONE = ""
SETTING = "upstander.school"

_at: ContextVar[str] = ContextVar("wall", default=ALL)


@contextmanager
def within(school: UUID | str) -> Iterator[None]:
    """Within, only this school's rows are seen (``ALL``: every school's, ``NONE``: none)."""
    token = _at.set(str(school))
    try:
        yield
    finally:
        _at.reset(token)


def stand_at(school: UUID) -> None:
    """From here on, for the rest of what runs ``within`` something: this school's rows."""
    _at.set(str(school))


def watch(sender: object, connection: Any, **more: Any) -> None:
    """Receiver of ``connection_created``: tell each new session of PostgreSQL before its next statement."""
    if connection.vendor != "postgresql":
        return
    connection.told_wall = None
    if _told_first not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, _told_first)
        for name in ("_rollback", "_savepoint_rollback"):
            setattr(connection, name, _forgetting(connection, getattr(connection, name)))


def _forgetting(connection: Any, undo: Callable[..., Any]) -> Callable[..., Any]:
    """What was set inside a transaction or a savepoint is undone with it: say it again afterwards."""

    def undone(*arguments: Any) -> Any:
        done = undo(*arguments)
        connection.told_wall = None
        return done

    return undone


def _told_first(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    connection = context["connection"]
    wanted = _at.get()
    if connection.told_wall != wanted and not sql.startswith(("ROLLBACK", "RELEASE")):
        with connection.wrap_database_errors, connection.connection.cursor() as cursor:
            cursor.execute("SELECT set_config(%s, %s, false)", (SETTING, wanted))
        connection.told_wall = wanted
    return execute(sql, params, many, context)
