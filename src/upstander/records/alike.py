"""Codes of many records at once: what stands in a coded field of one kind of event, struck entries left out.

For comparing matters with one another without their names. Only records that the viewer sees are asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from upstander.access.viewer import Viewer
from upstander.records import queries, reading
from upstander.records.models import Event

VOID = "void"


def codes(viewer: Viewer, records: Iterable[UUID], kind: str, field: str) -> Mapping[UUID, list[list[str]]]:
    """{record: [the codes of each entry]} in the order of happening; nothing where the pack keeps the field from the viewer."""
    declared = viewer.pack.events.get(kind)
    if declared is None or kind in reading.secret_kinds(viewer) or field in reading.secret_fields(viewer, declared):
        return {}
    rows = Event.objects.filter(school_id=viewer.school_id, record_id__in=list(records), kind__in=(kind, VOID))
    found: dict[UUID, list[list[str]]] = {}
    events = list(rows.order_by("at", "position"))
    struck = _struck(events)
    for event in events:
        if event.kind == kind and str(event.id) not in struck:
            value = event.fields.get(field) or []
            found.setdefault(event.record_id, []).append(value if isinstance(value, list) else [str(value)])
    return found


def _struck(events: Iterable[Event]) -> set[str]:
    """The ids that a void names which is not struck itself; read from the last void to the first."""
    struck: set[str] = set()
    voids = sorted((each for each in events if each.kind == VOID), key=lambda each: each.position, reverse=True)
    for void in voids:
        if str(void.id) not in struck:
            struck.add(str(void.fields.get("event")))
    return struck


def seen(viewer: Viewer, kind: str, without: UUID) -> list[UUID]:
    """The records of a kind that the viewer sees, but one."""
    return list(queries.visible(viewer, kind).exclude(id=without).order_by().values_list("id", flat=True))
