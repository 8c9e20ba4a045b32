"""§3 Facts."""

from __future__ import annotations

import pytest

from upstander.policy import loader
from upstander.policy.tests.small import log, text

SEEN = "2026-05-11T10:00 seen target=s1"
FROM = "facts: {f: {for each: target, true from: seen, %s}}"
COUNT = "facts: {f: {for each: target, count: away, at least: %s}}"


def codes(rules: str) -> set[str]:
    return {each.code for each in loader.check_text(text(rules))[1] if each.stops}


def moments(here, events, *clocks: str) -> list[bool]:
    return [here.holds(events, clock) for clock in clocks]


def test_a_fact(school):
    """A fact holds or not, for a key, at a moment"""
    here = school(FROM % "until: left")

    assert [fact.key for fact in here.look(log(SEEN, "2026-05-11T11:00 act target=s2"), "2026-05-11T12:00").facts] == [
        (("target", "s1"),)
    ]
    assert here.look(log(SEEN), "2026-05-11T09:59").facts == ()


def test_closed_interval(school):
    """An interval of true from is closed: it still holds in the minute of its end and turns in the next"""
    assert moments(
        school(FROM % "until: left"),
        log(SEEN, "2026-05-11T11:00 left target=s1"),
        "2026-05-11T11:00",
        "2026-05-11T11:01",
    ) == [True, False]
    assert moments(school(FROM % "for: PT2H"), log(SEEN), "2026-05-11T12:00", "2026-05-11T12:01") == [True, False]


def test_true_from(school):
    """the latest P at or before t (at s) is not followed by a Q in [s, t), t ≤ s + D, t ≤ that date (as far as
    given)"""
    here = school(FROM % "until: left, for: P2D, to: {date: end}")
    again, left = "2026-05-11T12:00 seen target=s1", "2026-05-11T11:00 left target=s1"

    assert moments(
        here, log(SEEN, left, again), "2026-05-11T11:30", "2026-05-11T12:00", "2026-05-13T12:00", "2026-05-13T12:01"
    ) == [False, True, True, False]
    assert moments(here, log(SEEN, "2026-05-11T10:00 left target=s1"), "2026-05-11T10:00", "2026-05-11T10:01") == [
        True,
        False,
    ]
    assert moments(here, log(f"{SEEN} end=2026-05-12"), "2026-05-12T23:59", "2026-05-13T00:00") == [True, False]
    assert moments(here, log(f"{SEEN} end=2026-05-30"), "2026-05-13T10:00", "2026-05-13T10:01") == [True, False]


def test_quiet_ends(school):
    """A quiet time ends in the minute of the P itself"""
    here = school("facts: {f: {for each: target, quiet: act, since: seen, for: P1D}}")

    assert moments(
        here,
        log(SEEN, "2026-05-13T10:00 act target=s1"),
        "2026-05-12T09:59",
        "2026-05-12T10:00",
        "2026-05-13T09:59",
        "2026-05-13T10:00",
    ) == [False, True, True, False]


@pytest.mark.parametrize(
    ("since", "distance", "full"),
    [
        ("2025-11-30T10:00", "P3M", "2026-03-01T10:00"),
        ("2026-01-31T10:00", "P1M", "2026-03-01T10:00"),
        ("2026-01-28T10:00", "P1M", "2026-02-28T10:00"),
        ("2026-05-31T10:00", "P1M", "2026-07-01T10:00"),
        ("2026-05-31T10:00", "P1M1D", "2026-07-02T10:00"),
        ("2026-05-08T10:00", "1 school day", "2026-05-11T23:59"),
    ],
)
def test_quiet(school, since, distance, full):
    """some Q is at or before t, and D has passed since the latest P or Q (a missing day of the month: the 1st of the
    next)"""
    here = school(f"facts: {{f: {{for each: target, quiet: act, since: seen, for: {distance}}}}}")
    before = full[:-2] + f"{int(full[-2:]) - 1:02}" if not full.endswith("00") else full[:11] + "09:59"

    assert moments(here, log(f"{since} seen target=s1"), before, full) == [False, True]
    assert moments(here, log("2024-01-01T00:00 seen target=s1", f"{since} act target=s1"), before, full) == [
        False,
        True,
    ]
    assert not here.holds(log("2024-01-01T00:00 act target=s1"), "2026-12-01T00:00")


