"""Which events match a pattern, which keys an event carries, and whether an event agrees with a key (§2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import product

from upstander.policy.calendar import WEEKDAYS, Timetable, clock
from upstander.policy.log import Event, FieldValue
from upstander.policy.model import (
    Alternative,
    AtLeast,
    AtMost,
    Both,
    Condition,
    ForEach,
    Includes,
    Is,
    IsNot,
    KeyName,
    OneOf,
    Pack,
    Pattern,
    Test,
)
from upstander.policy.reference.world import World
from upstander.policy.verdict import Key

NUMBER_OF = "number of "


# --- names -------------------------------------------------------------------------------------------------------------


def named(pack: Pack, event: Event, name: str) -> tuple[str, ...]:
    """The persons or things that an event carries under a name: of a group, everybody in one of its roles or under its own name."""
    found = list(event.about.get(name, ()))
    if name in pack.roles:
        found += [person for member in pack.roles[name].any_of for person in event.about.get(member, ())]
    if not found and name in event.fields:
        found = texts(event.fields[name])
    return tuple(dict.fromkeys(found))


def texts(value: FieldValue) -> list[str]:
    return [str(part) for part in value] if isinstance(value, tuple) else [str(value)]


def declares(pack: Pack, kind: str, name: str) -> bool:
    """Whether the kind declares this very name, a role of the group of this name, or a field of this name."""
    declared = pack.events.get(kind)
    if declared is None:
        return False
    group = pack.roles[name].any_of if name in pack.roles else ()
    return name in declared.about or name in declared.fields or any(role in declared.about for role in group)


def agrees(pack: Pack, event: Event, key: Key, carrying: Sequence[str] = ()) -> bool:
    """Whether an event concerns a key: on every name that its kind carries.

    A declared name that an event leaves empty agrees with every key, but not where the pattern must carry it (``carrying``:
    the names that ``must``, ``true from``, ``since`` and ``count`` must carry): hearing one pupil is not hearing another.
    """
    return all(_agrees(pack, event, name, value, name in carrying) for name, value in key)


def _agrees(pack: Pack, event: Event, name: str, value: str, must_carry: bool) -> bool:
    if declares(pack, event.kind, name):
        carried = named(pack, event, name)
        return value in carried or (not carried and not must_carry)
    kind = pack.events.get(event.kind)
    for group in pack.groups_of(name):
        if kind is not None and group in kind.about:  # a key name that is a member answers for the group
            carried = event.about.get(group, ())
            return value in carried or (not carried and not must_carry)
    return True


def keys_of(world: World, pack: Pack, event: Event, for_each: ForEach, moment: datetime) -> list[Key]:
    """The keys of an event under a rule's names; ``R of the case``: everybody in R at or before the moment."""
    columns = [
        everybody(world, pack, key_name.name, moment) if key_name.of_case else carried_values(pack, event, key_name)
        for key_name in for_each
    ]
    return [tuple(zip((key_name.name for key_name in for_each), values, strict=True)) for values in product(*columns)]


def carried_values(pack: Pack, event: Event, key_name: KeyName) -> tuple[str, ...]:
    return named(pack, event, key_name.name) if declares(pack, event.kind, key_name.name) else ()


def everybody(world: World, pack: Pack, name: str, moment: datetime) -> list[str]:
    """Every value of a name that occurs in an event at or before the moment, in order of first naming."""
    found = (
        value for event in world.events if event.at <= moment for value in carried_values(pack, event, KeyName(name))
    )
    return list(dict.fromkeys(found))


def all_keys(world: World, pack: Pack, for_each: ForEach, moment: datetime) -> list[Key]:
    """Every key that occurs in one event's names at or before the moment; the empty key from the first event on."""
    found = (
        key for event in world.events if event.at <= moment for key in keys_of(world, pack, event, for_each, moment)
    )
    return list(dict.fromkeys(found))


def born(world: World, pack: Pack, key: Key, moment: datetime) -> bool:
    """Whether an event at or before the moment carries every name of the key with its value (§3, before it no fact holds)."""
    marker = ("born", id(pack), key)
    if marker not in world.memo:
        carrying = (
            event.at
            for event in world.events
            if all(value in carried_values(pack, event, KeyName(name)) for name, value in key)
        )
        world.memo[marker] = min(carrying, default=None)
    first = world.memo[marker]
    return first is not None and first <= moment


