"""From files to one tree: a folder or a single file, what every pack has, and the pack that it extends (§1)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from upstander.policy.durations import NoDuration, about_minutes, parse_distance
from upstander.policy.loader.tree import MOST_BYTES, MOST_PROBLEMS, Map, Node, Scalar, Seq, Unreadable, parse, plain
from upstander.policy.model import Mark
from upstander.policy.problems import Problem, problem, suggestion

PACKS = Path(__file__).parents[2] / "packs"
BUILT_IN = Path(__file__).parent / "builtin.yaml"

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
    for name in ("clauses", "roles", "records", "events", "options", "laws", "document", "directory")
}
RULES = ("facts", "duties", "limits", "closure")
SECTIONS = (*HEAD, *_FILES.values(), *RULES, "guidance", "scenarios", "i18n")
_LATER = ("letters", "surveys", "agreements", "questions")
_DEEP = frozenset({"params", "calendar hints", *_FILES.values(), *RULES, "guidance", "i18n"} - {"laws", "document"})
_STRENGTHS = ("may", "should", "must")


@dataclass
class Gathered:
    """One tree for the whole pack, the guidance cards as text, and what was wrong with the files."""

    root: Map
    cards: dict[str, tuple[str, str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def find(name: str | Path) -> Path:
    """The folder or file of a pack: a path, or the bare name of a pack that comes with Upstander."""
    path = Path(name)
    if isinstance(name, str) and re.fullmatch(r"[a-z0-9-]+", name) and not path.exists():
        return PACKS / name
    return path


def gather(path: Path) -> Gathered:
    """Read all files of a pack. Never raises: what cannot be read is among the problems."""
    empty = Map({}, {}, Mark(path.name, 0, 0))
    if path.is_dir():
        return _folder(path, Gathered(empty))
    if not path.is_file():
        return Gathered(empty, problems=[problem(Mark(path.name, 0, 0), "E0", "there is no such pack", _names())])
    found = Gathered(empty)
    tree = _read(path, path.name, found)
    if tree is not None:
        _mapping(tree, SECTIONS, "a pack", found, found.root)
        _by_id(found)
    return found


def gather_text(data: bytes | str, name: str = "pack.yaml") -> Gathered:
    """The same of one file's content."""
    found = Gathered(Map({}, {}, Mark(name, 0, 0)))
    try:
        tree = parse(data, name)
    except Unreadable as error:
        found.problems.extend(error.problems)
        return found
    _mapping(tree, SECTIONS, "a pack", found, found.root)
    _by_id(found)
    return found


def _names() -> str:
    known = sorted(each.name for each in PACKS.iterdir() if each.is_dir()) if PACKS.is_dir() else []
    return "packs that come with Upstander: " + ", ".join(known) if known else ""


def _folder(path: Path, found: Gathered) -> Gathered:
    if not (path / "pack.yaml").is_file():
        found.problems.append(problem(Mark(path.name, 0, 0), "E0", "this folder has no pack.yaml"))
    for each in sorted(path.iterdir()):
        shown = f"{path.name}/{each.name}"
        if each.name.startswith((".", "_")) or each.name in ("README.md", "tests", "pictures"):
            continue
        if each.is_dir():
            _subfolder(each, shown, found)
            continue
        tree = _read(each, shown, found) if each.suffix == ".yaml" else None
        if each.name == "pack.yaml" and tree is not None:
            _mapping(tree, HEAD, "pack.yaml", found, found.root)
        elif each.name == "rules.yaml" and tree is not None:
            _mapping(tree, RULES, "rules.yaml", found, found.root)
        elif each.name in _FILES and tree is not None:
            _add(found.root, _FILES[each.name], _unwrapped(tree, _FILES[each.name]))
        elif each.name not in (*_FILES, "pack.yaml", "rules.yaml", "plan.yaml"):
            known = ("pack.yaml", "rules.yaml", *_FILES)
            found.problems.append(
                problem(Mark(shown, 0, 0), "E0", "a pack has no such file", suggestion(each.name, known))
            )
    _by_id(found)
    return found


