"""The page of the plans."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from upstander.access.pages import SchoolRequest, staff_page
from upstander.cases import parts
from upstander.cases.looking import Looking, look
from upstander.cases.plans import ladder, room
from upstander.cases.shapes import StoppedLimit
from upstander.cases.stops import Stopper
from upstander.records import asking


@staff_page
@require_safe
def page(request: SchoolRequest, record: UUID) -> HttpResponse:
    """For each person what is planned, agreed and asked for; the ladder; the restorative meeting."""
    looking = look(request, record)
    plans = room.enter(looking)
    context = {
        "looking": looking,
        "title": room.heading(),
        "back": looking.back,
        "of_record": looking.of_record,
        "cards": plans.cards(),
        "ladder": ladder.of(looking, plans.room),
        "restorative": _restorative(looking, plans.room.restorative),
        "clauses": looking.words.clauses(plans.room.clause),
        "wish": parts.wish(looking),
    }
    return render(request, "cases/plans/room.html", context)


def _restorative(looking: Looking, kind: str | None) -> dict[str, Any] | None:
    """The meeting with everybody whom its form names, and what still stands in its way."""
    if kind is None:
        return None
    event = looking.pack.events[kind]
    about = {role: looking.named.get(role, ()) for role in event.about}
    stopper = Stopper(looking.words, looking.names, looking.deed)
    missing: dict[tuple[str, str], StoppedLimit] = {}
    for breach in asking.in_the_way(looking.viewer, looking.record, kind, about):
        who = looking.words.joined([looking.names.get(person, "") for _name, person in breach.key])
        missing.setdefault((breach.rule, who), stopper.limit(breach))
    return {
        "title": looking.words.done(kind),
        "lang": looking.words.lang_of(f"events.{kind}.done"),
        "missing": [(who, limit) for (_rule, who), limit in missing.items()],
        "deed": looking.deed(kind) if not missing else None,
        "state": _("Something is still missing.") if missing else _("Nothing stands against it."),
    }
