"""The tables of days answer as the calendar and the arithmetic do, for every day and every duration."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

import numpy as np
import pytest

from upstander.policy import arithmetic
from upstander.policy.calendar import Timetable
from upstander.policy.conformance import days as tables
from upstander.policy.conformance.days import BEFORE, DAY, FAR, day_of, days_of, minute_of, moment_of
from upstander.policy.model import CalendarHints, Span
from upstander.policy.tests.drawn import _calendar
from upstander.policy.tests.small import CALENDAR

HINTS = CalendarHints(first_month=4)
ALL_DAYS = [date(2023, 1, 1) + timedelta(days=n) for n in range(365 * 5)]
SPANS = [Span(months=n) for n in (1, 2, 3, 11, 12, 13, 25)] + [Span(days=5), Span(minutes=61), Span(1, 1, 1)]
CALENDARS = [None, CALENDAR, _calendar(Random(1)), _calendar(Random(5))]


@pytest.mark.parametrize("span", SPANS)
def test_a_duration_is_added_on_every_day_as_the_arithmetic_does(span):
    moments = [datetime(day.year, day.month, day.day, 10, 20) for day in ALL_DAYS]
    minutes = np.array([minute_of(moment) for moment in moments])

    for table, plain in (
        (tables.add, arithmetic.add),
        (tables.add_quiet, arithmetic.add_quiet),
        (tables.subtract, arithmetic.subtract),
    ):
        assert [moment_of(minute) for minute in table(minutes, span)] == [plain(moment, span) for moment in moments]
    thrice = tables.add_times(minutes, span, np.full(len(minutes), 3), np.arange(len(minutes)))
    assert [moment_of(minute) for minute in thrice] == [
        arithmetic.add(moment, arithmetic.times(span, 3)) for moment in moments
    ]


@pytest.mark.parametrize("calendar", CALENDARS, ids=["none", "small", "drawn-1", "drawn-5"])
def test_every_day_is_what_the_timetable_says(calendar):
    days, timetable = days_of(calendar, HINTS), Timetable(calendar, HINTS)

    for day in ALL_DAYS:
        place = day_of(day) + BEFORE
        assert bool(days.school[place]) == timetable.is_school_day(day)
        assert bool(days.working[place]) == timetable.is_working_day(day)
        assert bool(days.assumed[place]) == timetable.assumed(day)
        assert (days.starts[place], days.ends[place]) == timetable.hours(day)
        first, last = timetable.school_year(day)
        assert (days.year_first[place], days.year_end[place] - 1) == (day_of(first), day_of(last))
        for mine, theirs in ((days.term, timetable.term_of(day)), (days.term_from, timetable.term_from(day))):
            expected = day_of(theirs.last) if theirs is not None else FAR
            assert days.term_last[mine[place]] == expected


@pytest.mark.parametrize("n", [1, 2, 7, -1, -3])
@pytest.mark.parametrize("working", [False, True])
@pytest.mark.parametrize("calendar", CALENDARS, ids=["none", "small", "drawn-1", "drawn-5"])
def test_the_nth_day_is_counted_from_every_day_as_the_timetable_does(calendar, working, n):
    timetable = Timetable(calendar, HINTS)
    found, assumed = days_of(calendar, HINTS).nth(np.array([day_of(day) for day in ALL_DAYS]), n, working=working)

    for day, mine, flag in zip(ALL_DAYS, found, assumed, strict=True):
        expected, expected_assumed, _ = timetable.nth(day, n, working=working)
        assert mine == (day_of(expected) if expected is not None else FAR)
        assert expected is None or bool(flag) == expected_assumed


def test_school_hours_include_their_last_minute():
    days, timetable = days_of(CALENDAR, HINTS), Timetable(CALENDAR, HINTS)
    minutes = np.arange(minute_of(datetime(2026, 3, 20)), minute_of(datetime(2026, 4, 2)))

    expected = [timetable.in_school_hours(moment_of(minute)) for minute in minutes]
    assert days.school_hours(minutes).tolist() == expected
    assert DAY == 24 * 60