def _subfolder(path: Path, shown: str, found: Gathered) -> None:
    if path.name == "guidance":
        for each in sorted(path.glob("*.md")):
            text = _text(each, f"{shown}/{each.name}", found)
            if text is not None:
                found.cards[each.stem] = (f"{shown}/{each.name}", text)
    elif path.name in ("i18n", "scenarios"):
        section = Map({}, {}, Mark(shown, 0, 0))
        for each in sorted(path.glob("*.yaml")):
            tree = _read(each, f"{shown}/{each.name}", found)
            if tree is not None:
                _add(section, each.stem, tree)
        _add(found.root, path.name, section)
    elif path.name in _LATER:
        for each in sorted(path.glob("*.yaml")):
            _read(each, f"{shown}/{each.name}", found)
    else:
        known = ("guidance", "i18n", "scenarios", *_LATER)
        found.problems.append(
            problem(Mark(shown, 0, 0), "E0", "a pack has no such folder", suggestion(path.name, known))
        )


def _text(path: Path, shown: str, found: Gathered) -> str | None:
    try:
        if path.stat().st_size > MOST_BYTES:
            found.problems.append(problem(Mark(shown, 1, 1), "E0", f"larger than {MOST_BYTES // 1_000_000} MB"))
            return None
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        found.problems.append(problem(Mark(shown, 1, 1), "E0", "not UTF-8 text"))
    except OSError as error:
        found.problems.append(problem(Mark(shown, 0, 0), "E0", f"cannot be read: {error.strerror}"))
    return None


def _read(path: Path, shown: str, found: Gathered) -> Node | None:
    try:
        if path.stat().st_size > MOST_BYTES:
            found.problems.append(problem(Mark(shown, 1, 1), "E0", f"larger than {MOST_BYTES // 1_000_000} MB"))
            return None
        return parse(path.read_bytes(), shown)
    except Unreadable as error:
        found.problems.extend(error.problems)
    except OSError as error:
        found.problems.append(problem(Mark(shown, 0, 0), "E0", f"cannot be read: {error.strerror}"))
    return None


def _mapping(tree: Node, known: tuple[str, ...], what: str, found: Gathered, into: Map) -> None:
    if not isinstance(tree, Map):
        found.problems.append(problem(tree.mark, "E0", f"{what} must be a mapping of words to values"))
        return
    if into.mark.line == 0 and "pack" in what:
        into.mark = tree.mark
    unknown = 0
    for word, value in tree.entries.items():
        if word in known:
            _add(into, word, value, tree.place(word))
        elif (unknown := unknown + 1) <= MOST_PROBLEMS:
            shown = word if len(word) <= 60 else word[:57] + "…"
            found.problems.append(
                problem(tree.place(word), "E0", f"unknown word '{shown}' in {what}", suggestion(word, known))
            )


def _add(into: Map, word: str, value: Node, mark: Mark | None = None) -> None:
    into.entries[word] = value
    into.marks[word] = mark or value.mark


def _unwrapped(tree: Node, name: str) -> Node:
    """``roles.yaml`` may hold the roles themselves, or ``roles:`` and the roles below it."""
    if isinstance(tree, Map) and list(tree.entries) == [name]:
        return tree.entries[name]
    return tree


def _by_id(found: Gathered) -> None:
    """Clauses are a list in the file and a mapping from here on, so that entries merge by id."""
    node = found.root.entries.get("clauses")
    if not isinstance(node, Seq):
        return
    mapping = Map({}, {}, node.mark)
    for each in node.items:
        name = each.entries.get("id") if isinstance(each, Map) else None
        if not isinstance(name, Scalar) or name.nothing:
            found.problems.append(problem(each.mark, "E0", "a clause has an id"))
        elif name.text in mapping.entries:
            first = mapping.marks[name.text].line
            found.problems.append(
                problem(
                    name.mark, "E0", f"clause '{name.text}' stands here for the second time", f"first in line {first}"
                )
            )
        else:
            _add(mapping, name.text, each, name.mark)
    found.root.entries["clauses"] = mapping


# --- extends ------------------------------------------------------------------------------------------------------


def extended(found: Gathered, path: Path, seen: tuple[str, ...] = ()) -> Gathered:
    """The pack merged over the pack that it extends, if it does."""
    said = found.root.entries.get("extends")
    if not isinstance(said, Scalar) or said.nothing:
        return found
    name, _, version = said.text.partition("@")
    if not version:
        found.problems.append(problem(said.mark, "E0", "'extends' names a version: pack@version"))
        return found
    if name in seen or len(seen) > 8:
        found.problems.append(problem(said.mark, "E9", f"'{name}' extends itself"))
        return found
    base_path = next((each for each in _places(path, name) if each.exists()), None)
    if base_path is None:
        found.problems.append(problem(said.mark, "E0", f"there is no pack '{name}'", _names()))
        return found
    base = extended(gather(base_path), base_path, (*seen, name))
    written = base.root.entries.get("version")
    if not isinstance(written, Scalar) or written.text != version:
        here = written.text if isinstance(written, Scalar) else "none"
        found.problems.append(problem(said.mark, "E0", f"'{name}' is here in version {here}, not {version}"))
        return found
    found.problems.extend(base.problems)
    found.root = merged(base.root, found.root, found.problems)
    found.cards = {**base.cards, **found.cards}
    return found


