"""The indexes: duties, facts and names of a record as they stand, made from its log in the same transaction.

They are caches; ``rebuild`` makes the same rows from the logs, and a test proves it.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from upstander.access.decide import PARTIES, party_roles
from upstander.people import memo
from upstander.people import queries as people
from upstander.people.directory import Directory
from upstander.people.models import School
from upstander.people.packs import kept, series_of
from upstander.policy import log as policy_log
from upstander.policy.calendar import Calendar, Timetable
from upstander.policy.model import Pack, Series
from upstander.policy.verdict import DutyInstance, Key, Picture
from upstander.records import engine, notices
from upstander.records.models import DutyRow, FactRow, Named, Notice, Record

failures = logging.getLogger("upstander.records")


@dataclass
class Desk:
    """What one transaction needs again and again about a school. ``now``: civil minute; ``moment``: aware, the server's."""

    school: School
    now: datetime
    moment: datetime
    notify: bool = True
    lines: list[Notice] = field(default_factory=list)
    """Lines for the outbox, until ``notices.flush`` writes them."""
    parents: dict[str, frozenset[str]] = field(default_factory=dict)
    """{person: those of the staff whose child they are}, looked up once."""
    linked: dict[UUID, dict[str, set[str]]] = field(default_factory=dict)
    """{record: {role: who is named so in what it is linked with}}, looked up once."""

    def parents_of(self, persons: Iterable[str]) -> set[str]:
        """Those of the staff who look after any of these people."""
        wanted = set(persons)
        missing = wanted - self.parents.keys()
        if missing:
            self.parents |= people.staff_parents(self.school, missing)
        return {parent for each in wanted for parent in self.parents[each]}

    @cached_property
    def series(self) -> Series:
        return series_of(self.school)

    @cached_property
    def pack(self) -> Pack:
        return self.series.at(self.now.date())

    @cached_property
    def calendar(self) -> Calendar | None:
        return people.calendar_of(self.school)

    @cached_property
    def directory(self) -> Directory:
        return people.directory(self.school, self.now.date(), self.pack)

    @cached_property
    def timetable(self) -> Timetable:
        return Timetable(self.calendar, self.pack.hints)


def key_text(key: Key) -> str:
    """``target=s1;place=gym``."""
    return ";".join(f"{name}={value}" for name, value in key)


def key_of(text: str) -> Key:
    """The key back from its text."""
    return tuple((name, value) for name, _, value in (part.partition("=") for part in text.split(";") if part))


def indexed_facts(pack: Pack) -> frozenset[str]:
    """The facts that access, seals, closure, forms, guidance, rooms or retention ask for."""
    return kept(pack, "indexed facts", lambda: _indexed_facts(pack))


def _indexed_facts(pack: Pack) -> frozenset[str]:
    asked: set[str | None] = set()
    for kind in pack.records.values():
        asked |= {kind.sealed_while, kind.keep.from_ if kind.keep else None}
        asked |= {kind.neutral.until} if kind.neutral else set()
        asked |= {fact for line in kind.access for fact in (*line.if_, *line.unless)}
        asked |= {kind.rooms.no_view.suspected} if kind.rooms.no_view else set()
        asked |= {kind.rooms.takedown.still_there} if kind.rooms.takedown else set()
    asked |= {fact for closure in pack.closure.values() for fact in closure.needs}
    for event in pack.events.values():
        asked |= {fact for spec in event.fields.values() for fact in (spec.required_while, spec.secret_while)}
        asked |= {fact for tell in event.tells for fact in (*tell.if_, *tell.unless)}
    asked |= {card.show_while for card in pack.guidance.values()}
    return frozenset(fact for fact in asked if fact)


def evaluate(desk: Desk, record: Record, log: Sequence[policy_log.Event]) -> Picture:
    """The picture of a record at the desk's moment."""
    return engine.picture(desk.series, log, desk.calendar, desk.now, kind=record.kind, record=str(record.id))


