"""When an instance is due, from when it can be settled, and in which minutes it waits."""

from __future__ import annotations

from bisect import bisect_left
from datetime import datetime
from typing import NamedTuple

from upstander.policy.arithmetic import LAST_MOMENT, MINUTE, add, end_of, read_moment
from upstander.policy.compiled import facts, pausing
from upstander.policy.compiled.case import Case
from upstander.policy.compiled.days import Days
from upstander.policy.compiled.plans import Plan
from upstander.policy.compiled.view import View
from upstander.policy.compiled.windows import AnyWindow
from upstander.policy.log import Event
from upstander.policy.model import (
    AfterEvent,
    AgainAfter,
    BeforeEvent,
    Deadline,
    Earliest,
    In,
    Pack,
    Said,
    SimpleDeadline,
    Span,
)
from upstander.policy.reference import deadlines
from upstander.policy.reference.deadlines import Due, Reckoning
from upstander.policy.reference.judging import EXTENDED, FLAGS, concerns
from upstander.policy.reference.windows import Stretch
from upstander.policy.reference.world import may_act
from upstander.policy.verdict import Key, Settled, State

NO_FLAGS: frozenset[str] = frozenset()
NONE = Due(None)


ROW = 6
"""How many parts of a judgement, from the first on, are seen in a row."""


class Judged(NamedTuple):
    """How an instance stands. ``ended``: since when that is final; ``passed``: the minute after a due moment that passed open."""

    state: State
    due: datetime | None
    due_from: datetime | None = None
    settled: Settled | None = None
    why: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    ended: datetime | None = None
    passed: datetime | None = None
    by_close: bool = False


_in_order: dict[frozenset[str], tuple[str, ...]] = {}


def flags_in_order(flags: frozenset[str]) -> tuple[str, ...]:
    """Flags in the order in which they are listed."""
    found = _in_order.get(flags)
    if found is None:
        found = _in_order[flags] = tuple(flag for flag in FLAGS if flag in flags)
    return found


class Instance:
    """One instance as it arose; what does not change with the moment is worked out once."""

    __slots__ = (
        "at",
        "because",
        "blocked",
        "events",
        "judged",
        "key",
        "link",
        "names",
        "pack",
        "place",
        "plan",
        "rule",
        "steady_due",
        "steady_opening",
        "trigger_ids",
        "window",
    )

    def __init__(
        self,
        plan: Plan,
        pack: Pack,
        key: Key,
        at: datetime,
        because: tuple[str, ...],
        events: tuple[Event, ...],
        window: AnyWindow | None = None,
        place: Stretch | None = None,
        link: bool = False,
    ) -> None:
        self.plan, self.rule, self.pack, self.key, self.at = plan, plan.rule, pack, key, at
        self.because, self.events = because, events
        self.window, self.place, self.link = window, place, link
        self.names = plan.names
        self.trigger_ids = because if events else ()
        self.blocked: tuple[str, ...] | None = None
        self.steady_due: Due | None = None
        self.steady_opening: Due | None = None
        self.judged: Judged | None = None  # as of now

    @property
    def triggers(self) -> tuple[Event, ...]:
        return self.events


def due_at(case: Case, instance: Instance, moment: datetime) -> Due:
    """The due moment in force at a moment."""
    extends = case.decisions.get(("extend", instance.rule.id)) if instance.rule.extended_by else None
    if extends or not instance.plan.steady:
        marker = ("due", instance, moment)
        if marker not in case.memo:
            case.memo[marker] = _due_at(case, instance, moment, extends or [])
        moving: Due = case.memo[marker]
        return moving
    known = instance.steady_due
    if known is None:
        known = instance.steady_due = _due_at(case, instance, moment, [])
    return known


def _due_at(case: Case, instance: Instance, moment: datetime, extends: list[Event]) -> Due:
    known = _base(case, instance, moment)
    granted: datetime | None = None
    for event in extends:
        if not instance.at <= event.at <= moment or not concerns(event, instance.key):
            continue
        if not may_act(instance.pack, event.by.role, instance.rule.extended_by):
            continue
        then, to = _base(case, instance, event.at).at, read_moment(event.fields.get("to"))
        if then is not None and to is not None and event.at <= max(then, granted or then):
            granted = max(to, granted or to)
    if granted is not None and known.at is not None and granted > known.at:
        known = Due(granted, known.flags | {EXTENDED})
    window = instance.window
    if window is not None and window.end is not None and known.at is not None and known.at > window.end:
        known = Due(window.end, known.flags)
    if not instance.plan.opens_at_once:
        flags = opening(case, instance, moment).flags
        known = Due(known.at, known.flags | flags) if flags else known
    return known


def _base(case: Case, instance: Instance, moment: datetime) -> Due:
    rule, window, place = instance.rule, instance.window, instance.place
    if isinstance(rule.recurrence, AgainAfter) and (instance.link or rule.by is None):
        days = case.days(instance.pack)
        return pausing.moved(days, instance.at, rule.recurrence.distance, pauses(case, instance, moment))
    if window is not None and (window.end is None or (rule.by is None and place is None)):
        return Due(window.end, window.flags)
    known = _by(case, instance, rule.by, moment) if rule.by is not None else None
    if window is None and place is None:
        return known if known is not None else NONE
    parts = [known] if known is not None else []
    if place is not None:
        parts.append(Due(place.end, place.flags))
    if window is not None and (known is None or known.at is not None):
        parts.append(Due(window.end, window.flags))
    return deadlines.earliest(parts)


