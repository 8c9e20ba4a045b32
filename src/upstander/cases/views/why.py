"""Why is this asked: the rule as a sentence, what brought the duty about, how it stands and why."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from upstander.access.pages import SchoolRequest, staff_page
from upstander.cases import reasons
from upstander.cases.looking import look


@staff_page
@require_safe
def page(request: SchoolRequest, record: UUID, rule: str) -> HttpResponse:
    """One duty of a record. ``n`` and the names of its key in the address say which instance."""
    looking = look(request, record)
    return render(request, "cases/why.html", reasons.context(looking, rule, request.GET))
