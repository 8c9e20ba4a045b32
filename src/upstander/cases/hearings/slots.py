"""Hearings in time and place: which of them take somebody's time twice, and where two pupils would meet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from upstander.policy.log import Event
from upstander.policy.model.rooms import HearingRoom


@dataclass(frozen=True)
class Slot:
    """A hearing as it is planned. ``start``, ``end``: civil minutes; ``place``: a code of the pack; ids of pupils and staff."""

    record: UUID
    start: datetime
    end: datetime
    place: str
    pupils: frozenset[str] = frozenset()
    staff: frozenset[str] = frozenset()
    event: str = field(default="", compare=False)

    def overlaps(self, other: Slot, apart: timedelta = timedelta()) -> bool:
        """Whether both take some of the same time, or lie closer to one another than ``apart``."""
        return self.start < other.end + apart and other.start < self.end + apart


@dataclass(frozen=True)
class Clash:
    """Why a hearing cannot be then. ``sort``: ``staff`` (somebody is elsewhere), ``pupil`` (is heard elsewhere), ``meet``."""

    sort: str
    other: Slot
    people: frozenset[str]


def of_event(room: HearingRoom, record: UUID, event: Event) -> Slot | None:
    """When and where a planned hearing is; None where its form does not say."""
    return of_fields(room, record, event.fields, event.about, event.id)


def of_fields(room: HearingRoom, record: UUID, fields: Any, about: Any, event: str = "") -> Slot | None:
    """The same of plain values: ``fields`` {id: value}, ``about`` {role: ids}."""
    day, time = fields.get(room.day or ""), fields.get(room.time or "")
    if not day or not time:
        return None
    start = datetime.fromisoformat(f"{day}T{time}")
    length = timedelta(minutes=float(fields.get(room.minutes or "") or 0))
    pupils = frozenset(one for role in room.pupils for one in about.get(role, ()))
    staff = frozenset(about.get(room.staff, ()))
    return Slot(record, start, start + length, str(fields.get(room.place or "", "")), pupils, staff, event)


def clashes(new: Slot, others: Iterable[Slot], minutes_apart: int) -> list[Clash]:
    """What stands against a hearing. Nobody is in two places at once; ``minutes_apart`` lie between two pupils in one place."""
    found = []
    for other in others:
        if new.overlaps(other):
            found += [Clash("staff", other, both)] if (both := new.staff & other.staff) else []
            found += [Clash("pupil", other, both)] if (both := new.pupils & other.pupils) else []
        near = new.overlaps(other, timedelta(minutes=minutes_apart))
        if near and new.place and new.place == other.place and new.pupils != other.pupils:
            found.append(Clash("meet", other, other.pupils))
    return found


@dataclass(frozen=True)
class Cell:
    """A hearing in the timetable, so many rows high; ``slot`` None: nobody is heard there then."""

    rows: int
    slot: Slot | None = None


@dataclass(frozen=True)
class Timetable:
    """One day: a column for each place, a row for each moment at which something begins or ends."""

    day: datetime
    places: Sequence[str]
    rows: Sequence[tuple[datetime, Sequence[Cell]]]


def timetables(slots: Iterable[Slot]) -> list[Timetable]:
    """A timetable for each day on which somebody is heard, the days in order."""
    days: dict[datetime, list[Slot]] = {}
    for slot in sorted(slots, key=lambda each: (each.start, each.place)):
        days.setdefault(slot.start.replace(hour=0, minute=0), []).append(slot)
    return [_timetable(day, found) for day, found in sorted(days.items())]


def _timetable(day: datetime, found: Sequence[Slot]) -> Timetable:
    places = list(dict.fromkeys(each.place for each in sorted(found, key=lambda one: one.place)))
    moments = sorted({moment for each in found for moment in (each.start, each.end)})
    rows = []
    for number, moment in enumerate(moments[:-1]):
        cells = []
        for place in places:
            begins = next((each for each in found if each.place == place and each.start == moment), None)
            if begins is not None:
                high = len([each for each in moments[number:] if each < begins.end])
                cells.append(Cell(max(high, 1), begins))
            elif not any(each.place == place and each.start < moment < each.end for each in found):
                cells.append(Cell(1))
        rows.append((moment, cells))
    return Timetable(day, places, rows)
