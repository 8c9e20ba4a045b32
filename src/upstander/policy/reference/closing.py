"""When a record may be closed, and what is still missing (§7)."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from upstander.policy.log import Event
from upstander.policy.model import Closure, Pack, Strength
from upstander.policy.reference import facts, match
from upstander.policy.reference.duties import arisings, rule_ids
from upstander.policy.reference.judging import Arising, judge
from upstander.policy.reference.world import World, may_act
from upstander.policy.verdict import Key, Missing, State


def missing(world: World, pack: Pack, rule: Closure, moment: datetime, closing: Event | None = None) -> list[Missing]:
    """The needed facts that do not hold, for each key, and the listed duties that are open.

    ``closing``: the ``close`` of which it is asked; what it raises itself does not stand in its way.
    """
    keys = closure_keys(world, pack, rule, moment)
    if rule.for_each and not keys:
        found = [Missing((), fact=fact) for fact in rule.needs]
    else:
        found = [
            Missing(key, fact=fact)
            for key in keys
            for fact in rule.needs
            if not facts.asked(world, pack, fact, key, moment)
        ]
    return found + [
        Missing(arising.key, rule=arising.rule.id)
        for rule_id in rule_ids(world)
        if rule.settled == "all" or rule_id in rule.settled
        for arising in arisings(world, rule_id)
        if arising.at <= moment and not is_raised_by(closing, arising) and hinders(world, arising, moment)
    ]


class Raised(Protocol):
    """What raised an instance, of either strategy."""

    @property
    def at(self) -> datetime: ...
    @property
    def triggers(self) -> tuple[Event, ...]: ...


def is_raised_by(closing: Event | None, arising: Raised) -> bool:
    """Whether a ``close`` raised an instance in its own minute, and nothing but closing did."""
    return (
        closing is not None
        and arising.at == closing.at
        and any(event.id == closing.id for event in arising.triggers)
        and all(event.kind == closing.kind for event in arising.triggers)
    )


def closure_keys(world: World, pack: Pack, rule: Closure, moment: datetime) -> list[Key]:
    """Everybody named in the role; of two names every pair that an event carries; without names the empty key."""
    if not rule.for_each:
        return [()]
    return match.all_keys(world, pack, rule.for_each, moment)


def hinders(world: World, arising: Arising, moment: datetime) -> bool:
    """Whether an instance is open; left out: a ``may``, an *upcoming* one, one that ``close`` ends and that is not overdue."""
    state = judge(world, arising, moment).state
    if not state.open or state is State.UPCOMING or arising.rule.strength is Strength.MAY:
        return False
    return state is State.OVERDUE or not match.mentions(arising.rule.until, "close")


def lacking(world: World, event: Event) -> tuple[str, ...]:
    """What a ``close`` lacks: fact ids, duty ids, each sorted and once, and ``by:ROLE``."""
    pack = world.version(event.at)
    rule = pack.closure.get(world.kind)
    if rule is None:
        return ()
    found = missing(world, pack, rule, event.at, event)
    names = sorted({part.fact for part in found if part.fact is not None})
    names += sorted({part.rule for part in found if part.rule is not None})
    if rule.decided_by and not (event.by.role is not None and may_act(pack, event.by.role, rule.decided_by)):
        names.append(f"by:{rule.decided_by[0]}")
    return tuple(names)
