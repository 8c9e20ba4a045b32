"""Every kind of record of every pack that comes along has its register, its page and a form for every kind of event."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

import upstander
from upstander.access import viewer as viewers
from upstander.cases.tests.school import SINCE, TODAY, Place, english, japanese, pupil
from upstander.people import actions as people
from upstander.people.models import Person
from upstander.people.packs import pack_of
from upstander.records import actions, kinds
from upstander.records.models import Event, Record
from upstander.web.tests.lists import MORNING, at

pytestmark = pytest.mark.django_db
PACKS = sorted(path.parent.name for path in (Path(upstander.__path__[0]) / "packs").glob("*/pack.yaml"))
MOST_FORMS = 3


def school_of(pack: str) -> Place:
    """A school under a pack in which one person holds every post."""
    school = people.make_school(
        "oakwood", "Oakwood Example School", pack=pack, language="en-GB", timezone="Europe/London"
    )
    place = Place(school)
    place.classes["7A"] = people.make_class(school, 2026, "7A", grade="7", name="7A")
    person = people.add_person(school, Person.Kind.STAFF, "Everybody At Once")
    people.make_account(person, "all@school.example", None)
    person.refresh_from_db()
    for role in pack_of(school).roles.values():
        if not (role.of_the_matter or role.any_of or role.outside):
            of_class = {"school_class": place.classes["7A"]} if role.scope == "class" else {}
            of_grade = {"grade": "7"} if role.scope == "grade" else {}
            people.give_role(person, role.id, SINCE, **of_class, **of_grade)
    place.staff["all"] = person
    pupil(place, "Juniper Vale", "7A")
    return place


@pytest.mark.parametrize("pack", PACKS)
def test_every_kind_has_its_register_and_its_first_forms(pack):
    place = school_of(pack)
    with at(place):
        client = place.client("all")
        overview = client.get(place.url("registers/"))
        seen = kinds.seen(place.viewer("all", TODAY))
        wrong = {}
        for kind in seen:
            if kinds.is_case(pack_of(place.school), kind):
                continue
            paths = [f"registers/{kind}/"]
            paths += [f"registers/{kind}/new/{event}" for event in kinds.may_open(place.viewer("all", TODAY), kind)[:1]]
            wrong |= {path: code for path in paths if (code := client.get(place.url(path)).status_code) != 200}

    assert overview.status_code == 200
    assert len(overview.context["rows"]) == len(seen)
    assert wrong == {}


@pytest.mark.parametrize("pack", PACKS)
def test_the_page_of_every_kind_and_the_forms_that_it_offers(pack):
    place = school_of(pack)
    with at(place):
        client = place.client("all")
        wrong = {}
        for record in begun(place):
            page = client.get(place.url(f"records/{record.id}/"))
            if page.status_code != 200:
                wrong[record.kind] = page.status_code
                continue
            forms = [deed.url for group in page.context["menu"] for deed in group.deeds][:MOST_FORMS]
            forms += [step.deed.url for step in page.context["steps"] if step.deed][:1]
            forms += [step.explain_url for step in page.context["steps"]][:1]
            wrong |= {form: code for form in forms if (code := client.get(form).status_code) != 200}

    assert wrong == {}


def begun(place: Place) -> list[Record]:
    """A record of every kind that staff open, with its first event."""
    viewer, found = place.viewer("all", TODAY), []
    for kind in viewer.pack.records:
        for event in kinds.may_open(viewer, kind)[:1] if not kinds.is_case(viewer.pack, kind) else ():
            record = actions.open_record(viewer, place.school, kind)
            about = {role: [place.pupils["Juniper Vale"].id] for role in viewer.pack.events[event].about}
            actions.record(
                viewer, record, event, about=about, fields=filled(viewer.pack, event), happened_anyway="a test"
            )
            found.append(record)
    return found


def filled(pack, event: str) -> dict[str, object]:
    """Something in every field that must be filled."""
    simple = {"text": "x", "long-text": "x", "signature": "x", "number": "1", "date": "2026-05-11", "time": "09:00",
              "yes-no": "yes", "scale": "1"}  # fmt: skip
    found: dict[str, object] = {}
    for name, spec in pack.events[event].fields.items():
        if not spec.required:
            continue
        codes = list(pack.options.get(spec.options, {}))
        found[name] = simple.get(spec.type.value) or (
            codes[:1] if spec.type.value == "some-of" else codes[0] if codes else "x"
        )
    return found


def test_the_school_year_has_its_page_too():
    place = school_of("gb-secondary")
    with at(place):
        software = viewers.system(place.school, TODAY)
        year = actions.open_record(software, place.school, "school-year")
        actions.record(software, year, "year-opened", at=MORNING)
        client = place.client("all")
        page = client.get(place.url(f"records/{year.id}/"))
        listed = client.get(place.url("registers/school-year/"))

    assert page.status_code == listed.status_code == 200
    assert page.context["steps"]
    assert [row["url"] for row in listed.context["rows"]] == [place.url(f"records/{year.id}/")]


def test_a_class_and_a_grade_are_chosen_among_classes_and_grades_and_nobody_is():
    place = japanese()
    with at(place):
        software = viewers.system(place.school, TODAY)
        year = actions.open_record(software, place.school, "school-year")
        actions.record(software, year, "year-opened", at=MORNING)
        client = place.client("principal")
        form = client.get(place.url(f"records/{year.id}/do/lesson-held"))
        choices = {box.id: [(choice.label, choice.note) for choice in box.choices] for box in form.context["names"]}
        chosen = str(place.classes["2B"].id)
        sent = {"submit_key": uuid4().hex, "at_0": "2026-05-11", "at_1": "08:50", "kind": "moral", "theme": "x",
                "about-class": chosen, "about-grade": "grade-2"}  # fmt: skip
        done = client.post(place.url(f"records/{year.id}/do/lesson-held"), sent)

    assert sorted(choices["about_class"]) == [("2年A組", ""), ("2年B組", ""), ("3年A組", "")]
    assert sorted(choices["about_grade"]) == [("2", ""), ("3", "")]
    assert done.status_code == 302
    kept = Event.objects.filter(record=year, kind="lesson-held").get().about
    assert {role: [str(each) for each in ids] for role, ids in kept.items()} == {
        "class": [chosen],
        "grade": ["grade-2"],
    }


def test_no_class_and_no_grade_is_offered_where_colleagues_are_chosen():
    place = english()
    with at(place):
        software = viewers.system(place.school, TODAY)
        year = actions.open_record(software, place.school, "school-year")
        actions.record(software, year, "year-opened", at=MORNING, about={"grade": ["grade-8"]})
        form = place.client("headteacher").get(place.url(f"records/{year.id}/do/undertaking-signed"))

    [staff] = form.context["names"]
    assert form.status_code == 200
    assert {choice.value for choice in staff.choices} <= {str(person.id) for person in place.staff.values()}
