"""Which patterns the rules of a pack look for."""

from __future__ import annotations

from collections.abc import Iterator

from upstander.policy.model import (
    AfterEvent,
    BeforeEvent,
    Count,
    Deadline,
    Duty,
    Earliest,
    Fact,
    FromDate,
    Pack,
    Pattern,
    Quiet,
    Said,
    TrueFrom,
    WhenEvent,
)
from upstander.policy.reference.facts import CLOSE, CLOSED, REOPEN


def patterns_of(pack: Pack) -> Iterator[Pattern]:
    yield from (CLOSE, REOPEN)
    for fact in (*pack.facts.values(), CLOSED):
        yield from of_fact(fact)
    for duty in pack.duties.values():
        yield from of_duty(duty)
    for limit in pack.limits.values():
        yield from (limit.act, *limit.only_after)


def of_fact(fact: Fact) -> Iterator[Pattern]:
    form = fact.form
    if isinstance(form, TrueFrom):
        yield form.start
        if form.until is not None:
            yield form.until
    elif isinstance(form, Quiet):
        yield from (form.quiet, form.since)
    elif isinstance(form, Count):
        yield form.count


def of_duty(duty: Duty) -> Iterator[Pattern]:
    if isinstance(duty.when, WhenEvent):
        yield duty.when.pattern
    yield from duty.must
    if duty.until is not None:
        yield duty.until
    for deadline in (duty.by, duty.not_before):
        yield from of_deadline(deadline)


def of_deadline(deadline: Deadline | None) -> Iterator[Pattern]:
    if isinstance(deadline, AfterEvent):
        yield deadline.after
    elif isinstance(deadline, BeforeEvent):
        yield deadline.before
    elif isinstance(deadline, Said):
        yield from of_deadline(deadline.means)
    elif isinstance(deadline, Earliest):
        for part in deadline.of:
            yield from of_deadline(part)


def needs_event(deadline: Deadline) -> bool:
    """Whether a deadline reads the triggering event."""
    if isinstance(deadline, Said):
        return needs_event(deadline.means)
    if isinstance(deadline, Earliest):
        return any(map(needs_event, deadline.of))
    return isinstance(deadline, FromDate)


def dates_of(deadline: Deadline | None) -> Iterator[str]:
    """The date fields of the triggering event that a deadline reads."""
    if isinstance(deadline, Said):
        yield from dates_of(deadline.means)
    elif isinstance(deadline, Earliest):
        for part in deadline.of:
            yield from dates_of(part)
    elif isinstance(deadline, FromDate):
        yield deadline.date_field
