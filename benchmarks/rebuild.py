"""How long ``upstander rebuild`` takes to make the indexes of many cases again from their logs, on SQLite.

    .venv/bin/python benchmarks/rebuild.py [--cases 100000] [--events 15] [--pack jp-junior-high] [--data FOLDER] [--json FILE]

Makes a data folder of its own (or uses one that this script has filled before: ``--data``), with one school and so many cases of an
open log each, drawn from the pack's own kinds of event, chained by hash as the application writes them. Then runs the command's own
function in this process and prints wall and processor seconds, cases a second, rows made, and the peak of memory while rebuilding.
The indexes of some cases are compared with those that storing each case alone makes.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "src"), str(Path(__file__).resolve().parent)]

BATCH = 500
START = datetime(2025, 4, 10, 9, 0)
COMPARED = 50


def prepare(folder: Path) -> None:
    """Django on a database of its own."""
    os.environ |= {"UPSTANDER_DATA": str(folder), "UPSTANDER_MAIL": "file", "UPSTANDER_DEMO": "true"}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upstander.web.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def fill(cases: int, events: int, pack_name: str) -> None:
    """One school with so many cases."""
    from engine import drawn_log

    from upstander.people import actions as people
    from upstander.people.packs import series_of

    school = people.make_school("many", "Many Cases", pack=pack_name, language="en-GB", timezone="Europe/London")
    pack = series_of(school).versions[-1]
    drawn = [drawn_log(pack, events, seed=seed) for seed in range(200)]
    random = Random(7)
    for first in range(0, cases, BATCH):
        many = range(first, min(first + BATCH, cases))
        write(school, pack.version, [(number, random.choice(drawn), random.randrange(400)) for number in many])
        print(f"\rfilled {many[-1] + 1}/{cases}", end="", flush=True)
    print()


def write(school: Any, version: str, several: Sequence[tuple[int, Sequence[Any], int]]) -> None:
    """Cases of these logs, each so many days later, each log with its own people."""
    from datetime import UTC
    from uuid import uuid4

    from django.db import transaction

    from upstander.records.canonical import hash_of
    from upstander.records.models import Event, Record

    records, rows = [], []
    for number, log, days in several:
        record = Record(
            school=school,
            kind="case",
            number=f"{number:06}",
            opened_at=START,
            pack_version=version,
            changed_at=datetime.now(UTC),
        )
        for position, event in enumerate(log, start=1):
            at = event.at - timedelta(days=365 - days)
            fields = {name: _plain(value) for name, value in event.fields.items()}
            about = {role: [f"{person}-{number % 5000}" for person in ids] for role, ids in event.about.items()}
            row = Event(
                id=uuid4(), school=school, record=record, position=position, kind=event.kind, at=at, about=about, fields=fields,
                recorded_at=at.replace(tzinfo=UTC), by_role=event.by.role or "", previous_hash=record.head,
            )  # fmt: skip
            row.hash = hash_of(row)
            record.length, record.head = position, row.hash
            rows.append(row)
        records.append(record)
    with transaction.atomic():
        Record.objects.bulk_create(records)
        Event.objects.bulk_create(rows, batch_size=500)


def _plain(value: Any) -> Any:
    from decimal import Decimal

    if isinstance(value, Decimal):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


def indexes(school: Any, ids: Sequence[Any]) -> list[Any]:
    """What the indexes say of some records."""
    from upstander.records.models import DutyRow, FactRow, Named, Record

    columns = [field.attname for field in DutyRow._meta.fields if field.attname != "id"]
    found: list[Any] = list(
        DutyRow.objects.filter(record__in=ids).order_by("record", "rule", "key", "occurrence").values_list(*columns)
    )
    found += (
        FactRow.objects.filter(record__in=ids)
        .order_by("record", "fact", "key", "first")
        .values_list("record", "fact", "key", "first", "last")
    )
    found += (
        Named.objects.filter(record__in=ids)
        .order_by("record", "role", "person")
        .values_list("record", "role", "person")
    )
    found += Record.objects.filter(id__in=ids).order_by("id").values_list("id", "closed", "next_change")
    return found


def compare(school: Any, now: datetime) -> None:
    """Storing each case alone, as the application does at each append, makes the same rows."""
    from upstander.records import append, clock, index
    from upstander.records.models import DutyRow, FactRow, Named, Record

    ids = list(Record.objects.filter(school=school).order_by("number").values_list("id", flat=True)[:COMPARED])
    before = indexes(school, ids)
    for table in (DutyRow, FactRow, Named):
        table.objects.filter(record__in=ids).delete()  # type: ignore[attr-defined]
    Record.objects.filter(id__in=ids).update(closed=False, next_change=None)
    desk = index.Desk(school, now, clock.utcnow(school), notify=False)
    for record in Record.objects.filter(id__in=ids):
        index.store(desk, record, append.log_of(school, record), first=True)
    assert indexes(school, ids) == before, "the indexes differ from those that are stored one by one"


def measure() -> dict[str, float]:
    """Rebuild the only school."""
    from upstander.people import queries as people
    from upstander.records import clock, rebuild
    from upstander.records.models import DutyRow, FactRow, Named

    (school,) = people.schools()
    now = clock.now(school)
    wall, cpu = time.perf_counter(), time.process_time()
    done = rebuild.rebuild_school(
        school, now, progress=lambda n, of: print(f"\rrebuilt {n}/{of}", end="", flush=True) if n % 1000 == 0 else None
    )
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    compare(school, now)
    rows = {table.__name__: table.objects.count() for table in (DutyRow, FactRow, Named)}  # type: ignore[attr-defined]
    return {"cases": done, "wall": wall, "cpu": cpu, "peak MB": peak, **rows}


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--events", type=int, default=15)
    parser.add_argument("--pack", default="jp-junior-high")
    parser.add_argument("--data", type=Path, help="a folder to keep; filled only if it is empty")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        place = asked.data or Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        empty = not any(place.glob("*.sqlite3"))
        prepare(place)
        if empty:
            fill(asked.cases, asked.events, asked.pack)
        found = measure()
    cases, wall, cpu = found["cases"], found["wall"], found["cpu"]
    print(f"\n{cases:.0f} cases: {wall:.1f} s, {cpu:.1f} s of processor time, peak {found['peak MB']:.0f} MB")
    print(f"{cases / wall:.0f} cases a second, {cpu / cases * 1000:.2f} ms of processor time each")
    print("rows: " + ", ".join(f"{found[name]:.0f} {name}" for name in ("DutyRow", "FactRow", "Named")))
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
