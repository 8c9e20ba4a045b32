"""Sentences about what was recorded and does not count, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from upstander.cases.near import NearMiss
from upstander.cases.shapes import Miss
from upstander.cases.words import Words
from upstander.policy.log import Event
from upstander.policy.model import (
    AtLeast,
    AtMost,
    Both,
    Condition,
    Field,
    FieldType,
    Includes,
    Is,
    IsNot,
    OneOf,
    Test,
    Value,
)
from upstander.policy.reference.match import NUMBER_OF, named
from upstander.ui import dates
from upstander.ui.parts import Deed


def miss(words: Words, near: NearMiss, event: Event, now: datetime, deed: Deed | None) -> Miss:
    """Say that what was recorded does not count for an open duty, what would, and until when the duty is due."""
    duty = words.duty(near.duty.rule)
    if near.too_early:
        sentence = _("It is too early to count for “%(duty)s”.") % {"duty": duty}
    elif near.part:
        sentence = _("A part of “%(duty)s” is done.") % {"duty": duty}
    else:
        sentence = _does_not_count(words, near, event, duty)
    return Miss(
        sentence=sentence,
        counts=_what_counts(words, near, event.kind),
        still=_still(words, near, now),
        clauses=words.clauses(near.duty.clause[:1]),
        deed=deed,
    )


def _does_not_count(words: Words, near: NearMiss, event: Event, duty: str) -> str:
    test = near.failed[0][0]
    field = words.pack.events[event.kind].fields.get(test.field)
    if test.field.startswith(NUMBER_OF):
        role = test.field.removeprefix(NUMBER_OF)
        return _("With %(count)d named as “%(role)s” it does not count for “%(duty)s”.") % {
            "count": len(named(words.pack, event, role)),
            "role": words.role(role),
            "duty": duty,
        }
    value = event.fields.get(test.field)
    if field is None or value is None or value == ():
        return _("As it stands it does not count for “%(duty)s”.") % {"duty": duty}
    said = words.value(field, list(value) if isinstance(value, tuple) else value, {})
    if field.type is FieldType.YES_NO:
        said = _("%(question)s: %(answer)s") % {"question": words.field(event.kind, test.field), "answer": said}
    return _("“%(value)s” does not count for “%(duty)s”.") % {"value": said, "duty": duty}


def _what_counts(words: Words, near: NearMiss, kind: str) -> str:
    ways = [words.joined([_way(words, kind, test) for test in failing]) for failing in near.failed]
    ways = list(dict.fromkeys(way for way in ways if way))
    if not ways:
        return ""
    if near.part:
        return _("Still missing: %(what)s.") % {"what": words.joined(ways)}
    return _("What counts: %(what)s.") % {"what": words.either(ways)}


def _way(words: Words, kind: str, test: Test) -> str:
    """What a test asks for, in words: the values, with the name of the field where the values alone would not be clear."""
    if test.field.startswith(NUMBER_OF):
        return f"{words.role(test.field.removeprefix(NUMBER_OF))} {_condition(words, None, test.condition)}"
    if test.field == "role":
        return words.either([words.role(str(each)) for each in _values(test.condition)])
    field = words.pack.events[kind].fields.get(test.field)
    if field is None:
        return ""
    wanted = _condition(words, field, test.condition)
    if field.type in (FieldType.ONE_OF, FieldType.SOME_OF):
        return wanted
    return _("%(question)s: %(answer)s") % {"question": words.field(kind, test.field), "answer": wanted}


def _condition(words: Words, field: Field | None, condition: Condition) -> str:
    match condition:
        case Is(value):
            return _value(words, field, value)
        case OneOf(values):
            return words.either([_value(words, field, each) for each in values])
        case Includes(values):
            return words.joined([_value(words, field, each) for each in values])
        case IsNot(values):
            return _("anything but %(what)s") % {"what": words.either([_value(words, field, each) for each in values])}
        case AtLeast(n):
            return _("at least %(number)s") % {"number": n}
        case AtMost(n):
            return _("at most %(number)s") % {"number": n}
        case Both(parts):
            return words.joined([_condition(words, field, part) for part in parts])


def _values(condition: Condition) -> Sequence[Value]:
    match condition:
        case Is(value):
            return (value,)
        case OneOf(values) | Includes(values):
            return values
        case _:
            return ()


def _value(words: Words, field: Field | None, value: Value) -> str:
    if field is None or isinstance(value, Decimal):
        return str(value)
    return words.value(field, value, {})


def _still(words: Words, near: NearMiss, now: datetime) -> str:
    when = words.joined(dates.margin(near.duty.due, now, words.lang))
    if not when:
        return _("It is still open.")
    return _("It is still open: %(when)s.") % {"when": when}
