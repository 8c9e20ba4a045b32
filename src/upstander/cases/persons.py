"""Choosing the persons an event is about: who is in the matter already, who is found by name or class, who is from outside.

Everything works without a script: *Find* sends the form back with the persons it found as further boxes to tick.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from upstander.cases.words import Words
from upstander.people import queries as people
from upstander.people import units
from upstander.people.models import Person, School
from upstander.policy.model import EventKind, RecordKind
from upstander.records import kinds
from upstander.records.naming import Outside

MOST_FOUND = 30


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    note: str = ""
    checked: bool = False


@dataclass(slots=True)
class Names:
    """The persons in one role: a set of boxes."""

    id: str
    field: str
    title: str
    lang: str
    choices: list[Choice]
    hint: str = ""
    error: str = ""
    thing: bool = False
    typed: str = ""
    """No person: a device, a room, told apart by a mark that is written down."""


@dataclass(slots=True)
class Finder:
    """The search under the boxes."""

    q: str = ""
    chosen_class: str = ""
    classes: Sequence[tuple[str, str]] = ()
    said: str = ""
    open: bool = False
    outside: Sequence[tuple[str, str]] = ()
    outside_name: str = ""
    outside_relation: str = ""
    outside_role: str = ""
    outside_error: str = ""


@dataclass
class Picker:
    """The persons of one form. ``named``: {role: ids} of the record; ``preset``: those whom a duty or a link names."""

    school: School
    words: Words
    kind: EventKind
    record_kind: RecordKind | None
    named: Mapping[str, Sequence[str]]
    on: date
    data: QueryDict | None = None
    preset: Mapping[str, Sequence[str]] = field(default_factory=dict)
    me: str = ""
    found: list[str] = field(default_factory=list)
    outsiders: Mapping[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.finder = self._find()
        self._known = self._people()
        self._units = self._of_the_year()

    # --- what the page shows -------------------------------------------------------------------------------------

    def names(self) -> list[Names]:
        """The boxes, a role each, in the order of the kind; roles in which nobody is appear once somebody is looked for."""
        boxes = [self._names(role) for role in self.kind.about]
        filled = [box for box in boxes if box.choices or box.error or box.thing]
        if boxes and not filled:
            self.finder.open = True  # nobody can be ticked before somebody was found
        return filled if filled and not self.looking else boxes

    def _names(self, role: str) -> Names:
        path = self.words.role_path(role)
        chosen = self.chosen(role)
        return Names(
            id=f"about_{role}",
            field=f"about-{role}",
            title=self._title(role),
            lang=self.words.lang_of(path),
            choices=[self._choice(each, each in chosen) for each in self._candidates(role, chosen)],
            error=self.errors.get(f"about:{role}", ""),
            thing=self.of_things(role),
            typed=next((each for each in chosen if not is_thing(each)), "") if self.of_things(role) else "",
        )

    def _title(self, role: str) -> str:
        title = self.words.role(role)
        return title[:1].upper() + title[1:]

    def _choice(self, person_id: str, checked: bool) -> Choice:
        if person_id in self._units:
            return Choice(person_id, self._units[person_id], "", checked)
        if person_id not in self._known and person_id not in self.outsiders:
            return Choice(person_id, person_id, "", checked)
        name, note = self._known.get(person_id, (self.outsiders.get(person_id, _("Somebody")), _("From outside")))
        return Choice(person_id, name, note, checked)

    def _candidates(self, role: str, chosen: Sequence[str]) -> list[str]:
        """Who is offered under a role: whoever has it, whoever was chosen or found, then the others of the same sort."""
        if self.of_things(role):
            return list(dict.fromkeys([*self.named.get(role, ()), *(each for each in chosen if is_thing(each))]))
        if role in units.ROLES:
            of_role = [
                each for each in self._units if role == "unit" or each.startswith(units.GRADE) is (role == "grade")
            ]
            return [each for each in dict.fromkeys([*self.named.get(role, ()), *of_role]) if each in self._units]
        pupils = self.of_pupils(role)
        found = [each for each in self.found if self.of_anybody(role) or self._sort(each) is pupils]
        offered = [*self.named.get(role, ()), *chosen, *found]
        if not pupils or not (offered or self._placed):
            # Nobody is in any of these roles yet: whoever is in the matter may be. Staff act in any of their roles.
            same = [
                each
                for other, ids in self.named.items()
                if self.of_pupils(other) is pupils and other not in units.ROLES and not self.of_things(other)
                for each in ids
            ]
            offered += [
                *([self.me] if self.me and not (pupils or self.of_anybody(role)) else []),
                *same,
                *self._holders(role),
            ]
        return [each for each in dict.fromkeys(offered) if each in self._known or each in self.outsiders]

    @property
    def _placed(self) -> bool:
        """Whether somebody in the record is in one of this kind's roles for pupils."""
        return any(self.named.get(role) for role in self.kind.about if self.of_pupils(role))

    def _sort(self, person_id: str) -> bool:
        return self._kinds.get(person_id) == Person.Kind.PUPIL

    def of_pupils(self, role: str) -> bool:
        """Whether a role is one of pupils."""
        return role in kinds.pupil_roles(self.words.pack)

    def of_things(self, role: str) -> bool:
        """Whether it is no role of people at all: a device, a room."""
        return role not in self.words.pack.roles and not self.of_pupils(role)

    def of_anybody(self, role: str) -> bool:
        """Whether pupils, staff and families may all be meant: whom a record without a class of its own is about, outsiders."""
        info = self.words.pack.roles.get(role)
        subjects = self.record_kind.subjects if self.record_kind else ()
        about = {member for name in subjects for member in (name, *self.words.pack.members(name))}
        return not self.of_pupils(role) and (role in about or (info is not None and info.outside))

    def _holders(self, role: str) -> list[str]:
        """Who holds the post that the role is; nobody for a role that only the matter gives."""
        info = self.words.pack.roles.get(role)
        if info is None or info.of_the_matter or info.any_of:
            return []
        return [each for each in self._post.get(role, ()) if each in self._known]

    # --- what was chosen -----------------------------------------------------------------------------------------

    def chosen(self, role: str) -> list[str]:
        """Who is ticked under a role: as sent, else as the link says, else whoever is the only one in it."""
        if self.data is not None:
            sent = dict.fromkeys(each.strip() for each in self.data.getlist(f"about-{role}") if each.strip())
            return ["-".join(each.split()) for each in sent] if self.of_things(role) else list(sent)
        if role in self.preset:
            return list(self.preset[role])
        if self.of_things(role) or self.of_anybody(role) or role in units.ROLES:
            return []
        # Ticked unasked only where nobody else can be meant: of two homes, one is told; a witness is not always the writer.
        pupils = self.of_pupils(role)
        others = [each for each in self.kind.about if each != role and self.of_pupils(each) is pupils]
        if not pupils:
            return [self.me] if self.me and not others and not self._raises_a_duty(role) else []
        alone = list(self.named.get(role, ()))
        meant = len(alone) == 1 and not self.preset and not any(self.named.get(each) for each in others)
        return alone if meant else []

    def _raises_a_duty(self, role: str) -> bool:
        """Whether the policy asks something of everybody named so: then nobody is named without having been asked."""
        return any(key.name == role for duty in self.words.pack.duties.values() for key in duty.for_each)

    def about(self) -> dict[str, list[str]]:
        """{role: ids} as chosen, without what is nobody of this school and nobody of this record."""
        allowed = {*self._known, *self.outsiders, *self._units}
        return {
            role: found
            for role in self.kind.about
            if (
                found := [
                    each for each in self.chosen(role) if (is_thing(each) if self.of_things(role) else each in allowed)
                ]
            )
        }

    def outside(self) -> dict[str, list[Outside]]:
        """{role: somebody from outside as written down}; empty where nobody was. Says at the field what is missing."""
        words, role = self.finder.outside_name.strip(), self.finder.outside_role
        if not words:
            return {}
        if role not in self.kind.about:
            self.finder.outside_error = _("Say what part they have in it.")
            self.finder.open = True
            return {}
        return {role: [Outside(words, self.finder.outside_relation.strip())]}

    @property
    def looking(self) -> bool:
        """Whether *Find* was pressed: nothing is recorded then."""
        return self.data is not None and bool(self.data.get("look"))

    # --- reading the register ------------------------------------------------------------------------------------

    def _find(self) -> Finder:
        data = self.data or QueryDict()
        year = max((row.year for row in people.classes(self.school)), default=None)
        classes = [(str(row.id), row.name) for row in people.classes(self.school, year)] if year else []
        roles = [
            (role, self.words.role(role)) for role in self.kind.about if self.of_pupils(role) or self.of_anybody(role)
        ]
        finder = Finder(
            q=data.get("find", "").strip()[:80],
            chosen_class=data.get("find_class", ""),
            classes=classes,
            outside=roles,
            outside_name=data.get("outside_name", "")[:300],
            outside_relation=data.get("outside_relation", "")[:300],
            outside_role=data.get("outside_role", ""),
        )
        if self.data is not None and self.data.get("look"):
            finder.open = True
            self._look(finder)
        return finder

    def _look(self, finder: Finder) -> None:
        chosen = next((row for row in people.classes(self.school) if str(row.id) == finder.chosen_class), None)
        if not finder.q and chosen is None:
            finder.said = _("Write a part of the name, or choose a class.")
            return
        found = people.pupils(self.school, finder.q, chosen, on=self.on)
        if finder.q and any(not self.of_pupils(role) for role in self.kind.about):
            wanted = finder.q.casefold()
            found += [each for each in people.staff(self.school, self.on) if wanted in each.name.casefold()]
        if finder.q and any(self.of_anybody(role) for role in self.kind.about):
            found += people.guardians_named(self.school, finder.q, self.on)
        self.found = [str(person.id) for person in found[:MOST_FOUND]]
        number = len(found)
        if not number:
            finder.said = _("Nobody of this name was found.")
        elif number > MOST_FOUND:
            finder.said = _(
                "%(number)d people were found; the first %(shown)d are shown above. Write more of the name."
            ) % {
                "number": number,
                "shown": MOST_FOUND,
            }
        else:
            finder.said = ngettext(
                "%(number)d person was found and stands above, to be ticked.",
                "%(number)d people were found and stand above, to be ticked.",
                number,
            ) % {"number": number}

    def _people(self) -> dict[str, tuple[str, str]]:
        """{id: (name, class or post)} of everybody who can be offered here; only people of this school."""
        ids = {each for found in self.named.values() for each in found} | set(self.found)
        ids |= {each for found in self.preset.values() for each in found}
        if self.me:
            ids.add(self.me)
        self._post = {role: self._post_of(role) for role in self.kind.about}
        ids |= {each for found in self._post.values() for each in found}
        if self.data is not None:
            ids |= {each for role in self.kind.about for each in self.data.getlist(f"about-{role}") if _is_id(each)}
        rows = people.everybody(self.school).filter(id__in=[each for each in ids if _is_id(each)])
        self._kinds = {str(row.id): row.kind for row in rows}
        classes = people.classes_of(self.school, self._kinds, self.on)
        return {str(row.id): (row.name, self._note(row, classes)) for row in rows}

    def _of_the_year(self) -> dict[str, str]:
        """{class or grade as a log names it: its name}: those of the newest year, and those that the record names."""
        if not units.ROLES.intersection(self.kind.about):
            return {}
        rows = people.classes(self.school)
        newest = max((row.year for row in rows), default=None)
        ids = [str(row.id) for row in rows if row.year == newest]
        ids += dict.fromkeys(units.name_of_grade(row.grade) for row in rows if row.year == newest and row.grade)
        ids += [each for role in units.ROLES for each in self.named.get(role, ())]
        return {each: name for each, name in people.names(self.school, ids).items() if each not in self._known}

    def _post_of(self, role: str) -> list[str]:
        info = self.words.pack.roles.get(role)
        if info is None or info.of_the_matter or info.any_of or self.of_pupils(role):
            return []
        directory = people.directory(self.school, self.on, self.words.pack)
        return [str(each) for each in directory.everyone(role)][:MOST_FOUND]

    def _note(self, person: Person, classes: Mapping[str, object]) -> str:
        found = classes.get(str(person.id))
        if found is not None:
            return str(found)
        if person.kind == Person.Kind.GUARDIAN:
            return _("Parent or guardian")
        roles = [held.role for held in people.roles_of(person, self.on)] if person.kind == Person.Kind.STAFF else []
        return self.words.joined([self.words.role(role) for role in dict.fromkeys(roles)][:2])


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def is_thing(text: str) -> bool:
    """Whether a mark can stand for a thing in the log: a short code, no words."""
    return re.fullmatch(r"[\w.:-]{1,60}", text) is not None
