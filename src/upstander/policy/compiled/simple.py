"""The instances of the commonest duties: raised by an event, for no name or one, once or each time, under one version."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import datetime

from upstander.policy.compiled.case import Case
from upstander.policy.compiled.due import Instance
from upstander.policy.compiled.judging import blocked
from upstander.policy.compiled.plans import Plan
from upstander.policy.compiled.view import Found, View, timed
from upstander.policy.log import Event
from upstander.policy.verdict import Key


def simple_instances(case: Case, view: View, plan: Plan) -> list[Instance]:
    """Every instance that has arisen, by key and moment; what ``duties.instances`` finds in its general way."""
    acts = view.hits(plan.when)
    found: list[Instance] = []
    for key, triggers in raised(view, plan, acts) if acts else ():
        found += _of_key(case, view, plan, key, triggers)
    return found


def raised(view: View, plan: Plan, acts: list[Event]) -> Iterable[tuple[Key, Found]]:
    """The acts that raise the duty for each key, with the moments at which they do; the keys in order."""
    if not plan.names:
        return (((), timed(acts)),)
    return _for_all(view, plan, acts) if plan.late_named else _for_each(view, plan)


def first_minute(triggers: Found) -> tuple[datetime, tuple[Event, ...]]:
    """The first minute of triggers with all of its acts, each once."""
    times, acts = triggers
    if len(times) == 1 or times[1] != times[0]:
        return times[0], (acts[0],)
    return next(by_minute(triggers))


def by_minute(triggers: Found) -> Iterator[tuple[datetime, tuple[Event, ...]]]:
    """Each minute of triggers with all of its acts, each once."""
    times, acts = triggers
    position, count = 0, len(times)
    while position < count:
        at, following = times[position], position + 1
        if following == count or times[following] != at:
            yield at, (acts[position],)
        else:
            while following < count and times[following] == at:
                following += 1
            yield at, tuple({event.id: event for event in acts[position:following]}.values())
        position = following


def _for_each(view: View, plan: Plan) -> Iterator[tuple[Key, Found]]:
    name = plan.names[0]
    by_value = view.grouped(plan.when, name)[0]
    for value in sorted(by_value) if len(by_value) > 1 else by_value:
        yield ((name, value),), by_value[value]


def _for_all(view: View, plan: Plan, acts: list[Event]) -> Iterator[tuple[Key, Found]]:
    """Each act for everybody who has the role in the case, from the moment at which they were first named.

    An act before that does not count if an ``until`` lies between.
    """
    persons = view.keys((plan.names[0],))
    times = timed(acts)[0]
    for key in sorted(persons) if len(persons) > 1 else persons:
        first = persons[key]
        here, start = bisect_left(times, first), 0
        if here and plan.until >= 0:
            ends = view.found(plan.until, key)[0]
            last = bisect_left(ends, first)
            if last:
                start = _after(times, ends[last - 1], here)
        moments = [first] * (here - start) + times[here:] if here else times
        if moments:
            yield key, (moments, acts[start:] if start else acts)


def _after(times: list[datetime], end: datetime, most: int) -> int:
    """The position of the first act after the last ``until`` before the naming."""
    position = 0
    while position < most and times[position] <= end:
        position += 1
    return position


def _of_key(case: Case, view: View, plan: Plan, key: Key, triggers: Found) -> list[Instance]:
    found: list[Instance] = []
    for at, events in by_minute(triggers):
        instance = Instance(plan, view.pack, key, at, tuple([event.id for event in events]), events)
        found.append(instance)
        if not plan.rule.each_trigger and not (plan.guarded and blocked(case, instance)):
            break
    return found
