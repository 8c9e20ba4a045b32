"""Duties as people meet them: the next steps of a record, and the inbox of a viewer. Read from the duties index."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from upstander.access import decide
from upstander.access.decide import Subject
from upstander.access.viewer import Viewer
from upstander.people import memo
from upstander.people import queries as people
from upstander.people.models import School
from upstander.policy import labels
from upstander.policy.model import Duty, EventKind, Is, Pack
from upstander.policy.verdict import State
from upstander.records import clock, finding, index, notices, reading, scope, subjects, upkeep
from upstander.records.clauses import ClauseWords, clause_words
from upstander.records.index import Desk
from upstander.records.models import DutyRow, Record
from upstander.records.notices import FAR
from upstander.records.timeline import role_title


@dataclass(frozen=True)
class Bearer:
    """Whose duty it is. ``names``: who holds the post now, with ``standing_in`` its deputies; ``outside``: nobody of the school."""

    title: str
    names: tuple[str, ...]
    mine: bool
    outside: bool
    standing_in: bool = False


@dataclass(frozen=True)
class StepDeed:
    """A form that discharges a duty. ``about`` {role: ids} and ``fields``: what the duty says already; ``may``: the viewer's."""

    kind: str
    label: str
    about: Mapping[str, tuple[str, ...]]
    fields: Mapping[str, str]
    may: bool


@dataclass(frozen=True)
class Climbing:
    """Who else hears of it, and from when."""

    at: datetime
    title: str


@dataclass(frozen=True)
class Step:
    """One instance of a duty. ``state``: a value of ``policy.verdict.State``; times are civil minutes.

    ``key``: [(role, role title, id, name)]. ``missing``: what is still missing of several things, or why it does not apply.
    """

    row: UUID
    record: Record
    rule: str
    occurrence: int
    label: str
    state: str
    strength: str
    arose: datetime
    due: datetime | None
    due_from: datetime | None
    settled_at: datetime | None
    settled_event: str
    key: tuple[tuple[str, str, str, str], ...]
    bearers: tuple[Bearer, ...]
    clauses: tuple[ClauseWords, ...]
    deeds: tuple[StepDeed, ...]
    climbs: tuple[Climbing, ...]
    missing: tuple[str, ...]
    because: tuple[str, ...]
    flags: tuple[str, ...]
    open: bool
    waivable: bool
    extendable: bool

    @property
    def mine(self) -> bool:
        return any(bearer.mine for bearer in self.bearers)

    @property
    def outside(self) -> bool:
        return bool(self.bearers) and all(bearer.outside for bearer in self.bearers)

    @property
    def late(self) -> bool:
        return self.state == State.OVERDUE.value


@dataclass(frozen=True)
class DutyItem:
    """A step in an inbox, with the record it belongs to in words."""

    step: Step
    record: Record
    kind_label: str


@dataclass(frozen=True)
class Inbox:
    """``mine``: the viewer's own, late ones first; ``team``: others' in what the viewer sees; ``waiting``: for outsiders."""

    mine: list[DutyItem] = field(default_factory=list)
    team: list[DutyItem] = field(default_factory=list)
    waiting: list[DutyItem] = field(default_factory=list)

    @property
    def late(self) -> list[DutyItem]:
        return [item for item in self.mine if item.step.late]


@dataclass
class _Room:
    """What many steps of one school are made from."""

    viewer: Viewer
    desk: Desk
    lang: str
    named: dict[UUID, dict[str, set[str]]]
    subjects: dict[UUID, Subject]
    names: dict[str, str]
    bearing: dict[Any, list[UUID]] = field(default_factory=dict)

    @property
    def pack(self) -> Pack:
        return self.desk.pack


def _room(
    viewer: Viewer, school: School, records: list[Record], rows: Iterable[DutyRow], now: datetime, lang: str
) -> _Room:
    desk = Desk(school, now, clock.utcnow(school), notify=False)
    found = subjects.subjects_of(records, viewer.pack, now)
    desk.linked |= {each: {role: set(ids) for role, ids in one.linked.items()} for each, one in found.items()}
    named = {each: {role: set(ids) for role, ids in subject.named.items()} for each, subject in found.items()}
    # One query for the classes of everybody named and one for their parents, instead of one for each duty.
    everybody = [ids for subject in found.values() for ids in (*subject.named.values(), *subject.linked.values())]
    desk.directory.units_of({person for ids in everybody for person in ids})
    desk.parents_of({person for ids in everybody for person in ids})
    keys = {value for row in rows for _, value in index.key_of(row.key)}
    names: dict[str, str] = {}
    if len(records) == 1:
        names = reading.names_of(records[0], keys, reading.open_all(records[0]))
    elif keys:
        names = people.names(school, keys)
    room = _Room(viewer, desk, lang, named, found, names)
    by_id = {record.id: record for record in records}
    bearing = {str(one) for row in rows for who in row.who for one in _bear(room, by_id[row.record_id], row, who)}
    room.names |= people.names(school, bearing - names.keys())
    return room


