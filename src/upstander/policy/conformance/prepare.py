"""From a log to chunks: what counts at ``now``, by record and moment; what is odd is set aside (§2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from upstander.policy.conformance.chunk import Chunk, Shared
from upstander.policy.conformance.columns import Columns, Sparse, event_at, moved
from upstander.policy.conformance.days import Days, Ints, Mask, minute_of
from upstander.policy.conformance.keys import LAST_MINUTE
from upstander.policy.conformance.plan import names_in_keys
from upstander.policy.conformance.ragged import bounds_of, distinct, firsts
from upstander.policy.log import Event
from upstander.policy.model import Pack, Series
from upstander.policy.reference import match
from upstander.policy.reference.world import PERSON_NAMED, VOID, in_order, struck_ids

EARLIEST = 2 * 366 * 1440
"""Moments before 1972 or after 2090 are left to the compiled strategy."""
LATEST = LAST_MINUTE - 6 * 366 * 1440


@dataclass(eq=False)
class Log:
    """Columns by record, in the order of the file within each. ``bounds``: where each record's rows begin.

    ``odd``: records that go to the compiled strategy whole (moments out of reach, an id that is there twice).
    ``texts``: the codes of texts for which numbers and lists in fields stand.
    """

    columns: Columns
    bounds: Ints
    odd: Mask
    texts: dict[str, int]

    @property
    def records(self) -> int:
        return len(self.bounds) - 1

    def name(self, record: int) -> tuple[str, str]:
        """The id and the kind of a record."""
        row, values = self.bounds[record], self.columns.values
        return str(values[self.columns.record[row]]), str(values[self.columns.record_kind[row]])

    def events(self, record: int) -> list[Event]:
        """All that was written down of a record, in the order of the file."""
        return [event_at(self.columns, row) for row in range(self.bounds[record], self.bounds[record + 1])]


def log_of(columns: Columns, pack: Pack) -> Log:
    """The log of some columns; numbers and lists that may be names in keys become texts of the dictionary."""
    texts = _as_texts(columns, pack)
    columns, bounds = _by_record(columns)
    odd = np.zeros(len(bounds) - 1, dtype=bool)
    far = np.flatnonzero((columns.at < EARLIEST) | (columns.at > LATEST))
    odd[np.searchsorted(bounds, far, side="right") - 1] = True
    odd |= _doubled(columns, bounds)
    return Log(columns, bounds, odd, texts)


def _by_record(columns: Columns) -> tuple[Columns, Ints]:
    """The rows of each record together, records in the order in which they come first, and where each begins."""
    record, kind = columns.record, columns.record_kind
    new = np.ones(len(record), dtype=bool)
    new[1:] = (record[1:] != record[:-1]) | (kind[1:] != kind[:-1])
    starts = np.flatnonzero(new)
    packed = record[starts].astype(np.int64) * (len(columns.values) + 1) + kind[starts]
    if len(distinct(packed)) == len(starts):
        return columns, np.append(starts, len(record))
    _, first, inverse = np.unique(packed, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    group = np.repeat(rank[inverse], np.diff(np.append(starts, len(record))))
    order = np.argsort(group, kind="stable")
    return columns.take(order), bounds_of(group, len(first))


def _doubled(columns: Columns, bounds: Ints) -> Mask:
    """Records in which two events have one id."""
    doubled = np.zeros(len(bounds) - 1, dtype=bool)
    if columns.ids_differ:
        return doubled
    ids = columns.ids.tolist()
    for record, (first, last) in enumerate(zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True)):
        doubled[record] = len(set(ids[first:last])) < last - first
    return doubled


def _as_texts(columns: Columns, pack: Pack) -> dict[str, int]:
    """Values of fields that answer for a name get the texts for which they stand: their codes, some of them new."""
    wanted: dict[str, None] = {}
    for name in {*names_in_keys(pack), "person"} & set(columns.fields):
        for code in np.unique(columns.fields[name].codes).tolist():
            value = columns.values[code]
            if not isinstance(value, str):
                wanted |= dict.fromkeys(match.texts(value))
    if not wanted:
        return {}
    found = {value: code for code, value in enumerate(columns.values) if isinstance(value, str) and value in wanted}
    for text in wanted:
        if text not in found:
            found[text] = len(columns.values)
            columns.values.append(text)
    return found


# --- what counts -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Cutter:
    """Cuts chunks out of a log; each is prepared by whoever judges it."""

    log: Log
    shared: Shared
    pack: Pack
    days: Days
    now: datetime

    def chunks(self, first: int, last: int) -> tuple[list[tuple[Chunk, Ints]], Ints]:
        """The records from one to before another as chunks of one kind of record each, with the records' numbers; and those
        of which nothing counts at ``now``."""
        low, high = int(self.log.bounds[first]), int(self.log.bounds[last])
        group = np.repeat(np.arange(first, last), np.diff(self.log.bounds[first : last + 1]))
        rows, at = self._standing(low, high, group, first)
        group = group[rows - low]
        counted = self.log.odd[first:last].copy()
        counted[group - first] = True
        empty = np.flatnonzero(~counted) + first
        kinds = self.log.columns.record_kind[rows]
        if len(kinds) and bool((kinds == kinds[0]).all()):
            return [self._chunk(low, high, rows, at, group, str(self.shared.values[kinds[0]]))], empty
        found = []
        for kind in np.unique(kinds).tolist():
            here = np.flatnonzero(kinds == kind)
            found.append(self._chunk(low, high, rows[here], at[here], group[here], str(self.shared.values[kind])))
        return found, empty

    def _chunk(self, low: int, high: int, rows: Ints, at: Ints, group: Ints, kind: str) -> tuple[Chunk, Ints]:
        new = firsts(group)
        columns = _picked(self.log.columns, low, high, rows, at)
        chunk = Chunk(self.shared, self.pack, self.days, minute_of(self.now), kind, columns, np.cumsum(new) - 1, rows)
        return chunk, group[new]

    def _standing(self, low: int, high: int, group: Ints, first: int) -> tuple[Ints, Ints]:
        """The rows that count at ``now`` by (record, moment, position), with the moments at which they count."""
        columns, now = self.log.columns, minute_of(self.now)
        at, kind = columns.at[low:high].astype(np.int64), columns.kind[low:high]
        rare = (kind == self.shared.code(VOID)) | (kind == self.shared.code(PERSON_NAMED))
        counts = ~self.log.odd[group] if bool(self.log.odd.any()) else np.ones(len(at), dtype=bool)
        if bool(rare.any()):
            for record in np.unique(group[rare & counts]).tolist():
                self._settle_voids(record, low, counts, at)
            counts &= kind != self.shared.code(VOID)
        counts &= at <= now
        rows = np.flatnonzero(counts)
        if len(rows) < len(at):
            group, at = group.take(rows), at.take(rows)
        if not bool(np.all((at[1:] >= at[:-1]) | (group[1:] > group[:-1]))):
            order = np.argsort((group - first) * (LAST_MINUTE + 1) + np.clip(at, 0, LAST_MINUTE), kind="stable")
            rows, at = rows[order], at[order]
        return rows + low, at

    def _settle_voids(self, record: int, low: int, counts: Mask, at: Ints) -> None:
        """Strikes what voids strike and puts late-named people in their place, as the reference does."""
        events = self.log.events(record)
        start = int(self.log.bounds[record]) - low
        struck = struck_ids(Series((self.pack,)), events, self.now)
        placed = {event.id: event.at for event in in_order(events, struck, self.now) if event.kind == PERSON_NAMED}
        for row, event in enumerate(events, start):
            counts[row] = event.id not in struck
            if event.kind == PERSON_NAMED:
                at[row] = minute_of(placed[event.id]) if event.id in placed else LAST_MINUTE


def _picked(columns: Columns, low: int, high: int, rows: Ints, at: Ints) -> Columns:
    """These rows, all between two places: of a run of rows views, else copies. Ids and names of records stay behind."""
    in_order = bool(np.all(rows[1:] > rows[:-1]))
    whole = len(rows) == high - low and in_order
    place = np.full(high - low, -1, dtype=np.int64)
    if not whole:
        place[rows - low] = np.arange(len(rows))

    def of(column: Any) -> Any:
        return column[low:high] if whole else column.take(rows)

    def picked(several: dict[str, Sparse]) -> dict[str, Sparse]:
        cut = {name: sparse.between(low, high) for name, sparse in several.items()}
        return cut if whole else {name: moved(sparse, place, in_order=in_order) for name, sparse in cut.items()}

    return Columns(
        columns.values,
        columns.record[:0],
        columns.record_kind[:0],
        columns.ids[:0],
        of(columns.kind),
        at,
        of(columns.recorded).astype(np.int64),
        of(columns.person),
        of(columns.role),
        picked(columns.about),
        picked(columns.fields),
    )
