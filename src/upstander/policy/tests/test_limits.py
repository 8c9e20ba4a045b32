"""§6 and §7: limits, the guard, closure."""

from __future__ import annotations

from datetime import datetime

import pytest

from upstander.policy import guard
from upstander.policy.model import Series
from upstander.policy.tests.small import CALENDAR, load, log

SEEN = "2026-05-11T10:00 seen target=s1"
CLOSURE = """
facts: {calm: {for each: target, quiet: act, since: seen, for: P3M}}
duties:
  d: {when: seen, for each: target, must: told, by: P1D, who: teacher}
  watch: {when: seen, for each: target, must: told, repeat every: P1M, until: close, who: teacher}
closure: {case: {for each: target, needs: [calm], settled: all, decided by: [head], watch for: P1M}}
"""


def test_never(school):
    here = school("limits: {l: {act: {heard: {number of actor: {at least: 2}}}, never: true}}")

    assert here.breaches(log("2026-05-11T10:00 heard actor=a1")) == []
    [breach] = here.breaches(log("2026-05-11T10:00 heard actor=a1,a2"))
    assert (breach.missing, breach.event, breach.strength.value) == (("never",), "e1", "must")


def test_only_after_each_entry_and_an_inner_list_is_alternatives(school):
    here = school("limits: {l: {act: told, for each: target, only after: [seen, [act, agreed]]}}")
    told = "2026-05-12T10:00 told target=s1"

    assert here.breaches(log(SEEN, told))[0].missing == ("after:act",)
    assert here.breaches(log(SEEN, "2026-05-11T11:00 agreed target=s1", told)) == []
    assert here.breaches(log("2026-05-12T10:00 seen target=s1", "2026-05-12T10:00 act target=s1", told)) == []


def test_only_by_and_an_act_without_a_doer(school):
    here = school("limits: {l: {act: told, only by: [head]}}")

    assert here.breaches(log("2026-05-12T10:00 told target=s1 role=head")) == []
    assert here.breaches(log("2026-05-12T10:00 told target=s1 role=teacher"))[0].missing == ("by:head",)
    assert here.breaches(log("2026-05-12T10:00 told target=s1 role=none"))[0].missing == ("by:head",)


def test_not_by_somebody_named_or_who_did_it(school):
    here = school("limits: {l: {act: planned, not by: [actor, heard]}}")

    assert here.breaches(log("2026-05-11T10:00 seen target=s1 actor=t1", "2026-05-12T10:00 planned"))[0].missing == (
        "not-by:actor",
    )
    assert here.breaches(log("2026-05-11T10:00 heard actor=a1", "2026-05-12T10:00 planned"))[0].missing == (
        "not-by:heard",
    )
    assert here.breaches(log("2026-05-11T10:00 heard actor=a1", "2026-05-12T10:00 planned by=t2")) == []


def test_while_and_unless_decide_whether_a_limit_applies(school):
    here = school(
        "facts: {f: {for each: target, true from: agreed}, g: {for each: target, true from: act}}\n"
        "limits: {l: {act: told, for each: target, never: true, while: [f], unless: [g]}}"
    )
    told = "2026-05-12T10:00 told target=s1"

    assert here.breaches(log(SEEN, told)) == []
    assert here.breaches(log("2026-05-11T10:00 agreed target=s1", told))[0].missing == ("never",)
    assert here.breaches(log("2026-05-11T10:00 agreed target=s1", "2026-05-11T11:00 act target=s1", told)) == []


def test_broken_only_by_the_order_of_writing_is_a_remark(school):
    here = school("limits: {l: {act: told, for each: target, only after: [seen]}}")
    events = log("2026-05-11T10:00 seen target=s1 recorded=2026-05-13T10:00", "2026-05-12T10:00 told target=s1")
    [breach] = here.breaches(events)

    assert (breach.strength.value, breach.flags) == ("should", ("recorded late",))


def test_a_breach_stays_whatever_happens_later_and_goes_with_its_event(school):
    here = school("limits: {l: {act: told, for each: target, only after: [seen]}}")
    told = "2026-05-10T10:00 told target=s1"

    assert len(here.breaches(log(told, SEEN))) == 1
    assert here.breaches(log(told, SEEN, "2026-05-12T10:00 void event=e1")) == []


def test_closable_only_when_each_needed_fact_holds_and_no_listed_duty_is_open(school):
    here = school(CLOSURE)
    told = "2026-05-11T12:00 told target=s1"

    early = here.look(log(SEEN, told), "2026-05-12T00:00")
    assert [part.fact for part in early.missing] == ["calm"]
    assert here.look(log(SEEN, told), "2026-08-11T10:00").closable
    late = here.look(log(SEEN), "2026-08-11T10:00")
    assert [part.rule for part in late.missing] == ["d"]


def test_if_nobody_is_named_every_need_is_missing(school):
    picture = school(CLOSURE).look(log("2026-05-11T10:00 planned"), "2026-05-12T00:00")

    assert [(part.key, part.fact) for part in picture.missing] == [((), "calm")]


def test_closing_otherwise_is_a_breach_of_the_closure(school):
    here = school(CLOSURE)
    [breach] = here.breaches(log(SEEN, "2026-05-12T12:00 close role=teacher"))

    assert (breach.rule, breach.missing) == ("closure.case", ("calm", "d", "by:head"))


def test_watched_for_a_time_after_closing(school):
    here = school(CLOSURE)
    events = log(SEEN, "2026-05-12T12:00 close")

    assert here.look(events, "2026-06-12T12:00").watched
    assert not here.look(events, "2026-06-12T12:01").watched


@pytest.fixture
def series():
    return Series((load(CLOSURE + "limits: {l: {act: told, for each: target, only after: [act], stops: warns}}"),))


def _ask(series, event, *lines):
    [asked] = log(event)
    return guard.would_break(series, log(*lines), CALENDAR, asked, kind="case", record="c")


def test_the_guard_says_which_limits_an_event_would_break(series):
    [breach] = _ask(series, "2026-05-12T10:00 told target=s1 id=x", SEEN)

    assert (breach.rule, breach.event, guard.stops(series, breach)) == ("l", "x", False)
    assert guard.lift(series, breach, "case").records == (("act",),)
    assert _ask(series, "2026-05-12T10:00 told target=s1 id=x", "2026-05-11T10:00 act target=s1") == []


def test_the_guard_says_what_closing_still_lacks(series):
    [breach] = _ask(series, "2026-05-12T10:00 close id=x role=teacher", SEEN)
    lift = guard.lift(series, breach, "case")

    assert (lift.facts, lift.duties, lift.roles, guard.stops(series, breach)) == (("calm",), ("d",), ("head",), True)
    assert breach.at == datetime(2026, 5, 12, 10)
