"""The walk through what only the school can say about its policy, and the day from which it holds."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from upstander.access import office
from upstander.access.pages import SchoolRequest, staff_page
from upstander.people import packs
from upstander.people import queries as people
from upstander.people.models import Person
from upstander.policy.model import Pack
from upstander.policy.problems import PackErrors
from upstander.school import adoption, drafts
from upstander.school.adoption import Adoption, Step
from upstander.school.adoption_forms import Answered, Publish, StepForm
from upstander.school.calendar_forms import CalendarForm
from upstander.school.models import PolicyDraft
from upstander.ui import dates, languages


def lang() -> str:
    return languages.current().tag


def person_of(request: SchoolRequest) -> Person | None:
    return people.person(request.school, request.viewer.person_id) if request.viewer.person_id else None


def pack_asked(request: SchoolRequest) -> str:
    """The pack that the page is about: the one named in the address, or the school's first."""
    names = [each.name for each in packs.versions(request.school) if each.state != "withdrawn"]
    names = list(dict.fromkeys([*names, *drafts.names(request.school)]))
    asked = request.GET.get("pack") or request.POST.get("pack") or ""
    if asked and asked not in names:
        raise Http404
    return asked or (names[0] if names else request.pack.id)


def draft_of(request: SchoolRequest) -> tuple[PolicyDraft | None, Pack]:
    """The draft of the pack asked about, and the pack as it would be; without a draft, as it is in force."""
    name = pack_asked(request)
    draft = drafts.of(request.school, name)
    if draft is not None and (made := drafts.cached(draft)) is not None:
        return draft, made
    version = drafts.running(request.school, name, request.now.date())
    return draft, packs.pack_in(version) if version is not None else request.pack


def adoption_of(request: SchoolRequest) -> tuple[PolicyDraft | None, Adoption]:
    draft, pack = draft_of(request)
    return draft, Adoption(request.school, pack, lang(), request.now.date())


@staff_page
@require_http_methods(["GET", "HEAD"])
def overview(request: SchoolRequest) -> HttpResponse:
    """How far the school is, step by step, and from when what it has said holds."""
    office.need_office(request.viewer)
    return _overview(request, Publish(earliest=packs.earliest(request.school)))


def _overview(request: SchoolRequest, form: Publish, status: int = 200) -> HttpResponse:
    draft, found = adoption_of(request)
    steps = found.steps()
    version = drafts.running(request.school, found.pack.id, request.now.date())
    all_items = sum(len(step.items) for step in steps)
    left = sum(step.left for step in steps)
    context = {
        "steps": steps,
        "draft": draft,
        "policy": found.pack,
        "done": all_items - left,
        "all": all_items,
        "left": left,
        "next": next((step for step in steps if step.left), None),
        "version": version,
        "since": dates.long_day(version.from_date, lang()) if version is not None and version.by else "",
        "form": form,
        "versions": [_version(request, each) for each in reversed(packs.versions(request.school))],
    }
    return render(request, "school/adopt.html", context, status=status)


def _version(request: SchoolRequest, version: packs.Version) -> dict[str, Any]:
    names = people.names(request.school, [version.by]) if version.by else {}
    return {
        "id": version.id,
        "planned": version.state == "planned",
        "name": version.name,
        "version": version.version,
        "day": dates.long_day(version.from_date, lang()),
        "state": {
            "in force": _("in force"),
            "past": _("was in force"),
            "planned": _("planned"),
            "withdrawn": _("taken back"),
        }[version.state],
        "by": names.get(str(version.by), ""),
        "made": dates.long_day(version.made_at.date(), lang()),
    }


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: SchoolRequest, step: str) -> HttpResponse:
    """One step: its items beside their clauses."""
    office.need_office(request.viewer)
    _draft, found = adoption_of(request)
    here = next((each for each in found.steps() if each.slug == step), None)
    if here is None:
        raise Http404
    if step == "posts":
        return render(request, "school/adopt_posts.html", {"step": here, "policy": found.pack})
    if step == "calendar":
        return _calendar(request, found, here)
    form = StepForm(request.POST or None, items=here.items, pack=found.pack, lang=lang())
    if request.method == "POST" and form.is_valid():
        problem = _save(request, found, form.answers())
        if not problem:
            return redirect(_after(request, found, step))
        form.add_error(None, _("With this answer the policy cannot run: %(problem)s") % {"problem": problem})
    context = {"step": here, "form": form, "rows": form.rows(), "policy": found.pack}
    return render(request, "school/adopt_step.html", context, status=422 if form.errors else 200)


