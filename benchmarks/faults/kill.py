"""``kill -9`` of web, worker, clock and what starts them, at random moments while people tell.

    nice -n 15 .venv/bin/python benchmarks/faults/kill.py [--database sqlite] [--times 200] [--seed 1]

Each kill hits the web server's parent or one of its workers, the worker that sends mails, the clock, or ``upstander run``
itself, which starts again what has died; when it dies, this script starts it again, as a service manager would. A browser
without an answer sends its form again. Ends with 1 if anything was lost, doubled or broken.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import sys
import time
from collections import Counter

import ground


def run(options: argparse.Namespace, database: str) -> bool:
    draw = random.Random(options.seed)
    killed: Counter[str] = Counter()
    slowest = 0.0
    with ground.installation(database, options.port) as place:
        place.start()
        with ground.People(options.port, options.at_once) as people:
            began = time.monotonic()
            while killed.total() < options.times and time.monotonic() < began + options.minutes * 60:
                time.sleep(draw.random() * 1.5)
                place.keep_up()
                name = draw.choice(["web", "web", "web", "work", "clock", "run"])
                if pids := place.processes()[name]:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(draw.choice(pids), signal.SIGKILL)
                        killed[name] += 1
                with contextlib.suppress(SystemExit):
                    slowest = max(slowest, place.wait())
            time.sleep(6)  # a kill of what starts the others shows a little later
            place.keep_up()
            place.wait()
        hit = ", ".join(f"{name} {count}" for name, count in sorted(killed.items()))
        return ground.judge(place, people, database, f"kill -9 ({hit}; longest silence {slowest:.1f} s)")


if __name__ == "__main__":
    sys.exit(ground.main(__doc__ or "", run, "sqlite", "postgresql", times=200, port=8761))
