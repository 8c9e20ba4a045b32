"""Verdicts as one table: a row for each duty, breach, fact that holds and record, ``what`` says which (§11)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from upstander.policy.conformance.closing import hinders
from upstander.policy.conformance.columns import Texts, id_texts
from upstander.policy.conformance.days import FAR, Ints, Mask, minute_of
from upstander.policy.conformance.evaluate import ChunkVerdicts, DutyBlock, LimitBlock, Verdicts
from upstander.policy.conformance.instances import occurrence
from upstander.policy.conformance.pictures import ChunkReader, flags_of, why
from upstander.policy.conformance.states import NO_REASON, OPEN, STATES
from upstander.policy.conformance.versions import listed, stands_in_the_way, version_at
from upstander.policy.model import BecomesTrue, Role, WhenOverdue
from upstander.policy.verdict import Key, Picture

COLUMNS = (
    "record",
    "kind",
    "what",
    "rule",
    "clause",
    "version",
    "key",
    "occurrence",
    "arose",
    "due",
    "state",
    "strength",
    "who",
    "settled_event",
    "settled_at",
    "because",
    "why",
    "flags",
)
MOMENTS = frozenset({"arose", "due", "settled_at"})
Table = dict[str, Any]
"""A column of texts is an array or one text for all rows; of moments minutes since 1970, FAR for none; of occurrences numbers."""


def tables(verdicts: Verdicts) -> Iterator[Table]:
    """The rows of some verdicts, in tables of like rows."""
    for part in verdicts.chunks:
        reader = _Tables(verdicts, part)
        for block in part.duties:
            if len(block.instances):
                yield reader.duties(block)
        for limits in part.limits:
            if len(limits.acts.row):
                yield reader.breaches(limits)
        for fact, key in part.facts:
            if len(key):
                yield reader.facts(fact.id, tuple(name.name for name in fact.for_each), key)
        for picture, rules in part.handed.values():
            yield from _of_picture(picture, rules)
        if verdicts.pack.closure.get(part.chunk.record_kind) is not None:
            yield reader.records()
    for picture in verdicts.whole.values():
        yield from _of_picture(picture, None)
        if verdicts.pack.closure.get(picture.kind) is not None:
            lacking = "; ".join(_lacking(one.fact or one.rule or "", one.key) for one in picture.missing)
            yield _table(
                1,
                what="record",
                record=picture.record,
                kind=picture.kind,
                state=_closable(picture.closable),
                why=lacking,
            )


def _closable(closable: bool) -> str:
    return "closable" if closable else "not closable"


def _lacking(name: str, key: Key) -> str:
    return f"{name} {key_text(key)}".strip()


def key_text(key: Key) -> str:
    return ", ".join(f"{name}={value}" for name, value in key)


def _table(rows: int, **given: Any) -> Table:
    table: Table = dict.fromkeys(COLUMNS, "")
    table |= {name: np.full(rows, FAR) for name in MOMENTS}
    table["occurrence"] = np.zeros(rows, dtype=np.int64)
    return table | given | {"rows": rows}


class _Tables:
    """Tables of one chunk."""

    def __init__(self, verdicts: Verdicts, part: ChunkVerdicts) -> None:
        self.verdicts, self.part, self.chunk = verdicts, part, part.chunk
        self.reader = ChunkReader(verdicts, part)
        columns, log = verdicts.log.columns, verdicts.log
        first_rows = log.bounds[part.records]
        self.record_names = _texts([columns.values[code] for code in columns.record[first_rows].tolist()])
        self.ids = columns.ids
        self._values: Texts | None = None

    def _value_texts(self) -> Texts:
        if self._values is None:
            self._values = _texts([value if isinstance(value, str) else "" for value in self.chunk.shared.values])
        return self._values

    def _keys(self, names: tuple[str, ...], key: Ints) -> Any:
        if not names:
            return ""
        space, found = self.part.keys.space(names), None
        for name, part in zip(names, space.parts, strict=True):
            text = np.strings.add(f"{name}=", self._value_texts()[part[key]])
            found = text if found is None else np.strings.add(np.strings.add(found, ", "), text)
        return found

    def _base(self, rows: int, group: Ints, names: tuple[str, ...], key: Ints, **given: Any) -> Table:
        record, kind = self.record_names[group], self.chunk.record_kind
        return _table(rows, record=record, kind=kind, key=self._keys(names, key), **given)

    def duties(self, block: DutyBlock) -> Table:
        rule, several, judged = block.rule, block.instances, block.judged
        table = self._base(len(several), several.group, several.names, several.key, what="duty", rule=rule.id)
        table |= {
            "clause": "; ".join(rule.clause),
            "version": version_at(self.verdicts.series, several.at),
            "strength": rule.strength.value,
            "occurrence": occurrence(several.key),
            "arose": several.at,
            "due": judged.due,
            "state": _texts([state.value for state in STATES])[judged.state],
            "settled_at": judged.settled_at,
            "settled_event": self._ids(judged.row),
            "because": self._because(block),
            "why": _by_value(
                _packed(judged.why, judged.why_bits), lambda packed: "; ".join(why(rule, packed & 7, packed >> 3))
            ),
            "flags": _by_value(judged.flags, lambda bits: "; ".join(flags_of(bits))),
            "who": self._who(block),
        }
        return table

    def _ids(self, row: Ints) -> Texts:
        texts = np.full(len(row), "", dtype=np.dtypes.StringDType())
        there = np.flatnonzero(row >= 0)
        texts[there] = id_texts(self.ids[self.chunk.row[row[there]]])
        return texts

    def _because(self, block: DutyBlock) -> Any:
        rule, several = block.rule, block.instances
        if isinstance(rule.when, BecomesTrue):
            return rule.when.fact
        if isinstance(rule.when, WhenOverdue):
            return rule.when.duty
        causes = several.causes
        first, last = causes.bounds[several.trigger], causes.bounds[several.trigger + 1]
        texts = self._ids(causes.row[first])
        for place in np.flatnonzero(last - first > 1).tolist():
            rows = causes.row[first[place] : last[place]]
            texts[place] = "; ".join(dict.fromkeys(self._ids(rows).tolist()))
        return texts

    def _who(self, block: DutyBlock) -> Any:
        """Roles are the same for all rows; persons are looked up for each."""
        if all(isinstance(bearer, Role) for bearer in block.rule.who):
            return "; ".join(f"role={bearer.role}" for bearer in block.rule.who if isinstance(bearer, Role))
        return _texts([who_text(who) for who in self.reader.bearers(block)])

    def breaches(self, block: LimitBlock) -> Table:
        limit, row = block.limit, block.acts.row
        names = tuple(name.name for name in limit.for_each)
        table = self._base(len(row), self.chunk.group[row], names, block.acts.key, what="breach", rule=limit.id)
        return table | {
            "clause": "; ".join(limit.clause),
            "version": version_at(self.verdicts.series, self.chunk.at[row]),
            "strength": limit.strength.value,
            "arose": self.chunk.at[row],
            "because": self._ids(row),
            "why": _by_value(block.missing, lambda number: "; ".join(block.texts[number])),
        }

    def facts(self, fact: str, names: tuple[str, ...], key: Ints) -> Table:
        group = self.part.keys.space(names).group[key]
        return self._base(len(key), group, names, key, what="fact", rule=fact, state="holds")

    def records(self) -> Table:
        """Whether each record may be closed, and what it lacks."""
        chunk = self.chunk
        texts: list[list[str]] = [[] for _ in range(chunk.records)]
        closure = chunk.pack.closure[chunk.record_kind]
        for group, one in self.reader.lacking():
            texts[group].append(_lacking(one.fact or "", one.key))
        ids = listed(self.verdicts.series, closure)
        for block in self.part.duties:
            if block.rule.id in ids:
                self._open_duties(block, texts)
        for group, (picture, rules) in self.part.handed.items():
            texts[group] += [
                _lacking(one.fact, one.key)
                for one in picture.missing
                if one.fact is not None and ("closure", picture.kind) in rules
            ]
            texts[group] += [
                _lacking(duty.rule, duty.key)
                for duty in picture.duties
                if ("duty", duty.rule) in rules and duty.rule in ids and stands_in_the_way(self.verdicts.series, duty)
            ]
        states = _texts([_closable(not one) for one in texts])
        whys = _texts(["; ".join(dict.fromkeys(one)) for one in texts])
        return _table(
            chunk.records, record=self.record_names, kind=chunk.record_kind, what="record", state=states, why=whys
        )

    def _open_duties(self, block: DutyBlock, texts: list[list[str]]) -> None:
        hindering = np.array([hinders(block.rule, state) for state in STATES])
        open_: Mask = OPEN[block.judged.state] & hindering[block.judged.state]
        several = block.instances.where(open_)
        for group, key in self.reader.key_texts(several.names, several.key.tolist()):
            texts[group].append(_lacking(block.rule.id, key))


def _packed(sort: Ints, bits: Ints) -> Ints:
    return sort | (np.where(sort == NO_REASON, 0, bits) << 3)


def _by_value(column: Ints, text: Any) -> Any:
    """A text for each different number."""
    different, place = np.unique(column, return_inverse=True)
    texts = [text(value) for value in different.tolist()]
    return texts[0] if len(texts) == 1 else _texts(texts)[place]


def _texts(values: list[Any]) -> Texts:
    return np.array(values, dtype=np.dtypes.StringDType())


def who_text(who: tuple[Mapping[str, str], ...]) -> str:
    return "; ".join(" of ".join(f"{name}={value}" for name, value in one.items()) for one in who)


def _of_picture(picture: Picture, rules: frozenset[tuple[str, str]] | None) -> Iterator[Table]:
    """Rows of a record that the compiled strategy judged, wholly or under some rules."""
    rows: list[dict[str, Any]] = []
    for duty in picture.duties:
        if rules is None or ("duty", duty.rule) in rules:
            row = {name: getattr(duty, name) for name in _OF_DUTY}
            settled = duty.settled
            row |= {
                "what": "duty",
                "state": duty.state.value,
                "strength": duty.strength.value,
                "who": who_text(duty.who),
            }
            row |= {"settled_event": settled.event, "settled_at": settled.at} if settled is not None else {}
            rows.append(row)
    for breach in picture.breaches:
        if rules is None or ("limit", breach.rule) in rules:
            row = {
                "what": "breach",
                "rule": breach.rule,
                "clause": breach.clause,
                "key": breach.key,
                "arose": breach.at,
            }
            row |= {"strength": breach.strength.value, "because": (breach.event,)}
            rows.append(row | {"why": breach.missing, "flags": breach.flags})
    rows += [
        {"what": "fact", "rule": held.fact, "key": held.key, "state": "holds"}
        for held in picture.facts
        if rules is None or ("fact", held.fact) in rules
    ]
    if rows:
        yield _from_rows(picture, rows)


_OF_DUTY = ("rule", "clause", "version", "key", "occurrence", "arose", "due", "because", "why", "flags")


def _from_rows(picture: Picture, rows: list[dict[str, Any]]) -> Table:
    table = _table(len(rows), record=picture.record, kind=picture.kind)
    for name in COLUMNS[2:]:
        column = [row.get(name) for row in rows]
        if name in MOMENTS:
            table[name] = np.array([minute_of(moment) if moment is not None else FAR for moment in column])
        elif name == "occurrence":
            table[name] = np.array([number or 0 for number in column], dtype=np.int64)
        elif name == "key":
            table[name] = _texts([key_text(key or ()) for key in column])
        else:
            table[name] = _texts(["; ".join(one) if isinstance(one, tuple) else one or "" for one in column])
    return table
