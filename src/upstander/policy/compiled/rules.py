"""A pack made ready: patterns numbered, tests as functions, and what each duty needs. Done once for each pack and kept."""

from __future__ import annotations

from collections import OrderedDict
from contextlib import suppress

from upstander.policy.compiled.patterns import dates_of, needs_event, of_deadline, of_duty, of_fact, patterns_of
from upstander.policy.compiled.plans import FactPlan, Names, Plan, Readers
from upstander.policy.compiled.selecting import Select, selector
from upstander.policy.log import Event
from upstander.policy.model import (
    Alternative,
    BecomesTrue,
    Between,
    Combination,
    Count,
    During,
    Duty,
    Fact,
    FactForm,
    ForEach,
    Limit,
    NamedAs,
    Overdue,
    Pack,
    Pattern,
    Quiet,
    RepeatEach,
    RepeatEvery,
    Role,
    Strength,
    TrueFrom,
    WhenBreach,
    WhenEvent,
)
from upstander.policy.reference import match
from upstander.policy.reference.facts import CLOSE, CLOSED, REOPEN
from upstander.policy.reference.picture import indexed_facts
from upstander.policy.verdict import Key

_of_deadline = of_deadline  # the columnar strategy asks for it here
_KEPT = 256


def marker_of(for_each: ForEach) -> Names:
    """The names of a rule as one word each; ``*`` marks those ``of the case``."""
    return tuple([f"{name.name}*" if name.of_case else name.name for name in for_each])


