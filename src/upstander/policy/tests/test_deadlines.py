"""§5, row by row: due moments."""

from __future__ import annotations

import pytest

from upstander.policy.tests.small import log

MONDAY, FRIDAY, SATURDAY = "2026-05-11T10:00", "2026-05-08T16:00", "2026-05-16T10:00"


@pytest.mark.parametrize(
    ("by", "arose", "due"),
    [
        ("same day", MONDAY, "2026-05-11T23:59"),
        ("end of school day", MONDAY, "2026-05-11T15:30"),
        ("end of school day", FRIDAY, "2026-05-11T15:30"),
        ("end of school day", SATURDAY, "2026-05-18T15:30"),
        ("1 school day", FRIDAY, "2026-05-11T23:59"),
        ("3 school days", "2026-05-21T10:00", "2026-05-27T23:59"),  # the 25th is closed
        ("6 school days", "2026-05-21T10:00", "2026-05-30T23:59"),  # Saturday the 30th is open
        ("1 working day", "2026-05-01T10:00", "2026-05-05T23:59"),  # the 4th is a public holiday
        ("PT2H", MONDAY, "2026-05-11T12:00"),
        ("P1W", MONDAY, "2026-05-18T10:00"),
        ("P1M", "2026-01-31T10:00", "2026-02-28T10:00"),
        ("P1M1D", "2026-01-31T10:00", "2026-03-01T10:00"),
        ("'12:30'", MONDAY, "2026-05-11T12:30"),
        ("'09:00'", MONDAY, "2026-05-12T09:00"),
        ("'09:00'", SATURDAY, "2026-05-18T09:00"),
        ("end of term", MONDAY, "2026-07-21T23:59"),
        ("end of term", "2026-04-01T10:00", "2026-07-21T23:59"),
        ("end of school year", MONDAY, "2026-08-31T23:59"),
        ("promptly", FRIDAY, "2026-05-11T23:59"),
        ("[same day, PT2H]", MONDAY, "2026-05-11T12:00"),
        ("[as needed, PT2H]", MONDAY, "2026-05-11T12:00"),
        ("as needed", MONDAY, None),
    ],
)
def test_the_due_moment(school, by, arose, due):
    here = school(f"duties: {{d: {{when: seen, for each: target, must: told, by: {by}, who: teacher}}}}")

    assert here.due(log(f"{arose} seen target=s1"), arose) == due


@pytest.mark.parametrize(
    ("by", "day", "due"),
    [
        ("{date: day}", "2026-05-20", "2026-05-20T23:59"),
        ("{date: day, less: P2D}", "2026-05-20", "2026-05-18T23:59"),
        ("{date: day, less: 2 school days}", "2026-05-19", "2026-05-15T00:00"),
        ("{date: day, plus: 1 school day}", "2026-05-15", "2026-05-18T23:59"),
        ("{date: day}", "2026-05-01", "2026-05-11T10:00"),  # never before the arising
    ],
)
def test_a_date_of_the_triggering_event(school, by, day, due):
    here = school(f"duties: {{d: {{when: seen, for each: target, must: told, by: {by}, who: teacher}}}}")

    assert here.due(log(f"{MONDAY} seen target=s1 day={day}"), MONDAY) == due


def test_a_missing_date_is_pending_with_a_flag(school):
    here = school("duties: {d: {when: seen, for each: target, must: told, by: {date: day}, who: teacher}}")
    duty = here.duty(log(f"{MONDAY} seen target=s1"), "2027-01-01T00:00")

    assert (duty.state.value, duty.due, duty.flags) == ("pending", None, ("date missing",))


def test_after_an_event_there_is_no_due_moment_before_it(school):
    here = school(
        "duties: {d: {when: seen, for each: target, must: told, by: {after: planned, plus: PT2H}, who: teacher}}"
    )
    events = log(f"{MONDAY} seen target=s1", "2026-05-12T10:00 planned")

    assert here.due(events, MONDAY) is None
    assert here.due(events, "2026-05-12T10:00") == "2026-05-12T12:00"


def test_settled_in_the_minute_of_what_it_must_come_before_is_met(school):
    here = school("duties: {d: {when: seen, for each: target, must: told, by: {before: planned}, who: teacher}}")
    events = log(f"{MONDAY} seen target=s1", "2026-05-12T10:00 planned")

    assert here.states([*events, *log("2026-05-12T10:00 told target=s1 id=x")], "2026-05-13T00:00") == ["met"]
    assert here.states([*events, *log("2026-05-12T10:01 told target=s1 id=x")], "2026-05-13T00:00") == ["met-late"]


def test_without_a_calendar_monday_to_friday_are_assumed_and_said(school):
    here = school(
        "duties: {d: {when: seen, for each: target, must: told, by: 1 school day, who: teacher}}", calendar=None
    )
    duty = here.duty(log("2026-05-29T10:00 seen target=s1"), "2026-05-29T10:00")

    assert (duty.due.isoformat(timespec="minutes"), duty.flags) == ("2026-06-01T23:59", ("calendar assumed",))


def test_without_a_calendar_the_end_of_term_is_not_known(school):
    here = school(
        "duties: {d: {when: seen, for each: target, must: told, by: end of term, who: teacher}}", calendar=None
    )
    duty = here.duty(log(f"{MONDAY} seen target=s1"), "2027-05-29T10:00")

    assert (duty.state.value, duty.due, duty.flags) == ("pending", None, ("calendar missing",))
