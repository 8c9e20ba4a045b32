"""Load a policy pack: every problem at once, each at its file, line and column. YAML is known only here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from upstander.policy import lint
from upstander.policy.calendar import Calendar, CalendarError
from upstander.policy.loader import sources
from upstander.policy.loader.digest import digest
from upstander.policy.loader.extending import extended
from upstander.policy.loader.folder import gather_source
from upstander.policy.loader.load import Loaded, load_tree
from upstander.policy.loader.printing.dump import dump
from upstander.policy.loader.schema import schema
from upstander.policy.loader.sources import PACKS, Source, find
from upstander.policy.loader.tree import Map, Seq, Unreadable, parse, plain
from upstander.policy.model import Pack
from upstander.policy.problems import PackErrors, Problem, problem
from upstander.policy.words import worded

__all__ = [
    "PackErrors",
    "Problem",
    "Source",
    "check",
    "check_source",
    "check_text",
    "digest",
    "dump",
    "load",
    "load_calendar",
    "load_source",
    "load_text",
    "names",
    "scenarios_of",
    "schema",
    "source_of",
    "stored",
]

Answers = Mapping[str, Any]
"""A school's own answers: ``{"params": {name: value}, "words": {word: answer}}``."""


def load(path_or_name: str | Path, answers: Answers | None = None) -> Pack:
    """The pack of a folder, a file, or the bare name of one that comes with Upstander. Raises ``PackErrors``."""
    return _whole(*check(path_or_name, answers))


def load_text(text: bytes | str, answers: Answers | None = None, name: str = "pack.yaml") -> Pack:
    """The pack of one file's content. Raises ``PackErrors``."""
    return _whole(*check_text(text, answers, name))


def check(path_or_name: str | Path, answers: Answers | None = None) -> tuple[Pack | None, list[Problem]]:
    """The pack, if it can be loaded, and everything that is wrong or doubtful, sorted by place. Never raises on bad input."""
    return check_source(source_of(path_or_name), answers)


def check_text(
    text: bytes | str, answers: Answers | None = None, name: str = "pack.yaml"
) -> tuple[Pack | None, list[Problem]]:
    """The same for one file's content."""
    return check_source(sources.read_text(text, name), answers)


def source_of(path_or_name: str | Path) -> Source:
    """The files of a pack, as a school may keep them. Never raises; what cannot be read is among its problems."""
    return sources.read(find(path_or_name))


def stored(data: Mapping[str, Any]) -> Source:
    """The files back from what ``Source.data`` made of them."""
    return sources.from_data(data)


def check_source(source: Source, answers: Answers | None = None) -> tuple[Pack | None, list[Problem]]:
    """The same as ``check`` for files that have been read before."""
    return _checked(load_tree(extended(source), answers))


def load_source(source: Source, answers: Answers | None = None) -> Pack:
    """The pack of files that have been read before, without the lint: for what has passed it once. Raises ``PackErrors``."""
    loaded = load_tree(extended(source), answers)
    return _whole(*_sorted(loaded, set(loaded.problems)))


def names() -> list[str]:
    """The packs that come with Upstander, by name."""
    return sorted(each.parent.name for each in PACKS.glob("*/pack.yaml"))


def scenarios_of(pack: str | Path | Source) -> list[tuple[str, Mapping[str, Any]]]:
    """The scenarios of a pack (or of its files) as plain values, each with the name of its file. Raises ``PackErrors``."""
    found = gather_source(pack if isinstance(pack, Source) else source_of(pack))
    if found.problems:
        raise PackErrors(found.problems)
    section = found.root.entries.get("scenarios")
    files = {"scenarios": section} if isinstance(section, Seq) else section.entries if isinstance(section, Map) else {}
    several: list[tuple[str, Mapping[str, Any]]] = []
    for name, node in files.items():
        for each in node.items if isinstance(node, Seq) else [node]:
            data = plain(each)
            if not isinstance(data, Mapping):
                raise PackErrors([problem(each.mark, "E0", worded("a scenario is a mapping: name, kind, log, expect"))])
            several.append((name, data))
    return several


def load_calendar(path_or_data: str | Path | Mapping[str, Any]) -> Calendar:
    """A school's calendar from its file (YAML or JSON) or from data already read. Raises ``PackErrors``."""
    if isinstance(path_or_data, Mapping):
        return _calendar(path_or_data, "calendar")
    path = Path(path_or_data)
    try:
        tree = parse(path.read_bytes(), path.name)
    except Unreadable as error:
        raise PackErrors(error.problems) from None
    except OSError as error:
        raise PackErrors(
            [Problem(path.name, 0, 0, "E0", worded("cannot be read: {reason}", reason=error.strerror))]
        ) from None
    data = plain(tree)
    if not isinstance(data, Mapping):
        raise PackErrors([Problem(path.name, 1, 1, "E0", worded("a calendar is a mapping of words to values"))])
    return _calendar(data, path.name)


def _calendar(data: Mapping[str, Any], name: str) -> Calendar:
    try:
        return Calendar.from_data(data)
    except (CalendarError, ValueError, TypeError, AttributeError, KeyError) as error:
        raise PackErrors([Problem(name, 1, 1, "E0", worded("not a calendar: {error}", error=error))]) from None


def _whole(pack: Pack | None, problems: list[Problem]) -> Pack:
    if pack is None:
        raise PackErrors(each for each in problems if each.stops)
    return pack


def _checked(loaded: Loaded) -> tuple[Pack | None, list[Problem]]:
    problems = set(loaded.problems)
    if loaded.pack is not None and not any(each.stops for each in problems):
        problems |= set(lint.errors(loaded.pack)) | set(lint.warnings(loaded.pack))
    return _sorted(loaded, problems)


def _sorted(loaded: Loaded, found: set[Problem]) -> tuple[Pack | None, list[Problem]]:
    problems = sorted(found)
    return (None if any(each.stops for each in problems) else loaded.pack), problems
