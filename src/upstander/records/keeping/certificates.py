"""The certificate of a destruction: what was destroyed, under which line of the policy, when; signed, and checked by ``verify``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from typing import Any

from upstander.people.models import School
from upstander.records.canonical import canonical
from upstander.records.fields import minute_of, minute_text
from upstander.records.keeping.periods import Standing
from upstander.records.models import Destruction, Event, Record, SealedField, StoredFile
from upstander.vault import keys
from upstander.vault.models import RecordKey

FORM = 1


def said_of(standing: Standing, version: str, by: str, at: Any) -> dict[str, Any]:
    """What the certificate says. ``chain``: the hash of every entry, in order; they tell nothing, and prove that it was there."""
    record, keep = standing.record, standing.keep
    if keep is None or standing.since is None or standing.until is None:
        raise ValueError("no period of this record is over")
    return {
        "form": FORM,
        "school": str(record.school_id),
        "record": str(record.id),
        "number": record.number,
        "kind": record.kind,
        "opened": minute_text(record.opened_at),
        "kept": {
            "for": standing.period,
            "from": keep.from_,
            "says": keep.says,
            "clause": list(keep.clause),
            "version": version,
            "since": minute_text(standing.since),
            "until": minute_text(standing.until),
        },
        "at": at.astimezone(UTC).isoformat(timespec="seconds"),
        "by": by,
        "texts": SealedField.objects.filter(record=record).count(),
        "files": StoredFile.objects.filter(record=record).count(),
        "chain": list(Event.objects.filter(record=record).order_by("position").values_list("hash", flat=True)),
    }


def chain_of(record_id: Any) -> list[str]:
    """The hashes of a destroyed record's entries; none where it was not destroyed."""
    said = Destruction.objects.filter(record_id=record_id).values_list("said", flat=True).first()
    return list(said.get("chain", ())) if said else []


def all_of(school: School) -> list[tuple[dict[str, Any], str]]:
    """(certificate, signature in hex) of everything that a school has destroyed, the oldest first."""
    rows = Destruction.objects.filter(school=school).order_by("at", "id")
    return [(row.said, bytes(row.signature).hex()) for row in rows]


def wrong(record: Record) -> Iterator[str]:
    """What does not hold about a destroyed record: codes of ``verify``."""
    kept = Destruction.objects.filter(record=record).first()
    if kept is None:
        yield "certificate-missing"
        return
    said = kept.said
    if said.get("record") != str(record.id) or not keys.verify(
        record.school_id, canonical(said), bytes(kept.signature)
    ):
        yield "certificate-signature"
        return
    if (record.length, record.head) != (len(said["chain"]), said["chain"][-1] if said["chain"] else ""):
        yield "head"
    if minute_of(said["kept"]["until"]).date() > kept.at.date():
        yield "destroyed-early"
    rests = (Event, SealedField, StoredFile)
    key_left = RecordKey.objects.filter(record_id=record.id).exclude(wrapped=b"").exists()
    if key_left or any(table.objects.filter(record=record).exists() for table in rests):  # type: ignore[attr-defined]
        yield "left-behind"
