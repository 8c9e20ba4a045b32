"""§4.6 and §4.7: pauses, rhythms, chains."""

from __future__ import annotations

import pytest

from upstander.policy.tests.small import log

SEEN = "2026-05-11T10:00 seen target=s1"
PAUSE = "facts: {f: {for each: target, true from: act, until: left}}\n"
DUTY = "duties: {d: {when: seen, for each: target, must: told, %s, who: teacher}}"
END = "2026-05-30T00:00"


def on_off(*clocks: str) -> list[str]:
    """Lines that begin and end a pause, in turn."""
    return [f"{clock} {('act', 'left')[position % 2]} target=s1" for position, clock in enumerate(clocks)]


def spans(duties) -> list[tuple[str, str | None]]:
    return [
        (duty.arose.isoformat(timespec="minutes"), duty.due.isoformat(timespec="minutes") if duty.due else None)
        for duty in duties
    ]


def test_minutes_of_pause(school):
    """paused while: fact: a minute after the arising and before the due moment so moved, in which the fact holds, is
    a minute of pause"""
    here = school(PAUSE + DUTY % "by: PT2H, paused while: f")

    def due(*clocks: str) -> str | None:
        return here.due(log(SEEN, *on_off(*clocks)), "2026-05-11T23:00")

    assert due("2026-05-11T10:30", "2026-05-11T10:30") == "2026-05-11T12:01"
    assert due("2026-05-11T09:00", "2026-05-11T10:00") == "2026-05-11T12:00"
    assert due("2026-05-11T09:00", "2026-05-11T10:01") == "2026-05-11T12:01"
    assert due("2026-05-11T12:00", "2026-05-11T13:00") == "2026-05-11T12:00"
    assert due("2026-05-11T11:59", "2026-05-11T13:00") == "2026-05-11T13:02"
    assert due("2026-05-11T11:00", "2026-05-11T11:59", "2026-05-11T12:30", "2026-05-11T12:59") == "2026-05-11T13:30"
    assert due("2026-05-11T11:00", "2026-05-11T11:59", "2026-05-11T13:00", "2026-05-11T13:59") == "2026-05-11T13:00"


def test_months_first(school):
    """the due moment of a duration moves by them (months are added first)"""
    here = school(PAUSE + DUTY % "by: P1M, paused while: f")

    assert (
        here.due(
            log("2026-01-31T10:00 seen target=s1", *on_off("2026-02-01T00:00", "2026-02-01T23:59")), "2026-03-01T00:00"
        )
        == "2026-03-01T10:00"
    )


def test_while_paused(school):
    """only pauses up to now count, and while paused due is null"""
    here, events = (
        school(PAUSE + DUTY % "by: PT2H, paused while: f"),
        log(SEEN, *on_off("2026-05-11T10:30", "2026-05-11T11:00")),
    )

    assert (here.states(events, "2026-05-11T10:30"), here.due(events, "2026-05-11T10:30")) == (["paused"], None)
    assert (here.states(events, "2026-05-11T11:01"), here.due(events, "2026-05-11T11:01")) == (
        ["pending"],
        "2026-05-11T12:31",
    )
    assert here.due(events[:1], "2026-05-11T10:30") == "2026-05-11T12:00"
    assert here.states(log(*on_off("2026-05-11T09:00"), SEEN), "2026-05-11T10:00") == ["pending"]


def test_school_days_and_pauses(school):
    """of N school days, a day touched by a pause is not counted"""
    here = school(PAUSE + DUTY % "by: 2 school days, paused while: f")

    def due(*clocks: str) -> str | None:
        return here.due(log(SEEN, *on_off(*clocks)), "2026-05-29T00:00")

    assert due() == "2026-05-13T23:59"
    assert due("2026-05-12T10:00", "2026-05-12T10:00") == "2026-05-14T23:59"
    assert due("2026-05-12T10:00", "2026-05-13T10:00") == "2026-05-15T23:59"
    assert due("2026-05-12T23:59", "2026-05-13T00:00") == "2026-05-15T23:59"
    assert due("2026-05-14T00:00", "2026-05-15T10:00") == "2026-05-13T23:59"
    assert due("2026-05-13T23:58", "2026-05-13T23:59") == "2026-05-14T23:59"


