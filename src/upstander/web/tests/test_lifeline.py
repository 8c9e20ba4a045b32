"""A process that is killed leaves none behind that serves on without it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time

CHILD = "import time; from upstander.web import lifeline; lifeline.end_with_parent(); time.sleep(60)"
PARENT = (
    "import subprocess, sys, time; from upstander.web import lifeline; lifeline.hold(); "
    f"print(subprocess.Popen([sys.executable, '-c', {CHILD!r}]).pid, flush=True); time.sleep(60)"
)


def test_a_child_ends_with_the_parent_that_was_killed() -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)  # noqa: S603
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    try:
        until = time.monotonic() + 10
        while _runs(child) and time.monotonic() < until:
            time.sleep(0.05)
        assert not _runs(child)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


def _runs(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
