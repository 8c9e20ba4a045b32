"""What the office's pages show: staff with their posts, posts that nobody holds, classes with their cards."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from upstander.access import cards, office, officelog, renewal
from upstander.access.viewer import Viewer
from upstander.people import clock
from upstander.people import queries as people
from upstander.people.directory import Unit
from upstander.people.models import Person, School, SchoolClass
from upstander.policy import labels
from upstander.policy.model import Pack
from upstander.ui import dates


@dataclass(frozen=True, slots=True)
class Post:
    """A post as somebody holds it: its title, and the class or grade (empty: the whole school)."""

    id: UUID
    role: str
    title: str
    where: str


@dataclass(frozen=True, slots=True)
class Member:
    """One of the staff.

    ``invited``: an account exists; ``away``: deputies are told meanwhile; ``spoken_to``: the page of whom to talk to names them.
    """

    person: Person
    posts: tuple[Post, ...]
    invited: bool
    away: bool
    spoken_to: bool = False


@dataclass(frozen=True, slots=True)
class Pupil:
    """Somebody who may have a card. ``old_card``: one whose words stand in the address of its QR code; it is to be printed anew.

    ``homes``: those who look after a pupil and would see a page of their own.
    """

    person: Person
    has_card: bool
    old_card: bool = False
    homes: tuple[Pupil, ...] = ()


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
    spoken_to = any(
        row.role == each.role and pack.roles[each.role].scope == "school" for row in held for each in pack.talk_to
    )
    return Member(person, posts, person.account_id is not None, away, spoken_to)


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
    """The pupils of a class by name, and those at home, each with whether a card of theirs works."""
    with_card = cards.holders(school)
    ids = people.pupils_in(school, [Unit(school_class.id, school_class.grade)], on)
    homes = people.guardians_of(school, ids)

    def holder(person: Person, *at_home: Pupil) -> Pupil:
        return Pupil(person, person.id in with_card, with_card.get(person.id, False), at_home)

    return [
        holder(person, *[holder(each) for each in homes.get(str(person.id), ()) if _with_a_page(each, on)])
        for person in people.pupils(school, on=on)
        if str(person.id) in ids
    ]


def _with_a_page(person: Person, on: date) -> bool:
    """Whether somebody at home is here and would see a page of their own: whoever works at the school signs in as staff."""
    return person.kind == Person.Kind.GUARDIAN and (person.left_on is None or person.left_on > on)


def unreachable(school: School, on: date) -> list[Person]:
    """Those of the staff who hold a post and have no mail address that works: what is theirs they see only after signing in."""
    holders = people.holders_of_posts(school, on)
    return [person for person in people.staff(school, on) if person.id in holders and not people.can_be_mailed(person)]


def to_confirm(school: School, viewer: Viewer) -> list[Person]:
    """The colleagues for whom a new link waits for this viewer to confirm it."""
    return [
        person
        for person in people.staff(school, viewer.on)
        if (asked := renewal.waiting(person)) is not None and renewal.may_confirm(school, viewer, asked)
    ]


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line of the office's log in words. ``by``: whoever did it."""

    when: str
    what: str
    person: str
    by: str


def log(school: School, pack: Pack, lang: str, *, person: UUID | None = None) -> list[LogLine]:
    """What the office did, the newest first."""
    titles = dict(posts_of_pack(pack, lang))
    now = clock.now(school)
    return [
        LogLine(
            dates.moment(entry.at, lang, now),
            _said(entry, titles.get(entry.role, entry.role), lang),
            entry.person,
            entry.by or _("the technical administrator"),
        )
        for entry in officelog.entries(school, person=person, most=20 if person else 200)
    ]


def _said(entry: officelog.Entry, post: str, lang: str) -> str:
    where = _("%(post)s, %(unit)s") % {"post": post, "unit": entry.unit} if entry.unit else post
    first = dates.long_day(entry.first_day, lang) if entry.first_day else ""
    last = dates.long_day(entry.last_day, lang) if entry.last_day else ""
    away = _("away from %(first)s") % {"first": first}
    if last:
        away = _("away from %(first)s to %(last)s") % {"first": first, "last": last}
    return {
        "added": _("added to the staff"),
        "address-given": _("mail address set"),
        "post-given": _("post given: %(post)s") % {"post": where},
        "post-ended": _("post ended: %(post)s") % {"post": where},
        "away": away,
        "back": _("back again"),
        "left": _("no longer works here"),
        "picture-shown": _("picture shown on the page of whom to talk to"),
        "picture-taken-away": _("picture taken away"),
        "invited": _("invitation made"),
        "link-asked": _("new link to sign in asked for"),
        "link-made": _("new link to sign in confirmed and made"),
        "link-dropped": _("new link to sign in not made after all"),
        "opened-in-emergency": _("records opened in an emergency"),
        "emergency-ended": _("records opened in an emergency closed again"),
        "record-bundled": _("a whole record taken out as a file"),
        "record-handed-over": _("a record handed over"),
        "record-held": _("a record held beyond its time"),
        "record-let-go": _("a hold on a record ended"),
        "record-destroyed": _("a record destroyed after its time"),
        "own-data-made": _("everything on record about them taken out as a file"),
    }.get(entry.deed, entry.deed)
