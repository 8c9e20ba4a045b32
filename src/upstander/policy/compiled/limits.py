"""Which acts broke a limit, and when a record may be closed; indexed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import datetime
from itertools import accumulate
from operator import attrgetter

from upstander.policy.compiled import facts
from upstander.policy.compiled.case import Case
from upstander.policy.compiled.duties import instances, rule_ids
from upstander.policy.compiled.parts import hinders, parts
from upstander.policy.compiled.steps import holds
from upstander.policy.log import Event
from upstander.policy.model import Closure, Limit, Pack, Strength
from upstander.policy.reference import match
from upstander.policy.reference.closing import is_raised_by
from upstander.policy.reference.judging import RECORDED_LATE
from upstander.policy.reference.world import may_act
from upstander.policy.verdict import Breach, Key, Missing

_RECORDED = attrgetter("recorded")


def breaches(case: Case) -> list[Breach]:
    """Every breach by an event up to ``now``; judged again on what had been written down where that differs."""
    found: list[Breach] | None = case.memo.get(("breaches",))
    if found is None:
        found = list(_of_acts(case))
        for event in case.closes():
            found += _of_closing(case, event)
        case.memo["breaches",] = found
    return found


def breaches_by(case: Case, event: Event) -> list[Breach]:
    """The breaches by one event: what the guard asks."""
    pack = case.version(event.at)
    found = [
        breach
        for limit in case.views[id(pack)].rules.limits_of.get(event.kind, ())
        if any(hit.id == event.id for hit in case.hits(pack, limit.act))
        for key in act_keys(case, pack, limit, event)
        for breach in _judged(case, pack, limit, event, key)
    ]
    return found + (list(_of_closing(case, event)) if event.kind == "close" else [])


def _of_acts(case: Case) -> Iterator[Breach]:
    for pack, start, end in case.spans:
        for limit in pack.limits.values():
            for event in case.hits(pack, limit.act):
                if start <= event.at < end:
                    for key in act_keys(case, pack, limit, event):
                        yield from _judged(case, pack, limit, event, key)


def act_keys(case: Case, pack: Pack, limit: Limit, event: Event) -> list[Key]:
    for_each = limit.for_each
    if not for_each:
        return [()]
    if len(for_each) == 1 and not for_each[0].of_case:
        name = for_each[0].name
        return [((name, value),) for value in case.values(pack, event, name)]
    return match.keys_of(case, pack, event, for_each, event.at)


def _judged(case: Case, pack: Pack, limit: Limit, event: Event, key: Key) -> Iterator[Breach]:
    lacking = missing_of_act(case, pack, limit, event, key)
    if lacking:
        yield Breach(limit.id, limit.clause, event.id, key, lacking, limit.strength, (), event.at)
        return
    then = written_then(case, event)
    if then is not None:
        lacking = missing_of_act(then, pack, limit, event, key)
        if lacking:
            flags = (RECORDED_LATE,)
            yield Breach(limit.id, limit.clause, event.id, key, lacking, Strength.SHOULD, flags, event.at)


def written_then(case: Case, event: Event) -> Case | None:
    """The case as it had been written down when this event was; None where that is the same."""
    latest = case.memo.get(("latest recorded",))
    if latest is None:
        latest = case.memo["latest recorded",] = list(accumulate(map(_RECORDED, case.events), max))
    if latest[bisect_right(case.moments, event.at) - 1] <= event.recorded:
        return None
    marker = ("as written", event.recorded, event.at)
    if marker not in case.memo:
        case.memo[marker] = case.as_written(event.recorded, event.at)
    then: Case = case.memo[marker]
    return then


def missing_of_act(case: Case, pack: Pack, limit: Limit, event: Event, key: Key) -> tuple[str, ...]:
    """What the act lacked; nothing where the limit does not apply or is kept."""
    at, asked = event.at, facts.asked
    for fact in limit.while_:
        if not holds(asked(case, pack, fact, key), at):
            return ()
    for fact in limit.unless:
        if holds(asked(case, pack, fact, key), at):
            return ()
    lacking = ["never"] if limit.never else []
    lacking += [fact for fact in limit.only_while if not holds(asked(case, pack, fact, key), at)]
    for pattern in limit.only_after:
        times, events = case.found(pack, pattern, key)
        before = bisect_right(times, at)
        if before == 0 or all(events[position].id == event.id for position in range(before)):
            lacking.append(f"after:{pattern.alternatives[0].kind}")
    if limit.only_by and not (event.by.role is not None and may_act(pack, event.by.role, limit.only_by)):
        lacking.append(f"by:{limit.only_by[0]}")
    if limit.not_by:
        lacking += [f"not-by:{name}" for name in limit.not_by if involved(case, pack, event, key, name)]
    return tuple(lacking)


def involved(case: Case, pack: Pack, event: Event, key: Key, name: str) -> bool:
    """Whether the doer has been named in this role of the matter, or has done an event of this kind, at or before the act."""
    person = event.by.person
    if person is None:
        return False
    if name in pack.roles:
        times, several = case.views[id(pack)].naming(name)
        for other in several[: bisect_right(times, event.at)]:
            if person in match.named(pack, other, name) and match.agrees(pack, other, key):
                return True
    return any(
        other.by.person == person and other.at <= event.at and other.id != event.id and match.agrees(pack, other, key)
        for other in case.of_kind.get(name, ())
    )


def broken(case: Case, limit_id: str) -> list[tuple[Event, Key]]:
    """The acts that broke one limit, judged on all events."""
    marker = ("broken", limit_id)
    found: list[tuple[Event, Key]] | None = case.memo.get(marker)
    if found is None:
        found = case.memo[marker] = []
        fresh: list[tuple[Event, Key]] = []
        for pack, start, end in case.spans:
            limit = pack.limits.get(limit_id)
            for event in case.hits(pack, limit.act) if limit is not None else ():
                if limit is not None and start <= event.at < end:
                    keys = act_keys(case, pack, limit, event)
                    fresh += [(event, key) for key in keys if missing_of_act(case, pack, limit, event, key)]
        if limit_id == f"closure.{case.kind}":
            fresh += [(event, ()) for event in case.closes() if lacking_to_close(case, event)]
        found = case.memo[marker] = fresh
    return found


# --- closing -----------------------------------------------------------------------------------------------------------


def _of_closing(case: Case, event: Event) -> Iterator[Breach]:
    pack = case.version(event.at)
    rule = pack.closure.get(case.kind)
    if rule is None:
        return
    name, lacking = f"closure.{case.kind}", lacking_to_close(case, event)
    if lacking:
        yield Breach(name, rule.clause, event.id, (), lacking, Strength.MUST, (), event.at)
        return
    then = written_then(case, event)
    lacking = lacking_to_close(then, event) if then is not None else ()
    if lacking:
        yield Breach(name, rule.clause, event.id, (), lacking, Strength.SHOULD, (RECORDED_LATE,), event.at)


def lacking_to_close(case: Case, event: Event) -> tuple[str, ...]:
    pack = case.version(event.at)
    rule = pack.closure.get(case.kind)
    if rule is None:
        return ()
    found = missing(case, pack, rule, event.at, event)
    names = sorted({part.fact for part in found if part.fact is not None})
    names += sorted({part.rule for part in found if part.rule is not None})
    if rule.decided_by and not (event.by.role is not None and may_act(pack, event.by.role, rule.decided_by)):
        names.append(f"by:{rule.decided_by[0]}")
    return tuple(names)


def missing(case: Case, pack: Pack, rule: Closure, moment: datetime, closing: Event) -> list[Missing]:
    """The needed facts that do not hold, for each key, and the listed duties that are open but for what ``closing`` raises."""
    found = [Missing(key, fact) for fact, key in _facts_missing(case, pack, rule, moment)]
    for rule_id in rule_ids(case):
        if rule.settled == "all" or rule_id in rule.settled:
            found += [
                Missing(instance.key, rule=rule_id)
                for instance in instances(case, rule_id)
                if instance.at <= moment and not is_raised_by(closing, instance) and hinders(case, instance, moment)
            ]
    return found


def missing_now(case: Case, pack: Pack, rule: Closure) -> list[Missing]:
    """The same at ``now``, from the parts of the picture, sorted, each once."""
    found = [Missing(key, fact) for fact, key in sorted(set(_facts_missing(case, pack, rule, case.now)))]
    counts_all = rule.settled == "all"
    for rule_id, part in parts(case):
        if part.hinders and (counts_all or rule_id in rule.settled):
            found += part.hinders
    return found


def _facts_missing(case: Case, pack: Pack, rule: Closure, moment: datetime) -> list[tuple[str, Key]]:
    keys = closure_keys(case, pack, rule, moment)
    if rule.for_each and not keys:
        return [(fact, ()) for fact in rule.needs]
    return [(fact, key) for key in keys for fact in rule.needs if not holds(facts.asked(case, pack, fact, key), moment)]


def closure_keys(case: Case, pack: Pack, rule: Closure, moment: datetime) -> list[Key]:
    if not rule.for_each:
        return [()]
    if any(name.of_case for name in rule.for_each):
        return match.all_keys(case, pack, rule.for_each, moment)
    return [key for key, first in case.keys(pack, rule.for_each).items() if first <= moment]
