"""Facts, duties, limits and closure (§3, §4, §6, §7)."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from upstander.policy.model.base import NOWHERE, Distance, ForEach, Mark, Pattern
from upstander.policy.model.times import Deadline, Recurrence, Window


@dataclass(frozen=True, slots=True)
class TrueFrom:
    start: Pattern
    until: Pattern | None = None
    lasts: Distance | None = None
    to_date_field: str | None = None


@dataclass(frozen=True, slots=True)
class Quiet:
    quiet: Pattern
    since: Pattern
    lasts: Distance


class Within(StrEnum):
    EVER = "ever"
    SCHOOL_YEAR = "school year"
    TERM = "term"
    CONSECUTIVE_SCHOOL_DAYS = "consecutive school days"


@dataclass(frozen=True, slots=True)
class Count:
    """``distinct`` is a field, a name of ``about``, ``role`` or ``day``."""

    count: Pattern
    at_least: Decimal
    within: Within | Distance = Within.EVER
    adding_up: str | None = None
    distinct: str | None = None


@dataclass(frozen=True, slots=True)
class Overdue:
    duty: str


class Combine(StrEnum):
    ALL = "all of"
    ANY = "any of"
    NONE = "none of"


@dataclass(frozen=True, slots=True)
class Combination:
    how: Combine
    facts: tuple[str, ...]


class Season(StrEnum):
    SCHOOL_HOURS = "school hours"
    SCHOOL_DAY = "school day"
    TERM = "term"
    HOLIDAYS = "holidays"


@dataclass(frozen=True, slots=True)
class During:
    season: Season


FactForm = TrueFrom | Quiet | Count | Overdue | Combination | During


@dataclass(frozen=True, slots=True)
class Fact:
    id: str
    form: FactForm
    for_each: ForEach = ()
    clause: tuple[str, ...] = ()
    label: str = ""
    mark: Mark = field(default=NOWHERE, compare=False)


class Strength(StrEnum):
    MUST = "must"
    SHOULD = "should"
    MAY = "may"


@dataclass(frozen=True, slots=True)
class WhenEvent:
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class BecomesTrue:
    fact: str


@dataclass(frozen=True, slots=True)
class WhenOverdue:
    duty: str


@dataclass(frozen=True, slots=True)
class WhenBreach:
    limit: str


Trigger = WhenEvent | BecomesTrue | WhenOverdue | WhenBreach


@dataclass(frozen=True, slots=True)
class Role:
    """A bearer: whoever holds this post."""

    role: str


@dataclass(frozen=True, slots=True)
class DidTrigger:
    """Whoever did the triggering event; ``otherwise`` where no person did it."""

    otherwise: str | None = None


@dataclass(frozen=True, slots=True)
class IsKey:
    """The person of the key under this name."""

    name: str


@dataclass(frozen=True, slots=True)
class NamedAs:
    """Whom the latest event names in this role."""

    role: str


@dataclass(frozen=True, slots=True)
class GuardiansOf:
    name: str


Bearer = Role | DidTrigger | IsKey | NamedAs | GuardiansOf


@dataclass(frozen=True, slots=True)
class Climb:
    """Who else is told, this long after the due moment."""

    after: Distance
    to: str


@dataclass(frozen=True, slots=True)
class Duty:
    """What is asked for: who, what, toward whom, by when, under which clause.

    ``must`` holds one pattern, or several of which *all* are needed. ``by`` is None only for a ``may``, for windows
    and for recurring duties without their own deadline.
    """

    id: str
    when: Trigger
    must: tuple[Pattern, ...]
    for_each: ForEach = ()
    if_: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    each_trigger: bool = False
    times: int = 1
    by: Deadline | None = None
    who: tuple[Bearer, ...] = ()
    strength: Strength = Strength.MUST
    until: Pattern | None = None
    paused_while: str | None = None
    recurrence: Recurrence | None = None
    recurrence_said: str | None = None
    not_before: Deadline | None = None
    window: Window | None = None
    early_counts: bool = False
    remind: Distance | None = None
    climbs: tuple[Climb, ...] = ()
    waived_by: tuple[str, ...] = ()
    extended_by: tuple[str, ...] = ()
    clause: tuple[str, ...] = ()
    label: str = ""
    mark: Mark = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Limit:
    """What must not be done, or not yet, or only by some.

    Every entry of ``only_after`` is needed; the alternatives within one are its pattern's. ``not_by`` holds roles of the
    matter and kinds of event.
    """

    id: str
    act: Pattern
    for_each: ForEach = ()
    never: bool = False
    only_after: tuple[Pattern, ...] = ()
    only_while: tuple[str, ...] = ()
    only_by: tuple[str, ...] = ()
    not_by: tuple[str, ...] = ()
    while_: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    warns: bool = False
    strength: Strength = Strength.MUST
    clause: tuple[str, ...] = ()
    label: str = ""
    mark: Mark = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Closure:
    """When a record of this kind may be closed. ``settled``: ``all`` or the ids of duties that may not be open."""

    kind: str
    for_each: ForEach = ()
    needs: tuple[str, ...] = ()
    settled: Literal["all"] | tuple[str, ...] = ()
    decided_by: tuple[str, ...] = ()
    watch_for: Distance | None = None
    clause: tuple[str, ...] = ()
    mark: Mark = field(default=NOWHERE, compare=False)
