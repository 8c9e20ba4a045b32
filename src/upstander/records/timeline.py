"""The timeline of a record: every event as a person reads it, corrections with both versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from upstander.access.viewer import Viewer
from upstander.policy import labels
from upstander.policy.model import EventKind, Field, FieldType, Pack
from upstander.records import append, clock, engine, finding, reading
from upstander.records.index import Desk
from upstander.records.models import Event, Record
from upstander.records.reading import FileInfo, Opened
from upstander.ui import dates, signing

ANYWAY = "anyway"


@dataclass(frozen=True)
class ShownField:
    """A field as it is read. ``values``: its words, several for ``some-of``; ``long``: a narrative that keeps its lines."""

    id: str
    label: str
    type: str
    values: tuple[str, ...]
    files: tuple[FileInfo, ...] = ()
    drawing: str = ""
    """Of a signature: the SVG path that was drawn (see ``ui.signing``)."""

    @property
    def value(self) -> str:
        return ", ".join(self.values)

    @property
    def long(self) -> bool:
        return self.type == FieldType.LONG_TEXT.value


@dataclass(frozen=True)
class TimelineEntry:
    """One event. ``at``, ``recorded``: civil minutes; ``late``: written down more than an hour after it happened.

    ``hidden``: the viewer may know that it happened, not what. ``void_reason``: why it was struck. ``anyway``: why it was recorded
    although a limit stands against it.
    """

    id: UUID
    kind: str
    done: str
    group: str
    at: datetime
    recorded: datetime
    by_person: UUID | None
    by_name: str
    by_role: str
    by_role_title: str
    people: tuple[tuple[str, str, tuple[str, ...]], ...]
    fields: tuple[ShownField, ...]
    hidden: bool
    voided: bool
    voided_by: UUID | None
    void_reason: str
    instead_of: UUID | None
    echo: bool
    anyway: str
    waits: bool = False
    """What was said is sealed from the viewer for a time."""

    @property
    def late(self) -> bool:
        return (self.recorded - self.at).total_seconds() > 3600


@dataclass
class _Sight:
    """What the words of a record are made from, for one viewer and language."""

    viewer: Viewer
    record: Record
    pack: Pack
    lang: str
    opened: Opened
    names: dict[str, str]
    found: bool = True


def timeline(viewer: Viewer, record: Record, lang: str) -> list[TimelineEntry]:
    """Every event but those that only the rules need, by when it happened."""
    events = sorted(append.events_of(record), key=lambda each: (each.at, each.position))
    sight = sight_of(viewer, record, lang, events)
    now = clock.now(record.school)
    desk = Desk(record.school, now, clock.utcnow(record.school))
    log = [append.for_engine_event(record.school, event) for event in sorted(events, key=lambda each: each.position)]
    struck = engine.struck(desk.series, log, now)
    voids = {str(event.fields.get("event")): event for event in events if event.kind == "void"}
    shown = [event for event in events if event.kind not in reading.HIDDEN and event.kind != "void"]
    return [_entry(sight, event, str(event.id) in struck, voids.get(str(event.id))) for event in shown]


def sight_of(viewer: Viewer, record: Record, lang: str, events: list[Event]) -> _Sight:
    """Decrypt what the viewer is about to read, and look up the names once."""
    opened = reading.open_all(record)
    ids = {str(person) for event in events for each in event.about.values() for person in each}
    ids |= {str(event.by_person) for event in events if event.by_person}
    ids |= {each for event in events for each in _person_values(viewer.pack, event)}
    found = finding.found(record, viewer.pack, clock.now(record.school))
    return _Sight(viewer, record, viewer.pack, lang, opened, reading.names_of(record, ids, opened), found)


def _person_values(pack: Pack, event: Event) -> list[str]:
    kind = pack.events.get(event.kind)
    found: list[str] = []
    for name, spec in (kind.fields if kind else {}).items():
        if spec.type is FieldType.PERSON and name in event.fields:
            value = event.fields[name]
            found += value if isinstance(value, list) else [value]
    return found


def _entry(sight: _Sight, event: Event, voided: bool, void: Event | None) -> TimelineEntry:
    kind = sight.pack.events.get(event.kind)
    hidden = event.kind in reading.secret_kinds(sight.viewer)
    school = sight.record.school
    return TimelineEntry(
        id=event.id,
        kind=event.kind,
        done=_label(sight, f"events.{event.kind}.done") if kind else event.kind,
        group=kind.group if kind else "other",
        at=event.at,
        recorded=clock.civil(school, event.recorded_at),
        by_person=event.by_person,
        by_name=sight.names.get(str(event.by_person), "") if event.by_person else "",
        by_role=event.by_role,
        by_role_title=role_title(sight.pack, event.by_role, sight.lang),
        people=tuple(
            (
                role,
                role_title(sight.pack, role, sight.lang, sight.found),
                tuple(sight.names.get(each, each) for each in ids),
            )
            for role, ids in event.about.items()
        ),
        fields=() if hidden or kind is None else tuple(shown_fields(sight, event, kind)),
        hidden=hidden,
        voided=voided,
        voided_by=void.by_person if voided and void else None,
        void_reason=sight.opened.text(void, "reason") if voided and void and not hidden else "",
        instead_of=event.instead_of,
        echo=event.echo_of is not None,
        anyway="" if hidden else sight.opened.text(event, ANYWAY),
        waits=not hidden and reading.sealed_for_now(sight.viewer, sight.record, event),
    )


def role_title(pack: Pack, role: str, lang: str, found: bool = True) -> str:
    """The title of a role, or the neutral one where nothing is ``found`` yet; empty for none."""
    return labels.role(pack, role, lang, found=found) if role else ""


def _label(sight: _Sight, path: str) -> str:
    return labels.label(sight.pack, path, sight.lang)


def shown_fields(sight: _Sight, event: Event, kind: EventKind) -> list[ShownField]:
    """The fields of an event that are filled and not kept from the viewer, in the form's order."""
    secret = reading.withheld(sight.viewer, sight.record, event)
    shown = []
    for name, spec in kind.fields.items():
        if name in secret:
            continue
        one = shown_field(sight, event, spec)
        if one.values or one.files:
            shown.append(one)
    return shown


