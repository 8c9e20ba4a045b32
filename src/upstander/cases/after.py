"""What to say after something was recorded: that it was, what it settled, and what it does not count for."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from upstander.cases import said
from upstander.cases.looking import Looking
from upstander.cases.near import near_misses
from upstander.cases.shapes import Recorded


def recorded(looking: Looking, event_id: str) -> Recorded | None:
    """The message for the event whose id stands in the address; None for what is no event of this record."""
    event = looking.events.get(_id(event_id))
    if event is None or event not in looking.standing:
        return None
    near = near_misses(looking.versions, looking.picture, looking.standing, event, looking.timetable)
    misses = [
        said.miss(looking.words, each, event, looking.now, looking.deed(event.kind, each.duty.key, each.duty.rule))
        for each in near
    ]
    settled = [
        looking.words.duty(duty.rule)
        for duty in looking.picture.duties
        if duty.settled is not None and duty.settled.event == event.id and duty.rule in looking.pack.duties
    ]
    lines = []
    if settled:
        lines.append(_("Settled: %(duties)s.") % {"duties": looking.words.joined(list(dict.fromkeys(settled)))})
    title = _("Recorded: %(done)s.") % {"done": looking.words.done(event.kind)}
    return Recorded(title=title, lines=lines, misses=misses)


def _id(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""
