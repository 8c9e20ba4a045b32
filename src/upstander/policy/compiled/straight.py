"""The parts of the commonest duties, made in one go, without an object for each instance.

Such a duty is raised by an event, for no name or one, or by a fact; nothing but the calendar moves its due moment, and nobody has
decided on it. It stands once, each time, in the periods of ``in``, or in the windows of a series. The rows are those that
``instances`` and ``judge`` would lead to (what else asks for an instance still asks them), and property tests hold both to the
reference. This is the innermost loop of the engine: what is asked of each row is looked up once for each rule, key or case.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from upstander.policy.compiled import facts
from upstander.policy.compiled.case import Case
from upstander.policy.compiled.part import Part, bearers_of
from upstander.policy.compiled.plans import Plan
from upstander.policy.compiled.simple import by_minute, first_minute, raised
from upstander.policy.compiled.states import Stood, first_settling, judged, last_of, stand
from upstander.policy.compiled.steps import holds
from upstander.policy.compiled.timing import Timing, timing_in, timings
from upstander.policy.compiled.view import NO_VALUES, NOTHING, Found, View
from upstander.policy.compiled.windows import AnyWindow, stretches
from upstander.policy.log import Event
from upstander.policy.model import Duty, Pack
from upstander.policy.verdict import DutyInstance, Key, Missing, State

# Looked up once: an enumeration is slow to ask.
_UPCOMING, _OVERDUE, _LAPSED, _NOT_APPLICABLE = State.UPCOMING, State.OVERDUE, State.LAPSED, State.NOT_APPLICABLE
_new = tuple.__new__  # past the slow constructor of a named tuple
Minutes = Iterable[tuple[datetime, tuple[Event, ...]]]
"""The minutes in which something raises a duty, with the events that do."""


class Arising(NamedTuple):
    """As much of an instance as its bearers are found from."""

    rule: Duty
    pack: Pack
    key: Key
    triggers: tuple[Event, ...]


class Straight:
    """One case under one version, while the parts of its duties are made."""

    __slots__ = ("case", "circles", "now", "pack", "version", "view")

    def __init__(self, case: Case, view: View) -> None:
        self.case, self.view, self.now, self.pack = case, view, case.now, view.pack
        self.version, self.circles = view.pack.version, view.rules.may_turn_in_circles

    def fits(self, plan: Plan) -> bool:
        """Whether the part of a duty can be made here: nobody decided on it, and the order of questions does not count."""
        if not plan.straight or self.circles or (plan.decided and self.case.decisions):
            return False
        return plan.rule.paused_while is None or self._is_never_paused(plan.rule.paused_while)

    def _is_never_paused(self, fact_id: str) -> bool:
        fact = self.view.rules.tabulated.get(fact_id)
        return fact is not None and not facts.table(self.case, self.view, fact)

    def part(self, plan: Plan) -> Part | None:
        """The part of a duty that fits; None of one without instances."""
        view, becomes = self.view, plan.becomes
        if becomes is not None:
            part = Part()
            for key, moments in self._risen(plan, becomes):
                self.single(plan, part, key, [(at, ()) for at in moments])
            return part if part.rows else None
        acts = view.patterns[plan.when]
        if acts is None:
            acts = view.hits(plan.when)
        if not acts:
            return None
        part = Part()
        if plan.recurs:
            coming: list[datetime] = []
            self.case.standing(plan.rule.id).windows = (coming, [])
            for key, triggers in raised(view, plan, acts):
                self.series(plan, part, key, triggers, coming)
        elif plan.every:
            for key, triggers in raised(view, plan, acts):
                self.single(plan, part, key, by_minute(triggers))
        else:
            self.once(plan, part, acts)
        return part

    def once(self, plan: Plan, part: Part, acts: list[Event]) -> None:
        """For each key the instance, or instances, that its first trigger raises whatever the facts."""
        view, now, remembered = self.view, self.now, self.view.days.timings(plan)
        musts, endings = self.finders(plan)
        for key, (times, several) in raised(view, plan, acts):
            at = times[0]
            events = (several[0],) if len(times) == 1 or times[1] != at else first_minute((times, several))[1]
            ids = (events[0].id,) if len(events) == 1 else tuple([event.id for event in events])
            must = view.found(plan.must, key, plan.names) if musts is None else musts.get(key[0][1], NOTHING)
            until = self.until(plan, key) if endings is None else endings.get(key[0][1], NOTHING)[0]
            known = remembered.get(at) if not plan.dates else None
            if known is None:
                known = timings(self.case, view, plan, key, at, events)
            if len(known) == 1 and len(plan.musts) == 1:
                stood = stand(now, plan, at, ids, must, known[0], until, None)
                self.add(plan, part, key, at, 0, events, ids, known[0][0], stood)
                continue
            for occurrence, timing in enumerate(known):
                stood = self.stood(plan, key, at, ids, must, timing, until, None)
                self.add(plan, part, key, at, occurrence, events, ids, timing[0], stood)

    def finders(self, plan: Plan) -> tuple[dict[str, Found] | None, dict[str, Found] | None]:
        """What settles the instances of each value of the only name, and what makes them fall away; None: ask for each key."""
        if len(plan.names) != 1:
            return None, None
        name, until = plan.names[0], plan.until
        musts = self.view.by_value(plan.must, name, carrying=True)
        return musts, self.view.by_value(until, name, carrying=False) if until >= 0 else NO_VALUES

    def _risen(self, plan: Plan, fact_id: str) -> Iterator[tuple[Key, list[datetime]]]:
        """The moments at which a fact turned true, for each key of the duty."""
        found: dict[Key, set[datetime]] = {}
        own, shared = plan.own, self.view.rules.shared
        for at, source in facts.rises(self.case, fact_id):
            given = shared(own, source)
            if len(given) == len(own):
                found.setdefault(tuple([(name, given[name]) for name in own]), set()).add(at)
        for key in sorted(found):
            yield key, sorted(found[key])

    def must(self, plan: Plan, key: Key) -> Found:
        """What settles the instances of a key, or the first part of it."""
        return self.view.found(plan.must, key, plan.names)

    def until(self, plan: Plan, key: Key) -> list[datetime]:
        """When the instances of a key fall away."""
        return self.view.found(plan.until, key)[0] if plan.until >= 0 else NOTHING[0]

    def single(self, plan: Plan, part: Part, key: Key, minutes: Minutes) -> None:
        """The instances of one key that each arising raises, as far as the facts allow."""
        case, view, rule = self.case, self.view, plan.rule
        must, until, occurrence = self.must(plan, key), self.until(plan, key), 0
        for at, events in minutes:
            ids = (events[0].id,) if len(events) == 1 else tuple([event.id for event in events])
            reasons = blocking(case, view, rule, key, at) if plan.guarded else ()
            for timing in timings(case, view, plan, key, at, events):
                stood = (
                    _kept_away(reasons, timing, at)
                    if reasons
                    else self.stood(plan, key, at, ids, must, timing, until, None)
                )
                self.add(plan, part, key, at, occurrence, events, ids, timing[0], stood)
                occurrence += 1
            if not reasons and not rule.each_trigger:
                return

    def series(self, plan: Plan, part: Part, key: Key, triggers: Found, coming: list[datetime]) -> None:
        """The windows of the series that the first trigger begins; ``coming`` takes the start of the next."""
        case, view, now = self.case, self.view, self.now
        must, until = self.must(plan, key), self.until(plan, key)
        first, events = first_minute(triggers)
        ids = tuple([event.id for event in events])
        position = bisect_left(until, first)
        end = until[position] if position < len(until) else None
        for occurrence, window in enumerate(stretches(plan, view.days, first, now)):
            at = window.start
            if end is not None and at >= end and at != first:
                return
            if at > now:
                coming.append(at)
                return
            reasons = blocking(case, view, plan.rule, key, at) if plan.guarded else ()
            timing = timing_in(case, view, plan, key, window, events)
            stood = (
                _kept_away(reasons, timing, at)
                if reasons
                else self.stood(plan, key, at, ids, must, timing, until, window)
            )
            self.add(plan, part, key, at, occurrence, events, ids, timing[0], stood)

    def stood(
        self,
        plan: Plan,
        key: Key,
        at: datetime,
        ids: tuple[str, ...],
        must: Found,
        timing: Timing,
        until: list[datetime],
        window: AnyWindow | None,
    ) -> Stood:
        """How an instance stands that no guard keeps away; if several things settle it, also what is missing of them."""
        now, start = self.now, timing.counts
        if len(plan.musts) == 1:
            return stand(now, plan, at, ids, must, timing, until, window)
        several = [must, *(self.view.found(number, key, plan.names) for number in plan.musts[1:])]
        parts = [first_settling(one, start, ids, window, now) if start is not None else None for one in several]
        stood = judged(now, plan, at, last_of(parts, self.case), timing, until, window)
        if stood[5] is not None and stood[0] is not _LAPSED:
            return stood
        why = tuple([kind for kind, part in zip(plan.kinds, parts, strict=True) if part is None])
        return (*stood[:3], why, *stood[4:])

    def add(
        self,
        plan: Plan,
        part: Part,
        key: Key,
        at: datetime,
        occurrence: int,
        events: tuple[Event, ...],
        ids: tuple[str, ...],
        due: datetime | None,
        stood: Stood,
    ) -> None:
        """The row; and of an open one what it hinders, and when time changes it."""
        rule, who = plan.rule, plan.who
        state, due_from, settled, why, flags, ended, turn = stood
        if who is None:
            who = self.bearers(plan, key, events, ended)
        because = ids if plan.becomes is None else (plan.becomes,)
        head = (rule.id, rule.clause, self.version, key, occurrence, at, due, state, rule.strength, who, rule.who)
        part.rows.append(_new(DutyInstance, (*head, settled, because, why, flags, due_from)))
        if ended is None:
            _stays_open(plan, part, key, state, turn)

    def bearers(
        self, plan: Plan, key: Key, events: tuple[Event, ...], ended: datetime | None
    ) -> tuple[Mapping[str, str], ...]:
        """Who bears it: as of its end, or of now."""
        arising = _new(Arising, (plan.rule, self.pack, key, events))
        return bearers_of(self.case, arising, ended if ended is not None else self.now)


def _stays_open(plan: Plan, part: Part, key: Key, state: State, turn: datetime | None) -> None:
    """What an open instance hinders, and when time changes it."""
    if plan.hinders and state is not _UPCOMING and (state is _OVERDUE or not plan.ends_with_close):
        hindering = part.hinders
        if not hindering or hindering[-1].key != key:
            hindering.append(_new(Missing, (key, None, plan.rule.id)))
    if turn is not None and (part.soonest is None or turn < part.soonest):
        part.sure = part.soonest = turn


def _kept_away(reasons: tuple[str, ...], timing: Timing, at: datetime) -> Stood:
    return _NOT_APPLICABLE, None, None, reasons, timing.flags, at, None


def blocking(case: Case, view: View, rule: Duty, key: Key, at: datetime) -> tuple[str, ...]:
    """The facts that are not as ``if`` and ``unless`` ask."""
    lacking = [fact for fact in rule.if_ if not holds(facts.asked(case, view.pack, fact, key), at)]
    lacking += [fact for fact in rule.unless if holds(facts.asked(case, view.pack, fact, key), at)]
    return tuple(lacking)
