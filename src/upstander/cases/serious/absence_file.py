"""Days away from a file: one line a day and pupil. First what would happen, then all of it or nothing.

Only pupils with an open record that counts such days get an entry, and only where the reader may write it; of everybody else in
the file nothing is kept.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from upstander.access.viewer import Viewer
from upstander.cases.looking import Looking
from upstander.cases.serious import absence
from upstander.people import queries as people
from upstander.people.models import Person, School
from upstander.policy.calendar import Timetable
from upstander.policy.model import Pack
from upstander.records import kinds, queries
from upstander.records.actions import FormProblems, Stopped
from upstander.school.roster import decoded

MOST_LINES: Final = 5000
LARGEST: Final = 1_000_000
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "pupil": ("pupil number", "number", "生徒番号", "番号", "leerlingnummer", "nummer", "学号"),
    "day": ("day", "date", "日付", "欠席日", "datum", "dag", "日期", "缺勤日期"),
    "days": ("days", "日数", "dagen", "天数"),
}
"""What the head of a column may say; ``days`` may be missing: then each line is a whole day."""
_FORMS: Final = ("%Y-%m-%d", "%Y/%m/%d", "%d-%m-%Y", "%d/%m/%Y", "%Y年%m月%d日")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file: a day of a pupil."""

    number: int
    pupil: str
    day: date
    amount: Decimal


@dataclass
class Report:
    """What a file would do or did. ``wrong``: what stands against it, line by line; while there is any, nothing is recorded.

    ``new``: days put on record, ``known``: days that stood there, ``others``: days of pupils without such a record.
    """

    new: int = 0
    known: int = 0
    others: int = 0
    records: int = 0
    wrong: list[str] = field(default_factory=list)

    def refuse(self, number: int, why: str) -> None:
        self.wrong.append(_("Line %(number)d: %(why)s") % {"number": number, "why": why})


@dataclass
class Bringing:
    """One file for one reader. ``now``: civil minute of the school."""

    school: School
    viewer: Viewer
    pack: Pack
    now: datetime
    lang: str
    report: Report = field(default_factory=Report)

    # --- where days are counted ------------------------------------------------------------------------------------

    @cached_property
    def places(self) -> list[absence.Register]:
        """The open records in which the reader may write down such days."""
        found = []
        for kind in self.pack.records.values():
            if kind.rooms.absence is None or not kinds.is_case(self.pack, kind.id):
                continue
            for record in queries.visible(self.viewer, kind.id).filter(closed=False):
                looking = Looking(self.school, self.viewer, record, self.pack, self.now, self.lang)
                if looking.may(kind.rooms.absence.noted):
                    found.append(absence.Register(looking, kind.rooms.absence, "", ""))
        return found

    # --- the file --------------------------------------------------------------------------------------------------

    def bring_in(self, content: bytes, *, dry_run: bool) -> Report:
        """Read the file; record its days unless anything in it is wrong or it is only tried. Running it twice changes nothing."""
        lines = list(self._lines(content))
        counted = {pupil for place in self.places for pupil in place.pupils}
        self.report.others = sum(line.pupil not in counted for line in lines)
        new = [found for place in self.places for pupil in place.pupils for found in self._new(place, pupil, lines)]
        self.report.new = len(new)
        self.report.records = len({register.looking.record.id for register, _line in new})
        if not dry_run and not self.report.wrong:
            self._record(new)
        return self.report

    def _new(self, place: absence.Register, pupil: str, lines: list[Line]) -> Iterator[tuple[absence.Register, Line]]:
        """The days of one pupil that one record does not have yet."""
        register = absence.Register(place.looking, place.room, pupil, "")
        for line in lines:
            if line.pupil == pupil and line.day in register.noted:
                self.report.known += 1
            elif line.pupil == pupil:
                yield register, line

    def _record(self, new: list[tuple[absence.Register, Line]]) -> None:
        """All of them or none: where the policy refuses one, it is said and nothing stays."""
        number = 0
        try:
            with transaction.atomic():
                for register, line in new:
                    number = line.number
                    absence.note_day(register.looking, register.room, line.pupil, line.day, line.amount)
        except (FormProblems, Stopped):
            self.report.new = 0
            self.report.refuse(number, _("the policy asks for more than a day and a pupil here; write it by hand"))

    def _lines(self, content: bytes) -> Iterator[Line]:
        try:
            text = decoded(content, self.school.language)
        except UnicodeDecodeError:
            self.report.refuse(1, _("this is no text file; save it as CSV in UTF-8"))
            return
        first = text.partition("\n")[0]
        rows = csv.reader(io.StringIO(text), delimiter=max(",;\t", key=first.count))
        try:
            yield from self._read(rows)
        except csv.Error:
            self.report.refuse(rows.line_num, _("this line cannot be read"))

    def _read(self, rows: Iterator[list[str]]) -> Iterator[Line]:
        columns = self._columns(next(rows, []))
        if columns is None:
            return
        seen: set[tuple[str, date]] = set()
        for number, cells in enumerate(rows, start=2):
            if number > MOST_LINES:
                self.report.refuse(number, _("more than %(most)d lines; split the file") % {"most": MOST_LINES})
                return
            if not any(cell.strip() for cell in cells):
                continue
            found = self._line(number, {name: cells[at].strip() for name, at in columns.items() if at < len(cells)})
            if found is not None and (found.pupil, found.day) in seen:
                self.report.refuse(number, _("this day of this pupil stands in the file twice"))
            elif found is not None:
                seen.add((found.pupil, found.day))
                yield found

    def _columns(self, head: list[str]) -> dict[str, int] | None:
        written = [cell.strip().lower().replace("_", " ") for cell in head]
        found = {name: written.index(way) for name, ways in COLUMNS.items() for way in ways[::-1] if way in written}
        missing = [COLUMNS[name][0] for name in ("pupil", "day") if name not in found]
        if missing:
            self.report.refuse(1, _("the header lacks: %(names)s") % {"names": ", ".join(missing)})
            return None
        return found

    def _line(self, number: int, cells: Mapping[str, str]) -> Line | None:
        person = self._numbers.get(cells.get("pupil", ""))
        day = _day(cells.get("day", ""))
        amount = _amount(cells.get("days", ""))
        timetable = self._timetable
        if person is None:
            self.report.refuse(number, _("no pupil has the number %(n)s") % {"n": cells.get("pupil", "") or "–"})
        elif day is None:
            self.report.refuse(
                number, _("%(word)s is no day; write it like 2026-05-11") % {"word": cells.get("day", "") or "–"}
            )
        elif day > self.now.date():
            self.report.refuse(number, _("this day is still to come"))
        elif not timetable.is_school_day(day):
            self.report.refuse(number, _("there was no school on this day"))
        elif amount is None:
            self.report.refuse(number, _("the number of days is 1 or 0.5"))
        else:
            return Line(number, person, day, amount)
        return None

    @cached_property
    def _timetable(self) -> Timetable:
        return Timetable(people.calendar_of(self.school), self.pack.hints)

    @cached_property
    def _numbers(self) -> dict[str, str]:
        rows = people.everybody(self.school).filter(kind=Person.Kind.PUPIL).exclude(number="")
        return {number: str(ident) for number, ident in rows.values_list("number", "id")}


def _day(text: str) -> date | None:
    for form in _FORMS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day of the calendar has no zone
        except ValueError:
            continue
    return None


def _amount(text: str) -> Decimal | None:
    try:
        found = Decimal(text.replace(",", ".")) if text else absence.WHOLE
    except InvalidOperation:
        return None
    return found if found in (absence.WHOLE, absence.HALF) else None
