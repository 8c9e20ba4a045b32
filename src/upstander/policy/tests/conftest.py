"""Plain examples run under both strategies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from upstander.policy import compiled, reference
from upstander.policy.tests import trying  # noqa: F401 - how many examples are drawn
from upstander.policy.tests.small import School, load


@pytest.fixture(params=[reference, compiled], ids=["reference", "compiled"])
def school(request: pytest.FixtureRequest) -> Callable[..., School]:
    """A school with these rules, whose calendar has data from September 2025 to July 2026 unless said otherwise."""

    def made(rules: str, *swaps: tuple[str, str], **more: Any) -> School:
        entries = {name: more.pop(name) for name in ("events", "roles", "records", "options") if name in more}
        return School(load(rules, *swaps, **entries), request.param, **more)

    return made
