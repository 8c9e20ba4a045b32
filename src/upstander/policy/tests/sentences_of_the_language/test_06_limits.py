"""§6 Limits and the guard."""

from __future__ import annotations

import pytest

from upstander.policy import guard
from upstander.policy.model import Series
from upstander.policy.tests.small import CALENDAR, load, log

SEEN = "2026-05-11T10:00 seen target=s1"
TOLD = "2026-05-12T10:00 told target=s1"
LIMIT = "limits: {l: {act: told, for each: target, %s}}"
FACTS = "facts: {f: {for each: target, true from: agreed, until: left}, g: {for each: target, true from: act}}\n"
AGREED, ACT = "2026-05-11T11:00 agreed target=s1", "2026-05-11T12:00 act target=s1"


def missing(here, *lines: str) -> list[tuple[str, ...]]:
    return [breach.missing for breach in here.breaches(log(*lines))]


def test_skipped(school):
    """For each event that matches act, for each key: skipped if an unless fact holds or a while fact does not"""
    here = school(FACTS + LIMIT % "never: true, while: [f], unless: [g]")

    assert [missing(here, SEEN, *more, TOLD) for more in ((), (AGREED,), (AGREED, ACT), (ACT,))] == [
        [],
        [("never",)],
        [],
        [],
    ]
    both = school(FACTS + LIMIT % "never: true, while: [f, g]")
    assert [missing(both, SEEN, *more, TOLD) for more in ((AGREED,), (AGREED, ACT))] == [[], [("never",)]]


def test_breach(school):
    """otherwise a breach if never, or an only while fact does not hold at its minute, or an entry of only after has
    no event at or before it (an inner list is alternatives"""
    here = school(FACTS + LIMIT % "only while: [f], only after: [seen, [act, heard]]")

    assert missing(here, TOLD) == [("f", "after:seen", "after:act")]
    assert missing(here, SEEN, AGREED, TOLD) == [("after:act",)]
    assert missing(here, SEEN, AGREED, ACT, TOLD) == []
    assert missing(here, SEEN, AGREED, "2026-05-12T10:00 heard actor=a1", TOLD) == []
    assert missing(here, SEEN, AGREED, ACT, "2026-05-12T09:59 left target=s1", TOLD) == [("f",)]
    assert missing(here, SEEN, AGREED, ACT, "2026-05-12T10:00 left target=s1", TOLD) == []


def test_only_after_for_this_key(school):
    """an entry of only after has no event at or before it"""
    here = school(LIMIT % "only after: [act]")

    assert [breach.key[0][1] for breach in here.breaches(log(ACT, "2026-05-12T10:00 told target=s1,s2"))] == ["s2"]
    assert missing(here, TOLD, "2026-05-12T10:01 act target=s1") == [("after:act",)]


def test_what_was_done_before(school):
    """what was done before an earlier act still counts: for afresh each time use a fact with until: act)"""
    assert missing(school(LIMIT % "only after: [act]"), ACT, TOLD, "2026-05-13T10:00 told target=s1") == []
    afresh = school("facts: {f: {for each: target, true from: act, until: told}}\n" + LIMIT % "only while: [f]")
    assert missing(afresh, ACT, TOLD, "2026-05-13T10:00 told target=s1") == [("f",)]


def test_only_by(school):
    """or the doer's role is not in only by"""
    here = school(LIMIT % "only by: [head, board]")

    assert [missing(here, f"{TOLD} role={role}") for role in ("head", "board", "teacher")] == [[], [], [("by:head",)]]


def test_not_by(school):
    """or the doer has been named in such a role or done such an event (not by)"""
    here = school("limits: {l: {act: planned, not by: [actor, heard]}}")
    planned = "2026-05-12T10:00 planned"

    assert missing(here, "2026-05-11T10:00 seen actor=t1", planned) == [("not-by:actor",)]
    assert missing(here, "2026-05-11T10:00 heard actor=a1", planned) == [("not-by:heard",)]
    assert missing(here, "2026-05-11T10:00 heard actor=t1", planned) == [("not-by:actor", "not-by:heard")]
    assert missing(here, "2026-05-11T10:00 heard actor=t1 by=t1", f"{planned} by=t2") == []


def test_lists_what_was_missing(school):
    """The breach lists what was missing"""
    here = school(
        FACTS + "limits: {l: {act: told, for each: target, never: true, only while: [f, g], "
        "only after: [seen], only by: [board], not by: [target]}}"
    )

    assert missing(here, "2026-05-11T09:00 act target=t1", "2026-05-12T10:00 told target=t1") == [
        ("never", "f", "after:seen", "by:board", "not-by:target")
    ]


def ask(rules: str, event: str, *lines: str):
    series, [asked] = Series((load(rules),)), log(event)
    return series, guard.would_break(series, log(*lines), CALENDAR, asked, kind="case", record="c")


