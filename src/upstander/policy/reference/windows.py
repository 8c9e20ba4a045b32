"""Windows: the periods of ``repeat`` (§4.7) and those of ``in`` and ``on`` (§4.8)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import count
from typing import NamedTuple

from upstander.policy.arithmetic import DAY, LAST_MOMENT, add, end_of, read_moment, start_of, times
from upstander.policy.calendar import LOOK_AHEAD, Term, Timetable
from upstander.policy.log import Event
from upstander.policy.model import (
    AtClock,
    Between,
    Deadline,
    InMonths,
    InTerms,
    OnDay,
    Period,
    RepeatEach,
    RepeatEvery,
    Said,
    Window,
)
from upstander.policy.reference.deadlines import ASSUMED, NO_CALENDAR, NO_DATE


class Stretch(NamedTuple):
    """A window; ``end`` None: it cannot be reckoned, ``flags`` say why.

    ``after_start``: an event of its first minute belongs to the window before.
    """

    start: datetime
    end: datetime | None
    flags: frozenset[str] = frozenset()
    after_start: bool = False


def repeating(
    rule: RepeatEvery | RepeatEach, days: Timetable, first: datetime, by: Deadline | None
) -> Iterator[Stretch]:
    """The windows of a series, in order, without end; ``first``: the first arising."""
    if isinstance(rule, RepeatEvery):
        yield from _every(rule, first)
    else:
        yield from _each(rule.period, days, first, by)


def _every(rule: RepeatEvery, first: datetime) -> Iterator[Stretch]:
    for k in count():
        start, end = add(first, times(rule.span, k)), add(first, times(rule.span, k + 1))
        if start >= LAST_MOMENT or end <= start:
            return
        yield Stretch(start, end, frozenset(), after_start=k > 0)


def _each(period: Period, days: Timetable, first: datetime, by: Deadline | None) -> Iterator[Stretch]:
    """Whole periods, the first from the arising on; those without a school day left are skipped."""
    reached = useful = first.date()
    for whole_first, whole_last in days.periods(period, first.date()):
        if (whole_first - useful).days > LOOK_AHEAD:
            return  # no school day for years: a Saturday that is never one
        start, end = max(start_of(whole_first), first), end_of(whole_last)
        school_day, assumed = days.first_school_day(start.date(), whole_last)
        reached = whole_last + DAY
        if school_day is None or (start > start_of(whole_first) and _passed(by, start, school_day)):
            continue
        useful = whole_last
        yield Stretch(start, end, frozenset({ASSUMED}) if assumed else frozenset())
    if period is Period.TERM:
        yield from _terms_unknown(days, max(first, start_of(reached)))


def _passed(by: Deadline | None, start: datetime, school_day: date) -> bool:
    """Whether the time of ``HH:MM`` on the first school day has passed when a first window begins."""
    while isinstance(by, Said):
        by = by.means
    return isinstance(by, AtClock) and start > start_of(school_day) + timedelta(hours=by.hour, minutes=by.minute)


def _terms_unknown(days: Timetable, start: datetime) -> Iterator[Stretch]:
    """Where the calendar ends, one window that waits for it: what needs a term is pending with the flag."""
    while days.has_data(start.date()):
        start = start_of(days.school_year(start.date())[1] + DAY)
    yield Stretch(start, None, frozenset({NO_CALENDAR}))


def fixed(window: Window, days: Timetable, arose: datetime, triggers: tuple[Event, ...]) -> list[Stretch]:
    """The windows of ``in`` and ``on``: of each, the first that has not ended at the arising."""
    match window:
        case InMonths(months):
            return [_month(month, arose) for month in months]
        case InTerms(names):
            return [_term(name, days, arose) for name in names]
        case OnDay():
            return [_day(window, days, arose)]
        case Between(from_field, to_field):
            return [_between(from_field, to_field, arose, triggers)]


def _month(month: int, arose: datetime) -> Stretch:
    year = arose.year if arose.month <= month else arose.year + 1
    first = date(year, month, 1)
    return Stretch(start_of(first), end_of((first + timedelta(days=31)).replace(day=1) - DAY))


def _term(name: str, days: Timetable, arose: datetime) -> Stretch:
    def named(term: Term) -> bool:
        return name in (term.id, str(days.number_of(term)))

    term = next((term for term in days.terms if named(term) and arose <= end_of(term.last)), None)
    if term is None:
        return Stretch(arose, None, frozenset({NO_CALENDAR}))
    return Stretch(start_of(term.first), end_of(term.last))


def _day(window: OnDay, days: Timetable, arose: datetime) -> Stretch:
    for year in count(arose.year - 1):
        last = ((date(year, window.month, 1) + timedelta(days=31)).replace(day=1) - DAY).day
        day, assumed = date(year, window.month, min(window.day, last)), False
        if window.or_nearest_school_day:
            day, assumed = days.nearest_school_day(day)
        if arose <= end_of(day):
            return Stretch(start_of(day), end_of(day), frozenset({ASSUMED}) if assumed else frozenset())
    raise AssertionError("years do not end")


def _between(from_field: str, to_field: str, arose: datetime, triggers: tuple[Event, ...]) -> Stretch:
    starts = [moment for event in triggers if (moment := read_moment(event.fields.get(from_field))) is not None]
    ends = [moment for event in triggers if (moment := read_moment(event.fields.get(to_field))) is not None]
    if not starts or not ends:
        return Stretch(arose, None, frozenset({NO_DATE}))
    first = min(starts)
    opens = start_of(first.date()) if first == end_of(first.date()) else first
    return Stretch(opens, max(min(ends), arose))
