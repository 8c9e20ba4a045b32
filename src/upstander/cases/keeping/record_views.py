"""One record's way out of the house: how long it is kept and what holds it, the sealed bundle, the hand-over and its receipts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from upstander.access import keeping
from upstander.access.decide import NotFound
from upstander.access.pages import SchoolRequest, staff_page
from upstander.access.step_up import step_up
from upstander.cases.keeping import deeds, ending, forms
from upstander.cases.looking import Looking, look
from upstander.people import clock
from upstander.people import queries as people
from upstander.records.bundle import handing, verify_bundle
from upstander.records.keeping import periods
from upstander.ui import dates
from upstander.ui.forms import Choice
from upstander.ui.parts import Deed

OWN = "own"


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
@step_up
def page(request: SchoolRequest, record: UUID) -> HttpResponse:
    """How long the record is kept, its holds, to whom it was handed over; forms for whoever may."""
    looking = look(request, record)
    keeping.need_either(looking.viewer, looking.subject)
    keeps = keeping.may_keep(looking.viewer, looking.subject)
    deed, _colon, ident = request.POST.get("deed", "").partition(":")
    hold = forms.Holds(request.POST if deed == "hold" else None)
    ends = forms.LetsGo(request.POST if deed == "end" else None)
    came = forms.Arrived(request.POST if deed == "arrived" else None)
    if request.method == "POST":
        if deed == "hold" and keeps and hold.is_valid():
            deeds.hold(looking.viewer, looking.record, hold.cleaned_data["reason"], looking.now)
            return redirect(request.path)
        if deed == "end" and keeps and ends.is_valid():
            deeds.let_go(looking.viewer, looking.record, _uuid(ident), ends.cleaned_data["because"], looking.now)
            return redirect(request.path)
        if deed == "arrived" and looking.viewer.person_id and came.is_valid():
            handing.arrived(looking.record, _uuid(ident), came.cleaned_data["said"], looking.viewer.person_id)
            return redirect(request.path)
    context = {
        **_around(looking),
        "keeps": keeps,
        "exports": keeping.may_export(looking.viewer, looking.subject),
        "when": _when(looking),
        "holds": _holds(looking),
        "hold_form": hold,
        "end_form": ends,
        "arrived_form": came,
        "wrong": ident if deed in ("end", "arrived") else "",
        "handed": [_handed(looking, each) for each in handing.of_record(looking.record)],
        "bundle_deed": Deed(label=_("Take it out as a sealed file"), url=looking.url("bundle")),
        "hand_over_deed": Deed(label=_("Hand it over"), url=looking.url("hand_over")),
    }
    return render(request, "cases/keeping/record.html", context, status=422 if request.method == "POST" else 200)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
@step_up
def bundle(request: SchoolRequest, record: UUID) -> HttpResponse:
    """For whom the sealed bundle is, and the bundle."""
    looking = look(request, record)
    keeping.need_export(looking.viewer, looking.subject)
    own = Choice(
        _("As you may read it yourself"), help=_("What the policy keeps from you is withheld, and the file says that.")
    )
    choices = [(OWN, own)] + [
        (role, Choice(looking.words.role(role), help=_("What the policy keeps from them is withheld.")))
        for role in handing.readers(looking.viewer)
    ]
    form = forms.Reader(request.POST if request.method == "POST" else None, choices=choices)
    if request.method == "POST" and form.is_valid():
        role = form.cleaned_data["reader"]
        made = deeds.bundle(looking.viewer, looking.record, looking.lang, "" if role == OWN else role)
        return _file(made, "application/zip", f"{looking.record.number}.zip")
    context = {**_around(looking), "form": form, "sign": verify_bundle.fingerprint(handing.public_key(looking.record))}
    return render(request, "cases/keeping/bundle.html", context, status=422 if form.errors else 200)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
@step_up
def hand_over(request: SchoolRequest, record: UUID) -> HttpResponse:
    """Who takes the record over, and the file that only they can open."""
    looking = look(request, record)
    keeping.need_export(looking.viewer, looking.subject)
    form = forms.HandsOver(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        sealed, _handed_over = deeds.hand_over(
            looking.viewer, looking.record, looking.lang, data["key"], data["receiver"]
        )
        return _file(sealed, "application/octet-stream", f"{looking.record.number}.zip.age")
    context = {**_around(looking), "form": form}
    return render(request, "cases/keeping/hand_over.html", context, status=422 if form.errors else 200)


@staff_page
@require_safe
@step_up
def receipt(request: SchoolRequest, record: UUID, file: UUID) -> HttpResponse:
    """The receipt of a hand-over, as the school signed it."""
    looking = look(request, record)
    keeping.need_either(looking.viewer, looking.subject)
    found = next((each for each in handing.of_record(looking.record) if each.id == file), None)
    if found is None:
        raise NotFound
    return _file(handing.receipt_of(found), "application/json", f"{looking.record.number}.receipt.json")


def _around(looking: Looking) -> dict[str, Any]:
    return {
        "looking": looking,
        "back": looking.back,
        "of_record": looking.of_record,
        "kept_url": looking.url("keeping_of"),
    }


def _file(made: bytes, type_: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(made, type_, headers=headers)


def _standing(looking: Looking) -> periods.Standing:
    return periods.of_record(looking.record, looking.now)


def _when(looking: Looking) -> str:
    return ending.when(_standing(looking), looking.lang)


def _holds(looking: Looking) -> list[ending.HoldLine]:
    return ending.hold_lines(looking.school, looking.record, looking.lang, looking.now)


def _handed(looking: Looking, row: Any) -> dict[str, Any]:
    names = people.names(looking.school, [str(each) for each in (row.by_person, row.arrived_by) if each])
    by = names.get(str(row.by_person), "") or _("the technical administrator")
    at = dates.moment(clock.civil(looking.school, row.at), looking.lang, looking.now)
    arrived = ""
    if row.arrived_at:
        moment = dates.moment(clock.civil(looking.school, row.arrived_at), looking.lang, looking.now)
        arrived = _("Arrived, as %(who)s said. Written down %(when)s by %(name)s.") % {
            "who": row.arrived_said,
            "when": moment,
            "name": names.get(str(row.arrived_by), ""),
        }
    return {
        "id": str(row.id),
        "to": row.to or row.key,
        "key": row.key,
        "when": _("%(when)s, by %(name)s") % {"when": at, "name": by},
        "arrived": arrived,
        "receipt": looking.url("receipt", row.id),
    }


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None
