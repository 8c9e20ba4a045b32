"""A log as columns of whole numbers: every text, number and list of codes is a number of one dictionary.

``Columns`` holds events in the order of the file. ``Encoder`` makes them from events; ``event_at`` gives an event back, for the
rules that are handed to the compiled strategy. Moments are minutes since 1970 in civil time (``days``).
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

from upstander.policy.conformance.days import Ints, minute_of, moment_of
from upstander.policy.conformance.ragged import distinct
from upstander.policy.log import Doer, Event, FieldValue

Codes = npt.NDArray[np.int32]
Texts = npt.NDArray[Any]
NOTHING = -1


@dataclass(frozen=True, slots=True)
class Sparse:
    """What some rows carry under one name: the row and the code, by row. A row may carry several persons."""

    rows: Ints
    codes: Ints

    def between(self, first: int, last: int) -> Sparse:
        """Of the rows from one to before another, reckoned from the first, in the width in which is reckoned."""
        a, b = np.searchsorted(self.rows, np.array((first, last), dtype=self.rows.dtype))
        return Sparse(self.rows[a:b] - np.int64(first), self.codes[a:b].astype(np.int64))

    def narrow(self) -> Sparse:
        """The same in half the room, where it fits."""
        return Sparse(narrowed(self.rows), narrowed(self.codes))


def narrowed(column: Ints) -> Ints:
    """A column of whole numbers in 32 bits, where these hold them."""
    if column.dtype.itemsize <= 4 or not len(column):
        return column
    fits = int(column.min()) > -(1 << 31) and int(column.max()) < 1 << 31
    return column.astype(np.int32) if fits else column


EMPTY = Sparse(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))


@dataclass(eq=False)
class Columns:
    """Events as columns. ``values``: the dictionary; −1 in a column of codes: nothing.

    ``record`` and ``record_kind`` tell to which record a row belongs; ``ids`` are the ids of the events, or numbers n where the log
    has none and they are called *en* (``id_texts``).
    """

    values: list[FieldValue]
    record: Codes
    record_kind: Codes
    ids: Texts | Ints
    kind: Codes
    at: Ints
    recorded: Ints
    person: Codes
    role: Codes
    about: dict[str, Sparse] = field(default_factory=dict)
    fields: dict[str, Sparse] = field(default_factory=dict)
    ids_differ: bool = False
    """Whether it is known that no two events have one id."""

    def __len__(self) -> int:
        return len(self.at)

    def narrow(self) -> Columns:
        """The same in half the room: what a log is kept in while it is judged. ``recorded`` may be ``at`` itself."""
        at = narrowed(self.at)
        return replace(
            self,
            at=at,
            recorded=at if np.array_equal(self.at, self.recorded) else narrowed(self.recorded),
            about={name: several.narrow() for name, several in self.about.items()},
            fields={name: several.narrow() for name, several in self.fields.items()},
        )

    def take(self, rows: Ints) -> Columns:
        """Only these rows, in this order, with the same dictionary."""
        place = np.full(len(self), NOTHING, dtype=np.int64)
        place[rows] = np.arange(len(rows))
        return Columns(
            self.values,
            self.record[rows],
            self.record_kind[rows],
            self.ids[rows],
            self.kind[rows],
            self.at[rows],
            self.recorded[rows],
            self.person[rows],
            self.role[rows],
            {name: moved(several, place) for name, several in self.about.items()},
            {name: moved(several, place) for name, several in self.fields.items()},
            self.ids_differ,
        )


def moved(several: Sparse, place: Ints, *, in_order: bool = False) -> Sparse:
    """The same at other rows; what has no place falls away. ``in_order``: no row overtakes another."""
    rows = place.take(several.rows)
    kept = np.flatnonzero(rows >= 0)
    rows, codes = rows.take(kept), several.codes.take(kept)
    if not in_order and len(rows) > 1 and not bool(np.all(rows[1:] >= rows[:-1])):
        order = np.argsort(rows, kind="stable")
        rows, codes = rows[order], codes[order]
    return Sparse(rows, codes)


class Dictionary:
    """Values and their codes. ``1`` and ``"1"`` are two values, and so are ``1`` and ``1.0``, as texts differ."""

    def __init__(self) -> None:
        self.values: list[FieldValue] = []
        self._texts: dict[str, int] = {}
        self._others: dict[tuple[object, ...], int] = {}

    def code(self, value: FieldValue) -> int:
        if type(value) is str:
            found = self._texts.get(value)
            if found is None:
                found = self._texts[value] = len(self.values)
                self.values.append(value)
            return found
        marker = _marker(value)
        found = self._others.get(marker)
        if found is None:
            found = self._others[marker] = len(self.values)
            self.values.append(value)
        return found


def _marker(value: FieldValue) -> tuple[object, ...]:
    if isinstance(value, tuple):
        return ("list", *(_marker(part) for part in value))
    return (isinstance(value, Decimal), str(value))


class _Pairs:
    def __init__(self) -> None:
        self.rows, self.codes = array("q"), array("q")

    def sparse(self) -> Sparse:
        return Sparse(np.array(self.rows, dtype=np.int64), np.array(self.codes, dtype=np.int64))


class Encoder:
    """Gathers events, one after the other, into columns."""

    def __init__(self) -> None:
        self.dictionary = Dictionary()
        self._codes = {name: array("i") for name in ("record", "record_kind", "kind", "person", "role")}
        self._at, self._recorded = array("q"), array("q")
        self._ids: list[str] = []
        self._about: dict[str, _Pairs] = {}
        self._fields: dict[str, _Pairs] = {}

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, record: str, record_kind: str, event: Event) -> None:
        code, row, columns = self.dictionary.code, len(self._ids), self._codes
        columns["record"].append(code(record))
        columns["record_kind"].append(code(record_kind))
        columns["kind"].append(code(event.kind))
        columns["person"].append(code(event.by.person) if event.by.person is not None else NOTHING)
        columns["role"].append(code(event.by.role) if event.by.role is not None else NOTHING)
        at = minute_of(event.at)
        self._at.append(at)
        self._recorded.append(at if event.recorded is event.at else minute_of(event.recorded))
        self._ids.append(event.id)
        for name, ids in event.about.items():
            pairs = self._about.setdefault(name, _Pairs())
            for id_ in ids:
                pairs.rows.append(row)
                pairs.codes.append(code(id_))
        for name, value in event.fields.items():
            pairs = self._fields.setdefault(name, _Pairs())
            pairs.rows.append(row)
            pairs.codes.append(code(value))

    def finish(self) -> Columns:
        codes = {name: np.array(column, dtype=np.int32) for name, column in self._codes.items()}
        return Columns(
            self.dictionary.values,
            codes["record"],
            codes["record_kind"],
            texts(self._ids),
            codes["kind"],
            np.array(self._at, dtype=np.int64),
            np.array(self._recorded, dtype=np.int64),
            codes["person"],
            codes["role"],
            {name: pairs.sparse() for name, pairs in self._about.items()},
            {name: pairs.sparse() for name, pairs in self._fields.items()},
            len(set(self._ids)) == len(self._ids),
        )


def texts(values: Sequence[str]) -> Texts:
    """Texts side by side, short ones in sixteen bytes."""
    return np.array(values, dtype=np.dtypes.StringDType())


def id_texts(ids: Texts | Ints) -> Texts:
    """The ids of events as texts."""
    if ids.dtype.kind != "i":
        return ids
    found: Texts = np.strings.add("e", ids.astype(np.dtypes.StringDType()))
    return found


def encode(logs: Sequence[tuple[str, str, Sequence[Event]]]) -> Columns:
    """The columns of whole logs: record, kind of record, events."""
    encoder = Encoder()
    for record, kind, events in logs:
        for event in events:
            encoder.add(record, kind, event)
    return encoder.finish()


def joined(parts: Sequence[Columns]) -> Columns:
    """Several columns behind each other, under one dictionary."""
    if len(parts) == 1:
        return parts[0]
    dictionary = Dictionary()
    renamed = [_with_codes(part, dictionary) for part in parts]
    offsets = np.cumsum([0, *(len(part) for part in parts)])

    def column(name: str) -> Any:
        return np.concatenate([getattr(part, name) for part in renamed])

    numbered = all(part.ids.dtype.kind == "i" for part in parts)

    return Columns(
        dictionary.values,
        column("record"),
        column("record_kind"),
        column("ids") if numbered else np.concatenate([id_texts(part.ids) for part in parts]),
        column("kind"),
        column("at"),
        column("recorded"),
        column("person"),
        column("role"),
        _joined_sparse([part.about for part in renamed], offsets),
        _joined_sparse([part.fields for part in renamed], offsets),
        _differ(parts),
    )


def _differ(parts: Sequence[Columns]) -> bool:
    """Whether no two events of all parts have one id."""
    if not all(part.ids_differ for part in parts):
        return False
    if all(part.ids.dtype.kind == "i" for part in parts):
        return len(distinct(np.concatenate([part.ids for part in parts]))) == sum(map(len, parts))
    different: set[str] = set()
    for part in parts:
        different.update(id_texts(part.ids).tolist())
    return len(different) == sum(map(len, parts))


def renamed_alone(part: Columns) -> Columns:
    """The same with a dictionary of just the values that its rows use."""
    return _with_codes(part, Dictionary())


def _with_codes(part: Columns, dictionary: Dictionary) -> Columns:
    """The same rows under another dictionary; only values that a row uses are taken over."""
    columns = (part.record, part.record_kind, part.kind, part.person, part.role)
    several = [*part.about.values(), *part.fields.values()]
    used = np.unique(np.concatenate([*columns, *(sparse.codes for sparse in several)]))
    new = np.full(len(part.values) + 1, NOTHING, dtype=np.int64)
    for code in used.tolist():
        if code >= 0:
            new[code] = dictionary.code(part.values[code])
    record, record_kind, kind, person, role = (new[column].astype(np.int32) for column in columns)
    return Columns(
        dictionary.values,
        record,
        record_kind,
        part.ids,
        kind,
        part.at,
        part.recorded,
        person,
        role,
        {name: Sparse(sparse.rows, new[sparse.codes]) for name, sparse in part.about.items()},
        {name: Sparse(sparse.rows, new[sparse.codes]) for name, sparse in part.fields.items()},
        part.ids_differ,
    )


def _joined_sparse(parts: Sequence[dict[str, Sparse]], offsets: Ints) -> dict[str, Sparse]:
    names = {name: None for part in parts for name in part}
    return {
        name: Sparse(
            np.concatenate([part.get(name, EMPTY).rows + offset for part, offset in zip(parts, offsets, strict=False)]),
            np.concatenate([part.get(name, EMPTY).codes for part in parts]),
        )
        for name in names
    }


def event_at(columns: Columns, row: int) -> Event:
    """The event of a row, as it was."""
    values = columns.values

    def value(code: int) -> str | None:
        return str(values[code]) if code >= 0 else None

    return Event(
        str(id_texts(columns.ids[row : row + 1])[0]),
        str(values[columns.kind[row]]),
        _moment(columns.at[row]),
        _moment(columns.recorded[row]),
        Doer(value(columns.person[row]), value(columns.role[row])),
        {
            name: tuple(str(values[code]) for code in found)
            for name, several in columns.about.items()
            if len(found := _of_row(several, row))
        },
        {name: values[found[0]] for name, several in columns.fields.items() if len(found := _of_row(several, row))},
    )


def _moment(minute: int) -> datetime:
    return moment_of(minute)


def _of_row(several: Sparse, row: int) -> list[int]:
    first, last = np.searchsorted(several.rows, (row, row + 1))
    found: list[int] = several.codes[first:last].tolist()
    return found