class Rules:
    """One version of a pack, ready to run."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.number: dict[int, int] = {}
        """The number of each pattern by its id; equal patterns share one."""
        self.parts: list[tuple[int, ...]] = []
        """For each pattern the numbers of its alternatives."""
        self.choices: list[tuple[str, Select | None]] = []
        """For each alternative its kind and what picks among the events of that kind."""
        self.of_kind: dict[str, list[int]] = {}
        """The alternatives of each kind."""
        self._number_patterns()
        self.no_hits: list[list[Event] | None] = [[] for _ in self.parts]
        """What the patterns of a log without events find."""
        self.looking_for: dict[str, tuple[list[int], list[int]]] = {}
        """For each kind the patterns that all of its events match and no others, and the rest of those that look for it."""
        for number, several in enumerate(self.parts):
            for choice in several:
                kind, select = self.choices[choice]
                known = self.looking_for.setdefault(kind, ([], []))
                known[0 if select is None and len(several) == 1 else 1].append(number)
        self.duty_ids = sorted(pack.duties)
        self.recurring = frozenset(
            name for name, duty in pack.duties.items() if isinstance(duty.recurrence, RepeatEach | RepeatEvery)
        )
        self._shared: dict[tuple[Names, Names], list[tuple[str, int]]] = {}
        self._carriers: dict[str, frozenset[str]] = {}
        self._indexed: dict[str, frozenset[str]] = {}
        self._group: dict[tuple[str, str], str | None] = {}
        self.members = {role.id: role.any_of for role in pack.roles.values() if role.any_of}
        self.plans = {duty.id: self._plan(duty) for duty in pack.duties.values()}
        self.facts: dict[str, FactPlan] = {}
        for fact in (CLOSED, *pack.facts.values()):
            self.plan_of(fact)
        self.facts_by_id = [self.facts[name] for name in sorted(pack.facts)]
        self.tabulated: dict[str, FactPlan] = {}
        """The facts that are worked out for all keys at once: what waits for events of one pattern, and what is made of such."""
        for name in ("closed", *pack.facts):
            self._tabulate(name, set())
        self._reach(pack)

    def _reach(self, pack: Pack) -> None:
        """What each kind of event, and each pattern, may touch."""
        self.patterns_with: list[list[int]] = [[] for _ in self.choices]
        """For each alternative the patterns that have it."""
        for number, several in enumerate(self.parts):
            for choice in several:
                self.patterns_with[choice].append(number)
        self.closing = frozenset({self.number[id(CLOSE)], self.number[id(REOPEN)]})
        self.case_names = _case_names(pack)
        """The names of which newcomers matter to rules about others: those ``of the case``, and of two."""
        self.dormant_without: dict[str, frozenset[str]] = {
            duty.id: frozenset(alternative.kind for alternative in duty.when.pattern.alternatives)
            for duty in pack.duties.values()
            if isinstance(duty.when, WhenEvent)
        }
        """The kinds without any of which a duty that waits for an event does not arise."""
        self.may_turn_in_circles = _may_turn_in_circles(pack)
        """Whether a duty may wait for a closing that waits for it: then the order of questions decides, and all are asked anew."""
        self.readers = Readers(pack, self.plans, len(self.parts))
        self.names_asked = _names_asked(pack)
        """The names that a rule may ask an event for, in ``about`` or among its fields."""
        self.always = [name for name in self.duty_ids if name not in self.dormant_without]
        self.woken_by: dict[str, list[str]] = {}
        """The duties that an event of a kind may raise; ``always``: those that wait for none."""
        for name, kinds in self.dormant_without.items():
            for kind in kinds:
                self.woken_by.setdefault(kind, []).append(name)
        self.limits_of = _limits_of(pack)
        """The limits whose act may be of this kind."""

    def _number_patterns(self) -> None:
        known: dict[Pattern, int] = {}
        choices: dict[Alternative, int] = {}
        for pattern in patterns_of(self.pack):
            if pattern not in known:
                known[pattern] = len(self.parts)
                several = dict.fromkeys(self._choice(alternative, choices) for alternative in pattern.alternatives)
                self.parts.append(tuple(several))
            self.number[id(pattern)] = known[pattern]

    def _choice(self, alternative: Alternative, known: dict[Alternative, int]) -> int:
        if alternative not in known:
            known[alternative] = len(self.choices)
            self.of_kind.setdefault(alternative.kind, []).append(len(self.choices))
            self.choices.append((alternative.kind, selector(self.pack, alternative)))
        return known[alternative]

    def indexed(self, kind: str) -> frozenset[str]:
        """The facts that access, seals, notices, retention and closure of a kind of record ask for."""
        found = self._indexed.get(kind)
        if found is None:
            found = self._indexed[kind] = frozenset(indexed_facts(self.pack, kind))
        return found

    def carriers(self, name: str) -> frozenset[str]:
        """The kinds that declare a name."""
        found = self._carriers.get(name)
        if found is None:
            kinds = (kind for kind in self.pack.events if match.declares(self.pack, kind, name))
            found = self._carriers[name] = frozenset(kinds)
        return found

    def shared(self, names: Names, key: Key) -> dict[str, str]:
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

    def plan_of(self, fact: Fact) -> FactPlan:
        """The plan of a fact of the pack, or of one that every pack has."""
        found = self.facts.get(fact.id)
        if found is None or found.fact is not fact:
            reads, moves = self._reads(fact, set())
            names = tuple(name.name for name in fact.for_each)
            own = match.own_names(fact.for_each)
            made_of, (needs, ends) = isinstance(fact.form, Combination), self._needed(fact.form)
            simply = len(own) == len(names)
            found = FactPlan(fact, names, own, marker_of(fact.for_each), reads, moves, made_of, needs, ends, simply)
            self.facts[fact.id] = found
        return found

    def _tabulate(self, name: str, within: set[str]) -> FactPlan | None:
        """Whether a fact is of those; its plan if so."""
        plan = self.facts.get(name)
        if name in self.tabulated or plan is None or name in within or plan.own != plan.names or len(plan.names) > 1:
            return self.tabulated.get(name)
        form = plan.fact.form
        if isinstance(form, Combination):
            parts = [self._tabulate(part, within | {name}) for part in form.facts]
            if not parts or None in parts:
                return None
            plan.made_of = tuple([part for part in parts if part is not None])
        elif plan.needs < 0:
            return None
        else:
            kinds = {self.choices[choice][0] for choice in self.parts[plan.needs]}
            if not all(kinds <= self.carriers(carried) for carried in plan.names):
                return None
        self.tabulated[name] = plan
        return plan

    def _needed(self, form: FactForm) -> tuple[int, int]:
        """The numbers of the pattern that makes a fact hold and of the one that ends it."""
        if isinstance(form, TrueFrom):
            return self._number(form.start), self._number(form.until) if form.until is not None else -1
        if isinstance(form, Quiet):
            return self._number(form.since), self._number(form.quiet)
        return (self._number(form.count) if isinstance(form, Count) and form.at_least > 0 else -1), -1

    def _number(self, pattern: Pattern) -> int:
        return self.number.get(id(pattern), -1)

    def _reads(self, fact: Fact, seen: set[str]) -> tuple[frozenset[int], bool]:
        seen.add(fact.id)
        form, moves = fact.form, isinstance(fact.form, Overdue | During)
        reads = {self.number[id(pattern)] for pattern in of_fact(fact) if id(pattern) in self.number}
        if isinstance(form, Combination):
            for name in form.facts:
                part = CLOSED if name == "closed" else self.pack.facts.get(name)
                if part is not None and name not in seen:
                    inner, moving = self._reads(part, seen)
                    reads |= inner
                    moves = moves or moving
                moves = moves or name == "watched"
        return frozenset(reads), moves

    def _carried(self, duty: Duty) -> bool:
        """Whether every event that raises a duty declares its names."""
        assert isinstance(duty.when, WhenEvent)  # noqa: S101 - asked of no other
        kinds = {alternative.kind for alternative in duty.when.pattern.alternatives}
        return all(kinds <= self.carriers(name) for name in match.own_names(duty.for_each))

    def _plan(self, duty: Duty) -> Plan:
        number = self.number
        opens_at_once = duty.not_before is None and duty.window is None
        steady = duty.paused_while is None and _is_unmoved(duty)
        at_event = isinstance(duty.when, WhenEvent)
        one_name = at_event and len(duty.for_each) <= 1 and self._carried(duty)
        posts = [{"role": bearer.role} for bearer in duty.who if isinstance(bearer, Role)]
        return Plan(
            duty,
            steady=steady,
            opens_at_once=opens_at_once,
            plain=opens_at_once and steady and len(duty.must) == 1 and duty.times == 1,
            raised_simply=one_name and duty.recurrence is None and duty.window is None,
            straight=_is_straight(duty, one_name, opens_at_once),
            becomes=duty.when.fact if isinstance(duty.when, BecomesTrue) else None,
            every=duty.each_trigger or bool(duty.if_ or duty.unless),
            recurs=isinstance(duty.recurrence, RepeatEach | RepeatEvery),
            hinders=duty.strength is not Strength.MAY,
            ends_with_close=match.mentions(duty.until, "close"),
            guarded=bool(duty.if_ or duty.unless),
            decided=bool(duty.waived_by or duty.extended_by),
            own=match.own_names(duty.for_each),
            names=tuple(name.name for name in duty.for_each),
            late_named=_is_late_named(duty),
            when=number[id(duty.when.pattern)] if isinstance(duty.when, WhenEvent) else -1,
            must=number[id(duty.must[0])] if duty.must else -1,
            musts=tuple(number[id(pattern)] for pattern in duty.must),
            kinds=tuple(pattern.alternatives[0].kind for pattern in duty.must),
            until=number[id(duty.until)] if duty.until is not None else -1,
            reads=frozenset(number[id(pattern)] for pattern in of_duty(duty)),
            who=tuple(posts) if len(posts) == len(duty.who) else None,
            named_as=tuple(bearer.role for bearer in duty.who if isinstance(bearer, NamedAs)),
            keeps_due=steady and duty.by is not None and not needs_event(duty.by),
            dates=_dates_of(duty),
        )


def _is_unmoved(duty: Duty) -> bool:
    """Whether no event moves its due moment or its opening."""
    return not any(of_deadline(duty.by)) and not any(of_deadline(duty.not_before))


def _is_late_named(duty: Duty) -> bool:
    return any(name.of_case for name in duty.for_each)


def _is_straight(duty: Duty, one_name: bool, opens_at_once: bool) -> bool:
    """Whether ``straight`` can make its part, but for pauses and decisions. ``one_name``: raised by events that carry its name."""
    if not _is_unmoved(duty) or not duty.must or duty.times > 1:
        return False
    if isinstance(duty.recurrence, RepeatEach | RepeatEvery):
        return opens_at_once and one_name and not duty.each_trigger
    return duty.recurrence is None and (one_name or (isinstance(duty.when, BecomesTrue) and not _is_late_named(duty)))


_ready: OrderedDict[int, Rules] = OrderedDict()
_SAME = ("duties", "facts", "limits", "closure", "events", "roles", "records", "guidance")
"""What rules are made of; ``replace`` hands it on as it is."""


def ready(pack: Pack) -> Rules:
    """The rules of a pack, kept for the packs that were asked for last.

    Versions that differ only in their day and label share them: schools of one authority that run the same policy with the same
    answers have one set of rules, whenever each of them began.
    """
    marker = id(pack.duties)
    found = _ready.get(marker)
    if found is None or not (found.pack is pack or _same(found.pack, pack)):
        found = _ready[marker] = Rules(pack)
        while len(_ready) > _KEPT:
            with suppress(KeyError):  # another thread was faster
                _ready.popitem(last=False)
    return found


def _same(one: Pack, other: Pack) -> bool:
    return all(getattr(one, name) is getattr(other, name) for name in _SAME)


def _dates_of(duty: Duty) -> Names:
    fields = [*dates_of(duty.by), *dates_of(duty.not_before)]
    if isinstance(duty.window, Between):
        fields += [duty.window.from_field, duty.window.to_field]
    return tuple(dict.fromkeys(fields))


def _case_names(pack: Pack) -> frozenset[str]:
    shapes = {fact.for_each for fact in pack.facts.values()} | {duty.for_each for duty in pack.duties.values()}
    shapes |= {limit.for_each for limit in pack.limits.values()}
    shapes |= {closure.for_each for closure in pack.closure.values()}
    return frozenset(name.name for names in shapes for name in names if len(names) > 1 or name.of_case)


def _names_asked(pack: Pack) -> frozenset[str]:
    shapes = [
        rule.for_each for rules in (pack.facts, pack.duties, pack.limits, pack.closure) for rule in rules.values()
    ]
    asked = {name.name for names in shapes for name in names}
    asked.update(bearer.role for duty in pack.duties.values() for bearer in duty.who if isinstance(bearer, NamedAs))
    return frozenset(asked)


def _limits_of(pack: Pack) -> dict[str, list[Limit]]:
    found: dict[str, list[Limit]] = {}
    for limit in pack.limits.values():
        for kind in dict.fromkeys(alternative.kind for alternative in limit.act.alternatives):
            found.setdefault(kind, []).append(limit)
    return found


def _may_turn_in_circles(pack: Pack) -> bool:
    raised_by = (duty.when for duty in pack.duties.values())
    return any(isinstance(when, WhenBreach) and when.limit.startswith("closure.") for when in raised_by)
