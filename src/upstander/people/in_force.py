"""From what a school has put in force to the versions that the engine asks (§10)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from upstander.people.models import PackFiles, PackInForce, School
from upstander.policy import lint, loader
from upstander.policy.loader import Source
from upstander.policy.model import Mark, Pack, Series
from upstander.policy.problems import Problem, problem
from upstander.policy.together import kinds_given_way, merged

LONGEST_LABEL = 60


def source_of(school: School, pack: str | Path | UUID) -> Source:
    """The files of a pack by name or path, or those of a version that the school has put in force before."""
    if isinstance(pack, UUID):
        row = PackInForce.objects.select_related("files").get(id=pack, school=school)
        if row.files is None:
            raise ValueError("this version has no files")
        return loader.stored(row.files.files)
    return loader.source_of(pack)


def checked(source: Source, answers: Mapping[str, Any]) -> Pack:
    """The pack with these answers, linted. Raises PackErrors."""
    files = hashlib.sha256(repr(source).encode()).hexdigest()
    return _checked(_Asked(files, json.dumps(answers, sort_keys=True, default=repr), source, answers))


@dataclass(frozen=True, slots=True)
class _Asked:
    """Files and answers; the same question where both are the same, letter by letter."""

    files: str
    said: str
    source: Source = field(compare=False)
    answers: Mapping[str, Any] = field(compare=False)


@lru_cache(maxsize=16)
def _checked(asked: _Asked) -> Pack:
    """What has passed is not read again when another school, or a second try, asks for it; what has not is."""
    pack, problems = loader.check_source(asked.source, asked.answers)
    if pack is None:
        raise loader.PackErrors(each for each in problems if each.stops)
    return pack


class _Line(NamedTuple):
    """A version as it counts: schools that put the same in force on the same days share what is made of it."""

    pack: str
    digest: str
    """Of its files; empty where the pack ends."""
    answers: str
    from_date: date


def series_from(rows: Sequence[PackInForce]) -> Series:
    """The versions by date in force, the earliest first, each with a label of its own. Raises PackErrors (``E9``: they
    cannot follow one another).

    ``rows``: by day, then in the order in which they were made. A school that ever runs several packs has their rules under
    each pack's id at all times: a rule keeps its name when a pack joins or goes.
    """
    lines = [
        _Line(row.pack, row.files.digest if row.files else "", json.dumps(row.answers, sort_keys=True), row.from_date)
        for row in rows
    ]
    return _series(tuple(lines), tuple(several(rows)))


@lru_cache(maxsize=256)
def _series(lines: tuple[_Line, ...], names: tuple[str, ...]) -> Series:
    found: list[Pack] = []
    labels: dict[str, int] = {}
    kinds: dict[tuple[str, str, str], str] = {}
    for day in sorted({line.from_date for line in lines}):
        on_day = {name: pack for name in names if (pack := _on(lines, name, day, name == names[0])) is not None}
        if not on_day:
            continue
        whole = (
            next(iter(on_day.values())) if len(names) == 1 else _together(on_day, _before(lines, names, on_day), kinds)
        )
        labels[whole.version] = labels.get(whole.version, 0) + 1
        number = labels[whole.version]
        label = whole.version if number == 1 else f"{whole.version}+{number}"
        found.append(replace(whole, in_force_from=day, version=label[:LONGEST_LABEL]))
    waiting = lint.in_turn(found)
    if waiting:
        raise loader.PackErrors(waiting)
    return Series(tuple(found))


def several(rows: Iterable[PackInForce]) -> list[str]:
    """The ids of the packs that a school has ever put in force, the one that came first first."""
    return list(dict.fromkeys(row.pack for row in sorted(rows, key=lambda row: row.made_at)))


def _on(lines: Sequence[_Line], name: str, day: date, first: bool) -> Pack | None:
    """A pack as it is in force on a day; the school's first pack also governs what came before it."""
    chain = [line for line in lines if line.pack == name]
    begun = [line for line in chain if line.from_date <= day]
    line = begun[-1] if begun else chain[0] if first else None
    return _loaded(line.digest, line.answers) if line is not None and line.digest else None


@lru_cache(maxsize=256)
def _loaded(digest: str, answers: str) -> Pack:
    """What passed the lint when it was put in force; files that are kept never change, whichever school keeps them."""
    kept = PackFiles.objects.filter(digest=digest).first()
    if kept is None:
        raise PackFiles.DoesNotExist(digest)
    return loader.load_source(loader.stored(kept.files), json.loads(answers))


def _before(lines: Sequence[_Line], names: Sequence[str], on_day: Mapping[str, Pack]) -> dict[str, tuple[Pack, ...]]:
    """{pack: those that the school ran before it}, as they are in force on the day, or as they last were."""
    newest: dict[str, Pack] = dict(on_day)
    for line in lines:
        if line.pack not in newest and line.digest:
            newest[line.pack] = _loaded(line.digest, line.answers)
    return {name: tuple(newest[each] for each in names[: names.index(name)]) for name in on_day}


def _together(
    on_day: Mapping[str, Pack], before: Mapping[str, Sequence[Pack]], kinds: dict[tuple[str, str, str], str]
) -> Pack:
    """The packs of one day as one policy. ``kinds``: {(pack, its kind): the name in the log}, over the versions.

    Raises PackErrors (``E17``): they do not fit, or a version would give a kind that has been recorded another name.
    """
    problems: list[Problem] = []
    for name, pack in on_day.items():
        events, records = kinds_given_way(pack, before[name], "events"), kinds_given_way(pack, before[name], "records")
        called = {("event", kind): events.get(kind, kind) for kind in pack.events}
        called |= {("record", kind): records.get(kind, kind) for kind in pack.records}
        for (sort, kind), new in called.items():
            if kinds.setdefault((name, sort, kind), new) != new:
                text = f"kind of {sort} '{kind}' of pack '{name}' stands in the log; another pack takes its name now"
                hint = "name it in 'shares' of both, or give the new kind another name"
                problems.append(problem(Mark(name, 0, 0), "E17", text, hint))
    whole, differing = merged(list(on_day.values()), came_before=before)
    if problems or differing:
        raise loader.PackErrors([*problems, *differing])
    return replace(whole, digest=loader.digest(whole))
