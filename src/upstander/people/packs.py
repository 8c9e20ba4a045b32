"""Which policy a school runs: its pack with the school's own answers, loaded once per process."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Protocol, TypeVar

from upstander.people.models import School
from upstander.policy.model import Pack, Series


def series_of(school: School) -> Series:
    """The versions of the school's pack by date in force. Raises the loader's PackErrors."""
    return _series(school.pack, json.dumps(school.pack_answers, sort_keys=True))


def pack_of(school: School, on: date | None = None) -> Pack:
    """The version in force on a day; without one, the newest."""
    series = series_of(school)
    return series.versions[-1] if on is None else series.at(on)


@lru_cache(maxsize=64)
def _series(name: str, answers: str) -> Series:
    given = _registered.get(name)
    if given is not None:
        return given
    from upstander.policy import loader

    return Series((loader.load(name, json.loads(answers)),))


_registered: dict[str, Series] = {}


def register(name: str, series: Series) -> None:
    """Make a pack that stands in no folder known under a name (tests, benchmarks)."""
    _registered[name] = series
    forget()


def forget() -> None:
    """Load packs anew (a pack's files have changed), and drop what was made from them."""
    _series.cache_clear()
    for cache in _derived:
        cache.cache_clear()


class Cached(Protocol):
    """What ``functools.cache`` makes."""

    def cache_clear(self) -> None: ...


_derived: list[Cached] = []


def derived(cache: Cached) -> None:
    """Let ``forget`` empty this cache of something made from packs, too."""
    _derived.append(cache)


Made = TypeVar("Made")


def kept(pack: Pack, name: str, make: Callable[[], Made]) -> Made:
    """Something that is made from a pack once and then kept with it."""
    memo: dict[str, Made] = pack.__dict__.setdefault("_kept", {})
    if name not in memo:
        memo[name] = make()
    return memo[name]
