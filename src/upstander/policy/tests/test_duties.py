"""§4, sentence by sentence: which duties arise, and what becomes of them."""

from __future__ import annotations

from datetime import date

from upstander.policy.tests.small import log

SEEN = "2026-05-11T10:00 seen target=s1"
TELL = "duties: {d: {when: seen, for each: target, must: told, by: PT2H, who: teacher%s}}"


def test_once_is_the_default_and_each_is_every_distinct_minute(school):
    events = log(SEEN, "2026-05-11T10:00 seen target=s1", "2026-05-12T10:00 seen target=s1")

    assert len(school(TELL % "").duties(events, "2026-05-12T10:00")) == 1
    assert len(school(TELL % ", counts: each").duties(events, "2026-05-12T10:00")) == 2


def test_the_first_trigger_whose_guards_are_as_asked_counts_and_earlier_ones_are_not_applicable(school):
    here = school("facts: {f: {for each: target, true from: act}}\n" + TELL % ", if: [f]")
    events = log(SEEN, "2026-05-12T10:00 act target=s1", "2026-05-13T10:00 seen target=s1")
    [first, second] = here.duties(events, "2026-05-13T10:00")

    assert (first.state.value, first.why) == ("not-applicable", ("f",))
    assert (second.state.value, second.occurrence) == ("pending", 1)


def test_an_instance_for_each_person(school):
    here = school(TELL % "")
    events = log("2026-05-11T10:00 seen target=s1,s2", "2026-05-11T11:00 told target=s1")

    assert {duty.key[0][1]: duty.state.value for duty in here.duties(events, "2026-05-11T11:00")} == {
        "s1": "met",
        "s2": "pending",
    }


def test_at_the_due_moment_met_after_it_met_late(school):
    here = school(TELL % "")

    assert here.states(log(SEEN), "2026-05-11T12:00") == ["pending"]
    assert here.states(log(SEEN), "2026-05-11T12:01") == ["overdue"]
    assert here.states(log(SEEN, "2026-05-11T12:00 told target=s1"), "2026-05-12T00:00") == ["met"]
    assert here.states(log(SEEN, "2026-05-11T12:01 told target=s1"), "2026-05-12T00:00") == ["met-late"]


def test_written_down_late_but_done_in_time_is_met_and_flagged(school):
    events = log(SEEN, "2026-05-11T11:00 told target=s1 recorded=2026-05-13T09:00")
    duty = school(TELL % "").duty(events, "2026-05-14T00:00")

    assert (duty.state.value, duty.flags) == ("met", ("recorded late",))


def test_an_event_among_the_triggers_never_settles_the_instance_it_raised(school):
    here = school("duties: {d: {when: [seen, told], for each: target, must: [told, act], by: PT2H, who: teacher}}")
    trigger, other = "2026-05-11T10:00 told target=s1", "2026-05-11T10:30 told target=s1"

    assert here.states(log(trigger), "2026-05-11T10:00") == ["pending"]
    assert here.states(log(trigger, other), "2026-05-11T11:00") == ["met"]


def test_n_times_by_the_nth_each_a_different_minute(school):
    here = school(TELL % ", times: 2")
    twice_at_once = log(SEEN, "2026-05-11T11:00 told target=s1", "2026-05-11T11:00 told target=s1")

    assert here.states(twice_at_once, "2026-05-11T11:00") == ["pending"]
    assert here.states([*twice_at_once, *log("2026-05-11T11:30 told target=s1 id=x")], "2026-05-11T11:30") == ["met"]


def test_all_of_is_settled_by_the_last_and_says_what_is_missing(school):
    here = school("duties: {d: {when: seen, for each: target, must: {all of: [told, act]}, by: P1D, who: teacher}}")
    events = log(SEEN, "2026-05-11T11:00 told target=s1", "2026-05-11T12:00 act target=s1")

    assert here.duty(events, "2026-05-11T11:30").why == ("act",)
    assert here.duty(events, "2026-05-11T12:00").settled.event == "e3"


def test_a_list_contains_and_a_phone_call_does_not_count(school):
    here = school("duties: {d: {when: seen, for each: target, must: {told: {how: home}}, by: same day, who: teacher}}")

    assert here.states(log(SEEN, "2026-05-11T11:00 told target=s1 how=phone"), "2026-05-11T12:00") == ["pending"]
    assert here.states(log(SEEN, "2026-05-11T11:00 told target=s1 how=phone,home"), "2026-05-11T12:00") == ["met"]


