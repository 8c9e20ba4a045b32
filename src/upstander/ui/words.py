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


def colon() -> str:
    """The colon between a name and what it is, as the current language writes it."""
    return "：" if languages.current().tag.startswith(("ja", "zh")) else ": "


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


def written_down(at: datetime, recorded: datetime, now: datetime) -> str:
    """Return that something was written down later than it happened, empty within 30 minutes.

    "Written down 15:10, 4 hours later", "Written down yesterday 15:10, 23 hours later". All moments naive, school time.
    """
    lang = languages.current().tag
    later = dates.written_later(at, recorded, lang)
    if not later:
        return ""
    moment = (
        dates.clock(recorded, lang) if recorded.date() == at.date() else dates.moment(recorded, lang, now, inline=True)
    )
    return gettext("Written down %(moment)s, %(later)s") % {"moment": moment, "later": later}
