"""The columnar strategy: the verdicts of whole districts, chunk by chunk (§14).

Columns do what they can; a rule that they cannot do, or cannot do for some records, is handed to the compiled strategy, by name.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import numpy as np

from upstander.policy.calendar import Calendar
from upstander.policy.conformance.chunk import Chunk, Shared
from upstander.policy.conformance.closing import Closing
from upstander.policy.conformance.columns import Columns
from upstander.policy.conformance.dates import Unable
from upstander.policy.conformance.days import Ints, Mask, days_of
from upstander.policy.conformance.due import Dues
from upstander.policy.conformance.duties import Duties
from upstander.policy.conformance.facts import Facts
from upstander.policy.conformance.handing import Hands, Rule
from upstander.policy.conformance.instances import Instances
from upstander.policy.conformance.judging import Judge
from upstander.policy.conformance.keys import Keys
from upstander.policy.conformance.limits import Acts, Limits, texts_of
from upstander.policy.conformance.plan import CLOSURE, Plan, plan_of
from upstander.policy.conformance.prepare import Cutter, Log, log_of
from upstander.policy.conformance.states import Judged
from upstander.policy.conformance.versions import READ_DIFFERENTLY, changed, every_duty, listed, same_world, series_of
from upstander.policy.model import (
    Alternative,
    Closure,
    Duty,
    Fact,
    Limit,
    Pack,
    Pattern,
    Series,
    WhenEvent,
    WhenOverdue,
)
from upstander.policy.reference.match import mentions
from upstander.policy.verdict import Picture

CHUNK = 8192
"""Records in a chunk: some hundred thousand events, which fit into a processor's cache."""


@dataclass(eq=False)
class DutyBlock:
    """The instances of one duty in one chunk that columns judged."""

    rule: Duty
    instances: Instances
    judged: Judged


@dataclass(eq=False)
class LimitBlock:
    """The breaches of one limit in one chunk; ``texts`` says for which lack each number of ``missing`` stands."""

    limit: Limit
    acts: Acts
    missing: Ints
    texts: dict[int, tuple[str, ...]]


@dataclass(eq=False)
class ChunkVerdicts:
    """What came out of a chunk. ``records``: the numbers of its records in the log; ``handed``: the pictures of records of which
    some rules (None: all) were handed over."""

    chunk: Chunk
    keys: Keys
    records: Ints
    duties: list[DutyBlock] = field(default_factory=list)
    limits: list[LimitBlock] = field(default_factory=list)
    facts: list[tuple[Fact, Ints]] = field(default_factory=list)
    lacking: list[tuple[str, Ints]] = field(default_factory=list)
    handed: dict[int, tuple[Picture, frozenset[Rule]]] = field(default_factory=dict)


@dataclass(eq=False)
class Verdicts:
    """The verdicts of a log, or of some of its records. ``records``, ``events``: how many these are; ``whole``: pictures of records
    that went to the compiled strategy whole; ``reasons``: {rule: why it, or some records of it, were handed over}."""

    log: Log
    series: Series
    now: datetime
    records: int
    events: int
    chunks: list[ChunkVerdicts]
    whole: dict[int, Picture]
    reasons: dict[str, str]

    @property
    def pack(self) -> Pack:
        """The version in force now."""
        return self.series.versions[-1]


def judged(
    columns: Columns,
    pack: Pack | Series,
    calendar: Calendar | None,
    now: datetime,
    *,
    threads: int = 1,
    chunk: int = CHUNK,
) -> Iterator[Verdicts]:
    """The verdicts of every record of a log at ``now``, what the reference says of each: some thousand records at a time, in the
    order of the log. What has been taken may be forgotten, so that memory is that of the log and a few chunks. Of a series what
    arose before a new version stays judged by the old one."""
    series, reasons = series_of(pack, now), dict[str, str]()
    newest = series.versions[-1]
    log = log_of(columns, newest)
    if not same_world(series, columns):
        log.odd[:] = True
        reasons |= {rule.id: READ_DIFFERENTLY for rule in every_duty(series)}
    shared = Shared(log.columns, log.texts)
    cutter = Cutter(log, shared, newest, days_of(calendar, newest.hints), now)
    hands, differing = Hands(series, calendar, now), changed(series)

    def work(first: int) -> Verdicts:
        last = min(first + chunk, log.records)
        pieces, empty = cutter.chunks(first, last)
        done = [_Evaluation(log, hands, reasons, differing).run(piece, records) for piece, records in pieces]
        alone = [*(np.flatnonzero(log.odd[first:last]) + first).tolist(), *empty.tolist()]
        whole = {record: hands.look(*log.name(record), log.events(record), None) for record in alone}
        events = int(log.bounds[last] - log.bounds[first])
        return Verdicts(log, series, now, last - first, events, done, whole, reasons)

    yield from _ahead(work, range(0, log.records, chunk), threads)


