"""What triggers a duty, by key and minute: events, facts that become true, other duties overdue, breaches."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import product
from operator import itemgetter

from upstander.policy.arithmetic import FIRST_MOMENT
from upstander.policy.compiled import facts
from upstander.policy.compiled.case import Case
from upstander.policy.compiled.judging import judge
from upstander.policy.compiled.plans import Plan
from upstander.policy.compiled.rules import ready
from upstander.policy.log import Event
from upstander.policy.model import (
    BecomesTrue,
    Duty,
    KeyName,
    Pack,
    RepeatEach,
    RepeatEvery,
    WhenBreach,
    WhenEvent,
    WhenOverdue,
)
from upstander.policy.verdict import Key

Cause = tuple[datetime, Key, str, Event | None]
"""Moment, key, what raised it, and the event if it was one."""

Trigger = tuple[datetime, list[Cause]]
"""All causes of one minute for one key."""


def triggers(case: Case, rule_id: str) -> dict[Key, list[Trigger]]:
    """For each key the minutes in which something triggers the duty, in order."""
    standing = case.standing(rule_id)
    if standing.triggers is None:
        standing.triggers = _triggers(case, rule_id)
    answer: dict[Key, list[Trigger]] = standing.triggers
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


def recurs(rule: Duty) -> bool:
    return isinstance(rule.recurrence, RepeatEvery | RepeatEach)


def _causes(case: Case, rule_id: str) -> Iterator[Cause]:
    if len(case.spans) == 1:
        pack = case.spans[0][0]
        plan = ready(pack).plans.get(rule_id)
        if plan is None:
            return
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
        begins, plan = since if recurs(rule) else start, ready(pack).plans[rule_id]
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
        from upstander.policy.compiled.duties import instances

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
