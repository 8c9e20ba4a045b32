"""The typed form of a policy pack: what the loader makes and every strategy of the engine reads.

Nothing here evaluates anything. Every class is frozen; ids are lower-case words joined by hyphens (clause ids excepted);
text is in the pack's own language (translations stand in ``Pack.words``). The section numbers are those of the language's
reference in ``docs/language/``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Literal

Value = str | Decimal
"""A plain value of a field: text, or an exact number. Yes and no are the texts ``yes`` and ``no``."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Where something stands in the author's files; line and column count from 1."""

    file: str
    line: int
    column: int


NOWHERE = Mark("", 0, 0)


# --- durations (§5) ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Span:
    """An ISO 8601 duration: months are added first, then days, then minutes."""

    months: int = 0
    days: int = 0
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class SchoolDays:
    n: int


@dataclass(frozen=True, slots=True)
class WorkingDays:
    n: int


Distance = Span | SchoolDays | WorkingDays


# --- patterns (§2) -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Is:
    """The value itself; on a ``some-of`` field: contains it."""

    value: Value


@dataclass(frozen=True, slots=True)
class OneOf:
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    n: Decimal


@dataclass(frozen=True, slots=True)
class AtMost:
    n: Decimal


@dataclass(frozen=True, slots=True)
class IsNot:
    """None of the values; a missing field matches nothing, this included."""

    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Includes:
    """All of the values, on a ``some-of`` field."""

    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Both:
    """Several conditions on one field (``{at least: 1, at most: 3}``); all must hold."""

    parts: tuple[Condition, ...]


Condition = Is | OneOf | AtLeast | AtMost | IsNot | Includes | Both


@dataclass(frozen=True, slots=True)
class Test:
    """A condition on one field or reserved name.

    ``field`` is a field of the kind, or ``number of R``, ``role``, ``time of day``, ``weekday``, ``school day``, ``school hours``.
    Values for ``time of day`` are ``Decimal`` minutes from midnight; for ``weekday`` English day names in lower case.
    """

    __test__ = False  # not a test class, whatever pytest reads into the name

    field: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class Alternative:
    """One kind of event, with tests that must all hold."""

    kind: str
    tests: tuple[Test, ...] = ()


@dataclass(frozen=True, slots=True)
class Pattern:
    """A list of alternatives: an event matches when one of them does."""

    alternatives: tuple[Alternative, ...]
    mark: Mark = field(default=NOWHERE, compare=False)


# --- keys (§2) -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KeyName:
    """A name of ``for each``; ``of_case``: everybody named so far in this role (``actor of the case``)."""

    name: str
    of_case: bool = False


ForEach = tuple[KeyName, ...]
"""No, one or two names."""


# --- facts (§3) ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TrueFrom:
    start: Pattern
    until: Pattern | None = None
    lasts: Distance | None = None
    to_date_field: str | None = None


@dataclass(frozen=True, slots=True)
class Quiet:
    quiet: Pattern
    since: Pattern
    lasts: Distance


class Within(StrEnum):
    EVER = "ever"
    SCHOOL_YEAR = "school year"
    TERM = "term"
    CONSECUTIVE_SCHOOL_DAYS = "consecutive school days"


@dataclass(frozen=True, slots=True)
class Count:
    """``distinct`` is a field, a name of ``about``, ``role`` or ``day``."""

    count: Pattern
    at_least: Decimal
    within: Within | Distance = Within.EVER
    adding_up: str | None = None
    distinct: str | None = None


@dataclass(frozen=True, slots=True)
class Overdue:
    duty: str


class Combine(StrEnum):
    ALL = "all of"
    ANY = "any of"
    NONE = "none of"


@dataclass(frozen=True, slots=True)
class Combination:
    how: Combine
    facts: tuple[str, ...]


class Season(StrEnum):
    SCHOOL_HOURS = "school hours"
    SCHOOL_DAY = "school day"
    TERM = "term"
    HOLIDAYS = "holidays"


@dataclass(frozen=True, slots=True)
class During:
    season: Season


FactForm = TrueFrom | Quiet | Count | Overdue | Combination | During


@dataclass(frozen=True, slots=True)
class Fact:
    id: str
    form: FactForm
    for_each: ForEach = ()
    clause: tuple[str, ...] = ()
    label: str = ""
    mark: Mark = field(default=NOWHERE, compare=False)


# --- deadlines (§5) ------------------------------------------------------------------------------------------------


class SimpleDeadline(StrEnum):
    SAME_DAY = "same day"
    END_OF_SCHOOL_DAY = "end of school day"
    END_OF_TERM = "end of term"
    END_OF_SCHOOL_YEAR = "end of school year"
    JUDGED = "judged"


@dataclass(frozen=True, slots=True)
class In:
    """A distance from the arising (``PT2H``, ``3 school days``)."""

    distance: Distance


@dataclass(frozen=True, slots=True)
class AtClock:
    """``HH:MM``."""

    hour: int
    minute: int


@dataclass(frozen=True, slots=True)
class AfterEvent:
    after: Pattern
    plus: Distance


