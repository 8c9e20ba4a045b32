"""When the picture next changes though nothing happens (``next change``, §11): the clock sleeps until then.

Plain: gather every moment at which something may change, look at the picture at each in turn, and take the first that differs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from upstander.policy.arithmetic import DAY, end_of
from upstander.policy.model import During, Pack, RepeatEach, RepeatEvery
from upstander.policy.reference import facts
from upstander.policy.reference.duties import arisings, ended_by, moments, rule_ids, triggers
from upstander.policy.reference.windows import repeating
from upstander.policy.reference.world import World
from upstander.policy.verdict import Picture

Look = Callable[[World, str], Picture]


def next_change(here: World, record: str, look: Look) -> datetime | None:
    """The first moment after ``now`` at which the picture differs, all else staying as it is."""
    today = look(here, record)
    for moment in sorted({point for point in _points(here) if point > here.now}):
        there = look(here.at(moment), record)
        if replace(there, now=here.now) != today:
            return moment
    return None


def _points(here: World) -> Iterator[datetime]:
    """Every moment at which something may change by time alone; more than needed is harmless."""
    for pack, start, _ in here.periods():
        yield start
        for fact_id in (*pack.facts, "closed", "watched"):
            yield from facts.turning_points(here, pack, fact_id, _horizon(here, pack, fact_id))
    for rule_id in rule_ids(here):
        yield from moments(here, rule_id)
        yield from _pauses(here, rule_id)
        yield from _next_windows(here, rule_id)


def _horizon(here: World, pack: Pack, fact_id: str) -> datetime:
    """How far to look for what the calendar turns: past the next school day and the next of the other sort."""
    if not any(isinstance(fact.form, During) for fact in pack.facts.values()):
        return here.now
    days, today = here.days(pack), here.now.date()
    if pack is not here.version(here.now):
        today = max(today, pack.in_force_from)
    coming = [today + timedelta(days=n) for n in range(1, 400)]
    other = next((day for day in coming if days.is_school_day(day) != days.is_school_day(today)), today)
    return end_of(max(other, days.school_day_after(today) or today) + DAY)


def _pauses(here: World, rule_id: str) -> Iterator[datetime]:
    """A pause begins or ends only with its fact; a due moment in school days may move at each day that a pause touches."""
    for arising in arisings(here, rule_id):
        fact = arising.rule.paused_while
        if fact is not None:
            yield from facts.turning_points(here, arising.pack, fact, _horizon(here, arising.pack, fact))


def _next_windows(here: World, rule_id: str) -> Iterator[datetime]:
    """The starts of the windows that follow ``now``, under each version that has them."""
    for pack, start, end in here.periods():
        rule = pack.duties.get(rule_id)
        if rule is None or not isinstance(rule.recurrence, RepeatEvery | RepeatEach):
            continue
        for key, several in triggers(here, rule_id).items():
            starts = [trigger.at for trigger in several]
            reopenings = [event.at for event in here.events if event.kind == "reopen"]
            for first in (*starts, *reopenings):
                finished = ended_by(here, rule_id, key, first)
                if finished is not None and finished[0] <= here.now:
                    continue
                for window in repeating(rule.recurrence, here.days(pack), first, rule.by):
                    if window.start >= end:
                        break
                    if window.start > here.now and window.start >= start:
                        yield window.start
                        break
