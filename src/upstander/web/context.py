"""What every page's template knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from upstander.cases import frame


def site(request: HttpRequest) -> dict[str, Any]:
    """Whether this is a demo installation, and the address of the site. Staff pages get the ways through the house."""
    if getattr(request, "house", None) is None and getattr(request, "viewer", None) is not None:
        request.house = SimpleLazyObject(lambda: frame.house(request))  # type: ignore[attr-defined]
    return {"demo": settings.INSTALLATION.demo, "site_url": settings.INSTALLATION.site_url}
