"""How the laws look at a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from upstander.policy.log import Event
from upstander.policy.model import Series
from upstander.policy.tests.drawn import Drawn
from upstander.policy.verdict import Picture


def look(
    strategy: Any,
    drawn: Drawn,
    *,
    log: Sequence[Event] | None = None,
    now: datetime | None = None,
    series: Series | None = None,
) -> Picture:
    return strategy.picture(
        series or drawn.series,
        drawn.log if log is None else log,
        drawn.calendar,
        now or drawn.now,
        kind="case",
        record="c",
    )


def core(picture: Picture) -> Picture:
    """All that a clock waits for: everything but the moment itself."""
    return replace(picture, now=datetime(1, 1, 1), next_change=None)


def bare(picture: Picture) -> Picture:
    """Without what the order of writing may choose: which of two simultaneous events settled, and the order of causes."""
    duties = tuple(
        duty._replace(
            settled=duty.settled._replace(event="") if duty.settled is not None else None,
            because=tuple(sorted(duty.because)),
            who=tuple(sorted(duty.who, key=str)),
        )
        for duty in picture.duties
    )
    return replace(picture, duties=duties)
