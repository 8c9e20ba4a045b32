"""How long whole districts take: 100,000 cases × about fifteen events × twelve rules, under every strategy and beside its peers.

    python benchmarks/conform.py [--cases 100000] [--million] [--rows NAME …] [--json]

Peers (benchmarks/requirements-peers.txt, in an environment of its own, never shipped) are left out, and said so, where they are not
installed. Before anything is timed the verdicts are compared: columns with the compiled strategy, case by case, that with the
reference, and columns with the DuckDB query, state by state over all cases. Then each row runs in a process of its own, best of
five; peak memory is that process's, with the log in it. The log is read from files that another process wrote: of 100,000 cases
before the clock starts, of a million cases block after block while it runs. The prototype's figures and the goals (language.md
§14) stand beside each row; seconds depend on the machine and on who shares it, ratios of processor seconds of one run hardly.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import numpy as np
from peers import district, stored

from upstander.policy import compiled, reference
from upstander.policy.conformance.columns import Columns
from upstander.policy.conformance.days import minute_of
from upstander.policy.conformance.evaluate import Verdicts, evaluate, judged
from upstander.policy.conformance.files import summary
from upstander.policy.conformance.pictures import pictures
from upstander.policy.conformance.prepare import log_of
from upstander.policy.conformance.states import STATES
from upstander.policy.model import Pack, Series

NOW = datetime(2026, 1, 15, 12)
SAMPLES = {"compiled": 2000, "reference": 60}
ROWS = {
    "reference": ("reference, scaled from a sample", "118 s", "the law, not fast"),
    "compiled": ("compiled Python, one process, scaled", "3.9 s", "≥ 8 × pm4py"),
    "duckdb": ("DuckDB, a query written by hand, counts only, 2 threads", "0.67 s", "columns ≥ 2.5 × faster"),
    "columns-1": ("columns, 1 thread", "0.56 s", ""),
    "columns-2": ("columns, 2 threads", "0.36 s, 0.35 GB", "≤ 0.25 s, ≤ 350 MB"),
    "what-if": ("columns, 2 threads, a changed pack", "2.8 s, 0.92 GB", "≤ 2.5 s, ≤ 1 GB for 1,000,000 cases"),
    "scan": ("reading the columns once", "0.004 s", "the floor of memory"),
    "mining-columns": ("columns on what Declare can say", "0.25 s", "≥ 40 × pm4py, ≥ 200 × Declare4Py"),
    "mining-pm4py": ("pm4py Declare on the same", "5.6 s", ""),
    "mining-declare4py": ("Declare4Py on the same", "32.8 s", ""),
}


def states(verdicts: Verdicts) -> Counter[tuple[str, str]]:
    """How many instances of each rule are in each state, and how many breaches there are; closing aside."""
    found: Counter[tuple[str, str]] = Counter()
    for part in verdicts.chunks:
        for block in part.duties:
            for state, number in enumerate(np.bincount(block.judged.state, minlength=len(STATES)).tolist()):
                if number:
                    found[block.rule.id, STATES[state].value] += number
        for limits in part.limits:
            if len(limits.acts.row) and not limits.limit.id.startswith("closure."):
                found[limits.limit.id, "breach"] += len(limits.acts.row)
    return found


def logs(cases: int) -> list[tuple[str, list[Any]]]:
    log = log_of(district.log(cases), district.pack())
    return [(log.name(record)[0], log.events(record)) for record in range(cases)]


def compare(cases: int) -> str:
    """The verdicts of every strategy, compared; what was compared, in words. Raises AssertionError where two differ."""
    series = Series((district.pack(),))
    sample = logs(600)
    for place, (record, events) in enumerate(sample):
        theirs = compiled.picture(series, events, None, NOW, kind="case", record=record)
        sample[place] = (record, theirs)  # type: ignore[assignment]
        if place < 60:
            law = reference.picture(series, events, None, NOW, kind="case", record=record)
            assert law == theirs, f"compiled and reference differ on {record}"
    instances = 0
    for mine, (_, theirs) in zip(
        pictures(evaluate(district.log(600), series.versions[0], None, NOW)), sample, strict=True
    ):
        for name in ("duties", "breaches", "facts", "closable", "missing"):
            assert getattr(mine, name) == getattr(theirs, name), f"columns and compiled differ on {mine.record}: {name}"
        instances += len(mine.duties)
    said = f"{instances:,} instances of 600 cases equal in columns and compiled, of 60 in the reference"
    if importlib.util.find_spec("duckdb") is None:
        return said + "; DuckDB is not installed"
    import duckdb
    from peers import duck

    columns = district.log(cases)
    connection = duckdb.connect()
    duck.load(connection, columns)
    mine_counts, query = (
        states(evaluate(columns, series.versions[0], None, NOW, threads=2)),
        duck.counts(connection, minute_of(NOW)),
    )
    assert mine_counts == query, {
        key: (mine_counts[key], query[key]) for key in mine_counts | query if mine_counts[key] != query[key]
    }
    return f"{said}; {sum(query.values()):,} instances and breaches of {cases:,} cases equal, state by state, in DuckDB"


def best(work: Callable[[], Any], rounds: int = 5) -> dict[str, float]:
    """The least seconds by the clock, and of processors (of all threads): the latter bear a machine shared with others."""
    clock, processors = [], []
    for _ in range(rounds):
        start, begun = time.perf_counter(), time.process_time()
        work()
        clock.append(time.perf_counter() - start)
        processors.append(time.process_time() - begun)
    return {"seconds": min(clock), "processor seconds": min(processors)}


def counted(several: Iterable[Columns], pack: Pack, threads: int) -> summary.Summary:
    """Every instance of every duty worked out with its state, deadline and settling event, and counted as ``conform`` does."""
    found = summary.empty(pack)
    for columns in several:
        for verdicts in judged(columns, pack, None, NOW, threads=threads):
            summary.count(found, verdicts)
    return found


def peak_megabytes() -> float:
    """The most memory that this process has held. What the kernel tells at the end counts what its parent held before, too."""
    status = Path("/proc/self/status")
    if status.exists():
        [peak] = [line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM")]
        return int(peak) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run_row(name: str, cases: int) -> dict[str, Any]:
    """One row, in this process."""
    pack = district.pack(*(("2", "PT1H") if name == "what-if" else ()))
    if name in SAMPLES:
        return _sampled(name, pack, cases)
    if name == "what-if":
        stored.blocks(cases, BLOCK)
        taken = best(lambda: counted(stored.logs(cases, BLOCK), pack, 2), 2)
        return taken | {"block": BLOCK}
    columns = stored.load(stored.blocks(cases, cases)[0])
    before = peak_megabytes()
    if name == "duckdb":
        import duckdb
        from peers import duck

        connection = duckdb.connect()
        connection.execute("set threads = 2")
        duck.load(connection, columns)
        return best(lambda: duck.counts(connection, minute_of(NOW)))
    if name == "scan":
        everything = [columns.at, columns.record, columns.kind, columns.role]
        everything += [sparse.codes for sparse in (*columns.about.values(), *columns.fields.values())]
        return best(lambda: [column.max() for column in everything])
    threads = 1 if name == "columns-1" else 2
    taken = best(lambda: counted([columns], pack, threads))
    found = counted([columns], pack, threads)
    return taken | {
        "instances": sum(line.opened for line in found.duties.values()),
        "log alone, MB": round(before),
        "events": len(columns),
    }


def _sampled(name: str, pack: Pack, cases: int) -> dict[str, Any]:
    several, number = logs(SAMPLES[name]), SAMPLES[name]
    strategy: Any = compiled if name == "compiled" else reference
    series = Series((pack,))

    def look() -> None:
        for record, events in several:
            strategy.picture(series, events, None, NOW, kind="case", record=record)

    return {name: taken * cases / number for name, taken in best(look, 1).items()} | {"sample": number}


BLOCK = 50_000
"""Cases in a block of the log that is larger than memory."""


def measure(names: Sequence[str], cases: int) -> dict[str, dict[str, Any]]:
    """Each row in a process of its own."""
    found: dict[str, dict[str, Any]] = {}
    for name in names:
        command = [sys.executable, __file__, "--row", name, "--cases", str(cases)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        lines = done.stdout.strip().splitlines()
        found[name] = (
            json.loads(lines[-1]) if done.returncode == 0 and lines else {"missing": done.stderr.strip()[-300:]}
        )
    return found


def tell(cases: int, found: dict[str, dict[str, Any]]) -> None:
    base = found.get("columns-2", {}).get("processor seconds")
    print(f"\n{cases:,} cases")
    print(
        f"{'':52} {'seconds':>9} {'processor':>10} {'µs a case':>10} {'× columns':>10} {'peak MB':>8}   prototype · goal"
    )
    for name, row in found.items():
        title, prototype, goal = ROWS[name]
        if "seconds" not in row:
            print(f"{title[:52]:52} not measured: {row['missing'].splitlines()[-1] if row['missing'] else '–'}")
            continue
        used = row["processor seconds"]
        if name == "mining-columns":  # what Declare can say is compared with columns on just that
            base = used
        ratio = f"{used / base:10.2f}" if base else " " * 10
        print(
            f"{title[:52]:52} {row['seconds']:9.3f} {used:10.3f} {used / cases * 1e6:10.1f} {ratio} {row['peak MB']:8.0f}"
            f"   {prototype} · {goal}"
        )


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--million", action="store_true", help="also a million cases under a changed pack")
    parser.add_argument("--rows", nargs="+", choices=ROWS)
    parser.add_argument("--row", choices=ROWS, help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(arguments)
    if asked.row:
        if asked.row.startswith("mining"):
            from peers import mining

            row = mining.run_row(asked.row, asked.cases)
        else:
            row = run_row(asked.row, asked.cases)
        print(json.dumps({**row, "peak MB": peak_megabytes()}))
        return
    equal = compare(min(asked.cases, 20_000))
    names = asked.rows or [name for name in ROWS if name != "what-if"]
    found = {asked.cases: measure(names, asked.cases)}
    if asked.million:
        found[1_000_000] = measure(["what-if"], 1_000_000)
    if asked.json:
        print(
            json.dumps(
                {"equal": equal, "now": NOW.isoformat(), "rows": {str(cases): rows for cases, rows in found.items()}}
            )
        )
        return
    print(f"Equal before anything was timed: {equal}.")
    for cases, rows in found.items():
        tell(cases, rows)


if __name__ == "__main__":
    main(sys.argv[1:])
