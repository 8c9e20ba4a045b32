"""Whether a fact holds for a key at a moment, and the moments at which it may turn (§3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import product

from upstander.policy.arithmetic import DAY, LAST_MOMENT, MINUTE, add, add_quiet, end_of, read_moment, start_of
from upstander.policy.calendar import Timetable
from upstander.policy.log import Event
from upstander.policy.model import (
    Combination,
    Combine,
    Count,
    Distance,
    During,
    Fact,
    Overdue,
    Pack,
    Pattern,
    Quiet,
    SchoolDays,
    Season,
    Span,
    TrueFrom,
    Within,
)
from upstander.policy.reference import match
from upstander.policy.reference.world import World, minute_before
from upstander.policy.verdict import Key

CLOSE, REOPEN = match.of_kind("close"), match.of_kind("reopen")
Names = tuple[str, ...]
CLOSED = Fact("closed", TrueFrom(CLOSE, REOPEN))


def fact_of(world: World, pack: Pack, fact_id: str) -> Fact | None:
    """A fact of the pack, or one of the two that every pack has."""
    if fact_id == "closed":
        return CLOSED
    if fact_id == "watched":
        closure = pack.closure.get(world.kind)
        if closure is None or closure.watch_for is None:
            return None
        marker = ("watched", id(pack))
        watched: Fact = world.memo.setdefault(marker, Fact("watched", TrueFrom(CLOSE, REOPEN, closure.watch_for)))
        return watched
    return pack.facts.get(fact_id)


def asked(world: World, pack: Pack, fact_id: str, key: Key, moment: datetime) -> bool:
    """Whether a fact holds for a rule with this key: for the names they share; a name that the rule lacks, for one value so far."""
    fact = fact_of(world, pack, fact_id)
    if fact is None:
        return False
    given = match.shared(pack, (key_name.name for key_name in fact.for_each), key)
    columns = [
        [given[key_name.name]] if key_name.name in given else match.everybody(world, pack, key_name.name, moment)
        for key_name in fact.for_each
    ]
    names = [key_name.name for key_name in fact.for_each]
    return any(holds(world, pack, fact, tuple(zip(names, values, strict=True)), moment) for values in product(*columns))


def holds(world: World, pack: Pack, fact: Fact, key: Key, moment: datetime) -> bool:
    """Whether a fact holds for exactly this key. Before the first event that carries the key no fact holds for it."""
    marker = ("holds", id(pack), fact.id, key, moment)
    if marker not in world.memo:
        world.memo[marker] = False  # a fact that asks for itself does not hold; lint refuses it (E9)
        world.memo[marker] = _exists(world, pack, fact, key, moment) and _holds(world, pack, fact, key, moment)
    answer: bool = world.memo[marker]
    return answer


def _exists(world: World, pack: Pack, fact: Fact, key: Key, moment: datetime) -> bool:
    together = tuple(pair for pair, name in zip(key, fact.for_each, strict=True) if not name.of_case)
    apart = [(pair,) for pair, name in zip(key, fact.for_each, strict=True) if name.of_case]
    return all(match.born(world, pack, part, moment) for part in (together, *apart))


def _holds(world: World, pack: Pack, fact: Fact, key: Key, moment: datetime) -> bool:
    form, own = fact.form, match.own_names(fact.for_each)
    if isinstance(form, TrueFrom):
        return _true_from(world, pack, form, key, moment, own)
    if isinstance(form, Quiet):
        return _quiet(world, pack, form, key, moment, own)
    if isinstance(form, Count):
        return _count(world, pack, form, key, moment, own)
    if isinstance(form, Overdue):
        from upstander.policy.reference.duties import overdue_at  # duties ask facts, this one fact asks duties

        return overdue_at(world, form.duty, pack, key, moment)
    if isinstance(form, Combination):
        held = [asked(world, pack, part, key, moment) for part in form.facts]
        return {Combine.ALL: all(held), Combine.ANY: any(held), Combine.NONE: not any(held)}[form.how]
    return _during(world.days(pack), form, moment)


# --- the forms ---------------------------------------------------------------------------------------------------------


def _true_from(world: World, pack: Pack, form: TrueFrom, key: Key, moment: datetime, own: Names) -> bool:
    starts = match.matching(world, pack, form.start, key, moment, own)
    if not starts:
        return False
    start = starts[-1].at
    if form.until is not None:
        ends = match.matching(world, pack, form.until, key, minute_before(moment))
        if any(start <= event.at < moment for event in ends):
            return False
    return all(moment <= end for end in lasting(world, pack, form, [event for event in starts if event.at == start]))


def lasting(world: World, pack: Pack, form: TrueFrom, starts: Sequence[Event]) -> list[datetime]:
    """The last moments of a fact that began in this minute, as far as its length or date is given."""
    ends = []
    if form.lasts is not None:
        ends.append(after(world.days(pack), starts[0].at, form.lasts))
    if form.to_date_field is not None:
        dates = (read_moment(event.fields.get(form.to_date_field)) for event in starts)
        ends += [day for day in dates if day is not None]
    return ends


def after(days: Timetable, moment: datetime, distance: Distance, *, quiet: bool = False) -> datetime:
    """A distance after a moment: N school or working days end with the N-th; ``LAST_MOMENT`` where there is no such day."""
    if isinstance(distance, Span):
        return add_quiet(moment, distance) if quiet else add(moment, distance)
    day, _, _ = days.nth(moment.date(), distance.n, working=not isinstance(distance, SchoolDays))
    return end_of(day) if day is not None else LAST_MOMENT


def _quiet(world: World, pack: Pack, form: Quiet, key: Key, moment: datetime, own: Names) -> bool:
    since = match.matching(world, pack, form.since, key, moment, own)
    if not since:
        return False
    acts = match.matching(world, pack, form.quiet, key, moment)
    latest = max(event.at for event in (*since, *acts))
    return moment >= after(world.days(pack), latest, form.lasts, quiet=True)


def _count(world: World, pack: Pack, form: Count, key: Key, moment: datetime, own: Names) -> bool:
    events = match.matching(world, pack, form.count, key, moment, own)
    if form.within is Within.CONSECUTIVE_SCHOOL_DAYS:
        return run_length(world.days(pack), {event.at.date() for event in events}, moment.date()) >= form.at_least
    inside = [event for event in events if in_window(world.days(pack), event.at, form.within, moment)]
    return amount(pack, form, inside) >= form.at_least


def in_window(days: Timetable, at: datetime, within: Within | Distance, moment: datetime) -> bool:
    """Whether an event at this moment, or before it, is in the window that ends at the moment."""
    if within is Within.EVER:
        return True
    if within is Within.SCHOOL_YEAR:
        return days.school_year(at.date()) == days.school_year(moment.date())
    if within is Within.TERM:
        term = days.term_of(moment.date())
        return term is not None and term.first <= at.date()
    assert not isinstance(within, Within)  # noqa: S101 - the run of days has its own reckoning
    return moment < after(days, at, within)


def amount(pack: Pack, form: Count, events: Sequence[Event]) -> Decimal:
    """The number of events, the sum of a field, or the number of different values."""
    if form.adding_up is not None:
        values = (match.as_number(event.fields.get(form.adding_up, Decimal(0))) for event in events)
        return sum((value for value in values if value is not None), Decimal(0))
    if form.distinct is not None:
        return Decimal(len({value for event in events for value in _different(pack, event, form.distinct)}))
    return Decimal(len(events))


def _different(pack: Pack, event: Event, what: str) -> list[str]:
    if what == "day":
        return [event.at.date().isoformat()]
    if what == "role":
        return [event.by.role] if event.by.role is not None else []
    return list(match.named(pack, event, what))


def run_length(days: Timetable, marked: set[date], today: date) -> int:
    """The length of the run of marked school days that ends today, or, if today has no mark or is free, on the last before."""
    if not marked:
        return 0
    day: date | None = today if days.is_school_day(today) and today in marked else days.school_day_before(today)
    length, earliest = 0, min(marked)
    while day is not None and day >= earliest and day in marked:
        length += 1
        day = days.school_day_before(day)
    return length


def _during(days: Timetable, form: During, moment: datetime) -> bool:
    match form.season:
        case Season.SCHOOL_HOURS:
            return days.in_school_hours(moment)
        case Season.SCHOOL_DAY:
            return days.is_school_day(moment.date())
        case Season.TERM:
            return days.term_of(moment.date()) is not None
        case Season.HOLIDAYS:
            return days.is_holiday(moment.date())


# --- when a fact may turn ----------------------------------------------------------------------------------------------


def turning_points(world: World, pack: Pack, fact_id: str, until: datetime) -> set[datetime]:
    """Every moment at which the fact may turn under this version, for whatever key.

    More than needed is harmless, a moment left out is not. ``until`` bounds only what would never end: school days and hours.
    """
    points = {moment for event in world.events for moment in (event.at, event.at + MINUTE)}
    points |= {start for _, start, _ in world.periods()[1:]}
    for fact in _parts(world, pack, fact_id, set()):
        points |= set(_own_points(world, pack, fact, until))
    return points


def _parts(world: World, pack: Pack, fact_id: str, seen: set[str]) -> Iterator[Fact]:
    """The fact and all facts that it is made of."""
    fact = fact_of(world, pack, fact_id)
    if fact is None or fact_id in seen:
        return
    seen.add(fact_id)
    yield fact
    if isinstance(fact.form, Combination):
        for part in fact.form.facts:
            yield from _parts(world, pack, part, seen)


def _own_points(world: World, pack: Pack, fact: Fact, until: datetime) -> Iterator[datetime]:
    days, form = world.days(pack), fact.form
    if isinstance(form, TrueFrom):
        for event in _all_matching(world, pack, form.start):
            yield from (end + MINUTE for end in lasting(world, pack, form, [event]))
    elif isinstance(form, Quiet):
        for pattern in (form.quiet, form.since):
            yield from (after(days, event.at, form.lasts, quiet=True) for event in _all_matching(world, pack, pattern))
    elif isinstance(form, Count):
        for event in _all_matching(world, pack, form.count):
            yield from _leaves(days, event.at, form.within)
    elif isinstance(form, Overdue):
        from upstander.policy.reference.duties import moments

        yield from moments(world, form.duty)
    elif isinstance(form, During) and world.events:
        yield from season_points(days, world.events[0].at.date(), until.date())


def _all_matching(world: World, pack: Pack, pattern: Pattern) -> list[Event]:
    return match.matching(world, pack, pattern, (), LAST_MOMENT)


def _leaves(days: Timetable, at: datetime, within: Within | Distance) -> Iterator[datetime]:
    """When an event leaves a window: the moments at which a count may fall though nothing happens."""
    if within is Within.EVER:
        return
    if within is Within.SCHOOL_YEAR:
        yield start_of(days.school_year(at.date())[1] + DAY)
    elif within is Within.TERM:
        yield from (start_of(day) for term in days.terms for day in (term.first, term.last + DAY))
    elif within is Within.CONSECUTIVE_SCHOOL_DAYS:
        day: date | None = at.date()
        for _ in range(3):
            day = days.school_day_after(day) if day is not None else None
            if day is not None:
                yield from (start_of(day), start_of(day + DAY))
    elif not isinstance(within, Within):
        yield after(days, at, within)


def season_points(days: Timetable, first: date, last: date) -> Iterator[datetime]:
    """00:00, the start of the school day and the minute after its end, of each day; the bounds of terms."""
    for term in days.terms:
        yield from (start_of(term.first), start_of(term.last + DAY))
    day = first
    while day <= last:
        starts, ends = days.hours(day)
        midnight = start_of(day)
        yield from (midnight, midnight + starts * MINUTE, midnight + (ends + 1) * MINUTE)
        day += DAY


# --- rises and intervals -----------------------------------------------------------------------------------------------


def rises(world: World, fact_id: str) -> list[tuple[datetime, Key]]:
    """Each moment up to ``now`` at which the fact turned from false to true, with the key; each moment by the version in force."""
    marker = ("rises", fact_id)
    if marker not in world.memo:
        world.memo[marker] = []  # a fact that waits for its own rise never rises
        world.memo[marker] = [rise for period in world.periods() for rise in _rises(world, fact_id, *period)]
    found: list[tuple[datetime, Key]] = world.memo[marker]
    return found


def _rises(world: World, fact_id: str, pack: Pack, start: datetime, end: datetime) -> Iterator[tuple[datetime, Key]]:
    fact = fact_of(world, pack, fact_id)
    if fact is None:
        return
    points = sorted(t for t in turning_points(world, pack, fact_id, world.now) if start <= t < end and t <= world.now)
    for key in match.all_keys(world, pack, fact.for_each, world.now):
        for moment in points:
            before = minute_before(moment)
            if holds(world, pack, fact, key, moment) and not asked(world, world.version(before), fact_id, key, before):
                yield moment, key


def intervals(world: World, fact_id: str) -> Iterator[tuple[Key, datetime, datetime | None]]:
    """The stretches up to ``now`` in which a fact held, by the version in force at each moment: key, first and last minute."""
    names = {fact.for_each for pack in world.series.versions if (fact := fact_of(world, pack, fact_id)) is not None}
    points: set[datetime] = set()
    for pack in world.series.versions:
        points |= {moment for moment in turning_points(world, pack, fact_id, world.now) if moment <= world.now}
    for for_each in names:
        for key in match.all_keys(world, world.version(world.now), for_each, world.now):
            yield from _stretches(world, fact_id, key, sorted(points))


def _stretches(
    world: World, fact_id: str, key: Key, points: Sequence[datetime]
) -> Iterator[tuple[Key, datetime, datetime | None]]:
    first: datetime | None = None
    for moment in points:
        held = asked(world, world.version(moment), fact_id, key, moment)
        if held and first is None:
            first = moment
        elif not held and first is not None:
            yield key, first, moment - MINUTE
            first = None
    if first is not None:
        yield key, first, None


def spells(
    world: World, pack: Pack, fact_id: str, key: Key, start: datetime, end: datetime
) -> list[tuple[datetime, datetime]]:
    """The stretches of minutes from start to end, both included, in which a fact holds under one version."""
    if end < start:
        return []
    inside = {moment for moment in turning_points(world, pack, fact_id, end) if start < moment <= end}
    points = [start, *sorted(inside)]
    ends = [*(moment - MINUTE for moment in points[1:]), end]
    found: list[tuple[datetime, datetime]] = []
    for first, last in zip(points, ends, strict=True):
        if not asked(world, pack, fact_id, key, first):
            continue
        if found and found[-1][1] + MINUTE == first:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return found
