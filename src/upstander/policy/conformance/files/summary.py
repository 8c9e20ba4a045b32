"""What came out, counted: for each duty and limit, while the verdicts go by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from upstander.policy.conformance.closing import hinders
from upstander.policy.conformance.days import FAR, Ints, minute_of
from upstander.policy.conformance.evaluate import ChunkVerdicts, Verdicts
from upstander.policy.conformance.states import STATES, Small
from upstander.policy.conformance.versions import listed, stands_in_the_way
from upstander.policy.model import Pack, Series, Strength
from upstander.policy.verdict import DutyInstance, State

LATE = frozenset({State.MET_LATE, State.OVERDUE, State.LAPSED})


@dataclass
class Spans:
    """Lengths of time in minutes, each different one once with how often it came: never more than there are minutes."""

    minutes: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    counts: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    waiting: list[Ints] = field(default_factory=list)
    waiting_count: int = 0

    def add(self, minutes: Ints) -> None:
        self.waiting.append(minutes)
        self.waiting_count += len(minutes)
        if self.waiting_count > MOST_WAITING:
            self._gather()

    def _gather(self) -> None:
        minutes = np.concatenate([self.minutes, *self.waiting])
        counts = np.concatenate([self.counts, np.ones(self.waiting_count, dtype=np.int64)])
        self.minutes, place = np.unique(minutes, return_inverse=True)
        self.counts = np.bincount(place, weights=counts, minlength=len(self.minutes)).astype(np.int64)
        self.waiting, self.waiting_count = [], 0

    def median(self) -> float | None:
        """The one in the middle, of an even number the mean of the two there."""
        self._gather()
        upto = np.cumsum(self.counts)
        if not len(upto):
            return None
        middle = [(int(upto[-1]) - 1) // 2, int(upto[-1]) // 2]
        return float(self.minutes[np.searchsorted(upto, middle, side="right")].mean())


MOST_WAITING = 500_000


@dataclass
class DutyLine:
    """How one duty stands over all records. ``breaches``: instances of a *must* that are or were late."""

    rule: str
    strength: Strength
    states: Counter[State] = field(default_factory=Counter)
    waived_late: int = 0
    took: Spans = field(default_factory=Spans)

    @property
    def opened(self) -> int:
        return sum(self.states.values())

    @property
    def open(self) -> int:
        return sum(count for state, count in self.states.items() if state.open and state is not State.OVERDUE)

    @property
    def breaches(self) -> int:
        if self.strength is not Strength.MUST:
            return 0
        return sum(self.states[state] for state in LATE) + self.waived_late

    @property
    def median_minutes(self) -> float | None:
        """The median time from the arising to the event that settled it, in minutes."""
        return self.took.median()


@dataclass
class LimitLine:
    """How often one limit was broken; ``remarks``: by what had been written down then only."""

    rule: str
    breaches: int = 0
    remarks: int = 0


@dataclass
class Summary:
    """The table of §11's ``conform``; ``handed``: {rule: the construct for which the compiled strategy was asked}."""

    duties: dict[str, DutyLine]
    limits: dict[str, LimitLine]
    records: int = 0
    closable: int = 0
    handed: dict[str, str] = field(default_factory=dict)

    @property
    def fine(self) -> bool:
        """Whether no *must* is late and no limit broken."""
        return not (
            any(line.breaches for line in self.duties.values()) or any(line.breaches for line in self.limits.values())
        )


def empty(pack: Pack | Series) -> Summary:
    """The lines of all rules of a pack, or of all its versions."""
    versions = pack.versions if isinstance(pack, Series) else (pack,)
    limits = [name for one in versions for name in (*one.limits, *(f"closure.{kind}" for kind in one.closure))]
    return Summary(
        {duty.id: DutyLine(duty.id, duty.strength) for one in versions for duty in one.duties.values()},
        {name: LimitLine(name) for name in limits},
    )


def count(summary: Summary, verdicts: Verdicts) -> None:
    """Adds the verdicts of one part of the log."""
    summary.records += verdicts.records
    summary.handed |= verdicts.reasons
    for part in verdicts.chunks:
        for block in part.duties:
            _count_states(summary.duties[block.rule.id], block.judged.state, block.judged.flags)
            settled = block.judged.settled_at
            met = np.flatnonzero((settled < FAR) & np.isin(block.judged.state, _MET))
            if len(met):
                summary.duties[block.rule.id].took.add(settled[met] - block.instances.at[met])
        for limits in part.limits:
            summary.limits[limits.limit.id].breaches += _strong(limits.limit.strength, len(limits.acts.row))
            summary.limits[limits.limit.id].remarks += len(limits.acts.row) * (
                limits.limit.strength is not Strength.MUST
            )
        for picture, rules in part.handed.values():
            _count_duties(summary, (duty for duty in picture.duties if ("duty", duty.rule) in rules))
            for breach in picture.breaches:
                if ("limit", breach.rule) in rules:
                    _count_breach(summary, breach.rule, breach.strength)
        summary.closable += _closable(part, verdicts.series)
    for picture in verdicts.whole.values():
        summary.closable += picture.closable and picture.kind in verdicts.pack.closure
        _count_duties(summary, iter(picture.duties))
        for breach in picture.breaches:
            _count_breach(summary, breach.rule, breach.strength)


def _closable(part: ChunkVerdicts, series: Series) -> int:
    """How many records of a chunk may be closed now."""
    chunk = part.chunk
    closure = chunk.pack.closure.get(chunk.record_kind)
    if closure is None:
        return 0
    closable = np.ones(chunk.records, dtype=bool)
    space = part.keys.space(tuple(name.name for name in closure.for_each))
    for _, key in part.lacking:
        closable[np.where(key >= 0, space.group[np.maximum(key, 0)], -1 - key) if space.size else -1 - key] = False
    ids = listed(series, closure)
    for block in part.duties:
        if block.rule.id in ids:
            hindering = np.array([hinders(block.rule, state) for state in STATES])
            closable[block.instances.group[hindering[block.judged.state]]] = False
    for group, (picture, rules) in part.handed.items():
        facts = ("closure", picture.kind) in rules and any(one.fact is not None for one in picture.missing)
        closable[group] &= not facts and not any(
            duty.rule in ids and ("duty", duty.rule) in rules and stands_in_the_way(series, duty)
            for duty in picture.duties
        )
    return int(closable.sum())


_MET = [number for number, state in enumerate(STATES) if state in (State.MET, State.MET_LATE)]
_WAIVED, _LATE_FLAG = STATES.index(State.WAIVED), 2


def _strong(strength: Strength, number: int) -> int:
    return number if strength is Strength.MUST else 0


def _count_states(line: DutyLine, states: Small, flags: Ints) -> None:
    for state, number in enumerate(np.bincount(states, minlength=len(STATES)).tolist()):
        if number:
            line.states[STATES[state]] += number
    line.waived_late += int(((states == _WAIVED) & (flags & _LATE_FLAG > 0)).sum())


def _count_duties(summary: Summary, duties: Iterator[DutyInstance]) -> None:
    for duty in duties:
        line = summary.duties[duty.rule]
        line.states[duty.state] += 1
        line.waived_late += duty.state is State.WAIVED and "late" in duty.flags
        if duty.settled is not None and duty.state in (State.MET, State.MET_LATE):
            took = minute_of(duty.settled.at) - minute_of(duty.arose)
            line.took.add(np.array([took]))


def _count_breach(summary: Summary, rule: str, strength: Strength) -> None:
    line = summary.limits[rule]
    line.breaches += strength is Strength.MUST
    line.remarks += strength is not Strength.MUST
