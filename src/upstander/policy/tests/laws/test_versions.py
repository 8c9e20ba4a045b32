"""Laws of versions and strategies (§13.8, 9)."""

from __future__ import annotations

import pytest
from hypothesis import example, given

from upstander.policy import compiled, reference
from upstander.policy.arithmetic import start_of
from upstander.policy.model import Series
from upstander.policy.tests.drawn import draw, seeds
from upstander.policy.tests.laws.looking import look


@pytest.mark.parametrize("strategy", [reference, compiled], ids=["reference", "compiled"])
@given(seeds)
def test_a_new_version_changes_nothing_that_arose_before_it(strategy, seed):
    """8. A new version changes nothing that arose before it."""
    drawn = draw(seed, versions=2)
    change = start_of(drawn.series.versions[1].in_force_from)
    alone = look(strategy, drawn, series=Series(drawn.series.versions[:1]))
    changed = look(strategy, drawn)
    arose = [duty._replace(occurrence=0) for duty in alone.duties if duty.arose < change]

    assert [duty._replace(occurrence=0) for duty in changed.duties if duty.arose < change] == arose
    assert [b for b in changed.breaches if b.at < change] == [b for b in alone.breaches if b.at < change]


@given(seeds)
@example(1002774)  # a key of the version before
@example(1010600)  # a closing that waits for what it raises
@example(1011352)
@example(2006492)  # a void that is still to come
def test_the_strategies_agree(seed):
    """9. The same log under the strategies gives the same verdicts."""
    drawn = draw(seed, events=14)
    plain, fast = look(reference, drawn), look(compiled, drawn)

    assert fast == plain
    assert fast.intervals == plain.intervals
