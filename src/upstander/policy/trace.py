"""Clause by clause: which rules, cards, forms, pages and scenarios make it live, and which clause nothing serves.

Pages and scenarios are given as arguments: the engine knows neither addresses nor files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from upstander.policy.model import Clause, Pack


@dataclass(frozen=True, slots=True)
class Traced:
    """What serves a clause; each entry is the id of a rule, card, contact, page or the name of a scenario."""

    clause: str
    at: str
    facts: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    closure: tuple[str, ...] = ()
    guidance: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    laws: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()
    not_automated: str = ""

    @property
    def served(self) -> bool:
        """Whether anything makes the clause live, or the pack says why nothing can."""
        return bool(self.live or self.not_automated)

    @property
    def live(self) -> tuple[str, ...]:
        """Everything that serves the clause, in the order of this class."""
        return (*self.facts, *self.duties, *self.limits, *self.closure, *self.guidance, *self.contacts, *self.pages)

    @property
    def tried(self) -> bool:
        """Whether a scenario tries it."""
        return bool(self.scenarios)


def trace(
    pack: Pack,
    *,
    pages: Mapping[str, Iterable[str]] | None = None,
    scenarios: Iterable[Mapping[str, Any]] = (),
) -> list[Traced]:
    """Every clause of a pack, in the document's order.

    ``pages``: {name of a page or form of the product: clauses that it serves}; ``scenarios``: as the loader reads them.
    """
    served = {name: set(clauses) for name, clauses in (pages or {}).items()}
    tried = [(str(each.get("name", "?")), _tried(pack, each)) for each in scenarios]
    return [_traced(pack, clause, served, tried) for clause in pack.clauses.values()]


def _traced(pack: Pack, clause: Clause, pages: Mapping[str, set[str]], tried: Iterable[tuple[str, set[str]]]) -> Traced:
    name = clause.id
    duties = tuple(rule.id for rule in pack.duties.values() if name in rule.clause)
    limits = tuple(rule.id for rule in pack.limits.values() if name in rule.clause)
    return Traced(
        clause=name,
        at=clause.at,
        facts=tuple(rule.id for rule in pack.facts.values() if name in rule.clause),
        duties=duties,
        limits=limits,
        closure=tuple(rule.kind for rule in pack.closure.values() if name in rule.clause),
        guidance=tuple(card.id for card in pack.guidance.values() if name in card.clause),
        contacts=tuple(each.id for each in pack.contacts.values() if name in each.clause),
        forms=tuple(dict.fromkeys(kind for rule in (*duties, *limits) for kind in _kinds(pack, rule))),
        laws=tuple(law.id for law in pack.laws if name in law.clauses),
        pages=tuple(page for page, clauses in pages.items() if name in clauses),
        scenarios=tuple(scenario for scenario, clauses in tried if name in clauses),
        not_automated=clause.not_automated,
    )


def _kinds(pack: Pack, rule: str) -> Iterable[str]:
    """The kinds of event with which a rule is met, or that it limits: their forms serve its clauses."""
    if rule in pack.duties:
        return (each.kind for pattern in pack.duties[rule].must for each in pattern.alternatives)
    return (each.kind for each in pack.limits[rule].act.alternatives)


def _tried(pack: Pack, scenario: Mapping[str, Any]) -> set[str]:
    """The clauses that a scenario names, and those of the rules that it expects something of."""
    found = {str(each) for key in ("clauses", "clause") for each in _list(scenario.get(key))}
    for expected in _list(scenario.get("expect")):
        if not isinstance(expected, Mapping):
            continue
        for entry in (each for key in ("duties", "breaches", "facts", "refused") for each in _list(expected.get(key))):
            if isinstance(entry, Mapping):
                found |= _clauses_of(pack, str(entry.get("rule") or entry.get("fact") or entry.get("limit")))
    return found


def _clauses_of(pack: Pack, name: str) -> set[str]:
    found = {clause for each in (pack.duties.get(name),) if each is not None for clause in each.clause}
    found |= {clause for each in (pack.limits.get(name),) if each is not None for clause in each.clause}
    return found | {clause for each in (pack.facts.get(name),) if each is not None for clause in each.clause}


def _list(value: object) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [] if value is None else [value]