def shared(pack: Pack, names: Iterable[str], key: Key) -> dict[str, str]:
    """For each of these names that the key has, its value: a member answers for its group, a group for its member."""
    held = dict(key)
    found: dict[str, str] = {}
    for name in names:
        others = (name, *pack.members(name), *pack.groups_of(name))
        match = next((held[other] for other in others if other in held), None)
        if match is not None:
            found[name] = match
    return found


# --- patterns ----------------------------------------------------------------------------------------------------------


def matches(pack: Pack, days: Timetable, event: Event, pattern: Pattern) -> bool:
    """An event matches when one of the alternatives does."""
    return any(
        event.kind == alternative.kind and all(_passes(pack, days, event, test) for test in alternative.tests)
        for alternative in pattern.alternatives
    )


def _passes(pack: Pack, days: Timetable, event: Event, test: Test) -> bool:
    value = reserved(pack, days, event, test.field)
    if value is None:
        value = event.fields.get(test.field)
    return value is not None and meets(value, test.condition)


def reserved(pack: Pack, days: Timetable, event: Event, name: str) -> FieldValue | None:
    """The value of a reserved name; None for what is none, or is missing."""
    if name.startswith(NUMBER_OF):
        return Decimal(len(named(pack, event, name.removeprefix(NUMBER_OF))))
    match name:
        case "role":
            return event.by.role
        case "time of day":
            return clock(event.at.hour * 60 + event.at.minute)
        case "weekday":
            return WEEKDAYS[event.at.weekday()]
        case "school day":
            return "yes" if days.is_school_day(event.at.date()) else "no"
        case "school hours":
            return "yes" if days.in_school_hours(event.at) else "no"
    return None


def meets(value: FieldValue, condition: Condition) -> bool:
    """Whether a value that is there meets a condition; on a ``some-of`` field a value means *contains*."""
    parts = value if isinstance(value, tuple) else (value,)
    match condition:
        case Is(wanted):
            return any(same(part, wanted) for part in parts)
        case OneOf(values):
            return any(same(part, wanted) for part in parts for wanted in values)
        case IsNot(values):
            return not any(same(part, wanted) for part in parts for wanted in values)
        case Includes(values):
            return all(any(same(part, wanted) for part in parts) for wanted in values)
        case AtLeast(n):
            return not isinstance(value, tuple) and (number := as_number(value)) is not None and number >= n
        case AtMost(n):
            return not isinstance(value, tuple) and (number := as_number(value)) is not None and number <= n
        case Both(conditions):
            return all(meets(value, part) for part in conditions)


def same(value: object, wanted: object) -> bool:
    if isinstance(wanted, Decimal) and not isinstance(value, Decimal):
        return as_number(value) == wanted
    return value == wanted or (isinstance(value, Decimal) and as_number(wanted) == value)


def as_number(value: object) -> Decimal | None:
    """A number as it is, a time of day as minutes from midnight, a numeral as its number; None for other text."""
    if isinstance(value, Decimal):
        return value
    text = str(value)
    hour, colon, minute = text.partition(":")
    if colon and hour.isdigit() and minute.isdigit():
        return Decimal(int(hour) * 60 + int(minute))
    try:
        number = Decimal(text)
    except ArithmeticError:
        return None
    return number if number.is_finite() else None


def matching(
    world: World, pack: Pack, pattern: Pattern, key: Key, until: datetime, carrying: tuple[str, ...] = ()
) -> list[Event]:
    """The events that match and agree with the key, at or before a moment, by (at, position)."""
    marker = ("matching", id(pack), id(pattern), key, carrying)
    if marker not in world.memo:
        days = world.days(pack)
        world.memo[marker] = [
            event
            for event in world.events
            if matches(pack, days, event, pattern) and agrees(pack, event, key, carrying)
        ]
    return [event for event in world.memo[marker] if event.at <= until]


def own_names(for_each: ForEach) -> tuple[str, ...]:
    """The names that a rule's patterns must carry; those ``of the case`` concern everybody."""
    return tuple(name.name for name in for_each if not name.of_case)


def first(events: Sequence[Event]) -> Event | None:
    return events[0] if events else None


def mentions(pattern: Pattern | None, kind: str) -> bool:
    """Whether an alternative of the pattern is of this kind."""
    return pattern is not None and any(alternative.kind == kind for alternative in pattern.alternatives)


def of_kind(kind: str) -> Pattern:
    return Pattern((Alternative(kind),))
