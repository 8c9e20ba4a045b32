"""The files of a matter: when they came in, through whom, and their fingerprints. None is shown before somebody asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from upstander.cases import parts
from upstander.cases.looking import Looking
from upstander.cases.things import custody, no_view
from upstander.policy.model import FieldType
from upstander.records.reading import FileInfo
from upstander.ui import dates
from upstander.ui.parts import Deed

SIGNS = 8
"""So many signs stand together in a fingerprint, that two people can read it to each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file as the page lists it. ``kept`` and ``sent``: its fingerprints in groups; ``url``: empty where nobody may open it."""

    name: str
    when: str
    by: str
    deed: str
    lang: str = ""
    size: str = ""
    kept: Sequence[str] = ()
    sent: Sequence[str] = ()
    entry: str = ""
    url: str = ""
    struck: bool = False


def files(looking: Looking) -> list[File]:
    """Every file that the viewer may know of, the newest last."""
    shut = no_view.is_on(looking)
    entries = sorted(parts.tale(looking), key=lambda each: (each.at, each.recorded))
    return [_file(looking, entry, each, shut) for entry in entries for shown in entry.fields for each in shown.files]


def _file(looking: Looking, entry: Any, file: FileInfo, shut: bool) -> File:
    return File(
        name=file.name,
        when=dates.moment(entry.at, looking.lang, looking.now),
        by=entry.by_name or pgettext("by whom", "At the door"),
        deed=looking.words.done(entry.kind),
        lang=looking.words.lang_of(f"events.{entry.kind}.done"),
        size=size(file.size),
        kept=grouped(file.sha256),
        sent=grouped(file.received) if file.received != file.sha256 else (),
        entry=looking.url("event", entry.id),
        url="" if shut else looking.url("file", file.id),
        struck=entry.voided,
    )


def grouped(fingerprint: str) -> list[str]:
    """A fingerprint in groups that can be read out."""
    return [fingerprint[place : place + SIGNS] for place in range(0, len(fingerprint), SIGNS)]


def size(count: int) -> str:
    """How big a file is."""
    if count < 1_000_000:
        return _("%(n)d kB") % {"n": max(1, round(count / 1000))}
    return _("%(n)d MB") % {"n": round(count / 1_000_000)}


def adding(looking: Looking) -> list[Deed]:
    """The forms with which something is added: those of the custody, and those that take a file."""
    room = custody.room_of(looking)
    kinds = [each.event for each in room.hands] if room else []
    if not no_view.is_on(looking):
        kinds += [
            kind
            for kind, event in looking.pack.events.items()
            if kind not in parts.NOT_IN_MENU and any(each.type is FieldType.FILE for each in event.fields.values())
        ]
    found = [looking.deed(kind) for kind in dict.fromkeys(kinds)]
    return [each for each in found if each is not None]


def way(looking: Looking) -> Deed | None:
    """The way into this room: where the pack keeps objects, or a file is there."""
    if looking.is_concern or (custody.room_of(looking) is None and not files(looking)):
        return None
    return Deed(label=_("Evidence: who had it, and the files"), url=looking.url("evidence"), icon="clip")
