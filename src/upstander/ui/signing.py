"""A signature in a form: the name, written by whoever signs, that they mean it, and a drawing where a script can take one.

It is kept as text: the name, and on a second line the drawing as an SVG path on a sheet of 400 × 120.
"""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.widgets import Script
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MOST_SIGNS = 12_000
"""Length of a drawing: some thousand points."""
_PATH = re.compile(r"M[0-9]{1,3} [0-9]{1,3}(?: [ML][0-9]{1,3} [0-9]{1,3})*")


def parts(text: str) -> tuple[str, str]:
    """(name, path) of a signature as it is kept; the path is empty where nothing was drawn, and never anything but a path."""
    name, _newline, drawn = text.partition("\n")
    return name, drawn if is_path(drawn) else ""


def is_path(text: str) -> bool:
    """Whether this is a drawing."""
    return len(text) <= MOST_SIGNS and _PATH.fullmatch(text) is not None


class SignatureInput(forms.MultiWidget):
    """A name, a tick, a sheet to draw on (``sign.js`` makes it; without a script there is none)."""

    shape = "signature"

    class Media:
        js = (Script("ui/sign.js", defer=True),)

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        parts: dict[str, forms.Widget | type[forms.Widget]] = {
            "name": forms.TextInput(attrs={"autocomplete": "off"}),
            "drawing": forms.HiddenInput(),
            "sure": forms.CheckboxInput(),
        }
        super().__init__(widgets=parts, attrs=attrs)

    def decompress(self, value: str | None) -> list[Any]:
        """Name, drawing, tick. A signature that is shown again must be meant again."""
        name, drawn = parts(value or "")
        return [name, drawn, False]


class SignatureField(forms.MultiValueField):
    """Gives the signature as it is kept; empty where nobody signed."""

    widget = SignatureInput

    def __init__(self, **kwargs: Any) -> None:
        fields = (
            forms.CharField(max_length=200, required=False),
            forms.CharField(required=False),
            forms.BooleanField(required=False),
        )
        super().__init__(fields, require_all_fields=False, **kwargs)
        self.error_messages["required"] = gettext_lazy("Sign here: write the name, and tick that it is meant.")

    def compress(self, data_list: list[Any]) -> str:
        """Join them. Raises ValidationError for a name that nobody stands by."""
        name, drawn, sure = data_list or ("", "", False)
        # One line, or the drawing could be forged by what is typed.
        name = " ".join((name or "").split())
        if not name:
            if drawn or sure or self.required:
                raise ValidationError(_("Write the name of whoever signs."), code="required")
            return ""
        if not sure:
            raise ValidationError(_("Tick that the signature is meant."), code="unsure")
        return f"{name}\n{drawn}" if is_path(drawn or "") else name
