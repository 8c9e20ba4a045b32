"""Rows that own several things, without a loop: joins by record, products, groups."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from upstander.policy.conformance.days import Ints, Mask


@lru_cache(maxsize=64)
def _endless(value: Any, sort: str) -> Any:
    return np.broadcast_to(np.asarray(value), 1 << 40)


def constant(value: Any, size: int) -> Any:
    """A column of one number (64 bits, unless it says otherwise) that takes no room; it cannot be written into."""
    return _endless(value, str(type(value)))[:size]


def is_constant(column: Ints | Mask) -> bool:
    return column.strides == (0,)


def picked(column: Any, places: Ints) -> Any:
    """A column at these places; one that takes no room stays so."""
    if is_constant(column) and len(column):
        return constant(column[0], len(places))
    return column.take(places)


def spread(starts: Ints, counts: Ints) -> tuple[Ints, Ints]:
    """For owners with ranges: whose each place is, and the places, range after range."""
    everybody = np.arange(len(counts))
    if bool((counts == 1).all()):
        return everybody, starts
    owner = np.repeat(everybody, counts)
    before = np.cumsum(counts) - counts
    return owner, np.arange(len(owner)) - before[owner] + starts[owner]


class Steps:
    """Sorted numbers of several owners, one owner's behind the other's: the first that is not less, without a branch.

    A search by halves for all questions at once, in as many steps as the owner with the most numbers needs: for the few events of
    a key a third of the time of ``searchsorted``.
    """

    def __init__(self, values: Ints, bounds: Ints) -> None:
        most = int(np.max(bounds[1:] - bounds[:-1], initial=0))
        self._widths = [1 << place for place in reversed(range(most.bit_length()))]
        self.values = np.append(values, np.full(2 * most + 1, np.iinfo(np.int64).max))
        self._bounds = bounds

    def starts(self, owner: Ints) -> Ints:
        """Where each owner's numbers begin; nobody's (−1) at 0."""
        return self._bounds.take(owner, mode="clip")

    def ends(self, owner: Ints) -> Ints:
        return self._bounds.take(owner + 1, mode="clip")

    def least(self, owner: Ints, wanted: Ints) -> Ints:
        """The place of the first number of each owner that is not less than the one wanted; of an owner without one the end."""
        place = self.starts(owner)
        for width in self._widths:
            less = self.values[width - 1 :].take(place) < wanted
            place += np.multiply(less, width, dtype=np.int64)
        return place


def by_group(groups: Ints, bounds: Ints) -> tuple[Ints, Ints]:
    """Joins rows to everything of their record: ``bounds`` says where the things of each record begin and end."""
    return spread(bounds[groups], bounds[groups + 1] - bounds[groups])


def bounds_of(groups: Ints, records: int) -> Ints:
    """Where each record's things begin in a column sorted by record, and where the last ends."""
    found = np.zeros(records + 1, dtype=np.int64)
    np.cumsum(np.bincount(groups, minlength=records), out=found[1:])
    return found


def firsts(*columns: Ints) -> Mask:
    """Of rows sorted by these columns, those that differ from the row before."""
    new = np.ones(len(columns[0]), dtype=bool)
    if len(new):
        new[1:] = np.logical_or.reduce([column[1:] != column[:-1] for column in columns])
    return new


def any_of(owner: Ints, held: Mask, owners: int) -> Mask:
    """Whether one of each owner's things is so."""
    found = np.zeros(owners, dtype=bool)
    found[owner[held]] = True
    return found


def least(owner: Ints, values: Ints, owners: int, none: int) -> Ints:
    """The least of each owner's values, ``none`` where there is none."""
    found = np.full(owners, none, dtype=np.int64)
    np.minimum.at(found, owner, values)
    return found


def distinct(values: Ints) -> Ints:
    """The different values in order; what is in order already is not sorted again."""
    if len(values) > 1 and not bool(np.all(values[1:] >= values[:-1])):
        values = np.sort(values)
    new = firsts(values)
    return values if bool(new.all()) else values[new]


def by_owner(owner: Ints, thing: Ints) -> tuple[Ints, Ints]:
    """Owners with their things, in order, nothing twice. Sorting one packed number is far faster than sorting by two."""
    width = int(thing.max(initial=0)).bit_length()
    packed = distinct(owner << width | thing)
    return packed >> width, packed & ((1 << width) - 1)
