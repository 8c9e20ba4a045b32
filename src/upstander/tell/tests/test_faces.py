"""The photograph of somebody to whom children can talk: who may show it, where it stands, and when it is gone."""

from __future__ import annotations

import io
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from upstander.people import actions as people
from upstander.people.models import Person, Portrait, School
from upstander.school import posts
from upstander.tell.tests.door import Reader, english_school

pytestmark = pytest.mark.django_db
PLACE = b"taken at the harbour"


@pytest.fixture
def school(settings: Any) -> School:
    settings.INSTALLATION = settings.INSTALLATION.model_copy(update={"require_totp": False})
    return english_school()


def somebody(school: School, name: str, role: str) -> Person:
    person = people.add_person(school, Person.Kind.STAFF, name)
    people.give_role(person, role, date(2026, 4, 1))
    return person


def office(school: School) -> Client:
    head = somebody(school, "Hazel Example", "headteacher")
    client = Client(headers={"accept-language": "en"})
    client.force_login(people.make_account(head, "head@school.example"))
    return client


def photograph(kind: str = "JPEG") -> SimpleUploadedFile:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = PLACE.decode()
    Image.new("RGB", (900, 1200), "#887766").save(out, kind, exif=exif)
    return SimpleUploadedFile("face.jpg", out.getvalue(), "image/jpeg")


def send(client: Client, school: School, person: Person, **fields: Any) -> Any:
    return client.post(f"/s/{school.slug}/people/{person.id}/picture", fields)


def face(school: School, person: Any) -> Any:
    return Client().get(f"/{school.slug}/talk/{person}.jpg")


def test_the_office_shows_a_face_and_it_is_gone_when_they_leave(school: School) -> None:
    dana = somebody(school, "Dana Example", "dsl")
    client = office(school)

    assert send(client, school, dana, picture=photograph(), agreed="on").status_code == 302
    shown = face(school, dana.id)

    assert shown.status_code == 200
    assert Image.open(io.BytesIO(shown.content)).size == (240, 240)
    assert PLACE not in shown.content
    assert f"/talk/{dana.id}.jpg" in Reader().get("talk").html
    assert b"\xff\xd8\xff" not in bytes(Portrait.objects.values_list("picture", flat=True)[0])

    posts.leave(school, dana, date(2026, 5, 1), by=None)
    assert face(school, dana.id).status_code == 404
    assert not Portrait.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"picture": SimpleUploadedFile("face.svg", b"<svg onload='x()'/>", "image/svg+xml"), "agreed": "on"},
        {"picture": SimpleUploadedFile("face.txt", b"a face in words", "text/plain"), "agreed": "on"},
        {"agreed": "on"},
    ],
)
def test_what_is_no_picture_is_not_shown(school: School, fields: dict[str, Any]) -> None:
    dana = somebody(school, "Dana Example", "dsl")

    assert send(office(school), school, dana, **fields).status_code == 422
    assert not Portrait.objects.exists()


def test_without_their_yes_nothing_is_shown(school: School) -> None:
    dana = somebody(school, "Dana Example", "dsl")

    assert send(office(school), school, dana, picture=photograph()).status_code == 422
    assert not Portrait.objects.exists()


def test_only_those_whom_the_page_names_have_a_face_there(school: School) -> None:
    teacher = somebody(school, "Rowan Example", "tutor")
    posts.show_picture(school, teacher, photograph().read(), by=None)

    assert face(school, teacher.id).status_code == face(school, uuid4()).status_code == 404


def test_only_the_office_shows_a_face(school: School) -> None:
    dana = somebody(school, "Dana Example", "dsl")
    client = Client()
    client.force_login(people.make_account(dana, "dana@school.example"))

    assert send(client, school, dana, picture=photograph(), agreed="on").status_code in (403, 404)
    assert not Portrait.objects.exists()
