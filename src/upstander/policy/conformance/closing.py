"""What closing still lacks in the records of a chunk, and which closings came too early (§7)."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from upstander.policy.conformance.days import Ints, Mask
from upstander.policy.conformance.facts import Facts
from upstander.policy.conformance.instances import Instances
from upstander.policy.conformance.judging import Judge
from upstander.policy.conformance.keys import Keys
from upstander.policy.conformance.limits import Limits
from upstander.policy.conformance.ragged import any_of, by_group, constant, spread
from upstander.policy.conformance.states import STATES
from upstander.policy.model import Closure, Duty, Strength
from upstander.policy.reference import match
from upstander.policy.verdict import State


class Closing:
    """Asks the needs of a closing rule."""

    def __init__(self, keys: Keys, facts: Facts) -> None:
        self.keys, self.facts, self.chunk = keys, facts, keys.chunk

    def lacking(self, closure: Closure) -> list[tuple[str, Ints]]:
        """For each needed fact the keys for which it does not hold now; a record without a key lacks it as −1 − record."""
        names = tuple(name.name for name in closure.for_each)
        born = self.keys.born(closure.for_each)
        key = np.flatnonzero(born[:-1] <= self.chunk.now)
        now = constant(self.chunk.now, len(key))
        nobody = np.ones(self.chunk.records, dtype=bool)
        nobody[self.keys.space(names).group[key]] = False
        without = -1 - np.flatnonzero(nobody) if names else np.zeros(0, dtype=np.int64)
        lacks = {fact: ~self._hold_now(fact, names, key, now) for fact in closure.needs}
        return [(fact, np.concatenate([key[lacks[fact]], without])) for fact in closure.needs]

    def _hold_now(self, fact_id: str, names: tuple[str, ...], key: Ints, now: Ints) -> Mask:
        """What has been asked for every key is not asked again."""
        fact = self.facts.fact(fact_id)
        if fact is not None and tuple(name.name for name in fact.for_each) == names:
            return self.facts.holds_now(fact)[key]
        return self.facts.asked(fact_id, names, key, now)

    def too_early(
        self, closure: Closure, listed: Iterable[Instances], judge: Judge, limits: Limits
    ) -> tuple[Ints, Ints, dict[int, tuple[str, ...]]]:
        """The rows of ``close`` that lacked something, what it was as a number, and what each number stands for."""
        rows = self.chunk.of_kind("close")
        lacking = {fact: self._facts_at(closure, fact, rows) for fact in sorted(set(closure.needs))}
        by_rule = {several.rule.id: self._open_at(several, judge, rows) for several in listed}
        lacking |= {rule: by_rule[rule] for rule in sorted(by_rule)}
        if closure.decided_by:
            lacking[f"by:{closure.decided_by[0]}"] = ~limits.may(rows, closure.decided_by)
        names = list(lacking)
        number = np.zeros(len(rows), dtype=np.int64)
        for lacks in lacking.values():  # as bits; a bit that would not fit is a number of what there was before
            if int(number.max(initial=0)) >> 61:
                number = np.unique(number, return_inverse=True)[1].reshape(len(rows))
            number = number << 1 | lacks
        _, first, number = np.unique(number, return_index=True, return_inverse=True)
        texts = {place: tuple(name for name in names if lacking[name][row]) for place, row in enumerate(first.tolist())}
        return rows, number.reshape(len(rows)), texts

    def _facts_at(self, closure: Closure, fact: str, rows: Ints) -> Mask:
        """Whether a needed fact did not hold at each closing for one of the keys there then were, or there was none."""
        names, at = tuple(name.name for name in closure.for_each), self.chunk.at[rows]
        owner, key = by_group(self.chunk.group[rows], self.keys.space(names).bounds)
        there = self.keys.born(closure.for_each)[key] <= at[owner]
        owner, key = owner[there], key[there]
        lacks = any_of(owner, ~self.facts.asked(fact, names, key, at[owner]), len(rows))
        return lacks | ~any_of(owner, np.ones(len(owner), dtype=bool), len(rows)) if names else lacks

    def _open_at(self, several: Instances, judge: Judge, rows: Ints) -> Mask:
        """Whether an instance of a duty was open at each closing and stood in its way; not one that this closing raised."""
        hindering = np.array([hinders(several.rule, state) for state in STATES])
        group = several.group
        first, last = (
            np.searchsorted(group, self.chunk.group[rows]),
            np.searchsorted(group, self.chunk.group[rows], "right"),
        )
        owner, place = spread(first, last - first)
        at = self.chunk.at[rows][owner]
        there = several.at[place] <= at
        owner, place, at = owner[there], place[there], at[there]
        there = ~(several.causes.raised_only_by(several.trigger[place], rows[owner], rows) & (several.at[place] == at))
        owner, place, at = owner[there], place[there], at[there]
        judged = judge.judge(several.take(place), at)
        return any_of(owner, hindering[judged.state], len(rows))


def hinders(rule: Duty, state: State) -> bool:
    """Whether an instance in this state stands in the way of closing."""
    if not state.open or state is State.UPCOMING or rule.strength is Strength.MAY:
        return False
    return state is State.OVERDUE or not match.mentions(rule.until, "close")
