"""The one place that decides who may see and do what. Denied by default; another's record is *not found*.

A record's access list in the pack is turned into *reaches* of a viewer: through a post in the whole school, through a post in a
class or grade (records that name a pupil of it), or through a role in the matter (records that name the viewer so). A list of
reaches is a ``Scope``: asked for one record here, compiled into a query by ``records.queries``; a property test holds them equal.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404

from upstander.access.viewer import Viewer
from upstander.people import queries as people
from upstander.people import units as people_units
from upstander.people.directory import SCHOOL, Unit
from upstander.policy import belonging
from upstander.policy.model import Access, EventKind, Pack, RecordKind

TELLER = "teller"
CONCERN = "concern"
PARTIES = frozenset({"target", "actor", "reinforcer", "bystander", "defender"})
"""Roles of persons in a matter: whoever is named so never sees the record through a post."""
DECISIONS = frozenset({"close", "reopen", "waive", "extend"})


class NotFound(Http404):
    """There is no such record for this viewer; whether it exists is not said."""


class Denied(PermissionDenied):
    """The viewer sees the record, but this deed is not theirs."""


@dataclass(frozen=True)
class Subject:
    """What is decided about: a record by its plain facts, without its table.

    ``named``: {role: ids}; ``linked``: the same of the records that it is linked with; ``facts``: names of the facts that
    hold now, trusted only while ``fresh``; ``new``: nothing is recorded in it yet.
    """

    school_id: UUID
    kind: str
    pack: Pack = field(compare=False, repr=False)
    record_id: UUID | None = None
    named: Mapping[str, frozenset[str]] = field(default_factory=dict)
    linked: Mapping[str, frozenset[str]] = field(default_factory=dict)
    facts: frozenset[str] = frozenset()
    fresh: bool = True
    new: bool = False


@dataclass(frozen=True)
class Reach:
    """One line of an access list as it applies to a viewer. ``pupils``: only records that name one of them; None: all.

    ``named``: only records that name the viewer in ``role``. ``instead_of``: only records that bar every one of these holders
    of the post (each with the children they look after): there the viewer is their deputy. ``emergency``: only for some hours.
    """

    kind: str
    role: str
    pupils: frozenset[str] | None
    named: bool
    line: Access
    instead_of: tuple[frozenset[str], ...] = ()
    emergency: bool = False


@dataclass(frozen=True)
class Scope:
    """What a viewer (``me``) may see. ``shut_out``: the viewer and their children; ``parties``: {kind: roles in which those bar}.

    ``sealed``: {kind: the fact while which only lines that ask for it count}.
    """

    school_id: UUID
    everything: bool = False
    only: UUID | None = None
    reaches: tuple[Reach, ...] = ()
    me: str = ""
    shut_out: frozenset[str] = frozenset()
    parties: Mapping[str, frozenset[str]] = field(default_factory=dict)
    sealed: Mapping[str, str] = field(default_factory=dict)

    def covers(self, subject: Subject) -> bool:
        """Whether the record is seen."""
        return (
            (self.everything and subject.school_id == self.school_id)
            or bool(self.reaching(subject))
            or self._only(subject)
        )

    def _only(self, subject: Subject) -> bool:
        return self.only is not None and self.only == subject.record_id and subject.school_id == self.school_id

    def reaching(self, subject: Subject) -> list[Reach]:
        """The reaches through which the record is seen."""
        if subject.school_id != self.school_id or self.only is not None or self.bars(subject, self.shut_out):
            return []
        return [reach for reach in self.reaches if reach.kind == subject.kind and self._reaches(reach, subject)]

    def bars(self, subject: Subject, people: frozenset[str]) -> bool:
        """Whether one of these people is a party to the matter, or to one that it is linked with."""
        roles = self.parties.get(subject.kind, PARTIES)
        if any(not people.isdisjoint(subject.named.get(role, ())) for role in roles):
            return True
        return any(not people.isdisjoint(subject.linked.get(role, ())) for role in self.all_parties)

    def falls_to_deputy(self, subject: Subject, instead_of: tuple[frozenset[str], ...]) -> bool:
        """Whether a post is a deputy's here: everybody who holds it is barred."""
        return all(self.bars(subject, holder) for holder in instead_of)

    @property
    def all_parties(self) -> frozenset[str]:
        """The roles that bar in any kind: whoever is a party to a case is shut out of the concern it came from, too."""
        return PARTIES.union(*self.parties.values())

    def _reaches(self, reach: Reach, subject: Subject) -> bool:
        sealed = self.sealed.get(subject.kind)
        if (sealed or reach.line.if_ or reach.line.unless) and not subject.fresh:
            return False
        if sealed and sealed in subject.facts and sealed not in reach.line.if_:
            return False
        if not subject.facts.issuperset(reach.line.if_) or not subject.facts.isdisjoint(reach.line.unless):
            return False
        if not self.falls_to_deputy(subject, reach.instead_of):
            return False
        if reach.named:
            return self.me in subject.named.get(reach.role, ())
        return reach.pupils is None or any(
            not reach.pupils.isdisjoint(ids) for role, ids in subject.named.items() if role != TELLER
        )


