"""The outbox as those who send read it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from upstander.people.models import School
from upstander.records import clock
from upstander.records.models import DutyRow, Notice

OF_NO_DUTY = (Notice.Kind.TOLD, Notice.Kind.KEEPING)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the outbox. ``settled``: its duty is no longer open, so nobody needs to hear of it."""

    id: UUID
    person: UUID
    record: UUID
    number: str
    kind: str
    rule: str
    at: datetime
    settled: bool


def pending(school: School, now: datetime | None = None, most: int = 500) -> list[Line]:
    """The lines of a school that are to be sent by this civil minute (default: the school's now), oldest first."""
    moment = now or clock.now(school)
    rows = list(
        Notice.objects.filter(school=school, sent_at=None, dropped="", at__lte=moment)
        .select_related("record")
        .order_by("at", "made_at")[:most]
    )
    duties = DutyRow.objects.filter(record__in={row.record_id for row in rows}, open=True)
    still = set(duties.values_list("record_id", "rule", "key", "occurrence"))
    return [
        Line(
            row.id,
            row.person,
            row.record_id,
            row.record.number,
            row.kind,
            row.rule,
            row.at,
            row.kind not in OF_NO_DUTY and (row.record_id, row.rule, row.key, row.occurrence) not in still,
        )
        for row in rows
    ]


def mark_sent(ids: Iterable[UUID], moment: datetime) -> int:
    """Say that lines have been sent. ``moment``: aware."""
    return Notice.objects.filter(id__in=list(ids), sent_at=None).update(sent_at=moment)


def drop(ids: Iterable[UUID], reason: str) -> int:
    """Say that lines will not be sent, and why (``settled``, ``left``, ``no address``)."""
    return Notice.objects.filter(id__in=list(ids), sent_at=None).update(dropped=reason[:40])
