"""The reports of a serious incident to the authority, made from the record: the same content as data and as paper.

``docs/serious-report.md`` describes the data. The source of what was told never stands in a case's log, so it cannot stand here;
what the maker may not read is left out and counted.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from upstander.cases import parts, tale, veil
from upstander.cases.hearings import accounts
from upstander.cases.looking import Looking
from upstander.cases.serious.room import Incident
from upstander.cases.shapes import Criterion
from upstander.cases.steps import bearer
from upstander.cases.veil import Veil
from upstander.people import queries as people
from upstander.records import clock, reading
from upstander.records.timeline import TimelineEntry
from upstander.ui import dates, pdf, words

FORMAT: Final = "upstander-serious-report"
VERSION: Final = 1
SHEET = "cases/reports/serious.typ"
FIRST, FINAL = "first", "final"


def kinds(incident: Incident) -> list[str]:
    """The reports that this policy knows, in their order."""
    return [name for name in (FIRST, FINAL) if kind_of(incident, name)]


def kind_of(incident: Incident, name: str) -> str | None:
    """The kind of event that records that a report was made."""
    return incident.room.first_report if name == FIRST else incident.room.final_report


@dataclass
class Report:
    """``name``: first or final. ``covered``: pupils stand under letters."""

    incident: Incident
    name: str
    covered: bool = True

    @property
    def looking(self) -> Looking:
        return self.incident.looking

    # --- what comes out --------------------------------------------------------------------------------------------

    def json(self) -> bytes:
        """The report as structured data, UTF-8."""
        return json.dumps(self.data(), ensure_ascii=False, indent=2).encode()

    def pdf(self) -> bytes:
        """The report as a tagged PDF in the maker's language."""
        looking = self.looking
        data = {**self.data(), "words": _words(), "own": looking.pack.language, "head": self._head()}
        return pdf.make(SHEET, data, lang=looking.lang, now=clock.aware(looking.school, looking.now))

    def data(self) -> dict[str, Any]:
        """Everything in the report. Times: ISO 8601 with the school's offset; ``when`` and labels: in the maker's language."""
        looking, incident = self.looking, self.incident
        final = self.name == FINAL
        kinds = incident.room.inquiry if final else incident.room.begun_with
        authority = incident.authority()
        return {
            "format": FORMAT,
            "version": VERSION,
            "report": self.name,
            "title": looking.words.done(kind_of(incident, self.name) or ""),
            "language": looking.lang,
            "school": looking.school.name,
            "record": looking.record.number,
            "made": self._iso(looking.now),
            "policy": {"id": looking.pack.id, "title": looking.pack.title, "version": looking.pack.version},
            "authority": {"title": authority.title, "number": authority.number} if authority else None,
            "begun": [self._criterion(each) for each in incident.rests_on()],
            "days": [self._criterion(each) for each in incident.watched()],
            "people": self._people(),
            "known": [
                {"label": each.label, "value": self.veil.text(each.value)}
                for each in parts.known(looking)
                if each.value
            ],
            "steps": [self._step(each) for each in incident.duties],
            "family": [self._entry(each) for each in self._of(incident.room.told_family)],
            "entries": [self._entry(each) for each in self._of(kinds)],
            "contradictions": [self._contradiction(each) for each in accounts.differences(looking)] if final else [],
            "withheld": self._withheld(),
            "log": {"entries": looking.record.length, "head": looking.record.head},
        }

    def _head(self) -> list[str]:
        looking, authority = self.looking, self.incident.authority()
        kind = looking.words.label(f"records.{looking.record.kind}.label")
        number = _("%(kind)s %(number)s") % {"kind": kind, "number": looking.record.number}
        day = dates.long_day(looking.now.date(), looking.lang)
        lines = [looking.words.spaced([number, _("made on %(day)s") % {"day": day}])]
        if authority is not None:
            lines.insert(0, _("To: %(authority)s") % {"authority": authority.title})
        lines.append(_("The policy in force: %(title)s") % {"title": looking.pack.title})
        return lines

    # --- names -----------------------------------------------------------------------------------------------------

    @cached_property
    def veil(self) -> Veil:
        """Over every pupil and everybody from outside, where names are covered."""
        if not self.covered:
            return Veil()
        looking = self.looking
        outside = {each: (name,) for each, name in looking.names.items() if each.startswith("out-")}
        hidden = {**people.pupils_written(looking.school, looking.names), **outside}
        named = [each for ids in looking.named.values() for each in ids]
        order = [each for each in dict.fromkeys([*named, *hidden]) if each in hidden]
        return veil.over({each: hidden[each] for each in order}, _("person %(letter)s"))

    def _people(self) -> list[dict[str, Any]]:
        found: dict[str, list[str]] = {}
        for each in self.looking.people:
            name = self.veil.name(each.id, each.name)
            known = name if each.id in self.veil.covered else parts.with_class(name, each.class_name)
            found.setdefault(each.role, []).append(known)
        return [{"role": role, "title": self.looking.words.role(role), "names": names} for role, names in found.items()]

    # --- what stands in it -----------------------------------------------------------------------------------------

    def _criterion(self, line: Criterion) -> dict[str, Any]:
        return {
            "label": line.label,
            "holds": line.holds,
            "note": line.note,
            "who": self.veil.text(line.who),
            "evidence": [self.veil.text(each) for each in line.evidence],
            "parts": [self._criterion(each) for each in line.parts],
        }

    def _step(self, each: Any) -> dict[str, Any]:
        w, now = self.looking.words, self.looking.now
        late = each.settled_at - each.due if each.settled_at and each.due and each.settled_at > each.due else None
        return {
            "rule": each.rule,
            "label": each.label,
            "clause": w.joined([clause.number for clause in w.clauses([one.id for one in each.clauses[:1]])]),
            "state": each.state,
            "word": words.state_word(each.state, due=each.due, now=now, late=late),
            "who": w.joined([self.veil.text(bearer(w, one)) for one in each.bearers]) if each.open else "",
            "asked": self._iso(each.arose),
            "due": self._iso(each.due),
            "done": self._iso(each.settled_at),
            "when": self._days(each),
        }

    def _days(self, each: Any) -> str:
        moments = [
            (_("asked for %(when)s"), each.arose),
            (_("due %(when)s"), each.due),
            (_("done %(when)s"), each.settled_at),
        ]
        words = [text % {"when": self._when(moment)} for text, moment in moments if moment is not None]
        return self.looking.words.spaced(words)

    @cached_property
    def _tale(self) -> list[TimelineEntry]:
        return sorted(parts.tale(self.looking), key=lambda each: (each.at, each.recorded))

    @cached_property
    def _secret(self) -> frozenset[str]:
        return reading.secret_kinds(self.looking.viewer)

    def _of(self, kinds: Iterable[str]) -> list[TimelineEntry]:
        wanted = frozenset(kinds) - self._secret
        return [each for each in self._tale if each.kind in wanted and not each.voided and not each.hidden]

    def _entry(self, each: TimelineEntry) -> dict[str, Any]:
        by = self.veil.covered.get(str(each.by_person))
        return {
            "kind": each.kind,
            "title": self.veil.text(tale.title(self.looking, each)),
            "at": self._iso(each.at),
            "recorded": self._iso(each.recorded),
            "when": self._when(each.at),
            "by": [by] if by else tale.by_line(self.looking, each),
            "lines": [
                {"label": field.label, "value": self.veil.text(self.looking.words.joined(field.values))}
                for field in each.fields
                if field.values
            ],
            "files": [file.name for field in each.fields for file in field.files],
        }

    def _contradiction(self, each: accounts.Difference) -> dict[str, Any]:
        return {
            "label": self.veil.text(each.label),
            "state": self.veil.text(self.looking.words.spaced([each.state, each.note, each.end_note])),
            "stands": each.stands,
            "sides": [
                {"who": self.veil.name(ident, name), "said": self.veil.text(said)} for ident, name, said in each.sides
            ],
        }

    def _withheld(self) -> dict[str, Any]:
        """How much of the record stands not in this paper because of who made it, and how many names are covered."""
        entries = sum(each.hidden or each.kind in self._secret for each in self._tale)
        parts = sum(self._parts_kept(each) for each in self._tale)
        names = len(self.veil.covered)
        said = []
        if entries + parts:
            said.append(
                ngettext(
                    "%(n)d entry or part of one is not for whoever made this report and is left out.",
                    "%(n)d entries or parts of them are not for whoever made this report and are left out.",
                    entries + parts,
                )
                % {"n": entries + parts}
            )
        if names:
            said.append(
                ngettext("%(n)d name is covered by a letter.", "%(n)d names are covered by letters.", names)
                % {"n": names}
            )
        return {"entries": entries, "parts": parts, "names": names, "words": said}

    def _parts_kept(self, each: TimelineEntry) -> int:
        kind = self.looking.pack.events.get(each.kind)
        if kind is None or each.hidden or each.kind in self._secret:
            return 0
        return len(reading.secret_fields(self.looking.viewer, kind)) + int(each.waits)

    # --- moments ---------------------------------------------------------------------------------------------------

    def _iso(self, moment: datetime | None) -> str | None:
        if moment is None:
            return None
        school = self.looking.school
        return clock.aware(school, moment).astimezone(ZoneInfo(school.timezone)).isoformat()

    def _when(self, moment: datetime) -> str:
        return f"{dates.long_day(moment.date(), self.looking.lang)} {dates.clock(moment, self.looking.lang)}"


def _words() -> Mapping[str, object]:
    return {
        "warning": _("Confidential. It concerns children. Whoever has this paper keeps it locked away."),
        "begun": _("What it rests on"),
        "holds": _("So"),
        "open": _("Not so, or not yet"),
        "days": _("What the register of days says"),
        "people": _("People in this matter"),
        "known": _("What we know"),
        "nothing": _("Nothing is on record yet."),
        "steps": _("What is due, and by when"),
        "family": _("What the family was told, and when"),
        "first": _("What was judged or claimed"),
        "final": _("The inquiry"),
        "contradictions": _("Where accounts contradict each other"),
        "withheld": _("What is left out"),
        "log": _("To compare with the sealed bundle: %(n)s entries, head of the chain") % {"n": "{n}"},
        "files": _("Files:"),
    }
