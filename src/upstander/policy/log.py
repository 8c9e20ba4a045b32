"""Events: what happened in one matter, as the engine reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from upstander.policy.model import Value

FieldValue = Value | tuple[Value, ...]
"""A ``some-of`` field holds a tuple of codes; a date is ``YYYY-MM-DD``, a time ``HH:MM``."""


@dataclass(frozen=True, slots=True)
class Doer:
    """Who did it: a person (an id, or None: the system or an unknown teller) and the role in which they acted."""

    person: str | None
    role: str | None


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a log.

    ``at``: when it happened, ``recorded``: when it was written down; both naive civil time of the school's zone, whole
    minutes. ``about``: {name: ids of persons or things}. Encrypted fields are absent: no pattern may look into them.
    """

    id: str
    kind: str
    at: datetime
    recorded: datetime
    by: Doer = Doer(None, None)
    about: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fields: Mapping[str, FieldValue] = field(default_factory=dict)
    instead_of: str | None = None
