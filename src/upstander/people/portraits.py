"""Photographs of those to whom children can talk, as the school shows them on its public page."""

from __future__ import annotations

import io
from base64 import b64decode, b64encode
from collections.abc import Iterable
from uuid import UUID

from PIL import Image, ImageOps

from upstander.people.models import Person, Portrait, School

SIDE = 240
"""Of the square picture, in pixels: enough for a face on paper, too little to make a large picture of."""


def show(person: Person, picture: bytes | None) -> None:
    """Show this picture (an image that was drawn anew, of any size) of one of the staff; None: none any more."""
    if picture is None:
        Portrait.objects.filter(person=person).delete()
        return
    row = Portrait.objects.filter(person=person).first() or Portrait(person=person, school=person.school)
    row.picture = b64encode(_square(picture)).decode()
    row.save()


def _square(picture: bytes) -> bytes:
    """The middle of the upper part, where faces are, as a small JPEG."""
    with Image.open(io.BytesIO(picture)) as drawn:
        small = ImageOps.fit(drawn.convert("RGB"), (SIDE, SIDE), centering=(0.5, 0.35))
    out = io.BytesIO()
    small.save(out, format="JPEG", quality=82)
    return out.getvalue()


def shown(school: School, people: Iterable[UUID]) -> frozenset[UUID]:
    """Those of these people of whom the school shows a picture."""
    found = Portrait.objects.filter(school=school, person_id__in=list(people))
    return frozenset(found.values_list("person_id", flat=True))


def picture(school: School, person: UUID) -> bytes | None:
    """The picture of somebody as a JPEG; None where there is none."""
    row = Portrait.objects.filter(school=school, person_id=person).first()
    return b64decode(row.picture) if row else None
