"""What went wrong, as a program reads it: problem details (RFC 9457). None of them says what exists and what does not."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse

TYPE = "application/problem+json"


def problem(status: int, detail: str = "", **more: Any) -> HttpResponse:
    """An answer with a problem; ``detail`` says what to do about it."""
    said: dict[str, Any] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    if detail:
        said["detail"] = detail
    return HttpResponse(json.dumps({**said, **more}), status=status, content_type=TYPE)


def not_found(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Nothing here, or nothing for this caller: the same words."""
    return problem(404)


def unknown_caller() -> HttpResponse:
    """Nobody is signed in, or the key does not work (any more)."""
    answer = problem(401, "Send a working key as 'Authorization: Bearer KEY', or sign in.")
    answer["WWW-Authenticate"] = 'Bearer realm="Upstander"'
    return answer
