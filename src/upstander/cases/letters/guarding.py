"""What stops a letter before anybody reads it at home. Pure: the words of a draft against what must not stand in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from upstander.people import written
from upstander.policy import writing
from upstander.policy.model import Letter

_CALLED = ("さん", "くん", "君", "ちゃん", "さま", "様", "同学")
"""A given name of one sign is a common word; it is a name where one of these follows."""
Why = Literal["words", "matter", "school"]
"""``words``: what the policy never says; ``matter``: somebody else in the matter; ``school``: another pupil of the school."""


@dataclass(frozen=True, slots=True)
class Stop:
    """What stands in the draft, as it is written there, and why it may not."""

    found: str
    why: Why


def stops(
    letter: Letter, draft: str, others: Mapping[str, Iterable[str]], pupils: Iterable[str], own: Iterable[str]
) -> list[Stop]:
    """Everything that stops a draft, each once, in the order in which it stands there.

    ``others``: {id: names} of everybody else in the matter, known again by each part of a name. ``pupils``: the whole names of
    all other pupils of the school: so that a letter says neither who told nor who saw it, and a stop does not tell the writer
    who that was. ``own``: the names of the child and of those to whom the letter goes; they stop nothing.
    """
    mine = {each.casefold() for each in written.ways(own)}
    ways = {way for names in others.values() for way in (*written.ways(names), *_called(names))}
    near = {way for way in ways if way.casefold() not in mine}
    whole = {form for name in pupils for form in (name, name.replace(" ", "")) if form.strip()} - near
    far = {each for each in whole if each.casefold() not in mine}
    found = [Stop(each, "words") for each in writing.forbidden(letter, draft)]
    found += [Stop(each, "matter") for each in _standing(draft, near)]
    found += [Stop(each, "school") for each in _standing(draft, far)]
    return list(dict.fromkeys(found))


def _called(names: Iterable[str]) -> set[str]:
    """Parts of one sign as people call somebody by them: 空さん."""
    parts = {part for name in names for part in name.split() if len(part) == 1 and not part.isascii()}
    return {part + title for part in parts for title in _CALLED}


def _standing(draft: str, ways: Iterable[str]) -> Sequence[str]:
    return [each[0] for each in written.pattern(ways).finditer(draft)]
