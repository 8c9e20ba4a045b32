"""§2 The calendar of the school, and its absence."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from upstander.policy.calendar import Calendar, CalendarError, Timetable
from upstander.policy.model import CalendarHints, Period
from upstander.policy.tests.small import CALENDAR, log

SEEN = "2026-05-11T10:00 seen target=s1"
TELL = "duties: {d: {when: seen, for each: target, must: told, by: %s, who: teacher}}"
DAYS = Timetable(CALENDAR, CalendarHints())
NO_DATA = Timetable(None, CalendarHints(first_month=4, weekend=(4, 5), starts=480, ends=900))


def day(text: str) -> date:
    return date.fromisoformat(text)


def test_files_of_the_school():
    """Calendar: files of the school, frozen for the year: school days, terms, school years, start and end of the
    school day, working days"""
    calendar = Calendar.from_data(CALENDAR.to_data())

    assert calendar == CALENDAR
    with pytest.raises(CalendarError):
        Calendar.from_data({"terms": [{"from": "2026-05-02", "to": "2026-05-01"}]})
    with pytest.raises(CalendarError):
        Calendar.from_data({"holidays": []})


@pytest.mark.parametrize(
    ("when", "there"),
    [
        ("2026-05-11", True),  # a Monday in term
        ("2026-05-10", False),  # a Sunday
        ("2026-05-25", False),  # closed
        ("2026-05-30", True),  # a Saturday that is open
        ("2026-04-13", False),  # the day before a term
        ("2026-04-14", True),
        ("2026-07-21", True),
        ("2026-07-22", False),
    ],
)
def test_school_days(when, there):
    """there a school day is an open day, or a day inside a term that is neither weekend nor closed"""
    assert DAYS.is_school_day(day(when)) is there


def test_where_it_has_data():
    """It has data for each school year (from the 1st of first month) in which one of its terms lies"""
    assert [DAYS.has_data(day(text)) for text in ("2025-08-31", "2025-09-01", "2026-08-31", "2026-09-01")] == [
        False,
        True,
        True,
        False,
    ]
    assert DAYS.school_year(day("2026-08-31")) == (day("2025-09-01"), day("2026-08-31"))
    late = Timetable(
        Calendar.from_data({"first month": 9, "terms": [{"from": "2025-08-20", "to": "2025-10-01"}]}), CalendarHints()
    )
    assert [late.has_data(day(text)) for text in ("2024-09-01", "2026-08-31", "2026-09-01")] == [True, True, False]


def test_assumed(school):
    """Elsewhere, with the flag calendar assumed, a school day is Monday to Friday, 08:30–15:30 unless the pack's
    calendar hints say otherwise"""
    here = school(TELL % "1 school day", calendar=None)
    found = here.duty(log("2026-05-15T10:00 seen target=s1"), "2026-05-15T10:00")

    assert (found.due, found.flags) == (datetime(2026, 5, 18, 23, 59), ("calendar assumed",))
    assert school(TELL % "1 school day").duty(log(SEEN), "2026-05-11T10:00").flags == ()
    plain = Timetable(None, CalendarHints())
    assert (plain.hours(day("2026-05-11")), NO_DATA.hours(day("2026-05-11"))) == ((510, 930), (480, 900))
    assert [NO_DATA.is_school_day(day(f"2026-05-{n}")) for n in (14, 15, 16, 17)] == [True, False, False, True]


def test_what_needs_a_term(school):
    """what needs a term is pending with due: null, flag calendar missing"""
    found = school(TELL % "end of term", calendar=None).duty(log(SEEN), "2027-01-01T00:00")

    assert (found.state.value, found.due, found.flags) == ("pending", None, ("calendar missing",))


def test_working_days():
    """A working day is neither weekend nor in public holidays"""
    assert [DAYS.is_working_day(day(text)) for text in ("2026-05-03", "2026-05-04", "2026-05-25", "2026-08-10")] == [
        False,
        False,
        True,
        True,
    ]
    assert [NO_DATA.is_working_day(day(f"2026-05-{n}")) for n in (14, 15, 17)] == [True, False, True]


def test_weeks():
    """Weeks run Monday to Sunday"""
    assert next(DAYS.periods(Period.WEEK, day("2026-05-17"))) == (day("2026-05-11"), day("2026-05-17"))
    assert next(DAYS.periods(Period.WEEK, day("2026-05-18"))) == (day("2026-05-18"), day("2026-05-24"))


@pytest.mark.parametrize(("clock", "inside"), [("08:29", False), ("08:30", True), ("15:30", True), ("15:31", False)])
def test_school_hours(clock, inside):
    """school hours include their last minute"""
    assert DAYS.in_school_hours(datetime.fromisoformat(f"2026-05-11T{clock}")) is inside
    assert not DAYS.in_school_hours(datetime.fromisoformat(f"2026-05-10T{clock}"))


def test_days_to_come(school):
    """A calendar may be changed only for days to come, so no final state changes (a due may)"""
    events = log(SEEN, "2026-05-12T10:00 told target=s1", "2026-05-21T10:00 seen target=s2")
    closed = Calendar.from_data({**CALENDAR.to_data(), "closed": ["2026-05-04", "2026-05-22", "2026-05-25"]})
    before = school(TELL % "1 school day").duties(events, "2026-05-21T11:00")
    after = school(TELL % "1 school day", calendar=closed).duties(events, "2026-05-21T11:00")

    assert before[0] == after[0]
    assert (before[1].due, after[1].due) == (datetime(2026, 5, 22, 23, 59), datetime(2026, 5, 26, 23, 59))
