"""The calendar speaks on the record of the school year, the register of people on that of the school (§8)."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine

from upstander.access import viewer as viewers
from upstander.people import actions as people
from upstander.people import calendars, units
from upstander.people.models import School
from upstander.records import actions, calendar_events, queries, rebuild, upkeep
from upstander.records.models import DutyRow, Event, Record
from upstander.records.tests.place import Place, moment

PACK = Path(__file__).with_name("year.yaml")
TERMS = [
    {"id": "one", "from": "2026-04-07", "to": "2026-07-18"},
    {"id": "two", "from": "2026-09-01", "to": "2026-12-24"},
    {"id": "three", "from": "2027-01-08", "to": "2027-03-24"},
]
BEFORE = datetime(2026, 3, 30, 9, 0)


@pytest.fixture
def place(db: None) -> Place:
    with time_machine.travel(moment(BEFORE), tick=False):
        school = people.make_school("toshi", "年学校", pack=str(PACK), language="ja", timezone="Asia/Tokyo")
        place = Place(school)
        for code in ("2A", "2B"):
            place.classes[code] = people.make_class(school, 2026, code, grade="2", name=code)
        place.classes["old"] = people.make_class(school, 2025, "2A", grade="2", name="2A")
        place.staff("Head", "head")
        place.staff("Chen", "class-teacher", school_class=place.classes["2A"])
        place.staff("Dana", "class-teacher", school_class=place.classes["2B"])
        place.pupil("Aiko", "2A")
        calendars.freeze(school, 2026, "JP", terms=TERMS, first_month=4)
    return place


def said(school: School, kind: str) -> list[tuple[str, datetime]]:
    rows = Event.objects.filter(record__kind=kind, school=school).order_by("at", "position")
    return [(row.kind, row.at) for row in rows]


def at(day: str, clock: str = "00:00") -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}")


def test_the_calendar_speaks_on_the_record_of_the_school_year(place: Place) -> None:
    """The calendar speaks on the record of the school year: year-opened, term-opened, term-ended, year-closed, at 00:00 and
    23:59
    """
    calendar_events.speak(place.school, at("2026-03-31", "23:59"))
    assert said(place.school, "school-year") == []

    calendar_events.speak(place.school, at("2026-04-01"))
    assert said(place.school, "school-year") == [("year-opened", at("2026-04-01"))]

    calendar_events.speak(place.school, at("2027-04-02", "08:00"))
    assert said(place.school, "school-year") == [
        ("year-opened", at("2026-04-01")),
        ("term-opened", at("2026-04-07")),
        ("term-ended", at("2026-07-18", "23:59")),
        ("term-opened", at("2026-09-01")),
        ("term-ended", at("2026-12-24", "23:59")),
        ("term-opened", at("2027-01-08")),
        ("term-ended", at("2027-03-24", "23:59")),
        ("year-closed", at("2027-03-31", "23:59")),
    ]
    assert Record.objects.filter(school=place.school, kind="school-year").count() == 1


def test_what_has_been_said_is_not_said_again(place: Place) -> None:
    """written by the clock (idempotent, catches up after a stop)"""
    now = at("2026-09-05", "07:00")
    first = calendar_events.speak(place.school, now)
    events = list(Event.objects.filter(school=place.school, record__kind="school-year").values_list("id", flat=True))

    assert (first > 0, calendar_events.speak(place.school, now)) == (True, 0)
    assert upkeep.refresh_due(place.school, now) == 0
    assert (
        list(Event.objects.filter(school=place.school, record__kind="school-year").values_list("id", flat=True))
        == events
    )


def test_year_opened_names_every_class_grade_and_staff_that_its_about_asks_for(place: Place) -> None:
    """naming every unit, grade, class, staff its about asks for"""
    calendar_events.speak(place.school, at("2026-04-01"))
    opened = Event.objects.get(school=place.school, kind="year-opened")

    assert opened.about["class"] == [str(place.classes[code].id) for code in ("2A", "2B")]
    assert opened.about["grade"] == ["grade-2"]
    assert set(opened.about["staff"]) == {place.id(name) for name in ("Head", "Chen", "Dana")}
    assert (opened.by_person, opened.by_role) == (None, "system")


def test_what_their_rules_use_is_recorded_there(place: Place) -> None:
    """plan.yaml compiles into duties on it; each class has its own, and its own teacher bears it"""
    now = at("2026-05-20", "09:00")
    with time_machine.travel(moment(now), tick=False):
        upkeep.refresh_due(place.school, now)
        rows = DutyRow.objects.filter(school=place.school, rule="class-lesson").order_by("key")
        assert {row.key for row in rows} == {f"class={place.classes[code].id}" for code in ("2A", "2B")}
        assert {(row.state, row.due) for row in rows} == {("pending", at("2026-05-31", "23:59"))}

        chen = viewers.of_person(place.people["Chen"], place.school, now.date())
        mine = [item.step for item in queries.duties_for(chen, now, "ja").mine if item.step.rule == "class-lesson"]
        assert [(step.key[0][2], step.key[0][3]) for step in mine] == [(str(place.classes["2A"].id), "2A")]

        record = Record.objects.get(school=place.school, kind="school-year")
        actions.record(chen, record, "lesson-held", about={"class": [str(place.classes["2A"].id)]})
        states = dict(rows.values_list("key", "state"))
        assert states[f"class={place.classes['2A'].id}"] == "met"
        assert states[f"class={place.classes['2B'].id}"] == "pending"


def test_a_school_that_begins_in_the_middle_of_a_year_owes_nothing_of_before(db: None) -> None:
    with time_machine.travel(moment(at("2026-10-10", "10:00")), tick=False):
        school = people.make_school("aki", "秋学校", pack=str(PACK), language="ja", timezone="Asia/Tokyo")
        calendars.freeze(school, 2026, "JP", terms=TERMS, first_month=4)
        calendar_events.speak(school, at("2026-10-10", "10:00"))
    assert said(school, "school-year") == [("year-opened", at("2026-10-10")), ("term-opened", at("2026-10-10"))]

    calendar_events.speak(school, at("2027-01-08"))
    assert said(school, "school-year")[2:] == [
        ("term-ended", at("2026-12-24", "23:59")),
        ("term-opened", at("2027-01-08")),
    ]
    assert (
        not DutyRow.objects.filter(school=school, state__in=["overdue", "lapsed"]).exclude(rule="term-drill").exists()
    )


def test_joined_and_left_speak_on_the_record_of_the_school_which_has_no_end(place: Place) -> None:
    """joined / left speak on the record of the school, which has no end"""
    calendar_events.speak(place.school, BEFORE)
    joined = Event.objects.get(school=place.school, kind="joined")
    assert set(joined.about["staff"]) == {place.id(name) for name in ("Head", "Chen", "Dana")}
    assert joined.at == BEFORE

    with time_machine.travel(moment(at("2026-05-11", "09:00")), tick=False):
        place.people["Ewa"] = people.add_person(place.school, "staff", "Ewa")
        people.leave(place.people["Dana"], date(2026, 5, 20))
        calendar_events.speak(place.school, at("2026-05-11", "09:00"))
    assert said(place.school, "school") == [("joined", BEFORE), ("joined", at("2026-05-11", "09:00"))]

    calendar_events.speak(place.school, at("2026-05-20"))
    assert said(place.school, "school")[-1] == ("left", at("2026-05-20"))
    assert Event.objects.get(school=place.school, kind="left").about == {"staff": [place.id("Dana")]}
    rows = DutyRow.objects.filter(school=place.school, rule="induction", key=f"staff={place.id('Dana')}")
    assert [row.state for row in rows] == ["overdue"], "leaving after the deadline does not launder the breach"
    ewa = DutyRow.objects.get(school=place.school, rule="induction", key=f"staff={place.id('Ewa')}")
    assert (ewa.state, ewa.due, ewa.who) == ("pending", at("2026-05-25", "09:00"), [{"person": place.id("Ewa")}])
    assert Record.objects.filter(school=place.school, kind="school").count() == 1


def test_who_comes_back_joins_again(place: Place) -> None:
    calendar_events.speak(place.school, BEFORE)
    people.leave(place.people["Dana"], date(2026, 4, 10))
    calendar_events.speak(place.school, at("2026-04-10"))
    place.people["Dana"].left_on = None
    place.people["Dana"].save(update_fields=["left_on"])

    calendar_events.after_people_changed(None, school=place.school)
    calendar_events.speak(place.school, at("2026-09-01", "08:00"))

    last = Event.objects.filter(school=place.school, record__kind="school").order_by("position").last()
    assert last is not None
    assert (last.kind, last.about) == ("joined", {"staff": [place.id("Dana")]})
    assert last.at >= at("2026-04-10")


@pytest.mark.django_db(transaction=True)
def test_somebody_who_is_added_has_joined_once_that_is_certain(place: Place) -> None:
    with time_machine.travel(moment(at("2026-05-11", "09:00")), tick=False):
        people.add_person(place.school, "staff", "Ewa")
    assert said(place.school, "school")[-1] == ("joined", at("2026-05-11", "09:00"))


def test_packs_that_do_not_speak_of_it_get_nothing(db: None) -> None:
    school = people.make_school(
        "rei", "例学校", pack=str(PACK.with_name("small.yaml")), language="ja", timezone="Asia/Tokyo"
    )
    calendars.freeze(school, 2026, "JP", terms=TERMS, first_month=4)
    people.add_person(school, "staff", "Head")

    assert calendar_events.speak(school, at("2026-09-05")) == 0
    assert not Record.objects.filter(school=school).exists()


def test_rebuilding_makes_the_same_duties(place: Place) -> None:
    now = at("2026-06-05", "09:00")
    upkeep.refresh_due(place.school, now)
    while upkeep.refresh_due(place.school, now):
        pass
    rows = _rows(place.school)
    rebuild.rebuild_school(place.school, now)
    assert _rows(place.school) == rows
    assert rows


def _rows(school: School) -> list[Any]:
    columns = ("rule", "key", "occurrence", "state", "arose", "due", "version")
    return list(DutyRow.objects.filter(school=school).order_by("rule", "key", "occurrence").values_list(*columns))


def test_a_class_and_a_grade_are_shown_by_the_words_of_the_school(place: Place) -> None:
    from upstander.people import queries as directory

    names = directory.names(place.school, [str(place.classes["2A"].id), "grade-2", place.id("Aiko"), "r-1"])
    assert names == {str(place.classes["2A"].id): "2A", "grade-2": "2", place.id("Aiko"): "Aiko"}
    assert {unit.grade for unit in units.called(place.school, ["grade-2"])} == {"2"}
    assert units.called(place.school, ["r-1", place.id("Aiko")]) == ()


def test_the_head_of_a_school_sees_its_year_and_a_stranger_does_not(place: Place) -> None:
    now = at("2026-05-20", "09:00")
    calendar_events.speak(place.school, now)
    place.staff("Ewa", "class-teacher", school_class=place.classes["old"])
    seen = {
        name: queries.visible(viewers.of_person(place.people[name], place.school, now.date()), "school-year").count()
        for name in ("Head", "Chen", "Ewa")
    }
    assert seen == {"Head": 1, "Chen": 1, "Ewa": 0}


def test_an_inbox_is_shown_although_the_calendar_cannot_speak(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> int:
        raise RuntimeError("no calendar today")

    monkeypatch.setattr(calendar_events, "speak", fail)
    now = at("2026-05-20", "09:00")
    with time_machine.travel(moment(now), tick=False):
        inbox = queries.duties_for(viewers.of_person(place.people["Head"], place.school, now.date()), now, "ja")
    assert inbox.mine == []
    assert upkeep.refresh_due(place.school, now) == 0


def test_a_pack_that_has_taken_them_away_hears_nothing(db: None, tmp_path: Path) -> None:
    text = PACK.read_text(encoding="utf-8")
    text = text.replace("  drilled:", "  joined: null\n  term-ended: null\n  drilled:")
    text = "\n".join(line for line in text.split("\n") if "induction" not in line and "when: joined" not in line)
    text = text.replace(", until: term-ended", "")
    text = text.replace("  school: {access: [{role: head, record: all, decide: all}]}", "  school: null")
    path = tmp_path / "away.yaml"
    path.write_text(text, encoding="utf-8")
    with time_machine.travel(moment(BEFORE), tick=False):
        school = people.make_school("naku", "なく", pack=str(path), language="ja", timezone="Asia/Tokyo")
        people.add_person(school, "staff", "Head")
        calendars.freeze(school, 2026, "JP", terms=TERMS, first_month=4)
    calendar_events.speak(school, at("2026-04-01"))
    calendar_events.speak(school, at("2026-09-02"))

    assert [kind for kind, _ in said(school, "school-year")] == ["year-opened", "term-opened", "term-opened"]
    assert said(school, "school") == []
