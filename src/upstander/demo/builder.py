"""Making a demo school: the people of its story, then what happened, each deed at its own moment by the one who did it.

The deeds take the same way as everybody's: the demo writes no table of ``records`` by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import transaction

from upstander.access import viewer as viewers
from upstander.access.viewer import Viewer
from upstander.cases import actions as cases
from upstander.demo import script
from upstander.people import actions as people
from upstander.people import calendars, clock, units
from upstander.people.models import Person, School, SchoolClass
from upstander.people.packs import pack_of
from upstander.policy import loader
from upstander.records import actions as records
from upstander.records import calendar_events
from upstander.records.models import Record
from upstander.tell import actions as tell


@dataclass
class Making:
    """A school in the making: its people by number and its records by the story's names for them."""

    school: School
    people: dict[str, Person] = field(default_factory=dict)
    records: dict[str, Record] = field(default_factory=dict)
    classes: dict[str, SchoolClass] = field(default_factory=dict)
    outside: dict[str, str] = field(default_factory=dict)
    """{words: id} of whoever is not in the register, once somebody wrote them down."""


@transaction.atomic
def make(slug: str, password: str, say: Callable[[str], None]) -> School:
    """Make one school of the demo; nothing stays if something goes wrong."""
    story = script.story(slug)
    details = story["school"]
    pack = loader.load(details["pack"])
    school = people.make_school(
        slug,
        details["name"],
        pack=details["pack"],
        language=pack.language,
        timezone=pack.timezone,
        exit_url=details["exit url"],
        demo=True,
    )
    making = Making(school)
    start = script.moment(story["begins"])
    clock.start_at(school, start)
    _calendar(school, details["calendar"])
    _everybody(making, story, start.date(), password)
    for number, (at, row) in enumerate(script.happenings(story), start=1):
        clock.start_at(school, at)
        _happen(making, row, at, f"{slug}/{number}")
    clock.start_at(school, script.first_look())
    say(f"  {details['name']}")
    return school


def _calendar(school: School, details: Mapping[str, Any]) -> None:
    starts, ends = details["school day"]
    for year in details["years"]:
        calendars.freeze(
            school,
            year["year"],
            details["country"],
            region=details.get("region"),
            terms=year["terms"],
            first_month=details["first month"],
            closed=year.get("closed", []),
            starts=starts,
            ends=ends,
        )


def _everybody(making: Making, story: script.Story, since: date, password: str) -> None:
    making.classes = classes = {
        code: people.make_class(making.school, row["year"], code, grade=str(row["grade"]), name=row["name"])
        for code, row in story["classes"].items()
    }
    for number, row in story["staff"].items():
        person = people.add_person(
            making.school, Person.Kind.STAFF, row["name"], number=number, language=row.get("language", "")
        )
        making.people[number] = person
        account = people.make_account(person, f"{number}@{making.school.slug}.example", password)
        TOTP.activate(account, generate_totp_secret())
        for post in row["posts"]:
            role, _at, where = post.partition("@")
            grade = where.removeprefix("grade:") if where.startswith("grade:") else ""
            of_class = classes[where] if where and not grade else None
            people.give_role(person, role, since, school_class=of_class, grade=grade)
    for code, pupils in story["pupils"].items():
        for number, name in pupils.items():
            reading = name[1] if isinstance(name, list) else ""
            shown = name[0] if isinstance(name, list) else name
            person = people.add_person(making.school, Person.Kind.PUPIL, shown, number=number, reading=reading)
            people.place(person, classes[code], since)
            making.people[number] = person
    for number, row in story.get("guardians", {}).items():
        person = people.add_person(making.school, Person.Kind.GUARDIAN, row["name"], number=number)
        making.people[number] = person
        for child in row["of"]:
            people.look_after(person, making.people[child], row.get("relation", ""))


def _viewer(making: Making, row: Mapping[str, Any], at: datetime) -> Viewer:
    doer = row.get("as", "teller")
    if doer == "teller":
        return viewers.teller(making.school, at.date())
    return viewers.of_person(making.people[doer], making.school, at.date())


def _happen(making: Making, row: Mapping[str, Any], at: datetime, key: str) -> None:
    viewer = _viewer(making, row, at)
    if "begins" in row:
        making.records.update(calendar_events.begin(making.school, at))
        return
    deed: dict[str, Any] = {
        "at": script.moment(row["at"]),
        "about": {role: _named(making, role, ones) for role, ones in row.get("about", {}).items()},
        "fields": _filled(making, row.get("fields", {})),
    }
    if "anyway" in row:
        deed["happened_anyway"] = row["anyway"]
    if "outside" in row:
        deed["outside"] = {role: [records.Outside(**one) for one in ones] for role, ones in row["outside"].items()}
    if "tell" in row:
        making.records[row["tell"]] = tell.note(viewer, making.school, key, deed).record
    elif "open" in row:
        making.records[row["open"]] = new = records.open_record(viewer, making.school, row["kind"], at=deed["at"])
        records.record(viewer, new, row["do"], **deed)
    elif "triage" in row:
        _triage(making, viewer, row, deed["about"])
    else:
        done = records.record(viewer, making.records[row["in"]], row["do"], **deed)
        for role, ones in row.get("outside", {}).items():
            ids = done.about[role][-len(ones) :]
            making.outside.update({one["words"]: ident for one, ident in zip(ones, ids, strict=True)})


def _named(making: Making, role: str, ones: Sequence[str] | str) -> list[str]:
    """The ids behind a story's numbers; ``all``: every class, every grade, everybody of the staff."""
    if role in ("class", "grade"):
        known = {each.code: str(each.id) for each in making.classes.values()}
        if role == "grade":
            known = {each.grade: units.name_of_grade(each.grade) for each in making.classes.values()}
        return list(known.values()) if ones == "all" else [known[str(one)] for one in ones]
    if ones == "all":
        return [str(each.id) for each in making.people.values() if each.kind == Person.Kind.STAFF]
    return [making.outside.get(one) or str(making.people[one].id) for one in ones]


def _filled(making: Making, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a deed; ``{person: NUMBER}`` is somebody of the story."""
    return {
        name: str(making.people[value["person"]].id) if isinstance(value, dict) else value
        for name, value in fields.items()
    }


def _triage(making: Making, viewer: Viewer, row: Mapping[str, Any], about: Mapping[str, list[str]]) -> None:
    known = making.records.get(row["case"])
    decided = cases.Triage(
        decision=cases.JOINS_CASE if known else cases.NEW_CASE,
        reason=row["reason"],
        pass_on=row.get("pass-on", ()),
        about=about,
        case=known,
    )
    found = cases.triage(viewer, making.school, pack_of(making.school), making.records[row["triage"]], decided)
    if found is not None:
        making.records[row["case"]] = found