def test_count_minutes(school):
    """a count holds exactly in the minutes whose window has n"""
    here = school(COUNT % "2, within: P1D")
    events = log("2026-05-11T10:00 away target=s1", "2026-05-11T12:00 away target=s1")

    assert moments(here, events, "2026-05-11T11:59", "2026-05-11T12:00", "2026-05-12T09:59", "2026-05-12T10:00") == [
        False,
        True,
        True,
        False,
    ]


def test_count_what(school):
    """the number (sum, number of different ones) of P in the window ending at t is ≥ n"""
    two = ("2026-05-11T10:00 away target=s1 days=1", "2026-05-11T10:00 away target=s1 days=2")

    assert school(COUNT % "2").holds(log(*two), "2026-05-11T10:00")
    assert not school(COUNT % "3").holds(log(*two), "2026-05-11T10:00")
    assert school(COUNT % "3, adding up: days").holds(log(*two), "2026-05-11T10:00")
    assert not school(COUNT % "4, adding up: days").holds(log(*two), "2026-05-11T10:00")
    assert school(COUNT % "2, distinct: days").holds(log(*two), "2026-05-11T10:00")
    assert not school(COUNT % "2, distinct: days").holds(log(two[0], two[0]), "2026-05-11T10:00")


@pytest.mark.parametrize(
    ("what", "one", "two"),
    [
        ("target", "target=s1", "target=s2"),
        ("role", "target=s1 role=head", "target=s1 role=teacher"),
        ("n", "target=s1 n=1", "target=s1 n=2"),
    ],
)
def test_distinct(school, what, one, two):
    """adding up: F distinct: a field, a name of about (persons), role (the doer's)"""
    here = school(f"facts: {{f: {{count: seen, at least: 2, distinct: {what}}}}}")
    assert here.holds(log(f"2026-05-11T10:00 seen {one}", f"2026-05-11T10:00 seen {two}"), "2026-05-11T10:00")
    assert not here.holds(log(f"2026-05-11T10:00 seen {one}", f"2026-05-12T10:00 seen {one}"), "2026-05-12T10:00")


def test_distinct_days(school):
    """or day (civil)"""
    here = school(COUNT % "2, distinct: day")

    assert not here.holds(log("2026-05-11T00:00 away target=s1", "2026-05-11T23:59 away target=s1"), "2026-05-11T23:59")
    assert here.holds(log("2026-05-11T23:59 away target=s1", "2026-05-12T00:00 away target=s1"), "2026-05-12T00:00")


def test_windows(school):
    """W: ever (default), a duration (t − W, t], school year, term"""
    events = log("2025-10-01T10:00 away target=s1", "2026-02-02T10:00 away target=s1")
    year, term = school(COUNT % "2, within: school year"), school(COUNT % "1, within: term")

    assert school(COUNT % "2").holds(events, "2030-01-01T00:00")
    assert moments(year, events, "2026-02-02T10:00", "2026-08-31T23:59", "2026-09-01T00:00") == [True, True, False]
    assert moments(
        term,
        events,
        "2025-12-19T23:59",
        "2025-12-20T00:00",
        "2026-01-06T00:00",
        "2026-02-02T10:00",
        "2026-03-27T23:59",
        "2026-03-28T00:00",
        "2026-04-14T00:00",
    ) == [True, False, False, True, True, False, False]


RUN = COUNT % "3, within: consecutive school days"


def days(*numbers: int, clock: str = "10:00") -> list[str]:
    return [f"2026-05-{number:02}T{clock} away target=s1" for number in numbers]


