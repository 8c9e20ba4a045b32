"""Opening a pupil's records in an emergency, and what was opened: for whoever did and for the second person who was told."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from upstander.access import decide, emergency
from upstander.access.emergency import Opening
from upstander.access.pages import SchoolRequest, staff_page
from upstander.access.step_up import step_up
from upstander.cases import addresses
from upstander.cases.words import Words
from upstander.people import queries as people
from upstander.people.models import Person
from upstander.records import queries
from upstander.ui import dates, languages
from upstander.ui.forms import Choice, Form
from upstander.ui.parts import Deed

MOST_FOUND = 12


class Opens(Form):
    """Whose records, and why."""

    q = forms.CharField(label=gettext_lazy("Name of the pupil"), max_length=80)
    pupil = forms.ChoiceField(label=gettext_lazy("Which pupil"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("Why it cannot wait"),
        help_text=gettext_lazy("A colleague who runs the office reads this."),
        widget=forms.Textarea(attrs={"rows": 3}),
        min_length=emergency.LEAST_REASON,
        max_length=1000,
    )

    def __init__(self, *args: Any, pupils: list[tuple[str, Choice]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pupil"].choices = pupils  # type: ignore[attr-defined]
        if not pupils:
            del self.fields["pupil"], self.fields["reason"]


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
@step_up
def page(request: SchoolRequest) -> HttpResponse:
    """The form, and the openings that concern the viewer. For whoever may open nothing and was told of nothing: not there."""
    may_open = emergency.may_open(request.viewer)
    openings = emergency.shown_to(request.school, request.viewer)
    if not may_open and not openings:
        raise decide.NotFound
    emergency.looked_at(request.school, request.viewer)
    if request.method == "POST" and request.POST.get("deed", "").startswith("end:"):
        return _end(request)
    found = _found(request) if may_open and request.method == "POST" else []
    deciding = request.method == "POST" and request.POST.get("deed") == "open" and bool(found)
    form = Opens(request.POST if deciding else None, pupils=found, initial={"q": request.POST.get("q", "")[:80]})
    if deciding and form.is_valid():
        return _open(request, form)
    context = {
        "form": form if may_open else None,
        "hours": settings.INSTALLATION.emergency_hours,
        "searched": request.method == "POST",
        "found": found,
        "openings": [_shown(request, each) for each in openings],
    }
    return render(request, "cases/emergency.html", context, status=422 if form.errors else 200)


def _found(request: SchoolRequest) -> list[tuple[str, Choice]]:
    """The pupils whose name holds what was typed, but none whom the viewer looks after."""
    typed = request.POST.get("q", "").strip()[:80]
    if not typed:
        return []
    rows = people.pupils(request.school, typed, on=request.now.date())
    rows = [each for each in rows if str(each.id) not in request.viewer.guards][:MOST_FOUND]
    classes = people.classes_of(request.school, [each.id for each in rows], request.now.date())
    return [(str(each.id), Choice(each.name, help=_class_of(each, classes))) for each in rows]


def _class_of(person: Person, classes: dict[str, Any]) -> str:
    found = classes.get(str(person.id))
    return found.name if found else ""


def _open(request: SchoolRequest, form: Opens) -> HttpResponse:
    pupil = people.person(request.school, form.cleaned_data["pupil"])
    if pupil is None:
        raise decide.NotFound
    try:
        emergency.open_for(request.school, request.viewer, pupil, form.cleaned_data["reason"])
    except emergency.NobodyToTell:
        messages.warning(request, _("Nobody can be told of it, so it stays closed. Speak to the head of your school."))
    return redirect("cases:emergency", request.school.slug)


def _end(request: SchoolRequest) -> HttpResponse:
    try:
        opening = UUID(request.POST["deed"].removeprefix("end:"))
    except ValueError:
        raise decide.NotFound from None
    emergency.end(request.school, request.viewer, opening)
    return redirect("cases:emergency", request.school.slug)


def _shown(request: SchoolRequest, opening: Opening) -> dict[str, Any]:
    lang = languages.current().tag
    when = {"day": dates.day(opening.opened.date(), lang), "start": dates.clock(opening.opened, lang)}
    when["end"] = dates.clock(opening.until, lang)
    return {
        "opening": opening,
        "when": _("%(day)s, from %(start)s to %(end)s") % when,
        "records": _records(request, opening) if opening.running and opening.mine else [],
    }


def _records(request: SchoolRequest, opening: Opening) -> list[Deed]:
    words = Words(request.pack, languages.current().tag, request.school.slug)
    naming = queries.records_naming(request.school, str(opening.pupil_id)).values("id")
    rows = queries.visible(request.viewer).filter(id__in=naming).order_by("-changed_at")
    return [
        Deed(
            label=_("%(kind)s %(number)s") % {"kind": words.label(f"records.{each.kind}.label"), "number": each.number},
            url=addresses.home(request.school, each, request.pack),
        )
        for each in rows
    ]
