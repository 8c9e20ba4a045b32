"""The disk is full: nobody is told that something was kept that was not; with room again everything goes on.

    nice -n 15 .venv/bin/python benchmarks/faults/disk_full.py [--times 3]

No file may grow beyond a limit (RLIMIT_FSIZE) that lies little above the database's size: for the program that is a disk without
room. After a while the limit is lifted without a restart (prlimit), and set again, as often as asked.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time

import ground
from journeys import tree


def limit(place: ground.Ground, size: int) -> None:
    """Let no file of any process of the installation grow beyond ``size`` bytes."""
    assert place.process is not None
    for pid in tree(place.process.pid):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def biggest(place: ground.Ground) -> int:
    return max(path.stat().st_size for path in place.data.glob("upstander.sqlite3*"))


def run(options: argparse.Namespace, database: str) -> bool:
    went_on = 0
    with ground.installation(database, options.port) as place:
        place.start()
        with ground.People(options.port, options.at_once, patient=False) as people:
            for _ in range(options.times):
                time.sleep(4)
                limit(place, biggest(place) + 30_000)
                refused = people.refused
                until = time.monotonic() + 40
                while people.refused < refused + 10 and time.monotonic() < until:
                    time.sleep(0.1)
                if people.refused == refused:
                    print(f"{database:<11}the limit was not reached: nothing was tried")
                    return False
                limit(place, resource.RLIM_INFINITY)
                before, until = len(people.shown), time.monotonic() + 40
                while len(people.shown) < before + 3 and time.monotonic() < until:
                    time.sleep(0.1)
                went_on += len(people.shown) > before
        what = f"disk full {options.times} times (went on by itself {went_on} times)"
        return ground.judge(place, people, database, what) and went_on == options.times


if __name__ == "__main__":
    sys.exit(ground.main(__doc__ or "", run, "sqlite", times=3, port=8769))
