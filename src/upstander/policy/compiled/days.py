"""Timetables kept from record to record, with what they have been asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from upstander.policy.arithmetic import DAY, start_of
from upstander.policy.calendar import Calendar, Timetable
from upstander.policy.compiled.plans import Plan
from upstander.policy.model import Pack, SchoolDays, WorkingDays
from upstander.policy.reference import deadlines
from upstander.policy.reference.deadlines import Due
from upstander.policy.reference.windows import Stretch

AHEAD = timedelta(days=30)
"""How far beyond the moment of a question the windows of a series are kept."""


class Days(Timetable):
    """A timetable that remembers due moments which follow from it and the arising alone, from record to record."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._years_after: dict[int, datetime] = {}
        self._after: dict[tuple[date, int, bool], Due] = {}
        self._series: dict[tuple[int, datetime], tuple[Plan, datetime, tuple[Stretch, ...]]] = {}
        self._timings: dict[int, tuple[Plan, dict[Any, Any]]] = {}
        self._dues: dict[int, tuple[Plan, dict[tuple[datetime, bool], Due]]] = {}

    def year_after(self, moment: datetime) -> datetime:
        """00:00 of the school year after the one of a moment."""
        year = moment.year + 1 if moment.month >= self.first_month else moment.year
        found = self._years_after.get(year)
        if found is None:
            found = self._years_after[year] = start_of(self.school_year(moment.date())[1] + DAY)
        return found

    def due_after(self, day: date, distance: SchoolDays | WorkingDays) -> Due:
        """The end of the n-th school or working day after a day; remembered, for many things arise on one day."""
        marker = (day, distance.n, isinstance(distance, SchoolDays))
        found = self._after.get(marker)
        if found is None:
            if len(self._after) > 8192:
                self._after.clear()
            found = self._after[marker] = deadlines.moved(self, start_of(day), distance, ())
        return found

    def series(
        self, plan: Plan, first: datetime, now: datetime, windows: Callable[[], Iterator[Stretch]]
    ) -> tuple[Stretch, ...]:
        """The windows of one duty from its first arising to the first that begins after ``now``, or some more."""
        marker = (id(plan), first)
        found = self._series.get(marker)
        if found is None or found[0] is not plan or found[1] < now:
            if len(self._series) > 1024:
                self._series.clear()
            horizon = now + AHEAD
            several = []
            for window in windows():
                several.append(window)
                if window.start > horizon:
                    break
            found = self._series[marker] = (plan, horizon, tuple(several))
        return found[2]

    def remembered(self, plan: Plan) -> dict[tuple[datetime, bool], Due]:
        """The due moments of one duty by its arising, and whether it is a window."""
        found = self._dues.get(id(plan))
        if found is None or found[0] is not plan:
            if len(self._dues) > 4096:
                self._dues.clear()
            found = self._dues[id(plan)] = (plan, {})
        return found[1]

    def timings(self, plan: Plan) -> dict[Any, Any]:
        """What ``timing`` remembers of one duty: by its arising, or by its window."""
        found = self._timings.get(id(plan))
        if found is None or found[0] is not plan:
            if len(self._timings) > 4096:
                self._timings.clear()
            found = self._timings[id(plan)] = (plan, {})
        return found[1]


_timetables: dict[tuple[Any, ...], Days] = {}
_latest: list[tuple[Calendar | None, object, Days]] = []


def timetable(calendar: Calendar | None, pack: Pack) -> Days:
    """The timetable of a calendar under a pack's hints; kept, so that each day is worked out once."""
    for known, hints, days in _latest:
        if known is calendar and hints is pack.hints:
            return days
    marker = (calendar, pack.hints)
    found = _timetables.get(marker)
    if found is None:
        if len(_timetables) >= 256:
            _timetables.clear()
        found = _timetables[marker] = Days(calendar, pack.hints)
    _latest[:] = [
        (calendar, pack.hints, found),
        *_latest[:7],
    ]  # hashing a calendar costs more than a look at the last few
    return found
