"""Patterns: which events a rule looks at (§2). Kinds, fields and values are checked as they are read."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from upstander.policy.loader.reading.reader import Bad, Reader, Shape, each_of, shown
from upstander.policy.loader.reading.values import NUMBER, clock, scalar
from upstander.policy.loader.tree import Map, Node, Scalar, Seq
from upstander.policy.model import (
    FILLED_BY_THE_APP,
    SEALED_TYPES,
    Alternative,
    AtLeast,
    AtMost,
    Both,
    Condition,
    EventKind,
    Field,
    FieldType,
    Includes,
    Is,
    IsNot,
    Mark,
    OneOf,
    Pattern,
    Test,
    Value,
)
from upstander.policy.words import worded

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
RESERVED = ("role", "time of day", "weekday", "school day", "school hours")
_WORDS = ("at least", "at most", "not", "includes")
_ORDERED = frozenset({FieldType.NUMBER, FieldType.SCALE, FieldType.TIME})
_NUMBERS = Field("", FieldType.NUMBER)


def _pattern(reader: Reader, node: Node) -> Pattern:
    found = reader.resolve(node)
    items: Iterable[Node] = found.items if isinstance(found, Seq) else [found]
    alternatives = each_of(reader, items, Shape(_alternative))
    if not alternatives:
        raise reader.bad(node, worded("a kind of event is expected here"))
    return Pattern(alternatives, mark=node.mark)


def _alternative(reader: Reader, node: Node) -> Alternative:
    found = reader.resolve(node)
    if isinstance(found, Map):
        if len(found.entries) != 1:
            raise reader.bad(
                found,
                worded("a pattern names one kind of event"),
                worded("write alternatives as a list: [kind, {{other: {{field: value}}}}]"),
            )
        [(name, tests)] = found.entries.items()
        kind = _kind(reader, found.place(name), name)
        return Alternative(name, _tests(reader, kind, tests))
    word = scalar(reader, found, "a kind of event")
    _kind(reader, word.mark, word.text)
    return Alternative(word.text)


def _kind(reader: Reader, mark: Mark, name: str) -> EventKind:
    kind = reader.events.get(name)
    if kind is None:
        raise reader.bad(
            mark, worded("unknown kind of event {name}", name=shown(name)), reader.hint(name, reader.events), "E3"
        )
    if name == "void":
        raise reader.bad(mark, worded("no pattern matches 'void': what it strikes has never happened"), code="E10")
    return kind


def _tests(reader: Reader, kind: EventKind, node: Node) -> tuple[Test, ...]:
    if isinstance(node, Scalar) and node.nothing:
        return ()
    if not isinstance(node, Map):
        raise reader.bad(node, worded("the fields of a pattern are a mapping: {{field: value}}"))
    tests: list[Test] = []
    bad = False
    for name, value in node.entries.items():
        try:
            tests.append(_test(reader, kind, name, value, node))
        except Bad:
            bad = True
    if bad:
        raise Bad
    return tuple(tests)


def _test(reader: Reader, kind: EventKind, name: str, value: Node, owner: Map) -> Test:
    field = kind.fields.get(name)
    if field is None:
        field = _reserved(reader, kind, name, owner)
    elif field.type in SEALED_TYPES:
        raise reader.bad(
            owner.place(name),
            worded(
                "'{name}' is {value}, which is encrypted: no pattern may look into it",
                name=name,
                value=field.type.value,
            ),
            code="E4",
        )
    return Test(name, condition(reader, field, value))


def _reserved(reader: Reader, kind: EventKind, name: str, owner: Map) -> Field:
    if name.startswith("number of "):
        role = name.removeprefix("number of ")
        carried = {each for about in kind.about for each in (about, *reader.groups.get(about, ()))}
        if role not in carried and not carried & set(reader.groups.get(role, ())):
            raise reader.bad(
                owner.place(name),
                worded("'{kind}' names no '{role}'", kind=kind.id, role=role),
                reader.hint(role, kind.about),
                "E4",
            )
        return _NUMBERS
    if name not in RESERVED:
        known = [*kind.fields, *RESERVED, *(f"number of {each}" for each in kind.about)]
        raise reader.bad(
            owner.place(name),
            worded("'{kind}' has no field {name}", kind=kind.id, name=shown(name)),
            reader.hint(name, known),
            "E4",
        )
    return Field(name, FieldType.YES_NO if name.startswith("school") else FieldType.TEXT)


def condition(reader: Reader, field: Field, node: Node) -> Condition:
    """What a field is asked for: a value, a list of values, or {at least, at most, not, includes}. Raises ``Bad``."""
    found = reader.resolve(node)
    if isinstance(found, Seq):
        return OneOf(_values(reader, field, found))
    if isinstance(found, Scalar):
        return Is(_value(reader, field, found))
    parts = [_part(reader, field, word, value, found) for word, value in found.entries.items()]
    if not parts:
        raise reader.bad(found, worded("a condition is expected here"))
    return parts[0] if len(parts) == 1 else Both(tuple(parts))


def _part(reader: Reader, field: Field, word: str, value: Node, owner: Map) -> Condition:
    if word not in _WORDS:
        raise reader.bad(
            owner.place(word), worded("unknown word {word} in a condition", word=shown(word)), reader.hint(word, _WORDS)
        )
    if word == "not":
        return IsNot(_values(reader, field, value))
    if word == "includes":
        if field.type is not FieldType.SOME_OF:
            raise reader.bad(owner.place(word), worded("'includes' is for some-of fields"), code="E5")
        return Includes(_values(reader, field, value))
    if field.id != "time of day" and field.type not in _ORDERED:
        raise reader.bad(
            owner.place(word), worded("'{word}' is for numbers, scales and times of day", word=word), code="E5"
        )
    number = _value(reader, field, scalar(reader, reader.resolve(value), "a number"))
    return AtLeast(Decimal(number)) if word == "at least" else AtMost(Decimal(number))


def _values(reader: Reader, field: Field, node: Node) -> tuple[Value, ...]:
    found = reader.resolve(node)
    items: Iterable[Node] = found.items if isinstance(found, Seq) else [found]
    values = each_of(reader, items, Shape(lambda r, n: _value(r, field, scalar(r, r.resolve(n), "a value"))))
    if not values:
        raise reader.bad(node, worded("an empty list matches nothing"), code="E5")
    return values


def _value(reader: Reader, field: Field, node: Scalar) -> Value:
    """A value that this field can have. A time of day is a number of minutes from midnight."""
    match field.type:
        case FieldType.NUMBER | FieldType.SCALE:
            return _in_range(reader, field, NUMBER(reader, node), node)
        case FieldType.YES_NO:
            if node.yes_no is None:
                raise reader.bad(
                    node,
                    worded("'{field}' is yes or no, never {node}", field=field.id, node=shown(node.text)),
                    code="E5",
                )
            return "yes" if node.yes_no else "no"
        case FieldType.ONE_OF | FieldType.SOME_OF | FieldType.PLACE:
            return _code(reader, field, node)
        case FieldType.TIME:
            return Decimal(clock(reader, node, node.text))
        case FieldType.TEXT:
            return _reserved_value(reader, field, node)
        case _:
            return node.text


def _reserved_value(reader: Reader, field: Field, node: Scalar) -> Value:
    if field.id == "time of day":
        return Decimal(clock(reader, node, node.text))
    if field.id == "weekday" and node.text not in WEEKDAYS:
        raise reader.bad(
            node, worded("{node} is no weekday", node=shown(node.text)), reader.hint(node.text, WEEKDAYS), "E5"
        )
    if field.id == "role":
        reader.refer("role", node.text, node.mark)
    return node.text


def _code(reader: Reader, field: Field, node: Scalar) -> str:
    codes = reader.options.get(field.options)
    if codes is not None and node.text not in codes and field.options not in FILLED_BY_THE_APP:
        message = worded("'{field}' can never be {node}", field=field.id, node=shown(node.text))
        raise reader.bad(
            node,
            message,
            reader.hint(node.text, codes) or worded("the list '{options}' is in options.yaml", options=field.options),
            "E5",
        )
    return node.text


def _in_range(reader: Reader, field: Field, number: Decimal, node: Scalar) -> Decimal:
    below = field.least is not None and number < field.least
    above = field.most is not None and number > field.most
    if below or above:
        raise reader.bad(
            node,
            worded(
                "'{field}' lies between {least} and {most}, never at {number}",
                field=field.id,
                least=field.least,
                most=field.most,
                number=number,
            ),
            code="E5",
        )
    return number


PATTERN: Shape[Pattern] = Shape(
    _pattern,
    {"anyOf": [{"type": "string"}, {"type": "object"}, {"type": "array"}], "description": "kinds of event (§2)"},
)
