"""What every page's template knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """Whether this is a demo installation, and the address of the site."""
    return {"demo": settings.INSTALLATION.demo, "site_url": settings.INSTALLATION.site_url}
