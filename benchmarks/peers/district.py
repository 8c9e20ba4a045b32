# ruff: noqa: E501 - a rule stands on a line
"""An invented district: a pack of twelve rules and a log of as many cases as one likes, as columns, from one seed."""

from __future__ import annotations

from typing import Any

import numpy as np

from upstander.policy import loader
from upstander.policy.conformance.columns import Columns, Sparse
from upstander.policy.conformance.days import minute_of
from upstander.policy.model import Pack

RULES = """
id: district
title: District
version: "{version}"
in force from: 2024-01-01
language: en-GB
timezone: Europe/London
calendar hints: {{first month: 9}}
roles:
  head: {{title: head}}
  teacher: {{title: teacher}}
  searcher: {{title: searcher}}
  target: {{title: target, of the matter: true}}
  actor: {{title: actor, of the matter: true}}
records: {{case: {{label: case, plural: cases, subjects: [target]}}}}
options: {{ways: {{home: {{label: at home}}, school: {{label: at school}}, phone: {{label: by telephone}}}}}}
clauses: [{{id: D-1, at: "1", text: What we do, kind: duty}}]
events:
  recognised: {{label: Recognise, done: Recognised, about: [target]}}
  reported: {{label: Report, done: Reported}}
  parents-met: {{label: Meet, done: Met, about: [target], fields: {{how: {{one-of: ways}}}}}}
  actor-named: {{label: Name, done: Named, about: [actor]}}
  hearing: {{label: Hear, done: Heard, about: [actor, staff], fields: {{round: number}}}}
  compared: {{label: Compare, done: Compared, fields: {{differ: yes-no}}}}
  marked: {{label: Mark, done: Marked}}
  act: {{label: Note an act, done: Act, about: [target]}}
  absence: {{label: Note absence, done: Absence, about: [target], fields: {{days: number}}}}
  checked: {{label: Ask, done: Asked, about: [target], fields: {{pain: yes-no}}}}
  board-told: {{label: Tell the board, done: Board told, about: [target]}}
  searched: {{label: Search, done: Searched, about: [actor]}}
  explained: {{label: Explain, done: Explained, about: [actor]}}
facts:
  suspected: {{for each: target, true from: recognised}}
  absent-30: {{for each: target, count: absence, adding up: days, within: school year, at least: 30}}
  serious: {{for each: target, all of: [suspected, absent-30]}}
  still-differ: {{count: {{compared: {{differ: yes}}}}, at least: 2}}
  acts-stopped: {{for each: target, quiet: act, since: recognised, for: P3M}}
  at-ease: {{for each: target, true from: {{checked: {{pain: no}}}}, until: [{{checked: {{pain: yes}}}}, act]}}
  resolved: {{for each: target, all of: [acts-stopped, at-ease]}}
duties:
  report-at-once: {{clause: D-1, when: recognised, must: reported, by: {report}, who: teacher}}
  meet-parents: {{clause: D-1, when: recognised, for each: target, must: {{parents-met: {{how: [home, school]}}}}, by: same day, who: teacher, may be waived by: [head]}}
  hear-each: {{clause: D-1, when: actor-named, for each: actor, must: {{hearing: {{number of actor: 1}}}}, by: 3 school days, who: teacher}}
  hear-again: {{clause: D-1, when: {{compared: {{differ: yes}}}}, counts: each, must: {{hearing: {{round: {{at least: 2}}}}}}, by: 5 school days, until: close, who: teacher}}
  monthly-check: {{clause: D-1, when: recognised, for each: target, must: checked, repeat every: P1M, until: close, who: teacher}}
  tell-board: {{clause: D-1, when: {{becomes true: serious}}, for each: target, must: board-told, by: 1 school day, who: head}}
  mark-contradiction: {{clause: D-1, when: {{becomes true: still-differ}}, must: marked, by: 5 school days, who: teacher}}
limits:
  no-phone: {{clause: D-1, act: {{parents-met: {{how: phone}}}}, never: true}}
  never-together: {{clause: D-1, act: {{hearing: {{number of actor: {{at least: 2}}}}}}, never: true}}
  two-staff: {{clause: D-1, act: {{hearing: {{number of staff: {{at most: 1}}}}}}, never: true}}
  close-resolved: {{clause: D-1, act: close, for each: target of the case, only while: [resolved]}}
  before-search: {{clause: D-1, act: searched, for each: actor, only after: [explained], only by: [searcher, head]}}
closure: {{case: {{for each: target, needs: [resolved], settled: [report-at-once, meet-parents]}}}}
"""
EPOCH = minute_of(__import__("datetime").datetime(2024, 9, 1, 8, 0))
DAY = 1440


