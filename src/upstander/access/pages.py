"""Decorators for pages: they find the school, make the viewer, and set the school's language where nobody chose one.

A view behind them is called without ``school``; it finds ``request.school``, ``request.viewer``, ``request.now`` (naive civil
minute) and ``request.pack``. An unknown school, and a page that is not the viewer's, is *not found*.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation

from upstander.access import cards, emergency, providers
from upstander.access import viewer as viewers
from upstander.access.viewer import Viewer
from upstander.people import clock, walls
from upstander.people import queries as people
from upstander.people.models import Account, School
from upstander.people.packs import pack_of
from upstander.policy.model import Pack
from upstander.ui import languages

CARD = "card"
"""In the session of a pupil who came with a printed card: {"school": id, "person": id, "card": id}, as text."""


class SchoolRequest(HttpRequest):
    """A request as views behind these decorators see it."""

    school: School
    viewer: Viewer
    now: datetime
    pack: Pack


Page = Callable[..., HttpResponse]


def viewer_of(request: HttpRequest) -> Viewer:
    """Who is looking at a page of ``request.school``: a signed-in person, a pupil with a card, or somebody at the door."""
    school: School = request.school  # type: ignore[attr-defined]
    on = clock.now(school).date()
    account = getattr(request, "user", None)
    if isinstance(account, Account):
        person = people.person_of_account(school, account.id, on)
        if person is None:
            return viewers.teller(school, on)
        found = viewers.of_person(person, school, on)
        opened = emergency.pupils_open_to(found, school)
        return replace(found, in_emergency=opened, memo={**found.memo}) if opened else found
    card = request.session.get(CARD) if hasattr(request, "session") else None
    if card and card.get("school") == str(school.id) and (held := cards.working(card["card"])) is not None:
        person = people.person(school, card["person"])
        if person and (person.left_on is None or person.left_on > on):
            return replace(viewers.of_person(person, school, on), let_in_by=held.made_by)
    return viewers.teller(school, on)


def needs_second_factor(request: HttpRequest) -> bool:
    """Whether this account has to set up its second factor before it may see a school's pages."""
    return (
        settings.INSTALLATION.require_totp
        and not is_mfa_enabled(request.user)
        and not providers.brought_second_factor(request)
    )


def school_page(view: Page) -> Page:
    """A page of a school that needs no account (the door)."""

    @wraps(view)
    def page(request: HttpRequest, school: str, *args: Any, **kwargs: Any) -> HttpResponse:
        found = _at_school(request, school)
        on = found.now.date()
        found.viewer = viewers.teller(found.school, on)
        return _in_language(found, view, *args, **kwargs)

    return page


def staff_page(view: Page) -> Page:
    """A page for those who work at the school: signed in, with a second factor where the installation asks for one."""

    @wraps(view)
    def page(request: HttpRequest, school: str, *args: Any, **kwargs: Any) -> HttpResponse:
        if not isinstance(getattr(request, "user", None), Account):
            return redirect_to_login(request.get_full_path(), reverse(settings.LOGIN_URL))
        found = _at_school(request, school)
        found.viewer = viewer_of(found)
        if found.viewer.kind != "staff":
            raise Http404
        if needs_second_factor(found):
            return HttpResponseRedirect(reverse("mfa_activate_totp"))
        return _in_language(found, view, *args, **kwargs)

    return page


def own_page(view: Page) -> Page:
    """A page for pupils (with a card or an account) and guardians: what is theirs."""

    @wraps(view)
    def page(request: HttpRequest, school: str, *args: Any, **kwargs: Any) -> HttpResponse:
        found = _at_school(request, school)
        found.viewer = viewer_of(found)
        if found.viewer.kind not in ("pupil", "guardian"):
            return redirect_to_login(request.get_full_path(), f"/card/?school={found.school.slug}")
        return _in_language(found, view, *args, **kwargs)

    return page


def _at_school(request: HttpRequest, slug: str) -> SchoolRequest:
    found: SchoolRequest = request  # type: ignore[assignment]
    try:
        found.school = people.school_by_slug(slug)
    except School.DoesNotExist:
        raise Http404 from None
    walls.stand_at(found.school.id)
    found.now = clock.now(found.school)
    found.pack = pack_of(found.school, found.now.date())
    return found


def _in_language(request: SchoolRequest, view: Page, *args: Any, **kwargs: Any) -> HttpResponse:
    """Run the view in the language that the reader chose, else the person's, else the school's."""
    if getattr(request, "language_chosen", True):
        return view(request, *args, **kwargs)
    tag = request.school.language
    person_id: UUID | None = request.viewer.person_id
    if person_id is not None:
        person = people.person(request.school, person_id)
        tag = (person.language if person else "") or tag
    with translation.override(languages.code_of(tag)):
        response = view(request, *args, **kwargs)
        response.headers["Content-Language"] = languages.get(tag).tag
        return response
