"""School days, terms, school years, working days and school hours, as a school froze them for the year (§2, §11).

``Calendar`` is the file of the school. ``Timetable`` is what rules ask: the calendar with the pack's hints for days of which the
calendar has no data. Nothing here knows what day it is today.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from upstander.policy.arithmetic import DAY, end_of
from upstander.policy.model import CalendarHints, Period

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORT = tuple(name[:3] for name in WEEKDAYS)
LOOK_AHEAD = 1100
"""Days after which a search for a school day gives up: a calendar without any has no due moment."""


class CalendarError(ValueError):
    """A calendar file that cannot be read; the text names the entry."""


@dataclass(frozen=True, slots=True)
class Term:
    """First and last day, both included."""

    id: str
    first: date
    last: date


@dataclass(frozen=True)
class Calendar:
    """A school's calendar. ``starts`` and ``ends``: minutes from midnight; ``weekend``: weekdays from Monday = 0."""

    timezone: str = "UTC"
    first_month: int = 1
    terms: tuple[Term, ...] = ()
    public_holidays: frozenset[date] = frozenset()
    closed: frozenset[date] = frozenset()
    open: frozenset[date] = frozenset()
    weekend: tuple[int, ...] = (5, 6)
    starts: int = 8 * 60 + 30
    ends: int = 15 * 60 + 30

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Calendar:
        """Read the form of §11 (already parsed YAML or JSON). Raises CalendarError naming the entry that is wrong."""
        known = {"timezone", "first month", "terms", "public holidays", "closed", "open", "weekend", "school day"}
        for name in data:
            if name not in known:
                raise CalendarError(f"unknown entry: {name}")
        hours = data.get("school day") or {}
        terms = tuple(
            sorted((_term(entry, i) for i, entry in enumerate(data.get("terms") or ())), key=lambda term: term.first)
        )
        month = data.get("first month", 1)
        if not str(month).isdigit() or not 1 <= int(month) <= 12:
            raise CalendarError(f"first month: {month}")
        return cls(
            timezone=str(data.get("timezone", "UTC")),
            first_month=int(month),
            terms=terms,
            public_holidays=_dates(data, "public holidays"),
            closed=_dates(data, "closed"),
            open=_dates(data, "open"),
            weekend=tuple(_weekday(name) for name in data.get("weekend", ("sat", "sun"))),
            starts=_clock(hours.get("starts", "08:30")),
            ends=_clock(hours.get("ends", "15:30")),
        )

    def to_data(self) -> dict[str, Any]:
        """The form of §11; ``from_data`` reads it back to the same calendar."""
        return {
            "timezone": self.timezone,
            "first month": self.first_month,
            "terms": [
                {"id": term.id, "from": term.first.isoformat(), "to": term.last.isoformat()} for term in self.terms
            ],
            "public holidays": sorted(day.isoformat() for day in self.public_holidays),
            "closed": sorted(day.isoformat() for day in self.closed),
            "open": sorted(day.isoformat() for day in self.open),
            "weekend": [_SHORT[day] for day in self.weekend],
            "school day": {"starts": clock(self.starts), "ends": clock(self.ends)},
        }


