"""The whole answer for one record, from its indexes; and when it next changes, without looking at every moment."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from upstander.policy.arithmetic import MINUTE, end_of
from upstander.policy.calendar import Calendar
from upstander.policy.compiled import facts, limits
from upstander.policy.compiled.case import Case, make
from upstander.policy.compiled.due import Instance, due_at, opening, reckoning
from upstander.policy.compiled.duties import ended_by, live, recurring, triggers
from upstander.policy.compiled.judging import judge
from upstander.policy.log import Event
from upstander.policy.model import Duty, Pack, RepeatEach, RepeatEvery, Role, Series
from upstander.policy.reference import deadlines
from upstander.policy.reference.facts import fact_of
from upstander.policy.reference.picture import bearers, indexed_facts
from upstander.policy.reference.windows import repeating
from upstander.policy.verdict import DutyInstance, FactHeld, FactInterval, Key, Missing, Picture, State


def picture(
    series: Series,
    log: Sequence[Event],
    calendar: Calendar | None,
    now: datetime,
    *,
    kind: str,
    record: str,
    as_known_on: datetime | date | None = None,
) -> Picture:
    """What ``reference.picture`` answers, with the same arguments; faster."""
    known = (
        end_of(as_known_on) if isinstance(as_known_on, date) and not isinstance(as_known_on, datetime) else as_known_on
    )
    case = make(series, log, calendar, now, kind, known)
    today = seen(case, record)
    return replace(today, next_change=next_change(case, record, today), intervals=intervals(case))


def seen(case: Case, record: str) -> Picture:
    """The picture without ``next_change`` and intervals."""
    pack, now = case.version(case.now), case.now
    rule = pack.closure.get(case.kind)
    missing = limits.missing(case, pack, rule, now) if rule is not None else []
    return Picture(
        record=record,
        kind=case.kind,
        now=now,
        duties=tuple(duties(case)),
        breaches=tuple(
            sorted(limits.breaches(case), key=lambda breach: (breach.rule, breach.key, breach.at, breach.event))
        ),
        facts=facts_held(case, pack),
        closable=not missing,
        missing=tuple(sorted(set(missing), key=_missing_order)),
        closed=facts.holds(facts.asked(case, pack, "closed", ()), now),
        watched=facts.holds(facts.asked(case, pack, "watched", ()), now),
    )


def _missing_order(missing: Missing) -> tuple[int, str, object]:
    return (0 if missing.fact is not None else 1, missing.fact or missing.rule or "", missing.key)


def duties(case: Case) -> Iterator[DutyInstance]:
    """Every instance, sorted by rule, key, arising and occurrence."""
    for _, several in live(case):
        occurrence, key = 0, None
        for instance in several:
            occurrence = occurrence + 1 if instance.key == key else 0
            key = instance.key
            yield _instance(case, instance, occurrence)


def _instance(case: Case, instance: Instance, occurrence: int) -> DutyInstance:
    judged, rule = judge(case, instance, case.now), instance.rule
    return DutyInstance(
        rule.id,
        rule.clause,
        instance.pack.version,
        instance.key,
        occurrence,
        instance.at,
        judged.due,
        judged.state,
        rule.strength,
        _who(case, instance, judged.ended if judged.ended is not None else case.now),
        rule.who,
        judged.settled,
        instance.because,
        judged.why,
        judged.flags,
        judged.due_from,
    )


def _who(case: Case, instance: Instance, moment: datetime) -> tuple[Mapping[str, str], ...]:
    found: list[Mapping[str, str]] = []
    for bearer in instance.rule.who:
        if isinstance(bearer, Role):
            found.append({"role": bearer.role})
        else:
            found += bearers(case, instance, bearer, moment)
    return tuple(found)


def facts_held(case: Case, pack: Pack) -> tuple[FactHeld, ...]:
    """The pack's facts that hold now, for every key that occurs in one event's names."""
    found = []
    for fact in sorted(pack.facts.values(), key=lambda fact: fact.id):
        held = [
            key
            for key in case.keys(pack, fact.for_each)
            if facts.holds(facts.steps_of(case, pack, fact, key), case.now)
        ]
        found += [FactHeld(fact.id, key) for key in (sorted(held) if len(held) > 1 else held)]
    return tuple(found)


def intervals(case: Case) -> tuple[FactInterval, ...]:
    """The stretches up to ``now`` in which each of the indexed facts held."""
    found = []
    pack = case.version(case.now)
    for fact_id in indexed_facts(pack, case.kind):
        shapes = {
            fact.for_each for version in case.series.versions if (fact := fact_of(case, version, fact_id)) is not None
        }
        for for_each in shapes:
            for key in case.keys(pack, for_each):
                found += _stretches(case, fact_id, key)
    return tuple(sorted(found, key=lambda stretch: (stretch.fact, stretch.key, stretch.first)))


def _stretches(case: Case, fact_id: str, key: Key) -> list[FactInterval]:
    steps = facts.history(case, fact_id, key)
    steps = steps[: bisect_right(steps, case.now)]
    ends: list[datetime | None] = [moment - MINUTE for moment in steps[1::2]]
    if len(steps) & 1:
        ends.append(None)
    return [FactInterval(fact_id, key, first, last) for first, last in zip(steps[::2], ends, strict=True)]


# --- next change -------------------------------------------------------------------------------------------------------


def next_change(case: Case, record: str, today: Picture) -> datetime | None:
    """The first moment after ``now`` at which the picture differs.

    Some moments are sure to change it; those that only may are looked at in turn, as long as they come before.
    """
    now = case.now
    sure = min((moment for moment in _sure(case) if moment > now), default=None)
    perhaps = sorted({moment for moment in _perhaps(case) if moment > now and (sure is None or moment < sure)})
    for moment in perhaps:
        there = Case(case.series, case.everything, case.calendar, moment, case.kind, case.events)
        if replace(seen(there, record), now=now) != today:
            return moment
    return sure


def _sure(case: Case) -> Iterator[datetime]:
    """Moments at which something that is listed turns: facts of the version in force, states of open duties."""
    pack, now = case.version(case.now), case.now
    turns = _fact_turns(case, pack, now)
    later = [start for _, start, _ in case.spans if start > now]
    limit = later[0] if later else None
    yield from (moment for moment in turns if limit is None or moment < limit)
    for _, several in live(case):
        for instance in several:
            if instance.rule.paused_while is None:
                yield from _turns_surely(case, instance)
    for rule_id in recurring(case):
        yield from _windows_to_come(case, rule_id, sure=True)


def _fact_turns(case: Case, pack: Pack, now: datetime) -> Iterator[datetime]:
    """The next turn after a moment of each fact for each key."""
    for fact in pack.facts.values():
        for key in case.keys(pack, fact.for_each):
            yield from _next(facts.steps_of(case, pack, fact, key), now)
    for built_in in ("closed", "watched"):
        yield from _next(facts.asked(case, pack, built_in, ()), now)


def _next(steps: Sequence[datetime], now: datetime) -> Sequence[datetime]:
    position = bisect_right(steps, now)
    return steps[position : position + 1]


def _turns_surely(case: Case, instance: Instance) -> Iterator[datetime]:
    """When an open instance that knows no pause changes its state by time alone."""
    judged = judge(case, instance, case.now)
    if judged.ended is not None:
        return
    if judged.state is State.UPCOMING:
        opens = opening(case, instance, case.now).at
        if opens is not None:
            yield opens
    else:
        if judged.state is State.PENDING and judged.due_from is not None:
            due = judged.due
            if due is None or judged.due_from <= due:
                yield judged.due_from
        if judged.due is not None and judged.passed is None:
            yield judged.due + MINUTE
    if instance.window is not None and instance.window.end is not None:
        yield instance.window.end + MINUTE


def _perhaps(case: Case) -> Iterator[datetime]:
    """Moments that may change something: versions, pauses, openings, windows to come, facts of other versions."""
    for pack, start, _ in case.spans:
        yield start
        if len(case.spans) > 1:
            yield from _fact_turns(case, pack, max(case.now, start))
    for _, several in live(case):
        for instance in several:
            if instance.rule.paused_while is not None or not instance.plan.opens_at_once:
                yield from _turns_perhaps(case, instance)
    for rule_id in recurring(case):
        yield from _windows_to_come(case, rule_id, sure=False)


def _turns_perhaps(case: Case, instance: Instance) -> Iterator[datetime]:
    judged, rule = judge(case, instance, case.now), instance.rule
    if judged.ended is not None:
        return
    pauses = rule.paused_while is not None
    if rule.paused_while is not None:
        yield instance.at + MINUTE
        yield from _next(facts.asked(case, instance.pack, rule.paused_while, instance.key), case.now)
        for stretch in (instance.window, instance.place):
            if stretch is not None and stretch.end is not None:
                yield stretch.end + MINUTE
        for part in deadlines.parts(rule.by):  # of a list one may move with the pause and another not
            moment = deadlines.due(part, reckoning(case, instance, case.now)).at
            yield from (moment, moment + MINUTE) if moment is not None and judged.due is None else ()
    if pauses or judged.state is State.UPCOMING:
        due = due_at(case, instance, case.now).at
        if due is not None:
            yield due + MINUTE
            if judged.due is None:
                yield due
            if rule.remind is not None:
                due_from = deadlines.back(case.days(instance.pack), due, rule.remind).at
                yield from (due_from,) if due_from is not None else ()
        opens = opening(case, instance, case.now).at
        yield from (opens,) if opens is not None else ()


def _windows_to_come(case: Case, rule_id: str, *, sure: bool) -> Iterator[datetime]:
    """The start of the first window after ``now`` of each series, under each version.

    It is sure to come where the rule has one series for each key; of several, or after a reopening, one looks.
    """
    for pack, start, end in case.spans:
        rule = pack.duties.get(rule_id)
        if rule is None or end <= case.now or not isinstance(rule.recurrence, RepeatEach | RepeatEvery):
            continue
        single = len(case.spans) == 1 and not case.reopenings
        if sure and not single:
            continue
        for key, several in triggers(case, rule_id).items():
            firsts = (
                [several[0][0]] if single and not rule.each_trigger else [at for at, _ in several] + case.reopenings
            )
            for first in firsts:
                finished = ended_by(case, rule_id, key, first)
                if finished is None or finished[0] > case.now:
                    yield from _next_window(case, pack, rule, first, max(start, case.now + MINUTE), end)


def _next_window(
    case: Case, pack: Pack, rule: Duty, first: datetime, from_: datetime, to: datetime
) -> Iterator[datetime]:
    for window in repeating(rule.recurrence, case.days(pack), first, rule.by):  # type: ignore[arg-type]
        if window.start >= to:
            return
        if window.start >= from_:
            yield window.start
            return
