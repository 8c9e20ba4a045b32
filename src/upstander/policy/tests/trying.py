"""How many examples the tests try that draw them: the same few in every run, or many new ones.

A run that must be green before something lands tries the same examples each time: what fails, fails for everybody, and has to do
with the change. New examples are for the thorough run (``UPSTANDER_HYPOTHESIS=thorough``, docs/testing.md), which looks for what
nobody has thought of.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

THOROUGH = os.environ.get("UPSTANDER_HYPOTHESIS") == "thorough"
EVERY = list(HealthCheck)

settings.register_profile(
    "quick", max_examples=25, derandomize=True, deadline=None, suppress_health_check=EVERY, database=None
)
settings.register_profile("thorough", max_examples=1500, deadline=None, suppress_health_check=EVERY, print_blob=True)
settings.load_profile("thorough" if THOROUGH else "quick")


def examples(quick: int) -> int:
    """So many, and twenty times as many in the thorough run."""
    return quick * 20 if THOROUGH else quick
