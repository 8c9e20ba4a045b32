"""Which of the calendar's events a pack listens to: those that it speaks of are recorded, others are not (§8)."""

from __future__ import annotations

from upstander.policy.belonging import CALENDAR_RECORDS
from upstander.policy.lint.names import patterns_of_duty, patterns_of_fact
from upstander.policy.model import Pack


def listens(pack: Pack, record: str) -> bool:
    """Whether the pack speaks of the school year (or the school): in a rule, its closure, or by saying who may see it."""
    kind = pack.records.get(record)
    if kind is None:
        return False
    if kind.access or kind.takes or kind.known or record in pack.closure:
        return True
    return not CALENDAR_RECORDS[record].isdisjoint(_named(pack))


def _named(pack: Pack) -> set[str]:
    """Every kind of event that a rule looks at."""
    patterns = [each for fact in pack.facts.values() for each in patterns_of_fact(fact)]
    patterns += [each for duty in pack.duties.values() for each in patterns_of_duty(duty)]
    patterns += [limit.act for limit in pack.limits.values()]
    return {alternative.kind for pattern in patterns for alternative in pattern.alternatives}
