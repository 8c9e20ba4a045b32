"""Records that touch each other (§8): each test is named by the sentence that it shows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from upstander.people import calendars
from upstander.policy import loader
from upstander.policy.problems import PackErrors
from upstander.records import actions, queries, rebuild
from upstander.records.models import DutyRow, Event, Named, Notice, Record
from upstander.records.tests import place as places
from upstander.records.tests.place import MONDAY, Place, moment

PACK = Path(__file__).with_name("echoing.yaml")


@pytest.fixture
def place(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setattr(places, "PACK", PACK)
    with time_machine.travel(moment(MONDAY), tick=False) as clock:
        place = places.make()
        terms = [{"id": "one", "from": "2026-04-07", "to": "2026-07-18"}]
        calendars.freeze(place.school, 2026, "JP", terms=terms, first_month=4)
        place.clock = clock  # type: ignore[attr-defined]
        yield place


def opened(place: Place, kind: str, event: str, *names: str, role: str = "target", **more: Any) -> Record:
    head = place.viewer("Head")
    made = actions.open_record(head, place.school, kind, at=more.get("at"))
    about = {role: [place.id(name) for name in names]} if names else {}
    actions.record(head, made, event, about=about, **more)
    return made


def do(place: Place, record: Record, event: str, *names: str, role: str = "target", **more: Any) -> Event:
    about = {role: [place.id(name) for name in names]}
    return actions.record(place.viewer("Head"), record, event, about=about, **more)


def heard(record: Record, kind: str) -> list[Event]:
    return list(Event.objects.filter(record=record, kind=kind).exclude(echo_of=None).order_by("position"))


def test_an_echo_has_the_same_at_doer_and_fields_declared_in_both(place: Place) -> None:
    """in the same transaction a linked event (same at, doer, fields declared in both, names in where) is appended"""
    case = opened(place, "case", "came-to-light", "Aiko")
    slip = opened(place, "slip", "away", "Bram", role="pupil-away")
    fields = {"days": 2, "why": "unknown", "words": "Stomach ache", "private": "Mother told me"}
    yesterday = MONDAY - timedelta(days=1)
    away = do(place, slip, "away", "Aiko", role="pupil-away", at=yesterday, fields=fields)

    [echo] = heard(case, "absence")
    assert (echo.at, echo.by_person, echo.by_role, echo.echo_of) == (yesterday, away.by_person, "head", away.id)
    assert echo.about == {"target": [place.id("Aiko")]}
    assert echo.fields == {"days": 2, "why": "unknown"}
    assert set(echo.sealed) == {"words"}
    [entry] = [each for each in queries.timeline(place.viewer("Head"), case, "ja") if each.id == echo.id]
    assert "Stomach ache" in str(entry.fields)


def test_a_code_that_the_other_list_lacks_is_not_carried(place: Place) -> None:
    case = opened(place, "case", "came-to-light", "Aiko")
    opened(place, "slip", "away", "Aiko", role="pupil-away", fields={"days": 1, "why": "ill"})

    assert heard(case, "absence")[0].fields == {"days": 1}


def test_it_is_appended_to_each_open_record_of_that_kind_whose_subject_agrees(place: Place) -> None:
    """appended to each open record of that kind whose subject agrees"""
    aiko = [opened(place, "case", "came-to-light", "Aiko") for _ in range(2)]
    cem = opened(place, "case", "came-to-light", "Cem")
    opened(place, "slip", "away", "Aiko", "Bram", role="pupil-away")

    assert [len(heard(record, "absence")) for record in (*aiko, cem)] == [1, 1, 0]


def test_each_record_hears_of_its_own_people_alone(place: Place) -> None:
    """names in where: of an event about two pupils each pupil's record hears of its own"""
    aiko = opened(place, "case", "came-to-light", "Aiko")
    bram = opened(place, "case", "came-to-light", "Bram")
    opened(place, "slip", "away", "Aiko", "Bram", role="pupil-away")

    assert heard(aiko, "absence")[0].about == {"target": [place.id("Aiko")]}
    assert heard(bram, "absence")[0].about == {"target": [place.id("Bram")]}
    assert not Named.objects.filter(record=aiko, person=place.id("Bram")).exists()


def test_where_linked_speaks_to_the_records_it_is_linked_with(place: Place) -> None:
    """where: linked to the records it is linked with"""
    case = opened(place, "case", "came-to-light", "Aiko")
    near, far = opened(place, "diary", "diary-begun"), opened(place, "diary", "diary-begun")
    actions.link(place.viewer("Head"), case, near)
    do(place, case, "shouted", "Aiko")

    assert [len(heard(record, "diary-begun")) for record in (near, far)] == [1, 0]
    assert heard(near, "diary-begun")[0].about == {}