def test_the_guard():
    """The guard: before an event is recorded the app asks which limits it would break"""
    rules = LIMIT % "only after: [act]"

    assert [breach.rule for breach in ask(rules, f"{TOLD} id=x", SEEN)[1]] == ["l"]
    assert ask(rules, f"{TOLD} id=x", SEEN, ACT)[1] == []
    assert ask(rules, "2026-05-12T10:00 seen target=s1 id=x", SEEN)[1] == []


def test_refuses():
    """stops (default) refuses and says what would lift it"""
    rules = (
        FACTS + LIMIT % "only after: [[act, heard]], only while: [f], only by: [head], not by: [target], unless: [g]"
    )
    series, [breach] = ask(
        rules, "2026-05-12T10:00 told target=t1 role=teacher id=x", "2026-05-11T10:00 seen target=t1"
    )
    lift = guard.lift(series, breach, "case")

    assert guard.stops(series, breach)
    assert (lift.facts, lift.records, lift.roles, lift.others) == (("f",), (("act", "heard"),), ("head",), ("target",))
    assert (lift.never, lift.unless, lift.while_not) == (False, ("g",), ())
    series, [breach] = ask(FACTS + LIMIT % "never: true, while: [f]", f"{TOLD} id=x", SEEN, AGREED)
    lift = guard.lift(series, breach, "case")
    assert (lift.never, lift.while_not, lift.roles, lift.records) == (True, ("f",), (), ())


def test_warns():
    """stops: warns lets it pass after a question"""
    series, [breach] = ask(LIMIT % "never: true, stops: warns", f"{TOLD} id=x", SEEN)

    assert not guard.stops(series, breach)


def test_the_breach_stays(school):
    """What has already happened can always be recorded, as such, with a reason: the breach stays visible"""
    here = school(LIMIT % "only after: [act]")

    assert missing(here, SEEN, TOLD, "2026-05-13T10:00 act target=s1") == [("after:act",)]


def test_changes_nothing(school):
    """A limit never changes what is true"""
    duty = "\nduties: {d: {when: seen, for each: target, must: told, by: P1W, who: head}}"

    here = school(LIMIT % "only after: [act]" + duty)
    assert (len(here.breaches(log(SEEN, TOLD))), here.states(log(SEEN, TOLD), "2026-05-13T00:00")) == (1, ["met"])


LATE = "2026-05-11T12:00 act target=s1 recorded=2026-05-13T10:00"


def test_judged_twice(school):
    """Each act is judged on all events, and again on those whose recorded is not later than its own (voids count in
    both)"""
    here = school(LIMIT % "only after: [act]")

    assert [(breach.strength.value, breach.flags) for breach in here.breaches(log(SEEN, LATE, TOLD))] == [
        ("should", ("recorded late",))
    ]
    assert here.breaches(log(SEEN, LATE, f"{TOLD} recorded=2026-05-13T10:00")) == []
    voided = log(SEEN, ACT, TOLD, "2026-05-14T10:00 void event=e2")
    assert [breach.strength.value for breach in here.breaches(voided)] == ["must"]


def test_broken_in_the_first(school):
    """Broken in the first: a breach, whatever happens later (by at)"""
    here = school(LIMIT % "only after: [act]")

    assert [(breach.strength.value, breach.flags) for breach in here.breaches(log(SEEN, TOLD))] == [("must", ())]


def test_broken_in_the_second(school):
    """Broken only in the second: listed with strength should and the flag recorded late"""
    here = school(FACTS + LIMIT % "never: true, unless: [g]")

    assert [(breach.missing, breach.strength.value) for breach in here.breaches(log(SEEN, LATE, TOLD))] == [
        (("never",), "should")
    ]


def test_triggers_nothing(school):
    """it triggers nothing"""
    here = school(
        LIMIT % "only after: [act]"
        + "\nduties: {d: {when: {breach: l}, for each: target, must: planned-again, by: P1D, who: head}}",
        events="planned-again: {about: [target]}",
    )

    assert here.duties(log(SEEN, LATE, TOLD), "2026-05-14T00:00") == []
    assert len(here.duties(log(SEEN, TOLD), "2026-05-14T00:00")) == 1


def test_recorded_at_its_at(school):
    """An event without recorded was recorded at its at"""
    [event] = log(TOLD)

    assert event.recorded == event.at
    assert school(LIMIT % "only after: [act]").breaches(log(SEEN, ACT, TOLD)) == []


@pytest.mark.parametrize(("rule", "broken"), [("only by: [head]", True), ("not by: [target]", False)])
def test_without_a_doer(school, rule, broken):
    """Without a doer only by is broken and not by is not"""
    assert bool(missing(school(LIMIT % rule), SEEN, f"{TOLD} role=none by=none")) is broken


def test_not_by_agrees(school):
    """not by agrees on the names it carries and looks at or before the act"""
    here = school(LIMIT % "not by: [act]")
    act = "2026-05-12T%s act target=%s"

    assert missing(here, act % ("10:00", "s1"), TOLD) == [("not-by:act",)]
    assert missing(here, act % ("10:00", "s2"), TOLD) == []
    assert missing(here, act % ("10:01", "s1"), TOLD) == []
