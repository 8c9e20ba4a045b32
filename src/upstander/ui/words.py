"""The words for a duty's state, as people say them, in the reader's language."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext, pgettext

from upstander.ui import dates, languages

STATES: Final = (
    "upcoming",
    "pending",
    "due",
    "paused",
    "overdue",
    "met",
    "met-late",
    "waived",
    "not-applicable",
    "lapsed",
)


def state_word(
    state: str, *, due: datetime | None = None, now: datetime | None = None, late: timedelta | None = None
) -> str:
    """Return the word for a state.

    A duty that is *due* says "Due today" only when its due moment is today (both moments naive,
    school time); ``late`` is how late a *met-late* duty was. An unknown state gives its own id.
    """
    if state == "due":
        if due is not None and now is not None and due.date() != now.date():
            return pgettext("state", "Due soon")
        return pgettext("state", "Due today")
    if state == "met-late" and late is not None:
        lateness = dates.late_by(late, languages.current().tag)
        return gettext("Done, %(lateness)s") % {"lateness": lateness}
    return _plain(state)


def _plain(state: str) -> str:
    """Return the word for a state that needs no time."""
    words = {
        "upcoming": pgettext("state", "Coming"),
        "pending": pgettext("state", "Open"),
        "paused": pgettext("state", "Paused"),
        "overdue": pgettext("state", "Late"),
        "met": pgettext("state", "Done"),
        "met-late": pgettext("state", "Done late"),
        "waived": pgettext("state", "Waived"),
        "not-applicable": pgettext("state", "Does not apply"),
        "lapsed": pgettext("state", "Missed"),
    }
    return words.get(state, state)
