"""Which instances of a duty there are: triggers, series, chains, reopenings; indexed, by version where there are several."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import datetime
from operator import itemgetter

from upstander.policy.arithmetic import FIRST_MOMENT, LAST_MOMENT, MINUTE
from upstander.policy.compiled.case import Case
from upstander.policy.compiled.due import Instance, opening
from upstander.policy.compiled.judging import blocked, judge
from upstander.policy.compiled.plans import Plan
from upstander.policy.compiled.rules import ready
from upstander.policy.compiled.simple import simple_instances
from upstander.policy.compiled.steps import combined, merged
from upstander.policy.compiled.triggers import Trigger, recurs, triggers
from upstander.policy.compiled.view import Steps
from upstander.policy.compiled.windows import AnyWindow, windows
from upstander.policy.log import Event
from upstander.policy.model import AgainAfter, Combine, Pack, RepeatEach, RepeatEvery
from upstander.policy.reference.windows import Stretch, fixed
from upstander.policy.verdict import Key, State

_SETTLED = frozenset({State.MET, State.MET_LATE, State.WAIVED})


def instances(case: Case, rule_id: str) -> list[Instance]:
    """Every instance of a duty that has arisen up to ``now``, by key, moment and window."""
    standing = case.standing(rule_id)
    found: list[Instance] | None = standing.instances
    if found is None:
        standing.instances = []
        if len(case.spans) == 1 and not case.reopenings:
            view = case.views[id(case.spans[0][0])]
            plan = view.rules.plans.get(rule_id)
            if plan is not None:
                found = simple_instances(case, view, plan) if plan.raised_simply else _instances(case, rule_id)
            else:
                found = []
        else:
            found = _instances(case, rule_id)
        standing.instances = found
    return found


def _instances(case: Case, rule_id: str) -> list[Instance]:
    found = []
    raised = triggers(case, rule_id)
    for key, several in sorted(raised.items(), key=itemgetter(0)) if len(raised) > 1 else raised.items():
        of_key = [one for one in _of_key(case, rule_id, key, several) if one.at <= case.now]
        if len(of_key) > 1:
            of_key.sort(key=_order)
        found += of_key
    return found


def _order(instance: Instance) -> tuple[datetime, datetime]:
    return instance.at, instance.place.start if instance.place is not None else FIRST_MOMENT


def rule_ids(case: Case) -> list[str]:
    """The duties of all versions, but those of one that wait for an event of a kind that did not happen."""
    versions = case.series.versions
    if len(versions) == 1:
        found: list[str] | None = case.memo.get(("rules",))
        if found is None:
            rules = case.views[id(versions[0])].rules
            awake = set(rules.always)
            for kind in case.of_kind:
                awake.update(rules.woken_by.get(kind, ()))
            found = case.memo["rules",] = sorted(awake)
        return found
    return sorted({name for pack in versions for name in pack.duties})


def recurring(case: Case) -> list[str]:
    """The duties that have windows under some version."""
    if len(case.spans) == 1:
        windowed = ready(case.spans[0][0]).recurring
        return [rule_id for rule_id in rule_ids(case) if rule_id in windowed]
    return sorted({rule_id for pack in case.series.versions for rule_id in ready(pack).recurring})


def _first_of(case: Case, rule_id: str, key: Key, trigger: Trigger) -> Instance | None:
    """The instance that a trigger would raise; None where the version then in force has no such rule."""
    at, causes = trigger
    pack = _pack_for(case, rule_id, at)
    if pack is None:
        return None
    if len(causes) == 1:
        event = causes[0][3]
        because: tuple[str, ...] = (causes[0][2],)
        events: tuple[Event, ...] = (event,) if event is not None else ()
    else:
        because = tuple(dict.fromkeys(cause[2] for cause in causes))
        events = tuple({cause[3].id: cause[3] for cause in causes if cause[3] is not None}.values())
    first = Instance(ready(pack).plans[rule_id], pack, key, at, because, events)
    first.names = tuple([name for name, _ in key])  # the key may be of the version before
    return first


def _pack_for(case: Case, rule_id: str, at: datetime) -> Pack | None:
    for pack, start, end in case.spans:
        if at < end and (rule := pack.duties.get(rule_id)) is not None:
            return pack if start <= at or recurs(rule) else None
    return None


# --- instances of one key ----------------------------------------------------------------------------------------------


def _of_key(case: Case, rule_id: str, key: Key, several: list[Trigger]) -> Iterator[Instance]:
    for trigger in several:
        first = _first_of(case, rule_id, key, trigger)
        if first is None:
            continue
        rule = first.rule
        if rule.recurrence is None:
            yield from _single(case, first)
        elif isinstance(rule.recurrence, AgainAfter):
            yield from _chain(case, first)
        else:
            yield from _series(case, rule_id, first, first.at)
        if not rule.each_trigger and (rule.recurrence is not None or not blocked(case, first)):
            return


def _like(
    first: Instance,
    *,
    at: datetime,
    plan: Plan | None = None,
    pack: Pack | None = None,
    window: AnyWindow | None = None,
    place: Stretch | None = None,
    link: bool = False,
) -> Instance:
    made = Instance(
        plan or first.plan,
        pack or first.pack,
        first.key,
        at,
        first.because,
        first.events,
        window,
        place,
        link,
    )
    made.names = first.names
    return made


def _single(case: Case, first: Instance) -> Iterator[Instance]:
    window = first.rule.window
    places = fixed(window, case.days(first.pack), first.at, first.events) if window is not None else [None]
    for position, place in enumerate(places):
        instance: Instance | None = _like(first, at=first.at, place=place) if place is not None else first
        while instance is not None:
            yield instance
            instance = _anew(case, instance, position) if case.reopenings else None


def _anew(case: Case, instance: Instance, position: int) -> Instance | None:
    judged = judge(case, instance, case.now)
    again = reopened(case, instance.rule.id, judged.ended) if judged.by_close and judged.ended is not None else None
    if again is None:
        return None
    at, pack = again
    plan = ready(pack).plans[instance.rule.id]
    window = plan.rule.window
    places = fixed(window, case.days(pack), at, instance.events) if window is not None else []
    return _like(instance, at=at, plan=plan, pack=pack, place=places[position] if position < len(places) else None)


def reopened(case: Case, rule_id: str, closed: datetime) -> tuple[datetime, Pack] | None:
    """The first ``reopen`` after a moment, if the version then in force has the rule."""
    position = bisect_right(case.reopenings, closed)
    if position >= len(case.reopenings):
        return None
    at = case.reopenings[position]
    pack = case.version(at)
    return (at, pack) if rule_id in pack.duties else None


def ended_by(case: Case, rule_id: str, key: Key, start: datetime) -> tuple[datetime, bool] | None:
    """The first ``until`` from a moment on, by the version in force at it: when, and whether it was a ``close``."""
    for pack, from_, to in case.spans:
        rule = pack.duties.get(rule_id)
        if rule is None or rule.until is None or to <= start:
            continue
        times, events = case.found(pack, rule.until, key)
        position = bisect_left(times, max(start, from_))
        if position < len(times) and times[position] < to:
            at = times[position]
            return at, any(event.kind == "close" for event in events[position : bisect_right(times, at)])
    return None


def _series(case: Case, rule_id: str, first: Instance, start: datetime) -> Iterator[Instance]:
    while True:
        end = ended_by(case, rule_id, first.key, start)
        for pack, from_, to in case.spans:
            rule = pack.duties.get(rule_id)
            if rule is None or not isinstance(rule.recurrence, RepeatEach | RepeatEvery):
                continue
            plan, days = ready(pack).plans[rule_id], case.days(pack)
            for window in windows(rule, days, start):
                at = window.start
                if at > case.now or at >= to or (end is not None and at >= end[0] and at != start):
                    break
                if at < from_:
                    continue
                if rule.window is None:
                    yield _like(first, at=at, plan=plan, pack=pack, window=window)
                else:
                    for place in fixed(rule.window, days, at, first.events):
                        yield _like(first, at=at, plan=plan, pack=pack, window=window, place=place)
        again = reopened(case, rule_id, end[0]) if end is not None and end[1] else None
        if again is None:
            return
        start = again[0]


def _chain(case: Case, first: Instance) -> Iterator[Instance]:
    rule_id, start = first.rule.id, first.at
    link: Instance | None = first
    while link is not None:
        end, judged = ended_by(case, rule_id, first.key, start), None
        while link is not None:
            yield link
            judged = judge(case, link, case.now)
            link = _next_link(case, link, judged.ended, end) if judged.state in _SETTLED else None
        alive = judged is not None and (judged.state is not State.NOT_APPLICABLE or judged.by_close)
        again = reopened(case, rule_id, end[0]) if end is not None and end[1] and alive else None
        if again is None:
            return
        start, pack = again
        link = _like(first, at=start, plan=ready(pack).plans[rule_id], pack=pack, link=True)


def _next_link(
    case: Case, link: Instance, settled: datetime | None, end: tuple[datetime, bool] | None
) -> Instance | None:
    if settled is None or (end is not None and settled > end[0]):
        return None
    pack = case.version(settled)
    plan = ready(pack).plans.get(link.rule.id)
    if plan is None or not isinstance(plan.rule.recurrence, AgainAfter):
        return None
    return _like(link, at=settled, plan=plan, pack=pack, link=True)


# --- what facts ask of duties ------------------------------------------------------------------------------------------


def overdue_steps(case: Case, rule_id: str, pack: Pack, key: Key) -> Steps:
    """When an instance of the duty for the key is overdue, as far as it is known at ``now``."""
    several = []
    for instance in instances(case, rule_id):
        given = ready(pack).shared(instance.names, key)
        if not all(given.get(name, value) == value for name, value in instance.key):
            continue
        judged = judge(case, instance, case.now)
        if judged.passed is None:
            continue
        opens = opening(case, instance, case.now).at
        ends = judged.ended if judged.ended is not None else _ends(instance)
        if opens is not None:
            several.append(merged([(max(judged.passed, opens), ends)]))
    return combined(several, Combine.ANY)


def _ends(instance: Instance) -> datetime:
    """When an overdue instance stops being so by time alone: with its window."""
    window = instance.window
    return window.end + MINUTE if window is not None and window.end is not None else LAST_MOMENT