def shown_field(sight: _Sight, event: Event, spec: Field) -> ShownField:
    """One field of an event in words."""
    label = _label(sight, f"events.{event.kind}.fields.{spec.id}.label")
    files: tuple[FileInfo, ...] = ()
    values: tuple[str, ...] = ()
    if spec.type is FieldType.FILE:
        files = tuple(sight.opened.files(event, spec.id))
    elif spec.type is FieldType.SIGNATURE:
        name, drawing = signing.parts(sight.opened.text(event, spec.id))
        return ShownField(spec.id, label, spec.type.value, (name,) if name else (), drawing=drawing)
    elif spec.type in (FieldType.TEXT, FieldType.LONG_TEXT):
        text = sight.opened.text(event, spec.id)
        values = (text,) if text else ()
    elif spec.id in event.fields:
        values = _words(sight, spec, event.fields[spec.id])
    return ShownField(spec.id, label, spec.type.value, values, files)


def _words(sight: _Sight, spec: Field, value: Any) -> tuple[str, ...]:
    return words_of(sight.pack, spec, value, sight.names, sight.lang)


def words_of(pack: Pack, spec: Field, value: Any, names: Mapping[str, str], lang: str) -> tuple[str, ...]:
    """A plain value of the log in the reader's words. ``names``: {person's id: name}."""
    several = [str(each) for each in value] if isinstance(value, list) else [str(value)]
    if spec.type in (FieldType.ONE_OF, FieldType.SOME_OF, FieldType.PLACE) and spec.options in pack.options:
        return tuple(reading.option_labels(pack, spec.options, several, lang))
    if spec.type is FieldType.YES_NO:
        return tuple(yes_no(each) for each in several)
    if spec.type is FieldType.PERSON:
        return tuple(names.get(each, each) for each in several)
    if spec.type is FieldType.DATE:
        return tuple(_day(each, lang) for each in several)
    if spec.type is FieldType.TIME:
        return tuple(dates.clock(time.fromisoformat(each), lang) for each in several)
    return tuple(several)


def yes_no(value: str) -> str:
    """The word in the language of the page."""
    from django.utils.translation import gettext as _

    return {"yes": _("Yes"), "no": _("No")}.get(value, value)


def _day(text: str, lang: str) -> str:
    try:
        return dates.long_day(date.fromisoformat(text), lang)
    except ValueError:
        return text
