"""Covers everybody but one person: names whole and in part, addresses and telephone numbers, wherever they stand in free text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from upstander.cases import veil
from upstander.cases.veil import Veil
from upstander.people import written

_MAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE: Final = re.compile(r"(?<![\w+])(?:\+|0|1[3-9])\d?(?:[\s()./-]{0,2}\d){6,13}(?!\w)")
"""What is dialled: with a plus, a nought, or as a Chinese mobile number. A date begins otherwise."""
_LEAST_DIGITS: Final = 6


class Said(str):
    """Words that people wrote, in which names may stand; everything else that a paper says is ours or the policy's."""

    __slots__ = ()


@dataclass(frozen=True)
class Other:
    """Somebody else: every name, and how they are reached."""

    names: tuple[str, ...]
    contacts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cover:
    """``own``: contacts of the person themselves, which stay; ``contact``: what stands instead of one."""

    veil: Veil
    contact: str
    own: frozenset[str] = frozenset()
    contacts: frozenset[str] = frozenset()

    def text(self, text: str) -> str:
        """``text`` with every name and contact of others replaced."""
        for pattern in (_MAIL, _PHONE, self._known):
            text = pattern.sub(self._instead, text)
        return self.veil.text(text)

    @property
    def _known(self) -> re.Pattern[str]:
        return _loosely(self.contacts)

    def _instead(self, found: re.Match[str]) -> str:
        return found[0] if plain(found[0]) in self.own else self.contact

    def data(self, value: Any) -> Any:
        """The same shape with every ``Said`` in it covered."""
        if isinstance(value, Said):
            return self.text(str(value))
        if isinstance(value, Mapping):
            return {key: self.data(each) for key, each in value.items()}
        if isinstance(value, list | tuple):
            return [self.data(each) for each in value]
        return value


def plain(contact: str) -> str:
    """A contact as two writings of it are compared: a number by its digits, an address in small letters."""
    digits = re.sub(r"\D", "", contact)
    return contact.strip().casefold() if "@" in contact or len(digits) < _LEAST_DIGITS else digits


def _loosely(contacts: Iterable[str]) -> re.Pattern[str]:
    """Finds these contacts as they are, numbers also with other signs between the digits."""
    ways = [
        re.escape(each) if not each.isdigit() else r"[\s()./-]{0,2}".join(each)
        for each in sorted(contacts, key=lambda each: (-len(each), each))
        if each
    ]
    return re.compile("|".join(rf"(?<!\w)\+?{way}(?!\w)" for way in ways) or r"(?!)", re.IGNORECASE)


def cover(
    data: Any, mine: Other, named: Mapping[str, Other], everybody: Mapping[str, Other], *, call: str, contact: str
) -> Cover:
    """A cover for this data. ``named``: those in the matters, in the order of their letters; ``everybody``: others of the school.

    Only those whose names stand in the data get a letter, so that the letters are few. What the person is called
    themselves stays, also where it is a part of somebody's name.
    """
    own = written.ways(mine.names)
    blob = "\n".join(_said(data)).casefold()
    others = {
        ident: other
        for ident, other in {**named, **everybody}.items()
        if any(way.casefold() in blob for way in written.ways(other.names))
    }
    names = {ident: other.names for ident, other in others.items()}
    reached = {plain(each) for other in everybody.values() for each in other.contacts if each.strip()}
    reached |= {plain(each) for other in named.values() for each in other.contacts if each.strip()}
    mine_reached = frozenset(plain(each) for each in mine.contacts if each.strip())
    found = veil.over(names, call, own=own)
    return Cover(
        found, contact, mine_reached, frozenset(each for each in reached - mine_reached if each in _squeezed(blob))
    )


def _said(value: Any) -> Iterable[str]:
    if isinstance(value, Said):
        yield str(value)
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _said(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _said(each)


def _squeezed(blob: str) -> str:
    """The text as it is and without what stands between digits, so that a number is found however it is written."""
    return blob + "\n" + re.sub(r"(?<=\d)[\s()./-]{1,2}(?=\d)", "", blob)
