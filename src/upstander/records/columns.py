"""The columns of a register: short fields of the pack, with the latest standing value of each record.

Plain values are read for all rows with one query; sealed ones are opened for the rows that a page shows, and for no other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from upstander.access.viewer import Viewer
from upstander.people import queries as people
from upstander.people.models import School
from upstander.policy import labels
from upstander.policy.model import SEALED_TYPES, Field, FieldType, Pack
from upstander.records import clock, engine, reading, timeline
from upstander.records.append import for_engine_event
from upstander.records.index import Desk
from upstander.records.models import Event, SealedField
from upstander.vault import keys

MOST_COLUMNS = 4
SHORT = frozenset(FieldType) - {FieldType.LONG_TEXT, FieldType.FILE, FieldType.SIGNATURE}
CODED = frozenset({FieldType.ONE_OF, FieldType.SOME_OF, FieldType.PLACE, FieldType.YES_NO})
"""Types whose values a filter can offer."""


@dataclass(frozen=True, slots=True)
class Column:
    """A field of a kind of event, as a column. ``label_path``: where its title stands in the pack."""

    event: str
    spec: Field
    label: str
    label_path: str

    @property
    def id(self) -> str:
        """``event.field``, as addresses name it."""
        return f"{self.event}.{self.spec.id}"

    @property
    def sealed(self) -> bool:
        return self.spec.type in SEALED_TYPES

    @property
    def coded(self) -> bool:
        return self.spec.type in CODED


def openers(pack: Pack, kind: str) -> tuple[str, ...]:
    """The kinds of event with which a record of this kind begins: what the pack says, else its own that name a subject."""
    found = pack.records[kind]
    if found.opened_by:
        return found.opened_by
    subjects = {member for name in found.subjects for member in (name, *pack.members(name), *pack.groups_of(name))}
    own = [event for event in found.events if event in pack.events]
    named = [event for event in own if subjects.intersection(pack.events[event].about)]
    return tuple(named or own)


def columns(viewer: Viewer, kind: str, lang: str) -> list[Column]:
    """The columns of a register: what the pack says must be known, else the short answers of the form that opens a record.

    What is kept from the viewer is no column of theirs.
    """
    pack = viewer.pack
    asked = [
        (known.event, known.field, f"records.{kind}.known.{known.id}.label")
        for known in pack.records[kind].known
        if known.event in pack.events
    ]
    first = [
        (event, name, f"events.{event}.fields.{name}.label")
        for event in openers(pack, kind)
        if event in pack.events
        for name in pack.events[event].fields
    ]
    secret = reading.secret_kinds(viewer)
    for chosen in (asked, first):
        found = [
            Column(event, pack.events[event].fields[name], labels.label(pack, path, lang), path)
            for event, name, path in chosen
            if event not in secret
            and name not in reading.secret_fields(viewer, pack.events[event])
            and name in pack.events[event].fields
            and pack.events[event].fields[name].secret_while is None
            and pack.events[event].fields[name].type in SHORT
        ]
        if found:
            return list({column.id: column for column in found}.values())[:MOST_COLUMNS]
    return []


@dataclass
class Values:
    """{record's id: {column's id: value as the log keeps it}}; ``at``: which event holds the latest sealed value."""

    plain: dict[UUID, dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))
    at: dict[UUID, dict[str, UUID]] = field(default_factory=lambda: defaultdict(dict))
    texts: dict[UUID, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))


def values(
    school: School, kind: str, wanted: Sequence[Column], now: datetime, ids: Iterable[UUID] | None = None
) -> Values:
    """The latest standing value of each column, for all records of a kind or for these. ``now``: civil minute."""
    found = Values()
    if not wanted:
        return found
    rows = Event.objects.filter(school=school, record__kind=kind)
    if ids is not None:
        rows = rows.filter(record__in=list(ids))
    struck = _struck(school, rows.filter(kind="void").values_list("record_id", flat=True).distinct(), now)
    by_event: dict[str, list[Column]] = defaultdict(list)
    for column in wanted:
        by_event[column.event].append(column)
    events = rows.filter(kind__in=list(by_event)).order_by("at", "position")
    for event_id, record_id, event, fields, sealed in events.values_list("id", "record_id", "kind", "fields", "sealed"):
        if str(event_id) in struck:
            continue
        for column in by_event[event]:
            name = column.spec.id
            if column.sealed and name in sealed:
                found.at[record_id][column.id] = event_id
            elif name in fields:
                found.plain[record_id][column.id] = fields[name]
    return found


def _struck(school: School, records: Iterable[UUID], now: datetime) -> frozenset[str]:
    """The ids of the struck events of those records in which anything was struck."""
    logs: dict[UUID, list[Event]] = defaultdict(list)
    for event in Event.objects.filter(record__in=list(records)).order_by("position"):
        logs[event.record_id].append(event)
    if not logs:
        return frozenset()
    series = Desk(school, now, clock.utcnow(school)).series
    gone: set[str] = set()
    for log in logs.values():
        gone |= engine.struck(series, [for_engine_event(school, event) for event in log], now)
    return frozenset(gone)


def open_texts(found: Values, wanted: Sequence[Column], ids: Iterable[UUID]) -> None:
    """Open the sealed values of these records. What is no longer readable (its key is destroyed) stays out."""
    path_of = {column.id: column.spec.id for column in wanted}
    places = {
        (event, path_of[column]): (record, column)
        for record in ids
        for column, event in found.at.get(record, {}).items()
        if column in path_of
    }
    if not places:
        return
    ciphers = keys.record_ciphers(list({record for record, _column in places.values()}))
    boxes = SealedField.objects.filter(event__in={event for event, _path in places}, path__in=set(path_of.values()))
    for event, path, ciphertext in boxes.values_list("event_id", "path", "ciphertext"):
        record, column = places.get((event, path), (None, ""))
        if record is not None and record in ciphers:
            found.texts[record][column] = ciphers[record].open(f"{event}/{path}", bytes(ciphertext)).decode()


def said(
    pack: Pack, school: School, found: Values, wanted: Sequence[Column], ids: Iterable[UUID], lang: str
) -> dict[UUID, dict[str, tuple[str, ...]]]:
    """{record's id: {column's id: its words}} in the reader's language; texts must have been opened."""
    rows = list(ids)
    persons = {
        str(each)
        for column in wanted
        if column.spec.type is FieldType.PERSON
        for row in rows
        for each in _several(found.plain.get(row, {}).get(column.id))
    }
    names = people.names(school, persons) if persons else {}
    words: dict[UUID, dict[str, tuple[str, ...]]] = {}
    for row in rows:
        words[row] = {name: (text,) for name, text in found.texts.get(row, {}).items()}
        for column in wanted:
            value = found.plain.get(row, {}).get(column.id)
            if value is not None:
                words[row][column.id] = timeline.words_of(pack, column.spec, value, names, lang)
    return words


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
