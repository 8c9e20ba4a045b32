"""The forms of this part: a hold and its end, for whom a bundle is, to whom a record is handed over."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from upstander.ui.forms import Choice, Form
from upstander.vault import age

LEAST = 5
"""Signs of a reason: fewer say nothing."""


class Holds(Form):
    """Why a record is held."""

    reason = forms.CharField(
        label=gettext_lazy("Why it must be kept longer"),
        help_text=gettext_lazy(
            "For example a court, an inquiry, a request of the authority. Stands here for whoever may keep it."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
        min_length=LEAST,
        max_length=1000,
    )


class LetsGo(Form):
    """Why a hold ends."""

    because = forms.CharField(
        label=gettext_lazy("Why the hold ends"),
        widget=forms.Textarea(attrs={"rows": 2}),
        min_length=LEAST,
        max_length=1000,
    )


class Destroys(Form):
    """Which records are destroyed; none is chosen before somebody chooses it."""

    record = forms.MultipleChoiceField(label=gettext_lazy("Which ones"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, choices: list[tuple[str, Choice]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["record"].choices = choices  # type: ignore[attr-defined]


class Reader(Form):
    """For whom the bundle is."""

    reader = forms.ChoiceField(label=gettext_lazy("For whom is it?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, choices: list[tuple[str, Choice]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reader"].choices = choices  # type: ignore[attr-defined]


class HandsOver(Form):
    """Who takes over, and the key that only they can open."""

    receiver = forms.CharField(
        label=gettext_lazy("Who takes it over"),
        help_text=gettext_lazy("The school or the person, as you know them."),
        max_length=200,
    )
    key = forms.CharField(
        label=gettext_lazy("Their key"),
        help_text=gettext_lazy(
            "It begins with age1. Ask for it by telephone or in person, so that nobody can give you another."
        ),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_key(self) -> str:
        key = str(self.cleaned_data["key"]).strip()
        try:
            age.recipient(key)
        except age.BadKey:
            raise forms.ValidationError(gettext_lazy("This is no such key. Copy it as it was given to you.")) from None
        return key


class Arrived(Form):
    """From whom it is known that a hand-over arrived."""

    said = forms.CharField(label=gettext_lazy("Who said that it has arrived"), max_length=200)
