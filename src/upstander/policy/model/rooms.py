"""The rooms of a kind of record: which of its kinds of event a screen made for one piece of work reads and records.

A room adds no meaning. What is due, and what must not be, stands in duties and limits; without its room everything in
it can be done on the record's page and its forms.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from upstander.policy.model.base import NOWHERE, Mark


@dataclass(frozen=True, slots=True)
class HearingRoom:
    """Who is heard, and what each of them said.

    ``heard``: the kind of event that one hearing is. ``pupils``: the names in its ``about`` that are heard; ``staff``: the
    name of those who hear. ``rows``: the fields of ``heard`` that the table of accounts lays side by side. ``planned``,
    ``confirmed``, ``difference`` and ``settled``: the kinds of event of a planned hearing, of the pupil's own
    confirmation, of a numbered difference and of its end; None where the policy knows none. ``questions``: the list read out.
    """

    heard: str
    pupils: tuple[str, ...]
    staff: str
    rows: tuple[str, ...] = ()
    planned: str | None = None
    confirmed: str | None = None
    difference: str | None = None
    settled: str | None = None
    questions: str | None = None
    clause: tuple[str, ...] = ()
    mark: Mark = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Rooms:
    """The rooms of one kind of record; None where the policy has no such work."""

    hearings: HearingRoom | None = None
