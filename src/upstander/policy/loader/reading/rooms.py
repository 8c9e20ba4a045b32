"""The rooms of a kind of record (docs/language/pack-format.md, records.yaml)."""

from __future__ import annotations

from collections.abc import Iterable

from upstander.policy.loader.reading.kinds import KIND, KINDS
from upstander.policy.loader.reading.reader import Key, Reader, Shape, listed, object_schema, table
from upstander.policy.loader.reading.things import THINGS, among
from upstander.policy.loader.reading.values import CLAUSES, COUNT, FACT, FACTS, IDENTIFIER, IDS, reference
from upstander.policy.loader.tree import Map, Node
from upstander.policy.model.rooms import AbsenceRoom, HearingRoom, PlansRoom, Rooms, SeriousRoom

_HEARINGS = {
    "heard": Key("heard", KIND, required=True),
    "pupils": Key("pupils", IDS, required=True),
    "staff": Key("staff", IDENTIFIER, required=True),
    "rows": Key("rows", IDS),
    "planned": Key("planned", KIND),
    "confirmed": Key("confirmed", KIND),
    "difference": Key("difference", KIND),
    "settled": Key("settled", KIND),
    "excused": Key("excused", KIND),
    "questions": Key("questions", reference("questions")),
    "minutes apart": Key("minutes_apart", COUNT),
    **{key: Key(key, IDENTIFIER) for key in ("day", "time", "minutes", "place", "round", "again", "number", "row")},
    **{key: Key(key, IDENTIFIER) for key in ("outcome", "stands")},
    "read back": Key("read_back", IDENTIFIER),
    "clause": Key("clause", CLAUSES),
}

_SERIOUS = {
    "begins": Key("begins", FACT, required=True),
    "steps": Key("steps", listed(reference("duty")), required=True),
    "watches": Key("watches", FACTS),
    "begun with": Key("begun_with", KINDS),
    "first report": Key("first_report", KIND),
    "final report": Key("final_report", KIND),
    "inquiry": Key("inquiry", KINDS),
    "told family": Key("told_family", KINDS),
    "authority": Key("authority", reference("contact")),
    "clause": Key("clause", CLAUSES),
}
_ABSENCE = {
    "noted": Key("noted", KIND, required=True),
    "pupil": Key("pupil", IDENTIFIER, required=True),
    "days": Key("days", IDENTIFIER, required=True),
    "clause": Key("clause", CLAUSES),
}
_PLANS = {
    "planned": Key("planned", KINDS, required=True),
    "looked back": Key("looked_back", KINDS),
    "agreed": Key("agreed", KIND),
    "checked": Key("checked", KIND),
    "kept": Key("kept", IDENTIFIER),
    "measure": Key("measure", KIND),
    "rung": Key("rung", IDENTIFIER),
    "alike in": Key("alike_in", KIND),
    "alike by": Key("alike_by", IDENTIFIER),
    "restorative": Key("restorative", KIND),
    "clause": Key("clause", CLAUSES),
}


def _hearings(reader: Reader, node: Node) -> HearingRoom:
    room = HearingRoom(**table(reader, node, _HEARINGS, "'hearings'"), mark=node.mark)
    if room.heard in reader.events:
        kind = reader.events[room.heard]
        _among(reader, node, "rows", room.heard, room.rows, kind.fields)
        _among(reader, node, "pupils", room.heard, room.pupils, kind.about)
        _among(reader, node, "staff", room.heard, (room.staff,), kind.about)
    for key, of, name in (
        ("round", room.heard, room.round),
        ("read back", room.heard, room.read_back),
        *((key, room.planned, getattr(room, key)) for key in ("day", "time", "minutes", "place")),
        ("row", room.difference, room.row),
        ("outcome", room.settled, room.outcome),
    ):
        if name is not None and of in reader.events:
            _among(reader, node, key, of, (name,), reader.events[of].fields)
    for of in (room.difference, room.settled):
        if room.number is not None and of in reader.events:
            _among(reader, node, "number", of, (room.number,), reader.events[of].about)
    return room


def _serious(reader: Reader, node: Node) -> SeriousRoom:
    return SeriousRoom(**table(reader, node, _SERIOUS, "'serious'"), mark=node.mark)


def _absence(reader: Reader, node: Node) -> AbsenceRoom:
    room = AbsenceRoom(**table(reader, node, _ABSENCE, "'absence'"), mark=node.mark)
    if room.noted in reader.events:
        kind = reader.events[room.noted]
        _among(reader, node, "pupil", room.noted, (room.pupil,), kind.about)
        _among(reader, node, "days", room.noted, (room.days,), kind.fields)
    return room


def _plans(reader: Reader, node: Node) -> PlansRoom:
    room = PlansRoom(**table(reader, node, _PLANS, "'plans'"), mark=node.mark)
    for key, kind, name in (
        ("kept", room.checked, room.kept),
        ("rung", room.measure, room.rung),
        ("alike by", room.alike_in, room.alike_by),
    ):
        if name is not None and kind in reader.events:
            _among(reader, node, key, kind, (name,), reader.events[kind].fields)
    return room


def _among(reader: Reader, node: Node, key: str, kind: str, names: Iterable[str], known: Iterable[str]) -> None:
    among(reader, node.entries[key].mark if isinstance(node, Map) else node, kind, names, known)


_ROOMS = {
    "hearings": Key("hearings", Shape(_hearings, object_schema(_HEARINGS))),
    "serious": Key("serious", Shape(_serious, object_schema(_SERIOUS))),
    "absence": Key("absence", Shape(_absence, object_schema(_ABSENCE))),
    "plans": Key("plans", Shape(_plans, object_schema(_PLANS))),
    **THINGS,
}


def _rooms(reader: Reader, node: Node) -> Rooms:
    return Rooms(**table(reader, node, _ROOMS, "'rooms'"))


ROOMS: Shape[Rooms] = Shape(_rooms, object_schema(_ROOMS))
"""``rooms`` of a kind of record."""
