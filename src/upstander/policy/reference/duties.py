"""Which instances of a duty there are: triggers, series, chains, and what a reopening brings back (§4.1, §4.7, §7, §10)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import product

from upstander.policy.arithmetic import FIRST_MOMENT, MINUTE
from upstander.policy.log import Event
from upstander.policy.model import (
    AgainAfter,
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
from upstander.policy.reference import deadlines, facts, match
from upstander.policy.reference.judging import Arising, blocked, due_at, judge, opening, reckoning
from upstander.policy.reference.windows import fixed, repeating
from upstander.policy.reference.world import World
from upstander.policy.verdict import Key, State


@dataclass(frozen=True, slots=True)
class Cause:
    """One trigger for one key; ``event`` None where a fact or a duty raised it."""

    at: datetime
    key: Key
    because: str
    event: Event | None


@dataclass(frozen=True, slots=True)
class Trigger:
    """All triggers of one minute for one key, which are one, under the version in force then."""

    at: datetime
    rule: Duty
    pack: Pack
    because: tuple[str, ...]
    events: tuple[Event, ...]


def arisings(world: World, rule_id: str) -> list[Arising]:
    """Every instance of a duty that has arisen up to ``now``, over all versions, by key and moment."""
    marker = ("arisings", rule_id)
    if marker not in world.memo:
        world.memo[marker] = []  # a duty that waits for itself never arises; lint refuses it (E9)
        found = [
            arising
            for key, several in sorted(triggers(world, rule_id).items())
            for arising in sorted(_of_key(world, rule_id, key, several), key=_order)
        ]
        world.memo[marker] = [arising for arising in found if arising.at <= world.now]
    answer: list[Arising] = world.memo[marker]
    return answer


def _order(arising: Arising) -> tuple[datetime, datetime]:
    return arising.at, arising.place.start if arising.place is not None else FIRST_MOMENT


def rule_ids(world: World) -> list[str]:
    return sorted({rule_id for pack in world.series.versions for rule_id in pack.duties})


# --- triggers ----------------------------------------------------------------------------------------------------------


def triggers(world: World, rule_id: str) -> dict[Key, list[Trigger]]:
    """For each key the minutes in which something triggers the duty, in order."""
    minutes: dict[tuple[Key, datetime], list[Cause]] = {}
    for cause in _causes(world, rule_id):
        if cause not in minutes.setdefault((cause.key, cause.at), []):
            minutes[cause.key, cause.at].append(cause)
    found: dict[Key, list[Trigger]] = {}
    for (key, at), causes in sorted(minutes.items(), key=lambda item: item[0][1]):
        pack = _pack_for(world, rule_id, at)
        if pack is None:
            continue
        events = tuple({cause.event.id: cause.event for cause in causes if cause.event is not None}.values())
        because = tuple(dict.fromkeys(cause.because for cause in causes))
        found.setdefault(key, []).append(Trigger(at, pack.duties[rule_id], pack, because, events))
    return found


def _pack_for(world: World, rule_id: str, at: datetime) -> Pack | None:
    """The version whose rule governs a trigger: the one in force, or of a new recurring rule the first that has it."""
    for pack, _, end in world.periods():
        rule = pack.duties.get(rule_id)
        if at < end and rule is not None:
            in_force = pack is world.version(at)
            return pack if in_force or isinstance(rule.recurrence, RepeatEvery | RepeatEach) else None
    return None


def _causes(world: World, rule_id: str) -> Iterator[Cause]:
    """Under each version what triggers in the time of its force; a recurring rule new in it also what came before."""
    since = FIRST_MOMENT
    for pack, start, end in world.periods():
        rule = pack.duties.get(rule_id)
        if rule is None:
            continue
        begins = since if isinstance(rule.recurrence, RepeatEvery | RepeatEach) else start
        for cause in _causes_under(world, pack, rule):
            if begins <= cause.at < end:
                yield from _later_named(world, pack, rule, cause)
        since = end


def _causes_under(world: World, pack: Pack, rule: Duty) -> Iterator[Cause]:
    """Triggers with what they carry: the key has the rule's own names, those ``of the case`` come later."""
    days = world.days(pack)
    match rule.when:
        case WhenEvent(pattern):
            for event in world.events:
                if match.matches(pack, days, event, pattern):
                    columns = [match.carried_values(pack, event, name) for name in rule.for_each if not name.of_case]
                    for values in product(*columns):
                        yield Cause(event.at, _key(rule, values), event.id, event)
        case BecomesTrue(fact):
            for at, key in facts.rises(world, fact):
                yield from _carried(pack, rule, at, key, fact, None)
        case WhenOverdue(duty):
            for arising in arisings(world, duty):
                passed = judge(world, arising, world.now).passed
                if passed is not None and passed <= world.now:
                    yield from _carried(pack, rule, passed, arising.key, duty, None)
        case WhenBreach(limit):
            from upstander.policy.reference.limits import broken  # limits ask facts, and those may ask duties

            for act, key in broken(world, limit):
                yield from _carried(pack, rule, act.at, key, act.id, act)


