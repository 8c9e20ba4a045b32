"""The parts of the commonest duties, made in one go, without an object for each instance.

Such a duty is raised by an event, for no name or one, and is settled by the first event that matches one pattern; nothing moves its
due moment; it stands once, each time, or in windows. The rows are those that ``instances`` and ``judge`` would lead to (what else
asks for an instance still asks them), and property tests hold both to the reference.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import datetime
from typing import NamedTuple

from upstander.policy.arithmetic import MINUTE
from upstander.policy.compiled import facts
from upstander.policy.compiled.case import Case
from upstander.policy.compiled.due import NONE, Judged, flags_in_order, reckoned
from upstander.policy.compiled.part import Part, bearers_of, row_of
from upstander.policy.compiled.rules import Plan
from upstander.policy.compiled.simple import by_minute, raised
from upstander.policy.compiled.view import NOTHING, Found, View
from upstander.policy.compiled.windows import AnyWindow, stretches
from upstander.policy.log import Event
from upstander.policy.model import Duty, Pack
from upstander.policy.reference import deadlines
from upstander.policy.reference.deadlines import Due
from upstander.policy.reference.judging import OFFER_ENDED, RECORDED_LATE, UNTIL
from upstander.policy.verdict import Key, Missing, Settled, State

# Looked up once: an enumeration is slow to ask.
_PENDING, _DUE, _OVERDUE, _LAPSED = State.PENDING, State.DUE, State.OVERDUE, State.LAPSED
_MET, _MET_LATE, _NOT_APPLICABLE = State.MET, State.MET_LATE, State.NOT_APPLICABLE
_new = tuple.__new__  # past the slow constructor of a named tuple


class Arising(NamedTuple):
    """As much of an instance as its bearers are found from."""

    rule: Duty
    pack: Pack
    key: Key
    triggers: tuple[Event, ...]


def goes_straight(case: Case, view: View, plan: Plan) -> bool:
    """Whether the part of a duty can be made here. Not where somebody may have decided on it, or the order of questions counts."""
    return plan.straight and not (plan.decided and case.decisions) and not view.rules.may_turn_in_circles


def straight_part(case: Case, view: View, plan: Plan) -> Part | None:
    """The part of a duty for which ``goes_straight``; None of one without instances."""
    acts = view.hits(plan.when)
    if not acts:
        return None
    maker = _Maker(case, view, plan)
    of_key = maker.single if plan.rule.recurrence is None else maker.series
    for key, triggers in raised(view, plan, acts):
        of_key(key, triggers)
    part = maker.part
    part.soonest = part.sure
    return part


class _Maker:
    """One duty of one case at ``now``, while its part is made."""

    __slots__ = ("case", "coming", "now", "part", "plan", "remembered", "view")

    def __init__(self, case: Case, view: View, plan: Plan) -> None:
        self.case, self.view, self.plan, self.now, self.part = case, view, plan, case.now, Part()
        self.remembered = view.days.remembered(plan) if plan.keeps_due else None
        self.coming: list[datetime] = []
        if plan.recurs:
            case.standing(plan.rule.id).windows = (self.coming, [])

    def single(self, key: Key, triggers: Found) -> None:
        """One instance, or one for each minute of a trigger."""
        plan, view = self.plan, self.view
        must = view.found(plan.must, key, plan.names)
        until = view.found(plan.until, key) if plan.until >= 0 else NOTHING
        each = plan.rule.each_trigger
        for occurrence, (at, events) in enumerate(by_minute(triggers)):
            known = self.by(key, at, events)
            ids = (events[0].id,) if len(events) == 1 else tuple([event.id for event in events])
            kept_away = self.kept_away(key, at, known.at, known.flags) if plan.guarded else None
            judged = kept_away or stand(self, at, ids, known.at, known.flags, must, until, None)
            self.add(key, at, occurrence, events, ids, judged, None)
            if not each and kept_away is None:
                return

    def series(self, key: Key, triggers: Found) -> None:
        """The windows of the series that the first trigger begins."""
        plan, view, now = self.plan, self.view, self.now
        must = view.found(plan.must, key, plan.names)
        until = view.found(plan.until, key) if plan.until >= 0 else NOTHING
        first, events = next(by_minute(triggers))
        ends = bisect_left(until[0], first)
        end = until[0][ends] if ends < len(until[0]) else None
        ids = tuple([event.id for event in events])
        for occurrence, window in enumerate(stretches(plan, view.days, first, now)):
            at = window.start
            if end is not None and at >= end and at != first:
                return
            if at > now:
                self.coming.append(at)
                return
            due, flags = self.by_in(window, key, events)
            kept_away = self.kept_away(key, at, due, flags) if plan.guarded else None
            judged = kept_away or stand(self, at, ids, due, flags, must, until, window)
            self.add(key, at, occurrence, events, ids, judged, window)

    def kept_away(self, key: Key, at: datetime, due: datetime | None, flags: frozenset[str]) -> Judged | None:
        """How it stands if a guard keeps it away."""
        reasons = blocking(self.case, self.view, self.plan.rule, key, at)
        if not reasons:
            return None
        return Judged(_NOT_APPLICABLE, due, None, None, reasons, flags_in_order(flags), at)

    def by(self, key: Key, at: datetime, events: tuple[Event, ...], *, in_window: bool = False) -> Due:
        """The due moment by ``by``."""
        known = self.remembered.get((at, in_window)) if self.remembered is not None else None
        if known is None:
            if self.plan.rule.by is None:
                return NONE
            known = reckoned(self.case, self.view, self.plan, key, at, events, in_window)
        return known

    def by_in(self, window: AnyWindow, key: Key, events: tuple[Event, ...]) -> tuple[datetime | None, frozenset[str]]:
        """The due moment of a window, never after its end, and its flags."""
        end = window.end
        if end is None or self.plan.rule.by is None:
            return end, window.flags
        known = self.by(key, window.start, events, in_window=True)
        if known.at is not None and known.at >= end:
            return end, known.flags | window.flags
        return known.at, known.flags | window.flags if known.at is not None else known.flags

    def add(
        self,
        key: Key,
        at: datetime,
        occurrence: int,
        events: tuple[Event, ...],
        ids: tuple[str, ...],
        judged: Judged,
        window: AnyWindow | None,
    ) -> None:
        """The row; and of an open one what it hinders, and when time changes it."""
        plan, part, pack = self.plan, self.part, self.view.pack
        ended, who = judged[6], plan.who
        if who is None:
            who = bearers_of(self.case, Arising(plan.rule, pack, key, events), ended if ended is not None else self.now)
        part.rows.append(row_of(plan.rule, pack.version, key, at, ids, judged, occurrence, who))
        if ended is not None:
            return
        if plan.hinders and (judged[0] is _OVERDUE or not plan.ends_with_close):
            hindering = part.hinders
            if not hindering or hindering[-1].key != key:
                hindering.append(Missing(key, None, plan.rule.id))
        turn = _turn(judged, window, self.now)
        if turn is not None and (part.sure is None or turn < part.sure):
            part.sure = turn


def blocking(case: Case, view: View, rule: Duty, key: Key, at: datetime) -> tuple[str, ...]:
    """The facts that are not as ``if`` and ``unless`` ask."""
    lacking = [fact for fact in rule.if_ if not facts.holds(facts.asked(case, view.pack, fact, key), at)]
    lacking += [fact for fact in rule.unless if facts.holds(facts.asked(case, view.pack, fact, key), at)]
    return tuple(lacking)


# --- how one stands ----------------------------------------------------------------------------------------------------


def stand(
    maker: _Maker,
    at: datetime,
    ids: tuple[str, ...],
    due: datetime | None,
    due_flags: frozenset[str],
    must: Found,
    until: Found,
    window: AnyWindow | None,
) -> Judged:
    """The state at ``now`` of an instance that no guard keeps away. ``ids``: the events that raised it; none of them settles it."""
    now = maker.now
    flags = flags_in_order(due_flags) if due_flags else ()
    position = _settling(must, at, ids, window, now) if must[0] and must[0][-1] >= at else -1
    ended = must[0][position] if position >= 0 else None
    fallen = _falling(until[0], at, now, due) if until[0] else None
    if fallen is not None and (ended is None or fallen < ended):
        return _new(Judged, (_NOT_APPLICABLE, due, None, None, (UNTIL,), flags, fallen, None, False))
    passed = due + MINUTE if due is not None and (now if ended is None else ended) > due else None
    if passed is not None and not maker.plan.hinders:  # an offer that has passed
        return _new(Judged, (_NOT_APPLICABLE, due, None, None, (OFFER_ENDED,), flags, passed, None, False))
    if ended is not None:
        if passed is None and due is not None and _first_recorded(must, position, ids) > due:
            flags = flags_in_order(due_flags | {RECORDED_LATE})
        settled = Settled(must[1][position].id, ended)
        state = _MET if passed is None else _MET_LATE
        return _new(Judged, (state, due, None, settled, (), flags, ended, passed, False))
    return _unsettled(maker, due, flags, passed, window)


def _unsettled(
    maker: _Maker, due: datetime | None, flags: tuple[str, ...], passed: datetime | None, window: AnyWindow | None
) -> Judged:
    """Of an instance that nothing ended: lapsed with its window, or open."""
    now, remind = maker.now, maker.plan.rule.remind
    if window is not None and window.end is not None and now > window.end:
        lapsed = window.end + MINUTE
        passed = due + MINUTE if due is not None else lapsed
        return _new(Judged, (_LAPSED, due, None, None, (), flags, lapsed, passed, False))
    due_from = deadlines.back(maker.view.days, due, remind).at if due is not None and remind is not None else None
    if passed is not None:
        return _new(Judged, (_OVERDUE, due, due_from, None, (), flags, None, passed, False))
    state = _DUE if due_from is not None and now >= due_from else _PENDING
    return _new(Judged, (state, due, due_from, None, (), flags, None, None, False))


def _settling(must: Found, at: datetime, ids: tuple[str, ...], window: AnyWindow | None, now: datetime) -> int:
    """The position of the first event from the arising on that settles, -1 if none does; what raised it never does."""
    times, several = must
    if window is not None:
        position = bisect_right(times, at) if window.after_start else bisect_left(times, at)
        last = now if window.end is None or now < window.end else window.end
    else:
        position, last = bisect_left(times, at), now
    while position < len(times) and times[position] <= last:
        if several[position].id not in ids:
            return position
        position += 1
    return -1


def _first_recorded(must: Found, position: int, ids: tuple[str, ...]) -> datetime:
    """Of the events of one minute that settle, when the first was written down."""
    times, events = must
    at, recorded = times[position], events[position].recorded
    while position + 1 < len(times) and times[position + 1] == at:
        position += 1
        if events[position].recorded < recorded and events[position].id not in ids:
            recorded = events[position].recorded
    return recorded


def _falling(times: list[datetime], at: datetime, now: datetime, due: datetime | None) -> datetime | None:
    """When the first ``until`` from the arising on ends the instance: not after the due moment."""
    position = bisect_left(times, at)
    if position == len(times):
        return None
    fallen = times[position]
    return fallen if fallen <= now and (due is None or fallen <= due) else None


def _turn(judged: Judged, window: AnyWindow | None, now: datetime) -> datetime | None:
    """When an open instance first changes its state by time alone."""
    state, due, due_from = judged[:3]
    if state is _PENDING and due_from is not None and due is not None and now < due_from <= due:
        return due_from  # nothing comes before: the due moment is not later than the window's end
    if due is not None and judged[7] is None:
        return due + MINUTE
    return window.end + MINUTE if window is not None and window.end is not None else None
