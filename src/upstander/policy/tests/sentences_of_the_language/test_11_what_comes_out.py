"""§11 What comes out, and the readings where two careful implementers could differ."""

from __future__ import annotations

import json

import pytest

from upstander.policy.calendar import Calendar
from upstander.policy.reference.judging import FLAGS
from upstander.policy.tests.small import CALENDAR, log
from upstander.policy.verdict_json import event_from_json, picture_to_json

SEEN = "2026-05-11T10:00 seen target=s1"
DUTY = "duties: {d: {when: seen, for each: target, must: told, %s, who: head}}"
NOW = "2026-05-12T00:00"


def out(here, events, now: str = NOW) -> dict:
    return json.loads(json.dumps(picture_to_json(here.look(events, now))))


def test_only_facts_that_hold(school):
    """Only facts that hold are listed"""
    here = school("facts: {f: {for each: target, true from: seen}, g: {for each: target, true from: act}}")

    assert out(here, log(SEEN))["facts"] == [{"fact": "f", "key": {"target": "s1"}}]


def test_sorted(school):
    """Sorted by rule, key, arose, occurrence (which counts from 0 for each rule and key, over versions)"""
    here = school(
        "duties:\n  e: {when: seen, for each: target, must: told, by: PT2H, who: head}\n"
        "  d: {when: seen, counts: each, for each: target, must: told, by: PT2H, who: head}"
    )
    found = out(here, log("2026-05-11T10:00 seen target=s2,s1", "2026-05-11T11:00 seen target=s1"))["duties"]

    assert [(duty["rule"], duty["key"]["target"], duty["occurrence"]) for duty in found] == [
        ("d", "s1", 0),
        ("d", "s1", 1),
        ("d", "s2", 0),
        ("e", "s1", 0),
        ("e", "s2", 0),
    ]


def test_local_times(school):
    """Local times without offset"""
    duty = out(school(DUTY % "by: PT2H"), log(SEEN))["duties"][0]

    assert (duty["arose"], duty["due"]) == ("2026-05-11T10:00", "2026-05-11T12:00")


def test_missing_of_a_limit(school):
    """A limit's missing: never, fact ids, after:KIND (the first alternative), by:ROLE (the first), not-by:ID, in
    this order"""
    here = school(
        "facts: {f: {for each: target, true from: act}, a: {for each: target, true from: agreed}}\n"
        "limits: {l: {act: told, for each: target, not by: [target], only by: [board, teacher], "
        "only after: [[left, act], agreed], only while: [f, a], never: true}}"
    )

    assert out(here, log("2026-05-11T10:00 told target=t1"))["breaches"][0]["missing"] == [
        "never",
        "f",
        "a",
        "after:left",
        "after:agreed",
        "by:board",
        "not-by:target",
    ]


def test_missing_of_a_closure(school):
    """of a closure fact ids, duty ids (sorted, once each), by:ROLE"""
    here = school(
        "facts: {f: {for each: target, true from: act}, a: {for each: target, true from: agreed}}\n"
        "duties:\n  z: {when: seen, for each: target, must: told, by: P1W, "
        "who: head}\n  b: {when: seen, for each: target, must: told, by: P1W, who: head}\n"
        "closure: {case: {for each: target, needs: [f, a], settled: all, decided by: [board, head]}}"
    )

    assert out(here, log("2026-05-11T10:00 seen target=s1,s2", "2026-05-11T11:00 close role=teacher"))["breaches"][0][
        "missing"
    ] == ["a", "f", "b", "z", "by:board"]


def test_who(school):
    """who: {"role"} or {"person"}, as of now while open, as of the end when final"""
    here = school("duties: {d: {when: seen, for each: target, must: told, by: PT2H, who: [head, {named: case-lead}]}}")
    lines = (
        SEEN,
        "2026-05-11T10:10 led case-lead=t7",
        "2026-05-11T10:30 told target=s1",
        "2026-05-11T10:40 led case-lead=t8",
    )

    assert out(here, log(*lines))["duties"][0]["who"] == [{"role": "head"}, {"person": "t7"}]
    assert out(here, log(lines[0], lines[1], lines[3]))["duties"][0]["who"] == [{"role": "head"}, {"person": "t8"}]


def test_built_in_facts(school):
    """Built-in facts are not listed"""
    assert (
        out(
            school("closure: {case: {for each: target, needs: [], settled: all, watch for: P1M}}"),
            log(SEEN, "2026-05-11T11:00 close"),
        )["facts"]
        == []
    )


