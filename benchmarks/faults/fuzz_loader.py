"""Thousands of wrong packs: does the loader answer each with problems or a pack that works, soon and in little memory?

    nice -n 19 .venv/bin/python benchmarks/faults/fuzz_loader.py [--count 20000] [--seed 0]

Good packs (the small one of the tests, the worked examples of the documentation) are changed at random: bytes, lines, words, whole
branches, rules that ask for each other; each follows from one number, printed where something is wrong. Then come the files
built to do harm, each in a process of its own that may take 200 MB more than the loader needs anyway. A pack that is let through
is printed and loaded again, read as sentences, and run over a log of all its kinds of event. Ends with 1 if anything was wrong.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
import traceback
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src"))

from upstander.policy.loader.tests import test_fuzz as checks
from upstander.policy.loader.tests import wrong


def one(seed: int, seen: Counter[str]) -> float:
    """Load one wrong pack and use it if it was let through; the seconds of processor time that loading took."""
    data = wrong.drawn(seed)
    begun = time.process_time()
    pack, problems = checks.answered(data)
    took = time.process_time() - begun
    seen["packs that work" if pack is not None else "packs refused"] += 1
    seen.update({each.code for each in problems})
    if pack is not None:
        checks.usable(pack)
    return took


def many(count: int, first: int) -> tuple[int, list[float], Counter[str]]:
    failures, times, seen = 0, list[float](), Counter[str]()
    for seed in range(first, first + count):
        try:
            times.append(one(seed, seen))
        except Exception:  # anything at all is a finding
            failures += 1
            print(f"seed {seed}:\n{traceback.format_exc(limit=-4)}", flush=True)
    return failures, times, seen


def bombs() -> int:
    """Each in a process with 200 MB more than it has after loading a good pack; how many were not answered in a second."""
    failures = 0
    for name in wrong.BOMBS:
        command = [sys.executable, "-c", checks.UNDER_LIMITS.format(limit=checks.BYTES), name]
        path = str(Path(__file__).resolve().parents[2] / "src")
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=120, check=False, env={"PYTHONPATH": path}
        )
        if done.returncode != 0:
            failures += 1
            print(f"{name}: {done.stderr.strip().splitlines()[-1:]}")
            continue
        loaded, problems, took = json.loads(done.stdout)
        slow = took > checks.SECONDS
        failures += slow
        print(
            f"{name:<34}{took:6.2f} s  {'a pack' if loaded else f'{len(problems)} problems'}{'  TOO SLOW' if slow else ''}"
        )
    return failures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0, help="the first number")
    args = parser.parse_args()
    failures, times, seen = many(args.count, args.seed)
    times.sort()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{args.count} packs, {failures} wrongly answered; loading p50 {times[len(times) // 2] * 1000:.1f} ms", end=", "
    )
    print(
        f"p99 {times[len(times) * 99 // 100] * 1000:.1f} ms, longest {times[-1] * 1000:.0f} ms; peak memory {peak:.0f} MB"
    )
    print(", ".join(f"{name} {n}" for name, n in sorted(seen.items())))
    return 1 if failures + bombs() else 0


if __name__ == "__main__":
    raise SystemExit(main())
