"""What somebody was told without a duty of their own: an event that the pack tells their post of, a duty that climbed to them.

A mail says only that something needs them, and some have no address: this is where they read what it was. A line goes when
they have opened the record.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from upstander.access import decide
from upstander.access.viewer import Viewer
from upstander.policy import labels
from upstander.records import reading, scope
from upstander.records.models import DutyRow, Event, Notice, Reading, Record

LATELY = timedelta(days=14)
MOST = 12


@dataclass(frozen=True)
class Heard:
    """``label``: what happened, or which duty is late, in the pack's words (``path`` of them); ``at``: civil minute."""

    record: Record
    at: datetime
    label: str
    path: str
    climbed: bool


def heard(viewer: Viewer, now: datetime, lang: str) -> list[Heard]:
    """The newest first, in the records that the viewer sees; whatever is kept secret from them is left out."""
    if viewer.person_id is None:
        return []
    seen = scope.within(decide.visible_to(viewer), now)
    opened = Reading.objects.filter(record=OuterRef("record"), person=viewer.person_id, at__gte=OuterRef("made_at"))
    rows = Notice.objects.filter(
        ~Exists(opened),
        school_id=viewer.school_id,
        person=viewer.person_id,
        kind__in=(Notice.Kind.TOLD, Notice.Kind.CLIMB),
        at__gte=now - LATELY,
        at__lte=now,
        record__in=seen,
    )
    lines = list(rows.select_related("record").order_by("-at")[:MOST])
    if not lines:
        return []
    kinds = dict(Event.objects.filter(id__in=[row.event for row in lines if row.event]).values_list("id", "kind"))
    still = set(
        DutyRow.objects.filter(record__in={row.record_id for row in lines}, open=True).values_list(
            "record_id", "rule", "key", "occurrence"
        )
    )
    secret = reading.secret_kinds(viewer)
    found: dict[tuple[object, str], Heard] = {}
    for row in lines:
        climbed = row.kind == Notice.Kind.CLIMB
        kind = kinds.get(row.event, "") if row.event else ""
        if climbed and (row.record_id, row.rule, row.key, row.occurrence) not in still:
            continue
        if not climbed and (kind in secret or kind not in viewer.pack.events):
            continue
        path = f"duties.{row.rule}.label" if climbed else f"events.{kind}.done"
        found.setdefault(
            (row.record_id, path), Heard(row.record, row.at, labels.label(viewer.pack, path, lang), path, climbed)
        )
    return list(found.values())
