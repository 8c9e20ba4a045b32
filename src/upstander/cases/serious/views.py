"""The pages of a serious incident: the room, the reports to the authority, the days away."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from upstander.access import decide
from upstander.access.decide import NotFound
from upstander.access.pages import SchoolRequest, staff_page
from upstander.access.step_up import step_up
from upstander.cases.looking import look
from upstander.cases.serious import absence, absence_file, page, report, room
from upstander.cases.stops import Stopper
from upstander.records import queries
from upstander.records.actions import FormProblems, Stopped
from upstander.ui import dates, languages
from upstander.ui.forms import Choice, Form
from upstander.ui.parts import Deed

LETTERS, NAMES = "letters", "names"
PDF, DATA = "pdf", "data"
_KEPT = "days away from a file"
_KEPT_SECONDS = 3600


@staff_page
@require_safe
def incident(request: SchoolRequest, record: UUID) -> HttpResponse:
    """The room of a serious incident."""
    looking = look(request, record)
    found = room.enter(looking)
    return render(request, "cases/serious/room.html", page.context(found))


class Making(Form):
    """How a report is made."""

    names = forms.ChoiceField(label=gettext_lazy("Names of pupils"), widget=forms.RadioSelect, initial=LETTERS)
    form = forms.ChoiceField(label=gettext_lazy("In which form"), widget=forms.RadioSelect, initial=PDF)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["names"].choices = [  # type: ignore[attr-defined]
            (LETTERS, Choice(_("Covered by letters"), help=_("Enough for a first word, and safe on any way."))),
            (NAMES, Choice(_("As they are"), help=_("Where the authority asks for them, on a way that is safe."))),
        ]
        self.fields["form"].choices = [  # type: ignore[attr-defined]
            (PDF, Choice(_("PDF"), help=_("To print, to read, to send."))),
            (DATA, Choice(_("Data (JSON)"), help=_("The same content for the authority’s own system."))),
        ]


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
@step_up
def authority_report(request: SchoolRequest, record: UUID, name: str) -> HttpResponse:
    """A report to the authority, made from the record as its maker may read it. Only for whoever records that it was made."""
    looking = look(request, record)
    found = room.enter(looking)
    kind = report.kind_of(found, name) if name in report.kinds(found) else None
    if kind is None:
        raise NotFound
    decide.permit(looking.viewer, f"record:{kind}", looking.subject)
    form = Making(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = report.Report(replace(found, on_paper=True), name, covered=form.cleaned_data["names"] == LETTERS)
        queries.log_reading(request.viewer, looking.record, f"report-{name}")
        as_data = form.cleaned_data["form"] == DATA
        ending, mime = ("json", "application/json") if as_data else ("pdf", "application/pdf")
        headers = {
            "Content-Disposition": f'attachment; filename="{looking.record.number}-{name}.{ending}"',
            "Cache-Control": "no-store",
        }
        return HttpResponse(made.json() if as_data else made.pdf(), mime, headers=headers)
    context = {
        "form": form,
        "title": looking.words.done(kind),
        "back": Deed(label=_("Serious incident"), url=looking.url("serious")),
        "of_record": looking.of_record,
        "record_deed": looking.deed(kind),
    }
    return render(request, "cases/serious/report.html", context, status=422 if form.errors else 200)


# --- days away -----------------------------------------------------------------------------------------------------


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def days_away(request: SchoolRequest, record: UUID) -> HttpResponse:
    """The calendar of one pupil; ticking days puts them on record."""
    looking = look(request, record)
    asked = request.POST if request.method == "POST" else request.GET
    register = absence.enter(looking, asked.get("pupil", ""), asked.get("month", ""))
    decide.permit(looking.viewer, f"record:{register.room.noted}", looking.subject)
    problem, stop = "", None
    if request.method == "POST":
        days = sorted(set(request.POST.getlist("day")) & register.open_days())
        amount = absence.HALF if request.POST.get("amount") == "half" else absence.WHOLE
        try:
            noted = register.note([date.fromisoformat(each) for each in days], amount, request.POST.get("key", "")[:40])
        except Stopped as error:
            stopper = Stopper(looking.words, looking.names, looking.deed)
            stop = stopper.page(error.breaches, warns=error.warns, back=register.url())
        except FormProblems as error:
            problem = " ".join(each.message for each in error.problems)
        else:
            if noted:
                messages.success(
                    request, ngettext("%(n)d day is on record.", "%(n)d days are on record.", noted) % {"n": noted}
                )
                return redirect(register.url())
            problem = _("Tick at least one day.")
    context = {**_calendar(register), "problem": problem, "stop": stop, "key": uuid4().hex}
    return render(request, "cases/serious/absence.html", context, status=422 if problem or stop else 200)


def _calendar(register: absence.Register) -> dict[str, Any]:
    looking = register.looking
    before, after = register.turns()
    incident = room.enter(looking) if room.room_of(looking) else None
    return {
        "looking": looking,
        "back": Deed(label=_("Serious incident"), url=looking.url("serious")) if incident else looking.back,
        "of_record": looking.of_record,
        "pupils": [(ident, name, ident == register.pupil) for ident, name in register.pupils.items()],
        "pupil": register.pupil,
        "name": register.pupils.get(register.pupil, ""),
        "month": register.month_name(),
        "month_value": register.first.strftime("%Y-%m"),
        "weekdays": dates.weekdays(looking.lang),
        "weeks": register.weeks(),
        "before": before,
        "after": after,
        "watched": incident.watched(register.pupil) if incident else [],
        "file_url": reverse("cases:absences", args=[looking.school.slug]),
    }


class File(Form):
    """A file of days away."""

    file = forms.FileField(label=gettext_lazy("CSV file"))

    def clean_file(self) -> bytes:
        """The content of the file."""
        file = self.cleaned_data["file"]
        if file.size > absence_file.LARGEST:
            raise forms.ValidationError(_("This file is too large. Split it."))
        content: bytes = file.read()
        return content


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def absences(request: SchoolRequest) -> HttpResponse:
    """Days away from a file: first what would happen, then, with the same file, the change itself."""
    lang = languages.current().tag
    bringing = absence_file.Bringing(request.school, request.viewer, request.pack, request.now, lang)
    if not bringing.places:
        raise NotFound
    kept = request.POST.get("kept", "")
    if kept:
        return _apply(request, bringing, kept)
    form = File(request.POST or None, request.FILES or None) if request.method == "POST" else File()
    context: dict[str, Any] = {"form": form, "columns": absence_file.COLUMNS}
    if request.method == "POST" and form.is_valid():
        content: bytes = form.cleaned_data["file"]
        context["report"] = bringing.bring_in(content, dry_run=True)
        context["kept"] = signing.dumps(base64.b64encode(content).decode(), salt=_salt(request), compress=True)
    return render(request, "cases/serious/absences.html", context, status=422 if form.errors else 200)


def _salt(request: SchoolRequest) -> str:
    return f"{_KEPT} {request.school.id} {request.viewer.person_id}"


def _apply(request: SchoolRequest, bringing: absence_file.Bringing, kept: str) -> HttpResponse:
    try:
        content = base64.b64decode(signing.loads(kept, salt=_salt(request), max_age=_KEPT_SECONDS))
    except signing.BadSignature:
        messages.warning(request, _("That took too long. Choose the file once more."))
        return redirect("cases:absences", request.school.slug)
    found = bringing.bring_in(content, dry_run=False)
    return render(request, "cases/serious/absences.html", {"report": found, "done": not found.wrong})
