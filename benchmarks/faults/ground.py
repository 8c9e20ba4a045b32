"""What every fault script needs: an installation that runs as a school runs it, people who tell, and the count afterwards.

The people are browsers without script that send a report, look at their receipt, and send again when no answer comes. What
they saw is the ledger: in the end every receipt in it must open its own report, every report must be there once, every chain must
hold, and the duties in the index must be those that the logs ask for.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "benchmarks")]

from journeys import script, tree  # noqa: E402

import browser  # noqa: E402
from browser import Browser, Journey, tell  # noqa: E402

SCHOOLS = 6
MAKE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("collectstatic", verbosity=0, interactive=False)
from upstander.people import actions
from datetime import date
for n in range({schools}):
    school = actions.make_school(
        f"school-{{n}}", "Larkrise Example Academy", pack="gb-secondary", language="en-GB", timezone="Europe/London"
    )
    for post in ("dsl", "headteacher"):
        person = actions.add_person(school, "staff", f"The {{post}}", email=f"{{post}}@school-{{n}}.example")
        actions.give_role(person, post, date(2020, 9, 1))
"""
COUNT = """
import django; django.setup()
from upstander.people.models import School
from upstander.records import rebuild
from upstander.records.models import DutyRow, Event, Notice, Record, SubmitKey
from upstander.tell.models import Receipt
from upstander.records.verify import verify_school
wrong = [str(each) for school in School.objects.all() for each in verify_school(school).problems]
def duties():
    return set(DutyRow.objects.values_list("record_id", "rule", "key", "occurrence", "arose", "due"))
def people():
    return set(Record.named.rel.related_model.objects.values_list("record_id", "role", "person"))
before, names = duties(), people()
for school in School.objects.all():
    rebuild.rebuild_school(school)
concerns = Record.objects.filter(kind="concern", length__gt=0)
told = Event.objects.filter(kind="told")
without = concerns.exclude(id__in=DutyRow.objects.values("record")).count()
silent = concerns.exclude(id__in=Notice.objects.values("record")).count()
print(told.count(), told.values("record").distinct().count(), Receipt.objects.count(), len(wrong),
      len(before ^ duties()) + len(names ^ people()), without, silent, Record.objects.filter(length=0).count())
for each in wrong[:5]:
    print(each)
"""


@dataclass
class Ground:
    """One installation: ``upstander run`` over a database of its own, and the people who tell."""

    port: int
    data: Path
    environment: dict[str, str]
    folder: Path | None = None
    """Of PostgreSQL's cluster; None for SQLite."""
    process: subprocess.Popen[bytes] | None = None
    wrapper: list[str] = field(default_factory=list)

    def start(self) -> None:
        """Start everything and wait until it answers."""
        if self.process is None and _answers(self.port):
            raise SystemExit(f"something else answers on port {self.port}: choose another with --port")
        command = [*self.wrapper, sys.executable, "-m", "upstander.cli", "run", "--port", str(self.port)]
        log = (self.data / "run.log").open("ab")
        self.process = subprocess.Popen(command, env=self.environment, cwd=ROOT, stdout=log, stderr=log)
        self.wait()

    def keep_up(self) -> None:
        """Start everything again where ``upstander run`` itself is gone, as a service manager does."""
        while self.process is None or self.process.poll() is not None:
            time.sleep(1)
            with contextlib.suppress(SystemExit):
                self.start()

    def wait(self, most: float = 300) -> float:
        """Wait until the door answers; the seconds that it took."""
        began = time.monotonic()
        while time.monotonic() < began + most:
            with contextlib.suppress(OSError, http.client.HTTPException):
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                connection.request("GET", "/health")
                if connection.getresponse().status == 200:
                    return time.monotonic() - began
            if self.process is not None and self.process.poll() is not None:
                raise SystemExit("it did not start")
            time.sleep(0.1)
        raise SystemExit("nothing answers:\n" + (self.data / "run.log").read_text(errors="replace")[-3000:])

    def processes(self) -> dict[str, list[int]]:
        """{web, work, clock: ids of the processes}; the web's are its parent and its workers."""
        assert self.process is not None
        found: dict[str, list[int]] = {"web": [], "work": [], "clock": [], "run": [self.process.pid]}
        for pid in tree(self.process.pid):
            words = command_of(pid)
            for name, word in (("web", "serve"), ("work", "work"), ("clock", "clock")):
                if word in words:
                    found[name] += tree(pid)
        return {name: sorted(set(pids)) for name, pids in found.items()}

    def stop(self) -> None:
        """Stop it as Ctrl-C does; kill what is left of it."""
        if self.process is None:
            return
        pids = tree(self.process.pid)
        self.process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(25)
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(30)
        self.process = None
        until(lambda: not _answers(self.port), 30, "the port is not let go")


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2):
        return True
    return False


def until(holds: Callable[[], bool], most: float, otherwise: str) -> None:
    """Wait until something holds, however slow the machine is; says what does not after ``most`` seconds."""
    end = time.monotonic() + most
    while not holds():
        if time.monotonic() > end:
            raise SystemExit(otherwise)
        time.sleep(0.05)


