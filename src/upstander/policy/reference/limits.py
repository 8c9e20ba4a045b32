"""Which acts broke a limit, and what was missing (§6); closing too early is one of them (§7)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from upstander.policy.log import Event
from upstander.policy.model import Limit, Pack, Strength
from upstander.policy.reference import closing, facts, match
from upstander.policy.reference.judging import RECORDED_LATE
from upstander.policy.reference.world import World, may_act
from upstander.policy.verdict import Breach, Key

CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Act:
    """An event judged by one limit for one key."""

    event: Event
    pack: Pack
    limit: Limit
    key: Key


def breaches(world: World) -> list[Breach]:
    """Every breach of every limit by an event up to ``now``; what only the order of writing broke is a remark."""
    return [breach for event in world.events for breach in breaches_of(world, event)]


def breaches_of(world: World, event: Event) -> Iterator[Breach]:
    """The breaches by one event, judged on all events and again on those written down no later than it."""
    then = None
    if any(other.at <= event.at and other.recorded > event.recorded for other in world.events):
        then = world.as_written_by(event.recorded, event.at)
    for act in acts_of(world, event):
        now_missing = missing(world, act)
        known_missing = missing(then, act) if then is not None and not now_missing else ()
        if now_missing or known_missing:
            yield _breach(act, now_missing or known_missing, late=not now_missing)
    if event.kind == CLOSE:
        yield from _closing(world, then, event)


def _breach(act: Act, lacking: tuple[str, ...], *, late: bool) -> Breach:
    limit, event = act.limit, act.event
    strength = Strength.SHOULD if late else limit.strength
    flags = (RECORDED_LATE,) if late else ()
    return Breach(limit.id, limit.clause, event.id, act.key, lacking, strength, flags, event.at)


def acts_of(world: World, event: Event) -> Iterator[Act]:
    """The limits of the version in force whose act this event is, for each of its keys."""
    pack = world.version(event.at)
    for limit in pack.limits.values():
        if match.matches(pack, world.days(pack), event, limit.act):
            for key in match.keys_of(world, pack, event, limit.for_each, event.at):
                yield Act(event, pack, limit, key)


def missing(world: World, act: Act) -> tuple[str, ...]:
    """What the act lacked; nothing where the limit does not apply or is kept."""
    limit, pack, key, at = act.limit, act.pack, act.key, act.event.at
    applies = all(facts.asked(world, pack, fact, key, at) for fact in limit.while_)
    if not applies or any(facts.asked(world, pack, fact, key, at) for fact in limit.unless):
        return ()
    lacking = ["never"] if limit.never else []
    lacking += [fact for fact in limit.only_while if not facts.asked(world, pack, fact, key, at)]
    for pattern in limit.only_after:
        before = match.matching(world, pack, pattern, key, at)
        if all(event.id == act.event.id for event in before):
            lacking.append(f"after:{pattern.alternatives[0].kind}")
    if limit.only_by and not (act.event.by.role is not None and may_act(pack, act.event.by.role, limit.only_by)):
        lacking.append(f"by:{limit.only_by[0]}")
    lacking += [f"not-by:{name}" for name in limit.not_by if involved(world, act, name)]
    return tuple(lacking)


def involved(world: World, act: Act, name: str) -> bool:
    """Whether the doer has been named in this role of the matter, or has done an event of this kind, at or before the act."""
    person = act.event.by.person
    if person is None:
        return False
    for event in world.events:
        if event.at > act.event.at or not match.agrees(act.pack, event, act.key):
            continue
        if name in act.pack.roles and person in match.named(act.pack, event, name):
            return True
        if event.kind == name and event.by.person == person and event.id != act.event.id:
            return True
    return False


def _closing(world: World, then: World | None, event: Event) -> Iterator[Breach]:
    """Closing otherwise than §7 allows is the limit ``closure.<kind>``."""
    pack = world.version(event.at)
    rule = pack.closure.get(world.kind)
    if rule is None:
        return
    now_missing = closing.lacking(world, event)
    known_missing = closing.lacking(then, event) if then is not None and not now_missing else ()
    if now_missing or known_missing:
        late = not now_missing
        strength, flags = (Strength.SHOULD, (RECORDED_LATE,)) if late else (Strength.MUST, ())
        lacking = now_missing or known_missing
        yield Breach(f"closure.{world.kind}", rule.clause, event.id, (), lacking, strength, flags, event.at)


def broken(world: World, limit_id: str) -> list[tuple[Event, Key]]:
    """The acts that broke one limit, judged on all events: what raises duties."""
    marker = ("broken", limit_id)
    if marker not in world.memo:
        world.memo[marker] = []  # a limit that waits for its own breach is never broken
        closes = limit_id == f"closure.{world.kind}"
        found = [
            (event, act.key)
            for event in world.events
            for act in acts_of(world, event)
            if act.limit.id == limit_id and missing(world, act)
        ]
        if closes:
            found += [(event, ()) for event in world.events if event.kind == CLOSE and closing.lacking(world, event)]
        world.memo[marker] = found
    answer: list[tuple[Event, Key]] = world.memo[marker]
    return answer
