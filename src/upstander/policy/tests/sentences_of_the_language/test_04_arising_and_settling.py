"""§4.1 to §4.5: arising, settling, waiving, extending, falling away."""

from __future__ import annotations

import pytest

from upstander.policy import loader
from upstander.policy.tests.small import log, text

SEEN = "2026-05-11T10:00 seen target=s1"
TOLD = "2026-05-11T%s told target=s1"
TELL = "duties: {d: {when: seen, for each: target, must: told, by: PT2H, who: teacher%s}}"
FACTS = (
    "facts: {f: {for each: target, true from: act, until: left}, g: {for each: target, "
    "quiet: act, since: seen, for: P1D}}\n"
)
END = "2026-05-30T00:00"


def codes(rules: str) -> set[str]:
    return {each.code for each in loader.check_text(text(rules))[1] if each.stops}


def arose(duties) -> list[str]:
    return [duty.arose.isoformat(timespec="minutes") for duty in duties]


def test_arising(school):
    """Arising: at each event that matches when, for each of its keys"""
    here = school(TELL % "")
    duties = here.duties(log("2026-05-11T10:00 seen target=s1,s2", "2026-05-11T11:00 act target=s3"), END)

    assert [(duty.key[0][1], duty.because) for duty in duties] == [("s1", ("e1",)), ("s2", ("e1",))]


def test_arising_by_a_fact(school):
    """at each moment a fact turns from false to true (by an event or by time)"""
    rule = "duties: {d: {when: {becomes true: %s}, counts: each, for each: target, must: told, by: PT2H, who: teacher}}"
    events = log(
        SEEN, "2026-05-11T11:00 act target=s1", "2026-05-11T12:00 left target=s1", "2026-05-20T10:00 act target=s1"
    )

    assert arose(school(FACTS + rule % "f").duties(events, END)) == ["2026-05-11T11:00", "2026-05-20T10:00"]
    assert arose(school(FACTS + rule % "g").duties(events, END)) == ["2026-05-12T11:00", "2026-05-21T10:00"]
    assert school(FACTS + rule % "g").duty(events, "2026-05-13T00:00").because == ("g",)


def test_a_fact_that_still_holds_does_not_turn(school):
    """each moment a fact turns from false to true"""
    rule = "duties: {d: {when: {becomes true: f}, counts: each, for each: target, must: told, by: PT2H, who: teacher}}"
    events = log("2026-05-11T11:00 act target=s1", "2026-05-11T11:01 act target=s1", "2026-05-12T11:00 act target=s1")

    assert len(school(FACTS + rule).duties(events, END)) == 1


def test_arising_by_lateness(school):
    """the minute after another duty's due moment has passed open"""
    more = ", e: {when: {overdue: d}, for each: target, must: act, by: PT1H, who: head}}"
    here = school(TELL[:-1] % "" + more)

    assert arose(here.duties(log(SEEN, TOLD % "12:01"), END, "e")) == ["2026-05-11T12:01"]
    assert here.duties(log(SEEN, TOLD % "12:00"), END, "e") == []
    assert here.duty(log(SEEN), END, "e").because == ("d",)


def test_arising_by_a_breach(school):
    """the minute of a breach"""
    rules = (
        "limits: {l: {act: told, for each: target, only after: [seen]}}\n"
        "duties: {d: {when: {breach: l}, for each: target, must: act, by: PT1H, who: head}}"
    )
    here = school(rules)

    assert arose(here.duties(log(TOLD % "09:00"), END)) == ["2026-05-11T09:00"]
    assert here.duty(log(TOLD % "09:00"), END).because == ("e1",)
    assert here.duties(log(SEEN, TOLD % "11:00"), END) == []


def test_once(school):
    """counts: once (default): for each key the first trigger at which if / unless are as asked"""
    here = school(FACTS + TELL % ", if: [f]")
    events = log(
        SEEN, "2026-05-11T11:00 act target=s1", "2026-05-11T12:00 seen target=s1", "2026-05-11T13:00 seen target=s1,s2"
    )

    assert [duty.state.value for duty in here.duties(events, "2026-05-11T13:00") if duty.key[0][1] == "s1"] == [
        "not-applicable",
        "pending",
    ]


