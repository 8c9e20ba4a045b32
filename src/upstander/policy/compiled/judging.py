"""How one instance of a duty stands at a moment: the same answers as the reference's, found by searching."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import datetime
from typing import NamedTuple

from upstander.policy.arithmetic import MINUTE
from upstander.policy.compiled import facts
from upstander.policy.compiled.case import Case, Found
from upstander.policy.compiled.due import Instance, Judged, due_at, flags_in_order, opening, spells
from upstander.policy.compiled.steps import holds
from upstander.policy.log import Event
from upstander.policy.model import Duty, Pattern, Strength
from upstander.policy.reference import deadlines
from upstander.policy.reference.deadlines import Due
from upstander.policy.reference.judging import (
    LATE,
    OFFER_ENDED,
    RECORDED_LATE,
    UNTIL,
    concerns,
)
from upstander.policy.reference.world import may_act
from upstander.policy.verdict import Settled, State

_UPCOMING, _PENDING, _DUE, _PAUSED, _OVERDUE = State.UPCOMING, State.PENDING, State.DUE, State.PAUSED, State.OVERDUE
_MET, _MET_LATE, _WAIVED, _LAPSED = State.MET, State.MET_LATE, State.WAIVED, State.LAPSED
_NOT_APPLICABLE, _MAY = State.NOT_APPLICABLE, Strength.MAY  # looked up once: an enumeration is slow to ask


class End(NamedTuple):
    """What ends an instance; of one minute the lower rank goes first."""

    at: datetime
    rank: int
    state: State
    event: Event
    recorded: datetime


def blocked(case: Case, instance: Instance) -> tuple[str, ...]:
    """The facts that are not as ``if`` and ``unless`` ask at the arising."""
    found = instance.blocked
    if found is None:
        rule, pack, key, at = instance.rule, instance.pack, instance.key, instance.at
        lacking = [fact for fact in rule.if_ if not holds(facts.asked(case, pack, fact, key), at)]
        lacking += [fact for fact in rule.unless if holds(facts.asked(case, pack, fact, key), at)]
        found = instance.blocked = tuple(lacking)
    return found


def judge(case: Case, instance: Instance, moment: datetime) -> Judged:
    """The state at a moment, from events at or before it."""
    if moment is case.now:
        if instance.judged is None:
            instance.judged = _judge(case, instance, moment)
        return instance.judged
    marker = ("judged", instance, moment)
    found = case.memo.get(marker)
    if found is None:
        found = case.memo[marker] = _judge(case, instance, moment)
    answer: Judged = found
    return answer


def _judge(case: Case, instance: Instance, moment: datetime) -> Judged:
    reasons = blocked(case, instance)
    if reasons:
        known = due_at(case, instance, instance.at)
        return Judged(_NOT_APPLICABLE, known.at, why=reasons, flags=flags_in_order(known.flags), ended=instance.at)
    end = _first_end(case, instance, moment)
    seen = end.at if end is not None else moment
    last = instance.window.end if instance.window is not None else None
    if last is not None and last < seen:
        seen = last
    known = due_at(case, instance, seen)
    after_due = known.at is not None and (end.at if end is not None else moment) > known.at
    if after_due and known.at is not None and not instance.plan.steady:
        known = due_at(case, instance, known.at)  # a pause after the due moment touches nothing
    if after_due and known.at is not None and instance.rule.strength is _MAY:
        ended = known.at + MINUTE
        return Judged(_NOT_APPLICABLE, known.at, why=(OFFER_ENDED,), flags=flags_in_order(known.flags), ended=ended)
    passed = known.at + MINUTE if after_due and known.at is not None else None
    if end is not None:
        return _ended(end, known, passed)
    closed = _closed(case, instance, moment, known)
    return closed if closed is not None else _open(case, instance, moment, known, passed)


# --- ends --------------------------------------------------------------------------------------------------------------


def _first_end(case: Case, instance: Instance, moment: datetime) -> End | None:
    best = _plain_settling(case, instance, moment) if instance.plan.plain else _settling(case, instance, moment)
    waived = _waiving(case, instance, moment) if instance.rule.waived_by else None
    if waived is not None and (best is None or waived[:2] < best[:2]):
        best = waived
    fallen = _falling(case, instance, moment) if instance.rule.until is not None else None
    if fallen is not None and (best is None or fallen[:2] < best[:2]):
        best = fallen
    return best


def _ended(end: End, known: Due, passed: datetime | None) -> Judged:
    flags, state, late = known.flags, end.state, passed is not None
    if state is _MET and not flags and (late or known.at is None or end.recorded <= known.at):
        settled = Settled(end.event.id, end.at)
        return Judged(_MET_LATE if late else _MET, known.at, None, settled, (), (), end.at, passed)
    if state is _NOT_APPLICABLE:
        by_close = end.event.kind == "close"
        return Judged(state, known.at, why=(UNTIL,), flags=flags_in_order(flags), ended=end.at, by_close=by_close)
    if state is _MET and late:
        state = _MET_LATE
    elif state is _MET and known.at is not None and end.recorded > known.at:
        flags |= {RECORDED_LATE}
    elif state is _WAIVED and late:
        flags |= {LATE}
    settled = Settled(end.event.id, end.at)
    return Judged(state, known.at, settled=settled, flags=flags_in_order(flags), ended=end.at, passed=passed)


def _bounds(instance: Instance, found: Found, start: datetime, moment: datetime) -> range:
    """The positions of the events from a moment on that may settle or waive, as far as the instance's own minutes go."""
    window = instance.window
    later_only = instance.link or (window is not None and window.after_start)
    times = found[0]
    first = bisect_right(times, instance.at) if later_only else bisect_left(times, instance.at)
    if start > instance.at:
        first = max(first, bisect_left(times, start))
    last = moment if window is None or window.end is None or moment < window.end else window.end
    return range(first, bisect_right(times, last))


