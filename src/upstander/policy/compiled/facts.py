"""Facts as step functions: for each fact and key the moments at which it turns, worked out once for all time.

A ``Steps`` is a sorted list of moments: the fact holds from the first to just before the second, from the third to just before the
fourth, and so on; an odd one out at the end means for ever. Given the log, what time alone will turn is known too.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import product

from upstander.policy.arithmetic import DAY, LAST_MOMENT, MINUTE, start_of
from upstander.policy.calendar import Timetable
from upstander.policy.compiled.case import Case
from upstander.policy.compiled.counts import count
from upstander.policy.compiled.plans import FactPlan
from upstander.policy.compiled.steps import NEVER, combined, from_moment, holds, merged
from upstander.policy.compiled.view import Steps, View
from upstander.policy.model import (
    Combination,
    Combine,
    Count,
    During,
    Fact,
    Overdue,
    Pack,
    Quiet,
    Season,
    TrueFrom,
)
from upstander.policy.reference.facts import after, fact_of, lasting
from upstander.policy.verdict import Key


def asked(case: Case, pack: Pack, fact_id: str, key: Key) -> Steps:
    """When a fact holds for a rule with this key."""
    view = case.views[id(pack)]
    plan = view.rules.tabulated.get(fact_id)
    if plan is not None:
        names = plan.names
        if not names or (len(key) == 1 and key[0][0] == names[0]):
            known = view.tables.get(fact_id)
            if known is None:
                known = table(case, view, plan)
            return known.get(key if names else (), NEVER)
    of_fact = view.asked.get(fact_id)
    if of_fact is None:
        of_fact = view.asked[fact_id] = {}
    found = of_fact.get(key)
    if found is None:
        found = of_fact[key] = _asked(case, view, fact_id, key)
    return found


def table(case: Case, view: View, plan: FactPlan) -> dict[Key, Steps]:
    """When a fact that is tabulated holds, for every key for which it ever does."""
    found = view.tables.get(plan.fact.id)
    if found is None:
        found = view.tables[plan.fact.id] = (
            _table_of_parts(case, view, plan) if plan.made_of is not None else _table(case, view, plan)
        )
    return found


def _table(case: Case, view: View, plan: FactPlan) -> dict[Key, Steps]:
    if not view.hits(plan.needs):
        return {}
    keys: Iterable[Key] = ((),)
    if plan.names:
        name = plan.names[0]
        keys = [((name, value),) for value in view.grouped(plan.needs, name)[0]]
    return {key: steps for key in keys if (steps := _steps(case, view, plan, key))}


def _table_of_parts(case: Case, view: View, plan: FactPlan) -> dict[Key, Steps]:
    """All, any or none of several."""
    form, made_of = plan.fact.form, plan.made_of or ()
    assert isinstance(form, Combination)  # noqa: S101 - no other is made of parts
    alike = [table(case, view, part) for part in made_of if part.names == plan.names]
    keys: Iterable[Key]
    if form.how is Combine.ALL and alike:
        keys, born = alike[0], None
    elif form.how is Combine.ANY and len(alike) == len(made_of):
        keys, born = dict.fromkeys(key for each in alike for key in each), None
    else:
        keys = born = view.keys(plan.names)
    found: dict[Key, Steps] = {}
    for key in keys:
        steps = combined([asked(case, view.pack, part.fact.id, key) for part in made_of], form.how)
        if steps and born is not None:
            steps = from_moment(steps, born[key])
        if steps:
            found[key] = steps
    return found


def _asked(case: Case, view: View, fact_id: str, key: Key) -> Steps:
    pack = view.pack
    fact = fact_of(case, pack, fact_id)
    if fact is None:
        return NEVER
    if not fact.for_each:
        return steps_of(case, pack, fact, ())
    if len(fact.for_each) == 1 == len(key) and fact.for_each[0].name == key[0][0]:
        return steps_of(case, pack, fact, key)
    names = view.rules.plan_of(fact).names
    given = view.rules.shared(names, key)
    if len(given) == len(names):
        return steps_of(case, pack, fact, tuple((name, given[name]) for name in names))
    columns = [[given[name]] if name in given else everybody(case, pack, name) for name in names]
    keys = [tuple(zip(names, values, strict=True)) for values in product(*columns)]
    return combined([steps_of(case, pack, fact, key) for key in keys], Combine.ANY)


def everybody(case: Case, pack: Pack, name: str) -> list[str]:
    """Every value of a name that occurs in the record."""
    return [value for ((_, value),) in case.views[id(pack)].keys((name,))]


def steps_of(case: Case, pack: Pack, fact: Fact, key: Key) -> Steps:
    """When a fact holds for exactly this key, not before the first event that carries it."""
    view = case.views[id(pack)]
    tabulated = view.rules.tabulated.get(fact.id)
    if tabulated is not None:
        return table(case, view, tabulated).get(key, NEVER)
    of_fact = view.steps.get(fact.id)
    found = of_fact.get(key) if of_fact is not None else None
    if found is None:
        plan = view.rules.plan_of(fact)
        found = steps_since(case, view, plan, key, born(case, view, plan, key))
    return found


def steps_since(case: Case, view: View, plan: FactPlan, key: Key, first: datetime | None) -> Steps:
    """The same where it is known when an event first carries the key: ``first``, None if none does."""
    of_fact = view.steps.get(plan.fact.id)
    if of_fact is None:
        of_fact = view.steps[plan.fact.id] = {}
    found = of_fact.get(key)
    if found is None:
        of_fact[key] = NEVER  # what asks for itself in a circle finds that it does not hold
        found = of_fact[key] = from_moment(_steps(case, view, plan, key), first) if first is not None else NEVER
    return found


def born(case: Case, view: View, plan: FactPlan, key: Key) -> datetime | None:
    """When an event first carries the key: before it, no fact holds."""
    if not plan.names:
        return case.events[0].at if case.events else None
    if plan.simply_born:
        return view.keys(plan.names).get(key)
    fact = plan.fact
    together = tuple(name.name for name in fact.for_each if not name.of_case)
    own = tuple(pair for pair, name in zip(key, fact.for_each, strict=True) if not name.of_case)
    parts = [view.keys(together).get(own)]
    for pair, name in zip(key, fact.for_each, strict=True):
        if name.of_case:
            parts.append(view.keys((name.name,)).get((pair,)))
    known = [part for part in parts if part is not None]
    return max(known) if len(known) == len(parts) else None


def never_holds(view: View, plan: FactPlan) -> bool:
    """Whether nothing has happened without which a fact cannot hold."""
    return plan.needs >= 0 and not view.hits(plan.needs)


def _steps(case: Case, view: View, plan: FactPlan, key: Key) -> Steps:
    form = plan.fact.form
    if isinstance(form, TrueFrom):
        return _true_from(case, view, plan, form, key)
    if isinstance(form, Combination):
        return combined([asked(case, view.pack, part, key) for part in form.facts], form.how)
    if isinstance(form, Quiet):
        return _quiet(view, plan, form, key)
    if isinstance(form, Count):
        return count(case, view.pack, form, key, plan.own)
    if isinstance(form, Overdue):
        from upstander.policy.compiled import duties  # duties ask facts, this one fact asks duties

        found: Steps = duties.overdue_steps(case, form.duty, view.pack, key)
        return found
    pack = view.pack
    now = case.now.date() if len(case.spans) == 1 else max(case.now.date(), pack.in_force_from)
    return during(view.days, form, case.events[0].at.date(), now)


def _true_from(case: Case, view: View, plan: FactPlan, form: TrueFrom, key: Key) -> Steps:
    moments, events = view.found(plan.needs, key, plan.own)
    if not moments:
        return NEVER
    until = view.found(plan.ends, key)[0] if plan.ends >= 0 else NEVER
    bounded = form.lasts is not None or form.to_date_field is not None
    if not until and not bounded:
        return moments[:1]  # it has held since the first of them
    stretches, position, count = [], 0, len(moments)
    while position < count:
        start, following = moments[position], position + 1
        while following < count and moments[following] == start:
            following += 1
        end = moments[following] if following < count else LAST_MOMENT
        stop = bisect_left(until, start)
        if stop < len(until) and until[stop] + MINUTE < end:
            end = until[stop] + MINUTE
        if bounded:
            end = min([end, *(last + MINUTE for last in lasting(case, view.pack, form, events[position:following]))])
        stretches.append((start, end))
        position = following
    return merged(stretches)


def _quiet(view: View, plan: FactPlan, form: Quiet, key: Key) -> Steps:
    since = view.found(plan.needs, key, plan.own)[0]
    if not since:
        return NEVER
    acts = view.found(plan.ends, key)[0]
    resets = sorted({*since, *acts})
    resets = resets[bisect_left(resets, since[0]) :]
    return merged(
        (after(view.days, moment, form.lasts, quiet=True), following)
        for moment, following in zip(resets, [*resets[1:], LAST_MOMENT], strict=True)
    )


# --- the calendar ------------------------------------------------------------------------------------------------------

_seasons: dict[tuple[int, Season, date, date], tuple[Timetable, Steps]] = {}


def during(days: Timetable, form: During, first: date, now: date) -> Steps:
    """From the first event's day past the next two turns after today."""
    marker = (id(days), form.season, first, now)
    found = _seasons.get(marker)
    if found is None or found[0] is not days:
        if len(_seasons) > 512:
            _seasons.clear()
        found = _seasons[marker] = (days, _during(days, form.season, first, now))
    return found[1]


