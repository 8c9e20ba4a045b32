"""The plans of a record as its pack names them: for each person what is planned, until when, and whether it was looked back on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from upstander.access import decide
from upstander.access.decide import NotFound
from upstander.cases import parts, steps, tale
from upstander.cases.looking import Looking
from upstander.cases.shapes import Line
from upstander.policy.model import EventKind, FieldType
from upstander.policy.model.rooms import PlansRoom
from upstander.records import steps as duties
from upstander.records.timeline import TimelineEntry
from upstander.ui import dates
from upstander.ui.parts import Deed, Step


def room_of(looking: Looking) -> PlansRoom | None:
    """What the pack says of this kind of record; None where it knows no plans."""
    return looking.rooms.plans


def way(looking: Looking) -> Deed | None:
    """The way into this room from the record's page."""
    return Deed(label=_("Plans and agreements"), url=looking.url("plans"), icon="list") if room_of(looking) else None


def enter(looking: Looking) -> Plans:
    """The room. Raises NotFound where the pack has none."""
    room = room_of(looking)
    if room is None:
        raise NotFound
    return Plans(looking, room)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One thing that is planned or agreed. ``until``: the days it names; ``looked``: what was found when somebody looked."""

    title: str
    url: str
    when: str
    by: Sequence[str]
    lines: Sequence[Line]
    until: Sequence[Line]
    looked: Sequence[Line]
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One person in one role, or the group. ``due``: the looks and plans that the policy asks for now."""

    id: str
    name: str
    role: str
    lang: str
    shape: str
    plans: Sequence[Plan]
    agreements: Sequence[Plan]
    due: Sequence[Step]
    deeds: Sequence[Deed]

    @property
    def empty(self) -> bool:
        """Whether nothing is planned, agreed or asked for."""
        return not (self.plans or self.agreements or self.due)