def test_earlier_triggers(school):
    """earlier triggers show as not applicable and use nothing up"""
    here = school(FACTS + TELL % ", unless: [f]")
    events = log(
        "2026-05-11T09:00 act target=s1",
        SEEN,
        "2026-05-11T11:00 seen target=s1",
        "2026-05-11T12:00 left target=s1",
        "2026-05-11T13:00 seen target=s1",
    )
    found = here.duties(events, "2026-05-11T13:00")

    assert [(duty.state.value, duty.why, duty.occurrence) for duty in found] == [
        ("not-applicable", ("f",), 0),
        ("not-applicable", ("f",), 1),
        ("pending", (), 2),
    ]


def test_each(school):
    """counts: each: each distinct minute"""
    here = school(TELL % ", counts: each")
    events = log(SEEN, SEEN, "2026-05-11T10:01 seen target=s1")

    assert arose(here.duties(events, END)) == ["2026-05-11T10:00", "2026-05-11T10:01"]


def test_triggers_of_one_minute(school):
    """Triggers of one minute for one key are one (of several dates the earliest counts)"""
    here = school(
        "duties: {d: {when: seen, counts: each, for each: target, must: told, by: {date: day}, who: teacher}}"
    )
    duty = here.duty(log(f"{SEEN} day=2026-05-20", f"{SEEN} day=2026-05-18"), "2026-05-12T00:00")

    assert (duty.because, duty.due.day) == (("e1", "e2"), 18)


def test_names_carried():
    """becomes true, overdue, breach carry the names of that fact, duty or limit"""
    rule = "duties: {d: {when: {becomes true: f}, for each: %s, must: [told, heard], by: PT2H, who: teacher}}"

    assert codes("facts: {f: {for each: target, true from: act}}\n" + rule % "actor") >= {"E7"}
    assert codes("facts: {f: {true from: met}}\n" + rule % "target") >= {"E7"}


def test_lapsing_is_lateness(school):
    """a window that lapses counts as overdue"""
    rules = (
        "duties:\n  d: {when: seen, for each: target, must: told, repeat every: P1W, until: left, who: teacher}\n"
        "  e: {when: {overdue: d}, counts: each, for each: target, must: act, by: PT1H, who: head}"
    )

    assert arose(school(rules).duties(log(SEEN), "2026-05-26T00:00", "e")) == ["2026-05-18T10:01", "2026-05-25T10:01"]


def test_overdue_of_a_may():
    """overdue of a may is E10"""
    rules = (
        "duties:\n  d: {when: seen, for each: target, must: told, strength: may, who: teacher}\n"
        "  e: {when: {overdue: d}, for each: target, must: act, by: PT1H, who: head}"
    )

    assert codes(rules) == {"E10"}


def test_guards(school):
    """if / unless not as asked → not applicable, final, with the reason"""
    here = school(FACTS + TELL % ", if: [f], unless: [g]")
    without, later = (
        here.duty(log(SEEN), "2026-05-11T10:00"),
        here.duty(log(SEEN, "2026-05-11T11:00 act target=s1", TOLD % "11:30"), END),
    )

    assert (without.state.value, without.why) == (later.state.value, later.why) == ("not-applicable", ("f",))
    old = log("2026-05-01T10:00 seen target=s1", "2026-05-11T10:00 act target=s1", "2026-05-11T09:00 planned")
    assert here.duties(old, END)[0].why == ("f",)


def test_settling(school):
    """Settling: by the first event that matches must for the key at or after the arising"""
    here = school(TELL % "")
    events = log(TOLD % "09:59", SEEN, "2026-05-11T10:00 told target=s2", TOLD % "10:30", TOLD % "10:45")

    assert here.duty(events, END).settled.event == "e4"
    assert here.states(events[:3], "2026-05-11T10:30") == ["pending"]
    assert here.states(log(SEEN, TOLD % "10:00"), "2026-05-11T10:00") == ["met"]


def test_the_trigger_does_not_settle(school):
    """an event that is among the triggers (those matched by when, the act of a breach) never settles the instance it
    raised, another of the same minute does"""
    here = school("duties: {d: {when: told, for each: target, must: [told, act], by: PT2H, who: teacher}}")

    assert here.states(log(TOLD % "10:00"), "2026-05-11T10:00") == ["pending"]
    assert here.states(log(TOLD % "10:00", "2026-05-11T10:00 act target=s1"), "2026-05-11T10:00") == ["met"]
    breach = school(
        "limits: {l: {act: told, for each: target, never: true}}\n"
        "duties: {d: {when: {breach: l}, for each: target, must: [told, act], by: PT2H, who: teacher}}"
    )
    assert breach.states(log(TOLD % "10:00"), "2026-05-11T10:00") == ["pending"]
    assert breach.states(log(TOLD % "10:00", TOLD % "10:30"), "2026-05-11T10:30") == ["met"]


