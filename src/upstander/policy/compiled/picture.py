"""The whole answer for one record, from its indexes; and when it next changes, without looking at every moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from upstander.policy.arithmetic import end_of
from upstander.policy.calendar import Calendar
from upstander.policy.compiled import facts, limits
from upstander.policy.compiled.case import Case, make
from upstander.policy.compiled.due import ROW, Instance
from upstander.policy.compiled.duties import instances, recurring
from upstander.policy.compiled.fact_parts import fact_parts, stretches
from upstander.policy.compiled.judging import judge
from upstander.policy.compiled.parts import parts, windows_to_come
from upstander.policy.compiled.steps import holds, next_turn
from upstander.policy.log import Event
from upstander.policy.model import Pack, Series
from upstander.policy.reference.facts import fact_of
from upstander.policy.reference.world import happened
from upstander.policy.verdict import Breach, DutyInstance, FactHeld, FactInterval, Key, Picture


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
    return whole(make(series, log, calendar, now, kind, known), record)


def whole(case: Case, record: str) -> Picture:
    """The picture of a case, with ``next_change`` and intervals."""
    return seen(case, record, next_change(case, record), intervals(case))


def seen(
    case: Case, record: str, following: datetime | None = None, stretches: tuple[FactInterval, ...] = ()
) -> Picture:
    """The picture; without ``next_change`` and intervals if they are not given."""
    pack, now = case.version(case.now), case.now
    rule = pack.closure.get(case.kind)
    missing = limits.missing_now(case, pack, rule) if rule is not None else []
    breaches = limits.breaches(case)
    return Picture(
        record=record,
        kind=case.kind,
        now=now,
        duties=tuple(duties(case)),
        breaches=tuple(sorted(breaches, key=_order_of_breaches)) if breaches else (),
        facts=facts_held(case, pack),
        closable=not missing,
        missing=tuple(missing),
        closed=holds(facts.asked(case, pack, "closed", ()), now),
        watched=holds(facts.asked(case, pack, "watched", ()), now),
        next_change=following,
        intervals=stretches,
    )


def _order_of_breaches(breach: Breach) -> tuple[str, Key, datetime | None, str]:
    return breach.rule, breach.key, breach.at, breach.event


def duties(case: Case) -> list[DutyInstance]:
    """Every instance, sorted by rule, key, arising and occurrence."""
    found: list[DutyInstance] = []
    for _, part in parts(case):
        found += part.rows
    return found


def facts_held(case: Case, pack: Pack) -> tuple[FactHeld, ...]:
    """The pack's facts that hold now, for every key that occurs in one event's names."""
    return tuple([held for part in fact_parts(case, pack) for held in part.held])


def intervals(case: Case) -> tuple[FactInterval, ...]:
    """The stretches up to ``now`` in which each of the indexed facts held."""
    pack = case.version(case.now)
    if len(case.spans) == 1:
        found = [stretch for part in fact_parts(case, pack) for stretch in part.stretches]
    else:
        found = list(_of_versions(case, pack))
    return tuple(sorted(found, key=lambda stretch: (stretch.fact, stretch.key, stretch.first)))


def _of_versions(case: Case, pack: Pack) -> Iterator[FactInterval]:
    for fact_id in case.views[id(pack)].rules.indexed(case.kind):
        shapes = {
            fact.for_each for version in case.series.versions if (fact := fact_of(case, version, fact_id)) is not None
        }
        for for_each in shapes:
            for key in case.keys(pack, for_each):
                yield from stretches(facts.history(case, fact_id, key), case.now, fact_id, key)


# --- next change -------------------------------------------------------------------------------------------------------


def next_change(case: Case, record: str) -> datetime | None:
    """The first moment after ``now`` at which the picture differs.

    Some moments are sure to change it; those that only may are looked at in turn, as long as they come before.
    """
    now = case.now
    sure = min((moment for moment in _sure(case) if moment > now), default=None)
    if len(case.spans) == 1 and case.events and not case.reopenings and not case.plain_rules.may_turn_in_circles:
        return min((moment for moment in _moved_by_pauses(case, sure)), default=sure)
    today = seen(case, record)
    for moment in sorted({moment for moment in _perhaps(case) if moment > now and (sure is None or moment < sure)}):
        if replace(seen(_at(case, moment), record), now=now) != today:
            return moment
    return sure


def _moved_by_pauses(case: Case, sure: datetime | None) -> Iterator[datetime]:
    """Of each duty whose instances wait or open later, the first moment before the sure one at which one stands otherwise.

    Before that moment no fact turns and no window begins, and no duty changes but by itself.
    """
    for rule_id, part in parts(case):
        for moment in sorted(set(part.perhaps)) if part.perhaps else ():
            if sure is not None and moment >= sure:
                break
            if moment > case.now and any(
                stands_otherwise(case, instance, moment) for instance in instances(case, rule_id)
            ):
                yield moment
                break


def stands_otherwise(case: Case, instance: Instance, moment: datetime) -> bool:
    """Whether the row of an instance is another at a moment than now."""
    judged = judge(case, instance, case.now)
    return judged.ended is None and judge(case, instance, moment)[:ROW] != judged[:ROW]


def _at(case: Case, moment: datetime) -> Case:
    return Case(case.series, happened(case.everything, case.now), case.calendar, moment, case.kind, case.events)


def _fact_turns(case: Case, pack: Pack, now: datetime) -> Iterator[datetime]:
    """The next turn after a moment of each fact for each key."""
    if now == case.now and pack is case.version(now):
        yield from [part.turn for part in fact_parts(case, pack) if part.turn is not None]
    else:
        for fact in pack.facts.values():
            for key in case.keys(pack, fact.for_each):
                yield from next_turn(facts.steps_of(case, pack, fact, key), now)
    for built_in in ("closed", "watched"):
        yield from next_turn(facts.asked(case, pack, built_in, ()), now)


def _sure(case: Case) -> Iterator[datetime]:
    """Moments at which something that is listed turns: facts of the version in force, states of open duties."""
    pack, now = case.version(case.now), case.now
    later = [start for _, start, _ in case.spans if start > now]
    limit = later[0] if later else None
    yield from (moment for moment in _fact_turns(case, pack, now) if limit is None or moment < limit)
    for _, part in parts(case):
        if part.sure is not None:
            yield part.sure
    for rule_id in recurring(case):
        yield from windows_to_come(case, rule_id)[0]


def _perhaps(case: Case) -> Iterator[datetime]:
    """Moments that may change something: versions, pauses, openings, windows to come, facts of other versions."""
    for pack, start, _ in case.spans:
        yield start
        if len(case.spans) > 1:
            yield from _fact_turns(case, pack, max(case.now, start))
    for _, part in parts(case):
        yield from part.perhaps
    if len(case.spans) > 1 or case.reopenings:
        for rule_id in recurring(case):
            yield from windows_to_come(case, rule_id)[1]
