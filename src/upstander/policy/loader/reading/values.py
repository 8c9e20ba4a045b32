"""The plain shapes: text, ids, numbers, yes and no, choices, names of roles and facts, distances."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from upstander.policy.durations import NoDuration, is_zero, parse_distance, parse_span
from upstander.policy.loader.reading.reader import ID, Reader, Shape, listed, or_param, shown
from upstander.policy.loader.tree import Node, Scalar
from upstander.policy.model import Distance, KeyName, Mark, Span, Strength
from upstander.policy.words import worded

E = TypeVar("E", bound=StrEnum)
STRING = {"type": "string"}


def scalar(reader: Reader, node: Node, what: str) -> Scalar:
    """The node as one value."""
    if not isinstance(node, Scalar) or node.nothing:
        raise reader.bad(node, worded("{what} is expected here", what=what))
    return node


def _text(reader: Reader, node: Node) -> str:
    return scalar(reader, node, "a text").text.strip()


def _id(reader: Reader, node: Node) -> str:
    found = scalar(reader, node, "an id").text
    if not ID.fullmatch(found):
        raise reader.bad(node, worded("{found} is no id: lower-case words joined by '-'", found=shown(found)))
    return found


def _yes_no(reader: Reader, node: Node) -> bool:
    found = scalar(reader, node, "yes or no")
    if found.yes_no is None:
        raise reader.bad(node, worded("yes or no is expected, not {found}", found=shown(found.text)))
    return found.yes_no


def _number(reader: Reader, node: Node) -> Decimal:
    found = scalar(reader, reader.resolve(node), "a number")
    value = Scalar(found.text, True, found.mark).number
    if value is None:
        raise reader.bad(found, worded("a number is expected, not {found}", found=shown(found.text)))
    if value != round(value, 3):
        raise reader.bad(found, worded("numbers have at most three decimal places"), code="E5")
    return value


def _count(reader: Reader, node: Node) -> int:
    value = _number(reader, node)
    if value != int(value) or value < 0:
        raise reader.bad(node, worded("a whole number is expected, not {value}", value=value))
    return int(value)


def _date(reader: Reader, node: Node) -> date:
    found = scalar(reader, node, "a date")
    try:
        return date.fromisoformat(found.text)
    except ValueError:
        raise reader.bad(node, worded("{found} is not a date such as 2026-04-01", found=shown(found.text))) from None


def _span(reader: Reader, node: Node) -> Span:
    found = scalar(reader, reader.resolve(node), "a duration")
    try:
        return parse_span(found.text)
    except NoDuration as error:
        hint = worded("school days and working days cannot stand here") if "day" in found.text else ""
        raise reader.bad(found, error.message, hint, "E5" if is_zero(found.text) else "E0") from None


def _distance(reader: Reader, node: Node) -> Distance:
    found = scalar(reader, reader.resolve(node), "a duration")
    try:
        return parse_distance(found.text)
    except NoDuration as error:
        if found.text in reader.words:
            return _distance(reader, reader.words[found.text])
        hint = reader.hint(found.text, reader.words) or worded("or a number of days: '2 school days', '1 working day'")
        raise reader.bad(found, error.message, hint, "E5" if is_zero(found.text) else "E0") from None


def _key_name(reader: Reader, node: Node) -> KeyName:
    found = scalar(reader, node, "a name").text
    name = found.removesuffix(" of the case")
    if not ID.fullmatch(name):
        raise reader.bad(node, worded("{found} is no name: 'target', or 'actor of the case'", found=shown(found)))
    return KeyName(name, of_case=name != found)


def _for_each(reader: Reader, node: Node) -> tuple[KeyName, ...]:
    names = listed(Shape(_key_name))(reader, node)
    if len(names) > 2:
        raise reader.bad(node, worded("'for each' takes one name or two"))
    return names


TEXT: Shape[str] = Shape(_text, STRING)
IDENTIFIER: Shape[str] = Shape(_id, {**STRING, "pattern": ID.pattern})
YES_NO: Shape[bool] = Shape(_yes_no, {"enum": ["yes", "no", True, False]})
NUMBER: Shape[Decimal] = Shape(_number, or_param({"type": "number"}))
COUNT: Shape[int] = Shape(_count, or_param({"type": "integer", "minimum": 0}))
DATE: Shape[date] = Shape(_date, {**STRING, "format": "date"})
SPAN: Shape[Span] = Shape(_span, or_param({**STRING, "format": "duration"}))
DISTANCE: Shape[Distance] = Shape(_distance, or_param(STRING))
FOR_EACH: Shape[tuple[KeyName, ...]] = Shape(_for_each, {"anyOf": [STRING, {"type": "array", "items": STRING}]})


def reference(sort: str) -> Shape[str]:
    """A name that must exist; ``{param: NAME}`` may stand for it."""

    def read(reader: Reader, node: Node) -> str:
        found = scalar(reader, reader.resolve(node), f"the name of a {sort}")
        return reader.refer(sort, found.text, found.mark)

    return Shape(read, or_param(STRING))


ROLE = reference("role")
FACT = reference("fact")
CLAUSE = reference("clause")
ROLES = listed(ROLE)
FACTS = listed(FACT)
CLAUSES = listed(CLAUSE)
TEXTS = listed(TEXT)
IDS = listed(IDENTIFIER)


def one_of(choices: Iterable[str]) -> Shape[str]:
    """One of a few words."""
    known = tuple(choices)

    def read(reader: Reader, node: Node) -> str:
        found = scalar(reader, node, "a word").text
        if found not in known:
            raise reader.bad(node, worded("{found} cannot stand here", found=shown(found)), reader.hint(found, known))
        return found

    return Shape(read, {"enum": list(known)})


def member(enum: type[E]) -> Shape[E]:
    """One of the words of an enumeration."""
    words = one_of([each.value for each in enum])
    return Shape(lambda reader, node: enum(words(reader, node)), words.schema)


STRENGTH = member(Strength)


def clock(reader: Reader, where: Node | Mark, text: str) -> int:
    """Minutes from midnight of ``HH:MM``."""
    hours, _, minutes = text.partition(":")
    if not (len(hours) == len(minutes) == 2 and (hours + minutes).isascii() and (hours + minutes).isdigit()):
        raise reader.bad(where, worded("{text} is not a time such as 08:30", text=shown(text)))
    if int(hours) > 23 or int(minutes) > 59:
        raise reader.bad(where, worded("there is no time {text}", text=shown(text)), code="E5")
    return int(hours) * 60 + int(minutes)


def _clock(reader: Reader, node: Node) -> int:
    found = scalar(reader, reader.resolve(node), "a time")
    return clock(reader, found, found.text)


CLOCK: Shape[int] = Shape(_clock, {**STRING, "pattern": r"\d\d:\d\d"})
