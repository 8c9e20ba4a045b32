"""§5 Deadlines."""

from __future__ import annotations

import pytest

from upstander.policy import loader
from upstander.policy.tests.small import log, text

DUTY = "duties: {d: {when: seen, for each: target, must: told, %s, who: head}}"


def due(school, by: str, at: str, *lines: str, now: str = "", fields: str = "") -> str | None:
    return school(DUTY % f"by: {by}").due(log(f"{at} seen target=s1 {fields}", *lines), now or at)


def codes(rules: str) -> set[str]:
    return {each.code for each in loader.check_text(text(rules))[1] if each.stops}


def test_durations():
    """D is an ISO duration or, except in repeat every, within and back, N school days / N working days (also 1
    school day"""
    for distance in ("PT2H", "P1W", "1 school day", "2 working days"):
        assert codes(DUTY % f"by: {distance}, remind: {distance}") == set()
        assert codes(DUTY % f"again after: {distance}, until: left") == set()
    assert codes(DUTY % "repeat every: 2 school days") != set()
    assert codes("facts: {f: {for each: target, count: act, at least: 2, within: 2 school days}}") != set()


@pytest.mark.parametrize(
    ("less", "moment"),
    [
        ("1 school day", "2026-05-22T00:00"),
        ("2 school days", "2026-05-21T00:00"),
        ("1 working day", "2026-05-25T00:00"),
        ("PT2H", "2026-05-26T21:59"),
    ],
)
def test_back_to_midnight(school, less, moment):
    """less and remind count back, to 00:00)"""
    assert due(school, f"{{date: day, less: {less}}}", "2026-05-11T10:00", fields="day=2026-05-26") == moment


@pytest.mark.parametrize(
    ("at", "by", "moment"),
    [
        ("2026-01-31T10:00", "P1M", "2026-02-28T10:00"),
        ("2028-01-31T10:00", "P1M", "2028-02-29T10:00"),
        ("2024-02-29T10:00", "P1Y", "2025-02-28T10:00"),
        ("2026-03-31T23:59", "P1M", "2026-04-30T23:59"),
        ("2026-12-31T10:00", "P2M", "2027-02-28T10:00"),
        ("2026-01-31T10:00", "P1M1D", "2026-03-01T10:00"),
        ("2026-01-31T10:00", "P1MT14H", "2026-03-01T00:00"),
    ],
)
def test_missing_day(school, at, by, moment):
    """A missing day of the month is its last day, of a quiet time the 1st of the next, at the same clock time"""
    assert due(school, by, at) == moment


def test_in_a_window(school):
    """An event at e is in a window W at t while e ≤ t < e + W"""
    here, events = (
        school("facts: {f: {for each: target, count: act, at least: 1, within: P1M}}"),
        log("2026-01-31T10:00 act target=s1"),
    )

    assert [
        here.holds(events, now)
        for now in ("2026-01-31T09:59", "2026-01-31T10:00", "2026-02-28T09:59", "2026-02-28T10:00")
    ] == [False, True, True, False]


@pytest.mark.parametrize(
    ("at", "moment"),
    [
        ("2026-05-11T00:00", "2026-05-11T23:59"),
        ("2026-05-11T23:59", "2026-05-11T23:59"),
        ("2026-05-16T10:00", "2026-05-16T23:59"),
    ],
)
def test_same_day(school, at, moment):
    """same day | 23:59 of the civil day of arising"""
    assert due(school, "same day", at) == moment


@pytest.mark.parametrize(
    ("at", "moment"),
    [
        ("2026-05-11T15:30", "2026-05-11T15:30"),
        ("2026-05-11T15:31", "2026-05-12T15:30"),
        ("2026-05-11T00:00", "2026-05-11T15:30"),
        ("2026-05-16T10:00", "2026-05-18T15:30"),
        ("2026-05-22T18:00", "2026-05-26T15:30"),
    ],
)
def test_end_of_school_day(school, at, moment):
    """end of school day | the end of that school day; arising later or on a free day: of the next"""
    assert due(school, "end of school day", at) == moment