def pack(version: str = "1", report: str = "PT2H") -> Pack:
    """The district's policy; a changed one reports by another deadline."""
    return loader.load_text(RULES.format(version=version, report=report))


class _Drawn:
    """Gathers events of many cases at once."""

    def __init__(self, cases: int, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self.cases = cases
        self.parts: list[dict[str, Any]] = []

    def chance(self, share: float) -> Any:
        return self.random.random(self.cases) < share

    def later(self, at: Any, most_days: float) -> Any:
        """Moments after others: most soon, some late."""
        spread = self.random.exponential(most_days / 3, self.cases)
        return at + (np.minimum(spread, most_days) * DAY).astype(np.int64)

    def add(self, kind: str, at: Any, here: Any, role: str = "teacher", **more: Any) -> None:
        case = np.flatnonzero(here)
        row = {"kind": kind, "case": case, "at": at[case], "role": role}
        for name, (value, carried) in more.items():
            row[name] = (value[case], carried[case] if carried is not None else None)
        self.parts.append(row)


def log(cases: int, seed: int = 1, first: int = 0) -> Columns:
    """About sixteen events a case over two school years, sorted by case and moment; the first case is called *cN*."""
    drawn = _Drawn(cases, seed)
    random, everybody = drawn.random, np.ones(cases, dtype=bool)
    start = EPOCH + random.integers(0, 400 * DAY, cases) // 5 * 5
    start += np.where(start % DAY < 480, 480, 0)
    one, two = np.zeros(cases, dtype=np.int64), np.ones(cases, dtype=np.int64)
    second, third = drawn.chance(0.25), drawn.chance(0.2)
    drawn.add("recognised", start, everybody, target=(one, None), target2=(two, second))
    drawn.add("reported", drawn.later(start, 0.4), drawn.chance(0.93))
    for person, there in ((one, everybody), (two, second)):
        how = random.choice(["home", "school", "phone"], cases, p=[0.45, 0.45, 0.1])
        drawn.add(
            "parents-met", drawn.later(start, 2), there & drawn.chance(0.9), target=(person, None), how=(how, None)
        )
    drawn.add(
        "waive", drawn.later(start, 1), drawn.chance(0.03), role="head", rule=(np.full(cases, "meet-parents"), None)
    )
    for number, there in enumerate((everybody, drawn.chance(0.45), third)):
        actor, named = np.full(cases, number), drawn.later(start, 3)
        drawn.add("actor-named", named, there, actor=(actor, None))
        alone = (actor + 1) % 3
        drawn.add(
            "hearing", drawn.later(named, 8), there & drawn.chance(0.9), actor=(actor, None), actor2=(alone, drawn.chance(0.05)),
            staff=(one, None), staff2=(two, drawn.chance(0.9)), round=(np.full(cases, 1), None),
        )  # fmt: skip
    for _ in range(2):
        compared, differ = drawn.later(start, 20), np.where(drawn.chance(0.4), "yes", "no")
        there = drawn.chance(0.5)
        drawn.add("compared", compared, there, differ=(differ, None))
        drawn.add(
            "hearing", drawn.later(compared, 12), there & (differ == "yes") & drawn.chance(0.8), actor=(one, None),
            staff=(one, None), staff2=(two, None), round=(np.full(cases, 2), None),
        )  # fmt: skip
    drawn.add("marked", drawn.later(start, 30), drawn.chance(0.1))
    for _ in range(2):
        drawn.add("act", drawn.later(start, 60), drawn.chance(0.35), target=(one, None))
    for _ in range(3):
        days = random.integers(1, 20, cases)
        drawn.add("absence", drawn.later(start, 120), drawn.chance(0.5), target=(one, None), days=(days, None))
    drawn.add("board-told", drawn.later(start, 150), drawn.chance(0.1), target=(one, None))
    for month in range(1, 8):
        pain = np.where(drawn.chance(0.2), "yes", "no")
        drawn.add(
            "checked",
            drawn.later(start + (month - 1) * 30 * DAY, 28),
            drawn.chance(0.8 - month * 0.04),
            target=(one, None),
            pain=(pain, None),
        )
    drawn.add("explained", drawn.later(start, 2), drawn.chance(0.1), actor=(one, None))
    drawn.add("searched", drawn.later(start, 4), drawn.chance(0.1), role="searcher", actor=(one, None))
    drawn.add("close", drawn.later(start + 90 * DAY, 200), drawn.chance(0.4), role="head")
    return _columns(drawn, first)


def _columns(drawn: _Drawn, first: int) -> Columns:
    values: list[Any] = []
    codes: dict[Any, int] = {}

    def code(value: Any) -> int:
        if value not in codes:
            codes[value] = len(values)
            values.append(value)
        return codes[value]

    def of(column: Any) -> Any:
        from decimal import Decimal

        different, place = np.unique(column, return_inverse=True)
        return np.array([code(Decimal(int(one)) if different.dtype.kind == "i" else str(one)) for one in different])[
            place
        ]

    sizes = [len(part["case"]) for part in drawn.parts]
    case, at = (np.concatenate([part[name] for part in drawn.parts]) for name in ("case", "at"))
    order = np.lexsort((at, case))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    starts = np.cumsum([0, *sizes])
    kinds = np.repeat([code(part["kind"]) for part in drawn.parts], sizes)[order]
    roles = np.repeat([code(part["role"]) for part in drawn.parts], sizes)[order]
    kind_of_record, first_case = code("case"), len(values)
    values += [f"c{first + number}" for number in range(drawn.cases)]
    people = {}
    for name, count, letter in (("target", 2, "t"), ("actor", 3, "a")):
        people[name] = len(values)
        values += [f"c{first + number}{letter}{person}" for number in range(drawn.cases) for person in range(count)]
    staff = [code("staff-1"), code("staff-2")]
    gathered: dict[str, list[tuple[Any, Any]]] = {}
    for start, part in zip(starts, drawn.parts, strict=False):
        for name, cell in part.items():
            if not isinstance(cell, tuple):
                continue
            column, carried = cell
            here = np.flatnonzero(carried) if carried is not None else np.arange(len(column))
            base = name.rstrip("2")
            if base in people:
                found = people[base] + part["case"][here] * {"target": 2, "actor": 3}[base] + column[here]
            elif base == "staff":
                found = np.array(staff)[column[here]]
            else:
                found = of(column[here])
            gathered.setdefault(base, []).append((place[start + here], found))
    columns: dict[str, Sparse] = {}
    for name, several in gathered.items():
        rows, found = (np.concatenate(parts) for parts in zip(*several, strict=True))
        sorting = np.argsort(rows, kind="stable")
        columns[name] = Sparse(rows[sorting], found[sorting].astype(np.int64))
    about = {name: columns[name] for name in ("target", "actor", "staff")}
    fields = {name: column for name, column in columns.items() if name not in about}
    size = len(order)
    return Columns(
        values,
        (first_case + case[order]).astype(np.int32),
        np.full(size, kind_of_record, dtype=np.int32),
        np.arange(size),
        kinds.astype(np.int32),
        at[order],
        at[order],
        np.full(size, -1, dtype=np.int32),
        roles.astype(np.int32),
        about,
        fields,
        True,
    )
