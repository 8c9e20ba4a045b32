"""How many duties press on somebody: the number beside *Today*, on every page of the staff, so it reads no more than it counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from upstander.access import decide
from upstander.access.viewer import Viewer
from upstander.people import queries as people
from upstander.people.packs import kept
from upstander.policy.model import Pack
from upstander.policy.verdict import State
from upstander.records import scope, steps, upkeep
from upstander.records.models import DutyRow, Record

AT_ONCE = 100
"""So many duties are looked at together."""


def counts_for(viewer: Viewer, now: datetime, most: int = 0) -> tuple[int, int]:
    """(late, due today) of the viewer's own duties. ``most``: enough once so many were found; 0: all of them are counted."""
    school = people.school_by_id(viewer.school_id)
    upkeep.refresh_due(school, now)
    seen = scope.within(decide.visible_to(viewer), now)
    pressing = Q(state=State.OVERDUE.value) | Q(due__lte=now.replace(hour=23, minute=59))
    rows = DutyRow.objects.filter(pressing, school=school, open=True, record__in=seen).exclude(strength="may")
    found = rows.order_by().values_list("pk", "state", "who")
    mine = [(row, state) for row, state, who in found if _may_bear(viewer, who)]
    late = today = 0
    for start in range(0, len(mine), AT_ONCE):
        part = dict(mine[start : start + AT_ONCE])
        own = _own(viewer, school.id, part, now)
        late += sum(part[row] == State.OVERDUE.value for row in own)
        today += sum(part[row] != State.OVERDUE.value for row in own)
        if most and late + today >= most:
            break
    return late, today


def _own(viewer: Viewer, school_id: UUID, ids: Iterable[UUID], now: datetime) -> set[UUID]:
    """Those of these duties that are the viewer's own."""
    rows = list(DutyRow.objects.filter(pk__in=list(ids)))
    school = people.school_by_id(school_id)
    records = Record.objects.in_bulk({row.record_id for row in rows})
    for record in records.values():
        record.school = school
    return steps.mine_of(viewer, school, records.values(), rows, now)


def _may_bear(viewer: Viewer, who: Iterable[Mapping[str, str]]) -> bool:
    """Whether one of these bearers can be the viewer: themselves, a role in the matter, a post that may come down to theirs."""
    held = {each.role for each in viewer.roles}
    for each in who:
        if each.get("person") == str(viewer.person_id):
            return True
        if "role" in each and (reach := _comes_down_to(viewer.pack, each["role"])) is not None and not (held & reach):
            continue
        if "role" in each:
            return True
    return False


def _comes_down_to(pack: Pack, role: str) -> frozenset[str] | None:
    """The posts that may act in a role: its members, their deputies, theirs; None for a role that somebody has in a matter."""
    return kept(pack, f"comes down to {role}", lambda: _posts(pack, role))


def _posts(pack: Pack, role: str) -> frozenset[str] | None:
    found: set[str] = set()
    ahead = [role]
    while ahead:
        for member in (ahead[-1], *pack.members(ahead.pop())):
            info = pack.roles.get(member)
            if info is not None and info.of_the_matter:
                return None
            if member not in found:
                found.add(member)
                ahead += info.deputies if info is not None else ()
    return frozenset(found)