@dataclass
class Plans:
    """One record in the light of its plans."""

    looking: Looking
    room: PlansRoom

    # --- for whom --------------------------------------------------------------------------------------------------

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """Every kind of event of this room that plans, agrees or decides something."""
        room = self.room
        return tuple(kind for kind in (*room.planned, room.agreed, room.measure) if kind is not None)

    @cached_property
    def roles(self) -> list[str]:
        """The roles for which something can be planned, in the order in which the pack names them."""
        pack = self.looking.pack
        parties = decide.party_roles(pack, pack.records[self.looking.record.kind])
        named = dict.fromkeys(role for kind in self.kinds for role in pack.events[kind].about)
        found = dict.fromkeys(each for role in named for each in (pack.members(role) or (role,)) if each in parties)
        return [role for role in pack.roles if role in found]

    def cards(self) -> list[Card]:
        """A card for everybody named in such a role, then one for what concerns nobody by name."""
        looking = self.looking
        found = [
            self._card(person.id, person.name, person.role)
            for role in self.roles
            for person in looking.people
            if person.role == role
        ]
        everybody = self._card("", _("The group and the adults"), "")
        return [*found, *([] if everybody.empty and not everybody.deeds else [everybody])]

    def _card(self, ident: str, name: str, role: str) -> Card:
        looking = self.looking
        return Card(
            id=ident,
            name=name,
            role=looking.words.role(role) if role else "",
            lang=looking.words.lang_of(f"roles.{role}.title") if role else "",
            shape=parts.shape(looking, role) if role else "staff",
            plans=[self._plan(each, self.room.looked_back) for each in self._entries(self.room.planned, ident)],
            agreements=[
                self._plan(each, (self.room.checked,) if self.room.checked else ())
                for each in self._entries((self.room.agreed,), ident)
            ],
            due=self._due(ident),
            deeds=self._deeds(ident, role),
        )

    # --- what is planned -------------------------------------------------------------------------------------------

    @cached_property
    def _tale(self) -> list[TimelineEntry]:
        return [each for each in parts.tale(self.looking) if not each.voided]

    def _entries(self, kinds: Sequence[str | None], ident: str) -> list[TimelineEntry]:
        """The entries of some kinds about one person, or about nobody, the newest first."""
        found = [each for each in self._tale if each.kind in kinds and self._is_about(each, ident)]
        return sorted(found, key=lambda each: (each.at, each.recorded), reverse=True)

    def _is_about(self, each: TimelineEntry, ident: str) -> bool:
        about = self.looking.events[str(each.id)].about
        pack = self.looking.pack
        parties = {member for role in self.roles for member in (role, *pack.groups_of(role))}
        ids = {one for role, named in about.items() if role in parties for one in named}
        return ident in ids if ident else not ids

    def _plan(self, each: TimelineEntry, looks: Sequence[str]) -> Plan:
        looking, words = self.looking, self.looking.words
        kind = looking.pack.events[each.kind]
        dated = _dated(kind)
        until = [
            Line(label=field.label, value=words.joined(field.values)) for field in each.fields if field.id in dated
        ]
        looked = self._looked(each, looks)
        return Plan(
            title=each.done,
            url=looking.url("event", each.id),
            when=dates.moment(each.at, looking.lang, looking.now),
            by=tale.by_line(looking, each),
            lines=[
                Line(label=field.label, value=words.joined(field.values), lang="")
                for field in each.fields
                if field.values and field.id not in dated
            ],
            until=until,
            looked=looked,
            late=not looked and any(day < looking.now.date() for day in self._days(each, dated)),
        )

    def _days(self, each: TimelineEntry, dated: frozenset[str]) -> list[date]:
        fields = self.looking.events[str(each.id)].fields
        found = []
        for name in dated:
            try:
                found.append(date.fromisoformat(str(fields.get(name, ""))))
            except ValueError:
                continue
        return found

    def _looked(self, each: TimelineEntry, looks: Sequence[str]) -> list[Line]:
        """What was found by whoever looked back on it: the latest look since then that shares a person with it.

        Of an agreement every look, oldest first: each side is asked.
        """
        mine = self._about(each)
        later = [
            look
            for look in self._tale
            if look.kind in looks and look.at >= each.at and (mine & self._about(look) or mine == self._about(look))
        ]
        later.sort(key=lambda look: (look.at, look.recorded))
        kept = later if each.kind == self.room.agreed else later[-1:]
        return [self._look(look) for look in kept]

    def _look(self, look: TimelineEntry) -> Line:
        """What one look found: the answers that were chosen, each with its question."""
        looking = self.looking
        chosen = (FieldType.ONE_OF.value, FieldType.YES_NO.value)
        answers = [
            f"{field.label}{_after(field.label, looking.lang)}{looking.words.joined(field.values)}"
            for field in look.fields
            if field.type in chosen and field.values
        ]
        return Line(
            label=f"{dates.moment(look.at, looking.lang, looking.now)} {look.done}",
            value=looking.words.spaced(answers),
            url=looking.url("event", look.id),
            note=looking.words.joined(tale.by_line(looking, look)),
        )

    def _about(self, each: TimelineEntry) -> frozenset[str]:
        about = self.looking.events[str(each.id)].about
        parties = {member for role in self.roles for member in (role, *self.looking.pack.groups_of(role))}
        return frozenset(one for role, named in about.items() if role in parties for one in named)

    # --- what is asked for -----------------------------------------------------------------------------------------

    def _due(self, ident: str) -> list[Step]:
        """The open duties of one person that this room answers: to plan, to look back, to check whether it is kept."""
        looking = self.looking
        ours = {*self.kinds, *self.room.looked_back, self.room.checked}
        found = [
            each
            for each in steps.open_duties(looking)
            if ours & {deed.kind for deed in each.deeds} and self._concerns(each, ident)
        ]
        return [steps.step(looking.words, looking.school, each, looking.now) for each in found]

    @staticmethod
    def _concerns(each: duties.Step, ident: str) -> bool:
        ids = {one for _role, _title, one, _name in each.key}
        return ident in ids if ident else not ids

    def _deeds(self, ident: str, role: str) -> list[Deed]:
        """The forms that plan, agree or decide something for one person, or for nobody by name."""
        looking, pack = self.looking, self.looking.pack
        found = []
        for kind in self.kinds:
            about = {member for name in pack.events[kind].about for member in (name, *pack.members(name))}
            fits = role in about if role else about.isdisjoint(self.roles)
            deed = looking.deed(kind, ((role, ident),) if ident else ()) if fits else None
            if deed is not None:
                found.append(deed)
        return found


def _after(label: str, lang: str) -> str:
    """What stands between a question and its answer."""
    wide = lang in ("ja", "zh-Hans")
    if label.endswith(("?", "？")):
        return "" if wide else " "
    return "：" if wide else ": "


def _dated(kind: EventKind) -> frozenset[str]:
    return frozenset(name for name, spec in kind.fields.items() if spec.type is FieldType.DATE)


def heading() -> str:
    """What the page is called."""
    return pgettext("heading", "Plans and agreements")
