"""Which kinds of event carry which names, and which rules lean on which (§2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from upstander.policy.model import (
    AfterEvent,
    Alternative,
    BecomesTrue,
    BeforeEvent,
    Combination,
    Count,
    Deadline,
    Duty,
    Earliest,
    Fact,
    ForEach,
    FromDate,
    Limit,
    Overdue,
    Pack,
    Pattern,
    Quiet,
    Said,
    TrueFrom,
    WhenBreach,
    WhenEvent,
    WhenOverdue,
)

CLOSING = "closure."
"""What stands before a kind of record in the name of the limit that a premature closing breaks."""
EVERY_KEY = frozenset({"close", "reopen", "waive", "extend"})
"""Built-in kinds that belong to every key."""


def carries(pack: Pack, kind: str, name: str) -> bool:
    """Whether a kind of event carries a name: in ``about``, in ``fields``, or as a group through one of its members."""
    event = pack.events[kind]
    if kind in EVERY_KEY or name in event.about or name in event.fields:
        return True
    return any(each in event.about for each in pack.members(name))


def answers_for(pack: Pack, names: Iterable[str], wanted: str) -> bool:
    """Whether one of the names is the wanted one, a member of it, or a group that it belongs to."""
    return any(name == wanted or wanted in pack.groups_of(name) or name in pack.groups_of(wanted) for name in names)


def plain_names(keys: ForEach) -> tuple[str, ...]:
    """The names of ``for each`` without those ``of the case``."""
    return tuple(key.name for key in keys if not key.of_case)


def all_names(keys: ForEach) -> tuple[str, ...]:
    return tuple(key.name for key in keys)


def not_carried(pack: Pack, pattern: Pattern, names: Iterable[str]) -> Iterator[tuple[Alternative, str]]:
    """Each alternative with a name that it does not carry."""
    for name in names:
        for each in pattern.alternatives:
            if each.kind in pack.events and not carries(pack, each.kind, name):
                yield each, name


def deadlines(deadline: Deadline | None) -> Iterator[Deadline]:
    """The deadline and all that it is made of."""
    if deadline is None:
        return
    yield deadline
    if isinstance(deadline, Earliest):
        for each in deadline.of:
            yield from deadlines(each)
    elif isinstance(deadline, Said):
        yield from deadlines(deadline.means)


def patterns_of_fact(fact: Fact) -> Iterator[Pattern]:
    match fact.form:
        case TrueFrom(start, until):
            yield start
            if until is not None:
                yield until
        case Quiet(quiet, since):
            yield quiet
            yield since
        case Count(count):
            yield count
        case _:
            return


def patterns_of_duty(duty: Duty) -> Iterator[Pattern]:
    if isinstance(duty.when, WhenEvent):
        yield duty.when.pattern
    yield from duty.must
    if duty.until is not None:
        yield duty.until
    for each in (*deadlines(duty.by), *deadlines(duty.not_before)):
        if isinstance(each, AfterEvent):
            yield each.after
        elif isinstance(each, BeforeEvent):
            yield each.before


def date_fields(duty: Duty) -> Iterator[str]:
    """The date fields of the triggering event that the deadlines of a duty use."""
    for each in (*deadlines(duty.by), *deadlines(duty.not_before)):
        if isinstance(each, FromDate):
            yield each.date_field


Node = tuple[str, str]
"""(sort, id) of a rule: fact, duty or limit."""


def leans_on(pack: Pack, node: Node) -> Iterator[Node]:
    """The rules that must be known before this one."""
    sort, name = node
    if sort == "fact" and name in pack.facts:
        match pack.facts[name].form:
            case Combination(_, facts):
                yield from (("fact", each) for each in facts)
            case Overdue(duty):
                yield "duty", duty
            case _:
                pass
    elif sort == "duty" and name in pack.duties:
        yield from _duty_leans_on(pack.duties[name])
    elif sort == "limit" and name in pack.limits:
        yield from _limit_leans_on(pack.limits[name])
    elif sort == "limit" and name.startswith(CLOSING):
        closure = pack.closure.get(name.removeprefix(CLOSING))
        yield from (("fact", each) for each in (closure.needs if closure is not None else ()))


def _duty_leans_on(duty: Duty) -> Iterator[Node]:
    match duty.when:
        case BecomesTrue(fact):
            yield "fact", fact
        case WhenOverdue(other):
            yield "duty", other
        case WhenBreach(limit):
            yield "limit", limit
        case WhenEvent():
            pass
    guards = [*duty.if_, *duty.unless, *([duty.paused_while] if duty.paused_while else [])]
    yield from (("fact", each) for each in guards)


def _limit_leans_on(limit: Limit) -> Iterator[Node]:
    yield from (("fact", each) for each in (*limit.only_while, *limit.while_, *limit.unless))