def visible_to(viewer: Viewer) -> Scope:
    """Everything that a viewer may see, as data. Pupils and guardians see no record here: they are shown what is theirs."""
    if "scope" not in viewer.memo:
        viewer.memo["scope"] = _scope(viewer)
    found: Scope = viewer.memo["scope"]
    return found


def _scope(viewer: Viewer) -> Scope:
    if viewer.kind == "system":
        return Scope(viewer.school_id, everything=True)
    if viewer.record_only is not None:
        return Scope(viewer.school_id, only=viewer.record_only)
    if viewer.kind != "staff" or viewer.person_id is None:
        return Scope(viewer.school_id)
    kinds = viewer.pack.records.values()
    held = [reach for kind in kinds for line in kind.access for reach in _reaches_of(viewer, kind, line)]
    return Scope(
        viewer.school_id,
        reaches=(*held, *_deputising(viewer, held), *_in_emergency(viewer)),
        me=str(viewer.person_id),
        shut_out=frozenset({str(viewer.person_id)}) | viewer.guards,
        parties={kind.id: party_roles(viewer.pack, kind) for kind in kinds},
        sealed={kind.id: kind.sealed_while for kind in kinds if kind.sealed_while},
    )


def _reaches_of(viewer: Viewer, kind: RecordKind, line: Access) -> list[Reach]:
    if not line.see:
        return []
    reaches: list[Reach] = []
    for role in viewer.pack.members(line.role):
        info = viewer.pack.roles.get(role)
        if info is not None and info.of_the_matter:
            reaches.append(Reach(kind.id, role, None, True, line))
            continue
        units = [held.unit for held in viewer.roles if held.role == role]
        if info is not None and info.scope == "school":
            reaches += [Reach(kind.id, role, None, False, line)] if units else []
        elif pupils := _pupils(viewer, units):
            reaches.append(Reach(kind.id, role, pupils, False, line))
    return reaches


def _deputising(viewer: Viewer, held: list[Reach]) -> list[Reach]:
    """The reaches that open only where those who hold a post are barred; none that would add nothing to those held."""
    kinds = viewer.pack.records.values()
    covered = {kind.id for kind in kinds if not kind.sealed_while} & {reach.kind for reach in held if _is_whole(reach)}
    wanted = [
        (kind.id, line, each)
        for kind in kinds
        if kind.id not in covered
        for line in kind.access
        if line.see
        for each in viewer.stand_ins()
        if each.role in viewer.pack.members(line.role)
    ]
    pupils = people.pupils_by_unit(
        people.school_by_id(viewer.school_id), {each.unit for _kind, _line, each in wanted} - {SCHOOL}, viewer.on
    )
    return [
        Reach(kind, each.role, pupils.get(each.unit), False, line, each.instead_of)
        for kind, line, each in wanted
        if each.unit == SCHOOL or pupils[each.unit]
    ]


def may_open_in_emergency(viewer: Viewer) -> bool:
    """Whether the pack lets the viewer see records of some class or grade: in an emergency those of another one, too."""
    return viewer.kind == "staff" and bool(_lines_of_units(viewer))


