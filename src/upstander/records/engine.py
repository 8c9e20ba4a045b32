"""Which strategy of the policy engine the application runs: the compiled one, which means the same as the reference."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from upstander.policy import compiled, guard
from upstander.policy.log import Event
from upstander.policy.model import Series
from upstander.policy.reference.world import struck_ids

picture = compiled.picture
would_break = guard.would_break


def struck(series: Series, log: Sequence[Event], now: datetime) -> frozenset[str]:
    """The ids of the events that voids strike."""
    return struck_ids(series, log, now)
