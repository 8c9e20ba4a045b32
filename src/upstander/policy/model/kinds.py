"""What a pack declares: clauses, roles, kinds of event and of record, coded lists (§1, §2, §8, §9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from upstander.policy.model.base import NOWHERE, Distance, Mark, Span
from upstander.policy.model.rooms import Rooms
from upstander.policy.model.rules import Strength


@dataclass(frozen=True, slots=True)
class Clause:
    """``pages``: the pages of the product that serve it, by their ids (``docs/language/pages.md``)."""

    id: str
    at: str
    text: str
    kind: str = ""
    strength: Strength = Strength.MUST
    not_automated: str = ""
    pages: tuple[str, ...] = ()
    mark: Mark = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class RoleInfo:
    """A post of the school, a role in a matter (``of_the_matter``), or a group of such roles (``any_of``).

    ``named_as``: what somebody is called who is only named in it so far (see ``Neutral``).
    """

    id: str
    title: str = ""
    named_as: str = ""
    deputies: tuple[str, ...] = ()
    at_least: int = 0
    at_most: int | None = None
    outside: bool = False
    conflicts: tuple[str, ...] = ()
    scope: Literal["school", "grade", "class"] = "school"
    of_the_matter: bool = False
    any_of: tuple[str, ...] = ()
    clause: tuple[str, ...] = ()
    mark: Mark = field(default=NOWHERE, compare=False)


class FieldType(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long-text"
    FILE = "file"
    SIGNATURE = "signature"
    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    YES_NO = "yes-no"
    ONE_OF = "one-of"
    SOME_OF = "some-of"
    PERSON = "person"
    PLACE = "place"
    SCALE = "scale"


SEALED_TYPES = frozenset({FieldType.TEXT, FieldType.LONG_TEXT, FieldType.FILE, FieldType.SIGNATURE})
"""Encrypted in the record; no pattern may look into them (§9)."""

FILLED_BY_THE_APP = frozenset({"duties", "entries", "classes"})
"""Coded lists whose codes are ids of the record or the school; the pack knows none of them."""


@dataclass(frozen=True, slots=True)
class Field:
    """``options`` is the id of the coded list of a one-of, some-of or place field; ``role`` that of a person field.

    ``many``: several files or persons. ``least`` and ``most`` bound a number or scale. ``secret_while``: the fact while which
    only those who recorded the event, or are named in it, read the field.
    """

    id: str
    type: FieldType
    label: str = ""
    help: str = ""
    required: bool = False
    required_while: str | None = None
    secret_from: tuple[str, ...] = ()
    secret_while: str | None = None
    options: str = ""
    role: str = ""
    many: bool = False
    least: Decimal | None = None
    most: Decimal | None = None
    clause: tuple[str, ...] = ()
    mark: Mark = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Echo:
    """A linked event that is appended to other records in the same transaction (§8).

    ``where``: names that must agree ({name there: name here}), or ``linked``, or None for every open record of the kind.
    """

    to: str
    as_: str
    where: Mapping[str, str] | Literal["linked"] | None = None
    open: Literal["no", "yes", "always"] = "no"
    back: Span | Literal["school year"] | None = None


@dataclass(frozen=True, slots=True)
class Tell:
    """Who is notified of an event without a duty."""

    roles: tuple[str, ...]
    if_: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EventKind:
    """A kind of event with its form. ``label`` is the deed ("Record the home visit"), ``done`` the past ("Home visit").

    ``recorded_by`` empty: anybody. ``built_in``: every pack has it.
    """

    id: str
    label: str = ""
    done: str = ""
    about: tuple[str, ...] = ()
    fields: Mapping[str, Field] = field(default_factory=dict)
    recorded_by: tuple[str, ...] = ()
    tells: tuple[Tell, ...] = ()
    echoes: tuple[Echo, ...] = ()
    secret_from: tuple[str, ...] = ()
    group: str = "other"
    asks_when: bool = True
    reads: tuple[str, ...] = ()
    built_in: bool = False
    clause: tuple[str, ...] = ()
    mark: Mark = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Access:
    """One line of a record's access list; ``record``/``decide``: ``all`` or kinds of event."""

    role: str
    see: bool = True
    record: Literal["all"] | tuple[str, ...] = ()
    decide: Literal["all"] | tuple[str, ...] = ()
    if_: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    clause: tuple[str, ...] = ()
    mark: Mark = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Known:
    """A thing that the policy says must be known: the latest value of a field of a kind of event."""

    id: str
    label: str
    event: str
    field: str
    clause: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Keep:
    lasts: Distance
    from_: str
    says: str = "school"
    clause: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LoadedWord:
    """A word that says more than is known yet, and what may stand instead; in the pack's language unless ``lang`` says another."""

    word: str
    say: str
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Neutral:
    """Until the fact ``until`` holds everybody is *named as*: by the neutral titles of the roles, without loaded ``words``."""

    until: str
    words: tuple[LoadedWord, ...] = ()
    clause: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordKind:
    """``known``, ``definition`` (kind of the checklist event) and ``wish`` (kind, field) lay out the record's page.

    ``events``: the kinds of event of its own; ``policy.belonging`` says what follows from that.
    """

    id: str
    label: str = ""
    plural: str = ""
    subjects: tuple[str, ...] = ()
    opened_by: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    takes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    access: tuple[Access, ...] = ()
    sealed_while: str | None = None
    known: tuple[Known, ...] = ()
    definition: str | None = None
    definition_intro: str = ""
    wish: tuple[str, str] | None = None
    keep: Keep | None = None
    neutral: Neutral | None = None
    rooms: Rooms = field(default_factory=Rooms)
    built_in: bool = False
    clause: tuple[str, ...] = ()
    mark: Mark = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Option:
    code: str
    label: str
    help: str = ""
    icon: str = ""
    clause: tuple[str, ...] = ()
    mark: Mark = field(default=NOWHERE, compare=False)
