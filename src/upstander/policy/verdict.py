"""What the engine says of a record at a moment: duties, breaches, facts, and when the picture next changes (§11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from upstander.policy.model import Bearer, Strength

Key = tuple[tuple[str, str], ...]
"""The person or thing for each name of ``for each``, in the rule's order: ``(("target", "s1"),)``. Empty for a rule without."""


class State(StrEnum):
    UPCOMING = "upcoming"
    PENDING = "pending"
    DUE = "due"
    PAUSED = "paused"
    OVERDUE = "overdue"
    MET = "met"
    MET_LATE = "met-late"
    WAIVED = "waived"
    NOT_APPLICABLE = "not-applicable"
    LAPSED = "lapsed"

    @property
    def open(self) -> bool:
        return self in _OPEN


_OPEN = frozenset({State.UPCOMING, State.PENDING, State.DUE, State.PAUSED, State.OVERDUE})


class Settled(NamedTuple):
    event: str
    at: datetime


class DutyInstance(NamedTuple):
    """One instance of a duty: a key, a window or a link of a chain.

    ``bearers``: what the rule says; ``who``: the same as ``{"role": …}`` or ``{"person": …}`` as of now (open) or of its end.
    ``because``: ids of the triggering events, or of the fact or duty that raised it. ``why``: what is missing of ``all of``,
    or the facts (and ``until``, ``offer ended`` …) that made it not applicable.
    """

    rule: str
    clause: tuple[str, ...]
    version: str
    key: Key
    occurrence: int
    arose: datetime
    due: datetime | None
    state: State
    strength: Strength
    who: tuple[Mapping[str, str], ...] = ()
    bearers: tuple[Bearer, ...] = ()
    settled: Settled | None = None
    because: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    due_from: datetime | None = None
    """When *due* begins (``remind``), None without."""


class Breach(NamedTuple):
    """A limit that an act broke. ``missing``: ``never``, fact ids, ``after:KIND``, ``by:ROLE``, ``not-by:ID``."""

    rule: str
    clause: tuple[str, ...]
    event: str
    key: Key
    missing: tuple[str, ...]
    strength: Strength
    flags: tuple[str, ...] = ()
    at: datetime | None = None


class FactHeld(NamedTuple):
    fact: str
    key: Key


class FactInterval(NamedTuple):
    """A stretch in which a fact held: first and last minute; ``last`` None while it still holds."""

    fact: str
    key: Key
    first: datetime
    last: datetime | None


class Missing(NamedTuple):
    """What closing still lacks: a fact or a duty for a key, or ``by:ROLE``."""

    key: Key
    fact: str | None = None
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole answer for one record at one moment, sorted as §11 says."""

    record: str
    kind: str
    now: datetime
    duties: tuple[DutyInstance, ...] = ()
    breaches: tuple[Breach, ...] = ()
    facts: tuple[FactHeld, ...] = ()
    closable: bool = False
    missing: tuple[Missing, ...] = ()
    closed: bool = False
    watched: bool = False
    next_change: datetime | None = None
    intervals: tuple[FactInterval, ...] = field(default=(), compare=False)

    def holds(self, fact: str, key: Key | None = None) -> bool:
        """Whether a fact holds now, for this key or (without one) for any."""
        return any(held.fact == fact and (key is None or held.key == key) for held in self.facts)
