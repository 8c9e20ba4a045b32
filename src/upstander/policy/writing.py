"""Texts with blanks: which blanks there are, filling them, and what a draft must not hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from upstander.policy.model import Blank, Letter

BUILT_IN = ("school", "today", "sender", "reader", "reference")
"""Blanks that every text may have; ``reader`` is whom it is for, ``reference`` the record's number."""
_BLANK = re.compile(r"\{([^{}\n]{1,120})\}")
_NAME = "name of "
_PARAM = re.compile(r"param:?\s+")


def blanks(text: str) -> Iterator[Blank]:
    """The blanks of a text, each once, in order. A word that is no other sort of blank is one that the writer is asked for."""
    for written in dict.fromkeys(each.strip() for each in _BLANK.findall(text)):
        yield _blank(written)


def _blank(written: str) -> Blank:
    if written in BUILT_IN:
        return Blank(written, "built-in", written)
    if written.startswith(_NAME):
        return Blank(written, "name", written.removeprefix(_NAME).strip())
    if param := _PARAM.match(written):
        return Blank(written, "param", written[param.end() :])
    kind, dot, field = written.partition(".")
    if dot:
        return Blank(written, "field", kind, field)
    return Blank(written, "asked", written)


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its blanks filled; ``values``: {as written: text}. Raises KeyError for a blank without a value."""
    return _BLANK.sub(lambda found: values[found[1].strip()], text)


def forbidden(letter: Letter, draft: str, names: Iterable[str] = ()) -> list[str]:
    """What a draft of this letter holds although it must not: words of ``never say``, and names (of ``never name``)."""
    plain = _plain(draft)
    return [each for each in (*letter.never_say, *names) if each.strip() and _plain(each) in plain]


def _plain(text: str) -> str:
    """Letters only as far as comparing needs it: case, spaces and marks of Markdown do not hide a word."""
    return re.sub(r"[\s*_`]+", "", text).casefold()
