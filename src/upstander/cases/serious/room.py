"""The room of a serious incident as its pack names it: what it rests on, what is due, what was told, who is at hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from upstander.access.decide import NotFound
from upstander.cases import parts, steps, tale
from upstander.cases.criteria import Teller
from upstander.cases.ending import Outlook
from upstander.cases.looking import Looking
from upstander.cases.shapes import Criterion
from upstander.policy.model.rooms import SeriousRoom
from upstander.policy.verdict import Key
from upstander.records import queries
from upstander.records import steps as duties
from upstander.ui import dates
from upstander.ui.parts import Deed, Entry, Helpline


def room_of(looking: Looking) -> SeriousRoom | None:
    """What the pack says of this kind of record; None where it knows no such thing."""
    return looking.rooms.serious


def enter(looking: Looking) -> Incident:
    """The room. Raises NotFound where the pack has none."""
    room = room_of(looking)
    if room is None:
        raise NotFound
    return Incident(looking, room)


@dataclass
class Incident:
    """One record in the light of its serious incident, whether it has begun or not."""

    looking: Looking
    room: SeriousRoom
    on_paper: bool = False

    # --- has it begun, and why -------------------------------------------------------------------------------------

    @cached_property
    def keys(self) -> list[Key]:
        """Everybody for whom the fact can hold; one empty key where it concerns nobody by name."""
        return self._keys(self.room.begins)

    def _keys(self, fact: str) -> list[Key]:
        names = [each.name for each in self.looking.pack.facts[fact].for_each]
        if not names:
            return [()]
        roles = (names[0], *self.looking.pack.members(names[0]))
        ids = dict.fromkeys(each for role in roles for each in self.looking.named.get(role, ()))
        return [((names[0], each),) for each in ids]

    @cached_property
    def begun(self) -> list[Key]:
        """For whom it has begun."""
        return [key for key in self.keys if self.looking.picture.holds(self.room.begins, key)]

    @cached_property
    def teller(self) -> Teller:
        looking = self.looking
        several = len(self.keys) > 1
        return Teller(
            words=looking.words,
            now=looking.now,
            names=looking.names,
            events={each: event for each, event in looking.events.items() if each in tale.tale_ids(looking)},
            deed=looking.deed,
            name_keys=several,
            on_paper=self.on_paper,
        )

    def rests_on(self) -> list[Criterion]:
        """The fact by which it begins, with its parts and what they rest on."""
        return [self.teller.criterion(self.looking.view.outlook(self.room.begins, key)) for key in self.keys]

    def watched(self, only: str = "") -> list[Criterion]:
        """What the register says: facts that a count of days turns; ``only``: of this person."""
        return [
            self.teller.criterion(self.looking.view.outlook(fact, key))
            for fact in self.room.watches
            for key in self._keys(fact)
            if not only or only in (person for _name, person in key)
        ]

    def lede(self) -> tuple[str, str]:
        """Whether it has begun: a strong word, and what follows from it."""
        fact = self.looking.words.fact(self.room.begins)
        if not self.begun:
            return _("Not begun."), _(
                "A suspicion is enough, and a claim of the family counts whatever the school thinks."
            )
        starts = [moment for key in self.begun for moment in _starts(self.looking.view.outlook(self.room.begins, key))]
        rest = ""
        if starts:
            rest = _("Since %(when)s.") % {"when": dates.moment(min(starts), self.looking.lang, self.looking.now)}
        return f"{fact}{'。' if self.looking.lang in ('ja', 'zh-Hans') else '.'}", rest

    def begin_deeds(self) -> list[Deed]:
        """The forms by which somebody says that it has begun, or that it has not."""
        return _deeds(self.looking, self.room.begun_with)

    # --- what is due -----------------------------------------------------------------------------------------------

    @cached_property
    def duties(self) -> list[duties.Step]:
        """Every instance of the steps, in the order of the pack, then as they arose."""
        looking = self.looking
        found = [
            *steps.open_duties(looking),
            *queries.done_steps(looking.viewer, looking.record, looking.now, looking.lang),
        ]
        order = {rule: number for number, rule in enumerate(self.room.steps)}
        return sorted((each for each in found if each.rule in order), key=lambda each: (order[each.rule], each.arose))

    def not_asked_yet(self) -> list[tuple[str, str]]:
        """(label, language) of the steps that have not arisen."""
        arisen = {each.rule for each in self.duties}
        words = self.looking.words
        return [
            (words.duty(rule), words.lang_of(f"duties.{rule}.label")) for rule in self.room.steps if rule not in arisen
        ]

    # --- what was told and found -----------------------------------------------------------------------------------

    def entries(self, kinds: Iterable[str]) -> list[Entry]:
        """The entries of some kinds, newest first, each with all its answers."""
        wanted = frozenset(kinds)
        found, _total = tale.entries(self.looking)
        ids = {f"e-{each.id}" for each in parts.tale(self.looking) if each.kind in wanted}
        return [each for each in found if each.id in ids]

    def told_family(self) -> list[Entry]:
        """What the family was told since it began, and when; before that, all that they were told."""
        return self.entries(self.room.told_family)

    def deeds(self, *kinds: str | None) -> list[Deed]:
        """The forms of some kinds that the viewer may fill in here."""
        return _deeds(self.looking, [kind for kind in kinds if kind is not None])

    def reported(self, kind: str | None) -> Any:
        """The latest standing entry of a report to the authority; None where there is none."""
        found = [each for each in parts.tale(self.looking) if each.kind == kind and not each.voided]
        return max(found, key=lambda each: (each.at, each.recorded), default=None)

    # --- who is at hand --------------------------------------------------------------------------------------------

    def contacts(self) -> list[Helpline]:
        """Whom to call: the pack's contacts for staff, the authority first."""
        looking = self.looking
        found = [each for each in looking.pack.contacts.values() if "staff" in each.for_]
        found.sort(key=lambda each: (not each.urgent, each.id != self.room.authority))
        return [helpline(looking, each) for each in found]

    def authority(self) -> Helpline | None:
        """To whom it is reported."""
        found = self.looking.pack.contacts.get(self.room.authority or "")
        return helpline(self.looking, found) if found is not None else None


def helpline(looking: Looking, contact: Any) -> Helpline:
    """One entry of the directory in the reader's words."""
    path = f"contacts.{contact.id}"
    words = looking.words
    return Helpline(
        title=words.label(f"{path}.title"),
        number=contact.number,
        hours=words.label(f"{path}.hours") if contact.hours else "",
        note=words.label(f"{path}.note") if contact.note else "",
        lang=words.lang_of(f"{path}.title"),
    )


def _deeds(looking: Looking, kinds: Sequence[str]) -> list[Deed]:
    found = [looking.deed(kind) for kind in kinds]
    return [each for each in found if each is not None]


def _starts(outlook: Outlook) -> list[datetime]:
    """Since when a fact that holds does so: its own moment, else those of the parts that hold."""
    if outlook.since is not None:
        return [outlook.since]
    return [moment for part in outlook.parts if part.holds for moment in _starts(part)]


def way(looking: Looking) -> Deed | None:
    """The way into this room from the record's page."""
    return Deed(label=_("Serious incident"), url=looking.url("serious"), icon="warn") if room_of(looking) else None
