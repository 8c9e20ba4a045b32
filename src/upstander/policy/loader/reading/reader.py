"""Reading typed values out of a tree, and collecting everything that is wrong on the way.

A *shape* reads one node. It reports what is wrong and raises ``Bad``; whoever reads a collection catches ``Bad`` for each part
and goes on, so that all problems of a pack come at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from upstander.policy.loader.tree import Map, Node, Scalar, Seq
from upstander.policy.model import EventKind, Mark, Option
from upstander.policy.problems import Problem, problem, suggestion
from upstander.policy.words import worded

T = TypeVar("T")

MOST_PROBLEMS = 500
MOST_HINTS = 40
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Bad(Exception):
    """This part could not be read; the problem has been reported."""


class TooMany(Exception):
    """So much is wrong that reading on would help nobody."""


@dataclass(frozen=True, slots=True)
class Ref:
    """A name that must exist: of a role, fact, duty, limit, clause, kind of event or kind of record."""

    sort: str
    name: str
    mark: Mark


@dataclass
class Reader:
    """What the shapes need to know: the school's answers, what is declared so far, and what went wrong."""

    params: dict[str, Node] = field(default_factory=dict)
    words: dict[str, Node] = field(default_factory=dict)
    declared_params: Map = field(default_factory=lambda: Map({}, {}, Mark("", 0, 0)))
    events: dict[str, EventKind] = field(default_factory=dict)
    options: dict[str, Mapping[str, Option]] = field(default_factory=dict)
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    roles: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    refs: list[Ref] = field(default_factory=list)
    used_params: set[str] = field(default_factory=set)
    answering: list[str] = field(default_factory=list)

    def report(self, where: Node | Mark, message: str, hint: str = "", code: str = "E0") -> None:
        """Write a problem down and go on."""
        self.problems.append(problem(where if isinstance(where, Mark) else where.mark, code, message, hint))
        if len(self.problems) >= MOST_PROBLEMS:
            raise TooMany

    def hint(self, word: str, known: Iterable[str]) -> str:
        """A hint at the nearest known word, while there are few problems; finding it takes time."""
        return suggestion(word, known) if len(self.problems) < MOST_HINTS else ""

    def bad(self, where: Node | Mark, message: str, hint: str = "", code: str = "E0") -> Bad:
        """Write a problem down; the caller raises what it gets and so gives this part up."""
        self.report(where, message, hint, code)
        return Bad()

    def refer(self, sort: str, name: str, where: Mark) -> str:
        """Remember that this name must exist; the loader looks when everything has been read."""
        self.refs.append(Ref(sort, name, where))
        return name

    def resolve(self, node: Node) -> Node:
        """What stands for ``{param: NAME}``; any other node is itself."""
        for _ in range(8):
            name = self.param_name(node)
            if name is None:
                return node
            if name not in self.params:
                raise self.bad(
                    node, worded("there is no param '{name}'", name=name), self.hint(name, self.params), "E1"
                )
            self.used_params.add(name)
            node = self.params[name]
        raise self.bad(node, worded("this param stands for itself"), code="E9")

    def param_name(self, node: Node) -> str | None:
        """NAME of ``{param: NAME}``, None of anything else."""
        if isinstance(node, Map) and list(node.entries) == ["param"]:
            value = node.entries["param"]
            if isinstance(value, Scalar):
                return value.text
        return None


@dataclass(frozen=True)
class Shape(Generic[T]):
    """How to read one node, and the same as JSON Schema."""

    read: Callable[[Reader, Node], T]
    schema: Mapping[str, object] = field(default_factory=dict)

    def __call__(self, reader: Reader, node: Node) -> T:
        return self.read(reader, node)


@dataclass(frozen=True)
class Key:
    """A key of a mapping: the attribute that it fills and the shape of its value."""

    attribute: str
    shape: Shape[Any]
    required: bool = False


Table = Mapping[str, Key]
_PARAM = {
    "type": "object",
    "properties": {"param": {"type": "string"}},
    "required": ["param"],
    "additionalProperties": False,
}


def or_param(schema: Mapping[str, object]) -> dict[str, object]:
    """The JSON Schema of a value for which ``{param: NAME}`` may stand."""
    return {"anyOf": [dict(schema), _PARAM]}


