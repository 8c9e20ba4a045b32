"""Which policy a school runs: its packs with the school's own answers, each version from its day on.

A school keeps the files of what it has put in force: a folder that changes, or a new release of Upstander, changes nothing
that a school runs until somebody there puts it in force.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar
from uuid import UUID

from django.db import transaction
from django.dispatch import Signal

from upstander.people import clock
from upstander.people.in_force import series_from
from upstander.people.models import PackFiles, PackInForce, Person, School
from upstander.policy.model import Pack, Series

Answers = Mapping[str, Any]
"""``{"params": {name: value}, "words": {word: answer}}``."""

in_force_changed = Signal()
"""Sent inside the transaction that changed what a school runs. Arguments: ``school``, ``from_date``, and ``renames``: a second
pack came, so that every rule is called otherwise from now on."""


def series_of(school: School) -> Series:
    """The versions of the school's policy by date in force. Raises the loader's PackErrors."""
    given = _registered.get(school.pack)
    return given if given is not None else _series(school.id, school.pack, school.policy)


def pack_of(school: School, on: date | None = None) -> Pack:
    """The version in force on a day; without one, the newest."""
    series = series_of(school)
    return series.versions[-1] if on is None else series.at(on)


@lru_cache(maxsize=1024)
def _series(school: UUID, name: str, policy: str) -> Series:
    """``policy`` is in the arguments so that a change in force is a different question."""
    rows = _rows(school)
    if rows:
        return series_from(rows)
    from upstander.policy import loader

    return Series((loader.load(name),))


def _rows(school: UUID) -> list[PackInForce]:
    rows = PackInForce.objects.filter(school=school, withdrawn_at=None).order_by("from_date", "made_at")
    # Of the files only their digest: their text is read where it has not been loaded before.
    return list(rows.select_related("files").defer("files__files"))


def rule_named(school: School, rule: str) -> str:
    """What a rule is called now; in a log from before a second pack came it stands without its pack's id."""
    first = _first_of_several(school.id, school.policy) if school.pack not in _registered else ""
    versions = series_of(school).versions if first else ()
    if not first or any(rule in pack.duties or rule in pack.limits for pack in versions):
        return rule
    return f"{first}-{rule}"


@lru_cache(maxsize=1024)
def _first_of_several(school: UUID, policy: str) -> str:
    from upstander.people import in_force

    names = in_force.several(_rows(school))
    return names[0] if len(names) > 1 else ""


def packs_of(school: School) -> list[str]:
    """The ids of the packs that the school runs or has run, the one that came first first."""
    from upstander.people import in_force

    return in_force.several(_rows(school.id)) or [school.pack]


# --- versions -----------------------------------------------------------------------------------------------------


class TooEarly(Exception):
    """A version would change what has arisen already. ``earliest``: the first day that is possible."""

    def __init__(self, earliest: date) -> None:
        self.earliest = earliest
        super().__init__(f"a version can be in force from {earliest} at the earliest")


@dataclass(frozen=True, slots=True)
class Version:
    """A version of one pack as a school put it in force, with the answers and who did it (None: the software).

    ``name``: the pack's id; ``ends``: it stops running from that day; ``state``: as of the day that was asked about.
    """

    id: UUID
    name: str
    version: str
    from_date: date
    answers: Answers
    by: UUID | None
    made_at: datetime
    state: Literal["past", "in force", "planned", "withdrawn"]
    ends: bool = False


def versions(school: School, on: date | None = None) -> list[Version]:
    """What the school has put in force, of every pack, in order of days; ``on``: the day for ``state``, today by default."""
    today = on or clock.now(school).date()
    rows = list(PackInForce.objects.filter(school=school))
    valid = [row for row in rows if row.withdrawn_at is None]
    return [_version(row, valid, today) for row in rows]


def _version(row: PackInForce, valid: list[PackInForce], today: date) -> Version:
    state: Literal["past", "in force", "planned", "withdrawn"] = "withdrawn"
    chain = [each for each in valid if each.pack == row.pack]
    if row in chain:
        begun = [each for each in chain if each.from_date <= today]
        # The very first version of a school also governs what came before it.
        current = begun[-1] if begun else chain[0] if chain[0] == valid[0] else None
        here, now = chain.index(row), chain.index(current) if current is not None else -1
        state = "in force" if here == now else "past" if here < now else "planned"
    return Version(
        row.id,
        row.pack,
        row.version,
        row.from_date,
        row.answers,
        row.by_person,
        row.made_at,
        state,
        ends=row.files_id is None,
    )


def pack_in(version: Version) -> Pack:
    """The typed pack of a version, with its answers. Raises PackErrors."""
    row = PackInForce.objects.select_related("files").get(id=version.id)
    return series_from([row]).versions[0]


def earliest(school: School) -> date:
    """The first day from which a version may be put in force: tomorrow; any day while nothing has been recorded."""
    begun = any(ask(school) for ask in _begun)
    return clock.now(school).date() + timedelta(days=1) if begun else date.min


