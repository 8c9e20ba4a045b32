"""Deadlines, rhythms and windows (§4.7, §4.8, §5)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from upstander.policy.model.base import Distance, Pattern, Span


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
