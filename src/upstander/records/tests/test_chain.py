"""Whatever is changed in the database is named by ``verify``; the database itself refuses the change."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import Error, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from upstander.access import officelog
from upstander.policy.tests.trying import examples
from upstander.records import actions, checkpoints, clock, triggers
from upstander.records.models import Checkpoint, Destruction, Event, Record, SealedField
from upstander.records.tests import place as places
from upstander.records.tests.place import Place
from upstander.records.verify import Finding, verify_school


@pytest.fixture
def two(place: Place) -> tuple[Record, Record]:
    """Two records with a few events, and a signed checkpoint."""
    case, told = places.case(place), places.concern(place)
    actions.record(place.viewer("Head"), case, "note-added", fields={"note": "Her mother came."})
    checkpoints.make(place.school)
    return case, told


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_an_untouched_school_holds(place: Place, two: tuple[Record, Record]) -> None:
    assert verify_school(place.school).problems == []
    assert checkpoints.make(place.school) is None


@pytest.mark.parametrize("table", sorted(triggers.PROTECTED))
@pytest.mark.parametrize("statement", ["UPDATE {table} SET school_id = school_id", "DELETE FROM {table}"])
def test_the_database_refuses_to_change_or_delete(
    place: Place, two: tuple[Record, Record], table: str, statement: str
) -> None:
    head = place.viewer("Head")
    from django.core.files.uploadedfile import SimpleUploadedFile

    from upstander.records import queries

    queries.get(head, two[0].id)
    note = SimpleUploadedFile("a.txt", b"words")
    actions.record(head, two[0], "file-added", files=[note])
    officelog.note(place.school, "invited", place.people["Chen"].id, None)
    if table == triggers.DESTROYED:
        Destruction.objects.create(school=place.school, record=two[0], said={}, signature=b"", at=clock.utcnow())

    with pytest.raises(Error), transaction.atomic():
        sql(statement.format(table=table))


def test_the_database_refuses_a_row_whose_key_exists(place: Place, two: tuple[Record, Record]) -> None:
    event = Event.objects.filter(record=two[0]).first()
    assert event is not None
    columns = ", ".join(f'"{field.column}"' for field in Event._meta.fields)
    verb = "INSERT OR REPLACE" if connection.vendor == "sqlite" else "INSERT"
    again = f"{verb} INTO records_event ({columns}) SELECT {columns} FROM records_event WHERE hash = %s"  # noqa: S608

    with pytest.raises(Error), transaction.atomic():
        sql(again, event.hash)


def test_triggers_are_there_and_one_that_is_missing_is_named(db: None) -> None:
    assert triggers.missing() == []
    name = "append_only_records_event_delete"
    sql(f"DROP TRIGGER {name}" + (" ON records_event" if connection.vendor == "postgresql" else ""))

    assert triggers.missing() == [name]
    triggers.install()
    assert triggers.missing() == []


def tampered(place: Place, change: Callable[[], None]) -> list[Finding]:
    """What ``verify`` says after a change behind the triggers' back; the change is undone."""
    with transaction.atomic():
        triggers.remove()
        change()
        found = verify_school(place.school).problems
        transaction.set_rollback(True)
    return found


COLUMNS = [
    *("kind", "at", "recorded_at", "by_person", "by_role", "about", "fields", "sealed", "position"),
    *("previous_hash", "hash", "instead_of", "echo_of", "school_id"),
]


@settings(max_examples=examples(40))
@given(data=st.data())
def test_any_change_of_any_column_of_any_event_is_named(
    place: Place, two: tuple[Record, Record], data: st.DataObject
) -> None:
    """Changing one column of one event makes ``verify`` name that event, or the one that follows it."""
    case = data.draw(st.sampled_from(two))
    rows = places.events(case)
    event = data.draw(st.sampled_from(rows))
    column = data.draw(st.sampled_from(COLUMNS))

    found = tampered(place, lambda: Event.objects.filter(id=event.id).update(**{column: _other(event, column)}))

    assert found
    assert any(each.record == case.id and (each.position or 0) >= event.position for each in found)


def _other(event: Event, column: str) -> object:
    from datetime import timedelta

    value = getattr(event, column)
    if column in ("at", "recorded_at"):
        return value + timedelta(minutes=1)
    if column in ("about", "fields", "sealed"):
        return {**value, "x": ["y"]} if column != "sealed" else {**value, "x": {"commitment": "0", "cipher": "0"}}
    if column == "position":
        return 999
    if column in ("by_person", "instead_of", "echo_of", "school_id"):
        return uuid4()
    return f"x{value}"[: 64 if "hash" in column else 80]


def test_a_deleted_event_is_named(place: Place, two: tuple[Record, Record]) -> None:
    case = two[0]
    middle, last = places.events(case)[1], places.events(case)[-1]

    def delete(event: Event) -> Callable[[], None]:
        def change() -> None:
            SealedField.objects.filter(event=event).delete()
            Event.objects.filter(id=event.id).delete()

        return change

    assert "position" in {each.what for each in tampered(place, delete(middle))}
    assert {"head", "checkpoint-head"} <= {each.what for each in tampered(place, delete(last))}


def test_a_log_cut_off_with_its_head_is_caught_by_the_checkpoint(place: Place, two: tuple[Record, Record]) -> None:
    case = two[0]
    *_, before, last = places.events(case)

    def cut() -> None:
        SealedField.objects.filter(event=last).delete()
        Event.objects.filter(id=last.id).delete()
        Record.objects.filter(id=case.id).update(length=before.position, head=before.hash)

    assert [each.what for each in tampered(place, cut)] == ["checkpoint-head"]


def test_two_swapped_events_are_named(place: Place, two: tuple[Record, Record]) -> None:
    first, second = places.events(two[0])[:2]

    def swap() -> None:
        Event.objects.filter(id=first.id).update(position=500)
        Event.objects.filter(id=second.id).update(position=first.position)
        Event.objects.filter(id=first.id).update(position=second.position)

    assert str(tampered(place, swap)[0]).endswith("does not follow the entry before it")


@settings(max_examples=examples(15))
@given(place_in=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_a_single_changed_bit_of_a_sealed_field_is_named(
    place: Place, two: tuple[Record, Record], place_in: int, bit: int
) -> None:
    box = SealedField.objects.filter(record=two[0]).order_by("id").first()
    assert box is not None
    content = bytearray(box.ciphertext)
    content[place_in % len(content)] ^= 1 << bit

    found = tampered(place, lambda: SealedField.objects.filter(id=box.id).update(ciphertext=bytes(content)))
    assert [(each.what, each.where) for each in found] == [("field-changed", f"event {box.event_id}")]


def test_a_forged_checkpoint_is_named(place: Place, two: tuple[Record, Record]) -> None:
    row = Checkpoint.objects.get(school=place.school)

    def forge() -> None:
        row.heads = {}
        row.hash = checkpoints.hash_of(row)
        Checkpoint.objects.filter(id=row.id).update(heads={}, hash=row.hash)

    assert [each.what for each in tampered(place, forge)] == ["checkpoint-signature"]
