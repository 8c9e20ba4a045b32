"""A matter on paper: as its reader sees it, or for one family with everybody else's name covered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from upstander.access import decide
from upstander.access.viewer import Viewer
from upstander.cases import parts, steps, tale, veil
from upstander.cases.hearings import printed
from upstander.cases.looking import Looking
from upstander.cases.veil import Veil
from upstander.people import queries as people
from upstander.records import clock, reading
from upstander.records.models import Event
from upstander.records.timeline import ShownField, TimelineEntry
from upstander.ui import dates, pdf
from upstander.ui.parts import Step

SHEET = "cases/reports/case.typ"


@dataclass
class Paper:
    """``child``: the id of the one for whose family it is made; empty: for the reader's own eyes and their committee."""

    looking: Looking
    child: str = ""

    def pdf(self) -> bytes:
        """The PDF, in the reader's language."""
        school = self.looking.school
        return pdf.make(SHEET, self.data(), lang=self.looking.lang, now=clock.aware(school, self.looking.now))

    def data(self) -> dict[str, object]:
        """What the sheet sets."""
        looking = self.looking
        going, done = steps.going(looking), steps.done(looking)["done_steps"]
        entries = [self._entry(each) for each in self._entries()]
        return {
            "title": looking.of_record if not self.child else self._number(),
            "school": looking.school.name,
            "own": looking.pack.language,
            "made": _("made on %(day)s") % {"day": dates.long_day(looking.now.date(), looking.lang)},
            "head": [self._for_whom(), _("The policy in force: %(title)s") % {"title": looking.pack.title}],
            "warning": self._warning(),
            "words": _words(),
            "people": self._people(),
            "wish": [] if self.child else self._wish(),
            "known": self._known(),
            "open": [] if self.child else [self._step(each) for each in going],
            "done": [] if self.child else [self._step(each) for each in done],
            "accounts": {} if self.child else printed.for_paper(looking),
            "withheld": self._withheld(),
            "tale": entries,
        }

    # --- for whom ------------------------------------------------------------------------------------------------

    @cached_property
    def _reader(self) -> Viewer:
        """Whose eyes decide what the pack keeps secret: the maker's own, or a guardian's who holds no post."""
        viewer = self.looking.viewer
        return replace(viewer, kind="guardian", roles=(), memo={}) if self.child else viewer

    @cached_property
    def veil(self) -> Veil:
        """Over everybody but the child of the family and the staff."""
        if not self.child:
            return Veil()
        written = people.pupils_written(self.looking.school, self.looking.names)
        outside = {each: (name,) for each, name in self.looking.names.items() if each.startswith("out-")}
        hidden = {**written, **outside}
        order = [each for each in self._in_order() if each in hidden and each != self.child]
        return veil.over({each: hidden[each] for each in order}, _("person %(letter)s"))

    def _in_order(self) -> list[str]:
        named = [each for ids in self.looking.named.values() for each in ids]
        return list(dict.fromkeys([*named, *self.looking.names]))

    def _number(self) -> str:
        kind = self.looking.words.label(f"records.{self.looking.record.kind}.label")
        return _("%(kind)s %(number)s") % {"kind": kind, "number": self.looking.record.number}

    def _for_whom(self) -> str:
        if self.child:
            return _("For %(name)s and their family. Everybody else stands here under a letter.") % {
                "name": self.looking.names.get(self.child, "")
            }
        return _("For those who work on this matter, as the person who made this paper may read it.")

    def _warning(self) -> str:
        if self.child:
            return ""
        return _("Confidential. Names of children stand in it. Whoever has this paper keeps it locked away.")

    def _withheld(self) -> str:
        hidden = sum(self._hides(each) for each in self._tale)
        if not hidden:
            return ""
        return ngettext(
            "%(n)d entry is not for this reader and is left out.",
            "%(n)d entries are not for this reader and are left out.",
            hidden,
        ) % {"n": hidden}

    # --- parts ---------------------------------------------------------------------------------------------------

    @cached_property
    def _tale(self) -> list[TimelineEntry]:
        return parts.tale(self.looking)

    @cached_property
    def _secret(self) -> frozenset[str]:
        return reading.secret_kinds(self._reader)

    def _hides(self, entry: TimelineEntry) -> bool:
        """Kept from the reader altogether; for a family also the wish, and what was done with other children only."""
        if entry.kind in self._secret:
            return True
        if not self.child:
            return False
        about = self._about(entry)
        others_only = self.child not in about and not self.veil.covered.keys().isdisjoint(about)
        return entry.kind in self._wish_kinds or others_only

    def _about(self, entry: TimelineEntry) -> list[str]:
        about = self.looking.events[str(entry.id)].about
        return list(dict.fromkeys(ident for ids in about.values() for ident in ids))

    @cached_property
    def _wish_kinds(self) -> frozenset[str]:
        # What a child wishes, and who shall not be told, is theirs; at home it is told by people and not by a printer.
        kind = self.looking.pack.records.get(self.looking.record.kind)
        return frozenset({kind.wish[0]} if kind is not None and kind.wish is not None else set())

    def _entries(self) -> list[TimelineEntry]:
        return [each for each in self._tale if not self._hides(each)]

    def _people(self) -> list[dict[str, str]]:
        found: dict[str, list[str]] = {}
        for each in parts.persons_of(self.looking):
            name = self.veil.name(each.id, each.name)
            if self._shows_class(each):
                name = _("%(name)s (%(role)s)") % {"name": name, "role": each.class_name}
            found.setdefault(each.role, []).append(name)
        return [
            self._line(
                self.looking.words.role(role), self.looking.words.joined(names), self.looking.words.role_path(role)
            )
            for role, names in found.items()
        ]

    def _shows_class(self, each: Any) -> bool:
        return bool(each.class_name) and each.id not in self.veil.covered

    def _wish(self) -> list[dict[str, str]]:
        found = parts.wish(self.looking)
        if found is None or not (found.text or found.codes):
            return []
        said = "\n".join(filter(None, [found.text, self.looking.words.joined(list(found.codes))]))
        not_told = self.looking.words.joined(list(found.not_told))
        lines = [self._line(found.title, said)]
        return [*lines, self._line(_("Must not be told"), not_told)] if not_told else lines

    def _known(self) -> list[dict[str, str]]:
        if self.child:
            return []
        return [self._line(each.label, each.value or _("not known yet")) for each in parts.known(self.looking)]

    def _step(self, each: Step) -> dict[str, object]:
        clause = each.clauses[0].at if each.clauses else ""
        margin = " ".join(each.margin)
        notes = [note for note in each.notes if note not in each.margin]
        return {
            "label": each.label,
            "lang": each.lang or self.looking.lang,
            "word": f"{each.word} {margin}".strip(),
            "notes": notes,
            "clause": clause,
        }

    def _entry(self, entry: TimelineEntry) -> dict[str, object]:
        return {
            "title": self._title(entry),
            "when": self._when(entry),
            "struck": entry.voided,
            "lines": [self._field(entry, each) for each in self._fields(entry)],
            "notes": [self.veil.text(each) for each in self._notes(entry)],
        }

    def _title(self, entry: TimelineEntry) -> str:
        names = [self.veil.name(each, self.looking.names.get(each, each)) for each in self._about(entry)]
        who = self.looking.words.joined(names)
        return _("%(done)s: %(names)s") % {"done": entry.done, "names": who} if who else entry.done

    def _when(self, entry: TimelineEntry) -> str:
        lang = self.looking.lang
        at = f"{dates.long_day(entry.at.date(), lang)} {dates.clock(entry.at, lang)}"
        covered = self.veil.covered.get(str(entry.by_person))
        by = [covered] if covered else tale.by_line(self.looking, entry)
        return self.looking.words.spaced([at, *by, dates.written_later(entry.at, entry.recorded, lang)])

    def _fields(self, entry: TimelineEntry) -> Iterable[ShownField]:
        secret = reading.withheld(self._reader, self.looking.record, self._event(entry))
        return [each for each in entry.fields if each.values and each.id not in secret]

    def _field(self, entry: TimelineEntry, each: ShownField) -> dict[str, str]:
        path = f"events.{entry.kind}.fields.{each.id}.label"
        return self._line(each.label, self.looking.words.joined(each.values), path)

    def _event(self, entry: TimelineEntry) -> Event:
        return self._rows[entry.id]

    @cached_property
    def _rows(self) -> Mapping[UUID, Event]:
        return {each.id: each for each in self.looking.record.events.all()}

    def _notes(self, entry: TimelineEntry) -> list[str]:
        notes = [] if self.child else tale.breaches(self.looking, str(entry.id))
        if not self.child:
            notes += [_("Sealed for now. Those who were there may read it.")] if entry.waits else []
            notes += [_("File: %(name)s") % {"name": file.name} for each in entry.fields for file in each.files]
        if entry.anyway:
            notes.append(_("Recorded as having happened: %(reason)s") % {"reason": entry.anyway})
        if entry.voided:
            notes.append(_("Struck: %(reason)s") % {"reason": entry.void_reason})
        return notes

    def _line(self, label: str, value: str, path: str = "") -> dict[str, str]:
        lang = self.looking.words.lang_of(path) if path else ""
        return {"label": label, "value": self.veil.text(value), "lang": lang or self.looking.lang}


def families(looking: Looking) -> Mapping[str, str]:
    """{id: name} of the pupils of the school in the matter, for whose family a paper can be made."""
    pupils = people.pupils_written(looking.school, looking.names)
    kind = looking.pack.records.get(looking.record.kind)
    parties = decide.party_roles(looking.pack, kind) if kind else decide.PARTIES
    ids = [each for role, named in looking.named.items() if role in parties for each in named]
    return {each: looking.names[each] for each in dict.fromkeys(ids) if each in pupils}


def _words() -> dict[str, object]:
    return {
        "people": _("People in this matter"),
        "wish": pgettext("heading", "The wish"),
        "known": _("What we know"),
        "open": _("Next steps"),
        "done": _("Done"),
        "tale": _("What has happened so far"),
        "step-columns": [pgettext("column", "Step"), pgettext("column", "State"), pgettext("column", "Clause")],
    }
