"""§4.8 to §4.10 and the states: windows, reminders, bearers."""

from __future__ import annotations

import pytest

from upstander.policy.model import GuardiansOf
from upstander.policy.tests.small import log
from upstander.policy.verdict import State

SEEN = "2026-05-11T10:00 seen target=s1"
DUTY = "duties: {d: {when: seen, for each: target, must: told, %s}}"
END = "2026-05-30T00:00"


@pytest.mark.parametrize(
    ("not_before", "opens"),
    [
        ("P1D", "2026-05-12T10:00"),
        ("1 school day", "2026-05-12T23:59"),
        ("{date: day}", "2026-05-13T23:59"),
        ("{date: day, less: P1D}", "2026-05-12T23:59"),
        ("{after: agreed, plus: PT1H}", "2026-05-11T12:00"),
        ("'09:00'", "2026-05-12T09:00"),
        ("promptly", "2026-05-12T23:59"),
    ],
)
def test_not_before(school, not_before, opens):
    """not before: D (any form of by): until then upcoming, nothing settles it"""
    here = school(DUTY % f"not before: {not_before}, by: P1W, who: head")
    lines = (f"{SEEN} day=2026-05-13", "2026-05-11T11:00 agreed target=s1")

    def states(at: str) -> list[str]:
        return here.states(log(*lines, f"{at} told target=s1"), at)

    before = (
        f"{opens[:-2]}{int(opens[-2:]) - 1:02}"
        if not opens.endswith("00")
        else f"{opens[:11]}{int(opens[11:13]) - 1:02}:59"
    )
    assert (states(before), states(opens)) == (["upcoming"], ["met"])


def test_an_opening_not_known_yet(school):
    """until then upcoming"""
    here = school(DUTY % "not before: {after: agreed, plus: PT1H}, by: P1W, who: head")

    assert here.states(log(SEEN, "2026-05-12T10:00 told target=s1"), "2026-05-12T10:00") == ["upcoming"]


@pytest.mark.parametrize(
    ("window", "first", "last"),
    [
        ("in: month 5", "2026-05-11T10:00", "2026-05-31T23:59"),
        ("in: month 4", "2027-04-01T00:00", "2027-04-30T23:59"),
        ("in: month 12", "2026-12-01T00:00", "2026-12-31T23:59"),
        ("in: month 2", "2027-02-01T00:00", "2027-02-28T23:59"),
        ("in: term 3", "2026-05-11T10:00", "2026-07-21T23:59"),
        ("in: term summer", "2026-05-11T10:00", "2026-07-21T23:59"),
        ("'on': 05-12", "2026-05-12T00:00", "2026-05-12T23:59"),
        ("'on': 05-11", "2026-05-11T10:00", "2026-05-11T23:59"),
        ("'on': 05-10", "2027-05-10T00:00", "2027-05-10T23:59"),
        ("'on': 02-29", "2027-02-28T00:00", "2027-02-28T23:59"),
        ("'on': 05-24, or: nearest school day", "2026-05-22T00:00", "2026-05-22T23:59"),
        ("'on': 05-17, or: nearest school day", "2026-05-18T00:00", "2026-05-18T23:59"),
        ("in: {date: day, to: end}", "2026-05-13T00:00", "2026-05-20T23:59"),
    ],
)
def test_windows(school, window, first, last):
    """in: month 5, in: term 2, in: [month 5, month 10, month 2] (one instance each), on: 04-19 (or: nearest school
    day), in: {date: F, to: F2}: a window is not before its first minute and by its last"""
    here = school(DUTY % f"{window}, who: head")
    seen = log(f"{SEEN} day=2026-05-13 end=2026-05-20")
    told = log(f"{first} told target=s1 id=x")
    duty = here.duty(seen, "2026-05-11T10:00")

    assert duty.due.isoformat(timespec="minutes") == last
    assert duty.state is (State.PENDING if first == "2026-05-11T10:00" else State.UPCOMING)
    assert here.states([*seen, *told], first) == ["met"]
    early = log("2026-05-11T10:01 told target=s1 id=y")
    assert here.states([*seen, *early], "2026-05-11T10:01") == (
        ["met"] if first == "2026-05-11T10:00" else ["upcoming"]
    )


def test_one_instance_each(school):
    """in: [month 5, month 10, month 2] (one instance each)"""
    here = school(DUTY % "in: [month 5, month 10, month 2], who: head")
    found = here.duties(log(SEEN, "2026-05-20T10:00 told target=s1"), END)

    assert [(duty.state.value, duty.due.strftime("%Y-%m")) for duty in found] == [
        ("met", "2026-05"),
        ("upcoming", "2026-10"),
        ("upcoming", "2027-02"),
    ]


def test_first_period(school):
    """the first such period not ended at the arising, whatever month the school year begins in"""
    here = school(DUTY % "in: term 1, who: head")

    assert here.duty(log("2025-12-19T23:59 seen target=s1"), "2025-12-19T23:59").due.day == 19
    late = here.duty(log("2025-12-20T00:00 seen target=s1"), "2025-12-20T00:00")
    assert (late.due, late.flags) == (None, ("calendar missing",))
    assert school(DUTY % "in: {date: day, to: end}, who: head").duty(log(SEEN), END).flags == ("date missing",)


def test_early_counts(school):
    """early counts: true: an event at or after the arising settles it before the window too"""
    here = school(DUTY % "in: month 10, early counts: true, who: head")

    assert here.states(log(SEEN, "2026-05-11T10:00 told target=s1"), END) == ["met"]
    assert here.states(log("2026-05-11T09:59 told target=s1", SEEN), END) == ["upcoming"]


