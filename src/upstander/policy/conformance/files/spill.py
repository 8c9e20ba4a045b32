"""Logs that do not fit into memory: records are put together on disk by a hash of their id, then judged part by part."""

from __future__ import annotations

import pickle
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from upstander.policy.conformance.columns import Columns, joined, renamed_alone

EVENTS_IN_MEMORY = 1_500_000
"""So many events are judged at once; what is more goes through temporary files."""
BYTES_IN_PART = 48 << 20


def parts_of(batches: Iterable[Columns], bytes_: int, most: int = EVENTS_IN_MEMORY) -> Iterator[Columns]:
    """The whole log in parts, each record whole in one of them.

    ``bytes_``: the size of the file, from which the number of parts follows. The temporary files go with the last part.
    """
    held: list[Columns] = []
    events = 0
    batches = iter(batches)
    for batch in batches:
        held.append(batch)
        events += len(batch)
        if events > most:
            break
    else:
        if held:
            yield joined(held)
        return
    count = min(max(16, bytes_ // BYTES_IN_PART), 512)
    with tempfile.TemporaryDirectory(prefix="upstander-conform-") as folder:
        places = [Path(folder) / str(number) for number in range(count)]
        for batch in held:
            _spill(batch, places)
        held.clear()
        for batch in batches:
            _spill(batch, places)
        for place in places:
            if place.exists():
                yield joined(list(_read(place)))
                place.unlink()


def _spill(batch: Columns, places: list[Path]) -> None:
    hashes = np.zeros(len(batch.values), dtype=np.int64)
    for code in np.unique(batch.record).tolist():
        hashes[code] = zlib.crc32(str(batch.values[code]).encode()) % len(places)
    part = hashes[batch.record]
    order = np.argsort(part, kind="stable")
    bounds = np.searchsorted(part[order], np.arange(len(places) + 1))
    for number, place in enumerate(places):
        rows = order[bounds[number] : bounds[number + 1]]
        if len(rows):
            with place.open("ab") as file:
                pickle.dump(renamed_alone(batch.take(rows)), file, protocol=5)


def _read(place: Path) -> Iterator[Columns]:
    with place.open("rb") as file:
        while True:
            try:
                found: Columns = pickle.load(file)  # noqa: S301 - written by this very process a moment ago
            except EOFError:
                return
            yield found
