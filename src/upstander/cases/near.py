"""Which open duties an event comes close to without discharging them.

Somebody who telephones where the policy asks for a visit must hear at once that the call does not count; otherwise
the duty is missed in good faith. Pure: derived from the pack's patterns and the engine's picture, no kind of event or
duty is known here by name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from upstander.policy.calendar import Timetable
from upstander.policy.log import Event
from upstander.policy.model import Alternative, Duty, Pack, Pattern, Test
from upstander.policy.reference.match import agrees, matches, meets, reserved
from upstander.policy.verdict import DutyInstance, Picture, State


@dataclass(frozen=True, slots=True)
class NearMiss:
    """An open duty whose kind of event was recorded, but not in the way it asks for.

    ``failed``: for each way that would have counted, the tests that the event does not pass. ``part``: the event did a part of
    what the duty asks, ``failed`` is what is still missing. ``too_early``: it would count, but only from a later day on.
    """

    duty: DutyInstance
    failed: tuple[tuple[Test, ...], ...] = ()
    part: bool = False
    too_early: bool = False


def near_misses(
    packs: Mapping[str, Pack], picture: Picture, log: Sequence[Event], event: Event, days: Timetable
) -> list[NearMiss]:
    """Return the duties still open after ``event`` that name its kind and that it does not discharge, in the picture's order.

    ``packs``: {version: pack}. ``picture`` and ``log`` (without struck events) are those after the event. A duty toward somebody
    whom the event does not concern is no near miss, nor is one that the event itself brought about.
    """
    found = []
    for duty in picture.duties:
        pack = packs.get(duty.version)
        rule = pack.duties.get(duty.rule) if pack is not None else None
        if pack is None or rule is None or not _may_count(pack, duty, event):
            continue
        miss = _miss(pack, duty, rule, log, event, days)
        if miss is not None:
            found.append(miss)
    return found


def _may_count(pack: Pack, duty: DutyInstance, event: Event) -> bool:
    """Whether the event could have settled this instance: it is open, arose before, and concerns the same persons."""
    return duty.state.open and duty.arose <= event.at and event.id not in duty.because and agrees(pack, event, duty.key)


def _miss(
    pack: Pack, duty: DutyInstance, rule: Duty, log: Sequence[Event], event: Event, days: Timetable
) -> NearMiss | None:
    open_parts = [pattern for pattern in rule.must if not _was_done(pack, duty, pattern, log, days)]
    named = [pattern for pattern in rule.must if any(each.kind == event.kind for each in pattern.alternatives)]
    if not named:
        return None
    if not open_parts:
        return NearMiss(duty, too_early=True) if duty.state is State.UPCOMING else None
    did_part = any(matches(pack, days, event, pattern) for pattern in named)
    failed = tuple(
        failing
        for pattern in open_parts
        for alternative in pattern.alternatives
        if alternative.kind == event.kind and (failing := _failing(pack, alternative, event, days))
    )
    return NearMiss(duty, failed, part=did_part) if failed else None


def _was_done(pack: Pack, duty: DutyInstance, pattern: Pattern, log: Sequence[Event], days: Timetable) -> bool:
    return any(
        event.at >= duty.arose
        and event.id not in duty.because
        and agrees(pack, event, duty.key)
        and matches(pack, days, event, pattern)
        for event in log
    )


def _failing(pack: Pack, alternative: Alternative, event: Event, days: Timetable) -> tuple[Test, ...]:
    return tuple(test for test in alternative.tests if not passes(pack, test, event, days))


def passes(pack: Pack, test: Test, event: Event, days: Timetable) -> bool:
    """Whether an event passes one test of a pattern."""
    value = reserved(pack, days, event, test.field)
    if value is None:
        value = event.fields.get(test.field)
    return value is not None and meets(value, test.condition)
