"""Verdicts into a file: Parquet and CSV as one table, JSON in the form of ``pack simulate``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import IO, Any, Protocol

import numpy as np

from upstander.policy.conformance.days import FAR
from upstander.policy.conformance.evaluate import Verdicts
from upstander.policy.conformance.files.rows import COLUMNS, MOMENTS, Table, tables
from upstander.policy.conformance.pictures import pictures
from upstander.policy.verdict_json import picture_to_json


class UnknownForm(ValueError):
    """A file whose ending is none that can be written."""


class Writer(Protocol):
    """Takes the verdicts of one part of the log after the other."""

    def write(self, verdicts: Verdicts) -> None: ...
    def open(self) -> None: ...
    def close(self) -> None: ...


class Nothing:
    """Where no file was asked for."""

    def write(self, verdicts: Verdicts) -> None:
        pass

    def open(self) -> None:
        pass

    def close(self) -> None:
        pass


class Json:
    """``{"records": [...]}``; when a record next changes is asked of single records only, so it is left out."""

    def __init__(self, path: Path) -> None:
        self.path, self.first = path, True

    def write(self, verdicts: Verdicts) -> None:
        for picture in pictures(verdicts):
            data = picture_to_json(picture)
            del data["next change"]
            self.file.write(("\n" if self.first else ",\n") + json.dumps(data, ensure_ascii=False))
            self.first = False

    def open(self) -> None:
        self.file: IO[str] = self.path.open("w", encoding="utf-8")
        self.file.write('{"records": [')

    def close(self) -> None:
        self.file.write("]}\n")
        self.file.close()


class Arrow:
    """Parquet or CSV through Arrow, table by table."""

    def __init__(self, path: Path) -> None:
        import pyarrow as pa

        self.path, self.pa = path, pa
        self.writer: Any = None
        kinds = {name: pa.timestamp("s") for name in MOMENTS} | {"occurrence": pa.int32()}
        self.schema = pa.schema([(name, kinds.get(name, pa.string())) for name in COLUMNS])

    def write(self, verdicts: Verdicts) -> None:
        for table in tables(verdicts):
            self.writer.write_table(self._table(table))

    def _table(self, table: Table) -> Any:
        pa, rows = self.pa, table["rows"]
        columns = []
        for name in COLUMNS:
            column = table[name]
            if isinstance(column, str):
                columns.append(pa.repeat(pa.scalar(column, pa.string()), rows))
            elif name in MOMENTS:
                seconds = pa.array(np.where(column < FAR, column * 60, 0), pa.int64(), mask=column >= FAR)
                columns.append(seconds.cast(pa.timestamp("s")))
            elif name == "occurrence":
                columns.append(pa.array(column, pa.int32()))
            else:
                columns.append(pa.array(column.tolist(), pa.string()))
        return pa.table(columns, schema=self.schema)

    def open(self) -> None:
        if self.path.suffix == ".csv":
            import pyarrow.csv

            self.writer = pyarrow.csv.CSVWriter(self.path, self.schema)
        else:
            import pyarrow.parquet

            self.writer = pyarrow.parquet.ParquetWriter(self.path, self.schema, compression="zstd")

    def close(self) -> None:
        self.writer.close()


def writer_for(path: Path | None) -> Writer:
    """The writer for a file by its ending. Raises UnknownForm for another ending, ImportError where Arrow is missing."""
    if path is None:
        return Nothing()
    if path.suffix == ".json":
        return Json(path)
    if path.suffix in (".csv", ".parquet"):
        return Arrow(path)
    raise UnknownForm(path.suffix)
