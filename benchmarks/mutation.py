"""Do the tests of the policy engine bite? One small fault at a time is put into a copy of its source and the tests are run.

    nice -n 19 .venv/bin/python benchmarks/mutation.py [--mutants 240] [--seed 1] [--only reference/facts.py] [--no-laws]

The copy is made of the committed tree (``git archive HEAD``) in a temporary folder, so that nothing here changes; each run of the
tests is a fork of a process that knows pytest already, and its time is counted in seconds of the processor. Of the faults
that can be made in the engine's modules a sample is drawn with a fixed seed, for each module in proportion to its size. A fault is
killed when a test fails or the time is up; what survives the plain examples is tried against the laws (random packs and logs).
Prints the score for each module and the survivors with their lines.

Faults: a comparison turned or moved by one, ``and`` and ``or`` exchanged, ``not`` taken away, plus and minus exchanged, a number
moved by one, true and false exchanged, ``min`` and ``max``, ``any`` and ``all``, ``break`` and ``continue``, a statement left out,
one of two branches of a condition always taken. Lines that only remember an answer are left out:
without them it is the same answer.
"""

from __future__ import annotations

import argparse
import ast
import itertools
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import hypothesis  # noqa: F401 - known before the first fork
import pydantic  # noqa: F401
import pytest
import yaml  # noqa: F401

ROOT = Path(__file__).resolve().parents[1]
POLICY = "src/upstander/policy"
ENGINE = ("arithmetic.py", "calendar.py", "durations.py", "guard.py", "reference/*.py", "compiled/*.py")
EXAMPLES = (
    "sentences_of_the_language/test_0[2-7]*.py",
    "sentences_of_the_language/test_1*.py",
    "test_arithmetic.py",
    "test_calendar.py",
    "test_durations.py",
    "test_deadlines.py",
    "test_facts.py",
    "test_duties.py",
    "test_limits.py",
    "test_boundaries.py",
    "test_verdict_json.py",
    "test_explain.py",
    "test_odd_logs.py",
    "test_scenarios.py",
)
LAWS = ("laws",)
MEMORY = (
    "memo",
    "marker",
    "cache",
    "_known",
    "_counted",
    "lru_cache",
    "__all__",
    "slots",
    "repr=",
    "assert ",
    "raise ",
)
INI = """[pytest]
pythonpath = src
addopts = --import-mode=importlib -p no:cacheprovider
"""
COMPARED = {
    ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "==",
    ast.Is: "is not", ast.IsNot: "is", ast.In: "not in", ast.NotIn: "in",
}  # fmt: skip
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any"}


EQUIVALENT: dict[tuple[str, str], str] = {}
"""{(module, its line with the fault): why no test can tell}: what the language says is the same with it. Left out of the sample."""


@dataclass(frozen=True)
class Fault:
    """One change: the bytes from start to end of a file become ``text``."""

    file: str
    line: int
    start: int
    end: int
    text: str
    what: str


@dataclass
class Result:
    fault: Fault
    killed_by: str | None


class Source:
    """A file's text with the byte offset of each place of its tree."""

    def __init__(self, file: str, text: str) -> None:
        self.file, self.data = file, text.encode()
        self.starts = [0]
        for line in self.data.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))

    def span(self, node: ast.AST) -> tuple[int, int]:
        place: tuple[int, int, int, int] = (node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]
        return self.starts[place[0] - 1] + place[1], self.starts[place[2] - 1] + place[3]

    def text(self, node: ast.AST) -> str:
        start, end = self.span(node)
        return self.data[start:end].decode()

    def change(self, node: ast.AST, text: str, what: str) -> Fault:
        start, end = self.span(node)
        return Fault(self.file, node.lineno, start, end, text, what)  # type: ignore[attr-defined]

    def line(self, number: int) -> str:
        return self.data[self.starts[number - 1] : self.starts[number]].decode().strip()


