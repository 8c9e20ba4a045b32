"""PostgreSQL is stopped at once, as a crash stops it, and started again, while people tell.

    nice -n 15 .venv/bin/python benchmarks/faults/postgres_stops.py [--times 20] [--seed 1]

Prints how long after the server's start a report could be sent again, at most.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import ground


def control(folder: Path, *words: str) -> None:
    """``pg_ctl`` of the cluster in this folder, as its owner."""
    from upstander.web.testing import postgres

    user = postgres.OWNER if os.geteuid() == 0 else None
    command = [postgres.binaries() / "pg_ctl", "-D", folder / "data", "-w", *words]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "stdin": subprocess.DEVNULL}
    subprocess.run(
        command, user=user, cwd=folder, check=True, env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}, **quiet
    )


def run(options: argparse.Namespace, database: str) -> bool:
    draw = random.Random(options.seed)
    longest = 0.0
    with ground.installation(database, options.port) as place:
        assert place.folder is not None
        # As the cluster was started: its own socket, no port, durable.
        server = f"-k {place.folder} -c listen_addresses= -c shared_buffers=64MB -c max_connections=60 -c logging_collector=off"
        place.start()
        try:
            with ground.People(options.port, options.at_once) as people:
                for _ in range(options.times):
                    time.sleep(0.5 + draw.random() * 2)
                    control(place.folder, "stop", "-m", "immediate")
                    time.sleep(draw.random())
                    control(place.folder, "start", "-o", server, "-l", str(place.folder / "data" / "again.log"))
                    began, before = time.monotonic(), len(people.shown)
                    while len(people.shown) == before and time.monotonic() < began + 60:
                        time.sleep(0.02)
                    longest = max(longest, time.monotonic() - began)
            what = f"{options.times} crashes of the server (longest wait for a receipt after its start {longest:.1f} s)"
            return ground.judge(place, people, database, what)
        finally:
            place.stop()
            control(place.folder, "stop", "-m", "fast")


if __name__ == "__main__":
    sys.exit(ground.main(__doc__ or "", run, "postgresql", times=20, port=8767))