def _key(rule: Duty, values: tuple[str, ...]) -> Key:
    own = [name.name for name in rule.for_each if not name.of_case]
    return tuple(zip(own, values, strict=True))


def _carried(pack: Pack, rule: Duty, at: datetime, source: Key, because: str, event: Event | None) -> Iterator[Cause]:
    """The trigger carries the names of that fact, duty or limit; of these the rule takes its own."""
    own = [name.name for name in rule.for_each if not name.of_case]
    given = match.shared(pack, own, source)
    if len(given) == len(own):
        yield Cause(at, _key(rule, tuple(given[name] for name in own)), because, event)


def _later_named(world: World, pack: Pack, rule: Duty, cause: Cause) -> Iterator[Cause]:
    """``R of the case``: for each person in R at the later of the trigger and the first naming, if no ``until`` lies between."""
    names = [name.name for name in rule.for_each if name.of_case]
    if not names:
        yield cause
        return
    for persons in product(*(match.everybody(world, pack, name, world.now) for name in names)):
        of_case = dict(zip(names, persons, strict=True))
        named = [first_naming(world, pack, name, person) for name, person in of_case.items()]
        held = dict(cause.key) | of_case
        key = tuple((name.name, held[name.name]) for name in rule.for_each)
        at = max(cause.at, *named)
        if rule.until is not None:
            ends = match.matching(world, pack, rule.until, key, at)
            if any(cause.at <= event.at < at for event in ends):
                continue
        yield replace(cause, at=at, key=key)


def first_naming(world: World, pack: Pack, name: str, person: str) -> datetime:
    return next(event.at for event in world.events if person in match.carried_values(pack, event, KeyName(name)))


# --- instances of one key ----------------------------------------------------------------------------------------------


def _of_key(world: World, rule_id: str, key: Key, several: list[Trigger]) -> Iterator[Arising]:
    """``counts: once``: the first trigger whose guards are as asked; a series or chain starts whatever they say."""
    for trigger in several:
        first = _arising(trigger, key, trigger.at)
        recurs = trigger.rule.recurrence is not None
        if isinstance(trigger.rule.recurrence, RepeatEvery | RepeatEach):
            yield from _series(world, rule_id, first, trigger.at)
        elif isinstance(trigger.rule.recurrence, AgainAfter):
            yield from _chain(world, first)
        else:
            yield from _single(world, first)
        if not trigger.rule.each_trigger and (recurs or not blocked(world, first)):
            return


def _arising(trigger: Trigger, key: Key, at: datetime) -> Arising:
    return Arising(trigger.rule, trigger.pack, key, at, trigger.because, trigger.events)


def _single(world: World, first: Arising) -> Iterator[Arising]:
    """One instance, or one for each window of ``in``; each that fell away through ``close`` arises anew at the reopening."""
    days = world.days(first.pack)
    window = first.rule.window
    places = fixed(window, days, first.at, first.triggers) if window is not None else [None]
    for position, place in enumerate(places):
        instance: Arising | None = replace(first, place=place)
        while instance is not None:
            yield instance
            instance = _anew(world, instance, position)


def _anew(world: World, instance: Arising, position: int) -> Arising | None:
    judged = judge(world, instance, world.now)
    if not judged.by_close or judged.ended is None:
        return None
    again = reopened(world, instance.rule.id, judged.ended)
    if again is None:
        return None
    at, pack = again
    rule = pack.duties[instance.rule.id]
    places = fixed(rule.window, world.days(pack), at, instance.triggers) if rule.window is not None else []
    place = places[position] if position < len(places) else None
    return replace(instance, rule=rule, pack=pack, at=at, place=place)


def reopened(world: World, rule_id: str, closed: datetime) -> tuple[datetime, Pack] | None:
    """The first ``reopen`` after this moment, if the version then in force has the rule."""
    at = next((event.at for event in world.events if event.kind == "reopen" and event.at > closed), None)
    if at is None or rule_id not in world.version(at).duties:
        return None
    return at, world.version(at)


