"""The public door: one question a page, the receipt, and the check that it was kept.

All pages of the form have one address and are answers to posts, so that the browser's history shows one line, and loading a
page again shows the same page. What has been answered travels in the form (see ``draft``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string

from upstander.access.pages import SchoolRequest
from upstander.records.clock import utcnow
from upstander.records.errors import FormProblems
from upstander.tell import actions, draft, flood, proof, questions, receipt_page, wording
from upstander.tell.draft import Draft
from upstander.tell.forms import DoorForm, raw
from upstander.tell.frame import door_page, helplines
from upstander.tell.guidance import cards
from upstander.tell.questions import Page
from upstander.tell.review import review
from upstander.tell.shown import page_of, place
from upstander.ui import languages

MAY_END: Final = frozenset({"when", "people", "done", "wish", "more"})
MAY_SKIP: Final = MAY_END | {"who", "standing", "safe", "what"}


@dataclass(frozen=True, slots=True)
class Notice:
    """What a page says above its question. ``kind``: old, lost, name, busy."""

    kind: str
    seconds: int = 0
    challenge: str = ""


@door_page
def door(request: SchoolRequest) -> HttpResponse:
    """``/<school>/tell``: the first question, and every answer."""
    now = utcnow()
    if request.method != "POST":
        start = draft.fresh(now)
        page = questions.everything(request.pack) if "all" in request.GET else questions.pages(request.pack, start)[0]
        return _show(request, start, page)
    here = draft.open_draft(request.school.id, request.POST.get("held", ""))
    if here is None:
        return _after_lost(request)
    page_now = questions.find(request.pack, here, request.POST.get("page", ""))
    if page_now is None:
        return _show(request, here, questions.pages(request.pack, here)[0])
    if here.is_old(now):
        here = here.with_answers(raw(page_now, request.POST), now)
        return _show(request, here, page_now, notice=Notice("old"))
    return _answered(request, here, page_now)


def _after_lost(request: SchoolRequest) -> HttpResponse:
    """The hidden field is missing, changed or of another school: keep what stands on the page, begin again."""
    new = draft.fresh(utcnow())
    page = questions.find(request.pack, new, request.POST.get("page", "")) or questions.pages(request.pack, new)[0]
    new = new.with_answers(raw(page, request.POST), new.touched)
    return _show(request, new, page, notice=Notice("lost"))


def _answered(request: SchoolRequest, here: Draft, page: Page) -> HttpResponse:
    """What was pressed on a page decides where to go; only Continue and Send check what was answered."""
    go = request.POST.get("go", "next")
    verb, _, target = go.partition(":")
    loose = here.with_answers(raw(page, request.POST), utcnow())
    if verb in ("back", "skip", "lang", "page", "end"):
        return _show(request, loose, _target(request, loose, page, verb, target))
    form = DoorForm(request.pack, page, loose, languages.current().tag, data=request.POST, files=request.FILES)
    if not form.is_valid():
        return _show(request, loose, page, form=form)
    kept = here.with_answers(form.answers(), utcnow())
    if page.id in (questions.LAST, questions.EVERYTHING):
        return _send(request, kept, page, form)
    return _show(request, kept, questions.beside(request.pack, kept, page, 1))


def _target(request: SchoolRequest, here: Draft, page: Page, verb: str, target: str) -> Page:
    if verb == "lang":
        return page
    if verb == "page":
        return questions.find(request.pack, here, target) or page
    if verb == "end":
        return questions.pages(request.pack, here)[-1]
    return questions.beside(request.pack, here, page, -1 if verb == "back" else 1)


def _send(request: SchoolRequest, here: Draft, page: Page, form: DoorForm) -> HttpResponse:
    """Check every page once more, slow a flood gently, keep it all, and only then show the receipt."""
    lang = languages.current().tag
    if page.id != questions.EVERYTHING:
        wrong = _first_wrong(request, here, lang)
        if wrong is not None:
            return wrong
    elif questions.has_name(here) and not here.text("teller-name"):
        form.add_error("teller-name", str(wording.REQUIRED["teller-name"]))
        return _show(request, here, page, form=form)
    files = form.cleaned_data.get("files") or []
    if not files and not any(
        here.codes(name) for name in ("what", "place", "who-was-there", "done-so-far", "wish-words")
    ):
        empty = questions.find(request.pack, here, page.id if page.id == questions.EVERYTHING else "what") or page
        return _show(request, here, empty, form=_said_nothing(request, here, empty, lang))
    wait = flood.seconds_to_wait(request)
    if wait and not proof.is_done(request.school.id, here.key, request.POST.get("proof", "")):
        asks = settings.INSTALLATION.proof_of_work
        challenge = proof.challenge(request.school.id, here.key, utcnow()) if asks else ""
        return _show(request, here, page, notice=Notice("busy", wait, challenge), status=429)
    try:
        told = actions.tell(request.viewer, request.school, here, files, at=request.now)
    except FormProblems as error:
        return _show(request, here, page, form=_with_problems(form, error))
    return receipt_page.show(request, told, here.text("safe-now"))


def _first_wrong(request: SchoolRequest, here: Draft, lang: str) -> HttpResponse | None:
    """The first page whose answers cannot be kept, shown with its errors. Unanswered pages were skipped on purpose."""
    for page in questions.pages(request.pack, here)[:-1]:
        given = {name: list(here.codes(name)) for name in page.fields if here.codes(name)}
        must = page.id in ("openness", "name")
        if not given and not must:
            continue
        form = DoorForm(request.pack, page, here, lang, data=_querydict(given))
        if not must:
            for field in form.fields.values():
                field.required = False
        if not form.is_valid():
            return _show(request, here, page, form=form)
    return None


def _querydict(given: dict[str, list[str]]) -> Any:
    from django.http import QueryDict

    found = QueryDict(mutable=True)
    for name, values in given.items():
        found.setlist(name, values)
    return found


def _said_nothing(request: SchoolRequest, here: Draft, page: Page, lang: str) -> DoorForm:
    given = {name: list(here.codes(name)) for name in page.fields}
    form = DoorForm(request.pack, page, here, lang, data=_querydict(given))
    if "what" in form.fields:
        form.fields["what"].required = True
        form.fields["what"].error_messages["required"] = str(wording.NOTHING)
    return form


def _with_problems(form: DoorForm, error: FormProblems) -> DoorForm:
    """What the record would not take, at its field."""
    for problem in error.problems:
        form.add_error(problem.field if problem.field in form.fields else None, problem.message)
    return form


def _show(
    request: SchoolRequest,
    here: Draft,
    page: Page,
    *,
    form: DoorForm | None = None,
    notice: Notice | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show a page of the form; one that nobody has answered yet comes ready-made."""
    pack, lang = request.pack, languages.current().tag
    held = draft.seal(request.school.id, here)
    if form is None and notice is None and page.id != questions.LAST and not any(map(here.codes, page.fields)):
        frame = request.door  # type: ignore[attr-defined]
        look = (frame.school_name, frame.exit_url, frame.strip, languages.find(request.GET.get("lang")))
        state = (here.text("openness"), here.text(questions.WHO), questions.number(pack, here, page))
        key = (request.school.slug, look, lang, page.id, state)
        return HttpResponse(page_of(pack, key, {"held": held}, lambda: _html(request, here, page, place("held"))))
    if form is not None and form.errors:
        status = 422 if status == 200 else status
    return HttpResponse(_html(request, here, page, held, form, notice), status=status)


