"""Addresses under ``/in/account/``: allauth's pages for signing in, the password and the second factor, and no others.

Nobody signs up, adds addresses or signs in with a mailed code here: accounts come from the school's invitation, and their address
is the school's affair. These pages answer as if they were not there; their names stay, because allauth's own pages ask for them.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path, re_path


def closed(request: HttpRequest, **_parameters: object) -> HttpResponse:
    """Not a page of this house."""
    raise Http404


urlpatterns = [
    path("signup/", closed, name="account_signup"),
    path("email/", closed, name="account_email"),
    path("confirm-email/", closed, name="account_email_verification_sent"),
    re_path(r"^confirm-email/(?P<key>[-:\w]+)/$", closed, name="account_confirm_email"),
    path("login/code/confirm/", closed, name="account_confirm_login_code"),
    path("password/set/", closed, name="account_set_password"),
    path("3rdparty/", closed, name="socialaccount_connections"),
    path("3rdparty/signup/", closed, name="socialaccount_signup"),
    re_path(r"^social/", closed),
    path("2fa/webauthn/keys/<int:pk>/edit/", closed, name="mfa_edit_webauthn"),
    path("", include("allauth.urls")),
]