def _places(path: Path, name: str) -> list[Path]:
    return [path.parent / name, path.parent / f"{name}.yaml", PACKS / name]


def merged(base: Map, over: Map, problems: list[Problem]) -> Map:
    """Sections merge entry by entry and entries key by key; lists are replaced, nothing (``null``) removes."""
    context = _Merging(problems, {**_words(base), **_words(over)})
    result = Map({}, {}, over.mark)
    for word in [*base.entries, *(each for each in over.entries if each not in base.entries)]:
        below, above = base.entries.get(word), over.entries.get(word)
        if above is None or below is None or word not in _DEEP:
            node = above if above is not None else below
        else:
            node = _merge(below, above, over.place(word), context, own_first=word == "options")
        if node is not None:
            _add(result, word, node, over.marks.get(word) or base.marks.get(word))
    return result


@dataclass(frozen=True)
class _Merging:
    """The problems found and the vague words that may stand in deadlines."""

    problems: list[Problem]
    words: dict[str, Node]


def _words(root: Map) -> dict[str, Node]:
    params = root.entries.get("params")
    words = params.entries.get("words") if isinstance(params, Map) else None
    return words.entries if isinstance(words, Map) else {}


def _merge(base: Node, over: Node, where: Mark, context: _Merging, *, own_first: bool = False) -> Node | None:
    fixed = isinstance(base, Map) and _is_yes(base.entries.get("fixed"))
    if isinstance(over, Scalar) and over.nothing:
        if fixed:
            context.problems.append(problem(where, "E16", "this entry is fixed: it cannot be removed"))
        return None
    if not isinstance(base, Map) or not isinstance(over, Map):
        if fixed and plain(base) != plain(over):
            context.problems.append(problem(where, "E16", "this entry is fixed"))
        return over
    if list(base.entries) == ["param"] or list(over.entries) == ["param"]:
        return over
    if fixed:
        _keep_fixed(base, over, context)
    result = Map({}, {}, over.mark)
    own = [each for each in over.entries if each not in base.entries]
    order = (
        [*over.entries, *(each for each in base.entries if each not in over.entries)]
        if own_first
        else [*base.entries, *own]
    )
    for word in order:
        below, above = base.entries.get(word), over.entries.get(word)
        node = above if below is None else below
        if below is not None and above is not None:
            node = _merge(below, above, over.place(word), context, own_first=own_first)
        if node is not None:
            _add(result, word, node, over.marks.get(word) or base.marks.get(word))
    return result


def _is_yes(node: Node | None) -> bool:
    return isinstance(node, Scalar) and node.yes_no is True


def _keep_fixed(base: Map, over: Map, context: _Merging) -> None:
    for word, value in over.entries.items():
        below = base.entries.get(word)
        if below is not None and plain(below) == plain(value):
            continue
        if word == "by" and below is not None and _shorter(below, value, context.words):
            continue
        if word == "strength" and _stronger(below, value):
            continue
        hint = "only a shorter deadline or a higher strength is possible"
        context.problems.append(problem(over.place(word), "E16", f"'{word}' of a fixed entry cannot be changed", hint))


def _shorter(below: Node, above: Node, words: dict[str, Node]) -> bool:
    def minutes(node: Node) -> int | None:
        if isinstance(node, Scalar):
            node = words.get(node.text, node)
        if isinstance(node, Map):
            node = node.entries.get("value", node)
        if not isinstance(node, Scalar):
            return None
        if node.text == "same day":
            return 1440
        try:
            return about_minutes(parse_distance(node.text))
        except NoDuration:
            return None

    old, new = minutes(below), minutes(above)
    return old is not None and new is not None and new <= old


def _stronger(below: Node | None, above: Node) -> bool:
    old = below.text if isinstance(below, Scalar) else "must"
    new = above.text if isinstance(above, Scalar) else ""
    return new in _STRENGTHS and old in _STRENGTHS and _STRENGTHS.index(new) >= _STRENGTHS.index(old)
