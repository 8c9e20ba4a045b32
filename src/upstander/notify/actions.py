"""Sending what the outbox holds, and the regular jobs of the clock.

``deliver`` is the worker's step, ``tick`` the clock's; both may run in any number of processes and be killed at any moment:
a line is marked sent after its mail went out, so that a kill may send one twice and never loses one.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import partial
from uuid import UUID

from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from upstander.access import emergency, limits, sessions
from upstander.access import viewer as viewers
from upstander.notify import letters
from upstander.notify.models import Mail, Tick
from upstander.people import clock
from upstander.people import queries as people
from upstander.people.models import Person, School
from upstander.people.packs import pack_of
from upstander.policy.calendar import Timetable
from upstander.records import checkpoints, outbox, queries, upkeep
from upstander.records.keeping import telling

log = logging.getLogger("upstander.notify")

MOST_AT_ONCE = 500
LEASE = timedelta(minutes=5)
DIGEST_AT = time(7, 30)
"""Digests go out from this time of a school day on, before the first lesson."""


def deliver() -> int:
    """Send what is waiting: one mail for each person, however many lines. Returns how many mails went out."""
    return sum(_deliver_for(school) for school in people.schools())


def _deliver_for(school: School) -> int:
    if not outbox.pending(school, most=1) or not _lease(school):
        return 0
    try:
        return _deliver_all(school)
    finally:
        Tick.objects.filter(job=_job(school)).update(last_run=timezone.now())


def _job(school: School) -> str:
    return f"deliver/{school.id}"


def _lease(school: School) -> bool:
    """Of several workers one sends; one that was killed holds the others up for no longer than ``LEASE``."""
    now = timezone.now()
    Tick.objects.get_or_create(job=_job(school), defaults={"last_run": now})
    # A lease that ends later than any could was taken before the server's clock was set back.
    free = Q(last_run__lte=now) | Q(last_run__gt=now + LEASE)
    return Tick.objects.filter(free, job=_job(school)).update(last_run=now + LEASE) == 1


def _deliver_all(school: School) -> int:
    lines = outbox.pending(school, most=MOST_AT_ONCE)
    by_person: dict[UUID, list[outbox.Line]] = defaultdict(list)
    for line in lines:
        by_person[line.person].append(line)
    sent = 0
    for person_id, waiting in by_person.items():
        try:
            sent += _one_mail(school, person_id, waiting)
        except Exception as problem:
            # One person's letter must never keep everybody else's back; it is tried again at the next step.
            log.exception("a mail could not be made: %s", type(problem).__name__)
    return sent


def _one_mail(school: School, person_id: UUID, waiting: list[outbox.Line]) -> int:
    """Bundle the lines of one person that still matter; drop the others with their reason."""
    now = clock.utcnow(school)
    settled = [line.id for line in waiting if line.settled]
    outbox.drop(settled, "settled")
    alive = [line for line in waiting if not line.settled]
    if not alive:
        return 0
    person = people.person(school, person_id)
    if person is None or not person.email or (person.left_on and person.left_on <= now.date()):
        outbox.drop([line.id for line in alive], "no address")
        return 0
    if not people.can_be_mailed(person):
        outbox.drop([line.id for line in alive], "bad address")
        return 0
    late = any(line.kind in ("overdue", "climb") for line in alive)
    letter = letters.something_needs_you(person, school, late=late)
    if not _send(school, person, Mail.Kind.NOTICE, letter, now):
        return 0
    outbox.mark_sent([line.id for line in alive], now)
    return 1


def _send(school: School, person: Person, kind: str, letter: letters.Letter, now: datetime) -> bool:
    """Send one mail and keep what was said. A mail server that fails is tried again at the next step."""
    try:
        EmailMessage(letter.subject, letter.body, to=[person.email]).send()
    except OSError as problem:
        log.warning("a mail could not be sent: %s", type(problem).__name__)
        return False
    Mail.objects.create(school=school, person=person, kind=kind, subject=letter.subject, body=letter.body, sent_at=now)
    return True


def tick() -> int:
    """Do every regular job whose time has come; returns how much was done."""
    done = 0
    for school in people.schools():
        done += _tried("emergencies", partial(emergency.tell_waiting, school))
        done += _tried("looking again", partial(_looked_again, school))
        done += _tried("digests", partial(_digests, school))
        make = partial(checkpoints.make, school)
        done += _tried("checkpoint", partial(_claimed, f"checkpoint/{school.id}", timedelta(days=1), make))
        ending = partial(telling.tell, school)
        done += _tried("keeping", partial(_claimed, f"keeping/{school.id}", timedelta(days=1), ending))
    forget = partial(limits.forget_full, timezone.now())
    done += _tried("rate limits", partial(_claimed, "buckets", timedelta(hours=1), forget))
    over = partial(sessions.forget_expired, timezone.now())
    done += _tried("sessions", partial(_claimed, "sessions", timedelta(hours=1), over))
    _claimed("clock", timedelta(0), lambda: 1)
    return done


def _looked_again(school: School) -> int:
    return upkeep.refresh_due(school, clock.now(school))


def _tried(job: str, deed: Callable[[], int]) -> int:
    """Run a regular job; one that fails, or one school's, keeps no other from its time."""
    try:
        return deed()
    except Exception as problem:
        log.exception("%s failed: %s", job, type(problem).__name__)
        return 0


def _claimed(job: str, every: timedelta, deed: Callable[[], object]) -> int:
    """Run a job unless somebody ran it within ``every``; moving the row forward is the claim, given back if the job fails."""
    with transaction.atomic():
        return _claim_and_run(job, every, deed)


def _claim_and_run(job: str, every: timedelta, deed: Callable[[], object]) -> int:
    now = timezone.now()
    row, made = Tick.objects.get_or_create(job=job, defaults={"last_run": now})
    if not made:
        if row.last_run + every > now:
            return 0
        if not Tick.objects.filter(job=job, last_run=row.last_run).update(last_run=now):
            return 0
    deed()
    return 1


def _digests(school: School) -> int:
    """One digest a day for whoever has something late or due today; nothing for whoever has not."""
    now = clock.now(school)
    if now.time() < DIGEST_AT or not _is_school_day(school, now):
        return 0
    had = set(
        Mail.objects.filter(school=school, kind=Mail.Kind.DIGEST, day=now.date()).values_list("person_id", flat=True)
    )
    done = 0
    for person in people.staff(school, now.date()):
        if person.id not in had and people.can_be_mailed(person):
            done += _tried("a digest", partial(_digest, school, person, now))
    return done


def _is_school_day(school: School, now: datetime) -> bool:
    return Timetable(people.calendar_of(school), pack_of(school).hints).is_school_day(now.date())


def _digest(school: School, person: Person, now: datetime) -> int:
    viewer = viewers.of_person(person, school, now.date())
    late, today = queries.counts_for(viewer, now)
    if not late and not today:
        return 0
    letter = letters.digest(person, school, late=late, today=today)
    try:
        with transaction.atomic():
            # The row is the claim: of two clocks one gets it.
            claim = Mail.objects.create(
                school=school,
                person=person,
                kind=Mail.Kind.DIGEST,
                day=now.date(),
                subject=letter.subject,
                body=letter.body,
                sent_at=clock.utcnow(school),
            )
    except IntegrityError:
        return 0
    try:
        EmailMessage(letter.subject, letter.body, to=[person.email]).send()
    except OSError as problem:
        log.warning("a digest could not be sent: %s", type(problem).__name__)
        claim.delete()
        return 0
    return 1
