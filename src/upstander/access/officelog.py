"""The office's log: who gave, took or changed which post, absence or way to sign in, and when. Written once, never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from upstander.access.models import OfficeEntry
from upstander.people import clock
from upstander.people import queries as people
from upstander.people.models import School

Deed = Literal[
    "added", "address-given", "post-given", "post-ended", "away", "back", "left", "picture-shown", "picture-taken-away",
    "invited", "link-asked", "link-made", "link-dropped",
    "opened-in-emergency", "emergency-ended",
    "record-bundled", "record-handed-over", "record-held", "record-let-go", "record-destroyed", "own-data-made",
]  # fmt: skip
"""``link-…``: a new link for somebody who can sign in already, which takes two persons of the office. ``record-…``: which one
stands with the record alone, so that nobody learns of one that is not theirs."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line as it is read. ``at``: civil minute; ``by``: empty for the technical administrator."""

    at: datetime
    deed: str
    person: str
    by: str
    role: str
    unit: str
    first_day: date | None
    last_day: date | None


def note(
    school: School,
    deed: Deed,
    person: UUID | None,
    by: UUID | None,
    *,
    role: str = "",
    unit: str = "",
    first_day: date | None = None,
    last_day: date | None = None,
) -> None:
    """Write a line, in the transaction of the deed itself."""
    OfficeEntry.objects.create(
        school=school,
        at=clock.utcnow(school),
        deed=deed,
        person=person,
        by=by,
        role=role,
        unit=unit[:60],
        first_day=first_day,
        last_day=last_day,
    )


def entries(school: School, *, person: UUID | None = None, most: int = 200) -> list[Entry]:
    """The newest lines first; of one person if given."""
    rows = OfficeEntry.objects.filter(school=school)
    rows = rows.filter(person=person) if person else rows
    found = list(rows.order_by("-at")[:most])
    names = people.names(school, {each for row in found for each in (row.person, row.by) if each})
    return [
        Entry(
            clock.civil(school, row.at),
            row.deed,
            names.get(str(row.person), ""),
            names.get(str(row.by), ""),
            row.role,
            row.unit,
            row.first_day,
            row.last_day,
        )
        for row in found
    ]
