"""A small invented school for plain examples: a pack from a few lines of YAML, a log from short lines."""

from __future__ import annotations

import hashlib
import os
import pickle
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from upstander.policy import loader
from upstander.policy.calendar import Calendar
from upstander.policy.log import Doer, Event
from upstander.policy.model import Pack, Series
from upstander.policy.verdict import Breach, DutyInstance, Picture
from upstander.policy.verdict_json import log_from_json

HEAD = """
id: small
title: Small school
version: "1"
in force from: 2025-04-01
language: en-GB
timezone: Europe/London
calendar hints: {first month: 9}
params: {words: {promptly: 1 school day, as needed: judged}}
roles:
  head: {title: head}
  teacher: {title: teacher}
  board: {title: board, outside: true}
  target: {title: target, of the matter: true}
  actor: {title: actor, of the matter: true}
  case-lead: {title: case lead, of the matter: true}
  pupil: {title: pupil, any of: [target, actor]}
records:
  case: {label: case, plural: cases, subjects: [target]}
options:
  ways: {home: {label: at home}, phone: {label: by telephone}, letter: {label: by letter}}
clauses:
  - {id: S-1, at: "1", text: What we do, kind: duty}
events:
  seen: {label: See, done: Seen, about: [target, actor], fields: {n: number, day: date, end: date}}
  told: {label: Tell, done: Told, about: [target], fields: {how: {some-of: ways}}}
  heard: {label: Hear, done: Heard, about: [actor, staff], fields: {again: yes-no}}
  act: {label: Note an act, done: Act, about: [target]}
  away: {label: Note absence, done: Away, about: [target], fields: {days: number}}
  agreed: {label: Agree, done: Agreed, about: [target], fields: {day: date}}
  left: {label: Leave, done: Left, about: [target]}
  led: {label: Name the lead, done: Lead named, about: [case-lead]}
  met: {label: Meet, done: Met, recorded by: [head]}
  planned: {label: Plan, done: Planned}
"""
CALENDAR = Calendar.from_data(
    {
        "timezone": "Europe/London",
        "first month": 9,
        "terms": [
            {"id": "autumn", "from": "2025-09-03", "to": "2025-12-19"},
            {"id": "spring", "from": "2026-01-06", "to": "2026-03-27"},
            {"id": "summer", "from": "2026-04-14", "to": "2026-07-21"},
        ],
        "public holidays": ["2026-05-04"],
        "closed": ["2026-05-04", "2026-05-25"],
        "open": ["2026-05-30"],
    }
)


@dataclass(frozen=True)
class School:
    """A pack under one strategy, with short ways to ask."""

    pack: Pack
    strategy: Any
    calendar: Calendar | None = CALENDAR
    series: Series | None = None

    def look(self, log: Sequence[Event], now: str, **more: Any) -> Picture:
        series = self.series or Series((self.pack,))
        moment = datetime.fromisoformat(now)
        return self.strategy.picture(series, log, self.calendar, moment, kind="case", record="c1", **more)

    def duties(self, log: Sequence[Event], now: str, rule: str = "d") -> list[DutyInstance]:
        return [duty for duty in self.look(log, now).duties if duty.rule == rule]

    def duty(self, log: Sequence[Event], now: str, rule: str = "d") -> DutyInstance:
        [found] = self.duties(log, now, rule)
        return found

    def states(self, log: Sequence[Event], now: str, rule: str = "d") -> list[str]:
        return [duty.state.value for duty in self.duties(log, now, rule)]

    def due(self, log: Sequence[Event], now: str) -> str | None:
        due = self.duty(log, now).due
        return due.isoformat(timespec="minutes") if due is not None else None

    def holds(self, log: Sequence[Event], now: str, fact: str = "f") -> bool:
        return self.look(log, now).holds(fact)

    def breaches(self, log: Sequence[Event], now: str = "2027-01-01T00:00") -> list[Breach]:
        return list(self.look(log, now).breaches)


def text(rules: str, *swaps: tuple[str, str], **entries: str) -> str:
    """The small school's file with these rules; more lines under a section (``events="x: {}"``), words exchanged."""
    head = HEAD
    for old, new in swaps:
        assert old in head
        head = head.replace(old, new)
    for section, lines in entries.items():
        head = head.replace(
            f"\n{section}:\n", f"\n{section}:\n" + "".join(f"  {line}\n" for line in lines.splitlines())
        )
    return head + rules


def load(rules: str, *swaps: tuple[str, str], **entries: str) -> Pack:
    """The small school's pack with these rules."""
    return kept(text(rules, *swaps, **entries))


@lru_cache(maxsize=2000)
def kept(whole: str) -> Pack:
    """Read once for both strategies. ``benchmarks/mutation.py`` names a folder in which packs stay between its many runs."""
    folder = os.environ.get("UPSTANDER_PACKS_KEPT")
    if not folder:
        return loader.load_text(whole)
    path = Path(folder) / hashlib.sha256(whole.encode()).hexdigest()
    if not path.exists():
        path.write_bytes(pickle.dumps(loader.load_text(whole)))
    pack: Pack = pickle.loads(path.read_bytes())  # noqa: S301 - written by this very function
    return pack


def log(*lines: str, role: str = "head", person: str = "t1") -> list[Event]:
    """Events from lines such as ``2026-05-11T10:20 seen target=s1 n=2 role=teacher recorded=2026-05-12T09:00``."""
    return log_from_json([_line(line, role, person) for line in lines])


def _line(line: str, role: str, person: str) -> dict[str, Any]:
    at, kind, *rest = line.split()
    data: dict[str, Any] = {"at": at, "event": kind, "by": {"role": role, "person": person}, "about": {}, "fields": {}}
    for part in rest:
        name, _, value = part.partition("=")
        values = value.split(",")
        if name in ("target", "actor", "staff", "pupil", "case-lead", "device", "bystander"):
            data["about"][name] = [one for one in values if one]
        elif name in ("role", "by"):
            data["by"] = {**data["by"], ("role" if name == "role" else "person"): value if value != "none" else None}
        elif name in ("recorded", "id"):
            data[name] = value
        elif name == "how":
            data["fields"][name] = values
        else:
            data["fields"][name] = int(value) if value.isdigit() else value
    return data


__all__ = ["CALENDAR", "Doer", "School", "load", "log", "text"]
