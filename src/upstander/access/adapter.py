"""How allauth behaves here: nobody signs up by themselves, and mails say nothing about children."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any, ClassVar
from uuid import UUID

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from upstander.people import queries as people
from upstander.vault import keys

SEALED, SECOND_FACTOR = "sealed:", "second factor"


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """The second factor in the voice of the house."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This number does not open it. Take the one that your app shows now."),
    }

    def encrypt(self, text: str) -> str:
        """The secret of an app, the seed of the recovery codes: under the key of the account's (first) school."""
        account = getattr(context.request, "user", None)
        persons = people.persons_of_account(account.pk) if account is not None and account.pk else []
        if not persons:
            return text
        school = persons[0].school_id
        box = keys.seal_for_school(school, SECOND_FACTOR, text)
        return f"{SEALED}{school}:{b64encode(box).decode()}"

    def decrypt(self, encrypted_text: str) -> str:
        """Its counterpart. What was kept before secrets were encrypted is read as it is."""
        if not encrypted_text.startswith(SEALED):
            return encrypted_text
        school, _colon, box = encrypted_text.removeprefix(SEALED).partition(":")
        return keys.open_for_school(UUID(school), SECOND_FACTOR, b64decode(box))


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by an invitation of the school only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return "/in/"

    def send_account_already_exists_mail(self, email: str) -> None:
        return

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """allauth's "signed in as …" adds nothing to a page that shows the name."""

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """The first second factor is set up right after the password; a later change of it asks again, but not twice at once."""
        from upstander.access import step_up

        if not is_mfa_enabled(context.request.user):
            return False
        return not step_up.was_shown(context.request, settings.INSTALLATION.confirm_minutes)
