"""The demo's own pages: a tour, a way in without typing, the phone that shows the six digits, the mails, the clock."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from upstander.access import card_views, cards
from upstander.demo import actions, script
from upstander.notify import queries as letters
from upstander.people import clock as clocks
from upstander.people import queries as people
from upstander.people.models import Person, School
from upstander.ui import languages
from upstander.ui.forms import Form, MomentField

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def _schools() -> list[School]:
    return [school for school in people.schools() if school.demo]


def _person(person_id: str) -> Person:
    """A person of a demo school; somebody of a real school on the same installation is not found."""
    for school in _schools():
        found = people.person(school, person_id)
        if found is not None:
            return found
    raise Http404


@require_GET
def tour(request: HttpRequest) -> HttpResponse:
    """Whom to be, and what to try."""
    lang = languages.current().tag
    stops = [script.tour_of(school, lang) for school in _schools()]
    return render(request, "demo/tour.html", {"stops": [stop for stop in stops if stop], "password": actions.PASSWORD})


@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Be one of the demo's staff, without typing the password and the six digits."""
    person = _person(request.POST.get("person", ""))
    if person.account is None or not all(one.school.demo for one in people.persons_of_account(person.account.id)):
        raise Http404  # an account that opens a real school, too, is never entered without its password
    request.session.flush()
    login(request, person.account, backend=_BACKEND)
    record_authentication(request, person.account, "demo")
    return redirect(reverse("cases:today", args=[person.school.slug]))


@require_POST
def card(request: HttpRequest) -> HttpResponse:
    """Make a card for one of the demo's pupils or parents and come in with it, as if its QR code had been scanned."""
    person = _person(request.POST.get("person", ""))
    if person.kind not in (Person.Kind.PUPIL, Person.Kind.GUARDIAN):
        raise Http404
    now = clocks.utcnow(person.school)
    printed = cards.issue(person.school, person, by=None, at=now)
    held = cards.find(person.school, " ".join(printed.words), address="demo", at=now)
    if held is None:
        raise Http404
    return card_views.let_in(request, person.school, held)


@require_GET
def code(request: HttpRequest, person: UUID) -> HttpResponse:
    """The six digits that the person's phone would show now."""
    found = _person(str(person))
    row = Authenticator.objects.filter(user=found.account, type=Authenticator.Type.TOTP).first()
    if row is None:
        raise Http404
    counter = next(iter(yield_hotp_counters_from_time()))
    digits = format_hotp_value(hotp_value(TOTP(row).secret, counter))
    return render(request, "demo/code.html", {"person": found, "digits": digits})


@require_GET
def mail(request: HttpRequest) -> HttpResponse:
    """Every mail that the demo has sent, the newest first."""
    return render(request, "demo/mail.html", {"mails": letters.sent_in(_schools(), most=100)})


class ClockForm(Form):
    """A moment to go to."""

    to = MomentField(label=gettext_lazy("Day and time at the school"))


@require_http_methods(["GET", "HEAD", "POST"])
def clock(request: HttpRequest) -> HttpResponse:
    """Move the clock of a school forward; what the time brings happens at once."""
    schools = _schools()
    chosen = next((school for school in schools if school.slug == request.POST.get("school")), None)
    form = ClockForm(request.POST if "to_0" in request.POST else None)
    if request.method == "POST" and chosen is not None:
        wanted = _wanted(request, chosen, form)
        if wanted is not None:
            try:
                actions.move_school(chosen, wanted)
            except ValueError:
                form.add_error("to", _("The clock only goes forward. Begin the demo again with ./start --fresh."))
            else:
                return redirect("demo_clock")
    shown = [{"school": school, "now": clocks.now(school)} for school in schools]
    context: dict[str, Any] = {"schools": shown, "form": form, "steps": actions.steps(), "chosen": chosen}
    return render(request, "demo/clock.html", context, status=422 if form.errors else 200)


def _wanted(request: HttpRequest, school: School, form: ClockForm) -> Any:
    step = request.POST.get("step", "")
    if step:
        return actions.after_step(school, step)
    return form.cleaned_data["to"] if form.is_valid() else None
