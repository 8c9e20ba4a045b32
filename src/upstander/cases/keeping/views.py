"""The page of keeping: what ends soon, what is over, what is held, what was destroyed; and destroying."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from upstander.access import keeping, office
from upstander.access.decide import NotFound
from upstander.access.pages import SchoolRequest, staff_page
from upstander.access.step_up import step_up
from upstander.cases.keeping import certificate, deeds, ending, forms
from upstander.records.keeping import destroying
from upstander.ui import languages
from upstander.ui.forms import Choice

MOST_CERTIFICATES = 100


@staff_page
@require_safe
@step_up
def overview(request: SchoolRequest) -> HttpResponse:
    """Everything that the viewer may keep and whose time ends; the certificates, for the office."""
    keeping.need_look(request.viewer)
    lang = languages.current().tag
    found = ending.ending(request.viewer, request.school, request.now, lang)
    certificates = []
    if office.may_manage(request.viewer):
        certificates = certificate.lines(request.school, request.pack, lang, request.now, MOST_CERTIFICATES)
    return render(request, "cases/keeping/overview.html", {"found": found, "certificates": certificates})


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
@step_up
def destroy(request: SchoolRequest) -> HttpResponse:
    """Each record whose time is over, to be chosen; sent, they are destroyed."""
    keeping.need_look(request.viewer)
    found = ending.ending(request.viewer, request.school, request.now, languages.current().tag)
    choices = [(row.value, Choice(row.name, help=" ".join(filter(None, [row.when, row.along])))) for row in found.due]
    form = forms.Destroys(request.POST if request.method == "POST" else None, choices=choices)
    if request.method == "POST" and form.is_valid():
        made = deeds.destroy(request.viewer, request.school, form.cleaned_data["record"], request.now)
        if made:
            destroying.scrub_soon()
        said = ngettext(
            "%(n)d record is destroyed. Its certificate stays.",
            "%(n)d records are destroyed. Their certificates stay.",
            len(made),
        )
        messages.success(request, said % {"n": len(made)})
        return redirect("cases:keeping", request.school.slug)
    context = {"form": form, "due": found.due}
    return render(request, "cases/keeping/destroy.html", context, status=422 if form.errors else 200)


@staff_page
@require_safe
@step_up
def certificate_page(request: SchoolRequest, file: UUID) -> HttpResponse:
    """The certificate of one destruction on paper; with ``?form=json`` as the school signed it."""
    if not office.may_manage(request.viewer):
        raise NotFound
    found = certificate.of(request.school, file)
    if found is None:
        raise NotFound
    name, headers = found.said["number"], {"Cache-Control": "no-store"}
    if request.GET.get("form") == "json":
        headers["Content-Disposition"] = f'attachment; filename="{name}.json"'
        return HttpResponse(certificate.signed(found), "application/json", headers=headers)
    made = certificate.pdf_of(found, request.school, request.pack, languages.current().tag)
    headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return HttpResponse(made, "application/pdf", headers=headers)
