"""``/s/<school>/note``: the staff's form of one minute, and the receipt to hand over."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from upstander.access.pages import SchoolRequest, staff_page
from upstander.people import queries as people
from upstander.people.models import Person
from upstander.records.errors import FormProblems
from upstander.tell import actions, receipt_page
from upstander.tell.draft import Kept
from upstander.tell.frame import helplines
from upstander.tell.staff_forms import NoteForm, shown
from upstander.ui import languages


@staff_page
def note(request: HttpRequest) -> HttpResponse:
    """Show the form, keep what it says, show the receipt for the person who told."""
    found: SchoolRequest = request  # type: ignore[assignment]
    lang = languages.current().tag
    pupils = _pupils(found)
    if found.method != "POST":
        return _form(found, NoteForm(found.pack, pupils, lang, found.now), pupils, secrets.token_hex(16))
    key = found.POST.get("key", "")[:64] or secrets.token_hex(16)
    form = NoteForm(found.pack, pupils, lang, found.now, data=found.POST, files=found.FILES)
    if not form.is_valid():
        return _form(found, form, pupils, key)
    try:
        told = actions.note(found.viewer, found.school, f"{found.viewer.person_id}/{key}", form.deed())
    except FormProblems as error:
        for problem in error.problems:
            name = problem.field.removeprefix("about:")
            form.add_error(name if name in form.fields else None, problem.message)
        return _form(found, form, pupils, key)
    kept = Kept(told.code, told.record.id, form.cleaned_data.get("safe-now", ""), told.again)
    context = receipt_page.context_of(found, kept, receipt_page.first_asks(told.code), told.record)
    return render(found, "tell/note_done.html", {**context, "record": told.record})


def _pupils(request: SchoolRequest) -> list[tuple[Person, str]]:
    on = request.now.date()
    rows = people.pupils(request.school, on=on)
    classes = people.classes_of(request.school, [row.id for row in rows], on)
    return [(row, classes[str(row.id)].name if str(row.id) in classes else "") for row in rows]


def _form(request: SchoolRequest, form: NoteForm, pupils: list[tuple[Person, str]], key: str) -> HttpResponse:
    context = {
        "form": form,
        "key": key,
        "school": request.school.slug,
        "pupils": [shown(person, name) for person, name in pupils],
        "lines": [line for line in helplines(request.pack, languages.current().tag) if line.number][:3],
        "most_mb": settings.INSTALLATION.max_file_mb,
    }
    return render(request, "tell/note.html", context, status=422 if form.errors else 200)
