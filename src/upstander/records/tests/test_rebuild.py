"""The indexes are caches: what is kept up to date event by event equals what is made from the logs at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from upstander.policy.tests.trying import examples
from upstander.records import actions, engine, rebuild, upkeep
from upstander.records.models import DutyRow, FactRow, Named, Record
from upstander.records.tests import place as places
from upstander.records.tests.place import MONDAY, Place


def rows(record: Record) -> dict[str, list[tuple[Any, ...]]]:
    found: dict[str, list[tuple[Any, ...]]] = {}
    for table in (DutyRow, FactRow, Named):
        columns = [
            field.attname for field in table._meta.fields if field.attname not in ("id", "school_id", "record_id")
        ]
        found[table.__name__] = sorted(table.objects.filter(record=record).values_list(*columns), key=repr)
    record.refresh_from_db()
    return {**found, "record": [(record.closed, record.next_change)]}


DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["visit", "phone", "act", "recognise", "private", "void"]), st.integers(0, 4000), st.booleans()
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=examples(25))
@given(deeds=DEEDS)
def test_incremental_and_rebuilt_indexes_are_equal(place: Place, clock: time_machine.Traveller, deeds: Any) -> None:
    clock.move_to(places.moment(MONDAY))
    case = places.case(place)
    now = MONDAY
    about = {"target": [place.id("Aiko")]}
    head = place.viewer("Head")
    for what, minutes, early in deeds:
        now += timedelta(minutes=minutes)
        clock.move_to(places.moment(now))
        at = now - timedelta(minutes=min(minutes, 600)) if early else now
        _do(head, case, what, at, about)
    upkeep.refresh_due(place.school)
    kept = rows(case)

    rebuild.rebuild_school(place.school, now)

    assert rows(case) == kept


def _do(head: Any, case: Record, what: str, at: Any, about: Any) -> None:
    if what in ("visit", "phone"):
        actions.record(head, case, "parents-told", at=at, about=about, fields={"how": what})
    elif what == "void":
        written = [event for event in places.events(case) if event.kind not in ("void", "person-named")]
        actions.void(head, written[-1], "a mistake")
    else:
        kind = {"act": "act", "recognise": "recognised-it", "private": "made-private"}[what]
        actions.record(head, case, kind, at=at, about={} if what == "private" else about)


def test_records_are_taken_some_at_a_time_and_all_of_them(
    place: Place, clock: time_machine.Traveller, monkeypatch: Any
) -> None:
    clock.move_to(places.moment(MONDAY))
    cases = [places.case(place) for _ in range(5)]
    kept = [rows(case) for case in cases]
    assert all(each["DutyRow"] for each in kept)
    assert all(each["Named"] for each in kept)
    for table in (DutyRow, FactRow, Named):
        table.objects.all().delete()
    Record.objects.update(closed=True, next_change=None)
    monkeypatch.setattr(rebuild, "BATCH", 2)
    told: list[tuple[int, int]] = []

    assert rebuild.rebuild_school(place.school, MONDAY, lambda done, of: told.append((done, of))) == 5

    assert [rows(case) for case in cases] == kept
    assert told == [(2, 5), (4, 5), (5, 5)]


def test_a_record_that_cannot_be_judged_keeps_its_duties(
    place: Place, clock: time_machine.Traveller, monkeypatch: Any
) -> None:
    clock.move_to(places.moment(MONDAY))
    odd, plain = places.case(place), places.case(place)
    kept = rows(odd)
    judge = engine.picture_once

    def failing(*given: Any, record: str, **more: Any) -> Any:
        if record == str(odd.id):
            raise ValueError("odd")
        return judge(*given, record=record, **more)

    monkeypatch.setattr(engine, "picture_once", failing)
    DutyRow.objects.filter(record=plain).delete()

    rebuild.rebuild_school(place.school, MONDAY)

    assert rows(odd) == {**kept, "record": [(False, MONDAY)]}
    assert rows(plain)["DutyRow"]
