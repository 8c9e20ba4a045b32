"""Who holds which post on a day, with deputies and scopes: one reading of the tables, many questions.

A post of the scope *class* or *grade* belongs to the classes and grades in which it is held; held without one it reaches nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from upstander.people.models import Membership, Person, RoleHeld, School, SchoolClass
from upstander.policy.model import Pack


@dataclass(frozen=True, slots=True)
class Unit:
    """A class (its id and grade), a grade (``class_id`` None), or the whole school (both empty)."""

    class_id: UUID | None = None
    grade: str = ""

    def holds_for(self, other: Unit) -> bool:
        """Whether a post held here reaches the other unit."""
        if self.class_id is not None:
            return self.class_id == other.class_id
        return not self.grade or self.grade == other.grade


SCHOOL = Unit()


@dataclass(frozen=True, slots=True)
class Held:
    """A post as somebody holds it today; ``deputy``: in place of whoever should."""

    role: str
    unit: Unit
    deputy: bool = False


@dataclass(frozen=True, slots=True)
class StandIn:
    """A post that somebody takes over in a matter from which everybody in ``instead_of`` is shut out."""

    role: str
    unit: Unit
    instead_of: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class _Row:
    person: UUID
    role: str
    unit: Unit
    away: bool


class Directory:
    """The posts of one school on one day. Two queries when made, one more for each new set of pupils asked about."""

    def __init__(self, school: School, pack: Pack, on: date) -> None:
        self.school, self.pack, self.on = school, pack, on
        self._rows: dict[str, list[_Row]] = defaultdict(list)
        self._units: dict[str, tuple[Unit, ...]] = {}
        self._classes: list[Unit] | None = None
        for post in _held_on(school, on):
            away = post.away_from is not None and post.away_from <= on
            away = away and (post.away_until is None or on <= post.away_until)
            unit = Unit(post.class_id, post.class_grade or "") if post.class_id else Unit(None, post.grade)
            self._rows[post.role].append(_Row(post.person, post.role, unit, away))

    def holders(
        self,
        role: str,
        about: Iterable[str] = (),
        without: Container[UUID] = (),
        units: tuple[Unit, ...] = (),
    ) -> list[UUID]:
        """Who is to act in this post, toward these people (ids); deputies where nobody is, or all are away or in ``without``.

        ``units``: the classes and grades that it is about instead of people. If nobody at all is present, those who are away
        are better than nobody.
        """
        units = units or self.units_of(about)
        found: list[UUID] = []
        for member in self.pack.members(role):
            found += [person for person in self._acting(member, units, without) if person not in found]
        return found

    def _acting(self, role: str, units: tuple[Unit, ...], without: Container[UUID] = ()) -> list[UUID]:
        away: list[UUID] = []
        for candidate in self._line(role):
            rows = [
                row
                for row in self._rows[candidate]
                if row.person not in without and self._reaches(row, candidate, units)
            ]
            present = list(dict.fromkeys(row.person for row in rows if not row.away))
            if present:
                return present
            away += [row.person for row in rows]
        return list(dict.fromkeys(away))

    def _line(self, role: str) -> list[str]:
        """The post, its deputies in order, theirs after them."""
        line = [role]
        for candidate in line:
            info = self.pack.roles.get(candidate)
            line += [deputy for deputy in (info.deputies if info else ()) if deputy not in line]
        return line

    def _reaches(self, row: _Row, role: str, units: tuple[Unit, ...]) -> bool:
        if row.unit == SCHOOL:
            return self.scope(role) == "school"
        return any(row.unit.holds_for(unit) for unit in units)

    def everyone(self, role: str) -> list[UUID]:
        """Everybody who holds this post today, in whatever class or grade."""
        return list(dict.fromkeys(row.person for row in self._rows[role]))

    def scope(self, role: str) -> str:
        info = self.pack.roles.get(role)
        return info.scope if info else "school"

    def units_of(self, people: Iterable[str]) -> tuple[Unit, ...]:
        """The classes in which these people are."""
        ids = [person for person in people if _is_uuid(person)]
        missing = [person for person in ids if person not in self._units]
        if missing:
            found: dict[str, list[Unit]] = {person: [] for person in missing}
            for member in _memberships(self.school, self.on).filter(person_id__in=missing):
                found[str(member.person_id)].append(Unit(member.school_class_id, member.school_class.grade))
            self._units |= {person: tuple(units) for person, units in found.items()}
        return tuple(dict.fromkeys(unit for person in ids for unit in self._units[person]))

    def classes(self) -> list[Unit]:
        """The classes of which somebody is a member today."""
        if self._classes is None:
            rows = SchoolClass.objects.filter(school=self.school, memberships__in=_memberships(self.school, self.on))
            self._classes = [Unit(row.id, row.grade) for row in rows.distinct()]
        return self._classes

    def posts_of(self, person: UUID) -> tuple[Held, ...]:
        """The posts of a person today, those in which they stand in for others included."""
        own = [row for rows in self._rows.values() for row in rows if row.person == person]
        if not own:
            return ()
        posts = [Held(row.role, row.unit) for row in own]
        mine = {row.role for row in own}
        for role, info in self.pack.roles.items():
            if any(deputy in mine for deputy in self._line(role)[1:]):
                posts += [
                    Held(role, unit, deputy=True)
                    for unit in self._uncovered_units(role, info.scope)
                    if Held(role, unit) not in posts and person in self._acting(role, (unit,))
                ]
        return tuple(posts)

    def stands_in(self, person: UUID) -> tuple[StandIn, ...]:
        """The posts that a person takes over wherever those before them in the line of deputies are shut out of a matter.

        What nobody present holds is not among them: that is one of the person's posts already (``posts_of``).
        """
        own = [row for rows in self._rows.values() for row in rows if row.person == person and not row.away]
        mine = {row.role for row in own}
        found: dict[StandIn, None] = {}
        for role, info in self.pack.roles.items():
            line = self._line(role)
            if mine.isdisjoint(line[1:]):
                continue
            units = self._units_of(info.scope)
            if info.scope == "school":
                units = [*units, *dict.fromkeys(row.unit for row in own if row.unit != SCHOOL)]
            for unit in units:
                before = self._before(person, line, unit)
                if before:
                    found[StandIn(role, unit, before)] = None
        return tuple(found)

    def _before(self, person: UUID, line: list[str], unit: Unit) -> frozenset[UUID]:
        """Whoever is present in the line before this person's own turn; nobody where it never comes."""
        before: set[UUID] = set()
        for candidate in line:
            rows = [row for row in self._rows[candidate] if not row.away and self._reaches(row, candidate, (unit,))]
            if any(row.person == person for row in rows):
                return frozenset(before)
            before |= {row.person for row in rows}
        return frozenset()

    def _units_of(self, scope: str) -> list[Unit]:
        if scope == "school":
            return [SCHOOL]
        if scope == "class":
            return self.classes()
        return [Unit(None, grade) for grade in dict.fromkeys(unit.grade for unit in self.classes())]

    def _uncovered_units(self, role: str, scope: str) -> list[Unit]:
        return [unit for unit in self._units_of(scope) if not self._covered(role, unit, scope)]

    def _covered(self, role: str, unit: Unit, scope: str) -> bool:
        return any(
            not row.away and (scope == "school" or (row.unit != SCHOOL and row.unit.holds_for(unit)))
            for row in self._rows[role]
        )

    def unfilled(self) -> list[tuple[str, Unit]]:
        """Posts of this school that somebody must hold and nobody present does, with the class or grade that lacks one."""
        return [
            (role, unit)
            for role, info in self.pack.roles.items()
            if not (info.outside or info.of_the_matter or info.any_of) and (info.at_least or info.scope != "school")
            for unit in self._uncovered_units(role, info.scope)
        ]


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _current(on: date) -> Q:
    return Q(since__lte=on) & (Q(until=None) | Q(until__gte=on))


class _Post(NamedTuple):
    """A row of the posts with what is needed of its person and class."""

    since: date
    id: UUID
    person: UUID
    role: str
    class_id: UUID | None
    class_grade: str | None
    grade: str
    until: date | None
    away_from: date | None
    away_until: date | None
    left_on: date | None
    kind: str


def _held_on(school: School, on: date) -> list[_Post]:
    """The posts held on a day, longest first. A plain query and plain rows: this is asked at every event."""
    rows = RoleHeld.objects.filter(school=school).values_list(
        *("since", "id", "person_id", "role", "school_class_id", "school_class__grade", "grade"),
        *("until", "away_from", "away_until", "person__left_on", "person__kind"),
    )
    return sorted(
        post
        for post in map(_Post._make, rows)
        if post.since <= on
        and (post.until is None or on <= post.until)
        and (post.left_on is None or on < post.left_on)
        and post.kind != Person.Kind.PUPIL
    )


def _memberships(school: School, on: date) -> QuerySet[Membership]:
    return Membership.objects.filter(_current(on), school=school).select_related("school_class")
