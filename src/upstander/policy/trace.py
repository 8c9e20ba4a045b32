"""Clause by clause: what makes it live, where that stands, and which scenarios prove it.

Pages and scenarios are given as arguments: the engine knows neither addresses nor files.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from upstander.policy.bindings import Bound, bindings
from upstander.policy.model import Clause, Mark, Pack, Pattern

Scenarios = Iterable[tuple[str, Mapping[str, Any]]]
"""(name of the file, scenario) as the loader reads them."""


@dataclass(frozen=True, slots=True)
class Binding:
    """One thing that serves a clause.

    ``kind``: rule, form, guard, page, guidance, contact, letter, survey, agreement, plan or text. ``ref``: its path in the pack,
    or the id of a page. ``where``: ``file:line``, or the route of a page. ``missing``: the product has no such page.
    """

    kind: str
    ref: str
    where: str
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Traced:
    """A clause, what serves it, and the scenarios that prove it, each as ``file: name``."""

    clause: str
    at: str
    bindings: tuple[Binding, ...] = ()
    scenarios: tuple[str, ...] = ()

    @property
    def served(self) -> bool:
        """Whether anything makes the clause live, or the pack says why nothing can."""
        return any(not each.missing for each in self.bindings)

    @property
    def tried(self) -> bool:
        """Whether a scenario tries it."""
        return bool(self.scenarios)

    @property
    def only_text(self) -> bool:
        """Whether nothing but its own text serves it."""
        return self.served and all(each.kind == "text" for each in self.bindings)


def trace(pack: Pack, *, pages: Mapping[str, str] | None = None, scenarios: Scenarios = ()) -> list[Traced]:
    """Every clause of a pack, in the document's order.

    ``pages``: {id of a page of the product: its route}. A form that meets a rule, or that a rule forbids, serves its clause too.
    """
    routes = pages or {}
    found: dict[str, list[Bound]] = defaultdict(list)
    for bound in bindings(pack):
        found[bound.clause].append(bound)
    proofs: dict[str, list[str]] = defaultdict(list)
    for file, scenario in scenarios:
        for clause in sorted(proved_by(pack, scenario)):
            proofs[clause].append(f"{file}: {scenario.get('name', '')}".removesuffix(": "))
    return [
        Traced(clause.id, clause.at, _bindings(pack, clause, found[clause.id], routes), tuple(proofs[clause.id]))
        for clause in pack.clauses.values()
    ]


def to_json(pack: Pack, traced: Iterable[Traced]) -> dict[str, Any]:
    """The trace for machines: ``{"pack", "clauses": [{"id", "bindings": [{"kind", "ref", "where"}], "scenarios"}]}``."""
    return {
        "pack": pack.id,
        "clauses": [
            {
                "id": each.clause,
                "bindings": [
                    {"kind": one.kind, "ref": one.ref, "where": one.where} for one in each.bindings if not one.missing
                ],
                "scenarios": list(each.scenarios),
            }
            for each in traced
        ],
    }


def _bindings(pack: Pack, clause: Clause, found: Iterable[Bound], pages: Mapping[str, str]) -> tuple[Binding, ...]:
    direct = [Binding(each.kind, each.ref, _place(each.mark)) for each in found]
    by_rules = [
        Binding("form", f"events.{kind}", _place(pack.events[kind].mark))
        for each in direct
        for kind in _kinds(pack, each.ref)
        if kind in pack.events
    ]
    read = [Binding("page", page, pages.get(page, ""), page not in pages) for page in clause.pages]
    why = [Binding("text", f"clauses.{clause.id}", _place(clause.mark))] if clause.not_automated else []
    return tuple(dict.fromkeys([*direct, *by_rules, *read, *why]))


def _place(mark: Mark) -> str:
    return f"{mark.file}:{mark.line}"


def _kinds(pack: Pack, ref: str) -> list[str]:
    """The kinds of event with which a rule is met, or that it limits: their forms serve its clauses."""
    section, _, name = ref.partition(".")
    patterns: tuple[Pattern, ...] = ()
    if section == "duties" and name in pack.duties:
        patterns = pack.duties[name].must
    elif section == "limits" and name in pack.limits:
        patterns = (pack.limits[name].act,)
    return list(dict.fromkeys(each.kind for pattern in patterns for each in pattern.alternatives))


# --- proofs -------------------------------------------------------------------------------------------------------


def proved_by(pack: Pack, scenario: Mapping[str, Any]) -> set[str]:
    """The clauses that a scenario names, and those of the rules of which it expects something."""
    found = {str(each) for key in ("clauses", "clause") for each in _list(scenario.get(key))}
    for expected in _list(scenario.get("expect")):
        if not isinstance(expected, Mapping):
            continue
        for entry in (each for key in _EXPECTED for each in _list(expected.get(key))):
            name = (
                (entry.get("rule") or entry.get("fact") or entry.get("limit")) if isinstance(entry, Mapping) else entry
            )
            found |= _clauses_of(pack, str(name))
    return found


_EXPECTED = ("duties", "breaches", "facts", "not facts", "refused", "warned")


def _clauses_of(pack: Pack, name: str) -> set[str]:
    rules = (pack.duties.get(name), pack.limits.get(name), pack.facts.get(name))
    found = {clause for rule in rules if rule is not None for clause in rule.clause}
    closing = pack.closure.get(name.removeprefix("closure."))
    return found | set(closing.clause) if closing is not None and name.startswith("closure.") else found


def _list(value: object) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [] if value is None else [value]
