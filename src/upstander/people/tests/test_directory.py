"""Who acts in a post: scopes, deputies, absence, leavers."""

from __future__ import annotations

from datetime import date

import pytest

from upstander.people import actions, calendars, packs, queries
from upstander.people.directory import SCHOOL, Directory, Unit
from upstander.people.models import Person, School
from upstander.policy.model import CalendarHints, Pack, RoleInfo, Series

DAY = date(2026, 5, 11)
SINCE = date(2026, 4, 1)
PACK = Pack(
    id="posts",
    title="Posts",
    version="1",
    in_force_from=date(2020, 1, 1),
    language="en-GB",
    timezone="Asia/Tokyo",
    hints=CalendarHints(),
    roles={
        "head": RoleInfo("head", deputies=("deputy",), at_least=1),
        "deputy": RoleInfo("deputy", deputies=("head",)),
        "grade-head": RoleInfo("grade-head", scope="grade", deputies=("deputy",)),
        "class-teacher": RoleInfo("class-teacher", scope="class", deputies=("grade-head", "head")),
        "teachers": RoleInfo("teachers", any_of=("class-teacher", "grade-head")),
        "police": RoleInfo("police", outside=True, at_least=1),
        "target": RoleInfo("target", of_the_matter=True),
    },
)


@pytest.fixture
def school(db: None) -> School:
    packs.register("posts", Series((PACK,)))
    return actions.make_school("rei", "例", pack="posts", language="ja", timezone="Asia/Tokyo")


@pytest.fixture
def people(school: School) -> dict[str, Person]:
    """A head, a deputy, the head of grade 2, the teacher of 2A; pupils Aiko in 2A, Bram in 2B, Cem in 3A."""
    classes = {code: actions.make_class(school, 2026, code, grade=code[0], name=code) for code in ("2A", "2B", "3A")}
    found = {name: actions.add_person(school, "staff", name) for name in ("Head", "Deputy", "Grade", "Chen")}
    actions.give_role(found["Head"], "head", SINCE)
    actions.give_role(found["Deputy"], "deputy", SINCE)
    actions.give_role(found["Grade"], "grade-head", SINCE, grade="2")
    actions.give_role(found["Chen"], "class-teacher", SINCE, school_class=classes["2A"])
    for name, code in (("Aiko", "2A"), ("Bram", "2B"), ("Cem", "3A")):
        found[name] = actions.add_person(school, "pupil", name)
        actions.place(found[name], classes[code], SINCE)
    return found


def acting(school: School, role: str, about: Person, on: date = DAY) -> list[str]:
    return [person.name for person in queries.holders(school, role, about=about, on=on)]


def test_a_post_of_a_class_is_found_through_the_pupil(school: School, people: dict[str, Person]) -> None:
    assert acting(school, "class-teacher", people["Aiko"]) == ["Chen"]


def test_a_class_without_a_teacher_falls_to_the_grade_then_to_the_head(
    school: School, people: dict[str, Person]
) -> None:
    assert acting(school, "class-teacher", people["Bram"]) == ["Grade"]
    assert acting(school, "class-teacher", people["Cem"]) == ["Head"]


def test_who_is_away_is_stood_in_for_and_if_all_are_away_they_are_better_than_nobody(
    school: School, people: dict[str, Person]
) -> None:
    actions.set_away(people["Head"], DAY, DAY)
    assert acting(school, "head", people["Aiko"]) == ["Deputy"]
    assert acting(school, "head", people["Aiko"], date(2026, 5, 12)) == ["Head"]
    actions.set_away(people["Deputy"], DAY, DAY)
    assert acting(school, "head", people["Aiko"]) == ["Head", "Deputy"]


def test_a_group_reaches_each_of_its_posts(school: School, people: dict[str, Person]) -> None:
    assert acting(school, "teachers", people["Aiko"]) == ["Chen", "Grade"]


def test_somebody_kept_out_is_passed_over(school: School, people: dict[str, Person]) -> None:
    directory = Directory(school, PACK, DAY)

    assert directory.holders("head", without={people["Head"].id}) == [people["Deputy"].id]


def test_whoever_stands_in_holds_the_post_for_that_unit_only(school: School, people: dict[str, Person]) -> None:
    posts = queries.directory(school, DAY).posts_of(people["Grade"].id)

    standing_in = [held for held in posts if held.deputy]
    assert [(held.role, held.unit.grade) for held in standing_in] == [("class-teacher", "2")]
    assert standing_in[0].unit.class_id == queries.classes(school).get(code="2B").id


def test_unfilled_posts_name_the_class_or_grade(school: School, people: dict[str, Person]) -> None:
    actions.leave(people["Head"], DAY)
    found = queries.unfilled_roles(school, PACK, DAY)

    assert ("head", SCHOOL) in found
    assert ("grade-head", Unit(None, "3")) in found
    assert {unit.grade for role, unit in found if role == "class-teacher"} == {"2", "3"}
    assert not [role for role, _ in found if role in ("police", "target", "teachers")]


def test_people_of_another_school_are_nobody_here(school: School, people: dict[str, Person]) -> None:
    other = actions.make_school("other", "Other", pack="posts", language="nl", timezone="Europe/Amsterdam")

    assert queries.person(other, people["Aiko"].id) is None
    assert queries.names(other, [people["Aiko"].id]) == {}
    assert queries.people_among(other, [str(people["Aiko"].id), "rubbish"]) == set()


def test_pupils_are_found_by_a_part_of_the_name(school: School, people: dict[str, Person]) -> None:
    assert [pupil.name for pupil in queries.pupils(school, "ai", on=DAY)] == ["Aiko"]
    assert queries.pupils(school, "Chen", on=DAY) == []


def test_a_frozen_calendar_keeps_the_days_that_are_over(school: School) -> None:
    terms = [{"id": "1", "from": "2026-04-06", "to": "2026-07-20"}]
    calendars.freeze(school, 2026, "JP", terms=terms, closed=[date(2026, 6, 1)])
    first = queries.calendar_of(school)
    assert first is not None
    assert {date(2026, 6, 1), date(2026, 5, 5)} <= first.closed

    calendars.freeze(
        school, 2026, "JP", terms=terms, closed=[date(2026, 5, 12), date(2026, 6, 2)], today=date(2026, 6, 2)
    )
    second = queries.calendar_of(school)
    assert second is not None
    assert date(2026, 6, 1) in second.closed
    assert date(2026, 6, 2) in second.closed
    assert date(2026, 5, 12) not in second.closed
