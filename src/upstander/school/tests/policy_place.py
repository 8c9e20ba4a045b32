"""A school with a small policy that leaves something to say of every kind, for the tests of adoption and studio."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.test import Client

from upstander.access import viewer as viewers
from upstander.access.viewer import Viewer
from upstander.people import actions as people
from upstander.people.models import Person, School

SINCE = date(2026, 9, 1)
MONDAY = datetime(2026, 9, 14, 10, 20)
"""A school day, civil time in London."""

PACK = """
id: own
extends: starter@{version}
version: "1"
title: A policy of our own
in force from: 2026-09-01
language: en-GB
timezone: Europe/London
duties:
  read-again: {{label: Read the concern again, clause: S-1, when: acknowledged, must: triaged, by: 1 school day, who: head}}
document:
  - {{flaw: two routes, at: "3", read as: The coordinator is told first.}}
  - {{flaw: missing, at: appendix 9, read as: There is none.}}
laws:
  - id: sooner
    clauses: [S-5]
    text: Parents are told the same day.
    source: Some Act s. 1
    checked: 2026-08-01
    effect: asks more
  - {{id: nobody-waives, clauses: [S-7], text: Nobody can sign this away., source: Some Act s. 2, effect: makes void}}
"""


def moment(civil: datetime) -> datetime:
    """A civil minute in London as an aware moment, for ``time_machine``."""
    return civil.replace(tzinfo=ZoneInfo("Europe/London"))


@dataclass
class Place:
    school: School
    people: dict[str, Person]

    def client(self, name: str, lang: str = "en") -> Client:
        client = Client(headers={"accept-language": lang})
        client.force_login(self.people[name].account)  # type: ignore[arg-type]
        return client

    def viewer(self, name: str) -> Viewer:
        return viewers.of_person(self.people[name], self.school, MONDAY.date())


def make(folder: Path) -> Place:
    """A head, a coordinator and a colleague; nobody is class teacher, there is no calendar."""
    from upstander.policy import loader

    pack = folder / "own.yaml"
    pack.write_text(PACK.format(version=loader.load("starter").version))
    school = people.make_school("own-school", "Own School", pack=str(pack), language="en-GB", timezone="Europe/London")
    found = {}
    for name, role in (("Head", "head"), ("Coordinator", "coordinator"), ("Colleague", "colleague")):
        person = people.add_person(school, "staff", f"{name} Example")
        people.give_role(person, role, SINCE)
        people.make_account(person, f"{name.lower()}@own.example", None)
        person.refresh_from_db()
        found[name] = person
    return Place(school, found)
