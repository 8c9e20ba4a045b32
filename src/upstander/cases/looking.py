"""One record as the viewer of a request sees it now: loaded once, asked by all parts of a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.utils.translation import gettext as _

from upstander.access import decide
from upstander.access.decide import Subject
from upstander.access.pages import SchoolRequest
from upstander.access.viewer import Viewer
from upstander.cases import addresses
from upstander.cases.ending import View, standing
from upstander.cases.words import Words
from upstander.people import queries as people
from upstander.people.models import School
from upstander.people.packs import series_of
from upstander.policy.calendar import Timetable
from upstander.policy.log import Event
from upstander.policy.model import Pack
from upstander.policy.model.rooms import Rooms
from upstander.policy.verdict import Key, Picture
from upstander.records import finding, queries, reading, subjects
from upstander.records.models import Record
from upstander.ui import languages
from upstander.ui.parts import Deed

CONCERN = "concern"


@dataclass
class Looking:
    """``now``: naive civil minute of the school; ``lang``: the reader's language."""

    school: School
    viewer: Viewer
    record: Record
    pack: Pack
    now: datetime
    lang: str
    memo: dict[str, Any] = field(default_factory=dict)

    # --- the record ----------------------------------------------------------------------------------------------

    @cached_property
    def words(self) -> Words:
        return Words(self.pack, self.lang, self.school.slug, found=self.found)

    @property
    def rooms(self) -> Rooms:
        """The rooms that the pack names for this kind of record; none where it knows no such kind."""
        kind = self.pack.records.get(self.record.kind)
        return kind.rooms if kind is not None else Rooms()

    @cached_property
    def found(self) -> bool:
        """Whether the school has found what its policy waits for before it calls anybody by more than what they are named as."""
        return finding.found(self.record, self.pack, self.now)

    @cached_property
    def log(self) -> list[Event]:
        return queries.log_of(self.record)

    @cached_property
    def standing(self) -> list[Event]:
        """The log without what was struck, in order of happening."""
        return standing(series_of(self.school), self.log, self.now)

    @cached_property
    def events(self) -> Mapping[str, Event]:
        return {event.id: event for event in self.log}

    @cached_property
    def picture(self) -> Picture:
        return queries.picture_of(self.record, self.now)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """{id: name} of everybody in the record, people from outside included."""
        return queries.names_in(self.record, self.lang)

    @cached_property
    def named(self) -> Mapping[str, tuple[str, ...]]:
        """{role: ids} of everybody named in the record."""
        return queries.named_ids(self.record)

    @cached_property
    def subject(self) -> Subject:
        return subjects.subject_of(self.record, self.pack, self.now)

    @cached_property
    def timetable(self) -> Timetable:
        return Timetable(people.calendar_of(self.school), self.pack.hints)

    @cached_property
    def view(self) -> View:
        return View(self.pack, self.standing, self.picture, self.timetable)

    @cached_property
    def versions(self) -> Mapping[str, Pack]:
        return {pack.version: pack for pack in series_of(self.school).versions}

    @property
    def is_concern(self) -> bool:
        return self.record.kind == CONCERN

    # --- addresses -----------------------------------------------------------------------------------------------

    def url(self, name: str, *more: object, **query: str) -> str:
        """One of the pages of this record; ``query`` without its empty values."""
        return addresses.of(self.school, self.record, name, *more, pack=self.pack, **query)

    @property
    def home(self) -> str:
        """The record's own page."""
        return addresses.home(self.school, self.record, self.pack)

    @property
    def back(self) -> Deed:
        """The way back from a page below the record's."""
        return Deed(label=self.title, url=self.home)

    def form_url(self, kind: str, key: Key = (), rule: str = "") -> str:
        """The form of a kind of event, the persons of a duty's key filled in."""
        if kind == "triaged":
            return self.url("triage")
        kind_of = self.pack.events[kind]
        about = {}
        for name, person in key:
            role = self._role_for(kind_of.about, name, person)
            if role:
                about[f"about-{role}"] = person
        asked = urlencode({name: value for name, value in {"duty": rule, **about}.items() if value})
        path = addresses.form(self.school, self.record, kind, pack=self.pack)
        return f"{path}?{asked}" if asked else path

    def _role_for(self, about: Sequence[str], name: str, person: str) -> str:
        """Under which name of a form a person of a key stands: the same, or the role that they have in the record."""
        if name in about:
            return name
        members = [role for role in about if role in self.pack.members(name)]
        held = (role for role in members if person in self.named.get(role, ()))
        group = (role for role in about if name in self.pack.members(role))
        return next(iter((*held, *members, *group)), "")

    def deed(self, kind: str, key: Key = (), rule: str = "") -> Deed | None:
        """The form as something to press; None where the viewer may not record this kind here."""
        if kind not in self.pack.events or not self.may(kind):
            return None
        return Deed(label=self.words.deed(kind), url=self.form_url(kind, key, rule))

    # --- what the viewer may --------------------------------------------------------------------------------------

    def may(self, kind: str) -> bool:
        """Whether the viewer may record this kind of event here."""
        return decide.may(self.viewer, f"record:{kind}", self.subject)

    def is_secret(self, kind: str, field: str) -> bool:
        """Whether a field is kept from the viewer by the pack."""
        event = self.pack.events[kind]
        return kind in reading.secret_kinds(self.viewer) or field in reading.secret_fields(self.viewer, event)

    # --- words for the head --------------------------------------------------------------------------------------

    @cached_property
    def people(self) -> list[Any]:
        return queries.people_in(self.viewer, self.record, self.lang)

    @cached_property
    def title(self) -> str:
        """Whom the record is about, else what it is and its number."""
        kind = self.pack.records[self.record.kind]
        main = kind.subjects[:1]
        found = [person for person in self.people if person.role in main] if not self.is_concern else []
        names = list(dict.fromkeys(person.name for person in found))
        if not names:
            return _("%(kind)s %(number)s") % {
                "kind": self.words.label(f"records.{self.record.kind}.label"),
                "number": self.record.number,
            }
        classes = list(dict.fromkeys(person.class_name for person in found if person.class_name))
        if len(names) == 1 and classes:
            return _("%(name)s, %(school_class)s") % {"name": names[0], "school_class": classes[0]}
        return self.words.joined(names)

    @cached_property
    def of_record(self) -> str:
        """The record in a line, for pages below it."""
        number = _("%(kind)s %(number)s") % {
            "kind": self.words.label(f"records.{self.record.kind}.label"),
            "number": self.record.number,
        }
        return number if number == self.title else _("%(title)s. %(number)s.") % {"title": self.title, "number": number}


def look(request: SchoolRequest, record_id: UUID, *kinds: str, log: bool = False) -> Looking:
    """The record for the viewer of this request; ``log``: this is a reading. Raises NotFound for anything not theirs."""
    record = queries.get(request.viewer, record_id, log=log)
    if kinds and record.kind not in kinds:
        raise decide.NotFound
    return Looking(request.school, request.viewer, record, request.pack, request.now, languages.current().tag)
