"""Counts, sums and runs of days as running sums over events by key and moment (§3)."""

from __future__ import annotations

import numpy as np

from upstander.policy.conformance.dates import SCALE, scaled
from upstander.policy.conformance.days import BEFORE, DAY, FAR, Ints, Mask
from upstander.policy.conformance.keys import BITS, LAST_MINUTE, Found, Keys, pack
from upstander.policy.conformance.ragged import firsts, spread
from upstander.policy.model import Count, Span, Within


def unable_count(form: Count) -> str | None:
    """What of a count the columnar strategy cannot do."""
    if form.within is Within.EVER or isinstance(form.within, Within):
        return None
    if isinstance(form.within, Span):
        return "a duration beyond forty years" if form.within.months > 480 or form.within.days > 14000 else None
    return "more than 300 school days" if form.within.n > 300 else None


def count_holds(keys: Keys, form: Count, found: Found, key: Ints, moment: Ints) -> Mask:
    """Whether the count reaches its number for each key at each moment."""
    if form.within is Within.CONSECUTIVE_SCHOOL_DAYS:
        return _run_length(keys, found, key, moment) * SCALE >= scaled(form.at_least)
    if form.distinct is not None and form.adding_up is None:
        if form.within is not Within.EVER:
            return _different_within(keys, form, found, key, moment)
        found = _first_of_each(keys, form.distinct, found)
    weights = _weights(keys, form, found)
    before = np.concatenate(([0], np.cumsum(weights)))
    last = found.count_to(key, moment)
    if isinstance(form.within, Within):
        gone = before[np.minimum(_window_start(keys, form.within, found, key, moment), last)]
    else:  # what came first need not leave first: 30 January 10:00 and 31 January 08:00, each plus a month
        leaves = pack(found.key, keys.chunk.days.after(found.at, form.within))
        order = np.argsort(leaves, kind="stable")
        left = np.searchsorted(leaves[order], pack(key, moment), side="right")
        gone = np.concatenate(([0], np.cumsum(weights[order])))[left]
    return before[last] - gone >= scaled(form.at_least)


def _weights(keys: Keys, form: Count, found: Found) -> Ints:
    """What each event adds, in thousandths."""
    if form.adding_up is None:
        return np.full(len(found.row), SCALE)
    return keys.chunk.shared.numbers.of(keys.chunk.field(form.adding_up)[found.row])


def _window_start(keys: Keys, within: Within, found: Found, key: Ints, moment: Ints) -> Ints:
    """The place of the first event of the key that is in the window."""
    days, place = keys.chunk.days, moment // DAY + BEFORE
    start = np.zeros(len(key), dtype=np.int64)
    if within is Within.SCHOOL_YEAR:
        start = days.year_first[place] * DAY
    elif within is Within.TERM:
        start = days.term_first[days.term[place]] * DAY
    return found.first_from(key, start)


def _first_of_each(keys: Keys, what: str, found: Found) -> Found:
    """For each key and each different value its first event, as many times as it brings a new value."""
    place, value = _values(keys, what, found)
    order = np.lexsort((place, value, found.key[place]))
    new = firsts(found.key[place][order], value[order])
    places = np.sort(place[order][new])
    return Found(found.packed[places], found.row[places])


def _values(keys: Keys, what: str, found: Found) -> tuple[Ints, Ints]:
    """The places of events and the values that they bring, one behind the other."""
    chunk, row = keys.chunk, found.row
    place = np.arange(len(row))
    if what == "day":
        value = found.at // DAY
    elif what == "role":
        value = chunk.role[row].astype(np.int64)
    else:
        several = chunk.named(what)
        first, last = np.searchsorted(several.rows, row), np.searchsorted(several.rows, row, side="right")
        place, there = spread(first, last - first)
        value = several.codes[there]
    kept = np.flatnonzero(value >= 0)
    return place[kept], value[kept]


