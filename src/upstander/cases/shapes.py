"""What the pages of this room show beyond the parts of ``ui.parts``: frozen rows, words already in the reader's language.

Queries make them, templates print them; neither a template nor a view asks the policy anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from upstander.ui.parts import Clause, Deed


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """The child's wish: the words, or the labels of what was ticked; and who must not be told."""

    title: str
    text: str = ""
    codes: Sequence[str] = ()
    not_told: Sequence[str] = ()
    asked: str = ""
    act: Deed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """An open duty that what was just recorded does not discharge: what does not count, what would, until when it is due."""

    sentence: str
    counts: str
    still: str
    clauses: Sequence[Clause] = ()
    deed: Deed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What to say after an event was recorded."""

    title: str
    lines: Sequence[str] = ()
    misses: Sequence[Miss] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A word under a bar."""

    x: int
    word: str
    align: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A clock as a bar on a scale of 260: how far it has run, where it is cut, how far the run before came."""

    width: int
    cuts: Sequence[int] = ()
    marks: Sequence[Mark] = ()
    before: int = 0
    before_word: str = ""

    @property
    def marks_y(self) -> int:
        """Where the words under the bar stand."""
        return 58 if self.before else 36

    @property
    def height(self) -> int:
        """The height of the picture."""
        return self.marks_y + 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One criterion of closing: whether it holds, since when or until when, and what would make it hold."""

    label: str
    holds: bool
    note: str = ""
    who: str = ""
    lang: str = ""
    bar: Bar | None = None
    evidence: Sequence[str] = ()
    deeds: Sequence[Deed] = ()
    clauses: Sequence[Clause] = ()
    parts: Sequence[Criterion] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuGroup:
    """Kinds of event that the viewer may record here, grouped as the pack groups them."""

    title: str
    deeds: Sequence[Deed]
    lang: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppedLimit:
    """A limit that stopped a step: what it says, what would lift it."""

    label: str
    lang: str = ""
    sentence: str = ""
    lifts: Sequence[tuple[str, Deed | None]] = ()
    clauses: Sequence[Clause] = ()
    warns: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A word and what belongs to it: a field and its value, a role and who holds it."""

    label: str
    value: str = ""
    url: str = ""
    note: str = ""
    lang: str = ""
    sealed: bool = False
    drawing: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What somebody told later, as it was written."""

    when: str
    text: str
    files: Sequence[Deed] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A record that belongs to this one. ``added``: what was told there and has not reached the case; ``act``: passes it on."""

    label: str
    url: str
    when: str
    added: Sequence[Added] = ()
    act: Deed | None = None
