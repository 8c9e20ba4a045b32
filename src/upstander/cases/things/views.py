"""The pages of the rooms about things: a search, an image nobody may see, evidence, receipts, posts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from upstander.access import decide
from upstander.access.decide import NotFound
from upstander.access.pages import SchoolRequest, staff_page
from upstander.cases.looking import Looking, look
from upstander.cases.things import custody, evidence, no_view, receipt, search, takedowns
from upstander.records import queries
from upstander.ui.parts import Deed


def _frame(looking: Looking) -> dict[str, Any]:
    return {"looking": looking, "back": looking.back, "of_record": looking.of_record}


@staff_page
@require_safe
def search_steps(request: SchoolRequest, record: UUID) -> HttpResponse:
    """The search, step by step; where nobody may look, the path on which nobody does."""
    looking = look(request, record)
    found = search.enter(looking)
    if no_view.is_on(looking) and no_view.room_of(looking):
        return redirect(looking.url("no_view"))
    context = {**_frame(looking), "stages": found, **no_view.stop(looking), "ways": _ways(looking)}
    return render(request, "cases/things/search.html", context)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def unseen(request: SchoolRequest, record: UUID) -> HttpResponse:
    """The path on which nobody looks. A press begins it at once; what was said is written down afterwards."""
    looking = look(request, record)
    room = no_view.enter(looking)
    if request.method == "POST":
        if not no_view.is_on(looking):
            decide.permit(looking.viewer, f"record:{room.switch}", looking.subject)
            no_view.switch(looking, request.POST.get("submit_key", "")[:64])
        return redirect(looking.url("no_view"))
    on = no_view.is_on(looking)
    context = {
        **_frame(looking),
        "on": on,
        "title": looking.words.done(room.switch) if on else looking.words.deed(room.switch),
        "title_lang": looking.words.lang_of(f"events.{room.switch}.{'done' if on else 'label'}"),
        "stages": search.stages(looking, room.steps) if on else (),
        "call": no_view.call(looking),
        "tell": no_view.tell(looking),
        "cards": no_view.cards(looking),
        "clauses": looking.words.clauses(looking.pack.events[room.switch].clause[:1]),
        "ways": _ways(looking),
        **no_view.stop(looking),
    }
    return render(request, "cases/things/no_view.html", context)


def _ways(looking: Looking) -> list[Deed]:
    found = [evidence.way(looking), receipt.way(looking)]
    return [each for each in found if each is not None]


@staff_page
@require_safe
def evidence_of(request: SchoolRequest, record: UUID) -> HttpResponse:
    """Who had which object, from when to when, and every file with its fingerprint."""
    looking = look(request, record)
    if looking.is_concern:
        raise NotFound
    context = {
        **_frame(looking),
        "lines": custody.lines(looking),
        "keeps": custody.room_of(looking) is not None,
        "files": evidence.files(looking),
        "shut": no_view.is_on(looking),
        "adding": evidence.adding(looking),
        "receipt": receipt.way(looking),
        **no_view.stop(looking),
    }
    return render(request, "cases/things/evidence.html", context)


@staff_page
@require_safe
def receipt_of(request: SchoolRequest, record: UUID) -> HttpResponse:
    """The receipt for the pupil, as a PDF."""
    looking = look(request, record)
    made = receipt.make(looking)
    queries.log_reading(request.viewer, looking.record, "receipt")
    headers = {"Content-Disposition": f'inline; filename="{looking.record.number}.pdf"', "Cache-Control": "no-store"}
    return HttpResponse(made, "application/pdf", headers=headers)


@staff_page
@require_safe
def takedowns_of(request: SchoolRequest, record: UUID) -> HttpResponse:
    """The posts of one matter."""
    looking = look(request, record)
    if takedowns.room_of(looking) is None:
        raise NotFound
    found = takedowns.posts(looking)
    context = {
        **_frame(looking),
        "up": [each for each in found if each.up],
        "gone": [each for each in found if not each.up],
        "report": takedowns.report(looking),
    }
    return render(request, "cases/things/takedowns.html", context)


@staff_page
@require_safe
def takedowns_of_school(request: SchoolRequest) -> HttpResponse:
    """Every post of the school that is up, as far as the viewer sees the matters."""
    if not takedowns.known(request.viewer):
        raise NotFound
    posts = takedowns.of_school(request)
    context = {"up": posts, "title": _("Posts to be taken down"), "of_school": True}
    return render(request, "cases/things/takedowns_school.html", context)
