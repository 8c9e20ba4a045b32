"""Columns back as pictures, record by record: for JSON, for small files, and for the proof that all strategies agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from upstander.policy.conformance.chunk import Chunk
from upstander.policy.conformance.columns import id_texts
from upstander.policy.conformance.days import FAR, moment_of
from upstander.policy.conformance.evaluate import ChunkVerdicts, DutyBlock, LimitBlock, Verdicts
from upstander.policy.conformance.instances import occurrence
from upstander.policy.conformance.states import BLOCKED, MISSING, OFFER_ENDED, STATES, UNTIL
from upstander.policy.conformance.versions import listed, stands_in_the_way
from upstander.policy.model import (
    Bearer,
    BecomesTrue,
    DidTrigger,
    Duty,
    GuardiansOf,
    IsKey,
    NamedAs,
    Role,
    WhenOverdue,
)
from upstander.policy.reference import match
from upstander.policy.reference.judging import FLAGS
from upstander.policy.reference.judging import OFFER_ENDED as OFFER_ENDED_TEXT
from upstander.policy.reference.judging import UNTIL as UNTIL_TEXT
from upstander.policy.verdict import Breach, DutyInstance, FactHeld, Key, Missing, Picture, Settled


def pictures(verdicts: Verdicts) -> Iterator[Picture]:
    """Every record's picture, in the order of the log, without ``next_change`` and intervals."""
    found: dict[int, Picture] = dict(verdicts.whole)
    for part in verdicts.chunks:
        found.update(ChunkReader(verdicts, part).pictures())
    for record in sorted(found):
        yield found[record]


