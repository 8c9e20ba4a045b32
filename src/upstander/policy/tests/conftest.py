"""Plain examples run under both strategies."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from upstander.policy import compiled, reference
from upstander.policy.tests.small import School, load


@pytest.fixture(params=[reference, compiled], ids=["reference", "compiled"])
def school(request: pytest.FixtureRequest) -> Callable[..., School]:
    """A school with these rules, whose calendar has data from September 2025 to July 2026 unless said otherwise."""
    return lambda rules, **more: School(load(rules), request.param, **more)