@pytest.mark.parametrize(
    ("at", "by", "moment"),
    [
        ("2026-05-11T10:00", "1 school day", "2026-05-12T23:59"),
        ("2026-05-21T23:59", "2 school days", "2026-05-26T23:59"),
        ("2026-05-29T10:00", "1 school day", "2026-05-30T23:59"),
        ("2026-03-27T10:00", "1 school day", "2026-04-14T23:59"),
        ("2026-05-01T10:00", "1 working day", "2026-05-05T23:59"),
        ("2026-05-22T10:00", "1 working day", "2026-05-25T23:59"),
        ("2026-05-16T10:00", "1 school day", "2026-05-18T23:59"),
    ],
)
def test_nth_day(school, at, by, moment):
    """N school days, N working days | 23:59 of the Nth after the day of arising (0 is an error)"""
    assert due(school, by, at) == moment
    assert codes(DUTY % f"by: {by.replace(by[0], '0', 1)}") == {"E5"}


@pytest.mark.parametrize(
    ("by", "moment"),
    [
        ("PT2H", "2026-05-11T12:00"),
        ("P1W", "2026-05-18T10:00"),
        ("P3M", "2026-08-11T10:00"),
        ("PT90M", "2026-05-11T11:30"),
        ("P1Y2M10DT2H30M", "2027-07-21T12:30"),
    ],
)
def test_iso(school, by, moment):
    """ISO 8601 PT2H, P1W, P3M | civil arithmetic; a missing day of the month is its last day"""
    assert due(school, by, "2026-05-11T10:00") == moment


@pytest.mark.parametrize(
    ("at", "moment"),
    [
        ("2026-05-11T11:00", "2026-05-11T11:00"),
        ("2026-05-11T11:01", "2026-05-12T11:00"),
        ("2026-05-11T00:00", "2026-05-11T11:00"),
        ("2026-05-16T10:00", "2026-05-18T11:00"),
        ("2026-05-22T12:00", "2026-05-26T11:00"),
    ],
)
def test_clock(school, at, moment):
    """HH:MM | that time on the day of arising if it is a school day and the time has not passed, else on the next
    school day"""
    assert due(school, "'11:00'", at) == moment


def test_after(school):
    """{after: P, plus: D} | D after the first P at or after the arising; before P there is no due moment"""
    by, agreed = "{after: agreed, plus: P1D}", "2026-05-%s agreed target=s1"

    assert due(school, by, "2026-05-11T10:00") is None
    assert due(school, by, "2026-05-11T10:00", agreed % "11T09:59", now="2026-05-12T10:00") is None
    assert (
        due(school, by, "2026-05-11T10:00", agreed % "11T10:00", agreed % "12T10:00", now="2026-05-12T10:00")
        == "2026-05-12T10:00"
    )
    assert (
        due(
            school,
            "{after: agreed, plus: 2 school days}",
            "2026-05-11T10:00",
            agreed % "15T12:00",
            now="2026-05-16T00:00",
        )
        == "2026-05-19T23:59"
    )


def test_after_in_a_list(school):
    """a P after the earliest due of a list cannot make it earlier; one after the settling no longer counts"""
    by, agreed = "[{after: agreed, plus: PT1H}, P2D]", "2026-05-%s agreed target=s1"

    assert due(school, by, "2026-05-11T10:00", now="2026-05-11T12:00") == "2026-05-13T10:00"
    assert due(school, by, "2026-05-11T10:00", agreed % "12T10:00", now="2026-05-12T12:00") == "2026-05-12T11:00"
    assert due(school, by, "2026-05-11T10:00", agreed % "13T10:01", now="2026-05-14T12:00") == "2026-05-13T10:00"
    settled = school(DUTY % f"by: {by}").duty(
        log("2026-05-11T10:00 seen target=s1", "2026-05-12T09:00 told target=s1", agreed % "12T10:00"),
        "2026-05-14T00:00",
    )
    assert (settled.due.day, settled.due.hour) == (13, 10)


def test_before(school):
    """{before: P} | the first P of a later minute; settled in P's minute is met; before P there is no due moment"""
    here, lines = (
        school(DUTY % "by: {before: agreed}"),
        ("2026-05-11T10:00 seen target=s1", "2026-05-11T10:00 agreed target=s1"),
    )

    assert here.duty(log(*lines), "2026-05-11T12:00").due is None
    later = (*lines, "2026-05-11T12:00 agreed target=s1")
    assert here.states(log(*later), "2026-05-11T12:00") == ["pending"]
    assert here.states(log(*later), "2026-05-11T12:01") == ["overdue"]
    assert here.states(log(*later, "2026-05-11T12:00 told target=s1"), "2026-05-12T00:00") == ["met"]
    assert here.states(log(*later, "2026-05-11T12:01 told target=s1"), "2026-05-12T00:00") == ["met-late"]


