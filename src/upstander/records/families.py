"""What a guardian reads of records: the events that the policy tells them about their own child. ``access.families`` decides."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from upstander.access import families
from upstander.access.viewer import Viewer
from upstander.people import queries as people
from upstander.people import written
from upstander.people.models import Person, School
from upstander.policy.model import EventKind, FieldType
from upstander.policy.verdict import Picture
from upstander.records import append, queries, reading, subjects, timeline, upkeep
from upstander.records.echoes import linked_ids
from upstander.records.models import Event, Record
from upstander.records.timeline import ShownField

WORDS = (FieldType.TEXT, FieldType.LONG_TEXT)
SHOWABLE = frozenset({*WORDS, FieldType.ONE_OF, FieldType.SOME_OF, FieldType.PLACE, FieldType.SCALE, FieldType.YES_NO,
                      FieldType.NUMBER, FieldType.DATE, FieldType.TIME})  # fmt: skip
"""A file or a person is never shown to a family here: neither can be looked through for somebody else's child."""


@dataclass(frozen=True)
class Line:
    """A field as a family reads it. ``kept``: its words speak of somebody else, so they are not shown; ``day``: of a date."""

    field: str
    label: str
    shown: ShownField | None
    kept: bool = False
    day: date | None = None


@dataclass(frozen=True)
class Told:
    """One event that a family hears of. ``at``: civil minute; ``by_role``: in which post it was recorded."""

    record: Record
    event: Event
    child: str
    at: datetime
    by_role: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Matter:
    """A record of which a guardian may hear, for one of their children. ``holding``: the facts that hold for that child now."""

    record: Record
    child: str
    picture: Picture
    holding: frozenset[str]


def matters(viewer: Viewer, school: School, now: datetime) -> list[Matter]:
    """The records of whose parts about their children the viewer may hear, oldest first; nothing behind a party's card."""
    if viewer.kind != families.GUARDIAN or not viewer.guards:
        return []
    rows: dict[object, Record] = {}
    for child in sorted(viewer.guards):
        rows |= {each.id: each for each in queries.records_naming(school, child).select_related("school")}
    _bring_up_to_date(school, list(rows.values()), now)
    shut_out = _behind_the_card(viewer, school)
    found = []
    for record in sorted(rows.values(), key=lambda each: (each.opened_at, each.number)):
        subject = subjects.subject_of(record, viewer.pack, now)
        wards = families.wards_in(viewer, subject)
        if not wards or any(not shut_out.isdisjoint(ids) for role, ids in subject.named.items() if role != "teller"):
            continue
        picture = queries.picture_of(record, now)
        found += [Matter(record, child, picture, _holding(picture, child)) for child in sorted(wards)]
    return found


def _bring_up_to_date(school: School, rows: list[Record], now: datetime) -> None:
    """What time alone has changed: of a record whose moment has come nobody at home would hear anything."""
    stale = [each for each in rows if not subjects.is_fresh(each, now)]
    if stale:
        upkeep.refresh(school, stale, now)
        for each in stale:
            each.refresh_from_db(fields=["next_change", "closed", "length", "head", "changed_at"])


def _behind_the_card(viewer: Viewer, school: School) -> frozenset[str]:
    """Whoever made the card has read its words: if they are a party, nothing of the matter comes up behind it."""
    maker = people.person(school, viewer.let_in_by) if viewer.let_in_by else None
    return frozenset({str(maker.id)} | people.wards_of(maker)) if maker else frozenset()


def _holding(picture: Picture, child: str) -> frozenset[str]:
    return frozenset(
        held.fact for held in picture.facts if not held.key or child in [value for _name, value in held.key]
    )


def told(viewer: Viewer, matter: Matter, lang: str, now: datetime) -> list[Told]:
    """What the viewer hears of a record as the guardian of one child, by when it happened."""
    record, pack = matter.record, viewer.pack
    subject = subjects.subject_of(record, pack, now)
    events = queries.standing_log(record)
    heard = [
        (event, kind)
        for event in events
        if (kind := pack.events.get(event.kind)) is not None
        and families.hears(viewer, subject, kind, event.about, matter.child, matter.holding)
    ]
    if not heard:
        return []
    opened = reading.open_all(record)
    sight = timeline.sight_of(viewer, record, lang, [event for event, _kind in heard])
    others = written.pattern(_others(viewer, record))
    return [
        Told(record, event, matter.child, event.at, event.by_role, tuple(_lines(sight, opened, event, kind, others)))
        for event, kind in heard
    ]


def _lines(
    sight: timeline._Sight, opened: reading.Opened, event: Event, kind: EventKind, others: re.Pattern[str]
) -> Iterable[Line]:
    for name in families.shown(kind):
        spec = kind.fields[name]
        if spec.type not in SHOWABLE:
            continue
        shown = timeline.shown_field(sight, event, spec)
        if not shown.values:
            continue
        kept = spec.type in WORDS and bool(others.search(opened.text(event, name)))
        yield Line(name, shown.label, None if kept else shown, kept, _day(spec.type, event.fields.get(name)))


def _day(kind: FieldType, value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)) if kind is FieldType.DATE else None
    except ValueError:
        return None


def _others(viewer: Viewer, record: Record) -> frozenset[str]:
    """Every way in which the other children and people from outside in this record are written, and those of matters linked
    with it; a name that one's own child or somebody of the staff has, too, says nothing.
    """
    linked = Record.objects.filter(id__in=linked_ids(record)).select_related("school")
    names = {ident: name for each in (record, *linked) for ident, name in _names(each).items()}
    known = people.by_id(record.school, names)
    mine: set[str] = set()
    theirs: set[str] = set()
    for ident, name in names.items():
        person = known.get(ident)
        own = ident in viewer.guards or (person is not None and person.kind == Person.Kind.STAFF)
        ways = written.ways((name, person.reading if person else ""))
        (mine if own else theirs).update(each.casefold() for each in ways)
    return frozenset(theirs - mine)


def _names(record: Record) -> Mapping[str, str]:
    ids = {one for role, named in queries.named_ids(record).items() for one in named}
    people_of = {one for event in append.events_of(record) for named in event.about.values() for one in named}
    return reading.names_of(record, ids | {str(one) for one in people_of}, reading.open_all(record))
