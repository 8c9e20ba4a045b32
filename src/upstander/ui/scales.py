"""The words of five-step scales, from the least to the most."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

SCALES: Final[dict[str, tuple[Promise, ...]]] = {
    "agree": (
        pgettext_lazy("scale", "Not at all true"),
        pgettext_lazy("scale", "Not really true"),
        pgettext_lazy("scale", "Partly true"),
        pgettext_lazy("scale", "Mostly true"),
        pgettext_lazy("scale", "Completely true"),
    ),
    "feel": (
        pgettext_lazy("scale", "Very bad"),
        pgettext_lazy("scale", "Bad"),
        pgettext_lazy("scale", "So-so"),
        pgettext_lazy("scale", "Good"),
        pgettext_lazy("scale", "Very good"),
    ),
    "often": (
        pgettext_lazy("scale", "Never"),
        pgettext_lazy("scale", "Once or twice"),
        pgettext_lazy("scale", "Now and then"),
        pgettext_lazy("scale", "Every week"),
        pgettext_lazy("scale", "Nearly every day"),
    ),
}


def words(kind: str) -> tuple[Promise, ...]:
    """Return the five words of a scale; an unknown kind is how much something is true."""
    return SCALES.get(kind, SCALES["agree"])
