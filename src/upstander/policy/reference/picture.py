"""The whole answer for one record at one moment (§11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Protocol

from upstander.policy.arithmetic import end_of
from upstander.policy.calendar import Calendar
from upstander.policy.log import Event
from upstander.policy.model import Bearer, DidTrigger, GuardiansOf, IsKey, NamedAs, Pack, Role, Series
from upstander.policy.reference import closing, facts, limits, match
from upstander.policy.reference.duties import arisings, rule_ids
from upstander.policy.reference.judging import Arising, judge
from upstander.policy.reference.upcoming import next_change
from upstander.policy.reference.world import World, world
from upstander.policy.verdict import DutyInstance, FactHeld, FactInterval, Key, Missing, Picture


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
    """Duties, breaches, facts and closure of one record at ``now``, and when they next change by time alone.

    All moments are naive civil time of the school's zone, whole minutes. ``as_known_on``: only what had been written down by
    then (a date: by its end). Never raises for a log, however odd: what a pattern does not match does not count.
    """
    known = (
        end_of(as_known_on) if isinstance(as_known_on, date) and not isinstance(as_known_on, datetime) else as_known_on
    )
    here = world(series, log, calendar, now, kind, known)
    return replace(seen(here, record), next_change=next_change(here, record, seen), intervals=intervals(here))


def seen(here: World, record: str) -> Picture:
    """The picture without ``next_change`` and intervals."""
    pack = here.version(here.now)
    rule = pack.closure.get(here.kind)
    missing = closing.missing(here, pack, rule, here.now) if rule is not None else []
    breaches = sorted(limits.breaches(here), key=lambda breach: (breach.rule, breach.key, breach.at, breach.event))
    return Picture(
        record=record,
        kind=here.kind,
        now=here.now,
        duties=duties(here),
        breaches=tuple(breaches),
        facts=facts_held(here, pack),
        closable=not missing,
        missing=tuple(sorted(set(missing), key=_missing_order)),
        closed=facts.asked(here, pack, "closed", (), here.now),
        watched=facts.asked(here, pack, "watched", (), here.now),
    )


def _missing_order(missing: Missing) -> tuple[int, str, object]:
    return (0 if missing.fact is not None else 1, missing.fact or missing.rule or "", missing.key)


def duties(here: World) -> tuple[DutyInstance, ...]:
    """Every instance, sorted by rule, key, arising and occurrence."""
    found = []
    for rule_id in rule_ids(here):
        counts: dict[object, int] = {}
        for arising in arisings(here, rule_id):
            occurrence = counts.get(arising.key, 0)
            counts[arising.key] = occurrence + 1
            found.append(_instance(here, arising, occurrence))
    return tuple(found)


def _instance(here: World, arising: Arising, occurrence: int) -> DutyInstance:
    judged, rule = judge(here, arising, here.now), arising.rule
    moment = judged.ended if judged.ended is not None else here.now
    return DutyInstance(
        rule=rule.id,
        clause=rule.clause,
        version=arising.pack.version,
        key=arising.key,
        occurrence=occurrence,
        arose=arising.at,
        due=judged.due,
        state=judged.state,
        strength=rule.strength,
        who=tuple(who for bearer in rule.who for who in bearers(here, arising, bearer, moment)),
        bearers=rule.who,
        settled=judged.settled,
        because=arising.because,
        why=judged.why,
        flags=judged.flags,
        due_from=judged.due_from,
    )


class Bears(Protocol):
    """What the bearers of a duty are found from: an instance of either strategy."""

    @property
    def pack(self) -> Pack: ...
    @property
    def key(self) -> Key: ...
    @property
    def triggers(self) -> tuple[Event, ...]: ...


def bearers(here: World, arising: Bears, bearer: Bearer, moment: datetime) -> list[Mapping[str, str]]:
    """Who bears a duty: roles or persons, as of a moment (§4.10)."""
    pack = arising.pack
    match bearer:
        case Role(role):
            return [{"role": role}]
        case DidTrigger(otherwise):
            persons = [event.by.person for event in arising.triggers if event.by.person is not None]
            if persons:
                return [{"person": person} for person in dict.fromkeys(persons)]
            return [{"role": otherwise}] if otherwise is not None else []
        case IsKey(name):
            return [{"person": value} for value in match.shared(pack, [name], arising.key).values()]
        case NamedAs(role):
            return _latest_named(here, pack, role, moment)
        case GuardiansOf(name):
            return [{"role": "guardian", "of": value} for value in match.shared(pack, [name], arising.key).values()]


def _latest_named(here: World, pack: Pack, role: str, moment: datetime) -> list[Mapping[str, str]]:
    """Whom the latest event names in a role; of several in its minute all; the role itself before anybody is named."""
    naming = [event for event in here.events if event.at <= moment and match.named(pack, event, role)]
    if not naming:
        return [{"role": role}]
    latest = [event for event in naming if event.at == naming[-1].at]
    return [
        {"person": person}
        for person in sorted({person for event in latest for person in match.named(pack, event, role)})
    ]


def facts_held(here: World, pack: Pack) -> tuple[FactHeld, ...]:
    """The pack's facts that hold now, for every key that occurs in one event's names."""
    return tuple(
        FactHeld(fact.id, key)
        for fact in sorted(pack.facts.values(), key=lambda fact: fact.id)
        for key in sorted(match.all_keys(here, pack, fact.for_each, here.now))
        if facts.holds(here, pack, fact, key, here.now)
    )


def indexed_facts(pack: Pack, kind: str) -> list[str]:
    """The facts that access, seals, notices, forms, guidance, retention and closure of this kind of record ask for."""
    asked: list[str] = []
    record = pack.records.get(kind)
    if record is not None:
        asked += [fact for entry in record.access for fact in (*entry.if_, *entry.unless)]
        asked += [record.sealed_while] if record.sealed_while is not None else []
        asked += [record.keep.from_] if record.keep is not None else []
        asked += [record.rooms.no_view.suspected] if record.rooms.no_view is not None else []
        asked += [record.rooms.takedown.still_there] if record.rooms.takedown is not None else []
        asked += [record.neutral.until] if record.neutral is not None else []
    asked += [fact for event in pack.events.values() for tell in event.tells for fact in (*tell.if_, *tell.unless)]
    asked += [
        spec.required_while for event in pack.events.values() for spec in event.fields.values() if spec.required_while
    ]
    asked += [
        spec.secret_while for event in pack.events.values() for spec in event.fields.values() if spec.secret_while
    ]
    asked += [card.show_while for card in pack.guidance.values() if card.show_while]
    closure = pack.closure.get(kind)
    asked += closure.needs if closure is not None else ()
    return sorted({fact for fact in asked if fact in pack.facts})


def intervals(here: World) -> tuple[FactInterval, ...]:
    """The stretches in which each of the indexed facts held."""
    found = [
        FactInterval(fact, key, first, last)
        for fact in indexed_facts(here.version(here.now), here.kind)
        for key, first, last in facts.intervals(here, fact)
    ]
    return tuple(sorted(found, key=lambda stretch: (stretch.fact, stretch.key, stretch.first)))
