"""The packs that come with Upstander, each read and checked once for all tests of a process. Nobody changes a pack."""

from __future__ import annotations

import os
import pickle
from functools import lru_cache
from pathlib import Path

from upstander.policy import loader
from upstander.policy.model import Pack
from upstander.policy.problems import Problem

NAMES = loader.names()


@lru_cache(maxsize=32)
def checked(name: str) -> tuple[Pack | None, tuple[Problem, ...]]:
    """The pack, if it can be loaded, and everything that is wrong or doubtful; kept in a folder where ``small.kept`` does."""
    folder = os.environ.get("UPSTANDER_PACKS_KEPT")
    kept = Path(folder, f"{name}.shipped") if folder else None
    if kept is not None and kept.exists():
        found: tuple[Pack | None, tuple[Problem, ...]] = pickle.loads(kept.read_bytes())  # noqa: S301 - written below
        return found
    pack, problems = loader.check(name)
    if kept is not None:
        kept.write_bytes(pickle.dumps((pack, tuple(problems))))
    return pack, tuple(problems)


def pack(name: str) -> Pack:
    """A pack by its name. Fails where it cannot be loaded."""
    found, problems = checked(name)
    assert found is not None, [str(each) for each in problems if each.stops]
    return found
