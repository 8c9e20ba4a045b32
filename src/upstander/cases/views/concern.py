"""A concern: what was told, talking with whoever told, and deciding what it is."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from upstander.access.decide import NotFound
from upstander.access.pages import SchoolRequest, staff_page
from upstander.cases import after, parts, passing, steps, tale, told
from upstander.cases.looking import CONCERN, Looking, look
from upstander.cases.phrases import step_count
from upstander.ui import dates
from upstander.ui.parts import Deed

QUICK = ("acknowledged", "asked", "step-shared")
"""Kinds that are a few words to whoever told, written on the page itself."""


@staff_page
@require_safe
def page(request: SchoolRequest, record: UUID) -> HttpResponse:
    """The concern for those who may read it."""
    looking = look(request, record, CONCERN, log=True)
    entry = told.first(looking)
    going = steps.going(looking)
    entries, _total = tale.entries(looking, brief=True)
    shown = request.GET.get("recorded", "")
    context = {
        **_head(looking, entry),
        "recorded": after.recorded(looking, shown) if shown else None,
        "unsafe": told.unsafe(looking, entry),
        "wish": told.wish(looking, entry),
        "told": told.facts(looking, entry),
        "told_how": told.how(looking, entry),
        "files": told.files(looking, [each for each in parts.tale(looking) if each.kind == told.TOLD]),
        "cards": steps.cards(looking),
        "steps": going,
        **steps.done(looking),
        "step_count": step_count((step.state for step in going), looking.lang),
        "menu": parts.menu(looking),
        "triage_deed": _triage_deed(looking),
        "letters": told.letters(looking),
        "pass_on": passing.deed(looking),
        "quick_forms": _quick(looking),
        "tale": entries,
        "people": parts.person_cards(looking),
        "sources": parts.sources(looking),
        "sources_title": parts.sources_title(looking),
        "seen": parts.seen(looking),
    }
    return render(request, "cases/concern.html", context)


def _head(looking: Looking, entry: Any) -> dict[str, Any]:
    back = Deed(label=_("Today"), url=reverse("cases:today", args=[looking.school.slug]))
    when = dates.moment(entry.at, looking.lang, looking.now) if entry else ""
    return {"looking": looking, "title": looking.title, "head": when, "back": back}


def _triage_deed(looking: Looking) -> Deed | None:
    """The way to the decision, until somebody has decided."""
    decided = any(event.kind == "triaged" for event in looking.standing)
    if decided or not looking.may("triaged"):
        return None
    return Deed(label=_("Decide what it is"), url=looking.url("triage"))


def _quick(looking: Looking) -> list[dict[str, str]]:
    """The short forms of the talk: first that it was read, then questions and news."""
    read = any(event.kind == "acknowledged" for event in looking.standing)
    hints = {
        "acknowledged": _("Say that you have read it, and what happens next and when."),
        "asked": _("Ask only what you need. They may answer, and need not."),
        "step-shared": _("What was done, never about whom."),
    }
    return [
        {
            "kind": kind,
            "url": looking.url("do", kind),
            "label": looking.words.field(kind, "words"),
            "hint": hints[kind],
            "deed": looking.words.deed(kind),
            "key": uuid4().hex,
        }
        for kind in QUICK
        if looking.may(kind) and not (kind == "acknowledged" and read) and not (kind == "step-shared" and not read)
    ]


@staff_page
def triage(request: SchoolRequest, record: UUID) -> HttpResponse:
    """Decide: a new case, part of a case, or answered."""
    from upstander.cases.triage import TriageForm

    looking = look(request, record, CONCERN)
    if not looking.may("triaged"):
        raise NotFound
    form = TriageForm(looking, request.POST if request.method == "POST" else None)
    if request.method == "POST" and not form.looking_only:
        address = form.save()
        if address:
            return redirect(address)
    return render(request, "cases/triage.html", form.context(), status=422 if form.problems else 200)
