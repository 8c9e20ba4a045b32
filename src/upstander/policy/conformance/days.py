"""Days and durations as tables: months, school days, terms and school years without a loop (§2, §5).

A *minute* is counted from 1970-01-01T00:00 in civil time, a *day* from the same. Every answer is that of ``policy.arithmetic`` and
``policy.calendar``; a test compares them day by day. The tables reach from 1900 to 2199.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from upstander.policy.calendar import LOOK_AHEAD, Calendar
from upstander.policy.model import CalendarHints, Distance, SchoolDays, Span

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

DAY = 1440
FAR = 1 << 50
"""Later than every moment: *none*."""
EPOCH = datetime(1970, 1, 1)
_FIRST, _LAST = date(1900, 1, 1), date(2199, 12, 31)
_ORIGIN = date(1970, 1, 1).toordinal()
BEFORE = _ORIGIN - _FIRST.toordinal()
"""How many days the tables hold before 1970-01-01: the place of a day is ``day + BEFORE``."""
SIZE = _LAST.toordinal() - _FIRST.toordinal() + 1


def minute_of(moment: datetime) -> int:
    """A moment as minutes since 1970."""
    return (moment - EPOCH) // timedelta(minutes=1)


def moment_of(minute: int) -> datetime:
    return EPOCH + timedelta(minutes=int(minute))


def day_of(day: date) -> int:
    return day.toordinal() - _ORIGIN


def _month_tables() -> tuple[Ints, Ints, Ints, Ints]:
    """For each day its month (from January 1900) and its place in it; for each month its first day and length."""
    firsts = np.arange("1900-01", "2200-01", dtype="datetime64[M]").astype("datetime64[D]").astype(np.int64)
    lengths = np.diff(np.append(firsts, day_of(_LAST) + 1))
    month = np.repeat(np.arange(len(firsts)), lengths)
    place = np.arange(SIZE) - BEFORE - firsts[month]
    return month.astype(np.int64), place, firsts, lengths


MONTH, PLACE, MONTH_FIRST, MONTH_LENGTH = _month_tables()
WEEKDAY = (np.arange(SIZE) - BEFORE + 3) % 7
"""Monday is 0."""


def add(minutes: Ints, span: Span) -> Ints:
    """The moments a duration later; a missing day of the month is its last day."""
    if span.months:
        minutes = _months_on(minutes, span.months)
    return minutes + (span.days * DAY + span.minutes)


def subtract(minutes: Ints, span: Span) -> Ints:
    if span.months:
        minutes = _months_on(minutes, -span.months)
    return minutes - (span.days * DAY + span.minutes)


def _months_on(minutes: Ints, months: int) -> Ints:
    day = minutes // DAY
    month = MONTH.take(day + BEFORE) + months
    place = np.minimum(PLACE.take(day + BEFORE), MONTH_LENGTH.take(month) - 1)
    found: Ints = (MONTH_FIRST.take(month) + place) * DAY + (minutes - day * DAY)
    return found


def add_times(minutes: Ints, span: Span, times: Ints, owner: Ints) -> Ints:
    """For each owner's moment the moments so many times the duration later, months first. ``owner`` belongs to ``times``."""
    if not span.months:
        return minutes.take(owner) + (span.days * DAY + span.minutes) * times
    day = minutes // DAY
    month = (MONTH.take(day + BEFORE)).take(owner) + span.months * times
    place = np.minimum(PLACE.take(day + BEFORE).take(owner), MONTH_LENGTH.take(month) - 1)
    found: Ints = (MONTH_FIRST.take(month) + place) * DAY + (minutes - day * DAY).take(owner)
    if span.days or span.minutes:
        found += (span.days * DAY + span.minutes) * times
    return found


def add_quiet(minutes: Ints, span: Span) -> Ints:
    """When a quiet time is full; a missing day of the month is the 1st of the next, at the same clock time."""
    if span.months:
        day = minutes // DAY
        month, place = MONTH[day + BEFORE] + span.months, PLACE[day + BEFORE]
        day_there = MONTH_FIRST[month] + np.minimum(place, MONTH_LENGTH[month])
        minutes = day_there * DAY + (minutes - day * DAY)
    return minutes + (span.days * DAY + span.minutes)


