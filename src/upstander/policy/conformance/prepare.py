"""From a log to chunks: what counts at ``now``, sorted by record and moment; what is odd is set aside (§2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from upstander.policy.conformance.chunk import Chunk, Shared
from upstander.policy.conformance.columns import Columns, Sparse, event_at
from upstander.policy.conformance.days import Days, Ints, Mask, minute_of
from upstander.policy.conformance.keys import LAST_MINUTE
from upstander.policy.conformance.plan import names_in_keys
from upstander.policy.conformance.ragged import bounds_of
from upstander.policy.log import Event
from upstander.policy.model import Pack, Series
from upstander.policy.reference import match
from upstander.policy.reference.world import PERSON_NAMED, VOID, in_order, struck_ids

EARLIEST = 2 * 366 * 1440
"""Moments before 1972 or after 2090 are left to the compiled strategy."""
LATEST = LAST_MINUTE - 6 * 366 * 1440


@dataclass(eq=False)
class Log:
    """Columns with the record of each row. ``order``: the rows by (record, position); ``bounds``: where each record's rows begin.

    ``odd``: records that go to the compiled strategy whole (moments out of reach, an id that is there twice, nothing that counts).
    """

    columns: Columns
    group: Ints
    order: Ints
    bounds: Ints
    odd: Mask

    @property
    def records(self) -> int:
        return len(self.bounds) - 1

    def name(self, record: int) -> tuple[str, str]:
        """The id and the kind of a record."""
        row, values = self.order[self.bounds[record]], self.columns.values
        return str(values[self.columns.record[row]]), str(values[self.columns.record_kind[row]])

    def events(self, record: int) -> list[Event]:
        """All that was written down of a record, in the order of the file."""
        rows = self.order[self.bounds[record] : self.bounds[record + 1]]
        return [event_at(self.columns, row) for row in rows.tolist()]


def log_of(columns: Columns, pack: Pack) -> Log:
    """The log of some columns; numbers and lists that may be names in keys become texts of the dictionary."""
    _as_texts(columns, pack)
    group = _groups(columns)
    in_file = len(group) < 2 or bool(np.all(group[1:] >= group[:-1]))
    order = np.arange(len(group)) if in_file else np.argsort(group, kind="stable")
    records = int(group.max(initial=-1)) + 1
    bounds = bounds_of(group if in_file else group[order], records)
    odd = np.zeros(records, dtype=bool)
    odd[group[(columns.at < EARLIEST) | (columns.at > LATEST)]] = True
    odd |= _doubled(columns, order, bounds)
    return Log(columns, group, order, bounds, odd)


def _groups(columns: Columns) -> Ints:
    """The number of each row's record, in the order in which records come first."""
    packed = columns.record.astype(np.int64) * (len(columns.values) + 1) + columns.record_kind
    starts = np.flatnonzero(np.append(True, packed[1:] != packed[:-1])) if len(packed) else packed
    if len(np.unique(packed[starts])) == len(starts):
        return np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(packed))))
    _, first, inverse = np.unique(packed, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    found: Ints = rank[inverse]
    return found


def _doubled(columns: Columns, order: Ints, bounds: Ints) -> Mask:
    """Records in which two events have one id."""
    doubled = np.zeros(len(bounds) - 1, dtype=bool)
    if columns.ids_differ:
        return doubled
    ids = columns.ids[order].tolist()
    for record, (first, last) in enumerate(zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True)):
        doubled[record] = len(set(ids[first:last])) < last - first
    return doubled


def _as_texts(columns: Columns, pack: Pack) -> None:
    """Values of fields that answer for a name get the texts for which they stand."""
    held: set[object] | None = None
    for name in {*names_in_keys(pack), "person"} & set(columns.fields):
        for code in np.unique(columns.fields[name].codes).tolist():
            value = columns.values[code]
            if isinstance(value, str):
                continue
            if held is None:
                held = {one for one in columns.values if isinstance(one, str)}
            for text in match.texts(value):
                if text not in held:
                    held.add(text)
                    columns.values.append(text)


# --- what counts -------------------------------------------------------------------------------------------------------


