"""The calendar speaks: the school year and its terms begin and end, people join and leave the school (§8).

What is due is written once, whoever asks first: the clock does at every step, an inbox before it shows anything. After a stop
everything is caught up on, each event at its own minute.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from upstander.people import queries as people
from upstander.people import units
from upstander.people.models import Person, School
from upstander.people.packs import kept, pack_of
from upstander.policy import arithmetic
from upstander.policy.belonging import SCHOOL, SCHOOL_YEAR
from upstander.policy.calling import listens
from upstander.policy.model import EventKind
from upstander.records import actions, append, clock, engine, notices
from upstander.records.append import Draft
from upstander.records.index import Desk
from upstander.records.models import Record
from upstander.records.numbers import new_number
from upstander.vault import keys

SYSTEM = "system"
PATIENCE_SECONDS = 60.0
"""For so long a process trusts that nothing was due; a calendar or a pack may have changed meanwhile."""


@dataclass(frozen=True, slots=True)
class Due:
    """An event that the calendar asks for at a civil minute."""

    kind: str
    at: datetime


_quiet_until: dict[UUID, tuple[datetime, float]] = {}
"""{school: (civil minute of the next event, when to look again all the same)}; only ever a reason to look later."""


def speak(school: School, now: datetime | None = None, begun: date | None = None) -> int:
    """Record what the calendar and the register of people have to say by a civil minute; returns how many events.

    ``begun``: the day from which the school year is kept, where that is not the day of the school's first record.
    """
    moment = now or clock.now(school)
    pack = pack_of(school, moment.date())
    asked = kept(pack, "calendar listens", lambda: [kind for kind in (SCHOOL_YEAR, SCHOOL) if listens(pack, kind)])
    if not asked:
        return 0
    until, look_again = _quiet_until.get(school.id, (arithmetic.FIRST_MOMENT, 0.0))
    if moment < until and time.monotonic() < look_again:
        return 0
    with transaction.atomic():
        School.objects.select_for_update().get(id=school.id)
        done = _school_years(school, moment, begun) if SCHOOL_YEAR in asked else 0
        done += _people(school, moment) if SCHOOL in asked else 0
        following = _following(school, moment)
        transaction.on_commit(
            lambda: _quiet_until.update({school.id: (following, time.monotonic() + PATIENCE_SECONDS)})
        )
    return done


def begin(school: School, now: datetime) -> dict[str, Record]:
    """Keep the school year from a civil minute on, whatever else is on record of earlier days.

    Returns the records that the pack asks for: ``year`` and ``school``.
    """
    speak(school, now, begun=now.date())
    rows = Record.objects.filter(school=school).order_by("-opened_at")
    found = {"year": rows.filter(kind=SCHOOL_YEAR).first(), "school": rows.filter(kind=SCHOOL).first()}
    return {name: record for name, record in found.items() if record is not None}


def after_people_changed(sender: object, *, school: School, **more: object) -> None:
    """Somebody came or went: record it once that is certain."""
    if listens(pack_of(school), SCHOOL):
        _quiet_until.pop(school.id, None)
        transaction.on_commit(lambda: _speak_again(school), robust=True)


def _speak_again(school: School) -> None:
    speak(school)


# --- the school year ----------------------------------------------------------------------------------------------


def _school_years(school: School, now: datetime, begun: date | None) -> int:
    desk = Desk(school, now, clock.utcnow(school))
    since = begun or _begun(school, now)
    return sum(_write_year(desk, first, last, since) for first, last in _years(desk) if first <= now.date())


def _years(desk: Desk) -> list[tuple[date, date]]:
    """The school years of which the calendar has data: first and last day."""
    table = desk.timetable
    return sorted({table.school_year(day) for term in table.terms for day in (term.first, term.last)})


def _begun(school: School, now: datetime) -> date:
    """The day from which the school uses the software: what its calendar says of earlier days is nobody's duty any more."""
    first = Record.objects.filter(school=school).order_by("opened_at").values_list("opened_at", flat=True).first()
    return min(first.date(), now.date()) if first else now.date()


def _year(desk: Desk, first: date, last: date, begun: date) -> Iterator[Due]:
    """What a school year says, in order. Of one that has begun before the school did, from the school's first day on."""
    if last < begun:
        return
    yield Due("year-opened", arithmetic.start_of(max(first, begun)))
    for term in desk.timetable.terms:
        if first <= term.first <= last and term.last >= begun:
            yield Due("term-opened", arithmetic.start_of(max(term.first, begun)))
            yield Due("term-ended", arithmetic.end_of(term.last))
    yield Due("year-closed", arithmetic.end_of(last))


def _write_year(desk: Desk, first: date, last: date, begun: date) -> int:
    start, end = arithmetic.start_of(first), arithmetic.end_of(last)
    rows = Record.objects.select_for_update().filter(school=desk.school, kind=SCHOOL_YEAR)
    record = rows.filter(opened_at__gte=start, opened_at__lte=end).first()
    if record is None and rows.filter(opened_at__gt=end).exists():
        return 0  # no year is kept from before the first that was: cases of old brought in later call for no duties
    # A year that has a record began when its record did, whatever has been recorded of earlier days since.
    since = record.opened_at.date() if record is not None else begun
    wanted = [due for due in _year(desk, first, last, since) if due.at <= desk.now and due.kind in desk.pack.events]
    missing = _missing(desk, record, wanted)
    if not missing:
        return 0
    if record is None:
        record = _opened(desk, SCHOOL_YEAR, missing[0].at)
    drafts = [Draft(due.kind, due.at, by_role=SYSTEM, about=_named(desk, due)) for due in missing]
    _append(desk, record, drafts)
    return len(drafts)


