"""A school whose pack seals: one matter that is open and one that is sealed, alike in all else, and everybody who asks for them.

The Dutch pack seals a concern that was told to one person (``told-in-confidence``) and a case of which the pupil wants nobody
else to know (``between-us``).
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client, override_settings
from PIL import Image

from tests.world import URLS, browser_of, filled, framed_once, up_to_date
from upstander.access import emergency
from upstander.access import viewer as viewers
from upstander.access.viewer import Viewer
from upstander.cases import actions as cases
from upstander.cases.tests import school as schools
from upstander.cases.tests.school import Place, moment
from upstander.people import actions as people
from upstander.people.models import Person
from upstander.people.packs import pack_of
from upstander.records import actions, queries
from upstander.records.models import Record, StoredFile

NOON = datetime(2026, 5, 11, 12, 0)
TARGET, ACTOR = "Fenna Voorbeeld", "Joris Verzonnen"
RECORD_IN = ("<uuid:record>", "<record_id>")
"""How a route names a record."""


@dataclass(frozen=True)
class Matter:
    """A concern with a file, and the case that was made of it."""

    concern: Record
    case: Record
    file: str
    event: str

    def named_in(self, content: bytes) -> bool:
        """Whether a page says that it is there: by its number, or by an address of it."""
        said = (self.concern.number, self.case.number, self.concern.id, self.case.id, self.file, self.event)
        return any(str(each).encode() in content for each in said)


@dataclass
class SealedWorld:
    """One school, an open and a sealed matter, and everybody who asks."""

    home: Place
    open: Matter
    sealed: Matter
    people: dict[str, Person]

    def path(self, route: str, matter: Matter, **other: str) -> str:
        """Where a route leads for one of the two matters; ``other`` goes before."""
        return filled(route, {**self._values(matter), **other})

    def _values(self, matter: Matter) -> dict[str, str]:
        slug = self.home.school.slug
        return {
            "<slug:school>": slug,
            "schools/<slug>": f"schools/{slug}",
            "concerns/<uuid:record>": f"concerns/{matter.concern.id}",
            "<uuid:record>": str(matter.case.id),
            "<record_id>": str(matter.case.id),
            "<uuid:event>": matter.event,
            "<uuid:file>": matter.file,
            "check/<uuid:record>/<slug:kind>": f"check/{matter.case.id}/wish-from-child",
            "<slug:kind>": "note-added",
            "<str:kind>": "note-added",
            "<slug:rule>": "receive-parents",
            "<slug:letter>": "nothing",
            "<str:letter>": "nothing",
            "<str:rule>": "receive-parents",
            "<slug:deed>": "waive",
            "<slug:number>": "1",
            "<str:register>": "case",
            "registers/<kind>": "registers/case",
            "<uuid:person>": str(self.home.pupils[TARGET].id),
            "<uuid:school_class>": str(self.home.classes["2A"].id),
        }

    def browser(self, who: str) -> Client:
        """A browser in which they have come in."""
        return browser_of(self.home.school, self.people, who)


@contextmanager
def made() -> Iterator[SealedWorld]:
    """The world, in a transaction that is taken back at the end. The clock stands still."""
    from django.conf import settings

    simple = {
        "ROOT_URLCONF": URLS,
        "INSTALLATION": settings.INSTALLATION.model_copy(update={"require_totp": False, "demo": True}),
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
    }
    with override_settings(**simple), framed_once(), transaction.atomic():
        home = _school("voorbeeld")
        with time_machine.travel(moment(home, NOON), tick=False):
            asking = _everybody(home)
            found = SealedWorld(home, _matter(home, sealed=False), _matter(home, sealed=True), asking)
            up_to_date(home)
            yield found
        transaction.set_rollback(True)


def _school(slug: str) -> Place:
    school = people.make_school(slug, "Voorbeeldschool", pack="nl-school", language="nl", timezone="Europe/Amsterdam")
    place = Place(school)
    for code in ("2A", "2B", "2C"):
        place.classes[code] = people.make_class(school, 2025, code, grade="2", name=code)
    for post in (
        "contact-point",
        "contact-stand-in",
        "confidential-adviser",
        "coordinator",
        "school-leader",
        "teacher",
    ):
        schools.staff(place, post, f"De {post}")
    schools.staff(place, "mentor", "Mentor van 2A", school_class="2A")
    place.staff["lead"] = schools.staff(place, "pe-teacher", "Leidt de zaak")
    for name, code in ((TARGET, "2A"), (ACTOR, "2B")):
        schools.pupil(place, name, code)
    return place


def _everybody(home: Place) -> dict[str, Person]:
    """Who asks, by the names of the columns in ``decided_sealed``."""
    relative = home.staff["contact-stand-in"]
    people.look_after(relative, home.pupils[ACTOR])
    guardian = people.add_person(home.school, Person.Kind.GUARDIAN, "Ouder van Fenna")
    people.make_account(guardian, "ouder@voorbeeld.example", None)
    guardian.refresh_from_db()
    people.look_after(guardian, home.pupils[TARGET], "mother")
    left = home.staff["left"] = schools.staff(home, "contact-point", "Was aanspreekpunt")
    people.leave(left, NOON.date())
    in_need = schools.staff(home, "mentor", "Mentor van 2C", school_class="2C")
    emergency.open_for(home.school, _viewer(home, in_need), home.pupils[TARGET], "Fenna is nergens te vinden.")
    posts = ("contact-point", "confidential-adviser", "coordinator", "mentor", "school-leader", "teacher", "lead")
    special = {"relative": relative, "emergency": in_need, "left": left}
    return {post: home.staff[post] for post in posts} | special | {"pupil": home.pupils[TARGET], "guardian": guardian}


def _viewer(home: Place, person: Person) -> Viewer:
    return viewers.of_person(person, home.school, NOON.date())


def _matter(home: Place, *, sealed: bool) -> Matter:
    """Somebody tells, with a picture; the contact point makes a case of it, names a lead, and asks who may know."""
    teller = viewers.teller(home.school, NOON.date())
    concern = actions.open_record(teller, home.school, "concern")
    openness = "confidential" if sealed else "anonymous"
    said = {"source-kind": "pupil", "what": "Ze pakken steeds mijn tas af.", "openness": openness, "safe-now": "yes"}
    actions.record(teller, concern, "told", fields=said, files={"files": [_picture()]})
    contact = home.viewer("contact-point")
    about = {"target": [str(home.pupils[TARGET].id)], "actor": [str(home.pupils[ACTOR].id)]}
    decided = cases.Triage(decision="new-case", reason="Het gebeurt steeds.", pass_on=["what", "files"], about=about)
    case = cases.triage(contact, home.school, pack_of(home.school, NOON.date()), concern, decided)
    assert case is not None
    actions.record(contact, case, "person-added", about={"case-lead": [str(home.staff["lead"].id)]})
    circle = ["nobody"] if sealed else ["coordinator", "mentor", "leaders", "parents"]
    wish = {"desired": "Dat het stopt.", "circle": circle, "ask-again-on": "2026-05-18"}
    asked = actions.record(contact, case, "wish-asked", about={"target": about["target"]}, fields=wish)
    file = StoredFile.objects.get(record=case)
    found = [{held.fact for held in queries.picture_of(each).facts} for each in (concern, case)]
    assert [bool(each & {"told-in-confidence", "between-us"}) for each in found] == [sealed, sealed]
    return Matter(concern, case, str(file.id), str(asked.id))


def _picture() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, "PNG")
    return SimpleUploadedFile("tas.png", out.getvalue(), "image/png")
