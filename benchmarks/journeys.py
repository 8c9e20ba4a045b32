"""How many anonymous reports an installation takes, how fast, at what cost, and whether any is lost.

    .venv/bin/python benchmarks/journeys.py                          # SQLite and PostgreSQL, 1, 8 and 16 at once
    .venv/bin/python benchmarks/journeys.py --database sqlite --reports 200 --walk

A journey is what a browser without script does: get the form, fill it in, send it, get the receipt page. The report is then
encrypted, chained, its duties made, and durable (SQLite ``synchronous=FULL``, PostgreSQL with fsync). ``--walk`` measures
the door of one question a page (ten answers) instead of all questions on one page. The server is granian with two workers on
loopback; this program runs on the same machine and takes its share of it.

The last line of each database sends 500 reports, 16 at once, and kills a worker in the middle. A browser that gets no answer
sends its form again, as a reader would; in the end every receipt shown must open its own report, and every report must have
been stored once.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import queue
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from html import unescape
from pathlib import Path

from browser import Browser, Journey, tell

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

SCHOOLS = 24
"""So that the limit of one school is not what is measured."""
TICKS = os.sysconf("SC_CLK_TCK")
TEXT = (
    "After practice my bag was gone. They laughed and said they knew nothing. It is the third time since the holidays. "
)
BAR = "bar: 8 at once >= 45/s, p95 <= 250 ms, <= 25 ms CPU; 1 at a time p50 <= 25 ms; 500 at 16 at once with a kill: 0 lost"


@dataclass
class Line:
    """One line of the table. Times in milliseconds.

    ``cpu``: of the server and its workers, for each report; 0 where a killed worker took its count along.
    """

    database: str
    form: str
    at_once: int
    reports: int
    per_second: float
    p50: float
    p95: float
    cpu: float
    lost: int
    retries: int = 0
    killed: bool = False


@dataclass
class Server:
    """granian with two workers over a database of its own."""

    port: int
    data: Path
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    addresses: Iterator[int] = field(default_factory=lambda: iter(range(1, 1 << 24)))

    def start(self) -> None:
        """Start and wait until it answers."""
        command = [sys.executable, "-m", "upstander.cli", "serve", "--port", str(self.port), "--workers", "2"]
        self.process = subprocess.Popen(command, env=self.environment, cwd=ROOT)
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with contextlib.suppress(OSError, http.client.HTTPException):
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                connection.request("GET", "/health")
                if connection.getresponse().status == 200:
                    return
            time.sleep(0.2)
        raise SystemExit("the server did not start")

    def stop(self) -> None:
        """Stop it as ctrl-C does."""
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()

    def workers(self) -> list[int]:
        """The processes that the server has started."""
        assert self.process is not None
        return [pid for pid in tree(self.process.pid) if pid != self.process.pid]

    def cpu(self) -> float:
        """Seconds of CPU that the server and its workers have used so far."""
        assert self.process is not None
        return sum(used(pid) for pid in tree(self.process.pid))


def stat(pid: int) -> list[str]:
    """The fields of ``/proc/PID/stat`` after the name; empty for a process that is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def tree(pid: int) -> list[int]:
    """A process and all below it."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := stat(int(entry.name))):
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found, todo = [], [pid]
    while todo:
        each = todo.pop()
        found.append(each)
        todo += parents.get(each, [])
    return found


def used(pid: int) -> float:
    fields = stat(pid)
    return (int(fields[11]) + int(fields[12])) / TICKS if fields else 0.0


def run(server: Server, name: str, reports: int, at_once: int, walk: bool, kill: bool = False) -> Line:
    """Send so many reports, so many at once, and look whether each can be opened."""
    todo: queue.SimpleQueue[Journey] = queue.SimpleQueue()
    journeys = [
        Journey(f"school-{n % SCHOOLS}", f"{TEXT} [{name} {at_once} {walk} {kill} {n}]") for n in range(reports)
    ]
    for journey in journeys:
        todo.put(journey)
    wrong: list[str] = []

    def work(number: int) -> None:
        browser = Browser(server.port, number)
        while True:
            try:
                journey = todo.get_nowait()
            except queue.Empty:
                return
            began = time.perf_counter()
            try:
                tell(browser, journey, walk)
            except RuntimeError as error:
                wrong.append(str(error))
            journey.seconds = time.perf_counter() - began
            journey.retries, browser.retries = browser.retries, 0

    threads = [threading.Thread(target=work, args=(next(server.addresses),)) for _ in range(at_once)]
    before, began = server.cpu(), time.perf_counter()
    for thread in threads:
        thread.start()
    if kill:
        while sum(bool(journey.words) for journey in journeys) < reports // 2:
            time.sleep(0.02)
        os.kill(server.workers()[-1], signal.SIGKILL)
    for thread in threads:
        thread.join()
    seconds, cpu = time.perf_counter() - began, server.cpu() - before
    for error in wrong[:3]:
        print(f"  not sent: {error[:300]}", file=sys.stderr)
    times = sorted(journey.seconds * 1000 for journey in journeys)
    return Line(
        name,
        "one question a page" if walk else "one page",
        at_once,
        reports,
        round(reports / seconds, 1),
        round(statistics.median(times), 1),
        round(times[max(0, int(len(times) * 0.95) - 1)], 1),
        0.0 if kill else round(cpu / reports * 1000, 1),
        lost(server, journeys),
        sum(journey.retries for journey in journeys),
        kill,
    )


def lost(server: Server, journeys: list[Journey]) -> int:
    """How many reports have no receipt, share one, or are not what their receipt opens."""
    bad = len(journeys) - len({journey.words for journey in journeys if journey.words})
    lock, rest = threading.Lock(), list(journeys)

    def look(number: int) -> None:
        nonlocal bad
        browser = Browser(server.port, number)
        while True:
            with lock:
                if not rest:
                    return
                journey = rest.pop()
            page = browser.ask("POST", f"/{journey.school}/back", {"words": journey.words, "go": "next"})
            if journey.text[-20:] not in unescape(page):
                with lock:
                    bad += 1

    threads = [threading.Thread(target=look, args=(next(server.addresses),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return bad


# --- setting up ------------------------------------------------------------------------------------------------------

MAKE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("collectstatic", verbosity=0, interactive=False)
from upstander.people import actions
for n in range({schools}):
    actions.make_school(
        f"school-{{n}}", "Larkrise Example Academy", pack="gb-secondary", language="en-GB", timezone="Europe/London"
    )
"""
COUNT = """
import django; django.setup()
from upstander.records.models import Event, Record
concerns = Record.objects.filter(kind="concern")
print(concerns.count(), concerns.values("number").distinct().count(), Event.objects.filter(kind="told").count())
"""