def _plain_settling(case: Case, instance: Instance, moment: datetime) -> End | None:
    found = case.views[id(instance.pack)].found(instance.plan.must, instance.key, instance.names)
    return _first_settling(instance, found, instance.at, moment) if found[0] else None


def _first_settling(instance: Instance, found: Found, start: datetime, moment: datetime) -> End | None:
    """The first event from a moment on that is not among the triggers."""
    times, events = found
    if instance.window is not None or instance.link:
        bounds = _bounds(instance, found, start, moment)
        position, count = bounds.start, bounds.stop
    else:
        position, count = bisect_left(times, start), len(times)
    while position < count and times[position] <= moment:
        event = events[position]
        if event.id not in instance.trigger_ids:
            return End(times[position], 0, _MET, event, _soonest_recorded(instance, times, events, position))
        position += 1
    return None


def _soonest_recorded(instance: Instance, times: list[datetime], events: list[Event], position: int) -> datetime:
    """Of the events of one minute that settle, when the first was written down."""
    recorded = events[position].recorded
    at = times[position]
    if position + 1 == len(times) or times[position + 1] != at:
        return recorded
    for other in events[position + 1 : bisect_right(times, at)]:
        if other.recorded < recorded and other.id not in instance.trigger_ids:
            recorded = other.recorded
    return recorded


def _settling(case: Case, instance: Instance, moment: datetime) -> End | None:
    if len(instance.rule.must) == 1:
        return part_settled(case, instance, instance.rule.must[0], moment)
    done: list[End] = []
    for pattern in instance.rule.must:
        part = part_settled(case, instance, pattern, moment)
        if part is None:
            return None
        done.append(part)
    if not done:
        return None
    last = max(part.at for part in done)
    event = min((part.event for part in done if part.at == last), key=lambda event: case.place[event.id])
    return End(last, 0, _MET, event, max(part.recorded for part in done))


def part_settled(case: Case, instance: Instance, pattern: Pattern, moment: datetime) -> End | None:
    """One part of ``all of``: by the n-th minute that counts."""
    start: datetime | None = instance.at
    if not instance.rule.early_counts and not instance.plan.opens_at_once:
        start = opening(case, instance, moment).at
    if start is None:
        return None
    found = case.found(instance.pack, pattern, instance.key, instance.names)
    if instance.rule.times == 1:
        return _first_settling(instance, found, max(start, instance.at), moment)
    minutes: dict[datetime, list[Event]] = {}
    for position in _bounds(instance, found, start, moment):
        event = found[1][position]
        if event.id not in instance.trigger_ids:
            minutes.setdefault(event.at, []).append(event)
    counted = list(minutes)[: instance.rule.times]
    if len(counted) < instance.rule.times:
        return None
    recorded = max(min(event.recorded for event in minutes[minute]) for minute in counted)
    return End(counted[-1], 0, _MET, minutes[counted[-1]][0], recorded)


