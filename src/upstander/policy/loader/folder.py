"""From the files of a pack to one tree (§1)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from upstander.policy.loader.sources import FOLDERS, Source, names_known
from upstander.policy.loader.tree import MOST_PROBLEMS, Map, Node, Scalar, Seq, Unreadable, parse
from upstander.policy.model import Mark
from upstander.policy.problems import Problem, problem, suggestion
from upstander.policy.words import worded

__all__ = ["DEEP", "HEAD", "RULES", "SECTIONS", "Gathered", "add", "gather_source", "gather_text", "names_known"]

HEAD = (
    "id",
    "title",
    "version",
    "in force from",
    "language",
    "extends",
    "timezone",
    "params",
    "calendar hints",
    "review date",
    "shares",
)
_FILES = {
    f"{name}.yaml": name
    for name in ("clauses", "roles", "records", "events", "options", "laws", "document", "directory", "plan")
}
RULES = ("facts", "duties", "limits", "closure")
PAPERS = ("guidance", "letters", "surveys", "agreements", "questions")
SECTIONS = (*HEAD, *_FILES.values(), *RULES, *PAPERS, "scenarios", "i18n")
DEEP = frozenset({"params", "calendar hints", *_FILES.values(), *RULES, *PAPERS, "i18n"} - {"laws", "document"})
"""The sections that merge entry by entry; the others are replaced."""
_LISTS_BY_ID = {"clauses": "a clause", "plan": "an entry of the plan"}
_TOP = ("pack.yaml", "rules.yaml", *_FILES)

Texts = dict[str, dict[str, tuple[str, str]]]


@dataclass
class Gathered:
    """One tree for the whole pack, its texts in Markdown ({folder: {id: (file, text)}}), and what was wrong with the files."""

    root: Map
    texts: Texts = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def gather_source(source: Source) -> Gathered:
    """The tree of a pack's files. Never raises: what cannot be read is among the problems."""
    found = Gathered(Map({}, {}, Mark(source.name, 0, 0)), problems=list(source.problems))
    if source.single:
        for name, content in source.files.items():
            _one_file(content, name, found)
        return found
    if "pack.yaml" not in source.files:
        found.problems.append(problem(Mark(source.name, 0, 0), "E0", worded("this folder has no pack.yaml")))
    for path, content in source.files.items():
        folder, _, inner = path.partition("/")
        if folder != path:
            _inner(source, folder, inner, content, found)
        else:
            _top(source, path, content, found)
    _by_id(found)
    return found


def gather_text(data: bytes | str, name: str = "pack.yaml") -> Gathered:
    """The same of one file's content, by itself."""
    found = Gathered(Map({}, {}, Mark(name, 0, 0)))
    _one_file(data, name, found)
    return found


def _one_file(data: bytes | str, name: str, found: Gathered) -> None:
    tree = _parsed(data, name, found)
    if tree is not None:
        _mapping(tree, SECTIONS, "a pack", found, found.root)
        _by_id(found)


def _top(source: Source, path: str, content: bytes | str, found: Gathered) -> None:
    shown = f"{source.name}/{path}"
    if path == "pack.yaml":
        _with(_parsed(content, shown, found), lambda tree: _mapping(tree, HEAD, path, found, found.root))
    elif path == "rules.yaml":
        _with(_parsed(content, shown, found), lambda tree: _mapping(tree, RULES, path, found, found.root))
    elif path in _FILES:
        section = _FILES[path]
        _with(_parsed(content, shown, found), lambda tree: add(found.root, section, _unwrapped(tree, section)))
    else:
        hint = suggestion(path, _TOP)
        found.problems.append(problem(Mark(shown, 0, 0), "E0", worded("a pack has no such file"), hint))


def _with(tree: Node | None, use: Callable[[Node], None]) -> None:
    if tree is not None:
        use(tree)


