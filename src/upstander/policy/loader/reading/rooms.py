"""The rooms of a kind of record (docs/language/pack-format.md, records.yaml)."""

from __future__ import annotations

from collections.abc import Iterable

from upstander.policy.loader.reading.kinds import KIND
from upstander.policy.loader.reading.reader import Key, Reader, Shape, object_schema, shown, table
from upstander.policy.loader.reading.values import CLAUSES, IDENTIFIER, IDS, reference
from upstander.policy.loader.tree import Map, Node
from upstander.policy.model.rooms import HearingRoom, Rooms
from upstander.policy.words import worded

_HEARINGS = {
    "heard": Key("heard", KIND, required=True),
    "pupils": Key("pupils", IDS, required=True),
    "staff": Key("staff", IDENTIFIER, required=True),
    "rows": Key("rows", IDS),
    "planned": Key("planned", KIND),
    "confirmed": Key("confirmed", KIND),
    "difference": Key("difference", KIND),
    "settled": Key("settled", KIND),
    "questions": Key("questions", reference("questions")),
    "clause": Key("clause", CLAUSES),
}


def _hearings(reader: Reader, node: Node) -> HearingRoom:
    room = HearingRoom(**table(reader, node, _HEARINGS, "'hearings'"), mark=node.mark)
    if room.heard in reader.events:
        kind = reader.events[room.heard]
        _among(reader, node, "rows", room.heard, room.rows, kind.fields)
        _among(reader, node, "pupils", room.heard, room.pupils, kind.about)
        _among(reader, node, "staff", room.heard, (room.staff,), kind.about)
    return room


def _among(reader: Reader, node: Node, key: str, kind: str, names: Iterable[str], known: Iterable[str]) -> None:
    """Each of the names is one that the form of this kind of event has; else E4 at the key."""
    found = set(known)
    for name in names:
        if name not in found:
            mark = node.entries[key].mark if isinstance(node, Map) else node.mark
            message = worded("'{event}' has no field {field}", event=kind, field=shown(name))
            raise reader.bad(mark, message, reader.hint(name, found), "E4")


_ROOMS = {"hearings": Key("hearings", Shape(_hearings, object_schema(_HEARINGS)))}


def _rooms(reader: Reader, node: Node) -> Rooms:
    return Rooms(**table(reader, node, _ROOMS, "'rooms'"))


ROOMS: Shape[Rooms] = Shape(_rooms, object_schema(_ROOMS))
"""``rooms`` of a kind of record."""
