"""The published policy, for everybody and for staff: the same text, two frames."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from upstander.access.pages import SchoolRequest, school_page, staff_page
from upstander.people import clock
from upstander.school import changes
from upstander.school.paper import policy_pdf
from upstander.school.published import Published
from upstander.ui import languages


def _page(request: HttpRequest, template: str) -> HttpResponse:
    found: SchoolRequest = request  # type: ignore[assignment]
    published = Published(found.pack, languages.current().tag)
    clauses, live = published.count()
    return render(
        request,
        template,
        {
            "policy": published,
            "chapters": published.chapters(),
            "words": published.words(),
            "numbers": published.numbers(),
            "title": found.pack.title,
            "school": found.school,
            "full": "print" in request.GET,
            "since": changes.since_the_last(found.school, found.pack, published.lang),
            "foreign": found.pack.language != published.lang,
            "count": gettext("%(live)s of %(clauses)s clauses have a step, a limit or a text behind them here.")
            % {"live": live, "clauses": clauses},
        },
    )


@staff_page
@require_safe
def for_staff(request: HttpRequest) -> HttpResponse:
    """The policy within the house."""
    return _page(request, "school/policy.html")


@school_page
@require_safe
def for_everybody(request: HttpRequest) -> HttpResponse:
    """The policy without an account."""
    return _page(request, "school/policy_public.html")


@school_page
@require_safe
def on_paper(request: HttpRequest) -> HttpResponse:
    """The policy as a PDF, without an account."""
    found: SchoolRequest = request  # type: ignore[assignment]
    lang = languages.current().tag
    made = policy_pdf(Published(found.pack, lang), found.school.name, clock.aware(found.school, found.now))
    name = f"{found.school.slug}-policy-{found.pack.version}-{lang}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(made, "application/pdf", headers=headers)
