"""Who is looking: one frozen value, made at the edge of the web and handed to every query and action."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal
from uuid import UUID

from upstander.people import queries as people
from upstander.people.directory import Directory, Held, Unit
from upstander.people.models import Person, School
from upstander.people.packs import pack_of
from upstander.policy.model import Pack

Kind = Literal["staff", "pupil", "guardian", "teller", "system"]


@dataclass(frozen=True)
class StandIn:
    """A post that the viewer takes over in a matter that bars every one of ``instead_of``.

    Each of these stands for one holder: their own id and those of the children whom they look after.
    """

    role: str
    unit: Unit
    instead_of: tuple[frozenset[str], ...]


@dataclass(frozen=True)
class Viewer:
    """Somebody in one school on one day.

    ``roles``: the posts held, those in which the viewer stands in included. ``guards``: ids of the children they look after.
    ``record_only``: the one record that a receipt opens. ``let_in_by``: who made the card with which a pupil came.
    ``on``: the school's day; ``pack``: the policy in force then. ``in_emergency``: ids of the pupils whose records they have
    opened for now although these are not of their classes.
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
    in_emergency: frozenset[str] = frozenset()
    memo: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def holds(self, role: str) -> bool:
        """Whether the viewer holds this post (or one of the group) anywhere in the school."""
        members = self.pack.members(role)
        return any(held.role in members for held in self.roles)

    def stand_ins(self) -> tuple[StandIn, ...]:
        """The posts that fall to the viewer where those who hold them are parties to a matter; looked up once."""
        if "stand ins" not in self.memo:
            directory: Directory | None = self.memo.get("directory")
            held = directory.stands_in(self.person_id) if directory and self.person_id else ()
            others = {person for each in held for person in each.instead_of}
            wards = people.wards_of_each(directory.school, others) if directory and others else {}
            self.memo["stand ins"] = tuple(
                StandIn(
                    each.role,
                    each.unit,
                    tuple(frozenset({str(person)}) | wards[person] for person in sorted(each.instead_of)),
                )
                for each in held
            )
        found: tuple[StandIn, ...] = self.memo["stand ins"]
        return found

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
    """The viewer that a person of the school is on this day. Pupils hold no posts, whatever the tables say.

    Whoever has left is nobody here, whatever a matter once named them.
    """
    if person.left_on is not None and person.left_on <= on:
        return teller(school, on)
    pack = pack_of(school, on)
    kind: Kind = (
        "staff" if person.kind == Person.Kind.STAFF else "pupil" if person.kind == Person.Kind.PUPIL else "guardian"
    )
    directory = None if kind == "pupil" else people.directory(school, on, pack)
    roles = directory.posts_of(person.id) if directory else ()
    guards = frozenset() if kind == "pupil" else people.wards_of(person)
    if kind == "guardian" and roles:
        kind = "staff"  # a governor or a doctor of the school: what they hold decides, not the word in the register
    memo: dict[str, Any] = {"directory": directory} if directory else {}
    return Viewer(school.id, kind, on, pack, person.id, person.account_id, roles, guards, memo=memo)
