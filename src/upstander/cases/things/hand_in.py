"""The list of what a class hands in: what the school has today, what went back, what is still here. One record a class and day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from upstander.access import decide
from upstander.access.decide import NotFound, Subject
from upstander.access.pages import SchoolRequest
from upstander.access.viewer import Viewer
from upstander.cases.looking import Looking
from upstander.cases.words import Words
from upstander.people import queries as people
from upstander.people.directory import Unit
from upstander.people.models import School, SchoolClass
from upstander.policy.model import Pack
from upstander.policy.model.things import HandInRoom
from upstander.records import actions, queries, submits
from upstander.records.models import Event, Record
from upstander.records.steps import Step
from upstander.ui import languages
from upstander.ui.parts import Deed

IN, BACK = "in", "back"
LISTS_BEFORE = 5
"""So many lists of the days before say who usually hands something in."""


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that a pupil handed in today. ``here``: the school has it; ``at``: since when, or when it went back."""

    code: str
    label: str
    here: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Row:
    """A pupil of the class."""

    id: str
    name: str
    things: Sequence[Thing] = ()
    usual: bool = False

    @property
    def missing(self) -> bool:
        """Whether they usually hand something in, and not today."""
        return self.usual and not self.things


@dataclass
class HandIn:
    """One class's list of one day. ``now``: civil minute; the day is its day."""

    school: School
    viewer: Viewer
    pack: Pack
    now: datetime
    lang: str
    kind: str
    room: HandInRoom
    unit: SchoolClass

    @cached_property
    def words(self) -> Words:
        return Words(self.pack, self.lang, self.school.slug)

    @cached_property
    def record(self) -> Record | None:
        """The list of the day, once something was handed in."""
        return _list_of(self, self.now.date())

    @cached_property
    def events(self) -> list[Event]:
        return queries.standing_log(self.record) if self.record else []

    # --- reading -----------------------------------------------------------------------------------------------------

    @cached_property
    def codes(self) -> list[tuple[str, str]]:
        """(code, words) of what may be handed in, the usual thing first; one without a code where the policy does not say."""
        kind = self.pack.events[self.room.taken]
        spec = kind.fields.get(self.room.what or "")
        if spec is None or not spec.options:
            return [("", "")]
        return [(code, label) for code, label, _help in self.words.options(spec.options)]

    @cached_property
    def rows(self) -> list[Row]:
        """The class, by name."""
        usual = self._usual()
        things = self._things()
        names = self._pupils()
        return [Row(each, name, things.get(each, ()), each in usual) for each, name in names.items()]

    def _pupils(self) -> dict[str, str]:
        """{id: name} of the class today, and of whoever is on the list though they are in it no more."""
        unit = Unit(self.unit.id, self.unit.grade)
        here = people.pupils_in(self.school, [unit], self.now.date())
        rows = people.pupils(self.school, school_class=self.unit, on=self.now.date())
        found = {str(each.id): each.name for each in rows if str(each.id) in here}
        return {**found, **people.names(self.school, set(self._things()) - found.keys())}

    def _things(self) -> dict[str, list[Thing]]:
        """{pupil: what they handed in today}."""
        words = dict(self.codes)
        found: dict[str, dict[str, Thing]] = {}
        for event in self.events:
            if event.kind not in (self.room.taken, self.room.back):
                continue
            code = str(event.fields.get(self.room.what or "", ""))
            for pupil in event.about.get(self.room.owner, ()):
                thing = Thing(code, words.get(code, code), event.kind == self.room.taken, event.at)
                found.setdefault(pupil, {})[code] = thing
        return {pupil: list(things.values()) for pupil, things in found.items()}

    def _usual(self) -> set[str]:
        """Who was on more than half of the last lists of this class."""
        start = datetime.combine(self.now.date(), time())
        before = _lists(self).filter(opened_at__lt=start).order_by("-opened_at")[:LISTS_BEFORE]
        lists = [queries.named_ids(each).get(self.room.owner, ()) for each in before]
        number = Counter(pupil for each in lists for pupil in each)
        return {pupil for pupil, n in number.items() if len(lists) > 1 and n * 2 > len(lists)}

    def duties(self) -> list[Step]:
        """What the policy asks for on this list and is open."""
        return queries.next_steps(self.viewer, self.record, self.now, self.lang) if self.record else []

    # --- tapping -----------------------------------------------------------------------------------------------------

    def tap(self, deed: str, pupil: str, code: str, *, at: datetime, key: str) -> Event | None:
        """Take one thing in or give it back, once for each key. None where it is so already.

        ``at``: civil minute of the tap, of this day. Raises NotFound, Denied, FormProblems or Stopped.
        """
        if deed not in (IN, BACK) or code not in dict(self.codes) or pupil not in self._pupils():
            raise NotFound
        return submits.once(lambda: self._tapped(deed, pupil, code, at, key))

    @transaction.atomic
    def _tapped(self, deed: str, pupil: str, code: str, at: datetime, key: str) -> Event | None:
        record = self._locked(at.date(), make=deed == IN)
        if record is None:
            return None
        if ((pupil, code) in self._here(record)) == (deed == IN):
            return None
        kind = self.room.taken if deed == IN else self.room.back
        about = {self.room.unit: [str(self.unit.id)], self.room.owner: [pupil]}
        asked = self.pack.events[kind].fields
        what = self.room.what or ""
        fields = {what: code} if what in asked and code else {}
        event = actions.record(self.viewer, record, kind, at=at, about=about, fields=fields, submit_key=key)
        if deed == BACK and self.room.cleared and not self._here(record):
            unit = {self.room.unit: [str(self.unit.id)]}
            actions.record(self.viewer, record, self.room.cleared, at=at, about=unit, submit_key=f"{key}/cleared")
        return event

    def _locked(self, day: date, *, make: bool) -> Record | None:
        """The list of a day under a lock, so that two telephones do not write the same thing; a new one where there is none."""
        found = _list_of(self, day)
        if found is None:
            if not make:
                return None
            # One list a class and day, whoever begins it: the key is the class's own.
            key = submits.own_key(None, None, f"{self.kind}/{self.unit.id}/{day}")
            made = submits.record_of(self.school, key)
            if made is not None:
                return made
            found = actions.open_record(self.viewer, self.school, self.kind, at=datetime.combine(day, self.now.time()))
            submits.remember(self.school, key, found)
            return found
        return queries.locked(found)

    def _here(self, record: Record) -> set[tuple[str, str]]:
        """(pupil, code) of what the school has of this list."""
        here: set[tuple[str, str]] = set()
        for event in queries.standing_log(record) if record.length else ():
            code = str(event.fields.get(self.room.what or "", ""))
            pairs = {(pupil, code) for pupil in event.about.get(self.room.owner, ())}
            if event.kind == self.room.taken:
                here |= pairs
            elif event.kind == self.room.back:
                here -= pairs
        return here


