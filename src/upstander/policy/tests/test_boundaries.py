"""The edges of the engine: last and first days, several in one minute, what is asked for whom; each was once a fault unseen."""

from __future__ import annotations

from datetime import datetime

import pytest

from upstander.policy.calendar import Calendar, Timetable
from upstander.policy.model import CalendarHints
from upstander.policy.tests.small import log

SEEN = "2026-05-11T10:00 seen target=s1"
DUTY = "duties: {d: {when: seen, for each: target, must: told, %s, who: teacher}}"


def test_of_two_triggers_in_one_minute_one_may_lack_the_end_of_the_window(school):
    here = school(DUTY % "in: {date: day, to: end}")
    duty = here.duty(log(f"{SEEN} day=2026-05-20", f"{SEEN} day=2026-05-18 end=2026-05-22"), "2026-05-11T10:00")

    assert duty.due == datetime(2026, 5, 22, 23, 59)
    assert here.states(log(f"{SEEN} day=2026-05-20", f"{SEEN} day=2026-05-18 end=2026-05-22"), "2026-05-17T23:59") == [
        "upcoming"
    ]
    assert here.states(log(f"{SEEN} day=2026-05-20", f"{SEEN} day=2026-05-18 end=2026-05-22"), "2026-05-18T00:00") == [
        "pending"
    ]


NAMED = "facts: {f: {for each: target, true from: {person-named: {grade: 3}}}}"


def test_what_a_person_is_counts_from_their_own_first_naming_and_not_from_another_persons(school):
    here = school(NAMED)
    events = log("2026-05-01T10:00 seen target=s2", SEEN, "2026-05-12T10:00 person-named target=s1 grade=3")
    found = here.look(events, "2026-05-13T00:00")

    assert [(held.fact, held.key) for held in found.facts] == [("f", (("target", "s1"),))]
    assert not here.holds(events, "2026-05-11T09:59")
    assert here.holds(events, "2026-05-11T10:00")


def test_what_a_person_is_does_not_count_from_what_is_said_of_them_again(school):
    here = school("facts: {f: {for each: target, count: {person-named: {grade: 3}}, at least: 1, within: P1D}}")
    events = log(
        "2026-05-01T10:00 person-named target=s1 grade=4", SEEN, "2026-05-20T10:00 person-named target=s1 grade=3"
    )

    assert here.holds(events, "2026-05-12T09:59")
    assert not here.holds(events, "2026-05-12T10:00")
    assert not here.holds(events, "2026-05-01T10:00")


@pytest.mark.parametrize(("day", "counted"), [("2026-04-13", False), ("2026-04-14", True), ("2026-05-11", True)])
def test_the_first_day_of_a_term_is_in_it(school, day, counted):
    here = school("facts: {f: {for each: target, count: away, at least: 1, within: term}}")

    assert here.holds(log(f"{day}T10:00 away target=s1"), "2026-05-11T12:00") is counted


@pytest.mark.parametrize(
    ("season", "before", "at"),
    [
        ("school hours", "2026-05-12T08:29", "2026-05-12T08:30"),
        ("school day", "2026-05-17T23:59", "2026-05-18T00:00"),
        ("holidays", "2026-07-21T23:59", "2026-07-22T00:00"),
        ("term", "2026-04-13T23:59", "2026-04-14T00:00"),
    ],
)
def test_a_season_begins_today_too(school, season, before, at):
    rules = (
        f"facts: {{f: {{during: {season}}}}}\nduties: {{d: {{when: {{becomes true: f}}, "
        f"counts: each, must: met, by: P1D, who: head}}}}"
    )
    here, events = school(rules), log("2026-04-01T10:00 planned" if season == "term" else "2026-05-11T20:00 planned")
    arose = [duty.arose for duty in here.duties(events, at)]

    assert datetime.fromisoformat(at) in arose
    assert here.duties(events, before) == [] or max(
        duty.arose for duty in here.duties(events, before)
    ) < datetime.fromisoformat(at)


def test_the_stretches_of_the_facts_that_closing_asks_for_are_kept_and_of_no_others(school):
    here = school(
        "facts: {f: {for each: target, true from: act, until: left}, g: {for each: target, true from: seen}}\n"
        "closure: {case: {for each: target, needs: [f], settled: all}}"
    )
    events = log(
        SEEN, "2026-05-11T11:00 act target=s1", "2026-05-11T12:00 left target=s1", "2026-05-11T13:00 act target=s1"
    )
    found = here.look(events, "2026-05-12T00:00").intervals

    assert [(each.fact, each.key, each.first.hour, each.last and each.last.hour) for each in found] == [
        ("f", (("target", "s1"),), 11, 12),
        ("f", (("target", "s1"),), 13, None),
    ]


def test_closing_a_record_without_names_in_its_closure(school):
    here = school("facts: {f: {true from: met}}\nclosure: {case: {needs: [f], settled: all}}")

    assert [part.fact for part in here.look(log(SEEN), "2026-05-12T00:00").missing] == ["f"]
    assert here.look(log(SEEN, "2026-05-11T11:00 met"), "2026-05-12T00:00").closable
    assert [part.fact for part in here.look([], "2026-05-12T00:00").missing] == ["f"]


