"""The flaws that a document can have, in the reader's words."""

from __future__ import annotations

from django.utils.translation import gettext


def word(flaw: str) -> str:
    """What is wrong there, in a few words."""
    return {
        "two routes": gettext("two routes for one thing"),
        "missing": gettext("points to something that is not there"),
        "one post several names": gettext("one post under several names"),
        "no number": gettext("a clause without a number"),
        "past": gettext("a date that is past"),
        "gone": gettext("an organisation that no longer exists"),
    }.get(flaw, flaw)
