"""The version of its policy that a school prepares: begun from what is in force, changed, checked, published."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from upstander.people import clock, in_force, packs
from upstander.people.models import Person, School
from upstander.people.packs import Version
from upstander.policy import loader
from upstander.policy.loader import Source
from upstander.policy.model import Pack
from upstander.policy.problems import Problem
from upstander.policy.together import merged
from upstander.school.models import PolicyDraft

OVERLAY = "studio"
"""The name of the layer in which a draft keeps the deadlines that it changes."""


def running(school: School, pack: str | None = None, on: date | None = None) -> Version | None:
    """The version in force today of a pack (the school's first if none is named); None where the school keeps no files."""
    found = [each for each in packs.versions(school, on) if each.state == "in force" and not each.ends]
    return next((each for each in found if pack in (None, each.name)), None)


def source_in_force(school: School, version: Version | None) -> Source:
    """The files of what is in force."""
    return in_force.source_of(school, version.id if version is not None else school.pack)


def answers_of(version: Version | None) -> dict[str, dict[str, Any]]:
    """The school's answers under a version, as a copy that may be changed."""
    given: Mapping[str, Any] = version.answers if version is not None else {}
    return {"params": dict(given.get("params") or {}), "words": dict(given.get("words") or {})}


# --- the draft ----------------------------------------------------------------------------------------------------


def of(school: School, pack: str) -> PolicyDraft | None:
    return PolicyDraft.objects.filter(school=school, pack=pack).first()


def names(school: School) -> list[str]:
    """The packs of which there is a draft."""
    return list(PolicyDraft.objects.filter(school=school).values_list("pack", flat=True))


def begun(school: School, pack: str, by: Person | None) -> PolicyDraft:
    """The draft of a pack; a new one begins with what is in force."""
    found = of(school, pack)
    if found is not None:
        return found
    version = running(school, pack)
    source, changes = _without_overlay(source_in_force(school, version))
    return _made(school, pack, source, changes, answers_of(version), by)


@transaction.atomic
def begun_with(school: School, source: Source, pack: Pack, by: Person | None) -> PolicyDraft:
    """A draft from files that somebody brought; what was in the works for this pack is dropped, answers that fit stay."""
    before = of(school, pack.id)
    answers = before.answers if before is not None else answers_of(running(school, pack.id))
    PolicyDraft.objects.filter(school=school, pack=pack.id).delete()
    kept = {
        "params": {name: value for name, value in answers.get("params", {}).items() if name in pack.params},
        "words": {name: value for name, value in answers.get("words", {}).items() if name in pack.vague},
    }
    return _made(school, pack.id, source, {}, kept, by)


def _made(
    school: School, pack: str, source: Source, changes: dict[str, Any], answers: dict[str, Any], by: Person | None
) -> PolicyDraft:
    now = clock.utcnow(school)
    return PolicyDraft.objects.create(
        school=school,
        pack=pack,
        files=source.data(),
        changes=changes,
        answers=answers,
        made_by=by.id if by else None,
        made_at=now,
        changed_at=now,
    )


def _without_overlay(source: Source) -> tuple[Source, dict[str, Any]]:
    """The files below the layer that an earlier draft has left, and what that layer changed."""
    if source.name != OVERLAY or source.base is None:
        return source, {}
    rules = source.files.get("rules.yaml", "{}")
    duties = json.loads(rules).get("duties", {})
    return source.base, {name: entry["by"] for name, entry in duties.items()}


def source_of(draft: PolicyDraft) -> Source:
    """The files of a draft; deadlines that it changes lie over them as a layer of their own."""
    base = loader.stored(draft.files)
    if not draft.changes:
        return base
    pack = loader.load_source(base)
    head = {
        "id": pack.id,
        "title": pack.title,
        "version": pack.version,
        "in force from": pack.in_force_from.isoformat(),
    }
    head |= {"language": pack.language, "timezone": pack.timezone, "extends": f"{base.name}@{pack.version}"}
    rules = {"duties": {name: {"by": by} for name, by in sorted(draft.changes.items())}}
    written = {"pack.yaml": head, "rules.yaml": rules}
    files: dict[str, bytes | str] = {name: json.dumps(part, ensure_ascii=False) for name, part in written.items()}
    return Source(OVERLAY, files, base=base, base_name=base.name)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A draft as a pack, or what is wrong with it."""

    pack: Pack | None
    problems: tuple[Problem, ...]


def loaded(draft: PolicyDraft) -> Loaded:
    """The draft, linted with its answers."""
    pack, problems = loader.check_source(source_of(draft), draft.answers)
    return Loaded(pack, tuple(problems))


def cached(draft: PolicyDraft) -> Pack | None:
    """The draft as a pack, without the lint that it has passed; None where it no longer loads."""
    return _cached(draft.id, draft.changed_at)


@lru_cache(maxsize=16)
def _cached(draft: UUID, changed_at: datetime) -> Pack | None:
    row = PolicyDraft.objects.get(id=draft)
    try:
        return loader.load_source(source_of(row), row.answers)
    except loader.PackErrors:
        return None


def save(draft: PolicyDraft) -> None:
    draft.changed_at = clock.utcnow(draft.school)
    draft.save(update_fields=["changes", "answers", "changed_at"])


def drop(school: School, pack: str) -> None:
    """Give a draft up. What was decided stays written down."""
    PolicyDraft.objects.filter(school=school, pack=pack).delete()


@transaction.atomic
def publish(draft: PolicyDraft, from_date: date, by: Person | None) -> Version:
    """Put a draft in force from a day on; the draft is gone then. Raises PackErrors and ``packs.TooEarly``."""
    with _on_disk(source_of(draft)) as path:
        version = packs.put_in_force(draft.school, path, draft.answers, from_date, by)
    draft.delete()
    return version


@contextmanager
def _on_disk(source: Source) -> Iterator[Path]:
    """The files of a source and of what it extends, side by side in a folder of their own for a moment."""
    with tempfile.TemporaryDirectory() as folder:
        yield _written(source, Path(folder), source.name)


def _written(source: Source, folder: Path, name: str) -> Path:
    if source.base is not None:
        _written(source.base, folder, source.base_name)
    if source.single:
        [content] = source.files.values()
        path = folder / (name if name.endswith(".yaml") else f"{name}.yaml")
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path
    for inner, content in source.files.items():
        place = folder / name / inner
        place.parent.mkdir(parents=True, exist_ok=True)
        if not inner.endswith("/"):
            place.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder / name


def before_and_after(school: School, pack: Pack, on: date) -> tuple[Pack, Pack]:
    """The whole policy of a school as it is, and as it would be with this pack in the place of its namesake, or beside the rest.

    Raises PackErrors where the school's packs would not fit together.
    """
    rows = [each for each in packs.versions(school, on) if each.state == "in force" and not each.ends]
    rows.sort(key=lambda row: row.made_at)
    running = {row.name: packs.pack_in(row) for row in rows}
    if set(running) <= {pack.id}:
        return running.get(pack.id) or packs.pack_of(school, on), pack
    return _together(running), _together({**running, pack.id: pack})


def _together(several: Mapping[str, Pack]) -> Pack:
    if len(several) == 1:
        return next(iter(several.values()))
    ordered = list(several.values())
    came_before = {each.id: tuple(ordered[:place]) for place, each in enumerate(ordered)}
    whole, problems = merged(ordered, came_before=came_before)
    if problems:
        raise loader.PackErrors(problems)
    return whole
