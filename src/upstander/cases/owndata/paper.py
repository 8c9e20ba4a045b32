"""Everything on record about one person, as data: each record, each entry, what is withheld and why; everybody else is covered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from upstander.access import officelog
from upstander.access.viewer import Viewer
from upstander.cases.owndata import gathering
from upstander.cases.owndata.covering import Cover, Other, Said, cover
from upstander.cases.owndata.gathering import Found
from upstander.cases.words import Words
from upstander.people import queries as people
from upstander.people import written
from upstander.people.models import Person, School
from upstander.records import queries, reading
from upstander.records.models import Event
from upstander.records.timeline import TimelineEntry

FORM = 1
OTHERS, POLICY, SEALED, FILES, CHOSEN = "others", "policy", "sealed", "files", "chosen"
"""Why something is withheld: it is about others alone; the policy keeps it from the person; it is sealed for a time; a file can
show others; whoever made this left the record out, for a reason that stands there."""


@dataclass
class OwnData:
    """``found``: what names the person; ``chosen``: ids of the records that go in; ``reason``: why the others do not.

    ``asked_by``: who asked for it, in words. ``now``: civil minute.
    """

    maker: Viewer
    school: School
    person: Person
    found: list[Found]
    chosen: set[UUID]
    now: datetime
    lang: str
    reason: str = ""
    asked_by: str = ""
    withheld: Counter[str] = field(default_factory=Counter)

    @cached_property
    def words(self) -> Words:
        return Words(self.maker.pack, self.lang, self.school.slug)

    @cached_property
    def subject(self) -> Viewer:
        return gathering.subject_viewer(self.person, self.school, self.maker)

    @cached_property
    def data(self) -> dict[str, Any]:
        """The data of the machine-readable file; the paper is made of the same."""
        raw = self._raw()
        covered: dict[str, Any] = self.cover_of(raw).data(raw)
        return covered

    def _raw(self) -> dict[str, Any]:
        records = [self._record(each) for each in self.found if each.record.id in self.chosen]
        left_out = [each for each in self.found if each.record.id not in self.chosen]
        self.withheld[CHOSEN] += len(left_out)
        return {
            "upstander own data": FORM,
            "made": self.now.isoformat(timespec="minutes"),
            "school": self.school.name,
            "asked by": Said(self.asked_by),
            "person": self._person(),
            "records": records,
            "records left out": {"number": len(left_out), "reason": Said(self.reason if left_out else "")},
            "withheld": {each: self.withheld[each] for each in (OTHERS, POLICY, SEALED, FILES) if self.withheld[each]},
        }

    # --- the person --------------------------------------------------------------------------------------------------

    def _person(self) -> dict[str, Any]:
        one = self.person
        posts = people.roles_of(one, self.now.date())
        memberships = one.memberships.select_related("school_class").order_by("since")
        return {
            "name": one.name,
            "reading": one.reading,
            "kind": one.kind,
            "email": one.email,
            "phone": one.phone,
            "language": one.language,
            "number": one.number,
            "left on": one.left_on.isoformat() if one.left_on else "",
            "signs in with": one.account.email if one.account else "",
            "classes": [
                {
                    "class": each.school_class.name,
                    "from": each.since.isoformat(),
                    "until": each.until.isoformat() if each.until else "",
                }
                for each in memberships
            ],
            "posts": [{"post": self.words.role(each.role), "from": each.since.isoformat()} for each in posts],
            "looks after": [Said(each.pupil.name) for each in one.guards.select_related("pupil")],
            "looked after by": [
                {"name": Said(each.guardian.name), "relation": each.relation}
                for each in one.guardians.select_related("guardian")
            ],
            "office log": [
                {"at": each.at.isoformat(timespec="minutes"), "deed": each.deed}
                for each in officelog.entries(self.school, person=one.id, most=1000)
            ],
        }

    # --- a record ----------------------------------------------------------------------------------------------------

    def _record(self, found: Found) -> dict[str, Any]:
        record = found.record
        events = {each.id: each for each in record.events.all()}
        entries = []
        for entry in queries.timeline(self.maker, record, self.lang):
            why = self._why_not(found, entry, events[entry.id])
            if why:
                self.withheld[why] += 1
                entries.append({"at": _minute(entry.at), "withheld": why})
            else:
                entries.append(self._entry(entry, events[entry.id], found))
        return {
            "number": record.number,
            "kind": self.words.label(f"records.{record.kind}.label"),
            "named as": [self.words.role(role) for role in found.roles],
            "opened": _minute(record.opened_at),
            "closed": record.closed,
            "entries": entries,
        }

    def _why_not(self, found: Found, entry: TimelineEntry, event: Event) -> str:
        """Why an entry is withheld; empty where it is shown."""
        if entry.hidden or entry.kind in reading.secret_kinds(self.subject):
            return POLICY
        me = str(self.person.id)
        about = {str(each) for ids in event.about.values() for each in ids}
        if me in about or entry.by_person == self.person.id:
            return ""
        staff = {str(each.id) for each in people.by_id(self.school, about).values() if each.kind == Person.Kind.STAFF}
        others_only = bool(about - staff)
        if others_only or entry.kind == gathering.wish_kind(self.maker.pack, found.record):
            return OTHERS
        if not found.roles and not self._mentions(entry):
            return OTHERS
        return ""

    def _mentions(self, entry: TimelineEntry) -> bool:
        pattern = written.pattern([self.person.name, *([self.person.reading] if self.person.reading else [])])
        return any(pattern.search(value) for each in entry.fields for value in each.values)

    def _entry(self, entry: TimelineEntry, event: Event, found: Found) -> dict[str, Any]:
        kept = reading.withheld(self.subject, found.record, event)
        fields: list[dict[str, Any]] = []
        for each in entry.fields:
            if each.id in kept:
                sealed = each.id not in reading.secret_fields(self.subject, self.maker.pack.events[entry.kind])
                self.withheld[SEALED if sealed else POLICY] += 1
                fields.append({"label": each.label, "withheld": SEALED if sealed else POLICY})
                continue
            if each.files:
                self.withheld[FILES] += len(each.files)
                fields.append({"label": each.label, "withheld": FILES, "number": len(each.files)})
            if each.values:
                fields.append({"label": each.label, "values": [Said(value) for value in each.values]})
        return {
            "at": _minute(entry.at),
            "recorded": _minute(entry.recorded),
            "what": entry.done,
            "by": self._you() if entry.by_person == self.person.id else entry.by_role_title,
            "about": [
                {"role": title or role, "who": [self._who(ident) for ident in event.about.get(role, ())]}
                for role, title, _names in entry.people
            ],
            "fields": fields,
            "struck": Said(entry.void_reason) if entry.voided else "",
            "recorded anyway": Said(entry.anyway),
        }

    def _who(self, ident: str) -> str:
        if ident == str(self.person.id):
            return self._you()
        return Said(self._names.get(ident, "") or _("somebody"))

    def _you(self) -> str:
        return Said(self.person.name)

    # --- everybody else ----------------------------------------------------------------------------------------------

    @cached_property
    def _names(self) -> Mapping[str, str]:
        """{id: name} of everybody named in the records that go in, people from outside too."""
        found: dict[str, str] = {}
        for each in self._chosen():
            found |= queries.names_in(each.record)
        return found

    def _chosen(self) -> Iterable[Found]:
        return (each for each in self.found if each.record.id in self.chosen)

    @cached_property
    def _outsiders(self) -> dict[str, Other]:
        found = {}
        for each in self._chosen():
            for ident, said in reading.open_all(each.record).outsiders.items():
                found[ident] = Other((str(said["words"]),))
        return found

    def cover_of(self, raw: dict[str, Any]) -> Cover:
        """What covers everybody but the person in this data."""
        me = str(self.person.id)
        everybody = {str(each.id): _other(each) for each in people.everybody(self.school).select_related("account")}
        mine = everybody.pop(me, _other(self.person))
        known = {**everybody, **self._outsiders}
        order = [ident for each in self._chosen() for ids in queries.named_ids(each.record).values() for ident in ids]
        named = {ident: known[ident] for ident in dict.fromkeys([*order, *self._outsiders]) if ident in known}
        call = _("person %(letter)s")
        return cover(raw, mine, named, everybody, call=call, contact=_("[how to reach somebody]"))


def _other(person: Person) -> Other:
    account = person.account.email if person.account else ""
    return Other((person.name, person.reading), (person.email, person.phone, account))


def _minute(value: datetime) -> str:
    return value.isoformat(timespec="minutes")
