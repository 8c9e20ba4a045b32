"""What Declare can say of the district: ten constraints on whole cases, without time and without persons, under three tools.

The log is the district's with what matters folded into the name of the activity (``compared_yes``, ``met_phone``), and one event a
minute and case, because process mining orders by place and this engine by moment. Every tool begins with the same table of texts:
case, activity, timestamp. What is compared is the number of cases that violate each constraint.
"""

from __future__ import annotations

import contextlib
import io
import time
import warnings
from collections.abc import Callable
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from peers import district
from upstander.policy import loader
from upstander.policy.conformance.columns import Columns
from upstander.policy.conformance.evaluate import judged
from upstander.policy.conformance.states import OPEN
from upstander.policy.model import Pack

NOW = datetime(2027, 1, 1)
RESPONSE = (
    ("recognised", "reported"),
    ("recognised", "checked_no"),
    ("actor-named", "hearing_1"),
    ("compared_yes", "hearing_2"),
    ("act", "checked_no"),
    ("absence", "board-told"),
)
PRECEDENCE = (("explained", "searched"), ("checked_no", "close"), ("compared_yes", "marked"))
ABSENCE = ("parents-met_phone",)
CASES_OF_DECLARE4PY = 10_000
"""It takes minutes for more; the others are measured on all cases."""


def table(cases: int) -> pd.DataFrame:
    """Case, activity and timestamp, as a tool for process mining reads them."""
    columns = district.log(cases)
    values = columns.values
    names = np.array([str(values[code]) for code in range(int(columns.kind.max()) + 1)], dtype=object)[columns.kind]
    for field in ("how", "differ", "pain", "round"):
        several = columns.fields[field]
        texts = {code: str(values[code]) for code in np.unique(several.codes).tolist()}
        names[several.rows] = [
            f"{name}_{texts[code]}" for name, code in zip(names[several.rows], several.codes.tolist(), strict=True)
        ]
    packed = columns.record.astype(np.int64) << 32 | columns.at
    first = np.append(True, packed[1:] != packed[:-1])
    case = np.array([str(values[code]) for code in columns.record[first].tolist()], dtype=object)
    at = (columns.at[first] * 60).astype("datetime64[s]")
    return pd.DataFrame(
        {"case:concept:name": case, "concept:name": names[first], "time:timestamp": pd.to_datetime(at, utc=True)}
    )


def pack(activities: list[str]) -> Pack:
    """The ten constraints as duties without a deadline and limits."""
    events = "".join(
        f"  {name}: {{label: {name}, done: {name}}}\n" for name in map(identifier, activities) if name != "close"
    )
    duties = "".join(
        f"  r{n}: {{when: {identifier(a)}, counts: each, must: {identifier(b)}, by: judged}}\n"
        for n, (a, b) in enumerate(RESPONSE)
    )
    limits = "".join(
        f"  p{n}: {{act: {identifier(b)}, only after: [{identifier(a)}]}}\n" for n, (a, b) in enumerate(PRECEDENCE)
    )
    limits += "".join(f"  a{n}: {{act: {identifier(a)}, never: true}}\n" for n, a in enumerate(ABSENCE))
    head = 'id: declare\ntitle: Declare\nversion: "1"\nin force from: 2024-01-01\nlanguage: en-GB\ntimezone: UTC\n'
    head += "records: {case: {label: case, plural: cases}}\n"
    return loader.load_text(f"{head}events:\n{events}duties:\n{duties}limits:\n{limits}")


def identifier(activity: str) -> str:
    return activity.replace("_", "-")


def encoded(frame: pd.DataFrame) -> Columns:
    """The table as columns: what a reader of files does."""
    case = pc.run_end_encode(
        pa.array(frame["case:concept:name"])
    )  # what a case did stands together: each name is read once
    kind = pc.dictionary_encode(pa.array(frame["concept:name"]))
    names, ends = case.values.to_pylist(), case.run_ends.to_numpy()
    values: list[Any] = [*names, *map(identifier, kind.dictionary.to_pylist()), "case"]
    size = len(frame)
    at = frame["time:timestamp"].to_numpy(dtype="datetime64[s]").view(np.int64) // 60
    nobody = np.full(size, -1, dtype=np.int32)
    return Columns(
        values,
        np.repeat(np.arange(len(names), dtype=np.int32), np.diff(ends, prepend=0)),
        np.full(size, len(values) - 1, dtype=np.int32),
        np.arange(size),
        kind.indices.to_numpy() + np.int32(len(names)),
        at,
        at,
        nobody,
        nobody,
        ids_differ=True,
    )


