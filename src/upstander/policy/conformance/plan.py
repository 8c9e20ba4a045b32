"""What of a pack the columnar strategy can do, rule by rule; what it cannot is named and handed to the compiled one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from upstander.policy.conformance.facts import Facts, unable_distance
from upstander.policy.model import (
    AfterEvent,
    AgainAfter,
    BecomesTrue,
    Closure,
    Count,
    Deadline,
    Distance,
    Duty,
    Earliest,
    FromDate,
    In,
    Limit,
    Pack,
    RepeatEach,
    RepeatEvery,
    Said,
    Span,
    WhenBreach,
    WhenOverdue,
)

CLOSURE = "closure."


@dataclass
class Plan:
    """For each rule that is handed over whole the construct that is the reason."""

    facts: dict[str, str] = field(default_factory=dict)
    duties: dict[str, str] = field(default_factory=dict)
    limits: dict[str, str] = field(default_factory=dict)
    closure: dict[str, str] = field(default_factory=dict)

    def reasons(self) -> Iterator[tuple[str, str]]:
        """Every rule that is handed over, with why."""
        for several in (self.facts, self.duties, self.limits, self.closure):
            yield from several.items()


def plan_of(pack: Pack, facts: Facts) -> Plan:
    """The plan for a pack; of the chunk only what facts there are is asked, not its events."""
    plan = Plan()
    for name in pack.facts:
        _note(plan.facts, name, facts.unable(name))
    for limit in pack.limits.values():
        _note(plan.limits, limit.id, _unable_limit(limit, facts))
    for duty in pack.duties.values():
        _note(plan.duties, duty.id, _Reader(pack, facts, plan).unable(duty, ()))
    for closure in pack.closure.values():
        reasons = (facts.unable(fact) for fact in closure.needs)
        _note(plan.closure, CLOSURE + closure.kind, next((reason for reason in reasons if reason), None))
    return plan


def _note(where: dict[str, str], name: str, reason: str | None) -> None:
    if reason is not None:
        where[name] = reason


def _unable_limit(limit: Limit, facts: Facts) -> str | None:
    if len(limit.for_each) > 2:
        return "a key of more than two names"
    if len(limit.only_while) + len(limit.only_after) + len(limit.not_by) > 60:
        return "more than sixty conditions"
    asked = (facts.unable(fact) for fact in (*limit.while_, *limit.unless, *limit.only_while))
    return next((reason for reason in asked if reason), None)


class _Reader:
    """Looks through a duty for what cannot be done."""

    def __init__(self, pack: Pack, facts: Facts, plan: Plan) -> None:
        self.pack, self.facts, self.plan = pack, facts, plan

    def unable(self, duty: Duty, above: tuple[str, ...]) -> str | None:
        return next((reason for reason in self._reasons(duty, above) if reason is not None), None)

    def _reasons(self, duty: Duty, above: tuple[str, ...]) -> Iterator[str | None]:
        if duty.id in above:
            yield "a duty that waits for itself"
            return
        yield "a key of more than two names" if len(duty.for_each) > 2 else None
        yield "paused while" if duty.paused_while is not None else None
        yield "more than sixty guards" if len(duty.if_) + len(duty.unless) + len(duty.must) > 60 else None
        for fact in (*duty.if_, *duty.unless):
            yield self.facts.unable(fact)
        yield from self._trigger(duty, above)
        yield from self._recurrence(duty)
        for deadline in (duty.by, duty.not_before):
            yield from _deadline(deadline)
        yield unable_distance(duty.remind)

    def _trigger(self, duty: Duty, above: tuple[str, ...]) -> Iterator[str | None]:
        when = duty.when
        if isinstance(when, BecomesTrue):
            yield self.facts.unable(when.fact, turning=True)
        elif isinstance(when, WhenOverdue):
            other = self.pack.duties.get(when.duty)
            yield "overdue of a duty that is not there" if other is None else None
            yield self.unable(other, (*above, duty.id)) if other is not None else None
        elif isinstance(when, WhenBreach):
            limit = self.pack.limits.get(when.limit)
            yield "a breach of the closing rule as a trigger" if limit is None else self.plan.limits.get(limit.id)

    def _recurrence(self, duty: Duty) -> Iterator[str | None]:
        recurrence = duty.recurrence
        if isinstance(recurrence, AgainAfter):
            yield unable_distance(recurrence.distance)
        elif isinstance(recurrence, RepeatEvery):
            yield unable_distance(recurrence.span)
            yield "a window within a repeat" if duty.window is not None else None
            yield "repeat of less than an hour" if _short(recurrence.span) else None
        elif isinstance(recurrence, RepeatEach):
            yield "a window within a repeat" if duty.window is not None else None


def _short(span: Span) -> bool:
    return span.months == 0 and span.days == 0 and span.minutes < 60


def _deadline(deadline: Deadline | None) -> Iterator[str | None]:
    distances: list[Distance | None] = []
    if isinstance(deadline, In):
        distances = [deadline.distance]
    elif isinstance(deadline, AfterEvent):
        distances = [deadline.plus]
    elif isinstance(deadline, FromDate):
        distances = [deadline.less, deadline.plus]
    elif isinstance(deadline, Said):
        yield from _deadline(deadline.means)
    elif isinstance(deadline, Earliest):
        for part in deadline.of:
            yield from _deadline(part)
    for distance in distances:
        yield unable_distance(distance)


def names_in_keys(pack: Pack) -> set[str]:
    """Every name that a key of the pack may have, or that is counted, with the roles and groups that answer for it."""
    rules: list[Closure | Duty | Limit] = [*pack.duties.values(), *pack.limits.values(), *pack.closure.values()]
    names = {name.name for rule in rules for name in rule.for_each}
    names |= {name.name for fact in pack.facts.values() for name in fact.for_each}
    forms = [fact.form for fact in pack.facts.values()]
    names |= {form.distinct for form in forms if isinstance(form, Count) and form.distinct is not None}
    return names | {other for name in names for other in (*pack.members(name), *pack.groups_of(name))}