def test_without_where_it_speaks_to_every_open_record_of_the_kind(place: Place) -> None:
    """without where to every open record of the kind"""
    boards = [opened(place, "board", "board-met") for _ in range(2)]
    case = opened(place, "case", "came-to-light", "Aiko")
    do(place, case, "hurt", "Aiko")

    assert [len(heard(record, "board-told")) for record in boards] == [1, 1]


def test_open_yes_opens_one_where_none_is(place: Place) -> None:
    """open: yes opens one where none is"""
    case = opened(place, "case", "came-to-light", "Aiko", fields={})
    do(place, case, "hurt", "Aiko", fields={"words": "On the stairs"})
    do(place, case, "hurt", "Aiko")
    about = {"target": [place.id("Aiko"), place.id("Cem")], "actor": [place.id("Bram")]}
    actions.record(place.viewer("Head"), case, "hurt", about=about)

    rows = Record.objects.filter(school=place.school, kind="welfare").order_by("opened_at", "changed_at")
    found = {tuple(sorted(named_in(record))): len(heard(record, "welfare-begun")) for record in rows}
    assert found == {(place.id("Aiko"),): 3, (place.id("Cem"),): 1}


def named_in(record: Record) -> set[str]:
    return set(Named.objects.filter(record=record).values_list("person", flat=True))


def test_open_no_opens_none(place: Place) -> None:
    opened(place, "slip", "away", "Aiko", role="pupil-away")
    assert not Record.objects.filter(school=place.school, kind="case").exists()


def test_open_always_opens_one_each_time(place: Place) -> None:
    """always one each time"""
    case = opened(place, "case", "came-to-light", "Aiko")
    for _ in range(2):
        do(place, case, "watched-over", "Aiko")

    rows = Record.objects.filter(school=place.school, kind="welfare")
    assert [len(heard(record, "welfare-begun")) for record in rows] == [1, 1]


def test_back_gives_a_record_that_opens_the_earlier_events_of_that_time_whose_names_agree(place: Place) -> None:
    """back: a record that opens receives the earlier events of that time whose names agree"""
    days = {"2026-03-20": 9, "2026-04-10": 11, "2026-05-01": 7}
    for day, number in days.items():
        at = datetime.fromisoformat(f"{day}T09:00")
        opened(place, "slip", "away", "Aiko", "Bram", role="pupil-away", at=at, fields={"days": number})
    slip = opened(place, "slip", "away", "Cem", role="pupil-away", fields={"days": 5})
    wrong = do(place, slip, "away", "Aiko", role="pupil-away", fields={"days": 25})
    actions.void(place.viewer("Head"), wrong, "was here")

    case = opened(place, "case", "came-to-light", "Aiko")

    assert [(each.at.date(), each.fields["days"], each.about) for each in heard(case, "absence")] == [
        (date(2026, 4, 10), 11, {"target": [place.id("Aiko")]}),
        (date(2026, 5, 1), 7, {"target": [place.id("Aiko")]}),
    ], "from this school year, of this pupil, and nothing that was struck"
    later = opened(place, "slip", "away", "Aiko", role="pupil-away", fields={"days": 12})
    assert len(heard(case, "absence")) == 3
    assert DutyRow.objects.get(record=case, rule="talk").state == "pending"
    assert Record.objects.filter(id=later.id, length=1).exists()


def test_back_may_be_a_duration(place: Place) -> None:
    slip = opened(place, "slip", "away", "Bram", role="pupil-away")
    for ago in (29, 31):
        do(place, slip, "recent", "Aiko", role="pupil-away", at=MONDAY - timedelta(days=ago))
    case = opened(place, "case", "came-to-light", "Aiko")

    assert [each.at for each in heard(case, "absence")] == [MONDAY - timedelta(days=29)]


def test_voiding_an_event_voids_its_echoes(place: Place) -> None:
    """Voiding an event voids its echoes"""
    case = opened(place, "case", "came-to-light", "Aiko")
    slip = opened(place, "slip", "away", "Bram", role="pupil-away")
    away = do(place, slip, "away", "Aiko", role="pupil-away", fields={"days": 40})
    assert DutyRow.objects.filter(record=case, rule="talk").exists()

    void = actions.void(place.viewer("Head"), away, "was here")
    assert not DutyRow.objects.filter(record=case, rule="talk").exists()

    actions.void(place.viewer("Head"), void, "was away after all")
    assert DutyRow.objects.filter(record=case, rule="talk").exists(), "a voided void restores, the echo too"


