"""How a record stands: the facts that the policy names and that hold now, as far as the viewer may learn of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from upstander.access.viewer import Viewer
from upstander.policy.lint.names import Node, leans_on, patterns_of_duty, patterns_of_fact
from upstander.policy.model import Pack, Pattern
from upstander.policy.verdict import Key, Picture
from upstander.records import reading


@dataclass(frozen=True, slots=True)
class Holding:
    """A fact that holds, for these keys. ``since``: the civil minute from which, where the index keeps it."""

    fact: str
    keys: tuple[Key, ...]
    since: datetime | None


def holding(viewer: Viewer, picture: Picture) -> list[Holding]:
    """The named facts that hold, in the pack's order, without those that would give away what is kept from the viewer."""
    keys: dict[str, list[Key]] = {}
    for held in picture.facts:
        keys.setdefault(held.fact, []).append(held.key)
    return [
        Holding(fact.id, tuple(keys[fact.id]), _since(picture, fact.id))
        for fact in viewer.pack.facts.values()
        if fact.id in keys and fact.label and not gives_away(viewer, fact.id)
    ]


def _since(picture: Picture, fact: str) -> datetime | None:
    going = (each for each in picture.intervals if each.fact == fact and each.last is None)
    return max((each.first for each in going if each.first <= picture.now), default=None)


def gives_away(viewer: Viewer, fact: str) -> bool:
    """Whether a fact rests on an answer that the pack keeps from this viewer."""
    hidden = reading.secret_kinds(viewer)
    for pattern in _patterns(viewer.pack, ("fact", fact), set()):
        for each in pattern.alternatives:
            kind = viewer.pack.events.get(each.kind)
            if kind is None:
                continue
            secret = reading.secret_fields(viewer, kind)
            if each.kind in hidden or any(test.field in secret for test in each.tests):
                return True
    return False


def _patterns(pack: Pack, node: Node, been: set[Node]) -> Iterator[Pattern]:
    """All patterns on which a rule rests, through the rules that it leans on."""
    if node in been:
        return
    been.add(node)
    sort, name = node
    if sort == "fact" and name in pack.facts:
        yield from patterns_of_fact(pack.facts[name])
    elif sort == "duty" and name in pack.duties:
        yield from patterns_of_duty(pack.duties[name])
    for other in leans_on(pack, node):
        yield from _patterns(pack, other, been)
