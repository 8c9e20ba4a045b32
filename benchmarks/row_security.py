"""What row-level security costs: the same reads with the policies and without, on a PostgreSQL of its own.

.venv/bin/python -m upstander.web.testing.postgres .venv/bin/python benchmarks/row_security.py
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from datetime import datetime

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upstander.web.settings")

import django

RECORDS = 2000
READS = 1500


def main() -> None:
    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from upstander.people import actions, walls
    from upstander.records import row_security
    from upstander.records.models import Named, Record

    call_command("migrate", verbosity=0)
    schools = [
        actions.make_school(f"s{n}", "x", pack="starter", language="en-GB", timezone="Europe/London") for n in (1, 2)
    ]
    at = {"opened_at": datetime(2026, 5, 11, 10, 20), "pack_version": "x", "changed_at": timezone.now()}
    for school in schools:
        rows = [Record(school=school, kind="case", number=f"{n}", **at) for n in range(RECORDS)]
        Record.objects.bulk_create(rows)
        about = {"school": school, "role": "target"}
        Named.objects.bulk_create(Named(record=row, person=f"p{n % 90}", **about) for n, row in enumerate(rows))
    ids = [row.id for row in rows]
    reads: dict[str, Callable[[int], object]] = {
        "one record by its id": lambda n: Record.objects.filter(id=ids[n % RECORDS]).first(),
        "a list of fifty": lambda n: list(Record.objects.filter(school=schools[1], kind="case", closed=False)[:50]),
        "who is named": lambda n: list(
            Named.objects.filter(school=schools[1], person=f"p{n % 90}").values_list("record_id")
        ),
    }
    with walls.within(schools[1].id):
        found = {name: [_milliseconds(read), 0.0] for name, read in reads.items()}
    for table in row_security.tables():
        with connection.cursor() as cursor:
            cursor.execute(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY')
    with walls.within(schools[1].id):
        for name, read in reads.items():
            found[name][1] = _milliseconds(read)
    for name, (behind, before) in found.items():
        print(f"{name}: {behind:.3f} ms with the policies, {before:.3f} ms without")


def _milliseconds(read: Callable[[int], object]) -> float:
    times = []
    for n in range(READS):
        start = time.perf_counter()
        read(n)
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


if __name__ == "__main__":
    main()
