"""Makes the sealed bundle of a record for one reader: what they may read in plain text, of the rest only the commitments."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC
from pathlib import Path
from typing import Any
from uuid import UUID

from upstander.access.viewer import Viewer
from upstander.records import clock, reading
from upstander.records.bundle import readable, verify_bundle
from upstander.records.canonical import canonical, metadata
from upstander.records.files import EXTENSION
from upstander.records.models import Event, Reading, Record, SealedField, StoredFile
from upstander.vault import keys
from upstander.vault.keys import Opened

VERIFIER = Path(verify_bundle.__file__)


def make(viewer: Viewer, record: Record, lang: str, *, what: str = "bundle") -> bytes:
    """The bundle as bytes. ``viewer``: for whom; ``lang``: of the part that people read. Goes into the reading log as ``what``.

    What the pack keeps from the viewer (texts, files, whole entries where even a code says too much) is withheld.
    Raises ``KeyDestroyed`` for a record that retention has destroyed.
    """
    events = list(Event.objects.filter(record=record).order_by("position"))
    entries: dict[str, bytes] = {}
    listed: list[dict[str, Any]] = []
    withheld: list[list[Any]] = []
    disclosed: dict[str, dict[str, dict[str, str]]] = {}
    opened = _open(record, events)
    for event in events:
        said = None if _whole_is_secret(viewer, event) else metadata(event)
        listed.append({"position": event.position, "previous": event.previous_hash, "hash": event.hash} | _said(said))
        if said is None:
            withheld.append([event.position, ""])
            continue
        secret = _secret_paths(viewer, event, opened)
        withheld += [[event.position, path] for path in sorted(event.sealed) if path in secret]
        shown = {path: _shown(event, path, opened, entries) for path in sorted(event.sealed) if path not in secret}
        if shown:
            disclosed[str(event.id)] = shown
    entries["events.json"] = canonical(listed)
    entries["disclosed.json"] = canonical(disclosed)
    entries |= readable.pages(viewer, record, lang, keys.public_key(record.school_id))
    entries["verify_bundle.py"] = VERIFIER.read_bytes()
    sealed = _signed(record, entries, withheld)
    Reading.objects.create(
        school_id=record.school_id,
        record=record,
        person=viewer.person_id,
        what=what[:120],
        at=clock.utcnow(record.school),
    )
    return verify_bundle.packed(sealed)


def _said(said: dict[str, Any] | None) -> dict[str, Any]:
    return {} if said is None else {"said": said}


def _open(record: Record, events: list[Event]) -> dict[tuple[UUID, str], Opened]:
    """Everything that is sealed in the record, with its salts."""
    cipher = keys.record_cipher(record.id)
    boxes: dict[tuple[UUID, str], bytes] = {}
    for field in SealedField.objects.filter(record=record):
        boxes[field.event_id, field.path] = bytes(field.ciphertext)
    for file in StoredFile.objects.filter(record=record):
        boxes[file.event_id, f"content:{file.id}"] = bytes(file.ciphertext)
    return {
        (event.id, path): cipher.open_with_salt(f"{event.id}/{path}", boxes[event.id, path])
        for event in events
        for path in event.sealed
    }


def _whole_is_secret(viewer: Viewer, event: Event) -> bool:
    """Whether not even kind and codes of an entry are for the viewer: they are hashed together, none can be left out alone."""
    if event.kind in reading.secret_kinds(viewer):
        return True
    kind = viewer.pack.events.get(event.kind)
    return kind is not None and not reading.secret_fields(viewer, kind).isdisjoint(event.fields)


def _secret_paths(viewer: Viewer, event: Event, opened: dict[tuple[UUID, str], Opened]) -> set[str]:
    """The sealed texts of an entry that are kept from the viewer, with the files that they list."""
    secret = set(reading.withheld(viewer, event.record, event)) & set(event.sealed)
    lists = " ".join(opened[event.id, path].plaintext.decode(errors="replace") for path in secret)
    files = {
        path for path in event.sealed if path.startswith(("file:", "content:")) and path.partition(":")[2] in lists
    }
    return secret | files


def _shown(
    event: Event, path: str, opened: dict[tuple[UUID, str], Opened], entries: dict[str, bytes]
) -> dict[str, str]:
    """A text or file with its salt; files become entries of their own, under names that say nothing."""
    found = opened[event.id, path]
    if not path.startswith("content:"):
        return {"salt": found.salt.hex(), "base64": base64.b64encode(found.plaintext).decode()}
    ident = path.removeprefix("content:")
    described = json.loads(opened[event.id, f"file:{ident}"].plaintext)
    name = f"files/{ident}.{EXTENSION.get(described['type'], 'bin')}"
    entries[name] = found.plaintext
    return {"salt": found.salt.hex(), "file": name}


def _signed(record: Record, entries: dict[str, bytes], withheld: list[list[Any]]) -> dict[str, bytes]:
    """The entries in order, behind a manifest and the school's signature of it."""
    school = record.school
    manifest = canonical(
        {
            "upstander bundle": verify_bundle.FORM,
            "made": clock.utcnow(school).astimezone(UTC).isoformat(timespec="seconds"),
            "school": {"id": str(school.id), "name": school.name},
            "record": {
                "id": str(record.id),
                "number": record.number,
                "kind": record.kind,
                "length": record.length,
                "head": record.head,
            },
            "public": keys.public_key(school.id).hex(),
            "withheld": withheld,
            "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(entries.items())},
        }
    )
    first = {verify_bundle.MANIFEST: manifest, verify_bundle.SIGNATURE: keys.sign(school.id, manifest)}
    return first | dict(sorted(entries.items()))
