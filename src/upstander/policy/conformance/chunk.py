"""Some records as sorted columns under one version of a pack: names, patterns, values (§2)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

from upstander.policy.calendar import WEEKDAYS, clock
from upstander.policy.conformance.columns import EMPTY, Codes, Columns, Sparse
from upstander.policy.conformance.dates import Read, minute_of_date, thousandths
from upstander.policy.conformance.days import BEFORE, DAY, FAR, Days, Ints, Mask
from upstander.policy.conformance.ragged import bounds_of, distinct
from upstander.policy.log import FieldValue
from upstander.policy.model import Condition, Pack, Pattern, Test
from upstander.policy.reference import match

RESERVED = ("role", "time of day", "weekday", "school day", "school hours")


class Shared:
    """What all chunks of one evaluation share: the dictionary, with what is known of its values."""

    def __init__(self, columns: Columns, texts: dict[str, int]) -> None:
        self.values = columns.values
        self.size = len(self.values)
        self._codes = self._texts(columns) | texts
        self._tables: dict[int, tuple[Condition, np.ndarray]] = {}
        self.dates = Read(self.values, minute_of_date, FAR)
        self.numbers = Read(self.values, thousandths, 0)

    def _texts(self, columns: Columns) -> dict[str, int]:
        """The codes of kinds, roles and what fields hold; persons and records, who are most of a dictionary, nobody looks up."""
        used = np.zeros(self.size + 1, dtype=bool)
        used[columns.kind] = used[columns.role] = True
        for several in columns.fields.values():
            used[several.codes] = True
        codes = np.flatnonzero(used[:-1]).tolist()
        return {value: code for code in codes if isinstance(value := self.values[code], str)}

    def code(self, text: str) -> int:
        """The code of a kind, a role or what a field holds; −1 if no event has it."""
        return self._codes.get(text, -1)

    def meets(self, codes: Ints | Codes, condition: Condition) -> Mask:
        """Whether each value meets a condition; −1 (missing) meets none."""
        held = self._tables.get(id(condition))
        if held is None or held[0] is not condition:
            held = self._tables[id(condition)] = (condition, np.full(self.size + 1, -1, dtype=np.int8))
        table = held[1]
        table[-1] = 0
        found = table[codes]
        unknown = np.flatnonzero(found < 0)
        if len(unknown):
            for code in np.unique(codes[unknown]).tolist():
                table[code] = match.meets(self.values[code], condition)
            found = table[codes]
        return found.view(np.bool_)


class Chunk:
    """The events of some records that count at ``now``, sorted by (record, at, position).

    ``group``: the record of each row, from 0; ``row``: its place in the whole log. Names and patterns are worked out when first
    asked for.
    """

    def __init__(
        self,
        shared: Shared,
        pack: Pack,
        days: Days,
        now: int,
        record_kind: str,
        columns: Columns,
        group: Ints,
        row: Ints,
    ) -> None:
        self.shared, self.pack, self.days, self.now, self.record_kind = shared, pack, days, now, record_kind
        self.group, self.row, self.records = group, row, int(group[-1]) + 1 if len(group) else 0
        self.at, self.recorded = columns.at, columns.recorded
        self.person, self.role, self.kind = columns.person, columns.role, columns.kind
        self.about, self.fields = columns.about, columns.fields
        self.bounds = bounds_of(group, self.records)
        self.size = len(group)
        self.at_once = bool(np.array_equal(columns.recorded, columns.at))
        """Whether everything was written down in the minute in which it happened."""
        self._kinds: dict[str, Ints] = {}
        self._small, self._places = self._small_kinds()
        self._named: dict[str, Sparse] = {}
        self._numbers: dict[str, Ints] = {}
        self._carried: dict[str, Sparse] = {}
        self._dense: dict[str, Codes] = {}
        self._declaring: dict[str, Mask] = {}
        self._matched: dict[int, tuple[Pattern, Ints]] = {}

    def forget(self) -> None:
        """Lets go of what was worked out; what is asked again is worked out again."""
        for worked_out in (
            self._kinds,
            self._named,
            self._numbers,
            self._carried,
            self._dense,
            self._declaring,
            self._matched,
        ):
            worked_out.clear()

    # --- kinds and fields ----------------------------------------------------------------------------------------------

    def of_kind(self, kind: str) -> Ints:
        """The rows of a kind of event."""
        rows = self._kinds.get(kind)
        if rows is None:
            place = self._places.get(kind)
            rows = self._kinds[kind] = np.flatnonzero(self._small == place) if place is not None else _NO_ROWS
        return rows

    def _small_kinds(self) -> tuple[npt.NDArray[Any], dict[str, int]]:
        """The kind of each row as a small number, quick to look through, and the number of each kind that there is."""
        codes = [code if (code := self.shared.code(name)) >= 0 else self.shared.size for name in self.pack.events]
        places = np.zeros(self.shared.size + 1, dtype=np.uint8 if len(codes) < 255 else np.uint16)
        places[codes] = np.arange(1, len(codes) + 1)
        places[-1] = 0
        small = places.take(self.kind)
        there = np.bincount(small, minlength=len(codes) + 1).tolist()
        return small, {name: place for place, name in enumerate(self.pack.events, 1) if there[place]}

    def field(self, name: str) -> Codes:
        """The code of a field of every row, −1 where it is missing."""
        found = self._dense.get(name)
        if found is None:
            found = np.full(self.size, -1, dtype=np.int32)
            several = self.fields.get(name, EMPTY)
            found[several.rows] = several.codes
            self._dense[name] = found
        return found

    def moments(self, name: str, rows: Ints) -> Ints:
        """The moments of a date field, FAR where it holds none."""
        return self.shared.dates.of(self.field(name)[rows])

    # --- names ---------------------------------------------------------------------------------------------------------

    def named(self, name: str) -> Sparse:
        """Whom or what each row carries under a name: of a group, everybody in one of its roles or under its own name."""
        found = self._named.get(name)
        if found is None:
            found = self._named[name] = self._work_out_named(name)
        return found

    def _work_out_named(self, name: str) -> Sparse:
        role = self.pack.roles.get(name)
        members = role.any_of if role is not None else ()
        parts = [self.about[part] for part in (name, *members) if part in self.about and len(self.about[part].rows)]
        found = once_each(parts, self.shared.size)
        if name not in self.fields:
            return found
        codes = self.field(name).copy()
        codes[found.rows] = -1
        rows = np.flatnonzero(codes >= 0)
        if not len(rows):
            return found
        return once_each([found, *self.as_texts(rows, codes[rows])], self.shared.size)

    def as_texts(self, rows: Ints, codes: Ints | Codes) -> list[Sparse]:
        """What fields hold, as texts: numbers as they are written, lists one by one."""
        parts, plain = [], np.ones(len(rows), dtype=bool)
        for code in np.unique(codes).tolist():
            value = self.shared.values[code]
            if isinstance(value, str):
                continue
            where = codes == code
            plain &= ~where
            texts = (np.full(int(where.sum()), self.shared.code(text), dtype=np.int64) for text in match.texts(value))
            parts += [Sparse(rows[where], text) for text in texts]
        return [Sparse(rows[plain], codes[plain].astype(np.int64)), *parts]

    def carried(self, name: str) -> Sparse:
        """The same, of the kinds alone that declare the name."""
        found = self._carried.get(name)
        if found is None:
            several = self.named(name)
            kept = self.declaring(name)[self.kind[several.rows]]
            found = several if bool(np.all(kept)) else Sparse(several.rows[kept], several.codes[kept])
            self._carried[name] = found
        return found

    def declaring(self, name: str) -> Mask:
        """For each code of a kind whether the kind declares a name."""
        declares = self._declaring.get(name)
        if declares is None:
            declares = self._declaring[name] = np.zeros(self.shared.size + 1, dtype=bool)
            for kind in self.pack.events:
                code = self.shared.code(kind)
                if code >= 0:
                    declares[code] = match.declares(self.pack, kind, name)
        return declares

    # --- patterns ------------------------------------------------------------------------------------------------------

    def matched(self, pattern: Pattern) -> Ints:
        """The rows that match a pattern, in order."""
        held = self._matched.get(id(pattern))
        if held is not None:
            return held[1]
        parts = []
        for alternative in pattern.alternatives:
            rows = self.of_kind(alternative.kind)
            for test in alternative.tests:
                rows = rows.take(np.flatnonzero(self.passes(rows, test))) if len(rows) else rows
            parts.append(rows)
        rows = parts[0] if len(parts) == 1 else distinct(np.concatenate(parts))
        self._matched[id(pattern)] = (pattern, rows)
        return rows

    def _number_of(self, name: str) -> Ints:
        found = self._numbers.get(name)
        if found is None:
            found = self._numbers[name] = np.bincount(self.named(name).rows, minlength=self.size)
        return found

    def passes(self, rows: Ints, test: Test) -> Mask:
        name, condition = test.field, test.condition
        if name.startswith(match.NUMBER_OF):
            counts = self._number_of(name.removeprefix(match.NUMBER_OF)).take(rows)
            return _by_table(counts, [Decimal(n) for n in range(int(counts.max(initial=0)) + 1)], condition)
        match name:
            case "role":
                codes = self.role[rows].astype(np.int64)
                instead = self.field("role")[rows] if "role" in self.fields else codes
                return self.shared.meets(np.where(codes >= 0, codes, instead), condition)
            case "time of day":
                return _by_table(self.at[rows] % DAY, [clock(n) for n in range(DAY)], condition)
            case "weekday":
                return _by_table((self.at[rows] // DAY + 3) % 7, WEEKDAYS, condition)
            case "school day":
                held = self.days.school[self.at[rows] // DAY + BEFORE]
                return _by_table(held.astype(np.int64), ("no", "yes"), condition)
            case "school hours":
                return _by_table(self.days.school_hours(self.at[rows]).astype(np.int64), ("no", "yes"), condition)
        return self.shared.meets(self.field(name)[rows], condition)


_NO_ROWS = np.zeros(0, dtype=np.int64)


def _by_table(places: Ints, values: Sequence[FieldValue], condition: Condition) -> Mask:
    table = np.array([match.meets(value, condition) for value in values], dtype=bool)
    return table[places]


def once_each(parts: list[Sparse], values: int) -> Sparse:
    """Several carriers of one name as one, each person once in a row."""
    if not parts:
        return EMPTY
    packed = [part.rows * values + part.codes for part in parts]
    if len(packed) == 1 and bool(np.all(packed[0][1:] > packed[0][:-1])):
        return parts[0]
    together = distinct(np.concatenate(packed))
    rows = together // values
    return Sparse(rows, together - rows * values)
