"""Submit keys: a form that is sent twice (double click, back button, retry) makes one record, one event."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction

from upstander.people.models import School
from upstander.records.models import Event, Record, SubmitKey

Made = TypeVar("Made")


def own_key(person: UUID | None, record: UUID | None, key: str) -> str:
    """What is kept of a form's key: it counts for this person and this record (None: a new one) alone; empty stays empty.

    Whoever sends a key that somebody else's form carried finds nothing of theirs.
    """
    return hashlib.sha256(f"{person}/{record}/{key}".encode()).hexdigest() if key else ""


def record_of(school: School, key: str) -> Record | None:
    """The record that this key made, if it was used."""
    row = SubmitKey.objects.filter(school=school, key=key).first()
    return Record.objects.get(id=row.record) if row else None


def event_of(school_id: UUID, key: str) -> Event | None:
    """The event that this key made, if it was used."""
    row = SubmitKey.objects.filter(school_id=school_id, key=key).first()
    return Event.objects.get(id=row.event) if row and row.event else None


def remember(school: School, key: str, record: Record, event: UUID | None = None) -> None:
    """Keep what a key made. Raises IntegrityError if another transaction has just used it: send the form again."""
    SubmitKey.objects.create(school=school, key=key, record=record.id, event=event)


def once(make: Callable[[], Made]) -> Made:
    """Run a deed that carries a submit key; if the same form was sent at the same moment, run it again and find what was made."""
    try:
        with transaction.atomic():
            return make()
    except IntegrityError:
        with transaction.atomic():
            return make()