def ended_by(world: World, rule_id: str, key: Key, start: datetime) -> tuple[datetime, bool] | None:
    """The first ``until`` from a moment on, by the version in force at it: when, and whether it was a ``close``."""
    found: list[Event] = []
    for event in world.events:
        pack = world.version(event.at)
        until = pack.duties[rule_id].until if rule_id in pack.duties else None
        if event.at < start or until is None or not match.matches(pack, world.days(pack), event, until):
            continue
        if match.agrees(pack, event, key) and (not found or event.at == found[0].at):
            found.append(event)
    return (found[0].at, any(event.kind == "close" for event in found)) if found else None


def _series(world: World, rule_id: str, first: Arising, start: datetime) -> Iterator[Arising]:
    """The windows that have begun, reckoned from the start; each belongs to the version in force at its own arising."""
    end = ended_by(world, rule_id, first.key, start)
    for pack, from_, to in world.periods():
        rule = pack.duties.get(rule_id)
        if rule is None or not isinstance(rule.recurrence, RepeatEvery | RepeatEach):
            continue
        for window in repeating(rule.recurrence, world.days(pack), start, rule.by):
            if window.start > world.now or window.start >= to:
                break
            if end is not None and window.start >= end[0] and window.start != start:
                break
            if window.start >= from_:
                yield from _in_window(world, replace(first, rule=rule, pack=pack, at=window.start, window=window))
    if end is not None and end[1]:
        again = reopened(world, rule_id, end[0])
        if again is not None:
            yield from _series(world, rule_id, first, again[0])


def _in_window(world: World, instance: Arising) -> Iterator[Arising]:
    """The instance of a window; with ``in`` or ``on`` beside ``repeat``, one for each of these within it."""
    window = instance.rule.window
    if window is None:
        yield instance
        return
    for place in fixed(window, world.days(instance.pack), instance.at, instance.triggers):
        yield replace(instance, place=place)


def _chain(world: World, first: Arising) -> Iterator[Arising]:
    """``again after``: a new link at each settling or waiving; nothing after ``until``; one that does not apply ends the chain."""
    rule_id, key = first.rule.id, first.key
    start: datetime = first.at
    link: Arising | None = first
    while link is not None:
        end = ended_by(world, rule_id, key, start)
        judged = None
        while link is not None:
            yield link
            judged = judge(world, link, world.now)
            link = _next_link(world, link, judged.ended, end) if judged.state in _SETTLED else None
        alive = judged is not None and (judged.state is not State.NOT_APPLICABLE or judged.by_close)
        if end is None or not end[1] or not alive:
            return
        again = reopened(world, rule_id, end[0])
        if again is None:
            return
        start, pack = again
        link = replace(first, rule=pack.duties[rule_id], pack=pack, at=start, link=True)


_SETTLED = frozenset({State.MET, State.MET_LATE, State.WAIVED})


def _next_link(
    world: World, link: Arising, settled: datetime | None, end: tuple[datetime, bool] | None
) -> Arising | None:
    if settled is None or (end is not None and settled > end[0]):
        return None
    pack = world.version(settled)
    rule = pack.duties.get(link.rule.id)
    if rule is None or not isinstance(rule.recurrence, AgainAfter):
        return None
    return replace(link, rule=rule, pack=pack, at=settled, link=True)


# --- what facts ask of duties ------------------------------------------------------------------------------------------


def overdue_at(world: World, rule_id: str, pack: Pack, key: Key, moment: datetime) -> bool:
    """Whether an instance of the duty for the key is overdue at a moment."""
    return any(
        judge(world, arising, moment).state is State.OVERDUE
        for arising in arisings(world, rule_id)
        if arising.at <= moment and _same_key(pack, arising.key, key)
    )


def _same_key(pack: Pack, duty_key: Key, fact_key: Key) -> bool:
    given = match.shared(pack, (name for name, _ in duty_key), fact_key)
    return all(given.get(name, value) == value for name, value in duty_key)


def moments(world: World, rule_id: str) -> Iterator[datetime]:
    """When an instance of the duty may change by time alone: it opens, is due, passes, its window ends."""
    for arising in arisings(world, rule_id):
        judged = judge(world, arising, world.now)
        yield from (arising.at, arising.at + MINUTE)
        known = due_at(world, arising, world.now).at  # a paused instance shows none
        for part in deadlines.parts(arising.rule.by):  # of a list one may move with a pause and another not
            moment = deadlines.due(part, reckoning(world, arising, world.now)).at
            yield from (moment, moment + MINUTE) if moment is not None else ()
        for moment in (known, judged.due, judged.due_from, opening(world, arising, world.now).at):
            if moment is not None:
                yield from (moment, moment + MINUTE)
        for stretch in (arising.window, arising.place):
            if stretch is not None and stretch.end is not None:
                yield stretch.end + MINUTE