def _during(days: Timetable, season: Season, first: date, now: date) -> Steps:
    if season is Season.TERM:
        return merged((start_of(term.first), start_of(term.last + DAY)) for term in days.terms)
    stretches: list[tuple[datetime, datetime]] = []
    day, turns_after = first, 0
    limit = now + timedelta(days=800)
    while day <= now or (turns_after < 3 and day < limit):
        midnight = start_of(day)
        if season is Season.HOLIDAYS:
            held = days.is_holiday(day)
            stretch = (midnight, midnight + DAY)
        else:
            held = days.is_school_day(day)
            starts, ends = days.hours(day)
            hours = season is Season.SCHOOL_HOURS
            stretch = (
                (midnight + starts * MINUTE, midnight + (ends + 1) * MINUTE) if hours else (midnight, midnight + DAY)
            )
        if held:
            before = len(stretches)
            stretches.append(stretch)
            turns_after += day > now and (not stretches[:before] or stretches[before - 1][1] != stretch[0])
        day += DAY
    return merged(stretches)


# --- rises over versions -----------------------------------------------------------------------------------------------


def rises(case: Case, fact_id: str) -> list[tuple[datetime, Key]]:
    """Each moment up to ``now`` at which a fact turned true, each moment by the version in force."""
    found: list[tuple[datetime, Key]] = []
    for position, (pack, start, end) in enumerate(case.spans):
        fact = fact_of(case, pack, fact_id)
        if fact is None:
            continue
        for key in case.keys(pack, fact.for_each):
            steps = steps_of(case, pack, fact, key)
            if not steps:
                continue
            if position and start <= case.now and holds(steps, start):
                before = case.spans[position - 1][0]
                if not holds(asked(case, before, fact_id, key), start - MINUTE):
                    found.append((start, key))
            found += [(turn, key) for turn in steps[::2] if start < turn < end and turn <= case.now]
    return found


def history(case: Case, fact_id: str, key: Key) -> Steps:
    """When a fact holds by the version in force at each moment."""
    if len(case.spans) == 1:
        return asked(case, case.spans[0][0], fact_id, key)
    stretches = []
    for pack, start, end in case.spans:
        steps = asked(case, pack, fact_id, key)
        for first, last in zip(steps[::2], [*steps[1::2], LAST_MOMENT], strict=False):
            stretches.append((max(first, start), min(last, end)))
    return merged(sorted(stretches))
