"""The days a pupil was away, on a small calendar: what is on record, and what may be put there with a tick.

Each day is an event of the pack's own kind, at the beginning of that school day, so that the engine can count days in a row.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property

from django.db import transaction
from django.utils.translation import gettext as _

from upstander.access.decide import NotFound
from upstander.cases.looking import Looking
from upstander.cases.words import number
from upstander.policy.log import Event
from upstander.policy.model.rooms import AbsenceRoom
from upstander.records import actions
from upstander.ui import dates
from upstander.ui.parts import Deed

WHOLE, HALF = Decimal(1), Decimal("0.5")
WEEK = 7


def room_of(looking: Looking) -> AbsenceRoom | None:
    """What the pack says of this kind of record; None where it counts no absences."""
    return looking.rooms.absence


def way(looking: Looking) -> Deed | None:
    """The way to the calendar, for whoever may record such a day."""
    room = room_of(looking)
    if room is None or not looking.may(room.noted):
        return None
    return Deed(label=_("Days away"), url=looking.url("absence"), icon="calendar")


def enter(looking: Looking, pupil: str, month: str) -> Register:
    """The register of one pupil and month (``2026-05``). Raises NotFound where the pack counts no such days."""
    room = room_of(looking)
    if room is None:
        raise NotFound
    return Register(looking, room, pupil, month)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day of the calendar. ``days``: what is on record, in words; ``url``: its entry; ``open``: it may be ticked."""

    value: str
    number: int
    name: str
    days: str = ""
    url: str = ""
    school_day: bool = False
    open: bool = False
    away: bool = False
    other_month: bool = False
    today: bool = False


@dataclass
class Register:
    """The days of one pupil in one month. What the address says is taken as a wish: who or what is not there gives the first."""

    looking: Looking
    room: AbsenceRoom
    asked_pupil: str
    asked_month: str

    # --- whose, and when -------------------------------------------------------------------------------------------

    @cached_property
    def pupils(self) -> Mapping[str, str]:
        """{id: name} of those whose days are counted here."""
        looking, name = self.looking, self.room.pupil
        roles = (name, *looking.pack.members(name))
        ids = dict.fromkeys(each for role in roles for each in looking.named.get(role, ()))
        return {each: looking.names.get(each, "") for each in ids if not each.startswith("out-")}

    @cached_property
    def pupil(self) -> str:
        """Whose days are shown; empty where nobody is named yet."""
        return self.asked_pupil if self.asked_pupil in self.pupils else next(iter(self.pupils), "")

    @cached_property
    def first(self) -> date:
        """The first day of the month shown; never a month to come."""
        this = self.looking.now.date().replace(day=1)
        try:
            return min(date.fromisoformat(f"{self.asked_month}-01"), this)
        except ValueError:
            return this

    # --- what is on record -----------------------------------------------------------------------------------------

    @cached_property
    def noted(self) -> Mapping[date, list[Event]]:
        """{day: entries} of this pupil, what was struck left out."""
        found: dict[date, list[Event]] = {}
        for event in self.looking.standing:
            if event.kind == self.room.noted and self.pupil in self._named(event):
                found.setdefault(event.at.date(), []).append(event)
        return found

    def _named(self, event: Event) -> Iterable[str]:
        roles = (self.room.pupil, *self.looking.pack.members(self.room.pupil))
        return (each for role in roles for each in event.about.get(role, ()))

    def weeks(self) -> list[list[Day]]:
        """The month by weeks, Monday first."""
        month = calendar.Calendar().monthdatescalendar(self.first.year, self.first.month)
        return [[self._day(each) for each in week] for week in month]

    def _day(self, each: date) -> Day:
        looking = self.looking
        found = self.noted.get(each, [])
        amount = sum((_amount(event, self.room) for event in found), Decimal(0))
        today = looking.now.date()
        school_day = looking.timetable.is_school_day(each)
        return Day(
            value=each.isoformat(),
            number=each.day,
            name=dates.long_day(each, looking.lang),
            days=number(amount) if found and amount != WHOLE else "",
            url=looking.url("event", found[0].id) if found else "",
            school_day=school_day,
            open=school_day and not found and each <= today and each.month == self.first.month,
            away=bool(found),
            other_month=each.month != self.first.month,
            today=each == today,
        )

    def turns(self) -> tuple[Deed, Deed | None]:
        """The month before, and the one after unless it is still to come."""
        before = (self.first - timedelta(days=1)).replace(day=1)
        after = (self.first + timedelta(days=31)).replace(day=1)
        later = self._turn(after) if after <= self.looking.now.date() else None
        return self._turn(before), later

    def _turn(self, first: date) -> Deed:
        return Deed(label=self.month_name(first), url=self.url(first))

    def url(self, first: date | None = None) -> str:
        """The address of a month of this pupil."""
        month = (first or self.first).strftime("%Y-%m")
        return self.looking.url("absence", pupil=self.pupil, month=month)

    def month_name(self, first: date | None = None) -> str:
        """The month as people say it."""
        return dates.month(first or self.first, self.looking.lang)

    # --- putting days on record ------------------------------------------------------------------------------------

    def open_days(self) -> set[str]:
        """The days of this month that may be ticked."""
        return {day.value for week in self.weeks() for day in week if day.open}

    @transaction.atomic
    def note(self, days: Sequence[date], amount: Decimal, submit_key: str = "") -> int:
        """Record a day each, all or none. Returns how many. Raises FormProblems, Stopped, Denied."""
        for day in days:
            note_day(self.looking, self.room, self.pupil, day, amount, submit_key)
        return len(days)


def note_day(looking: Looking, room: AbsenceRoom, pupil: str, day: date, amount: Decimal, submit_key: str = "") -> None:
    """One day on record, at the beginning of school; sent twice it stands there once."""
    actions.record(
        looking.viewer,
        looking.record,
        room.noted,
        at=min(starts(looking, day), looking.now),
        about={room.pupil: [pupil]},
        fields={room.days: str(amount)},
        submit_key=f"{submit_key}-{day:%Y%m%d}" if submit_key else "",
    )


def starts(looking: Looking, day: date) -> datetime:
    """When school begins on a day, a civil minute."""
    minutes, _end = looking.timetable.hours(day)
    return datetime.combine(day, time(minutes // 60, minutes % 60))


def _amount(event: Event, room: AbsenceRoom) -> Decimal:
    value = event.fields.get(room.days)
    return Decimal(str(value)) if value not in (None, "") else WHOLE
