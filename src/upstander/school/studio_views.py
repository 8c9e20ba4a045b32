"""The studio: the policy as a document with its live rules, a pack to check, a change to try before it holds."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from upstander.access import office
from upstander.access.pages import SchoolRequest, staff_page
from upstander.people import packs
from upstander.people import queries as people
from upstander.policy import labels, sentences
from upstander.policy.durations import print_distance
from upstander.policy.model import Duty, In, Pack, Said, SimpleDeadline
from upstander.policy.problems import PackErrors
from upstander.school import changes, drafts, dry_run, uploads
from upstander.school.adoption_views import draft_of, lang, pack_asked, person_of
from upstander.school.published import Answer, Published
from upstander.school.studio import FILTERS, Studio
from upstander.school.studio_forms import Bring, Deadline
from upstander.ui import dates
from upstander.ui.parts import Page, paged

MOST_PROBLEMS = 200
A_PAGE = 40


def _studio(request: SchoolRequest) -> tuple[Studio, packs.Version | None]:
    version = drafts.running(request.school, pack_asked(request), request.now.date())
    pack = packs.pack_in(version) if version is not None else request.pack
    return Studio(pack, drafts.source_in_force(request.school, version), lang()), version


@staff_page
@require_http_methods(["GET", "HEAD"])
def document(request: SchoolRequest) -> HttpResponse:
    """The policy with what makes each clause live."""
    studio, version = _studio(request)
    show = request.GET.get("show", "all")
    show = show if show in FILTERS else "all"
    asked = request.GET.get("q", "")[:100].strip()
    counts = studio.counts()
    names = {
        "all": _("All"),
        "uncovered": _("Not covered"),
        "unproved": _("Not proved"),
        "law": _("Notes of law"),
        "words": _("Vague words"),
        "flaws": _("Flaws"),
    }
    found = studio.clauses(show, asked)
    page = _page(request, len(found))
    last = page.number == page.pages
    context = {
        "policy": studio.pack,
        "clauses": found[(page.number - 1) * A_PAGE : page.number * A_PAGE],
        "number": len(found),
        "page": page,
        "elsewhere": studio.flaws_elsewhere() if show in ("all", "flaws") and not asked and last else [],
        "filters": [(name, names[name], counts[name]) for name in FILTERS],
        "show": show,
        "asked": asked,
        "may_manage": office.may_manage(request.viewer),
        "packs": _packs(request),
        "by": _by(request, version),
    }
    return render(request, "school/studio.html", context)


def _page(request: SchoolRequest, found: int) -> Page:
    """Which stretch of the clauses the address asks for."""
    pages = max(1, -(-found // A_PAGE))
    asked = request.GET.get("page", "1")
    number = min(max(1, int(asked)), pages) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    query = request.GET.copy()
    query.pop("page", None)
    return paged(number, pages, f"?{query.urlencode()}&" if query else "?")


def _packs(request: SchoolRequest) -> list[tuple[str, bool]]:
    """The packs to choose from, where the school runs several."""
    names = list(dict.fromkeys(each.name for each in packs.versions(request.school) if each.state == "in force"))
    here = pack_asked(request)
    return [(name, name == here) for name in names] if len(names) > 1 else []


def _by(request: SchoolRequest, version: packs.Version | None) -> str:
    """Who put this version in force and when, in words; empty where the software did."""
    if version is None or version.by is None:
        return ""
    who = people.names(request.school, [version.by]).get(str(version.by), "")
    day = dates.long_day(version.made_at.date(), lang())
    return _("Decided by %(who)s on %(day)s.") % {"who": who, "day": day}


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: SchoolRequest, section: str, name: str) -> HttpResponse:
    """One rule: its sentence in every language, its clause, what proves it, its source; and another deadline for it."""
    studio, version = _studio(request)
    shown = studio.rule(section, name)
    if shown is None:
        raise Http404
    duty = studio.pack.duties.get(name) if section == "duties" else None
    may_manage = office.may_manage(request.viewer)
    form = _deadline(request, studio.pack, duty) if may_manage and duty is not None else None
    if request.method == "POST":
        office.need_office(request.viewer)
        if form is None or duty is None:
            raise Http404
        if form.is_valid():
            problem = _change(request, studio.pack, duty, form.cleaned_data["by"])
            if not problem:
                return redirect(f"{_draft_address(request)}?pack={studio.pack.id}")
            form.add_error("by", _("With this deadline the policy cannot run: %(problem)s") % {"problem": problem})
    answered = _answered(studio, duty)
    context = {
        "rule": shown,
        "policy": studio.pack,
        "by": _by(request, version),
        "form": form,
        "answered": answered[1] if answered else None,
        "answered_step": answered[0] if answered else "",
        "may_manage": may_manage,
    }
    return render(request, "school/studio_rule.html", context, status=422 if form is not None and form.errors else 200)


def _draft_address(request: SchoolRequest) -> str:
    from django.urls import reverse

    return reverse("school:draft", args=[request.school.slug])


def _answered(studio: Studio, duty: Duty | None) -> tuple[str, Answer] | None:
    """(the step on which it is answered, what it is) of the word or param that is the duty's deadline."""
    if duty is None or not isinstance(duty.by, Said):
        return None
    shown, name = Published(studio.pack, lang()), duty.by.said
    if name in studio.pack.vague:
        return "words", shown.word(studio.pack.vague[name])
    return ("numbers", shown.param(studio.pack.params[name])) if name in studio.pack.params else None


