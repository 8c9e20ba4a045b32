"""A log from a file, judged and written, in parts that fit into memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from upstander.policy.calendar import Calendar
from upstander.policy.conformance.columns import Columns
from upstander.policy.conformance.evaluate import judged
from upstander.policy.conformance.files import jsonl, summary, xes
from upstander.policy.conformance.files.names import Told, Unreadable
from upstander.policy.conformance.files.spill import EVENTS_IN_MEMORY, parts_of
from upstander.policy.conformance.files.summary import Summary
from upstander.policy.conformance.files.writers import Writer
from upstander.policy.model import Pack, Series

Reader = Callable[[Path, Pack, Mapping[str, str], Told], Iterator[Columns]]
FORMS = ("jsonl", "csv", "parquet", "xes")


class LinesBroken(Exception):
    """Some lines are no events, and nobody asked to leave them out."""


@dataclass
class Progress:
    """How far it is: ``step`` is ``read`` or ``judged``; of records judged, ``total`` is known once all is read."""

    step: str
    events: int
    records: int = 0


def form_of(path: Path) -> str | None:
    """The form of a log by the ending of its name."""
    name = path.name.removesuffix(".gz") if path.name.endswith(".xes.gz") else path.name
    ending = name.rpartition(".")[2].lower()
    return {"ndjson": "jsonl", "json": "jsonl"}.get(ending, ending if ending in FORMS else None)


def reader_for(form: str) -> Reader:
    """Raises ImportError where Arrow is missing."""
    if form == "jsonl":
        return jsonl.read
    if form == "xes":
        return xes.read
    from upstander.policy.conformance.files import tables

    return tables.read_csv if form == "csv" else tables.read_parquet


def conform(
    pack: Pack | Series,
    log: Path,
    form: str,
    *,
    calendar: Calendar | None,
    now: datetime,
    mapping: Mapping[str, str],
    skip_broken: bool,
    writer: Writer,
    told: Told,
    tell: Callable[[Progress], None],
    threads: int = 2,
    in_memory: int = EVENTS_IN_MEMORY,
) -> Summary:
    """Judges every record of a log. Raises Unreadable; LinesBroken, with ``told`` saying which, unless they are left out."""
    if not log.stat().st_size:
        raise Unreadable("it is empty")
    found, events = summary.empty(pack), 0
    reading = pack.versions[-1] if isinstance(pack, Series) else pack

    def read() -> Iterator[Columns]:
        for batch in reader_for(form)(log, reading, mapping, told):
            tell(Progress("read", told.events))
            if len(batch):
                yield batch
        tell(Progress("read", told.events))
        if told.broken_count and not skip_broken:
            raise LinesBroken

    with ExitStack() as opened:
        for part in parts_of(read(), log.stat().st_size, in_memory):
            if not events:  # not before: a log with broken lines leaves what was there
                writer.open()
                opened.callback(writer.close)
            for verdicts in judged(part, pack, calendar, now, threads=threads):
                summary.count(found, verdicts)
                writer.write(verdicts)
                events += verdicts.events
                tell(Progress("judged", events, found.records))
    return found
