"""Calendar arithmetic, exhaustively: every day of two school years × every duration that the packs use, against plain counting."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import islice

import pytest

from upstander.policy import compiled, reference
from upstander.policy.arithmetic import add, add_quiet, subtract
from upstander.policy.calendar import Calendar, Term, Timetable
from upstander.policy.compiled.days import Days
from upstander.policy.compiled.windows import windows
from upstander.policy.log import Event
from upstander.policy.model import (
    Alternative,
    AtClock,
    CalendarHints,
    Duty,
    EventKind,
    In,
    KeyName,
    Pack,
    Pattern,
    Period,
    RepeatEach,
    RepeatEvery,
    SchoolDays,
    Series,
    SimpleDeadline,
    Span,
    WhenEvent,
    WorkingDays,
)
from upstander.policy.reference.windows import repeating
from upstander.policy.tests import shipped
from upstander.policy.tests.drawn import SPANS

FIRST, LAST = date(2026, 4, 1), date(2028, 3, 31)
EVERY_DAY = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
CLOCKS = (time(0, 0), time(8, 30), time(15, 31), time(23, 59))
CALENDAR = Calendar(
    "Asia/Tokyo",
    first_month=4,
    terms=tuple(
        Term(name, date(year + late, *first), date(year + late, *last))
        for year in (2026, 2027)
        for name, late, first, last in (
            ("1", 0, (4, 6), (7, 20)),
            ("2", 0, (8, 27), (12, 24)),
            ("3", 1, (1, 8), (3, 24)),
        )
    ),
    public_holidays=frozenset({date(2026, 4, 29), date(2026, 5, 4), date(2027, 1, 11), date(2028, 2, 11)}),
    closed=frozenset({date(2026, 4, 29), date(2026, 5, 4), date(2026, 9, 22), date(2027, 1, 11), date(2028, 2, 11)}),
    open=frozenset({date(2026, 10, 31), date(2027, 5, 30)}),
)


def pack_with(**more: object) -> Pack:
    """One duty for each target whom somebody has seen."""
    seen, told = (Pattern((Alternative(kind),)) for kind in ("seen", "told"))
    duty = Duty("asked-for", WhenEvent(seen), (told,), (KeyName("target"),), **more)  # type: ignore[arg-type]
    kinds = {kind: EventKind(kind, about=("target",)) for kind in ("seen", "told")}
    hints = CalendarHints(first_month=4)
    return Pack("p", "P", "1", FIRST, "ja", "Asia/Tokyo", events=kinds, duties={duty.id: duty}, hints=hints)


@cache
def durations() -> tuple[frozenset[Span], frozenset[int], frozenset[int]]:
    """Every duration of every pack, with those that logs are drawn around: spans, school days, working days."""
    found: set[object] = set(SPANS)
    seen: set[int] = set()

    def look(part: object) -> None:
        if isinstance(part, Span | SchoolDays | WorkingDays):
            found.add(part)
        elif isinstance(part, dict):
            for inner in part.values():
                look(inner)
        elif isinstance(part, tuple):
            for inner in part:
                look(inner)
        elif is_dataclass(part) and id(part) not in seen:
            seen.add(id(part))
            for field in fields(part):
                look(getattr(part, field.name))

    for name in ("jp-junior-high", "gb-secondary", "starter"):
        pack = shipped.pack(name)
        look((pack.facts, pack.duties, pack.closure, pack.records))
    return (
        frozenset(part for part in found if isinstance(part, Span)),
        frozenset(part.n for part in found if isinstance(part, SchoolDays)) | {1, 2, 10},
        frozenset(part.n for part in found if isinstance(part, WorkingDays)) | {1, 2, 10},
    )


def plain_month(year: int, month: int, day: int, step: int) -> date:
    """The day of a month; where the month lacks it, the nearest that exists back (-1) or on (1)."""
    while True:
        try:
            return date(year, month, day)
        except ValueError:
            if step > 0:
                return date(year, month + 1, 1) if month < 12 else date(year + 1, 1, 1)
            day -= 1


def plainly(moment: datetime, span: Span, step: int) -> datetime:
    """A duration after a moment: months one by one, then days, then minutes."""
    year, month = moment.year, moment.month
    for _ in range(abs(span.months)):
        month += 1 if span.months > 0 else -1
        if month == 13:
            year, month = year + 1, 1
        if month == 0:
            year, month = year - 1, 12
    day = plain_month(year, month, moment.day, step)
    return datetime.combine(day, moment.time()) + timedelta(days=span.days, minutes=span.minutes)


def school_days() -> list[date]:
    """Every school day, by the words of the language: `open`, or inside a term and neither weekend nor `closed`."""
    return [
        day
        for day in EVERY_DAY
        if day in CALENDAR.open
        or (
            any(term.first <= day <= term.last for term in CALENDAR.terms)
            and day.weekday() < 5
            and day not in CALENDAR.closed
        )
    ]


def test_a_missing_day_of_the_month_is_its_last_day():
    """A missing day of the month is its last day, at the same clock time."""
    for span in durations()[0]:
        for day in EVERY_DAY:
            for clock in CLOCKS:
                moment = datetime.combine(day, clock)
                assert add(moment, span) == plainly(moment, span, -1), (moment, span)


def test_a_missing_day_of_a_quiet_time_is_the_first_of_the_next_month():
    """Of a quiet time a missing day of the month is the 1st of the next."""
    for span in durations()[0]:
        for day in EVERY_DAY:
            moment = datetime.combine(day, time(9, 41))
            assert add_quiet(moment, span) == plainly(moment, span, 1), (moment, span)


def test_counting_back():
    """``less`` and ``remind`` count back: months first, then days, then minutes."""
    for span in durations()[0]:
        for day in EVERY_DAY:
            moment = datetime.combine(day, time(9, 41))
            rest = timedelta(days=span.days, minutes=span.minutes)
            assert subtract(moment, span) == plainly(moment, Span(-span.months), -1) - rest, (moment, span)


def test_the_nth_school_day_and_working_day():
    """N school days end with the Nth after the day of arising; a working day is neither weekend nor public holiday."""
    days = Timetable(CALENDAR, CalendarHints())
    school = school_days()
    working = [day for day in EVERY_DAY if day.weekday() < 5 and day not in CALENDAR.public_holidays]
    for counted, numbers, are_working in ((school, durations()[1], False), (working, durations()[2], True)):
        for n in numbers:
            for day in EVERY_DAY:
                after, before = bisect_right(counted, day) + n - 1, bisect_left(counted, day) - n
                if after < len(counted):
                    assert days.nth(day, n, working=are_working)[0] == counted[after], (day, n)
                if before >= 0:
                    assert days.nth(day, -n, working=are_working)[0] == counted[before], (day, n)


def test_every_day_is_a_school_day_or_not():
    """A school day is an `open` day, or a day inside a term that is neither weekend nor `closed`."""
    days, school = Timetable(CALENDAR, CalendarHints()), set(school_days())
    for day in EVERY_DAY:
        assert days.is_school_day(day) == (day in school), day


def test_the_windows_of_both_strategies_are_the_same_from_every_day_on():
    """Window k is [a + kD, a + (k+1)D], all reckoned from the first arising; whole periods of the calendar begin anew."""
    days = Days(CALENDAR, CalendarHints(first_month=4))
    rules = [RepeatEvery(span) for span in durations()[0]] + [RepeatEach(period) for period in Period]
    for rule in rules:
        duty = pack_with(recurrence=rule).duties["asked-for"]
        for day in EVERY_DAY:
            first = datetime.combine(day, time(9, 41))
            plain = [_shape(window) for window in islice(repeating(rule, days, first, None), 4)]
            assert [_shape(window) for window in islice(windows(duty, days, first), 4)] == plain, (rule, day)
            for start, *rest in plain[2:]:
                later = windows(duty, days, first, start)
                assert _shape(next(found for found in later if found.start >= start)) == (start, *rest), (rule, day)


def _shape(window):
    return window.start, window.end, window.flags, window.after_start


@pytest.mark.parametrize(
    "by",
    [
        SimpleDeadline.SAME_DAY,
        SimpleDeadline.END_OF_SCHOOL_DAY,
        SimpleDeadline.END_OF_TERM,
        SimpleDeadline.END_OF_SCHOOL_YEAR,
        In(Span(months=1)),
        In(Span(minutes=120)),
        In(SchoolDays(3)),
        In(WorkingDays(2)),
        AtClock(15, 30),
    ],
    ids=str,
)
def test_both_strategies_set_the_same_due_moment_on_every_day(by):
    """9. The same log under the strategies gives the same verdicts: the due moment of an event on every day of two years."""
    series = Series((pack_with(by=by),))
    for number, day in enumerate(EVERY_DAY):
        at = datetime.combine(day, CLOCKS[number % len(CLOCKS)])
        log = [Event("e1", "seen", at, at, about={"target": ("s1",)})]
        found, plain = (
            strategy.picture(series, log, CALENDAR, at, kind="case", record="c") for strategy in (compiled, reference)
        )
        assert found == plain, at
