"""What a duty and a fact need, worked out once for each pack; and which duties depend on what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from upstander.policy.model import BecomesTrue, Duty, Fact, Pack, WhenBreach, WhenOverdue

Names = tuple[str, ...]


@dataclass(eq=False, slots=True)
class Plan:
    """What one duty needs.

    ``steady``: its due moment follows from the arising alone; ``plain``: it can only be settled in the simplest way, one pattern,
    once, with no opening, window, pause; ``raised_simply``: it arises at an event, for no name or one, once or each time;
    ``straight``: steady but for pauses, settled by one pattern or several, raised by an event for no name or one, or by a fact
    (``becomes``), once, each time, in periods or in windows (``recurs``): its part is made in one go; ``hinders``: an open one
    stands in the way of closing, unless ``ends_with_close`` and not overdue.
    ``when``, ``must`` (the first of ``musts``), ``until``: numbers of patterns, -1 for none. ``who``: its bearers where they are
    posts and nothing else. ``every``: each of its triggers may raise it, not only the first; ``kinds``: of each part of ``must``
    the kind that is named when it is missing. ``keeps_due``: its due moment follows from the arising and the calendar alone, and
    is remembered by both; ``dates``: the date fields of the triggering events on which its times depend besides.
    """

    rule: Duty
    steady: bool
    opens_at_once: bool
    plain: bool
    raised_simply: bool
    straight: bool
    becomes: str | None
    every: bool
    recurs: bool
    hinders: bool
    ends_with_close: bool
    guarded: bool
    decided: bool
    own: Names
    names: Names
    late_named: bool
    when: int
    must: int
    musts: tuple[int, ...]
    kinds: Names
    until: int
    reads: frozenset[int]
    who: tuple[Mapping[str, str], ...] | None
    named_as: Names
    keeps_due: bool
    dates: Names


@dataclass(eq=False, slots=True)
class FactPlan:
    """What one fact needs: ``reads``: the numbers of the patterns that it and its parts look for; ``moves``: it turns with time in
    ways that depend on the moment of the question (duties overdue, school days to come); ``parts``: made of other facts.

    ``needs``: the pattern without which it never holds, -1 for none (of ``true from`` the start, of ``quiet`` the ``since``, of
    ``count`` what is counted); ``ends``: of ``until`` or what breaks the quiet. ``simply_born``: events carry every name.
    ``made_of``: of one that is tabulated (``Rules.tabulated``) the facts that it is made of."""

    fact: Fact
    names: Names
    own: Names
    marker: Names
    reads: frozenset[int]
    moves: bool
    parts: bool
    needs: int
    ends: int
    simply_born: bool
    made_of: tuple[FactPlan, ...] | None = None


class Readers:
    """Which duties depend on what: on patterns by number, on facts and duties by id, on newcomers, on breaches."""

    def __init__(self, pack: Pack, plans: Mapping[str, Plan], patterns: int) -> None:
        self.of_pattern: list[list[str]] = [[] for _ in range(patterns)]
        self.of_fact: dict[str, list[str]] = {}
        self.of_duty: dict[str, list[str]] = {}
        self.of_newcomers: list[str] = []
        self.of_breaches: list[str] = []
        self.becoming: list[tuple[str, str]] = []
        self.guarded: list[tuple[str, frozenset[str]]] = []
        self.named_as: dict[str, list[str]] = {}
        for name, plan in plans.items():
            self._add(name, plan, plan.rule)

    def _add(self, name: str, plan: Plan, rule: Duty) -> None:
        for number in plan.reads:
            self.of_pattern[number].append(name)
        for fact in (rule.paused_while, rule.when.fact if isinstance(rule.when, BecomesTrue) else None):
            if fact is not None:
                self.of_fact.setdefault(fact, []).append(name)
        if isinstance(rule.when, BecomesTrue):
            self.becoming.append((name, rule.when.fact))
        elif isinstance(rule.when, WhenOverdue):
            self.of_duty.setdefault(rule.when.duty, []).append(name)
        elif isinstance(rule.when, WhenBreach):
            self.of_breaches.append(name)
        if plan.guarded:
            self.guarded.append((name, frozenset((*rule.if_, *rule.unless))))
        for role in plan.named_as:
            self.named_as.setdefault(role, []).append(name)
        if plan.late_named or plan.guarded or rule.paused_while is not None or isinstance(rule.when, BecomesTrue):
            self.of_newcomers.append(name)