def faults(source: Source) -> Iterator[Fault]:
    """Every fault that can be made in a file."""
    tree = ast.parse(source.data)
    skipped = _said(tree)
    for node in ast.walk(tree):
        if node in skipped or any(word in source.line(getattr(node, "lineno", 1)) for word in MEMORY):
            continue
        yield from _of(source, node)


def _said(tree: ast.AST) -> set[ast.AST]:
    """Texts, annotations and imports: nothing in them decides."""
    found: set[ast.AST] = set()
    for node in ast.walk(tree):
        parts: list[ast.AST | None] = []
        if isinstance(node, ast.AnnAssign | ast.arg):
            parts.append(node.annotation)
        if isinstance(node, ast.FunctionDef):
            parts += [node.returns, *node.decorator_list]
        if isinstance(node, ast.ClassDef):
            parts += [each for each in node.body if isinstance(each, ast.AnnAssign) and each.value is None]
        if isinstance(node, ast.Import | ast.ImportFrom):
            parts.append(node)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            parts.append(node)
        for part in parts:
            found |= set(ast.walk(part)) if part is not None else set()
    return found


def _of(source: Source, node: ast.AST) -> Iterator[Fault]:
    yield from _in_words(source, node)
    yield from _in_steps(source, node)


def _in_words(source: Source, node: ast.AST) -> Iterator[Fault]:
    match node:
        case ast.Compare(left, [operator], [right]):
            turned = COMPARED[type(operator)]
            yield source.change(node, f"{source.text(left)} {turned} {source.text(right)}", "comparison")
        case ast.BoolOp(operator, values):
            word = " or " if isinstance(operator, ast.And) else " and "
            yield source.change(node, word.join(f"({source.text(value)})" for value in values), "and/or")
        case ast.UnaryOp(ast.Not(), operand):
            yield source.change(node, f"({source.text(operand)})", "not")
        case ast.BinOp(left, ast.Add() | ast.Sub() as operator, right):
            sign = "-" if isinstance(operator, ast.Add) else "+"
            yield source.change(node, f"{source.text(left)} {sign} {source.text(right)}", "plus/minus")
        case ast.Constant(bool() as value):
            yield source.change(node, str(not value), "true/false")
        case ast.Constant(int() as value):
            yield source.change(node, str(value + 1), "number")
        case ast.Call(ast.Name(id=name) as called) if name in NAMES:
            yield source.change(called, NAMES[name], "min/max/any/all")


def _in_steps(source: Source, node: ast.AST) -> Iterator[Fault]:
    match node:
        case ast.Break():
            yield source.change(node, "continue", "break/continue")
        case ast.Continue():
            yield source.change(node, "break", "break/continue")
        case ast.Assign() | ast.AugAssign() | ast.Expr(ast.Call() | ast.Yield() | ast.YieldFrom()):
            yield source.change(node, "pass", "left out")
        case ast.If(test) | ast.IfExp(test):
            yield source.change(test, "True", "branch")
            yield source.change(test, "False", "branch")
        case ast.comprehension(ifs=[first, *_]):
            yield source.change(first, "True", "filter")


def sample(tree: Path, patterns: Sequence[str], count: int, seed: int) -> tuple[list[Fault], dict[str, Source]]:
    """So many faults, of each module in proportion to how many it has, in an order that depends on the seed alone."""
    sources = {}
    for pattern in patterns:
        for path in sorted((tree / POLICY).glob(pattern)):
            sources[str(path.relative_to(tree))] = Source(str(path.relative_to(tree)), path.read_text("utf-8"))
    every = {file: sorted(faults(source), key=lambda one: (one.start, one.text)) for file, source in sources.items()}
    for file, source in sources.items():
        name = file.removeprefix(f"{POLICY}/")
        every[file] = [one for one in every[file] if (name, changed_line(source, one)[1]) not in EQUIVALENT]
    whole = sum(len(found) for found in every.values())
    drawn: list[Fault] = []
    for file, found in every.items():
        share = min(len(found), max(1, round(count * len(found) / whole))) if found else 0
        drawn += random.Random(f"{seed} {file}").sample(found, share)
    print(f"{whole} faults can be made in {len(sources)} modules; {len(drawn)} drawn with seed {seed}", flush=True)
    return drawn, sources


