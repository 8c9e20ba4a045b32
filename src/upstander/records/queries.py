"""What screens read of records, always through a viewer. More of it stands in ``timeline``, ``steps`` and ``knowing``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from upstander.access import decide
from upstander.access.decide import NotFound
from upstander.access.viewer import Viewer
from upstander.people import memo
from upstander.people import queries as people
from upstander.people.models import School
from upstander.policy import log as policy_log
from upstander.policy.verdict import Picture
from upstander.records import append, clock, engine, index, reading, scope, subjects, upkeep
from upstander.records.echoes import linked_ids
from upstander.records.heard import heard
from upstander.records.index import Desk
from upstander.records.knowing import deeds, guidance, known, people_in, who_may_see, wish
from upstander.records.models import Event, Named, Reading, Record, SealedField
from upstander.records.pressing import counts_for
from upstander.records.steps import done_steps, duties_for, next_steps
from upstander.records.timeline import timeline
from upstander.vault import keys

__all__ = [
    "added_since",
    "by_number",
    "counts_for",
    "deeds",
    "done_steps",
    "duties_for",
    "get",
    "guidance",
    "heard",
    "known",
    "linked",
    "linked_anywhere",
    "locked",
    "log_of",
    "log_reading",
    "named_ids",
    "names_in",
    "next_steps",
    "of_kind",
    "opened",
    "people_in",
    "picture_of",
    "standing_log",
    "timeline",
    "visible",
    "who_may_see",
    "wish",
]


def visible(viewer: Viewer, kind: str | None = None) -> QuerySet[Record]:
    """The records that a viewer sees, of one kind if given. What time has changed is brought up to date first."""
    school = people.school_by_id(viewer.school_id)
    now = clock.now(school)
    upkeep.refresh_due(school, now)
    rows = scope.within(decide.visible_to(viewer), now).select_related("school")
    return rows if kind is None else rows.filter(kind=kind)


def get(viewer: Viewer, record_id: UUID | str, *, log: bool = True) -> Record:
    """One record, brought up to date; goes into the reading log unless ``log`` is False. Raises NotFound."""
    record = Record.objects.filter(id=_uuid(record_id), school_id=viewer.school_id).select_related("school").first()
    if record is None:
        raise NotFound
    now = clock.now(record.school)
    if not subjects.is_fresh(record, now):
        upkeep.refresh(record.school, [record], now)
        record.refresh_from_db(fields=["next_change", "closed", "length", "head", "changed_at"])
    subject = subjects.subject_of(record, viewer.pack, now)
    decide.permit(viewer, "see", subject)
    if log:
        log_reading(viewer, record, "emergency" if decide.only_in_emergency(viewer, subject) else "record")
    return record


def _uuid(value: UUID | str) -> UUID:
    try:
        return value if isinstance(value, UUID) else UUID(value)
    except ValueError:
        raise NotFound from None


def locked(record: Record) -> Record:
    """The record under a lock, within a transaction: what is read of it now stays true until something is recorded."""
    found = Record.objects.select_for_update().get(id=record.id)
    found.school = record.school
    return found


def by_number(viewer: Viewer, number: str) -> Record:
    """The record with this reference. Raises NotFound."""
    found = Record.objects.filter(school_id=viewer.school_id, number=number.strip().upper()).values_list(
        "id", flat=True
    )
    return get(viewer, found.first() or "")


def log_reading(viewer: Viewer, record: Record, what: str = "record") -> None:
    """Write down that somebody opened a record, or a part of it. A teller who comes back is nobody."""
    if viewer.kind in ("staff", "guardian", "pupil"):
        Reading.objects.create(
            school_id=record.school_id,
            record=record,
            person=viewer.person_id,
            what=what[:120],
            at=clock.utcnow(record.school),
        )


def log_of(record: Record) -> list[policy_log.Event]:
    """The log as the engine reads it, in the order of writing."""
    return append.log_of(record.school, record)


def standing_log(record: Record) -> list[Event]:
    """The events that no ``void`` strikes, by when they happened."""
    school = record.school
    now = clock.now(school)
    rows = list(Event.objects.filter(record=record).exclude(kind="void").order_by("at", "position"))
    log = append.log_of(school, record)
    struck = engine.struck(Desk(school, now, clock.utcnow(school)).series, log, now)
    return [row for row in rows if str(row.id) not in struck]


def picture_of(record: Record, now: datetime | None = None) -> Picture:
    """What the engine says of a record at a civil minute (default now)."""
    school = record.school
    desk = Desk(school, now or clock.now(school), clock.utcnow(school))
    return index.evaluate(desk, record, append.log_of(school, record))


def of_kind(viewer: Viewer, kind: str) -> list[tuple[UUID, policy_log.Event]]:
    """(record, event) of every standing event of a kind in the open records that the viewer sees, in the order of writing."""
    rows = Event.objects.filter(record__in=visible(viewer).filter(closed=False))
    struck = {str(fields.get("event")) for fields in rows.filter(kind="void").values_list("fields", flat=True)}
    school = people.school_by_id(viewer.school_id)
    found = rows.filter(kind=kind).order_by("recorded_at", "position")
    return [(row.record_id, append.for_engine_event(school, row)) for row in found if str(row.id) not in struck]


def named_ids(record: Record) -> Mapping[str, tuple[str, ...]]:
    """{role: ids} of everybody named."""
    rows = Named.objects.filter(record=record).order_by("role", "person").values_list("role", "person")
    found: dict[str, list[str]] = {}
    for role, person in memo.once(("named", record.id), lambda: list(rows)):
        found.setdefault(role, []).append(person)
    return {role: tuple(ids) for role, ids in found.items()}


def names_in(record: Record, lang: str = "") -> Mapping[str, str]:
    """{id: name} of everybody named or acting in a record, people from outside included."""
    events = append.events_of(record)
    ids = {str(person) for event in events for each in event.about.values() for person in each}
    ids |= {str(event.by_person) for event in events if event.by_person}
    return reading.names_of(record, ids, reading.open_all(record))


def opened(record: Record, event: Event, field: str) -> str:
    """The plaintext of a sealed text field; empty where there is none or the record's key is destroyed."""
    box = SealedField.objects.filter(event=event, record=record, path=field).first()
    if box is None:
        return ""
    try:
        return keys.record_cipher(record.id).open(f"{event.id}/{field}", box.ciphertext).decode()
    except keys.KeyDestroyed:
        return ""


