"""How a record stands: the named facts that hold now, in the policy's own words, and since when."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from upstander.cases.looking import Looking
from upstander.cases.shapes import Line
from upstander.policy.lint.names import leans_on, patterns_of_duty, patterns_of_fact
from upstander.policy.model import Pack, Pattern
from upstander.ui import dates


def facts(looking: Looking) -> list[Line]:
    """The facts that the policy names and that hold, in the pack's order; none that would give away what is kept from the viewer."""
    holding: dict[str, list[str]] = {}
    for held in looking.picture.facts:
        who = [looking.names.get(person, person) for _name, person in held.key]
        holding.setdefault(held.fact, []).append(looking.words.joined(who))
    found = []
    for fact in looking.pack.facts.values():
        if fact.id not in holding or not fact.label or gives_away(looking, fact.id):
            continue
        path = f"facts.{fact.id}.label"
        found.append(
            Line(
                label=looking.words.fact(fact.id),
                lang=looking.words.lang_of(path),
                value=looking.words.joined(list(dict.fromkeys(holding[fact.id]))),
                note=_since(looking, fact.id),
            )
        )
    return found


def _since(looking: Looking, fact: str) -> str:
    now = looking.now
    starts = [
        each.first
        for each in looking.picture.intervals
        if each.fact == fact and each.first <= now and each.last is None
    ]
    if not starts:
        return ""
    return _("since %(when)s") % {"when": dates.moment(max(starts), looking.lang, now)}


def gives_away(looking: Looking, fact: str) -> bool:
    """Whether a fact rests on an answer that the pack keeps from this viewer."""
    for pattern in _patterns(looking.pack, ("fact", fact), set()):
        for each in pattern.alternatives:
            if each.kind not in looking.pack.events:
                continue
            if looking.is_secret(each.kind, "") or any(looking.is_secret(each.kind, test.field) for test in each.tests):
                return True
    return False


def _patterns(pack: Pack, node: tuple[str, str], been: set[tuple[str, str]]) -> Iterator[Pattern]:
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
