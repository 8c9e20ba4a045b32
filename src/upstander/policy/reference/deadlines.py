"""When something is due: the due moment of every form of ``by`` (§5), and how pauses move it (§4.6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from upstander.policy.arithmetic import DAY, MINUTE, add, end_of, read_moment, start_of, subtract
from upstander.policy.calendar import Timetable
from upstander.policy.log import Event
from upstander.policy.model import (
    AfterEvent,
    AtClock,
    BeforeEvent,
    Deadline,
    Distance,
    Earliest,
    FromDate,
    In,
    Pack,
    Pattern,
    Said,
    SchoolDays,
    SimpleDeadline,
    Span,
)
from upstander.policy.reference import match
from upstander.policy.reference.world import World
from upstander.policy.verdict import Key

ASSUMED, NO_CALENDAR, NO_DATE = "calendar assumed", "calendar missing", "date missing"
Spells = Sequence[tuple[datetime, datetime]]
"""Stretches of minutes, first and last included, in order."""


class Due(NamedTuple):
    """A due moment, or None with the flags that say why there is none."""

    at: datetime | None
    flags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What a deadline counts from. ``seen``: the moment of the question; ``pauses``: minutes of pause from the arising to it."""

    world: World
    pack: Pack
    key: Key
    arose: datetime
    triggers: tuple[Event, ...]
    seen: datetime
    pauses: Spells = ()
    in_window: bool = False


def due(deadline: Deadline, from_: Reckoning) -> Due:
    """The due moment as of ``seen``."""
    days = from_.world.days(from_.pack)
    match deadline:
        case SimpleDeadline():
            return _simple(deadline, days, from_.arose)
        case In(distance):
            return moved(days, from_.arose, distance, from_.pauses)
        case AtClock(hour, minute):
            return _at_clock(days, from_, timedelta(hours=hour, minutes=minute))
        case AfterEvent(pattern, plus):
            event = match.first(_from_arising(from_, pattern, from_.arose))
            return moved(days, event.at, plus, ()) if event is not None else Due(None)
        case BeforeEvent(pattern):
            event = match.first(_from_arising(from_, pattern, from_.arose + MINUTE))
            return Due(event.at if event is not None else None)
        case FromDate():
            return _from_date(deadline, days, from_)
        case Earliest(several):
            return earliest([due(part, from_) for part in several])
        case Said(_, means):
            return due(means, from_)


def parts(deadline: Deadline | None) -> list[Deadline]:
    """The deadlines of a list, however deep; a single one is its own only part."""
    if isinstance(deadline, Said):
        return parts(deadline.means)
    if isinstance(deadline, Earliest):
        return [part for one in deadline.of for part in parts(one)]
    return [deadline] if deadline is not None else []


def earliest(several: Iterable[Due]) -> Due:
    """Of several the earliest that has a due moment; its flags are those of all that were reckoned."""
    parts = list(several)
    known = [part for part in parts if part.at is not None]
    counted = known or parts
    flags = frozenset().union(*(part.flags for part in counted))
    return Due(min((part.at for part in known if part.at is not None), default=None), flags)


def _from_arising(from_: Reckoning, pattern: Pattern, start: datetime) -> list[Event]:
    events = match.matching(from_.world, from_.pack, pattern, from_.key, from_.seen)
    return [event for event in events if event.at >= start]


def _flags(assumed: bool) -> frozenset[str]:
    return frozenset({ASSUMED}) if assumed else frozenset()


def _simple(deadline: SimpleDeadline, days: Timetable, arose: datetime) -> Due:
    today = arose.date()
    match deadline:
        case SimpleDeadline.SAME_DAY:
            return Due(end_of(today))
        case SimpleDeadline.END_OF_SCHOOL_DAY:
            if days.is_school_day(today) and arose <= days.end_of_school_day(today):
                return Due(days.end_of_school_day(today), _flags(days.assumed(today)))
            day, assumed, _ = days.nth(today, 1)
            flags = _flags(assumed or days.assumed(today))
            return Due(days.end_of_school_day(day), flags) if day is not None else Due(None, frozenset({NO_CALENDAR}))
        case SimpleDeadline.END_OF_TERM:
            term = days.term_from(today)
            return Due(end_of(term.last)) if term is not None else Due(None, frozenset({NO_CALENDAR}))
        case SimpleDeadline.END_OF_SCHOOL_YEAR:
            return Due(end_of(days.school_year(today)[1]))
        case SimpleDeadline.JUDGED:
            return Due(None)


def moved(days: Timetable, start: datetime, distance: Distance, pauses: Spells) -> Due:
    """A distance after a moment, moved by pauses: a duration by their minutes, of school days those that they touch."""
    if isinstance(distance, Span):
        end = add(start, distance)
        for first, last in pauses:
            if first >= end:
                break
            end += last - first + MINUTE
        return Due(end)
    touched: set[date] = set()
    found = _nth(days, start, distance, touched)
    for first, last in pauses:
        if found.at is None or first >= found.at:
            break
        touched |= {first.date() + DAY * n for n in range((last.date() - first.date()).days + 1)}
        found = _nth(days, start, distance, touched)
    return found


def _nth(days: Timetable, start: datetime, distance: Distance, without: set[date]) -> Due:
    assert not isinstance(distance, Span)  # noqa: S101
    day, assumed, _ = days.nth(start.date(), distance.n, working=not isinstance(distance, SchoolDays), without=without)
    return Due(end_of(day), _flags(assumed)) if day is not None else Due(None, frozenset({NO_CALENDAR}))


def _at_clock(days: Timetable, from_: Reckoning, time: timedelta) -> Due:
    """That time on the day of arising if it is a school day and the time has not passed, else on the next school day.

    Of a window: on its first school day, passed or not; a first window whose time has passed is skipped elsewhere.
    """
    today = from_.arose.date()
    usable = days.is_school_day(today) and (from_.in_window or from_.arose <= start_of(today) + time)
    if usable:
        return Due(start_of(today) + time, _flags(days.assumed(today)))
    day, assumed, _ = days.nth(today, 1)
    flags = _flags(assumed or days.assumed(today))
    return Due(start_of(day) + time, flags) if day is not None else Due(None, frozenset({NO_CALENDAR}))


def _from_date(deadline: FromDate, days: Timetable, from_: Reckoning) -> Due:
    """A date of the triggering event, less or plus a distance, never before the arising; of several dates the earliest."""
    dates = (read_moment(event.fields.get(deadline.date_field)) for event in from_.triggers)
    moment = min((day for day in dates if day is not None), default=None)
    if moment is None:
        return Due(None, frozenset({NO_DATE}))
    found = Due(moment)
    if deadline.less is not None:
        found = back(days, moment, deadline.less)
    elif deadline.plus is not None:
        found = moved(days, moment, deadline.plus, ())
    return Due(max(found.at, from_.arose), found.flags) if found.at is not None else found


def back(days: Timetable, moment: datetime, distance: Distance) -> Due:
    """A distance before a moment; school and working days count back to 00:00."""
    if isinstance(distance, Span):
        return Due(subtract(moment, distance))
    day, assumed, _ = days.nth(moment.date(), -distance.n, working=not isinstance(distance, SchoolDays))
    return Due(start_of(day), _flags(assumed)) if day is not None else Due(None, frozenset({NO_CALENDAR}))
