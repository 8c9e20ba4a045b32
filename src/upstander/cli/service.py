"""Serving: the web server, the worker that sends, the clock, and all three in one process tree."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from types import FrameType

from django.conf import settings
from django.core.management import call_command
from django.utils.translation import gettext as _

from upstander.cli.problems import Cannot
from upstander.web import lifeline

MOST_PORT = 65_535
PAUSE_SECONDS = 1.0
"""How long the worker and the clock sleep when nothing is waiting."""


def data_folder() -> None:
    """Make the data folder. Where all keys come from the environment, nothing else has made it before the database."""
    settings.DATA.mkdir(parents=True, exist_ok=True, mode=0o700)


def setup(options: argparse.Namespace) -> int:
    """Make or update tables, triggers and static files."""
    data_folder()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    print(_("The database and the static files are ready in {folder}.").format(folder=settings.STATIC_ROOT.parent))
    return 0


def serve(options: argparse.Namespace) -> int:
    """Serve the pages with granian."""
    _can_listen(options.host, options.port)
    if not (settings.STATIC_ROOT / "staticfiles.json").exists():
        raise Cannot(_("The static files are not there yet: run upstander setup first."))
    from granian import Granian
    from granian.constants import Interfaces

    lifeline.end_with_parent()
    lifeline.hold()
    Granian(
        "upstander.web.wsgi:application",
        address=options.host,
        port=options.port,
        interface=Interfaces.WSGI,
        workers=options.workers,
        blocking_threads=1,
        log_enabled=False,
        respawn_failed_workers=True,
    ).serve()
    return 0


def _can_listen(host: str, port: int) -> None:
    """Raise Cannot where nothing can be served at this address, before workers are started that would say it in their own words."""
    if not 1 <= port <= MOST_PORT:
        raise Cannot(_("{port} is no port: give a number from 1 to {most}.").format(port=port, most=MOST_PORT))
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
    except OSError as problem:
        raise Cannot(
            _("Nothing can be served at {host}:{port}: {problem}. Is something else running there?").format(
                host=host, port=port, problem=problem.strerror or problem
            )
        ) from problem


def work(options: argparse.Namespace) -> int:
    """Send what the outbox holds, until stopped."""
    from upstander.notify import actions

    return _until_stopped(actions.deliver, once=options.once)


def clock(options: argparse.Namespace) -> int:
    """Look again at every record whose moment has come, until stopped."""
    from upstander.notify import actions

    return _until_stopped(actions.tick, once=options.once)


def _until_stopped(step: Callable[[], int], *, once: bool) -> int:
    """Call ``step`` (which returns how much it did) again and again; SIGTERM and Ctrl-C end it between two steps."""
    stopping = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    lifeline.end_with_parent()
    while not stopping:
        did = step()
        if once:
            break
        if not did:
            time.sleep(PAUSE_SECONDS)
    return 0


def run(options: argparse.Namespace) -> int:
    """Serve, work and clock as children of this process; one that dies is started again."""
    _can_listen(options.host, options.port)
    address = ["--host", options.host, "--port", str(options.port), "--workers", str(options.workers)]
    commands = {"serve": address, "work": [], "clock": []}
    stopping = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    lifeline.hold()
    children = {name: _child(name, arguments) for name, arguments in commands.items()}
    while not stopping:
        time.sleep(0.2)
        for name, child in children.items():
            if child.poll() is not None and not stopping:
                print(_("“{name}” stopped and is started again.").format(name=name), file=sys.stderr)
                time.sleep(1)
                children[name] = _child(name, commands[name])
    _stop_all(list(children.values()))
    print(_("Stopped."))
    return 0


def _child(name: str, arguments: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "upstander.cli", name, *arguments], start_new_session=True)


def _stop_all(children: list[subprocess.Popen[bytes]]) -> None:
    """Ask each child to end, and end what has not after ten seconds."""
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)


def demo(options: argparse.Namespace) -> int:
    """Make the demo schools where they are not there yet, set their clock, and run everything."""
    if not settings.INSTALLATION.demo:
        raise Cannot(
            _("The demo runs only with UPSTANDER_DEMO=true, so that invented people never reach a real school.")
        )
    from upstander.demo import actions

    setup(options)
    if options.fresh:
        actions.throw_away()
    actions.make(say=print)
    if options.at:
        actions.move_clock(options.at)
    actions.print_welcome(f"http://localhost:{options.port}")
    return 0 if options.no_serve else run(options)