@pytest.mark.parametrize(
    ("remind", "due_from"),
    [("PT2H", "2026-05-13T21:59"), ("1 school day", "2026-05-12T00:00"), ("P1M", "2026-04-13T23:59")],
)
def test_remind(school, remind, due_from):
    """remind: D: due begins D before the due moment"""
    here = school(DUTY % f"by: 2 school days, remind: {remind}, who: head")

    assert here.duty(log(SEEN), "2026-05-11T10:00").due_from.isoformat(timespec="minutes") == due_from
    if due_from > "2026-05-11T10:00":
        assert here.states(log(SEEN), due_from[:11] + "00:00")[0] == (
            "pending" if due_from.endswith("21:59") else "due"
        )
        assert here.states(log(SEEN), due_from) == ["due"]


def test_climbs(school):
    """climbs: [{after: PT4H, to: deputy-head}], counted from the due moment: who else is told"""
    here = school(DUTY % "by: PT2H, climbs: [{after: PT4H, to: board}], who: head")

    assert [(climb.to, climb.after.minutes) for climb in here.pack.duties["d"].climbs] == [("board", 240)]


def test_climbs_change_nothing(school):
    """changes no state"""
    plain, climbing = (
        school(DUTY % f"by: PT2H, who: head{more}") for more in ("", ", climbs: [{after: PT4H, to: board}]")
    )

    assert plain.duties(log(SEEN), "2026-05-11T20:00") == climbing.duties(log(SEEN), "2026-05-11T20:00")


WHO = [
    ("who: head", [{"role": "head"}]),
    ("who: [head, teacher]", [{"role": "head"}, {"role": "teacher"}]),
    ("who: {did: trigger}", [{"person": "t1"}]),
    ("who: {is: target}", [{"person": "s1"}]),
    ("who: {named: case-lead}", [{"person": "t8"}]),
]


@pytest.mark.parametrize(("who", "found"), WHO)
def test_who(school, who, found):
    """a list (all are told, one suffices)"""
    events = log("2026-05-11T08:00 led case-lead=t7", "2026-05-11T09:00 led case-lead=t8", SEEN)

    assert list(school(DUTY % f"by: PT2H, {who}").duty(events, "2026-05-11T10:00").who) == found


def test_did_trigger(school):
    """{did: trigger} (otherwise: ROLE where no person did it)"""
    here = school(DUTY % "by: PT2H, who: {did: trigger, otherwise: head}")

    assert here.duty(log(SEEN), END).who == ({"person": "t1"},)
    assert here.duty(log(f"{SEEN} by=none"), END).who == ({"role": "head"},)
    two = log(SEEN, f"{SEEN} by=t2")
    assert here.duty(two, END).who == ({"person": "t1"}, {"person": "t2"})


def test_is_the_person_of_the_key(school):
    """{is: staff} (the person of the key)"""
    here = school("duties: {d: {when: seen, for each: actor, must: heard, by: PT2H, who: {is: actor}}}")

    assert here.duty(log("2026-05-11T10:00 seen target=s1 actor=a1"), END).who == ({"person": "a1"},)


def test_named(school):
    """{named: case-lead} (whom the latest event names in that role)"""
    here = school(DUTY % "by: PT2H, who: {named: case-lead}")
    lines = (
        SEEN,
        "2026-05-11T10:30 led case-lead=t7",
        "2026-05-11T11:00 told target=s1",
        "2026-05-11T11:30 led case-lead=t8",
    )

    assert here.duty(log(*lines[:1]), END).who == ({"role": "case-lead"},)
    assert here.duty(log(*lines), "2026-05-11T12:00").who == ({"person": "t7"},)
    assert here.duty(log(lines[0], lines[1], lines[3]), "2026-05-11T12:00").who == ({"person": "t8"},)


def test_guardians(school):
    """{guardians of: target}"""
    duty = school(DUTY % "by: PT2H, who: {guardians of: target}").duty(log(SEEN), END)

    assert duty.bearers == (GuardiansOf("target"),)


def test_outside(school):
    """A bearer whose role is outside: true is waited for, never the school's breach"""
    here = school(DUTY % "by: PT2H, who: board")

    assert here.pack.roles["board"].outside
    assert not here.pack.roles["head"].outside
    assert here.states(log(SEEN), END) == ["overdue"]


def test_states():
    """States: upcoming, pending, due, paused, overdue (open)"""
    assert [state.value for state in State if state.open] == ["upcoming", "pending", "due", "paused", "overdue"]


def test_final_states():
    """met, met-late, waived, not-applicable, lapsed (final)"""
    assert [state.value for state in State if not state.open] == [
        "met",
        "met-late",
        "waived",
        "not-applicable",
        "lapsed",
    ]


@pytest.mark.parametrize(
    ("line", "state"),
    [
        ("told target=s1", "met"),
        ("waive rule=d", "waived"),
        ("left target=s1", "not-applicable"),
    ],
)
def test_final(school, line, state):
    """Once final, no later event (by at) and no passing of time changes it, except the voiding of the settling event"""
    here = school(DUTY % "by: PT2H, until: left, may be waived by: [head], who: head")
    later = (
        "2026-05-11T11:30 told target=s1",
        "2026-05-11T11:30 waive rule=d",
        "2026-05-11T11:30 left target=s1",
        "2026-05-11T11:30 seen target=s1",
    )

    assert here.states(log(SEEN, f"2026-05-11T11:00 {line}", *later), "2027-01-01T00:00") == [state]
    voided = log(SEEN, f"2026-05-11T11:00 {line}", "2026-05-11T11:10 void event=e2")
    assert here.states(voided, "2026-05-11T11:10") == ["pending"]
