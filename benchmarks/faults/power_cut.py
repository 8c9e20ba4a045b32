"""The power goes: SQLite's files as they lay on the disk at a random moment, opened elsewhere.

    nice -n 15 .venv/bin/python benchmarks/faults/power_cut.py [--times 30] [--seed 1]

While people tell, every process is stopped (SIGSTOP) at a random moment, the database and its log are copied, and all go on. Of
each copy there are two: as it was, and with a torn end, a random piece of a page behind the last whole one, as a disk leaves it
that lost power while it wrote. Each is opened as after a new start. Every receipt that had been shown before the cut must be there,
every chain must hold, and SQLite must find its file whole.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

import ground
from journeys import script, tree

LOOK = """
import django; django.setup()
import json, os, sys
from django.db import connection
from upstander.people.models import School
from upstander.records.models import Event, Record
from upstander.records.verify import verify_school
from upstander.tell import actions
with connection.cursor() as cursor:
    cursor.execute("PRAGMA integrity_check")
    whole = cursor.fetchone()[0] == "ok"
wrong = [str(each) for school in School.objects.all() for each in verify_school(school).problems]
schools = {school.slug: school for school in School.objects.all()}
missing = 0
for slug, words in json.loads(os.environ["SHOWN"]):
    missing += actions.come_back(schools[slug], words) is None
print(int(whole), len(wrong), missing, Event.objects.filter(kind="told").count())
"""


def cut(place: ground.Ground, to: Path) -> None:
    """Copy database and log while nobody writes; the index of the log lives in memory and is lost."""
    assert place.process is not None
    pids = tree(place.process.pid)
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        for name in ("upstander.sqlite3", "upstander.sqlite3-wal", "root.key", "secret.key"):
            if (place.data / name).exists():
                shutil.copy(place.data / name, to / name)
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def look(place: ground.Ground, folder: Path, shown: str) -> list[int]:
    environment = {**place.environment, "UPSTANDER_DATA": str(folder), "SHOWN": shown}
    return [int(each) for each in script(LOOK, environment).split()]


def run(options: argparse.Namespace, database: str) -> bool:
    import json

    draw = random.Random(options.seed)
    lost = broken = torn = 0
    with ground.installation(database, options.port) as place, tempfile.TemporaryDirectory() as folder:
        place.start()
        copies = []
        with ground.People(options.port, options.at_once, pause=0.02) as people:
            for number in range(options.times):
                time.sleep(0.2 + draw.random() * 1.5)
                shown = json.dumps([(each.school, each.words) for each in list(people.shown)])
                to = Path(folder) / str(number)
                to.mkdir()
                cut(place, to)
                copies.append((to, shown))
        for to, shown in copies:
            other = Path(f"{to}-torn")
            shutil.copytree(to, other)
            with (other / "upstander.sqlite3-wal").open("ab") as log:
                log.write(draw.randbytes(draw.randrange(1, 4120)))
            for each, is_torn in ((to, 0), (other, 1)):
                whole, wrong, missing, _told = look(place, each, shown)
                lost += missing
                broken += (not whole) + wrong
                torn += is_torn
        print(
            f"{database:<11}power cut: {len(copies)} cuts, {torn} with a torn end; receipts lost {lost}, broken {broken}"
        )
        return ground.judge(place, people, database, f"going on after {len(copies)} stops") and not (lost or broken)


if __name__ == "__main__":
    sys.exit(ground.main(__doc__ or "", run, "sqlite", times=30, port=8765))
