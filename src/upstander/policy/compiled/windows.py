"""The windows of a series; those of a duration each begin where the one before ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from upstander.policy.arithmetic import LAST_MOMENT, MINUTE, add, times
from upstander.policy.calendar import Timetable
from upstander.policy.compiled.days import Days
from upstander.policy.compiled.rules import Plan
from upstander.policy.model import Duty, RepeatEach, RepeatEvery, Span
from upstander.policy.reference.windows import Stretch, repeating

NO_FLAGS: frozenset[str] = frozenset()


def windows(rule: Duty, days: Timetable, first: datetime, since: datetime | None = None) -> Iterator[Stretch]:
    """What ``reference.windows.repeating`` yields; ``first``: the first arising. With ``since`` not all that begin before it."""
    recurrence = rule.recurrence
    if isinstance(recurrence, RepeatEvery):
        span = recurrence.span
        longest = span.months * 31 * 24 * 60 + span.days * 24 * 60 + span.minutes
        passed = (since - first) // MINUTE // longest - 1 if since is not None and longest > 0 else 0
        return _every(span, first, max(0, passed))
    assert isinstance(recurrence, RepeatEach)  # noqa: S101 - asked of no other
    return repeating(recurrence, days, first, rule.by)


def _every(span: Span, first: datetime, k: int) -> Iterator[Stretch]:
    start = add(first, times(span, k)) if k else first
    while True:
        k += 1
        end = add(first, times(span, k)) if span.months else _on(first, span, k)
        if start >= LAST_MOMENT or end <= start:
            return
        yield Stretch(start, end, NO_FLAGS, k > 1)
        start = end


def _on(first: datetime, span: Span, k: int) -> datetime:
    try:
        return min(first + timedelta(days=span.days * k, minutes=span.minutes * k), LAST_MOMENT)
    except OverflowError:
        return LAST_MOMENT


def stretches(plan: Plan, days: Days, first: datetime, now: datetime) -> Iterable[Stretch]:
    """The windows of a series up to the first that begins after ``now``; those of the calendar are remembered."""
    if isinstance(plan.rule.recurrence, RepeatEvery):
        return _every(plan.rule.recurrence.span, first, 0)
    return days.series(plan, first, now, lambda: windows(plan.rule, days, first))
