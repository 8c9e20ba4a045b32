"""One pack laid over another: ``extends`` and what every pack has (§1)."""

from __future__ import annotations

from dataclasses import dataclass

from upstander.policy.durations import NoDuration, about_minutes, parse_distance
from upstander.policy.loader.folder import DEEP, Gathered, add, gather_source, names_known
from upstander.policy.loader.sources import Source
from upstander.policy.loader.tree import Map, Node, Scalar, plain
from upstander.policy.model import Mark
from upstander.policy.problems import Problem, problem
from upstander.policy.words import worded

_STRENGTHS = ("may", "should", "must")
MOST_LAYERS = 8


def extended(source: Source) -> Gathered:
    """The pack of these files, merged over the pack that it extends, if it does. Never raises."""
    return _over_base(gather_source(source), source, ())


def _over_base(found: Gathered, source: Source, seen: tuple[str, ...]) -> Gathered:
    said = found.root.entries.get("extends")
    if not isinstance(said, Scalar) or said.nothing:
        return found
    name, _, version = said.text.partition("@")
    if not version:
        found.problems.append(problem(said.mark, "E0", worded("'extends' names a version: pack@version")))
        return found
    if name in seen or len(seen) > MOST_LAYERS:
        found.problems.append(problem(said.mark, "E9", worded("'{name}' extends itself", name=name)))
        return found
    below = source.base_named(name)
    if below is None:
        found.problems.append(problem(said.mark, "E0", worded("there is no pack '{name}'", name=name), names_known()))
        return found
    base = _over_base(gather_source(below), below, (*seen, name))
    written = base.root.entries.get("version")
    if not isinstance(written, Scalar) or written.text != version:
        here = written.text if isinstance(written, Scalar) else "none"
        found.problems.append(
            problem(
                said.mark,
                "E0",
                worded("'{name}' is here in version {here}, not {version}", name=name, here=here, version=version),
            )
        )
        return found
    found.problems.extend(base.problems)
    found.root = merged(base.root, found.root, found.problems)
    found.texts = {
        folder: {**base.texts.get(folder, {}), **found.texts.get(folder, {})}
        for folder in (*base.texts, *(each for each in found.texts if each not in base.texts))
    }
    return found


def merged(base: Map, over: Map, problems: list[Problem]) -> Map:
    """Sections merge entry by entry and entries key by key; lists are replaced, nothing (``null``) removes."""
    context = _Merging(problems, {**_words(base), **_words(over)})
    result = Map({}, {}, over.mark)
    for word in [*base.entries, *(each for each in over.entries if each not in base.entries)]:
        below, above = base.entries.get(word), over.entries.get(word)
        if above is None or below is None or word not in DEEP:
            node = above if above is not None else below
        else:
            node = _merge(below, above, over.place(word), context, own_first=word == "options")
        if node is not None:
            add(result, word, node, over.marks.get(word) or base.marks.get(word))
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
            context.problems.append(problem(where, "E16", worded("this entry is fixed: it cannot be removed")))
        return None
    if not isinstance(base, Map) or not isinstance(over, Map):
        if fixed and plain(base) != plain(over):
            context.problems.append(problem(where, "E16", worded("this entry is fixed")))
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
            add(result, word, node, over.marks.get(word) or base.marks.get(word))
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
        hint = worded("only a shorter deadline or a higher strength is possible")
        context.problems.append(
            problem(over.place(word), "E16", worded("'{word}' of a fixed entry cannot be changed", word=word), hint)
        )


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
