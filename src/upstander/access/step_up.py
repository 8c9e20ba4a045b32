"""Asking again who is there, before what carries much away or opens what is shut: exports, an identity, an emergency, keys.

Whoever has just signed in, or has shown again who they are, is asked no more for a while; a form that was begun in that time may
still be sent a little later. A screen that somebody else sits down at does none of it.
"""

from __future__ import annotations

import time
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from upstander.access.pages import Page

GRACE_MINUTES = 30
"""For how much longer a form may be sent than a page may be opened."""


def is_confirmed(request: HttpRequest) -> bool:
    """Whether it was shown a short while ago who sits at this screen."""
    return was_shown(
        request, settings.INSTALLATION.confirm_minutes + (GRACE_MINUTES if request.method == "POST" else 0)
    )


def was_shown(request: HttpRequest, minutes: int) -> bool:
    """Whether somebody signed in here, or showed again who they are, in the last minutes."""
    shown = [record["at"] for record in get_authentication_records(request, request.user)]  # type: ignore[arg-type]
    return bool(shown) and time.time() - max(shown) < minutes * 60


def step_up(view: Page) -> Page:
    """A page for which the reader shows again who they are. Stands below ``staff_page``.

    A form that comes too late is not kept: it may hold what a session must not.
    """

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs) if is_confirmed(request) else ask(request)

    return page


def ask(request: HttpRequest) -> HttpResponse:
    """Send the reader to show again who they are, and back here afterwards."""
    ways = get_adapter().get_reauthentication_methods(request.user)
    way = ways[0]["url"] if ways else reverse("confirm")
    return HttpResponseRedirect(f"{way}?{urlencode({'next': request.get_full_path()})}")