def _different_within(keys: Keys, form: Count, found: Found, key: Ints, moment: Ints) -> Mask:
    """Whether so many different values lie in the window: each value is there from an event until the last to leave has left."""
    assert form.distinct is not None  # noqa: S101
    place, value = _values(keys, form.distinct, found)
    order = np.lexsort((place, value, found.key[place]))
    place, value = place[order], value[order]
    owner, at = found.key[place], found.at[place]
    group = np.cumsum(firsts(owner, value)) - 1
    ends = _leaving(keys, form, at)
    latest = np.maximum.accumulate(np.minimum(ends, LAST_MINUTE) + (group << BITS)) - (group << BITS)
    begins = firsts(group)
    begins[1:] |= at[1:] >= latest[:-1]
    last = np.flatnonzero(np.append(begins[1:], True)) if len(begins) else np.zeros(0, dtype=np.int64)
    starts, stops = np.sort(pack(owner[begins], at[begins])), np.sort(pack(owner[last], latest[last]))
    asked = pack(key, moment)
    there = np.searchsorted(starts, asked, side="right") - np.searchsorted(stops, asked, side="right")
    return there * SCALE >= scaled(form.at_least)


def _leaving(keys: Keys, form: Count, at: Ints) -> Ints:
    """The minute from which each event is no longer in the window."""
    days, place = keys.chunk.days, at // DAY + BEFORE
    if form.within is Within.SCHOOL_YEAR:
        return days.year_end[place] * DAY
    if form.within is Within.TERM:
        last = days.term_last[days.term[place]]
        return np.where(last < FAR, (last + 1) * DAY, at)
    assert not isinstance(form.within, Within)  # noqa: S101
    return days.after(at, form.within)


# --- runs of school days -----------------------------------------------------------------------------------------------


def _marks(keys: Keys, found: Found) -> tuple[Ints, Ints]:
    """For each key and marked school day, in order: key and ordinal of the day packed, and how long the run to it is."""
    days = keys.chunk.days
    ordinal = np.cumsum(days.school)
    day = found.at // DAY + BEFORE
    here = days.school[day]
    packed = np.unique((found.key[here] << BITS) | ordinal[day[here]])
    place = np.arange(len(packed))
    breaks = np.ones(len(packed), dtype=bool)
    breaks[1:] = packed[1:] != packed[:-1] + 1
    return packed, place - np.maximum.accumulate(np.where(breaks, place, 0)) + 1


def _run_length(keys: Keys, found: Found, key: Ints, moment: Ints) -> Ints:
    """The length of the run that ends today, or, if today has no mark or is free, on the last school day before.

    Marks of today count from their own minute on.
    """
    days = keys.chunk.days
    if not len(found.packed):
        return np.zeros(len(key), dtype=np.int64)
    packed, length = _marks(keys, found)
    if not len(packed):
        return np.zeros(len(key), dtype=np.int64)
    ordinal, day = np.cumsum(days.school), moment // DAY + BEFORE
    latest = found.up_to(key, moment)
    today = days.school[day] & (latest >= 0) & (np.where(latest >= 0, found.moment(latest), 0) // DAY + BEFORE == day)
    previous, _ = days.nth(moment // DAY, -1)
    last = np.where(today, ordinal[day], np.where(previous == FAR, 0, ordinal[day] - days.school[day]))
    wanted = (key << BITS) | last
    place = np.minimum(np.searchsorted(packed, wanted), len(packed) - 1)
    return np.where(packed[place] == wanted, length[place], 0)


def count_turns(keys: Keys, form: Count, found: Found) -> list[tuple[Ints, Ints]]:
    """Keys and moments at which a count may turn: an event, or one that leaves the window."""
    days, within, key, at = keys.chunk.days, form.within, found.key, found.at
    parts = [(key, at)]
    if within is Within.SCHOOL_YEAR:
        parts.append((key, days.year_end[at // DAY + BEFORE] * DAY))
    elif within is Within.TERM:
        for _, first, last in days.terms:
            parts += [(key, np.full(len(key), first * DAY)), (key, np.full(len(key), (last + 1) * DAY))]
    elif within is Within.CONSECUTIVE_SCHOOL_DAYS:
        following, _ = days.nth(at // DAY, 1)
        parts.append((key, np.where(following == FAR, FAR, (following + 1) * DAY)))
    elif not isinstance(within, Within):
        parts.append((key, days.after(at, within)))
    return parts
