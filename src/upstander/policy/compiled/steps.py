"""Step functions: what can be done with the moments at which facts turn."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import datetime

from upstander.policy.arithmetic import FIRST_MOMENT, LAST_MOMENT
from upstander.policy.compiled.view import Steps
from upstander.policy.model import Combine

NEVER: Steps = []


def holds(steps: Steps, moment: datetime) -> bool:
    return bisect_right(steps, moment) & 1 == 1


def next_turn(steps: Sequence[datetime], moment: datetime) -> Sequence[datetime]:
    """The first turn after a moment, if there is one."""
    position = bisect_right(steps, moment)
    return steps[position : position + 1]


def from_moment(steps: Steps, moment: datetime) -> Steps:
    """The same from a moment on."""
    if not steps or steps[0] >= moment:
        return steps
    position = bisect_right(steps, moment)
    rest = steps[position:]
    return [moment, *rest] if position & 1 else rest


def combined(several: Sequence[Steps], how: Combine) -> Steps:
    """All, any or none of several at each moment."""
    if how is not Combine.NONE:
        if how is Combine.ALL and NEVER in several:
            return NEVER
        if how is Combine.ANY:
            several = [steps for steps in several if steps] or [NEVER]
        if len(several) == 1:
            return several[0]
    turns = sorted({moment for steps in several for moment in steps})
    found: Steps = []
    state = how is Combine.NONE or (how is Combine.ALL and not several)
    if state:
        found.append(FIRST_MOMENT)
    for moment in turns:
        held = [bisect_right(steps, moment) & 1 for steps in several]
        holding = all(held) if how is Combine.ALL else any(held) if how is Combine.ANY else not any(held)
        if holding != state:
            found.append(moment)
            state = holding
    return found


def merged(stretches: Iterable[tuple[datetime, datetime]]) -> Steps:
    """Stretches in order of their start, which may touch or overlap, as steps; one to LAST_MOMENT has no end."""
    found: Steps = []
    for start, end in stretches:
        if end <= start:
            continue
        if found and start <= found[-1]:
            found[-1] = max(found[-1], end)
        else:
            found += (start, end)
    if found and found[-1] >= LAST_MOMENT:
        found.pop()
    return found
