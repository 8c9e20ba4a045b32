"""Who hears that a record's period ends within a month: the office where it sees the record, else whoever leads there.

When the period has ended and nobody has destroyed the record or held it, they hear of it again, and whoever else may keep it.
The lines stand in the outbox like every other, and on the start page until something was done.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from upstander.access import keeping
from upstander.access import viewer as viewers
from upstander.access.viewer import Viewer
from upstander.people import queries as people
from upstander.people.models import School
from upstander.records import clock, notices, subjects
from upstander.records.index import Desk
from upstander.records.keeping import periods
from upstander.records.keeping.periods import Standing, State
from upstander.records.models import Named, Notice, Record

SOON, OVER = 0, 1
"""What stands in a line's ``occurrence``."""
DONE = "nothing to keep"
"""Why a line is dropped: the record is held, was opened again, or waits for something else."""
STEPS = {State.SOON: SOON, State.DUE: OVER, State.DUTY: OVER}


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many records wait for somebody: whose period ends within a month, whose has ended."""

    soon: int = 0
    over: int = 0


@transaction.atomic
def tell(school: School, now: datetime | None = None) -> int:
    """Put the lines into the outbox that are not there yet, take back those that no longer hold. Returns how many are new."""
    moment = now or clock.now(school)
    desk = Desk(school, moment, clock.utcnow(school), notify=False)
    wanted: dict[str, Notice] = {}
    for each in periods.look(school, moment):
        if each.state in STEPS and each.follows is None:
            for line in _lines(desk, each):
                wanted[line.once] = line
    kept = {row.once: row for row in Notice.objects.filter(school=school, kind=Notice.Kind.KEEPING)}
    fresh = [line for once, line in wanted.items() if once not in kept]
    Notice.objects.bulk_create(fresh, ignore_conflicts=True)
    stale = [row.id for once, row in kept.items() if once not in wanted and row.dropped != DONE]
    again = [row.id for once, row in kept.items() if once in wanted and row.dropped == DONE]
    Notice.objects.filter(id__in=stale).update(dropped=DONE)
    Notice.objects.filter(id__in=again).update(dropped="")
    return len(fresh)


def waiting_for(viewer: Viewer) -> Waiting:
    """How many records wait for the viewer to look after the end of their period."""
    if viewer.person_id is None or viewer.kind != "staff":
        return Waiting()
    rows = Notice.objects.filter(school_id=viewer.school_id, person=viewer.person_id, kind=Notice.Kind.KEEPING)
    steps: dict[UUID, int] = {}
    for record, step in rows.exclude(dropped=DONE).values_list("record_id", "occurrence"):
        steps[record] = max(step, steps.get(record, SOON))
    return Waiting(sum(step == SOON for step in steps.values()), sum(step == OVER for step in steps.values()))


def _lines(desk: Desk, standing: Standing) -> list[Notice]:
    record, until = standing.record, standing.until
    names: dict[str, set[str]] = {}
    for role, person in Named.objects.filter(record=record).values_list("role", "person"):
        names.setdefault(role, set()).add(person)
    first = _keepers(desk, record, names, without=())
    found = [(SOON, person) for person in first]
    if STEPS[standing.state] == OVER:
        found = [(OVER, person) for person in (*first, *_keepers(desk, record, names, without=first))]
    return [
        Notice(
            school_id=record.school_id,
            person=person,
            record=record,
            kind=Notice.Kind.KEEPING,
            occurrence=step,
            at=desk.now,
            once=hashlib.sha256(f"{record.id}|keeping|{step}|{until}|{person}".encode()).hexdigest(),
            made_at=desk.moment,
        )
        for step, person in found
    ]


def _keepers(desk: Desk, record: Record, names: dict[str, set[str]], without: Collection[UUID]) -> list[UUID]:
    """Who acts in the first of the posts that may keep the record, or else their deputies; nobody whom it names."""
    shut_out = notices.shut_out_of(desk, record, names)
    barred = {*without, *(each for each in map(_uuid, shut_out) if each)}
    about = sorted(notices.parties_of(desk, record, names))
    for role in keeping.roles_of(desk.pack, record.kind):
        held = desk.directory.holders(role, about, without=barred)
        found = [person for person in held if person not in without and _may(desk, record, person)]
        if found:
            return found
    return []


def _may(desk: Desk, record: Record, person: UUID) -> bool:
    somebody = people.person(desk.school, person)
    if somebody is None:
        return False
    viewer = viewers.of_person(somebody, desk.school, desk.now.date())
    return keeping.may_keep(viewer, subjects.subject_of(record, viewer.pack, desk.now))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
