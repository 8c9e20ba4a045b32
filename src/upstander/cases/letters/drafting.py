"""A letter for one family: its blanks filled from the record, what is left out and why, and what stops it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from upstander.access import decide
from upstander.cases import parts
from upstander.cases.letters import guarding, offering
from upstander.cases.looking import Looking
from upstander.cases.shapes import Line
from upstander.people import queries as people
from upstander.people.models import Person
from upstander.policy import writing
from upstander.policy.model import SEALED_TYPES, Blank, Letter
from upstander.policy.verdict import Breach
from upstander.records import asking, queries
from upstander.ui import dates


@dataclass
class Draft:
    """``child``: to whose family it goes; ``lang``: of the letter; ``asked``: {blank: what the writer filled in}."""

    looking: Looking
    letter: Letter
    child: str
    role: str
    lang: str
    asked: Mapping[str, object]

    # --- filling ---------------------------------------------------------------------------------------------------

    @cached_property
    def guardians(self) -> list[Person]:
        """To whom it goes."""
        return people.guardians_of(self.looking.school, [self.child]).get(self.child, [])

    def text(self, lang: str = "") -> str:
        """The letter with its blanks filled; ``lang``: in another language than its own, for the writer to read."""
        words = offering.words_in(self.looking, lang or self.lang)
        body = words.label(f"letters.{self.letter.id}.body")
        blanks = {blank.written: blank for blank in writing.blanks(body)}
        with override(words.lang):
            return writing.fill(body, {written: self._value(blank, words) for written, blank in blanks.items()})

    def lacks(self) -> list[str]:
        """The blanks for which the record has nothing yet, or nothing that the viewer may read, in words."""
        words = self.looking.words
        return [
            words.field(blank.name, blank.field)
            for blank in self.letter.blanks
            if blank.sort == "field" and not self._value(blank, words)
        ]

    def _value(self, blank: Blank, words: Any) -> str:
        looking = self.looking
        match blank.sort:
            case "built-in":
                return self._built_in(blank.name, words)
            case "name":
                ids = looking.named.get(blank.name, ())
                ids = (self.child,) if self.child in ids else ids
                return str(words.joined([looking.names.get(each, "") for each in ids]))
            case "param":
                return self._param(blank.name)
            case "field":
                return self._field(blank, words)
        spec = self.letter.asks[blank.name]
        return str(words.value(spec, self.asked.get(blank.name), looking.names))

    def _built_in(self, name: str, words: Any) -> str:
        looking = self.looking
        if name == "reader":
            return str(words.joined([each.name for each in self.guardians])) or _("parents of %(name)s") % {
                "name": looking.names.get(self.child, "")
            }
        if name == "sender":
            person = people.person(looking.school, looking.viewer.person_id) if looking.viewer.person_id else None
            roles = [words.role(held.role) for held in looking.viewer.roles][:1]
            return str(words.spaced([person.name if person else "", *roles]))
        found = {
            "school": looking.school.name,
            "today": dates.long_day(looking.now.date(), words.lang),
            "reference": looking.record.number,
        }
        return found[name]

    def _param(self, name: str) -> str:
        param = self.looking.pack.params.get(name)
        return str(param.value) if param is not None else ""

    def _field(self, blank: Blank, words: Any) -> str:
        looking = self.looking
        spec = looking.pack.events[blank.name].fields[blank.field]
        entry = parts.latest(looking, blank.name, blank.field)
        if entry is None or looking.is_secret(blank.name, blank.field):
            return ""
        row = looking.record.events.get(id=entry.id)
        sealed = spec.type in SEALED_TYPES
        value = queries.opened(looking.record, row, blank.field) if sealed else row.fields.get(blank.field)
        return str(words.value(spec, value, looking.names))

    # --- what stays out --------------------------------------------------------------------------------------------

    def left_out(self) -> list[Line]:
        """What a family does not learn from this letter, and why: said to the writer before anything is sent."""
        looking = self.looking
        lines = []
        others = [each for each in self._others if each in people.pupils_written(looking.school, self._others)]
        if others:
            label = ngettext("%(n)d other pupil in this matter", "%(n)d other pupils in this matter", len(others))
            lines.append(Line(label=label % {"n": len(others)}, value=_("Each family hears of its own child only.")))
        lines.append(Line(label=_("Who told the school"), value=_("Whoever tells must be able to rely on that.")))
        wish = parts.wish(looking)
        if wish is not None and wish.not_told:
            asked = looking.words.joined(list(wish.not_told))
            lines.append(Line(label=_("What the child asked not to be told to"), value=asked))
        if self.letter.never_say:
            said = looking.words.joined([_("“%(words)s”") % {"words": each} for each in self.letter.never_say])
            lines.append(Line(label=_("Words that the policy never uses"), value=said))
        return lines

    # --- what stops it ---------------------------------------------------------------------------------------------

    @cached_property
    def _others(self) -> dict[str, str]:
        """{id: name} of everybody else in the matter but the staff who work on it and those to whom the letter goes."""
        looking = self.looking
        mine = {self.child, *(str(each.id) for each in self.guardians)}
        found = people.by_id(looking.school, looking.names)
        working = {ident for ident, row in found.items() if row.kind == Person.Kind.STAFF}
        barred = {ident for role in self.letter.never_name for ident in looking.named.get(role, ())}
        return {each: name for each, name in looking.names.items() if each not in mine and each not in working - barred}

    def stops(self, text: str) -> list[guarding.Stop]:
        """What a text must not hold."""
        looking = self.looking
        written = people.pupils_written(looking.school, self._others)
        others = {each: written.get(each, (name,)) for each, name in self._others.items()}
        rows = people.everybody(looking.school).filter(kind=Person.Kind.PUPIL).exclude(id=self.child)
        own = people.pupils_written(looking.school, [self.child]).get(self.child, ())
        readers = [name for each in self.guardians for name in (each.name, each.reading)]
        return guarding.stops(self.letter, text, others, [row.name for row in rows], [*own, *readers])

    def breaches(self) -> list[Breach]:
        """The limits that sending it now would break."""
        if self.letter.sent_with is None:
            return []
        kind = self.letter.sent_with.alternatives[0].kind
        return asking.in_the_way(self.looking.viewer, self.looking.record, kind, self.about(kind))

    def about(self, kind: str) -> dict[str, list[str]]:
        """Whom the event of sending names: the child, and whoever sends it where the form asks for the staff."""
        looking = self.looking
        found: dict[str, list[str]] = {}
        for role in looking.pack.events[kind].about:
            if role == self.role or self.role in looking.pack.members(role):
                found[role] = [self.child]
            elif role not in looking.pack.records[looking.record.kind].subjects and self._is_staff(role):
                found[role] = [str(looking.viewer.person_id)]
        return found

    def _is_staff(self, role: str) -> bool:
        pack = self.looking.pack
        return role not in decide.party_roles(pack, pack.records[self.looking.record.kind])