def copy_of_head(folder: Path) -> None:
    """The committed tree, as far as the engine's tests need it."""
    packed = subprocess.run(["git", "archive", "HEAD", "src", "docs"], cwd=ROOT, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
    for compiled in (ROOT / POLICY / "locale").rglob("*.mo"):
        shutil.copy(compiled, folder / compiled.relative_to(ROOT))
    (folder / "pytest.ini").write_text(INI, "utf-8")


def failing(folder: Path, tests: Sequence[str], seconds: float, other: Sequence[str] = ()) -> tuple[str | None, float]:
    """The first test that fails (or that the time was up), None if all pass; and the seconds of the processor.

    ``other``: more arguments for pytest.
    """
    here = [str(path) for name in tests for path in sorted((folder / POLICY / "tests").glob(name))]
    arguments = ["-x", "-q", "--tb=no", *other, *here]
    said = folder / "said.txt"
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        try:
            os._exit(_run_here(folder, said, arguments, seconds, packs_kept=bool(other)))
        finally:
            os._exit(70)
    _, status, used = os.wait4(child, 0)
    took = used.ru_utime + used.ru_stime
    if os.WIFSIGNALED(status):
        return ("time" if os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL) else "crash"), took
    if os.WEXITSTATUS(status) == 0:
        return None, took
    lines = [line for line in said.read_text("utf-8", "replace").splitlines() if line.startswith(("FAILED", "ERROR"))]
    return (lines[0].split("::")[-1][:90] if lines else "import"), took


def _run_here(folder: Path, said: Path, arguments: list[str], seconds: float, *, packs_kept: bool) -> int:
    """In the forked process: pytest over the copy, its words into a file. Gives its exit code."""
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 5))
    output = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.chdir(folder)
    sys.path.insert(0, str(folder / "src"))
    sys.dont_write_bytecode, sys.pycache_prefix = False, str(folder / "bytecode")
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    if packs_kept:  # neither strategy reads packs, so they may be kept; what does read them is tried with fresh ones
        (folder / "packs").mkdir(exist_ok=True)
        os.environ["UPSTANDER_PACKS_KEPT"] = str(folder / "packs")
    code = int(pytest.main(arguments))
    sys.stdout.flush()
    return code


def one_strategy(file: str) -> Sequence[str]:
    """An example runs under both strategies; a fault in one needs the other only where the two are compared."""
    name = file.removeprefix(f"{POLICY}/").partition("/")[0]
    if name == "durations.py":  # packs are read with it
        return ()
    return ("-k", "not reference") if name in ("compiled", "guard.py") else ("-k", "not compiled")


def tried(folder: Path, fault: Fault, source: Source, limits: Sequence[tuple[Sequence[str], float]]) -> Result:
    """Put the fault in, run the tests, take it out again."""
    path = folder / fault.file
    changed = source.data[: fault.start] + fault.text.encode() + source.data[fault.end :]
    try:
        ast.parse(changed)
    except SyntaxError:
        return Result(fault, "import")
    put(path, changed)
    try:
        for tests, seconds in limits:
            killed, _ = failing(folder, tests, seconds, one_strategy(fault.file))
            if killed is not None:
                return Result(fault, killed)
        return Result(fault, None)
    finally:
        put(path, source.data)


_moments = itertools.count(1_000_000_000)


def put(path: Path, data: bytes) -> None:
    """Write a file with a time of its own, so that Python never takes the bytecode of another fault for it."""
    path.write_bytes(data)
    moment = next(_moments)
    os.utime(path, (moment, moment))


