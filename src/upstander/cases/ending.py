"""What closing still needs, and since when each clock runs: an outlook on the facts that a pack's closure asks for.

Pure. Whether a fact holds is the engine's word (the picture's facts and intervals); this module adds what people ask next:
since when, until when, what broke it, what would bring it about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from upstander.policy.arithmetic import add, add_quiet, end_of
from upstander.policy.calendar import Timetable
from upstander.policy.log import Event
from upstander.policy.model import (
    Alternative,
    Combination,
    Combine,
    Count,
    Distance,
    Pack,
    Pattern,
    Quiet,
    SchoolDays,
    Series,
    Span,
    TrueFrom,
    Within,
)
from upstander.policy.reference.facts import amount, in_window, run_length
from upstander.policy.reference.match import agrees, matches
from upstander.policy.reference.world import struck_ids
from upstander.policy.verdict import Key, Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """One fact for one key, now.

    ``since``: from when it holds. ``started``: when its clock last began to run, ``full``: when the clock is full (a quiet time)
    or until when an answer is valid. ``broken_by``: the event that started the clock anew, ``run_before`` the days it had run.
    ``rests_on``: ids of the events behind it. ``asks``: kinds of event that would bring it about, or start its clock.
    ``counted``: of a count, what stands in its window now, of the ``needed``.
    """

    fact: str
    key: Key
    holds: bool
    since: datetime | None = None
    started: datetime | None = None
    full: datetime | None = None
    lasts: Distance | None = None
    broken_by: str = ""
    run_before: int = 0
    rests_on: tuple[str, ...] = ()
    asks: tuple[Alternative, ...] = ()
    how: Combine | None = None
    parts: tuple[Outlook, ...] = ()
    counted: Decimal = Decimal(0)
    needed: Decimal = Decimal(0)


@dataclass(frozen=True)
class View:
    """What an outlook is taken from: the pack in force, the log without struck events in order of happening, the picture."""

    pack: Pack
    log: Sequence[Event]
    picture: Picture
    timetable: Timetable

    def outlook(self, fact: str, key: Key) -> Outlook:
        """The outlook on a fact; ``key``: names and persons, of which the fact takes its own."""
        form = self.pack.facts[fact].form
        own = tuple(
            pair for pair in key if any(pair[0] in self._names(each.name) for each in self.pack.facts[fact].for_each)
        )
        held = self.picture.holds(fact, own)
        since = next(
            (
                each.first
                for each in self.picture.intervals
                if each.fact == fact and each.key == own and each.first <= self.picture.now and each.last is None
            ),
            None,
        )
        match form:
            case Quiet():
                return self._quiet(fact, own, form, held, since)
            case TrueFrom():
                return self._true_from(fact, own, form, held, since)
            case Combination(how, facts):
                parts = tuple(self.outlook(each, key) for each in facts)
                return Outlook(fact=fact, key=own, holds=held, since=since, how=how, parts=parts)
            case Count():
                return self._count(fact, own, form, held, since)
            case _:
                return Outlook(fact=fact, key=own, holds=held, since=since)

    def _names(self, name: str) -> tuple[str, ...]:
        return (name, *self.pack.members(name), *self.pack.groups_of(name))

    def _found(self, pattern: Pattern, key: Key) -> list[Event]:
        return [
            event
            for event in self.log
            if event.at <= self.picture.now
            and agrees(self.pack, event, key)
            and matches(self.pack, self.timetable, event, pattern)
        ]

    def _quiet(self, fact: str, key: Key, form: Quiet, held: bool, since: datetime | None) -> Outlook:
        begun = self._found(form.since, key)
        if not begun:
            return Outlook(fact=fact, key=key, holds=held, lasts=form.lasts, asks=form.since.alternatives)
        starts = {event.id for event in begun}
        others = [event for event in self._found(form.quiet, key) if event.id not in starts]
        moments = sorted([*begun, *others], key=lambda event: event.at)
        moments = moments[next(n for n, event in enumerate(moments) if event.id in starts) :]
        last = moments[-1]
        broken = last if last.id not in starts else None
        before = (last.at - moments[-2].at).days if broken and len(moments) > 1 else 0
        return Outlook(
            fact=fact,
            key=key,
            holds=held,
            since=since or (self._after(last.at, form.lasts, quiet=True) if held else None),
            started=last.at,
            full=self._after(last.at, form.lasts, quiet=True),
            lasts=form.lasts,
            broken_by=broken.id if broken else "",
            run_before=before,
            rests_on=(last.id,),
        )

    def _true_from(self, fact: str, key: Key, form: TrueFrom, held: bool, since: datetime | None) -> Outlook:
        found = self._found(form.start, key)
        last = found[-1] if found else None
        return Outlook(
            fact=fact,
            key=key,
            holds=held,
            since=since or (last.at if held and last else None),
            started=last.at if last else None,
            full=self._after(last.at, form.lasts) if last and form.lasts else None,
            lasts=form.lasts,
            rests_on=(last.id,) if last else (),
            asks=() if held else form.start.alternatives,
        )

    def _count(self, fact: str, key: Key, form: Count, held: bool, since: datetime | None) -> Outlook:
        now = self.picture.now
        found = self._found(form.count, key)
        if form.within is Within.CONSECUTIVE_SCHOOL_DAYS:
            marked = {event.at.date() for event in found}
            counted = Decimal(run_length(self.timetable, marked, now.date()))
            inside = found[-int(counted) :] if counted else []
        else:
            inside = [event for event in found if in_window(self.timetable, event.at, form.within, now)]
            counted = amount(self.pack, form, inside)
        return Outlook(
            fact=fact,
            key=key,
            holds=held,
            since=since,
            rests_on=tuple(event.id for event in inside[-3:]),
            asks=() if held else form.count.alternatives,
            counted=counted,
            needed=form.at_least,
        )

    def _after(self, moment: datetime, distance: Distance, *, quiet: bool = False) -> datetime | None:
        if isinstance(distance, Span):
            return add_quiet(moment, distance) if quiet else add(moment, distance)
        working = not isinstance(distance, SchoolDays)
        day = self.timetable.nth(moment.date(), distance.n, working=working)[0]
        return end_of(day) if day is not None else None


def standing(series: Series, log: Sequence[Event], now: datetime) -> list[Event]:
    """The log in order of happening, without struck events and without what strikes them."""
    gone = struck_ids(series, log, now)
    return sorted((each for each in log if each.id not in gone and each.kind != "void"), key=lambda each: each.at)