def _bear(room: _Room, record: Record, row: DutyRow, who: Mapping[str, str]) -> list[UUID]:
    """The people whose duty it is in one of its roles, worked out once."""
    key = (row.record_id, tuple(sorted(who.items())), row.key)
    if key not in room.bearing:
        found = notices.bearers_of(room.desk, record, [who], index.key_of(row.key), room.named.get(record.id, {}))
        room.bearing[key] = found
    return room.bearing[key]


def next_steps(viewer: Viewer, record: Record, now: datetime, lang: str) -> list[Step]:
    """The open duties of a record: late ones first, then by the moment they are due, those without one last."""
    return _steps(viewer, record, now, lang, open_=True)


def done_steps(viewer: Viewer, record: Record, now: datetime, lang: str) -> list[Step]:
    """The duties that are settled, lapsed or do not apply, the latest first."""
    return sorted(
        _steps(viewer, record, now, lang, open_=False), key=lambda step: step.settled_at or step.arose, reverse=True
    )


def _steps(viewer: Viewer, record: Record, now: datetime, lang: str, *, open_: bool) -> list[Step]:
    if not subjects.is_fresh(record, now):
        upkeep.refresh(record.school, [record], now)
    rows = list(DutyRow.objects.filter(record=record, open=open_))
    room = _room(viewer, record.school, [record], rows, now, lang)
    return sorted((_step(room, record, row) for row in rows), key=_order)


def duties_for(viewer: Viewer, now: datetime, lang: str) -> Inbox:
    """The inbox: every open duty in the records that the viewer sees, brought up to date first."""
    school = people.school_by_id(viewer.school_id)
    records, rows = _open_rows(viewer, school, now)
    room = _room(viewer, school, list(records.values()), rows, now, lang)
    inbox = Inbox()
    items = []
    for row in rows:
        record = records[row.record_id]
        label = labels.label(room.pack, f"records.{record.kind}.label", lang)
        items.append(DutyItem(_step(room, record, row), record, label))
    for item in sorted(items, key=lambda each: _order(each.step)):
        place = inbox.mine if item.step.mine else inbox.waiting if item.step.outside else inbox.team
        place.append(item)
    return inbox


def _open_rows(viewer: Viewer, school: School, now: datetime) -> tuple[dict[UUID, Record], list[DutyRow]]:
    upkeep.refresh_due(school, now)
    return memo.once(("open rows", viewer.person_id, viewer.record_only, now), lambda: _open_now(viewer, school, now))


def _open_now(viewer: Viewer, school: School, now: datetime) -> tuple[dict[UUID, Record], list[DutyRow]]:
    seen = scope.within(decide.visible_to(viewer), now)
    rows = list(DutyRow.objects.filter(school=school, open=True, record__in=seen).order_by("due"))
    records = Record.objects.in_bulk({row.record_id for row in rows})
    for record in records.values():
        record.school = school
    return records, rows


def _is_mine(room: _Room, record: Record, row: DutyRow) -> bool:
    return any(room.viewer.person_id in _bear(room, record, row, who) for who in row.who)


def mine_among(
    viewer: Viewer, school: School, records: Iterable[Record], rows: Iterable[DutyRow], now: datetime
) -> set[UUID]:
    """The ids of those records in which one of these open duties is the viewer's own."""
    by_id = {record.id: record for record in records}
    duties = {row.id: row for row in rows if row.record_id in by_id}
    return {duties[each].record_id for each in mine_of(viewer, school, by_id.values(), duties.values(), now)}


def mine_of(
    viewer: Viewer, school: School, records: Iterable[Record], rows: Iterable[DutyRow], now: datetime
) -> set[UUID]:
    """The ids of those of these duties that are the viewer's own. ``records``: all that they stand in."""
    by_id = {record.id: record for record in records}
    room = _room(viewer, school, list(by_id.values()), [], now, "en-GB")
    return {row.id for row in rows if _is_mine(room, by_id[row.record_id], row)}


def items_of(
    viewer: Viewer, school: School, records: Iterable[Record], rows: Iterable[DutyRow], now: datetime, lang: str
) -> dict[UUID, DutyItem]:
    """{record's id: the step that this duty of it is}, for records that the viewer sees."""
    by_id = {record.id: record for record in records}
    duties = [row for row in rows if row.record_id in by_id]
    room = _room(viewer, school, list(by_id.values()), duties, now, lang)
    return {
        row.record_id: DutyItem(
            _step(room, record := by_id[row.record_id], row),
            record,
            labels.label(room.pack, f"records.{record.kind}.label", lang),
        )
        for row in duties
    }


_RANK = {
    State.OVERDUE.value: 0,
    State.DUE.value: 1,
    State.PENDING.value: 2,
    State.PAUSED.value: 3,
    State.UPCOMING.value: 4,
}


