"""One record, indexed: each event is looked at once for all patterns, then found by pattern and key."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import datetime
from itertools import product
from typing import Any

from upstander.policy.calendar import Calendar, Timetable
from upstander.policy.compiled.rules import Alternatives, passes_all, ready
from upstander.policy.log import Event
from upstander.policy.model import ForEach, Pack, Pattern, Series
from upstander.policy.reference import match
from upstander.policy.reference.facts import CLOSE, REOPEN
from upstander.policy.reference.world import PERSON_NAMED, VOID, World, in_order, struck_ids
from upstander.policy.verdict import Key

Found = tuple[list[datetime], list[Event]]
"""Events in order with their moments beside them, to search by."""

NOTHING: Found = ([], [])
NO_EVENTS: list[Event] = []


class Case(World):
    """A ``World`` with its indexes; rare constructs are left to the reference, which reads the same object."""

    def __init__(
        self,
        series: Series,
        everything: Sequence[Event],
        calendar: Calendar | None,
        now: datetime,
        kind: str,
        events: tuple[Event, ...],
    ) -> None:
        super().__init__(series, everything, calendar, now, kind, events)
        self._hits: dict[int, dict[int, list[Event] | None]] = {}
        self.of_kind: dict[str, list[Event]] = {}
        for event in events:
            self.of_kind.setdefault(event.kind, []).append(event)
        self._found: dict[tuple[int, int, Key, bool], Found] = {}
        self._rules = {id(pack): ready(pack) for pack in series.versions}
        self._keys: dict[tuple[int, ForEach], dict[Key, datetime]] = {}
        self._days: dict[int, Timetable] = {}
        self.spans = self.periods()
        self.moments = [event.at for event in events]
        self.place = {event.id: position for position, event in enumerate(events)}
        self.reopenings = [event.at for event in self.of_kind.get("reopen", ())]
        self.decisions: dict[tuple[str, object], list[Event]] = {}
        for kind in ("waive", "extend"):
            for event in self.of_kind.get(kind, ()):
                self.decisions.setdefault((event.kind, event.fields.get("rule")), []).append(event)

    def days(self, pack: Pack) -> Timetable:
        found = self._days.get(id(pack))
        if found is None:
            found = self._days[id(pack)] = timetable(self.calendar, pack)
        return found

    def hits(self, pack: Pack, pattern: Pattern) -> list[Event]:
        """The events that match a pattern of the pack, in order; looked for when first asked."""
        table = self._hits.get(id(pack))
        if table is None:
            table = self._hits[id(pack)] = self._empty_table(pack)
        found = table.get(id(pattern), NO_EVENTS)
        if found is None:
            found = table[id(pattern)] = self._matching(pack, *self._rules[id(pack)].tests[id(pattern)])
        return found

    def _empty_table(self, pack: Pack) -> dict[int, list[Event] | None]:
        """The patterns that know a kind of the log: None until they are asked for."""
        by_kind = self._rules[id(pack)].by_kind
        return dict.fromkeys(pattern for kind in self.of_kind for pattern in by_kind.get(kind, ()))

    def _matching(self, pack: Pack, kinds: frozenset[str], alternatives: Alternatives) -> list[Event]:
        days = self.days(pack)
        if len(alternatives) == 1:
            kind, tests = alternatives[0]
            events = self.of_kind[kind]
            return [event for event in events if passes_all(tests, event, days)] if tests else events
        events = [event for event in self.events if event.kind in kinds]
        if not any(tests for _, tests in alternatives):
            return events
        by_kind = {kind: [tests for own, tests in alternatives if own == kind] for kind in kinds}
        return [event for event in events if any(passes_all(tests, event, days) for tests in by_kind[event.kind])]

    def values(self, pack: Pack, event: Event, name: str) -> tuple[str, ...]:
        """The persons or things that an event carries under a name that its kind declares."""
        rules = self._rules[id(pack)]
        if event.kind not in rules.carriers(name):
            return ()
        if name not in rules.members:
            found = event.about.get(name)
            if found is not None and len(found) == 1:
                return found
        return match.named(pack, event, name)

    def found(self, pack: Pack, pattern: Pattern, key: Key, carrying: tuple[str, ...] = ()) -> Found:
        """The events that match and agree with a key. ``carrying``: names that may not be empty."""
        marker = (id(pattern), id(pack), key, bool(carrying))
        answer = self._found.get(marker)
        if answer is None:
            events = self.hits(pack, pattern)
            if len(key) == 1 and events:
                events = self._of_one(pack, events, key[0][0], key[0][1], bool(carrying))
            elif key and events:
                events = [event for event in events if self._agrees(pack, event, key, carrying)]
            answer = self._found[marker] = ([event.at for event in events], events) if events else NOTHING
        return answer

    def _of_one(self, pack: Pack, events: list[Event], name: str, value: str, must_carry: bool) -> list[Event]:
        """Those that agree with a key of one name."""
        rules = self._rules[id(pack)]
        carriers, grouped, found = rules.carriers(name), name in rules.members, []
        for event in events:
            if event.kind in carriers:
                carried = event.about.get(name) if not grouped else None
                if not carried:
                    carried = match.named(pack, event, name)
            else:
                group = rules.group_of(event.kind, name)
                if group is None:
                    found.append(event)
                    continue
                carried = event.about.get(group, ())
            if value in carried or not (carried or must_carry):
                found.append(event)
        return found

    def _agrees(self, pack: Pack, event: Event, key: Key, carrying: tuple[str, ...]) -> bool:
        rules = self._rules[id(pack)]
        for name, value in key:
            if event.kind in rules.carriers(name):
                carried = self.values(pack, event, name)
            else:
                group = rules.group_of(event.kind, name)
                if group is None:
                    continue
                carried = event.about.get(group, ())
            if value not in carried and (carried or name in carrying):
                return False
        return True

    def keys(self, pack: Pack, for_each: ForEach) -> dict[Key, datetime]:
        """Every key that occurs in one event's names, with the first moment."""
        marker = (id(pack), for_each)
        found = self._keys.get(marker)
        if found is None:
            found = self._keys[marker] = self._all_keys(pack, for_each)
        return found

    def _all_keys(self, pack: Pack, for_each: ForEach) -> dict[Key, datetime]:
        if not for_each:
            return {(): self.events[0].at} if self.events else {}
        if any(name.of_case for name in for_each):
            return dict.fromkeys(match.all_keys(self, pack, for_each, self.now), self.now)
        found: dict[Key, datetime] = {}
        if len(for_each) == 1:
            name = for_each[0].name
            carriers = self._rules[id(pack)].carriers(name)
            first: dict[str, datetime] = {}
            for event in self.events:
                if event.kind in carriers:
                    for value in self.values(pack, event, name):
                        if value not in first:
                            first[value] = event.at
            return {((name, value),): at for value, at in first.items()}
        names = [name.name for name in for_each]
        for event in self.events:
            for values in product(*(self.values(pack, event, name) for name in names)):
                found.setdefault(tuple(zip(names, values, strict=True)), event.at)
        return found

    def closes(self) -> list[Event]:
        return self.hits(self.series.versions[0], CLOSE)

    def as_written(self, recorded: datetime, moment: datetime) -> Case:
        """What had been written down by then of what had happened by then."""
        struck = struck_ids(self.series, self.everything, self.now)
        events = in_order([event for event in self.everything if event.recorded <= recorded], struck, moment)
        return Case(self.series, self.everything, self.calendar, moment, self.kind, events)


