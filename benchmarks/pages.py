"""Weight and time of the pages that people wait for: tell, receipt, inbox, case.

    .venv/bin/python benchmarks/pages.py            # makes a demo of its own, serves it, prints a table

Weight: HTML and every style sheet and script that the page names, uncompressed, without pictures. Time: one request at a time
over loopback, the median and the 95th percentile of ``ROUNDS`` requests after a warm-up, one worker. Processor time: of the
server's processes, for each request (from /proc, so on Linux only).
"""

from __future__ import annotations

import http.cookiejar
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROUNDS = 60
LINKED = re.compile(r'<(?:link rel="stylesheet" href|script src)="([^"]+)"')
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Row:
    name: str
    html: int
    whole: int
    p50: float
    p95: float
    cpu: float


class Reader:
    """A browser as simple as can be: cookies, GET and POST."""

    def __init__(self, base: str) -> None:
        self.base = base
        jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        self.opener.addheaders = [("Accept-Language", "en-GB")]

    def get(self, path: str) -> str:
        with self.opener.open(urllib.parse.urljoin(self.base, path), timeout=30) as answer:
            return str(answer.read().decode())

    def post(self, path: str, fields: dict[str, str]) -> str:
        data = urllib.parse.urlencode(fields).encode()
        with self.opener.open(urllib.parse.urljoin(self.base, path), data, timeout=30) as answer:
            return str(answer.read().decode())

    def be(self, name: str) -> None:
        """Come in as somebody of the tour."""
        page = self.get("/tour")
        item = next(part for part in page.split("<li") if name in part and 'name="person"' in part)
        person = re.search(r'name="person" value="([^"]+)"', item)
        token = CSRF.search(page)
        assert person
        assert token
        self.post("/demo/enter", {"person": person[1], "csrfmiddlewaretoken": token[1]})


def cpu_seconds(root: int) -> float:
    """Processor seconds of a process and its children."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parts = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(stat.parent.name) == root or int(parts[1]) == root:
            total += int(parts[11]) + int(parts[12])
    return total / TICK


def measure(name: str, reader: Reader, server: int, load: Callable[[], str]) -> Row:
    for _ in range(5):
        page = load()
    linked = sum(len(reader.get(path).encode()) for path in LINKED.findall(page))
    times = []
    before = cpu_seconds(server)
    for _ in range(ROUNDS):
        start = time.perf_counter()
        load()
        times.append((time.perf_counter() - start) * 1000)
    cpu = (cpu_seconds(server) - before) / ROUNDS * 1000
    html = len(page.encode())
    return Row(name, html, html + linked, statistics.median(times), statistics.quantiles(times, n=20)[18], cpu)


def rows(base: str, server: int) -> list[Row]:
    door, staff = Reader(base), Reader(base)
    staff.be("Ms Quill")
    register = staff.get("/s/larkrise/cases/")
    case = re.search(r'href="(/s/larkrise/cases/[0-9a-f-]{36})"', register)
    assert case
    return [
        measure("tell", door, server, lambda: door.get("/larkrise/tell")),
        measure("talk", door, server, lambda: door.get("/larkrise/talk")),
        measure("come back", door, server, lambda: door.get("/larkrise/back")),
        measure("inbox", staff, server, lambda: staff.get("/s/larkrise/today")),
        measure("register", staff, server, lambda: staff.get("/s/larkrise/cases/")),
        measure("case", staff, server, lambda: staff.get(case[1])),
        measure("form", staff, server, lambda: staff.get(case[1] + "/do/account-taken")),
        measure("policy", staff, server, lambda: staff.get("/s/larkrise/policy/")),
    ]


def main() -> None:
    folder = tempfile.mkdtemp(prefix="upstander-pages-")
    env = {**os.environ, "UPSTANDER_DEMO": "true", "UPSTANDER_MAIL": "file", "UPSTANDER_DATA": folder}
    upstander = [sys.executable, "-m", "upstander.cli"]
    subprocess.run([*upstander, "demo", "--no-serve"], env=env, check=True, stdout=subprocess.DEVNULL)
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    server = subprocess.Popen([*upstander, "serve", "--port", str(port), "--workers", "1"], env=env)
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{base}/health", timeout=1).close()
                break
            except OSError:
                time.sleep(0.2)
        print(f"{'page':10} {'HTML kB':>8} {'whole kB':>9} {'p50 ms':>7} {'p95 ms':>7} {'CPU ms':>7}")
        for row in rows(base, server.pid):
            weight = f"{row.html / 1000:8.1f} {row.whole / 1000:9.1f}"
            print(f"{row.name:10} {weight} {row.p50:7.1f} {row.p95:7.1f} {row.cpu:7.1f}", flush=True)
    finally:
        server.terminate()
        server.wait(timeout=20)


if __name__ == "__main__":
    main()