def changed_line(source: Source, fault: Fault) -> tuple[str, str]:
    """The line (or lines) as it was and as it is with the fault."""
    first = source.data.rfind(b"\n", 0, fault.start) + 1
    last = source.data.find(b"\n", fault.end)
    before = source.data[first:last].decode()
    after = (source.data[first : fault.start] + fault.text.encode() + source.data[fault.end : last]).decode()
    return " ".join(before.split()), " ".join(after.split())


def report(results: Sequence[Result], sources: dict[str, Source]) -> None:
    made, killed = (
        Counter(one.fault.file for one in results),
        Counter(one.fault.file for one in results if one.killed_by),
    )
    print(f"\n{'module':<44}{'faults':>8}{'killed':>8}{'score':>8}")
    for file in sorted(made):
        name = file.removeprefix(f"{POLICY}/")
        print(f"{name:<44}{made[file]:>8}{killed[file]:>8}{killed[file] / made[file]:>8.0%}")
    print(f"{'all':<44}{len(results):>8}{sum(killed.values()):>8}{sum(killed.values()) / max(1, len(results)):>8.1%}")
    for one in results:
        if one.killed_by is None:
            before, after = changed_line(sources[one.fault.file], one.fault)
            print(f"\nsurvived: {one.fault.file}:{one.fault.line} ({one.fault.what})\n  - {before}\n  + {after}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mutants", type=int, default=240)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", action="append", help="a module below policy/, with * (may be repeated)")
    parser.add_argument("--minutes", type=float, default=600, help="when to stop and report on what has been tried")
    parser.add_argument("--no-laws", action="store_true", help="the plain examples only")
    parser.add_argument("--json", type=Path, help="where to write the survivors")
    parser.add_argument("--again", type=Path, help="try only the survivors that an earlier --json lists (same source)")
    args = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="mutation-"))
    try:
        copy_of_head(folder)
        drawn, sources = sample(folder, args.only or ENGINE, args.mutants, args.seed)
        if args.again:
            left = {(one["file"], one["before"], one["after"]) for one in json.loads(args.again.read_text("utf-8"))}
            drawn = [one for one in drawn if (one.file, *changed_line(sources[one.file], one)) in left]
        random.Random(args.seed).shuffle(drawn)  # so that a run that is cut short is still a fair sample
        results = run(folder, drawn, sources, laws=not args.no_laws, until=time.monotonic() + args.minutes * 60)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    report(results, sources)
    if args.json:
        survivors = [
            {"file": one.fault.file, "line": one.fault.line, "before": before, "after": after}
            for one in results
            if one.killed_by is None
            for before, after in [changed_line(sources[one.fault.file], one.fault)]
        ]
        args.json.write_text(json.dumps(survivors, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return 0


def run(folder: Path, drawn: Sequence[Fault], sources: dict[str, Source], *, laws: bool, until: float) -> list[Result]:
    limits: list[tuple[Sequence[str], float]] = []
    for tests in (EXAMPLES, LAWS) if laws else (EXAMPLES,):
        failing(folder, tests, 900, ("-k", "not nothing"))  # keeps the packs
        broken, took = failing(folder, tests, 900, ("-k", "not nothing"))
        if broken is not None:
            raise SystemExit(f"the tests fail without any fault: {broken}")
        limits.append((tests, 15 + 4 * took))
    print("without a fault:", ", ".join(f"{(seconds - 15) / 4:.1f} s" for _, seconds in limits), flush=True)
    results: list[Result] = []
    for number, fault in enumerate(drawn, 1):
        if time.monotonic() > until:
            break
        one = tried(folder, fault, sources[fault.file], limits)
        results.append(one)
        name = fault.file.removeprefix(f"{POLICY}/")
        print(f"{number:>4} {name}:{fault.line} {fault.what}: {one.killed_by or 'SURVIVED'}", flush=True)
    return results


if __name__ == "__main__":
    raise SystemExit(main())
