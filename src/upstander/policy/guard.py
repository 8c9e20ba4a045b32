"""The guard: which limits an event would break, asked before it is recorded (§6), and what would lift each.

A limit never changes what is true: what has happened can always be recorded, as such. This module only answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from upstander.policy.calendar import Calendar
from upstander.policy.compiled.case import make
from upstander.policy.compiled.limits import breaches_by
from upstander.policy.log import Event
from upstander.policy.model import Limit, Pack, Series
from upstander.policy.verdict import Breach


def would_break(
    series: Series, log: Sequence[Event], calendar: Calendar | None, event: Event, *, kind: str, record: str
) -> list[Breach]:
    """The breaches that recording this event would make, sorted by rule and key; ``close`` breaks ``closure.<kind>``.

    The log need not hold the event. ``Breach.missing`` says what is lacking; whether it stops or warns is ``stops``.
    """
    rest = [other for other in log if other.id != event.id]
    here = make(series, [*rest, event], calendar, max(event.at, event.recorded), kind, None)
    placed = next((other for other in here.events if other.id == event.id), None)
    found = breaches_by(here, placed) if placed is not None else []
    return sorted(found, key=lambda breach: (breach.rule, breach.key))


def limit_of(series: Series, breach: Breach) -> Limit | None:
    """The limit that a breach is of, in the version in force at the act; None for closing."""
    pack = series.at(breach.at.date()) if breach.at is not None else series.versions[-1]
    return pack.limits.get(breach.rule)


def stops(series: Series, breach: Breach) -> bool:
    """Whether the guard refuses (the default), or lets pass after a question (``stops: warns``)."""
    limit = limit_of(series, breach)
    return limit is None or not limit.warns


@dataclass(frozen=True, slots=True)
class Lift:
    """What would let the act pass: all of ``facts`` (true), ``records`` (kinds recorded first), ``roles`` and ``others`` together,
    or any one of ``unless`` (true), or any one of ``while_not`` (no longer true)."""

    facts: tuple[str, ...] = ()
    records: tuple[tuple[str, ...], ...] = ()
    roles: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()
    never: bool = False
    unless: tuple[str, ...] = ()
    while_not: tuple[str, ...] = ()
    clause: tuple[str, ...] = field(default=())


def lift(series: Series, breach: Breach, kind: str) -> Lift:
    """What would lift a breach found by the guard."""
    pack = series.at(breach.at.date()) if breach.at is not None else series.versions[-1]
    limit = pack.limits.get(breach.rule)
    if limit is None:
        return _closing(pack, breach, kind)
    return Lift(
        facts=tuple(part for part in breach.missing if part in limit.only_while),
        records=tuple(
            tuple(dict.fromkeys(alternative.kind for alternative in pattern.alternatives))
            for pattern in limit.only_after
            if f"after:{pattern.alternatives[0].kind}" in breach.missing
        ),
        roles=limit.only_by if any(part.startswith("by:") for part in breach.missing) else (),
        others=tuple(part.removeprefix("not-by:") for part in breach.missing if part.startswith("not-by:")),
        never="never" in breach.missing,
        unless=limit.unless,
        while_not=limit.while_,
        clause=limit.clause,
    )


def _closing(pack: Pack, breach: Breach, kind: str) -> Lift:
    rule = pack.closure.get(kind)
    needs = rule.needs if rule is not None else ()
    decided_by = rule.decided_by if rule is not None else ()
    named = [part for part in breach.missing if not part.startswith("by:")]
    return Lift(
        facts=tuple(part for part in named if part in needs),
        duties=tuple(part for part in named if part not in needs),
        roles=decided_by if any(part.startswith("by:") for part in breach.missing) else (),
        clause=breach.clause,
    )
