"""Laws of events: voids, other keys, breaches that stay, decisions without authority (§13.3, 4, 6, 7, 12)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given

from upstander.policy import compiled, reference
from upstander.policy.log import Doer, Event
from upstander.policy.model import KeyName, Series
from upstander.policy.tests.drawn import draw, seeds
from upstander.policy.tests.laws.looking import core, look

STRATEGIES = pytest.mark.parametrize("strategy", [reference, compiled], ids=["reference", "compiled"])
NOBODY = Doer("t9", "passer-by")


@STRATEGIES
@given(seeds)
def test_voiding_an_event_equals_never_having_recorded_it(strategy, seed):
    """3. Voiding an event equals never having recorded it."""
    drawn = draw(seed, voids=False)
    target = drawn.random.choice(drawn.log)
    at = drawn.now
    void = Event("v", "void", at, max(at, target.recorded), Doer("t1", "head"), fields={"event": target.id})
    without = [event for event in drawn.log if event.id != target.id]

    assert look(strategy, drawn, log=[*drawn.log, void]) == look(strategy, drawn, log=without)


@STRATEGIES
@given(seeds)
def test_a_voided_void_restores(strategy, seed):
    """A void of a void restores what it struck."""
    drawn = draw(seed, voids=False)
    target, at = drawn.random.choice(drawn.log), drawn.now
    recorded = max(at, target.recorded)
    void = Event("v", "void", at, recorded, Doer("t1", "head"), fields={"event": target.id})
    again = Event("w", "void", at, recorded, Doer("t1", "head"), fields={"event": "v"})

    assert look(strategy, drawn, log=[*drawn.log, void, again]) == look(strategy, drawn)


@STRATEGIES
@given(seeds)
def test_an_event_about_another_key_changes_nothing_for_this_key(strategy, seed):
    """4. Where all patterns carry every name and no facts are asked, an event about another key changes nothing for this key."""
    drawn = draw(seed, versions=1, voids=False)
    pack = drawn.series.versions[0]
    target = (KeyName("target"),)
    duties = {
        name: replace(duty, if_=(), unless=(), paused_while=None)
        for name, duty in pack.duties.items()
        if duty.for_each == target and type(duty.when).__name__ == "WhenEvent" and "noted" not in str(duty)
    }
    series = Series((replace(pack, duties=duties, limits={}, facts={}, closure={}),))
    other = Event(
        "x", drawn.random.choice(("seen", "told", "judged")), drawn.now, drawn.now, NOBODY, {"target": ("s9",)}
    )
    log = [event for event in drawn.log if event.kind not in ("close", "reopen")]
    before, after = (look(strategy, drawn, log=events, series=series).duties for events in (log, [*log, other]))

    assert [duty for duty in after if duty.key != (("target", "s9"),)] == list(before)


@STRATEGIES
@given(seeds)
def test_a_breach_stays_whatever_happens_later(strategy, seed):
    """6. A breach stays whatever happens later, unless its event is voided."""
    drawn = draw(seed, voids=False)
    earlier = [event for event in drawn.log if event.kind != "person-named"]
    moment = drawn.random.choice(earlier or drawn.log).at
    before = look(strategy, drawn, log=[event for event in earlier if event.at <= moment], now=moment)
    after = look(strategy, drawn, log=earlier, now=max(drawn.now, moment))

    for breach in before.breaches:
        assert breach in after.breaches or breach.flags


@STRATEGIES
@given(seeds)
def test_a_decision_without_authority_changes_nothing(strategy, seed):
    """7. A `waive`, `extend` or `void` without authority changes nothing."""
    drawn = draw(seed)
    first = min(event.at for event in drawn.log)
    at = max(drawn.now, first)
    met = next((event for event in drawn.log if event.kind == "met"), None)
    rules = list(drawn.series.versions[0].duties)
    more = [
        Event("x1", "waive", at, at, NOBODY, fields={"rule": rules[0]}),
        Event("x2", "extend", at, at, NOBODY, fields={"rule": rules[-1], "to": "2027-01-01"}),
        Event("x3", "void", at, at + timedelta(days=9), NOBODY, fields={"event": met.id if met else "nothing"}),
    ]

    assert core(look(strategy, drawn, log=[*drawn.log, *more], now=at)) == core(look(strategy, drawn, now=at))


@STRATEGIES
@given(seeds)
def test_every_state_is_explained(strategy, seed):
    """12. Every state is explained by an event, a fact or the calendar."""
    drawn = draw(seed)
    picture = look(strategy, drawn)
    ids = {event.id for event in drawn.log}

    for duty in picture.duties:
        state = duty.state.value
        assert duty.because
        assert (duty.settled is not None and duty.settled.event in ids) == (state in ("met", "met-late", "waived"))
        assert duty.why or state != "not-applicable"
        assert duty.due is not None or state not in ("overdue", "met-late")
