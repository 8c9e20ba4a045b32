"""Printed cards: eight words and a QR code for a pupil who has no mail address. A class teacher revokes them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from upstander.access.limits import TokenBucket
from upstander.access.models import Card
from upstander.people.models import Person, School
from upstander.vault import codewords, keys

_BY_ADDRESS = TokenBucket("card", burst=40, per_minute=10, shared=True)
_BY_SCHOOL = TokenBucket("card/school", burst=400, per_minute=120, shared=True)


class TooMany(Exception):
    """So many cards were tried from one place that the next must wait a minute."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A new card, once: its words and the address in its QR code are shown now and never again."""

    person: Person
    words: tuple[str, ...]
    address: str


def _hash(school: School, code: bytes) -> str:
    return keys.keyed_hash(school.id, "card", code)


@transaction.atomic
def issue(school: School, person: Person, *, by: UUID | None, at: datetime) -> Printed:
    """Make a new card for a pupil; an older one stops working. ``at``: aware."""
    revoke(school, person, by=by, at=at)
    code = secrets.token_bytes(codewords.CODE_BYTES)
    Card.objects.create(school=school, person=person, code=_hash(school, code), made_by=by, made_at=at)
    # The code stands behind the #, which no browser sends to any server: it is in no log and no Referer.
    address = f"{settings.INSTALLATION.site_url}{reverse('card')}?school={school.slug}#{codewords.signs_of(code)}"
    return Printed(person, codewords.words_of(code, person.language or school.language), address)


def revoke(school: School, person: Person, *, by: UUID | None, at: datetime) -> int:
    """End all cards of a pupil; returns how many. Whoever is in with one is out at the next page."""
    return Card.objects.filter(school=school, person=person, revoked_at=None).update(revoked_at=at, revoked_by=by)


def holders(school: School) -> dict[UUID, bool]:
    """{id of everybody who has a card that works: whether it is of the old kind}."""
    return dict(Card.objects.filter(school=school, revoked_at=None).values_list("person_id", "words_in_path"))


def find(school: School, typed: str, *, address: str, at: datetime) -> Card | None:
    """The card with these words, None where there is none. Raises TooMany."""
    if not (_BY_ADDRESS.take(school.id, address, at) and _BY_SCHOOL.take(school.id, "all", at)):
        raise TooMany
    hashes = [_hash(school, code) for code in codewords.read(typed)]
    found = Card.objects.filter(school=school, code__in=hashes, revoked_at=None).select_related("person")
    return found.filter(person__left_on=None).first()


def used(card: Card, at: datetime) -> None:
    """Note that somebody came in with it."""
    Card.objects.filter(pk=card.pk).update(used_at=at)


def working(card_id: str) -> Card | None:
    """The card that was let in earlier, if it still works."""
    return Card.objects.filter(pk=card_id, revoked_at=None).first()
