"""What a pack declares: clauses, roles, coded lists, kinds of event and kinds of record (§1, §8, §9)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from upstander.policy.loader.reading.reader import (
    Bad,
    Key,
    Reader,
    Shape,
    as_map,
    each_of,
    entries,
    entries_schema,
    listed,
    made,
    object_schema,
    shown,
    table,
)
from upstander.policy.loader.reading.values import (
    CLAUSES,
    COUNT,
    FACT,
    FACTS,
    IDENTIFIER,
    IDS,
    NUMBER,
    ROLE,
    ROLES,
    SPAN,
    STRENGTH,
    TEXT,
    YES_NO,
    one_of,
    reference,
    scalar,
)
from upstander.policy.loader.tree import Map, Node, Scalar, Seq
from upstander.policy.model import (
    SEALED_TYPES,
    Clause,
    Echo,
    EventKind,
    Field,
    FieldType,
    Mark,
    Option,
    RoleInfo,
    Span,
    Tell,
)
from upstander.policy.words import worded

KIND = reference("kind of event")
KINDS = listed(KIND)
RECORD = reference("kind of record")
_FIXED = Key("fixed", YES_NO)
_COUNTED = {"at least": Key("at_least", COUNT), "at most": Key("at_most", COUNT)}

_CLAUSE = {
    "id": Key("id", TEXT, required=True),
    "at": Key("at", TEXT),
    "text": Key("text", TEXT, required=True),
    "kind": Key("kind", TEXT),
    "strength": Key("strength", STRENGTH),
    "not automated": Key("not_automated", TEXT),
    "pages": Key("pages", IDS),
    "fixed": _FIXED,
}
_ROLE = {
    "title": Key("title", TEXT),
    "named as": Key("named_as", TEXT),
    "deputies": Key("deputies", ROLES),
    "how many": Key("how_many", made(_COUNTED, "'how many'", dict)),
    "outside": Key("outside", YES_NO),
    "conflicts": Key("conflicts", ROLES),
    "scope": Key("scope", one_of(["school", "grade", "class"])),
    "of the matter": Key("of_the_matter", YES_NO),
    "any of": Key("any_of", IDS),
    "clause": Key("clause", CLAUSES),
    "fixed": _FIXED,
}
_OPTION = {
    "label": Key("label", TEXT),
    "help": Key("help", TEXT),
    "icon": Key("icon", TEXT),
    "clause": Key("clause", CLAUSES),
}
_TYPES = [each.value for each in FieldType]
_TYPED = ("one-of", "some-of", "person", "place")
_FIELD = {
    "type": Key("type", TEXT),
    "one-of": Key("one_of", IDENTIFIER),
    "some-of": Key("some_of", IDENTIFIER),
    "person": Key("person", IDENTIFIER),
    "place": Key("place", IDENTIFIER),
    "list": Key("options", IDENTIFIER),
    "role": Key("role", IDENTIFIER),
    "label": Key("label", TEXT),
    "help": Key("help", TEXT),
    "required": Key("required", YES_NO),
    "required while": Key("required_while", FACT),
    "secret from": Key("secret_from", ROLES),
    "secret while": Key("secret_while", FACT),
    "many": Key("many", YES_NO),
    "min": Key("least", NUMBER),
    "max": Key("most", NUMBER),
    "clause": Key("clause", CLAUSES),
    "fixed": _FIXED,
}


FIELD_KEYS = _FIELD


def clauses(reader: Reader, node: Node) -> dict[str, Clause]:
    """``clauses.yaml``: a list; the ids are those of the document's catalogue."""
    found: dict[str, Clause] = {}
    if not isinstance(node, Map):
        reader.report(node, worded("clauses are a list of {{id, at, text, …}}"))
        return found
    for name, value in node.entries.items():
        try:
            values = table(reader, value, _CLAUSE, "a clause")
        except Bad:
            found[name] = Clause(name, "", "", mark=node.place(name))  # so that rules may still name it
            continue
        values.pop("fixed", None)
        found[name] = Clause(**{"at": "", **values}, mark=node.place(name))
    return found