@dataclass(frozen=True, slots=True)
class BeforeEvent:
    before: Pattern


@dataclass(frozen=True, slots=True)
class FromDate:
    """A date field of the triggering event, ``less`` or ``plus`` a distance."""

    date_field: str
    less: Distance | None = None
    plus: Distance | None = None


@dataclass(frozen=True, slots=True)
class Earliest:
    of: tuple[Deadline, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A deadline that the school has answered: the word (or param) of the document and what it means here."""

    said: str
    means: Deadline


Deadline = SimpleDeadline | In | AtClock | AfterEvent | BeforeEvent | FromDate | Earliest | Said


# --- recurrence and windows (§4.7, §4.8) ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RepeatEvery:
    span: Span


class Period(StrEnum):
    SCHOOL_DAY = "school day"
    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"
    WEEK = "week"
    MONTH = "month"
    TERM = "term"
    SCHOOL_YEAR = "school year"
    CALENDAR_YEAR = "calendar year"


@dataclass(frozen=True, slots=True)
class RepeatEach:
    period: Period


@dataclass(frozen=True, slots=True)
class AgainAfter:
    distance: Distance


Recurrence = RepeatEvery | RepeatEach | AgainAfter


@dataclass(frozen=True, slots=True)
class InMonths:
    """Months of the year, 1 to 12; one instance each."""

    months: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class InTerms:
    """Ids or numbers (from 1, within the school year) of terms; one instance each."""

    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OnDay:
    month: int
    day: int
    or_nearest_school_day: bool = False


@dataclass(frozen=True, slots=True)
class Between:
    """From one date field of the triggering event to another."""

    from_field: str
    to_field: str


Window = InMonths | InTerms | OnDay | Between


# --- duties (§4) ---------------------------------------------------------------------------------------------------


class Strength(StrEnum):
    MUST = "must"
    SHOULD = "should"
    MAY = "may"


@dataclass(frozen=True, slots=True)
class WhenEvent:
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class BecomesTrue:
    fact: str


@dataclass(frozen=True, slots=True)
class WhenOverdue:
    duty: str


@dataclass(frozen=True, slots=True)
class WhenBreach:
    limit: str


Trigger = WhenEvent | BecomesTrue | WhenOverdue | WhenBreach


@dataclass(frozen=True, slots=True)
class Role:
    """A bearer: whoever holds this post."""

    role: str


@dataclass(frozen=True, slots=True)
class DidTrigger:
    """Whoever did the triggering event; ``otherwise`` where no person did it."""

    otherwise: str | None = None


@dataclass(frozen=True, slots=True)
class IsKey:
    """The person of the key under this name."""

    name: str


@dataclass(frozen=True, slots=True)
class NamedAs:
    """Whom the latest event names in this role."""

    role: str


@dataclass(frozen=True, slots=True)
class GuardiansOf:
    name: str


Bearer = Role | DidTrigger | IsKey | NamedAs | GuardiansOf


@dataclass(frozen=True, slots=True)
class Climb:
    """Who else is told, this long after the due moment."""

    after: Distance
    to: str


@dataclass(frozen=True, slots=True)
class Duty:
    """What is asked for: who, what, toward whom, by when, under which clause.

    ``must`` holds one pattern, or several of which *all* are needed. ``by`` is None only for a ``may``, for windows
    and for recurring duties without their own deadline.
    """

    id: str
    when: Trigger
    must: tuple[Pattern, ...]
    for_each: ForEach = ()
    if_: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    each_trigger: bool = False
    times: int = 1
    by: Deadline | None = None
    who: tuple[Bearer, ...] = ()
    strength: Strength = Strength.MUST
    until: Pattern | None = None
    paused_while: str | None = None
    recurrence: Recurrence | None = None
    recurrence_said: str | None = None
    not_before: Deadline | None = None
    window: Window | None = None
    early_counts: bool = False
    remind: Distance | None = None
    climbs: tuple[Climb, ...] = ()
    waived_by: tuple[str, ...] = ()
    extended_by: tuple[str, ...] = ()
    clause: tuple[str, ...] = ()
    label: str = ""
    mark: Mark = field(default=NOWHERE, compare=False)


# --- limits and closure (§6, §7) -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Limit:
    """What must not be done, or not yet, or only by some.

    Every entry of ``only_after`` is needed; the alternatives within one are its pattern's. ``not_by`` holds roles of the
    matter and kinds of event.
    """

    id: str
    act: Pattern
    for_each: ForEach = ()
    never: bool = False
    only_after: tuple[Pattern, ...] = ()
    only_while: tuple[str, ...] = ()
    only_by: tuple[str, ...] = ()
    not_by: tuple[str, ...] = ()
    while_: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    warns: bool = False
    strength: Strength = Strength.MUST
    clause: tuple[str, ...] = ()
    label: str = ""
    mark: Mark = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Closure:
    """When a record of this kind may be closed. ``settled``: ``all`` or the ids of duties that may not be open."""

    kind: str
    for_each: ForEach = ()
    needs: tuple[str, ...] = ()
    settled: Literal["all"] | tuple[str, ...] = ()
    decided_by: tuple[str, ...] = ()
    watch_for: Distance | None = None
    clause: tuple[str, ...] = ()
    mark: Mark = field(default=NOWHERE, compare=False)


# --- clauses, roles, records, events (§1, §2, §8, §9) ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Clause:
    id: str
    at: str
    text: str
    kind: str = ""
    strength: Strength = Strength.MUST
    not_automated: str = ""
    mark: Mark = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class RoleInfo:
    """A post of the school, a role in a matter (``of_the_matter``), or a group of such roles (``any_of``)."""

    id: str
    title: str = ""
    deputies: tuple[str, ...] = ()
    at_least: int = 0
    at_most: int | None = None
    outside: bool = False
    conflicts: tuple[str, ...] = ()
    scope: Literal["school", "grade", "class"] = "school"
    of_the_matter: bool = False
    any_of: tuple[str, ...] = ()
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

    ``many``: several files or persons. ``least`` and ``most`` bound a number or scale.
    """

    id: str
    type: FieldType
    label: str = ""
    help: str = ""
    required: bool = False
    required_while: str | None = None
    secret_from: tuple[str, ...] = ()
    options: str = ""
    role: str = ""
    many: bool = False
    least: Decimal | None = None
    most: Decimal | None = None
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


@dataclass(frozen=True, slots=True)
class Known:
    """A thing that the policy says must be known: the latest value of a field of a kind of event."""

    id: str
    label: str
    event: str
    field: str


@dataclass(frozen=True, slots=True)
class Keep:
    lasts: Distance
    from_: str
    says: str = "school"


@dataclass(frozen=True, slots=True)
class RecordKind:
    """``known``, ``definition`` (kind of the checklist event) and ``wish`` (kind, field) lay out the record's page."""

    id: str
    label: str = ""
    plural: str = ""
    subjects: tuple[str, ...] = ()
    opened_by: tuple[str, ...] = ()
    takes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    access: tuple[Access, ...] = ()
    sealed_while: str | None = None
    known: tuple[Known, ...] = ()
    definition: str | None = None
    definition_intro: str = ""
    wish: tuple[str, str] | None = None
    keep: Keep | None = None
    built_in: bool = False
    mark: Mark = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Option:
    code: str
    label: str
    help: str = ""
    icon: str = ""
    mark: Mark = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Param:
    """A number of the school. ``says``: who fixed it, the clause or the school."""

    id: str
    value: object
    title: str = ""
    says: Literal["clause", "school"] = "school"
    least: object = None
    most: object = None


@dataclass(frozen=True, slots=True)
class Word:
    """A vague word of the document and the school's answer, as written and as understood."""

    word: str
    answer: str
    means: Deadline | RepeatEvery | RepeatEach
    title: str = ""
    says: Literal["clause", "school"] = "school"


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


@dataclass(frozen=True)
class Pack:
    """A school's policy as data.

    ``words``: {language: {dotted path: translated text}}; ``builtin_words``: {path: English text} of what every pack has and this
    one did not reword; ``digest``: SHA-256 of all of it, places in files excepted.
    """

    id: str
    title: str
    version: str
    in_force_from: date
    language: str
    timezone: str
    roles: Mapping[str, RoleInfo] = field(default_factory=dict)
    records: Mapping[str, RecordKind] = field(default_factory=dict)
    events: Mapping[str, EventKind] = field(default_factory=dict)
    options: Mapping[str, Mapping[str, Option]] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(default_factory=dict)
    duties: Mapping[str, Duty] = field(default_factory=dict)
    limits: Mapping[str, Limit] = field(default_factory=dict)
    closure: Mapping[str, Closure] = field(default_factory=dict)
    clauses: Mapping[str, Clause] = field(default_factory=dict)
    params: Mapping[str, Param] = field(default_factory=dict)
    vague: Mapping[str, Word] = field(default_factory=dict)
    guidance: Mapping[str, Guidance] = field(default_factory=dict)
    contacts: Mapping[str, Contact] = field(default_factory=dict)
    talk_to: tuple[TalkTo, ...] = ()
    laws: tuple[LawNote, ...] = ()
    flaws: tuple[Flaw, ...] = ()
    hints: CalendarHints = CalendarHints()
    shares: tuple[str, ...] = ()
    extends: str | None = None
    review_date: date | None = None
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    builtin_words: Mapping[str, str] = field(default_factory=dict)
    digest: str = ""

    def members(self, name: str) -> tuple[str, ...]:
        """The roles of a group; of a role that is no group, itself."""
        role = self.roles.get(name)
        return role.any_of if role is not None and role.any_of else (name,)

    def groups_of(self, name: str) -> tuple[str, ...]:
        """The groups of which this role is a member."""
        return tuple(group.id for group in self.roles.values() if name in group.any_of)


@dataclass(frozen=True, slots=True)
class Series:
    """The versions of a pack, by date in force, earliest first; the earliest also governs what came before it."""

    versions: tuple[Pack, ...]

    def at(self, day: date) -> Pack:
        """The version in force on this day."""
        return next((pack for pack in reversed(self.versions) if pack.in_force_from <= day), self.versions[0])
