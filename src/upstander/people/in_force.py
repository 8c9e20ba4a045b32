"""From what a school has put in force to the versions that the engine asks (§10)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from upstander.people.models import PackFiles, PackInForce, School
from upstander.policy import loader
from upstander.policy.loader import Source
from upstander.policy.model import Pack, Series

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
    pack, problems = loader.check_source(source, answers)
    if pack is None:
        raise loader.PackErrors(each for each in problems if each.stops)
    return pack


def series_from(rows: Sequence[PackInForce]) -> Series:
    """The versions by date in force, the earliest first, each with a label of its own. Raises PackErrors."""
    found: dict[Any, Pack] = {}
    labels: dict[str, int] = {}
    for row in rows:
        pack = _loaded(row.files_id, json.dumps(row.answers, sort_keys=True))
        labels[pack.version] = labels.get(pack.version, 0) + 1
        number = labels[pack.version]
        label = pack.version if number == 1 else f"{pack.version}+{number}"
        found[row.from_date] = replace(pack, in_force_from=row.from_date, version=label[:LONGEST_LABEL])
    return Series(tuple(found[day] for day in sorted(found)))


@lru_cache(maxsize=64)
def _loaded(files: UUID, answers: str) -> Pack:
    """What passed the lint when it was put in force; files that are kept never change."""
    source = loader.stored(PackFiles.objects.get(id=files).files)
    return loader.load_source(source, json.loads(answers))
