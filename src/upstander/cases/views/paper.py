"""The matter on paper: for whom it is made is chosen first, and every paper is on record."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from upstander.access.pages import SchoolRequest, staff_page
from upstander.access.step_up import step_up
from upstander.cases.looking import look
from upstander.cases.paper import Paper, families
from upstander.records import queries
from upstander.ui.forms import Choice, Form

ALL = "all"


class ForWhom(Form):
    """Whose eyes the paper is for."""

    reader = forms.ChoiceField(label=gettext_lazy("For whom is it?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, choices: list[tuple[str, Choice]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reader"].choices = choices  # type: ignore[attr-defined]


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
@step_up
def page(request: SchoolRequest, record: UUID) -> HttpResponse:
    """The choice, and with it the PDF."""
    looking = look(request, record)
    found = families(looking)
    everything = Choice(_("Those who work on this matter"), help=_("With all names, as you may read it yourself."))
    covered = _("Everybody else stands there under a letter. The wish and the open steps are left out.")
    choices = [(ALL, everything)] + [
        (each, Choice(_("The family of %(name)s") % {"name": name}, help=covered)) for each, name in found.items()
    ]
    form = ForWhom(request.POST if request.method == "POST" else None, choices=choices)
    if request.method == "POST" and form.is_valid():
        child = form.cleaned_data["reader"]
        made = Paper(looking, "" if child == ALL else child).pdf()
        queries.log_reading(request.viewer, looking.record, "paper" if child == ALL else "paper-family")
        name = f"{looking.record.number}.pdf"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return HttpResponse(made, "application/pdf", headers=headers)
    context = {"form": form, "back": looking.back, "of_record": looking.of_record, "families": bool(found)}
    return render(request, "cases/paper.html", context, status=422 if form.errors else 200)
