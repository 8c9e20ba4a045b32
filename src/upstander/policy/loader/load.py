"""From the tree to the typed pack."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from upstander.policy import labels, words
from upstander.policy.loader.digest import digest
from upstander.policy.loader.extending import merged
from upstander.policy.loader.folder import DEEP, HEAD, Gathered
from upstander.policy.loader.reading import kinds, letters, papers, record_kinds, rules, surveys, times
from upstander.policy.loader.reading.params import answered, params
from upstander.policy.loader.reading.reader import (
    Bad,
    Key,
    Reader,
    Ref,
    Shape,
    TooMany,
    as_map,
    entries,
    listed,
    made,
    object_schema,
    shown,
    table,
)
from upstander.policy.loader.reading.values import CLOCK, COUNT, DATE, IDS, TEXT, one_of
from upstander.policy.loader.tree import Map, Node, Scalar, parse
from upstander.policy.model import CalendarHints, EventKind, Mark, Pack, RoleInfo, Word
from upstander.policy.problems import Problem
from upstander.policy.words import worded

BUILT_IN = Path(__file__).parent / "builtin.yaml"
BUILT_IN_FACTS = frozenset({"closed", "watched"})
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass
class Loaded:
    """What came out: the pack, if enough of it could be read, the names it uses, and all problems."""

    pack: Pack | None
    problems: list[Problem] = field(default_factory=list)
    refs: list[Ref] = field(default_factory=list)
    used_params: frozenset[str] = frozenset()


def load_tree(gathered: Gathered, answers: Mapping[str, Any] | None = None) -> Loaded:
    """The typed pack of a gathered tree. Never raises on bad input."""
    reader = Reader(problems=list(gathered.problems))
    if reader.problems and not gathered.root.entries:
        return Loaded(None, reader.problems)
    pack: Pack | None = None
    try:
        pack = _pack(reader, gathered, answers or {})
    except Bad:
        pass
    except TooMany:
        reader.problems.append(
            Problem(gathered.root.mark.file, 0, 0, "E0", worded("too much is wrong; the rest has not been read"))
        )
    return Loaded(pack, reader.problems, reader.refs, frozenset(reader.used_params))


# --- the head -----------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _timezone(reader: Reader, node: Node) -> str:
    name = TEXT(reader, node)
    if name not in _zones():
        raise reader.bad(node, worded("there is no time zone {name}", name=shown(name)), reader.hint(name, _zones()))
    return name


_HOURS = {"starts": Key("starts", CLOCK), "ends": Key("ends", CLOCK)}
_HINTS = {
    "first month": Key("first_month", COUNT),
    "school day": Key("hours", made(_HOURS, "'school day'", dict)),
    "weekend": Key("weekend", listed(one_of(_DAYS))),
}


def _hints(reader: Reader, node: Node) -> CalendarHints:
    values = table(reader, node, _HINTS, "'calendar hints'")
    values.update(values.pop("hours", {}))
    if "weekend" in values:
        values["weekend"] = tuple(sorted(_DAYS.index(each) for each in values["weekend"]))
    if not 1 <= values.get("first_month", 1) <= 12:
        raise reader.bad(node, worded("'first month' is 1 to 12"), code="E5")
    hints = CalendarHints(**values)
    if hints.starts >= hints.ends:
        raise reader.bad(node, worded("the school day ends before it starts"), code="E5")
    return hints


_ANY: Shape[Node] = Shape(lambda reader, node: node)
_HEAD = {
    "id": Key("id", TEXT, required=True),
    "title": Key("title", TEXT, required=True),
    "version": Key("version", TEXT, required=True),
    "in force from": Key("in_force_from", DATE, required=True),
    "language": Key("language", one_of(papers.LANGUAGES), required=True),
    "extends": Key("extends", TEXT),
    "timezone": Key("timezone", Shape(_timezone), required=True),
    "params": Key("params", _ANY),
    "calendar hints": Key("hints", Shape(_hints)),
    "review date": Key("review_date", DATE),
    "shares": Key("shares", IDS),
}
_STAND_IN: dict[str, Any] = {
    "id": "unknown",
    "title": "",
    "version": "0",
    "in_force_from": date(1970, 1, 1),
    "language": "en-GB",
    "timezone": "UTC",
}


def _head(reader: Reader, root: Map) -> dict[str, Any]:
    """The head; what is missing is reported and stood in for, so that the rest can be read."""
    head = Map({}, {}, root.mark)
    for word in HEAD:
        if word in root.entries:
            head.entries[word], head.marks[word] = root.entries[word], root.place(word)
    try:
        return table(reader, head, _HEAD, "pack.yaml")
    except Bad:
        return dict(_STAND_IN)


# --- what every pack has ------------------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def built_in(language: str) -> Map:
    """The tree (not to be changed) of what every pack has, its texts in this language as far as the catalogue has them."""
    tree = as_map(Reader(), parse(BUILT_IN.read_bytes(), "builtin.yaml"), "builtin.yaml")
    if language != words.SOURCE:
        _translate(tree, language)
    return tree


def _translate(node: Node, language: str) -> None:
    waiting: list[Node] = [node]
    while waiting:
        match waiting.pop():
            case Map(found):
                for word, value in found.items():
                    if word in ("label", "done", "title", "help", "plural") and isinstance(value, Scalar):
                        value.text = words.translated(value.text, language)
                    waiting.append(value)
            case _:
                pass


@lru_cache(maxsize=1)
def built_in_words() -> Mapping[str, str]:
    """{path: English text} of what every pack has."""
    reader = Reader()
    root = built_in(words.SOURCE)
    found = _declared(reader, root, frozenset(), frozenset())
    blank = Pack(**_STAND_IN)
    pack = replace(blank, **{key: found[key] for key in ("roles", "records", "events", "options")})
    return labels.sources(pack)


@lru_cache(maxsize=1)
def built_in_names() -> Mapping[str, frozenset[str]]:
    """The ids that every pack has: {section: ids}."""
    root = built_in(words.SOURCE)
    return {name: frozenset(node.entries) for name, node in root.entries.items() if isinstance(node, Map)}


# --- the pack -----------------------------------------------------------------------------------------------------


def _filled(root: Map) -> Map:
    """Without sections in which nothing stands: an empty ``roles:`` takes none of the roles away that every pack has."""
    empty = {name for name in DEEP if isinstance(node := root.entries.get(name), Scalar) and node.nothing}
    if not empty:
        return root
    return Map({name: node for name, node in root.entries.items() if name not in empty}, root.marks, root.mark)


def _section(root: Map, name: str) -> Node:
    return root.entries.get(name) or Map({}, {}, root.place(name))


def _declared(reader: Reader, root: Map, own_events: frozenset[str], own_records: frozenset[str]) -> dict[str, Any]:
    """Lists, roles, kinds of event and of record, in the order in which they need each other."""
    reader.options = kinds.options(reader, _section(root, "options"))
    roles = kinds.roles(reader, _section(root, "roles"))
    reader.groups = {name: role.any_of for name, role in roles.items() if role.any_of}
    reader.roles = set(roles)
    events = kinds.events(reader, _section(root, "events"), own_events)
    events = _with_everybody(events, roles)
    reader.events = {**reader.events, **events}
    records = record_kinds.records(reader, _section(root, "records"), own_records)
    return {"options": reader.options, "roles": roles, "events": events, "records": records}


def _with_everybody(events: dict[str, EventKind], roles: Mapping[str, RoleInfo]) -> dict[str, EventKind]:
    """``person-named`` and ``person-added`` may name anybody whom some kind of event names."""
    used = [name for kind in events.values() for name in kind.about]
    declared = [name for name, role in roles.items() if role.of_the_matter]
    everybody = tuple(dict.fromkeys([*declared, *used]))
    for name, names in (("person-named", everybody), ("person-added", tuple(dict.fromkeys(declared)))):
        if name in events:
            events[name] = replace(events[name], about=tuple(dict.fromkeys([*events[name].about, *names])))
    return events


def _pack(reader: Reader, gathered: Gathered, answers: Mapping[str, Any]) -> Pack | None:
    root = gathered.root
    head = _head(reader, root)
    names = built_in_names()
    root = surveys.planned(reader, merged(built_in(head["language"]), _filled(root), reader.problems))
    answered(reader, head.pop("params", None), answers)
    found = _declared(reader, root, names["events"], names["records"])
    found["vague"] = _words(reader)
    found["params"] = params(reader)
    for name, read in (
        ("facts", rules.facts),
        ("duties", rules.duties),
        ("limits", rules.limits),
        ("closure", rules.closure),
        ("clauses", kinds.clauses),
    ):
        found[name] = read(reader, _section(root, name))
    found.update(_writings(reader, gathered, root))
    found.update(_papers(reader, root))
    _check_names(reader, root, found)
    pack = Pack(**{**head, **found})
    pack = replace(pack, words=_translations(reader, root, pack))
    pack = replace(pack, builtin_words=_unchanged(pack))
    return replace(pack, digest=digest(pack))


def _words(reader: Reader) -> dict[str, Word]:
    found: dict[str, Word] = {}
    for name, node in list(reader.words.items()):
        try:
            found[name] = times.word(reader, name, node)
        except Bad:
            continue
    return found


def _writings(reader: Reader, gathered: Gathered, root: Map) -> dict[str, Any]:
    """Cards and letters (files in Markdown, or entries of a pack of one file), surveys, agreements, questions, the plan."""
    found: dict[str, Any] = {
        "guidance": _texts(reader, gathered, root, "guidance", papers.inline_card, papers.guidance),
        "letters": _texts(reader, gathered, root, "letters", letters.inline_letter, letters.letter),
        "plan": surveys.plan(reader, _section(root, "plan")),
    }
    for name, read in (
        ("surveys", surveys.survey),
        ("agreements", letters.agreement),
        ("questions", letters.questions),
    ):
        read_one: Callable[[Reader, str, Node, Mark], Any] = read
        found[name] = entries(reader, _section(root, name), name, read_one)
    return found


def _texts(
    reader: Reader,
    gathered: Gathered,
    root: Map,
    section: str,
    inline: Callable[[Reader, str, Node, Mark], Any],
    from_file: Callable[[Reader, str, str, str], Any],
) -> dict[str, Any]:
    found = entries(reader, _section(root, section), section, inline)
    for name, (file, text) in gathered.texts.get(section, {}).items():
        try:
            found[name] = from_file(reader, name, file, text)
        except Bad:
            continue
    return found


def _papers(reader: Reader, root: Map) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for section, read in (("laws", papers.laws), ("document", papers.flaws), ("directory", papers.directory)):
        if section not in root.entries:
            continue
        try:
            value: Any = read(reader, root.entries[section])
        except Bad:
            continue
        if section == "directory":
            found["contacts"], found["talk_to"] = value
        else:
            found["laws" if section == "laws" else "flaws"] = value
    return found


def _translations(reader: Reader, root: Map, pack: Pack) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    sources: dict[str, str] | None = None
    section = root.entries.get("i18n")
    if not isinstance(section, Map):
        return found
    for language, node in section.entries.items():
        if language not in papers.LANGUAGES or language == pack.language:
            reader.report(
                section.place(language),
                worded("no translation is possible into {language}", language=shown(language)),
                worded("ja, nl, en-GB or zh-Hans"),
            )
            continue
        sources = sources or labels.sources(pack)
        try:
            found[language] = papers.translations(reader, node, language, sources)
        except Bad:
            continue
    return found


def _unchanged(pack: Pack) -> dict[str, str]:
    """The texts of what every pack has that this pack has not reworded."""
    texts = built_in_words().items()
    return {path: text for path, text in texts if labels.lookup(pack, path) == words.translated(text, pack.language)}


# --- names that must exist ----------------------------------------------------------------------------------------

_CODES = {"role": "E2", "kind of event": "E3", "fact": "E6", "duty": "E6", "limit": "E6", "clause": "E14", "list": "E5"}


def _check_names(reader: Reader, root: Map, found: Mapping[str, Any]) -> None:
    """Each name that was used must be declared; entries that could not be read count as declared."""

    def declared(section: str) -> set[str]:
        node = root.entries.get(section)
        return set(found.get(section, ())) | (set(node.entries) if isinstance(node, Map) else set())

    known = {
        "role": declared("roles"),
        "kind of event": declared("events"),
        "kind of record": declared("records"),
        "fact": declared("facts") | BUILT_IN_FACTS,
        "duty": declared("duties"),
        "limit": declared("limits") | {f"closure.{name}" for name in declared("closure")},
        "clause": declared("clauses"),
        "list": declared("options"),
        "questions": declared("questions"),
        "contact": set(found.get("contacts", ())),
    }
    known["role or kind of event"] = known["role"] | known["kind of event"]
    for ref in reader.refs:
        if ref.name not in known[ref.sort]:
            _unknown(reader, ref, known[ref.sort])


def _unknown(reader: Reader, ref: Ref, known: Iterable[str]) -> None:
    code = _CODES.get(ref.sort, "E0" if ref.sort in ("kind of record", "questions", "contact") else "E2")
    reader.report(
        ref.mark, worded("unknown {sort} {ref}", sort=ref.sort, ref=shown(ref.name)), reader.hint(ref.name, known), code
    )


HEAD_SCHEMA: Mapping[str, object] = object_schema(_HEAD)
"""The JSON Schema of ``pack.yaml``, ``params`` aside."""