def _order(step: Step) -> tuple[int, int, datetime, str]:
    rank = _RANK.get(step.state, 5)
    offer = 1 if step.strength == "may" else 0
    return (
        0 if rank == 0 else 1 + offer + (rank >= 3) * 2,
        rank if rank >= 3 else 0,
        step.due or FAR,
        step.rule,
    )


def _step(room: _Room, record: Record, row: DutyRow) -> Step:
    rule = room.pack.duties.get(row.rule)
    key = index.key_of(row.key)
    decided = finding.found_in(room.subjects[record.id])
    return Step(
        row=row.id,
        record=record,
        rule=row.rule,
        occurrence=row.occurrence,
        label=labels.label(room.pack, f"duties.{row.rule}.label", room.lang),
        state=row.state,
        strength=row.strength,
        arose=row.arose,
        due=row.due,
        due_from=row.due_from,
        settled_at=row.settled_at,
        settled_event=row.settled_event,
        key=tuple(
            (name, role_title(room.pack, name, room.lang, decided), value, _whom(room, rule, name, value))
            for name, value in key
        ),
        bearers=_bearers(room, record, row),
        clauses=clause_words(room.pack, row.clause, room.lang),
        deeds=_deeds(room, record, rule, key) if rule and row.open else (),
        climbs=_climbs(room, rule, row),
        missing=tuple(row.why),
        because=tuple(row.because),
        flags=tuple(row.flags),
        open=row.open,
        waivable=bool(rule and rule.waived_by and any(room.viewer.holds(role) for role in rule.waived_by)),
        extendable=bool(rule and rule.extended_by and any(room.viewer.holds(role) for role in rule.extended_by)),
    )


def _whom(room: _Room, rule: Duty | None, name: str, value: str) -> str:
    """What a duty is there for each of, in words: the label of a coded answer, otherwise somebody's name."""
    asked = [each.kind for pattern in rule.must for each in pattern.alternatives] if rule else []
    for kind in (room.pack.events[one] for one in asked if one in room.pack.events):
        if name in kind.fields and (options := kind.fields[name].options) in room.pack.options:
            return reading.option_labels(room.pack, options, [value], room.lang)[0]
    return room.names.get(value, value)


def _bearers(room: _Room, record: Record, row: DutyRow) -> tuple[Bearer, ...]:
    found = []
    for who in row.who:
        ids = _bear(room, record, row, who)
        missing = [each for each in map(str, ids) if each not in room.names]
        if missing:
            room.names |= people.names(room.desk.school, missing)
        role = who.get("role", "")
        info = room.pack.roles.get(role)
        found.append(
            Bearer(
                role_title(room.pack, role, room.lang),
                tuple(room.names.get(str(each), "") for each in ids),
                room.viewer.person_id in ids,
                bool(info and info.outside),
                bool(ids) and _stand_in(room, role, ids),
            )
        )
    return tuple(found)


def _stand_in(room: _Room, role: str, ids: Iterable[UUID]) -> bool:
    """Whether none of these people holds the post itself. Roles that somebody has in a matter know no deputies."""
    members = [info for each in room.pack.members(role) if (info := room.pack.roles.get(each))]
    if not members or any(info.of_the_matter for info in members):
        return False
    return not {one for info in members for one in room.desk.directory.everyone(info.id)}.intersection(ids)


def _deeds(room: _Room, record: Record, rule: Duty, key: tuple[tuple[str, str], ...]) -> tuple[StepDeed, ...]:
    found: dict[str, StepDeed] = {}
    for pattern in rule.must:
        for alternative in pattern.alternatives:
            kind = room.pack.events.get(alternative.kind)
            if kind is None or kind.id in found:
                continue
            fields = {
                test.field: str(test.condition.value)
                for test in alternative.tests
                if isinstance(test.condition, Is) and test.field in kind.fields
            }
            found[kind.id] = StepDeed(
                kind.id,
                labels.label(room.pack, f"events.{kind.id}.label", room.lang),
                _preset(room, record, kind, key),
                fields,
                decide.may(room.viewer, f"record:{kind.id}", room.subjects[record.id]),
            )
    return tuple(found.values())


def _preset(
    room: _Room, record: Record, kind: EventKind, key: tuple[tuple[str, str], ...]
) -> dict[str, tuple[str, ...]]:
    """Whom the duty concerns, under the name that the form has for them."""
    named = room.named.get(record.id, {})
    about: dict[str, tuple[str, ...]] = {}
    for name, value in key:
        roles = [name] if name in kind.about else [role for role in room.pack.members(name) if role in kind.about]
        fitting = [role for role in roles if value in named.get(role, ())] or roles
        if fitting:
            about[fitting[0]] = (value,)
    return about


def _climbs(room: _Room, rule: Duty | None, row: DutyRow) -> tuple[Climbing, ...]:
    if rule is None or row.due is None or not row.open:
        return ()
    return tuple(
        Climbing(notices.later(room.desk, row.due, climb.after), role_title(room.pack, climb.to, room.lang))
        for climb in rule.climbs
    )