def _ahead(work: Callable[[int], Verdicts], starts: range, threads: int) -> Iterator[Verdicts]:
    """Each piece of work in order, on so many threads, which run no further ahead than there are threads."""
    if threads < 2 or len(starts) < 2:
        yield from map(work, starts)
        return
    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[Future[Verdicts]] = deque()
        for start in starts:
            waiting.append(pool.submit(work, start))
            if len(waiting) >= threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def evaluate(
    columns: Columns,
    pack: Pack | Series,
    calendar: Calendar | None,
    now: datetime,
    *,
    threads: int = 1,
    chunk: int = CHUNK,
) -> Verdicts:
    """The same, all together."""
    parts = list(judged(columns, pack, calendar, now, threads=threads, chunk=chunk))
    if not parts:
        series = series_of(pack, now)
        return Verdicts(log_of(columns, series.versions[-1]), series, now, 0, 0, [], {}, {})
    whole = {record: picture for part in parts for record, picture in part.whole.items()}
    chunks = [one for part in parts for one in part.chunks]
    log = parts[0].log
    return replace(parts[0], records=log.records, events=len(columns), chunks=chunks, whole=whole)


class _Evaluation:
    """One chunk under all rules."""

    def __init__(self, log: Log, hands: Hands, reasons: dict[str, str], differing: dict[Rule, str]) -> None:
        self.log, self.hands, self.reasons, self.differing = log, hands, reasons, differing
        self.handed: dict[Rule, Mask] = {}

    def run(self, chunk: Chunk, records: Ints) -> ChunkVerdicts:
        closure = chunk.pack.closure.get(chunk.record_kind)
        keys = Keys(chunk)
        facts = Facts(chunk, keys, closure.watch_for if closure is not None else None)
        dues = Dues(keys, facts)
        judge = Judge(keys, facts, dues)
        limits = Limits(keys, facts)
        duties = Duties(keys, facts, judge, limits)
        plan = plan_of(chunk.pack, facts)
        found = ChunkVerdicts(chunk, keys, records)
        with np.errstate(all="raise"):
            self._facts(found, facts, plan)
            self._limits(found, limits, plan)
            self._duties(found, duties, judge, plan)
            self._closing(found, Closing(keys, facts), judge, limits, plan)
        self._hand_over(found)
        keys.forget()
        return found

    # --- rule by rule --------------------------------------------------------------------------------------------------

    def _facts(self, found: ChunkVerdicts, facts: Facts, plan: Plan) -> None:
        chunk = found.chunk
        for fact in chunk.pack.facts.values():
            reason = plan.facts.get(fact.id)
            if reason is None:
                try:
                    found.facts.append((fact, np.flatnonzero(facts.holds_now(fact))))
                    continue
                except Unable as unable:
                    reason = str(unable)
            self._all(("fact", fact.id), reason, np.ones(chunk.records, dtype=bool))

    def _limits(self, found: ChunkVerdicts, limits: Limits, plan: Plan) -> None:
        chunk = found.chunk
        for limit in _newest(self.hands.series, lambda pack: pack.limits):
            rule, reason = ("limit", limit.id), self.differing.get(("limit", limit.id), plan.limits.get(limit.id))
            try:
                if reason is not None:
                    raise Unable(reason)
                acts, missing = limits.of(limit.id)
                broken = missing > 0
                unsure = limits.unsure(limit.id)
                if len(unsure):
                    self._some(rule, "events written down after an act", chunk, unsure)
                    broken &= ~np.isin(chunk.group[acts.row], unsure)
                missing = missing[broken]
                acts = Acts(acts.key[broken], acts.row[broken])
                found.limits.append(LimitBlock(limit, acts, missing, texts_of(limit, missing)))
            except Unable as unable:
                self._all(rule, str(unable), self._with(chunk, limit.id, _act_of))

    def _duties(self, found: ChunkVerdicts, duties: Duties, judge: Judge, plan: Plan) -> None:
        chunk = found.chunk
        for rule in _newest(self.hands.series, lambda pack: pack.duties):
            reason = self.differing.get(("duty", rule.id), plan.duties.get(rule.id))
            try:
                if reason is not None:
                    raise Unable(reason)
                several, judged = duties.of(rule.id)
            except Unable as unable:
                self._all(("duty", rule.id), str(unable), self._triggered(chunk, rule))
                continue
            aside = self._aside(chunk, rule, judge)
            if bool(aside.any()):
                kept = np.flatnonzero(~aside[several.group])
                several, judged = several.take(kept), judged.take(kept)
            found.duties.append(DutyBlock(rule, several, judged))

    def _triggered(self, chunk: Chunk, rule: Duty) -> Mask:
        """The records in which a duty can arise at all, under any version."""
        triggers = [pack.duties[rule.id].when for pack in self.hands.series.versions if rule.id in pack.duties]
        if all(isinstance(when, WhenEvent) for when in triggers):
            return self._with(chunk, rule.id, _trigger_of)
        return np.ones(chunk.records, dtype=bool)

    def _with(self, chunk: Chunk, rule: str, pattern: Callable[[Pack, str], Pattern | None]) -> Mask:
        """The records with an event of a kind that a pattern of some version names."""
        found = np.zeros(chunk.records, dtype=bool)
        for pack in self.hands.series.versions:
            wanted = pattern(pack, rule)
            for alternative in wanted.alternatives if wanted is not None else ():
                found[chunk.group[chunk.of_kind(alternative.kind)]] = True
        return found

    def _aside(self, chunk: Chunk, rule: Duty, judge: Judge) -> Mask:
        """The records in which columns cannot do a duty: an extension, a reopening, a duty before it of which they cannot."""
        aside = np.zeros(chunk.records, dtype=bool)
        extended = chunk.group[judge.decisions("extend", rule, rule.extended_by)]
        if len(extended):
            self._some(("duty", rule.id), "extend", chunk, extended)
            aside[extended] = True
        reopened = chunk.group[chunk.of_kind("reopen")]
        if len(reopened) and mentions(rule.until, "close"):
            self._some(("duty", rule.id), "reopen", chunk, reopened)
            aside[reopened] = True
        if isinstance(rule.when, WhenOverdue):
            before = self._aside(chunk, chunk.pack.duties[rule.when.duty], judge)
            if bool(before.any()):
                self._some(("duty", rule.id), "overdue of a duty that was handed over", chunk, np.flatnonzero(before))
                aside |= before
        return aside

    def _closing(self, found: ChunkVerdicts, closing: Closing, judge: Judge, limits: Limits, plan: Plan) -> None:
        chunk = found.chunk
        kind = chunk.record_kind
        if ("limit", CLOSURE + kind) in self.differing:
            closed = np.unique(chunk.group[chunk.of_kind("close")])
            self._all(("limit", CLOSURE + kind), self.differing["limit", CLOSURE + kind], _among(chunk, closed))
        closure = chunk.pack.closure.get(kind)
        if closure is None:
            return
        reason = plan.closure.get(CLOSURE + closure.kind)
        try:
            if reason is not None:
                raise Unable(reason)
            found.lacking = closing.lacking(closure)
            if len(chunk.of_kind("close")) and ("limit", CLOSURE + kind) not in self.differing:
                self._closed(found, closure, closing, judge, limits)
        except Unable as unable:
            self._all(("closure", closure.kind), str(unable), np.ones(chunk.records, dtype=bool))
            closed = np.unique(chunk.group[chunk.of_kind("close")])
            self._all(("limit", CLOSURE + closure.kind), str(unable), _among(chunk, closed))

    def _closed(self, found: ChunkVerdicts, closure: Closure, closing: Closing, judge: Judge, limits: Limits) -> None:
        """Closing too early, a breach of the closing rule; where a listed duty was handed over, this is too."""
        chunk, name = found.chunk, CLOSURE + closure.kind
        ids = listed(self.hands.series, closure)
        asked = [block.instances for block in found.duties if block.rule.id in ids]
        handed = np.zeros(chunk.records, dtype=bool)
        for rule in ids:
            handed |= self.handed.get(("duty", rule), handed)
        rows, number, texts = closing.too_early(closure, asked, judge, limits)
        group = chunk.group[rows]
        early = np.array([bool(texts[place]) for place in range(len(texts))])[number]
        aside = handed[group] | (~early & limits.written_later(rows))
        if bool(aside.any()):
            self._some(
                ("limit", name), "close, with duties handed over or events written down later", chunk, group[aside]
            )
            early &= ~np.isin(group, group[aside])
        limit = Limit(name, Pattern((Alternative("close"),)), clause=closure.clause)
        found.limits.append(LimitBlock(limit, Acts(group[early], rows[early]), number[early], texts))

    # --- handing over --------------------------------------------------------------------------------------------------

    def _all(self, rule: Rule, reason: str, records: Mask) -> None:
        self.reasons[rule[1]] = reason
        self.handed[rule] = records

    def _some(self, rule: Rule, reason: str, chunk: Chunk, records: Ints) -> None:
        self.reasons.setdefault(rule[1], reason)
        held = self.handed.setdefault(rule, np.zeros(chunk.records, dtype=bool))
        held[records] = True

    def _hand_over(self, found: ChunkVerdicts) -> None:
        rules = [rule for rule, records in self.handed.items() if bool(records.any())]
        if not rules:
            return
        table = np.array([self.handed[rule] for rule in rules])
        for group in np.flatnonzero(table.any(axis=0)).tolist():
            record = int(found.records[group])
            own = frozenset(rule for rule, here in zip(rules, table[:, group].tolist(), strict=True) if here)
            name, kind = self.log.name(record)
            found.handed[group] = (self.hands.look(name, kind, self.log.events(record), own), own)


def _newest(series: Series, of: Callable[[Pack], Mapping[str, Any]]) -> Any:
    """The rules of all versions, of each id the newest."""
    return {name: rule for pack in series.versions for name, rule in of(pack).items()}.values()


def _act_of(pack: Pack, limit: str) -> Pattern | None:
    return pack.limits[limit].act if limit in pack.limits else None


def _trigger_of(pack: Pack, duty: str) -> Pattern | None:
    when = pack.duties[duty].when if duty in pack.duties else None
    return when.pattern if isinstance(when, WhenEvent) else None


def _among(chunk: Chunk, records: Ints) -> Mask:
    found = np.zeros(chunk.records, dtype=bool)
    found[records] = True
    return found
