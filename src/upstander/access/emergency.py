"""Opening a pupil's records in an emergency: beyond one's own classes, for a reason, for some hours, and never unseen.

The pack decides who: whoever it lets see such records in a class or grade of their own. What it seals, what it makes depend on
consent, and what names the reader or their child stays shut (``decide`` sees to it). A second person is told at once.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from upstander.access import decide, office, officelog
from upstander.access.decide import Denied
from upstander.access.models import Emergency
from upstander.access.viewer import Viewer
from upstander.people import clock
from upstander.people import queries as people
from upstander.people.models import Person, School
from upstander.ui import languages

log = logging.getLogger("upstander.access")

LEAST_REASON = 10
"""Signs of a reason: fewer say nothing."""


class NobodyToTell(Exception):
    """There is no second person who could be told, so nothing is opened."""


@dataclass(frozen=True, slots=True)
class Opening:
    """One opening as it is read. Moments are civil minutes; ``running``: it is open now; ``mine``: the reader opened it."""

    id: UUID
    by: str
    pupil: str
    pupil_id: UUID
    second: str
    reason: str
    opened: datetime
    until: datetime
    running: bool
    mine: bool


def may_open(viewer: Viewer) -> bool:
    """Whether the viewer may open the records of a pupil who is not theirs."""
    return settings.INSTALLATION.emergency_hours > 0 and decide.may_open_in_emergency(viewer)


def pupils_open_to(viewer: Viewer, school: School) -> frozenset[str]:
    """The ids of the pupils whose records the viewer has opened and that are still open."""
    if viewer.person_id is None or not may_open(viewer):
        return frozenset()
    rows = _running(school, clock.utcnow(school)).filter(by=viewer.person_id)
    return frozenset(str(each) for each in rows.values_list("pupil_id", flat=True))


def _running(school: School, now: datetime) -> QuerySet[Emergency]:
    return Emergency.objects.filter(school=school, ended_at=None, until__gt=now)


@transaction.atomic
def open_for(school: School, viewer: Viewer, pupil: Person, reason: str) -> Emergency:
    """Open what is on record about a pupil. Raises Denied, NobodyToTell, or ValueError for a reason that says nothing."""
    mine = viewer.person_id
    if mine is None or not may_open(viewer) or pupil.kind != Person.Kind.PUPIL or pupil.school_id != school.id:
        raise Denied
    if str(pupil.id) in viewer.guards:
        raise Denied
    if len(reason.strip()) < LEAST_REASON:
        raise ValueError(reason)
    second = _second(school, viewer, pupil)
    now = clock.utcnow(school)
    made = Emergency.objects.create(
        school=school,
        pupil=pupil,
        by=mine,
        second=second,
        reason=reason.strip(),
        opened_at=now,
        until=now + timedelta(hours=settings.INSTALLATION.emergency_hours),
    )
    officelog.note(school, "opened-in-emergency", mine, mine)
    transaction.on_commit(lambda: tell_waiting(school))
    return made


def _second(school: School, viewer: Viewer, pupil: Person) -> UUID:
    """Who is told: whoever runs the office or stands in for it, neither the viewer nor a parent of the pupil."""
    directory = people.directory(school, viewer.on, viewer.pack)
    parents = people.staff_parents(school, [pupil.id])[str(pupil.id)]
    without = {each for each in (viewer.person_id, *map(UUID, parents)) if each}
    for role in office.office_roles(viewer.pack):
        held = [each for each in directory.holders(role, without=without) if each not in without]
        if held:
            return held[0]
    raise NobodyToTell


@transaction.atomic
def end(school: School, viewer: Viewer, opening: UUID) -> None:
    """End it before its time: whoever opened it, or the second person. Raises NotFound for anybody else."""
    now = clock.utcnow(school)
    found = _running(school, now).filter(id=opening).select_for_update().first()
    if found is None or viewer.person_id not in (found.by, found.second):
        raise decide.NotFound
    found.ended_at = now
    found.save(update_fields=["ended_at"])
    officelog.note(school, "emergency-ended", found.by, viewer.person_id)


def shown_to(school: School, viewer: Viewer, most: int = 50) -> list[Opening]:
    """The openings that concern the viewer: their own, and those of which they are the second person. Newest first."""
    mine = viewer.person_id
    if viewer.kind != "staff" or mine is None:
        return []
    rows = Emergency.objects.filter(school=school)
    rows = rows.filter(by=mine) | rows.filter(second=mine)
    found = list(rows.order_by("-opened_at")[:most])
    now = clock.utcnow(school)
    names = people.names(school, {each for row in found for each in (row.by, row.second, row.pupil_id)})
    return [
        Opening(
            row.id,
            names.get(str(row.by), ""),
            names.get(str(row.pupil_id), ""),
            row.pupil_id,
            names.get(str(row.second), ""),
            row.reason,
            clock.civil(school, row.opened_at),
            clock.civil(school, row.ended_at or row.until),
            row.ended_at is None and row.until > now,
            row.by == mine,
        )
        for row in found
    ]


def to_look_at(school: School, viewer: Viewer) -> bool:
    """Whether the viewer is the second person of an opening and has not looked at it yet."""
    return _unseen(school, viewer).exists()


def looked_at(school: School, viewer: Viewer) -> None:
    """The second person has seen what was opened."""
    _unseen(school, viewer).update(seen_at=clock.utcnow(school))


def _unseen(school: School, viewer: Viewer) -> QuerySet[Emergency]:
    rows = Emergency.objects.filter(school=school, seen_at=None)
    return rows.filter(second=viewer.person_id) if viewer.person_id else rows.none()


# --- the second person hears of it -----------------------------------------------------------------------------------


def tell_waiting(school: School) -> int:
    """Send the mails that have not gone out yet; what fails now is tried again by the worker. Returns how many went out."""
    sent = 0
    for row in Emergency.objects.filter(school=school, told_at=None):
        person = people.person(school, row.second)
        if person is None or not people.can_be_mailed(person):
            continue  # it stands on their page of openings, and under People that no mail reaches them
        sent += _tell(school, person, row)
    return sent


def _tell(school: School, person: Person, row: Emergency) -> int:
    with translation.override(languages.code_of(person.language or school.language)):
        subject = _("A colleague has opened records in an emergency")
        words = _("Look who it was and why. This mail names nobody on purpose. Sign in to read what it is about.")
    page = settings.INSTALLATION.site_url + reverse("cases:emergency", args=[school.slug])
    try:
        EmailMessage(subject, f"{words}\n\n{page}\n", to=[person.email]).send()
    except OSError as problem:
        log.warning("a mail about an emergency could not be sent: %s", type(problem).__name__)
        return 0
    return Emergency.objects.filter(id=row.id, told_at=None).update(told_at=clock.utcnow(school))
