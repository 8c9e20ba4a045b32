"""The server's clock is set back by two hours and then by a day, in the middle of the work.

    nice -n 15 .venv/bin/python benchmarks/faults/clock_back.py [--times 60]

Each time everything is started again with the other clock (the package time-machine, of the development lock). The chains hold
because nothing in them rests on the clock; the duties are those that the logs ask for. ``--times``: reports under each clock.
"""

from __future__ import annotations

import argparse
import sys

import ground

MODULE = """
import os, sys
if behind := float(os.environ.get("FAULTS_BEHIND", "0")):
    import datetime, time_machine
    time_machine.travel(datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=behind)).start()
"""


def run(options: argparse.Namespace, database: str) -> bool:
    with ground.installation(database, options.port) as place:
        folder = place.data / "clock"
        folder.mkdir()
        (folder / "sitecustomize.py").write_text(MODULE)
        place.environment["PYTHONPATH"] = f"{folder}:{place.environment['PYTHONPATH']}"
        shown: list[ground.Journey] = []
        for behind in (0, 2, 26, 0):
            place.stop()
            place.environment["FAULTS_BEHIND"] = str(behind)
            place.start()
            with ground.People(options.port, options.at_once) as people:
                people.have_told(options.times)
            shown += people.shown
        people.shown = shown
        return ground.judge(place, people, database, "clock set back by 2 and by 26 hours, and forward again")


if __name__ == "__main__":
    sys.exit(ground.main(__doc__ or "", run, "sqlite", "postgresql", times=60, port=8771))