class ChunkReader:
    """Reads the columns of one chunk."""

    def __init__(self, verdicts: Verdicts, part: ChunkVerdicts) -> None:
        self.verdicts, self.part, self.chunk, self.keys = verdicts, part, part.chunk, part.keys
        self.ids = verdicts.log.columns.ids

    def pictures(self) -> Iterator[tuple[int, Picture]]:
        chunk = self.chunk
        duties: list[list[DutyInstance]] = [[] for _ in range(chunk.records)]
        breaches: list[list[Breach]] = [[] for _ in range(chunk.records)]
        facts: list[list[FactHeld]] = [[] for _ in range(chunk.records)]
        missing: list[list[Missing]] = [[] for _ in range(chunk.records)]
        for block in self.part.duties:
            for group, duty in self._duties(block):
                duties[group].append(duty)
        for limits in self.part.limits:
            for group, breach in self._breaches(limits):
                breaches[group].append(breach)
        for fact, key in self.part.facts:
            for group, text in self.key_texts(tuple(name.name for name in fact.for_each), key.tolist()):
                facts[group].append(FactHeld(fact.id, text))
        for group, one in self.lacking():
            missing[group].append(one)
        for group, (picture, rules) in self.part.handed.items():
            duties[group] += [duty for duty in picture.duties if ("duty", duty.rule) in rules]
            breaches[group] += [breach for breach in picture.breaches if ("limit", breach.rule) in rules]
            facts[group] += [held for held in picture.facts if ("fact", held.fact) in rules]
            if ("closure", picture.kind) in rules:
                missing[group] += [one for one in picture.missing if one.fact is not None]
        for group in range(chunk.records):
            record = int(self.part.records[group])
            yield record, self._picture(record, duties[group], breaches[group], facts[group], missing[group])

    def _picture(
        self,
        record: int,
        duties: list[DutyInstance],
        breaches: list[Breach],
        facts: list[FactHeld],
        missing: list[Missing],
    ) -> Picture:
        name, kind = self.verdicts.log.name(record)
        closure = self.chunk.pack.closure.get(kind)
        duties = sorted(duties, key=lambda duty: (duty.rule, duty.key, duty.arose, duty.occurrence))
        if closure is not None:
            ids = listed(self.verdicts.series, closure)
            missing = [
                *missing,
                *(
                    Missing(duty.key, rule=duty.rule)
                    for duty in duties
                    if duty.rule in ids and stands_in_the_way(self.verdicts.series, duty)
                ),
            ]
        return Picture(
            name,
            kind,
            self.verdicts.now,
            tuple(duties),
            tuple(sorted(breaches, key=lambda breach: (breach.rule, breach.key, breach.at, breach.event))),
            tuple(sorted(facts, key=lambda held: (held.fact, held.key))),
            closable=not missing,
            missing=tuple(sorted(set(missing), key=_missing_order)),
        )

    def lacking(self) -> Iterator[tuple[int, Missing]]:
        """The facts that closing still lacks, with their record."""
        closure = self.chunk.pack.closure.get(self.chunk.record_kind)
        names = tuple(name.name for name in closure.for_each) if closure is not None else ()
        for fact, keys in self.part.lacking:
            for group, text in self.key_texts(names, [key for key in keys.tolist() if key >= 0]):
                yield group, Missing(text, fact=fact)
            yield from ((-1 - key, Missing((), fact=fact)) for key in keys.tolist() if key < 0)

    def key_texts(self, names: tuple[str, ...], keys: list[int]) -> list[tuple[int, Key]]:
        """The record and the text of each key."""
        space, values = self.keys.space(names), self.chunk.shared.values
        which = np.array(keys, dtype=np.int64)
        columns = [[str(values[code]) for code in part[which].tolist()] for part in space.parts]
        groups = space.group[which].tolist()
        return [(group, tuple(zip(names, texts, strict=True))) for group, *texts in zip(groups, *columns, strict=True)]

    # --- duties --------------------------------------------------------------------------------------------------------

    def _duties(self, block: DutyBlock) -> Iterator[tuple[int, DutyInstance]]:
        rule, several, judged = block.rule, block.instances, block.judged
        keys = self.key_texts(several.names, several.key.tolist())
        numbers = occurrence(several.key).tolist()
        columns = {name: column.tolist() for name, column in vars(judged).items()}
        bounds, rows = several.causes.bounds.tolist(), several.causes.row.tolist()
        for place, (group, key) in enumerate(keys):
            row = {name: column[place] for name, column in columns.items()}
            trigger = int(several.trigger[place])
            causes = [cause for cause in rows[bounds[trigger] : bounds[trigger + 1]] if cause >= 0]
            who = self._borne_by(rule, group, key, causes, row["ended"])
            settled = Settled(self._id(row["row"]), moment_of(row["settled_at"])) if row["row"] >= 0 else None
            yield (
                group,
                DutyInstance(
                    rule.id,
                    rule.clause,
                    self.verdicts.series.at(moment_of(int(several.at[place])).date()).version,
                    key,
                    numbers[place],
                    moment_of(int(several.at[place])),
                    moment_of(row["due"]) if row["due"] < FAR else None,
                    STATES[row["state"]],
                    rule.strength,
                    who,
                    rule.who,
                    settled,
                    self._because(rule, causes),
                    why(rule, row["why"], row["why_bits"]),
                    flags_of(row["flags"]),
                    moment_of(row["due_from"]) if row["due_from"] < FAR else None,
                ),
            )

    def bearers(self, block: DutyBlock) -> list[tuple[Mapping[str, str], ...]]:
        """Who bears each instance of a duty."""
        several, rows = block.instances, block.instances.causes.row.tolist()
        bounds, ended = several.causes.bounds.tolist(), block.judged.ended.tolist()
        found = []
        for place, (group, key) in enumerate(self.key_texts(several.names, several.key.tolist())):
            trigger = int(several.trigger[place])
            causes = [cause for cause in rows[bounds[trigger] : bounds[trigger + 1]] if cause >= 0]
            found.append(self._borne_by(block.rule, group, key, causes, ended[place]))
        return found

    def _borne_by(
        self, rule: Duty, group: int, key: Key, causes: list[int], ended: int
    ) -> tuple[Mapping[str, str], ...]:
        moment = ended if ended < FAR else self.chunk.now
        return tuple(one for bearer in rule.who for one in self._who(bearer, group, key, causes, moment))

    def _id(self, row: int) -> str:
        place = self.chunk.row[row]
        return str(id_texts(self.ids[place : place + 1])[0])

    def _because(self, rule: Duty, causes: list[int]) -> tuple[str, ...]:
        if isinstance(rule.when, BecomesTrue):
            return (rule.when.fact,)
        if isinstance(rule.when, WhenOverdue):
            return (rule.when.duty,)
        return tuple(dict.fromkeys(self._id(row) for row in causes))

    def _who(self, bearer: Bearer, group: int, key: Key, causes: list[int], moment: int) -> list[Mapping[str, str]]:
        """Who bears a duty: roles or persons, as of a moment (§4.10)."""
        values = self.chunk.shared.values
        match bearer:
            case Role(role):
                return [{"role": role}]
            case DidTrigger(otherwise):
                codes = [self.chunk.person[row] for row in causes if self.chunk.person[row] >= 0]
                if codes:
                    return [{"person": str(values[code])} for code in dict.fromkeys(codes)]
                return [{"role": otherwise}] if otherwise is not None else []
            case IsKey(name):
                return [{"person": value} for value in match_shared(self.chunk, name, key)]
            case NamedAs(role):
                return self._latest_named(role, group, moment)
            case GuardiansOf(name):
                return [{"role": "guardian", "of": value} for value in match_shared(self.chunk, name, key)]

    def _latest_named(self, role: str, group: int, moment: int) -> list[Mapping[str, str]]:
        """Whom the latest event names in a role; of several in its minute all; the role itself before anybody is named."""
        chunk, several = self.chunk, self.chunk.named(role)
        first, last = np.searchsorted(several.rows, (chunk.bounds[group], chunk.bounds[group + 1]))
        rows, codes = several.rows[first:last], several.codes[first:last]
        at = chunk.at[rows]
        codes, at = codes[at <= moment], at[at <= moment]
        if not len(at):
            return [{"role": role}]
        return [
            {"person": person} for person in sorted({str(chunk.shared.values[code]) for code in codes[at == at[-1]]})
        ]

    # --- breaches ------------------------------------------------------------------------------------------------------

    def _breaches(self, block: LimitBlock) -> Iterator[tuple[int, Breach]]:
        limit, chunk = block.limit, self.chunk
        keys = self.key_texts(tuple(name.name for name in limit.for_each), block.acts.key.tolist())
        for (group, key), row, number in zip(keys, block.acts.row.tolist(), block.missing.tolist(), strict=True):
            at, missing = moment_of(int(chunk.at[row])), block.texts[number]
            yield group, Breach(limit.id, limit.clause, self._id(row), key, missing, limit.strength, (), at)


def match_shared(chunk: Chunk, name: str, key: Key) -> Any:
    return match.shared(chunk.pack, [name], key).values()


def _missing_order(missing: Missing) -> tuple[int, str, object]:
    return (0 if missing.fact is not None else 1, missing.fact or missing.rule or "", missing.key)


def why(rule: Duty, sort: int, bits: int) -> tuple[str, ...]:
    """Why an instance does not apply, or what it lacks."""
    if sort == BLOCKED:
        return tuple(fact for place, fact in enumerate((*rule.if_, *rule.unless)) if bits >> place & 1)
    if sort == MISSING:
        kinds = (pattern.alternatives[0].kind for pattern in rule.must)
        return tuple(kind for place, kind in enumerate(kinds) if bits >> place & 1)
    return {UNTIL: (UNTIL_TEXT,), OFFER_ENDED: (OFFER_ENDED_TEXT,)}.get(sort, ())


def flags_of(bits: int) -> tuple[str, ...]:
    return tuple(flag for place, flag in enumerate(FLAGS) if bits >> place & 1)
