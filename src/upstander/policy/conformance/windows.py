"""Windows of many instances at once: the periods of ``repeat``, the places of ``in`` and ``on`` (§4.7, §4.8)."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from upstander.policy.calendar import LOOK_AHEAD, WEEKDAYS
from upstander.policy.conformance.dates import Unable
from upstander.policy.conformance.days import (
    BEFORE,
    DAY,
    FAR,
    MONTH,
    MONTH_FIRST,
    MONTH_LENGTH,
    SIZE,
    WEEKDAY,
    Days,
    Ints,
    Mask,
    add_times,
)
from upstander.policy.conformance.due import ASSUMED, NO_CALENDAR, NO_DATE, Dues
from upstander.policy.conformance.instances import Instances, stacked
from upstander.policy.conformance.ragged import constant, firsts, spread
from upstander.policy.model import (
    AtClock,
    Between,
    Deadline,
    InMonths,
    InTerms,
    OnDay,
    Period,
    Said,
    Span,
    Window,
)

MOST_WINDOWS = 50_000_000


class Windows(NamedTuple):
    """Windows with whose they are; ``later``: an event of the first minute belongs to the window before."""

    owner: Ints
    start: Ints
    end: Ints
    later: Mask
    flags: Ints


def every_span(first: Ints, span: Span, until: Ints) -> Windows:
    """The windows of ``repeat every`` that start before a moment, all reckoned from the first arising; the first always."""
    counts = _windows_before(first, span, until)
    if int(counts.sum()) > MOST_WINDOWS:
        raise Unable("more than fifty million windows in one chunk")
    owner, number = spread(constant(0, len(first)), counts + 1)  # one moment more than windows: where the last ends
    moments = add_times(first, span, number, owner)
    opens = np.ones(len(owner), dtype=bool)
    opens[np.cumsum(counts + 1) - 1] = False
    window = np.flatnonzero(opens)
    return Windows(
        owner.take(window),
        moments.take(window),
        moments.take(window + 1),
        number.take(window) > 0,
        constant(0, len(window)),
    )


def _windows_before(first: Ints, span: Span, until: Ints) -> Ints:
    """How many windows start before a moment; one at least."""
    if span.months:
        months = MONTH[until // DAY + BEFORE] - MONTH[first // DAY + BEFORE]
        counts = np.maximum(months // span.months + 1, 1)  # if anything too many
    else:
        counts = np.maximum(-((first - until) // (span.days * DAY + span.minutes)), 1)
    everybody = np.arange(len(first))
    while bool((over := (counts > 1) & (add_times(first, span, counts - 1, everybody) >= until)).any()):
        counts = counts - over
    answer: Ints = counts
    return answer


def each_period(first: Ints, period: Period, days: Days, by: Deadline | None, now: int) -> Windows:
    """Whole periods of the calendar, the first from the arising on; those without a school day left are skipped."""
    whole_first, whole_last = _periods(period, days)
    today = first // DAY
    begin = np.searchsorted(whole_last, today)
    stop = max(int(np.searchsorted(whole_first, now // DAY, side="right")), 0)
    owner, place = spread(begin, np.maximum(stop - begin, 0))
    start_day, last = whole_first[place], whole_last[place]
    start = np.maximum(start_day * DAY, first[owner])
    day = start // DAY
    until = int(whole_first.max(initial=-BEFORE)) if period is Period.TERM else now // DAY
    _refuse_gaps(days, whole_first, whole_last, int(today.min(initial=now // DAY)), until)
    school_day, _ = days.nth(day - 1, 1)
    kept = school_day <= last
    cut = start > start_day * DAY
    clock = _clock(by)
    if clock is not None:
        kept &= ~(cut & (start > school_day * DAY + clock))
    owner, start, last = owner[kept], start[kept], last[kept]
    flags = np.where(days.any_assumed(day[kept], school_day[kept]), ASSUMED, 0)
    end = last * DAY + DAY - 1
    if period is Period.TERM:
        waiting, unknown = _after_terms(first, days)
        owner, start = np.concatenate((owner, waiting)), np.concatenate((start, unknown))
        end, flags = (
            np.concatenate((column, np.full(len(waiting), value)))
            for column, value in ((end, FAR), (flags, NO_CALENDAR))
        )
    return Windows(owner, start, end, constant(False, len(owner)), flags)


def _after_terms(first: Ints, days: Days) -> tuple[Ints, Ints]:
    """Where the calendar ends, one window for each series that waits for it: whose, and from when."""
    last = days.terms[-1][2] + 1 if days.terms else -BEFORE
    start = np.maximum(first, last * DAY)
    while bool((known := ~days.assumed[start // DAY + BEFORE]).any()):
        start = np.where(known, days.year_end[start // DAY + BEFORE] * DAY, start)
    return np.arange(len(first)), start


def _clock(by: Deadline | None) -> int | None:
    while isinstance(by, Said):
        by = by.means
    return by.hour * 60 + by.minute if isinstance(by, AtClock) else None


def _refuse_gaps(days: Days, firsts_: Ints, lasts: Ints, since: int, until: int) -> None:
    """Years without such a school day end a series; that is left to the compiled strategy."""
    counts = np.concatenate(([0], np.cumsum(days.school)))
    useful = counts[lasts + 1 + BEFORE] > counts[firsts_ + BEFORE]
    inside = useful & (lasts >= since) & (firsts_ <= until)
    edges = np.concatenate(([since], lasts[inside], [max(since, until)]))
    if bool(np.any(np.diff(edges) > LOOK_AHEAD)):
        raise Unable("years without a school day")


def _periods(period: Period, days: Days) -> tuple[Ints, Ints]:
    """First and last day of every whole period that the tables hold."""
    every = np.arange(SIZE) - BEFORE
    if period is Period.TERM:
        bounds = np.array([(first, last) for _, first, last in days.terms], dtype=np.int64).reshape(-1, 2)
        if bool(np.any(bounds[1:, 0] <= bounds[:-1, 1])):
            raise Unable("terms that overlap")
        return bounds[:, 0], bounds[:, 1]
    if period is Period.SCHOOL_DAY:
        return every, every
    if period is Period.MONTH:
        return MONTH_FIRST, MONTH_FIRST + MONTH_LENGTH - 1
    if period is Period.WEEK:
        mondays = every[WEEKDAY == 0][:-1]
        return mondays, mondays + 6
    if period is Period.SCHOOL_YEAR:
        starts = days.year_first[firsts(days.year_first)]
        return starts[:-1], starts[1:] - 1
    if period is Period.CALENDAR_YEAR:
        starts = MONTH_FIRST[::12]
        return starts[:-1], starts[1:] - 1
    on = every[WEEKDAYS.index(period.value) == WEEKDAY]
    return on, on


# --- in and on ---------------------------------------------------------------------------------------------------------


def fixed_places(several: Instances, window: Window, dues: Dues) -> Instances:
    """One instance for each place of a window: of each the first that has not ended at the arising."""
    days, arose = dues.days, several.at
    match window:
        case InMonths(months):
            return stacked([_placed(several, *_month(month, arose)) for month in months])
        case InTerms(names):
            return stacked([_placed(several, *_term(name, days, arose)) for name in names])
        case OnDay():
            return _placed(several, *_day(window, days, arose))
        case Between(from_field, to_field):
            return _placed(several, *_between(dues, several, from_field, to_field))


def _placed(several: Instances, opens: Ints, closes: Ints, flags: Ints) -> Instances:
    return replace(several, place_opens=opens, place_closes=closes, place_flags=flags)


def _no_flags(moments: Ints) -> Ints:
    return np.zeros(len(moments), dtype=np.int64)


def _month(month: int, arose: Ints) -> tuple[Ints, Ints, Ints]:
    here = MONTH[arose // DAY + BEFORE]
    there = here + (month - 1 - here) % 12
    first = MONTH_FIRST[there]
    return first * DAY, (first + MONTH_LENGTH[there]) * DAY - 1, _no_flags(arose)


def _term(name: str, days: Days, arose: Ints) -> tuple[Ints, Ints, Ints]:
    numbers: dict[int, int] = {}
    terms = []
    for id_, first, last in days.terms:
        year = int(days.year_first[first + BEFORE])
        numbers[year] = numbers.get(year, 0) + 1
        if name in (id_, str(numbers[year])):
            terms.append((first, last))
    firsts_ = np.array([first for first, _ in terms] + [0])
    lasts = np.array([last for _, last in terms] + [FAR])
    if bool(np.any(np.diff(lasts) <= 0)):
        raise Unable("terms that overlap")
    place = np.searchsorted(lasts, arose // DAY)
    known = place < len(terms)
    opens, closes = np.where(known, firsts_[place] * DAY, arose), np.where(known, lasts[place] * DAY + DAY - 1, FAR)
    return opens, closes, np.where(known, 0, NO_CALENDAR)


def _day(window: OnDay, days: Days, arose: Ints) -> tuple[Ints, Ints, Ints]:
    months = np.arange(window.month - 1, len(MONTH_FIRST), 12)
    on = MONTH_FIRST[months] + np.minimum(window.day, MONTH_LENGTH[months]) - 1
    flags = np.zeros(len(on), dtype=np.int64)
    if window.or_nearest_school_day:
        on, flags = _nearest(days, on)
        if bool(np.any(np.diff(on) <= 0)):
            raise Unable("years without a school day")
    place = np.searchsorted(on, arose // DAY)
    # the reckoning begins in the year before the arising
    return on[place] * DAY, on[place] * DAY + DAY - 1, flags[place]


def _nearest(days: Days, on: Ints) -> tuple[Ints, Ints]:
    """The school day nearest to each; of two equally near the earlier; whether a day looked at was assumed."""
    on = on[1:-1]
    before, _ = days.nth(on + 1, -1)
    after, _ = days.nth(on - 1, 1)
    if bool(np.any((before == FAR) & (after == FAR))):
        raise Unable("years without a school day")
    near_before, near_after = np.abs(on - np.where(before == FAR, -FAR, before)), after - on
    earlier = near_before <= near_after
    distance = np.minimum(near_before, near_after)
    looked_to = np.where(earlier & (distance > 0), on + distance - 1, on + distance)
    assumed = days.any_assumed(on - distance, looked_to)
    return np.where(earlier, before, after), np.where(assumed, ASSUMED, 0)


def _between(dues: Dues, several: Instances, from_field: str, to_field: str) -> tuple[Ints, Ints, Ints]:
    starts, ends = dues.dates(several, from_field), dues.dates(several, to_field)
    known = (starts < FAR) & (ends < FAR)
    midnight = starts // DAY * DAY
    opens = np.where(starts % DAY == DAY - 1, midnight, starts)
    return (
        np.where(known, opens, several.at),
        np.where(known, np.maximum(ends, several.at), FAR),
        np.where(known, 0, NO_DATE),
    )