def shown(text: str) -> str:
    """A word of the author in quotation marks, shortened."""
    return f"'{text}'" if len(text) <= 60 else f"'{text[:57]}…'"


def as_map(reader: Reader, node: Node, what: str) -> Map:
    """The node as a mapping; nothing at all is an empty one."""
    if isinstance(node, Scalar) and node.nothing:
        return Map({}, {}, node.mark)
    if not isinstance(node, Map):
        raise reader.bad(node, worded("{what} must be a mapping of words to values", what=what))
    return node


def table(reader: Reader, node: Node, keys: Table, what: str) -> dict[str, Any]:
    """Read a mapping by its table; unknown and missing words are problems. Raises ``Bad`` after everything has been read."""
    mapping = as_map(reader, node, what)
    values: dict[str, Any] = {}
    good = True
    for word, value in mapping.entries.items():
        key = keys.get(word)
        if key is None:
            good = False
            reader.report(
                mapping.place(word),
                worded("unknown word {word} in {what}", word=shown(word), what=what),
                reader.hint(word, keys),
            )
            continue
        try:
            values[key.attribute] = key.shape(reader, value)
        except Bad:
            good = False
    for word, key in keys.items():
        if key.required and word not in mapping.entries:
            good = False
            reader.report(mapping, worded("{what} has no '{word}'", what=what, word=word))
    if not good:
        raise Bad
    return values


def object_schema(keys: Table) -> dict[str, object]:
    """The JSON Schema of a mapping with these keys and no others."""
    found: dict[str, object] = {
        "type": "object",
        "properties": {word: dict(key.shape.schema) for word, key in keys.items()},
        "additionalProperties": False,
    }
    required = [word for word, key in keys.items() if key.required]
    return {**found, "required": required} if required else found


def entries_schema(entry: Mapping[str, object]) -> dict[str, object]:
    """The JSON Schema of a mapping of ids to entries; nothing (``null``) takes an entry of the base away."""
    return {
        "type": "object",
        "propertyNames": {"pattern": f"^{ID.pattern}$"},
        "additionalProperties": {"anyOf": [dict(entry), {"type": "null"}]},
    }


def made(keys: Table, what: str, make: Callable[..., T]) -> Shape[T]:
    """A mapping by its table, handed to a maker by attribute."""
    return Shape(lambda reader, node: make(**table(reader, node, keys, what)), object_schema(keys))


def entries(
    reader: Reader, node: Node, what: str, read: Callable[[Reader, str, Node, Mark], T], *, ids: bool = True
) -> dict[str, T]:
    """Read each entry of a mapping of ids; entries that are bad are left out (and reported)."""
    found: dict[str, T] = {}
    for name, value in as_map(reader, node, what).entries.items():
        mark = node.place(name) if isinstance(node, Map) else node.mark
        if ids and not ID.fullmatch(name):
            reader.report(
                mark, worded("{name} is no id: lower-case words joined by '-'", name=shown(name)), _better(name)
            )
            continue
        try:
            found[name] = read(reader, name, value, mark)
        except Bad:
            continue
    return found


def _better(name: str) -> str:
    better = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    return worded("for example '{better}'", better=better) if better and len(name) <= 60 else ""


def listed(shape: Shape[T]) -> Shape[tuple[T, ...]]:
    """A list; one value alone is a list of one. ``{param: NAME}`` may stand for it."""

    def read(reader: Reader, node: Node) -> tuple[T, ...]:
        found = reader.resolve(node)
        if isinstance(found, Scalar) and found.nothing:
            return ()
        if not isinstance(found, Seq):
            return (shape(reader, found),)
        return each_of(reader, found.items, shape)

    one = dict(shape.schema)
    return Shape(read, {"anyOf": [one, {"type": "array", "items": one}, _PARAM]})


def each_of(reader: Reader, nodes: Iterable[Node], shape: Shape[T]) -> tuple[T, ...]:
    """Read each; raises ``Bad`` when one of them is bad, after all have been read."""
    good: list[T] = []
    bad = False
    for node in nodes:
        try:
            good.append(shape(reader, node))
        except Bad:
            bad = True
    if bad:
        raise Bad
    return tuple(good)
