"""Rows that own several things, without a loop: joins by record, products, groups."""

from __future__ import annotations

import numpy as np

from upstander.policy.conformance.days import Ints, Mask


def spread(starts: Ints, counts: Ints) -> tuple[Ints, Ints]:
    """For owners with ranges: whose each place is, and the places, range after range."""
    owner = np.repeat(np.arange(len(counts)), counts)
    before = np.cumsum(counts) - counts
    return owner, np.arange(len(owner)) - before[owner] + starts[owner]


def by_group(groups: Ints, bounds: Ints) -> tuple[Ints, Ints]:
    """Joins rows to everything of their record: ``bounds`` says where the things of each record begin and end."""
    return spread(bounds[groups], bounds[groups + 1] - bounds[groups])


def bounds_of(groups: Ints, records: int) -> Ints:
    """Where each record's things begin in a column sorted by record, and where the last ends."""
    found: Ints = np.searchsorted(groups, np.arange(records + 1))
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
