"""The words of the mails: that something needs you, and a link. Never a name, a fact or a school's case."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from upstander.people.models import Person, School
from upstander.ui import languages


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    body: str


def _link(school: School) -> str:
    return f"{settings.INSTALLATION.site_url}/s/{school.slug}/today"


def _in_the_language_of(person: Person, school: School) -> translation.override:
    return translation.override(languages.code_of(person.language or school.language))


def something_needs_you(person: Person, school: School, *, late: bool) -> Letter:
    """For one or many lines of the outbox at once: how many is seen after signing in."""
    with _in_the_language_of(person, school):
        subject = _("Something is late") if late else _("Something needs you")
        first = (
            _("Something that was yours, or that has climbed to you, is late.")
            if late
            else _("Something in Upstander needs you.")
        )
        return Letter(subject, "\n\n".join([first, _link(school), _quiet()]) + "\n")


def digest(person: Person, school: School, *, late: int, today: int) -> Letter:
    """Once a day, for whoever has something late or due: how many, nothing else."""
    with _in_the_language_of(person, school):
        lines = []
        if late:
            lines.append(ngettext("%(number)d thing is late.", "%(number)d things are late.", late) % {"number": late})
        if today:
            lines.append(
                ngettext("%(number)d thing is due today.", "%(number)d things are due today.", today)
                % {"number": today}
            )
        return Letter(_("Your day"), "\n\n".join([" ".join(lines), _link(school), _quiet()]) + "\n")


def _quiet() -> str:
    return _("This mail names nobody on purpose. Sign in to read what it is about.")
