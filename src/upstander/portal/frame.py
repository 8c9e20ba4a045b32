"""What stands around a pupil's page: the door's look, without the way to hurry out: signing out is the way out."""

from __future__ import annotations

from django.urls import reverse

from upstander.access.pages import SchoolRequest
from upstander.people import queries as people
from upstander.people.models import Person
from upstander.tell import frame as door
from upstander.ui import languages
from upstander.ui.parts import Door


def around(request: SchoolRequest) -> None:
    """Put the frame on the request."""
    school = request.school
    request.door = Door(  # type: ignore[attr-defined]
        school_name=school.name,
        school_lang=school.language,
        home_url=reverse("portal:home", args=[school.slug]),
        exit_url=door.exit_url(school),
        helplines=door.helplines(request.pack, languages.current().tag),
    )


def me(request: SchoolRequest) -> Person | None:
    """Who is signed in."""
    return people.person(request.school, request.viewer.person_id) if request.viewer.person_id else None
