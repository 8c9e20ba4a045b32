"""The page for too much from one place; the other pages of this kind are templates in ``ui/errors``."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def too_many(request: HttpRequest, *, minutes: int = 1) -> HttpResponse:
    """Answer 429 in the look: too much came from one place, and when to try again."""
    answer = render(request, "ui/errors/429.html", {"minutes": minutes}, status=429)
    answer["Retry-After"] = str(minutes * 60)
    answer["Cache-Control"] = "no-store"
    return answer
