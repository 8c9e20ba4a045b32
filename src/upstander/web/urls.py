"""Every address of the site. Rooms bring their own; the order decides, so the schools' pages come last."""

from __future__ import annotations

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from upstander.web import views

handler400 = "upstander.web.errors.bad_request"
handler403 = "upstander.web.errors.denied"
handler404 = "upstander.web.errors.not_found"
handler500 = "upstander.web.errors.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.start, name="start"),
    path("health", views.health, name="health"),
]


def _room(prefix: str, module: str) -> None:
    if find_spec(module):
        urlpatterns.append(path(prefix, include(module)))


_room("in/", "upstander.access.urls")
_room("in/account/", "upstander.access.account_urls")
_room("card/", "upstander.access.card_urls")
if settings.INSTALLATION.demo:
    _room("", "upstander.demo.urls")
    _room("", "upstander.ui.urls")
_room("s/<slug:school>/", "upstander.cases.urls")
_room("api/", "upstander.api.urls")
_room("s/<slug:school>/", "upstander.web.registers.urls")
_room("s/<slug:school>/", "upstander.api.account_urls")
_room("s/<slug:school>/", "upstander.school.urls")
_room("s/<slug:school>/", "upstander.tell.staff_urls")
_room("me/<slug:school>/", "upstander.portal.urls")
_room("<slug:school>/", "upstander.school.public_urls")
_room("<slug:school>/", "upstander.tell.urls")
