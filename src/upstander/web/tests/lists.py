"""A school whose policy declares registers of its own: devices in a safe, the training of its staff."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import time_machine

from upstander.cases.tests.school import Place, moment, pupil, staff
from upstander.people import actions as people

PACK = Path(__file__).with_name("lists.yaml")
MORNING = datetime(2026, 5, 11, 9, 0)
"""A Monday."""


def make(slug: str = "fernhill") -> Place:
    """A class, a head, a keeper of the safe, two teachers, two pupils."""
    school = people.make_school(
        slug, "Fernhill Example School", pack=str(PACK), language="en-GB", timezone="Europe/London"
    )
    place = Place(school)
    place.classes["7 Elm"] = people.make_class(school, 2026, "7 Elm", grade="7", name="7 Elm")
    staff(place, "head", "Ms Hazel")
    staff(place, "deputy", "Mr Alder")
    staff(place, "keeper", "Ms Fern")
    staff(place, "teacher", "Mr Moss")
    place.staff["colleague"] = staff(place, "teacher", "Ms Sorrel")
    pupil(place, "Juniper Vale", "7 Elm")
    pupil(place, "Rowan Tern", "7 Elm")
    return place


def at(place: Place, when: datetime = MORNING) -> time_machine.travel:
    return time_machine.travel(moment(place, when), tick=False)


def record_of(location: str) -> str:
    """The record's id in an address."""
    return location.split("/records/")[1].split("/", maxsplit=1)[0]
