"""allauth's forms in the voice of the house."""

from __future__ import annotations

from typing import Any

from allauth.account import forms
from allauth.core import context
from allauth.mfa.base import forms as second
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms as plain
from django.utils.translation import gettext_lazy as _

from upstander.access import sessions


class LoginForm(forms.LoginForm):  # type: ignore[misc]
    """Address and password: the label says it once, the way out of a lost password stands under the button."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class ResetPasswordForm(forms.ResetPasswordForm):  # type: ignore[misc]
    """The address to which the letter goes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs.pop("placeholder", None)


class ChangePasswordForm(forms.ChangePasswordForm):  # type: ignore[misc]
    """The old password, the new one twice; the way out of a lost password stands at the sign-in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class _Digits:
    """The box for a number that an app or a list of codes shows: its own words, the figures at hand on a phone."""

    label = _("The six digits")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code: plain.Field = self.fields["code"]  # type: ignore[attr-defined]
        code.label = self.label
        code.widget.attrs.pop("placeholder", None)
        code.widget.attrs |= {"inputmode": "numeric", "autocomplete": "one-time-code", "class": "short", "dir": "ltr"}


class ActivateTOTPForm(_Digits, totp.ActivateTOTPForm):  # type: ignore[misc]
    """The first six digits of a new app."""


class AuthenticateForm(_Digits, second.AuthenticateForm):  # type: ignore[misc]
    """The digits after the password."""

    label = _("The six digits, or a recovery code")


class ReauthenticateForm(_Digits, second.ReauthenticateForm):  # type: ignore[misc]
    """The digits before something that asks for them once more."""

    label = _("The six digits, or a recovery code")


class PasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A passkey of this device or of a key on the ring: it always asks who holds it, so that it is both factors in one."""

    passwordless = plain.BooleanField(widget=plain.HiddenInput, initial=True, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["name"] = sessions.device_of(context.request.headers.get("User-Agent", ""))
        self.fields["name"].label = _("What you call it")
        self.fields["name"].help_text = _("So that you know later which one it is: “work laptop”, for instance.")
        self.fields["name"].max_length = 80

    def clean_passwordless(self) -> bool:
        return True