def test_strength(school):
    """strength is must if not given"""
    found = [
        out(school(DUTY % f"by: PT2H{more}"), log(SEEN))["duties"][0]["strength"]
        for more in ("", ", strength: should", ", strength: may")
    ]

    assert found == ["must", "should", "may"]


def test_because(school):
    """because: all triggering events of that minute, else the id of the fact or duty"""
    here = school(
        "facts: {f: {for each: target, true from: seen}}\nduties:\n"
        "  d: {when: seen, for each: target, must: told, by: PT1H, who: head}\n"
        "  e: {when: {becomes true: f}, for each: target, must: told, by: PT1H, who: head}\n"
        "  g: {when: {overdue: d}, for each: target, must: told, by: PT1H, who: head}"
    )

    assert [duty["because"] for duty in out(here, log(SEEN, SEEN))["duties"]] == [["e1", "e2"], ["f"], ["d"]]


def test_because_of_a_window(school):
    """for a window or link, what the first had"""
    windows, links = school(DUTY % "repeat every: P1W"), school(DUTY % "by: P1D, again after: P1D")

    assert [duty["because"] for duty in out(windows, log(SEEN), "2026-05-19T00:00")["duties"]] == [["e1"], ["e1"]]
    assert [duty["because"] for duty in out(links, log(SEEN, "2026-05-11T11:00 told target=s1"))["duties"]] == [
        ["e1"],
        ["e1"],
    ]


def test_flags():
    """Flags: recorded late, late, calendar assumed, calendar missing, date missing, extended"""
    assert FLAGS == ("recorded late", "late", "calendar assumed", "calendar missing", "date missing", "extended")


def test_next_change(school):
    """next change: the next moment at which something changes though nothing happens (the clock sleeps until then)"""
    here = school(DUTY % "by: PT2H, remind: PT1H")
    moments = [
        out(here, log(SEEN), f"2026-05-11T{clock}")["next change"]
        for clock in ("10:00", "10:59", "11:00", "12:00", "12:01")
    ]

    assert moments == ["2026-05-11T11:00", "2026-05-11T11:00", "2026-05-11T12:01", "2026-05-11T12:01", None]


def test_calendar_file():
    """calendar FILE: {timezone, first month, terms: [{id, from, to}], public holidays: [dates], closed: [dates],
    open: [dates], weekend: [sat, sun], school day: {starts: "08:30", ends: "15:30"}}"""
    data = {**CALENDAR.to_data(), "weekend": ["fri", "sat"], "school day": {"starts": "07:45", "ends": "13:05"}}
    found = Calendar.from_data(data)

    assert (found.weekend, found.starts, found.ends, found.timezone) == ((4, 5), 465, 785, "Europe/London")
    assert found.to_data() == data


# --- readings --------------------------------------------------------------------------------------------------------


def test_recorded_by_anybody(school):
    """A kind without recorded by may be recorded, and voided, by anybody"""
    here = school(DUTY % "by: PT2H")

    assert here.duties(log(f"{SEEN} role=none by=none", "2026-05-11T11:00 void event=e1 role=passer-by"), NOW) == []


def test_now_is_local(school):
    """now is local time in the pack's zone"""
    event = event_from_json(
        {"event": "seen", "at": "2026-05-11T09:00Z", "about": {"target": ["s1"]}}, "Europe/London", "e1"
    )

    assert school(DUTY % "by: PT2H").states([event], "2026-05-11T12:00") == ["pending"]


def test_not_sorted(school):
    """log files need not be sorted"""
    events = log("2026-05-11T11:00 told target=s1", SEEN)

    assert school(DUTY % "by: PT2H").states(events, NOW) == ["met"]


def test_windows_listed(school):
    """Windows of repeat are listed once they have begun"""
    here = school(DUTY % "repeat every: P1W")

    assert [len(here.duties(log(SEEN), f"2026-05-18T{clock}")) for clock in ("09:59", "10:00")] == [1, 2]


CLOSURE = "\nclosure: {case: {for each: target, needs: [], settled: all}}"


def test_lapsed_does_not_stop(school):
    """A lapsed window does not stop the closure"""
    here = school(DUTY % "repeat every: P1W, until: close" + CLOSURE)

    assert here.states(log(SEEN), "2026-05-18T10:01")[0] == "lapsed"
    assert here.look(log(SEEN), "2026-05-18T10:01").closable


def test_overdue_does(school):
    """an overdue instance does"""
    here = school(DUTY % "repeat every: P1W, by: P1D, until: close" + CLOSURE)

    assert [here.look(log(SEEN), f"2026-05-12T10:0{minute}").closable for minute in (0, 1)] == [True, False]