def _lists(hand_in: HandIn) -> QuerySet[Record]:
    """The lists of this class that the viewer sees."""
    unit = {"named__role": hand_in.room.unit, "named__person": str(hand_in.unit.id)}
    return queries.visible(hand_in.viewer, hand_in.kind).filter(**unit)


def _list_of(hand_in: HandIn, day: date) -> Record | None:
    start = datetime.combine(day, time())
    day_of = _lists(hand_in).filter(opened_at__gte=start, opened_at__lt=start + timedelta(days=1))
    return day_of.order_by("opened_at").first()


# --- which classes -----------------------------------------------------------------------------------------------------


def room_of(pack: Pack) -> tuple[str, HandInRoom] | None:
    """(kind of record, its room); None where classes hand nothing in."""
    return next(((kind.id, kind.rooms.hand_in) for kind in pack.records.values() if kind.rooms.hand_in), None)


def classes(school: School, viewer: Viewer, pack: Pack) -> list[SchoolClass]:
    """The classes of this year whose list the viewer may keep, their own first."""
    found = room_of(pack)
    if found is None or viewer.kind != "staff":
        return []
    year = max((each.year for each in people.classes(school)), default=None)
    own = {held.unit.class_id for held in viewer.roles if held.unit.class_id}
    mine = [each for each in people.classes(school, year) if _may(viewer, school, pack, *found, each)] if year else []
    return sorted(mine, key=lambda each: (each.id not in own, each.grade.zfill(3), each.name))


def own_class(viewer: Viewer, found: Sequence[SchoolClass]) -> SchoolClass | None:
    """The one class of the viewer; None where they have none or several."""
    own = {held.unit.class_id for held in viewer.roles if held.unit.class_id}
    mine = [each for each in found if each.id in own]
    return mine[0] if len(mine) == 1 else None


def _may(viewer: Viewer, school: School, pack: Pack, kind: str, room: HandInRoom, unit: SchoolClass) -> bool:
    named = {room.unit: frozenset({str(unit.id)})}
    subject = Subject(school.id, kind, pack, named=named)
    return all(decide.may(viewer, f"record:{each}", subject) for each in (room.taken, room.back))


def enter(request: SchoolRequest, class_id: object) -> HandIn:
    """The list of a class today. Raises NotFound where the pack has none, or the class is not the viewer's."""
    found = room_of(request.pack)
    units = {each.id: each for each in classes(request.school, request.viewer, request.pack)}
    unit = units.get(class_id)  # type: ignore[call-overload]
    if found is None or unit is None:
        raise NotFound
    lang = languages.current().tag
    return HandIn(request.school, request.viewer, request.pack, request.now, lang, *found, unit)


def looking_at(hand_in: HandIn) -> Looking | None:
    """The list as a record, for its own page and its closing."""
    if hand_in.record is None:
        return None
    return Looking(hand_in.school, hand_in.viewer, hand_in.record, hand_in.pack, hand_in.now, hand_in.lang)


def way(looking: Looking) -> Deed | None:
    """From the record of a list to the page on which it is kept, on its own day."""
    room = looking.rooms.hand_in
    if room is None or looking.record.opened_at.date() != looking.now.date():
        return None
    units = {str(each.id): each for each in classes(looking.school, looking.viewer, looking.pack)}
    unit = next((units[each] for each in looking.named.get(room.unit, ()) if each in units), None)
    if unit is None:
        return None
    return Deed(
        label=_("Keep the list"), url=reverse("cases:hand_in", args=[looking.school.slug, unit.id]), icon="list"
    )
