"""``upstander verify``: proves that nothing in a school's logs was changed, removed or inserted; names the first bad place."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from upstander.people.models import School
from upstander.records import checkpoints
from upstander.records.canonical import hash_of
from upstander.records.keeping import certificates
from upstander.records.models import Checkpoint, Destruction, Event, Record, SealedField, StoredFile
from upstander.vault import box, keys
from upstander.vault.keys import RecordCipher
from upstander.vault.models import RecordKey


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not hold. ``where``: ``record NUMBER``, ``event ID``, ``file ID`` or ``checkpoint N``.

    ``what``: a code of ``_WORDS``.
    """

    where: str
    what: str
    record: UUID | None = None
    position: int | None = None

    def __str__(self) -> str:
        """The place and what is wrong there, in the language of the page or terminal."""
        return f"{self.where}: {_WORDS[self.what]}"


_WORDS = {
    "position": _("an entry is missing, was added or moved before this one"),
    "previous": _("does not follow the entry before it"),
    "hash": _("was changed after it was written"),
    "field-missing": _("an encrypted text is gone"),
    "field-changed": _("an encrypted text was changed"),
    "field-extra": _("an encrypted text was added"),
    "file-missing": _("the file is gone"),
    "file-changed": _("the file was changed"),
    "file-extra": _("the file was added"),
    "commitment": _("an encrypted text does not belong here"),
    "head": _("the end of the log is missing or was added"),
    "key-missing": _("the key is missing or does not fit"),
    "certificate-missing": _("was destroyed without a certificate"),
    "certificate-signature": _("the certificate of its destruction was not signed by the school"),
    "destroyed-early": _("was destroyed before its time"),
    "left-behind": _("was destroyed, but something of it is still there"),
    "record-missing": _("the record of this entry is gone"),
    "checkpoint-position": _("a checkpoint is missing"),
    "checkpoint-previous": _("does not follow the checkpoint before it"),
    "checkpoint-hash": _("the checkpoint was changed"),
    "checkpoint-signature": _("the signature is not the school's"),
    "checkpoint-head": _("a log no longer contains what was signed here"),
}


@dataclass(frozen=True)
class Report:
    """What ``verify`` looked at and what it found."""

    problems: list[Finding]
    records: int
    events: int


def verify_school(school: School) -> Report:
    """Everything that is wrong in a school; no problems when all holds. Reads every event, field, file and checkpoint."""
    found: list[Finding] = []
    records = 0
    for record in Record.everything.filter(school=school).order_by("id").iterator(chunk_size=500):
        found += verify_record(record)
        records += 1
    found += _orphans(school)
    found += verify_checkpoints(school)
    return Report(found, records, Event.objects.filter(school=school).count())


def verify_record(record: Record) -> list[Finding]:
    """What is wrong in one record: its chain first, then what is sealed; of a destroyed one, its certificate."""
    if record.destroyed_at is not None or Destruction.objects.filter(record=record).exists():
        return [Finding(f"record {record.number}", code, record.id) for code in certificates.wrong(record)]
    events = list(Event.objects.filter(record=record).order_by("position"))
    chain = list(_chain(record, events))
    return chain + list(_sealed(record, events))


def _chain(record: Record, events: list[Event]) -> Iterator[Finding]:
    previous = ""
    for place, event in enumerate(events, start=1):
        where = f"event {event.id}"
        if event.position != place or event.school_id != record.school_id:
            yield Finding(where, "position", record.id, event.position)
            return
        if event.previous_hash != previous:
            yield Finding(where, "previous", record.id, event.position)
            return
        if event.hash != hash_of(event):
            yield Finding(where, "hash", record.id, event.position)
            return
        previous = event.hash
    if (record.length, record.head) != (len(events), previous):
        yield Finding(f"record {record.number}", "head", record.id, len(events))


def _sealed(record: Record, events: list[Event]) -> Iterator[Finding]:
    cipher = _cipher(record)
    if cipher is None and events:
        yield Finding(f"record {record.number}", "key-missing", record.id)
    fields = {(row.event_id, row.path): bytes(row.ciphertext) for row in SealedField.objects.filter(record=record)}
    files = {row.id: row for row in StoredFile.objects.filter(record=record)}
    for event in events:
        for path, said in event.sealed.items():
            where = f"event {event.id}"
            if path.startswith("content:"):
                stored = files.pop(UUID(path.removeprefix("content:")), None)
                held = bytes(stored.ciphertext) if stored and stored.event_id == event.id else None
                where = f"file {path.removeprefix('content:')}"
            else:
                held = fields.pop((event.id, path), None)
            what = _wrong(event, path, said, held, cipher if isinstance(cipher, RecordCipher) else None)
            if what:
                yield Finding(where, what, record.id, event.position)
    for event_id, _path in fields:
        yield Finding(f"event {event_id}", "field-extra", record.id)
    for file_id in files:
        yield Finding(f"file {file_id}", "file-extra", record.id)


def _cipher(record: Record) -> RecordCipher | str | None:
    """The record's key in hand, ``destroyed`` where retention destroyed it, None where it is missing or does not open."""
    try:
        return keys.record_cipher(record.id)
    except keys.KeyDestroyed:
        return "destroyed"
    except (RecordKey.DoesNotExist, box.CannotOpen):
        return None


def _wrong(event: Event, path: str, said: dict[str, str], held: bytes | None, cipher: RecordCipher | None) -> str:
    part = "file" if path.startswith("content:") else "field"
    if held is None:
        return f"{part}-missing"
    if hashlib.sha256(held).hexdigest() != said["cipher"]:
        return f"{part}-changed"
    if cipher is None:
        return ""
    place = f"{event.id}/{path}"
    try:
        opened = cipher.open_with_salt(place, held)
    except box.CannotOpen:
        return "commitment"
    return "" if keys.commitment(opened.salt, place, opened.plaintext) == said["commitment"] else "commitment"


def _orphans(school: School) -> Iterator[Finding]:
    """Events whose record is gone."""
    known = Record.everything.filter(school=school)
    for event in Event.objects.filter(school=school).exclude(record__in=known).values_list("id", "position"):
        yield Finding(f"event {event[0]}", "record-missing", None, event[1])


def verify_checkpoints(school: School) -> list[Finding]:
    """What is wrong with the signed days: their own chain, their signatures, and the heads that they vouch for."""
    found: list[Finding] = []
    previous = ""
    for place, row in enumerate(Checkpoint.objects.filter(school=school).order_by("position"), start=1):
        where = f"checkpoint {row.position}"
        if row.position != place:
            return [*found, Finding(where, "checkpoint-position", None, row.position)]
        if row.previous_hash != previous:
            return [*found, Finding(where, "checkpoint-previous", None, row.position)]
        if row.hash != checkpoints.hash_of(row):
            return [*found, Finding(where, "checkpoint-hash", None, row.position)]
        if not keys.verify(school.id, bytes.fromhex(row.hash), bytes(row.signature)):
            return [*found, Finding(where, "checkpoint-signature", None, row.position)]
        found += [
            Finding(where, "checkpoint-head", UUID(record), position)
            for record, (position, head) in row.heads.items()
            if checkpoints.hash_at(record, position) != head
        ]
        previous = row.hash
    return found
