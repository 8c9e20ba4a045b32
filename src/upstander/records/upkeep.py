"""Re-evaluating records whose moment has come: the clock does it for all, an inbox for what it shows."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from upstander.people import memo
from upstander.people.models import School
from upstander.policy import arithmetic
from upstander.records import append, clock, index, notices
from upstander.records.index import Desk
from upstander.records.models import Record

BATCH = 200
failures = logging.getLogger("upstander.records")


def stale(school: School, now: datetime) -> QuerySet[Record]:
    """The records whose picture time alone has changed. ``now``: civil minute of the school."""
    return Record.objects.filter(school=school, next_change__lte=now)


def refresh_due(school: School, now: datetime | None = None, most: int = BATCH) -> int:
    """Let the calendar speak, then re-evaluate the records whose moment has come, oldest first.

    Returns how many were (call again while it is ``most``).
    """
    moment = now or clock.now(school)

    def look() -> int:
        _let_the_calendar_speak(school, moment)
        rows = list(stale(school, moment).order_by("next_change")[:most])
        refresh(school, rows, moment)
        return len(rows)

    return memo.once(("refreshed", school.pk, moment, most), look)


def _let_the_calendar_speak(school: School, moment: datetime) -> None:
    """Whatever goes wrong with the calendar, an inbox still shows what is there; the next look tries again."""
    from upstander.records import calendar_events

    try:
        calendar_events.speak(school, moment)
    except Exception as problem:
        failures.exception("the calendar of %s could not speak: %s", school.slug, type(problem).__name__)


def refresh(school: School, records: Iterable[Record], now: datetime) -> None:
    """Re-evaluate these records, each in its own transaction, unless somebody else has done it meanwhile."""
    for record in records:
        with transaction.atomic():
            row = Record.objects.select_for_update().filter(id=record.id).first()
            if row is None or row.next_change is None or row.next_change > now:
                continue
            desk = Desk(school, now, clock.utcnow(school))
            row.school = school
            index.store(desk, row, append.log_of(school, row))
            notices.flush(desk)


# --- versions of the policy ---------------------------------------------------------------------------------------


def has_begun(school: School) -> bool:
    """Whether anything has been recorded in this school."""
    return Record.everything.filter(school=school, length__gt=0).exists()


def after_a_version(sender: object, *, school: School, from_date: date, renames: bool = False, **more: object) -> None:
    """Let every record be looked at again at 00:00 of the day on which the school's policy changes, or now if that is past.

    Where rules are called otherwise from now on, the indexes are made again at once, and nobody is told anything twice.
    """
    from upstander.records import rebuild

    if renames:
        rebuild.rebuild_school(school)
    moment = max(arithmetic.start_of(from_date), clock.now(school))
    rows = Record.objects.filter(school=school).exclude(length=0)
    rows.filter(Q(next_change=None) | Q(next_change__gt=moment)).update(next_change=moment)
