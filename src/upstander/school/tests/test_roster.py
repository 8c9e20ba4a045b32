"""Bringing in people from a file: what counts, what is left out and why, and that a second time changes nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upstander.people import queries
from upstander.policy.tests.trying import examples
from upstander.records.tests import place as places
from upstander.records.tests.place import Place
from upstander.school import roster

GOOD = """kind,number,name,class,roles,guardian of,relation
guardian,g1,Dana Example,,,p1,mother
pupil,p1,Aiko Example,7A,,,
pupil,p2,José 🦉 مثال,7A,,,
staff,t1,Chen Example,,class-teacher@7A;head,,
"""


@pytest.fixture
def place(db: None) -> Place:
    return places.make()


def bring(place: Place, text: str, **more: bool) -> roster.Report:
    return roster.import_csv(place.school, text.encode(), **more)


def test_people_classes_posts_and_families_come_in_whatever_the_order(place: Place) -> None:
    report = bring(place, GOOD)

    assert (report.added, report.skipped) == (4, 0)
    by_number = {person.number: person for person in queries.everybody(place.school)}
    held = {
        (row.role, row.school_class.code if row.school_class else "")
        for row in queries.roles_of(by_number["t1"], by_number["t1"].made_at.date())
    }
    assert held == {("class-teacher", "7A"), ("head", "")}
    assert queries.guardians_of(place.school, [by_number["p1"].id])[str(by_number["p1"].id)] == [by_number["g1"]]


def test_a_second_time_changes_nothing(place: Place) -> None:
    bring(place, GOOD)

    again = bring(place, GOOD)

    assert (again.added, again.changed, again.unchanged) == (0, 0, 4)


def test_a_dry_run_says_what_would_happen_and_does_nothing(place: Place) -> None:
    before = queries.everybody(place.school).count()

    report = bring(place, GOOD, dry_run=True)

    assert report.added == 4
    assert queries.everybody(place.school).count() == before


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("teacher,x1,Nobody,,,,", "teacher"),
        ("pupil,x1,,7A,,,", "name"),
        ("staff,x1,Nobody,,no-such-post,,", "no-such-post"),
        ("guardian,x1,Nobody,,,p99,", "p99"),
        ("staff,x1,Nobody,,class-teacher@7B,,", "7B"),
        ("staff,x1,Nobody,,class-teacher@Oakwood,,", "Oakwood"),
        (f"pupil,x1,{'x' * 300},7A,,,", "200"),
    ],
)
def test_a_wrong_line_is_left_out_and_said_with_its_number(place: Place, line: str, said: str) -> None:
    report = bring(place, GOOD + line + "\n")

    assert (report.added, report.skipped) == (4, 1)
    assert "6" in report.lines[0]
    assert said in report.lines[0]


def test_a_header_that_lacks_a_column_stops_everything(place: Place) -> None:
    report = bring(place, "kind,name\npupil,Aiko\n")

    assert report.added == 0
    assert "number" in report.lines[0]


@pytest.mark.parametrize(
    ("encoding", "language"), [("utf-8", "ja"), ("utf-8-sig", "nl"), ("cp932", "ja"), ("gb18030", "zh-Hans")]
)
def test_files_of_spreadsheets_of_every_country_are_read(place: Place, encoding: str, language: str) -> None:
    text = "kind;number;name;class\npupil;p1;例川 学;1-1\n"
    place.school.language = language

    report = roster.import_csv(place.school, text.encode(encoding))

    assert report.added == 1
    assert "例川 学" in {person.name for person in queries.everybody(place.school)}


@settings(max_examples=examples(60))
@given(content=st.binary(max_size=300) | st.text(max_size=300).map(lambda text: ("kind,number,name\n" + text).encode()))
def test_whatever_the_bytes_there_is_a_report_and_no_crash(place: Place, content: bytes) -> None:
    report = roster.import_csv(place.school, content, dry_run=True)

    assert report.skipped == len(report.lines)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("number,name,kind\np1\n", 2),
        ("kind,number,name,roles\nstaff,t1,Chen Example,system\n", 2),
        ("kind,number,name,email\nstaff,t1,Chen Example,a@b..example\n", 2),
    ],
)
def test_a_short_line_a_post_that_nobody_holds_and_no_address_are_said(place: Place, text: str, line: int) -> None:
    report = bring(place, text)

    assert (report.added, report.skipped) == (0, 1)
    assert str(line) in report.lines[0]


def test_a_name_cannot_turn_the_line_around_it(place: Place) -> None:
    bring(place, "kind,number,name\npupil,p1,\u202eCem\u2066 Ex\x07ample\n")

    assert [p.name for p in queries.everybody(place.school) if p.number == "p1"] == ["Cem Example"]


def test_a_slip_in_a_post_makes_no_class(place: Place) -> None:
    before = queries.classes(place.school).count()

    bring(place, GOOD + "staff,x1,Nobody,,class-teacher@7B,,\n")

    assert queries.classes(place.school).count() == before + 1
