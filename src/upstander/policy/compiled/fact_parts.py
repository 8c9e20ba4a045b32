"""What one fact adds to the picture at ``now``: the keys for which it holds, when it next turns, the stretches in which it held."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from upstander.policy.arithmetic import MINUTE
from upstander.policy.compiled import facts
from upstander.policy.compiled.case import Case
from upstander.policy.compiled.plans import FactPlan
from upstander.policy.compiled.view import Steps, View
from upstander.policy.model import Fact, Pack
from upstander.policy.verdict import FactHeld, FactInterval, Key


class FactPart(NamedTuple):
    """``turn``: the first moment after ``now`` at which the fact turns for a key; ``stretches``: of a fact that is indexed."""

    held: list[FactHeld]
    turn: datetime | None
    stretches: list[FactInterval]


NOTHING = FactPart([], None, [])
"""The part of a fact that has never held and that time does not turn."""


def fact_parts(case: Case, pack: Pack) -> list[FactPart]:
    """The parts of all facts of the version in force, by id."""
    marker = ("facts", id(pack))
    found: list[FactPart] | None = case.memo.get(marker)
    if found is None:
        view, kept = case.views[id(pack)], case.memo.pop(("facts kept",), {})
        indexed = view.rules.indexed(case.kind)
        found = case.memo[marker] = [
            kept.get(plan.fact.id) or _part(case, view, plan, indexed) for plan in view.rules.facts_by_id
        ]
    return found


def kept(case: Case, pack: Pack, changed: set[str], now: datetime) -> dict[str, FactPart]:
    """The parts that stay as they are at a later moment, by id. ``changed``: facts that may turn otherwise than was known."""
    known = case.memo.get(("facts", id(pack)), ())
    return {
        plan.fact.id: part
        for plan, part in zip(case.views[id(pack)].rules.facts_by_id, known, strict=False)
        if plan.fact.id not in changed and (part.turn is None or part.turn > now)
    }


def _part(case: Case, view: View, plan: FactPlan, indexed: frozenset[str]) -> FactPart:
    turning: Iterable[tuple[Key, Steps]]
    if plan.fact.id in view.rules.tabulated:
        table = facts.table(case, view, plan)
        if not table:
            return NOTHING
        turning = table.items()
    elif facts.never_holds(view, plan):
        return NOTHING
    else:
        turning = _one_by_one(case, view, plan)
    return _made(case, plan.fact, turning, plan.fact.id in indexed)


def _made(case: Case, fact: Fact, turning: Iterable[tuple[Key, Steps]], indexed: bool) -> FactPart:
    now = case.now
    held: list[Key] = []
    turn: datetime | None = None
    found: list[FactInterval] = []
    for key, steps in turning:
        position = bisect_right(steps, now)
        if position & 1:
            held.append(key)
        if position < len(steps) and (turn is None or steps[position] < turn):
            turn = steps[position]
        if indexed and position:
            found += stretches(steps, now, fact.id, key)
    if len(held) > 1:
        held.sort()
    return FactPart([FactHeld(fact.id, key) for key in held], turn, found)


def _one_by_one(case: Case, view: View, plan: FactPlan) -> Iterator[tuple[Key, Steps]]:
    """The keys for which a fact ever holds, with the moments at which it turns."""
    for key, first in case.keys_of(view, plan.fact.for_each, plan.marker).items():
        born = first if plan.simply_born else facts.born(case, view, plan, key)
        steps = facts.steps_since(case, view, plan, key, born)
        if steps:
            yield key, steps


def stretches(steps: Steps, now: datetime, fact_id: str, key: Key) -> Iterator[FactInterval]:
    """The stretches up to ``now`` of a fact for one key."""
    past = steps[: bisect_right(steps, now)]
    ends: list[datetime | None] = [moment - MINUTE for moment in past[1::2]]
    if len(past) & 1:
        ends.append(None)
    return (FactInterval(fact_id, key, first, last) for first, last in zip(past[::2], ends, strict=True))
