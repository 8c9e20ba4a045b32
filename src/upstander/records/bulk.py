"""Many rows of an index at once, past the objects of the ORM: to make and save one for each costs more than to judge the case."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import uuid4

from django.db import connections, models, router
from django.db.backends.base.base import BaseDatabaseWrapper

ROWS_AT_ONCE = 1000
REMEMBERED = 20_000


def insert(table: type[models.Model], rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows, {attribute: value} with every column of the table but the random id, within the caller's transaction."""
    connection = connections[router.db_for_write(table)]
    fields = [table._meta.pk, *(field for field in table._meta.concrete_fields if not field.primary_key)]
    ready = [(field.attname, _preparing(field, connection)) for field in fields[1:]]
    prepared = [
        [_id(fields[0], connection), *(row[name] if prepare is None else prepare(row[name]) for name, prepare in ready)]
        for row in rows
    ]
    quote = connection.ops.quote_name
    columns, places = ", ".join(quote(str(field.column)) for field in fields), ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {quote(table._meta.db_table)} ({columns}) VALUES ({places})"  # noqa: S608 - names of our own tables
    with connection.cursor() as cursor:
        for start in range(0, len(prepared), ROWS_AT_ONCE):
            cursor.executemany(sql, prepared[start : start + ROWS_AT_ONCE])


def _id(field: models.Field[Any, Any], connection: BaseDatabaseWrapper) -> Any:
    return field.get_db_prep_save(uuid4(), connection)


def _preparing(field: models.Field[Any, Any], connection: BaseDatabaseWrapper) -> Callable[[Any], Any] | None:
    """What makes a value of this column ready for the database, equal ones once; None where it is ready as it is."""
    if type(field) in (models.CharField, models.BooleanField, models.PositiveIntegerField):  # not those made from them
        return None
    remembered: dict[object, Any] = {}
    by_text = isinstance(field, models.JSONField)

    def prepare(value: Any) -> Any:
        marker = repr(value) if by_text else value
        if marker not in remembered:
            if len(remembered) > REMEMBERED:
                remembered.clear()
            remembered[marker] = field.get_db_prep_save(value, connection)
        return remembered[marker]

    return prepare
