"""The first page after signing in: what needs the viewer."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from upstander.access import emergency
from upstander.access.pages import SchoolRequest, staff_page
from upstander.cases import inbox, phrases
from upstander.cases.things import at_hand
from upstander.people import queries as people
from upstander.policy.calendar import Timetable
from upstander.records.keeping import telling
from upstander.ui import languages
from upstander.ui.parts import Deed


@staff_page
@require_safe
def page(request: SchoolRequest) -> HttpResponse:
    """Late, today, this week, later; what was told; what others still do."""
    lang = languages.current().tag
    found = inbox.today(request.viewer, request.school, request.now, lang)
    person = people.person(request.school, request.viewer.person_id) if request.viewer.person_id else None
    days = Timetable(people.calendar_of(request.school), request.pack.hints)
    lede = phrases.lede(found.late, found.due)
    context = {
        "greeting": phrases.greeting(person.name if person else "", request.now),
        "day_line": phrases.day_line(request.now.date(), days, lang),
        "lede": lede,
        "lede_rest": _("The rest can wait.") if lede and found.groups else "",
        "opened": emergency.to_look_at(request.school, request.viewer),
        "look": Deed(label=_("Look at it"), url=reverse("cases:emergency", args=[request.school.slug])),
        **_ending(request),
        "fresh": found.fresh,
        "groups": found.groups,
        "later": found.later,
        "waiting": found.waiting,
        "settled": found.settled,
        "heard": found.heard,
        "unfilled": found.unfilled,
        "at_hand": at_hand.ways(request),
        "nothing": found.nothing,
    }
    return render(request, "cases/today.html", context)


def _ending(request: SchoolRequest) -> dict[str, Any]:
    """The records whose time ends within a month or has ended, for whoever is asked to look after that."""
    waiting = telling.waiting_for(request.viewer)
    over = ngettext("The time of %(n)d record is over.", "The time of %(n)d records is over.", waiting.over)
    soon = ngettext(
        "The time of %(n)d record ends within a month.", "The time of %(n)d records ends within a month.", waiting.soon
    )
    said = ([over % {"n": waiting.over}] if waiting.over else []) + (
        [soon % {"n": waiting.soon}] if waiting.soon else []
    )
    deed = Deed(
        label=_("Look at what is kept, and until when"), url=reverse("cases:keeping", args=[request.school.slug])
    )
    return {"ending": said, "ending_deed": deed}