@pytest.mark.parametrize(
    "by", ["same day", "end of school day", "'11:30'", "{date: day}", "{after: agreed, plus: PT3H}"]
)
def test_other_deadlines(school, by):
    """other deadlines do not move"""
    lines = (f"{SEEN} day=2026-05-11", "2026-05-11T10:00 agreed target=s1")
    with_pause = school(PAUSE + DUTY % f"by: {by}, paused while: f").due(
        log(*lines, *on_off("2026-05-11T10:30", "2026-05-11T10:40")), "2026-05-11T11:00"
    )

    assert with_pause == school(DUTY % f"by: {by}").due(log(*lines), "2026-05-11T11:00")


def test_past_the_due_moment(school):
    """An instance past its due moment is overdue, pause or not"""
    here = school(PAUSE + DUTY % "by: PT2H, paused while: f")

    assert here.states(log(SEEN, *on_off("2026-05-11T12:01")), "2026-05-11T12:01") == ["overdue"]
    assert here.states(log(SEEN, *on_off("2026-05-11T12:00")), "2026-05-11T12:01") == ["overdue"]
    assert here.states(log(SEEN, *on_off("2026-05-11T11:59")), "2026-05-11T12:01") == ["paused"]


def test_pause_is_last_in_its_minute(school):
    """waive, until, pause"""
    here = school(PAUSE + DUTY % "by: PT2H, paused while: f")

    assert here.states(log(SEEN, *on_off("2026-05-11T11:00"), "2026-05-11T11:00 told target=s1"), END) == ["met"]


def test_window_inside_a_pause(school):
    """A window wholly inside a pause is not applicable"""
    here = school(PAUSE + DUTY % "repeat every: P1W, paused while: f")
    events = log(SEEN, *on_off("2026-05-18T09:00", "2026-05-25T10:00"))
    found = here.duties(events, "2026-05-26T00:00")

    assert [duty.state.value for duty in found] == ["lapsed", "not-applicable", "pending"]
    assert found[1].why == ("f",)


def test_window_partly_inside(school):
    """partly inside, it keeps its end"""
    here = school(PAUSE + DUTY % "repeat every: P1W, paused while: f")
    events = log(SEEN, *on_off("2026-05-18T10:02", "2026-05-25T10:00"))

    assert [(duty.state.value, duty.due.day) for duty in here.duties(events, "2026-05-26T00:00")][1] == ("lapsed", 25)


# --- recurring -------------------------------------------------------------------------------------------------------


def test_repeat_every(school):
    """Recurring. repeat every: D: windows [a, a + D], then (a + kD, a + (k+1)D], all reckoned from the first arising
    a"""
    here = school(DUTY % "repeat every: P1M")
    found = here.duties(log("2026-01-31T10:00 seen target=s1"), "2026-05-01T00:00")

    assert spans(found) == [
        ("2026-01-31T10:00", "2026-02-28T10:00"),
        ("2026-02-28T10:00", "2026-03-31T10:00"),
        ("2026-03-31T10:00", "2026-04-30T10:00"),
        ("2026-04-30T10:00", "2026-05-31T10:00"),
    ]
    assert here.states(log(SEEN, "2026-05-11T10:00 told target=s1"), "2026-05-11T10:00") == ["met"]


@pytest.mark.parametrize(
    ("period", "arose", "expected"),
    [
        (
            "school day",
            "2026-05-15T10:00",
            [("2026-05-15T10:00", "2026-05-15T23:59"), ("2026-05-18T00:00", "2026-05-18T23:59")],
        ),
        (
            "tuesday",
            "2026-05-11T10:00",
            [("2026-05-12T00:00", "2026-05-12T23:59"), ("2026-05-19T00:00", "2026-05-19T23:59")],
        ),
        ("sunday", "2026-05-11T10:00", []),
        (
            "week",
            "2026-05-11T10:00",
            [("2026-05-11T10:00", "2026-05-17T23:59"), ("2026-05-18T00:00", "2026-05-24T23:59")],
        ),
        (
            "month",
            "2026-05-11T10:00",
            [("2026-05-11T10:00", "2026-05-31T23:59"), ("2026-06-01T00:00", "2026-06-30T23:59")],
        ),
        (
            "term",
            "2026-01-20T10:00",
            [("2026-01-20T10:00", "2026-03-27T23:59"), ("2026-04-14T00:00", "2026-07-21T23:59")],
        ),
        ("school year", "2026-05-11T10:00", [("2026-05-11T10:00", "2026-08-31T23:59")]),
        (
            "calendar year",
            "2025-12-01T10:00",
            [("2025-12-01T10:00", "2025-12-31T23:59"), ("2026-01-01T00:00", "2026-12-31T23:59")],
        ),
    ],
)
def test_repeat_each(school, period, arose, expected):
    """repeat each: school day | monday … sunday | week | month | term | school year | calendar year: whole periods
    of the calendar, the first from the arising on"""
    found = school(DUTY % f"repeat each: {period}").duties(log(f"{arose} seen target=s1"), "2026-06-20T00:00")

    assert spans(found)[:2] == expected[:2]


