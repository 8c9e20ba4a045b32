"""Every rule as a sentence in the four languages of the screens, made from its parts (§9).

The words are the pack's own labels, each in the language asked for where the pack has it; what joins them is this room's catalogue,
one pattern for each kind of sentence, so that every language puts the parts in its own order.
"""

from __future__ import annotations

from upstander.policy.model import Closure, Deadline, Distance, Duty, Fact, Limit, Pack
from upstander.policy.sentences import rules, times
from upstander.policy.sentences.writer import Writer

__all__ = ["deadline_words", "distance_words", "sentence"]


def sentence(pack: Pack, rule: str | Duty | Limit | Fact | Closure, lang: str) -> str:
    """A rule, or the rule with this id, in a language (``en-GB``, ``ja``, ``nl``, ``zh-Hans``).

    An id is looked for among duties, limits, facts and ``closure.KIND``. Raises ``KeyError`` where no rule has it.
    """
    writer = Writer(pack, lang)
    match _rule(pack, rule) if isinstance(rule, str) else rule:
        case Duty() as found:
            return rules.duty(writer, found)
        case Limit() as found:
            return rules.limit(writer, found)
        case Fact() as found:
            return rules.fact(writer, found)
        case Closure() as found:
            return rules.closure(writer, found)


def _rule(pack: Pack, name: str) -> Duty | Limit | Fact | Closure:
    if name in pack.duties:
        return pack.duties[name]
    if name in pack.limits:
        return pack.limits[name]
    if name in pack.facts:
        return pack.facts[name]
    return pack.closure[name.removeprefix("closure.")]


def distance_words(distance: Distance, lang: str) -> str:
    """``2 hours``, ``3 school days`` in a language."""
    return times.distance(distance, lang)


def deadline_words(pack: Pack, deadline: Deadline, lang: str) -> str:
    """A deadline in words, a word of the document with the school's answer."""
    return times.deadline(Writer(pack, lang), deadline)