def roles(reader: Reader, node: Node) -> dict[str, RoleInfo]:
    """``roles.yaml``: posts, roles in a matter, and groups."""

    def read(reader: Reader, name: str, value: Node, mark: Mark) -> RoleInfo:
        values = table(reader, value, _ROLE, f"role '{name}'")
        values.pop("fixed", None)
        many = values.pop("how_many", {})
        return RoleInfo(id=name, **values, **many, mark=mark)

    return entries(reader, node, "roles", read)


def options(reader: Reader, node: Node) -> dict[str, Mapping[str, Option]]:
    """``options.yaml``: coded lists, in the order of the file."""

    def read(reader: Reader, name: str, value: Node, mark: Mark) -> Mapping[str, Option]:
        return entries(reader, value, f"list '{name}'", _option)

    return entries(reader, node, "options", read)


def _option(reader: Reader, code: str, value: Node, mark: Mark) -> Option:
    if isinstance(value, Scalar) and not value.nothing:
        return Option(code, value.text.strip(), mark=mark)
    return Option(code, **{"label": "", **table(reader, value, _OPTION, f"option '{code}'")}, mark=mark)


def options_shape() -> Shape[Mapping[str, Option]]:
    """One coded list that stands where it is used."""
    one = entries_schema({"anyOf": [{"type": "string"}, object_schema(_OPTION)]})
    return Shape(lambda reader, node: entries(reader, node, "'options'", _option), one)


# --- events -------------------------------------------------------------------------------------------------------


def field_of(reader: Reader, name: str, node: Node, mark: Mark) -> Field:
    """A field of a form. Raises ``Bad``."""
    if isinstance(node, Scalar):
        sort, options, role = _typed(reader, scalar(reader, node, "the type of a field"))
        return Field(name, sort, options=options, role=role, mark=mark)
    values = table(reader, node, _FIELD, f"field '{name}'")
    values.pop("fixed", None)
    sort, options, role = _sort(reader, node, values, mark)
    if values.get("secret_while") and sort not in SEALED_TYPES:
        raise reader.bad(
            mark, worded("only a text, a file or a signature can be 'secret while': rules may look into the others")
        )
    return Field(name, sort, options=options, role=role, **values, mark=mark)


def _sort(reader: Reader, node: Node, values: dict[str, Any], mark: Mark) -> tuple[FieldType, str, str]:
    """The type of a field however it is written: ``type: one-of``, ``type: "one-of: LIST"`` or ``one-of: LIST``."""
    given = [(word, values.pop(word.replace("-", "_"))) for word in _TYPED if word.replace("-", "_") in values]
    written = values.pop("type", None)
    listed_as, role = values.pop("options", ""), values.pop("role", "")
    if len(given) + (written is not None) != 1:
        raise reader.bad(mark, worded("a field has one type"), worded("for example {{type: text}} or {{one-of: LIST}}"))
    if given:
        [(word, target)] = given
        sort, options, role = FieldType(word), "" if word == "person" else target, target if word == "person" else ""
    else:
        sort, options, named = _typed(reader, Scalar(written or "", False, mark))
        options, role = options or listed_as, named or role
    if sort in (FieldType.ONE_OF, FieldType.SOME_OF) and not options:
        raise reader.bad(
            mark,
            worded("a {value} field names its list", value=sort.value),
            worded("for example {{one-of: contact-ways}}"),
        )
    if sort is FieldType.PLACE and not options:
        options = "places"
    if options:
        reader.refer("list", options, mark)
    return sort, options, role


def _typed(reader: Reader, node: Scalar) -> tuple[FieldType, str, str]:
    word, _, target = (part.strip() for part in node.text.partition(":"))
    if word not in _TYPES:
        raise reader.bad(node, worded("there is no type {word}", word=shown(word)), reader.hint(word, _TYPES))
    sort = FieldType(word)
    if target and sort.value not in _TYPED:
        raise reader.bad(node, worded("a {word} field names no list", word=word))
    if target and sort is not FieldType.PERSON:
        reader.refer("list", target, node.mark)
    return (sort, "", target) if sort is FieldType.PERSON else (sort, target, "")


