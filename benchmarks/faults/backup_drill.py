"""Backup under load, everything destroyed, restore on an empty machine: is the last report from before there?

    nice -n 15 .venv/bin/python benchmarks/faults/backup_drill.py [--times 60]

While people tell, a backup is made. Every receipt shown before it began must open its report on the new machine; those shown
while it ran may. The new machine is an empty folder with the root key and the age key; it runs on SQLite, wherever it came from.
``--times``: reports before the backup begins.
"""

from __future__ import annotations

import argparse
import base64
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import ground


def upstander(environment: dict[str, str], *words: object) -> str:
    command = [sys.executable, "-m", "upstander.cli", *map(str, words)]
    done = subprocess.run(command, env=environment, cwd=ground.ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{words[0]}: {done.stderr[-2000:]}{done.stdout[-2000:]}")
    return done.stdout.strip()


def run(options: argparse.Namespace, database: str) -> bool:
    with ground.installation(database, options.port) as place, tempfile.TemporaryDirectory() as kept:
        key, made = Path(kept) / "backup.key", Path(kept) / "all.age"
        public = upstander(place.environment, "keys", "new", key)
        place.start()
        with ground.People(options.port, options.at_once) as people:
            people.have_told(options.times)
            before, began = len(people.shown), time.monotonic()
            upstander(place.environment, "backup", made, "--to", public)
            took, after = time.monotonic() - began, len(people.shown)
        root = base64.b64encode(base64.b64decode((place.data / "root.key").read_text())).decode()
        place.stop()
        for each in place.data.iterdir():
            shutil.rmtree(each) if each.is_dir() else each.unlink()
        other = {name: value for name, value in place.environment.items() if name != "UPSTANDER_DATABASE_URL"}
        other |= {"UPSTANDER_DATA": str(Path(kept) / "machine"), "UPSTANDER_ROOT_KEY": root}
        began = time.monotonic()
        upstander(other, "restore", made, "--key", key)
        again = time.monotonic() - began
        upstander(other, "setup")
        place.environment, place.data = other, Path(kept) / "machine"
        place.start()
        everything = people.shown
        lost_after = len(ground.opens(options.port, everything[before:after]))
        people.shown = everything[:before]
        what = (
            f"backup of {made.stat().st_size // 1024} KB in {took:.1f} s while {after - before} more were told, "
            f"{after - before - lost_after} of them in it; restored in {again:.1f} s"
        )
        return ground.judge(place, people, database, what, exactly=False)


if __name__ == "__main__":
    sys.exit(ground.main(__doc__ or "", run, "sqlite", "postgresql", times=60, port=8773))