def test_run(school):
    """consecutive school days (the number of days, each with an event; events on free days are ignored; the run ends
    today, or if today has no event or is free, on the last school day before)"""
    here = school(RUN)
    over_weekend = log(*days(7, 8, 11))  # Thursday, Friday, Monday

    assert moments(
        here, over_weekend, "2026-05-11T09:59", "2026-05-11T10:00", "2026-05-12T23:59", "2026-05-13T00:00"
    ) == [False, True, True, False]
    assert not here.holds(log(*days(7, 8, 8)), "2026-05-08T23:00")
    assert not here.holds(log(*days(7, 9, 11)), "2026-05-11T23:00")
    assert here.holds(log(*days(7, 8, 9, 10, 11)), "2026-05-11T23:00")
    assert moments(
        here, log(*days(13, 14, 15)), "2026-05-16T12:00", "2026-05-17T23:59", "2026-05-18T23:59", "2026-05-19T00:00"
    ) == [True, True, True, False]
    assert here.holds(log(*days(21, 22, 26)), "2026-05-26T12:00")  # the 25th is closed


def test_overdue(school):
    """overdue: duty | an instance of that duty for the key is overdue (no cycles)"""
    here = school(
        "facts: {f: {for each: target, overdue: d}}\n"
        "duties: {d: {when: seen, for each: target, must: told, by: PT2H, who: head}}"
    )
    events = log(
        "2026-05-11T10:00 seen target=s1,s2", "2026-05-11T11:00 told target=s2", "2026-05-11T14:00 told target=s1"
    )

    assert moments(here, events, "2026-05-11T12:00", "2026-05-11T12:01", "2026-05-11T13:59", "2026-05-11T14:00") == [
        False,
        True,
        True,
        False,
    ]
    assert [fact.key[0][1] for fact in here.look(events, "2026-05-11T13:00").facts] == ["s1"]
    assert codes("facts: {f: {overdue: d}}\nduties: {d: {when: seen, if: [f], must: told, by: PT2H, who: head}}") == {
        "E9"
    }


@pytest.mark.parametrize(
    ("how", "none", "one", "both"),
    [("all of", False, False, True), ("any of", False, True, True), ("none of", True, False, False)],
)
def test_combinations(school, how, none, one, both):
    """all of / any of / none of: [facts]"""
    here = school(
        f"facts: {{a: {{for each: target, true from: act}}, b: {{for each: target, "
        f"true from: agreed}}, f: {{for each: target, {how}: [a, b]}}}}"
    )
    lines = (SEEN, "2026-05-11T11:00 act target=s1", "2026-05-11T12:00 agreed target=s1")

    assert moments(here, log(*lines), "2026-05-11T10:00", "2026-05-11T11:00", "2026-05-11T12:00") == [none, one, both]


@pytest.mark.parametrize(
    ("season", "inside", "outside"),
    [
        ("school hours", "2026-05-11T15:30", "2026-05-11T15:31"),
        ("school day", "2026-05-11T23:59", "2026-05-16T10:00"),
        ("term", "2026-07-21T23:59", "2026-07-22T00:00"),
        ("holidays", "2026-07-22T00:00", "2026-07-21T23:59"),
    ],
)
def test_during(school, season, inside, outside):
    """during: school hours (also school day, term, holidays) | the calendar says so; no key"""
    here, events = school(f"facts: {{f: {{during: {season}}}}}"), log("2026-04-20T10:00 seen target=s1")

    assert moments(here, events, inside, outside) == [True, False]
    assert here.look(events, inside).facts[0].key == ()
    assert not school("facts: {f: {during: holidays}}", calendar=None).holds(events, inside)


TURNS = {
    "the minute of an event it uses and the minute after": ("true from: seen, until: left", ["2026-05-11T11:01"]),
    "s + D + 1": ("true from: seen, for: PT3H", ["2026-05-11T13:01"]),
    "the minute a quiet time is full": ("quiet: act, since: seen, for: P1D", ["2026-05-12T10:00"]),
    "an event leaving a window": ("count: seen, at least: 1, within: P1D", ["2026-05-12T10:00"]),
}


