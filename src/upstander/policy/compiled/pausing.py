"""How pauses move a due moment (§4.6), in one walk over the days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from upstander.policy.arithmetic import DAY, end_of
from upstander.policy.calendar import LOOK_AHEAD, Timetable
from upstander.policy.model import Deadline, Distance, Earliest, In, Said, SchoolDays, Span
from upstander.policy.reference import deadlines
from upstander.policy.reference.deadlines import ASSUMED, NO_CALENDAR, Due, Spells

MOST_AT_ONCE = timedelta(days=300)
"""How many days of a pause are passed over at once: fewer than a school year, of which the calendar knows all or nothing."""


def due(by: Deadline, days: Timetable, at: datetime, pauses: Spells, other: Callable[[Deadline], Due]) -> Due:
    """The due moment of ``by`` with these minutes of pause; ``other`` reckons the forms that no pause moves."""
    if isinstance(by, Said):
        return due(by.means, days, at, pauses, other)
    if isinstance(by, Earliest):
        return deadlines.earliest([due(part, days, at, pauses, other) for part in by.of])
    return moved(days, at, by.distance, pauses) if isinstance(by, In) else other(by)


def moved(days: Timetable, start: datetime, distance: Distance, pauses: Spells) -> Due:
    """What ``deadlines.moved`` answers, in one walk over the days however long the pauses are."""
    if isinstance(distance, Span) or not pauses:
        return deadlines.moved(days, start, distance, pauses)
    counts = days.is_school_day if isinstance(distance, SchoolDays) else days.is_working_day
    day, left, assumed = start.date(), distance.n, False
    spells, position = [(first.date(), last.date(), first) for first, last in pauses], 0
    limit = day + DAY * (LOOK_AHEAD + distance.n * 10)
    while day < limit:
        day += DAY
        assumed = assumed or days.assumed(day)
        while position < len(spells) and spells[position][1] < day:
            position += 1
        if position < len(spells) and spells[position][0] < day:  # in the midst of a pause: on to its last day
            day = min(spells[position][1], day + MOST_AT_ONCE, limit)
            assumed = assumed or days.assumed(day)
        elif counts(day):
            begins = spells[position][2] if position < len(spells) and spells[position][0] == day else None
            if begins is not None and (left > 1 or begins < end_of(day)):
                continue  # only a pause that begins in the very minute of the due moment does not move it
            left -= 1
            if left == 0:
                return Due(end_of(day), frozenset({ASSUMED}) if assumed else frozenset())
    return Due(None, frozenset({NO_CALENDAR}))
