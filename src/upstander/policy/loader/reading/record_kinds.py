"""Kinds of record: what they are about, what they take, who may see and record (§1, §2, §9)."""

from __future__ import annotations

from collections.abc import Mapping

from upstander.policy.loader.reading.kinds import KIND, KINDS
from upstander.policy.loader.reading.reader import (
    Key,
    Reader,
    Shape,
    entries,
    entries_schema,
    listed,
    made,
    object_schema,
    shown,
    table,
)
from upstander.policy.loader.reading.rooms import ROOMS
from upstander.policy.loader.reading.values import (
    CLAUSES,
    DISTANCE,
    FACT,
    FACTS,
    IDENTIFIER,
    IDS,
    ROLE,
    TEXT,
    YES_NO,
    one_of,
)
from upstander.policy.loader.tree import Map, Node, Scalar
from upstander.policy.model import Access, Keep, Known, LoadedWord, Mark, Neutral, RecordKind
from upstander.policy.words import worded


def _all_or(reader: Reader, node: Node) -> object:
    if isinstance(node, Scalar) and node.text == "all":
        return "all"
    return KINDS(reader, node)


def _takes(reader: Reader, node: Node) -> dict[str, tuple[str, ...]]:
    known = one_of(["grade", "age", "class"])
    return entries(reader, node, "'takes'", lambda r, name, value, mark: listed(known)(r, value))


def _known(reader: Reader, node: Node) -> Known:
    found = Known(**table(reader, node, _KNOWN, "'known'"))
    if found.event in reader.events and found.field not in reader.events[found.event].fields:
        mark = node.entries["field"].mark if isinstance(node, Map) else node.mark
        hint = reader.hint(found.field, reader.events[found.event].fields)
        raise reader.bad(
            mark, worded("'{event}' has no field {field}", event=found.event, field=shown(found.field)), hint, "E4"
        )
    return found


def _definition(reader: Reader, node: Node) -> tuple[str, str]:
    if isinstance(node, Scalar):
        return KIND(reader, node), ""
    keys = {"event": Key("event", KIND, required=True), "intro": Key("intro", TEXT)}
    values = table(reader, node, keys, "'definition'")
    return values["event"], values.get("intro", "")


def _wish(reader: Reader, node: Node) -> tuple[str, str]:
    keys = {"event": Key("event", KIND, required=True), "field": Key("field", IDENTIFIER, required=True)}
    values = table(reader, node, keys, "'wish'")
    kind = reader.events.get(values["event"])
    if kind is not None and values["field"] not in kind.fields:
        raise reader.bad(
            node,
            worded("'{kind}' has no field {values}", kind=kind.id, values=shown(values["field"])),
            reader.hint(values["field"], kind.fields),
            "E4",
        )
    return values["event"], values["field"]


_ACCESS = {
    "role": Key("role", ROLE, required=True),
    "see": Key("see", YES_NO),
    "record": Key("record", Shape(_all_or)),
    "decide": Key("decide", Shape(_all_or)),
    "if": Key("if_", FACTS),
    "unless": Key("unless", FACTS),
    "clause": Key("clause", CLAUSES),
}


def _access(reader: Reader, node: Node) -> Access:
    return Access(**table(reader, node, _ACCESS, "'access'"), mark=node.mark)


_KNOWN = {
    "id": Key("id", IDENTIFIER, required=True),
    "label": Key("label", TEXT, required=True),
    "event": Key("event", KIND, required=True),
    "field": Key("field", IDENTIFIER, required=True),
    "clause": Key("clause", CLAUSES),
}
_KEEP = {
    "for": Key("lasts", DISTANCE, required=True),
    "from": Key("from_", TEXT, required=True),
    "says": Key("says", one_of(["clause", "law", "school"])),
    "clause": Key("clause", CLAUSES),
}
_LOADED = {
    "word": Key("word", TEXT, required=True),
    "say": Key("say", TEXT, required=True),
    "lang": Key("lang", TEXT),
}
_NEUTRAL = {
    "until": Key("until", FACT, required=True),
    "words": Key("words", listed(made(_LOADED, "a loaded word", LoadedWord))),
    "clause": Key("clause", CLAUSES),
}
_RECORD = {
    "label": Key("label", TEXT),
    "plural": Key("plural", TEXT),
    "subjects": Key("subjects", IDS),
    "opens by": Key("opened_by", KINDS),
    "events": Key("events", KINDS),
    "takes": Key("takes", Shape(_takes)),
    "access": Key("access", listed(Shape(_access, object_schema(_ACCESS)))),
    "sealed while": Key("sealed_while", FACT),
    "known": Key("known", listed(Shape(_known))),
    "definition": Key("definition", Shape(_definition)),
    "wish": Key("wish", Shape(_wish)),
    "keep": Key("keep", made(_KEEP, "'keep'", Keep)),
    "neutral": Key("neutral", made(_NEUTRAL, "'neutral'", Neutral)),
    "rooms": Key("rooms", ROOMS),
    "clause": Key("clause", CLAUSES),
    "fixed": Key("fixed", YES_NO),
}


def records(reader: Reader, node: Node, built_in: frozenset[str]) -> dict[str, RecordKind]:
    """``records.yaml``: kinds of record."""

    def read(reader: Reader, name: str, value: Node, mark: Mark) -> RecordKind:
        values = table(reader, value, _RECORD, f"kind of record '{name}'")
        values.pop("fixed", None)
        kind, intro = values.pop("definition", (None, ""))
        made = RecordKind(
            id=name, **values, definition=kind, definition_intro=intro, built_in=name in built_in, mark=mark
        )
        if made.keep is not None and made.keep.from_ != "close":
            reader.refer("fact", made.keep.from_, mark)
        return made

    return entries(reader, node, "records", read)


SCHEMAS: Mapping[str, Mapping[str, object]] = {"records": entries_schema(object_schema(_RECORD))}
"""{section: JSON Schema}."""