def test_what_turned_a_fact_may_settle(school):
    """an event that turned a fact may settle"""
    here = school(FACTS + "duties: {d: {when: {becomes true: f}, for each: target, must: act, by: PT2H, who: teacher}}")

    assert here.states(log("2026-05-11T10:00 act target=s1"), "2026-05-11T10:00") == ["met"]


def test_times(school):
    """times: n: by the n-th, each a different minute"""
    here = school(TELL % ", times: 3")
    events = log(SEEN, TOLD % "10:30", TOLD % "10:30", TOLD % "10:40", TOLD % "10:50", TOLD % "11:00")

    assert here.states(events, "2026-05-11T10:49") == ["pending"]
    assert here.duty(events, "2026-05-11T10:50").settled.event == "e5"
    assert here.duty(events, "2026-05-11T11:00").settled.at.minute == 50


def test_all_of(school):
    """must: {all of: [P, Q]}: by the last of them"""
    here = school("duties: {d: {when: seen, for each: target, must: {all of: [told, act]}, by: PT2H, who: teacher}}")
    events = log(SEEN, "2026-05-11T10:20 act target=s1", TOLD % "10:30", "2026-05-11T10:40 act target=s1")

    assert here.duty(events, END).settled.event == "e3"
    assert here.states(events, "2026-05-11T10:29") == ["pending"]
    assert here.states(log(SEEN, "2026-05-11T11:00 act target=s1", TOLD % "12:01"), END) == ["met-late"]


def test_all_of_why(school):
    """why lists what is missing"""
    here = school("duties: {d: {when: seen, for each: target, must: {all of: [told, act]}, by: PT2H, who: teacher}}")

    assert here.duty(log(SEEN), "2026-05-11T10:00").why == ("told", "act")
    assert here.duty(log(SEEN, TOLD % "10:30"), "2026-05-11T13:00").why == ("act",)
    assert school(TELL % "").duty(log(SEEN), "2026-05-11T10:00").why == ()


def test_met_and_met_late(school):
    """At or before the due moment met, after it met late"""
    here = school(TELL % "")

    assert [here.states(log(SEEN, TOLD % clock), END) for clock in ("12:00", "12:01")] == [["met"], ["met-late"]]


WAIVE = "2026-05-11T%s waive rule=d role=%s"


def test_waiving(school):
    """Waiving: may be waived by: [roles], a waive by such a role at or after the arising, before it is settled"""
    here = school(TELL % ", may be waived by: [head, board]")

    def states(*lines: str) -> list[str]:
        return here.states(log(SEEN, *lines), "2026-05-11T11:30")

    assert states(WAIVE % ("10:00", "head")) == states(WAIVE % ("11:00", "board")) == ["waived"]
    assert (
        states(WAIVE % ("09:59", "head"))
        == states(WAIVE % ("11:00", "teacher"))
        == states(WAIVE % ("11:00", "none"))
        == ["pending"]
    )
    assert states(TOLD % "10:59", WAIVE % ("11:00", "head")) == ["met"]
    assert states(TOLD % "11:01", WAIVE % ("11:00", "head")) == ["waived"]


def test_waived_late(school):
    """after the due moment the state is waived, late, and the breach stays"""
    here = school(TELL % ", may be waived by: [head]")
    late, in_time = (here.duty(log(SEEN, WAIVE % (clock, "head")), END) for clock in ("12:01", "12:00"))

    assert (late.state.value, late.flags) == ("waived", ("late",))
    assert (in_time.state.value, in_time.flags) == ("waived", ())


EXTEND = "2026-05-11T%s extend rule=d to=%s role=%s"


