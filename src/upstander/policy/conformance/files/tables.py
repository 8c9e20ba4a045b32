"""Events from CSV and Parquet through Arrow: each different text of a column is looked at once."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from upstander.policy.conformance.columns import NOTHING, Columns, Dictionary, Sparse
from upstander.policy.conformance.days import Ints, Mask, minute_of
from upstander.policy.conformance.files.names import (
    FIRST_YEAR,
    LAST_YEAR,
    PLAIN,
    Told,
    Unreadable,
    name_columns,
    persons_of,
    type_of,
    usual_kind,
    value_of,
)
from upstander.policy.conformance.ragged import spread
from upstander.policy.log import FieldValue
from upstander.policy.model import Pack
from upstander.policy.verdict_json import BadEvent, read_minute

BATCH = 100_000
LONGEST = 4_000_000
NOT_UTF8 = "the text is not UTF-8"
_UNREAD = np.iinfo(np.int64).min
_EARLIEST, _LATEST = minute_of(datetime(FIRST_YEAR, 1, 1)), minute_of(datetime(LAST_YEAR + 1, 1, 1)) - 1


def read_csv(path: Path, pack: Pack, mapping: Mapping[str, str], told: Told) -> Iterator[Columns]:
    """Columns of so many events each. Every cell is text; what it is the pack says."""
    wrong: list[tuple[int, str]] = []

    def refuse(row: Any) -> str:
        wrong.append((row.number or 0, f"{row.actual_columns} columns instead of {row.expected_columns}"))
        return "skip"

    header = _header(path)
    delimiter = max((",", ";", "\t"), key=header.count)
    names = next(csv.reader([header], delimiter=delimiter), [])
    reader = _opened(
        pyarrow.csv.open_csv,
        path,
        read_options=pyarrow.csv.ReadOptions(block_size=16 << 20, use_threads=False),  # only so it counts lines
        parse_options=pyarrow.csv.ParseOptions(
            delimiter=delimiter, invalid_row_handler=refuse, newlines_in_values=True
        ),
        convert_options=pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), check_utf8=False),
    )
    yield from _batches(reader, pack, mapping, told, _Lines(2, wrong))
    for line, why in wrong:
        told.broke(line, why)


def read_parquet(path: Path, pack: Pack, mapping: Mapping[str, str], told: Told) -> Iterator[Columns]:
    """Columns of so many events each; moments may be timestamps, persons and codes lists."""
    file = _opened(pyarrow.parquet.ParquetFile, path)
    yield from _batches(file.iter_batches(batch_size=BATCH), pack, mapping, told, _Lines(1, []))


def _header(path: Path) -> str:
    with path.open("rb") as stream:
        first = stream.readline(LONGEST)
    try:
        header = first.decode("utf-8-sig").strip("\r\n")
    except UnicodeDecodeError:
        raise Unreadable(NOT_UTF8) from None
    if "\0" in header:
        raise Unreadable("it is no CSV")
    return header


def _opened(open_: Callable[..., Any], path: Path, **more: Any) -> Any:
    try:
        return open_(path, **more)
    except pa.ArrowException as error:
        raise Unreadable("it is no Parquet" if path.suffix == ".parquet" else "it is no CSV") from error


def _batches(batches: Any, pack: Pack, mapping: Mapping[str, str], told: Told, lines: _Lines) -> Iterator[Columns]:
    row = 0
    batches = iter(batches)
    while True:
        try:
            batch = next(batches, None)
        except (pa.ArrowException, OSError) as error:
            raise Unreadable(f"it breaks off after row {row}") from error
        if batch is None:
            return
        yield _Batch(batch, pack, mapping, told, lines, row).columns()
        row += batch.num_rows


class _Lines:
    """The line of the file on which a row stands, lines counted that have the wrong number of columns."""

    def __init__(self, first: int, wrong: list[tuple[int, str]]) -> None:
        self.first, self.wrong = first, wrong

    def __call__(self, row: int) -> int:
        line = self.first + row
        for number, _ in self.wrong:
            if number > line:
                break
            line += 1
        return line


class _Batch:
    """One batch of a table on its way into columns."""

    def __init__(
        self, batch: Any, pack: Pack, mapping: Mapping[str, str], told: Told, lines: _Lines, first_row: int
    ) -> None:
        self.batch, self.pack, self.told, self.lines, self.first_row = batch, pack, told, lines, first_row
        self.rows = batch.num_rows
        self.good: Mask = np.ones(self.rows, dtype=bool)
        self.dictionary = Dictionary()
        places = name_columns(batch.schema.names, mapping, pack, told)
        self.named = {name: batch.column(place) for name, place in places.items()}

    def columns(self) -> Columns:
        kind = self._codes("event")
        self._check_kinds(kind)
        at = self._minutes("at")
        recorded = self._minutes("recorded") if "recorded" in self.named else at
        recorded = np.where(recorded == _UNREAD, at, recorded)
        columns = Columns(
            self.dictionary.values,
            self._codes("record", "r1"),
            self._codes("kind", usual_kind(self.pack)),
            self._ids(),
            kind,
            at,
            recorded,
            self._codes("by.person"),
            self._codes("by.role"),
            {name[6:]: self._persons(name) for name in self.named if name.startswith("about.")},
            {name[7:]: self._values(name) for name in self.named if name.startswith("fields.")},
            "id" not in self.named,
        )
        good = np.flatnonzero(self.good)
        self.told.events += len(good)
        return columns if len(good) == self.rows else columns.take(good)

    def _ids(self) -> Any:
        if "id" not in self.named:
            return np.arange(self.first_row + 1, self.first_row + 1 + self.rows)
        indices, texts = self._encoded("id")
        own = [
            texts[place] or self._own_id(row) if place >= 0 else self._own_id(row) for row, place in enumerate(indices)
        ]
        return np.array(own, dtype=np.dtypes.StringDType())

    def _own_id(self, row: int) -> str:
        return f"e{self.first_row + row + 1}"

    def _break(self, row: int, why: str) -> None:
        if self.good[row]:
            self.good[row] = False
            self.told.broke(self.lines(self.first_row + row), why)

    def _encoded(self, name: str) -> tuple[Ints, list[Any]]:
        """Indices (−1: null) and the different values of a column; rows with what is no text are broken."""
        column = self.named[name]
        encoded = column if isinstance(column.type, pa.DictionaryType) else pc.dictionary_encode(self._texts(name))
        indices = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
        try:
            return indices, encoded.dictionary.to_pylist()
        except UnicodeDecodeError:
            values = [self._decoded(value) for value in encoded.dictionary.cast(pa.binary()).to_pylist()]
        for place in (place for place, value in enumerate(values) if value is None):
            for row in np.flatnonzero(indices == place).tolist():
                self._break(row, NOT_UTF8)
        return indices, [value or "" for value in values]

    def _texts(self, name: str) -> Any:
        """A column as texts, whether or not they are UTF-8."""
        column = self.named[name]
        try:
            if pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type):
                return pa.Array.from_buffers(
                    pa.string(), len(column), column.cast(pa.binary()).buffers(), offset=column.offset
                )
            return column.cast(pa.string())
        except (pa.ArrowException, ValueError) as error:
            raise Unreadable(f"no texts in column: {name}") from error

    @staticmethod
    def _decoded(value: bytes) -> str | None:
        try:
            return value.decode()
        except UnicodeDecodeError:
            return None

    def _codes(self, name: str, fallback: str | None = None) -> Any:
        """The codes of texts; an empty one is nothing, or the fallback."""
        nothing = self.dictionary.code(fallback) if fallback is not None else NOTHING
        if name not in self.named:
            if name == "event":
                self._break_all("event: the kind is missing")
            return np.full(self.rows, nothing, dtype=np.int32)
        indices, values = self._encoded(name)
        table = np.array([self.dictionary.code(str(text)) if text else nothing for text in values] + [nothing])
        return table[indices].astype(np.int32)

    def _break_all(self, why: str) -> None:
        for row in range(self.rows):
            self._break(row, why)

    def _check_kinds(self, kind: Any) -> None:
        for code in np.unique(kind).tolist():
            text = str(self.dictionary.values[code]) if code >= 0 else ""
            if text not in self.pack.events:
                why = f"no such kind of event: {text}" if text else "event: the kind is missing"
                for row in np.flatnonzero(kind == code).tolist():
                    self._break(row, why)

    def _minutes(self, name: str) -> Ints:
        """Moments as minutes in the pack's zone; −∞ for an empty cell of ``recorded``."""
        if name not in self.named:
            self._break_all(f"{name}: the moment is missing")
            return np.zeros(self.rows, dtype=np.int64)
        column = self.named[name]
        if pa.types.is_timestamp(column.type) and column.type.tz is None:
            seconds = column.cast(pa.timestamp("s"), safe=False).cast(pa.int64())
            minutes = np.asarray(seconds.fill_null(_UNREAD).to_numpy(zero_copy_only=False), dtype=np.int64)
            found = np.where(minutes == _UNREAD, _UNREAD, minutes // 60)
        else:
            found = self._read_minutes(name)
        for row in np.flatnonzero((found != _UNREAD) & ((found < _EARLIEST) | (found > _LATEST))).tolist():
            self._break(row, f"{name}: {column[row].as_py()}")
        if name == "at":
            for row in np.flatnonzero(found == _UNREAD).tolist():
                self._break(row, "at: the moment is missing")
            found = np.where(found == _UNREAD, 0, found)
        return found

    def _read_minutes(self, name: str) -> Ints:
        def minute(text: Any) -> int:
            if text is None or text == "":
                return _UNREAD
            moment: datetime = read_minute(text, self.pack.timezone, name)
            return minute_of(moment)

        column = self.named[name]
        if pa.types.is_timestamp(column.type):
            encoded = pc.dictionary_encode(column)
            indices = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
            return self._by_value(indices, encoded.dictionary.to_pylist(), minute, _UNREAD)
        indices, values = self._encoded(name)
        return self._by_value(indices, values, minute, _UNREAD)

    def _by_value(self, indices: Ints, values: list[Any], read: Callable[[Any], int], none: int) -> Ints:
        """What each different value is; rows of one that cannot be read are broken."""
        table = np.full(len(values) + 1, none, dtype=np.int64)
        for place, value in enumerate(values):
            try:
                table[place] = read(value)
            except (BadEvent, ValueError) as error:
                for row in np.flatnonzero(indices == place).tolist():
                    self._break(row, str(error))
                table[place] = 0
        return table[indices]

    def _persons(self, name: str) -> Sparse:
        """Who is named in each row: a list, or a cell with separators."""
        column = self.named[name]
        if pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
            lengths = pc.list_value_length(column).fill_null(0).to_numpy(zero_copy_only=False)
            try:
                texts = pc.dictionary_encode(pc.list_flatten(column).cast(pa.string()))
            except pa.ArrowException as error:
                raise Unreadable(f"no texts in column: {name}") from error
            table = np.array([self.dictionary.code(text) for text in texts.dictionary.to_pylist()] + [NOTHING])
            rows = np.repeat(np.arange(self.rows), lengths)
            codes = table[texts.indices.fill_null(-1).to_numpy(zero_copy_only=False)]
            return Sparse(rows[codes >= 0], codes[codes >= 0])
        indices, values = self._encoded(name)
        cells = [[self.dictionary.code(one) for one in persons_of(str(text))] if text else [] for text in values] + [[]]
        counts = np.array([len(cell) for cell in cells])
        owner, place = spread((np.cumsum(counts) - counts)[indices], counts[indices])
        return Sparse(owner, np.array([code for cell in cells for code in cell], dtype=np.int64)[place])

    def _values(self, name: str) -> Sparse:
        type_ = type_of(self.pack, name[7:])
        column = self.named[name]
        if pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
            several = [tuple(str(part) for part in one) if one is not None else None for one in column.to_pylist()]
            codes = np.array([self.dictionary.code(one) if one is not None else NOTHING for one in several])
        else:

            def code(text: Any) -> int:
                value: FieldValue | None = value_of(str(text), type_) if text is not None else None
                return self.dictionary.code(value) if value is not None else NOTHING

            indices, values = self._encoded(name)
            codes = self._by_value(indices, values, code, NOTHING)
        rows = np.flatnonzero(codes >= 0)
        return Sparse(rows, codes[rows])


__all__ = ["PLAIN", "read_csv", "read_parquet"]