def command_of(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except OSError:
        return []


class People:
    """So many people who tell, one report after another, until told to stop. ``shown``: every receipt they have seen."""

    def __init__(self, port: int, at_once: int, pause: float = 0.1, patient: bool = True) -> None:
        browser.TRIES = 4000 if patient else 1
        self.port, self.pause, self.patient, self.at_once = port, pause, patient, at_once
        self.shown: list[Journey] = []
        self.refused = 0
        self.again = 0
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._tell, args=(n,), daemon=True) for n in range(at_once)]

    def __enter__(self) -> People:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *problem: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(120)

    def have_told(self, more: int, most: float = 600) -> None:
        """Wait until so many more receipts have been shown."""
        before = len(self.shown)
        until(lambda: len(self.shown) >= before + more, most, f"only {len(self.shown) - before} of {more} were told")

    def _tell(self, number: int) -> None:
        draw, sent = random.SystemRandom(), 0
        here = Browser(self.port, os.getpid() % 200 * 256 + number)
        while not self._stop.is_set():
            sent += 1
            text = f"They took my bag again after practice. [{number}/{sent}/{draw.randrange(10**9)}]"
            journey = Journey(f"school-{draw.randrange(SCHOOLS)}", text)
            try:
                tell(here, journey, walk=False)
                self.shown.append(journey)
            except RuntimeError:
                self.refused += 1
            self.again, here.retries = self.again + here.retries, 0
            time.sleep(draw.random() * 2 * self.pause)


def opens(port: int, journeys: list[Journey]) -> list[Journey]:
    """Those whose receipt does not open their own report."""
    browser.TRIES = 100
    here = Browser(port, 99_999)
    bad = []
    for journey in journeys:
        try:
            page = here.ask("POST", f"/{journey.school}/back", {"words": journey.words, "go": "next"})
        except RuntimeError:  # these words open nothing
            page = ""
        if journey.text not in unescape(page):
            bad.append(journey)
    return bad


@dataclass
class Counted:
    """What the database says in the end; all but the first three should be 0."""

    told: int
    records: int
    receipts: int
    wrong: int
    indexes_differ: int
    without_duty: int
    without_notice: int
    empty: int


def counted(environment: dict[str, str]) -> Counted:
    first, *problems = script(COUNT, environment).splitlines()
    for problem in problems:
        print(f"  {problem}")
    return Counted(*map(int, first.split()))


def judge(ground: Ground, people: People, name: str, what: str, *, exactly: bool = True) -> bool:
    """Look at everything and say it in one line; False where anything was lost, doubled or broken."""
    lost = opens(ground.port, people.shown)
    ground.stop()
    here = counted(ground.environment)
    shown = len({journey.words for journey in people.shown})
    doubled = here.told - here.records
    fine = not (lost or doubled or here.wrong or here.indexes_differ or here.without_duty or here.without_notice)
    fine = fine and shown == len(people.shown) and here.told >= shown and (here.told == shown or not exactly)
    print(
        f"{name:<11}{what}: {shown} receipts shown, {here.told} reports stored, lost {len(lost)}, double {doubled}, "
        f"chains broken {here.wrong}, index rows that differ {here.indexes_differ}, without a duty {here.without_duty}, "
        f"without a notice {here.without_notice}; refused {people.refused}, sent again {people.again} "
        f"-> {'fine' if fine else 'WRONG'}",
        flush=True,
    )
    return fine


@contextlib.contextmanager
def installation(database: str, port: int, data: Path | None = None, address: str = "") -> Iterator[Ground]:
    """An empty installation with its schools, not yet running. ``address``: of a database that is there already."""
    from upstander.web.testing.postgres import throw_away_cluster

    with contextlib.ExitStack() as stack:
        data = data or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="upstander-faults-")))
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT / "src"),
            "DJANGO_SETTINGS_MODULE": "upstander.web.settings",
            "UPSTANDER_DATA": str(data),
            "UPSTANDER_TRUSTED_PROXIES": "1",
            "UPSTANDER_DEMO": "false",
            "UPSTANDER_MAIL": "file",
            "UPSTANDER_LANG": "en-GB",
        }
        folder = None
        if address:
            environment["UPSTANDER_DATABASE_URL"] = address
        elif database == "postgresql":
            url = stack.enter_context(throw_away_cluster(durable=True))
            environment["UPSTANDER_DATABASE_URL"] = url
            folder = Path(url.partition("@")[2].rpartition("/")[0].replace("%2F", "/"))
        script(MAKE.format(schools=SCHOOLS), environment)
        ground = Ground(port, data, environment, folder)
        stack.callback(ground.stop)
        yield ground


def main(
    about: str,
    run: Callable[[argparse.Namespace, str], bool],
    *databases: str,
    times: int,
    port: int,
    more: Mapping[str, Mapping[str, Any]] | None = None,
) -> int:
    """The command line that the scripts share: which databases, how often, which seed. ``more``: arguments of one's own."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=[*databases, "both"], default="both")
    parser.add_argument("--times", type=int, default=times)
    parser.add_argument("--minutes", type=float, default=60, help="stop after so many minutes, however often it was")
    parser.add_argument("--at-once", type=int, default=3, help="people who tell at once")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--port", type=int, default=port)
    for name, how in (more or {}).items():
        parser.add_argument(name, **how)
    options = parser.parse_args()
    chosen = databases if options.database == "both" else (options.database,)
    found = [run(options, database) for database in chosen]
    return 0 if all(found) else 1
