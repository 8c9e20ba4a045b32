"""What stands in the way of a step before anybody takes it: the limits, asked for a page that shows which step is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from upstander.access import decide
from upstander.access.viewer import Viewer
from upstander.policy.model import EventKind, Pack
from upstander.policy.verdict import Breach
from upstander.records import append, clock, engine, subjects
from upstander.records.index import Desk
from upstander.records.models import Record


def in_the_way(viewer: Viewer, record: Record, kind: str, about: Mapping[str, Sequence[str]]) -> list[Breach]:
    """The limits that recording this kind now would break, whatever is answered in its form; none of them depends on an answer.

    It is asked for whoever may do it: for the viewer in their role, else for the first role that the policy lets do it, so
    that somebody who may not search still reads what a search lacks.
    """
    desk = Desk(record.school, clock.now(record.school), clock.utcnow(record.school), notify=False)
    event = desk.pack.events[kind]
    names = {role: list(ids) for role, ids in about.items() if role in event.about and ids}
    by, role = _doer(viewer, desk.pack, record, event)
    draft = append.Draft(kind=kind, at=desk.now, by_person=by, by_role=role, about=names, fields={})
    asked = append.draft_for_engine(desk.school, draft, desk.moment)
    log = append.log_of(desk.school, record)
    return engine.would_break(desk.series, log, desk.calendar, asked, kind=record.kind, record=str(record.id))


def doers(pack: Pack, kind: str) -> tuple[str, ...]:
    """The roles that may do it: those whom every limit on it names, else those who may record it."""
    event = pack.events[kind]
    found: tuple[str, ...] = event.recorded_by
    for limit in pack.limits.values():
        if limit.only_by and any(each.kind == kind and not each.tests for each in limit.act.alternatives):
            found = tuple(role for role in found if role in limit.only_by) if found else limit.only_by
    return found


def _doer(viewer: Viewer, pack: Pack, record: Record, event: EventKind) -> tuple[UUID | None, str]:
    subject = subjects.subject_of(record, pack, clock.now(record.school))
    allowed = doers(pack, event.id)
    if decide.may(viewer, f"record:{event.id}", subject):
        role = decide.doer_role(viewer, pack, event.id, subject, allowed)
        if not allowed or role in allowed:
            return viewer.person_id, role
    return None, next(iter(allowed), "")
