"""The page of one record: what comes next, how it stands, what is known, what has happened, who and what belongs to it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render

from upstander.access.pages import SchoolRequest, staff_page
from upstander.cases.looking import look
from upstander.cases.views import case
from upstander.web.registers import standing


@staff_page
def page(request: SchoolRequest, record: UUID) -> HttpResponse:
    """The record; a concern or a case is sent on to its own page."""
    looking = look(request, record, log=True)
    if request.path != looking.home:
        return redirect(looking.home)
    context = {
        **case.head(looking),
        **case.body(looking, request.GET.get("recorded", "")),
        "standing": standing.facts(looking),
    }
    return render(request, "web/registers/record.html", context)
