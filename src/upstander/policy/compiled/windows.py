"""The windows of a series; those of a duration each begin where the one before ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from upstander.policy.arithmetic import LAST_MOMENT, MINUTE, add, add_months, times
from upstander.policy.calendar import Timetable
from upstander.policy.compiled.days import Days
from upstander.policy.compiled.plans import Plan
from upstander.policy.model import Duty, RepeatEach, RepeatEvery, Span
from upstander.policy.reference.windows import Stretch, repeating

NO_FLAGS: frozenset[str] = frozenset()
_new = tuple.__new__  # past the slow constructor of a named tuple


class Window(NamedTuple):
    """A ``Stretch`` of a series by a duration: there are many of them, and this is quicker to make."""

    start: datetime
    end: datetime
    flags: frozenset[str] = NO_FLAGS
    after_start: bool = False


AnyWindow = Stretch | Window


def windows(rule: Duty, days: Timetable, first: datetime, since: datetime | None = None) -> Iterator[AnyWindow]:
    """What ``reference.windows.repeating`` yields; ``first``: the first arising. With ``since`` not all that begin before it."""
    recurrence = rule.recurrence
    if isinstance(recurrence, RepeatEvery):
        span = recurrence.span
        longest = span.months * 31 * 24 * 60 + span.days * 24 * 60 + span.minutes
        passed = (since - first) // MINUTE // longest - 1 if since is not None and longest > 0 else 0
        return _every(span, first, max(0, passed))
    assert isinstance(recurrence, RepeatEach)  # noqa: S101 - asked of no other
    return repeating(recurrence, days, first, rule.by)


def _every(span: Span, first: datetime, k: int) -> Iterator[Window]:
    start = add(first, times(span, k)) if k else first
    months, mixed = span.months, bool(span.days or span.minutes)
    while True:
        k += 1
        if months and not mixed:
            end = add_months(first, months * k)
        else:
            end = add(first, times(span, k)) if months else _on(first, span, k)
        if start >= LAST_MOMENT or end <= start:
            return
        yield _new(Window, (start, end, NO_FLAGS, k > 1))
        start = end


def _on(first: datetime, span: Span, k: int) -> datetime:
    try:
        return min(first + timedelta(days=span.days * k, minutes=span.minutes * k), LAST_MOMENT)
    except OverflowError:
        return LAST_MOMENT


def stretches(plan: Plan, days: Days, first: datetime, now: datetime) -> Iterable[AnyWindow]:
    """The windows of a series up to the first that begins after ``now``; those of the calendar are remembered."""
    recurrence, by = plan.rule.recurrence, plan.rule.by
    if isinstance(recurrence, RepeatEvery):
        return _every(recurrence.span, first, 0)
    assert isinstance(recurrence, RepeatEach)  # noqa: S101 - asked of no other
    return days.series(plan, first, now, lambda: repeating(recurrence, days, first, by))
