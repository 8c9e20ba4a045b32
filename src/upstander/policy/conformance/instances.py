"""Instances of one duty as columns, and what raised them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from upstander.policy.conformance.days import FAR, Ints, Mask
from upstander.policy.conformance.keys import Space
from upstander.policy.conformance.ragged import bounds_of, constant, distinct, firsts, picked
from upstander.policy.model import Duty


@dataclass(frozen=True, eq=False)
class Causes:
    """What triggers a duty, sorted by (key, moment, event). ``row`` is −1 where no event did it; ``trigger``: the number of the
    minute to which a cause belongs; ``bounds``: where the causes of each trigger begin."""

    key: Ints
    at: Ints
    row: Ints
    trigger: Ints
    bounds: Ints
    rows_at_most: int
    _marked: Mask | None = None

    def common(self, rows: Ints) -> bool:
        """Whether one of these events is among the causes at all."""
        if self._marked is None:
            marked = np.zeros(self.rows_at_most + 1, dtype=bool)
            marked[self.row] = True  # −1, no event, marks the last
            marked[-1] = False
            object.__setattr__(self, "_marked", marked)
        assert self._marked is not None  # noqa: S101
        return bool(self._marked.take(rows).any())

    def raised(self, trigger: Ints, row: Ints) -> Mask:
        """Whether an event is among those of a trigger."""
        if not len(self.row):
            return np.zeros(len(row), dtype=bool)
        packed = self.trigger * self.rows_at_most + self.row
        wanted = trigger * self.rows_at_most + row
        place = np.minimum(np.searchsorted(packed, wanted), len(packed) - 1)
        found: Mask = (packed[place] == wanted) & (row >= 0)
        return found

    def raised_only_by(self, trigger: Ints, row: Ints, kind: Ints) -> Mask:
        """Whether an event is among those of a trigger, and all of these are among the events of a kind."""
        found = self.raised(trigger, row)
        if not bool(found.any()):
            return found
        others = self.trigger[~np.isin(self.row, kind)]
        return found & ~np.isin(trigger, others)


def causes_of(key: Ints, at: Ints, row: Ints, rows: int) -> Causes:
    """Causes in order, those of one minute for one key as one trigger, nothing twice."""
    width, highest = (rows + 1).bit_length(), int(key.max(initial=0))
    if highest.bit_length() + _MINUTE + width < 63:
        packed = distinct(((key << _MINUTE | at) << width) + (row + 1))
        row, at, key = (packed & ((1 << width) - 1)) - 1, packed >> width, packed >> (width + _MINUTE)
        at &= (1 << _MINUTE) - 1
    else:
        order = np.lexsort((row, at, key))
        order = order[firsts(key[order], at[order], row[order])]
        key, at, row = key[order], at[order], row[order]
    trigger = np.cumsum(firsts(key, at)) - 1
    count = int(trigger[-1]) + 1 if len(trigger) else 0
    return Causes(key, at, row, trigger, bounds_of(trigger, count), rows + 1)


_MINUTE = 27
"""Bits for a minute after 1970."""
_COLUMNS = (
    "key",
    "at",
    "trigger",
    "closes",
    "later",
    "link",
    "window_flags",
    "place_opens",
    "place_closes",
    "place_flags",
)


@dataclass(frozen=True, eq=False)
class Instances:
    """Instances of one duty, sorted by key. ``opens``, ``closes``: the window of ``repeat`` (closes FAR: none) or the place of
    ``in`` and ``on``; ``later``: an event of the first minute does not count (windows after the first, links of a chain)."""

    rule: Duty
    space: Space
    key: Ints
    at: Ints
    trigger: Ints
    causes: Causes
    closes: Ints
    later: Mask
    link: Mask
    in_window: bool
    window_flags: Ints
    place_opens: Ints
    place_closes: Ints
    place_flags: Ints

    def __len__(self) -> int:
        return len(self.at)

    @property
    def names(self) -> tuple[str, ...]:
        return self.space.names

    @property
    def group(self) -> Ints:
        """The record of each instance."""
        return self.space.group[self.key]

    def take(self, places: Ints) -> Instances:
        """Those at these places."""
        return replace(self, **{name: picked(getattr(self, name), places) for name in _COLUMNS})

    def where(self, kept: Mask) -> Instances:
        """Those for which it is so."""
        return self if bool(kept.all()) else self.take(np.flatnonzero(kept))


def single(rule: Duty, space: Space, causes: Causes, trigger: Ints) -> Instances:
    """One instance for each of these triggers."""
    first = causes.bounds[trigger]
    count = len(trigger)
    no, far, zero = constant(False, count), constant(FAR, count), constant(0, count)
    return Instances(
        rule,
        space,
        causes.key[first],
        causes.at[first],
        trigger,
        causes,
        closes=far,
        later=no,
        link=no,
        in_window=False,
        window_flags=zero,
        place_opens=zero,
        place_closes=far,
        place_flags=zero,
    )


def stacked(parts: list[Instances]) -> Instances:
    """Several, one behind the other."""
    columns: dict[str, Any] = {name: np.concatenate([getattr(part, name) for part in parts]) for name in _COLUMNS}
    return replace(parts[0], **columns)


def in_order(instances: Instances) -> Instances:
    """By key, moment and window; what is equal stays in the order in which it arose."""
    key, at, opens = instances.key, instances.at, instances.place_opens
    later = (key[1:] > key[:-1]) | ((key[1:] == key[:-1]) & (at[1:] >= at[:-1]))
    if bool(later.all()) and not bool(opens.any()):
        return instances
    return instances.take(np.lexsort((opens, at, key)))


def occurrence(key: Ints) -> Ints:
    """The number of each instance among those of its key, from 0."""
    place = np.arange(len(key))
    if not len(key):
        return place
    return place - np.maximum.accumulate(np.where(firsts(key), place, 0))
