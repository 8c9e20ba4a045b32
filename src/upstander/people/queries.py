"""What other rooms ask about schools and people. Ids are UUIDs, or their text where a log names somebody."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from functools import partial
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q, QuerySet

from upstander.people import memo, units
from upstander.people.calendars import calendar_of
from upstander.people.directory import Directory, Unit
from upstander.people.models import Account, Guardianship, Membership, Person, RoleHeld, School, SchoolClass
from upstander.people.packs import pack_of
from upstander.policy.model import Pack

__all__ = [
    "address_taken",
    "calendar_of",
    "can_be_mailed",
    "classes",
    "classes_of",
    "directory",
    "everybody",
    "guardians_named",
    "guardians_of",
    "holders",
    "holders_of_posts",
    "names",
    "people_among",
    "person",
    "person_of_account",
    "persons_of_account",
    "pupils",
    "pupils_by_unit",
    "pupils_in",
    "roles_of",
    "school_by_id",
    "school_by_slug",
    "schools",
    "slug_taken",
    "staff",
    "staff_parents",
    "unfilled_roles",
    "wards_of",
    "wards_of_each",
]


def schools() -> QuerySet[School]:
    """All schools of this installation, by address."""
    return School.objects.order_by("slug")


def school_by_slug(slug: str) -> School:
    """Raises School.DoesNotExist."""
    found = memo.once(("slug", slug), lambda: School.objects.get(slug=slug))
    return memo.once(("school", found.id), lambda: found)


def slug_taken(slug: str) -> bool:
    """Whether a school has this part of the address already."""
    return School.objects.filter(slug=slug).exists()


def everybody(school: School) -> QuerySet[Person]:
    """Everybody of a school, those who left included."""
    return Person.objects.filter(school=school)


def staff(school: School, on: date) -> list[Person]:
    """The staff who are here on a day, by name."""
    rows = Person.objects.filter(Q(left_on=None) | Q(left_on__gt=on), school=school, kind=Person.Kind.STAFF)
    return sorted(rows, key=lambda row: (row.reading or row.name).casefold())


def guardians_named(school: School, q: str, on: date) -> list[Person]:
    """The parents and guardians whose name holds ``q``, by name."""
    rows = Person.objects.filter(Q(left_on=None) | Q(left_on__gt=on), school=school, kind=Person.Kind.GUARDIAN)
    wanted = q.strip().casefold()
    found = [row for row in rows if wanted in row.name.casefold()]
    return sorted(found, key=lambda row: (row.reading or row.name).casefold())


def school_by_id(school_id: UUID) -> School:
    """Raises School.DoesNotExist."""
    return memo.once(("school", school_id), lambda: School.objects.get(id=school_id))


def person(school: School, person_id: UUID | str) -> Person | None:
    """A person of this school; None for anybody else, and for what is no id."""
    try:
        found = Person.objects.filter(school=school, id=UUID(str(person_id)))
        return memo.once(("person", school.pk, str(person_id)), found.first)
    except ValueError:
        return None


def person_of_account(school: School, account_id: UUID, on: date) -> Person | None:
    """Who an account is in this school, unless they have left."""
    here = Q(left_on=None) | Q(left_on__gt=on)
    return Person.objects.filter(here, school=school, account_id=account_id).first()


def persons_of_account(account_id: UUID) -> list[Person]:
    """Who an account is, in every school that still has them."""
    return list(Person.objects.filter(account_id=account_id, left_on=None).select_related("school"))


def address_taken(person: Person, address: str) -> bool:
    """Whether the account of this person, or the one with this address, serves anybody else, here or in another school."""
    account = person.account or Account.objects.filter(email=address.lower()).first()
    return account is not None and account.persons.exclude(pk=person.pk).exists()


def can_be_mailed(person: Person) -> bool:
    """Whether the person has an address to which a mail can be sent."""
    try:
        validate_email(person.email)
    except ValidationError:
        return False
    return True


def holders_of_posts(school: School, on: date) -> set[UUID]:
    """The ids of everybody who holds any post on a day."""
    rows = RoleHeld.objects.filter(Q(until=None) | Q(until__gte=on), school=school, since__lte=on)
    return set(rows.values_list("person_id", flat=True))


def directory(school: School, on: date, pack: Pack | None = None) -> Directory:
    """Who holds which post on a day: take it once for many questions."""
    policy = pack or pack_of(school, on)
    return memo.once(("directory", school.pk, on, id(policy)), lambda: Directory(school, policy, on))


def holders(school: School, role: str, *, about: Person | None = None, on: date) -> list[Person]:
    """Who is to act in a post, toward this person; deputies where nobody holds it or all are away."""
    ids = directory(school, on).holders(role, [str(about.id)] if about else [])
    found = Person.objects.in_bulk(ids)
    return [found[each] for each in ids]


def roles_of(person: Person, on: date) -> list[RoleHeld]:
    """The posts that a person holds themselves on a day."""
    rows = RoleHeld.objects.filter(person=person, since__lte=on).select_related("school_class")
    return list(rows.filter(Q(until=None) | Q(until__gte=on)))


def unfilled_roles(school: School, pack: Pack, on: date) -> list[tuple[str, Unit]]:
    """Posts that the policy needs and nobody present holds, each with the class or grade that lacks it."""
    return directory(school, on, pack).unfilled()


def names(school: School, ids: Iterable[str | UUID]) -> dict[str, str]:
    """{id: name} of those ids that are people of this school, or its classes and grades as a log names them."""
    return memo.each(("names", school.pk), {str(each) for each in ids}, partial(_names, school))


def _names(school: School, wanted: set[str]) -> dict[str, str]:
    valid = [each for each in wanted if _uuid(each)]
    found = {}
    if valid:
        rows = Person.objects.filter(school=school, id__in=valid).only("school_id", "name")
        found = {str(row.id): row.name for row in rows}
    return {**units.words(school, wanted - found.keys()), **found}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def pupils(school: School, q: str = "", school_class: SchoolClass | None = None, *, on: date) -> list[Person]:
    """The pupils of a school on a day by class and name; ``q`` is part of a name or its reading (names lie encrypted)."""
    rows = Person.objects.filter(Q(left_on=None) | Q(left_on__gt=on), school=school, kind=Person.Kind.PUPIL)
    if school_class is not None:
        rows = rows.filter(memberships__school_class=school_class).distinct()
    wanted = q.strip().casefold()
    found = [row for row in rows if wanted in row.name.casefold() or (wanted and wanted in row.reading.casefold())]
    return sorted(found, key=lambda row: (row.reading or row.name).casefold())


def pupils_in(school: School, units: Iterable[Unit], on: date) -> frozenset[str]:
    """The ids of everybody who is on this day in one of these classes or grades."""
    wanted = list(units)
    classes = [unit.class_id for unit in wanted if unit.class_id]
    grades = [unit.grade for unit in wanted if not unit.class_id and unit.grade]
    if not classes and not grades:
        return frozenset()
    rows = Membership.objects.filter(
        Q(until=None) | Q(until__gte=on),
        Q(school_class_id__in=classes) | Q(school_class__grade__in=grades),
        school=school,
        since__lte=on,
    )
    return frozenset(str(each) for each in rows.values_list("person_id", flat=True))


def pupils_by_unit(school: School, units: Collection[Unit], on: date) -> dict[Unit, frozenset[str]]:
    """{class or grade: the ids of everybody who is in it on this day}, with one query for all."""
    found: dict[Unit, set[str]] = {unit: set() for unit in units}
    if not found:
        return {}
    rows = Membership.objects.filter(
        Q(until=None) | Q(until__gte=on),
        Q(school_class_id__in=[unit.class_id for unit in units if unit.class_id])
        | Q(school_class__grade__in=[unit.grade for unit in units if not unit.class_id and unit.grade]),
        school=school,
        since__lte=on,
    )
    for person, school_class, grade in rows.values_list("person_id", "school_class_id", "school_class__grade"):
        here = Unit(school_class, grade)
        for unit, people in found.items():
            if unit.holds_for(here):
                people.add(str(person))
    return {unit: frozenset(people) for unit, people in found.items()}


def classes(school: School, year: int | None = None) -> QuerySet[SchoolClass]:
    """The classes of a school, of one school year if given."""
    rows = SchoolClass.objects.filter(school=school)
    return rows if year is None else rows.filter(year=year)


def classes_of(school: School, ids: Iterable[str | UUID], on: date) -> dict[str, SchoolClass]:
    """{person's id: the class they are in on this day}."""
    valid = {each for each in map(str, ids) if _uuid(each)}
    return memo.each(("classes", school.pk, on), valid, partial(_classes_of, school, on)) if valid else {}


def _classes_of(school: School, on: date, ids: set[str]) -> dict[str, SchoolClass]:
    rows = Membership.objects.filter(
        Q(until=None) | Q(until__gte=on), school=school, since__lte=on, person_id__in=ids
    ).select_related("school_class")
    return {str(row.person_id): row.school_class for row in rows.order_by("since")}


def guardians_of(school: School, ids: Iterable[str | UUID]) -> dict[str, list[Person]]:
    """{pupil's id: their guardians}."""
    valid = [each for each in map(str, ids) if _uuid(each)]
    found: dict[str, list[Person]] = {}
    for row in Guardianship.objects.filter(school=school, pupil_id__in=[UUID(each) for each in valid]).select_related(
        "guardian"
    ):
        found.setdefault(str(row.pupil_id), []).append(row.guardian)
    return found


def staff_parents(school: School, ids: Iterable[str | UUID]) -> dict[str, frozenset[str]]:
    """{person: the ids of the staff who are their parents or guardians}, for everybody asked about."""
    return memo.each(("parents", school.pk), {str(each) for each in ids}, partial(_staff_parents, school))


def _staff_parents(school: School, wanted: set[str]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {each: set() for each in wanted}
    valid = [one for each in wanted if (one := _uuid(each))]
    rows = Guardianship.objects.filter(school=school, pupil_id__in=valid, guardian__kind=Person.Kind.STAFF)
    for pupil, guardian in rows.values_list("pupil_id", "guardian_id") if valid else ():
        found[str(pupil)].add(str(guardian))
    return {each: frozenset(parents) for each, parents in found.items()}


def wards_of(person: Person) -> frozenset[str]:
    """The ids of the children whom this person looks after."""
    return frozenset(
        str(each) for each in Guardianship.objects.filter(guardian=person).values_list("pupil_id", flat=True)
    )


def wards_of_each(school: School, ids: Iterable[UUID]) -> dict[UUID, frozenset[str]]:
    """{person: the ids of the children whom they look after}, for everybody asked about."""
    found: dict[UUID, set[str]] = {each: set() for each in ids}
    rows = Guardianship.objects.filter(school=school, guardian_id__in=list(found)).values_list(
        "guardian_id", "pupil_id"
    )
    for guardian, pupil in rows if found else ():
        found[guardian].add(str(pupil))
    return {person: frozenset(wards) for person, wards in found.items()}


def people_among(school: School, ids: Iterable[str]) -> set[str]:
    """Those of the ids that are people of this school."""
    valid = [each for each in ids if _uuid(each)]
    rows = Person.objects.filter(school=school, id__in=valid).values_list("id", flat=True) if valid else []
    return {str(each) for each in rows}


def by_id(school: School, ids: Iterable[str]) -> dict[str, Person]:
    """{id: person} of those of the ids that are people of this school, now or before."""
    valid = [each for each in ids if _uuid(each)]
    return {str(row.id): row for row in Person.objects.filter(school=school, id__in=valid)} if valid else {}


def pupils_written(school: School, ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """{id: name and its reading} of those of the ids that are pupils of this school, now or before."""
    found = by_id(school, ids)
    return {each: (row.name, row.reading) for each, row in found.items() if row.kind == Person.Kind.PUPIL}