def _in_emergency(viewer: Viewer) -> list[Reach]:
    """What the viewer's own posts would open if the pupil were in their class: to read only, and no further.

    What the pack asks of the record (consent, a seal) is asked all the same; a line that is there for a seal is left out.
    """
    if not viewer.in_emergency:
        return []
    return [
        Reach(kind, role, viewer.in_emergency, False, replace(line, record=(), decide=()), emergency=True)
        for kind, role, line in _lines_of_units(viewer)
    ]


def _lines_of_units(viewer: Viewer) -> list[tuple[str, str, Access]]:
    """(kind, post, line) of the access lists that give the viewer the records of a class or grade."""
    mine = {held.role for held in viewer.roles if held.unit != SCHOOL}
    return [
        (kind.id, role, line)
        for kind in viewer.pack.records.values()
        for line in kind.access
        if line.see and kind.sealed_while not in line.if_
        for role in viewer.pack.members(line.role)
        if role in mine and (info := viewer.pack.roles.get(role)) is not None and info.scope != "school"
    ]


def _is_whole(reach: Reach) -> bool:
    """Whether it reaches every record of its kind, to do anything."""
    line = reach.line
    everything = (line.record, line.decide) == ("all", "all")
    return everything and reach.pupils is None and not (reach.named or line.if_ or line.unless)


def _pupils(viewer: Viewer, units: list[Unit]) -> frozenset[str]:
    """Who is in these classes and grades, and what a log calls these themselves."""
    wanted = tuple(dict.fromkeys(unit for unit in units if unit != SCHOOL))
    if not wanted:
        return frozenset()
    memo = f"pupils {wanted}"
    if memo not in viewer.memo:
        school = people.school_by_id(viewer.school_id)
        viewer.memo[memo] = people.pupils_in(school, wanted, viewer.on) | people_units.names_of(school, wanted)
    found: frozenset[str] = viewer.memo[memo]
    return found


def party_roles(pack: Pack, kind: RecordKind) -> frozenset[str]:
    """The roles of this kind of record in which somebody is a party to the matter: its subjects, the groups they are in."""
    roles = {member for subject in (*kind.subjects, *PARTIES) for member in pack.members(subject)} | PARTIES
    roles |= {
        member for role in tuple(roles) for group in pack.groups_of(role) for member in (*pack.members(group), group)
    }
    listed = {member for line in kind.access for member in pack.members(line.role)}
    return frozenset(roles - listed - {TELLER})


# --- deeds ---------------------------------------------------------------------------------------------------------

Deed = str
"""``see``, ``record:KIND`` or ``decide:KIND`` (of a kind of event; which of the two it is, the pack knows)."""


def permit(viewer: Viewer, deed: Deed, subject: Subject) -> None:
    """Return if the viewer may do this deed. Raises NotFound if they may not even see it, else Denied."""
    scope = visible_to(viewer)
    if viewer.school_id != subject.school_id:
        raise NotFound
    verb, _, kind = deed.partition(":")
    if verb == "see":
        if not scope.covers(subject):
            raise NotFound
        return
    event = subject.pack.events.get(kind)
    if event is None or not _may_record(viewer, scope, event, subject):
        raise Denied if subject.new or scope.covers(subject) else NotFound


def may(viewer: Viewer, deed: Deed, subject: Subject) -> bool:
    """Whether ``permit`` returns."""
    try:
        permit(viewer, deed, subject)
    except (NotFound, Denied):
        return False
    return True


def only_in_emergency(viewer: Viewer, subject: Subject) -> bool:
    """Whether the viewer sees the record only because they opened it for some hours."""
    reaching = visible_to(viewer).reaching(subject)
    return bool(reaching) and all(reach.emergency for reach in reaching)


def decides_in(viewer: Viewer, subject: Subject) -> bool:
    """Whether the viewer sees the record and the pack gives them something to decide in it: who leads it, and who heads those."""
    return any(reach.line.decide for reach in visible_to(viewer).reaching(subject))


