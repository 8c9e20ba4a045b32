"""When an instance opens and is due: what follows from its arising and the calendar, remembered from record to record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from upstander.policy.compiled.case import Case
from upstander.policy.compiled.due import Instance, due_at, flags_in_order, opening
from upstander.policy.compiled.plans import Plan
from upstander.policy.compiled.view import View
from upstander.policy.compiled.windows import AnyWindow
from upstander.policy.log import Event, FieldValue
from upstander.policy.reference import deadlines
from upstander.policy.reference.windows import Stretch, fixed
from upstander.policy.verdict import Key

_KEPT = 4096


class Timing(NamedTuple):
    """``opens``: from when the instance is more than upcoming; ``counts``: from when an event settles it; None: not known.

    ``due_from``: from when it is *due* (``remind``); ``flags``: those of ``due_flags`` in the order in which they are listed."""

    due: datetime | None
    due_from: datetime | None
    flags: tuple[str, ...]
    due_flags: frozenset[str]
    opens: datetime | None
    counts: datetime | None


def timings(
    case: Case, view: View, plan: Plan, key: Key, at: datetime, events: tuple[Event, ...]
) -> tuple[Timing, ...]:
    """Of each instance that one arising raises: one, or one for each period of ``in`` or ``on``, in order."""
    remembered = view.days.timings(plan)
    marker = (at, *_dates(plan.dates, events)) if plan.dates else at
    found: tuple[Timing, ...] | None = remembered.get(marker)
    if found is None:
        window = plan.rule.window
        places: list[Stretch | None] = [None]
        if window is not None:
            places = [*sorted(fixed(window, view.days, at, events), key=_start)]
        found = tuple([_worked_out(case, view, plan, key, at, events, None, place) for place in places])
        if len(remembered) > _KEPT:
            remembered.clear()
        remembered[marker] = found
    return found


def _dates(fields: tuple[str, ...], events: tuple[Event, ...]) -> Iterator[FieldValue | None]:
    return (event.fields.get(name) for event in events for name in fields)


def timing_in(case: Case, view: View, plan: Plan, key: Key, window: AnyWindow, events: tuple[Event, ...]) -> Timing:
    """Of one window of a series."""
    remembered = view.days.timings(plan)
    marker = (window.start, window.end, *_dates(plan.dates, events))
    found: Timing | None = remembered.get(marker)
    if found is None:
        found = _worked_out(case, view, plan, key, window.start, events, window, None)
        if len(remembered) > _KEPT:
            remembered.clear()
        remembered[marker] = found
    return found


def _start(place: Stretch) -> datetime:
    return place.start


def _worked_out(
    case: Case,
    view: View,
    plan: Plan,
    key: Key,
    at: datetime,
    events: tuple[Event, ...],
    window: AnyWindow | None,
    place: Stretch | None,
) -> Timing:
    instance, rule = Instance(plan, view.pack, key, at, (), events, window, place), plan.rule
    known = due_at(case, instance, case.now)
    opens = opening(case, instance, case.now).at
    due_from = None
    if known.at is not None and rule.remind is not None:
        due_from = deadlines.back(view.days, known.at, rule.remind).at
    counts = at if plan.opens_at_once or rule.early_counts else opens
    return Timing(known.at, due_from, flags_in_order(known.flags), known.flags, opens, counts)
