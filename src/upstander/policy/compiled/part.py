"""What one duty adds to the picture, and the rows of it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from upstander.policy.compiled.case import Case
from upstander.policy.compiled.due import Judged
from upstander.policy.log import Event
from upstander.policy.model import Duty, NamedAs, Pack, Role
from upstander.policy.reference import match
from upstander.policy.reference.picture import bearers
from upstander.policy.verdict import DutyInstance, Key, Missing

_new = tuple.__new__  # past the slow constructor of a named tuple


class Part:
    """``hinders``: that it stands in the way of closing, for each key; ``sure``: the first moment after ``now`` at which time alone
    changes a row; ``perhaps``: moments after ``now`` that may; ``soonest``: the first of them all."""

    __slots__ = ("hinders", "perhaps", "rows", "soonest", "sure")

    def __init__(self) -> None:
        self.rows: list[DutyInstance] = []
        self.hinders: list[Missing] = []
        self.sure: datetime | None = None
        self.perhaps: list[datetime] = []
        self.soonest: datetime | None = None


class Arisen(Protocol):
    """What the bearers of a duty are found from."""

    @property
    def rule(self) -> Duty: ...
    @property
    def pack(self) -> Pack: ...
    @property
    def key(self) -> Key: ...
    @property
    def triggers(self) -> tuple[Event, ...]: ...


def row_of(
    rule: Duty,
    version: str,
    key: Key,
    at: datetime,
    because: tuple[str, ...],
    judged: Judged,
    occurrence: int,
    who: tuple[Mapping[str, str], ...],
) -> DutyInstance:
    """An instance as it is listed."""
    state, due, due_from, settled, why, flags, _, _, _ = judged
    row = (rule.id, rule.clause, version, key, occurrence, at, due, state, rule.strength, who, rule.who)
    return _new(DutyInstance, (*row, settled, because, why, flags, due_from))


def bearers_of(case: Case, arisen: Arisen, moment: datetime) -> tuple[Mapping[str, str], ...]:
    """Who bears a duty, as of a moment."""
    found: list[Mapping[str, str]] = []
    for bearer in arisen.rule.who:
        if isinstance(bearer, Role):
            found.append({"role": bearer.role})
        elif isinstance(bearer, NamedAs):
            found += _latest_named(case, arisen.pack, bearer.role, moment)
        else:
            found += bearers(case, arisen, bearer, moment)
    return tuple(found)


def _latest_named(case: Case, pack: Pack, role: str, moment: datetime) -> list[Mapping[str, str]]:
    """Whom the latest event names in a role; of several in its minute all; the role itself before anybody is named."""
    times, events = case.views[id(pack)].naming(role)
    last = bisect_right(times, moment)
    marker = ("named", id(pack), role, last)
    found: list[Mapping[str, str]] | None = case.memo.get(marker)
    if found is None:
        if last:
            of_minute = events[bisect_left(times, times[last - 1]) : last]
            persons = {person for event in of_minute for person in match.named(pack, event, role)}
            found = [{"person": person} for person in sorted(persons)]
        else:
            found = [{"role": role}]
        case.memo[marker] = found
    return found
