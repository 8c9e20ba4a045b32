"""Row-level security on PostgreSQL: the tables of the record show a session only the rows of the school that it stands at.

``people.walls`` says which. Made anew after every migration, for the owner of the tables, too; only a superuser passes by.
"""

from __future__ import annotations

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from upstander.people import walls

POLICY = "one_school"
ROOMS = ("records_", "tell_", "vault_recordkey", "school_policy")
"""Tables whose names begin so and that have a school's id. People, sign-in and the office are read before a school is known."""


def tables(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """The tables behind the wall."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND column_name = 'school_id' ORDER BY table_name"
        )
        return [name for (name,) in cursor.fetchall() if name.startswith(ROOMS)]


def install(using: str = DEFAULT_DB_ALIAS) -> None:
    """Make all policies (again)."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        return
    said = f"current_setting('{walls.SETTING}', true)"
    seen = f"{said} = '{walls.ALL}' OR school_id::text = {said}"
    for table in tables(using):
        with connection.cursor() as cursor:
            cursor.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
            cursor.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
            cursor.execute(f'DROP POLICY IF EXISTS {POLICY} ON "{table}"')
            cursor.execute(f'CREATE POLICY {POLICY} ON "{table}" USING ({seen}) WITH CHECK ({seen})')


def missing(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Tables that should stand behind the wall and do not; none on SQLite."""
    if connections[using].vendor != "postgresql":
        return []
    wanted = tables(using)
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid"
            " WHERE p.polname = %s AND c.relrowsecurity AND c.relforcerowsecurity",
            (POLICY,),
        )
        found = {name for (name,) in cursor.fetchall()}
    return [name for name in wanted if name not in found]


def passes_by(using: str = DEFAULT_DB_ALIAS) -> bool:
    """Whether the session's user is one for whom no policy holds."""
    if connections[using].vendor != "postgresql":
        return False
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        return bool(cursor.fetchone()[0])


def after_migrate(sender: Any, using: str = DEFAULT_DB_ALIAS, **more: Any) -> None:
    """Receiver of ``post_migrate``."""
    install(using)