def linked(viewer: Viewer, record: Record) -> list[Record]:
    """The records that belong to this one and that the viewer sees."""
    ids = linked_ids(record)
    return list(visible(viewer).filter(id__in=ids).order_by("changed_at")) if ids else []


def linked_anywhere(record: Record) -> bool:
    """Whether a record belongs to another one, seen or not."""
    return bool(linked_ids(record))


def added_since(concerns: Sequence[Record]) -> dict[UUID, list[Event]]:
    """{concern: what its teller told after it was decided what it is, and after it was last passed on}, in the order of writing."""
    kinds = ("triaged", "told-more", "passed-on")
    rows = Event.objects.filter(record__in=[each.id for each in concerns], kind__in=kinds).order_by("position")
    found: dict[UUID, list[Event]] = {}
    for event in rows:
        if event.kind == "passed-on" or (event.kind == "triaged" and event.record_id not in found):
            found[event.record_id] = []
        elif event.kind == "told-more" and event.record_id in found:
            found[event.record_id].append(event)
    return {record: events for record, events in found.items() if events}


def records_naming(school: School, person_id: str, role: str | None = None) -> QuerySet[Record]:
    """The records that name somebody; for the pages of pupils and guardians, who see no record, and for checks."""
    rows = Named.objects.filter(school=school, person=person_id)
    return Record.objects.filter(id__in=(rows.filter(role=role) if role else rows).values("record"))
