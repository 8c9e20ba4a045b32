"""A signed word a day: where every chain of a school ends. Whoever cuts off the end of a log later is caught by it."""

from __future__ import annotations

import hashlib
from datetime import UTC, timedelta
from typing import Any

from django.db import transaction

from upstander.people.models import School
from upstander.records import clock
from upstander.records.canonical import canonical
from upstander.records.keeping import certificates
from upstander.records.models import Checkpoint, Event, Record
from upstander.vault import keys

OVERLAP = timedelta(hours=1)
"""A deed may have begun before the last checkpoint and ended after it."""


@transaction.atomic
def make(school: School) -> Checkpoint | None:
    """Sign the heads of all chains that grew since the checkpoint before; None where none did."""
    last = Checkpoint.objects.filter(school=school).order_by("-position").first()
    rows = Record.objects.select_for_update().filter(school=school, length__gt=0)
    if last is not None:
        rows = rows.filter(changed_at__gte=last.made_at - OVERLAP)
    known = _last_heads(school, [row.id for row in rows]) if last else {}
    heads = {str(row.id): [row.length, row.head] for row in rows}
    heads = {record: head for record, head in sorted(heads.items()) if known.get(record) != head}
    if not heads:
        return None
    new = Checkpoint(
        school=school,
        position=last.position + 1 if last else 1,
        made_at=clock.utcnow(school),
        heads=heads,
        previous_hash=last.hash if last else "",
    )
    new.hash = hash_of(new)
    new.signature = keys.sign(school.id, bytes.fromhex(new.hash))
    new.save(force_insert=True)
    return new


def _last_heads(school: School, records: list[Any]) -> dict[str, list[Any]]:
    wanted = {str(each) for each in records}
    found: dict[str, list[Any]] = {}
    for heads in (
        Checkpoint.objects.filter(school=school).order_by("position").values_list("heads", flat=True).iterator()
    ):
        found |= {record: head for record, head in heads.items() if record in wanted}
    return found


def hash_of(checkpoint: Checkpoint) -> str:
    """SHA-256 in hex over what a checkpoint says, its predecessor's hash included."""
    said = {
        "school": str(checkpoint.school_id),
        "position": checkpoint.position,
        "made": checkpoint.made_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "heads": checkpoint.heads,
        "previous": checkpoint.previous_hash,
    }
    return hashlib.sha256(canonical(said)).hexdigest()


def hash_at(record_id: str, position: int) -> str | None:
    """The hash of an event by its place, of a destroyed record from its certificate; None where there is none."""
    found = Event.objects.filter(record_id=record_id, position=position).values_list("hash", flat=True).first()
    if found is not None:
        return found
    kept = certificates.chain_of(record_id)
    return kept[position - 1] if 0 < position <= len(kept) else None