@transaction.atomic
def put_in_force(
    school: School, pack: str | Path | UUID, answers: Answers | None, from_date: date | None, by: Person | None
) -> Version:
    """Put a pack with the school's answers in force from a day on; what arose before stays under what was in force then.

    ``pack``: a pack's name, its folder or file, or the id of a version (its files again, with other answers). ``answers``:
    all of them, not only what changed. ``from_date`` None: the earliest possible day (for the first, the pack's own).
    A version of this pack that was planned for the same day is replaced.

    Raises PackErrors (with these answers the pack cannot run, or it does not fit the school's other packs) and TooEarly.
    """
    from upstander.people import in_force

    given = dict(answers or {})
    source = in_force.source_of(school, pack)
    loaded = in_force.checked(source, given)
    day = _day(school, loaded, from_date)
    files = _kept(school, source.data())
    before = in_force.several(_rows(school.id))
    replaced = PackInForce.objects.filter(school=school, pack=loaded.id, from_date=day, withdrawn_at=None)
    replaced.update(withdrawn_at=clock.utcnow(school))
    row = PackInForce.objects.create(
        school=school,
        pack=loaded.id,
        version=loaded.version,
        files=files,
        answers=given,
        from_date=day,
        by_person=by.id if by else None,
        made_at=_later_than_all(school),
    )
    _changed(school, day, renames=len(before) == 1 and loaded.id not in before)
    return next(each for each in versions(school) if each.id == row.id)


def _day(school: School, pack: Pack, from_date: date | None) -> date:
    first = earliest(school)
    if from_date is None:
        return max(first, pack.in_force_from) if first == date.min else first
    if from_date < first:
        raise TooEarly(first)
    return from_date


def _later_than_all(school: School) -> datetime:
    """Now, and after every row before: which pack came first must never be in doubt."""
    last = PackInForce.objects.filter(school=school).order_by("made_at").values_list("made_at", flat=True).last()
    now = clock.utcnow(school)
    return max(now, last + timedelta(microseconds=1)) if last is not None else now


def _kept(school: School, data: dict[str, Any]) -> PackFiles:
    digest = hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    return PackFiles.objects.get_or_create(school=school, digest=digest, defaults={"files": data})[0]


@transaction.atomic
def end_pack(school: School, name: str, from_date: date, by: Person | None) -> None:
    """Stop running one of several packs from a day on. Raises TooEarly; ValueError for the only pack."""
    rows = [row for row in _rows(school.id) if row.files_id is not None]
    if {row.pack for row in rows} <= {name}:
        raise ValueError("a school runs at least one pack")
    if from_date < (first := earliest(school)):
        raise TooEarly(first)
    PackInForce.objects.create(
        school=school,
        pack=name,
        version="",
        from_date=from_date,
        by_person=by.id if by else None,
        made_at=_later_than_all(school),
    )
    _changed(school, from_date)


@transaction.atomic
def withdraw(school: School, version: UUID) -> bool:
    """Take a version back that is not in force yet; whether there was one."""
    row = PackInForce.objects.filter(school=school, id=version, withdrawn_at=None).first()
    if row is None or row.from_date < earliest(school) or len(_rows(school.id)) == 1:
        return False
    row.withdrawn_at = clock.utcnow(school)
    row.save(update_fields=["withdrawn_at"])
    _changed(school, row.from_date)
    return True


def _changed(school: School, from_date: date, *, renames: bool = False) -> None:
    """Write the fingerprint of what is in force now, check that it all fits together, and tell whoever keeps what follows."""
    rows = _rows(school.id)
    said = [[str(row.id), row.pack, str(row.from_date), row.answers] for row in rows]
    school.policy = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
    school.save(update_fields=["policy", "pack"])
    series_of(school)
    in_force_changed.send(School, school=school, from_date=from_date, renames=renames)


_begun: list[Callable[[School], bool]] = []


def ask_whether_begun(ask: Callable[[School], bool]) -> None:
    """Let a room say whether a school has begun to record: from then on a version can only be for a day to come."""
    if ask not in _begun:
        _begun.append(ask)


# --- packs without files, and what is made from packs -------------------------------------------------------------

_registered: dict[str, Series] = {}


def register(name: str, series: Series) -> None:
    """Make a pack that stands in no folder known under a name (tests, benchmarks)."""
    _registered[name] = series
    forget()


def is_registered(name: str) -> bool:
    return name in _registered


def forget() -> None:
    """Load packs anew (a pack's files have changed), and drop what was made from them."""
    _series.cache_clear()
    _first_of_several.cache_clear()
    for cache in _derived:
        cache.cache_clear()


class Cached(Protocol):
    """What ``functools.cache`` makes."""

    def cache_clear(self) -> None: ...


_derived: list[Cached] = []


def derived(cache: Cached) -> None:
    """Let ``forget`` empty this cache of something made from packs, too."""
    _derived.append(cache)


Made = TypeVar("Made")


def kept(pack: Pack, name: str, make: Callable[[], Made]) -> Made:
    """Something that is made from a pack once and then kept with it."""
    memo: dict[str, Made] = pack.__dict__.setdefault("_kept", {})
    if name not in memo:
        memo[name] = make()
    return memo[name]
