"""The small pack of the tests, whole or with something laid over it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from upstander.policy import lint
from upstander.policy.loader.extending import merged
from upstander.policy.loader.folder import Gathered, gather_text
from upstander.policy.loader.load import load_tree
from upstander.policy.model import Pack
from upstander.policy.problems import Problem

SMALL = (Path(__file__).parent / "small.yaml").read_text(encoding="utf-8")


def over(fragment: str) -> Gathered:
    """The small pack with a fragment laid over it, as ``extends`` would."""
    base, above = gather_text(SMALL, "small.yaml"), gather_text(fragment, "over.yaml")
    problems = [*base.problems, *above.problems]
    return Gathered(merged(base.root, above.root, problems), problems=problems)


def problems(fragment: str, today: Any = None, answers: dict[str, Any] | None = None) -> list[Problem]:
    """Everything that is wrong with the small pack under a fragment."""
    loaded = load_tree(over(fragment), answers)
    found = set(loaded.problems)
    if loaded.pack is not None and not any(each.stops for each in found):
        found |= set(lint.lint(loaded.pack, today))
    return sorted(found)


def pack(fragment: str = "") -> Pack:
    """The small pack under a fragment that is in order."""
    loaded = load_tree(over(fragment))
    assert loaded.pack is not None
    assert [each for each in loaded.problems if each.stops] == []
    return loaded.pack


@lru_cache(maxsize=1)
def small() -> Pack:
    return pack()
