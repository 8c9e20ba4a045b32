"""One record's log as every rule sees it: voids struck out, late-named people in their place, in order (§2).

A ``World`` is one log, one series of packs, one calendar and one moment ``now``. All that is asked of it looks only at events at or
before the moment in question. It remembers answers, which changes nothing: every answer depends only on its arguments.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from upstander.policy.arithmetic import FIRST_MOMENT, LAST_MOMENT, MINUTE, start_of
from upstander.policy.calendar import Calendar, Timetable
from upstander.policy.log import Event
from upstander.policy.model import Pack, Series

VOID = "void"
PERSON_NAMED = "person-named"
_TIMELESS = frozenset({"holds", "born", "matching"})
"""What is remembered of these depends on the log alone, not on ``now``."""


@dataclass(eq=False)
class World:
    """``events``: at or before ``now``, struck ones left out, by (at, position); ``everything``: the log as it was given."""

    series: Series
    everything: Sequence[Event]
    calendar: Calendar | None
    now: datetime
    kind: str
    events: tuple[Event, ...]
    memo: dict[tuple[Hashable, ...], Any] = field(default_factory=dict)
    _timetables: dict[int, Timetable] = field(default_factory=dict)

    def version(self, moment: datetime) -> Pack:
        """The pack version in force at a moment; the earliest also governs what came before it."""
        return self.series.at(moment.date())

    def periods(self) -> list[tuple[Pack, datetime, datetime]]:
        """Each version with the first moment of its force and the first that is no longer in it."""
        versions = self.series.versions
        starts = [FIRST_MOMENT, *(start_of(pack.in_force_from) for pack in versions[1:])]
        ends = [*starts[1:], LAST_MOMENT]
        return [(pack, start, end) for pack, start, end in zip(versions, starts, ends, strict=True)]

    def days(self, pack: Pack) -> Timetable:
        """The timetable under the hints of this version."""
        if id(pack) not in self._timetables:
            self._timetables[id(pack)] = Timetable(self.calendar, pack.hints)
        return self._timetables[id(pack)]

    def at(self, moment: datetime) -> World:
        """The same log seen at another moment with nothing added: for what time alone will change."""
        memo = {marker: answer for marker, answer in self.memo.items() if marker[0] in _TIMELESS}
        everything = happened(self.everything, self.now)
        return World(self.series, everything, self.calendar, moment, self.kind, self.events, memo, self._timetables)

    def as_written_by(self, recorded: datetime, moment: datetime) -> World:
        """What had been written down by then of what had happened by then; voids count whenever they were written."""
        struck = struck_ids(self.series, self.everything, self.now)
        events = in_order([event for event in self.everything if event.recorded <= recorded], struck, moment)
        return World(self.series, self.everything, self.calendar, moment, self.kind, events, {}, self._timetables)


def world(
    series: Series,
    log: Sequence[Event],
    calendar: Calendar | None,
    now: datetime,
    kind: str,
    known: datetime | None = None,
) -> World:
    """The world of a log at a moment; with ``known``, only of what had been written down by then."""
    everything = [event for event in log if known is None or event.recorded <= known]
    events = in_order(everything, struck_ids(series, everything, now), now)
    return World(series, everything, calendar, now, kind, events)


def happened(log: Sequence[Event], now: datetime) -> Sequence[Event]:
    """What has happened by now: a void to come strikes nothing. Those named late count from when their person was named."""
    return [event for event in log if event.at <= now or event.kind == PERSON_NAMED]


def in_order(log: Sequence[Event], struck: frozenset[str], now: datetime) -> tuple[Event, ...]:
    """The events that count at ``now``, by (at, position), each ``person-named`` at the moment it counts from."""
    standing = [event for event in log if event.kind != VOID and event.id not in struck]
    naming = [event for event in standing if event.kind != PERSON_NAMED and event.at <= now]
    placed = [
        replace(event, at=_counts_from(event, naming)) if event.kind == PERSON_NAMED else event for event in standing
    ]
    return tuple(sorted((event for event in placed if event.at <= now), key=lambda event: event.at))


def _counts_from(event: Event, naming: Sequence[Event]) -> datetime:
    """Whatever its ``at``, ``person-named`` counts from the earliest event that names the person."""
    persons = {person for ids in event.about.values() for person in ids}
    moments = [other.at for other in naming if any(persons & set(ids) for ids in other.about.values())]
    return min(moments, default=event.at)


def struck_ids(series: Series, log: Sequence[Event], now: datetime) -> frozenset[str]:
    """The ids of events that voids strike, as of ``now``.

    A void counts from its ``at`` on if it was written after the event it names and its doer's role may record the kind struck;
    a voided void restores.
    """
    by_id = {event.id: event for event in log}
    voids = [event for event in log if event.kind == VOID and event.at <= now and _has_authority(series, event, by_id)]
    naming: dict[str, list[Event]] = {}
    for void in voids:
        naming.setdefault(str(void.fields.get("event")), []).append(void)

    def struck(id_: str) -> bool:
        return any(not struck(void.id) for void in naming.get(id_, ()))

    return frozenset(id_ for id_ in by_id if struck(id_))


def _has_authority(series: Series, void: Event, by_id: Mapping[str, Event]) -> bool:
    target, seen = by_id.get(str(void.fields.get("event"))), {void.id}
    if target is None or target.recorded > void.recorded:
        return False
    while target.kind == VOID:
        if target.id in seen:
            return False
        seen.add(target.id)
        named = by_id.get(str(target.fields.get("event")))
        if named is None:
            return False
        target = named
    pack = series.at(void.at.date())
    kind = pack.events.get(target.kind)
    return kind is None or may_act(pack, void.by.role, kind.recorded_by)


def may_act(pack: Pack, role: str | None, roles: Sequence[str]) -> bool:
    """Whether a doer's role is among these (groups count for their members); an empty list means anybody."""
    return not roles or role in {member for name in roles for member in (name, *pack.members(name))}


def minute_before(moment: datetime) -> datetime:
    return moment - MINUTE if moment > FIRST_MOMENT + timedelta(minutes=1) else moment
