"""Which instances of a duty there are: triggers, series, chains, reopenings; indexed, by version where there are several."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import product
from operator import itemgetter

from upstander.policy.arithmetic import FIRST_MOMENT, LAST_MOMENT, MINUTE
from upstander.policy.compiled import facts
from upstander.policy.compiled.case import Case
from upstander.policy.compiled.due import Instance, opening
from upstander.policy.compiled.judging import blocked, judge
from upstander.policy.compiled.rules import Plan, ready
from upstander.policy.log import Event
from upstander.policy.model import (
    AgainAfter,
    BecomesTrue,
    Combine,
    Duty,
    KeyName,
    Pack,
    RepeatEach,
    RepeatEvery,
    WhenBreach,
    WhenEvent,
    WhenOverdue,
)
from upstander.policy.reference.windows import fixed, repeating
from upstander.policy.verdict import Key, State

Cause = tuple[datetime, Key, str, Event | None]
"""Moment, key, what raised it, and the event if it was one."""

_SETTLED = frozenset({State.MET, State.MET_LATE, State.WAIVED})


def instances(case: Case, rule_id: str) -> list[Instance]:
    """Every instance of a duty that has arisen up to ``now``, by key, moment and window."""
    marker = ("instances", rule_id)
    found = case.memo.get(marker)
    if found is None:
        case.memo[marker] = []
        found = []
        raised = triggers(case, rule_id)
        for key, several in sorted(raised.items(), key=itemgetter(0)) if len(raised) > 1 else raised.items():
            of_key = [one for one in _of_key(case, rule_id, key, several) if one.at <= case.now]
            if len(of_key) > 1:
                of_key.sort(key=_order)
            found += of_key
        case.memo[marker] = found
    answer: list[Instance] = found
    return answer


def _order(instance: Instance) -> tuple[datetime, datetime]:
    return instance.at, instance.place.start if instance.place is not None else FIRST_MOMENT


def live(case: Case) -> list[tuple[str, list[Instance]]]:
    """The duties of which there are instances, by id, each with them."""
    found: list[tuple[str, list[Instance]]] | None = case.memo.get(("live",))
    if found is None:
        found = case.memo[("live",)] = [(rule_id, there) for rule_id, there in each(case) if there]
    return found


def each(case: Case) -> Iterator[tuple[str, list[Instance]]]:
    """Every duty with its instances, asked anew: a duty may be waiting for the answer to this very question."""
    return ((rule_id, instances(case, rule_id)) for rule_id in _rule_ids(case))


def _rule_ids(case: Case) -> list[str]:
    versions = case.series.versions
    if len(versions) == 1:
        return ready(versions[0]).duty_ids
    return sorted({name for pack in versions for name in pack.duties})


def recurring(case: Case) -> list[str]:
    """The duties that have windows under some version."""
    return sorted({rule_id for pack in case.series.versions for rule_id in ready(pack).recurring})


# --- triggers ----------------------------------------------------------------------------------------------------------


Trigger = tuple[datetime, list[Cause]]
"""All causes of one minute for one key."""


def triggers(case: Case, rule_id: str) -> dict[Key, list[Trigger]]:
    """For each key the minutes in which something triggers the duty, in order."""
    marker = ("triggers", rule_id)
    found = case.memo.get(marker)
    if found is None:
        found = case.memo[marker] = _triggers(case, rule_id)
    answer: dict[Key, list[Trigger]] = found
    return answer


def _triggers(case: Case, rule_id: str) -> dict[Key, list[Trigger]]:
    causes = list(_causes(case, rule_id))
    if not causes:
        return {}
    if len(causes) == 1:
        return {causes[0][1]: [(causes[0][0], causes)]}
    minutes: dict[Key, dict[datetime, list[Cause]]] = {}
    for cause in causes:
        minutes.setdefault(cause[1], {}).setdefault(cause[0], []).append(cause)
    return {key: sorted(of_key.items(), key=itemgetter(0)) for key, of_key in minutes.items()}


def _first_of(case: Case, rule_id: str, key: Key, trigger: Trigger) -> Instance | None:
    """The instance that a trigger would raise; None where the version then in force has no such rule."""
    at, causes = trigger
    pack = _pack_for(case, rule_id, at)
    if pack is None:
        return None
    if len(causes) == 1:
        event = causes[0][3]
        because, events = (causes[0][2],), (event,) if event is not None else ()
        return Instance(ready(pack).plans[rule_id], pack, key, at, because, events)
    reasons = tuple(dict.fromkeys(cause[2] for cause in causes))
    acts = tuple({cause[3].id: cause[3] for cause in causes if cause[3] is not None}.values())
    return Instance(ready(pack).plans[rule_id], pack, key, at, reasons, acts)


def _recurs(rule: Duty) -> bool:
    return isinstance(rule.recurrence, RepeatEvery | RepeatEach)


def _pack_for(case: Case, rule_id: str, at: datetime) -> Pack | None:
    for pack, start, end in case.spans:
        if at < end and (rule := pack.duties.get(rule_id)) is not None:
            return pack if start <= at or _recurs(rule) else None
    return None


def _causes(case: Case, rule_id: str) -> Iterator[Cause]:
    if len(case.spans) == 1:
        pack = case.spans[0][0]
        plan = ready(pack).plans[rule_id]
        if isinstance(plan.rule.when, WhenEvent) and not case.hits(pack, plan.rule.when.pattern):
            return
        if not plan.late_named:
            yield from _causes_under(case, pack, plan.rule, plan)
            return
    since = FIRST_MOMENT
    for pack, start, end in case.spans:
        rule = pack.duties.get(rule_id)
        if rule is None:
            continue
        begins, plan = since if _recurs(rule) else start, ready(pack).plans[rule_id]
        causes = (cause for cause in _causes_under(case, pack, rule, plan) if begins <= cause[0] < end)
        yield from _later_named(case, pack, rule, causes) if plan.late_named else causes
        since = end


def _causes_under(case: Case, pack: Pack, rule: Duty, plan: Plan) -> Iterator[Cause]:
    when = rule.when
    if isinstance(when, WhenEvent):
        for act in case.hits(pack, when.pattern):
            if not plan.own:
                yield act.at, (), act.id, act
            elif len(plan.own) == 1:
                for value in case.values(pack, act, plan.own[0]):
                    yield act.at, ((plan.own[0], value),), act.id, act
            else:
                for values in product(*(case.values(pack, act, name) for name in plan.own)):
                    yield act.at, tuple(zip(plan.own, values, strict=True)), act.id, act
        return
    for at, source, because, event in _raised(case, rule):
        given = ready(pack).shared(plan.own, source)
        if len(given) == len(plan.own):
            yield at, tuple((name, given[name]) for name in plan.own), because, event


def _raised(case: Case, rule: Duty) -> Iterator[Cause]:
    """What facts, other duties and breaches raise, with the key that they carry."""
    when = rule.when
    if isinstance(when, BecomesTrue):
        for at, key in facts.rises(case, when.fact):
            yield at, key, when.fact, None
    elif isinstance(when, WhenOverdue):
        for instance in instances(case, when.duty):
            passed = judge(case, instance, case.now).passed
            if passed is not None and passed <= case.now:
                yield passed, instance.key, when.duty, None
    elif isinstance(when, WhenBreach):
        from upstander.policy.compiled.limits import broken

        for act, key in broken(case, when.limit):
            yield act.at, key, act.id, act


def _later_named(case: Case, pack: Pack, rule: Duty, causes: Iterable[Cause]) -> Iterator[Cause]:
    """Each cause once for everybody who has the role in the case, from the moment at which they were first named."""
    names = [name.name for name in rule.for_each if name.of_case]
    everybody = [
        ({name: value for (((name, value),), _) in persons}, max(first for _, first in persons))
        for persons in product(*(case.keys(pack, (KeyName(name),)).items() for name in names))
    ]
    if not everybody:
        return
    own = [name.name for name in rule.for_each]
    fixed_keys = [_key_from(held, own) if len(own) == len(names) else () for held, _ in everybody]
    for at, given, because, event in causes:
        for (held, first), fixed_key in zip(everybody, fixed_keys, strict=True):
            key = fixed_key or _key_from(dict(given) | held, own)
            if at >= first:
                yield at, key, because, event
            elif not _ended_between(case, pack, rule, key, at, first):
                yield first, key, because, event


def _key_from(held: dict[str, str], names: list[str]) -> Key:
    return tuple((name, held[name]) for name in names)


def _ended_between(case: Case, pack: Pack, rule: Duty, key: Key, start: datetime, end: datetime) -> bool:
    """Whether the duty's ``until`` came from one moment on, before the other."""
    if rule.until is None:
        return False
    ends = case.found(pack, rule.until, key)[0]
    position = bisect_left(ends, start)
    return position < len(ends) and ends[position] < end


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
    window: object = None,
    place: object = None,
    link: bool = False,
) -> Instance:
    return Instance(
        plan or first.plan,
        pack or first.pack,
        first.key,
        at,
        first.because,
        first.events,
        window,  # type: ignore[arg-type]
        place,  # type: ignore[arg-type]
        link,
    )


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
            for window in repeating(rule.recurrence, days, start, rule.by):
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


def overdue_steps(case: Case, rule_id: str, pack: Pack, key: Key) -> facts.Steps:
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
            several.append(facts.merged([(max(judged.passed, opens), ends)]))
    return facts.combined(several, Combine.ANY)


def _ends(instance: Instance) -> datetime:
    """When an overdue instance stops being so by time alone: with its window."""
    window = instance.window
    return window.end + MINUTE if window is not None and window.end is not None else LAST_MOMENT
