"""What a changed policy would have made of the past."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from upstander.policy.loader.tests.packs import pack, small
from upstander.policy.log import Doer, Event
from upstander.policy.model import Pack
from upstander.policy.replay import Past, Replayed, What, in_words, replay, to_json

NOW = datetime(2026, 5, 20, 12)


def event(number: int, kind: str, at: str, **about: str) -> Event:
    moment = datetime.fromisoformat(at)
    fields = {"how": "visit"} if kind == "parents-told" else {}
    names = {name: (who,) for name, who in about.items()}
    return Event(f"e{number}", kind, moment, moment, Doer("p1", "head"), names, fields)


def told_after(hours: int, record: str) -> Past:
    return Past(
        record,
        "case",
        [
            event(1, "recognised", "2026-05-11T10:00", target="s1"),
            event(2, "parents-told", f"2026-05-{11 + hours // 24:02}T{10 + hours % 24:02}:00", target="s1"),
        ],
    )


def changed(by: str) -> Pack:
    return pack(f"duties: {{tell-parents: {{by: {by}}}}}")


def run(after: Pack, *past: Past) -> Replayed:
    return replay(small(), after, past, None, NOW)


def test_the_same_policy_changes_nothing() -> None:
    found = run(small(), told_after(2, "c1"), told_after(30, "c2"))

    assert (found.records, found.differences, found.rules) == (2, (), {})
    assert in_words(found, "en-GB")[-1] == "Nothing would have been different."


def test_a_shorter_deadline_makes_the_slow_cases_late_and_says_how_many() -> None:
    found = run(changed("PT1H"), told_after(0, "c1"), told_after(2, "c2"), told_after(5, "c3"))

    assert (found.late_before, found.late_after) == (0, 2)
    assert in_words(found, "en-GB")[0] == "With this change 2 of 3 cases would have been late; as it is, 0."
    assert {each.record: [one.what for one in each.changes] for each in found.differences} == {
        "c1": [What.DUE],
        "c2": [What.STATE],
        "c3": [What.STATE],
    }
    assert [(old.late, new.late) for old, new in found.rules.values()] == [(0, 2)]


def test_a_duty_that_is_taken_out_vanishes_and_a_new_one_appears() -> None:
    without = pack("duties: {tell-parents: null}")

    assert [one.what for each in run(without, told_after(2, "c1")).differences for one in each.changes] == [
        What.VANISHES
    ]
    [found] = replay(without, small(), [told_after(2, "c1")], None, NOW).differences
    assert [one.what for one in found.changes] == [What.APPEARS]


def test_a_limit_that_is_new_says_what_it_would_have_stopped() -> None:
    limit = pack("limits: {not-told: {clause: A.1, act: parents-told, for each: target, never: true}}")

    [found] = run(limit, told_after(2, "c1")).differences

    assert [(each.rule, each.event) for each in found.stopped] == [("not-told", "e2")]
    assert "1 deed would have been stopped by a limit." in in_words(run(limit, told_after(2, "c1")), "en-GB")


def test_events_of_a_kind_that_one_policy_does_not_have_are_left_out_there() -> None:
    strange = Past("c1", "case", [*told_after(2, "c1").log, event(3, "sang", "2026-05-12T10:00")])
    sings = replace(small(), events={**small().events, "sang": small().events["recognised"]})

    assert replay(small(), sings, [strange], None, NOW).differences == ()


@pytest.mark.parametrize("lang", ["en-GB", "ja", "nl", "zh-Hans"])
def test_nothing_recorded_is_said_in_words(lang: str) -> None:
    assert len(in_words(run(small()), lang)) == 1


def test_the_answer_for_machines_names_both_sides() -> None:
    found = to_json(run(changed("PT1H"), told_after(2, "c2")))

    assert found["late"] == {"before": 0, "after": 1}
    [duty] = found["differences"][0]["duties"]
    assert (duty["before"]["state"], duty["after"]["state"]) == ("met", "met-late")
    assert duty["after"]["due"] == "2026-05-11T11:00"
