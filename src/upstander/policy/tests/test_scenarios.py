"""Every scenario of every pack that comes with Upstander holds, under the reference and under the strategy that the app runs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from upstander.policy import compiled, loader, reference, scenarios
from upstander.policy.loader.tree import parse, plain
from upstander.policy.tests import shipped

PACKS = Path(__file__).parents[2] / "packs"
FILES = sorted(PACKS.glob("*/scenarios/*.yaml"))


@pytest.mark.parametrize("strategy", [reference, compiled], ids=["reference", "compiled"])
@pytest.mark.parametrize("file", FILES, ids=[f"{file.parts[-3]}/{file.stem}" for file in FILES])
def test_what_the_scenario_says_comes_out(file, strategy):
    data = plain(parse(file.read_bytes(), file.name))
    several = data if isinstance(data, list) else [data]

    failures = [
        failure for one in several for failure in scenarios.run(shipped.pack(file.parts[-3]), one, strategy.picture)
    ]

    assert failures == []


def named(pack: str) -> dict[str, set[str]]:
    """{section: the rules that some expectation of the pack's scenarios speaks of}."""
    found: dict[str, set[str]] = {"duties": set(), "facts": set(), "limits": set(), "closure": set()}
    entries = (
        *(("duties", "duties", "rule"), ("no duties", "duties", "rule")),
        *(("facts", "facts", "fact"), ("not facts", "facts", "fact"), ("missing", "facts", "fact")),
        *(("breaches", "limits", "rule"), ("no breaches", "limits", "rule")),
        *(("refused", "limits", "limit"), ("warned", "limits", "limit")),
    )
    for _file, scenario in loader.scenarios_of(pack):
        for expected in scenario["expect"]:
            for entry, section, rule in entries:
                wanted = expected.get(entry) or ()
                for one in () if wanted in ("yes", True) else wanted:
                    found[section].add(str(one.get(rule) if isinstance(one, Mapping) else one))
            if "closable" in expected:
                found["closure"].add(str(scenario.get("kind", "case")))
    return found


@pytest.mark.parametrize("name", sorted(set(shipped.NAMES) - {"starter"}))
def test_every_duty_limit_fact_and_closing_is_tried_by_a_scenario(name):
    pack = shipped.pack(name)

    assert {section: sorted(getattr(pack, section).keys() - tried) for section, tried in named(name).items()} == {
        "duties": [],
        "facts": [],
        "limits": [],
        "closure": [],
    }