def first_from(found: Found, moment: datetime) -> Event | None:
    """The first event at or after a moment."""
    position = bisect_left(found[0], moment)
    return found[1][position] if position < len(found[0]) else None


def up_to(found: Found, moment: datetime) -> int:
    """How many events are at or before a moment."""
    return bisect_right(found[0], moment)


def make(
    series: Series, log: Sequence[Event], calendar: Calendar | None, now: datetime, kind: str, known: datetime | None
) -> Case:
    """The case of a log at a moment."""
    everything = log if known is None else [event for event in log if event.recorded <= known]
    if any(event.kind in (VOID, PERSON_NAMED) for event in everything):
        events = in_order(everything, struck_ids(series, everything, now), now)
    else:
        events = tuple(sorted((event for event in everything if event.at <= now), key=_at))
    return Case(series, everything, calendar, now, kind, events)


def _at(event: Event) -> datetime:
    return event.at


_timetables: dict[tuple[Any, ...], Timetable] = {}


def timetable(calendar: Calendar | None, pack: Pack) -> Timetable:
    """The timetable of a calendar under a pack's hints; kept, so that each day is worked out once."""
    marker = (calendar, pack.hints)
    found = _timetables.get(marker)
    if found is None:
        if len(_timetables) >= 256:
            _timetables.clear()
        found = _timetables[marker] = Timetable(calendar, pack.hints)
    return found


__all__ = ["CLOSE", "REOPEN", "Case", "Found", "first_from", "make", "up_to"]
