"""The pack's forms: recording an event, correcting one, waiving or putting off a duty."""

from __future__ import annotations

from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from upstander.access import decide
from upstander.access.decide import NotFound
from upstander.access.pages import SchoolRequest, staff_page
from upstander.cases import meanwhile
from upstander.cases.easing import Easing
from upstander.cases.filling import Filling
from upstander.cases.looking import Looking, look
from upstander.cases.tale import tale_ids
from upstander.records import reading
from upstander.records.actions import FormProblems
from upstander.records.knowing import belongs

ELSEWHERE = frozenset({"void", "waive", "extend"})
"""Kinds that have forms of their own, reached from an entry or a duty."""


@staff_page
def page(request: SchoolRequest, record: UUID, kind: str) -> HttpResponse:
    """The form of a kind of event for this record."""
    looking = look(request, record)
    event_kind = looking.pack.events.get(kind)
    if event_kind is None or kind in ELSEWHERE or not belongs(looking.pack, event_kind, looking.record.kind):
        raise NotFound
    decide.permit(looking.viewer, f"record:{kind}", looking.subject)
    if kind == "triaged":
        return redirect(looking.url("triage"))
    return _fill(request, Filling(looking, event_kind, request.GET, *sent(request)))


@staff_page
def correct(request: SchoolRequest, record: UUID, event: UUID) -> HttpResponse:
    """The same form, filled with what stands on record, to put it right."""
    looking = look(request, record)
    found = looking.record.events.filter(id=event, echo_of=None).first()
    corrected = meanwhile.standing(found) if found is not None and request.method == "POST" else None
    if corrected is not None:
        # Somebody else has put it right meanwhile: what was written here is kept, beside what stands there now.
        found, event = corrected, corrected.id
    if found is None or str(event) not in tale_ids(looking) or found.kind in reading.secret_kinds(looking.viewer):
        raise NotFound
    decide.permit(looking.viewer, f"record:{found.kind}", looking.subject)
    if reading.sealed_for_now(looking.viewer, looking.record, found):
        raise NotFound  # nobody puts right what they may not read
    kind = looking.pack.events[found.kind]
    filling = Filling(looking, kind, request.GET, *sent(request), correcting=found)
    return _fill(request, filling)


def sent(request: SchoolRequest) -> tuple[QueryDict | None, MultiValueDict[str, UploadedFile] | None]:
    """What was sent with a form, and its files; twice None where nothing was."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _fill(request: SchoolRequest, filling: Filling) -> HttpResponse:
    if request.method == "POST" and not filling.picker.looking:
        event = filling.save()
        if event is not None:
            return redirect(done_url(filling.looking, str(event.id), since=filling.seen))
        status = 409 if filling.stop or filling.meanwhile else 422
        return render(request, "cases/do.html", filling.context(), status=status)
    return render(request, "cases/do.html", filling.context())


def done_url(looking: Looking, event: str, since: int | None = None) -> str:
    """The record's page, with the message for what was just recorded, and what others recorded since it had so many entries."""
    return f"{looking.home}?recorded={event}{'' if since is None else f'.{since}'}#recorded"


@staff_page
def duty(request: SchoolRequest, record: UUID, rule: str, deed: str) -> HttpResponse:
    """Waive a duty or put it off, with a reason, where the pack lets the viewer."""
    looking = look(request, record)
    if deed not in ("waive", "extend") or rule not in looking.pack.duties:
        raise NotFound
    easing = Easing(looking, rule, deed, request.GET, request.POST if request.method == "POST" else None)
    if easing.step is None:
        raise NotFound
    if request.method == "POST":
        try:
            event = easing.save()
        except FormProblems as error:
            easing.problems_found = list(error.problems)
            event = None
        if event is not None:
            return redirect(done_url(looking, str(event.id)))
        return render(request, "cases/easing.html", easing.context(), status=422)
    return render(
        request, "cases/easing.html", {**easing.context(), "name": _("Waive") if deed == "waive" else _("Put off")}
    )
