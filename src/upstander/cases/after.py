"""What to say after something was recorded: that it was, what it settled, and what it does not count for."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from upstander.cases import meanwhile, said
from upstander.cases.looking import Looking
from upstander.cases.near import near_misses
from upstander.cases.shapes import Recorded
from upstander.records.models import Event


def recorded(looking: Looking, event_id: str) -> Recorded | None:
    """The message for the event whose id stands in the address; None for what is no event of this record."""
    ident, _dot, seen = event_id.partition(".")
    event = looking.events.get(_id(ident))
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
    lines += _others(looking, event.id, seen)
    title = _("Recorded: %(done)s.") % {"done": looking.words.done(event.kind)}
    return Recorded(title=title, lines=lines, misses=misses)


def _others(looking: Looking, event_id: str, seen: str) -> list[str]:
    """What somebody else recorded between the form and its sending."""
    if not (seen.isascii() and seen.isdigit() and len(seen) < 9):
        return []
    position = Event.objects.filter(record=looking.record, id=event_id).values_list("position", flat=True).first()
    said = meanwhile.since(looking, int(seen), before=position)
    return [_("Meanwhile somebody else recorded: %(what)s.") % {"what": each} for each in said]


def _id(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""
