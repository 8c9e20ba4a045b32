"""Lines of the outbox that follow from a picture: who is to hear that something needs them. No names, no facts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from upstander.access.decide import CONCERN
from upstander.people import units as people_units
from upstander.policy import arithmetic
from upstander.policy.belonging import SCHOOL_YEAR
from upstander.policy.model import Climb, Distance, SchoolDays, Span, Strength
from upstander.policy.verdict import DutyInstance, Picture, State
from upstander.records import subjects
from upstander.records.models import DutyRow, Notice, Record

if TYPE_CHECKING:
    from upstander.records.index import Desk

MINUTE = timedelta(minutes=1)
FAR = datetime(9999, 12, 31, 23, 59)
"""Later than any moment that a calendar knows."""


def enqueue(
    desk: Desk,
    record: Record,
    picture: Picture,
    before: Mapping[tuple[str, str, int], DutyRow],
    names: dict[str, set[str]],
) -> None:
    """Put into the outbox what has newly arisen, come due, become late or climbed. Doing it twice adds nothing."""
    from upstander.records.index import key_text

    for duty in picture.duties:
        if not duty.state.open or duty.strength is Strength.MAY or duty.state is State.UPCOMING:
            continue
        old = before.get((duty.rule, key_text(duty.key), duty.occurrence))
        for kind, at, step, role in _asked_for(desk, duty, old):
            people = _role_people(desk, record, duty, names, role) if role else bearers(desk, record, duty, names)
            desk.lines += [_line(desk, record, duty, kind, at, step, person) for person in people]


def _asked_for(desk: Desk, duty: DutyInstance, old: DutyRow | None) -> Iterable[tuple[str, datetime, int, str]]:
    """(kind, civil moment, step of the climb, role if not the bearers') for what is new about an open duty."""
    was = old.state if old else ""
    if old is None or was in ("upcoming", "") or old.who != [dict(each) for each in duty.who] or not old.open:
        yield Notice.Kind.NEW, desk.now, 0, ""
    if duty.state is State.DUE and was != State.DUE.value and duty.due_from is not None:
        yield Notice.Kind.REMIND, max(duty.due_from, duty.arose), 0, ""
    if duty.state is State.OVERDUE and duty.due is not None:
        if was != State.OVERDUE.value:
            yield Notice.Kind.OVERDUE, duty.due + MINUTE, 0, ""
        for step, (climb, at) in enumerate(_climbs(desk, duty), start=1):
            if at <= desk.now:
                yield Notice.Kind.CLIMB, at, step, climb.to


def _climbs(desk: Desk, duty: DutyInstance) -> list[tuple[Climb, datetime]]:
    rule = desk.pack.duties.get(duty.rule)
    if rule is None or duty.due is None:
        return []
    return [(climb, later(desk, duty.due, climb.after)) for climb in rule.climbs]


def climbs_ahead(desk: Desk, record: Record, picture: Picture) -> datetime | None:
    """The next moment at which a duty climbs, so that the clock wakes for it."""
    ahead = [at for duty in picture.duties if duty.state.open for _, at in _climbs(desk, duty) if at > desk.now]
    return min(ahead, default=None)


def later(desk: Desk, moment: datetime, distance: Distance) -> datetime:
    """A moment this much later; of days the end of the last."""
    if isinstance(distance, Span):
        return arithmetic.add(moment, distance)
    working = not isinstance(distance, SchoolDays)
    day = desk.timetable.nth(moment.date(), distance.n, working=working)[0]
    return arithmetic.end_of(day) if day else FAR


def bearers(desk: Desk, record: Record, duty: DutyInstance, names: dict[str, set[str]]) -> list[UUID]:
    """The people whose duty it is: holders of the posts (or their deputies), or people named. Never a party to the matter.

    Nor one of the staff whose child is a party: they do not see the record, so the duty would be lost with them.
    """
    return bearers_of(desk, record, duty.who, duty.key, names)


def bearers_of(
    desk: Desk,
    record: Record,
    who: Iterable[Mapping[str, str]],
    key: Iterable[tuple[str, str]],
    names: dict[str, set[str]],
) -> list[UUID]:
    """The same from what stands in the duties index."""
    found: list[UUID] = []
    for each in who:
        if "person" in each:
            found += [one for one in _uuids([each["person"]]) if str(one) not in shut_out_of(desk, record, names)]
        elif "role" in each:
            found += holders(desk, record, each["role"], [value for _, value in key], names)
    return list(dict.fromkeys(found))


def _role_people(desk: Desk, record: Record, duty: DutyInstance, names: dict[str, set[str]], role: str) -> list[UUID]:
    return holders(desk, record, role, [value for _, value in duty.key], names)


def parties_of(desk: Desk, record: Record, names: dict[str, set[str]]) -> set[str]:
    from upstander.records.index import parties

    return parties(desk, record, names)


def shut_out_of(desk: Desk, record: Record, names: dict[str, set[str]]) -> set[str]:
    """Everybody whom ``access`` bars from the record: its parties and those of what it is linked with, and their parents."""
    from upstander.records.index import shut_out

    if record.id not in desk.linked:
        # Nothing is linked with what has just come in at the door.
        fresh = record.kind == CONCERN and getattr(record, "opened_here", None) is not None
        desk.linked |= {record.id: {}} if fresh else subjects.linked_parties([record.id])
    return shut_out(desk, record, names) | shut_out(desk, record, desk.linked.get(record.id, {}), linked=True)


def holders(desk: Desk, record: Record, role: str, key_people: list[str], names: dict[str, set[str]]) -> list[UUID]:
    """Who acts in a role of the pack: a post (by the class of whom the duty is about), or whoever is named so in the matter."""
    parties = parties_of(desk, record, names)
    shut_out = shut_out_of(desk, record, names)
    if any((info := desk.pack.roles.get(member)) and info.of_the_matter for member in desk.pack.members(role)):
        named = {person for member in desk.pack.members(role) for person in names.get(member, ())}
        return [one for one in _uuids(sorted(named)) if str(one) not in shut_out]
    about = [person for person in key_people if person in parties] or sorted(parties)
    # On the record of a school year a key may be a class or a grade: then whoever acts there.
    units = people_units.called(desk.school, key_people) if record.kind == SCHOOL_YEAR and key_people else ()
    return desk.directory.holders(role, about, without=set(_uuids(shut_out)), units=units)


def _uuids(texts: Iterable[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _line(desk: Desk, record: Record, duty: DutyInstance, kind: str, at: datetime, step: int, person: UUID) -> Notice:
    from upstander.records.index import key_text

    key = key_text(duty.key)
    return Notice(
        school_id=record.school_id,
        person=person,
        record=record,
        kind=kind,
        rule=duty.rule,
        key=key,
        occurrence=duty.occurrence,
        at=at,
        once=_once(record, duty.rule, key, str(duty.occurrence), kind, str(step), str(person)),
        made_at=desk.moment,
    )


def told(desk: Desk, record: Record, event_id: UUID, people: Iterable[UUID]) -> list[Notice]:
    """Lines for those whom the pack tells of an event without a duty."""
    return [
        Notice(
            school_id=record.school_id,
            person=person,
            record=record,
            kind=Notice.Kind.TOLD,
            event=event_id,
            at=desk.now,
            once=_once(record, str(event_id), "told", str(person)),
            made_at=desk.moment,
        )
        for person in people
    ]


def _once(record: Record, *parts: str) -> str:
    return hashlib.sha256("|".join((str(record.id), *parts)).encode()).hexdigest()


def flush(desk: Desk) -> None:
    """Write the desk's lines that are not there yet."""
    if desk.lines:
        Notice.objects.bulk_create(desk.lines, ignore_conflicts=True)
        desk.lines = []
