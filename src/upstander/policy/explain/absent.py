"""Why a duty did not arise: the first condition that failed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from upstander.policy.compiled import facts
from upstander.policy.compiled.case import Case
from upstander.policy.compiled.duties import instances
from upstander.policy.compiled.judging import blocked
from upstander.policy.explain import phrases
from upstander.policy.explain.telling import Pen
from upstander.policy.log import Event
from upstander.policy.model import (
    Alternative,
    BecomesTrue,
    Combination,
    Combine,
    Duty,
    Pattern,
    WhenBreach,
    WhenEvent,
    WhenOverdue,
)
from upstander.policy.reference import match
from upstander.policy.reference.facts import fact_of
from upstander.policy.verdict import Key


def tell(pen: Pen, case: Case, rule: Duty, key: Key | None) -> None:
    """What was looked at first and was not as asked; where the duty did arise, that it did or what kept it from applying."""
    there = [instance for instance in instances(case, rule.id) if key is None or instance.key == key]
    if there:
        _arose(pen, case, there[-1].at, [(fact, fact in rule.if_) for fact in blocked(case, there[-1])])
        return
    match rule.when:
        case WhenEvent(pattern):
            _event(pen, case, rule, pattern)
        case BecomesTrue(fact):
            _fact(pen, case, fact, key or ())
        case WhenOverdue(duty):
            pen.tell("absent.overdue", phrases.ABSENT["overdue"], duty=pen.writer.duty(duty))
        case WhenBreach(limit):
            pen.tell("absent.breach", phrases.ABSENT["breach"], limit=pen.writer.limit(limit))


def _arose(pen: Pen, case: Case, at: datetime, reasons: list[tuple[str, bool]]) -> None:
    if not reasons:
        pen.tell("absent.arose", phrases.ABSENT["arose"], moments=(at,), moment=pen.moment(at))
        return
    fact, wanted = reasons[0]
    sort = "if" if wanted else "unless"
    named: dict[str, Any] = {"fact": pen.writer.fact(fact), "moment": pen.moment(at)}
    pen.tell(f"blocked.{sort}", phrases.BLOCKED[sort], facts=(fact,), moments=(at,), **named)


def _event(pen: Pen, case: Case, rule: Duty, pattern: Pattern) -> None:
    kinds = {alternative.kind for alternative in pattern.alternatives}
    nearest = next((event for event in reversed(case.events) if event.kind in kinds), None)
    if nearest is None:
        pen.tell("absent.event", phrases.ABSENT["event"], event=pen.writer.pattern(pattern))
        return
    named: dict[str, Any] = {"event": pen.event(nearest.id), "moment": pen.moment(nearest.at)}
    alternative = next(part for part in pattern.alternatives if part.kind == nearest.kind)
    failed = _first_failed(pen, case, nearest, alternative)
    if failed is not None:
        pen.tell(
            "absent.test",
            phrases.ABSENT["test"],
            events=(nearest.id,),
            moments=(nearest.at,),
            condition=failed,
            **named,
        )
        return
    empty = next(
        (name for name in rule.for_each if not name.of_case and not case.values(pen.pack, nearest, name.name)), None
    )
    if empty is not None:
        role = pen.writer.person(empty.name)
        pen.tell("absent.key", phrases.ABSENT["key"], events=(nearest.id,), moments=(nearest.at,), name=role, **named)
        return
    pen.tell("absent.event", phrases.ABSENT["event"], event=pen.writer.pattern(pattern))


def _first_failed(pen: Pen, case: Case, event: Event, alternative: Alternative) -> str | None:
    """The first test of a pattern that an event of its kind does not pass, in words."""
    for test in alternative.tests:
        single = Pattern((Alternative(event.kind, (test,)),))
        if not match.matches(pen.pack, case.days(pen.pack), event, single):
            return pen.writer.test(event.kind, test)
    return None


def _fact(pen: Pen, case: Case, fact_id: str, key: Key) -> None:
    """That the fact does not hold; of *all of* or *none of* which part decides it."""
    fact = fact_of(case, pen.pack, fact_id)
    form = fact.form if fact is not None else None
    writer = pen.writer
    if isinstance(form, Combination) and form.how is not Combine.ANY:
        wanted = form.how is Combine.ALL
        for part in form.facts:
            held = facts.holds(facts.asked(case, pen.pack, part, key), case.now)
            if held is not wanted:
                sort = "part" if wanted else "part-none"
                named: dict[str, Any] = {"fact": writer.fact(fact_id), "part": writer.fact(part)}
                pen.tell(f"absent.{sort}", phrases.ABSENT[sort], facts=(fact_id, part), **named)
                return
    pen.tell("absent.fact", phrases.ABSENT["fact"], facts=(fact_id,), fact=writer.fact(fact_id))
