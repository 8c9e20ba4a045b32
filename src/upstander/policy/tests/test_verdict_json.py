"""§11: events and verdicts as JSON."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest

from upstander.policy import compiled, reference, scenarios
from upstander.policy.model import Series
from upstander.policy.tests.small import CALENDAR, load, log
from upstander.policy.verdict_json import BadEvent, event_from_json, event_to_json, pictures_to_json

RULES = """
duties: {d: {clause: S-1, when: seen, for each: target, must: told, by: PT2H, who: teacher}}
limits: {l: {clause: S-1, act: {told: {how: phone}}, for each: target, never: true}}
"""


def test_offsets_are_turned_into_the_zone_and_seconds_cut_off():
    event = event_from_json({"id": "e1", "event": "seen", "at": "2026-05-11T10:20:59+00:00"}, "Asia/Tokyo")

    assert event.at == event.recorded == datetime(2026, 5, 11, 19, 20)


def test_numbers_are_exact_and_yes_and_no_are_texts():
    event = event_from_json(
        {"event": "seen", "at": "2026-05-11T10:20", "fields": {"n": 0.1, "ok": True, "many": ["a"]}}
    )

    assert event.fields == {"n": Decimal("0.1"), "ok": "yes", "many": ("a",)}


def test_an_event_reads_back_the_same():
    [event] = log("2026-05-11T10:20 seen target=s1 n=2 how=home,phone recorded=2026-05-12T09:00")

    assert event_from_json(event_to_json(event)) == event


@pytest.mark.parametrize(
    "data",
    [
        {"at": "2026-05-11T10:20"},
        {"event": "seen"},
        {"event": "seen", "at": "later"},
        {"event": "seen", "at": "2026-05-11T10:20", "abuot": {}},
        {"event": "seen", "at": "2026-05-11T10:20", "fields": {"x": {"y": 1}}},
        {"event": "seen", "at": "2026-05-11T10:20", "fields": {"x": float("nan")}},
    ],
)
def test_a_line_that_is_no_event_says_what_is_wrong(data):
    with pytest.raises(BadEvent, match=r"\w"):
        event_from_json(data)


@pytest.mark.parametrize("strategy", [reference, compiled], ids=["reference", "compiled"])
def test_the_document_has_the_form_of_the_language(strategy):
    series = Series((load(RULES),))
    events = log("2026-05-11T10:00 seen target=s1", "2026-05-11T10:30 told target=s2 how=phone")
    now = datetime(2026, 5, 11, 11)
    picture = strategy.picture(series, events, CALENDAR, now, kind="case", record="c1")

    assert pictures_to_json([picture]) == {
        "next change": "2026-05-11T12:01",
        "records": [
            {
                "record": "c1",
                "kind": "case",
                "next change": "2026-05-11T12:01",
                "duties": [
                    {
                        "rule": "d",
                        "clause": ["S-1"],
                        "version": "1",
                        "key": {"target": "s1"},
                        "occurrence": 0,
                        "arose": "2026-05-11T10:00",
                        "due": "2026-05-11T12:00",
                        "state": "pending",
                        "strength": "must",
                        "who": [{"role": "teacher"}],
                        "settled": None,
                        "because": ["e1"],
                        "why": [],
                        "flags": [],
                    }
                ],
                "breaches": [
                    {
                        "rule": "l",
                        "clause": ["S-1"],
                        "event": "e2",
                        "key": {"target": "s2"},
                        "missing": ["never"],
                        "strength": "must",
                        "flags": [],
                    }
                ],
                "facts": [],
                "closable": True,
                "missing": [],
            }
        ],
    }


def test_a_scenario_that_does_not_hold_says_what_came_out():
    pack = load(RULES)
    scenario = {
        "name": "told in time",
        "kind": "case",
        "log": [{"at": "2026-05-11T10:00", "event": "seen", "about": {"target": ["s1"]}}],
        "expect": [
            {"now": "2026-05-11T13:00", "duties": [{"rule": "d", "state": "met"}], "no breaches": "yes"},
            {
                "now": "2026-05-11T13:00",
                "duties": [{"rule": "d", "state": "overdue", "due": "2026-05-11T12:00"}],
                "refused": [
                    {"event": "told", "about": {"target": ["s1"]}, "fields": {"how": ["phone"]}, "limit": "l"},
                    {"event": "told", "about": {"target": ["s1"]}, "fields": {"how": ["home"]}, "limit": "l"},
                ],
            },
        ],
    }
    failures = scenarios.run(pack, scenario)

    assert len(failures) == 2
    assert "state met" in failures[0]
    assert "overdue" in failures[0]
    assert "refused: told by l" in failures[1]
    assert scenarios.run(pack, {"name": "x", "lgo": []}) == ["x: unknown entry: lgo"]


CARDS = """
facts: {known: {clause: S-1, true from: seen}}
guidance:
  visit: {title: Before the visit, body: Only arrange to meet., never: [It is the home], before: [told], clause: S-1}
  watch: {title: While we watch, body: Look again., show while: known, clause: S-1}
  door: {title: Before you write, body: It is right to tell., 'on': [tell], for: [child], clause: S-1}
"""


def test_a_scenario_says_which_cards_are_shown_and_what_stands_in_them():
    pack = load(CARDS)
    shown = [
        {"card": "visit", "before": "told", "body": "Only arrange", "never": ["the home"]},
        {"card": "door", "on": "tell", "body": "right to tell"},
        "watch",
    ]
    log_ = [{"at": "2026-05-11T10:00", "event": "seen", "about": {"target": ["s1"]}}]

    def run(now: str, **expected: object) -> list[str]:
        return scenarios.run(pack, {"name": "x", "kind": "case", "log": log_, "expect": [{"now": now, **expected}]})

    assert run("2026-05-11T10:00", cards=shown) == []
    assert run("2026-05-11T09:00", **{"no cards": ["watch"]}) == []
    assert "found none" in run("2026-05-11T09:00", cards=["watch"])[0]
    assert "no cards" in run("2026-05-11T10:00", **{"no cards": ["watch"]})[0]
    [missing] = run("2026-05-11T10:00", cards=[{**shown[0], "never": ["the school"]}])
    assert "does not have the school in its never" in missing


def test_a_scenario_tells_what_is_refused_from_what_is_asked_about():
    rules = RULES.replace("never: true", "never: true, stops: warns")
    told = {"event": "told", "about": {"target": ["s1"]}, "fields": {"how": ["phone"]}}

    def failures(pack_rules: str, entry: str, **more: str) -> list[str]:
        expect = [{"now": "2026-05-11T13:00", entry: [told | more]}]
        return scenarios.run(load(pack_rules), {"name": "x", "kind": "case", "log": [], "expect": expect})

    assert (
        failures(RULES, "refused", limit="l") == failures(rules, "warned", limit="l") == failures(rules, "warned") == []
    )
    assert "refused by none and warned of by ['l']" in failures(rules, "refused", limit="l")[0]
    assert "refused by ['l'] and warned of by none" in failures(RULES, "warned", limit="l")[0]
    assert failures(rules, "warned", limit="another")
    assert failures(rules, "allowed")
