"""Destroying what a record held: its key, its entries, texts and files, its place in every index. Its certificate stays."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q
from django.dispatch import Signal

from upstander.people.models import School
from upstander.people.packs import pack_of
from upstander.records import clock
from upstander.records.canonical import canonical
from upstander.records.keeping.certificates import said_of
from upstander.records.keeping.periods import Standing, State, look
from upstander.records.models import (
    Destruction,
    DutyRow,
    Event,
    FactRow,
    Hold,
    Link,
    Named,
    Notice,
    Record,
    SealedField,
    StoredFile,
    SubmitKey,
)
from upstander.vault import keys
from upstander.vault.models import RecordKey

destroyed = Signal()
"""Sent in the same transaction, with ``record``: rooms that keep something of it by its id forget it."""

INDEXES = (DutyRow, FactRow, Named, Notice)


class NotDue(Exception):
    """The record is not to be destroyed now: its period is not over, something holds it, or something is still to be done."""


def apply(school: School, now: datetime | None = None, by: str = "") -> list[Destruction]:
    """Destroy every record of a school whose period is over, each in a transaction of its own. ``by``: who asked for it.

    Afterwards the database is asked to let go of what it still holds of the deleted rows (``scrub``).
    """
    moment = now or clock.now(school)
    wanted = [each for each in look(school, moment) if each.state is State.DUE]
    return [destroy(each, by) for each in wanted]


@transaction.atomic
def destroy(standing: Standing, by: str = "") -> Destruction:
    """Destroy one record. Raises NotDue where somebody has changed it since the look."""
    record = Record.objects.select_for_update().select_related("school").filter(id=standing.record.id).first()
    if record is None or standing.state is not State.DUE:
        raise NotDue(str(standing.record.number))
    if (record.length, record.head) != (standing.record.length, standing.record.head):
        raise NotDue(record.number)
    if Hold.objects.filter(record=record, ended_at=None).exists():
        raise NotDue(record.number)
    at = clock.utcnow(record.school)
    pack = pack_of(record.school, clock.civil(record.school, at).date())
    said = said_of(standing, f"{pack.id}@{pack.version}", by, at)
    signature = keys.sign(record.school_id, canonical(said))
    made = Destruction.objects.create(school_id=record.school_id, record=record, said=said, signature=signature, at=at)
    _delete(record)
    Record.everything.filter(id=record.id).update(destroyed_at=at, next_change=None, closed=True)
    destroyed.send(sender=Record, record=record)
    return made


def _delete(record: Record) -> None:
    """Everything but the record's own row, the certificate, and who has read it."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete=ON")  # what is deleted is overwritten in the file
    # First overwritten, so that the bytes of the wrapped key go as well.
    keys.destroy_record_key(record.id)
    for table in (SealedField, StoredFile, Event, *INDEXES):
        table.objects.filter(record=record).delete()  # type: ignore[attr-defined]
    Link.objects.filter(Q(a=record) | Q(b=record)).delete()
    SubmitKey.objects.filter(record=record.id).delete()


def scrub_soon() -> None:
    """The same once what surrounds this is committed, where the database lets it be done without holding anybody up.

    PostgreSQL writes the table of keys anew only for the command, ``upstander keep apply``.
    """
    if connection.vendor == "sqlite":
        transaction.on_commit(scrub)


def scrub() -> None:
    """Let the database let go of deleted bytes: SQLite's log is emptied into the file, PostgreSQL's table of keys written anew.

    Outside of any transaction, after ``apply``. PostgreSQL's own log keeps older pages until it is recycled.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            cursor.execute(f"VACUUM FULL {connection.ops.quote_name(RecordKey._meta.db_table)}")
            for table in (Event, SealedField, StoredFile):
                cursor.execute(f"VACUUM {connection.ops.quote_name(table._meta.db_table)}")
