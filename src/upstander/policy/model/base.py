"""Marks, durations, patterns and keys: the small parts of which rules are made (§2, §5)."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

Value = str | Decimal
"""A plain value of a field: text, or an exact number. Yes and no are the texts ``yes`` and ``no``."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Where something stands in the author's files; line and column count from 1."""

    file: str
    line: int
    column: int


NOWHERE = Mark("", 0, 0)


@dataclass(frozen=True, slots=True)
class Span:
    """An ISO 8601 duration: months are added first, then days, then minutes."""

    months: int = 0
    days: int = 0
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class SchoolDays:
    n: int


@dataclass(frozen=True, slots=True)
class WorkingDays:
    n: int


Distance = Span | SchoolDays | WorkingDays


@dataclass(frozen=True, slots=True)
class Is:
    """The value itself; on a ``some-of`` field: contains it."""

    value: Value


@dataclass(frozen=True, slots=True)
class OneOf:
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    n: Decimal


@dataclass(frozen=True, slots=True)
class AtMost:
    n: Decimal


@dataclass(frozen=True, slots=True)
class IsNot:
    """None of the values; a missing field matches nothing, this included."""

    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Includes:
    """All of the values, on a ``some-of`` field."""

    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Both:
    """Several conditions on one field (``{at least: 1, at most: 3}``); all must hold."""

    parts: tuple[Condition, ...]


Condition = Is | OneOf | AtLeast | AtMost | IsNot | Includes | Both


@dataclass(frozen=True, slots=True)
class Test:
    """A condition on one field or reserved name.

    ``field`` is a field of the kind, or ``number of R``, ``role``, ``time of day``, ``weekday``, ``school day``, ``school hours``.
    Values for ``time of day`` are ``Decimal`` minutes from midnight; for ``weekday`` English day names in lower case.
    """

    __test__ = False  # not a test class, whatever pytest reads into the name

    field: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class Alternative:
    """One kind of event, with tests that must all hold."""

    kind: str
    tests: tuple[Test, ...] = ()


@dataclass(frozen=True, slots=True)
class Pattern:
    """A list of alternatives: an event matches when one of them does."""

    alternatives: tuple[Alternative, ...]
    mark: Mark = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class KeyName:
    """A name of ``for each``; ``of_case``: everybody named so far in this role (``actor of the case``)."""

    name: str
    of_case: bool = False


ForEach = tuple[KeyName, ...]
"""No, one or two names."""
