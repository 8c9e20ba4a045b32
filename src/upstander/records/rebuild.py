"""``upstander rebuild``: makes the indexes of duties, facts and names again from the logs. Sends nothing.

Records are taken by the hundred: one look at their rows and at all of their events, one writing of all that comes of them. What is
held in memory is one such batch, however many records there are; nobody waits for more than one batch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import transaction

from upstander.people import memo
from upstander.people.models import School
from upstander.policy import log as policy_log
from upstander.records import append, bulk, clock, engine, index, notices
from upstander.records.index import Desk
from upstander.records.models import DutyRow, Event, FactRow, Named, Record

BATCH = 100
READ = (
    "id", "record_id", "kind", "at", "recorded_at", "by_person", "by_role", "about", "fields", "instead_of",
)  # fmt: skip
"""What the engine reads of an event: no object of the ORM is made of it."""


@dataclass
class _Made:
    """What comes of a batch. ``judged``: the records whose duties and facts are made again; the names of all are."""

    duties: list[dict[str, Any]] = field(default_factory=list)
    facts: list[dict[str, Any]] = field(default_factory=list)
    names: list[dict[str, Any]] = field(default_factory=list)
    judged: list[UUID] = field(default_factory=list)
    moved: list[Record] = field(default_factory=list)


def rebuild_school(
    school: School, now: datetime | None = None, progress: Callable[[int, int], object] = lambda done, of: None
) -> int:
    """Make the indexes of every record of a school again, as of a civil minute; returns how many records.

    ``progress`` is called with how many are done, of how many.
    """
    moment = now or clock.now(school)
    desk = Desk(school, moment, clock.utcnow(school), notify=False)
    total = Record.objects.filter(school=school).count()
    done = 0
    for ids in _batches(school):
        with transaction.atomic():
            # One that retention has destroyed meanwhile is not among them.
            records = list(Record.objects.select_for_update().filter(id__in=ids).order_by("id"))
            _rebuild(desk, records)
        done += len(ids)
        progress(done, max(total, done))
    return done


def rebuild_record(record: Record, now: datetime, desk: Desk | None = None) -> None:
    """Make one record's indexes again. The caller holds the transaction. ``desk``: the school's, where many follow one another."""
    _rebuild(desk or Desk(record.school, now, clock.utcnow(record.school), notify=False), [record])


def _batches(school: School) -> Iterator[list[UUID]]:
    """The ids of the school's records, some at a time; one that is opened meanwhile has its indexes already."""
    last: UUID | None = None
    while True:
        several = Record.objects.filter(school=school).order_by("id")
        if last is not None:
            several = several.filter(id__gt=last)
        ids = list(several.values_list("id", flat=True)[:BATCH])
        if not ids:
            return
        yield ids
        last = ids[-1]


def _rebuild(desk: Desk, records: Sequence[Record]) -> None:
    memo.forget()
    made, by_id = _Made(), {record.id: record for record in records}
    events = Event.objects.filter(record__in=by_id).order_by("record", "position").values_list(*READ, named=True)
    logs = {record_id: list(rows) for record_id, rows in groupby(events.iterator(), key=attrgetter("record_id"))}
    for record in records:
        record.school = desk.school
        log = [append.for_engine_event(desk.school, event) for event in logs.get(record.id, ())]
        if log:
            _judge(desk, record, log, made)
        else:
            made.judged.append(record.id)
    _store(list(by_id), made)


def _judge(desk: Desk, record: Record, log: Sequence[policy_log.Event], made: _Made) -> None:
    """What ``index.store`` stores of a log of which nothing is stored yet."""
    before = (record.closed, record.next_change)
    made.names += index.name_columns(record, index.names_in_log(desk, log))
    try:
        picture = engine.picture_once(
            desk.series, log, desk.calendar, desk.now, kind=record.kind, record=str(record.id)
        )
    except Exception as problem:
        index.failures.exception("record %s cannot be judged: %s", record.id, type(problem).__name__)
        record.next_change = desk.now  # its duties stay as they were, and every look tries again
    else:
        made.judged.append(record.id)
        made.duties += [index.duty_columns(record, duty) for duty in picture.duties]
        made.facts += index.fact_columns(desk, record, picture)
        index.mark(desk, record, log, picture, notices.climbs_ahead(desk, record, picture))
    if (record.closed, record.next_change) != before:
        made.moved.append(record)


def _store(ids: list[UUID], made: _Made) -> None:
    """Replace the rows of these records."""
    Named.objects.filter(record__in=ids).delete()
    DutyRow.objects.filter(record__in=made.judged).delete()
    FactRow.objects.filter(record__in=made.judged).delete()
    bulk.insert(DutyRow, made.duties)
    bulk.insert(FactRow, made.facts)
    bulk.insert(Named, made.names)
    if made.moved:
        Record.objects.bulk_update(made.moved, ["closed", "next_change"])
