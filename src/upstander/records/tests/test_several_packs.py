"""A school that runs several packs (§1), in the app: forms, duties, waiving, and a pack that comes later."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
import time_machine

from upstander.people import actions as people
from upstander.people import packs
from upstander.policy.problems import PackErrors
from upstander.records import actions, queries, rebuild, upkeep
from upstander.records.models import DutyRow, Record
from upstander.records.tests import place as places
from upstander.records.tests.place import MONDAY, Place, moment

SECOND = """
id: online
title: Online safety
version: "1"
in force from: 2020-01-01
language: en-GB
timezone: Asia/Tokyo
shares: [case]
clauses: [{id: O-1, at: "1", text: Look at what is online.}]
roles: {head: {title: Head}, online-lead: {title: Online lead}}
records: {case: {opens by: [post-found], access: [{role: online-lead, record: all, decide: all}]}}
events:
  post-found: {about: [target], recorded by: [online-lead, head]}
  taken-down: {about: [target], recorded by: [online-lead, head]}
duties:
  take-down:
    {clause: O-1, when: post-found, for each: target, must: taken-down, by: PT4H, who: online-lead,
     may be waived by: [head]}
"""


@pytest.fixture
def second(tmp_path: Path) -> Path:
    path = tmp_path / "online.yaml"
    path.write_text(SECOND, encoding="utf-8")
    return path


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """The small pack, sharing its cases."""
    path = tmp_path / "small.yaml"
    text = places.PACK.read_text(encoding="utf-8")
    path.write_text(text.replace("id: small\n", "id: small\nshares: [case]\n", 1), encoding="utf-8")
    return path


@pytest.fixture
def place(db: None, first: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setattr(places, "PACK", first)
    with time_machine.travel(moment(MONDAY), tick=False):
        place = places.make()
        place.staff("Ola", "online-lead")
    return place


def test_a_school_may_be_made_with_several_packs(db: None, first: Path, second: Path) -> None:
    school = people.make_school(
        "two", "Two", pack=str(first), packs_beside=[str(second)], language="en-GB", timezone="Asia/Tokyo"
    )

    pack = packs.pack_of(school)
    assert packs.packs_of(school) == ["small", "online"]
    assert {each.name for each in packs.versions(school)} == {"small", "online"}
    assert "online-take-down" in pack.duties
    assert all(name.startswith(("small-", "online-")) for name in pack.duties)


def test_a_pack_that_comes_later_works_beside_the_first_and_what_arose_stays(place: Place, second: Path) -> None:
    with time_machine.travel(moment(MONDAY), tick=False):
        old = places.case(place)
        before = {row.rule: (row.state, row.due) for row in DutyRow.objects.filter(record=old)}
        packs.put_in_force(place.school, second, None, date(2026, 5, 12), place.people["Head"])

    after = {row.rule: (row.state, row.due) for row in DutyRow.objects.filter(record=old)}
    assert after == {f"small-{rule}": found for rule, found in before.items()}

    tuesday = datetime(2026, 5, 12, 9, 0)
    with time_machine.travel(moment(tuesday), tick=False):
        upkeep.refresh_due(place.school, tuesday)
        ola = place.viewer("Ola", tuesday.date())
        new = actions.open_record(ola, place.school, "case")
        actions.record(ola, new, "post-found", about={"target": [place.id("Cem")]})
        mine = [item.step.rule for item in queries.duties_for(ola, tuesday, "en-GB").mine]
        assert "online-take-down" in mine
        actions.record(ola, new, "taken-down", about={"target": [place.id("Cem")]})
    assert DutyRow.objects.get(record=new, rule="online-take-down").state == "met"


def test_what_was_waived_before_the_second_pack_came_stays_waived(
    db: None, first: Path, second: Path, tmp_path: Path
) -> None:
    """The log names the rule without its pack's id; it means the first pack's."""
    with time_machine.travel(moment(MONDAY), tick=False):
        school = people.make_school("wa", "Wa", pack=str(second), language="en-GB", timezone="Asia/Tokyo")
        place = Place(school)
        place.classes["2A"] = people.make_class(school, 2026, "2A", grade="2", name="2A")
        place.staff("Head", "head")
        place.staff("Ola", "online-lead")
        place.pupil("Aiko", "2A")
        ola = place.viewer("Ola")
        record = actions.open_record(ola, school, "case")
        actions.record(ola, record, "post-found", about={"target": [place.id("Aiko")]})
        text = SECOND.replace("access: [{role", "access: [{role: head, record: all, decide: all}, {role")
        path = tmp_path / "again.yaml"
        path.write_text(text.replace('version: "1"', 'version: "2"'), encoding="utf-8")
        packs.put_in_force(school, path, None, date(2026, 5, 12), None)
    tuesday = datetime(2026, 5, 12, 9, 0)
    with time_machine.travel(moment(tuesday), tick=False):
        actions.record(
            place.viewer("Head", tuesday.date()),
            record,
            "waive",
            at=datetime(2026, 5, 11, 10, 30),
            fields={"rule": "take-down", "reason": "The service did it."},
        )
        assert [row.state for row in DutyRow.objects.filter(record=record)] == ["waived"]
        packs.put_in_force(school, first, None, date(2026, 5, 13), None)

    rows = DutyRow.objects.filter(record=record)
    assert [(row.rule, row.state) for row in rows] == [("online-take-down", "waived")]
    rebuild.rebuild_school(school, tuesday)
    assert [(row.rule, row.state) for row in rows.all()] == [("online-take-down", "waived")]


def test_packs_whose_shared_kinds_differ_are_refused(place: Place, tmp_path: Path) -> None:
    """E17 shared kinds differ"""
    text = SECOND.replace("shares: [case]", "shares: [case, parents-told]")
    text = text.replace("events:\n", "events:\n  parents-told: {about: [target], fields: {where: place}}\n", 1)
    path = tmp_path / "other.yaml"
    path.write_text(text, encoding="utf-8")
    shared = tmp_path / "small.yaml"
    shared.write_text(
        shared.read_text(encoding="utf-8").replace("shares: [case]", "shares: [case, parents-told]"), encoding="utf-8"
    )
    packs.put_in_force(place.school, shared, None, None, None)

    with pytest.raises(PackErrors) as refused:
        packs.put_in_force(place.school, path, None, None, None)

    assert {each.code for each in refused.value.problems} == {"E17"}


def test_a_pack_may_end_and_its_rules_keep_their_names(place: Place, second: Path) -> None:
    with time_machine.travel(moment(MONDAY), tick=False):
        places.case(place)
        packs.put_in_force(place.school, second, None, date(2026, 5, 12), None)
        packs.end_pack(place.school, "online", date(2026, 6, 1), place.people["Head"])
        with pytest.raises(ValueError, match="at least one"):
            packs.end_pack(packs_only(place), "small", date(2026, 6, 1), None)

    may, june = packs.pack_of(place.school, date(2026, 5, 20)), packs.pack_of(place.school, date(2026, 6, 1))
    assert "online-take-down" in may.duties
    assert "online-take-down" not in june.duties
    assert all(name.startswith("small-") for name in june.duties)
    assert Record.objects.filter(school=place.school).count() == 1


def packs_only(place: Place) -> object:
    """A school with one pack."""
    return people.make_school("one", "One", pack=str(places.PACK), language="en-GB", timezone="Asia/Tokyo")