@pytest.mark.parametrize(
    ("by", "day", "moment"),
    [
        ("{date: day}", "2026-05-20", "2026-05-20T23:59"),
        ("{date: day, less: P1W}", "2026-05-20", "2026-05-13T23:59"),
        ("{date: day, less: P1W}", "2026-05-12", "2026-05-11T10:00"),
        ("{date: day}", "2026-05-01", "2026-05-11T10:00"),
        ("{date: day, plus: P1M}", "2026-05-31", "2026-06-30T23:59"),
        ("{date: day, plus: 1 school day}", "2026-05-22", "2026-05-26T23:59"),
    ],
)
def test_date(school, by, day, moment):
    """{date: F, less: D} / plus: D | that field of the triggering event (a date is 23:59), never before the arising"""
    assert due(school, by, "2026-05-11T10:00", fields=f"day={day}") == moment


@pytest.mark.parametrize(
    ("by", "at", "moment"),
    [
        ("end of term", "2026-03-27T23:59", "2026-03-27T23:59"),
        ("end of term", "2026-03-28T00:00", "2026-07-21T23:59"),
        ("end of term", "2026-05-11T10:00", "2026-07-21T23:59"),
        ("end of school year", "2026-05-11T10:00", "2026-08-31T23:59"),
        ("end of school year", "2026-09-01T00:00", "2027-08-31T23:59"),
    ],
)
def test_end_of(school, by, at, moment):
    """end of term, end of school year | 23:59 of its last day; outside a term, of the next"""
    assert due(school, by, at) == moment


def test_word(school):
    """a word, {param: …} | as the school has answered it"""
    assert due(school, "promptly", "2026-05-11T10:00") == due(school, "1 school day", "2026-05-11T10:00")


def test_list(school):
    """a list | the earliest that has a due moment"""
    assert due(school, "[P3D, 1 school day]", "2026-05-11T10:00") == "2026-05-12T23:59"
    assert due(school, "[P1D, 1 school day]", "2026-05-11T10:00") == "2026-05-12T10:00"
    assert due(school, "[as needed, {date: day}, P3D]", "2026-05-11T10:00") == "2026-05-14T10:00"
    assert due(school, "[as needed, {before: agreed}]", "2026-05-11T10:00") is None


@pytest.mark.parametrize(
    ("by", "flags"),
    [("{date: day}", ("date missing",)), ("end of term", ("calendar missing",)), ("as needed", ()), ("judged", ())],
)
def test_without_a_due_moment(school, by, flags):
    """Without a due moment (missing date or calendar, judged, a may without by) the instance is pending with due:
    null and a flag, never overdue"""
    duty = school(DUTY % f"by: {by}").duty(log("2027-05-11T10:00 seen target=s1"), "2031-01-01T00:00")

    assert (duty.state.value, duty.due, duty.flags) == ("pending", None, flags)
    offer = school(DUTY % "strength: may").duty(log("2026-05-11T10:00 seen target=s1"), "2031-01-01T00:00")
    assert (offer.state.value, offer.due) == ("pending", None)


def test_a_may(school):
    """A may past its due moment is not applicable (offer ended)"""
    here, seen = school(DUTY % "by: PT2H, strength: may"), "2026-05-11T10:00 seen target=s1"
    duty = here.duty(log(seen), "2026-05-11T12:01")

    assert (duty.state.value, duty.why) == ("not-applicable", ("offer ended",))
    assert here.states(log(seen), "2026-05-11T12:00") == ["pending"]
    assert here.states(log(seen, "2026-05-11T12:00 told target=s1"), "2026-05-12T00:00") == ["met"]
    assert here.states(log(seen, "2026-05-11T12:01 told target=s1"), "2026-05-12T00:00") == ["not-applicable"]


def test_a_may_never_hinders(school):
    """it never hinders closing"""
    closure = "\nclosure: {case: {for each: target, needs: [], settled: all}}"
    may, should = (school(DUTY % f"by: P1W, strength: {strength}" + closure) for strength in ("may", "should"))
    events = log("2026-05-11T10:00 seen target=s1")

    assert may.look(events, "2026-05-11T10:00").closable
    assert not should.look(events, "2026-05-11T10:00").closable