@pytest.mark.parametrize("name", TURNS)
def test_turns(school, name):
    """A fact may turn only at: the minute of an event it uses and the minute after; s + D + 1; the minute a quiet
    time is full; an event leaving a window"""
    form, expected = TURNS[name]
    here, events = school(f"facts: {{f: {{for each: target, {form}}}}}"), log(SEEN, "2026-05-11T11:00 left target=s1")
    found, now = [], "2026-05-11T11:00"
    while (following := here.look(events, now).next_change) is not None and len(found) < 4:
        now = following.isoformat(timespec="minutes")
        found.append(now)

    assert found == expected


def test_turns_by_the_calendar(school):
    """00:00 of a day; the start of the school day and the minute after its end"""
    events = log("2026-05-15T10:00 seen target=s1")

    def change(season: str, now: str) -> str:
        return school(f"facts: {{f: {{during: {season}}}}}").look(events, now).next_change.isoformat(timespec="minutes")

    assert change("school hours", "2026-05-15T10:00") == "2026-05-15T15:31"
    assert change("school hours", "2026-05-15T15:31") == "2026-05-18T08:30"
    assert change("school day", "2026-05-15T10:00") == "2026-05-16T00:00"


def test_turns_by_a_duty(school):
    """the minute after a due moment; the moments of its parts"""
    rules = (
        "facts: {f: {for each: target, overdue: d}, g: {for each: target, "
        "none of: [f]}}\nduties: {d: {when: seen, for each: target, must: told, by: PT2H, who: head}}"
    )
    here, events = school(rules), log(SEEN)

    assert here.look(events, "2026-05-11T10:30").next_change.isoformat() == "2026-05-11T12:01:00"
    assert [fact.fact for fact in here.look(events, "2026-05-11T12:00").facts] == ["g"]
    assert [fact.fact for fact in here.look(events, "2026-05-11T12:01").facts] == ["f"]


def test_numbers(school):
    """Numbers are decimals of at most three places, summed exactly"""
    here = school(COUNT % "0.3, adding up: days")
    [one, two] = log("2026-05-11T10:00 away target=s1 days=0.1", "2026-05-11T11:00 away target=s1 days=0.2")

    assert moments(here, [one, two], "2026-05-11T10:00", "2026-05-11T11:00") == [False, True]


def test_missing_adds_nothing(school):
    """a missing field adds 0"""
    events = log("2026-05-11T10:00 away target=s1 days=1", "2026-05-11T11:00 away target=s1")

    assert school(COUNT % "1, adding up: days").holds(events, "2026-05-11T11:00")
    assert not school(COUNT % "2, adding up: days").holds(events, "2026-05-11T11:00")


def test_before_the_first_event(school):
    """Before the first event that carries a key, every fact counts as not holding for it"""
    here = school(
        "facts: {a: {for each: target, true from: act}, f: {for each: target, "
        "none of: [a]}}\nlimits: {l: {act: told, for each: target, only while: [f]}}"
    )

    assert not here.holds(log("2026-05-11T09:00 met"), "2026-05-11T09:00")
    assert here.holds(log(SEEN), "2026-05-11T10:00")
    assert here.breaches(log("2026-05-11T10:00 told target=s1")) == []


def test_closed_and_watched(school):
    """Built-in: closed (from close until reopen), watched (the same, for the watch for)"""
    rules = (
        "facts: {c: {any of: [closed]}, w: {any of: [watched]}}\n"
        "closure: {case: {for each: target, needs: [], settled: all, watch for: P1M}}"
    )
    here, events = (
        school(rules),
        log(SEEN, "2026-05-12T10:00 close", "2026-05-20T10:00 reopen", "2026-05-21T10:00 close"),
    )

    def held(now: str) -> list[str]:
        return [fact.fact for fact in here.look(events, now).facts]

    assert [held(now) for now in ("2026-05-12T09:59", "2026-05-12T10:00", "2026-05-20T10:00", "2026-05-20T10:01")] == [
        [],
        ["c", "w"],
        ["c", "w"],
        [],
    ]
    assert [held(now) for now in ("2026-06-21T10:00", "2026-06-21T10:01")] == [["c", "w"], ["c"]]
    assert [here.look(events, now).closed for now in ("2026-05-12T09:59", "2026-05-12T10:00", "2026-05-20T10:01")] == [
        False,
        True,
        False,
    ]
