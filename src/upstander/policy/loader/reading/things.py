"""The rooms about things: hand-in lists, custody, searches, images nobody may see, posts online (docs/language/pack-format.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from upstander.policy.loader.reading.kinds import KIND, KINDS
from upstander.policy.loader.reading.reader import Key, Reader, Shape, Table, listed, made, object_schema, shown, table
from upstander.policy.loader.reading.values import CLAUSES, FACT, IDENTIFIER, ROLES, one_of, reference
from upstander.policy.loader.tree import Node
from upstander.policy.model import Mark
from upstander.policy.model.things import CustodyRoom, Hand, HandInRoom, NoViewRoom, SearchRoom, Shown, TakedownRoom
from upstander.policy.words import worded

_HAND_IN = {
    "taken": Key("taken", KIND, required=True),
    "back": Key("back", KIND, required=True),
    "owner": Key("owner", IDENTIFIER, required=True),
    "unit": Key("unit", IDENTIFIER, required=True),
    "cleared": Key("cleared", KIND),
    "what": Key("what", IDENTIFIER),
    "clause": Key("clause", CLAUSES),
}
_HAND = {
    "event": Key("event", KIND, required=True),
    "turn": Key("turn", one_of(["taken", "passed", "ended"]), required=True),
    "to": Key("to", IDENTIFIER),
    "where": Key("where", IDENTIFIER),
}
_SHOWN = {"event": Key("event", KIND, required=True), "field": Key("field", IDENTIFIER, required=True)}
_CUSTODY = {
    "hands": Key("hands", listed(made(_HAND, "a hand-over", Hand)), required=True),
    "item": Key("item", IDENTIFIER),
    "owner": Key("owner", IDENTIFIER),
    "receipt": Key("receipt", listed(made(_SHOWN, "a field of the receipt", Shown))),
    "clause": Key("clause", CLAUSES),
}
_SEARCH = {"steps": Key("steps", KINDS, required=True), "clause": Key("clause", CLAUSES)}
_NO_VIEW = {
    "suspected": Key("suspected", FACT, required=True),
    "switch": Key("switch", KIND, required=True),
    "steps": Key("steps", KINDS),
    "call": Key("call", listed(reference("contact"))),
    "tell": Key("tell", ROLES),
    "clause": Key("clause", CLAUSES),
}
_TAKEDOWN = {
    "reported": Key("reported", KIND, required=True),
    "item": Key("item", IDENTIFIER, required=True),
    "still there": Key("still_there", FACT, required=True),
    "service": Key("service", IDENTIFIER, required=True),
    "answered": Key("answered", KIND),
    "looked": Key("looked", KIND),
    "clause": Key("clause", CLAUSES),
}


def _hand_in(reader: Reader, node: Node) -> HandInRoom:
    room = HandInRoom(**table(reader, node, _HAND_IN, "'hand-in'"), mark=node.mark)
    for kind in (room.taken, room.back):
        _named(reader, node, kind, (room.owner, room.unit))
    _answered(reader, node, room.taken, [room.what])
    _named(reader, node, room.cleared, [room.unit])
    return room


def _custody(reader: Reader, node: Node) -> CustodyRoom:
    room = CustodyRoom(**table(reader, node, _CUSTODY, "'custody'"), mark=node.mark)
    for hand in room.hands:
        _answered(reader, node, hand.event, [hand.to, hand.where])
    for each in room.receipt:
        _answered(reader, node, each.event, [each.field])
    return room


def _takedown(reader: Reader, node: Node) -> TakedownRoom:
    room = TakedownRoom(**table(reader, node, _TAKEDOWN, "'takedown'"), mark=node.mark)
    _answered(reader, node, room.reported, [room.service])
    for kind in (room.reported, room.answered, room.looked):
        _named(reader, node, kind, [room.item])
    return room


def _answered(reader: Reader, node: Node, kind: str | None, names: Iterable[str | None]) -> None:
    """The form of this kind of event has these fields; else E4."""
    if kind in reader.events:
        among(reader, node, kind, names, reader.events[kind].fields)


def _named(reader: Reader, node: Node, kind: str | None, names: Iterable[str | None]) -> None:
    """This kind of event names these in its ``about``; else E4."""
    if kind in reader.events:
        among(reader, node, kind, names, reader.events[kind].about)


def among(reader: Reader, where: Node | Mark, kind: str, names: Iterable[str | None], known: Iterable[str]) -> None:
    """Each of the names is one that the form of this kind of event has; else E4 there."""
    found = set(known)
    for name in names:
        if name is not None and name not in found:
            message = worded("'{event}' has no field {field}", event=kind, field=shown(name))
            raise reader.bad(where, message, reader.hint(name, found), "E4")


def _plain(make: Any, keys: Table, what: str) -> Any:
    return lambda reader, node: make(**table(reader, node, keys, what), mark=node.mark)


THINGS: Mapping[str, Key] = {
    "hand-in": Key("hand_in", Shape(_hand_in, object_schema(_HAND_IN))),
    "custody": Key("custody", Shape(_custody, object_schema(_CUSTODY))),
    "search": Key("search", Shape(_plain(SearchRoom, _SEARCH, "'search'"), object_schema(_SEARCH))),
    "no-view": Key("no_view", Shape(_plain(NoViewRoom, _NO_VIEW, "'no-view'"), object_schema(_NO_VIEW))),
    "takedown": Key("takedown", Shape(_takedown, object_schema(_TAKEDOWN))),
}
"""The keys of ``rooms`` that are about things."""
