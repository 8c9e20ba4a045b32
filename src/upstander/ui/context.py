"""What every template may use without its view passing it on."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def look(request: HttpRequest) -> dict[str, Any]:
    """Give the layouts what the room put on the request: ``house`` (staff) and ``door`` (public)."""
    return {"house": getattr(request, "house", None), "door": getattr(request, "door", None)}
