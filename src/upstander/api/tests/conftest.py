"""A school with registers of its own, whose staff sign in with a password alone."""

from __future__ import annotations

import pytest

from upstander.web.tests.conftest import _one_factor, fernhill  # noqa: F401 - fixtures


@pytest.fixture(autouse=True)
def _fresh_buckets() -> None:
    from upstander.api import callers

    callers._CALLS._held.clear()
