"""Two versions of a policy beside each other: which rules are the same, which are new, gone or changed (§10)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Literal

from upstander.policy.lint.names import Node, leans_on
from upstander.policy.model import Closure, Duty, Fact, Limit, Pack, Said

Rule = Duty | Limit | Fact | Closure
Section = Literal["duties", "limits", "facts", "closure"]
SECTIONS: tuple[Section, ...] = ("duties", "limits", "facts", "closure")
_SORTS = {"duties": "duty", "limits": "limit", "facts": "fact"}


@dataclass(frozen=True, slots=True)
class Changed:
    """A rule that is not what it was. ``before`` None: it is new; ``after`` None: it is gone.

    ``by_facts``: the rule's own words are as they were, a fact that it uses is not.
    """

    section: Section
    name: str
    before: Rule | None
    after: Rule | None
    by_facts: tuple[str, ...] = ()


def compare(before: Pack, after: Pack) -> tuple[Changed, ...]:
    """Every rule that differs, in the order of the newer pack, then what is gone."""
    return tuple(each for section in SECTIONS for each in _of(section, before, after))


def _of(section: Section, before: Pack, after: Pack) -> Iterator[Changed]:
    old, new = getattr(before, section), getattr(after, section)
    for name, rule in new.items():
        was = old.get(name)
        if was is None:
            yield Changed(section, name, None, rule)
        elif plain(was) != plain(rule):
            yield Changed(section, name, was, rule)
        elif other := facts_that_differ(before, after, section, name):
            yield Changed(section, name, was, rule, other)
    yield from (Changed(section, name, rule, None) for name, rule in old.items() if name not in new)


def the_same(before: Pack, after: Pack, section: Section, name: str) -> bool:
    """Whether a rule is the same in both: patterns, names, deadlines with params filled in, and the facts that it uses.

    Clause, label and title say nothing about what a rule asks for, nor does the word behind which a deadline stood.
    """
    old, new = getattr(before, section).get(name), getattr(after, section).get(name)
    if old is None or new is None or plain(old) != plain(new):
        return False
    return not facts_that_differ(before, after, section, name)


def facts_that_differ(before: Pack, after: Pack, section: Section, name: str) -> tuple[str, ...]:
    """The facts that a rule uses, through other facts too, that are not the same in both packs."""
    used = _facts_below(before, section, name) | _facts_below(after, section, name)
    found = []
    for fact in sorted(used):
        old, new = before.facts.get(fact), after.facts.get(fact)
        if old is None or new is None or plain(old) != plain(new):
            found.append(fact)
    return tuple(found)


def _facts_below(pack: Pack, section: Section, name: str) -> set[str]:
    if section == "closure":
        waiting = [("fact", each) for each in (pack.closure[name].needs if name in pack.closure else ())]
    else:
        waiting = list(leans_on(pack, (_SORTS[section], name)))
    seen: set[Node] = set()
    while waiting:
        node = waiting.pop()
        # A rule that waits for another rule names it; what that one asks for is its own affair.
        if node[0] == "fact" and node not in seen:
            seen.add(node)
            waiting += leans_on(pack, node)
    return {fact for _sort, fact in seen}


def plain(rule: Rule) -> Any:
    """The rule without what it is called and where it comes from, its deadlines as they are meant."""
    bare = replace(rule, clause=())
    if not isinstance(bare, Closure):
        bare = replace(bare, label="")
    if isinstance(bare, Duty):
        bare = replace(bare, recurrence_said=None)
    return _meant(bare)


def _meant(value: Any) -> Any:
    """A value as nested tuples, every word of the document replaced by what it means here."""
    if isinstance(value, Said):
        return _meant(value.means)
    if is_dataclass(value) and not isinstance(value, type):
        return (type(value).__name__, *(_meant(getattr(value, each.name)) for each in fields(value) if each.compare))
    if isinstance(value, tuple | list):
        return tuple(_meant(each) for each in value)
    if isinstance(value, dict):
        return tuple((key, _meant(each)) for key, each in value.items())
    return value
