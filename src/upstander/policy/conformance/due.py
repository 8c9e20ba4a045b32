"""When many instances are due, and from when they can be settled (§5)."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import numpy as np

from upstander.policy.conformance.dates import Unable
from upstander.policy.conformance.days import BEFORE, DAY, FAR, Ints, add, minute_of, subtract
from upstander.policy.conformance.facts import Facts
from upstander.policy.conformance.instances import Instances
from upstander.policy.conformance.keys import Keys
from upstander.policy.conformance.ragged import constant, is_constant, least
from upstander.policy.model import (
    AfterEvent,
    AgainAfter,
    AtClock,
    BeforeEvent,
    Deadline,
    Distance,
    Earliest,
    FromDate,
    In,
    Said,
    SchoolDays,
    SimpleDeadline,
    Span,
)

RECORDED_LATE, LATE, ASSUMED, NO_CALENDAR, NO_DATE, EXTENDED = (1 << n for n in range(6))
"""The flags of §11, in their order."""
_EARLIEST_DATE, _LATEST_DATE = minute_of(datetime(1950, 1, 1)), minute_of(datetime(2150, 1, 1))


class Due(NamedTuple):
    """Due moments (FAR: none) and flags."""

    at: Ints
    flags: Ints


class Dues:
    """Reckons due moments in one chunk."""

    def __init__(self, keys: Keys, facts: Facts) -> None:
        self.keys, self.facts, self.chunk, self.days = keys, facts, keys.chunk, keys.chunk.days

    def at(self, several: Instances, seen: Ints) -> Due:
        """The due moment in force at a moment; of a window never after its end."""
        known = self._base(several, seen)
        at, flags, rule = known.at, known.flags, several.rule
        if at is not several.closes and not is_constant(several.closes):
            at = np.where(at < FAR, np.minimum(at, several.closes), FAR)
        if rule.not_before is not None or rule.window is not None:
            flags = flags | self.opening(several, seen)[1]
        return Due(at, flags)

    def _base(self, several: Instances, seen: Ints) -> Due:
        rule, parts = several.rule, []
        again = rule.recurrence if isinstance(rule.recurrence, AgainAfter) else None
        if again is not None and (rule.by is None or bool(several.link.all())):
            return self.moved(several.at, again.distance)
        by = self.due(rule.by, several, seen) if rule.by is not None else None
        if by is not None:
            parts.append(by)
        if rule.window is not None:
            parts.append(Due(several.place_closes, several.place_flags))
        if several.in_window:
            closing = Due(several.closes, several.window_flags)
            if by is not None:
                open_ = several.closes >= FAR  # a term that no calendar tells: nothing else is due before it is known
                by = Due(np.where(open_, FAR, by.at), np.where(open_, several.window_flags, by.flags))
                parts = [by]
                known = by.at < FAR
                closing = Due(np.where(known, closing.at, FAR), np.where(known, closing.flags, 0))
            parts.append(closing)
        found = earliest(parts) if parts else _plain(constant(FAR, len(several)))
        if again is not None and bool(several.link.any()):
            chained = self.moved(several.at, again.distance)
            found = Due(*(np.where(several.link, mine, theirs) for mine, theirs in zip(chained, found, strict=True)))
        return found

    def opening(self, several: Instances, seen: Ints) -> tuple[Ints, Ints]:
        """From when each can be settled (FAR: not known yet), and flags."""
        rule = several.rule
        opens, flags = several.at, constant(0, len(several))
        if rule.not_before is not None:
            known = self.due(rule.not_before, several, seen)
            opens, flags = np.maximum(opens, known.at), flags | known.flags
        if rule.window is not None:
            opens, flags = np.maximum(opens, several.place_opens), flags | several.place_flags
        return opens, flags

    # --- deadlines -----------------------------------------------------------------------------------------------------

    def due(self, deadline: Deadline, several: Instances, seen: Ints) -> Due:
        arose = several.at
        match deadline:
            case SimpleDeadline():
                return self._simple(deadline, arose)
            case In(distance):
                return self.moved(arose, distance)
            case AtClock(hour, minute):
                return self._at_clock(several, hour * 60 + minute)
            case AfterEvent(pattern, plus):
                return self._after_event(several, self._first(several, pattern, arose, seen), plus)
            case BeforeEvent(pattern):
                return _plain(self._first(several, pattern, arose + 1, seen))
            case FromDate():
                return self._from_date(deadline, several)
            case Earliest(parts):
                return earliest([self.due(part, several, seen) for part in parts])
            case Said(_, means):
                return self.due(means, several, seen)

    def _first(self, several: Instances, pattern: object, start: Ints, seen: Ints) -> Ints:
        found = self.keys.found(pattern, several.names)  # type: ignore[arg-type]
        at = found.moment(found.from_(several.key, start))
        return np.where(at <= seen, at, FAR)

    def _after_event(self, several: Instances, at: Ints, plus: Distance) -> Due:
        there = at < FAR
        known = self.moved(np.where(there, at, several.at), plus)
        return Due(np.where(there, known.at, FAR), np.where(there, known.flags, 0))

    def _simple(self, deadline: SimpleDeadline, arose: Ints) -> Due:
        today, days = arose // DAY, self.days
        match deadline:
            case SimpleDeadline.SAME_DAY:
                return _plain(today * DAY + DAY - 1)
            case SimpleDeadline.END_OF_SCHOOL_DAY:
                ends = today * DAY + days.ends[today + BEFORE]
                here = days.school[today + BEFORE] & (arose <= ends)
                return self._next_school_day(today, here, ends, days.ends)
            case SimpleDeadline.END_OF_TERM:
                last = days.term_last[days.term_from[today + BEFORE]]
                known = last < FAR
                return Due(np.where(known, last * DAY + DAY - 1, FAR), np.where(known, 0, NO_CALENDAR))
            case SimpleDeadline.END_OF_SCHOOL_YEAR:
                return _plain(days.year_end[today + BEFORE] * DAY - 1)
            case SimpleDeadline.JUDGED:
                return _plain(constant(FAR, len(arose)))

    def _next_school_day(self, today: Ints, here: np.ndarray, at: Ints, clock: Ints) -> Due:
        """That moment today where it is usable, else at that clock on the next school day."""
        day, looked = self.days.nth(today, 1)
        assumed_today = self.days.assumed[today + BEFORE]
        known = here | (day < FAR)
        there = np.where(day < FAR, day, today)
        moment = np.where(here, at, there * DAY + clock[there + BEFORE])
        flags = np.where(assumed_today | (~here & looked), ASSUMED, 0)
        return Due(np.where(known, moment, FAR), np.where(known, flags, NO_CALENDAR))

    def _at_clock(self, several: Instances, clock: int) -> Due:
        today = several.at // DAY
        at = today * DAY + clock
        here = self.days.school[today + BEFORE] & (several.in_window | (several.at <= at))
        return self._next_school_day(today, here, at, np.full(len(self.days.ends), clock))

    def moved(self, start: Ints, distance: Distance) -> Due:
        """A distance after a moment; N days end with the N-th."""
        if isinstance(distance, Span):
            return _plain(add(start, distance))
        day, assumed = self.days.nth(start // DAY, distance.n, working=not isinstance(distance, SchoolDays))
        known = day < FAR
        flags = np.where(known, np.where(assumed, ASSUMED, 0), NO_CALENDAR)
        return Due(np.where(known, day * DAY + DAY - 1, FAR), flags)

    def back(self, moment: Ints, distance: Distance) -> Due:
        """A distance before a moment; days count back to 00:00."""
        if isinstance(distance, Span):
            return _plain(subtract(moment, distance))
        day, assumed = self.days.nth(moment // DAY, -distance.n, working=not isinstance(distance, SchoolDays))
        known = day < FAR
        flags = np.where(known, np.where(assumed, ASSUMED, 0), NO_CALENDAR)
        return Due(np.where(known, day * DAY, FAR), flags)

    def _from_date(self, deadline: FromDate, several: Instances) -> Due:
        dates = self.dates(several, deadline.date_field)
        there = dates < FAR
        moment = np.where(there, dates, several.at)
        known = _plain(moment)
        if deadline.less is not None:
            known = self.back(moment, deadline.less)
        elif deadline.plus is not None:
            known = self.moved(moment, deadline.plus)
        at = np.where(known.at < FAR, np.maximum(known.at, several.at), FAR)
        return Due(np.where(there, at, FAR), np.where(there, known.flags, NO_DATE))

    def dates(self, several: Instances, name: str) -> Ints:
        """The least date that the triggering events hold, FAR where there is none."""
        causes = several.causes
        rows = np.where(causes.row >= 0, causes.row, 0)
        dates = np.where(causes.row >= 0, self.chunk.moments(name, rows), FAR) if self.chunk.size else rows
        known = dates[dates < FAR]
        if len(known) and (known.min() < _EARLIEST_DATE or known.max() > _LATEST_DATE):
            raise Unable("a date before 1950 or after 2149")
        return least(causes.trigger, dates, len(causes.bounds) - 1, FAR)[several.trigger]


def _plain(at: Ints) -> Due:
    return Due(at, constant(0, len(at)))


def earliest(parts: list[Due]) -> Due:
    """Of several the earliest that has a due moment; the flags are those of all that were reckoned."""
    if len(parts) == 1:
        return parts[0]
    at = np.minimum.reduce([part.at for part in parts])
    any_known = at < FAR
    flags = np.zeros(len(at), dtype=np.int64)
    for part in parts:
        flags |= np.where(any_known & (part.at >= FAR), 0, part.flags)
    return Due(at, flags)