def _after(request: SchoolRequest, before: Adoption, slug: str) -> str:
    """The next step that has something left, or the overview."""
    _draft, found = adoption_of(request)
    steps = found.steps()
    here = [each.slug for each in steps].index(slug)
    following = next((each for each in steps[here:] if each.left), None)
    messages.success(request, _("Kept."))
    return _address(request, following, before.pack.id)


def _address(request: SchoolRequest, to: Step | None, pack: str) -> str:
    from django.urls import reverse

    base = (
        reverse("school:adopt_step", args=[request.school.slug, to.slug])
        if to is not None
        else reverse("school:adopt", args=[request.school.slug])
    )
    return f"{base}?pack={pack}" if "pack" in request.GET else base


def _save(request: SchoolRequest, found: Adoption, answered: list[Answered]) -> str:
    """Write answers into the draft and down who decided; what is wrong with them, or nothing."""
    by = person_of(request)
    changed = [each for each in answered if each.changed]
    if changed:
        draft = drafts.begun(request.school, found.pack.id, by)
        before = {sort: dict(draft.answers.get(sort, {})) for sort in ("params", "words")}
        for each in changed:
            sort, _sep, name = each.item.id.partition(":")
            draft.answers.setdefault(f"{sort}s", {})[name] = each.answer
        problems = [each for each in drafts.loaded(draft).problems if each.stops]
        if problems:
            draft.answers = before
            return problems[0].said(lang()).message
        drafts.save(draft)
        _, found = adoption_of(request)
    for each in answered:
        if each.decided:
            adoption.decide(found, each.item.id, each.answer, each.reason, by)
    return ""


def _calendar(request: SchoolRequest, found: Adoption, here: Step) -> HttpResponse:
    form = CalendarForm(request.POST or None, school=request.school, pack=found.pack, on=request.now.date())
    if request.method == "POST" and form.is_valid():
        form.freeze(request.now.date())
        return redirect(_after(request, found, here.slug))
    context = {"step": here, "form": form, "policy": found.pack}
    return render(request, "school/adopt_calendar.html", context, status=422 if form.errors else 200)


@staff_page
@require_POST
def publish(request: SchoolRequest) -> HttpResponse:
    """Put the draft in force from a day on; only when nothing is open."""
    office.need_office(request.viewer)
    draft, found = adoption_of(request)
    if draft is None:
        messages.warning(request, _("There is nothing new to put in force."))
        return redirect("school:adopt", request.school.slug)
    form = Publish(request.POST, earliest=packs.earliest(request.school))
    if not found.ready():
        form.add_error(None, _("Something is still open. The policy begins only when everything is said."))
    if not form.is_valid():
        return _overview(request, form, status=422)
    try:
        version = drafts.publish(draft, form.cleaned_data["from_date"], person_of(request))
    except PackErrors as errors:
        form.add_error(
            None,
            _("The policy cannot run like this: %(problem)s") % {"problem": errors.problems[0].said(lang()).message},
        )
        return _overview(request, form, status=422)
    except packs.TooEarly as early:
        day = dates.long_day(early.earliest, lang())
        form.add_error("from_date", _("The earliest day is %(day)s.") % {"day": day})
        return _overview(request, form, status=422)
    day = dates.long_day(version.from_date, lang())
    messages.success(request, _("In force from %(day)s.") % {"day": day})
    return redirect("school:adopt", request.school.slug)


@staff_page
@require_POST
def drop(request: SchoolRequest) -> HttpResponse:
    """Give the draft up; what is in force stays."""
    office.need_office(request.viewer)
    drafts.drop(request.school, pack_asked(request))
    messages.success(request, _("The draft is gone. What is in force stays as it is."))
    return redirect("school:adopt", request.school.slug)


@staff_page
@require_POST
def withdraw(request: SchoolRequest) -> HttpResponse:
    """Take a planned version back before its day."""
    office.need_office(request.viewer)
    try:
        version = UUID(request.POST.get("version", ""))
    except ValueError:
        raise Http404 from None
    if packs.withdraw(request.school, version):
        messages.success(request, _("Taken back. What is in force stays as it is."))
    else:
        messages.warning(request, _("This version cannot be taken back any more."))
    return redirect("school:adopt", request.school.slug)