def _by(case: Case, instance: Instance, by: Deadline, moment: datetime) -> Due:
    if instance.rule.paused_while is not None:
        from_ = reckoning(case, instance, moment)
        waited = pauses(case, instance, moment)
        return pausing.due(by, case.days(instance.pack), instance.at, waited, lambda part: _by_events(part, from_))
    view, in_window = case.views[id(instance.pack)], instance.window is not None
    return reckoned(case, view, instance.plan, instance.key, instance.at, instance.events, in_window, moment)


def reckoned(
    case: Case,
    view: View,
    plan: Plan,
    key: Key,
    at: datetime,
    events: tuple[Event, ...],
    in_window: bool,
    moment: datetime | None = None,
) -> Due:
    """The due moment of ``by`` where no pause moves it; what follows from the arising and the calendar alone is remembered."""
    remembered = view.days.remembered(plan) if plan.keeps_due else {}
    known = remembered.get((at, in_window))
    if known is not None:
        return known
    by = plan.rule.by
    assert by is not None  # noqa: S101 - asked of no other
    known = _plain_distance(by, at, view.days)
    if known is None:
        seen = moment if moment is not None else case.now
        known = _by_events(by, Reckoning(case, view.pack, key, at, events, seen, (), in_window))
    if len(remembered) > 4096:
        remembered.clear()
    remembered[at, in_window] = known
    return known


def _by_events(by: Deadline, from_: Reckoning) -> Due:
    """The due moment of ``by``; the events that it waits for are looked up."""
    if isinstance(by, Said):
        return _by_events(by.means, from_)
    if isinstance(by, Earliest):
        return deadlines.earliest([_by_events(part, from_) for part in by.of])
    if not isinstance(by, AfterEvent | BeforeEvent):
        return deadlines.due(by, from_)
    case, days = from_.world, from_.world.days(from_.pack)
    assert isinstance(case, Case)  # noqa: S101 - this strategy reckons in no other world
    pattern, start = (by.after, from_.arose) if isinstance(by, AfterEvent) else (by.before, from_.arose + MINUTE)
    times = case.found(from_.pack, pattern, from_.key)[0]
    position = bisect_left(times, start)
    if position == len(times) or times[position] > from_.seen:
        return NONE
    if isinstance(by, AfterEvent):
        return deadlines.moved(days, times[position], by.plus, ())
    return Due(times[position])


def _plain_distance(by: Deadline, at: datetime, days: Days) -> Due | None:
    """The due moment of the commonest forms, where no pause moves it; None of the others."""
    while isinstance(by, Said):
        by = by.means
    if by is SimpleDeadline.SAME_DAY:
        return Due(end_of(at.date()))
    if not isinstance(by, In):
        return None
    distance = by.distance
    return Due(add(at, distance)) if isinstance(distance, Span) else days.due_after(at.date(), distance)


def reckoning(case: Case, instance: Instance, moment: datetime, spells: deadlines.Spells = ()) -> Reckoning:
    in_window = instance.window is not None
    return Reckoning(case, instance.pack, instance.key, instance.at, instance.events, moment, spells, in_window)


def opening(case: Case, instance: Instance, moment: datetime) -> Due:
    """From when the instance can be settled; None: not known yet."""
    if instance.plan.opens_at_once:
        return Due(instance.at)
    if not instance.plan.steady:
        return _opening(case, instance, moment)
    if instance.steady_opening is None:
        instance.steady_opening = _opening(case, instance, moment)
    return instance.steady_opening


def _opening(case: Case, instance: Instance, moment: datetime) -> Due:
    opens: datetime | None = instance.at
    flags = NO_FLAGS
    if instance.rule.not_before is not None:
        known = _plain_distance(instance.rule.not_before, instance.at, case.days(instance.pack))
        if known is None:
            known = deadlines.due(instance.rule.not_before, reckoning(case, instance, moment))
        flags |= known.flags
        opens = max(opens, known.at) if opens is not None and known.at is not None else None
    if instance.place is not None:
        flags |= instance.place.flags
        opens = max(opens, instance.place.start) if opens is not None else None
    return Due(opens, flags)


def pauses(case: Case, instance: Instance, moment: datetime) -> list[tuple[datetime, datetime]]:
    """The minutes after the arising, up to the moment, in which ``paused while`` holds."""
    return spells(case, instance, instance.at + MINUTE, moment)


def spells(case: Case, instance: Instance, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    fact = instance.rule.paused_while
    if fact is None or end < start:
        return []
    steps = facts.asked(case, instance.pack, fact, instance.key)
    found = []
    for first, off in zip(steps[::2], [*steps[1::2], LAST_MOMENT], strict=False):
        if first <= end and off > start:
            found.append((max(first, start), min(off - MINUTE, end)))
    return found
