"""A pack made ready: patterns by kind, tests as functions, and what each duty needs. Done once for each pack and kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from upstander.policy.calendar import Timetable
from upstander.policy.log import Event
from upstander.policy.model import (
    AfterEvent,
    BeforeEvent,
    Count,
    Deadline,
    Duty,
    Earliest,
    Fact,
    FromDate,
    Is,
    OneOf,
    Pack,
    Pattern,
    Quiet,
    RepeatEach,
    RepeatEvery,
    Said,
    Test,
    TrueFrom,
    WhenEvent,
)
from upstander.policy.reference import match
from upstander.policy.reference.deadlines import Due
from upstander.policy.reference.facts import CLOSE, CLOSED, REOPEN
from upstander.policy.verdict import Key

Passes = Callable[[Event, Timetable], bool]
Alternatives = tuple[tuple[str, tuple[Passes, ...]], ...]
_KEPT = 64


def passes_all(tests: tuple[Passes, ...], event: Event, days: Timetable) -> bool:
    for passes in tests:  # noqa: SIM110 - all() costs more than what it would ask
        if not passes(event, days):
            return False
    return True


@dataclass(eq=False, slots=True)
class Plan:
    """What one duty needs: ``steady`` if its due moment follows from the arising alone, ``plain`` if it can only be settled in
    the simplest way: one pattern, once, with no opening, window, pause."""

    rule: Duty
    steady: bool
    opens_at_once: bool
    plain: bool
    own: tuple[str, ...]
    late_named: bool
    known_due: dict[tuple[datetime, int, bool], tuple[object, Due]] | None
    """Due moments that follow from the arising and the calendar alone; None where they need more."""


class Rules:
    """One version of a pack, ready to run."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.tests: dict[int, tuple[frozenset[str], Alternatives]] = {}
        self.by_kind: dict[str, list[int]] = {}
        self.duty_ids = sorted(pack.duties)
        self.recurring = [
            name for name, duty in pack.duties.items() if isinstance(duty.recurrence, RepeatEach | RepeatEvery)
        ]
        self.plans = {duty.id: _plan(duty) for duty in pack.duties.values()}
        self._shared: dict[tuple[tuple[str, ...], tuple[str, ...]], list[tuple[str, int]]] = {}
        self._carriers: dict[str, frozenset[str]] = {}
        self._group: dict[tuple[str, str], str | None] = {}
        self.members = {role.id: role.any_of for role in pack.roles.values() if role.any_of}
        for pattern in {id(pattern): pattern for pattern in _patterns(pack)}.values():
            alternatives = tuple(
                (alternative.kind, tuple(_compiled(pack, test) for test in alternative.tests))
                for alternative in pattern.alternatives
            )
            kinds = frozenset(kind for kind, _ in alternatives)
            self.tests[id(pattern)] = (kinds, alternatives)
            for kind in kinds:
                self.by_kind.setdefault(kind, []).append(id(pattern))

    def carriers(self, name: str) -> frozenset[str]:
        """The kinds that declare a name."""
        found = self._carriers.get(name)
        if found is None:
            kinds = (kind for kind in self.pack.events if match.declares(self.pack, kind, name))
            found = self._carriers[name] = frozenset(kinds)
        return found

    def shared(self, names: tuple[str, ...], key: Key) -> dict[str, str]:
        """For each of these names that the key has, its value: a member answers for its group, a group for its member."""
        held = tuple([name for name, _ in key])
        marker = (names, held)
        places = self._shared.get(marker)
        if places is None:
            found = match.shared(self.pack, names, tuple((name, name) for name in held))
            places = self._shared[marker] = [(name, held.index(other)) for name, other in found.items()]
        return {name: key[place][1] for name, place in places}

    def group_of(self, kind: str, name: str) -> str | None:
        """The group under whose own name this kind may carry a member's person."""
        marker = (kind, name)
        if marker not in self._group:
            declared = self.pack.events.get(kind)
            groups = (group for group in self.pack.groups_of(name) if declared is not None and group in declared.about)
            self._group[marker] = next(groups, None)
        return self._group[marker]


_ready: dict[int, Rules] = {}


def ready(pack: Pack) -> Rules:
    """The rules of a pack; kept for as long as the pack is, for the last few packs."""
    found = _ready.get(id(pack))
    if found is None or found.pack is not pack:
        if len(_ready) >= _KEPT:
            _ready.clear()  # at once, so that threads need no lock
        found = _ready[id(pack)] = Rules(pack)
    return found