def by_columns(frame: pd.DataFrame, policy: Pack, threads: int = 2) -> dict[str, int]:
    found = dict.fromkeys((*policy.duties, *policy.limits), 0)
    for verdicts in judged(encoded(frame), policy, None, NOW, threads=threads):
        for part in verdicts.chunks:
            for block in part.duties:
                cases = block.instances.group[OPEN[block.judged.state]]  # in order of the cases
                found[block.rule.id] += int(np.count_nonzero(np.diff(cases, prepend=-1)))
            for limits in part.limits:
                cases = part.chunk.group[limits.acts.row]
                found[limits.limit.id] += int(np.count_nonzero(np.diff(cases, prepend=-1)))
    return found


def by_pm4py(frame: pd.DataFrame) -> dict[str, int]:
    import pm4py

    sure = {"support": 1, "confidence": 1}
    model: dict[str, dict[Any, Any]] = {
        "response": dict.fromkeys(RESPONSE, sure),
        "precedence": dict.fromkeys(PRECEDENCE, sure),
        "absence": dict.fromkeys(ABSENCE, sure),
    }
    with contextlib.redirect_stdout(io.StringIO()):
        result = pm4py.conformance_declare(frame, model)
    names = {("response", pair): f"r{n}" for n, pair in enumerate(RESPONSE)}
    names |= {("precedence", pair): f"p{n}" for n, pair in enumerate(PRECEDENCE)}
    names |= {("absence", one): f"a{n}" for n, one in enumerate(ABSENCE)}
    found = dict.fromkeys(names.values(), 0)
    for case in result:
        for deviation in {tuple(one) for one in case["deviations"]}:
            found[names[deviation]] += 1
    return found


def by_declare4py(frame: pd.DataFrame) -> tuple[dict[str, int], float, float]:
    """The counts, the processor seconds of converting the log, and those of checking it."""
    import pm4py
    from Declare4Py.D4PyEventLog import D4PyEventLog
    from Declare4Py.ProcessMiningTasks.ConformanceChecking.MPDeclareAnalyzer import MPDeclareAnalyzer
    from Declare4Py.ProcessModels.DeclareModel import DeclareModel

    start = time.process_time()
    log = D4PyEventLog(case_name="case:concept:name")
    log.log = pm4py.convert_to_event_log(frame)
    log.log_length = len(log.log)
    log.timestamp_key, log.activity_key = "time:timestamp", "concept:name"
    converted = time.process_time()
    lines = [f"activity {name}" for name in sorted(frame["concept:name"].unique())]
    constraints = [f"Response[{a}, {b}] | | |" for a, b in RESPONSE] + [
        f"Precedence[{a}, {b}] | | |" for a, b in PRECEDENCE
    ]
    constraints += [f"Absence1[{a}] | | |" for a in ABSENCE]
    model = DeclareModel().parse_from_string("\n".join([*lines, *constraints]))
    checked = MPDeclareAnalyzer(consider_vacuity=True, declare_model=model, log=log).run()
    states = checked.get_metric("state")
    done = time.process_time()
    names = [f"r{n}" for n in range(len(RESPONSE))] + [f"p{n}" for n in range(len(PRECEDENCE))] + ["a0"]
    return (
        {name: int((states.iloc[:, place] == 0).sum()) for place, name in enumerate(names)},
        converted - start,
        done - converted,
    )


def run_row(name: str, cases: int) -> dict[str, Any]:
    """One row, after its counts were compared with those of columns on some thousand cases."""
    warnings.simplefilter("ignore")
    few = table(3000)
    policy = pack(sorted(few["concept:name"].unique()))
    expected = by_columns(few, policy)
    if name == "mining-declare4py":
        counts, _, _ = by_declare4py(few)
        assert counts == expected, (counts, expected)
        number = min(cases, CASES_OF_DECLARE4PY)
        start = time.perf_counter()
        _, converting, checking = by_declare4py(table(number))
        scale = cases / number
        taken = {"seconds": (time.perf_counter() - start) * scale, "processor seconds": checking * scale}
        return taken | {"converting, processor seconds": converting * scale, "sample": number, "equal": expected}
    frame = table(cases)
    if name == "mining-pm4py":
        counts = by_pm4py(few)
        assert counts == expected, (counts, expected)
        return _timed(lambda: by_pm4py(frame), 1) | {"equal": expected}
    return _timed(lambda: by_columns(frame, policy), 3) | {"equal": expected}


def _timed(work: Callable[[], Any], rounds: int) -> dict[str, Any]:
    clock, processors = [], []
    for _ in range(rounds):
        start, begun = time.perf_counter(), time.process_time()
        work()
        clock.append(time.perf_counter() - start)
        processors.append(time.process_time() - begun)
    return {"seconds": min(clock), "processor seconds": min(processors)}