def test_without_a_school_day(school):
    """those without a school day left are skipped"""
    weekly = school(DUTY % "repeat each: week")

    assert spans(weekly.duties(log("2026-03-27T10:00 seen target=s1"), "2026-04-13T00:00")) == [
        ("2026-03-27T10:00", "2026-03-29T23:59"),
        ("2026-04-13T00:00", "2026-04-19T23:59"),
    ]
    assert spans(weekly.duties(log("2026-03-28T10:00 seen target=s1"), "2026-04-13T00:00")) == [
        ("2026-04-13T00:00", "2026-04-19T23:59")
    ]
    monthly = school(DUTY % "repeat each: month")
    assert spans(monthly.duties(log("2026-07-20T10:00 seen target=s1"), "2026-08-31T00:00")) == [
        ("2026-07-20T10:00", "2026-07-31T23:59")
    ]


def test_window_k(school):
    """Window k arises at a + kD, but an event of that minute belongs to the window before"""
    here = school(DUTY % "repeat every: P1W")

    assert here.states(log(SEEN, "2026-05-18T10:00 told target=s1"), "2026-05-18T10:00") == ["met", "pending"]
    assert here.states(log(SEEN, "2026-05-18T10:01 told target=s1"), "2026-05-18T10:01") == ["lapsed", "met"]


def test_window_due(school):
    """Without by a window is due at its end, and no due moment lies after it"""
    assert spans(school(DUTY % "repeat every: P1W, by: P10D").duties(log(SEEN), "2026-05-12T00:00")) == [
        ("2026-05-11T10:00", "2026-05-18T10:00")
    ]
    assert spans(school(DUTY % "repeat every: P1W, by: P2D").duties(log(SEEN), "2026-05-12T00:00")) == [
        ("2026-05-11T10:00", "2026-05-13T10:00")
    ]


def test_from_the_windows_start(school):
    """by and not before count from the window's start (HH:MM: on its first school day from there"""
    here = school(DUTY % "repeat each: week, by: '09:00', not before: P1D")
    found = here.duties(log("2026-05-22T08:00 seen target=s1"), "2026-05-26T08:00")

    assert spans(found) == [("2026-05-22T08:00", "2026-05-22T09:00"), ("2026-05-25T00:00", "2026-05-26T09:00")]
    assert found[1].state.value == "pending"
    assert here.states(log("2026-05-22T08:00 seen target=s1"), "2026-05-25T23:59")[1] == "upcoming"


def test_time_has_passed(school):
    """a first window in which that time has passed is skipped)"""
    here = school(DUTY % "repeat each: week, by: '09:00'")

    assert spans(here.duties(log("2026-05-12T09:01 seen target=s1"), "2026-05-18T00:00")) == [
        ("2026-05-18T00:00", "2026-05-18T09:00")
    ]
    assert len(here.duties(log("2026-05-12T09:00 seen target=s1"), "2026-05-17T00:00")) == 1


def test_late_within_the_window(school):
    """after it overdue, until the window's end it can be met late"""
    here = school(DUTY % "repeat every: P1W, by: P1D")

    assert here.states(log(SEEN), "2026-05-12T10:01") == ["overdue"]
    assert here.states(log(SEEN, "2026-05-18T10:00 told target=s1"), "2026-05-18T10:00")[0] == "met-late"
    assert here.states(log(SEEN, "2026-05-18T10:01 told target=s1"), "2026-05-18T10:01")[0] == "lapsed"


