"""How an instance stands that nothing but events, time and the calendar moves: for ``straight``, in plain tuples."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import datetime

from upstander.policy.arithmetic import MINUTE
from upstander.policy.compiled.case import Case
from upstander.policy.compiled.due import flags_in_order
from upstander.policy.compiled.plans import Plan
from upstander.policy.compiled.timing import Timing
from upstander.policy.compiled.view import Found
from upstander.policy.compiled.windows import AnyWindow
from upstander.policy.log import Event
from upstander.policy.reference.judging import OFFER_ENDED, RECORDED_LATE, UNTIL
from upstander.policy.verdict import Settled, State

# Looked up once: an enumeration is slow to ask.
_UPCOMING, _PENDING, _DUE, _OVERDUE = State.UPCOMING, State.PENDING, State.DUE, State.OVERDUE
_MET, _MET_LATE, _LAPSED, _NOT_APPLICABLE = State.MET, State.MET_LATE, State.LAPSED, State.NOT_APPLICABLE
_new = tuple.__new__  # past the slow constructor of a named tuple
_FELL_AWAY, _OFFER_ENDED = (UNTIL,), (OFFER_ENDED,)

Settling = tuple[datetime, Event, datetime]
"""The moment, the event, and when the first of that minute was written down."""

Stood = tuple[
    State, datetime | None, Settled | None, tuple[str, ...], tuple[str, ...], datetime | None, datetime | None
]
"""State, ``due_from``, what settled it, why, flags, since when that is final, when time alone next changes it."""


def stand(
    now: datetime,
    plan: Plan,
    at: datetime,
    ids: tuple[str, ...],
    must: Found,
    timing: Timing,
    until: list[datetime],
    window: AnyWindow | None,
) -> Stood:
    """The state at ``now`` of an instance that no guard keeps away and that one pattern settles.

    ``ids``: the events that raised it; ``must``: those that settle it; ``until``: the moments at which it falls away."""
    times, start = must[0], timing[5]
    settling = None
    if times and start is not None and times[-1] >= start:
        settling = first_settling(must, start, ids, window, now)
    if settling is None and window is None and not until:
        due = timing[0]
        if due is None or now <= due or plan.hinders:
            return _unsettled(now, plan, due is not None and now > due, timing, None)
    return judged(now, plan, at, settling, timing, until, window)


def judged(
    now: datetime,
    plan: Plan,
    at: datetime,
    settling: Settling | None,
    timing: Timing,
    until: list[datetime],
    window: AnyWindow | None,
) -> Stood:
    """The state of one of which it is known what settles it."""
    due, _, flags, _, _, _ = timing
    if until and until[-1] >= at:
        fallen = until[bisect_left(until, at)]
        if fallen <= now and (due is None or fallen <= due) and (settling is None or fallen < settling[0]):
            return _NOT_APPLICABLE, None, None, _FELL_AWAY, flags, fallen, None
    if settling is None:
        late = due is not None and now > due
        if late and not plan.hinders and due is not None:  # an offer that has passed
            return _NOT_APPLICABLE, None, None, _OFFER_ENDED, flags, due + MINUTE, None
        return _unsettled(now, plan, late, timing, window)
    ended, event, recorded = settling
    state = _MET
    if due is not None:
        if ended > due:
            if not plan.hinders:
                return _NOT_APPLICABLE, None, None, _OFFER_ENDED, flags, due + MINUTE, None
            state = _MET_LATE
        elif recorded > due:
            flags = flags_in_order(timing.due_flags | {RECORDED_LATE})
    return state, None, _new(Settled, (event.id, ended)), (), flags, ended, None


def _unsettled(now: datetime, plan: Plan, late: bool, timing: Timing, window: AnyWindow | None) -> Stood:
    """Of an instance that nothing ended: lapsed with its window, or open."""
    due, due_from, flags, _, opens, _ = timing
    end = window.end if window is not None else None
    if end is not None and now > end:
        return _LAPSED, None, None, (), flags, end + MINUTE, None
    if opens is None or now < opens:
        turn = opens
        if due is not None and not plan.hinders and (turn is None or due < turn):
            turn = due + MINUTE
        return _UPCOMING, due_from, None, (), flags, None, turn
    if late or due is None:
        state = _OVERDUE if late else _PENDING
        return state, due_from, None, (), flags, None, end + MINUTE if end is not None else None
    if due_from is None or now >= due_from:
        return (_PENDING if due_from is None else _DUE), due_from, None, (), flags, None, due + MINUTE
    return _PENDING, due_from, None, (), flags, None, due_from if due_from <= due else due + MINUTE


def first_settling(
    found: Found, start: datetime, ids: tuple[str, ...], window: AnyWindow | None, now: datetime
) -> Settling | None:
    """The first event from a moment on that settles; what raised the instance (``ids``) never does."""
    times, events = found
    if not times or times[-1] < start:
        return None
    if window is None:
        position, last = bisect_left(times, start), now
    else:
        position = bisect_right(times, start) if window.after_start else bisect_left(times, start)
        last = now if window.end is None or now < window.end else window.end
    count = len(times)
    while position < count and times[position] <= last:
        event = events[position]
        if event.id not in ids:
            at, recorded, position = times[position], event.recorded, position + 1
            while position < count and times[position] == at:
                if events[position].recorded < recorded and events[position].id not in ids:
                    recorded = events[position].recorded
                position += 1
            return at, event, recorded
        position += 1
    return None


def last_of(parts: Sequence[Settling | None], case: Case) -> Settling | None:
    """Of ``all of``: the last of its parts, of one minute the first in the log; None while one is missing."""
    done = [part for part in parts if part is not None]
    if len(done) < len(parts):
        return None
    last = max([part[0] for part in done])
    events = [part[1] for part in done if part[0] == last]
    event = events[0] if len(events) == 1 else min(events, key=lambda event: case.place[event.id])
    return last, event, max([part[2] for part in done])
