"""The school's answers, guidance, contacts, notes of law (§1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from upstander.policy.model.base import NOWHERE, Mark
from upstander.policy.model.times import Deadline, RepeatEach, RepeatEvery


@dataclass(frozen=True, slots=True)
class Param:
    """A number of the school. ``says``: who fixed it, the clause or the school."""

    id: str
    value: object
    title: str = ""
    says: Literal["clause", "school"] = "school"
    least: object = None
    most: object = None
    clause: tuple[str, ...] = ()
    mark: Mark = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Word:
    """A vague word of the document and the school's answer, as written and as understood."""

    word: str
    answer: str
    means: Deadline | RepeatEvery | RepeatEach
    title: str = ""
    says: Literal["clause", "school"] = "school"
    clause: tuple[str, ...] = ()
    mark: Mark = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Guidance:
    """A card that opens at the right moment. ``body`` is Markdown without its Say and Never lists."""

    id: str
    title: str
    body: str
    say: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    show_while: str | None = None
    on: tuple[str, ...] = ()
    for_: tuple[str, ...] = ("staff",)
    clause: tuple[str, ...] = ()
    mark: Mark = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Contact:
    id: str
    title: str
    number: str = ""
    hours: str = ""
    note: str = ""
    for_: tuple[str, ...] = ()
    on_door: bool = False
    urgent: bool = False
    clause: tuple[str, ...] = ()
    mark: Mark = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class TalkTo:
    """Somebody in the school whom one can talk to."""

    role: str
    place: str = ""
    hours: str = ""
    clause: tuple[str, ...] = ()
    mark: Mark = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class LawNote:
    id: str
    clauses: tuple[str, ...]
    text: str
    source: str
    checked: date | None
    effect: Literal["asks more", "makes void"]


@dataclass(frozen=True, slots=True)
class Flaw:
    """A flaw of the document itself and how the pack reads it."""

    flaw: str
    at: str
    read_as: str
    mark: Mark = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class CalendarHints:
    """What is assumed where the school's calendar has no data. Minutes count from midnight; weekdays from Monday = 0."""

    first_month: int = 1
    starts: int = 8 * 60 + 30
    ends: int = 15 * 60 + 30
    weekend: tuple[int, ...] = (5, 6)
