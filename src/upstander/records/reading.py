"""Opening what is sealed, for one viewer: which fields and kinds are kept from them, names, files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from upstander.access import sealing
from upstander.access.viewer import Viewer
from upstander.people import memo
from upstander.people import queries as people
from upstander.policy.model import EventKind, Pack
from upstander.records import clock, subjects
from upstander.records.models import Event, Record, SealedField
from upstander.vault import keys

HIDDEN = frozenset({"person-named"})
"""Kinds that the software writes for the rules; no timeline shows them."""


def _viewer_roles(viewer: Viewer) -> frozenset[str]:
    roles = {held.role for held in viewer.roles}
    return frozenset(roles | {group for role in roles for group in viewer.pack.groups_of(role)} | {viewer.kind})


def kept_from(viewer: Viewer, roles: Iterable[str]) -> bool:
    """Whether something secret from these roles is secret from the viewer: from whoever holds no other post."""
    secret = frozenset(roles)
    if not secret:
        return False
    posts = {held.role for held in viewer.roles}
    allowed = {role for role in posts if role not in secret and not secret & set(viewer.pack.groups_of(role))}
    return bool(secret & _viewer_roles(viewer)) and not allowed


def secret_kinds(viewer: Viewer) -> frozenset[str]:
    """The kinds of event whose content the viewer may not read."""
    return frozenset(kind.id for kind in viewer.pack.events.values() if kept_from(viewer, kind.secret_from))


def secret_fields(viewer: Viewer, kind: EventKind) -> frozenset[str]:
    """The fields of a kind that the viewer may not read."""
    return frozenset(name for name, spec in kind.fields.items() if kept_from(viewer, spec.secret_from))


def withheld(viewer: Viewer, record: Record, event: Event) -> frozenset[str]:
    """The fields of one event that the viewer may not read now: those kept from their posts, and what is sealed for a time."""
    kind = viewer.pack.events.get(event.kind)
    if kind is None:
        return frozenset()
    kept = secret_fields(viewer, kind)
    if not any(spec.secret_while for spec in kind.fields.values()):
        return kept
    subject = subjects.subject_of(record, viewer.pack, clock.now(record.school))
    return kept | sealing.withheld(viewer, kind, event.by_person, event.about, subject)


def sealed_for_now(viewer: Viewer, record: Record, event: Event) -> bool:
    """Whether something that was written there is sealed from the viewer for a time."""
    kind = viewer.pack.events.get(event.kind)
    if kind is None:
        return False
    waiting = withheld(viewer, record, event) - secret_fields(viewer, kind)
    return not waiting.isdisjoint(event.sealed)


@dataclass(frozen=True)
class FileInfo:
    """A file as a page lists it. ``size`` in bytes."""

    id: UUID
    name: str
    type: str
    size: int
    sha256: str = ""
    received: str = ""
    """SHA-256 of the file as it is kept, and as it was sent; empty of files from before it was written down."""


@dataclass
class Opened:
    """The sealed fields of a record in hand: {event id: {path: plaintext}}. Names of outsiders, too."""

    texts: Mapping[UUID, Mapping[str, bytes]]
    outsiders: dict[str, dict[str, str]] = field(default_factory=dict)

    def text(self, event: Event, name: str) -> str:
        """The plaintext of a sealed text field; empty where there is none."""
        return self.texts.get(event.id, {}).get(name, b"").decode()

    def files(self, event: Event, name: str) -> list[FileInfo]:
        """The files of a file field."""
        held = self.texts.get(event.id, {})
        found = []
        for ident in json.loads(held.get(name, b"[]")):
            said = json.loads(held.get(f"file:{ident}", b"{}"))
            if said:
                marks = {name: said.get(name, "") for name in ("sha256", "received")}
                found.append(FileInfo(UUID(ident), said["name"], said["type"], said["size"], **marks))
        return found


def open_all(record: Record) -> Opened:
    """Decrypt everything of a record but its files. Empty for a record whose key is destroyed."""
    return memo.once(("opened", record.id), lambda: _open_all(record))


def _open_all(record: Record) -> Opened:
    rows = list(SealedField.objects.filter(record=record).values_list("event_id", "path", "ciphertext"))
    texts: dict[UUID, dict[str, bytes]] = {}
    outsiders: dict[str, dict[str, str]] = {}
    if rows:
        try:
            cipher = keys.record_cipher(record.id)
        except keys.KeyDestroyed:
            return Opened({})
        for event_id, path, ciphertext in rows:
            plain = cipher.open(f"{event_id}/{path}", bytes(ciphertext))
            texts.setdefault(event_id, {})[path] = plain
            if path.startswith("outside:"):
                outsiders[path.removeprefix("outside:")] = json.loads(plain)
    return Opened(texts, outsiders)


def names_of(record: Record, ids: Iterable[str], opened: Opened) -> dict[str, str]:
    """{id: name} for people of the school and from outside; what is neither names itself."""
    wanted = set(ids)
    found = people.names(record.school, wanted)
    for ident in wanted - set(found):
        said: Mapping[str, Any] | None = opened.outsiders.get(ident)
        words = ident if said is None else str(said["words"])
        found[ident] = f"{words} ({said['relation']})" if said and said.get("relation") else words
    return found


def option_labels(pack: Pack, options: str, codes: Iterable[str], lang: str) -> list[str]:
    """The words of coded answers."""
    from upstander.policy import labels

    return [labels.label(pack, f"options.{options}.{code}.label", lang) if options else code for code in codes]
