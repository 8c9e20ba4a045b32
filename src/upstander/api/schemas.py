"""The shapes of the answers. Times are civil minutes of the school (``2026-05-11T10:20``); its zone stands in ``School``."""

from __future__ import annotations

from ninja import Schema
from pydantic import Field

Minute = str


class PackInfo(Schema):
    """The policy in force today."""

    id: str
    version: str
    title: str


class School(Schema):
    """A school that the caller works at."""

    slug: str
    name: str
    language: str = Field(description="BCP 47")
    timezone: str = Field(description="IANA name; all times of the school are civil times there")
    now: Minute
    packs: list[PackInfo]
    registers: str = Field(description="address of its registers")


class Schools(Schema):
    schools: list[School]


class Code(Schema):
    code: str
    label: str


class Column(Schema):
    """A short answer that stands in a register; ``id`` is EVENT.FIELD of the policy."""

    id: str
    label: str
    type: str
    codes: list[Code] = Field(
        default_factory=list, description="of a coded answer: what it may be; usable with `where`"
    )


class Counts(Schema):
    open: int
    due: int = Field(description="open ones with something due today")
    late: int = Field(description="open ones with something late")
    closed: int


class Register(Schema):
    """A kind of record of which the caller may see some."""

    kind: str
    label: str
    plural: str
    subjects: list[str] = Field(description="the roles of whom or what a record is about")
    counts: Counts
    columns: list[Column]
    url: str


class Registers(Schema):
    registers: list[Register]


class Person(Schema):
    """Somebody named; a thing is named by its mark."""

    id: str
    name: str


class Value(Schema):
    """An answer: as the policy codes it, and in the words of the asked language."""

    value: str | int | float | list[str] | None
    words: list[str]


class Due(Schema):
    """The open duty that presses most."""

    rule: str
    label: str
    state: str
    due: Minute | None


class Line(Schema):
    """A record in a register."""

    id: str
    number: str
    kind: str
    opened: Minute
    closed: bool
    changed: str = Field(description="moment of the last entry, UTC")
    subjects: dict[str, list[Person]]
    values: dict[str, Value]
    next: Due | None
    url: str


class Page(Schema):
    """One stretch of a register, the newest records first."""

    kind: str
    records: list[Line]
    next: str | None = Field(description="address of the next stretch; null at the end")


class Clause(Schema):
    id: str
    at: str = Field(description="the document's own number")
    text: str


class Settled(Schema):
    event: str
    at: Minute | None


class Duty(Schema):
    """One instance of a duty, as the policy language defines it."""

    rule: str
    label: str
    occurrence: int
    state: str = Field(
        description="upcoming, pending, due, paused, overdue, met, met-late, waived, not-applicable, lapsed"
    )
    strength: str = Field(description="must, should, may")
    arose: Minute
    due: Minute | None
    settled: Settled | None
    key: dict[str, Person]
    who: list[str] = Field(description="titles of the posts whose duty it is")
    clauses: list[Clause]
    because: list[str] = Field(description="events (ids), or the fact or duty, that brought it about")
    missing: list[str]
    flags: list[str]


class FactNow(Schema):
    """A named state that holds now."""

    fact: str
    label: str
    keys: list[dict[str, str]]
    since: Minute | None


class File(Schema):
    """A file of an entry; its content is not served here."""

    id: str
    name: str
    type: str
    size: int


class Answer(Schema):
    """A field of an entry."""

    label: str
    type: str
    value: str | int | float | list[str] | None
    words: list[str]
    files: list[File] = Field(default_factory=list)


class Doer(Schema):
    id: str | None
    name: str
    role: str


class Event(Schema):
    """An entry of the log. ``hidden``: the caller may know that it happened, not what was said."""

    id: str
    kind: str
    label: str
    at: Minute
    recorded: Minute
    by: Doer
    about: dict[str, list[Person]]
    fields: dict[str, Answer]
    hidden: bool
    voided: bool
    void_reason: str
    instead_of: str | None
    echo: bool
    happened_anyway: str = Field(description="why it was recorded although a limit stands against it")
    breaches: list[str] = Field(description="the limits that it broke")


class Missing(Schema):
    """What still stands against closing: a fact that does not hold, a duty that is open, or somebody who must decide."""

    fact: str | None = None
    rule: str | None = None
    by: str | None = None


class Closure(Schema):
    closed: bool
    watched: bool
    closable: bool
    missing: list[Missing]


class Link(Schema):
    """A linked record that the caller sees."""

    id: str
    kind: str
    number: str
    url: str


class Record(Schema):
    """One record, whole, as far as the caller may read it. Fetching it is written down in its reading log."""

    id: str
    number: str
    kind: str
    label: str
    opened: Minute
    changed: str
    people: dict[str, list[Person]]
    events: list[Event]
    duties: list[Duty]
    facts: list[FactNow]
    closure: Closure
    links: list[Link]
    url: str
    page: str = Field(description="address of its page for people")


class Problem(Schema):
    """Problem details (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str | None = None
