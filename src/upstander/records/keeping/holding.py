"""Holding a record beyond its period, with a reason: a lawsuit, an inquiry, a request of the authority."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from upstander.records import clock
from upstander.records.models import Hold, Record


@transaction.atomic
def hold(record: Record, reason: str, by: UUID | None = None) -> Hold:
    """Keep a record, and what it is linked with, until every hold on it has ended.

    ``reason``: lies encrypted. Raises ValueError without one.
    """
    if not reason.strip():
        raise ValueError("a hold needs a reason")
    Record.objects.select_for_update().get(id=record.id)
    return Hold.objects.create(
        school_id=record.school_id,
        record=record,
        reason=reason.strip(),
        by_person=by,
        since=clock.utcnow(record.school),
    )


def release(record: Record) -> int:
    """End every hold on a record; returns how many there were. They stay readable."""
    return Hold.objects.filter(record=record, ended_at=None).update(ended_at=clock.utcnow(record.school))


@transaction.atomic
def let_go(record: Record, hold_id: UUID, reason: str, by: UUID) -> Hold | None:
    """End one hold; None where there is none such that still holds.

    ``reason``: lies encrypted. Raises ValueError without one.
    """
    if not reason.strip():
        raise ValueError("to end a hold needs a reason")
    found = Hold.objects.select_for_update().filter(record=record, id=hold_id, ended_at=None).first()
    if found is not None:
        found.ended_at, found.ended_by = clock.utcnow(record.school), by
        found.ended_because = reason.strip()
        found.save(update_fields=["ended_at", "ended_by", "ended_because"])
    return found


def of_record(record: Record) -> list[Hold]:
    """Every hold that there was on a record, the newest first."""
    return list(Hold.objects.filter(record=record).order_by("-since", "id"))
