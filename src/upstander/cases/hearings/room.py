"""What has been planned, said and confirmed in a record: its entries, read by person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from django.utils.translation import gettext as _

from upstander.access.decide import NotFound
from upstander.cases import parts
from upstander.cases.hearings import slots
from upstander.cases.looking import Looking
from upstander.policy.log import Event
from upstander.policy.model.rooms import HearingRoom
from upstander.records.timeline import ShownField, TimelineEntry
from upstander.ui.parts import Deed


@dataclass(frozen=True, slots=True)
class Heard:
    """Somebody who is named in the matter. ``role``: what they are named as; ``name`` with their class."""

    id: str
    name: str
    role: str
    title: str


@dataclass(frozen=True)
class Statement:
    """What somebody said in one hearing. ``again``: a second hearing; ``waits``: sealed from the viewer for now."""

    id: UUID
    person: str
    at: datetime
    again: bool
    waits: bool
    fields: Sequence[ShownField]
    by: str

    def said(self, row: str) -> str:
        """The answer in a row; empty where there is none, or it is sealed."""
        return next((each.value for each in self.fields if each.id == row), "")


class Hearings:
    """The hearings of one record, as the viewer may read them."""

    def __init__(self, looking: Looking, room: HearingRoom) -> None:
        self.looking, self.room = looking, room

    @cached_property
    def people(self) -> list[Heard]:
        """Everybody who is heard by the policy, each once, in the order of the roles that it names."""
        found: dict[str, Heard] = {}
        for role in self.room.pupils:
            for each in self.looking.people:
                if each.role == role:
                    name = parts.with_class(each.name, each.class_name)
                    found.setdefault(each.id, Heard(each.id, name, role, each.role_title))
        return list(found.values())

    def person(self, ident: str) -> Heard | None:
        """Somebody by their id; None for whoever is not heard here."""
        return next((each for each in self.people if each.id == ident), None)

    def name(self, ident: str) -> str:
        """The bare name of somebody in the record."""
        return self.looking.names.get(ident, _("Somebody"))

    def about(self, event: str) -> list[str]:
        """Which pupils an entry names, in the order of the policy's roles."""
        named = self.looking.events[event].about
        return list(dict.fromkeys(one for role in self.room.pupils for one in named.get(role, ())))

    def staff(self, event: str) -> list[str]:
        """The names of the staff whom an entry names."""
        return [self.name(each) for each in self.looking.events[event].about.get(self.room.staff, ())]

    def _entries(self, kind: str | None) -> list[TimelineEntry]:
        """The standing entries of a kind, by when they happened."""
        found = [each for each in parts.tale(self.looking) if kind and each.kind == kind and not each.voided]
        return sorted(found, key=lambda each: (each.at, each.recorded))

    def event(self, entry: TimelineEntry) -> Event:
        """The same entry with its plain fields, as the log has it."""
        return self.looking.events[str(entry.id)]

    # --- what was said --------------------------------------------------------------------------------------------

    @cached_property
    def statements(self) -> list[Statement]:
        """Every hearing that stands, by when it was; of each, whom it heard first."""
        found = []
        for each in self._entries(self.room.heard):
            again = self.room.round is not None and self.event(each).fields.get(self.room.round) == self.room.again
            for person in self.about(str(each.id))[:1]:
                by = self.looking.words.joined(self.staff(str(each.id)) or [each.by_name])
                found.append(Statement(each.id, person, each.at, again, each.waits, each.fields, by))
        return found

    def said_by(self, person: str) -> list[Statement]:
        """The hearings of one person."""
        return [each for each in self.statements if each.person == person]

    def confirmed(self, statement: Statement) -> bool:
        """Whether the pupil has confirmed it: at the hearing, or afterwards on a page of their own."""
        entry = self.looking.events[str(statement.id)]
        if self.room.read_back and entry.fields.get(self.room.read_back) == "yes":
            return True
        later = [each.at for each in self.said_by(statement.person) if each.at > statement.at]
        until = min(later, default=None)
        return any(
            statement.person in self.about(str(each.id))
            and each.at >= statement.at
            and (until is None or each.at < until)
            for each in self._entries(self.room.confirmed)
        )

    def excused(self, person: str) -> bool:
        """Whether it was decided that they are not heard."""
        return any(person in self.about(str(each.id)) for each in self._entries(self.room.excused))

    @cached_property
    def sealed(self) -> bool:
        """Whether statements stand here that the viewer may not read yet."""
        return any(each.waits for each in self.statements)

    # --- what is planned -------------------------------------------------------------------------------------------

    @cached_property
    def plans(self) -> dict[str, slots.Slot]:
        """{person: the latest hearing planned for them that has not been held}."""
        found: dict[str, slots.Slot] = {}
        for each in sorted(self._entries(self.room.planned), key=lambda one: (one.recorded, one.at)):
            slot = slots.of_event(self.room, self.looking.record.id, self.event(each))
            for person in self.about(str(each.id)):
                held = [one.at for one in self.said_by(person) if one.at >= each.at]
                if slot is not None and not held:
                    found[person] = slot
        return found

    # --- ways -------------------------------------------------------------------------------------------------------

    def hear(self, person: Heard, *, again: bool = False) -> Deed | None:
        """The page on which what somebody says is written down; None where it is not the viewer's to do."""
        if not self.looking.may(self.room.heard):
            return None
        asked = {f"about-{person.role}": person.id, **self._round(again)}
        return Deed(label=_("Hear them again") if again else _("Begin the hearing"), url=self._url("hear", asked))

    def plan(self, person: Heard, *, again: bool = False) -> Deed | None:
        """The page on which a hearing is planned."""
        if self.room.planned is None or not self.looking.may(self.room.planned):
            return None
        asked = {f"about-{person.role}": person.id, **self._round(again)}
        label = _("Plan it anew") if person.id in self.plans else _("Plan the hearing")
        return Deed(label=label, url=self._url("plan_hearing", asked))

    def _url(self, name: str, asked: dict[str, str]) -> str:
        return self.looking.url(name, **asked)

    def _round(self, again: bool) -> dict[str, str]:
        if self.room.round is None:
            return {}
        codes = list(self.looking.pack.options.get(self.round_list, {}))
        code = self.room.again if again else next((each for each in codes if each != self.room.again), "")
        return {self.room.round: code or ""}

    @property
    def round_list(self) -> str:
        """The coded list of the rounds."""
        return self.looking.pack.events[self.room.heard].fields[self.room.round].options if self.room.round else ""


def of(looking: Looking) -> Hearings | None:
    """The hearings of a record; None where its policy knows no such room."""
    room = looking.rooms.hearings
    if room is None:
        return None
    if "hearings" not in looking.memo:
        looking.memo["hearings"] = Hearings(looking, room)
    found: Hearings = looking.memo["hearings"]
    return found


def needed(looking: Looking) -> Hearings:
    """The same. Raises NotFound."""
    found = of(looking)
    if found is None:
        raise NotFound
    return found


def way(looking: Looking) -> Deed | None:
    """The way into this room from the record's page."""
    return Deed(label=_("Hearings and accounts"), url=looking.url("hearings"), icon="people") if of(looking) else None
