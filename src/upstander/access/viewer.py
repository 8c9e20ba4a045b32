"""Who is looking: one frozen value, made at the edge of the web and handed to every query and action."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal
from uuid import UUID

from upstander.people import queries as people
from upstander.people.directory import Held
from upstander.people.models import Person, School
from upstander.people.packs import pack_of
from upstander.policy.model import Pack

Kind = Literal["staff", "pupil", "guardian", "teller", "system"]


@dataclass(frozen=True)
class Viewer:
    """Somebody in one school on one day.

    ``roles``: the posts held, those in which the viewer stands in included. ``guards``: ids of the children they look after.
    ``record_only``: the one record that a receipt opens. ``let_in_by``: who made the card with which a pupil came.
    ``on``: the school's day; ``pack``: the policy in force then.
    """

    school_id: UUID
    kind: Kind
    on: date
    pack: Pack = field(compare=False, repr=False)
    person_id: UUID | None = None
    account_id: UUID | None = None
    roles: tuple[Held, ...] = ()
    guards: frozenset[str] = frozenset()
    record_only: UUID | None = None
    let_in_by: UUID | None = None
    memo: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def holds(self, role: str) -> bool:
        """Whether the viewer holds this post (or one of the group) anywhere in the school."""
        members = self.pack.members(role)
        return any(held.role in members for held in self.roles)

    def for_record(self, record_id: UUID) -> Viewer:
        """The same viewer, limited to one record."""
        return replace(self, record_only=record_id, memo={})


def system(school: School, on: date) -> Viewer:
    """The software itself: echoes, the calendar, the clock. Never given to a page."""
    return Viewer(school.id, "system", on, pack_of(school, on))


def teller(school: School, on: date, record_id: UUID | None = None) -> Viewer:
    """Whoever stands at the public door; with a record, whoever came back with its receipt."""
    return Viewer(school.id, "teller", on, pack_of(school, on), record_only=record_id)


def of_person(person: Person, school: School, on: date) -> Viewer:
    """The viewer that a person of the school is on this day. Pupils hold no posts, whatever the tables say."""
    pack = pack_of(school, on)
    kind: Kind = (
        "staff" if person.kind == Person.Kind.STAFF else "pupil" if person.kind == Person.Kind.PUPIL else "guardian"
    )
    roles = () if kind == "pupil" else people.directory(school, on, pack).posts_of(person.id)
    guards = frozenset() if kind == "pupil" else people.wards_of(person)
    if kind == "guardian" and roles:
        kind = "staff"  # a governor or a doctor of the school: what they hold decides, not the word in the register
    return Viewer(school.id, kind, on, pack, person.id, person.account_id, roles, guards)
