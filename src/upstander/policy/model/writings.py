"""What a pack has people write, answer and sign: letters, surveys, agreements, questions for talks, the plan of the year (§1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from upstander.policy.model.base import NOWHERE, Condition, Distance, Mark, Pattern
from upstander.policy.model.kinds import Field, Option


@dataclass(frozen=True, slots=True)
class Blank:
    """A place in a text that is filled when it is used, such as ``{name of target}``.

    ``sort``: ``built-in`` (school, today, sender, reader, reference), ``name`` (of whoever is named in the role ``name``),
    ``field`` (the latest value of ``field`` of the kind of event ``name``), ``param`` (the school's answer), or ``asked`` (what
    the writer fills in). ``written``: as it stands between the braces.
    """

    written: str
    sort: Literal["built-in", "name", "field", "param", "asked"]
    name: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that the school sends; ``body`` is Markdown with blanks.

    ``to``: roles; ``on``: kinds of record where it is offered (empty: all); ``before``: forms beside which it is offered;
    ``sent_with``: the event that sending it records. ``never_say``: words that no draft may hold; ``never_name``: roles whose
    people no draft may name. ``let_through_by``: the posts that may let one message through all the same, with a reason.
    """

    id: str
    title: str
    body: str
    to: tuple[str, ...] = ()
    on: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    sent_with: Pattern | None = None
    if_: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    asks: Mapping[str, Field] = field(default_factory=dict)
    never_say: tuple[str, ...] = ()
    never_name: tuple[str, ...] = ()
    let_through_by: tuple[str, ...] = ()
    blanks: tuple[Blank, ...] = ()
    clause: tuple[str, ...] = ()
    mark: Mark = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class OnlyIf:
    """A question is asked only where an earlier one was answered so."""

    question: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class SurveyQuestion:
    """``answer``: the field that is filled; ``choices``: its codes with their labels, from a list or of its own.

    ``own_choices``: they stand with the question and not in ``options.yaml``. ``worry``: the answers after which an adult must
    look. ``aspect``: what figures it counts towards.
    """

    id: str
    text: str
    answer: Field
    choices: Mapping[str, Option] = field(default_factory=dict)
    own_choices: bool = False
    section: str = ""
    aspect: str = ""
    only_if: OnlyIf | None = None
    worry: Condition | None = None
    clause: tuple[str, ...] = ()
    mark: Mark = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class SurveySection:
    id: str
    title: str
    intro: str = ""


@dataclass(frozen=True, slots=True)
class Survey:
    """A questionnaire. ``how``: whether answers carry a name; ``least_shown``: no smaller group's figures are shown.

    ``seen_by``: roles that read single answers (never of an anonymous one); ``opens_with`` and ``closes_with``: the events that a
    round records; ``worry_opens``: the kind of event that a worrying answer records, naming the child as ``worry_names``.
    """

    id: str
    title: str
    how: Literal["anonymous", "confidential", "named"]
    for_: tuple[str, ...]
    questions: Mapping[str, SurveyQuestion]
    sections: Mapping[str, SurveySection] = field(default_factory=dict)
    intro: str = ""
    thanks: str = ""
    least_shown: int = 5
    seen_by: tuple[str, ...] = ()
    opens_with: Pattern | None = None
    closes_with: Pattern | None = None
    worry_opens: str | None = None
    worry_names: str = "target"
    clause: tuple[str, ...] = ()
    mark: Mark = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Party:
    """A side of an agreement. ``signs``: with a signature, with the school's seal, or not at all; ``needed``: before it holds."""

    id: str
    title: str
    roles: tuple[str, ...] = ()
    signs: Literal["signature", "seal", "no"] = "signature"
    needed: bool = True
    clause: tuple[str, ...] = ()
    mark: Mark = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Point:
    """One point of an agreement, with the parties that bear it. ``kind``: duty, right, boundary, liability or notice."""

    id: str
    text: str
    at: str = ""
    kind: Literal["duty", "right", "boundary", "liability", "notice"] = "duty"
    bearer: tuple[str, ...] = ()
    clause: tuple[str, ...] = ()
    mark: Mark = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Holds:
    """How long an agreement holds from the last signature that is needed (or from a date that is filled in)."""

    from_field: str | None = None
    lasts: Distance | None = None
    until: Literal["end of school year", "leaving"] | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """A template of an agreement. ``asks``: what is filled in when it is issued; ``choices``: what the family decides, one by one.

    ``about``: whom one agreement is about, a name of the event that a signature records (``signed_with``). ``renew``: how long
    before its end a new one is asked for. ``yields_to``: notes of law that decide where it is not appropriate.
    """

    id: str
    title: str
    parties: Mapping[str, Party]
    points: Mapping[str, Point]
    intro: str = ""
    purpose: str = ""
    about: str = ""
    on: str | None = None
    asks: Mapping[str, Field] = field(default_factory=dict)
    choices: Mapping[str, Field] = field(default_factory=dict)
    holds: Holds = field(default_factory=Holds)
    renew: Distance | None = None
    copies: int = 1
    signed_with: Pattern | None = None
    declined_with: Pattern | None = None
    ended_with: Pattern | None = None
    attach: tuple[str, ...] = ()
    yields_to: tuple[str, ...] = ()
    blanks: tuple[Blank, ...] = ()
    clause: tuple[str, ...] = ()
    mark: Mark = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class TalkQuestion:
    """A question of a talk; ``for_`` empty: for everybody who is heard."""

    id: str
    text: str
    help: str = ""
    topic: str = ""
    for_: tuple[str, ...] = ()
    clause: tuple[str, ...] = ()
    mark: Mark = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Questions:
    """The questions of a hearing or a talk, in order; ``before``: the forms beside which they stand."""

    id: str
    title: str
    questions: Mapping[str, TalkQuestion]
    intro: str = ""
    before: tuple[str, ...] = ()
    for_: tuple[str, ...] = ()
    never_ask: tuple[str, ...] = ()
    clause: tuple[str, ...] = ()
    mark: Mark = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class PlanEntry:
    """An entry of the plan of the year; the duty of the same id asks for it, from ``year-opened`` until ``year-closed``.

    ``topic`` and ``note`` are for people; ``grades``: whom it is for, as words of the school.
    """

    id: str
    title: str
    topic: str = ""
    note: str = ""
    grades: tuple[str, ...] = ()
    clause: tuple[str, ...] = ()
    mark: Mark = field(default=NOWHERE, compare=False)
