"""Logs that nobody can read, or only in part: told in a sentence, never a traceback; left out only on request."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from upstander.policy import loader
from upstander.policy.conformance.files import run
from upstander.policy.conformance.files.names import Told, Unreadable
from upstander.policy.conformance.files.writers import writer_for

PACK = loader.load("starter")
GOOD = b"c1,told,2026-05-11T10:00\n"
LINE = b'{"event": "told", "at": "2026-05-11T10:00"%s}\n'
UNREADABLE: dict[str, tuple[bytes, str]] = {
    "empty.csv": (b"", "it is empty"),
    "empty.jsonl": (b"", "it is empty"),
    "empty.parquet": (b"", "it is empty"),
    "bytes.csv": (bytes(range(256)) * 9, "it is no CSV"),
    "bytes.parquet": (bytes(range(256)) * 9, "it is no Parquet"),
    "short.parquet": (b"PAR1" + b"x" * 90 + b"PAR1", "it is no Parquet"),
    "twice.csv": (b"record,record,event,at\nc1,c2,told,2026-05-11\n", "two columns are: record"),
    "latin.csv": ("record,événement\n".encode("latin-1"), "the text is not UTF-8"),
    "page.xes": (b"<html><body>hello</body></html>", "it is no XES"),
    "plain.xes.gz": (b"hello", "it is not whole, or not compressed by gzip"),
}
BROKEN: dict[str, tuple[bytes, list[tuple[int, str]], int]] = {
    "times.csv": (
        b"record,event,at\n"
        + GOOD
        + b"c2,told,31/05/2026\nc3,told,2026-02-30\nc4,told,2026-05-11T25:00\nc5,told,0001-01-01\n",
        [(3, "at: 31/05/2026"), (4, "at: 2026-02-30"), (5, "at: 2026-05-11T25:00"), (6, "at: 0001-01-01")],
        1,
    ),
    "columns.csv": (b"a,b\n1,2\n", [(2, "event: the kind is missing")], 0),
    "latin.csv": (b"record,event,at\n" + GOOD + b"c\xe9,told,2026-05-11\n", [(3, "the text is not UTF-8")], 1),
    "quote.csv": (b'record,event,at\n"c1,told,2026-05-11\n', [(2, "1 columns instead of 3")], 0),
    "types.jsonl": (
        LINE % b"" + b'null\n{"event": "told", "at": null}\n' + LINE % b', "record": "\\ud800"' + b"\xff\n",
        [(2, "an event is an object"), (3, "at: None"), (4, "the text is not UTF-8"), (5, "the text is not UTF-8")],
        1,
    ),
    "long.jsonl": (
        LINE % b"" + LINE % (b', "id": "%s"' % (b"x" * 4_000_001)),
        [(2, "the line is longer than four million bytes")],
        1,
    ),
    "none.xes": (b"<log><trace><event/></trace></log>", [(1, "event: the kind is missing")], 0),
}


def conform(log: Path, *, skip_broken: bool, told: Told) -> int:
    return run.conform(
        PACK, log, run.form_of(log) or "", calendar=None, now=datetime(2026, 6, 1), mapping={}, skip_broken=skip_broken,
        writer=writer_for(None), told=told, tell=lambda progress: None,
    ).records  # fmt: skip


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_file_that_is_none_of_its_form_is_refused_with_the_reason(name, tmp_path):
    content, why = UNREADABLE[name]
    (tmp_path / name).write_bytes(content)

    for skip_broken in (False, True):
        with pytest.raises(Unreadable, match=f"^{why}$"):
            conform(tmp_path / name, skip_broken=skip_broken, told=Told())


@pytest.mark.parametrize("name", BROKEN)
def test_a_bad_line_is_told_with_its_number_and_the_others_are_judged_on_request(name, tmp_path):
    content, wrong, good = BROKEN[name]
    (tmp_path / name).write_bytes(content)
    told = Told()

    with pytest.raises(run.LinesBroken):
        conform(tmp_path / name, skip_broken=False, told=told)
    assert sorted((broken.line, broken.why) for broken in told.broken) == wrong
    assert conform(tmp_path / name, skip_broken=True, told=Told()) == good


TABLES = {
    "numbers": ({"record": [1], "event": [2], "at": [3]}, "no such kind of event: 2"),
    "bytes": ({"record": [b"\xff"], "event": ["told"], "at": ["2026-05-11"]}, "the text is not UTF-8"),
    "nulls": ({"record": [None], "event": [None], "at": [None]}, "event: the kind is missing"),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_parquet_file_of_other_types_is_told_row_by_row(name, tmp_path):
    table, why = TABLES[name]
    pq.write_table(pa.table(table), tmp_path / "log.parquet")
    told = Told()

    with pytest.raises(run.LinesBroken):
        conform(tmp_path / "log.parquet", skip_broken=False, told=told)
    assert [(broken.line, broken.why) for broken in told.broken] == [(1, why)]


def test_a_parquet_column_without_texts_is_named_and_a_date_is_a_moment(tmp_path):
    path, row = tmp_path / "log.parquet", {"record": ["c1"], "event": ["told"], "at": [date(2026, 5, 11)]}
    pq.write_table(pa.table(row), path)
    assert conform(path, skip_broken=False, told=Told()) == 1

    pq.write_table(pa.table(row | {"about.target": [{"a": 1}]}), path)
    with pytest.raises(Unreadable, match=r"^no texts in column: about\.target$"):
        conform(path, skip_broken=True, told=Told())
