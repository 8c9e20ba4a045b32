"""Invitations: a link with which a new account sets its password, once, within a week."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.urls import reverse

from upstander.people.models import Account


class InvitationTokens(PasswordResetTokenGenerator):
    """Tokens that end with the first password that is set."""

    key_salt = "upstander.access.invitations"


TOKENS = InvitationTokens()


def link_for(account: Account) -> str:
    """The address that opens the invitation of this account."""
    return settings.INSTALLATION.site_url + reverse("invitation", args=[account.pk, TOKENS.make_token(account)])  # type: ignore[arg-type]


def account_of(account_id: UUID, token: str) -> Account | None:
    """The account whose invitation this is, None where the link is used up, too old or wrong."""
    account = get_user_model().objects.filter(pk=account_id, is_active=True).first()
    return account if account is not None and TOKENS.check_token(account, token) else None
