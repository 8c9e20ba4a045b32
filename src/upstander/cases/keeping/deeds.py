"""Holding, destroying and handing over as deeds of the office: each with its line in the office's log, in one transaction."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from upstander.access import keeping, officelog
from upstander.access.decide import Denied
from upstander.access.viewer import Viewer
from upstander.cases.keeping import ending
from upstander.people import queries as people
from upstander.people.models import School
from upstander.records import subjects
from upstander.records.bundle import handing, making
from upstander.records.keeping import destroying, holding, telling
from upstander.records.keeping.destroying import NotDue
from upstander.records.keeping.periods import State
from upstander.records.models import Destruction, HandOver, Record


def _need_keep(viewer: Viewer, record: Record, now: datetime) -> None:
    if not keeping.may_keep(viewer, subjects.subject_of(record, viewer.pack, now)):
        raise Denied


@transaction.atomic
def hold(viewer: Viewer, record: Record, reason: str, now: datetime) -> None:
    """Hold a record beyond its period. Raises Denied, ValueError without a reason."""
    _need_keep(viewer, record, now)
    holding.hold(record, reason, viewer.person_id)
    officelog.note(record.school, "record-held", None, viewer.person_id)
    telling.tell(record.school, now)


@transaction.atomic
def let_go(viewer: Viewer, record: Record, hold_id: UUID, reason: str, now: datetime) -> None:
    """End a hold. Raises Denied, ValueError without a reason."""
    _need_keep(viewer, record, now)
    if viewer.person_id is None:
        raise Denied
    if holding.let_go(record, hold_id, reason, viewer.person_id) is not None:
        officelog.note(record.school, "record-let-go", None, viewer.person_id)
        telling.tell(record.school, now)


def destroy(viewer: Viewer, school: School, chosen: Collection[str], now: datetime) -> list[Destruction]:
    """Destroy those of the chosen records (see ``ending.Row.value``) that are due still, and what goes with them.

    Each in a transaction of its own: what somebody has changed or held meanwhile stays.
    """
    found, _along = ending.mine(viewer, school, now)
    leading = [each for each in found if each.state is State.DUE and f"{each.record.id}:{each.record.head}" in chosen]
    going = [*leading, *ending.followers(school, now, [each.record.id for each in leading])]
    by = people.names(school, [str(viewer.person_id)]).get(str(viewer.person_id), "")
    made: list[Destruction] = []
    for each in going:
        try:
            with transaction.atomic():
                made.append(destroying.destroy(each, by))
                officelog.note(school, "record-destroyed", None, viewer.person_id)
        except NotDue:
            continue
    telling.tell(school, now)
    return made


@transaction.atomic
def bundle(viewer: Viewer, record: Record, lang: str, role: str) -> bytes:
    """The sealed bundle for a role from outside, or (without one) as the viewer may read it. Raises Denied."""
    if role and role not in handing.readers(viewer):
        raise Denied
    made = making.make(
        handing.reader_for(viewer, role) if role else viewer, record, lang, what=f"bundle:{role}" if role else "bundle"
    )
    officelog.note(record.school, "record-bundled", None, viewer.person_id)
    return made


@transaction.atomic
def hand_over(viewer: Viewer, record: Record, lang: str, key: str, receiver: str) -> tuple[bytes, HandOver]:
    """The bundle encrypted for whoever takes over, as the viewer may read it. Raises ``age.BadKey``."""
    made = handing.sealed_for(viewer, record, lang, key, receiver)
    officelog.note(record.school, "record-handed-over", None, viewer.person_id)
    return made
