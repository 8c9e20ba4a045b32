"""Rules that columns cannot do, handed to the compiled strategy: for a record a pack of just these rules and what they need."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from upstander.policy import compiled
from upstander.policy.calendar import Calendar
from upstander.policy.conformance.plan import CLOSURE
from upstander.policy.log import Event
from upstander.policy.model import (
    BecomesTrue,
    Combination,
    Duty,
    Overdue,
    Pack,
    Series,
    WhenBreach,
    WhenOverdue,
)
from upstander.policy.verdict import Picture

Rule = tuple[str, str]
"""``fact``, ``duty``, ``limit`` or ``closure`` (its facts now), and the id."""


class Hands:
    """Evaluates records under the rules that are handed over; each set of rules is made ready once."""

    def __init__(self, series: Series, calendar: Calendar | None, now: datetime) -> None:
        self.series, self.calendar, self.now = series, calendar, now
        self._series: dict[frozenset[Rule], Series] = {}

    def look(self, record: str, kind: str, events: list[Event], rules: frozenset[Rule] | None) -> Picture:
        """The picture of a record: of all rules, or of these and what they need."""
        series = self.series if rules is None else self._of(rules)
        return compiled.picture(series, events, self.calendar, self.now, kind=kind, record=record)

    def _of(self, rules: frozenset[Rule]) -> Series:
        found = self._series.get(rules)
        if found is None:
            wanted = _wanted(self.series, rules)
            found = self._series[rules] = Series(tuple(_only(pack, wanted) for pack in self.series.versions))
        return found


def _wanted(series: Series, rules: Iterable[Rule]) -> set[Rule]:
    """These rules, and those that they ask for in any version."""
    wanted: set[Rule] = set()
    waiting = list(rules)
    while waiting:
        rule = waiting.pop()
        if rule not in wanted:
            wanted.add(rule)
            waiting += [other for pack in series.versions for other in needs(pack, rule)]
    return wanted


def _only(pack: Pack, wanted: set[Rule]) -> Pack:
    """The pack with these rules alone."""
    closure = {
        kind: rule if ("limit", CLOSURE + kind) in wanted else replace(rule, settled=())
        for kind, rule in pack.closure.items()
        if {("limit", CLOSURE + kind), ("closure", kind)} & wanted
    }
    return replace(
        pack,
        facts={name: fact for name, fact in pack.facts.items() if ("fact", name) in wanted},
        duties={name: duty for name, duty in pack.duties.items() if ("duty", name) in wanted},
        limits={name: limit for name, limit in pack.limits.items() if ("limit", name) in wanted},
        closure=closure,
    )


def needs(pack: Pack, rule: Rule) -> list[Rule]:
    """The rules for which a rule asks."""
    sort, name = rule
    if sort == "fact":
        fact = pack.facts.get(name)
        form = fact.form if fact is not None else None
        if isinstance(form, Combination):
            return _facts(form.facts)
        return [("duty", form.duty)] if isinstance(form, Overdue) else []
    if sort == "duty":
        duty = pack.duties.get(name)
        return _of_duty(duty) if duty is not None else []
    if sort == "limit" and name in pack.limits:
        limit = pack.limits[name]
        return _facts((*limit.while_, *limit.unless, *limit.only_while))
    closure = pack.closure.get(name.removeprefix(CLOSURE))
    if closure is None:
        return []
    if sort == "closure":
        return _facts(closure.needs)
    listed = pack.duties if closure.settled == "all" else closure.settled
    return [*_facts(closure.needs), *(("duty", duty) for duty in listed)]


def _of_duty(duty: Duty) -> list[Rule]:
    needed = _facts((*duty.if_, *duty.unless, *([duty.paused_while] if duty.paused_while else [])))
    when = duty.when
    if isinstance(when, BecomesTrue):
        needed += _facts((when.fact,))
    elif isinstance(when, WhenOverdue):
        needed.append(("duty", when.duty))
    elif isinstance(when, WhenBreach):
        needed.append(("limit", when.limit))
    return needed


def _facts(names: Iterable[str]) -> list[Rule]:
    """Facts by name; ``watched`` needs the closing rule of the kind, which is kept for it."""
    return [("fact", name) for name in names]
