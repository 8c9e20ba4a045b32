"""A new way in for a colleague who has signed in before: one of the office asks, a second confirms, the colleague hears of it.

Whoever has never signed in gets their invitation at once: nothing can be taken from them yet. For everybody else a new link
would open what is theirs, so that nobody hands it out alone. The password alone opens nothing where a second factor stands;
that is taken away only where the phone is said to be lost.
"""

from __future__ import annotations

import logging
from functools import partial
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from upstander.access import invitations, office, officelog
from upstander.access.decide import Denied
from upstander.access.models import NewLink
from upstander.access.viewer import Viewer
from upstander.people import clock
from upstander.people import queries as people
from upstander.people.models import Person, School
from upstander.ui import languages

log = logging.getLogger("upstander.access")


def has_signed_in(person: Person) -> bool:
    """Whether there is a sign-in that a new link would replace."""
    account = person.account
    return account is not None and account.has_usable_password()


def waiting(person: Person) -> NewLink | None:
    """The new link that was asked for this person and waits for a second one to confirm it."""
    return NewLink.objects.filter(person=person, done_at=None).first()


def confirmers(school: School, viewer: Viewer, asked: NewLink) -> set[UUID]:
    """Who may confirm it: whoever runs the office, or would if the asker and the colleague were not there."""
    directory = people.directory(school, viewer.on, viewer.pack)
    both = {asked.asked_by, asked.person_id}
    return {each for role in office.office_roles(viewer.pack) for each in directory.holders(role, without=both)} - both


def may_confirm(school: School, viewer: Viewer, asked: NewLink) -> bool:
    """Whether the viewer is the second person."""
    return viewer.person_id in confirmers(school, viewer, asked)


@transaction.atomic
def ask(school: School, viewer: Viewer, person: Person, *, without_phone: bool) -> NewLink:
    """Ask for a new link. Raises Denied. Asking twice keeps the first."""
    office.need_office(viewer)
    if viewer.person_id is None or viewer.person_id == person.id:
        raise Denied
    before = waiting(person)
    if before is not None:
        return before
    made = NewLink.objects.create(
        school=school,
        person=person,
        asked_by=viewer.person_id,
        asked_at=clock.utcnow(school),
        without_phone=without_phone,
    )
    officelog.note(school, "link-asked", person.id, viewer.person_id)
    page = settings.INSTALLATION.site_url + reverse("school:member", args=[school.slug, person.id])
    for one in confirmers(school, viewer, made):
        transaction.on_commit(partial(_tell_second, school, one, page))
    return made


@transaction.atomic
def confirm(school: School, viewer: Viewer, person: Person) -> str:
    """The link, once it has been confirmed. Raises Denied for whoever is not the second person."""
    asked = NewLink.objects.select_for_update().filter(person=person, school=school, done_at=None).first()
    if asked is None or person.account is None or not may_confirm(school, viewer, asked):
        raise Denied
    _done(school, asked)
    if asked.without_phone:
        Authenticator.objects.filter(user=person.account).delete()
    officelog.note(school, "link-made", person.id, viewer.person_id)
    transaction.on_commit(partial(_tell_colleague, school, person))
    return invitations.link_for(person.account)


@transaction.atomic
def drop(school: School, viewer: Viewer, person: Person) -> None:
    """Do not make it after all. Raises Denied."""
    asked = waiting(person)
    if asked is None or not (office.may_manage(viewer) or may_confirm(school, viewer, asked)):
        raise Denied
    _done(school, asked)
    officelog.note(school, "link-dropped", person.id, viewer.person_id)


def _done(school: School, asked: NewLink) -> None:
    asked.done_at = clock.utcnow(school)
    asked.save(update_fields=["done_at"])


# --- mails ---------------------------------------------------------------------------------------------------------


def _tell_second(school: School, person_id: UUID, page: str) -> None:
    person = people.person(school, person_id)
    if person is not None:
        _send(school, person, _second_letter, page)


def _second_letter(page: str) -> tuple[str, str]:
    words = _(
        "A colleague asks for a new link to sign in. A second person must confirm it: look whether it is really so."
    )
    return _("Something needs you"), f"{words}\n\n{page}\n"


def _tell_colleague(school: School, person: Person) -> None:
    _send(school, person, _colleague_letter, settings.INSTALLATION.site_url)


def _colleague_letter(page: str) -> tuple[str, str]:
    words = _("Two persons of the office have made a new link with which your password can be set anew.")
    what = _("If you did not ask for it, speak to the head of your school today.")
    return _("Your way to sign in is changed"), f"{words}\n\n{what}\n\n{page}\n"


def _send(school: School, person: Person, letter: object, page: str) -> None:
    if not person.email:
        return
    with translation.override(languages.code_of(person.language or school.language)):
        subject, body = letter(page)  # type: ignore[operator]
    try:
        EmailMessage(subject, body, to=[person.email]).send()
    except OSError as problem:
        log.warning("a mail about a new link could not be sent: %s", type(problem).__name__)
