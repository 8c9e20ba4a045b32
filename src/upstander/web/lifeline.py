"""No process outlives the one that started it: one that is killed would leave others behind that serve and hold the port."""

from __future__ import annotations

import os
import signal
import threading
import time

NAME = "UPSTANDER_PARENT"
"""The environment variable in which a process tells its children who it is."""
_LOOK_EVERY = 0.25
_PATIENCE = 3.0


def hold() -> None:
    """Call before starting children: they end when this process is gone."""
    os.environ[NAME] = str(os.getpid())


def end_with_parent() -> None:
    """Ask this process to end when the one that started it has; nothing where nobody said who that is."""
    said = os.environ.get(NAME, "")
    if said.isdecimal() and os.name == "posix":
        threading.Thread(target=_watch, args=(int(said),), name="lifeline", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK_EVERY)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_PATIENCE)
    os.kill(os.getpid(), signal.SIGKILL)
