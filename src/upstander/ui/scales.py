"""The words of five-step scales, from the least to the most."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

SCALES: Final[dict[str, tuple[Promise, ...]]] = {
    "agree": (
        gettext_lazy("Not at all true"),
        gettext_lazy("Not really true"),
        gettext_lazy("Partly true"),
        gettext_lazy("Mostly true"),
        gettext_lazy("Completely true"),
    ),
    "feel": (
        gettext_lazy("Very bad"),
        gettext_lazy("Bad"),
        gettext_lazy("So-so"),
        gettext_lazy("Good"),
        gettext_lazy("Very good"),
    ),
    "often": (
        gettext_lazy("Never"),
        gettext_lazy("Once or twice"),
        gettext_lazy("Now and then"),
        gettext_lazy("Every week"),
        gettext_lazy("Nearly every day"),
    ),
}


def words(kind: str) -> tuple[Promise, ...]:
    """Return the five words of a scale; an unknown kind is how much something is true."""
    return SCALES.get(kind, SCALES["agree"])