def store(desk: Desk, record: Record, log: Sequence[policy_log.Event], *, first: bool = False) -> Picture:
    """Evaluate a record and bring its rows up to date; the record's own row is saved, too.

    ``first``: nothing is stored of it yet, so nothing is looked up. A log that no strategy can judge is kept all the same:
    its names are stored, its duties stay as they were, and it counts as stale, so that every look tries again.
    """
    memo.forget()
    names = _store_names(desk, record, log, first)
    try:
        picture = evaluate(desk, record, log)
    except Exception as problem:
        failures.exception("record %s cannot be judged: %s", record.id, type(problem).__name__)
        record.next_change = desk.now
        record.save(update_fields=["next_change", "changed_at", "length", "head"])
        return Picture(str(record.id), record.kind, desk.now, closed=record.closed, next_change=desk.now)
    before = {} if first else {_row_id(row): row for row in DutyRow.objects.filter(record=record)}
    _store_duties(desk, record, picture, before)
    _store_facts(desk, record, picture, first)
    waiting = notices.climbs_ahead(desk, record, picture)
    if desk.notify:
        notices.enqueue(desk, record, picture, before, names)
    mark(desk, record, log, picture, waiting)
    record.save(update_fields=["closed", "next_change", "changed_at", "length", "head"])
    return picture


def mark(
    desk: Desk, record: Record, log: Sequence[policy_log.Event], picture: Picture, waiting: datetime | None
) -> None:
    """Say on the record whether it is closed and when to look again; the caller saves it. ``waiting``: when a duty next climbs."""
    record.closed = picture.closed and not _reopened(desk, log)
    record.next_change = min((at for at in (picture.next_change, waiting) if at), default=None)


def _reopened(desk: Desk, log: Sequence[policy_log.Event]) -> bool:
    """Whether the last turn is a reopening: for the rules it is open from the next minute on, for people at once."""
    turns = [(event.at, place, event) for place, event in enumerate(log) if event.kind in ("close", "reopen")]
    if not turns:
        return False
    struck = engine.struck(desk.series, log, desk.now)
    standing = [turn for turn in turns if turn[2].id not in struck and turn[0] <= desk.now]
    return bool(standing) and max(standing)[2].kind == "reopen"


def _row_id(row: DutyRow) -> tuple[str, str, int]:
    return row.rule, row.key, row.occurrence


_DUTY_COLUMNS = (
    "version", "state", "open", "strength", "arose", "due", "due_from", "settled_event", "settled_at",
    "clause", "who", "because", "why", "flags",
)  # fmt: skip


def duty_row(record: Record, duty: DutyInstance) -> DutyRow:
    """An instance as a row."""
    return DutyRow(**duty_columns(record, duty))


def duty_columns(record: Record, duty: DutyInstance) -> dict[str, Any]:
    """The columns of an instance's row, but its id."""
    return {
        "school_id": record.school_id,
        "record_id": record.id,
        "rule": duty.rule,
        "key": key_text(duty.key),
        "occurrence": duty.occurrence,
        "version": duty.version,
        "state": duty.state.value,
        "open": duty.state.open,
        "strength": duty.strength.value,
        "arose": duty.arose,
        "due": duty.due,
        "due_from": duty.due_from,
        "settled_event": duty.settled.event if duty.settled else "",
        "settled_at": duty.settled.at if duty.settled else None,
        "clause": list(duty.clause),
        "who": [dict(each) for each in duty.who],
        "because": list(duty.because),
        "why": list(duty.why),
        "flags": list(duty.flags),
    }


def _store_duties(desk: Desk, record: Record, picture: Picture, before: dict[tuple[str, str, int], DutyRow]) -> None:
    new: list[DutyRow] = []
    changed: list[DutyRow] = []
    gone = dict(before)
    for duty in picture.duties:
        row = duty_row(record, duty)
        old = gone.pop(_row_id(row), None)
        if old is None:
            new.append(row)
        elif any(getattr(old, column) != getattr(row, column) for column in _DUTY_COLUMNS):
            row.id = old.id
            changed.append(row)
    if gone:
        DutyRow.objects.filter(id__in=[row.id for row in gone.values()]).delete()
    if new:
        DutyRow.objects.bulk_create(new)
    if changed:
        DutyRow.objects.bulk_update(changed, _DUTY_COLUMNS)


