"""E12, W3, W5: rules that stand in each other's way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from upstander.policy.lint.names import all_names, answers_for
from upstander.policy.lint.patterns import covers
from upstander.policy.model import Combination, Combine, Duty, Limit, Pack, Role, Strength, WhenEvent
from upstander.policy.problems import Problem, problem
from upstander.policy.words import worded


def clashes(pack: Pack) -> Iterator[Problem]:
    """E12: what a duty demands, a limit forbids."""
    for duty in pack.duties.values():
        if duty.strength is Strength.MAY:
            continue
        for limit in pack.limits.values():
            if limit.never and not limit.warns and _meet(pack, duty, limit):
                yield from _clash(pack, duty, limit)


def _meet(pack: Pack, duty: Duty, limit: Limit) -> bool:
    """Whether whatever meets the duty is an act of the limit, about somebody in common."""
    names, others = all_names(duty.for_each), all_names(limit.for_each)
    if names and others and not any(answers_for(pack, names, each) for each in others):
        return False
    return any(covers(limit.act, pattern) for pattern in duty.must)


def _clash(pack: Pack, duty: Duty, limit: Limit) -> Iterator[Problem]:
    forbidden = dict.fromkeys(limit.while_, True) | dict.fromkeys(limit.unless, False)
    known = _supposed(pack, forbidden | dict.fromkeys(duty.if_, True))
    guards = [*duty.unless, *([duty.paused_while] if duty.paused_while else [])]
    if known is None or any(_holds(pack, name, known) for name in guards):
        return
    under = [f"while '{fact}'" for fact in limit.while_] + [f"unless '{fact}'" for fact in limit.unless]
    when = ", ".join(under) if under else "always"
    hint = worded("give the duty an 'unless' or 'paused while', or the limit an 'unless'")
    yield problem(
        duty.mark,
        "E12",
        worded("duty '{duty}' asks for what limit '{limit}' forbids ({when})", duty=duty.id, limit=limit.id, when=when),
        hint,
    )


def _supposed(pack: Pack, assumed: dict[str, bool]) -> dict[str, bool] | None:
    """What follows from facts that hold or do not; None where they contradict each other."""
    known: dict[str, bool] = {}
    waiting = list(assumed.items())
    while waiting:
        name, value = waiting.pop()
        if known.setdefault(name, value) is not value:
            return None
        fact = pack.facts.get(name)
        if fact is None or not isinstance(fact.form, Combination):
            continue
        how = fact.form.how
        if (how is Combine.ALL and value) or (how is Combine.ANY and not value):
            waiting.extend((part, value) for part in fact.form.facts if part not in known or known[part] is not value)
        elif how is Combine.NONE and value:
            waiting.extend((part, False) for part in fact.form.facts if known.get(part) is not False)
    return known


def _holds(pack: Pack, name: str, known: Mapping[str, bool], depth: int = 0) -> bool | None:
    """Whether a fact follows from the known ones; None where it cannot be told."""
    if name in known:
        return known[name]
    fact = pack.facts.get(name)
    if fact is None or not isinstance(fact.form, Combination) or depth > 30:
        return None
    parts = [_holds(pack, part, known, depth + 1) for part in fact.form.facts]
    if fact.form.how is Combine.ALL:
        return True if all(parts) else (False if False in parts else None)
    some = True if True in parts else (None if None in parts else False)
    return some if fact.form.how is Combine.ANY or some is None else not some


def hindered(pack: Pack) -> Iterator[Problem]:
    """W3: the bearer of a duty is not among those who alone may do what it asks."""
    for duty in pack.duties.values():
        bearers = {bearer.role for bearer in duty.who if isinstance(bearer, Role)}
        if not bearers or len(bearers) != len(duty.who):
            continue
        deputies = {each for role in bearers if role in pack.roles for each in pack.roles[role].deputies}
        for limit in pack.limits.values():
            allowed = {member for role in limit.only_by for member in (role, *pack.members(role))}
            if allowed and not allowed & (bearers | deputies) and _meet(pack, duty, limit):
                message = worded(
                    "duty '{duty}' is for {bearers}, but limit '{limit}' lets only others do it",
                    duty=duty.id,
                    bearers=", ".join(sorted(bearers)),
                    limit=limit.id,
                )
                yield problem(duty.mark, "W3", message)


def two_routes(pack: Pack) -> Iterator[Problem]:
    """W5: the same event asks the same of different people."""
    seen: dict[tuple[object, ...], Duty] = {}
    for duty in pack.duties.values():
        if not isinstance(duty.when, WhenEvent):
            continue
        same = (duty.when.pattern, duty.must, duty.for_each, duty.if_, duty.unless)
        first = seen.setdefault(same, duty)
        if first is not duty and first.who != duty.who:
            message = worded(
                "duties '{first}' and '{duty}' ask the same after the same event, of different people",
                first=first.id,
                duty=duty.id,
            )
            yield problem(duty.mark, "W5", message, worded("say in document.yaml how the document is read"))
