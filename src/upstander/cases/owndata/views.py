"""Somebody asks what is on record about them: who, which records, and the file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from upstander.access import office
from upstander.access.decide import NotFound
from upstander.access.pages import SchoolRequest, staff_page
from upstander.access.step_up import step_up
from upstander.cases.owndata import gathering, making
from upstander.cases.owndata.paper import OwnData
from upstander.cases.words import Words
from upstander.people import queries as people
from upstander.people.models import Person
from upstander.ui import languages
from upstander.ui.forms import Choice, Form

MOST_FOUND = 20


class Asks(Form):
    """Who asks, which records go in, and why the others do not."""

    asked_by = forms.CharField(
        label=gettext_lazy("Who asked for it"),
        help_text=gettext_lazy("The person, or who speaks for a child."),
        max_length=200,
    )
    record = forms.MultipleChoiceField(
        label=gettext_lazy("What goes in"), widget=forms.CheckboxSelectMultiple, required=False
    )
    reason = forms.CharField(
        label=gettext_lazy("Why the others are left out"),
        help_text=gettext_lazy("Only needed if some are left out. It stands on the paper, for the person to read."),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=1000,
    )

    def __init__(self, *args: Any, choices: list[tuple[str, Choice]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices = choices
        self.fields["record"].choices = choices  # type: ignore[attr-defined]
        if not choices:
            del self.fields["record"], self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        left_out = [value for value, _label in self.choices if value not in data.get("record", [])]
        if left_out and not data.get("reason", "").strip():
            self.add_error("reason", gettext_lazy("Write why some are left out."))
        return data


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
@step_up
def choose(request: SchoolRequest) -> HttpResponse:
    """Whose data: found by name, also of those who have left."""
    office.need_office(request.viewer)
    typed = request.POST.get("q", "").strip()[:80]
    found = _found(request, typed) if typed else []
    context = {"typed": typed, "found": found, "searched": request.method == "POST"}
    return render(request, "cases/owndata/choose.html", context)


def _found(request: SchoolRequest, typed: str) -> list[tuple[Person, str]]:
    wanted = typed.casefold()
    rows = [each for each in people.everybody(request.school) if wanted in f"{each.name}\n{each.reading}".casefold()]
    rows = [each for each in rows if each.id != request.viewer.person_id and str(each.id) not in request.viewer.guards]
    rows = sorted(rows, key=lambda row: (row.left_on is not None, (row.reading or row.name).casefold()))[:MOST_FOUND]
    classes = people.classes_of(request.school, [each.id for each in rows], request.now.date())
    return [(each, classes[str(each.id)].name if str(each.id) in classes else "") for each in rows]


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
@step_up
def page(request: SchoolRequest, person: UUID) -> HttpResponse:
    """The records that name the person, to be chosen; sent, the file."""
    office.need_office(request.viewer)
    found_person = people.person(request.school, person)
    if found_person is None:
        raise NotFound
    making.need_for(request.viewer, found_person)
    lang = languages.current().tag
    found = gathering.gather(request.viewer, request.school, found_person)
    words = Words(request.pack, lang, request.school.slug)
    choices = [(str(each.record.id), Choice(gathering.name_of(words, each), help=_help(each))) for each in found]
    usual = [str(each) for each in making.usual(found)]
    form = Asks(
        request.POST if request.method == "POST" else None,
        choices=choices,
        initial={"record": usual, "asked_by": found_person.name},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        chosen = gathering.uuids(data.get("record", []))
        own = OwnData(
            request.viewer,
            request.school,
            found_person,
            found,
            chosen,
            request.now,
            lang,
            data.get("reason", ""),
            data["asked_by"],
        )
        headers = {"Content-Disposition": 'attachment; filename="own-data.zip"', "Cache-Control": "no-store"}
        return HttpResponse(making.make(own), "application/zip", headers=headers)
    context = {"form": form, "person": found_person, "none": not found}
    return render(request, "cases/owndata/page.html", context, status=422 if form.errors else 200)


def _help(found: gathering.Found) -> Any:
    if found.told_by_others:
        return gettext_lazy(
            "Somebody else told this in confidence. Left out unless you choose it: it can show who told."
        )
    return "" if found.roles else gettext_lazy("Names the person in free text only. Just those entries go in.")
