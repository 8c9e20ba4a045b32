"""A school with real policy and invented people, for tests of this room and those below it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.test import Client

from upstander.access import viewer as viewers
from upstander.access.tests.signed_in import sign_in
from upstander.access.viewer import Viewer
from upstander.people import actions
from upstander.people.models import Person, School, SchoolClass

SINCE = date(2026, 4, 1)
NOON = datetime(2026, 5, 11, 10, 20)
"""A Monday in term, in school hours, civil time."""
TODAY = NOON.date()


@dataclass
class Place:
    """One school: {role: person} of its staff, {name: person} of its pupils."""

    school: School
    classes: dict[str, SchoolClass] = field(default_factory=dict)
    staff: dict[str, Person] = field(default_factory=dict)
    pupils: dict[str, Person] = field(default_factory=dict)

    def viewer(self, role: str, on: date = TODAY) -> Viewer:
        """Whoever holds this post, as a viewer."""
        return viewers.of_person(self.staff[role], self.school, on)

    def client(self, role: str) -> Client:
        """A browser in which whoever holds this post has signed in."""
        client = Client(headers={"accept-language": self.school.language})
        account = self.staff[role].account
        assert account is not None
        sign_in(client, account)
        return client

    def url(self, path: str) -> str:
        return f"/s/{self.school.slug}/{path}"


def moment(place: Place, civil: datetime) -> datetime:
    """A civil minute of the school as an aware moment, for ``time_machine``."""
    return civil.replace(tzinfo=ZoneInfo(place.school.timezone)).astimezone(UTC)


def staff(place: Place, role: str, name: str, *, school_class: str = "", grade: str = "") -> Person:
    """Somebody who holds a post and can sign in."""
    person = actions.add_person(place.school, Person.Kind.STAFF, name)
    number = len(place.staff)
    actions.make_account(person, f"{place.school.slug}-{number}@school.example", None)
    person.refresh_from_db()
    found = place.classes.get(school_class)
    actions.give_role(person, role, SINCE, school_class=found, grade=grade)
    place.staff.setdefault(role, person)
    return person


def pupil(place: Place, name: str, school_class: str) -> Person:
    """A pupil in a class."""
    person = actions.add_person(place.school, Person.Kind.PUPIL, name)
    actions.place(person, place.classes[school_class], SINCE)
    place.pupils[name] = person
    return person


def japanese(slug: str = "aoba-rei") -> Place:
    """A junior high school under the pack jp-junior-high."""
    school = actions.make_school(slug, "あおば例中学校", pack="jp-junior-high", language="ja", timezone="Asia/Tokyo")
    place = Place(school)
    for code, grade in (("2A", "2"), ("2B", "2"), ("3A", "3")):
        place.classes[code] = actions.make_class(school, 2026, code, grade=grade, name=f"{code[0]}年{code[1]}組")
    staff(place, "grade-head", "仮野 進", grade="2")
    staff(place, "grade-guidance", "例田 守", grade="2")
    staff(place, "homeroom-teacher", "架空 みどり", school_class="2B")
    staff(place, "nurse", "見本 澄江")
    staff(place, "guidance-lead", "試案 剛")
    staff(place, "vice-principal", "想定 教子")
    staff(place, "principal", "仮定 正道")
    staff(place, "contact", "窓口 開")
    staff(place, "committee-chair", "委員 長子")
    actions.give_role(place.staff["grade-head"], "contact", SINCE)  # 5(1): the grade heads are windows, too
    staff(place, "teacher", "無関 係人")
    for name, code in (("見本はるか", "2B"), ("例田 空", "2B"), ("仮名 うみ", "2A"), ("別学年 りく", "3A")):
        pupil(place, name, code)
    return place


def english(slug: str = "larkrise") -> Place:
    """A secondary school under the pack gb-secondary."""
    school = actions.make_school(
        slug, "Larkrise Example Academy", pack="gb-secondary", language="en-GB", timezone="Europe/London"
    )
    place = Place(school)
    for code, grade in (("8 Oak", "8"), ("8 Ash", "8"), ("10 Ash", "10")):
        place.classes[code] = actions.make_class(school, 2026, code, grade=grade, name=code)
    staff(place, "year-lead", "Ms Quill", grade="8")
    staff(place, "tutor", "Mr Thistle", school_class="8 Oak")
    staff(place, "dsl", "Dr Fennel")
    staff(place, "deputy-dsl", "Mr Sedge")
    staff(place, "behaviour-lead", "Ms Bramble")
    staff(place, "behaviour-staff", "Mr Rush")
    staff(place, "deputy-head", "Ms Alder")
    staff(place, "headteacher", "Ms Hazel")
    staff(place, "staff", "Mr Nettle")
    for name, code in (("Juniper Vale", "8 Oak"), ("Bram Lark", "8 Ash"), ("Rowan Tern", "10 Ash")):
        pupil(place, name, code)
    return place