def chunks_of(
    log: Log, pack: Pack, days: Days, now: datetime, size: int
) -> tuple[Shared, Iterator[tuple[Chunk, Ints]]]:
    """Chunks of so many records of one kind each, with the numbers of their records in the log."""
    shared = Shared(log.columns.values)
    rows, at = _standing(log, pack, now)
    counted = np.zeros(log.records, dtype=bool)
    counted[log.group[rows]] = True
    log.odd |= ~counted
    kept = ~log.odd[log.group[rows]]
    rows, at = rows[kept], at[kept]
    identical = len(rows) == len(log.group) and bool(np.array_equal(rows, np.arange(len(rows))))
    sorted_columns = log.columns if identical else log.columns.take(rows)
    return shared, _cut(log, shared, pack, days, minute_of(now), sorted_columns, rows, at, size)


def _standing(log: Log, pack: Pack, now: datetime) -> tuple[Ints, Ints]:
    """The rows that count at ``now`` by (record, moment, position), with the moments at which they count."""
    columns, minute = log.columns, minute_of(now)
    at = columns.at.copy()
    counts = np.ones(len(columns), dtype=bool)
    dictionary = {value: code for code, value in enumerate(columns.values) if value in (VOID, PERSON_NAMED)}
    rare = np.isin(columns.kind, list(dictionary.values()))
    for record in np.unique(log.group[rare]).tolist():
        if not log.odd[record]:
            _settle_voids(log, pack, now, record, counts, at)
    if VOID in dictionary:
        counts &= columns.kind != dictionary[VOID]
    counts &= at <= minute
    rows = log.order[counts[log.order]]
    group, moments = log.group[rows], at[rows]
    packed = group * (LAST_MINUTE + 1) + np.clip(moments, 0, LAST_MINUTE)
    if len(packed) > 1 and not bool(np.all(packed[1:] >= packed[:-1])):
        rows = rows[np.argsort(packed, kind="stable")]
    return rows, at[rows]


def _settle_voids(log: Log, pack: Pack, now: datetime, record: int, counts: Mask, at: Ints) -> None:
    """Strikes what voids strike and puts late-named people in their place, as the reference does."""
    rows = log.order[log.bounds[record] : log.bounds[record + 1]]
    events = [event_at(log.columns, row) for row in rows.tolist()]
    struck = struck_ids(Series((pack,)), events, now)
    for row, event in zip(rows.tolist(), events, strict=True):
        counts[row] = event.id not in struck
    placed = {event.id: event.at for event in in_order(events, struck, now) if event.kind == PERSON_NAMED}
    for row, event in zip(rows.tolist(), events, strict=True):
        if event.kind == PERSON_NAMED:
            at[row] = minute_of(placed[event.id]) if event.id in placed else LAST_MINUTE


def _cut(
    log: Log, shared: Shared, pack: Pack, days: Days, now: int, columns: Columns, rows: Ints, at: Ints, size: int
) -> Iterator[tuple[Chunk, Ints]]:
    """Pieces of so many records; a piece of several kinds of record is cut again by kind."""
    group = log.group[rows]
    present = np.unique(group)
    kinds = columns.record_kind
    for start in range(0, len(present), size):
        records = present[start : start + size]
        first, last = np.searchsorted(group, (records[0], records[-1] + 1))
        for kind in np.unique(kinds[first:last]).tolist():
            here = np.flatnonzero(kinds[first:last] == kind) + first
            whole = len(here) == last - first
            piece = _between(columns, at, int(first), int(last)) if whole else _picked(columns, at, here)
            own = group[first:last] if whole else group[here]
            numbers, dense = np.unique(own, return_inverse=True)
            record_kind = str(shared.values[kind])
            yield (
                Chunk(shared, pack, days, now, record_kind, piece, dense, rows[first:last] if whole else rows[here]),
                numbers,
            )


def _between(columns: Columns, at: Ints, first: int, last: int) -> Columns:
    """A run of rows, without copying."""

    def cut(several: dict[str, Sparse]) -> dict[str, Sparse]:
        return {name: sparse.between(first, last) for name, sparse in several.items()}

    return Columns(
        columns.values,
        columns.record[first:last],
        columns.record_kind[first:last],
        columns.ids[first:last],
        columns.kind[first:last],
        at[first:last],
        columns.recorded[first:last],
        columns.person[first:last],
        columns.role[first:last],
        cut(columns.about),
        cut(columns.fields),
    )


def _picked(columns: Columns, at: Ints, rows: Ints) -> Columns:
    picked = columns.take(rows)
    picked.at = at[rows]
    return picked