def _waiving(case: Case, instance: Instance, moment: datetime) -> End | None:
    several = case.decisions.get(("waive", instance.rule.id))
    if several:
        found = ([event.at for event in several], several)
        for position in _bounds(instance, found, instance.at, moment):
            event = several[position]
            if may_act(instance.pack, event.by.role, instance.rule.waived_by) and concerns(event, instance.key):
                return End(event.at, 1, _WAIVED, event, event.recorded)
    return None


def _falling(case: Case, instance: Instance, moment: datetime) -> End | None:
    assert instance.rule.until is not None  # noqa: S101
    times, events = case.found(instance.pack, instance.rule.until, instance.key)
    position = bisect_left(times, instance.at)
    if position >= len(times) or times[position] > moment:
        return None
    at = times[position]
    known = due_at(case, instance, at).at
    if known is not None and at > known:
        return None
    of_minute = events[position : bisect_right(times, at)]
    event = next((event for event in of_minute if event.kind == "close"), of_minute[0])
    return End(at, 2, _NOT_APPLICABLE, event, event.recorded)


# --- open, or closed by time -------------------------------------------------------------------------------------------


def _closed(case: Case, instance: Instance, moment: datetime, known: Due) -> Judged | None:
    window, place = instance.window, instance.place
    if window is not None and window.end is not None and moment > window.end:
        end, start = window.end, window.start + MINUTE
    elif place is not None and place.end is not None and moment > place.end:
        end, start = place.end, max(instance.at + MINUTE, place.start)
    else:
        return None
    ended, flags = end + MINUTE, flags_in_order(known.flags)
    if instance.rule.paused_while is not None and start <= end and (start, end) in spells(case, instance, start, end):
        early = known.at + MINUTE if known.at is not None and known.at < end else None
        why: tuple[str, ...] = (instance.rule.paused_while,)
        return Judged(_NOT_APPLICABLE, known.at, why=why, flags=flags, ended=ended, passed=early)
    if window is None:
        return None
    passed = known.at + MINUTE if known.at is not None else ended
    why = missing_parts(case, instance, end)
    return Judged(_LAPSED, known.at, why=why, flags=flags, ended=ended, passed=passed)


def _open(case: Case, instance: Instance, moment: datetime, known: Due, passed: datetime | None) -> Judged:
    flags, rule, due_from = flags_in_order(known.flags), instance.rule, None
    why = missing_parts(case, instance, moment) if len(rule.must) > 1 else ()
    if known.at is not None and rule.remind is not None:
        due_from = deadlines.back(case.days(instance.pack), known.at, rule.remind).at
    paused = rule.paused_while is not None and _is_paused(case, instance, rule, moment, known)
    if not instance.plan.opens_at_once:
        opens = opening(case, instance, moment).at
        if opens is None or moment < opens:
            if paused:
                return Judged(_UPCOMING, None, why=why)
            return Judged(_UPCOMING, known.at, due_from, why=why, flags=flags)
    if passed is not None:
        return Judged(_OVERDUE, known.at, due_from, why=why, flags=flags, passed=passed)
    if paused:
        return Judged(_PAUSED, None, why=why)
    state = _DUE if due_from is not None and moment >= due_from else _PENDING
    return Judged(state, known.at, due_from, why=why, flags=flags)


def _is_paused(case: Case, instance: Instance, rule: Duty, moment: datetime, known: Due) -> bool:
    if moment <= instance.at or (known.at is not None and moment >= known.at):
        return False
    return holds(facts.asked(case, instance.pack, rule.paused_while or "", instance.key), moment)


def missing_parts(case: Case, instance: Instance, moment: datetime) -> tuple[str, ...]:
    """Of ``all of``, the kinds that are still missing."""
    if len(instance.rule.must) < 2:
        return ()
    return tuple(
        pattern.alternatives[0].kind
        for pattern in instance.rule.must
        if part_settled(case, instance, pattern, moment) is None
    )
