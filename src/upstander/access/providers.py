"""Signing in through the school's own provider (OpenID Connect): it says who somebody is; the school, whether they may come in.

Providers stand in the settings only. An address that nobody here has makes no account, an address that the provider has not
checked is not believed, and whoever has left stays out. Nothing of what the provider tells is kept but its number for the person.
"""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import render

from upstander.people import queries as people
from upstander.people.models import Account


class ClosedSocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Who comes from a provider is somebody of a school here, or nobody."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Find the account by the provider's number, the first time by its checked address. Raises for anybody else."""
        account = sociallogin.user if sociallogin.is_existing else _by_address(sociallogin)
        if account is None or not account.is_active or not people.persons_of_account(account.pk):
            raise ImmediateHttpResponse(render(request, "access/not_known.html", status=403))
        if request.user.is_authenticated and request.user != account:
            raise ImmediateHttpResponse(render(request, "access/not_known.html", status=403))
        if not sociallogin.is_existing:
            sociallogin.connect(request, account)


def _by_address(sociallogin: Any) -> Account | None:
    provider = _configured(sociallogin.account.provider)
    for address in sociallogin.email_addresses:
        if address.verified or (provider is not None and provider.trusts_email):
            return Account.objects.filter(email__iexact=address.email).first()
    return None


def _configured(provider_id: str) -> Any:
    return next((each for each in settings.INSTALLATION.oidc if each.id == provider_id), None)


def brought_second_factor(request: HttpRequest) -> bool:
    """Whether this session came from a provider that asks for a second factor itself, as the settings say."""
    records = get_authentication_records(request, request.user)  # type: ignore[arg-type]
    providers = [record.get("provider", "") for record in records if record.get("method") == "socialaccount"]
    return any((found := _configured(each)) is not None and found.second_factor for each in providers)


def keep_nothing(sender: object, instance: Any, **more: Any) -> None:
    """Receiver of ``pre_save``: name, address and whatever else the provider tells is not written down."""
    instance.extra_data = {}
