"""Which instances of the duties there are in a chunk: triggers, series, chains (§4.1, §4.7)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from upstander.policy.conformance.dates import Unable
from upstander.policy.conformance.days import FAR, Ints
from upstander.policy.conformance.facts import Facts
from upstander.policy.conformance.instances import (
    Causes,
    Instances,
    causes_of,
    in_order,
    single,
    stacked,
)
from upstander.policy.conformance.judging import Judge
from upstander.policy.conformance.keys import Keys
from upstander.policy.conformance.limits import Limits
from upstander.policy.conformance.ragged import constant, firsts, picked, spread
from upstander.policy.conformance.states import CODE, Judged
from upstander.policy.conformance.windows import Windows, each_period, every_span, fixed_places
from upstander.policy.model import (
    AgainAfter,
    BecomesTrue,
    Duty,
    RepeatEach,
    RepeatEvery,
    WhenBreach,
    WhenEvent,
    WhenOverdue,
)
from upstander.policy.reference import match
from upstander.policy.verdict import State

SETTLED = np.array([CODE[State.MET], CODE[State.MET_LATE], CODE[State.WAIVED]])


class Duties:
    """The duties of a chunk, each worked out once."""

    def __init__(self, keys: Keys, facts: Facts, judge: Judge, limits: Limits) -> None:
        self.keys, self.facts, self.judge, self.limits, self.chunk = keys, facts, judge, limits, keys.chunk
        self._known: dict[str, tuple[Instances, Judged]] = {}

    def of(self, rule_id: str) -> tuple[Instances, Judged]:
        """All instances of a duty, in order, with how they stand now."""
        if rule_id not in self._known:
            self._known[rule_id] = self._work_out(self.chunk.pack.duties[rule_id])
        return self._known[rule_id]

    def _work_out(self, rule: Duty) -> tuple[Instances, Judged]:
        names = tuple(name.name for name in rule.for_each)
        space = self.keys.space(names)
        causes = causes_of(*self._causes(rule, names), self.chunk.size)
        count = len(causes.bounds) - 1
        first = causes.key[causes.bounds[:-1]]
        triggers = np.arange(count)
        if rule.recurrence is not None and not rule.each_trigger:
            triggers = np.flatnonzero(firsts(first))
        several = single(rule, space, causes, triggers)
        if rule.recurrence is None and not rule.each_trigger:
            several = self._once(several)
        if isinstance(rule.recurrence, AgainAfter):
            return self._chain(several)
        if isinstance(rule.recurrence, RepeatEvery | RepeatEach):
            several = in_order(self._series(several))
        elif rule.window is not None:
            several = in_order(fixed_places(several, rule.window, self.judge.dues))
        now = np.full(len(several), self.chunk.now)
        return several, self.judge.judge(several, now)

    def _once(self, several: Instances) -> Instances:
        """For each key the first trigger at which the guards are as asked; what came earlier does not apply."""
        if not several.rule.if_ and not several.rule.unless:
            return several.where(firsts(several.key))
        free = self.judge.blocked(several) == 0
        seen = np.cumsum(free) - free  # free ones before, over all keys
        first = np.flatnonzero(firsts(several.key))
        of_key = np.cumsum(firsts(several.key)) - 1
        return several.where(seen == seen[first][of_key]) if len(several) else several

    # --- triggers ------------------------------------------------------------------------------------------------------

    def _causes(self, rule: Duty, names: tuple[str, ...]) -> tuple[Ints, Ints, Ints]:
        """Key, moment and event (−1: none) of everything that triggers the duty."""
        own = match.own_names(rule.for_each)
        when = rule.when
        if isinstance(when, WhenEvent):
            rows = self.chunk.matched(when.pattern)
            owner, key = self.keys.carried_keys(rows, own)
            row = rows[owner]
            at = self.chunk.at[row]
        else:
            key, at, row = self._raised(rule, own)
        if len(key) and int(key.min()) < 0:
            kept = np.flatnonzero(key >= 0)
            key, at, row = key.take(kept), at.take(kept), row.take(kept)
        return (key, at, row) if own == names else self._of_case(rule, names, own, key, at, row)

    def _raised(self, rule: Duty, own: tuple[str, ...]) -> tuple[Ints, Ints, Ints]:
        """What facts, other duties and breaches raise, under the names that the duty shares with them."""
        when = rule.when
        if isinstance(when, BecomesTrue):
            fact = self.facts.fact(when.fact)
            source = tuple(name.name for name in fact.for_each) if fact is not None else ()
            key, at = self.facts.rises(when.fact)
            row = np.full(len(key), -1)
        elif isinstance(when, WhenOverdue):
            several, judged = self.of(when.duty)
            moments = judged.passed()
            passed = np.flatnonzero(moments <= self.chunk.now)
            source, key, at = several.names, several.key[passed], moments[passed]
            row = np.full(len(key), -1)
        else:
            assert isinstance(when, WhenBreach)  # noqa: S101
            limit = self.chunk.pack.limits.get(when.limit)
            if limit is None:
                raise Unable("a breach of the closing rule as a trigger")
            source = tuple(name.name for name in limit.for_each)
            acts, missing = self.limits.of(when.limit)
            broken = np.flatnonzero(missing > 0)
            key, row = acts.key[broken], acts.row[broken]
            at = self.chunk.at[row]
        return self._renamed(source, own, key), at, row

    def _renamed(self, source: tuple[str, ...], own: tuple[str, ...], key: Ints) -> Ints:
        """Keys under other names: a member answers for its group, a group for its member; −1 where a name is lacking."""
        if source == own:
            return key
        space = self.keys.space(source)
        given = match.shared(self.chunk.pack, own, tuple((name, name) for name in source))
        if len(given) < len(own):
            return np.full(len(key), -1)
        codes = tuple(space.parts[source.index(given[name])][key] for name in own)
        return self.keys.find(own, space.group[key], codes)

    def _of_case(
        self, rule: Duty, names: tuple[str, ...], own: tuple[str, ...], key: Ints, at: Ints, row: Ints
    ) -> tuple[Ints, Ints, Ints]:
        """``R of the case``: for each person in R at the later of trigger and first naming, if no ``until`` lies between."""
        space = self.keys.space(own)
        group, owner, named = space.group[key], np.arange(len(key)), at
        columns = {name: space.parts[place][key] for place, name in enumerate(own)}
        for key_name in rule.for_each:
            if not key_name.of_case:
                continue
            everybody, born = self.keys.space((key_name.name,)), self.keys.first_row(key_name.name)
            here = group[owner]
            back, place = spread(everybody.bounds[here], np.diff(everybody.bounds)[here])
            kept = born[place] <= self.chunk.now
            back, place = back[kept], place[kept]
            columns = {name: codes[back] for name, codes in columns.items()} | {
                key_name.name: everybody.parts[0][place]
            }
            named, owner = np.maximum(named[back], born[place]), owner[back]
        found = self.keys.find(names, group[owner], tuple(columns[name] for name in names))
        kept = found >= 0
        if rule.until is not None:
            ends = self.keys.found(rule.until, names)
            kept &= ends.moment(ends.from_(found, at[owner])) >= named
        return found[kept], named[kept], row[owner][kept]

    # --- series and chains ---------------------------------------------------------------------------------------------

    def ended_by(self, several: Instances) -> Ints:
        """The first ``until`` from each arising on, FAR where there is none."""
        if several.rule.until is None:
            return np.full(len(several), FAR)
        found = self.keys.found(several.rule.until, several.names)
        return found.moment(found.from_(several.key, several.at))

    def _series(self, several: Instances) -> Instances:
        """The windows that have begun, up to ``until``."""
        rule, end = several.rule, self.ended_by(several)
        if isinstance(rule.recurrence, RepeatEvery):
            windows = every_span(several.at, rule.recurrence.span, np.minimum(end, self.chunk.now + 1))
        else:
            assert isinstance(rule.recurrence, RepeatEach)  # noqa: S101
            windows = each_period(several.at, rule.recurrence.period, self.chunk.days, rule.by, self.chunk.now)
            first = several.at[windows.owner]
            kept = (windows.start <= self.chunk.now) & ((windows.start < end[windows.owner]) | (windows.start == first))
            windows = Windows(*(picked(column, np.flatnonzero(kept)) for column in windows))
        return replace(
            several.take(windows.owner),
            at=windows.start,
            closes=windows.end,
            later=windows.later,
            window_flags=windows.flags,
            in_window=True,
        )

    def _chain(self, several: Instances) -> tuple[Instances, Judged]:
        """``again after``: a new link at each settling or waiving; nothing after ``until``."""
        end = self.ended_by(several)
        parts, judgements, links = [several], [], several
        while True:
            judged = self.judge.judge(links, np.full(len(links), self.chunk.now))
            judgements.append(judged)
            goes_on = np.isin(judged.state, SETTLED) & (judged.ended <= end)
            if not bool(goes_on.any()):
                break
            at, end = judged.ended[goes_on], end[goes_on]
            yes = constant(True, len(at))
            links = replace(links.where(goes_on), at=at, link=yes, later=yes)
            parts.append(links)
        together = stacked(parts)
        columns = {name: np.concatenate([getattr(part, name) for part in judgements]) for name in vars(judgements[0])}
        order = np.lexsort((together.trigger, together.at, together.key))  # of one minute chain after chain
        return together.take(order), Judged(**columns).take(order)


def empty_causes() -> Causes:
    none = np.zeros(0, dtype=np.int64)
    return causes_of(none, none, none, 0)