def test_only_listed_roles_waive_and_late_waiving_keeps_the_lateness(school):
    here = school(TELL % ", may be waived by: [head]")
    waive = "2026-05-11T%s waive rule=d role=%s"

    assert here.states(log(SEEN, waive % ("11:00", "teacher")), "2026-05-11T11:00") == ["pending"]
    assert here.states(log(SEEN, waive % ("11:00", "head")), "2026-05-11T11:00") == ["waived"]
    assert here.duty(log(SEEN, waive % ("13:00", "head")), "2026-05-11T13:00").flags == ("late",)
    assert school(TELL % "").states(log(SEEN, waive % ("11:00", "head")), "2026-05-11T11:00") == ["pending"]


def test_a_waiver_for_a_person_concerns_only_that_person(school):
    here = school(TELL % ", may be waived by: [head]")
    events = log("2026-05-11T10:00 seen target=s1,s2", "2026-05-11T11:00 waive rule=d person=s2")

    assert here.states(events, "2026-05-11T11:00") == ["pending", "waived"]


def test_extending_counts_at_or_before_the_due_moment_and_the_latest_counts(school):
    here = school(TELL % ", may be extended by: [head]")
    extend = "2026-05-11T%s extend rule=d to=2026-05-1%s"

    duty = here.duty(log(SEEN, extend % ("12:00", "3"), extend % ("12:00", "2")), "2026-05-11T12:30")
    assert (duty.due.isoformat(timespec="minutes"), duty.flags) == ("2026-05-13T23:59", ("extended",))
    assert here.states(log(SEEN, extend % ("12:01", "3")), "2026-05-11T12:30") == ["overdue"]


def test_until_before_the_due_moment_lets_fall_away_after_it_launders_nothing(school):
    here = school(TELL % ", until: close")

    assert here.duty(log(SEEN, "2026-05-11T12:00 close"), "2026-05-12T00:00").why == ("until",)
    assert here.states(log(SEEN, "2026-05-11T12:01 close"), "2026-05-12T00:00") == ["overdue"]


def test_minutes_of_pause_move_a_duration_and_hide_the_due_moment_meanwhile(school):
    here = school("facts: {f: {for each: target, true from: act, until: left}}\n" + TELL % ", paused while: f")
    events = log(SEEN, "2026-05-11T10:30 act target=s1", "2026-05-11T11:29 left target=s1")

    assert [here.states(events, f"2026-05-11T{t}")[0] for t in ("10:30", "11:29", "11:30")] == [
        "paused",
        "paused",
        "pending",
    ]
    assert here.due(events, "2026-05-11T11:00") is None
    assert here.due(events, "2026-05-11T12:00") == "2026-05-11T13:00"


def test_a_school_day_touched_by_a_pause_is_not_counted(school):
    here = school(
        "facts: {f: {for each: target, true from: act, until: left}}\n"
        "duties: {d: {when: seen, for each: target, must: told, by: 2 school days, who: teacher, paused while: f}}"
    )
    events = log(SEEN, "2026-05-12T10:30 act target=s1", "2026-05-12T10:40 left target=s1")

    assert here.due(events[:1], "2026-05-12T12:00") == "2026-05-13T23:59"
    assert here.due(events, "2026-05-12T12:00") == "2026-05-14T23:59"


def test_windows_are_reckoned_from_the_first_arising_and_lapse(school):
    here = school("duties: {d: {when: seen, for each: target, must: told, repeat every: P1M, who: teacher}}")
    events = log("2026-01-31T10:00 seen target=s1", "2026-02-28T10:00 told target=s1")
    arose = [duty.arose.isoformat(timespec="minutes") for duty in here.duties(events, "2026-04-01T00:00")]

    assert arose == ["2026-01-31T10:00", "2026-02-28T10:00", "2026-03-31T10:00"]
    assert here.states(events, "2026-04-01T00:00") == ["met", "lapsed", "pending"]


def test_each_period_begins_with_the_rest_of_the_first_and_skips_those_without_a_school_day(school):
    here = school("duties: {d: {when: seen, for each: target, must: told, repeat each: week, who: teacher}}")
    events = log("2026-03-25T10:00 seen target=s1")  # the holidays are 28 March to 13 April
    arose = [duty.arose.isoformat(timespec="minutes") for duty in here.duties(events, "2026-04-20T00:00")]

    assert arose == ["2026-03-25T10:00", "2026-04-13T00:00", "2026-04-20T00:00"]


