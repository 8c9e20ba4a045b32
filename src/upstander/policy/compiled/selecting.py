"""Patterns as functions: which events of one kind pass the tests of an alternative."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from upstander.policy.calendar import WEEKDAYS, Timetable
from upstander.policy.log import Event
from upstander.policy.model import Alternative, AtLeast, AtMost, Condition, Is, IsNot, OneOf, Pack, Test, Value
from upstander.policy.reference import match

Passes = Callable[[Event, Timetable], bool]
Select = Callable[[list[Event], Timetable], list[Event]]
RESERVED = frozenset({"role", "time of day", "weekday", "school day", "school hours"})


def selector(pack: Pack, alternative: Alternative) -> Select | None:
    """What picks, of the events of the alternative's kind, those that pass its tests; None where there are none."""
    tests = alternative.tests
    if not tests:
        return None
    if len(tests) == 1:
        only = _of_text(tests[0])
        if only is not None:
            return only
        passes = _passes(pack, tests[0])
        return lambda events, days: [event for event in events if passes(event, days)]
    several = tuple(_passes(pack, test) for test in tests)
    return lambda events, days: [event for event in events if all(passes(event, days) for passes in several)]


def _is_reserved(name: str) -> bool:
    return name.startswith(match.NUMBER_OF) or name in RESERVED


def _texts(condition: Condition) -> tuple[frozenset[str], bool] | None:
    """The texts that a condition wants (or does not want: False); None for conditions of other forms."""
    values: tuple[Value, ...]
    if isinstance(condition, Is):
        values, wanted = (condition.value,), True
    elif isinstance(condition, OneOf | IsNot):
        values, wanted = condition.values, isinstance(condition, OneOf)
    else:
        return None
    texts = frozenset(value for value in values if isinstance(value, str))
    return (texts, wanted) if len(texts) == len(set(values)) else None


def _of_text(test: Test) -> Select | None:
    """The commonest test, a field that is (or is not) one of some codes, in one loop."""
    found = _texts(test.condition)
    if found is None or _is_reserved(test.field):
        return None
    (texts, wanted), name, condition = found, test.field, test.condition
    numeral = any(match.as_number(text) is not None for text in texts)

    def select(events: list[Event], days: Timetable) -> list[Event]:
        chosen = []
        for event in events:
            value = event.fields.get(name)
            if type(value) is str:
                if (value in texts) is wanted:
                    chosen.append(event)
            elif type(value) is tuple and not numeral:
                if texts.isdisjoint(value) is not wanted:
                    chosen.append(event)
            elif value is not None and match.meets(value, condition):
                chosen.append(event)
        return chosen

    return select


def _passes(pack: Pack, test: Test) -> Passes:
    name, condition = test.field, test.condition
    if name.startswith(match.NUMBER_OF):
        return _number_of(pack, name.removeprefix(match.NUMBER_OF), condition)
    if name in RESERVED:
        return _reserved(pack, test)
    texts = _texts(condition)
    if texts is not None:
        return _text(name, condition, *texts)
    if isinstance(condition, AtLeast | AtMost):
        return _amount(name, condition)

    def passes(event: Event, days: Timetable) -> bool:
        value = event.fields.get(name)
        return value is not None and match.meets(value, condition)

    return passes


def _text(name: str, condition: Condition, texts: frozenset[str], wanted: bool) -> Passes:
    def passes(event: Event, days: Timetable) -> bool:
        value = event.fields.get(name)
        if type(value) is str:
            return (value in texts) is wanted
        return value is not None and match.meets(value, condition)

    return passes


def _amount(name: str, condition: AtLeast | AtMost) -> Passes:
    n, least = condition.n, isinstance(condition, AtLeast)

    def passes(event: Event, days: Timetable) -> bool:
        value = event.fields.get(name)
        if type(value) is Decimal:
            return value >= n if least else value <= n
        return value is not None and match.meets(value, condition)

    return passes


def _reserved(pack: Pack, test: Test) -> Passes:
    name, condition = test.field, test.condition
    if name == "time of day" and isinstance(condition, AtLeast | AtMost):
        return _clock(condition)
    texts = _texts(condition)
    if texts is not None and name == "role":
        return _role(condition, *texts)
    if texts is not None and name == "weekday":
        (wanted, inside) = texts
        accepted = tuple((day in wanted) is inside for day in WEEKDAYS)
        return lambda event, days: accepted[event.at.weekday()]
    if texts is not None and name == "school day":
        free, school = (("no" in texts[0]) is texts[1], ("yes" in texts[0]) is texts[1])
        return lambda event, days: school if days.is_school_day(event.at.date()) else free

    def passes(event: Event, days: Timetable) -> bool:
        value = match.reserved(pack, days, event, name)
        if value is None:
            value = event.fields.get(name)
        return value is not None and match.meets(value, condition)

    return passes


def _clock(condition: AtLeast | AtMost) -> Passes:
    n = condition.n
    if isinstance(condition, AtLeast):
        return lambda event, days: event.at.hour * 60 + event.at.minute >= n
    return lambda event, days: event.at.hour * 60 + event.at.minute <= n


def _role(condition: Condition, texts: frozenset[str], wanted: bool) -> Passes:
    def passes(event: Event, days: Timetable) -> bool:
        role = event.by.role
        if role is None:
            value = event.fields.get("role")
            return value is not None and match.meets(value, condition)
        return (role in texts) is wanted

    return passes


def _number_of(pack: Pack, role: str, condition: Any) -> Passes:
    members = pack.roles[role].any_of if role in pack.roles else ()
    accepted: dict[int, bool] = {}

    def passes(event: Event, days: Timetable) -> bool:
        ids = event.about.get(role) if not members else None
        count = len(set(ids)) if ids else len(match.named(pack, event, role))
        found = accepted.get(count)
        if found is None:
            found = accepted[count] = match.meets(Decimal(count), condition)
        return found

    return passes