def test_guards_of_windows(school):
    """The first trigger starts the series whatever the guards say"""
    here = school(PAUSE + DUTY % "repeat every: P1W, unless: [f]")
    events = log(*on_off("2026-05-11T09:00", "2026-05-12T09:00"), SEEN, "2026-05-13T10:00 seen target=s1")

    assert spans(here.duties(events, "2026-05-18T10:00"))[1][0] == "2026-05-18T10:00"


def test_each_window_asks(school):
    """each window asks for itself"""
    here = school(PAUSE + DUTY % "repeat every: P1W, unless: [f]")
    events = log(*on_off("2026-05-11T09:00", "2026-05-12T09:00", "2026-05-20T09:00"), SEEN)

    assert here.states(events, "2026-05-26T00:00") == ["not-applicable", "lapsed", "not-applicable"]


def test_link_not_applicable(school):
    """a link of again after that is not applicable ends the chain"""
    here = school(PAUSE + DUTY % "by: P1D, again after: P1W, unless: [f]")
    lines = (SEEN, "2026-05-12T09:00 told target=s1", "2026-05-13T09:00 told target=s1")

    assert here.states(log(*lines), "2026-05-14T00:00") == ["met", "met", "pending"]
    assert here.states(log(*lines, *on_off("2026-05-12T09:00")), "2026-05-14T00:00") == ["met", "not-applicable"]


def test_lapsed(school):
    """A window missed is lapsed from the minute after its end (a breach of a must)"""
    here = school(DUTY % "repeat every: P1W")

    assert here.states(log(SEEN), "2026-05-18T10:00")[0] == "pending"
    assert here.states(log(SEEN), "2026-05-18T10:01")[0] == "lapsed"


def test_belongs_to_the_next(school):
    """what comes later belongs to the next"""
    assert school(DUTY % "repeat every: P1W").states(
        log(SEEN, "2026-05-19T10:00 told target=s1"), "2026-05-19T10:00"
    ) == ["lapsed", "met"]


def test_until_of_a_series(school):
    """Windows that start at or after until do not arise"""
    here = school(DUTY % "repeat every: P1W, until: left")

    assert here.states(log(SEEN, "2026-05-18T10:00 left target=s1"), END) == ["not-applicable"]
    assert here.states(log(SEEN, "2026-05-18T10:01 left target=s1"), END) == ["lapsed", "not-applicable"]


def test_until_at_once(school):
    """until in the minute of the first arising lets the first window arise and fall away"""
    here = school(DUTY % "repeat every: P1W, until: left")

    assert here.states(log(SEEN, "2026-05-11T10:00 left target=s1"), END) == ["not-applicable"]


def test_again_after(school):
    """again after: D: a new instance arises at each settling or waiving, due D later, settled only in a later minute"""
    here = school(DUTY % "by: P1D, again after: P1W, may be waived by: [head]")
    found = here.duties(
        log(SEEN, "2026-05-12T09:00 told target=s1", "2026-05-13T09:00 waive rule=d"), "2026-05-13T09:00"
    )

    assert [duty.state.value for duty in found] == ["met", "waived", "pending"]
    assert spans(found)[1:] == [("2026-05-12T09:00", "2026-05-19T09:00"), ("2026-05-13T09:00", "2026-05-20T09:00")]
    assert here.states(
        log(SEEN, "2026-05-12T09:00 told target=s1", "2026-05-12T09:00 told target=s1"), "2026-05-12T09:00"
    ) == ["met", "pending"]
    assert spans(school(DUTY % "again after: P1W").duties(log(SEEN), "2026-05-12T00:00")) == [
        ("2026-05-11T10:00", "2026-05-18T10:00")
    ]


def test_standing(school):
    """Standing duties, always there, are repeat each on the record of the school year, or a fact that must hold"""
    here = school(
        "facts: {n: {none of: [named]}, named: {count: led, at least: 1, distinct: case-lead}}\n"
        "duties: {d: {when: {becomes true: n}, counts: each, must: led, by: P1D, who: head}}"
    )

    assert here.states(log("2026-05-11T00:00 year-opened role=system"), "2026-05-11T00:00") == ["pending"]
    assert here.states(
        log("2026-05-11T00:00 year-opened role=system", "2026-05-11T09:00 led case-lead=t1"), "2026-05-11T09:00"
    ) == ["met"]
