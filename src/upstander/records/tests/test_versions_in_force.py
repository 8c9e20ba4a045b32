"""A new version of a school's policy in the app: what arose before it stays (§10)."""

from __future__ import annotations

from datetime import date, datetime

import pytest
import time_machine

from upstander.people import packs
from upstander.people.packs import TooEarly
from upstander.records import actions, upkeep
from upstander.records.models import DutyRow, Record
from upstander.records.tests import place as places
from upstander.records.tests.place import MONDAY, Place, moment

CHANGE = date(2026, 5, 13)


@pytest.fixture
def place(db: None) -> Place:
    with time_machine.travel(moment(MONDAY), tick=False):
        return places.make()


def test_what_arose_before_a_version_stays_under_the_version_before(place: Place, tmp_path: object) -> None:
    """Every instance belongs to the version in force at its own arising"""
    with time_machine.travel(moment(MONDAY), tick=False):
        old = places.case(place)
        before = list(DutyRow.objects.filter(record=old).values_list("rule", "due", "version"))
        text = places.PACK.read_text(encoding="utf-8").replace("by: same day", "by: 2 school days")
        assert text != places.PACK.read_text(encoding="utf-8")
        path = tmp_path / "small.yaml"  # type: ignore[operator]
        path.write_text(text.replace('version: "1"', 'version: "2"'), encoding="utf-8")
        with pytest.raises(TooEarly):
            packs.put_in_force(place.school, path, None, MONDAY.date(), None)
        packs.put_in_force(place.school, path, None, CHANGE, place.people["Head"])
    assert Record.objects.get(id=old.id).next_change is not None

    after = datetime(2026, 5, 13, 9, 0)
    with time_machine.travel(moment(after), tick=False):
        upkeep.refresh_due(place.school, after)
        new = places.case(place, target="Cem")

    stayed = list(DutyRow.objects.filter(record=old).values_list("rule", "due", "version"))
    assert stayed == before
    assert {version for _, _, version in stayed} == {"1"}
    rows = {row.rule: row for row in DutyRow.objects.filter(record=new)}
    assert {row.version for row in rows.values()} == {"2"}
    moved = [rule for rule, due, _ in before if due is not None and rows[rule].due.date() != date(2026, 5, 13)]
    assert moved, "under the new version the same duty has another deadline"
    assert new.pack_version == "small@2"


def test_every_record_is_looked_at_again_when_a_version_begins(place: Place) -> None:
    with time_machine.travel(moment(MONDAY), tick=False):
        record = places.case(place)
        while upkeep.refresh_due(place.school, MONDAY):
            pass
        packs.put_in_force(place.school, place.school.pack, None, CHANGE, None)

    found = Record.objects.get(id=record.id).next_change
    assert found is not None
    assert found <= datetime(2026, 5, 13)


def test_an_event_by_a_role_of_the_new_version_can_be_recorded_from_its_day(place: Place, tmp_path: object) -> None:
    text = places.PACK.read_text(encoding="utf-8").replace('version: "1"', 'version: "2"')
    text = text.replace("  parents-told:\n", "  newly-asked: {recorded by: [head]}\n  parents-told:\n", 1)
    path = tmp_path / "small.yaml"  # type: ignore[operator]
    path.write_text(text, encoding="utf-8")
    with time_machine.travel(moment(MONDAY), tick=False):
        record = places.case(place)
        packs.put_in_force(place.school, path, None, CHANGE, None)
    with time_machine.travel(moment(datetime(2026, 5, 13, 0, 0)), tick=False):
        event = actions.record(place.viewer("Head", CHANGE), record, "newly-asked")
    assert event.kind == "newly-asked"
