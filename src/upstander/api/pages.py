"""Somebody's own keys: making one, seeing which there are, ending one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from upstander.access.decide import NotFound
from upstander.access.pages import SchoolRequest, staff_page
from upstander.access.step_up import step_up
from upstander.api import tokens
from upstander.api.models import Token
from upstander.people import clock
from upstander.people import queries as people
from upstander.ui import dates, languages
from upstander.ui import forms as look


def _lives() -> list[tuple[str, str]]:
    """For how long a key may be made, in the reader's language."""
    return [(str(days), ngettext("%(n)d day", "%(n)d days", days) % {"n": days}) for days in tokens.LIVES]


class KeyForm(look.Form):
    """What a key is for, and how long it works."""

    name = forms.CharField(
        label=gettext_lazy("What is it for?"),
        help_text=gettext_lazy("So that you know later which one to end: “Timetable program”, for instance."),
        max_length=80,
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("How long does it work?"),
        coerce=int,
        choices=_lives,
        initial="90",
        widget=look.Cards,
    )


@staff_page
@step_up
def page(request: SchoolRequest) -> HttpResponse:
    """The keys of whoever is signed in. The text of a new one is on this page once, and nowhere afterwards."""
    me = request.viewer.person_id
    person = people.person(request.school, me) if me else None
    if person is None:
        raise NotFound
    if request.method == "POST" and "end" in request.POST:
        return _end(request, person.id)
    form = KeyForm(request.POST) if request.method == "POST" else KeyForm()
    made = ""
    if form.is_bound and form.is_valid():
        try:
            at = clock.utcnow(request.school)
            _token, made = tokens.make(request.school, person, form.cleaned_data["name"], form.cleaned_data["days"], at)
            form = KeyForm()
        except tokens.TooMany:
            form.add_error(None, _("You have as many keys as one may have. End one that is no longer needed."))
    return _shown(request, form, made, 422 if form.is_bound and form.errors else 200)


def _shown(request: SchoolRequest, form: KeyForm, made: str, status: int) -> HttpResponse:
    assert request.viewer.person_id is not None  # noqa: S101 - looked up before
    context = {
        "form": form,
        "made": made,
        "rows": [_row(request, each) for each in tokens.of(request.school, request.viewer.person_id)],
        "docs": reverse("api-docs"),
    }
    return render(request, "api/keys.html", context, status=status)


def _end(request: SchoolRequest, person: UUID) -> HttpResponse:
    try:
        wanted = UUID(request.POST.get("end", ""))
    except ValueError:
        raise NotFound from None
    if not tokens.revoke(request.school, person, wanted, clock.utcnow(request.school)):
        raise NotFound
    messages.info(request, _("The key no longer works."))
    return redirect(reverse("api-keys", args=[request.school.slug]))


def _row(request: SchoolRequest, token: Token) -> dict[str, Any]:
    lang, now = languages.current().tag, request.now

    def when(moment: Any) -> str:
        return dates.day(clock.civil(request.school, moment).date(), lang, today=now.date()) if moment else ""

    works = token.revoked_at is None and token.expires_at > clock.utcnow(request.school)
    if token.revoked_at:
        state = _("Ended %(day)s") % {"day": when(token.revoked_at)}
    elif works:
        state = _("Works until %(day)s") % {"day": when(token.expires_at)}
    else:
        state = _("Over since %(day)s") % {"day": when(token.expires_at)}
    return {
        "id": token.id,
        "name": token.name,
        "works": works,
        "state": state,
        "used": when(token.used_at) or _("Not used yet"),
    }
