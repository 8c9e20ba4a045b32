"""Making, checking and revoking personal keys. A key acts as its person, reads only, and ends by itself."""

from __future__ import annotations

import hmac
import secrets
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from upstander.api.models import Token
from upstander.people.models import Person, School
from upstander.vault import keys

PREFIX = "upst"
LIVES = (30, 90, 365)
"""Days for which a key may be made."""
MOST = 10
"""Keys that somebody may have at a time."""
_USED_AGAIN_AFTER = timedelta(hours=1)


class TooMany(Exception):
    """This person has as many keys as anybody may have."""


def _hash(school_id: UUID, secret: str) -> str:
    return keys.keyed_hash(school_id, "api token", secret.encode())


def make(school: School, person: Person, name: str, days: int, at: datetime) -> tuple[Token, str]:
    """A new key, and its text, which is shown now and never again. ``at``: aware. Raises TooMany, ValueError."""
    if days not in LIVES:
        raise ValueError(days)
    if working(school, person.id, at).count() >= MOST:
        raise TooMany
    secret = secrets.token_urlsafe(32)
    token = Token.objects.create(
        school=school,
        person=person,
        name=name.strip()[:80],
        secret=_hash(school.id, secret),
        made_at=at,
        expires_at=at + timedelta(days=days),
    )
    return token, f"{PREFIX}_{token.id.hex}_{secret}"


def working(school: School, person_id: UUID, at: datetime) -> QuerySet[Token]:
    """Somebody's keys that work at a moment (aware)."""
    return Token.objects.filter(school=school, person_id=person_id, revoked_at=None, expires_at__gt=at)


def of(school: School, person_id: UUID) -> QuerySet[Token]:
    """All keys of somebody, the newest first."""
    return Token.objects.filter(school=school, person_id=person_id)


def revoke(school: School, person_id: UUID, token_id: UUID, at: datetime) -> bool:
    """End one of somebody's own keys; False where there is none such."""
    return bool(of(school, person_id).filter(id=token_id, revoked_at=None).update(revoked_at=at))


def find(text: str) -> Token | None:
    """The key with this text, whoever's and however old; None for what is no key."""
    prefix, _mark, rest = text.strip().partition("_")
    ident, _mark, secret = rest.partition("_")
    try:
        wanted = UUID(hex=ident)
    except ValueError:
        return None
    token = Token.objects.filter(id=wanted).select_related("school", "person__account").first()
    if prefix != PREFIX or token is None or not hmac.compare_digest(token.secret, _hash(token.school_id, secret)):
        return None
    return token


def lets_in(token: Token, at: datetime, on: date) -> bool:
    """Whether a key works now: not revoked, not over, its person still here with an account. ``on``: the school's day."""
    person = token.person
    here = person.left_on is None or person.left_on > on
    alive = token.revoked_at is None and token.expires_at > at
    return alive and here and person.account is not None and person.account.is_active


def used(token: Token, at: datetime) -> None:
    """Remember the last use, to the hour: enough to find a key that nobody needs any more."""
    if token.used_at is None or at - token.used_at >= _USED_AGAIN_AFTER:
        Token.objects.filter(id=token.id).update(used_at=at)
