"""Who has read a record, as its pages show it: all of it to whoever decides something there, to everybody else their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from upstander.access import decide
from upstander.access.viewer import Viewer
from upstander.people import clock
from upstander.people import queries as people
from upstander.records import subjects
from upstander.records.models import Reading, Record

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One reading. ``name``: empty for somebody who is no longer known; ``when``: civil minute of the school."""

    name: str
    what: str
    when: datetime


@dataclass(frozen=True, slots=True)
class Stretch:
    """One page of readings, newest first. ``count``: how many there are in all; ``all_of_them``: not only the viewer's."""

    rows: tuple[Row, ...]
    count: int
    number: int
    pages: int
    all_of_them: bool


def stretch(viewer: Viewer, record: Record, now: datetime, number: int = 1) -> Stretch:
    """The readings that this viewer may know of; a page that is not there is the nearest that is."""
    everything = decide.decides_in(viewer, subjects.subject_of(record, viewer.pack, now))
    found = Reading.objects.filter(record=record)
    found = found if everything else found.filter(person=viewer.person_id)
    count = found.count()
    pages = max(1, -(-count // PER_PAGE))
    number = min(max(1, number), pages)
    first = (number - 1) * PER_PAGE
    rows = list(found.order_by("-at", "id")[first : first + PER_PAGE])
    names = people.names(record.school, [row.person for row in rows if row.person])
    shown = (Row(names.get(str(row.person), ""), row.what, clock.civil(record.school, row.at)) for row in rows)
    return Stretch(tuple(shown), count, number, pages, everything)
