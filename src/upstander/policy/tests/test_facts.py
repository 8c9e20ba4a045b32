"""§3, sentence by sentence: whether a fact holds."""

from __future__ import annotations

from upstander.policy.tests.small import log

SEEN = "2026-05-11T10:00 seen target=s1"


def test_an_interval_of_true_from_still_holds_in_the_minute_of_its_end_and_turns_in_the_next(school):
    here = school("facts: {f: {for each: target, true from: seen, until: told}}")
    events = log(SEEN, "2026-05-12T09:00 told target=s1")

    assert [here.holds(events, f"2026-05-{t}") for t in ("11T09:59", "11T10:00", "12T09:00", "12T09:01")] == [
        False,
        True,
        True,
        False,
    ]


def test_validity_ends_a_minute_after_its_length(school):
    here = school("facts: {f: {for each: target, true from: seen, for: P1D}}")

    assert here.holds(log(SEEN), "2026-05-12T10:00")
    assert not here.holds(log(SEEN), "2026-05-12T10:01")


def test_a_fact_holds_to_a_date_as_far_as_it_is_given(school):
    here = school("facts: {f: {for each: target, true from: agreed, to: {date: day}}}")

    assert here.holds(log("2026-05-11T10:00 agreed target=s1 day=2026-05-12"), "2026-05-12T23:59")
    assert not here.holds(log("2026-05-11T10:00 agreed target=s1 day=2026-05-12"), "2026-05-13T00:00")
    assert here.holds(log("2026-05-11T10:00 agreed target=s1"), "2027-05-13T00:00")


def test_every_act_starts_a_quiet_time_again(school):
    here = school("facts: {f: {for each: target, quiet: act, since: seen, for: P3M}}")
    events = log(SEEN, "2026-06-01T08:00 act target=s1")

    assert here.holds(events[:1], "2026-08-11T10:00")
    assert not here.holds(events, "2026-09-01T07:59")
    assert here.holds(events, "2026-09-01T08:00")


def test_a_quiet_time_to_a_missing_day_of_the_month_ends_on_the_1st_of_the_next(school):
    here = school("facts: {f: {for each: target, quiet: act, since: seen, for: P3M}}")
    events = log("2025-11-30T08:00 seen target=s1")

    assert not here.holds(events, "2026-03-01T07:59")
    assert here.holds(events, "2026-03-01T08:00")


def test_a_sum_within_the_school_year(school):
    here = school("facts: {f: {for each: target, count: away, adding up: days, within: school year, at least: 30}}")
    events = log("2026-05-11T10:00 away target=s1 days=20", "2026-07-01T10:00 away target=s1 days=10")

    assert not here.holds(events, "2026-07-01T09:59")
    assert here.holds(events, "2026-08-31T23:59")
    assert not here.holds(events, "2026-09-01T00:00")


def test_an_event_is_in_a_window_until_its_length_has_passed(school):
    here = school("facts: {f: {for each: target, count: act, within: P7D, at least: 2}}")
    events = log("2026-05-11T10:00 act target=s1", "2026-05-13T10:00 act target=s1")

    assert here.holds(events, "2026-05-18T09:59")
    assert not here.holds(events, "2026-05-18T10:00")


def test_different_persons_are_counted_once(school):
    here = school("facts: {f: {count: seen, distinct: actor, at least: 2}}")

    assert not here.holds(log("2026-05-11T10:00 seen actor=a1", "2026-05-12T10:00 seen actor=a1"), "2026-05-13T00:00")
    assert here.holds(log("2026-05-11T10:00 seen actor=a1,a2"), "2026-05-13T00:00")


def test_a_run_of_school_days_passes_over_weekends_and_closed_days(school):
    here = school("facts: {f: {for each: target, count: away, within: consecutive school days, at least: 3}}")
    days = ("2026-04-30", "2026-05-01", "2026-05-05")  # Saturday, Sunday and the closed Monday lie between
    events = log(*(f"{day}T08:30 away target=s1" for day in days))

    assert here.holds(events, "2026-05-05T08:30")
    assert here.holds(events, "2026-05-06T23:59")
    assert not here.holds(events, "2026-05-07T00:00")


def test_a_mark_on_a_free_day_is_on_no_school_day(school):
    here = school("facts: {f: {for each: target, count: away, within: consecutive school days, at least: 2}}")

    assert not here.holds(log("2026-05-08T08:30 away target=s1", "2026-05-09T08:30 away target=s1"), "2026-05-09T09:00")


def test_before_the_first_event_that_carries_a_key_no_fact_holds_for_it(school):
    here = school("facts: {g: {for each: target, true from: told}, f: {for each: target, none of: [g]}}")

    assert here.look(log("2026-05-11T10:00 planned"), "2026-05-12T00:00").facts == ()
    assert here.holds(log(SEEN), "2026-05-12T00:00")


def test_parts_are_asked_at_the_same_moment(school):
    here = school(
        "facts: {a: {for each: target, true from: seen}, b: {for each: target, true from: told},"
        " f: {for each: target, all of: [a, b]}, g: {for each: target, any of: [a, b]}}"
    )

    assert not here.holds(log(SEEN), "2026-05-12T00:00")
    assert here.holds(log(SEEN), "2026-05-12T00:00", "g")
    assert here.holds(log(SEEN, "2026-05-11T11:00 told target=s1"), "2026-05-12T00:00")


def test_school_hours_include_their_last_minute(school):
    here = school("facts: {f: {during: school hours}}")

    assert here.holds(log(SEEN), "2026-05-12T15:30")
    assert not here.holds(log(SEEN), "2026-05-12T15:31")
    assert not here.holds(log(SEEN), "2026-05-16T12:00")


def test_a_duty_that_is_late_makes_a_fact(school):
    here = school(
        "facts: {f: {for each: target, overdue: d}}\n"
        "duties: {d: {when: seen, for each: target, must: told, by: PT2H, who: teacher}}"
    )

    assert not here.holds(log(SEEN), "2026-05-11T12:00")
    assert here.holds(log(SEEN), "2026-05-11T12:01")
    assert not here.holds(log(SEEN, "2026-05-11T13:00 told target=s1"), "2026-05-11T13:00")


def test_a_group_in_a_fact_answers_for_its_member_in_a_rule(school):
    here = school(
        "facts: {f: {for each: pupil, true from: seen}}\n"
        "duties: {d: {when: told, for each: target, if: [f], must: act, by: PT2H, who: teacher}}"
    )
    events = log("2026-05-11T10:00 seen actor=s1", "2026-05-11T11:00 told target=s1")

    assert here.states(events, "2026-05-11T11:00") == ["pending"]


def test_closed_holds_from_close_until_reopen(school):
    here = school("duties: {d: {when: told, if: [closed], must: act, by: PT2H, who: teacher}}")
    events = log("2026-05-11T10:00 close", "2026-05-12T10:00 told target=s1")

    assert here.states(events, "2026-05-12T10:00") == ["pending"]
    assert here.look(events, "2026-05-12T10:00").closed
