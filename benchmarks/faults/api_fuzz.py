"""Schemathesis against the API: inputs made from its own OpenAPI description, the fitting ones and those that do not fit.

    nice -n 10 .venv/bin/python benchmarks/faults/api_fuzz.py [--examples 300] [--seed 1] [--tool PATH]

Makes a school with cases in a database of its own, serves it on 127.0.0.1 with the limit of calls a minute lifted, and lets
Schemathesis try every operation with every check that it has, twice as often as there are ways to go in: once with a school, a
register and a record that are there, so that what lies behind them is reached, and once with whatever it comes to think of. Without
``--tool`` the program is installed into an environment of its own (``benchmarks/requirements-fuzz.txt``), never beside Upstander.
Prints a table and ends with 1 if anything was found.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import venv
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
NEEDS = ROOT / "benchmarks" / "requirements-fuzz.txt"
AT_ONCE = 100_000_000
"""Calls at once: the limit is tried by a test of its own."""


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *words: object) -> None:  # noqa: A002 - the name that the base class gives it
        """Say nothing."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--examples", type=int, default=300, help="at most so many made inputs an operation and way in")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--port", type=int, default=8775)
    parser.add_argument("--tool", type=Path, help="the program schemathesis, where it is installed already")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="upstander-fuzz-") as folder:
        here = Path(folder)
        tool = options.tool or installed(here / "tool")
        key, there = prepare(here)
        with served(options.port):
            found = tried(tool, here / "there", options, key, there) + tried(tool, here / "made-up", options, key, {})
    return table(found)


def installed(folder: Path) -> Path:
    """The program, in an environment of its own."""
    venv.create(folder, with_pip=True)
    subprocess.run([folder / "bin" / "pip", "install", "--quiet", "-r", NEEDS], check=True)
    return folder / "bin" / "schemathesis"


def prepare(folder: Path) -> tuple[str, dict[str, str]]:
    """Make the school; a key of its head, and what there is to be asked for."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "upstander.web.settings",
        "UPSTANDER_DATA": str(folder),
        "UPSTANDER_MAIL": "file",
        "UPSTANDER_DEMO": "false",
        "UPSTANDER_SITE_URL": "http://127.0.0.1",
    }
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    from tests.world import foreign_case

    from upstander.api import callers, tokens
    from upstander.cases.tests import school as schools
    from upstander.people import clock

    place = schools.english()
    case = foreign_case(place)
    for _ in range(3):
        foreign_case(place)
    head = place.staff["headteacher"]
    _token, key = tokens.make(place.school, head, "api_fuzz", min(tokens.LIVES), clock.utcnow(place.school))
    callers._CALLS = type(callers._CALLS)("api-fuzz", burst=AT_ONCE, per_minute=AT_ONCE)
    return key, {"slug": place.school.slug, "record_id": str(case.id), "kind": "case"}


@contextlib.contextmanager
def served(port: int) -> Iterator[None]:
    """The whole site in a thread, on loopback."""
    from django.core.wsgi import get_wsgi_application

    server = make_server("127.0.0.1", port, get_wsgi_application(), Server, Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()


SAID = """\
[parameters]
{known}
[[operations]]
include-path = "/api/v1/schools/{{slug}}/registers/{{kind}}"
# Which columns a register has and which cursors were given out, no description can say: such a word is refused.
checks.positive_data_acceptance.expected-statuses = ["2xx", "3xx", "401", "404", "422"]
"""


def tried(tool: Path, folder: Path, options: argparse.Namespace, key: str, known: Mapping[str, str]) -> list[Scenario]:
    """One run: every scenario that it reports."""
    folder.mkdir()
    lines = "".join(f'"path.{name}" = {json.dumps(value)}\n' for name, value in known.items())
    (folder / "schemathesis.toml").write_text(SAID.format(known=lines))
    report = folder / "report.ndjson"
    address = f"http://127.0.0.1:{options.port}"
    command = [
        *(tool, "--config-file", folder / "schemathesis.toml", "run", f"{address}/api/v1/openapi.json"),
        *("--url", address, "--header", f"Authorization: Bearer {key}", "--checks", "all"),
        *("--max-examples", str(options.examples), "--seed", str(options.seed), "--continue-on-failure"),
        *("--report", "ndjson", "--report-ndjson-path", report, "--no-color", "--generation-database", "none"),
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stdout[done.stdout.find("= FAILURES") :], done.stderr[-2000:])
    events = [json.loads(line) for line in report.read_text().splitlines()]
    # Ended without a failure or with some; anything else did not run to the end.
    assert done.returncode in (0, 1), done.returncode
    assert any("EngineFinished" in each for each in events)
    return [Scenario.of(each["ScenarioFinished"]["recorder"]) for each in events if "ScenarioFinished" in each]


@dataclass(frozen=True)
class Scenario:
    """What was tried at one operation: answers by status, and the checks that failed, in words."""

    operation: str
    answers: Counter[int]
    failed: list[str]

    @classmethod
    def of(cls, recorder: dict[str, Any]) -> Scenario:
        answers = [each.get("response") for each in recorder.get("interactions", {}).values()]
        checks = [each for held in recorder.get("checks", {}).values() for each in held]
        return cls(
            recorder["label"],
            Counter(each["status_code"] if each else 0 for each in answers),
            [each["name"] for each in checks if each["status"] == "failure"],
        )


def table(scenarios: list[Scenario]) -> int:
    """Print what was tried where, and return 1 if a check failed anywhere or a request got no answer."""
    answers: dict[str, Counter[int]] = {}
    failed: dict[str, Counter[str]] = {}
    for each in scenarios:
        answers.setdefault(each.operation, Counter()).update(each.answers)
        failed.setdefault(each.operation, Counter()).update(each.failed)
    wrong = 0
    print("| operation | inputs | answers | failures |\n|---|---|---|---|")
    for name in sorted(answers):
        said = ", ".join(f"{status}: {count}" for status, count in sorted(answers[name].items()))
        bad = ", ".join(f"{check} {count}" for check, count in sorted(failed[name].items()))
        print(f"| `{name}` | {answers[name].total()} | {said} | {bad or 'none'} |")
        wrong += failed[name].total() + answers[name][0]
    print(f"{sum(each.total() for each in answers.values())} inputs, {wrong} failures")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
