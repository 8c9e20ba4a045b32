"""``upstander rebuild``: makes the indexes of duties, facts and names again from the logs. Sends nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from upstander.people.models import School
from upstander.records import append, clock, index
from upstander.records.index import Desk
from upstander.records.models import DutyRow, FactRow, Named, Record


def rebuild_school(
    school: School, now: datetime | None = None, progress: Callable[[int, int], object] = lambda done, of: None
) -> int:
    """Make the indexes of every record of a school again, as of a civil minute; returns how many records.

    ``progress`` is called with how many are done, of how many.
    """
    moment = now or clock.now(school)
    desk = Desk(school, moment, clock.utcnow(school), notify=False)
    ids = list(Record.objects.filter(school=school).order_by("id").values_list("id", flat=True))
    for done, record_id in enumerate(ids, start=1):
        with transaction.atomic():
            record = Record.objects.select_for_update().get(id=record_id)
            record.school = school
            rebuild_record(record, moment, desk)
        progress(done, len(ids))
    return len(ids)


def rebuild_record(record: Record, now: datetime, desk: Desk | None = None) -> None:
    """Make one record's indexes again. The caller holds the transaction. ``desk``: the school's, where many follow one another."""
    for table in (DutyRow, FactRow, Named):
        table.objects.filter(record=record).delete()  # type: ignore[attr-defined]
    log = append.log_of(record.school, record)
    if log:
        own = desk or Desk(record.school, now, clock.utcnow(record.school), notify=False)
        index.store(own, record, log, first=True)