def _inner(source: Source, folder: str, inner: str, content: bytes | str, found: Gathered) -> None:
    shown = f"{source.name}/{folder}/{inner}".rstrip("/")
    ending = FOLDERS.get(folder)
    if ending is None:
        hint = suggestion(folder, FOLDERS)
        found.problems.append(problem(Mark(shown, 0, 0), "E0", worded("a pack has no such folder"), hint))
        return
    if not inner.endswith(ending) or "/" in inner:
        hint = worded("the files of '{folder}' end in {ending}", folder=folder, ending=ending)
        found.problems.append(
            problem(Mark(shown, 0, 0), "E0", worded("this folder of a pack holds no such file"), hint)
        )
        return
    name = inner.removesuffix(ending)
    if ending == ".md":
        text = _decoded(content, shown, found)
        if text is not None:
            found.texts.setdefault(folder, {})[name] = (shown, text)
        return
    tree = _parsed(content, shown, found)
    if tree is not None:
        section = found.root.entries.get(folder)
        if not isinstance(section, Map):
            section = Map({}, {}, Mark(f"{source.name}/{folder}", 0, 0))
            add(found.root, folder, section)
        add(section, name, tree)


def _decoded(content: bytes | str, shown: str, found: Gathered) -> str | None:
    if isinstance(content, str):
        return content
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        found.problems.append(problem(Mark(shown, 1, 1), "E0", worded("not UTF-8 text")))
    return None


def _parsed(content: bytes | str, shown: str, found: Gathered) -> Node | None:
    try:
        return parse(content, shown)
    except Unreadable as error:
        found.problems.extend(error.problems)
    return None


def _mapping(tree: Node, known: tuple[str, ...], what: str, found: Gathered, into: Map) -> None:
    if not isinstance(tree, Map):
        found.problems.append(
            problem(tree.mark, "E0", worded("{what} must be a mapping of words to values", what=what))
        )
        return
    if into.mark.line == 0 and "pack" in what:
        into.mark = tree.mark
    unknown = 0
    for word, value in tree.entries.items():
        if word in known:
            add(into, word, value, tree.place(word))
        elif (unknown := unknown + 1) <= MOST_PROBLEMS:
            shown = word if len(word) <= 60 else word[:57] + "…"
            found.problems.append(
                problem(
                    tree.place(word),
                    "E0",
                    worded("unknown word '{shown}' in {what}", shown=shown, what=what),
                    suggestion(word, known),
                )
            )


def add(into: Map, word: str, value: Node, mark: Mark | None = None) -> None:
    """Put an entry into a mapping, with its place."""
    into.entries[word] = value
    into.marks[word] = mark or value.mark


def _unwrapped(tree: Node, name: str) -> Node:
    """``roles.yaml`` may hold the roles themselves, or ``roles:`` and the roles below it."""
    if isinstance(tree, Map) and list(tree.entries) == [name]:
        return tree.entries[name]
    return tree


def _by_id(found: Gathered) -> None:
    """Clauses and the plan are lists in their files and mappings from here on, so that entries merge by id."""
    for section, what in _LISTS_BY_ID.items():
        node = found.root.entries.get(section)
        if isinstance(node, Seq):
            found.root.entries[section] = _mapped(node, what, section.rstrip("s"), found)


def _mapped(node: Seq, what: str, noun: str, found: Gathered) -> Map:
    mapping = Map({}, {}, node.mark)
    for each in node.items:
        name = each.entries.get("id") if isinstance(each, Map) else None
        if not isinstance(name, Scalar) or name.nothing:
            found.problems.append(problem(each.mark, "E0", worded("{what} has an id", what=what)))
        elif name.text in mapping.entries:
            first = worded("first in line {line}", line=mapping.marks[name.text].line)
            text = worded("{noun} '{name}' stands here for the second time", noun=noun, name=name.text)
            found.problems.append(problem(name.mark, "E0", text, first))
        else:
            add(mapping, name.text, each, name.mark)
    return mapping