def _fields(reader: Reader, node: Node) -> dict[str, Field]:
    return entries(reader, node, "fields", field_of)


def fields_shape() -> Shape[dict[str, Field]]:
    """Fields by id, in the order in which they are asked."""
    return Shape(_fields, entries_schema({"anyOf": [{"type": "string"}, object_schema(_FIELD)]}))


def _tell(reader: Reader, node: Node) -> Tell:
    if isinstance(node, Map) and reader.param_name(node) is None:
        keys = {"roles": Key("roles", ROLES, required=True), "if": Key("if_", FACTS), "unless": Key("unless", FACTS)}
        return Tell(**table(reader, node, keys, "'tells'"))
    return Tell((ROLE(reader, node),))


def _tells(reader: Reader, node: Node) -> tuple[Tell, ...]:
    found = reader.resolve(node)
    items = found.items if isinstance(found, Seq) else [found]
    told = each_of(reader, items, Shape(_tell))
    bare = tuple(role for tell in told if not tell.if_ and not tell.unless for role in tell.roles)
    guarded = tuple(tell for tell in told if tell.if_ or tell.unless)
    return ((Tell(bare),) if bare else ()) + guarded


def _where(reader: Reader, node: Node) -> object:
    if isinstance(node, Scalar):
        return one_of(["linked"])(reader, node)
    names = {name: IDENTIFIER(reader, value) for name, value in as_map(reader, node, "'where'").entries.items()}
    if not names:
        raise reader.bad(
            node, worded("an empty 'where' compares nothing"), worded("leave it out to reach every open record"), "E5"
        )
    return names


def _back(reader: Reader, node: Node) -> Span | str:
    if isinstance(node, Scalar) and node.text == "school year":
        return "school year"
    return SPAN(reader, node)


_ECHO = {
    "to": Key("to", RECORD, required=True),
    "as": Key("as_", KIND, required=True),
    "where": Key("where", Shape(_where)),
    "open": Key("open", one_of(["no", "yes", "always"])),
    "back": Key("back", Shape(_back)),
}
_EVENT = {
    "label": Key("label", TEXT),
    "done": Key("done", TEXT),
    "about": Key("about", IDS),
    "fields": Key("fields", fields_shape()),
    "recorded by": Key("recorded_by", ROLES),
    "tells": Key("tells", Shape(_tells)),
    "echoes": Key("echoes", listed(made(_ECHO, "an echo", Echo))),
    "secret from": Key("secret_from", ROLES),
    "group": Key("group", one_of(["talk", "decision", "measure", "contact", "report", "check", "other"])),
    "asks at": Key("asks_when", YES_NO),
    "reads": Key("reads", IDS),
    "clause": Key("clause", CLAUSES),
    "fixed": _FIXED,
}


def events(reader: Reader, node: Node, built_in: frozenset[str]) -> dict[str, EventKind]:
    """``events.yaml``: kinds of event with their forms."""

    def read(reader: Reader, name: str, value: Node, mark: Mark) -> EventKind:
        values = table(reader, value, _EVENT, f"kind of event '{name}'")
        values.pop("fixed", None)
        return EventKind(id=name, **values, built_in=name in built_in, mark=mark)

    found = entries(reader, node, "events", read)
    if isinstance(node, Map):  # a bad kind still exists: rules about it are not wrong for that reason
        for name in node.entries.keys() - found.keys():
            reader.events.setdefault(name, EventKind(name))
    return found


SCHEMAS: Mapping[str, Mapping[str, object]] = {
    "clauses": {"type": "array", "items": object_schema(_CLAUSE)},
    "roles": entries_schema(object_schema(_ROLE)),
    "options": entries_schema(entries_schema({"anyOf": [{"type": "string"}, object_schema(_OPTION)]})),
    "events": entries_schema(object_schema(_EVENT)),
}
"""{section: JSON Schema}."""
