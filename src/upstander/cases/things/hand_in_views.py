"""The pages of the hand-in list: which class, and one tap for each thing, with or without a script and a network."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from upstander.access.decide import NotFound
from upstander.access.pages import SchoolRequest, staff_page
from upstander.cases.looking import Looking
from upstander.cases.things import hand_in
from upstander.cases.things.hand_in import BACK, IN, HandIn
from upstander.policy import labels
from upstander.policy.verdict import State
from upstander.records.actions import FormProblems, Stopped
from upstander.ui import dates, languages
from upstander.ui.parts import Deed

LONGEST_AGO = 7 * 24 * 3600
"""Seconds: a tap that waited longer for the network is written down as of now."""


@staff_page
@require_safe
def choose(request: SchoolRequest) -> HttpResponse:
    """Which class; whoever has one class goes straight to it."""
    found = hand_in.room_of(request.pack)
    units = hand_in.classes(request.school, request.viewer, request.pack)
    if found is None or not units:
        raise NotFound
    own = hand_in.own_class(request.viewer, units)
    if "all" not in request.GET and (own or len(units) == 1):
        return redirect(_url(request, (own or units[0]).id))
    title = labels.label(request.pack, f"records.{found[0]}.plural", languages.current().tag)
    context = {"title": title, "ways": [Deed(label=each.name, url=_url(request, each.id)) for each in units]}
    return render(request, "cases/things/hand_in_choose.html", context)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: SchoolRequest, school_class: UUID) -> HttpResponse:
    """The list of one class today."""
    found = hand_in.enter(request, school_class)
    if request.method != "POST":
        return render(request, "cases/things/hand_in.html", _context(request, found))
    wanted = request.headers.get("accept", "").startswith("application/json")
    problem = _tap(request, found)
    if wanted:
        return JsonResponse({"ok": not problem, "problem": problem}, status=422 if problem else 200)
    if problem:
        return render(
            request, "cases/things/hand_in.html", {**_context(request, found), "problem": problem}, status=422
        )
    pupil = request.POST.get("tap", "").split(":")[1:2]
    return redirect(_url(request, school_class) + (f"#p-{pupil[0]}" if pupil else ""))


def _tap(request: SchoolRequest, found: HandIn) -> str:
    """Record what was pressed; in words what is wrong, empty where nothing is."""
    deed, _colon, rest = request.POST.get("tap", "").partition(":")
    pupil, _colon, code = rest.partition(":")
    if deed == "other":
        deed, pupil, code = IN, request.POST.get("pupil", ""), request.POST.get("what", "")
    at = _when(request)
    key = request.POST.get("submit_key", "")[:64]
    try:
        if deed == "all":
            for row in found.rows:
                for thing in row.things:
                    if thing.here:
                        found.tap(BACK, row.id, thing.code, at=at, key=f"{key}/{row.id}/{thing.code}")
        elif deed in (IN, BACK):
            found.tap(deed, pupil, code, at=at, key=f"{key}/{deed}/{pupil}/{code}")
        else:
            return _("Press the button beside a name.")
    except FormProblems as problems:
        return " ".join(each.message for each in problems.problems)
    except Stopped as stopped:
        lang = languages.current().tag
        return " ".join(labels.label(found.pack, f"limits.{each.rule}.label", lang) for each in stopped.breaches)
    return ""


def _when(request: SchoolRequest) -> datetime:
    """When it was tapped: a tap that had to wait says for how many seconds."""
    text = request.POST.get("ago", "")
    ago = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
    return request.now - timedelta(seconds=ago) if ago <= LONGEST_AGO else request.now


def _url(request: SchoolRequest, class_id: UUID) -> str:
    return reverse("cases:hand_in", args=[request.school.slug, class_id])


def _context(request: SchoolRequest, found: HandIn) -> dict[str, Any]:
    here = sum(thing.here for row in found.rows for thing in row.things)
    back = sum(not thing.here for row in found.rows for thing in row.things)
    others = len(hand_in.classes(request.school, request.viewer, request.pack)) > 1
    looking = hand_in.looking_at(found)
    return {
        "title": found.words.label(f"records.{found.kind}.label"),
        "title_lang": found.words.lang_of(f"records.{found.kind}.label"),
        "unit": found.unit.name,
        "day": dates.long_day(found.now.date(), found.lang),
        "rows": [_row(found, each) for each in found.rows],
        "here": here,
        "back_count": back,
        "none": sum(not row.things for row in found.rows),
        "more": found.codes[1:],
        "submit_key": uuid4().hex,
        "others": Deed(label=_("Other classes"), url=reverse("cases:hand_ins", args=[found.school.slug]) + "?all")
        if others
        else None,
        "of_record": Deed(label=_("The list as it is on record"), url=looking.home) if looking else None,
        "closing": _closing(looking, here),
        "words": {"in": _("With us"), "back": _("Given back"), "out": _("Not handed in")},
        **_due(found),
        "clauses": found.words.clauses(found.pack.records[found.kind].clause[:2]),
    }


def _closing(looking: Looking | None, here: int) -> Deed | None:
    """Once everything is back, the day's list can be closed."""
    if looking is None or here or looking.record.closed or not looking.may("close"):
        return None
    return Deed(label=_("Close this day’s list"), url=looking.url("closing"))


def _row(found: HandIn, row: hand_in.Row) -> dict[str, Any]:
    """A pupil with a line for each thing: what was handed in, and the usual one to press."""
    have = {thing.code: thing for thing in row.things}
    usual = found.codes[0][0]
    codes = [usual, *(code for code in have if code != usual)]
    words = dict(found.codes)
    lines = []
    for code in codes:
        thing = have.get(code)
        state = "out" if thing is None else IN if thing.here else BACK
        when = dates.clock(thing.at, found.lang) if thing else ""
        lines.append({"code": code, "label": words.get(code, code), "state": state, "when": when})
    return {"id": row.id, "name": row.name, "lines": lines, "missing": row.missing and found.record}


def _due(found: HandIn) -> dict[str, Any]:
    """When things go back, and whose are still here after that."""
    duties = [each for each in found.duties() if each.due is not None]
    here = [row.name for row in found.rows if any(thing.here for thing in row.things)]
    if here and any(each.state == State.OVERDUE.value for each in duties):
        late = ngettext("%(n)d is still here.", "%(n)d are still here.", len(here)) % {"n": len(here)}
        return {"late": late, "late_names": found.words.joined(here), "due": ""}
    soon = min((each.due for each in duties if each.due), default=None)
    due = _("Back by %(time)s") % {"time": dates.clock(soon, found.lang)} if soon and here else ""
    return {"late": "", "late_names": "", "due": due}
