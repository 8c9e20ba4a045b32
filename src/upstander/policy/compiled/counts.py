"""Counts of events, sums and runs of days as step functions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from upstander.policy.arithmetic import DAY, FIRST_MOMENT, LAST_MOMENT, start_of
from upstander.policy.calendar import Timetable
from upstander.policy.compiled.case import Case
from upstander.policy.compiled.days import Days
from upstander.policy.compiled.steps import NEVER, merged
from upstander.policy.compiled.view import Steps
from upstander.policy.log import Event
from upstander.policy.model import Count, Pack, Within
from upstander.policy.reference import match
from upstander.policy.reference.facts import after, amount
from upstander.policy.verdict import Key


def count(case: Case, pack: Pack, form: Count, key: Key, own: tuple[str, ...]) -> Steps:
    events = case.found(pack, form.count, key, own)[1]
    days = case.days(pack)
    if not events:
        return NEVER if form.at_least > 0 else [FIRST_MOMENT]
    if form.within is Within.CONSECUTIVE_SCHOOL_DAYS:
        return _runs(days, events, form.at_least)
    if form.distinct is None:
        return _counted(days, events, form)
    spans = [(event.at, _leaves(days, event.at, form), event) for event in events]
    turns = sorted({moment for enters, leaves, _ in spans for moment in (enters, leaves) if leaves > enters})
    found: Steps = [FIRST_MOMENT] if form.at_least <= 0 else []
    for moment in turns:
        inside = [event for enters, leaves, event in spans if enters <= moment < leaves]
        if (amount(pack, form, inside) >= form.at_least) != (len(found) & 1 == 1):
            found.append(moment)
    return found[:-1] if found and found[-1] >= LAST_MOMENT else found


def _counted(days: Days, events: Sequence[Event], form: Count) -> Steps:
    """Of numbers of events, or of sums: each adds its own when it enters the window and takes it back when it leaves."""
    changes: dict[datetime, Decimal | int] = {}
    for event in events:
        value: Decimal | int = 1
        if form.adding_up is not None:
            value = match.as_number(event.fields.get(form.adding_up, 0)) or 0
        enters, leaves = event.at, _leaves(days, event.at, form)
        if leaves > enters:
            changes[enters] = changes.get(enters, 0) + value
            changes[leaves] = changes.get(leaves, 0) - value
    found: Steps = [FIRST_MOMENT] if form.at_least <= 0 else []
    inside: Decimal | int = 0
    for moment in sorted(changes):
        inside += changes[moment]
        if (inside >= form.at_least) != (len(found) & 1 == 1):
            found.append(moment)
    return found[:-1] if found and found[-1] >= LAST_MOMENT else found


def _leaves(days: Days, at: datetime, form: Count) -> datetime:
    """The first moment at which an event is no longer in the window; its own moment if it never is."""
    within = form.within
    if within is Within.EVER:
        return LAST_MOMENT
    if within is Within.SCHOOL_YEAR:
        return days.year_after(at)
    if within is Within.TERM:
        term = days.term_of(at.date())
        return start_of(term.last + DAY) if term is not None else at
    assert not isinstance(within, Within)  # noqa: S101 - the run of days has its own reckoning
    return after(days, at, within)


def _runs(days: Timetable, events: Sequence[Event], at_least: Decimal) -> Steps:
    """A run of n days holds from the first mark of its n-th day until the end of the first school day without one."""
    if at_least <= 0:
        return [FIRST_MOMENT]
    first_mark: dict[date, datetime] = {}
    for event in events:
        if days.is_school_day(event.at.date()):
            first_mark.setdefault(event.at.date(), event.at)
    stretches, length, previous = [], 0, None
    for day, moment in first_mark.items():
        length = length + 1 if previous is not None and days.school_day_after(previous) == day else 1
        previous = day
        if length >= at_least:
            following = days.school_day_after(day)
            stretches.append((moment, start_of(following + DAY) if following is not None else LAST_MOMENT))
    return merged(stretches)
