"""A catalogue of clauses: the list of what a document asks, beside which a pack is held."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from upstander.policy.loader.tree import Unreadable, parse, plain
from upstander.policy.problems import PackErrors, Problem
from upstander.policy.words import worded


def clause_ids(path: str | Path) -> list[str]:
    """The ids of a list of clauses in a file, in its order. Raises ``PackErrors``."""
    file = Path(path)
    try:
        data = plain(parse(file.read_bytes(), file.name))
    except Unreadable as error:
        raise PackErrors(error.problems) from None
    except OSError as error:
        raise PackErrors(
            [Problem(file.name, 0, 0, "E0", worded("cannot be read: {reason}", reason=error.strerror))]
        ) from None
    items = data if isinstance(data, list | tuple) else []
    if not items or not all(isinstance(each, Mapping) and each.get("id") for each in items):
        raise PackErrors([Problem(file.name, 1, 1, "E0", worded("a catalogue is a list of clauses, each with an id"))])
    return [str(each["id"]) for each in items]
