"""Who calls: a person with a key, or a signed-in account. Either sees exactly what the person sees on the pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer

from upstander.access import viewer as viewers
from upstander.access.decide import NotFound
from upstander.access.limits import TokenBucket
from upstander.access.viewer import Viewer
from upstander.api import tokens
from upstander.people import clock, walls
from upstander.people import queries as people
from upstander.people.models import Account, Person, School

_CALLS = TokenBucket("api", burst=120, per_minute=240)


class TooFast(Exception):
    """More calls than a program needs."""


@dataclass(frozen=True)
class Caller:
    """``person``: of the one school that a key opens; ``account``: of all schools of a signed-in account."""

    person: Person | None = None
    account: Account | None = None

    def persons(self) -> list[Person]:
        """Who they are, school by school."""
        if self.person is not None:
            return [self.person]
        return people.persons_of_account(self.account.pk) if self.account is not None else []

    def at(self, slug: str) -> tuple[School, Viewer, datetime]:
        """The school, the viewer and the civil minute. Raises NotFound for a school that is not theirs."""
        for person in self.persons():
            if person.school.slug == slug:
                walls.stand_at(person.school.id)
                now = clock.now(person.school)
                viewer = viewers.of_person(person, person.school, now.date())
                if viewer.kind == "staff":
                    return person.school, viewer, now
        raise NotFound


def slow_down(who: UUID, school: UUID) -> None:
    """Raises TooFast. ``who``: a key or an account."""
    if not _CALLS.take(school, str(who), clock.utcnow()):
        raise TooFast


class Key(HttpBearer):
    """``Authorization: Bearer upst_…``."""

    openapi_bearerFormat = "upst_…"  # noqa: N815 - the name that django-ninja asks for

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        found = tokens.find(token)
        if found is None:
            return None
        slow_down(found.id, found.school_id)
        at = clock.utcnow(found.school)
        if not tokens.lets_in(found, at, clock.now(found.school).date()):
            return None
        tokens.used(found, at)
        found.person.school = found.school
        return Caller(person=found.person)


class Session(APIKeyCookie):
    """Whoever is signed in, with the second factor where the installation asks for one."""

    param_name = settings.SESSION_COOKIE_NAME

    def __init__(self) -> None:
        super().__init__(csrf=False)  # nothing here changes anything

    def authenticate(self, request: HttpRequest, key: str | None) -> Caller | None:
        account = getattr(request, "user", None)
        if not isinstance(account, Account) or not account.is_active:
            return None
        if settings.INSTALLATION.require_totp and not is_mfa_enabled(account):
            return None
        persons = people.persons_of_account(account.pk)
        if persons:
            slow_down(account.pk, persons[0].school_id)
        return Caller(account=account)
