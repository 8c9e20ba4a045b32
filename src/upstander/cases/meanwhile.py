"""Two people at one record: what somebody else recorded while a form was being filled in.

Nothing is lost, since nothing is ever written over. But whoever writes second is told: before it is recorded where the other did
the same deed, afterwards of everything else.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from upstander.cases import parts, tale
from upstander.cases.looking import Looking
from upstander.records.models import Event
from upstander.ui import dates


def since(looking: Looking, length: int, kind: str = "", before: int | None = None) -> list[str]:
    """What others have recorded since the record had so many entries, as lines; of one kind if given, and before a position."""
    rows = Event.objects.filter(record=looking.record, position__gt=length).order_by("position")
    rows = rows.filter(kind=kind) if kind else rows
    rows = rows.filter(position__lt=before) if before is not None else rows
    others = [str(row.id) for row in rows if row.by_person is not None and row.by_person != looking.viewer.person_id]
    if not others:
        return []
    shown = {str(each.id): each for each in parts.tale(looking)}
    return [_line(looking, shown[each]) for each in others if each in shown]


def _line(looking: Looking, each: Any) -> str:
    who = looking.words.joined(tale.by_line(looking, each))
    when = dates.moment(each.recorded, looking.lang, looking.now)
    return _("%(done)s (%(who)s, %(when)s)") % {"done": tale.title(looking, each), "who": who, "when": when}


def standing(event: Event) -> Event | None:
    """What stands in the place of an entry that was corrected or struck; None where it was only struck."""
    seen = {event.id}
    while (
        after := Event.objects.filter(record=event.record_id, instead_of=event.id).order_by("position").last()
    ) is not None:
        if after.id in seen:
            return None
        seen.add(after.id)
        event = after
    return event if len(seen) > 1 else None
