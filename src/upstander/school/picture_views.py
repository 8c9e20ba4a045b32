"""The page on which the office shows the photograph of a colleague to whom children can talk."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from upstander.access import office
from upstander.access.pages import SchoolRequest, staff_page
from upstander.people import portraits, queries
from upstander.people.models import Person
from upstander.school import people_forms, posts


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def picture(request: SchoolRequest, person: UUID) -> HttpResponse:
    """Show a picture on the page of whom to talk to, or take it away."""
    found = queries.person(request.school, person)
    if found is None or found.kind != Person.Kind.STAFF:
        raise Http404
    office.need_office(request.viewer)
    me = request.viewer.person_id
    if request.POST.get("deed") == "away":
        posts.show_picture(request.school, found, None, by=me)
        return redirect("school:member", request.school.slug, found.id)
    form = people_forms.Picture(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        posts.show_picture(request.school, found, form.cleaned_data["picture"], by=me)
        return redirect("school:member", request.school.slug, found.id)
    context = {"person": found, "form": form, "has_one": bool(portraits.shown(request.school, [found.id]))}
    return render(request, "school/picture.html", context, status=422 if form.errors else 200)
