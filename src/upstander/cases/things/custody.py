"""Who had an object, from when to when, and where the line has a gap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from upstander.cases import parts
from upstander.cases.looking import Looking
from upstander.policy.model import FieldType
from upstander.policy.model.things import CustodyRoom, Hand
from upstander.ui import dates

TAKEN, PASSED, ENDED = "taken", "passed", "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A stretch of the line. ``state``: a mark of the spine; ``gap``: what is not known before it, in words."""

    state: str
    who: str
    when: str
    until: str = ""
    where: str = ""
    deed: str = ""
    lang: str = ""
    url: str = ""
    late: str = ""
    gap: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One object. ``mark``: by which it is known in the record, empty where there is one; ``open``: the school has it still."""

    mark: str
    held: Sequence[Held]
    open: bool
    gaps: int


def room_of(looking: Looking) -> CustodyRoom | None:
    """What the pack says of this kind of record; None where nothing is kept in it."""
    return looking.rooms.custody


def lines(looking: Looking) -> list[Line]:
    """Every object of the record, in the order in which they came into the school's hands."""
    room = room_of(looking)
    if room is None:
        return []
    hands = {each.event: each for each in room.hands}
    objects: dict[str, list[Any]] = {}
    for entry in sorted(parts.tale(looking), key=lambda each: (each.at, each.recorded)):
        if entry.kind in hands and not entry.voided:
            for mark in _marks(looking, room, entry):
                objects.setdefault(mark, []).append(entry)
    return [_line(looking, mark, hands, entries) for mark, entries in objects.items()]


def _marks(looking: Looking, room: CustodyRoom, entry: Any) -> Sequence[str]:
    about = looking.events[str(entry.id)].about
    return about.get(room.item, ()) or ("",) if room.item else ("",)


def _line(looking: Looking, mark: str, hands: Mapping[str, Hand], entries: Sequence[Any]) -> Line:
    held: list[Held] = []
    holder: str | None = ""
    name = ""
    for place, entry in enumerate(entries):
        hand = hands[entry.kind]
        giver = str(entry.by_person or "")
        gap = _gap(looking, hand, entry, place, holder, giver, name)
        holder, name = _holder(looking, hand, entry)
        after = entries[place + 1] if place + 1 < len(entries) else None
        held.append(_held(looking, hand, entry, name, after, gap))
    last = hands[entries[-1].kind].turn
    return Line(mark=mark, held=held, open=last != ENDED, gaps=sum(bool(each.gap) for each in held))


def _gap(looking: Looking, hand: Hand, entry: Any, place: int, holder: str | None, giver: str, name: str) -> str:
    """What the record does not say about the time before this hand-over."""
    if place == 0:
        return "" if hand.turn == TAKEN else _("Nothing is written down of how it came to the school.")
    if hand.turn == TAKEN:
        return ""
    if holder is None:
        return _("It had already left the school. Nothing is written down of how it came back.")
    if holder and giver and holder != giver:
        return _("%(one)s had it, %(giver)s handed it on. Nothing is written down of what was between.") % {
            "one": name,
            "giver": entry.by_name or _("somebody else"),
        }
    return ""


def _holder(looking: Looking, hand: Hand, entry: Any) -> tuple[str | None, str]:
    """(id, name) of who has it after this: None outside the school, an empty id where only words say so."""
    if hand.to is None and hand.turn == ENDED:
        return None, looking.words.done(entry.kind)
    if hand.to is None:
        return ("" if entry.hidden else str(entry.by_person or "")), entry.by_name
    shown = next((each for each in entry.fields if each.id == hand.to), None)
    name = looking.words.joined(shown.values) if shown else ""
    if hand.turn == ENDED:
        return None, name
    person = looking.pack.events[entry.kind].fields[hand.to].type is FieldType.PERSON
    raw = looking.events[str(entry.id)].fields.get(hand.to, "") if person else ""
    return str(raw), name


def _held(looking: Looking, hand: Hand, entry: Any, name: str, after: Any, gap: str) -> Held:
    shown = next((each for each in entry.fields if each.id == hand.where), None)
    state = "met" if hand.turn == ENDED else "met-late" if after is not None else "due"
    return Held(
        state=state,
        who=name or (_("Sealed") if entry.hidden else _("Nobody is named")),
        when=dates.moment(entry.at, looking.lang, looking.now),
        until=_until(looking, hand, after),
        where=looking.words.joined(shown.values) if shown else "",
        deed=looking.words.done(entry.kind),
        lang=looking.words.lang_of(f"events.{entry.kind}.done"),
        url=looking.url("event", entry.id),
        late=dates.written_later(entry.at, entry.recorded, looking.lang),
        gap=gap,
    )


def _until(looking: Looking, hand: Hand, after: Any) -> str:
    if hand.turn == ENDED:
        return ""
    if after is None:
        return pgettext("custody", "until now")
    end: datetime = after.at
    return _("until %(when)s") % {"when": dates.moment(end, looking.lang, looking.now, inline=True)}
