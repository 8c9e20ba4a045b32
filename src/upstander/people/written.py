"""Names as they stand in running text: whole, in parts, with and without the space between them; and finding them there.

Pure: what a paper covers and what a family's page keeps back must never disagree about what a name looks like.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_BETWEEN: Final = re.compile(r"[\s·・•,，、()（）]+")
_UNSPACED: Final = re.compile(r"[぀-ヿ㐀-鿿豈-﫿]")
_PARTICLE: Final = 3
"""Small words as short as this ("de", "van") are no names, however a name is written."""


def ways(names: Iterable[str]) -> set[str]:
    """Every way in which somebody may be written who has these names (a name, its reading): the whole, without its spaces, and
    each part of more than one sign, so that a first name in a statement is known again.
    """
    found: set[str] = set()
    for whole in (name.strip() for name in names if name.strip()):
        parts = {part for part in _BETWEEN.split(whole) if len(part) > 1 and not _no_name(part, whole)}
        found |= {whole, whole.replace(" ", ""), *parts}
    return {each for each in found if len(each) > 1}


def _no_name(part: str, whole: str) -> bool:
    return part.islower() and (not whole.islower() or len(part) <= _PARTICLE)


def pattern(written: Iterable[str]) -> re.Pattern[str]:
    """Finds any of these ways in a text, the longest first, in capitals or small; of none it finds nothing.

    Japanese and Chinese set no space between words, so there a name counts wherever it stands; elsewhere only as a word.
    """
    longest_first = sorted(written, key=lambda each: (-len(each), each))
    alone = (
        re.escape(each) if _UNSPACED.search(each) else rf"(?<!\w){re.escape(each)}(?!\w)" for each in longest_first
    )
    return re.compile("|".join(alone) or r"(?!)", re.IGNORECASE)