def test_a_first_window_in_which_the_time_has_passed_is_skipped(school):
    rule = 'duties: {d: {when: seen, for each: target, must: told, repeat each: school day, by: "%s", who: teacher}}'

    assert len(school(rule % "09:00").duties(log(SEEN), "2026-05-11T23:00")) == 0
    assert len(school(rule % "11:00").duties(log(SEEN), "2026-05-11T23:00")) == 1


def test_a_window_past_its_own_deadline_can_be_met_late_until_its_end(school):
    here = school(
        'duties: {d: {when: seen, for each: target, must: told, repeat each: school day, by: "11:00", who: teacher}}'
    )

    assert here.states(log(SEEN), "2026-05-11T11:01") == ["overdue"]
    assert here.states(log(SEEN, "2026-05-11T22:00 told target=s1"), "2026-05-11T23:00") == ["met-late"]
    assert here.states(log(SEEN), "2026-05-12T00:00") == ["lapsed", "pending"]


def test_again_after_arises_at_each_settling_and_is_settled_only_later(school):
    here = school(
        "duties: {d: {when: seen, for each: target, must: told, by: P14D, again after: P1Y, until: left, who: teacher}}"
    )
    events = log(SEEN, "2026-05-12T10:00 told target=s1", "2026-06-01T10:00 left target=s1")
    [first, second] = here.duties(events[:2], "2026-05-13T00:00")

    assert (first.state.value, second.state.value) == ("met", "pending")
    assert second.due.isoformat(timespec="minutes") == "2027-05-12T10:00"
    assert here.states(events, "2026-06-01T10:00") == ["met", "not-applicable"]


def test_not_before_is_upcoming_and_nothing_settles_it(school):
    rule = "duties: {d: {when: seen, for each: target, must: told, not before: P1D, by: P3D, who: teacher%s}}"
    early = log(SEEN, "2026-05-11T12:00 told target=s1")

    assert school(rule % "").states(early, "2026-05-11T13:00") == ["upcoming"]
    assert school(rule % "").states(early, "2026-05-12T10:00") == ["pending"]
    assert school(rule % ", early counts: true").states(early, "2026-05-11T13:00") == ["met"]


def test_months_of_the_year_are_one_instance_each_the_first_not_ended(school):
    here = school("duties: {d: {when: planned, must: met, in: [month 5, month 2], who: head}}")
    [may, february] = here.duties(log("2026-05-11T10:00 planned"), "2026-05-11T10:00")

    assert (may.state.value, may.due.isoformat(timespec="minutes")) == ("pending", "2026-05-31T23:59")
    assert (february.state.value, february.due.isoformat(timespec="minutes")) == ("upcoming", "2027-02-28T23:59")


def test_a_term_of_which_the_calendar_knows_nothing_waits_with_a_flag(school):
    here = school("duties: {d: {when: planned, must: met, in: term 2, who: head}}", calendar=None)
    duty = here.duty(log("2026-05-11T10:00 planned"), "2026-05-12T10:00")

    assert (duty.state.value, duty.due, duty.flags) == ("pending", None, ("calendar missing",))


def test_remind_makes_it_due_before_the_due_moment(school):
    here = school(TELL % ", remind: PT30M")

    assert [here.states(log(SEEN), f"2026-05-11T{t}")[0] for t in ("11:29", "11:30", "12:01")] == [
        "pending",
        "due",
        "overdue",
    ]


def test_a_may_past_its_due_moment_is_an_offer_ended(school):
    duty = school(TELL % ", strength: may").duty(log(SEEN), "2026-05-11T12:01")

    assert (duty.state.value, duty.why) == ("not-applicable", ("offer ended",))


def test_becoming_true_by_time_alone_raises_a_duty(school):
    here = school(
        "facts: {f: {for each: target, quiet: act, since: seen, for: P3M}}\n"
        "duties: {d: {when: {becomes true: f}, for each: target, must: told, by: P1D, who: teacher}}"
    )
    [duty] = here.duties(log(SEEN), "2026-08-11T10:00")

    assert (duty.because, duty.arose.isoformat(timespec="minutes")) == (("f",), "2026-08-11T10:00")
    assert here.duties(log(SEEN), "2026-08-11T09:59") == []


