"""§2 Records, events, time."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from upstander.policy.tests.small import load, log
from upstander.policy.verdict_json import BadEvent, event_from_json, log_from_json

SEEN = "2026-05-11T10:00 seen target=s1"
TELL = "duties: {d: {when: seen, for each: target, must: told, by: PT2H, who: teacher%s}}"
DONE = "2026-05-11T11:00 told target=s1"


def test_record(school):
    """A record has a kind and a log"""
    here = school("closure: {case: {for each: target, needs: [], settled: all}}")

    assert here.look(log(SEEN), "2026-05-12T00:00").closable
    assert (here.look(log(SEEN), "2026-05-12T00:00").kind, here.look(log(SEEN), "2026-05-12T00:00").record) == (
        "case",
        "c1",
    )


def test_event():
    """An event: id, event (its kind), at (when it happened), recorded, by (its doer: person, role in which they
    acted), about {role: [persons or things]}, fields"""
    event = event_from_json(
        {
            "id": "e7",
            "event": "told",
            "at": "2026-05-11T10:00",
            "recorded": "2026-05-12T10:00",
            "by": {"person": "t1", "role": "head"},
            "about": {"target": ["s1"]},
            "fields": {"how": ["home"]},
        },
        "Europe/London",
        "line 1",
    )

    assert (event.id, event.kind, event.at.day, event.recorded.day) == ("e7", "told", 11, 12)
    assert (event.by.person, event.by.role, event.about, event.fields) == (
        "t1",
        "head",
        {"target": ("s1",)},
        {"how": ("home",)},
    )
    with pytest.raises(BadEvent):
        event_from_json({"event": "told"}, "Europe/London", "line 1")


def test_instead_of(school):
    """instead of? (the voided event that it corrects; the engine ignores it)"""
    events = log_from_json(
        [{"id": "e1", "event": "seen", "at": "2026-05-11T10:00", "about": {"target": ["s1"]}, "instead of": "e0"}]
    )

    assert events[0].instead_of == "e0"
    assert school(TELL % "").states(events, "2026-05-11T10:00") == ["pending"]


def test_order(school):
    """The order of a log is (at, position)"""
    here = school("facts: {f: {for each: target, true from: {away: {days: 1}}, until: {away: {days: 2}}}}\n")
    events = log("2026-05-11T10:00 away target=s1 days=1", "2026-05-11T09:00 away target=s1 days=2")

    assert here.holds(events, "2026-05-11T12:00")


def test_only_what_has_happened(school):
    """Everything looks only at events with at ≤ the moment in question"""
    assert school(TELL % "").states(log(SEEN, DONE), "2026-05-11T10:59") == ["pending"]
    assert school(TELL % "").duties(log(SEEN, DONE), "2026-05-11T09:59") == []


def test_now(school):
    """the whole picture is asked for a moment now"""
    assert school(TELL % "").look(log(SEEN), "2026-05-11T10:30").now == datetime(2026, 5, 11, 10, 30)


def test_order_of_recording(school):
    """Order of recording never matters"""
    here, events = school(TELL % ""), log(SEEN, DONE, "2026-05-12T09:00 seen target=s2")

    assert here.duties(events, "2026-05-13T00:00") == here.duties(events[::-1], "2026-05-13T00:00")


def test_civil_time(school):
    """Time is civil time in the school's zone, to the minute (offsets are turned into the zone and dropped, seconds
    cut off"""
    [event] = log_from_json(
        [{"event": "seen", "at": "2026-05-11T10:00:59+00:00", "about": {"target": ["s1"]}}], "Europe/London"
    )

    assert event.at == datetime(2026, 5, 11, 11, 0)
    assert school(TELL % "").due([event], "2026-05-11T11:00") == "2026-05-11T13:00"


def test_24_hours(school):
    """PT24H is the same clock time next day)"""
    here = school(TELL.replace("PT2H", "PT24H") % "")

    assert here.due(log("2026-03-28T10:00 seen target=s1"), "2026-03-28T10:00") == "2026-03-29T10:00"


def test_same_minute(school):
    """same-minute events are simultaneous"""
    here = school("limits: {l: {act: told, for each: target, only after: [seen]}}")

    assert here.breaches(log("2026-05-11T10:00 told target=s1", SEEN)) == []


def test_overdue_begins(school):
    """now includes its minute: overdue begins the minute after the due moment"""
    assert school(TELL % "").states(log(SEEN), "2026-05-11T12:00") == ["pending"]
    assert school(TELL % "").states(log(SEEN), "2026-05-11T12:01") == ["overdue"]


def test_recorded_late(school):
    """Judged by at: what was written down after its deadline but happened before it is met, flag recorded late"""
    late, early = "recorded=2026-05-11T12:01", "recorded=2026-05-11T12:00"

    assert school(TELL % "").duty(log(SEEN, f"{DONE} {late}"), "2026-05-12T00:00").flags == ("recorded late",)
    assert school(TELL % "").duty(log(SEEN, f"{DONE} {early}"), "2026-05-12T00:00").flags == ()


def test_as_known_on(school):
    """The picture as known on a day uses recorded as well"""
    here, events = school(TELL % ""), log(SEEN, f"{DONE} recorded=2026-05-12T09:00")
    states = [
        here.look(events, "2026-05-14T00:00", as_known_on=date(2026, 5, day)).duties[0].state.value for day in (11, 12)
    ]

    assert states == ["overdue", "met"]


def test_open_words(school):
    """Open words stay human: "suspected", "has stopped", "as appropriate" are events of judgement with a doer"""
    here = school(
        "facts: {f: {for each: target, true from: {heard-out: {stopped: yes}}}}",
        events="heard-out: {about: [target], fields: {stopped: yes-no}}",
    )

    assert not here.holds(log(SEEN), "2026-05-12T00:00")
    assert here.holds(log("2026-05-11T10:00 heard-out target=s1 stopped=yes"), "2026-05-12T00:00")


def test_counts_and_compares(school):
    """the engine counts and compares, it never decides them"""
    here = school("facts: {f: {for each: target, count: act, at least: 2}}\n" + TELL % ", if: [f]")

    assert here.states(log("2026-05-11T09:00 act target=s1", SEEN), "2026-05-11T10:00") == ["not-applicable"]


VOID = "2026-05-12T10:00 void event=e1"


def test_void(school):
    """Built-in kinds: void {event} strikes an event"""
    assert school(TELL % "").duties(log(SEEN, VOID), "2026-05-12T10:00") == []


def test_void_authority(school):
    """it counts if it was written after the event it names and its doer's role may record the kind struck"""
    here = school("facts: {f: {true from: met}}")
    met = "2026-05-11T10:00 met recorded=2026-05-12T10:00"

    assert not here.holds(log(met, VOID), "2026-05-13T00:00")
    assert here.holds(log(met, VOID + " role=teacher"), "2026-05-13T00:00")
    assert here.holds(log(met.replace("12T10:00", "12T10:01"), VOID), "2026-05-13T00:00")


