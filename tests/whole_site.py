"""Every address that an installation may have, the demo's included: the URL configuration under test."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from upstander.web.urls import handler400, handler403, handler404, handler500
from upstander.web.urls import urlpatterns as installed

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("upstander.demo.urls")),
    path("", include("upstander.ui.urls")),
    *installed,
]