def _deadline(request: SchoolRequest, pack: Pack, duty: Duty) -> Deadline | None:
    """The form for another deadline, where the rule itself has a plain one."""
    match duty.by:
        case SimpleDeadline() as by:
            written = by.value
        case In(length):
            written = print_distance(length)
        case _:
            return None
    draft = drafts.of(request.school, pack.id)
    written = str(draft.changes.get(duty.id, written)) if draft is not None else written
    return Deadline(request.POST or None, now=written, said=sentences.deadline_words(pack, duty.by, lang()))


def _change(request: SchoolRequest, pack: Pack, duty: Duty, by: str) -> str:
    """Lay another deadline into the draft; what is wrong with it, or nothing."""
    draft = drafts.begun(request.school, pack.id, person_of(request))
    before = dict(draft.changes)
    draft.changes = {**before, duty.id: by}
    problems = [each for each in drafts.loaded(draft).problems if each.stops]
    if problems:
        return problems[0].said(lang()).message
    drafts.save(draft)
    return ""


# --- a draft and what it would have changed -----------------------------------------------------------------------


@staff_page
@require_http_methods(["GET", "HEAD"])
def draft(request: SchoolRequest) -> HttpResponse:
    """What the draft changes, and, if asked, what it would have changed for past cases."""
    office.need_office(request.viewer)
    found, pack = draft_of(request)
    version = drafts.running(request.school, pack.id, request.now.date())
    before = packs.pack_in(version) if version is not None else request.pack
    context: dict[str, Any] = {"draft": found, "policy": pack}
    if found is not None:
        context["changes"] = changes.lines(before, pack, lang())
        context["undo"] = [(name, labels.label(pack, f"duties.{name}.label", lang())) for name in found.changes]
        if "try" in request.GET:
            context |= _tried(request, pack)
    return render(request, "school/studio_draft.html", context)


def _tried(request: SchoolRequest, pack: Pack) -> dict[str, Any]:
    try:
        sides = drafts.before_and_after(request.school, pack, request.now.date())
    except PackErrors as errors:
        return {"misfit": errors.problems[0].said(lang()).message}
    return {"tried": dry_run.tried(request.viewer, request.school, *sides, request.now, lang())}


@staff_page
@require_POST
def undo(request: SchoolRequest) -> HttpResponse:
    """Take one changed deadline out of the draft again."""
    office.need_office(request.viewer)
    found, pack = draft_of(request)
    if found is not None and found.changes.pop(request.POST.get("duty", ""), None) is not None:
        drafts.save(found)
        messages.success(request, _("As it was."))
    return redirect(f"{_draft_address(request)}?pack={pack.id}")


# --- a pack from a file -------------------------------------------------------------------------------------------


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: SchoolRequest) -> HttpResponse:
    """Check a pack from a file; make it the draft if it is in order and somebody says so."""
    office.need_office(request.viewer)
    form = Bring(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "school/studio_bring.html", {"form": form}, status=422 if form.errors else 200)
    try:
        checked = uploads.check(*form.cleaned_data["file"])
    except uploads.NoPack as problem:
        form.add_error("file", str(problem))
        return render(request, "school/studio_bring.html", {"form": form}, status=422)
    if checked.pack is not None and request.POST.get("deed") == "keep":
        drafts.begun_with(request.school, checked.source, checked.pack, person_of(request))
        messages.success(request, _("This pack is the draft now. It holds from the day on which you put it in force."))
        return redirect(f"{_draft_address(request)}?pack={checked.pack.id}")
    errors = sum(each.stops for each in checked.problems)
    context = {
        "form": Bring(),
        "checked": checked,
        "problems": [each.said(lang()) for each in checked.problems[:MOST_PROBLEMS]],
        "errors": errors,
        "warnings": len(checked.problems) - errors,
    }
    return render(request, "school/studio_bring.html", context)
