"""Every scenario of every pack that comes with Upstander holds, under the reference and under the strategy that the app runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from upstander.policy import compiled, reference, scenarios
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
