"""What a corrected entry takes over from the one it replaces: what its author may not see, and the files that stay."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from upstander.access.viewer import Viewer
from upstander.policy.model import EventKind, FieldType
from upstander.records import reading
from upstander.records.files import Prepared
from upstander.records.models import Event, SealedField, StoredFile
from upstander.vault import keys


@dataclass(frozen=True)
class Carried:
    """``fields``: {field: value, texts opened}; ``files``: {field: files opened, each under a new id}."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, list[Prepared]] = field(default_factory=dict)


NOTHING = Carried()


def carried(viewer: Viewer, event: Event, kind: EventKind, keep_files: Collection[str] = ()) -> Carried:
    """What goes along from ``event``: the fields that the pack keeps secret from the viewer, and the files named by id."""
    secret = reading.withheld(viewer, event.record, event)
    opened = _opened(event)
    fields: dict[str, Any] = {name: event.fields[name] for name in secret if name in event.fields}
    files: dict[str, list[Prepared]] = {}
    for name, spec in kind.fields.items():
        if spec.type is FieldType.FILE:
            ids = json.loads(opened.get(name, b"[]"))
            staying = [each for each in ids if name in secret or each in keep_files]
            if staying:
                files[name] = [_file(event, opened, each) for each in staying]
        elif name in secret and name in opened:
            fields[name] = opened[name].decode()
    return Carried(fields, files)


def files_along(events: Iterable[Event], field: str, keep: Collection[str]) -> Carried:
    """The files of some events that are named by id, opened, to go along into another record's ``field``."""
    found: list[Prepared] = []
    for event in events:
        opened = _opened(event)
        found += [_file(event, opened, each) for each in json.loads(opened.get(field, b"[]")) if each in keep]
    return Carried(files={field: found} if found else {})


def copies(event: Event, sealed: Mapping[str, bytes], fresh: Mapping[UUID, bytes], field: str) -> list[Prepared]:
    """The files of one field of an event, each under a new id. ``fresh``: the contents that are at hand before they are stored."""
    found = []
    for ident in json.loads(sealed.get(field, b"[]")):
        said = json.loads(sealed[f"file:{ident}"])
        content = fresh.get(UUID(ident))
        if content is None:
            found.append(_file(event, sealed, ident))
        else:
            found.append(Prepared(uuid4(), said["name"], said["type"], content, said.get("received", "")))
    return found


def _opened(event: Event) -> dict[str, bytes]:
    cipher = keys.record_cipher(event.record_id)
    boxes = SealedField.objects.filter(event=event).values_list("path", "ciphertext")
    return {path: cipher.open(f"{event.id}/{path}", bytes(sealed)) for path, sealed in boxes}


def _file(event: Event, opened: Mapping[str, bytes], ident: str) -> Prepared:
    said = json.loads(opened[f"file:{ident}"])
    stored = StoredFile.objects.get(event=event, id=UUID(ident))
    content = keys.record_cipher(event.record_id).open(f"{event.id}/content:{ident}", bytes(stored.ciphertext))
    return Prepared(uuid4(), said["name"], said["type"], content, said.get("received", ""))