def test_due_moment(school):
    """At the due moment itself a duty is not overdue"""
    assert school(DUTY % "by: same day").states(log(SEEN), "2026-05-11T23:59") == ["pending"]


@pytest.mark.parametrize(
    ("clock", "with_remind", "without"),
    [
        ("10:59", "pending", "pending"),
        ("11:00", "due", "pending"),
        ("12:00", "due", "pending"),
        ("12:01", "overdue", "overdue"),
    ],
)
def test_remind(school, clock, with_remind, without):
    """from due − remind to the due moment it is due, without remind it is pending"""
    now = f"2026-05-11T{clock}"

    assert school(DUTY % "by: PT2H, remind: PT1H").states(log(SEEN), now) == [with_remind]
    assert school(DUTY % "by: PT2H").states(log(SEEN), now) == [without]


def test_overdue_arises(school):
    """{overdue: duty} arises one minute after the due moment, also when that duty is met late afterwards"""
    here = school(
        "duties:\n  d: {when: seen, for each: target, must: told, by: PT2H, who: head}\n"
        "  e: {when: {overdue: d}, for each: target, must: act, by: PT2H, who: head}"
    )
    events = log(SEEN, "2026-05-11T12:01 told target=s1")

    assert [
        (duty.rule, duty.state.value, duty.arose.minute) for duty in here.look(events, "2026-05-11T12:01").duties
    ] == [("d", "met-late", 0), ("e", "pending", 1)]


def test_validity(school):
    """Validity for: D ends a minute after s + D, and its negation becomes true then"""
    here = school(
        "facts: {f: {for each: target, true from: seen, for: PT2H}, g: {for each: target, "
        "none of: [f]}}\nduties: {d: {when: {becomes true: g}, for each: target, must: told, "
        "by: PT1H, who: head}}"
    )

    assert [duty.arose.isoformat(timespec="minutes") for duty in here.duties(log(SEEN), NOW)] == ["2026-05-11T12:01"]


def test_nothing_after_until(school):
    """Of again after nothing arises after until, also when a late settling comes after it"""
    here = school(DUTY % "by: P1D, again after: P1W, until: left")

    assert here.states(
        log(SEEN, "2026-05-12T11:00 left target=s1", "2026-05-12T12:00 told target=s1"), "2026-05-13T00:00"
    ) == ["met-late"]
    assert here.states(log(SEEN, "2026-05-12T09:00 left target=s1"), "2026-05-13T00:00") == ["not-applicable"]


def test_first_in_the_file(school):
    """Of two events of one minute that could settle, the first in the file is settled.event"""
    events = log(SEEN, "2026-05-11T11:00 told target=s1 id=b", "2026-05-11T11:00 told target=s1 id=a")

    assert school(DUTY % "by: PT2H").duty(events, NOW).settled.event == "b"


RUN = "facts: {f: {for each: target, count: away, at least: 2, within: consecutive school days}}"


def test_mark_on_a_free_day(school):
    """A mark on a free day is on no school day"""
    assert not school(RUN).holds(
        log("2026-05-15T10:00 away target=s1", "2026-05-16T10:00 away target=s1"), "2026-05-16T23:00"
    )


def test_a_run_that_ended(school):
    """on a free day, a run that ended before the last school day is over"""
    here, events = school(RUN), log("2026-05-13T10:00 away target=s1", "2026-05-14T10:00 away target=s1")

    assert [here.holds(events, now) for now in ("2026-05-15T23:59", "2026-05-16T00:00")] == [True, False]


def test_of_the_case(school):
    """of the case looks at everybody in that role in any event so far, the act's own minute included"""
    here = school("limits: {l: {act: planned, for each: actor of the case, never: true}}")
    events = log("2026-05-11T10:00 planned", "2026-05-11T10:00 seen actor=a1", "2026-05-11T10:01 seen actor=a2")

    assert [breach.key[0][1] for breach in here.breaches(events)] == ["a1"]


def test_facts_for_every_key(school):
    """Facts are listed for every key that occurs in one event's names"""
    here = school("facts: {n: {for each: target, true from: act}, f: {for each: target, none of: [n]}}")

    assert [fact.key[0][1] for fact in here.look(log(SEEN, "2026-05-11T11:00 told target=s2"), NOW).facts] == [
        "s1",
        "s2",
    ]


def test_same_id(school):
    """A fact and a kind of event may have the same id"""
    assert school("facts: {seen: {for each: target, true from: seen}}").holds(log(SEEN), NOW, "seen")
