"""Planning a hearing: the pack's form, with what cannot be at the same time said before it is recorded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from upstander.cases.filling import Filling
from upstander.cases.hearings.room import Hearings
from upstander.cases.hearings.slots import Clash, Slot, Timetable, clashes, of_event, of_fields, timetables
from upstander.cases.shapes import StoppedLimit
from upstander.records import actions, queries
from upstander.records.models import Event
from upstander.ui import dates


class Impossible(Exception):
    """The hearing cannot be then; nothing has been recorded."""


def taken(hearings: Hearings) -> list[Slot]:
    """Every hearing still to be held, in all records that the viewer sees: of each pupil the last one planned."""
    room, mine = hearings.room, hearings.looking.record.id
    if room.planned is None:
        return []
    found: dict[tuple[Any, frozenset[str]], Slot] = {}
    for record, event in queries.of_kind(hearings.looking.viewer, room.planned):
        slot = of_event(room, record, event)
        if slot is not None and record != mine:
            found[record, slot.pupils] = slot
    return [*found.values(), *hearings.plans.values()]


@dataclass
class Planning(Filling):
    """The form of a planned hearing."""

    hearings: Hearings = field(kw_only=True)
    clashes: list[Clash] = field(default_factory=list)

    def _preset_fields(self) -> dict[str, Any]:
        """Today, unless the address says another day."""
        day = self.hearings.room.day
        first = {day: self.looking.now.date()} if day is not None else {}
        return {**first, **super()._preset_fields()}

    def save(self) -> Event | None:
        """Record the plan. None where something is wrong, a limit stops it, or it cannot be then."""
        try:
            return super().save()
        except Impossible:
            return None

    def _record(self, outside: Mapping[str, Sequence[actions.Outside]], happened: bool) -> Event:
        room = self.hearings.room
        values = {name: _plain(value) for name, value in self.form.deed()["fields"].items()}
        new = of_fields(room, self.looking.record.id, values, self.picker.about())
        if new is not None:
            # A hearing that is planned anew gives its own time back.
            others = [
                each for each in taken(self.hearings) if not (each.record == new.record and each.pupils == new.pupils)
            ]
            self.clashes = clashes(new, others, room.minutes_apart)
        if self.clashes:
            self.stop = {
                "title": _("This cannot be then"),
                "limits": self._limits(),
                "back": self.looking.url("hearings"),
            }
            raise Impossible
        return super()._record(outside, happened)

    def _limits(self) -> list[StoppedLimit]:
        words, room = self.looking.words, self.hearings.room
        said = list(dict.fromkeys(self._said(each) for each in self.clashes))
        return [
            StoppedLimit(label=line, clauses=words.clauses(room.clause if sort == "meet" else ()))
            for sort, line in said
        ]

    def _said(self, clash: Clash) -> tuple[str, str]:
        hearings, words, room = self.hearings, self.looking.words, self.hearings.room
        mine = clash.other.record == self.looking.record.id
        known = [each for each in clash.people if mine or clash.sort != "meet"]
        told = {
            "names": words.joined(
                sorted(hearings.looking.names.get(each) or _staff_name(self, each) for each in known)
            ),
            "from": dates.clock(clash.other.start, words.lang),
            "to": dates.clock(clash.other.end, words.lang),
            "place": place_name(hearings, clash.other.place),
            "minutes": room.minutes_apart,
        }
        if clash.sort == "staff":
            return clash.sort, _("%(names)s cannot: another hearing is planned from %(from)s to %(to)s.") % told
        if clash.sort == "pupil":
            return clash.sort, _("%(names)s is heard from %(from)s to %(to)s already.") % told
        if not told["names"]:
            return clash.sort, _("%(place)s is taken from %(from)s to %(to)s, and two pupils must not meet.") % told
        return clash.sort, _(
            "Two pupils would meet: %(names)s is heard in %(place)s from %(from)s to %(to)s. "
            "Leave at least %(minutes)s minutes between them there, or choose another room."
        ) % told


def _plain(value: Any) -> str:
    """A cleaned value as the log keeps it."""
    if hasattr(value, "isoformat"):
        text: str = value.isoformat()
        return text[:5] if hasattr(value, "hour") and not hasattr(value, "year") else text
    return str(value)


def _staff_name(planning: Filling, ident: str) -> str:
    from upstander.people import queries as people

    return people.names(planning.looking.school, {ident}).get(ident, _("Somebody"))


def place_name(hearings: Hearings, code: str) -> str:
    """A place in words."""
    room = hearings.room
    if room.planned is None or room.place is None:
        return code
    options = hearings.looking.pack.events[room.planned].fields[room.place].options
    return hearings.looking.words.option(options, code) if options and code else code


@dataclass(frozen=True)
class Shown:
    """A hearing in the timetable: when, who, by whom; of another record only that the place is taken."""

    rows: int
    when: str = ""
    names: str = ""
    by: str = ""
    url: str = ""


@dataclass(frozen=True)
class Day:
    """A day's timetable in words."""

    title: str
    places: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Shown]]]
    line: Sequence[tuple[str, str, str, str]]
    """The same in order: when, where, who, by whom."""


def days(hearings: Hearings) -> list[Day]:
    """The timetables from today on."""
    today = hearings.looking.now.replace(hour=0, minute=0)
    found = [each for each in taken(hearings) if each.start >= today]
    mine = {each.start.date() for each in found if each.record == hearings.looking.record.id}
    return [_day(hearings, each) for each in timetables(found) if each.day.date() in mine]


def _day(hearings: Hearings, found: Timetable) -> Day:
    lang = hearings.looking.lang
    shown = [
        (dates.clock(moment, lang), [_shown(hearings, cell.slot, cell.rows) for cell in cells])
        for moment, cells in found.rows
    ]
    slots = sorted(
        {cell.slot for _moment, cells in found.rows for cell in cells if cell.slot}, key=lambda one: one.start
    )
    line = [
        (each.when, place_name(hearings, slot.place), each.names, each.by)
        for slot in slots
        for each in [_shown(hearings, slot, 1)]
    ]
    return Day(
        dates.long_day(found.day.date(), lang), [place_name(hearings, each) for each in found.places], shown, line
    )


def _shown(hearings: Hearings, slot: Slot | None, rows: int) -> Shown:
    if slot is None:
        return Shown(rows)
    lang = hearings.looking.lang
    when = f"{dates.clock(slot.start, lang)}–{dates.clock(slot.end, lang)}"
    if slot.record != hearings.looking.record.id:
        return Shown(rows, when, _("Taken"))
    return Shown(rows, when, _names(hearings, slot.pupils), _names(hearings, slot.staff))


def _names(hearings: Hearings, ids: Iterable[str]) -> str:
    return hearings.looking.words.joined(sorted(hearings.name(each) for each in ids))
