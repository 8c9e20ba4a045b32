"""Comparing patterns: whether one matches whatever the other matches."""

from __future__ import annotations

from upstander.policy.model import (
    Alternative,
    AtLeast,
    AtMost,
    Both,
    Condition,
    Includes,
    Is,
    IsNot,
    OneOf,
    Pattern,
    Test,
)


def covers(wide: Pattern, narrow: Pattern) -> bool:
    """Whether every event that ``narrow`` matches is matched by ``wide`` (where it cannot be told, no)."""
    return all(any(_covers(each, other) for each in wide.alternatives) for other in narrow.alternatives)


def _covers(wide: Alternative, narrow: Alternative) -> bool:
    return wide.kind == narrow.kind and all(any(_implies(have, test) for have in narrow.tests) for test in wide.tests)


def _implies(have: Test, wanted: Test) -> bool:
    return have.field == wanted.field and implies(have.condition, wanted.condition)


def implies(have: Condition, wanted: Condition) -> bool:
    """Whether a value that meets the first condition meets the second."""
    if have == wanted:
        return True
    match have, wanted:
        case Both(parts), _:
            return any(implies(part, wanted) for part in parts)
        case _, Both(parts):
            return all(implies(have, part) for part in parts)
        case Is(value), OneOf(values):
            return value in values
        case OneOf(some), OneOf(values):
            return set(some) <= set(values)
        case AtLeast(n), AtLeast(m):
            return n >= m
        case AtMost(n), AtMost(m):
            return n <= m
        case IsNot(some), IsNot(values):
            return set(values) <= set(some)
        case Includes(some), Includes(values):
            return set(values) <= set(some)
        case Includes(some), Is(value):
            return value in some
        case _:
            return False


def impossible(condition: Condition) -> bool:
    """Whether no value at all can meet a condition."""
    if not isinstance(condition, Both):
        return False
    least = [part.n for part in condition.parts if isinstance(part, AtLeast)]
    most = [part.n for part in condition.parts if isinstance(part, AtMost)]
    return bool(least and most and max(least) > min(most))
