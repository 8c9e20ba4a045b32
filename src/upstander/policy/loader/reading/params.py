"""The school's numbers and its answers to the document's vague words (§1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from upstander.policy.durations import NoDuration, about_minutes, parse_distance
from upstander.policy.loader.reading.reader import Bad, Key, Reader, Shape, as_map, entries, object_schema, shown, table
from upstander.policy.loader.reading.values import CLAUSES, TEXT, YES_NO, one_of
from upstander.policy.loader.tree import Map, Node, Scalar, from_python, plain
from upstander.policy.model import Mark, Param
from upstander.policy.words import worded

_ANY: Shape[Node] = Shape(lambda reader, node: node)
_PARAM = {
    "value": Key("value", _ANY, required=True),
    "title": Key("title", TEXT),
    "says": Key("says", one_of(("clause", "school"))),
    "least": Key("least", _ANY),
    "most": Key("most", _ANY),
    "clause": Key("clause", CLAUSES),
    "fixed": Key("fixed", YES_NO),
}
_ANSWERS = Mark("answers", 1, 1)


def answered(reader: Reader, node: Node | None, answers: Mapping[str, Any]) -> None:
    """Lay the params and words into the reader, the school's own answers over those of the pack.

    ``answers``: ``{"params": {name: value}, "words": {word: answer}}``.
    """
    if node is None:
        node = Map({}, {}, Mark("", 0, 0))
    try:
        mapping = as_map(reader, node, "'params'")
        words = (
            as_map(reader, mapping.entries["words"], "'words'")
            if "words" in mapping.entries
            else Map({}, {}, mapping.mark)
        )
    except Bad:
        return
    own_words, own_params = _own(reader, answers)
    for name, value in words.entries.items():
        reader.words[name] = _with(reader, name, value, own_words.pop(name, None))
    reader.declared_params = Map({}, {}, mapping.mark)
    for name, value in mapping.entries.items():
        if name == "words":
            continue
        merged = _with(reader, name, value, own_params.pop(name, None))
        reader.declared_params.entries[name] = merged
        reader.declared_params.marks[name] = mapping.place(name)
        if isinstance(merged, Map) and "value" in merged.entries:
            reader.params[name] = merged.entries["value"]
    for name in own_words:
        reader.report(
            _ANSWERS, worded("the pack asks for no word {name}", name=shown(name)), reader.hint(name, words.entries)
        )
    for name in own_params:
        reader.report(
            _ANSWERS, worded("the pack asks for no param {name}", name=shown(name)), reader.hint(name, mapping.entries)
        )


def _own(reader: Reader, answers: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    parts: list[dict[str, Any]] = []
    for name in ("words", "params"):
        part = answers.get(name) or {}
        if not isinstance(part, Mapping):
            reader.report(_ANSWERS, worded("'{name}' of the answers is a mapping", name=name))
            part = {}
        parts.append({str(key): value for key, value in part.items() if value is not None})
    for name in answers:
        if name not in ("words", "params"):
            reader.report(
                _ANSWERS,
                worded("unknown word {name} in the answers", name=shown(str(name))),
                reader.hint(str(name), ("words", "params")),
            )
    return parts[0], parts[1]


def _with(reader: Reader, name: str, node: Node, answer: object) -> Node:
    """The entry with the school's answer as its value."""
    if answer is None:
        return node
    value = from_python(answer, _ANSWERS)
    if not isinstance(node, Map) or "value" not in node.entries:
        return value
    says = node.entries.get("says")
    if isinstance(says, Scalar) and says.text == "clause" and plain(node.entries["value"]) != plain(value):
        reader.report(_ANSWERS, worded("{name} is fixed by its clause", name=shown(name)), code="E16")
        return node
    return Map({**node.entries, "value": value}, {**node.marks, "value": _ANSWERS}, node.mark)


def params(reader: Reader) -> dict[str, Param]:
    """The params, each value within its bounds."""

    def read(reader: Reader, name: str, node: Node, mark: Mark) -> Param:
        values = table(reader, node, _PARAM, f"param '{name}'")
        values.pop("fixed", None)
        value = values["value"]
        for bound, beyond in (("least", -1), ("most", 1)):
            if bound in values and _compare(value, values[bound]) == beyond:
                limit = plain(values[bound])
                raise reader.bad(
                    value,
                    worded(
                        "param '{name}' is {value}, but {bound} is {limit}",
                        name=name,
                        value=plain(value),
                        bound=bound,
                        limit=limit,
                    ),
                    code="E5",
                )
        nodes: dict[str, Any] = {
            key: plain(each) if key in ("value", "least", "most") else each for key, each in values.items()
        }
        return Param(id=name, **nodes, mark=mark)

    return entries(reader, reader.declared_params, "'params'", read)


def _compare(value: Node, bound: Node) -> int | None:
    """-1, 0 or 1; None where the two cannot be compared."""
    first, second = _size(value), _size(bound)
    return None if first is None or second is None else (first > second) - (first < second)


def _size(node: Node) -> float | None:
    if not isinstance(node, Scalar):
        return None
    if node.number is not None:
        return float(node.number)
    try:
        return float(about_minutes(parse_distance("P1D" if node.text == "same day" else node.text)))
    except NoDuration:
        return None


SCHEMA: Mapping[str, object] = {
    "type": "object",
    "properties": {"words": {"type": "object"}},
    "additionalProperties": object_schema(_PARAM),
}
"""The JSON Schema of ``params``."""
