"""One record, indexed: a ``World`` with a ``View`` of its events for each version of the pack."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from operator import attrgetter
from typing import Any

from upstander.policy.arithmetic import start_of
from upstander.policy.calendar import Calendar
from upstander.policy.compiled.days import Days, timetable
from upstander.policy.compiled.rules import Rules, marker_of, ready
from upstander.policy.compiled.view import NOTHING, Found, View
from upstander.policy.log import Event
from upstander.policy.model import ForEach, Pack, Pattern, Series
from upstander.policy.reference import match
from upstander.policy.reference.facts import CLOSE, REOPEN
from upstander.policy.reference.world import PERSON_NAMED, VOID, World, in_order, struck_ids
from upstander.policy.verdict import Key

_AT = attrgetter("at")


class Standing:
    """What is known of one duty in a case: instances, triggers, the start of the windows to come."""

    __slots__ = ("instances", "triggers", "windows")

    def __init__(self) -> None:
        self.instances: Any = None
        self.triggers: Any = None
        self.windows: tuple[list[datetime], list[datetime]] | None = None


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
        kinds: dict[str, list[Event]] | None = None,
    ) -> None:
        super().__init__(series, everything, calendar, now, kind, events)
        kinds = kinds if kinds is not None else by_kind(events)
        self.of_kind = kinds
        self.spans = self.periods()
        self.views = {
            id(pack): View(pack, ready(pack), timetable(calendar, pack), events, kinds) for pack in series.versions
        }
        self.standings: dict[str, Standing] = {}
        self.parts: dict[str, Any] = {}
        """The part of the picture of each duty that was looked at, None of one without instances."""
        self.reopenings = [event.at for event in kinds.get("reopen", ())]
        self.keep_decisions()

    def keep_decisions(self) -> None:
        """Who waived or extended what."""
        self.decisions: dict[tuple[str, object], list[Event]] = {}
        for kind in ("waive", "extend"):
            for event in self.of_kind.get(kind, ()):
                self.decisions.setdefault((event.kind, event.fields.get("rule")), []).append(event)

    def standing(self, rule_id: str) -> Standing:
        """What is known of a duty, to be added to."""
        found = self.standings.get(rule_id)
        if found is None:
            found = self.standings[rule_id] = Standing()
        return found

    @property
    def plain_rules(self) -> Rules:
        """The rules of the only version, where there is but one."""
        return self.views[id(self.spans[0][0])].rules

    @cached_property
    def settled(self) -> bool:
        """Whether no event is still to come."""
        return all(event.at <= self.now for event in self.everything)

    @cached_property
    def odd(self) -> list[Event]:
        """The voids, and those who are named late."""
        return [event for event in self.everything if event.kind in (VOID, PERSON_NAMED)]

    @cached_property
    def moments(self) -> list[datetime]:
        return list(map(_AT, self.events))

    @cached_property
    def place(self) -> dict[str, int]:
        """The position of each event by its id."""
        return {event.id: position for position, event in enumerate(self.events)}

    def version(self, moment: datetime) -> Pack:
        return self.spans[0][0] if len(self.spans) == 1 else self.series.at(moment.date())

    def days(self, pack: Pack) -> Days:
        return self.views[id(pack)].days

    def hits(self, pack: Pack, pattern: Pattern) -> list[Event]:
        """The events that match a pattern of the pack, in order."""
        view = self.views[id(pack)]
        return view.hits(view.rules.number[id(pattern)])

    def values(self, pack: Pack, event: Event, name: str) -> tuple[str, ...]:
        """The persons or things that an event carries under a name that its kind declares."""
        return self.views[id(pack)].values(event, name)

    def found(self, pack: Pack, pattern: Pattern, key: Key, carrying: tuple[str, ...] = ()) -> Found:
        """The events that match and agree with a key. ``carrying``: names that may not be empty."""
        view = self.views[id(pack)]
        return view.found(view.rules.number[id(pattern)], key, carrying)

    def keys(self, pack: Pack, for_each: ForEach) -> dict[Key, datetime]:
        """Every key that occurs in one event's names, with the first moment."""
        return self.keys_of(self.views[id(pack)], for_each, marker_of(for_each))

    def keys_of(self, view: View, for_each: ForEach, marker: tuple[str, ...]) -> dict[Key, datetime]:
        """The same where the names are known by their marker."""
        found = view.keys_.get(marker)
        if found is None:
            if any(name.of_case for name in for_each):
                found = dict.fromkeys(match.all_keys(self, view.pack, for_each, self.now), self.now)
                view.keys_[marker] = found
            else:
                found = view.keys(marker)
        return found

    def closes(self) -> list[Event]:
        return self.of_kind.get("close", [])

    def as_written(self, recorded: datetime, moment: datetime) -> Case:
        """What had been written down by then of what had happened by then."""
        struck = struck_ids(self.series, self.everything, self.now)
        events = in_order([event for event in self.everything if event.recorded <= recorded], struck, moment)
        return Case(self.series, self.everything, self.calendar, moment, self.kind, events)


_alone: dict[int, Series] = {}


def alone(series: Series, log: Sequence[Event], now: datetime) -> Series:
    """The latest version alone, where it has been in force since before the first event: nothing arose under the others.

    Not where a fact changed its names: its stretches are asked for by both.
    """
    latest = series.versions[-1]
    start = start_of(latest.in_force_from)
    if now < start or any(event.at < start for event in log):
        return series
    for before in series.versions[:-1]:
        if any(
            fact.id in before.facts and before.facts[fact.id].for_each != fact.for_each
            for fact in latest.facts.values()
        ):
            return series
    found = _alone.get(id(latest))
    if found is None or found.versions[0] is not latest:
        if len(_alone) >= 64:
            _alone.clear()
        found = _alone[id(latest)] = Series((latest,))
    return found


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
    if len(series.versions) > 1:
        series = alone(series, everything, now)
    events = sorted(everything, key=_AT)
    kinds = by_kind(events)
    if VOID in kinds or PERSON_NAMED in kinds:
        events = list(in_order(everything, struck_ids(series, everything, now), now))
        kinds = by_kind(events)
    elif events and events[-1].at > now:
        events = events[: bisect_right(events, now, key=_AT)]
        kinds = by_kind(events)
    return Case(series, everything, calendar, now, kind, tuple(events), kinds)


def by_kind(events: Sequence[Event]) -> dict[str, list[Event]]:
    """Events by their kind, each list in order."""
    kinds: defaultdict[str, list[Event]] = defaultdict(list)
    for event in events:
        kinds[event.kind].append(event)
    return dict(kinds)


__all__ = ["CLOSE", "NOTHING", "REOPEN", "Case", "Found", "View", "first_from", "make", "up_to"]