def clock(minutes: int) -> str:
    """Minutes from midnight as ``HH:MM``."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _clock(text: object) -> int:
    try:
        hour, minute = str(text).split(":")[:2]
        if 0 <= int(hour) <= 23 and 0 <= int(minute) <= 59:
            return int(hour) * 60 + int(minute)
    except ValueError:
        pass
    raise CalendarError(f"school day: {text}")


def _weekday(name: object) -> int:
    try:
        return _SHORT.index(str(name).lower()[:3])
    except ValueError as error:
        raise CalendarError(f"weekend: {name}") from error


def _date(text: object, where: str) -> date:
    if isinstance(text, datetime):
        return text.date()
    if isinstance(text, date):
        return text
    try:
        return date.fromisoformat(str(text))
    except ValueError as error:
        raise CalendarError(f"{where}: {text}") from error


def _dates(data: Mapping[str, Any], name: str) -> frozenset[date]:
    return frozenset(_date(text, name) for text in data.get(name) or ())


def _term(entry: Any, position: int) -> Term:
    if not isinstance(entry, Mapping) or "from" not in entry or "to" not in entry:
        raise CalendarError(f"terms: {entry}")
    term = Term(str(entry.get("id", position + 1)), _date(entry["from"], "terms"), _date(entry["to"], "terms"))
    if term.last < term.first:
        raise CalendarError(f"terms: {term.id}")
    return term


def school_year(day: date, first_month: int) -> tuple[date, date]:
    """First and last day of the school year of a day: twelve months from the 1st of the first month."""
    year = day.year if day.month >= first_month else day.year - 1
    return date(year, first_month, 1), date(year + 1, first_month, 1) - DAY


@dataclass(eq=False)
class Timetable:
    """What rules ask of days: the calendar where it has data, else what the pack assumes."""

    calendar: Calendar | None
    hints: CalendarHints
    _known: dict[date, tuple[bool, bool]] = field(default_factory=dict, repr=False)
    _counted: dict[tuple[date, int, bool], tuple[date | None, bool, tuple[date, ...]]] = field(
        default_factory=dict, repr=False
    )

    def __post_init__(self) -> None:
        calendar = self.calendar
        self.first_month = calendar.first_month if calendar is not None else self.hints.first_month
        self.terms = calendar.terms if calendar is not None else ()
        self._years = frozenset(self.school_year(day)[0] for term in self.terms for day in (term.first, term.last))

    def school_year(self, day: date) -> tuple[date, date]:
        return school_year(day, self.first_month)

    def has_data(self, day: date) -> bool:
        """Whether one of the terms lies in the school year of this day."""
        return self.school_year(day)[0] in self._years

    def assumed(self, day: date) -> bool:
        return not self.has_data(day)

    def is_school_day(self, day: date) -> bool:
        return self._look(day)[0]

    def is_working_day(self, day: date) -> bool:
        if self.calendar is None:
            return day.weekday() not in self.hints.weekend
        return day.weekday() not in self.calendar.weekend and day not in self.calendar.public_holidays

    def _look(self, day: date) -> tuple[bool, bool]:
        """(is a school day, is assumed)."""
        found = self._known.get(day)
        if found is None:
            found = self._known[day] = self._work_out(day)
        return found

    def _work_out(self, day: date) -> tuple[bool, bool]:
        calendar = self.calendar
        if calendar is None or not self.has_data(day):
            return day.weekday() not in self.hints.weekend, True
        if day in calendar.open:
            return True, False
        return self.term_of(
            day
        ) is not None and day.weekday() not in calendar.weekend and day not in calendar.closed, False

    def hours(self, day: date) -> tuple[int, int]:
        """Start and end of the school day, minutes from midnight."""
        if self.calendar is not None and self.has_data(day):
            return self.calendar.starts, self.calendar.ends
        return self.hints.starts, self.hints.ends

    def in_school_hours(self, moment: datetime) -> bool:
        """School hours include their last minute."""
        starts, ends = self.hours(moment.date())
        return self.is_school_day(moment.date()) and starts <= moment.hour * 60 + moment.minute <= ends

    def term_of(self, day: date) -> Term | None:
        return next((term for term in self.terms if term.first <= day <= term.last), None)

    def is_holiday(self, day: date) -> bool:
        """Outside every term, in a school year of which the calendar has data."""
        return self.has_data(day) and self.term_of(day) is None

    def term_from(self, day: date) -> Term | None:
        """The term of a day; outside a term, the next."""
        return next((term for term in self.terms if day <= term.last), None)

    def number_of(self, term: Term) -> int:
        """Its number within the school year, from 1."""
        year = self.school_year(term.first)
        return 1 + sum(1 for other in self.terms if other.first < term.first and self.school_year(other.first) == year)

    def school_day_after(self, day: date) -> date | None:
        """The next school day after this one, None where the calendar has none for years."""
        return self.nth(day, 1)[0]

    def school_day_before(self, day: date) -> date | None:
        return self.nth(day, -1)[0]

    def nth(
        self, day: date, n: int, *, working: bool = False, without: frozenset[date] | set[date] = frozenset()
    ) -> tuple[date | None, bool, tuple[date, ...]]:
        """The n-th school (or working) day after a day, or before it where n is negative.

        Returns it (None if there is none), whether a day looked at was assumed, and the days skipped. ``without``: days that
        do not count although they are school days.
        """
        if without:
            return self._count_on(day, n, working, without)
        marker = (day, n, working)
        found = self._counted.get(marker)
        if found is None:
            found = self._counted[marker] = self._count_on(day, n, working, without)
        return found

    def _count_on(
        self, day: date, n: int, working: bool, without: frozenset[date] | set[date]
    ) -> tuple[date | None, bool, tuple[date, ...]]:
        step, left, assumed, skipped = (DAY if n > 0 else -DAY), abs(n), False, list[date]()
        for _ in range(LOOK_AHEAD + abs(n) * 10):
            day += step
            assumed = assumed or self.assumed(day)
            counts = self.is_working_day(day) if working else self.is_school_day(day)
            if counts and day not in without:
                left -= 1
                if left == 0:
                    return day, assumed, tuple(skipped)
            else:
                skipped.append(day)
        return None, assumed, tuple(skipped)

    def first_school_day(self, first: date, last: date) -> tuple[date | None, bool]:
        """The first school day from one day to another, and whether a day looked at was assumed."""
        day, assumed = first, False
        while day <= last:
            assumed = assumed or self.assumed(day)
            if self.is_school_day(day):
                return day, assumed
            day += DAY
        return None, assumed

    def nearest_school_day(self, day: date) -> tuple[date, bool]:
        """The school day nearest to a day; of two equally near the earlier. The day itself where there is none."""
        assumed = False
        for distance in range(LOOK_AHEAD):
            for candidate in (day - timedelta(days=distance), day + timedelta(days=distance)):
                assumed = assumed or self.assumed(candidate)
                if self.is_school_day(candidate):
                    return candidate, assumed
        return day, assumed

    def end_of_school_day(self, day: date) -> datetime:
        ends = self.hours(day)[1]
        return end_of(day).replace(hour=ends // 60, minute=ends % 60)

    def periods(self, period: Period, day: date) -> Iterator[tuple[date, date]]:
        """The periods of this kind that have not ended on this day, in order: first and last day of each, both whole."""
        if period is Period.TERM:
            yield from ((term.first, term.last) for term in self.terms if day <= term.last)
            return
        current = self._period_at(period, day)
        while current[0].year < 9990:
            yield current
            current = self._period_at(period, current[1] + DAY)

    def _period_at(self, period: Period, day: date) -> tuple[date, date]:
        """The period of this kind that a day lies in, or the next after it (weekdays)."""
        match period:
            case Period.SCHOOL_DAY:
                return day, day
            case Period.WEEK:
                monday = day - timedelta(days=day.weekday())
                return monday, monday + timedelta(days=6)
            case Period.MONTH:
                first = day.replace(day=1)
                return first, (first + timedelta(days=31)).replace(day=1) - DAY
            case Period.SCHOOL_YEAR:
                return self.school_year(day)
            case Period.CALENDAR_YEAR:
                return date(day.year, 1, 1), date(day.year, 12, 31)
            case _:
                on = day + timedelta(days=(WEEKDAYS.index(period.value) - day.weekday()) % 7)
                return on, on