def test_the_minute_after_a_due_moment_has_passed_open_raises_a_duty_also_when_met_late(school):
    here = school(
        "duties: {a: {when: seen, for each: target, must: told, by: PT2H, who: teacher},"
        " d: {when: {overdue: a}, for each: target, must: act, by: PT1H, who: head}}"
    )
    late = log(SEEN, "2026-05-11T14:00 told target=s1")

    assert here.duties(late, "2026-05-11T12:00") == []
    assert here.duty(late, "2026-05-11T15:00").arose.isoformat(timespec="minutes") == "2026-05-11T12:01"
    assert here.duties(log(SEEN, "2026-05-11T12:00 told target=s1"), "2026-05-11T15:00") == []


def test_a_breach_raises_a_duty_that_its_act_does_not_settle(school):
    here = school(
        "limits: {l: {act: {told: {how: phone}}, for each: target, never: true}}\n"
        "duties: {d: {when: {breach: l}, for each: target, must: told, by: P1D, who: teacher}}"
    )
    phone = "2026-05-11T10:00 told target=s1 how=phone"

    assert here.duty(log(phone), "2026-05-11T10:00").because == ("e1",)
    assert here.states(log(phone), "2026-05-11T10:00") == ["pending"]


def test_everybody_named_so_far_and_whoever_is_named_later(school):
    here = school("duties: {d: {when: seen, for each: actor of the case, must: heard, by: PT2H, who: teacher}}")
    events = log(
        "2026-05-11T09:00 seen target=s1 actor=a1", "2026-05-11T15:00 heard actor=a2", "2026-05-11T16:00 heard actor=a1"
    )
    arose = {duty.key[0][1]: duty.arose.hour for duty in here.duties(events, "2026-05-12T00:00")}

    assert arose == {"a1": 9, "a2": 15}


def test_who_in_all_forms(school):
    here = school(
        "duties: {d: {when: seen, for each: target, must: told, by: PT2H,"
        " who: [head, {did: trigger}, {named: case-lead}, {is: target}]}}"
    )
    events = log("2026-05-11T09:00 led case-lead=t7", SEEN)

    assert here.duty(events, "2026-05-11T10:00").who == (
        {"role": "head"},
        {"person": "t1"},
        {"person": "t7"},
        {"person": "s1"},
    )


def test_reopening_lets_what_fell_away_through_close_arise_anew(school):
    here = school(TELL % ", until: close")
    events = log(SEEN, "2026-05-11T11:00 close", "2026-06-01T09:00 reopen")
    [first, second] = here.duties(events, "2026-06-01T09:00")

    assert (first.state.value, second.state.value) == ("not-applicable", "pending")
    assert second.due.isoformat(timespec="minutes") == "2026-06-01T11:00"


def test_a_series_that_close_ended_begins_anew_from_the_reopening(school):
    here = school(
        "duties: {d: {when: seen, for each: target, must: told, repeat every: P1M, until: close, who: teacher}}"
    )
    events = log(SEEN, "2026-05-20T11:00 close", "2026-07-01T09:00 reopen")
    arose = [duty.arose.isoformat(timespec="minutes") for duty in here.duties(events, "2026-08-02T09:00")]

    assert arose == ["2026-05-11T10:00", "2026-07-01T09:00", "2026-08-01T09:00"]


def test_a_void_strikes_at_every_moment_and_only_with_authority(school):
    here = school(TELL % "")
    met = "2026-05-11T09:00 met"

    assert here.duties(log(SEEN, "2026-05-11T11:00 void event=e1"), "2026-05-11T11:00") == []
    assert len(here.duties(log(SEEN, "2026-05-11T11:00 void event=e1"), "2026-05-11T10:59")) == 1
    only_head = school("duties: {d: {when: met, must: planned, by: PT2H, who: teacher}}")
    assert len(only_head.duties(log(met, "2026-05-11T11:00 void event=e1 role=teacher"), "2026-05-11T11:00")) == 1
    assert only_head.duties(log(met, "2026-05-11T11:00 void event=e1 role=head"), "2026-05-11T11:00") == []


def test_the_picture_as_known_on_a_day_uses_what_was_written_down_by_then(school):
    here = school(TELL % "")
    events = log(SEEN, "2026-05-11T11:00 told target=s1 recorded=2026-05-13T09:00")

    known = here.look(events, "2026-05-14T00:00", as_known_on=date(2026, 5, 12))
    assert [duty.state.value for duty in known.duties] == ["overdue"]


def test_the_next_change_is_the_minute_after_the_due_moment(school):
    assert school(TELL % "").look(log(SEEN), "2026-05-11T10:00").next_change.isoformat() == "2026-05-11T12:01:00"
    assert school(TELL % "").look(log(SEEN), "2026-05-11T12:01").next_change is None