def _may_record(viewer: Viewer, scope: Scope, event: EventKind, subject: Subject) -> bool:
    if viewer.kind == "system":
        return True
    if not belonging.belongs(subject.pack, event.id, subject.kind) or not _doers(viewer, scope, event, subject):
        return False
    if viewer.kind in ("teller", "pupil", "guardian"):
        return _is_own(viewer, event, subject)
    if subject.new:
        opened_by = subject.pack.records[subject.kind].opened_by if subject.kind in subject.pack.records else ()
        return not opened_by or event.id in opened_by
    return any(_line_allows(reach.line, event) for reach in scope.reaching(subject))


def _line_allows(line: Access, event: EventKind) -> bool:
    allowed: Literal["all"] | tuple[str, ...] = line.record
    if event.id in DECISIONS or event.group == "decision":
        allowed = line.decide
    return allowed == "all" or event.id in allowed


def _is_own(viewer: Viewer, event: EventKind, subject: Subject) -> bool:
    """Whether the record is the viewer's own matter: their receipt's, or one that names them (or their child)."""
    if viewer.kind == "teller":
        at_door = subject.new and subject.kind == CONCERN
        return (at_door and event.id in subject.pack.records[CONCERN].opened_by) or (
            viewer.record_only is not None and viewer.record_only == subject.record_id
        )
    mine = viewer.guards if viewer.kind == "guardian" else frozenset({str(viewer.person_id)})
    roles = {member for name in event.about for member in (name, *subject.pack.members(name))}
    return any(not mine.isdisjoint(subject.named.get(role, ())) for role in roles)


_ROLE_OF: Mapping[str, str] = {"teller": TELLER, "pupil": "pupil-self", "guardian": "guardian", "system": "system"}


def _doers(viewer: Viewer, scope: Scope, event: EventKind, subject: Subject) -> list[str]:
    """The roles in which the viewer may record this kind here, in the pack's order; all the viewer's where it names none."""
    mine = roles_in(viewer, scope, subject)
    if viewer.kind == "system":
        return mine
    if not event.recorded_by:
        # Whoever is no member of staff speaks only through what the pack opens to them, and at the door.
        return mine if viewer.kind == "staff" or subject.new else []
    wanted = [member for role in event.recorded_by for member in (role, *subject.pack.members(role))]
    return [role for role in dict.fromkeys(wanted) if role in mine]


def roles_in(viewer: Viewer, scope: Scope, subject: Subject) -> list[str]:
    """The roles that the viewer has toward this record: posts that reach its pupils, and roles in the matter."""
    if viewer.kind != "staff":
        return [_ROLE_OF[viewer.kind]]
    people_named = frozenset(each for role, ids in subject.named.items() if role != TELLER for each in ids)
    roles = [
        held.role
        for held in viewer.roles
        if subject.new or held.unit == SCHOOL or not people_named.isdisjoint(_pupils(viewer, [held.unit]))
    ]
    roles += [
        each.role
        for each in viewer.stand_ins()
        if scope.falls_to_deputy(subject, each.instead_of)
        and (each.unit == SCHOOL or not people_named.isdisjoint(_pupils(viewer, [each.unit])))
    ]
    me = str(viewer.person_id)
    roles += [
        role for role, ids in subject.named.items() if me in ids and role not in scope.parties.get(subject.kind, ())
    ]
    return list(dict.fromkeys(roles))


def doer_role(viewer: Viewer, pack: Pack, event_kind: str, subject: Subject, prefer: Collection[str] = ()) -> str:
    """The role in which the viewer acts when recording this kind. Raises Denied where there is none.

    ``prefer``: the roles that a rule asks for; whoever holds several posts acts in one of these if they can.
    """
    scope = visible_to(viewer)
    roles = _doers(viewer, scope, pack.events[event_kind], subject)
    if not roles:
        raise Denied
    wanted = {member for role in prefer for member in (role, *pack.members(role))}
    roles = [role for role in roles if role in wanted] or roles
    reaching = {reach.role for reach in scope.reaching(subject)}
    return next((role for role in roles if role in reaching), roles[0])
