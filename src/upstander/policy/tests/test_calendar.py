"""Calendar arithmetic, exhaustively over a few years: all days, all durations, against a count that a child could do."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest

from upstander.policy.arithmetic import LAST_MOMENT, add, add_quiet, read_moment, subtract, times
from upstander.policy.calendar import Calendar, CalendarError, Timetable
from upstander.policy.model import CalendarHints, Period, Span
from upstander.policy.tests.small import CALENDAR

HINTS = CalendarHints(first_month=9)
DAY = timedelta(days=1)
DAYS = [date(2025, 9, 1) + DAY * n for n in range(340)]
YEARS = [datetime(2023, 12, 1, 8, 30) + DAY * n for n in range(1600)]


@pytest.mark.parametrize("months", [1, 2, 3, 6, 11, 12, 13])
def test_a_missing_day_of_the_month_is_its_last_day_and_for_a_quiet_time_the_1st_of_the_next(months):
    for moment in YEARS:
        index = moment.year * 12 + moment.month - 1 + months
        year, month = index // 12, index % 12 + 1
        length = monthrange(year, month)[1]
        there = datetime(year, month, min(moment.day, length), 8, 30)

        assert add(moment, Span(months=months)) == there
        assert add_quiet(moment, Span(months=months)) == (there if moment.day <= length else there + DAY)
        assert subtract(there, Span(months=months)) <= moment


def test_months_are_added_first_then_days_then_minutes():
    assert add(datetime(2026, 1, 31, 23, 59), Span(1, 1, 1)) == datetime(2026, 3, 2, 0, 0)


def test_the_nth_school_day_is_the_nth_that_one_counts():
    timetable = Timetable(CALENDAR, HINTS)
    school_days = [day for day in DAYS if timetable.is_school_day(day)]

    for day in DAYS[:250]:
        later = [other for other in school_days if other > day]
        earlier = [other for other in reversed(school_days) if other < day]
        for n in (1, 2, 3, 5, 10):
            assert timetable.nth(day, n)[0] == later[n - 1]
            if len(earlier) >= n:
                assert timetable.nth(day, -n)[0] == earlier[n - 1]
        assert timetable.nth(day, 3)[2] == tuple(
            other for other in DAYS if day < other < later[2] and other not in school_days
        )


def test_a_school_day_is_an_open_day_or_a_day_in_a_term_that_is_neither_weekend_nor_closed():
    timetable = Timetable(CALENDAR, HINTS)

    for day in DAYS:
        in_term = any(term.first <= day <= term.last for term in CALENDAR.terms)
        expected = day in CALENDAR.open or (in_term and day.weekday() < 5 and day not in CALENDAR.closed)
        assert timetable.is_school_day(day) is expected
        assert not timetable.assumed(day)


def test_where_the_calendar_has_no_data_monday_to_friday_are_assumed():
    timetable = Timetable(CALENDAR, HINTS)

    for day in (date(2026, 9, 1) + DAY * n for n in range(400)):
        assert timetable.assumed(day)
        assert timetable.is_school_day(day) is (day.weekday() < 5)


def test_school_years_begin_on_the_1st_of_the_first_month():
    timetable = Timetable(CALENDAR, HINTS)

    for day in DAYS:
        first, last = timetable.school_year(day)
        assert first <= day <= last
        assert (first.day, first.month, last + DAY) == (1, 9, date(first.year + 1, 9, 1))


@pytest.mark.parametrize("period", [period for period in Period if period is not Period.TERM])
def test_periods_follow_one_another_and_hold_their_day(period):
    timetable = Timetable(CALENDAR, HINTS)
    for day in DAYS[::7]:
        periods = timetable.periods(period, day)
        several = [next(periods) for _ in range(4)]

        assert several[0][1] >= day
        assert all(first <= last for first, last in several)
        assert all(before[1] < after[0] for before, after in pairwise(several))


def test_terms_have_numbers_within_their_school_year():
    timetable = Timetable(CALENDAR, HINTS)

    assert [timetable.number_of(term) for term in CALENDAR.terms] == [1, 2, 3]
    assert timetable.term_from(date(2026, 4, 1)).id == "summer"
    assert timetable.is_holiday(date(2026, 4, 1))


def test_the_nearest_school_day_and_of_two_the_earlier():
    timetable = Timetable(CALENDAR, HINTS)

    assert timetable.nearest_school_day(date(2026, 5, 16))[0] == date(2026, 5, 15)
    assert timetable.nearest_school_day(date(2026, 5, 17))[0] == date(2026, 5, 18)


def test_a_school_without_any_school_day_has_no_nth():
    timetable = Timetable(None, CalendarHints(weekend=tuple(range(7))))

    assert timetable.nth(date(2026, 5, 1), 1)[0] is None


def test_the_file_of_a_calendar_reads_back_the_same():
    assert Calendar.from_data(CALENDAR.to_data()) == CALENDAR


@pytest.mark.parametrize(
    "data",
    [
        {"trems": []},
        {"terms": [{"from": "2026-01-01"}]},
        {"terms": [{"from": "2026-02-01", "to": "2026-01-01"}]},
        {"closed": ["tomorrow"]},
        {"weekend": ["someday"]},
        {"first month": 13},
        {"school day": {"starts": "25:00"}},
    ],
)
def test_a_calendar_that_cannot_be_read_names_the_entry(data):
    with pytest.raises(CalendarError, match=r"\w"):
        Calendar.from_data(data)


def test_what_is_due_beyond_all_dates_is_due_at_the_last_moment():
    assert add(datetime(2026, 1, 1), Span(months=12 * 9000)) == LAST_MOMENT
    assert times(Span(1, 2, 3), 4) == Span(4, 8, 12)


def test_a_date_is_the_last_minute_of_its_day():
    assert read_moment("2026-05-11") == datetime(2026, 5, 11, 23, 59)
    assert read_moment("2026-05-11T10:20") == datetime(2026, 5, 11, 10, 20)
    assert read_moment("soon") is None