def _patterns(pack: Pack) -> Iterator[Pattern]:
    yield from (CLOSE, REOPEN)
    for fact in (*pack.facts.values(), CLOSED):
        yield from _of_fact(fact)
    for duty in pack.duties.values():
        yield from _of_duty(duty)
    for limit in pack.limits.values():
        yield from (limit.act, *limit.only_after)


def _of_fact(fact: Fact) -> Iterator[Pattern]:
    form = fact.form
    if isinstance(form, TrueFrom):
        yield form.start
        if form.until is not None:
            yield form.until
    elif isinstance(form, Quiet):
        yield from (form.quiet, form.since)
    elif isinstance(form, Count):
        yield form.count


def _of_duty(duty: Duty) -> Iterator[Pattern]:
    if isinstance(duty.when, WhenEvent):
        yield duty.when.pattern
    yield from duty.must
    if duty.until is not None:
        yield duty.until
    for deadline in (duty.by, duty.not_before):
        yield from _of_deadline(deadline)


def _of_deadline(deadline: Deadline | None) -> Iterator[Pattern]:
    if isinstance(deadline, AfterEvent):
        yield deadline.after
    elif isinstance(deadline, BeforeEvent):
        yield deadline.before
    elif isinstance(deadline, Said):
        yield from _of_deadline(deadline.means)
    elif isinstance(deadline, Earliest):
        for part in deadline.of:
            yield from _of_deadline(part)


def _needs_event(deadline: Deadline) -> bool:
    """Whether a deadline reads the triggering event."""
    if isinstance(deadline, Said):
        return _needs_event(deadline.means)
    if isinstance(deadline, Earliest):
        return any(map(_needs_event, deadline.of))
    return isinstance(deadline, FromDate)


def _plan(duty: Duty) -> Plan:
    steady = duty.paused_while is None and not any(_of_deadline(duty.by)) and not any(_of_deadline(duty.not_before))
    at_once = duty.not_before is None and duty.window is None
    plain = at_once and steady and len(duty.must) == 1 and duty.times == 1
    known = steady and duty.by is not None and not _needs_event(duty.by)
    late_named = any(name.of_case for name in duty.for_each)
    own = match.own_names(duty.for_each)
    return Plan(duty, steady, at_once, plain, own, late_named, {} if known else None)


# --- tests as functions ------------------------------------------------------------------------------------------------


def _compiled(pack: Pack, test: Test) -> Passes:
    name, condition = test.field, test.condition
    if name.startswith(match.NUMBER_OF) or name in ("role", "time of day", "weekday", "school day", "school hours"):
        return _reserved(pack, test)
    if isinstance(condition, Is) and isinstance(condition.value, str):
        return _is(name, condition.value)
    if isinstance(condition, OneOf) and all(isinstance(value, str) for value in condition.values):
        return _one_of(name, frozenset(str(value) for value in condition.values))

    def passes(event: Event, days: Timetable) -> bool:
        value = event.fields.get(name)
        return value is not None and match.meets(value, condition)

    return passes


def _is(name: str, wanted: str) -> Passes:
    def passes(event: Event, days: Timetable) -> bool:
        value = event.fields.get(name)
        if type(value) is str:
            return value == wanted
        return value is not None and match.meets(value, Is(wanted))

    return passes


def _one_of(name: str, wanted: frozenset[str]) -> Passes:
    values = tuple(sorted(wanted))

    def passes(event: Event, days: Timetable) -> bool:
        value = event.fields.get(name)
        if type(value) is str:
            return value in wanted
        return value is not None and match.meets(value, OneOf(values))

    return passes


def _reserved(pack: Pack, test: Test) -> Passes:
    name, condition = test.field, test.condition
    if name.startswith(match.NUMBER_OF):
        return _number_of(pack, name.removeprefix(match.NUMBER_OF), condition)

    def passes(event: Event, days: Timetable) -> bool:
        value = match.reserved(pack, days, event, name)
        return value is not None and match.meets(value, condition)

    return passes


def _number_of(pack: Pack, role: str, condition: Any) -> Passes:
    members = pack.roles[role].any_of if role in pack.roles else ()
    accepted: dict[int, bool] = {}

    def passes(event: Event, days: Timetable) -> bool:
        grouped = bool(members) or role not in event.about
        count = len(match.named(pack, event, role)) if grouped else len(set(event.about[role]))
        found = accepted.get(count)
        if found is None:
            found = accepted[count] = match.meets(Decimal(count), condition)
        return found

    return passes
