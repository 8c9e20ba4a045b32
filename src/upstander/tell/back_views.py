"""``/<school>/back``: coming back with a receipt.

The words are typed (or come from the QR code behind the ``#``, put into the form by a script of ours). What they open is one
concern, for as long as a sealed pass in the page's forms holds; there is no cookie and no session.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from upstander.access import viewer as viewers
from upstander.access.decide import Denied, NotFound
from upstander.access.pages import SchoolRequest
from upstander.access.viewer import Viewer
from upstander.records.clock import utcnow
from upstander.records.errors import FormProblems
from upstander.tell import actions, draft, flood
from upstander.tell.back_forms import FORMS, BackForm, make
from upstander.tell.forms import KEPT_AT_MOST, CodeForm
from upstander.tell.frame import door_page
from upstander.tell.matter import concern_of, matter_of
from upstander.ui import languages
from upstander.vault import codewords

ANSWER_AFTER: Final = 0.05
"""Seconds after which words are answered, right or wrong: longer than opening a concern takes, so the time says nothing."""


@dataclass(frozen=True, slots=True)
class Pass:
    """Leave to one concern, and the key of the page's forms."""

    record: UUID
    key: str


@door_page
def back(request: SchoolRequest) -> HttpResponse:
    """The form for the words, the concern that they open, and what its teller adds."""
    if request.method != "POST":
        return _ask_words(request)
    if "pass" in request.POST:
        found = draft.open_pass(request.school.id, request.POST["pass"], utcnow())
        return _opened(request, Pass(*found)) if found else _ask_words(request, late=True)
    return _try_words(request)


def _try_words(request: SchoolRequest) -> HttpResponse:
    began = time.monotonic()
    form = CodeForm(request.POST)
    if request.POST.get("go", "").startswith("lang:"):
        return _ask_words(request)
    if not form.is_valid():
        return _ask_words(request, form)
    typed = form.cleaned_data["words"]
    record_id = actions.come_back(request.school, typed)
    response = _show(request, Pass(record_id, "")) if record_id else _wrong(request, form, typed)
    time.sleep(max(0.0, ANSWER_AFTER - (time.monotonic() - began)))
    return response


def _wrong(request: SchoolRequest, form: CodeForm, typed: str) -> HttpResponse:
    """Say which words stand in no list, else that these words open nothing; slow down whoever keeps guessing."""
    lost = codewords.unknown(typed)
    if lost and len(lost) < codewords.WORDS:
        for number, word, near in lost[:3]:
            said = {"number": number, "word": word, "near": near}
            form.add_error(
                "words",
                _("Word %(number)d, “%(word)s”, is not one of ours. Is it “%(near)s”?") % said
                if near
                else _("Word %(number)d, “%(word)s”, is not one of ours.") % said,
            )
    else:
        form.add_error(
            "words", _("These words open nothing at this school. Look at your receipt and compare all eight.")
        )
    return _ask_words(request, form, wait=flood.wait_after_wrong_words(request))


def _ask_words(
    request: SchoolRequest, form: CodeForm | None = None, *, late: bool = False, wait: int = 0
) -> HttpResponse:
    lang = languages.current().tag
    kept = request.POST.get("kept", "") or (_written(request.POST) if late else "")
    form = form or CodeForm(initial={"words": request.POST.get("words", "")})
    context = {
        "school": request.school.slug,
        "form": form,
        "late": late,
        "wait": wait,
        "kept": kept[:KEPT_AT_MOST],
        "languages": [each for each in languages.ALL if each.tag != lang],
    }
    status = 429 if wait else 422 if form.errors else 200
    return render(request, "tell/back.html", context, status=status)


def _written(data: QueryDict) -> str:
    """What somebody was writing when the page's time ran out."""
    return next(
        (
            str(data[name])
            for name in ("more-what", "wish-wish-words", "confirm-words", "withdraw-reason")
            if data.get(name)
        ),
        "",
    )


# --- the concern ---------------------------------------------------------------------------------------------------


def _viewer(request: SchoolRequest, leave: Pass) -> Viewer:
    return viewers.teller(request.school, request.now.date(), leave.record)


def _opened(request: SchoolRequest, leave: Pass) -> HttpResponse:
    """A page with a pass: one of its forms was sent, or the language changed."""
    name = request.POST.get("form", "")
    if request.POST.get("go", "").startswith("lang:") or name not in FORMS:
        return _show(request, leave)
    form = make(name, request.pack, languages.current().tag, request.POST, request.FILES)
    if form.is_valid():
        try:
            viewer = _viewer(request, leave)
            record = concern_of(viewer, leave.record)
            actions.say(viewer, record, form.kind, form.deed(), form.uploads(), key=f"{leave.key}/{name}")
        except FormProblems as error:
            for problem in error.problems:
                form.add_error(problem.field if problem.field in form.fields else None, problem.message)
        except Denied:
            form.add_error(None, _("This can no longer be done here. Write it to us instead."))
        else:
            return _show(request, leave, done=name)
    return _show(request, leave, bad=form)


def _show(request: SchoolRequest, leave: Pass, *, bad: BackForm | None = None, done: str = "") -> HttpResponse:
    lang = languages.current().tag
    viewer = _viewer(request, leave)
    try:
        matter = matter_of(viewer, leave.record, request.now, lang)
    except NotFound:
        return _ask_words(request)
    forms: dict[str, Any] = {name: make(name, request.pack, lang) for name in FORMS}
    if request.POST.get("kept"):
        forms["more"] = make("more", request.pack, lang, initial={"what": request.POST["kept"][:KEPT_AT_MOST]})
    if bad is not None:
        forms[bad.name] = bad
    context = {
        "school": request.school.slug,
        "matter": matter,
        "forms": forms,
        "bad": bad.name if bad else "",
        "done": done,
        "pass": draft.seal_pass(request.school.id, leave.record, utcnow()),
        "languages": [each for each in languages.ALL if each.tag != lang],
    }
    return render(request, "tell/matter.html", context, status=422 if bad else 200)
