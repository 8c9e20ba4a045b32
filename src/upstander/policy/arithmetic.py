"""Adding durations to moments (§5).

All moments are naive civil time of the school's zone, whole minutes. Months are added first, then days, then minutes. A day that
the month lacks is its last day; for a quiet time, which protects a child by lasting long enough, it is the 1st of the next.
"""

from __future__ import annotations

from calendar import isleap
from datetime import date, datetime, time, timedelta

from upstander.policy.model import Span

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
FIRST_MOMENT = datetime(1, 1, 1)
LAST_MOMENT = datetime(9999, 12, 30, 23, 59)
"""Nothing is due later: what would be (``P9000Y``) is due then."""

_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def times(span: Span, n: int) -> Span:
    """The duration n times over: windows are reckoned from the first arising, so that P1M stays on its day of the month."""
    return Span(span.months * n, span.days * n, span.minutes * n)


def _months_on(day: date, months: int) -> tuple[int, int, int]:
    """Year, month and length of the month so many months on (or back)."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError
    length = 29 if month0 == 1 and isleap(year) else _LENGTHS[month0]
    return year, month0 + 1, length


def add_months(moment: datetime, months: int) -> datetime:
    """The moment so many months later; a missing day of the month is its last day."""
    try:
        year, month, length = _months_on(moment, months)
        there = moment.replace(year=year, month=month, day=moment.day if moment.day < length else length)
        return there if there < LAST_MOMENT else LAST_MOMENT
    except OverflowError:
        return LAST_MOMENT


def add(moment: datetime, span: Span) -> datetime:
    """The moment a duration later; a missing day of the month is its last day."""
    try:
        if span.months:
            year, month, length = _months_on(moment.date(), span.months)
            moment = moment.replace(year=year, month=month, day=min(moment.day, length))
        if span.days or span.minutes:
            moment += timedelta(days=span.days, minutes=span.minutes)
        return min(moment, LAST_MOMENT)
    except (OverflowError, ValueError):
        return LAST_MOMENT


def add_quiet(moment: datetime, span: Span) -> datetime:
    """The moment at which a quiet time is full; a missing day of the month is the 1st of the next, at the same clock time."""
    try:
        if span.months:
            year, month, length = _months_on(moment.date(), span.months)
            if moment.day > length:
                following = date(year, month, length) + DAY
                moment = datetime.combine(following, moment.time())
            else:
                moment = moment.replace(year=year, month=month)
        return min(moment + timedelta(days=span.days, minutes=span.minutes), LAST_MOMENT)
    except (OverflowError, ValueError):
        return LAST_MOMENT


def subtract(moment: datetime, span: Span) -> datetime:
    """The moment a duration earlier; months first, a missing day of the month is its last day."""
    try:
        return add(moment, Span(-span.months, 0, 0)) - timedelta(days=span.days, minutes=span.minutes)
    except OverflowError:
        return FIRST_MOMENT


def start_of(day: date) -> datetime:
    """00:00 of a day."""
    return datetime.combine(day, time.min)


def end_of(day: date) -> datetime:
    """23:59 of a day."""
    return datetime.combine(day, time(23, 59))


def read_moment(text: object) -> datetime | None:
    """``2026-05-11`` as 23:59 of that day, ``2026-05-11T10:20`` as that minute; None for what is neither."""
    if not isinstance(text, str):
        return None
    try:
        if len(text) <= 10:
            return end_of(date.fromisoformat(text))
        return datetime.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        return None
