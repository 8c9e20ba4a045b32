"""Names covered on paper: for one family, everybody else in the matter becomes "person A", "person B", in free text too."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from upstander.people import written


@dataclass(frozen=True)
class Veil:
    """Covers names. ``covered``: {id: what stands instead}; ``words``: {a name or a part of one: what stands instead}.

    ``own``: ways of writing the name of whoever reads it, which stay where they stand.
    """

    covered: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    own: frozenset[str] = frozenset()

    def text(self, text: str) -> str:
        """``text`` with every covered name replaced; who reads it before it leaves the school sees what is left."""
        folded = {word.casefold(): instead for word, instead in self.words.items()}
        everything = written.pattern([*self.words, *self.own])
        return everything.sub(lambda found: folded.get(found[0].casefold(), found[0]), text)

    def name(self, ident: str, name: str) -> str:
        """The name of one person, or what stands instead."""
        return self.covered.get(ident, name)


def over(names: Mapping[str, Iterable[str]], call: str, *, own: Collection[str] = ()) -> Veil:
    """A veil over people. ``names``: {id: every way in which somebody is written}, in the order of the letters; ``call``: how one
    is called, with ``%(letter)s``; ``own``: how whoever reads it is written, which is never covered.

    A part of a name is covered like the whole, so that a first name in a statement does not say who it was; where a part
    belongs to several people it is covered by the first one's letter, which hides more and tells less.
    """
    covered: dict[str, str] = {}
    words: dict[str, str] = {}
    kept = {each.casefold() for each in own}
    for number, (ident, own_names) in enumerate(names.items()):
        covered[ident] = call % {"letter": _letter(number)}
        for way in written.ways(own_names):
            if way.casefold() not in kept:
                words.setdefault(way, covered[ident])
    return Veil(covered, words, frozenset(own))


def _letter(number: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
