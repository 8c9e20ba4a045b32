"""Which strategy of the policy engine the application runs: the compiled one, which means the same as the reference."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from upstander.policy import reference
from upstander.policy.calendar import Calendar
from upstander.policy.log import Event
from upstander.policy.model import Series
from upstander.policy.reference.world import struck_ids
from upstander.policy.verdict import Breach, Picture

log_of_failures = logging.getLogger("upstander.records")


def picture(
    series: Series, log: Sequence[Event], calendar: Calendar | None, now: datetime, *, kind: str, record: str
) -> Picture:
    """The whole answer for one record at a civil minute.

    Should the fast strategy fail on a log, the reference answers: a report is never refused because of the engine.
    """
    strategy = _strategy()
    try:
        return strategy(series, log, calendar, now, kind=kind, record=record)
    except Exception as problem:
        if strategy is reference.picture:
            raise
        log_of_failures.exception("the compiled policy failed on record %s: %s", record, type(problem).__name__)
        return reference.picture(series, log, calendar, now, kind=kind, record=record)


@cache
def _strategy() -> Callable[..., Picture]:
    compiled = import_module("upstander.policy.compiled") if find_spec("upstander.policy.compiled") else None
    found: Callable[..., Picture] | None = getattr(compiled, "picture", None)
    return found or reference.picture


def would_break(
    series: Series, log: Sequence[Event], calendar: Calendar | None, event: Event, *, kind: str, record: str
) -> list[Breach]:
    """The limits that recording this event would break."""
    from upstander.policy import guard

    return list(guard.would_break(series, log, calendar, event, kind=kind, record=record))


def struck(series: Series, log: Sequence[Event], now: datetime) -> frozenset[str]:
    """The ids of the events that voids strike."""
    return struck_ids(series, log, now)
