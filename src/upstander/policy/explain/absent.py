"""Why a duty did not arise: the first condition that failed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from upstander.policy.belonging import (
    CONCERN,
    OF_A_CONCERN,
    OF_THE_SCHOOL,
    SCHOOL,
    SCHOOL_YEAR,
    TURNS_OF_THE_YEAR,
    belongs,
)
from upstander.policy.compiled import facts
from upstander.policy.compiled.case import Case
from upstander.policy.compiled.duties import instances
from upstander.policy.compiled.judging import blocked
from upstander.policy.compiled.steps import holds
from upstander.policy.explain import phrases
from upstander.policy.explain.telling import Pen
from upstander.policy.log import Event
from upstander.policy.model import (
    Alternative,
    BecomesTrue,
    Combination,
    Combine,
    Count,
    Duty,
    Overdue,
    Pack,
    Pattern,
    Quiet,
    TrueFrom,
    WhenBreach,
    WhenEvent,
    WhenOverdue,
)
from upstander.policy.reference import match
from upstander.policy.reference.facts import fact_of
from upstander.policy.verdict import Key

ONLY_ON = {CONCERN: OF_A_CONCERN, SCHOOL_YEAR: TURNS_OF_THE_YEAR, SCHOOL: OF_THE_SCHOOL}
MOST_PARTS = 12
"""How deep into the parts of a fact the reason is looked for."""


def tell(pen: Pen, case: Case, rule: Duty, key: Key | None) -> None:
    """What was looked at first and was not as asked; where the duty did arise, that it did or what kept it from applying."""
    there = [instance for instance in instances(case, rule.id) if key is None or instance.key == key]
    if there:
        _arose(pen, case, there[-1].at, [(fact, fact in rule.if_) for fact in blocked(case, there[-1])])
        return
    match rule.when:
        case WhenEvent(pattern):
            _event(pen, case, rule, pattern, key)
        case BecomesTrue(fact):
            _fact(pen, case, fact, key or ())
        case WhenOverdue(duty):
            arisen = bool(instances(case, duty)) if duty in case.version(case.now).duties else False
            sort = "overdue" if arisen else "not-asked"
            pen.tell(f"absent.{sort}", phrases.ABSENT[sort], duty=pen.writer.duty(duty))
        case WhenBreach(limit):
            pen.tell("absent.breach", phrases.ABSENT["breach"], limit=pen.writer.limit(limit))


def possible(case: Case, rule: Duty, kind: str) -> bool:
    """Whether something that can happen on this kind of record raises the duty."""
    pack = case.version(case.now)
    return any(_stands_on(event, kind) and belongs(pack, event, kind) for event in raised_by(pack, rule, frozenset()))


def _stands_on(event: str, kind: str) -> bool:
    """Of the kinds of event that every pack has, some stand on one kind of record only."""
    return next((owner == kind for owner, events in ONLY_ON.items() if event in events), True)


def raised_by(pack: Pack, rule: Duty, seen: frozenset[str]) -> Iterator[str]:
    """The kinds of event with which a duty can begin, through facts, other duties and limits."""
    if rule.id in seen:
        return
    match rule.when:
        case WhenEvent(pattern):
            yield from (each.kind for each in pattern.alternatives)
        case BecomesTrue(fact):
            yield from kinds_of_fact(pack, fact)
        case WhenOverdue(duty) if duty in pack.duties:
            yield from raised_by(pack, pack.duties[duty], seen | {rule.id})
        case WhenBreach(limit) if limit in pack.limits:
            yield from (each.kind for each in pack.limits[limit].act.alternatives)


def kinds_of_fact(pack: Pack, fact_id: str, seen: frozenset[str] = frozenset()) -> Iterator[str]:
    """The kinds of event that a fact looks at, through all that it is made of."""
    fact = pack.facts.get(fact_id)
    if fact is None or fact_id in seen:
        return
    form = fact.form
    patterns: list[Pattern | None] = []
    match form:
        case TrueFrom():
            patterns = [form.start, form.until]
        case Quiet():
            patterns = [form.quiet, form.since]
        case Count():
            patterns = [form.count]
        case Combination(_, parts):
            for part in parts:
                yield from kinds_of_fact(pack, part, seen | {fact_id})
        case Overdue(duty) if duty in pack.duties:
            yield from raised_by(pack, pack.duties[duty], frozenset())
            patterns = list(pack.duties[duty].must)
    yield from (each.kind for pattern in patterns if pattern is not None for each in pattern.alternatives)


def _arose(pen: Pen, case: Case, at: datetime, reasons: list[tuple[str, bool]]) -> None:
    if not reasons:
        pen.tell("absent.arose", phrases.ABSENT["arose"], moments=(at,), moment=pen.moment(at))
        return
    fact, wanted = reasons[0]
    sort = "if" if wanted else "unless"
    named: dict[str, Any] = {"fact": pen.writer.fact(fact), "moment": pen.moment(at)}
    pen.tell(f"blocked.{sort}", phrases.BLOCKED[sort], facts=(fact,), moments=(at,), **named)


def _event(pen: Pen, case: Case, rule: Duty, pattern: Pattern, key: Key | None) -> None:
    kinds = {alternative.kind for alternative in pattern.alternatives}
    nearest = next((event for event in reversed(case.events) if event.kind in kinds), None)
    if nearest is None:
        pen.tell("absent.event", phrases.ABSENT["event"], event=pen.writer.pattern(pattern))
        return
    there: dict[str, Any] = {"events": (nearest.id,), "moments": (nearest.at,)}
    named: dict[str, Any] = {"event": pen.event(nearest.id), "moment": pen.moment(nearest.at)}
    alternative = next(part for part in pattern.alternatives if part.kind == nearest.kind)
    failed = _first_failed(pen, case, nearest, alternative)
    if failed is not None:
        pen.tell("absent.test", phrases.ABSENT["test"], condition=failed, **there, **named)
        return
    for name in rule.for_each:
        role = pen.writer.person(name.name)
        if name.of_case and not match.everybody(case, pen.pack, name.name, case.now):
            pen.tell("absent.nobody", phrases.ABSENT["nobody"], name=role)
            return
        if not name.of_case and not case.values(pen.pack, nearest, name.name):
            pen.tell("absent.key", phrases.ABSENT["key"], name=role, **there, **named)
            return
    sort = "other" if key else "event"
    pen.tell(f"absent.{sort}", phrases.ABSENT[sort], event=pen.writer.pattern(pattern))


def _first_failed(pen: Pen, case: Case, event: Event, alternative: Alternative) -> str | None:
    """The first test of a pattern that an event of its kind does not pass, in words."""
    for test in alternative.tests:
        single = Pattern((Alternative(event.kind, (test,)),))
        if not match.matches(pen.pack, case.days(pen.pack), event, single):
            return pen.writer.test(event.kind, test)
    return None


def _fact(pen: Pen, case: Case, fact_id: str, key: Key) -> None:
    """That the fact does not hold, and down to the first part that decides it; or that it holds without having turned."""
    writer = pen.writer
    if holds(facts.asked(case, pen.pack, fact_id, key), case.now):
        pen.tell("absent.holds", phrases.ABSENT["holds"], facts=(fact_id,), fact=writer.fact(fact_id))
        return
    deciding, wanted = fact_id, True
    for _ in range(MOST_PARTS):
        part = _deciding(case, pen.pack, deciding, wanted, key)
        if part is None:
            break
        deciding, wanted = part
    named: dict[str, Any] = {"fact": writer.fact(fact_id), "part": writer.fact(deciding)}
    if deciding == fact_id:
        pen.tell("absent.fact", phrases.ABSENT["fact"], facts=(fact_id,), fact=writer.fact(fact_id))
        return
    sort = "part" if wanted else "part-none"
    pen.tell(f"absent.{sort}", phrases.ABSENT[sort], facts=(fact_id, deciding), **named)


def _deciding(case: Case, pack: Pack, fact_id: str, wanted: bool, key: Key) -> tuple[str, bool] | None:
    """The first part of *all of* or *none of* that is not as the whole would need it; None where no single part decides."""
    fact = fact_of(case, pack, fact_id)
    form = fact.form if fact is not None else None
    if not isinstance(form, Combination):
        return None
    need = (form.how is not Combine.NONE) is wanted
    if (form.how is Combine.ANY) is wanted:  # any of the parts would do, so that none of them alone decides
        return (form.facts[0], need) if len(form.facts) == 1 else None
    for part in form.facts:
        if holds(facts.asked(case, pack, part, key), case.now) is not need:
            return part, need
    return None
