"""The clock of a serious incident as a picture: for each step when it was asked for, until when, and when it was done.

Pure. The list of steps beside it says the same in words; the numbers are its numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from upstander.ui import dates

LEFT, RIGHT = 26, 320
TOP, ROW = 18, 26
LEAST = timedelta(days=1)
"""A picture of hours would look like weeks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One step: a civil minute each. ``until`` None: no day is set; ``done`` None: not yet; ``over``: it applies no more."""

    arose: datetime
    until: datetime | None
    done: datetime | None
    over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A step in the units of the picture. ``due``, ``late`` and ``done`` are -1 where there is none; ``late``: from the day on."""

    number: int
    y: int
    x: int
    width: int
    due: int = -1
    late: int = -1
    late_width: int = 0
    done: int = -1

    @property
    def base(self) -> int:
        """Where the number stands."""
        return self.y + 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A day under the picture."""

    x: int
    word: str
    align: str = "mid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """``now``: where this minute stands, -1 where everything is over."""

    rows: Sequence[Row]
    ticks: Sequence[Tick]
    now: int
    height: int

    @property
    def foot(self) -> int:
        """Down to where the line of this minute goes."""
        return self.height - 22

    @property
    def width(self) -> int:
        return RIGHT + 4


def draw(spans: Sequence[Span], now: datetime, lang: str) -> Clock | None:
    """The picture of some steps; None where there is none to draw."""
    if not spans:
        return None
    first = min(each.arose for each in spans)
    running = any(each.done is None and not each.over for each in spans)
    ends = [moment for each in spans for moment in (each.until, each.done, each.arose) if moment is not None]
    last = max([*ends, *([now] if running else []), first + LEAST])

    def x(moment: datetime) -> int:
        share = (min(max(moment, first), last) - first) / (last - first)
        return LEFT + round((RIGHT - LEFT) * share)

    rows = [_row(number, each, x, now) for number, each in enumerate(spans)]
    ticks = [Tick(x=LEFT, word=dates.day(first.date(), lang, weekday=False), align="")]
    if last.date() != first.date():
        ticks.append(Tick(x=RIGHT, word=dates.day(last.date(), lang, weekday=False), align="end"))
    return Clock(rows=rows, ticks=ticks, now=x(now) if running else -1, height=TOP + ROW * len(rows) + 22)


def _row(number: int, each: Span, x: Callable[[datetime], int], now: datetime) -> Row:
    until, done = each.until, each.done
    end = done or (each.arose if each.over else now)
    late = until is not None and end > until
    start, stop = x(each.arose), x(min(end, until) if late and until else end)
    return Row(
        number=number + 1,
        y=TOP + ROW * number,
        x=start,
        width=max(stop - start, 3),
        due=x(until) if until is not None else -1,
        late=x(until) if late and until is not None else -1,
        late_width=max(x(end) - x(until), 3) if late and until is not None else 0,
        done=x(done) if done is not None else -1,
    )
