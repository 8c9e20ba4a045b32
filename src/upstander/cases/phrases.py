"""Small sentences that several pages of this room say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from upstander.policy.calendar import Timetable
from upstander.ui import dates

GROUPS = ("talk", "decision", "measure", "contact", "report", "check", "other")
"""The groups of kinds of event that packs use, in the order in which the menu shows them."""


def group_title(group: str) -> str:
    """The heading of a group of kinds of event; a group of a pack's own stands as it is called there."""
    titles = {
        "talk": pgettext("group", "Talks"),
        "decision": pgettext("group", "Decisions"),
        "measure": pgettext("group", "Safety and support"),
        "contact": pgettext("group", "Contact with others"),
        "report": pgettext("group", "What happened"),
        "check": pgettext("group", "Looking again"),
        "other": pgettext("group", "Other"),
    }
    return titles.get(group, group)


def greeting(name: str, now: datetime) -> str:
    """A greeting for the time of day."""
    if now.hour < 12:
        return _("Good morning, %(name)s") % {"name": name}
    if now.hour < 18:
        return _("Good afternoon, %(name)s") % {"name": name}
    return _("Good evening, %(name)s") % {"name": name}


def day_line(today: date, days: Timetable, lang: str) -> str:
    """The day in full, and which school day of the year it is where the school's calendar says so."""
    said = dates.long_day(today, lang)
    if not days.has_data(today):
        return said
    if not days.is_school_day(today):
        return _("%(day)s, no school today") % {"day": said}
    first, _last = days.school_year(today)
    number = sum(days.is_school_day(first + timedelta(days=n)) for n in range((today - first).days + 1))
    return _("%(day)s, school day %(number)d") % {"day": said, "number": number}


def lede(late: int, due: int) -> str:
    """How much is late and how much is due today, in a sentence; empty where nothing is."""
    late_part = ngettext("%(n)d thing is late", "%(n)d things are late", late) % {"n": late}
    due_part = ngettext("%(n)d is due today", "%(n)d are due today", due) % {"n": due}
    if late and due:
        return _("%(late)s, %(due)s.") % {"late": late_part, "due": due_part}
    if late:
        return _("%(late)s.") % {"late": late_part}
    if due:
        due_alone = ngettext("%(n)d thing is due today", "%(n)d things are due today", due) % {"n": due}
        return _("%(due)s.") % {"due": due_alone}
    return ""


def step_count(states: Iterable[str], lang: str) -> str:
    """``1 late, 2 due today, 1 paused``."""
    count = Counter(states)
    parts = [
        (count["overdue"], _("%(n)d late")),
        (count["due"], _("%(n)d due today")),
        (count["pending"], _("%(n)d open")),
        (count["paused"], _("%(n)d paused")),
        (count["upcoming"], _("%(n)d coming")),
    ]
    mark = "・" if lang == "ja" else "，" if lang == "zh-Hans" else ", "
    return mark.join(text % {"n": number} for number, text in parts if number)
