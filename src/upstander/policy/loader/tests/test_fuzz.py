"""Whatever is in a file: a list of problems, each with its place, or a valid pack; soon, in little memory, never a traceback."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upstander.policy import compiled
from upstander.policy.loader import check_text, dump, load_text
from upstander.policy.loader.tests import wrong
from upstander.policy.model import Pack, Series
from upstander.policy.problems import Problem
from upstander.policy.sentences import sentence
from upstander.policy.tests.small import log
from upstander.policy.tests.trying import examples

SECONDS, BYTES = 1.0, 200 * 2**20
UNDER_LIMITS = """
import json, resource, sys, time
from upstander.policy.loader import check_text, load_text
from upstander.policy.loader.tests.wrong import BOMBS, SMALL
from upstander.policy.tests.trying import examples
load_text(SMALL)
size = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (size + {limit}, size + {limit}))
begun = time.process_time()
pack, problems = check_text(BOMBS[sys.argv[1]])
print(json.dumps([pack is not None, [str(each) for each in problems], time.process_time() - begun]))
"""


def answered(data: str | bytes) -> tuple[Pack | None, list[Problem]]:
    """What the loader says, as it must be: an error exactly where there is no pack, and every problem at a place in the file."""
    pack, problems = check_text(data)
    text = data.decode("utf-8", "replace") if isinstance(data, bytes) else data
    lines = text.count("\n") + text.count("\r") + text.count("\x85") + text.count("\u2028") + text.count("\u2029") + 1

    assert (pack is None) is any(each.stops for each in problems)
    for each in problems:
        assert each.message
        assert each.file
        assert each.code[:1] in "EW"
        assert 0 <= each.line <= (lines + 1 if each.file == "pack.yaml" else 10_000)
        assert each.column >= (1 if each.line else 0)
    return pack, problems


def usable(pack: Pack) -> None:
    """A pack that was let through can be printed, read aloud and run."""
    assert load_text(dump(pack)).digest == pack.digest
    for rules in (pack.duties, pack.limits, pack.facts):
        for rule in rules.values():
            assert sentence(pack, rule, "nl")
    kinds = [kind for kind in pack.events if kind not in ("void", "person-named")]
    lines = (f"2026-05-{1 + n % 28:02}T10:{n % 60:02} {kind} target=s1,s2 actor=a1" for n, kind in enumerate(kinds * 2))
    compiled.picture(Series((pack,)), log(*lines), None, datetime(2026, 7, 1), kind="case", record="r")


@settings(max_examples=examples(60))
@given(st.integers(min_value=0, max_value=2**40))
def test_a_pack_changed_at_random_gives_problems_or_a_pack_that_works(seed: int) -> None:
    pack, _ = answered(wrong.drawn(seed))
    if pack is not None:
        usable(pack)


@pytest.mark.parametrize("name", wrong.BOMBS)
def test_a_bomb_is_answered_within_a_second(name: str) -> None:
    for _ in range(3):  # a processor that is shared counts the seconds of its neighbours, but not every time
        begun = time.process_time()
        pack, problems = answered(wrong.BOMBS[name])
        took = time.process_time() - begun
        assert pack is not None or problems
        if took < SECONDS:
            return
    assert took < 2 * SECONDS


@pytest.mark.parametrize(
    "name",
    ["aliases of aliases", "many aliases of much", "deep lists", "many keys", "one long line", "a chain of facts"],
)
def test_a_bomb_is_answered_within_two_hundred_megabytes(name: str) -> None:
    command = [sys.executable, "-c", UNDER_LIMITS.format(limit=BYTES), name]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 0, done.stderr
    loaded, problems, _ = json.loads(done.stdout)
    assert loaded or problems


@pytest.mark.parametrize(
    "words",
    ["promptly: [promptly, P1D]", "promptly: {param: in-turn}", "promptly: [soon], soon: [promptly]"],
)
def test_a_word_that_is_answered_by_itself_is_a_problem(words: str) -> None:
    text = wrong.SMALL.replace("promptly: 1 school day", words)
    text = text.replace(
        "  absence-run:", "  in-turn: {value: [{param: in-turn}], title: round and round, says: school}\n  absence-run:"
    )
    pack, problems = answered(text)

    assert pack is None
    assert "E9" in {each.code for each in problems}


def test_rules_that_lean_on_each_other_too_deep_are_a_problem() -> None:
    chain = "".join(f"  f{n}: {{clause: A.2, for each: target, all of: [f{n + 1}]}}\n" for n in range(60))
    end = "  f60: {clause: A.2, for each: target, true from: recognised}\n"
    pack, problems = answered(wrong.SMALL.replace("facts:\n", f"facts:\n{chain}{end}"))

    assert pack is None
    assert [each.code for each in problems if each.stops] == ["E9"]
    assert load_text(wrong.SMALL.replace("facts:\n", f"facts:\n{''.join(chain.splitlines(True)[30:])}{end}"))


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("  kept: {", "  none-at-all: {clause: A.1, any of: []}\n  kept: {", "E5"),
        ("  heard: {", "  seen: {about: [target], echoes: [{to: case, as: act, where: {}}]}\n  heard: {", "E5"),
        ("  kept: {", "  one: {clause: A.1, all of: [two]}\n  two: {clause: A.1, any of: [one]}\n  kept: {", "E9"),
    ],
)
def test_what_long_runs_found_stays_found(old: str, new: str, code: str) -> None:
    text = wrong.SMALL.replace(old, new, 1)
    text = (
        text.replace("must: {parents-told: {how: visit}}", "unless: [one], must: {parents-told: {how: visit}}")
        if "one:" in new
        else text
    )
    pack, problems = answered(text)

    assert pack is None
    assert [each.code for each in problems if each.stops] == [code]


def test_an_empty_section_takes_nothing_away_that_every_pack_has() -> None:
    pack, _ = answered(wrong.SMALL + "guidance:\nsurveys:\n")

    assert pack is not None
    assert "E2" not in {
        each.code for each in answered(wrong.SMALL.replace("roles:\n", "roles:\nx:\n"))[1] if each.file != "pack.yaml"
    }