def test_a_window_that_opens_only_with_a_new_version_of_the_day(school):
    here = school(DUTY % "repeat every: P1D, until: left")

    assert len(here.duties(log(SEEN, "2026-05-12T10:00 left target=s1"), "2026-05-20T00:00")) == 1
    assert len(here.duties(log(SEEN, "2026-05-12T10:01 left target=s1"), "2026-05-20T00:00")) == 2


def test_a_distance_of_no_days_stands_still():
    days = Timetable(Calendar.from_data({"terms": [{"from": "2026-05-01", "to": "2026-05-31"}]}), CalendarHints())

    assert days.nth(datetime(2026, 5, 8).date(), 1)[0] == datetime(2026, 5, 11).date()
    assert days.nth(datetime(2026, 5, 11).date(), -1)[0] == datetime(2026, 5, 8).date()
    assert days.nth(datetime(2026, 5, 8).date(), 1)[2] == (datetime(2026, 5, 9).date(), datetime(2026, 5, 10).date())


def test_pauses_only_hide_the_due_moment_after_the_arising(school):
    here = school("facts: {f: {for each: target, true from: act, until: left}}\n" + DUTY % "by: PT2H, paused while: f")
    events = log("2026-05-11T09:00 act target=s1", SEEN)

    assert here.states(events, "2026-05-11T10:00") == ["pending"]
    assert here.states(events, "2026-05-11T10:01") == ["paused"]


def test_a_pause_changes_what_the_clock_waits_for(school):
    here = school("facts: {f: {for each: target, true from: act, for: PT1H}}\n" + DUTY % "by: PT2H, paused while: f")
    events = log(SEEN, "2026-05-11T10:30 act target=s1")
    moments = [here.look(events, f"2026-05-11T{clock}").next_change for clock in ("10:30", "11:31")]

    assert [moment.isoformat(timespec="minutes") for moment in moments] == ["2026-05-11T11:31", "2026-05-11T13:02"]


def test_a_series_that_its_version_does_not_know_any_more_wakes_nobody(school):
    here = school(DUTY % "repeat every: P1W, until: left")

    assert here.look(log(SEEN, "2026-05-12T10:00 left target=s1"), "2026-05-13T00:00").next_change is None
    assert here.look(log(SEEN), "2026-05-11T10:00").next_change == datetime(2026, 5, 18, 10, 0)


def test_a_closed_chain_begins_anew_once_and_not_before_the_reopening(school):
    here = school(DUTY % "by: P1D, again after: P1W, until: close")
    events = log(SEEN, "2026-05-11T12:00 told target=s1", "2026-05-12T10:00 close", "2026-06-01T09:00 reopen")

    assert here.states(events, "2026-05-31T00:00") == ["met", "not-applicable"]
    assert here.states(events, "2026-06-01T09:00") == ["met", "not-applicable", "pending"]


def test_limits_of_closing_are_asked_only_of_closing(school):
    rules = (
        "limits: {l: {act: told, for each: target, never: true}}\n"
        "duties: {d: {when: {breach: l}, for each: target, must: act, by: P1D, who: head},"
        " e: {when: {breach: closure.case}, must: met, by: P1D, who: head}}\n"
        "facts: {f: {for each: target, true from: act}}\n"
        "closure: {case: {for each: target, needs: [f], settled: []}}"
    )
    here = school(rules)
    events = log(SEEN, "2026-05-11T11:00 told target=s1")

    assert [duty.rule for duty in here.look(events, "2026-05-11T11:00").duties] == ["d"]
    assert [duty.rule for duty in here.look(log(SEEN, "2026-05-11T11:00 close"), "2026-05-11T11:00").duties] == ["e"]


def test_a_group_and_its_member_agree_in_until(school):
    here = school(
        "duties: {d: {when: seen, for each: target, must: told, by: P1D, until: gone, who: head}}",
        events="gone: {about: [pupil]}",
    )

    assert here.states(log(SEEN, "2026-05-11T11:00 gone pupil=s1"), "2026-05-11T11:00") == ["not-applicable"]
    assert here.states(log(SEEN, "2026-05-11T11:00 gone pupil=s2"), "2026-05-11T11:00") == ["pending"]
    assert here.states(log(SEEN, "2026-05-11T11:00 gone"), "2026-05-11T11:00") == ["not-applicable"]


def test_a_word_of_a_word_is_the_deadline_it_ends_in(school):
    here = school(DUTY % "repeat each: week, by: early", ("as needed: judged", "early: '09:00'"))

    assert [duty.arose.day for duty in here.duties(log("2026-05-12T09:01 seen target=s1"), "2026-05-18T00:00")] == [18]
    assert [duty.arose.day for duty in here.duties(log("2026-05-12T08:00 seen target=s1"), "2026-05-17T00:00")] == [12]
