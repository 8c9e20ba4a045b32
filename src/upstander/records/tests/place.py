"""A school with a small policy of its own and invented people, for the tests of this room."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from upstander.access import viewer as viewers
from upstander.access.viewer import Viewer
from upstander.people import actions as people
from upstander.people.models import Person, School, SchoolClass
from upstander.records import actions
from upstander.records.models import Event, Record

PACK = Path(__file__).with_name("small.yaml")
SINCE = date(2026, 4, 1)
MONDAY = datetime(2026, 5, 11, 10, 20)
"""A school day, civil time in Tokyo."""
TODAY = MONDAY.date()


def moment(civil: datetime) -> datetime:
    """A civil minute in Tokyo as an aware moment, for ``time_machine``."""
    return civil.replace(tzinfo=ZoneInfo("Asia/Tokyo"))


@dataclass
class Place:
    """One school: classes by code, people by name."""

    school: School
    classes: dict[str, SchoolClass] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    def viewer(self, name: str, on: date = TODAY) -> Viewer:
        return viewers.of_person(self.people[name], self.school, on)

    def id(self, name: str) -> str:
        return str(self.people[name].id)

    def staff(self, name: str, role: str, **unit: Any) -> Person:
        person = self.people.setdefault(name, people.add_person(self.school, "staff", name))
        people.give_role(person, role, SINCE, **unit)
        return person

    def pupil(self, name: str, code: str) -> Person:
        self.people[name] = people.add_person(self.school, "pupil", name)
        people.place(self.people[name], self.classes[code], SINCE)
        return self.people[name]


def make(slug: str = "rei-school") -> Place:
    """Two classes of grade 2; a head, a teacher of each class, a counsellor."""
    school = people.make_school(slug, "例学校", pack=str(PACK), language="ja", timezone="Asia/Tokyo")
    place = Place(school)
    for code in ("2A", "2B"):
        place.classes[code] = people.make_class(school, 2026, code, grade="2", name=code)
    place.staff("Head", "head")
    place.staff("Deputy", "deputy")
    place.staff("Chen", "class-teacher", school_class=place.classes["2A"])
    place.staff("Dana", "class-teacher", school_class=place.classes["2B"])
    place.staff("Ewa", "counsellor")
    for name, code in (("Aiko", "2A"), ("Bram", "2A"), ("Cem", "2B")):
        place.pupil(name, code)
    return place


def concern(place: Place, **fields: Any) -> Record:
    """A concern as it comes in at the door, anonymous."""
    teller = viewers.teller(place.school, MONDAY.date())
    made = actions.open_record(teller, place.school, "concern")
    actions.record(teller, made, "told", fields={"what": "They hide her shoes.", "openness": "anonymous", **fields})
    return made


def case(place: Place, target: str = "Aiko", actor: str = "Bram", **more: Any) -> Record:
    """A case that the head has opened about two pupils."""
    head = place.viewer("Head")
    made = actions.open_record(head, place.school, "case")
    about = {"target": [place.id(target)], "actor": [place.id(actor)]}
    actions.record(head, made, "concern-received", about=about, fields={"what": "Shoes were hidden."}, **more)
    return made


def events(record: Record) -> list[Event]:
    return list(Event.objects.filter(record=record).order_by("position"))
