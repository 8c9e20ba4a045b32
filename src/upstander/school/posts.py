"""What the office does to its staff: each deed with a line in the office's log, in one transaction."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from upstander.access import invitations, officelog
from upstander.people import actions as people
from upstander.people import portraits, queries
from upstander.people.models import Person, School, SchoolClass


@transaction.atomic
def add(school: School, name: str, *, by: UUID | None, email: str = "", language: str = "") -> Person:
    """Somebody new on the staff."""
    person = people.add_person(school, Person.Kind.STAFF, name, email=email, language=language)
    officelog.note(school, "added", person.id, by)
    return person


@transaction.atomic
def give(
    school: School,
    person: Person,
    role: str,
    since: date,
    *,
    by: UUID | None,
    school_class: SchoolClass | None = None,
    grade: str = "",
) -> bool:
    """Let somebody hold a post; returns whether that is new."""
    held = people.give_role(person, role, since, school_class=school_class, grade=grade)
    if held is None:
        return False
    unit = school_class.name if school_class else grade
    officelog.note(school, "post-given", person.id, by, role=role, unit=unit, first_day=since)
    return True


@transaction.atomic
def end(school: School, person: Person, held: UUID, last_day: date, *, by: UUID | None) -> None:
    """Let a post end."""
    row = next((each for each in queries.roles_of(person, last_day) if each.id == held), None)
    if row is None:
        return
    people.end_role(held, school, last_day)
    unit = row.school_class.name if row.school_class else row.grade
    officelog.note(school, "post-ended", person.id, by, role=row.role, unit=unit, last_day=last_day)


@transaction.atomic
def away(school: School, person: Person, first: date, last: date | None, *, by: UUID | None) -> None:
    """Somebody is away: deputies are told meanwhile."""
    people.set_away(person, first, last)
    officelog.note(school, "away", person.id, by, first_day=first, last_day=last)


@transaction.atomic
def back(school: School, person: Person, *, by: UUID | None) -> None:
    """They are back."""
    people.set_away(person, None, None)
    officelog.note(school, "back", person.id, by)


@transaction.atomic
def leave(school: School, person: Person, on: date, *, by: UUID | None) -> None:
    """They no longer work here."""
    people.leave(person, on)
    officelog.note(school, "left", person.id, by, last_day=on)


@transaction.atomic
def set_address(school: School, person: Person, email: str, *, by: UUID | None) -> None:
    """Where mails for somebody go who does not sign in yet; for whoever does, the address is their sign-in."""
    if person.account_id is None and people.change_person(person, email=email):
        officelog.note(school, "address-given", person.id, by)


@transaction.atomic
def invite(school: School, person: Person, *, by: UUID | None) -> str:
    """The link with which a first password is set."""
    account = person.account or people.make_account(person, person.email)
    officelog.note(school, "invited", person.id, by)
    return invitations.link_for(account)


@transaction.atomic
def show_picture(school: School, person: Person, picture: bytes | None, *, by: UUID | None) -> None:
    """Show a picture of somebody on the page of whom to talk to; None: show none any more."""
    portraits.show(person, picture)
    officelog.note(school, "picture-shown" if picture else "picture-taken-away", person.id, by)
