"""The way in for staff: after sign-in to their school, and a first password by invitation."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_password_login, record_authentication
from allauth.account.models import Login
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import SetPasswordForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from upstander.access import invitations, sessions, step_up
from upstander.access.pages import needs_second_factor
from upstander.people import clock
from upstander.people import queries as people
from upstander.ui import dates, languages


def home(request: HttpRequest) -> HttpResponse:
    """Where a signed-in account goes: its school, the choice of its schools, or the second factor first.

    With ``?me`` the page stays: the way out, and to the recovery codes.
    """
    if not request.user.is_authenticated:
        return redirect("account_login")
    if needs_second_factor(request):
        return redirect("mfa_activate_totp")
    persons = people.persons_of_account(request.user.pk)
    if len(persons) == 1 and "me" not in request.GET:
        return redirect(reverse("cases:today", args=[persons[0].school.slug]))
    return render(request, "access/schools.html", {"schools": [person.school for person in persons]})


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, account_id: UUID, token: str) -> HttpResponse:
    """Set the first password, then go on to the second factor."""
    account = invitations.account_of(account_id, token)
    if account is None:
        return render(request, "access/invitation_over.html", status=410)
    form = SetPasswordForm(account, request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        came: HttpResponse = perform_password_login(
            request, {"email": account.email}, Login(user=account, email=account.email)
        )
        return came
    return render(
        request, "access/invitation.html", {"form": form, "email": account.email}, status=422 if form.errors else 200
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """For an account without a password of its own: in a demo a button, else to come in once more through the school's sign-in."""
    back = get_adapter().get_login_redirect_url(request)
    after = request.POST.get("next") or request.GET.get("next") or back
    after = after if after.startswith("/") and url_has_allowed_host_and_scheme(after, None) else back
    if get_adapter().get_reauthentication_methods(request.user):
        return redirect(back)
    if request.method == "POST" and settings.INSTALLATION.demo:
        record_authentication(request, request.user, "demo")
        return redirect(after)
    return render(request, "access/confirm.html", {"after": after})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def places(request: HttpRequest) -> HttpResponse:
    """Where this account is signed in; whoever shows again who they are can end any other place from here."""
    if request.method == "POST":
        if not step_up.is_confirmed(request):
            return step_up.ask(request)
        chosen = request.POST.get("place", "")
        try:
            sessions.end(request, UUID(chosen) if chosen else None)
        except ValueError:
            raise Http404 from None
        return redirect("places")
    lang = languages.current().tag
    persons = people.persons_of_account(request.user.pk) if request.user.pk else []
    zone = clock.zone(persons[0].school.timezone if persons else "UTC")

    def said(moment: datetime) -> str:
        civil, now = (each.astimezone(zone).replace(tzinfo=None) for each in (moment, timezone.now()))
        return dates.moment(civil, lang, now)

    found = [(place, said(place.since), said(place.seen)) for place in sessions.places(request)]
    return render(request, "access/places.html", {"places": found})