def _missing(desk: Desk, record: Record | None, wanted: list[Due]) -> list[Due]:
    """What is not in the log yet. Events of a kind are counted: a term that was moved has still begun once."""
    log = append.log_of(desk.school, record) if record is not None else []
    struck = engine.struck(desk.series, log, desk.now) if log else frozenset()
    there = Counter(event.kind for event in log if event.id not in struck)
    missing: list[Due] = []
    for due in wanted:
        if there[due.kind]:
            there[due.kind] -= 1
        else:
            missing.append(due)
    return missing


def _named(desk: Desk, due: Due) -> dict[str, list[str]]:
    kind = desk.pack.events[due.kind]
    return {name: found for name in kind.about if (found := _everybody(desk, name, due.at.date()))}


def _everybody(desk: Desk, name: str, day: date) -> list[str]:
    """Whom ``about: [name]`` of the calendar's events names on a day."""
    if name in ("class", "grade", "unit"):
        year = desk.timetable.school_year(day)[0].year
        rows = list(people.classes(desk.school, year).order_by("grade", "code"))
        classes = [str(row.id) for row in rows]
        grades = list(dict.fromkeys(units.name_of_grade(row.grade) for row in rows))
        return {"class": classes, "grade": grades, "unit": [*classes, *grades]}[name]
    if name == "staff":
        return [str(person.id) for person in people.staff(desk.school, day)]
    if name == "pupil-self":
        return [str(person.id) for person in people.pupils(desk.school, on=day)]
    directory = people.directory(desk.school, day, desk.pack)
    found = [person for member in desk.pack.members(name) for person in directory.everyone(member)]
    return [str(each) for each in dict.fromkeys(found)]


# --- people -------------------------------------------------------------------------------------------------------

_SORTS = {"staff": Person.Kind.STAFF, "pupil-self": Person.Kind.PUPIL, "guardian": Person.Kind.GUARDIAN}


def _people(school: School, now: datetime) -> int:
    """``joined`` for whoever is here and has not joined, ``left`` for whoever joined and is not here.

    A person joins when they are added; people of a demo when its story first looks (its clock is not the server's).
    """
    desk = Desk(school, now, clock.utcnow(school))
    if not {"joined", "left"} <= desk.pack.events.keys():
        return 0  # the pack has taken them away
    record = Record.objects.select_for_update().filter(school=school, kind=SCHOOL).first()
    log = append.log_of(school, record) if record is not None else []
    struck = engine.struck(desk.series, log, now) if log else frozenset()
    inside: dict[str, set[str]] = {}
    ever = {each for event in log for ids in event.about.values() for each in ids}
    for event in sorted((each for each in log if each.id not in struck), key=lambda each: each.at):
        for name, ids in event.about.items():
            known = inside.setdefault(name, set())
            known.update(ids) if event.kind == "joined" else known.difference_update(ids)
    drafts = _comings(desk, desk.pack.events["joined"], inside, ever)
    if not drafts:
        return 0
    if record is None:
        record = _opened(desk, SCHOOL, min(draft.at for draft in drafts))
    _append(desk, record, drafts)
    return len(drafts)


def _comings(desk: Desk, joined: EventKind, inside: dict[str, set[str]], ever: set[str]) -> list[Draft]:
    now = desk.now
    here: dict[tuple[str, datetime], dict[str, list[str]]] = {}
    for name, sort in _SORTS.items():
        if name not in joined.about and not inside.get(name):
            continue
        for person in people.everybody(desk.school).filter(kind=sort):
            known = str(person.id) in inside.get(name, ())
            gone = person.left_on is not None and person.left_on <= now.date()
            if not gone and not known and name in joined.about:
                again = desk.school.demo or str(person.id) in ever
                at = now if again else min(clock.civil(desk.school, person.made_at), now)
                here.setdefault(("joined", at), {}).setdefault(name, []).append(str(person.id))
            elif gone and known and person.left_on is not None:
                at = arithmetic.start_of(person.left_on)
                here.setdefault(("left", at), {}).setdefault(name, []).append(str(person.id))
    return [Draft(kind, at, by_role=SYSTEM, about=about) for (kind, at), about in sorted(here.items(), key=_by_time)]


def _by_time(entry: tuple[tuple[str, datetime], object]) -> tuple[datetime, str]:
    (kind, at), _about = entry
    return at, kind


# --- writing ------------------------------------------------------------------------------------------------------


def _opened(desk: Desk, kind: str, at: datetime) -> Record:
    record = Record(
        school=desk.school,
        kind=kind,
        number=new_number(),
        opened_at=at,
        pack_version=f"{desk.pack.id}@{desk.pack.version}",
        changed_at=desk.moment,
    )
    record.save(force_insert=True)
    keys.make_record_key(record.id, desk.school.id)
    return record


def _append(desk: Desk, record: Record, drafts: Iterable[Draft]) -> None:
    """Each by itself: the first of a year may turn what the next is told."""
    cipher = keys.record_cipher(record.id)
    log = append.log_of(desk.school, record) if record.length else []
    actions.write(desk, record, list(drafts), cipher, log)
    notices.flush(desk)


def _following(school: School, now: datetime) -> datetime:
    """The next minute at which the calendar or the register of people will have something to say."""
    desk = Desk(school, now, clock.utcnow(school))
    ahead = [due.at for first, last in _years(desk) for due in _year(desk, first, last, date.min) if due.at > now]
    leaving = (
        people.everybody(school).filter(left_on__gt=now.date()).order_by("left_on").values_list("left_on", flat=True)
    )
    ahead += [arithmetic.start_of(day) for day in leaving[:1] if day is not None]
    return min(ahead, default=now + timedelta(days=366))
