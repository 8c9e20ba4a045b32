"""YAML text to a tree of nodes that know their place; YAML 1.2 core schema, no duplicate keys, no bombs.

The tree is built from the parser's events, without recursion, so that hostile files (deep nesting, aliases of aliases, cycles)
become problems and nothing worse.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import yaml

from upstander.policy.model import Mark
from upstander.policy.problems import Problem, problem
from upstander.policy.words import worded

MOST_BYTES = 2_000_000
MOST_NODES = 40_000
MOST_PROBLEMS = 200
MOST_DEPTH = 40

_NUMBER = re.compile(r"[-+]?\d{1,15}(\.\d{1,15})?")
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
_YES_NO = {"yes": True, "no": False, "true": True, "false": False}


@dataclass(slots=True)
class Scalar:
    """Text as written. ``plain``: without quotes, so it may also be a number, nothing, or yes and no."""

    text: str
    plain: bool
    mark: Mark

    @property
    def nothing(self) -> bool:
        return self.plain and self.text in _NOTHING

    @property
    def number(self) -> Decimal | None:
        return Decimal(self.text) if self.plain and _NUMBER.fullmatch(self.text) else None

    @property
    def yes_no(self) -> bool | None:
        return _YES_NO.get(self.text)


@dataclass(slots=True)
class Seq:
    items: list[Node]
    mark: Mark


@dataclass(slots=True)
class Map:
    """``marks`` holds the place of each key."""

    entries: dict[str, Node]
    marks: dict[str, Mark]
    mark: Mark

    def place(self, key: str) -> Mark:
        return self.marks.get(key, self.mark)


Node = Scalar | Seq | Map


class Unreadable(Exception):
    """The text is no YAML that a pack may hold."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(str(each) for each in problems))


@dataclass(slots=True)
class _Open:
    node: Seq | Map
    anchor: str | None
    before: int
    key: Scalar | None = None
    bad_key: bool = False


@dataclass(slots=True)
class _Builder:
    file: str
    offset: int
    problems: list[Problem] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    anchors: dict[str, tuple[Node, int]] = field(default_factory=dict)
    pending: set[str] = field(default_factory=set)
    root: Node | None = None
    documents: int = 0
    nodes: int = 0

    def mark(self, event: yaml.Event) -> Mark:
        start = event.start_mark
        if start is None:
            return Mark(self.file, 1 + self.offset, 1)
        return Mark(self.file, start.line + 1 + self.offset, start.column + 1)

    def stop(self, mark: Mark, message: str, hint: str = "") -> None:
        raise Unreadable([*self.problems, problem(mark, "E0", message, hint)])

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self.stop(self.mark(event), worded("a second document begins here; a file of a pack holds one"))
        elif isinstance(event, yaml.ScalarEvent):
            self.tagless(event, allowed=("tag:yaml.org,2002:str", "!"))
            plain = not event.style and event.tag is None  # the C parser's plain style is an empty text
            self.add(Scalar(event.value, plain, self.mark(event)), event.anchor, 1)
        elif isinstance(event, yaml.CollectionStartEvent):
            self.open(event)
        elif isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
            done = self.stack.pop()
            if done.anchor is not None:
                self.pending.discard(done.anchor)
            self.add(done.node, done.anchor, 0, self.nodes - done.before)
        elif isinstance(event, yaml.AliasEvent):
            self.alias(event)

    def tagless(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent, allowed: tuple[str, ...] = ()) -> None:
        if event.tag is not None and event.tag not in allowed:
            self.problems.append(problem(self.mark(event), "E0", worded("'{tag}': a pack uses no tags", tag=event.tag)))

    def open(self, event: yaml.CollectionStartEvent) -> None:
        mark = self.mark(event)
        if len(self.stack) >= MOST_DEPTH:
            self.stop(mark, worded("nested more than {most} deep", most=MOST_DEPTH))
        self.tagless(event, allowed=("tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"))
        node: Seq | Map = Seq([], mark) if isinstance(event, yaml.SequenceStartEvent) else Map({}, {}, mark)
        if event.anchor is not None:
            self.pending.add(event.anchor)
        self.stack.append(_Open(node, event.anchor, self.nodes))
        self.count(1, mark)

    def alias(self, event: yaml.AliasEvent) -> None:
        mark = self.mark(event)
        name = event.anchor or ""
        if name in self.pending:
            self.stop(mark, worded("'*{name}' stands inside itself", name=name))
        if name not in self.anchors:
            self.stop(mark, worded("'*{name}' refers to nothing", name=name))
        node, size = self.anchors[name]
        self.add(node, None, size)

    def count(self, more: int, mark: Mark) -> None:
        self.nodes += more
        if self.nodes > MOST_NODES:
            self.stop(mark, worded("more than {most} values in one file", most=MOST_NODES))

    def add(self, node: Node, anchor: str | None, more: int, size: int = 1) -> None:
        self.count(more, node.mark)
        if anchor is not None:
            self.anchors[anchor] = (node, max(size, more))
        if not self.stack:
            self.root = node
            return
        parent = self.stack[-1]
        if isinstance(parent.node, Seq):
            parent.node.items.append(node)
        elif parent.key is None and not parent.bad_key:
            self.key(parent, node)
        else:
            self.value(parent, parent.node, node)

    def key(self, parent: _Open, node: Node) -> None:
        if isinstance(node, Scalar):
            parent.key = node
        else:
            parent.bad_key = True
            self.problems.append(problem(node.mark, "E0", worded("a key must be a word, not a list or a mapping")))

    def value(self, parent: _Open, mapping: Map, node: Node) -> None:
        key, parent.key, parent.bad_key = parent.key, None, False
        if key is None:
            return
        if key.text in mapping.entries:
            first = mapping.marks[key.text]
            text = worded("'{key}' stands here for the second time", key=_short(key.text))
            self.problems.append(problem(key.mark, "E0", text, worded("the first is in line {line}", line=first.line)))
            if len(self.problems) >= MOST_PROBLEMS:
                self.stop(key.mark, worded("too much is wrong; the rest of the file has not been read"))
            return
        mapping.entries[key.text] = node
        mapping.marks[key.text] = key.mark


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "…"


