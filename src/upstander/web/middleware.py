"""What happens around every request: headers, sessions and the reader's language."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY as AUTH_KEY
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils import translation

from upstander.access import sessions
from upstander.people import memo, walls
from upstander.records.errors import CannotJudge
from upstander.ui import languages
from upstander.web import errors

Handler = Callable[[HttpRequest], HttpResponse]

SEEN = "seen"
"""In the session of staff: when it was last used, in seconds."""
SEEN_AGAIN_AFTER = 60
"""Seconds for which the last use is not written anew, so that not every page costs a write."""

METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE")
"""Whatever else is asked (TRACE above all, which says back what was sent) is refused before anybody looks at it."""
WAYS_OUT = ("/in/account/logout/", "/card/out")
"""After these the browser forgets what it holds of the site; the session's cookie goes with the session."""

INSIDE = ("/in/", "/s/", "/me/", "/card/", "/demo/", "/api/")
TOUR = ("/tour", "/tour/")
"""Only below these paths does a session exist: whoever tells something gets no cookie that outlives the page."""


def is_inside(request: HttpRequest) -> bool:
    """Whether this path belongs to the part where people sign in."""
    # The tour's address is compared whole: a school may be called "tournai".
    return request.path_info.startswith(INSIDE) or request.path_info in TOUR


def _only_inside(handler: Handler, wrapped: Callable[[HttpRequest], object]) -> Handler:
    def middleware(request: HttpRequest) -> HttpResponse:
        # Django types its middleware for asynchronous servers, too; this one is synchronous.
        return cast("HttpResponse", wrapped(request)) if is_inside(request) else handler(request)

    return middleware


def sessions_only_inside(handler: Handler) -> Handler:
    """Sessions and sign-in exist only inside."""
    return _only_inside(handler, SessionMiddleware(AuthenticationMiddleware(handler)))


def idle_end(handler: Handler) -> Handler:
    """A staff session that nobody used for a while is over: a screen left open shows nobody a case."""

    def middleware(request: HttpRequest) -> HttpResponse:
        session = getattr(request, "session", None)
        if session is not None and AUTH_KEY in session:
            now = int(time.time())
            seen = session.get(SEEN, now)
            if now - seen > settings.INSTALLATION.idle_minutes * 60:
                session.flush()
                request.user = AnonymousUser()
            elif SEEN not in session or now - seen >= SEEN_AGAIN_AFTER:
                session[SEEN] = now
                sessions.seen(request)
        return handler(request)

    return middleware


def messages_only_inside(handler: Handler) -> Handler:
    """Messages live in the session."""
    return _only_inside(handler, MessageMiddleware(handler))


def headers(handler: Handler) -> Handler:
    """Headers that Django does not set: nothing is cached but static files, and no sensor is allowed. No unheard-of method."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = handler(request) if request.method in METHODS else HttpResponseNotAllowed(METHODS[:3])
        if request.method == "POST" and request.path_info in WAYS_OUT and response.status_code == 302:
            response["Clear-Site-Data"] = '"cache", "storage"'
        if not request.path_info.startswith("/static/"):
            response.setdefault("Cache-Control", "no-store")
        response.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()"
        )
        response.setdefault("X-Robots-Tag", "noindex")
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware


def language(handler: Handler) -> Handler:
    """The reader's language: ``?lang=`` (kept in links and forms, no cookie), a signed-in person's choice, the browser's.

    ``request.language_chosen`` is False where none of these named one of ours; a school's page then speaks the school's.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        asked = languages.find(request.GET.get("lang"))
        session = getattr(request, "session", None)
        if asked and session is not None:
            session["language"] = asked.tag
        kept = asked.tag if asked else (session or {}).get("language")
        accept = request.headers.get("Accept-Language", "")
        chosen = languages.choose(asked=kept, accept=accept)
        known = kept or any(languages.find(part.partition(";")[0]) for part in accept.split(","))
        request.language_chosen = bool(known)  # type: ignore[attr-defined]
        with translation.override(chosen.code):
            response = handler(request)
            response.setdefault("Content-Language", languages.current().tag)
        return response

    return middleware


def read_once(handler: Handler) -> Handler:
    """While a page is only read, nothing is asked of the database twice."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return handler(request)
        with memo.remembering():
            return handler(request)

    return middleware


def cannot_judge(handler: Handler) -> Handler:
    """Where the policy fails on a step, say that nothing was recorded instead of that we do not know."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return handler(request)

    def answer(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return errors.not_checked(request) if isinstance(exception, CannotJudge) else None

    middleware.process_exception = answer  # type: ignore[attr-defined]
    return middleware


def behind_walls(handler: Handler) -> Handler:
    """No school's records are read before the page says of which school it is. A demo's own pages walk all its schools."""

    def middleware(request: HttpRequest) -> HttpResponse:
        demo = settings.INSTALLATION.demo and (request.path_info.startswith("/demo/") or request.path_info in TOUR)
        with walls.within(walls.ALL if demo else walls.NONE):
            return handler(request)

    return middleware
