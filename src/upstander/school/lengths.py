"""How long something is, as people choose it and as the language writes it: "3 school days", ``PT2H``, ``each term``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

AS_WRITTEN = "as-written"

_COUNTED: dict[str, tuple[str | Promise, Callable[[int], str]]] = {
    "minutes": (gettext_lazy("minutes"), lambda n: f"PT{n}M"),
    "hours": (gettext_lazy("hours"), lambda n: f"PT{n}H"),
    "days": (gettext_lazy("days"), lambda n: f"P{n}D"),
    "weeks": (gettext_lazy("weeks"), lambda n: f"P{n}W"),
    "months": (gettext_lazy("months"), lambda n: f"P{n}M"),
    "years": (gettext_lazy("years"), lambda n: f"P{n}Y"),
    "school days": (gettext_lazy("school days"), lambda n: f"{n} school day{'' if n == 1 else 's'}"),
    "working days": (gettext_lazy("working days"), lambda n: f"{n} working day{'' if n == 1 else 's'}"),
}
"""{unit: (its word, how the language writes n of them)}."""

DEADLINES: dict[str, str | Promise] = {
    "same day": gettext_lazy("the same day"),
    "end of school day": gettext_lazy("by the end of the school day"),
    "end of term": gettext_lazy("by the end of term"),
    "end of school year": gettext_lazy("by the end of the school year"),
    "judged": gettext_lazy("a person judges when"),
}
RHYTHMS: dict[str, str | Promise] = {
    "each school day": gettext_lazy("each school day"),
    "each week": gettext_lazy("each week"),
    "each month": gettext_lazy("each month"),
    "each term": gettext_lazy("each term"),
    "each school year": gettext_lazy("each school year"),
}
_PATTERNS = (
    ("minutes", r"PT(\d+)M"),
    ("hours", r"PT(\d+)H"),
    ("days", r"P(\d+)D"),
    ("weeks", r"P(\d+)W"),
    ("months", r"P(\d+)M"),
    ("years", r"P(\d+)Y"),
    ("school days", r"(\d+) school days?"),
    ("working days", r"(\d+) working days?"),
)
MOST = 999


def parts(written: str, *, rhythm: bool = False) -> tuple[int | None, str]:
    """(number, unit) of an answer as the language writes it; ``AS_WRITTEN`` where it is of another form."""
    text = written.strip()
    if text in (RHYTHMS if rhythm else DEADLINES):
        return None, text
    text = text.removeprefix("every ") if rhythm else text
    for unit, pattern in _PATTERNS:
        found = re.fullmatch(pattern, text)
        if found:
            return int(found[1]), unit
    return None, AS_WRITTEN


def written(number: int | None, unit: str, *, rhythm: bool = False) -> str:
    """The answer as the language writes it. Raises ValueError for a number that is missing, zero or too large."""
    if unit in _COUNTED:
        if number is None or not 1 <= number <= MOST:
            raise ValueError(unit)
        return ("every " if rhythm else "") + _COUNTED[unit][1](number)
    return unit


class _Pair(forms.MultiWidget):
    """A number and its unit, side by side."""

    def __init__(self, choices: Iterable[tuple[str, Any]], rhythm: bool) -> None:
        self.rhythm = rhythm
        count = {"min": 1, "max": MOST, "inputmode": "numeric", "aria-label": pgettext_lazy("of a length", "Number")}
        unit = forms.Select(choices=list(choices), attrs={"aria-label": gettext_lazy("Unit")})
        super().__init__({"n": forms.NumberInput(attrs=count), "unit": unit})

    def decompress(self, value: Any) -> list[Any]:
        return list(parts(str(value), rhythm=self.rhythm)) if value else [None, ""]


class LengthField(forms.MultiValueField):
    """An answer to how long or how often; its value is as the language writes it.

    ``now``: the answer that stands there; of a form that cannot be chosen here it may only be kept.
    """

    def __init__(self, *, now: str, said: str, rhythm: bool = False, only_lengths: bool = False, **kwargs: Any) -> None:
        self.now, self.rhythm = now, rhythm
        choices: list[tuple[str, Any]] = [
            (unit, word) for unit, (word, _) in _COUNTED.items() if not rhythm or "school" not in unit
        ]
        if not only_lengths:
            choices += list((RHYTHMS if rhythm else DEADLINES).items())
        if parts(now, rhythm=rhythm)[1] == AS_WRITTEN:
            choices.insert(0, (AS_WRITTEN, said))
        fields = (
            forms.IntegerField(
                required=False, min_value=1, max_value=MOST, label=pgettext_lazy("of a length", "Number")
            ),
            forms.ChoiceField(choices=choices, required=False, label=gettext_lazy("Unit")),
        )
        super().__init__(fields, require_all_fields=False, widget=_Pair(choices, rhythm), **kwargs)

    def compress(self, data_list: list[Any]) -> str:
        number, unit = (data_list or [None, ""])[:2]
        if not unit:
            raise forms.ValidationError(gettext("Choose how long."))
        if unit == AS_WRITTEN:
            return self.now
        try:
            return written(number, unit, rhythm=self.rhythm)
        except ValueError:
            raise forms.ValidationError(gettext("Write a number from 1 to %(most)s.") % {"most": MOST}) from None