def _html(
    request: SchoolRequest,
    here: Draft,
    page: Page,
    held: str,
    form: DoorForm | None = None,
    notice: Notice | None = None,
) -> str:
    pack, lang = request.pack, languages.current().tag
    if form is None and page.fields:
        form = DoorForm(pack, page, here, lang)
    number, of = questions.number(pack, here, page)
    context = {
        "school": request.school.slug,
        "held": held,
        "page": page.id,
        "form": form,
        "title": wording.title(page.id, here),
        "number": number,
        "of": of,
        "first": page.id in (questions.pages(pack, here)[0].id, questions.EVERYTHING),
        "last": page.id == questions.LAST,
        "one": page.id == questions.EVERYTHING,
        "may_skip": page.id in MAY_SKIP,
        "may_end": page.id in MAY_END,
        "heading": bool(form and form.heading_field),
        "upload": page.id in (questions.LAST, questions.EVERYTHING),
        "openness": here.text("openness"),
        "is_staff": here.text(questions.WHO) == "staff" and page.id == "standing",
        "notice": notice,
        "lines": helplines(pack, lang),
        "cards": cards(pack, "tell", lang) if page.id in (questions.FIRST, "minute") else (),
        "review": review(pack, here, lang) if page.id == questions.LAST else (),
        "languages": [each for each in languages.ALL if each.tag != lang],
        "others": not questions.about_me(here),
    }
    return render_to_string("tell/page.html", context, request)
