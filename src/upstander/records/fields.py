"""A column for civil minutes: naive local time of the school, kept as text so that both databases sort it alike."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models

MINUTE = "%Y-%m-%dT%H:%M"


def minute_text(moment: datetime) -> str:
    """``2026-05-11T10:20``: what stands in the column, the log and the hash."""
    return moment.strftime(MINUTE) if moment.year >= 1000 else moment.isoformat(timespec="minutes")


def minute_of(text: str) -> datetime:
    """The naive civil minute back from its text."""
    return datetime.fromisoformat(text)


class CivilMinute(models.CharField):
    """A naive ``datetime`` in whole minutes; the text's order is the time's order."""

    # What the type checker's Django plugin reads: the column takes and gives a datetime.
    _pyi_private_set_type: datetime  # type: ignore[assignment]
    _pyi_private_get_type: datetime  # type: ignore[assignment]
    _pyi_lookup_exact_type: datetime | str

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 16
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("max_length", None)
        return name, path, args, kwargs

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> datetime | None:
        return None if value is None else minute_of(value)

    def to_python(self, value: Any) -> Any:
        return minute_of(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> Any:
        return minute_text(value) if isinstance(value, datetime) else value