@dataclass(eq=False)
class Days:
    """A school's timetable as tables by day; the place of a day is ``day + BEFORE``."""

    school: Mask
    working: Mask
    assumed: Mask
    starts: Ints
    ends: Ints
    year_first: Ints
    year_end: Ints
    term: Ints
    term_from: Ints
    terms: tuple[tuple[str, int, int], ...]

    def __post_init__(self) -> None:
        self._places = {False: np.flatnonzero(self.school), True: np.flatnonzero(self.working)}
        self._counts = {False: np.cumsum(self.school), True: np.cumsum(self.working)}
        self._assumed_before = np.concatenate(([0], np.cumsum(self.assumed)))
        term_first = np.array([first for _, first, _ in self.terms] + [FAR], dtype=np.int64)
        term_last = np.array([last for _, _, last in self.terms] + [FAR], dtype=np.int64)
        self.term_first, self.term_last = term_first, term_last

    def any_assumed(self, first: Ints, last: Ints) -> Mask:
        """Whether a day from one to another, both included, is assumed."""
        a, b = np.clip(first + BEFORE, 0, SIZE), np.clip(last + BEFORE + 1, 0, SIZE)
        found: Mask = self._assumed_before[b] > self._assumed_before[a]
        return found

    def nth(self, day: Ints, n: int, *, working: bool = False) -> tuple[Ints, Mask]:
        """The n-th school or working day after a day (before, where n is negative), FAR if there is none; and whether one of the
        days looked at was assumed."""
        places, counts = self._places[working], self._counts[working]
        before = counts[day + BEFORE] if n > 0 else counts[day + BEFORE - 1]
        place = before + (n - 1 if n > 0 else n)
        inside = (place >= 0) & (place < len(places))
        if not len(places):
            return np.full(len(day), FAR), np.zeros(len(day), dtype=bool)
        found = places[np.clip(place, 0, len(places) - 1)] - BEFORE
        inside &= np.abs(found - day) <= LOOK_AHEAD + abs(n) * 10
        assumed = self.any_assumed(day + 1, found) if n > 0 else self.any_assumed(found, day - 1)
        return np.where(inside, found, FAR), assumed & inside

    def after(self, minutes: Ints, distance: Distance, *, quiet: bool = False) -> Ints:
        """A distance after a moment; N days end with the N-th, FAR where there is none."""
        if isinstance(distance, Span):
            return add_quiet(minutes, distance) if quiet else add(minutes, distance)
        day, _ = self.nth(minutes // DAY, distance.n, working=not isinstance(distance, SchoolDays))
        return np.where(day == FAR, FAR, day * DAY + DAY - 1)

    def school_hours(self, minutes: Ints) -> Mask:
        day = minutes // DAY
        place, clock = day + BEFORE, minutes - day * DAY
        inside: Mask = self.school[place] & (self.starts[place] <= clock) & (clock <= self.ends[place])
        return inside


@lru_cache(maxsize=32)
def days_of(calendar: Calendar | None, hints: CalendarHints) -> Days:
    """The tables of a calendar under a pack's hints."""
    first_month = calendar.first_month if calendar is not None else hints.first_month
    own_terms = calendar.terms if calendar is not None else ()
    terms = tuple((term.id, day_of(term.first), day_of(term.last)) for term in own_terms)
    year_first, year_end = _school_years(first_month)
    data = np.zeros(SIZE, dtype=bool)
    for _, first, last in terms:
        for day in (first, last):
            data |= year_first == year_first[day + BEFORE]
    term, term_from = np.full(SIZE, len(terms)), np.full(SIZE, len(terms))
    for number, (_, first, last) in reversed(list(enumerate(terms))):
        term[first + BEFORE : last + BEFORE + 1] = number
        term_from[: last + BEFORE + 1] = number
    school, working = ~np.isin(WEEKDAY, hints.weekend), ~np.isin(WEEKDAY, hints.weekend)
    starts, ends = np.full(SIZE, hints.starts), np.full(SIZE, hints.ends)
    if calendar is not None:
        free = np.isin(WEEKDAY, calendar.weekend)
        known = (term < len(terms)) & ~free & ~_marked(calendar.closed)
        school = np.where(data, known | _marked(calendar.open), school)
        working = ~free & ~_marked(calendar.public_holidays)
        starts, ends = np.where(data, calendar.starts, starts), np.where(data, calendar.ends, ends)
    return Days(school, working, ~data, starts, ends, year_first, year_end, term, term_from, terms)


def _school_years(first_month: int) -> tuple[Ints, Ints]:
    """For each day the first day of its school year, and the first of the next."""
    begins = MONTH - (MONTH - (first_month - 1)) % 12
    first = np.where(begins >= 0, MONTH_FIRST[np.maximum(begins, 0)], -BEFORE)
    following = np.minimum(begins + 12, len(MONTH_FIRST) - 1)
    return first, MONTH_FIRST[following]


def _marked(days: frozenset[date]) -> Mask:
    marked = np.zeros(SIZE, dtype=bool)
    for day in days:
        place = day_of(day) + BEFORE
        if 0 <= place < SIZE:
            marked[place] = True
    return marked