def test_void_of_a_void(school):
    """for a void of a void, the kind struck first"""
    here = school("facts: {f: {true from: met}}")
    events = ("2026-05-11T10:00 met", VOID, "2026-05-12T11:00 void event=e2 role=%s")

    assert not here.holds(log(*events[:2], events[2] % "teacher"), "2026-05-13T00:00")
    assert here.holds(log(*events[:2], events[2] % "head"), "2026-05-13T00:00")


def test_voided_void(school):
    """a voided void restores), from its at on, and then strikes at every moment"""
    here, events = school(TELL % ""), log(SEEN, VOID, "2026-05-12T11:00 void event=e2")

    assert len(here.duties(events, "2026-05-12T09:59")) == 1
    assert here.duties(events, "2026-05-12T10:59") == []
    assert len(here.duties(events, "2026-05-12T11:00")) == 1


def test_a_void_that_names_itself_strikes_nothing(school):
    """its doer's role may record the kind struck (for a void of a void, the kind struck first; a voided void
    restores)"""
    events = log(
        SEEN, "2026-05-12T10:00 void event=e3", "2026-05-12T10:00 void event=e2", "2026-05-12T11:00 void event=e9"
    )

    assert len(school(TELL % "").duties(events, "2026-05-13T00:00")) == 1


def test_no_pattern_matches_void():
    """no pattern matches it"""
    with pytest.raises(Exception, match="E10"):
        load("facts: {f: {true from: void}}")


def test_waive(school):
    """waive {rule, person?, reason}"""
    here = school(TELL % ", may be waived by: [head]")
    events = log("2026-05-11T10:00 seen target=s1,s2", "2026-05-11T11:00 waive rule=d person=s1")

    assert here.states(events, "2026-05-11T11:00") == ["waived", "pending"]
    assert here.states(log(SEEN, "2026-05-11T11:00 waive rule=e"), "2026-05-11T11:00") == ["pending"]


def test_extend(school):
    """extend {rule, person?, to, reason}"""
    here = school(TELL % ", may be extended by: [head]")
    events = log("2026-05-11T10:00 seen target=s1,s2", "2026-05-11T11:00 extend rule=d person=s1 to=2026-05-13T10:00")
    dues = [duty.due.isoformat(timespec="minutes") for duty in here.duties(events, "2026-05-11T11:00")]

    assert dues == ["2026-05-13T10:00", "2026-05-11T12:00"]


def test_close_and_reopen(school):
    """close, reopen (they belong to every key)"""
    here = school("facts: {f: {for each: target, true from: seen, until: close}}")
    events = log("2026-05-11T10:00 seen target=s1,s2", "2026-05-11T11:00 close")

    assert len(here.look(events, "2026-05-11T11:00").facts) == 2
    assert here.look(events, "2026-05-11T11:01").facts == ()


def test_takes(school):
    """whatever its at, it counts from the earliest event that names the person"""
    rules = "facts: {f: {for each: target, true from: {person-named: {grade: 3}}}}\n" + TELL % ", if: [f]"
    here = school(rules)
    events = log(SEEN, "2026-05-20T10:00 person-named target=s1 grade=3")

    assert here.states(events, "2026-05-20T10:00") == ["overdue"]
    assert (
        here.states(
            log("2026-05-11T11:00 seen target=s1", "2026-05-09T10:00 person-named target=s1 grade=3"),
            "2026-05-10T00:00",
        )
        == []
    )


def test_takes_freezes(school):
    """so rules never look into the directory and later changes do not rewrite the past"""
    here = school(
        "facts: {f: {for each: target, true from: {person-named: {grade: 3}}, until: {person-named: {grade: {not: 3}}}}}"
    )
    events = log(SEEN, "2026-05-11T10:00 person-named target=s1 grade=3", "2026-09-11T10:00 seen target=s1")

    assert here.holds(events, "2026-10-01T00:00")
