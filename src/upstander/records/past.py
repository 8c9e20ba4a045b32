"""The logs of everything that a school has recorded, for judging them by another policy."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from upstander.people.models import School
from upstander.policy.replay import Past
from upstander.records.append import for_engine_event
from upstander.records.models import Event, Record

AT_A_TIME = 200


def logs(school: School, most: int | None = None) -> Iterator[Past]:
    """Every record with its log as the engine reads it, the newest records first; ``most`` of them, or all.

    No access is asked: whoever shows more than counts of it asks ``queries.visible`` for what the viewer may see.
    """
    kinds = dict(
        Record.objects.filter(school=school, length__gt=0).order_by("-opened_at", "id").values_list("id", "kind")[:most]
    )
    ids = list(kinds)
    for start in range(0, len(ids), AT_A_TIME):
        some = ids[start : start + AT_A_TIME]
        rows = Event.objects.filter(school=school, record_id__in=some).order_by("record_id", "position")
        for record_id, events in groupby(rows, lambda event: event.record_id):
            yield Past(str(record_id), kinds[record_id], [for_engine_event(school, event) for event in events])
