"""Deeds on schools, people, classes and posts. Who may do them, the calling room asks ``access`` first."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.dispatch import Signal

from upstander.people import packs, portraits
from upstander.people.models import Account, Guardianship, Membership, Person, RoleHeld, School, SchoolClass
from upstander.vault import keys


def make_school(
    slug: str,
    name: str,
    *,
    pack: str,
    language: str,
    timezone: str,
    packs_beside: Sequence[str] = (),
    answers: Mapping[str, Any] | None = None,
    **more: Any,
) -> School:
    """Make a school and its keys, and put its pack in force (and ``packs_beside``, after it).

    ``more``: the other columns of ``School``. Raises PackErrors.
    """
    with transaction.atomic():
        school = School.objects.create(slug=slug, name=name, pack=pack, language=language, timezone=timezone, **more)
        keys.make_school_key(school.id)
        if not packs.is_registered(pack):
            packs.put_in_force(school, pack, answers, None, None)
            for other in packs_beside:
                packs.put_in_force(school, other, None, None, None)
    return school


people_changed = Signal()
"""Sent when somebody was added or leaves, inside the transaction if there is one. Argument: ``school``."""

_TURNS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Signs that turn the direction of writing: in a name they would rewrite the line around it."""


def plain(text: str) -> str:
    """A line of text without control signs and without signs that turn the direction of writing."""
    kept = "".join(" " if sign in "\t\r\n" else sign for sign in text if sign not in _TURNS)
    return "".join(sign for sign in kept if unicodedata.category(sign) != "Cc").strip()


def add_person(
    school: School, kind: str, name: str, *, number: str = "", reading: str = "", email: str = "", language: str = ""
) -> Person:
    """Add somebody; ``number`` is the school's own for them (pupil number, staff number) and is used once only."""
    said = {"name": plain(name), "reading": plain(reading), "email": plain(email)}
    person = Person.objects.create(school=school, kind=kind, number=number, language=language, **said)
    people_changed.send(Person, school=school)
    return person


def change_person(person: Person, **changes: str) -> bool:
    """Set columns of a person; returns whether anything changed."""
    changes = {column: plain(value) for column, value in changes.items()}
    changed = [column for column, value in changes.items() if getattr(person, column) != value]
    for column in changed:
        setattr(person, column, changes[column])
    if changed:
        person.save(update_fields=changed)
    return bool(changed)


@transaction.atomic
def leave(person: Person, on: date) -> None:
    """From this day on the person is no longer here: posts and classes end the day before, the sign-in at once."""
    day_before = on - timedelta(days=1)
    person.left_on = on
    person.save(update_fields=["left_on"])
    RoleHeld.objects.filter(person=person, until=None).update(until=day_before)
    Membership.objects.filter(person=person, until=None).update(until=day_before)
    portraits.show(person, None)
    account = person.account
    if account is not None and not account.persons.exclude(pk=person.pk).filter(left_on=None).exists():
        account.is_active = False
        account.save(update_fields=["is_active"])
    people_changed.send(Person, school=person.school)


def find_class(school: School, year: int, code: str) -> SchoolClass | None:
    return SchoolClass.objects.filter(school=school, year=year, code=code).first()


def make_class(school: School, year: int, code: str, *, grade: str, name: str) -> SchoolClass:
    """The class of this code in this school year, made if it is not there."""
    return SchoolClass.objects.get_or_create(
        school=school, year=year, code=code, defaults={"grade": grade, "name": name}
    )[0]


def place(person: Person, school_class: SchoolClass, since: date) -> bool:
    """Put a person into a class; another class of the same person ends the day before. Returns whether anything changed."""
    if Membership.objects.filter(person=person, school_class=school_class, until=None).exists():
        return False
    Membership.objects.filter(person=person, until=None).update(until=since - timedelta(days=1))
    Membership.objects.create(school_id=person.school_id, person=person, school_class=school_class, since=since)
    return True


def look_after(guardian: Person, pupil: Person, relation: str = "") -> bool:
    """Say that a guardian looks after a pupil; returns whether that was new."""
    return Guardianship.objects.get_or_create(
        guardian=guardian, pupil=pupil, defaults={"school_id": pupil.school_id, "relation": relation}
    )[1]


def give_role(
    person: Person, role: str, since: date, *, school_class: SchoolClass | None = None, grade: str = ""
) -> RoleHeld | None:
    """Let a person hold a post from a day on; None where they hold it already."""
    held = {"person": person, "role": role, "school_class": school_class, "grade": grade, "until": None}
    if RoleHeld.objects.filter(**held).exists():
        return None
    return RoleHeld.objects.create(school_id=person.school_id, since=since, **held)


def end_role(held: UUID, school: School, last_day: date) -> None:
    """Let a post end; ``last_day`` still counts."""
    RoleHeld.objects.filter(pk=held, school=school).update(until=last_day)


def set_away(person: Person, first_day: date | None, last_day: date | None) -> None:
    """Say that a person is away (leave, illness): deputies are told meanwhile. None, None: they are back."""
    RoleHeld.objects.filter(person=person, until=None).update(away_from=first_day, away_until=last_day)


@transaction.atomic
def make_account(person: Person, email: str, password: str | None = None) -> Account:
    """Give a person a way to sign in; an account with this address that exists already serves this person, too."""
    account = Account.objects.filter(email=email.lower()).first()
    if account is None:
        account = Account.objects.create_user(email, password)
    person.account = account
    person.email = email
    person.save(update_fields=["account", "email"])
    return account
