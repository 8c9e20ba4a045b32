"""What the office's pages show: staff with their posts, posts that nobody holds, classes with their cards."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from upstander.access import cards, office
from upstander.people import queries as people
from upstander.people.directory import Unit
from upstander.people.models import Person, School, SchoolClass
from upstander.policy import labels
from upstander.policy.model import Pack


@dataclass(frozen=True, slots=True)
class Post:
    """A post as somebody holds it: its title, and the class or grade (empty: the whole school)."""

    id: UUID
    role: str
    title: str
    where: str


@dataclass(frozen=True, slots=True)
class Member:
    """One of the staff. ``invited``: an account exists; ``away``: deputies are told meanwhile."""

    person: Person
    posts: tuple[Post, ...]
    invited: bool
    away: bool


@dataclass(frozen=True, slots=True)
class Pupil:
    person: Person
    has_card: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """A post that the policy needs and nobody present holds; ``deputy``: who is told meanwhile, empty if nobody is."""

    title: str
    where: str
    deputy: str


def posts_of_pack(pack: Pack, lang: str) -> list[tuple[str, str]]:
    """(id, title) of every post that somebody can hold."""
    return [(role.id, labels.label(pack, f"roles.{role.id}.title", lang)) for role in office.posts(pack)]


def members(school: School, pack: Pack, on: date, lang: str) -> list[Member]:
    """The staff by name, each with their posts."""
    return [member(person, pack, on, lang) for person in people.staff(school, on)]


def member(person: Person, pack: Pack, on: date, lang: str) -> Member:
    """One of the staff with their posts."""
    titles = dict(posts_of_pack(pack, lang))
    held = people.roles_of(person, on)
    posts = tuple(
        Post(row.id, row.role, titles.get(row.role, row.role), row.school_class.name if row.school_class else row.grade)
        for row in held
    )
    away = any(row.away_from and row.away_from <= on and (not row.away_until or on <= row.away_until) for row in held)
    return Member(person, posts, person.account_id is not None, away)


def gaps(school: School, pack: Pack, on: date, lang: str) -> list[Gap]:
    """Posts that nobody holds, and who stands in."""
    titles = dict(posts_of_pack(pack, lang))
    classes = {row.id: row.name for row in people.classes(school)}
    standing_in = people.directory(school, on, pack)
    found = []
    for role, unit in people.unfilled_roles(school, pack, on):
        ids = [] if unit.class_id or unit.grade else standing_in.holders(role)
        names = people.names(school, ids)
        found.append(Gap(titles.get(role, role), _where(unit, classes), ", ".join(names.values())))
    return found


def _where(unit: Unit, classes: dict[UUID, str]) -> str:
    return classes.get(unit.class_id, "") if unit.class_id else unit.grade


def class_list(school: School, on: date) -> list[tuple[SchoolClass, int]]:
    """The classes with how many pupils each has, this school year's first."""
    rows = list(people.classes(school))
    sizes = Counter(
        found.id for found in people.classes_of(school, [p.id for p in people.pupils(school, on=on)], on).values()
    )
    return [(row, sizes[row.id]) for row in rows]


def pupils_of(school: School, school_class: SchoolClass, on: date) -> list[Pupil]:
    """The pupils of a class by name, each with whether a card of theirs works."""
    with_card = cards.holders(school)
    ids = people.pupils_in(school, [Unit(school_class.id, school_class.grade)], on)
    return [Pupil(person, person.id in with_card) for person in people.pupils(school, on=on) if str(person.id) in ids]