def test_extending(school):
    """Extending: may be extended by: [roles], an extend at or before the due moment then in force"""
    here = school(TELL % ", may be extended by: [head]")

    def due(*lines: str) -> str | None:
        return here.due(log(SEEN, *lines), "2026-05-11T20:00")

    assert due(EXTEND % ("12:00", "2026-05-12T10:00", "head")) == "2026-05-12T10:00"
    assert due(EXTEND % ("12:00", "2026-05-12", "head")) == "2026-05-12T23:59"
    assert (
        due(EXTEND % ("12:01", "2026-05-12", "head"))
        == due(EXTEND % ("11:00", "2026-05-12", "teacher"))
        == "2026-05-11T12:00"
    )
    assert (
        due(EXTEND % ("09:59", "2026-05-12", "head")) == due(EXTEND % ("11:00", "soon", "head")) == "2026-05-11T12:00"
    )
    chain = EXTEND % ("12:00", "2026-05-11T13:00", "head"), EXTEND % ("13:00", "2026-05-11T14:00", "head")
    assert due(*chain) == "2026-05-11T14:00"
    assert due(chain[1]) == "2026-05-11T12:00"


def test_the_latest_to(school):
    """the latest to counts"""
    here = school(TELL % ", may be extended by: [head]")
    events = log(
        SEEN,
        EXTEND % ("10:30", "2026-05-13", "head"),
        EXTEND % ("10:40", "2026-05-12", "head"),
        EXTEND % ("10:50", "2026-05-11T11:00", "head"),
    )

    assert here.due(events, "2026-05-11T11:00") == "2026-05-13T23:59"
    assert here.due([events[0], events[3]], "2026-05-11T11:00") == "2026-05-11T12:00"
    assert here.duty([events[0], events[3]], "2026-05-11T11:00").flags == ()


def test_nobody_can(school):
    """Without these keys nobody can"""
    here = school(TELL % "")
    events = log(SEEN, WAIVE % ("11:00", "head"), EXTEND % ("11:00", "2026-05-12", "head"))

    assert (here.states(events, "2026-05-11T11:00"), here.due(events, "2026-05-11T11:00")) == (
        ["pending"],
        "2026-05-11T12:00",
    )


def test_with_person(school):
    """With person it concerns the keys that contain the person, without it all open keys"""
    here = school(TELL % ", may be waived by: [head]")
    both = "2026-05-11T10:00 seen target=s1,s2"

    assert here.states(log(both, WAIVE % ("11:00", "head") + " person=s2"), "2026-05-11T11:00") == ["pending", "waived"]
    assert here.states(log(both, WAIVE % ("11:00", "head")), "2026-05-11T11:00") == ["waived", "waived"]
    assert here.states(log(both, WAIVE % ("11:00", "head") + " person=s9"), "2026-05-11T11:00") == [
        "pending",
        "pending",
    ]


def test_until(school):
    """until: Q: a Q at or after the arising, at or before the due moment, before settling → not applicable (fell
    away)"""
    here = school(TELL % ", until: left")
    left = "2026-05-11T%s left target=s1"

    assert [here.states(log(SEEN, left % clock), END) for clock in ("10:00", "12:00", "12:01", "09:59")] == [
        ["not-applicable"],
        ["not-applicable"],
        ["overdue"],
        ["overdue"],
    ]
    assert here.duty(log(SEEN, left % "11:00"), END).why == ("until",)
    assert here.states(log(SEEN, TOLD % "10:30", left % "11:00"), END) == ["met"]
    assert here.states(log(SEEN, left % "10:30", TOLD % "11:00"), END) == ["not-applicable"]


def test_no_laundering(school):
    """Closing after the deadline does not launder the breach"""
    here = school(TELL % ", until: close")
    events = log(SEEN, "2026-05-11T12:01 close")

    assert here.states(events, END) == ["overdue"]
    assert here.states([*events, *log("2026-05-12T10:00 told target=s1 id=x")], END) == ["met-late"]


@pytest.mark.parametrize(
    ("lines", "state"),
    [
        (["waive rule=d", "told target=s1", "left target=s1"], "met"),
        (["left target=s1", "waive rule=d"], "waived"),
        (["left target=s1"], "not-applicable"),
        (["left target=s1", "extend rule=d to=2026-05-12"], "not-applicable"),
        (["extend rule=d to=2026-05-12"], "pending"),
    ],
)
def test_order_within_a_minute(school, lines, state):
    """Order within a minute: extend, settle, waive, until, pause"""
    here = school(TELL % ", until: left, may be waived by: [head], may be extended by: [head]")

    assert here.states(log(SEEN, *(f"2026-05-11T12:00 {line}" for line in lines)), "2026-05-11T13:00") == [state]
