"""Logs from files and verdicts into files: whatever the form, the verdicts are the same; what is broken is told."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from upstander.policy import compiled, loader, verdict_json
from upstander.policy.conformance.files import run, spill, summary
from upstander.policy.conformance.files.names import BadMap, Told, read_map
from upstander.policy.conformance.files.writers import writer_for
from upstander.policy.conformance.tests.logs import random_log
from upstander.policy.log import Event
from upstander.policy.model import Pack, Series
from upstander.policy.verdict import State

PACK = loader.load("jp-junior-high")
NOW = datetime(2026, 9, 1, 12)
LOGS: dict[str, list[Event]] = {f"c{n}": random_log(PACK, Random(n), 15) for n in range(16)}


def events(logs: dict[str, list[Event]] = LOGS) -> list[dict]:
    lines = [
        {"record": name, "kind": "case"} | verdict_json.event_to_json(event) for name in logs for event in logs[name]
    ]
    Random(3).shuffle(lines)
    return sorted(lines, key=lambda line: line["at"])


def as_jsonl(path: Path) -> Path:
    path = path / "log.jsonl"
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in events()), encoding="utf-8")
    return path


def cell(value: object) -> str:
    return ";".join(map(str, value)) if isinstance(value, list) else str(value)


def rows() -> list[dict[str, str]]:
    found = []
    for line in events():
        row = {name: line[name] for name in ("record", "kind", "id", "event", "at", "recorded")}
        row |= {f"by.{name}": value for name, value in line.get("by", {}).items()}
        row |= {f"about.{name}": cell(value) for name, value in line.get("about", {}).items()}
        row |= {f"fields.{name}": cell(value) for name, value in line.get("fields", {}).items()}
        found.append(row)
    return found


def as_csv(path: Path, delimiter: str = ",") -> Path:
    path = path / "log.csv"
    names = dict.fromkeys(name for row in rows() for name in row)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, names, delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows())
    return path


def as_parquet(path: Path) -> Path:
    path = path / "log.parquet"
    names = list(dict.fromkeys(name for row in rows() for name in row))
    data: dict[str, object] = {name: [row.get(name) for row in rows()] for name in names}
    data["at"] = pa.array([datetime.fromisoformat(row["at"]) for row in rows()], pa.timestamp("us"))
    about = [name for name in names if name.startswith("about.")]
    for name in about:
        data[name] = pa.array(
            [row[name].split(";") if row.get(name) else None for row in rows()], pa.list_(pa.string())
        )
    pq.write_table(pa.table(data), path)
    return path


def as_xes(path: Path) -> Path:
    path = path / "log.xes"
    traces: dict[str, list[str]] = {}
    for row in rows():
        usual = {"event": "concept:name", "at": "time:timestamp", "by.person": "org:resource", "by.role": "org:role"}
        attributes = {usual.get(name, name): value for name, value in row.items() if name != "record"}
        inner = "".join(f'<string key="{name}" value="{value}"/>' for name, value in attributes.items())
        traces.setdefault(row["record"], []).append(f"<event>{inner}</event>")
    body = "\n".join(
        f'<trace><string key="concept:name" value="{name}"/>{"".join(inside)}</trace>'
        for name, inside in traces.items()
    )
    path.write_text(f'<?xml version="1.0"?>\n<log xmlns="http://www.xes-standard.org/">{body}</log>', encoding="utf-8")
    return path


def judge(
    path: Path, form: str, out: Path | None = None, pack: Pack | Series = PACK, **more
) -> tuple[summary.Summary, Told]:
    told = Told()
    options = {"skip_broken": False, "mapping": {}} | more
    found = run.conform(
        pack,
        path,
        form,
        calendar=None,
        now=NOW,
        writer=writer_for(out),
        told=told,
        tell=lambda progress: None,
        **options,
    )
    return found, told


def expected() -> dict[str, dict]:
    found = {}
    for name in LOGS:
        log = [event for line in events() if line["record"] == name for event in verdict_json.log_from_json([line])]
        picture = compiled.picture(Series((PACK,)), log, None, NOW, kind="case", record=name)
        found[name] = verdict_json.picture_to_json(picture)
        del found[name]["next change"]
    return found


@pytest.mark.parametrize("write", [as_jsonl, as_csv, as_parquet, as_xes])
def test_every_form_of_log_gives_the_verdicts_of_the_compiled_strategy(write, tmp_path):
    log, out = write(tmp_path), tmp_path / "out.json"
    _, told = judge(log, run.form_of(log), out)

    found = {record["record"]: record for record in json.loads(out.read_text(encoding="utf-8"))["records"]}
    assert told.events == len(events())
    assert found == expected()


def test_a_log_larger_than_memory_goes_through_temporary_files(tmp_path):
    log = as_jsonl(tmp_path)
    judge(log, "jsonl", tmp_path / "whole.json")
    judge(log, "jsonl", tmp_path / "parts.json", in_memory=50)

    whole, parts = (
        json.loads((tmp_path / name).read_text(encoding="utf-8"))["records"] for name in ("whole.json", "parts.json")
    )
    assert sorted(whole, key=lambda one: one["record"]) == sorted(parts, key=lambda one: one["record"])
    assert spill.EVENTS_IN_MEMORY > 50


OF_DUTY = (
    "record",
    "rule",
    "key",
    "occurrence",
    "state",
    "strength",
    "why",
    "flags",
    "because",
    "who",
    "settled_event",
)


def duty_row(record: str, duty: dict) -> list:
    key = ", ".join(f"{name}={value}" for name, value in duty["key"].items())
    who = "; ".join(" of ".join(f"{name}={value}" for name, value in one.items()) for one in duty["who"])
    texts = ["; ".join(duty[name]) for name in ("why", "flags", "because")]
    settled = duty["settled"]["event"] if duty["settled"] else ""
    return [record, duty["rule"], key, duty["occurrence"], duty["state"], duty["strength"], *texts, who, settled]


def test_the_table_has_a_row_for_each_duty_breach_fact_and_record(tmp_path):
    judge(as_jsonl(tmp_path), "jsonl", tmp_path / "out.parquet")
    judge(as_jsonl(tmp_path), "jsonl", tmp_path / "out.csv")
    table = pq.read_table(tmp_path / "out.parquet").to_pylist()
    wanted = expected()

    for what, entry in (("duty", "duties"), ("breach", "breaches"), ("fact", "facts")):
        assert sum(row["what"] == what for row in table) == sum(len(record[entry]) for record in wanted.values())
    assert {row["record"]: row["state"] for row in table if row["what"] == "record"} == {
        name: "closable" if record["closable"] else "not closable" for name, record in wanted.items()
    }
    duties = sorted([row[name] for name in OF_DUTY] for row in table if row["what"] == "duty")
    assert duties == sorted(duty_row(name, duty) for name, record in wanted.items() for duty in record["duties"])
    with (tmp_path / "out.csv").open(encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == len(table)


def test_the_summary_counts_what_came_out(tmp_path):
    found, _ = judge(as_jsonl(tmp_path), "jsonl")
    duties = [duty for record in expected().values() for duty in record["duties"]]

    assert found.records == len(LOGS)
    assert found.closable == sum(record["closable"] for record in expected().values())
    for rule, line in found.duties.items():
        own = [duty for duty in duties if duty["rule"] == rule]
        assert line.opened == len(own)
        assert {state.value: number for state, number in line.states.items()} == {
            state: sum(duty["state"] == state for duty in own) for state in {duty["state"] for duty in own}
        }
        assert line.states[State.OVERDUE] == sum(duty["state"] == "overdue" for duty in own)
    assert not found.fine


def test_columns_are_mapped(tmp_path):
    log = tmp_path / "log.csv"
    log.write_text(
        "case;what;when;who\nc1;told;2026-05-11T10:20;s1;\nc2;told;2026-05-11 10:20;s2\n".replace("s1;", "s1")
    )
    mapping = read_map(["case=record", "what=event", "when=at", "who=about.target"], loader.load("starter"))
    told = Told()
    found = run.conform(
        loader.load("starter"), log, "csv", calendar=None, now=NOW, mapping=mapping, skip_broken=False,
        writer=writer_for(None), told=told, tell=lambda progress: None,
    )  # fmt: skip

    assert (found.records, told.events, list(told.unused)) == (2, 2, [])
    assert any(line.opened for line in found.duties.values())
    with pytest.raises(BadMap, match="case=recrod"):
        read_map(["case=recrod"], PACK)


ONE = '<string key="concept:name" value="concern-received"/><date key="time:timestamp" value="2026-05-11T10:20"/>'
BROKEN = {
    "jsonl": (
        '{"event": "concern-received", "at": "2026-05-11T10:20"}\nnot json\n{"event": "sung", "at": "2026-05-11"}\n'
        '{"event": "concern-received", "at": "soon"}\n' + "[" * 100_000 + "\n[1]\n",
        {2: "Expecting value", 3: "no such kind of event: sung", 4: "at: soon", 5: "nested too deep", 6: "an event is an object"},
    ),
    "csv": (
        ("record,event,at,fields.days\nc1,concern-received,2026-05-11T10:20,\nc1,sung,2026-05-11,\nc1,concern-received,soon,\n"
        "c1,concern-received,,\nc1,concern-received\nc1,absence-noted,2026-05-12,many\nc1\nc1,sung,2026-05-13,\n"),
        {
            3: "no such kind of event: sung",
            4: "at: soon",
            5: "at: the moment is missing",
            6: "2 columns instead of 4",
            7: "no number: many",
            8: "1 columns",
            9: "no such kind of event: sung",
        },
    ),
    "xes": (
        (f"<log><trace>\n<event>{ONE}</event>\n"
        '<event><string key="concept:name" value="sung"/><date key="time:timestamp" value="2026-05-11"/></event>\n'
        "<event></trace></log>"),
        {3: "no such kind of event: sung", 4: "mismatched tag"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("form", list(BROKEN))
def test_a_broken_line_is_told_with_its_number_and_left_out_only_on_request(form, tmp_path):
    text, wrong = BROKEN[form]
    log, out = tmp_path / f"log.{form}", tmp_path / "out.json"
    log.write_text(text, encoding="utf-8")

    told = Told()
    with pytest.raises(run.LinesBroken):
        run.conform(
            PACK, log, form, calendar=None, now=NOW, mapping={}, skip_broken=False, writer=writer_for(out), told=told,
            tell=lambda progress: None,
        )  # fmt: skip
    assert not out.exists()
    said = {broken.line: broken.why for broken in told.broken}
    assert set(wrong) <= set(said)
    assert all(why in said[line] for line, why in wrong.items())

    found, told = judge(log, form, skip_broken=True)
    assert (found.records, told.events) == (1, 1)
    assert told.broken_count == len(said)


def test_the_table_tells_each_instance_the_version_under_which_it_arose(tmp_path):
    later = replace(PACK, version="2", in_force_from=date(2026, 6, 1))
    judge(as_jsonl(tmp_path), "jsonl", tmp_path / "out.parquet", pack=Series((PACK, later)))
    duties = [row for row in pq.read_table(tmp_path / "out.parquet").to_pylist() if row["what"] == "duty"]

    assert {row["version"] for row in duties} == {PACK.version, "2"}
    assert all((row["version"] == "2") == (row["arose"] >= datetime(2026, 6, 1)) for row in duties)


def test_a_document_type_is_refused(tmp_path):
    log = tmp_path / "bomb.xes"
    log.write_text('<?xml version="1.0"?>\n<!DOCTYPE log [<!ENTITY a "aaaa">]>\n<log><trace/></log>')
    told = Told()
    with pytest.raises(run.LinesBroken):
        run.conform(
            PACK, log, "xes", calendar=None, now=NOW, mapping={}, skip_broken=False, writer=writer_for(None), told=told,
            tell=lambda progress: None,
        )  # fmt: skip

    assert [broken.why for broken in told.broken] == ["a document type is refused"]


def test_events_come_back_from_columns_as_they_were():
    from upstander.policy.conformance.columns import encode, event_at

    columns = encode([(name, "case", log) for name, log in LOGS.items()])
    there = [event for log in LOGS.values() for event in log]
    back = [event_at(columns, row) for row in range(len(columns))]

    for mine, theirs in zip(back, there, strict=True):
        about = {name: ids for name, ids in theirs.about.items() if ids}
        assert mine == replace(theirs, about=about)
