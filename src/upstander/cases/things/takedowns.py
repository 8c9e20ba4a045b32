"""Posts that are to go: where they stand, what the service answered, when somebody last looked, and what is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from upstander.access.pages import SchoolRequest
from upstander.access.viewer import Viewer
from upstander.cases import parts, steps
from upstander.cases.looking import Looking
from upstander.policy.model import Pack
from upstander.policy.model.things import TakedownRoom
from upstander.records import kinds, queries
from upstander.records.models import Record
from upstander.ui import dates, languages
from upstander.ui.parts import Deed, Entry, Step

MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One post or copy. ``up``: nobody has found it gone; ``steps``: what is due about it; ``deeds``: answer, look again."""

    mark: str
    service: str
    up: bool
    state: str
    word: str
    since: str
    of_record: str = ""
    url: str = ""
    tale: Sequence[Entry] = ()
    steps: Sequence[Step] = ()
    deeds: Sequence[Deed] = ()


def room_of(looking: Looking) -> TakedownRoom | None:
    """What the pack says of this kind of record; None where it knows no such register."""
    return looking.rooms.takedown


def posts(looking: Looking) -> list[Post]:
    """Every post of the record, those that are up first."""
    room = room_of(looking)
    if room is None:
        return []
    wanted = {room.reported, room.answered, room.looked} - {None}
    about: dict[str, list[Any]] = {}
    for entry in sorted(parts.tale(looking), key=lambda each: (each.at, each.recorded)):
        if entry.kind in wanted and not entry.voided:
            for mark in looking.events[str(entry.id)].about.get(room.item, ()):
                about.setdefault(mark, []).append(entry)
    # A fact ends in the minute after the look that ends it; what was just seen to be gone is shown as gone.
    after = queries.picture_of(looking.record, looking.now + timedelta(minutes=1))
    up = {dict(held.key).get(room.item) for held in after.facts if held.fact == room.still_there}
    found = [_post(looking, room, mark, entries, mark in up) for mark, entries in about.items()]
    return sorted(found, key=lambda each: not each.up)


def _post(looking: Looking, room: TakedownRoom, mark: str, entries: Sequence[Any], up: bool) -> Post:
    first = next((each for each in entries if each.kind == room.reported), entries[0])
    due = [each for each in steps.open_duties(looking) if ident_of(each, room.item) == mark]
    late = any(each.late for each in due)
    service = next((each.value for each in first.fields if each.id == room.service), "")
    return Post(
        mark=mark,
        service=service,
        up=up,
        state="overdue" if up and late else "due" if up else "met",
        word=pgettext("post", "Still up") if up else pgettext("post", "Gone"),
        since=_("since %(when)s") % {"when": dates.moment(first.at, looking.lang, looking.now, inline=True)},
        of_record=looking.title,
        url=looking.url("takedowns"),
        tale=[_entry(looking, each) for each in entries],
        steps=[steps.step(looking.words, looking.school, each, looking.now) for each in due],
        deeds=_deeds(looking, room, mark, {deed.kind for each in due for deed in each.deeds}) if up else (),
    )


def ident_of(duty: Any, role: str) -> str:
    """Whom or what a duty concerns under this name; empty for nobody."""
    return next((str(ident) for name, _title, ident, _name in duty.key if name == role), "")


def _entry(looking: Looking, entry: Any) -> Entry:
    details = [
        f"{shown.label} {shown.value}" if shown.label.endswith(("?", "？")) else shown.value for shown in entry.fields
    ]
    return Entry(
        when=dates.moment(entry.at, looking.lang, looking.now),
        title=looking.words.done(entry.kind),
        details=[each for each in details if each],
        by=[entry.by_name] if entry.by_name else [],
        url=looking.url("event", entry.id),
    )


def _deeds(looking: Looking, room: TakedownRoom, mark: str, asked: set[str]) -> list[Deed]:
    """The forms about this post, its mark filled in, but those that a duty asks for anyway."""
    found = []
    for kind in (room.answered, room.looked):
        deed = looking.deed(kind) if kind and kind not in asked else None
        if deed is not None:
            query = urlencode({f"about-{room.item}": mark})
            found.append(Deed(label=deed.label, url=f"{deed.url}{'&' if '?' in deed.url else '?'}{query}"))
    return found


def report(looking: Looking) -> Deed | None:
    """The form that reports one more."""
    room = room_of(looking)
    return looking.deed(room.reported) if room else None


# --- the school's list -----------------------------------------------------------------------------------------------


def facts(pack: Pack) -> dict[str, str]:
    """{kind of record: the fact that a post of it is up}, of the kinds that know posts."""
    return {kind.id: kind.rooms.takedown.still_there for kind in pack.records.values() if kind.rooms.takedown}


def known(viewer: Viewer) -> bool:
    """Whether there is such a list for the viewer."""
    return bool(facts(viewer.pack).keys() & set(kinds.seen(viewer)))


def of_school(request: SchoolRequest) -> list[Post]:
    """Every post that is up, of the records that the viewer sees; what is late first."""
    found: list[Post] = []
    for record in _rows(request).order_by("opened_at")[:MOST]:
        record.school = request.school
        looking = Looking(request.school, request.viewer, record, request.pack, request.now, languages.current().tag)
        found += [each for each in posts(looking) if each.up]
    return sorted(found, key=lambda each: each.state != "overdue")


def any_up(request: SchoolRequest) -> bool:
    """Whether a post is up in a matter that the viewer sees."""
    return _rows(request).exists()


def _rows(request: SchoolRequest) -> QuerySet[Record]:
    wanted = Q(pk=None)
    for kind, fact in facts(request.pack).items():
        wanted |= Q(kind=kind, facts__fact=fact, facts__last=None, facts__first__lte=request.now)
    return queries.visible(request.viewer).filter(wanted).distinct()


def way(looking: Looking) -> Deed | None:
    """The way into this room from the record's page."""
    room = room_of(looking)
    if room is None or not (looking.may(room.reported) or posts(looking)):
        return None
    return Deed(label=_("Posts to be taken down"), url=looking.url("takedowns"), icon="online")
