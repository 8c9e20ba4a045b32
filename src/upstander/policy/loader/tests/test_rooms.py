"""The rooms of a kind of record: what a pack says of them is read, looked at, and printed again."""

from __future__ import annotations

import pytest

from upstander.policy.loader import dump, load_text
from upstander.policy.loader.tests.packs import problems
from upstander.policy.tests import shipped


def test_a_room_names_what_its_screen_reads_and_records() -> None:
    rooms = shipped.pack("jp-junior-high").records["case"].rooms

    assert rooms.serious is not None
    assert (rooms.serious.begins, rooms.serious.authority) == ("serious", "board")
    assert rooms.serious.steps[:2] == ("judge-serious", "first-report")
    assert rooms.absence is not None
    assert (rooms.absence.noted, rooms.absence.pupil, rooms.absence.days) == ("absence-noted", "target", "days")
    assert rooms.plans is not None
    assert rooms.plans.rung == "measures"


def test_the_rooms_are_printed_as_they_were_read() -> None:
    pack = shipped.pack("jp-junior-high")

    assert load_text(dump(pack)).records["case"].rooms == pack.records["case"].rooms


@pytest.mark.parametrize(
    ("rooms", "code"),
    [
        ("{serious: {begins: nowhere, steps: [hear-again]}}", "E6"),
        ("{absence: {noted: nothing, pupil: target, days: days}}", "E3"),
        ("{absence: {noted: recognised, pupil: nobody, days: days}}", "E4"),
        ("{plans: {planned: [recognised], checked: recognised, kept: nothing}}", "E4"),
        ("{serious: {begins: closed, steps: [hear-again], authority: nobody}}", "E0"),
    ],
)
def test_what_a_room_names_must_be_there(rooms: str, code: str) -> None:
    found = problems(f"records: {{case: {{rooms: {rooms}}}}}")

    assert code in [each.code for each in found]


def test_only_what_no_rule_looks_into_is_secret_while_a_fact_holds() -> None:
    kind = "events: {heard: {fields: {words: {type: %s, secret while: closed}}}}"

    assert "E0" not in [each.code for each in problems(kind % "long-text")]
    assert "E0" in [each.code for each in problems(kind % "yes-no")]
