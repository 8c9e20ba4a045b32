"""When the period of each record is over, by the policy in force today; what stands against destroying it then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import Q

from upstander.people.models import School
from upstander.policy.durations import print_distance
from upstander.policy.model import Keep
from upstander.policy.reference.facts import after
from upstander.records import clock, engine
from upstander.records.append import log_of
from upstander.records.index import Desk
from upstander.records.models import DutyRow, FactRow, Hold, Link, Record

AHEAD = timedelta(days=31)
"""How long before its end a record stands in the preview."""
CLOSE = "close"


class State(StrEnum):
    """How it stands with a record's destruction."""

    DUE = "due"
    SOON = "soon"
    LATER = "later"
    HELD = "held"
    DUTY = "duty"
    """Its period is over, but something is still to be done."""
    RUNNING = "running"
    """What the period counts from has not come."""
    NO_PERIOD = "no-period"


@dataclass(frozen=True, slots=True)
class Standing:
    """One record. ``since``, ``until``: civil minutes between which it is kept; None where the period does not run.

    ``keep``: the pack's line; of a concern without one of its own, that of what it is linked with, which ``follows`` names.
    """

    record: Record
    state: State
    keep: Keep | None = None
    since: datetime | None = None
    until: datetime | None = None
    follows: UUID | None = None

    @property
    def period(self) -> str:
        """The period as the pack writes it."""
        return print_distance(self.keep.lasts) if self.keep else ""


def look(school: School, now: datetime | None = None, ahead: timedelta = AHEAD) -> list[Standing]:
    """Every record of a school, those whose period ends first in front. ``now``: civil minute."""
    moment = now or clock.now(school)
    desk = Desk(school, moment, clock.utcnow(school), notify=False)
    records = list(Record.objects.filter(school=school, length__gt=0).select_related("school").order_by("id"))
    found = {record.id: _own(desk, record) for record in records}
    links = _links(school)
    found = {each: _following(found, links, standing) for each, standing in found.items()}
    held, busy = _held(school), _busy(school)
    judged = [
        _judged(standing, moment, ahead, bool({each, *links.get(each, ())} & held), each in busy)
        for each, standing in found.items()
    ]
    return sorted(judged, key=lambda each: (each.until is None, each.until or moment, each.record.number))


def of_record(record: Record, now: datetime | None = None) -> Standing:
    """How it stands with one record, after those that it is linked with."""
    school = record.school
    moment = now or clock.now(school)
    desk = Desk(school, moment, clock.utcnow(school), notify=False)
    links = Link.objects.filter(Q(a=record) | Q(b=record)).values_list("a_id", "b_id")
    others = {each for pair in links for each in pair} - {record.id}
    found = {each.id: _own(desk, each) for each in Record.objects.filter(id__in=others).select_related("school")}
    return _following(found, {record.id: others}, _own(desk, record))


def _own(desk: Desk, record: Record) -> Standing:
    kind = desk.pack.records.get(record.kind)
    if kind is None or kind.keep is None:
        return Standing(record, State.NO_PERIOD)
    since = _closed_at(desk, record) if kind.keep.from_ == CLOSE else _fact_since(record, kind.keep.from_)
    if since is None:
        return Standing(record, State.RUNNING, kind.keep)
    return Standing(record, State.LATER, kind.keep, since, after(desk.timetable, since, kind.keep.lasts))


def _closed_at(desk: Desk, record: Record) -> datetime | None:
    """When it was last closed, if it is closed."""
    if not record.closed:
        return None
    log = log_of(desk.school, record)
    struck = engine.struck(desk.series, log, desk.now)
    return max((event.at for event in log if event.kind == CLOSE and event.id not in struck), default=None)


def _fact_since(record: Record, fact: str) -> datetime | None:
    """Since when the fact holds; of one that has ended, from its last beginning."""
    firsts = FactRow.objects.filter(record=record, fact=fact).values_list("first", flat=True)
    return max(firsts, default=None)


def _links(school: School) -> Mapping[UUID, set[UUID]]:
    found: dict[UUID, set[UUID]] = {}
    for a, b in Link.objects.filter(school=school).values_list("a_id", "b_id"):
        found.setdefault(a, set()).add(b)
        found.setdefault(b, set()).add(a)
    return found


def _following(found: Mapping[UUID, Standing], links: Mapping[UUID, set[UUID]], standing: Standing) -> Standing:
    """A record without a period of its own is kept as long as the last of those that it belongs to, and goes with it."""
    if standing.state is not State.NO_PERIOD:
        return standing
    others = [found[each] for each in links.get(standing.record.id, ()) if each in found]
    leading = [each for each in others if each.keep is not None]
    if not leading:
        return standing
    running = [each for each in leading if each.until is None]
    last = running[0] if running else max(leading, key=lambda each: each.until or datetime.max)  # noqa: DTZ901 - civil
    return replace(last, record=standing.record, follows=last.record.id)


def _held(school: School) -> set[UUID]:
    return set(Hold.objects.filter(school=school, ended_at=None).values_list("record_id", flat=True))


def _busy(school: School) -> set[UUID]:
    """The records in which something must or should still be done."""
    rows = DutyRow.objects.filter(~Q(strength="may"), school=school, open=True)
    return set(rows.values_list("record_id", flat=True))


def _judged(standing: Standing, now: datetime, ahead: timedelta, held: bool, busy: bool) -> Standing:
    if standing.until is None:
        return standing
    # A closed record's duties are history; one whose period runs from a fact may still be in use.
    busy = busy and not standing.record.closed and standing.keep is not None and standing.keep.from_ != CLOSE
    near = standing.until <= now + ahead
    over = standing.until <= now
    state = (
        State.HELD if near and held
        else State.DUTY if over and busy
        else State.DUE if over
        else State.SOON if near
        else State.LATER
    )  # fmt: skip
    return replace(standing, state=state)
