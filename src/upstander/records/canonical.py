"""The bytes that are hashed: one spelling for one meaning, on every machine and database."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC
from typing import Any

from upstander.records.fields import minute_text
from upstander.records.models import Event

FORM = 1
"""The version of the form below. A new form gets a new number; old events keep theirs."""


def canonical(value: Any) -> bytes:
    """JSON with sorted keys, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def metadata(event: Event) -> dict[str, Any]:
    """Everything about an event that the chain protects; of a protected field the commitment and the ciphertext's hash."""
    return {
        "form": FORM,
        "school": str(event.school_id),
        "record": str(event.record_id),
        "position": event.position,
        "id": str(event.id),
        "kind": event.kind,
        "at": minute_text(event.at),
        "recorded": event.recorded_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "by": {"person": str(event.by_person) if event.by_person else None, "role": event.by_role},
        "about": event.about,
        "fields": event.fields,
        "sealed": event.sealed,
        "instead of": str(event.instead_of) if event.instead_of else None,
        "echo of": str(event.echo_of) if event.echo_of else None,
        "previous": event.previous_hash,
    }


def hash_of(event: Event) -> str:
    """SHA-256 in hex over the event's metadata, its predecessor's hash included."""
    return hashlib.sha256(canonical(metadata(event))).hexdigest()