def _stretches(desk: Desk, picture: Picture) -> dict[tuple[str, str, datetime], datetime | None]:
    wanted = indexed_facts(desk.pack)
    return {
        (stretch.fact, key_text(stretch.key), stretch.first): stretch.last
        for stretch in picture.intervals
        if stretch.fact in wanted
    }


def fact_columns(desk: Desk, record: Record, picture: Picture) -> list[dict[str, Any]]:
    """The columns of the rows of the indexed facts' stretches, but their ids."""
    own = {"school_id": record.school_id, "record_id": record.id}
    return [
        {**own, "fact": fact, "key": key, "first": start, "last": last}
        for (fact, key, start), last in _stretches(desk, picture).items()
    ]


def name_columns(record: Record, names: dict[str, set[str]]) -> list[dict[str, Any]]:
    """The columns of the rows of who is named in a record, but their ids."""
    own = {"school_id": record.school_id, "record_id": record.id}
    return [{**own, "role": role, "person": person} for role, ids in names.items() for person in ids]


def _store_facts(desk: Desk, record: Record, picture: Picture, first: bool) -> None:
    now_rows = _stretches(desk, picture)
    old = {} if first else {(row.fact, row.key, row.first): row for row in FactRow.objects.filter(record=record)}
    gone = [row.id for key, row in old.items() if key not in now_rows or now_rows[key] != row.last]
    if gone:
        FactRow.objects.filter(id__in=gone).delete()
    new = [
        FactRow(school_id=record.school_id, record=record, fact=fact, key=key, first=start, last=last)
        for (fact, key, start), last in now_rows.items()
        if (fact, key, start) not in old or old[fact, key, start].last != last
    ]
    if new:
        FactRow.objects.bulk_create(new)


def names_in_log(desk: Desk, log: Sequence[policy_log.Event]) -> dict[str, set[str]]:
    """{role: ids} named by the events that stand (what was voided names nobody)."""
    struck = engine.struck(desk.series, log, desk.now) if any(event.kind == "void" for event in log) else frozenset()
    names: dict[str, set[str]] = defaultdict(set)
    for event in log:
        if event.id not in struck and event.kind != "void":
            for role, ids in event.about.items():
                names[role].update(ids)
    return names


def _store_names(desk: Desk, record: Record, log: Sequence[policy_log.Event], first: bool) -> dict[str, set[str]]:
    names = names_in_log(desk, log)
    wanted = {(role, person) for role, ids in names.items() for person in ids}
    old = {} if first else {(row.role, row.person): row.id for row in Named.objects.filter(record=record)}
    gone = [row_id for pair, row_id in old.items() if pair not in wanted]
    if gone:
        Named.objects.filter(id__in=gone).delete()
    new = [
        Named(school_id=record.school_id, record=record, role=role, person=person)
        for role, person in sorted(wanted)
        if (role, person) not in old
    ]
    if new:
        Named.objects.bulk_create(new)
    return names


def shut_out(desk: Desk, record: Record, names: dict[str, set[str]], *, linked: bool = False) -> set[str]:
    """The parties, and those of the staff whose children are: nothing of the matter may reach them.

    ``linked``: ``names`` are those of what the record is linked with, where every role of a party bars.
    """
    found = _parties_anywhere(desk, names) if linked else parties(desk, record, names)
    return found | desk.parents_of(found)


def _parties_anywhere(desk: Desk, names: dict[str, set[str]]) -> set[str]:
    if not names:
        return set()
    kinds = desk.pack.records.values()
    roles = kept(
        desk.pack, "parties anywhere", lambda: PARTIES.union(*(party_roles(desk.pack, each) for each in kinds))
    )
    return {person for role in roles for person in names.get(role, ())}


def parties(desk: Desk, record: Record, names: dict[str, set[str]]) -> set[str]:
    """The ids of those whom the matter is about."""
    kind = desk.pack.records.get(record.kind)
    roles = kept(desk.pack, f"parties {record.kind}", lambda: party_roles(desk.pack, kind)) if kind else frozenset()
    return {person for role in roles for person in names.get(role, ())}
