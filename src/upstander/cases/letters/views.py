"""The pages of letters: which there are, and writing one."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from upstander.access import decide
from upstander.access.decide import NotFound
from upstander.access.pages import SchoolRequest, staff_page
from upstander.cases.letters import offering, sending
from upstander.cases.letters.drafting import Draft
from upstander.cases.looking import Looking, look
from upstander.cases.stops import Stopper
from upstander.policy.model import FieldType, Letter
from upstander.records.actions import FormProblems, Stopped
from upstander.ui import languages, markdown
from upstander.ui.forms import Choice, ClockField, DayField, Form
from upstander.ui.parts import Deed

LONGEST = 20_000


@staff_page
@require_safe
def overview(request: SchoolRequest, record: UUID) -> HttpResponse:
    """The letters of this record, and why one is not offered now."""
    looking = look(request, record)
    if not offering.letters(looking):
        raise NotFound
    decide.permit(looking.viewer, f"record:{offering.KEPT_WITH}", looking.subject)
    context = {
        "looking": looking,
        "back": looking.back,
        "of_record": looking.of_record,
        "offers": offering.offers(looking),
    }
    return render(request, "cases/letters/list.html", context)


class Beginning(Form):
    """To whose family, in which language, and what the letter asks the writer for."""

    child = forms.ChoiceField(label=gettext_lazy("To the family of"), widget=forms.RadioSelect)
    language = forms.ChoiceField(label=gettext_lazy("Language of the letter"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, looking: Looking, letter: Letter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        families = offering.children(looking, letter)
        self.fields["child"].choices = [  # type: ignore[attr-defined]
            (ident, Choice(name, help=looking.words.role(role)))
            for ident, (role, name) in families.items()
            if not offering.not_now(looking, letter, ident)
        ]
        known = offering.languages(looking, letter)
        self.fields["language"].choices = [(each, languages.get(each).name) for each in known]  # type: ignore[attr-defined]
        first = next(iter(families), "")
        self.fields["child"].initial = first
        self.fields["language"].initial = offering.spoken(looking, first, known) if first else known[0]
        for name, spec in letter.asks.items():
            field = _asked(spec.type)
            field.label = looking.words.label(f"letters.{letter.id}.asks.{name}.label")
            field.required = spec.required
            self.fields[f"asked-{name}"] = field


def _asked(sort: FieldType) -> forms.Field:
    match sort:
        case FieldType.LONG_TEXT:
            return forms.CharField(max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 5}))
        case FieldType.DATE:
            return DayField()
        case FieldType.TIME:
            return ClockField()
        case FieldType.NUMBER:
            return forms.DecimalField()
    return forms.CharField(max_length=300)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: SchoolRequest, record: UUID, letter: str) -> HttpResponse:
    """Fill it in, read it as the family reads it, send it; what it must not say stops it here."""
    looking = look(request, record)
    found = next((each for each in offering.letters(looking) if each.id == letter), None)
    if found is None:
        raise NotFound
    decide.permit(looking.viewer, f"record:{offering.KEPT_WITH}", looking.subject)
    if found.sent_with is not None:
        decide.permit(looking.viewer, f"record:{found.sent_with.alternatives[0].kind}", looking.subject)
    if request.POST.get("deed") in ("check", "send"):
        return _finish(request, looking, found)
    form = Beginning(request.POST if request.method == "POST" else None, looking=looking, letter=found)
    if request.method == "POST" and form.is_valid():
        asked = {name: form.cleaned_data[f"asked-{name}"] for name in found.asks}
        draft = _draft(looking, found, form.cleaned_data["child"], form.cleaned_data["language"], asked)
        own = (
            draft.text(looking.lang)
            if draft.lang != looking.lang and looking.lang in offering.languages(looking, found)
            else ""
        )
        return render(request, "cases/letters/draft.html", _preview(draft, draft.text(), own))
    context = {**_head(looking, found), "form": form, "offered": bool(form.fields["child"].choices)}  # type: ignore[attr-defined]
    return render(request, "cases/letters/write.html", context, status=422 if form.errors else 200)


def _draft(looking: Looking, letter: Letter, child: str, lang: str, asked: dict[str, object]) -> Draft:
    families = offering.children(looking, letter)
    if child not in families or lang not in offering.languages(looking, letter):
        raise NotFound
    if offering.not_now(looking, letter, child):
        raise NotFound
    return Draft(looking, letter, child, families[child][0], lang, asked)


def _finish(request: SchoolRequest, looking: Looking, letter: Letter) -> HttpResponse:
    draft = _draft(looking, letter, request.POST.get("child", ""), request.POST.get("lang", ""), {})
    text = request.POST.get("text", "").strip()[:LONGEST]
    reason = request.POST.get("reason", "").strip()[:2000]
    stops = draft.stops(text)
    through = bool(stops) and bool(reason) and _may_let_through(draft)
    problem = ""
    if request.POST.get("deed") == "send" and text and not draft.breaches() and (not stops or through):
        try:
            _kept, more = sending.send(draft, text, stops, reason, request.POST.get("key", "")[:40])
        except FormProblems as error:
            problem = " ".join(each.message for each in error.problems)
        except Stopped:
            problem = _("The policy stops this step")
        else:
            messages.success(request, _("The letter is kept in the record. Print it from there and send it."))
            return redirect(more or looking.home)
    shown = {**_preview(draft, text), "reason": reason, "problem": problem}
    wrong = bool(problem or (request.POST.get("deed") == "send"))
    return render(request, "cases/letters/draft.html", shown, status=422 if wrong else 200)


def _may_let_through(draft: Draft) -> bool:
    return any(draft.looking.viewer.holds(role) for role in draft.letter.let_through_by)


def _head(looking: Looking, letter: Letter) -> dict[str, Any]:
    path = f"letters.{letter.id}.title"
    return {
        "looking": looking,
        "title": looking.words.label(path),
        "title_lang": looking.words.lang_of(path),
        "back": Deed(label=_("Letters"), url=looking.url("letters")),
        "of_record": looking.of_record,
        "clauses": looking.words.clauses(letter.clause[:2]),
    }


def _preview(draft: Draft, text: str, own: str = "") -> dict[str, Any]:
    looking, letter = draft.looking, draft.letter
    breaches = draft.breaches()
    stopper = Stopper(looking.words, looking.names, looking.deed)
    reasons = {
        "words": _("The policy never uses these words."),
        "matter": _("It would name somebody else in this matter."),
        "school": _("It would name another pupil of the school."),
    }
    stops = draft.stops(text)
    roles = [looking.words.role(role) for role in letter.let_through_by]
    return {
        **_head(looking, letter),
        "text": text,
        "own": markdown.render(own) if own else "",
        "preview": markdown.render(text),
        "lang": draft.lang,
        "lang_name": languages.get(draft.lang).name,
        "child": draft.child,
        "readers": looking.words.joined([each.name for each in draft.guardians]),
        "left_out": draft.left_out(),
        "lacks": draft.lacks(),
        "stops": [(each.found, reasons[each.why]) for each in stops],
        "stop": stopper.page(breaches, warns=False, back=looking.url("letters")) if breaches else None,
        "let_through_by": looking.words.either(roles),
        "may_let_through": _may_let_through(draft),
        "key": uuid4().hex,
    }