def parse(data: bytes | str, file: str, offset: int = 0) -> Node:
    """The tree of a YAML text; an empty text is an empty mapping. Raises ``Unreadable`` with all that is wrong.

    ``offset`` is the number of lines above the text in its file.
    """
    text = _decoded(data, file)
    builder = _Builder(file, offset)
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        raise Unreadable([*builder.problems, _syntax(error, file, offset)]) from None
    except yaml.YAMLError as error:
        mark = _place(text, int(getattr(error, "position", 0) or 0), file, offset)
        raise Unreadable(
            [*builder.problems, problem(mark, "E0", worded("a character that no YAML text may hold"))]
        ) from None
    if builder.problems:
        raise Unreadable(builder.problems)
    if builder.root is None or (isinstance(builder.root, Scalar) and builder.root.nothing):
        return Map({}, {}, Mark(file, 1 + offset, 1))
    return builder.root


def _decoded(data: bytes | str, file: str) -> str:
    if len(data) > MOST_BYTES:
        raise Unreadable([Problem(file, 1, 1, "E0", worded("larger than {most} MB", most=MOST_BYTES // 1_000_000))])
    if isinstance(data, str):
        lone = next((at for at, each in enumerate(data) if 0xD800 <= ord(each) < 0xE000), None)
        if lone is not None:
            raise Unreadable(
                [problem(_place(data, lone, file, 0), "E0", worded("a character that no YAML text may hold"))]
            )
        return data
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        raise Unreadable([problem(_place(before, len(before), file, 0), "E0", worded("not UTF-8 text"))]) from None


def _place(text: str, position: int, file: str, offset: int) -> Mark:
    before = text[:position]
    return Mark(file, before.count("\n") + 1 + offset, len(before) - (before.rfind("\n") + 1) + 1)


def _syntax(error: yaml.MarkedYAMLError, file: str, offset: int) -> Problem:
    where = error.problem_mark or error.context_mark
    mark = Mark(file, where.line + 1 + offset, where.column + 1) if where is not None else Mark(file, 1 + offset, 1)
    said = ", ".join(part for part in (error.context, error.problem) if part)
    return problem(mark, "E0", worded("not YAML: {said}", said=said or "it cannot be read"))


def from_python(value: object, mark: Mark) -> Node:
    """A tree of plain Python values (a school's answers), all at one place."""
    match value:
        case Mapping():
            entries = {str(key): from_python(each, mark) for key, each in value.items()}
            return Map(entries, dict.fromkeys(entries, mark), mark)
        case list() | tuple():
            return Seq([from_python(each, mark) for each in value], mark)
        case None:
            return Scalar("", True, mark)
        case bool():
            return Scalar("yes" if value else "no", True, mark)
        case _:
            return Scalar(str(value), True, mark)


def plain(node: Node) -> object:
    """The tree as plain values: text, ``Decimal``, None, tuples and dicts."""
    match node:
        case Map():
            return {key: plain(each) for key, each in node.entries.items()}
        case Seq():
            return tuple(plain(each) for each in node.items)
        case Scalar():
            if node.nothing:
                return None
            return node.number if node.number is not None else node.text


def scalars(node: Node) -> Iterator[Scalar]:
    """Every scalar of the tree, in order."""
    waiting: list[Node] = [node]
    while waiting:
        match waiting.pop():
            case Scalar() as each:
                yield each
            case Seq(items):
                waiting.extend(reversed(items))
            case Map(entries):
                waiting.extend(reversed(entries.values()))
