"""The ways from the first page into the lists that somebody keeps each day."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from upstander.access.pages import SchoolRequest
from upstander.cases.things import hand_in, takedowns
from upstander.policy import labels
from upstander.ui import languages
from upstander.ui.parts import Deed


def ways(request: SchoolRequest) -> list[Deed]:
    """The list of the viewer's own class, and the posts that are up; nothing for whoever has neither."""
    found = [_list(request), _posts(request)]
    return [each for each in found if each is not None]


def _list(request: SchoolRequest) -> Deed | None:
    room = hand_in.room_of(request.pack)
    units = hand_in.classes(request.school, request.viewer, request.pack) if room else []
    own = hand_in.own_class(request.viewer, units)
    if room is None or own is None:
        return None
    title = labels.label(request.pack, f"records.{room[0]}.label", languages.current().tag)
    label = _("%(what)s: %(school_class)s") % {"what": title, "school_class": own.name}
    return Deed(label=label, url=reverse("cases:hand_in", args=[request.school.slug, own.id]), icon="online")


def _posts(request: SchoolRequest) -> Deed | None:
    if not takedowns.known(request.viewer) or not takedowns.any_up(request):
        return None
    url = reverse("cases:takedowns_of_school", args=[request.school.slug])
    return Deed(label=_("Posts to be taken down"), url=url, icon="world")


def register(request: SchoolRequest, kind: str) -> Deed | None:
    """For a register of such lists: the way to today's, instead of a form for its first entry."""
    room = hand_in.room_of(request.pack)
    if room is None or room[0] != kind or not hand_in.classes(request.school, request.viewer, request.pack):
        return None
    return Deed(label=_("Keep the list"), url=reverse("cases:hand_ins", args=[request.school.slug]))