def test_echoes_reach_no_closed_record_unless_it_is_watched(place: Place) -> None:
    """echoes do not reach it unless it is watched"""
    case = opened(place, "case", "came-to-light", "Aiko")
    actions.record(place.viewer("Head"), case, "close", fields={"reason": "It is over."})
    opened(place, "slip", "away", "Aiko", role="pupil-away")
    assert len(heard(case, "absence")) == 1

    later = MONDAY + timedelta(days=100)
    place.clock.move_to(moment(later))  # type: ignore[attr-defined]
    head = place.viewer("Head", later.date())
    slip = actions.open_record(head, place.school, "slip")
    actions.record(head, slip, "away", about={"pupil-away": [place.id("Aiko")]})
    assert len(heard(case, "absence")) == 1


def test_echoes_of_echoes_are_an_error(tmp_path: Path) -> None:
    """echoes of echoes are an error"""
    text = PACK.read_text(encoding="utf-8")
    text = text.replace(
        "  welfare-begun: {about: [target, actor],",
        "  welfare-begun: {echoes: [{to: board, as: board-told}], about: [target, actor],",
    )
    path = tmp_path / "again.yaml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(PackErrors) as refused:
        loader.load(path)
    assert {each.code for each in refused.value.problems} == {"E9"}


def test_tells_notifies_without_a_duty_with_if_and_unless(place: Place) -> None:
    """tells: [roles] (with if / unless) notifies without a duty"""
    case = opened(place, "case", "came-to-light", "Aiko")
    slip = opened(place, "slip", "away", "Bram", role="pupil-away")
    do(place, slip, "away", "Aiko", role="pupil-away", fields={"days": 3})
    told = Notice.objects.filter(record=case, kind="told")
    assert {line.person for line in told} == {place.people["Ewa"].id}

    do(place, slip, "away", "Aiko", role="pupil-away", fields={"days": 30})
    assert {line.person for line in told.all()} == {place.people["Ewa"].id, place.people["Chen"].id}


def test_what_a_record_takes_about_people_it_takes_of_those_an_echo_names(place: Place) -> None:
    case = opened(place, "case", "came-to-light", "Bram")
    Event.objects.filter(record=case)
    two = {"target": [place.id("Bram"), place.id("Cem")]}
    slip = opened(place, "slip", "away", "Aiko", role="pupil-away")
    actions.record(place.viewer("Head"), case, "came-to-light", about=two)
    do(place, slip, "away", "Cem", role="pupil-away")

    named = [each.about for each in Event.objects.filter(record=case, kind="person-named").order_by("position")]
    assert named == [{"target": [place.id("Bram")]}, {"target": [place.id("Cem")]}]


def test_rebuilding_makes_the_same_rows_from_records_with_echoes(place: Place) -> None:
    case = opened(place, "case", "came-to-light", "Aiko")
    opened(place, "slip", "away", "Aiko", role="pupil-away", fields={"days": 31})
    columns = ("record", "rule", "key", "state", "arose", "due")
    before = list(DutyRow.objects.filter(school=place.school).order_by(*columns).values_list(*columns))
    rebuild.rebuild_school(place.school, MONDAY)

    assert list(DutyRow.objects.filter(school=place.school).order_by(*columns).values_list(*columns)) == before
    assert any(row[0] == case.id for row in before)


@pytest.mark.parametrize(
    ("right", "wrong", "code"),
    [
        ("where: {target: pupil-away}, back: school year", "where: {target: target}, back: school year", "E7"),
        ("where: {target: pupil-away}, back: school year", "where: {bystander: pupil-away}, back: school year", "E7"),
        ("opens by: [came-to-light]", "opens by: [came-to-light], events: [came-to-light, hurt]", ""),
        ("slip: {opens by: [away],", "slip: {opens by: [away], events: [absence],", "E10"),
    ],
)
def test_an_echo_that_no_record_could_hear_is_an_error(tmp_path: Path, right: str, wrong: str, code: str) -> None:
    text = PACK.read_text(encoding="utf-8")
    assert right in text
    path = tmp_path / "wrong.yaml"
    path.write_text(text.replace(right, wrong), encoding="utf-8")

    _, problems = loader.check(path)
    found = {each.code for each in problems if each.stops}
    assert (code in found) if code else ("E7" not in found)
