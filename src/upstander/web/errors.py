"""Error pages in the reader's language: what happened, what to do now. None of them says what exists and what does not."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

log = logging.getLogger("upstander.web")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was open too long, or came from elsewhere."""
    return render(request, "ui/errors/403.html", {"csrf": True}, status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "ui/errors/400.html", status=400)


def denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Theirs to know of, not to do. Into the log goes which page it was and which account, never what stood in the address."""
    page = request.resolver_match.view_name if request.resolver_match else "?"
    log.warning(
        "refused: %s %s to account %s", request.method, page, getattr(request, "user", None) and request.user.pk
    )
    return render(request, "ui/errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "ui/errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/errors/500.html", status=500)


def not_checked(request: HttpRequest) -> HttpResponse:
    """The policy failed while a step was looked at before it is recorded; nothing was."""
    return render(request, "ui/errors/503.html", status=503)
