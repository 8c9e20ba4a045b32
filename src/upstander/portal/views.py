"""What a pupil or a guardian sees: what is asked of them, what is theirs to read, whom to talk to. Nothing of any record."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from upstander.access.families import GUARDIAN
from upstander.access.pages import SchoolRequest, own_page
from upstander.portal import family, frame, queries
from upstander.records import actions, submits
from upstander.records.actions import FormProblems
from upstander.records.forms import EventForm, form_for
from upstander.ui import languages


@own_page
@require_safe
def home(request: SchoolRequest) -> HttpResponse:
    """What is asked of the pupil, or of the guardian, now, and what is theirs to read."""
    frame.around(request)
    lang = languages.current().tag
    me = frame.me(request)
    context = {
        "greeting": _("Hello, %(name)s") % {"name": me.name} if me else _("Hello"),
        "checks": queries.checks(request.viewer, request.school, request.now, lang),
        "earlier": queries.earlier(request.viewer, request.school, request.now, lang),
        "talk_to": queries.talk_to(request.viewer, request.school, request.now, lang),
        "tell_url": reverse("tell:door", args=[request.school.slug]),
        "leave_url": reverse("card-leave"),
    }
    if request.viewer.kind == GUARDIAN:
        who = (request.viewer, request.school)
        context |= {
            "children": family.children(*who, request.now, lang),
            "ways": family.ways(*who, lang),
            "contacts": family.contacts(*who, lang),
            "cards": family.cards(*who, lang),
            "greeting": _("For you at home"),
        }
        return render(request, "portal/family.html", context)
    return render(request, "portal/home.html", context)


@own_page
def check_in(request: SchoolRequest, record: UUID, kind: str) -> HttpResponse:
    """The questions of one check-in; sent twice it is kept once."""
    frame.around(request)
    before = _sent_before(request, record)
    if before is not None:
        return before
    lang = languages.current().tag
    check = queries.check(request.viewer, request.school, request.now, lang, record, kind)
    made = form_for(
        request.pack, kind, lang=lang, school=request.school, viewer=request.viewer, now=request.now, only=check.fields
    )
    form = made(request.POST, request.FILES) if request.method == "POST" else made()
    form.lang = check.lang
    if request.method == "POST" and form.is_valid():
        event = _send(request, check, form)
        if event is not None:
            return HttpResponseRedirect(reverse("portal:thanks", args=[request.school.slug, record, event]))
    sent = request.POST.get("submit_key", "")
    context = {
        "title": check.label,
        "title_lang": check.lang,
        "form": form,
        "submit_key": sent if 8 <= len(sent) <= 64 else uuid4().hex,
        "readers": check.readers,
        "cards": check.cards,
        "adult": request.viewer.kind == GUARDIAN,
        "home_url": reverse("portal:home", args=[request.school.slug]),
        "leave_url": reverse("card-leave"),
    }
    return render(request, "portal/check_in.html", context, status=422 if form.is_bound else 200)


def _sent_before(request: SchoolRequest, record: UUID) -> HttpResponse | None:
    """The thanks once more, where the same answers have already arrived: the check-in itself is no longer open then."""
    key = submits.own_key(request.viewer.person_id, record, request.POST.get("submit_key", "")[:64])
    event = submits.event_of(request.school.id, key) if key else None
    if event is None:
        return None
    return HttpResponseRedirect(reverse("portal:thanks", args=[request.school.slug, record, event.id]))


def _send(request: SchoolRequest, check: queries.Check, form: EventForm) -> UUID | None:
    try:
        event = actions.record(
            request.viewer,
            check.record,
            check.kind,
            about=check.about,
            submit_key=request.POST.get("submit_key", "")[:64],
            **form.deed(),
        )
    except FormProblems as error:
        form.add_problems(error)
        return None
    return event.id


@own_page
@require_safe
def thanks(request: SchoolRequest, record: UUID, event: UUID) -> HttpResponse:
    """It has arrived, and what happens next."""
    frame.around(request)
    lang = languages.current().tag
    context = {
        "next": queries.what_next(request.viewer, request.school, request.now, lang, record, event),
        "home_url": reverse("portal:home", args=[request.school.slug]),
        "leave_url": reverse("card-leave"),
    }
    return render(request, "portal/thanks.html", context)
