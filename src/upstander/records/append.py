"""The only place that writes events: positions, commitments, the chain.

Callers hold the record's lock and a transaction. What is appended is never touched again; the database refuses it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from upstander.people import memo
from upstander.people.models import School
from upstander.people.packs import rule_named
from upstander.policy import log as policy_log
from upstander.records import clock
from upstander.records.canonical import hash_of
from upstander.records.models import Event, Record, SealedField, StoredFile
from upstander.records.values import for_engine
from upstander.vault.keys import RecordCipher, Sealed


@dataclass
class Draft:
    """An event before it is written. ``sealed``: {path: plaintext}; ``files``: {file id: bytes}."""

    kind: str
    at: datetime
    by_person: UUID | None = None
    by_role: str = ""
    about: Mapping[str, Sequence[str]] = field(default_factory=dict)
    fields: Mapping[str, Any] = field(default_factory=dict)
    sealed: Mapping[str, bytes] = field(default_factory=dict)
    files: Mapping[UUID, bytes] = field(default_factory=dict)
    instead_of: UUID | None = None
    echo_of: UUID | None = None
    id: UUID = field(default_factory=uuid4)


def append(record: Record, drafts: Sequence[Draft], cipher: RecordCipher, recorded_at: datetime) -> list[Event]:
    """Write the drafts at the end of the record's chain and return the events. The record's own row is the caller's to save.

    ``recorded_at``: aware, the server's. Raises IntegrityError if somebody else appended meanwhile.
    """
    events: list[Event] = []
    boxes: list[SealedField] = []
    files: list[StoredFile] = []
    for draft in drafts:
        event = _event(record, draft, recorded_at)
        for path, plaintext in draft.sealed.items():
            sealed = cipher.seal(f"{event.id}/{path}", plaintext)
            event.sealed[path] = _said(sealed)
            boxes.append(_box(record, event, path, sealed))
        for file_id, content in draft.files.items():
            sealed = cipher.seal(f"{event.id}/content:{file_id}", content)
            event.sealed[f"content:{file_id}"] = _said(sealed)
            files.append(_file(record, event, file_id, sealed))
        event.hash = hash_of(event)
        record.length, record.head = event.position, event.hash
        events.append(event)
    Event.objects.bulk_create(events)
    if boxes:
        SealedField.objects.bulk_create(boxes)
    if files:
        StoredFile.objects.bulk_create(files)
    return events


def _event(record: Record, draft: Draft, recorded_at: datetime) -> Event:
    return Event(
        id=draft.id,
        school_id=record.school_id,
        record=record,
        position=record.length + 1,
        kind=draft.kind,
        at=draft.at,
        recorded_at=recorded_at,
        by_person=draft.by_person,
        by_role=draft.by_role,
        about={role: list(ids) for role, ids in draft.about.items() if ids},
        fields=dict(draft.fields),
        sealed={},
        instead_of=draft.instead_of,
        echo_of=draft.echo_of,
        previous_hash=record.head,
    )


def _said(sealed: Sealed) -> dict[str, str]:
    return {"commitment": sealed.commitment, "cipher": sealed.cipher_hash}


def _box(record: Record, event: Event, path: str, sealed: Sealed) -> SealedField:
    return SealedField(school_id=record.school_id, record=record, event=event, path=path, ciphertext=sealed.ciphertext)


def _file(record: Record, event: Event, file_id: UUID, sealed: Sealed) -> StoredFile:
    return StoredFile(id=file_id, school_id=record.school_id, record=record, event=event, ciphertext=sealed.ciphertext)


def for_engine_event(school: School, event: Event) -> policy_log.Event:
    """An event as the engine reads it: civil time, plain fields."""
    return policy_log.Event(
        id=str(event.id),
        kind=event.kind,
        at=event.at,
        recorded=clock.civil(school, event.recorded_at),
        by=policy_log.Doer(str(event.by_person) if event.by_person else None, event.by_role or None),
        about={role: tuple(ids) for role, ids in event.about.items()},
        fields=for_engine(_by_their_names(school, event)),
        instead_of=str(event.instead_of) if event.instead_of else None,
    )


def _by_their_names(school: School, event: Event) -> dict[str, Any]:
    """The plain fields; the rule that is waived or extended under the name that it has now."""
    rule = event.fields.get("rule") if event.kind in ("waive", "extend") else None
    return {**event.fields, "rule": rule_named(school, str(rule))} if rule else event.fields


def draft_for_engine(school: School, draft: Draft, recorded_at: datetime) -> policy_log.Event:
    """A draft as the engine would read it, for the guard."""
    return policy_log.Event(
        id=str(draft.id),
        kind=draft.kind,
        at=draft.at,
        recorded=clock.civil(school, recorded_at),
        by=policy_log.Doer(str(draft.by_person) if draft.by_person else None, draft.by_role or None),
        about={role: tuple(ids) for role, ids in draft.about.items() if ids},
        fields=for_engine(draft.fields),
        instead_of=str(draft.instead_of) if draft.instead_of else None,
    )


def log_of(school: School, record: Record) -> list[policy_log.Event]:
    """The record's whole log as the engine reads it, in the order of writing."""
    return list(memo.once(("log", record.id), lambda: [for_engine_event(school, each) for each in events_of(record)]))


def events_of(record: Record) -> list[Event]:
    """The rows of the whole log in the order of writing, as they were saved."""
    return list(
        memo.once(("events", record.id), lambda: list(Event.objects.filter(record=record).order_by("position")))
    )