@contextlib.contextmanager
def installation(database: str, port: int) -> Iterator[Server]:
    """An empty installation with its schools, served."""
    from upstander.web.testing.postgres import throw_away_cluster

    with contextlib.ExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="upstander-bench-")))
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT / "src"),
            "DJANGO_SETTINGS_MODULE": "upstander.web.settings",
            "UPSTANDER_DATA": str(data),
            "UPSTANDER_TRUSTED_PROXIES": "1",
            "UPSTANDER_DEMO": "false",
        }
        if database == "postgresql":
            environment["UPSTANDER_DATABASE_URL"] = stack.enter_context(throw_away_cluster(durable=True))
        script(MAKE.format(schools=SCHOOLS), environment)
        server = Server(port, data, environment)
        server.start()
        stack.callback(server.stop)
        yield server


def script(code: str, environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr[-3000:])
    return done.stdout.strip()


def measure(options: argparse.Namespace, database: str) -> list[Line]:
    """All lines of one database."""
    lines = []
    with installation(database, options.port) as server:
        run(server, database, 40, 4, False)
        for walk in (False, True) if options.walk else (False,):
            for at_once in options.at_once:
                lines.append(run(server, database, options.reports, at_once, walk))
                show(lines[-1])
        sent = 40 + sum(line.reports for line in lines)
        if options.kill:
            lines.append(run(server, database, options.kill, 16, False, kill=True))
            show(lines[-1])
            sent += options.kill
        stored = script(COUNT, server.environment)
        print(f"{database}: {sent} sent; stored (concerns, different references, events): {stored}")
    return lines


def show(line: Line) -> None:
    note = " (a worker killed in the middle)" if line.killed else ""
    print(
        f"{line.database:<11}{line.form:<21}{line.at_once:>3} at once {line.reports:>4} reports {line.per_second:>7.1f}/s  "
        f"p50 {line.p50:>6.1f} ms  p95 {line.p95:>6.1f} ms  CPU {line.cpu:>5.1f} ms  "
        f"lost {line.lost}  sent again {line.retries}{note}",
        flush=True,
    )


def main() -> int:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--reports", type=int, default=300, help="reports of each line")
    parser.add_argument("--at-once", type=int, nargs="+", default=[1, 8, 16])
    parser.add_argument(
        "--kill", type=int, default=500, help="reports of the line in which a worker is killed; 0: none"
    )
    parser.add_argument("--walk", action="store_true", help="also measure one question a page")
    parser.add_argument("--port", type=int, default=8749)
    parser.add_argument("--json", type=Path, default=ROOT / "benchmarks" / "results" / "journeys.json")
    options = parser.parse_args()
    print(BAR)
    baseline = json.loads(options.json.read_text()) if options.json.exists() else []
    databases = ["sqlite", "postgresql"] if options.database == "both" else [options.database]
    lines = [line for database in databases for line in measure(options, database)]
    for old in baseline:
        print(
            "before:",
            {name: old[name] for name in ("database", "form", "at_once", "per_second", "p50", "p95", "cpu", "lost")},
        )
    options.json.parent.mkdir(exist_ok=True)
    options.json.write_text(json.dumps([asdict(line) for line in lines], indent=1) + "\n")
    return 1 if any(line.lost for line in lines) else 0


if __name__ == "__main__":
    raise SystemExit(main())
