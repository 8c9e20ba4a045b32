"""Laws of time: what passing time, order of writing and the next change may do (§13.1, 2, 5, 11)."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from hypothesis import given

from upstander.policy import compiled, reference
from upstander.policy.tests.drawn import draw, seeds
from upstander.policy.tests.laws.looking import bare, core, look

STRATEGIES = pytest.mark.parametrize("strategy", [reference, compiled], ids=["reference", "compiled"])
FINAL = ("arose", "due", "state", "settled", "because", "why", "who", "flags")


@STRATEGIES
@given(seeds)
def test_time_passing_never_changes_a_final_state(strategy, seed):
    """1. Time passing never changes a final state."""
    drawn = draw(seed)
    log = [event for event in drawn.log if event.at <= drawn.now]
    later = drawn.now + timedelta(days=drawn.random.choice((0, 1, 8, 40)), minutes=drawn.random.randint(1, 1440))
    before, after = look(strategy, drawn, log=log), look(strategy, drawn, log=log, now=later)

    for duty in before.duties:
        if not duty.state.open:
            assert duty._replace(version="") in [other._replace(version="") for other in after.duties]


@STRATEGIES
@given(seeds)
def test_the_order_in_which_events_were_recorded_does_not_matter(strategy, seed):
    """2. Evaluating event by event, in any order of recording, equals evaluating the whole log."""
    drawn = draw(seed)
    shuffled = list(drawn.log)
    Random(seed).shuffle(shuffled)

    assert bare(look(strategy, drawn, log=shuffled)) == bare(look(strategy, drawn))


@given(seeds)
def test_looking_after_each_event_changes_nothing(seed):
    """2. Evaluating event by event equals evaluating the whole log."""
    drawn = draw(seed)
    for count in range(1, len(drawn.log)):
        look(compiled, drawn, log=drawn.log[:count])

    assert look(compiled, drawn) == look(reference, drawn)


@STRATEGIES
@given(seeds)
def test_the_order_of_one_minute_does_not_matter(strategy, seed):
    """5. The order in which same-minute events were written changes no state, due moment or breach."""
    drawn = draw(seed)
    backwards = list(reversed(drawn.log))
    reversed_minutes = sorted(backwards, key=lambda event: event.at)

    assert bare(look(strategy, drawn, log=reversed_minutes)) == bare(look(strategy, drawn))


@STRATEGIES
@given(seeds)
def test_nothing_changes_before_the_next_change_and_something_does_at_it(strategy, seed):
    """11. `next change` is exact: nothing changes before it, something does at it."""
    drawn = draw(seed)
    log = [event for event in drawn.log if event.at <= drawn.now]
    today = look(strategy, drawn, log=log)
    coming = today.next_change
    if coming is None:
        probes = [drawn.now + timedelta(days=days, minutes=days) for days in (1, 5, 33, 400)]
    else:
        assert core(look(strategy, drawn, log=log, now=coming)) != core(today)
        between = drawn.now + (coming - drawn.now) * drawn.random.random()
        probes = [coming - timedelta(minutes=1), between.replace(second=0, microsecond=0)]

    for moment in probes:
        assert moment < drawn.now or core(look(strategy, drawn, log=log, now=moment)) == core(today)
