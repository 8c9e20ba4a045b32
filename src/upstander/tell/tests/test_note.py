"""The staff's form of one minute."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from upstander.people import actions as people
from upstander.people.models import Person, School
from upstander.records.models import Event, Record
from upstander.tell.tests.door import Reader, english_school

pytestmark = pytest.mark.django_db
SINCE = date(2026, 4, 1)


@pytest.fixture(autouse=True)
def _password_only(settings):
    settings.INSTALLATION = settings.INSTALLATION.model_copy(update={"require_totp": False})


@pytest.fixture
def school() -> School:
    return english_school()


@pytest.fixture
def staff(school: School) -> Client:
    dana = people.add_person(school, Person.Kind.STAFF, "Dana Example")
    people.make_account(dana, "dana@school.example", "a long password")
    dana.refresh_from_db()
    people.give_role(dana, "staff", SINCE)
    client = Client()
    client.force_login(dana.account)
    return client


@pytest.fixture
def aiko(school: School) -> Person:
    pupil = people.add_person(school, Person.Kind.PUPIL, "Aiko Example")
    people.place(pupil, people.make_class(school, 2026, "8B", grade="8", name="8B"), SINCE)
    return pupil


FILLED = {"safe-now": "yes", "what": "Bag hidden again", "at_0": "2026-11-02", "at_1": "10:20", "key": "k1"}


def send(client: Client, **fields: Any) -> Reader:
    return Reader()._took(client.post("/s/larkrise/note", {**FILLED, **fields}))


def test_nobody_without_an_account_sees_the_form(school: School) -> None:
    assert Client().get("/s/larkrise/note").status_code == 302


def test_the_first_question_is_whether_they_are_safe(staff: Client) -> None:
    reader = Reader()._took(staff.get("/s/larkrise/note"))

    assert reader.status == 200
    assert reader.text.index("I have made them safe") < reader.text.index("What happened?")


def test_a_note_is_kept_as_what_it_is_and_names_the_pupil(staff: Client, aiko: Person) -> None:
    reader = send(
        staff, target="aiko example (8B), somebody from another school", way="box", **{"source-kind": "pupil"}
    )

    event = Event.objects.get(kind="told")
    assert len(reader.words) == 8, reader.errors
    assert event.fields["way"] == "box"
    assert event.fields["source-kind"] == "pupil"
    assert event.fields["safe-now"] == "yes"
    assert str(aiko.id) in event.about["target"]
    assert len(event.about["target"]) == 2
    assert str(event.at)[:16] in ("2026-11-02T10:20", "2026-11-02 10:20")
    assert event.by_role


def test_the_receipt_opens_it_for_the_person_who_told(staff: Client) -> None:
    words = send(staff).words

    assert "Bag hidden again" in Reader().post("back", words=" ".join(words)).text


def test_sending_twice_keeps_one_note(staff: Client) -> None:
    assert send(staff).words == send(staff).words
    assert Record.objects.filter(kind="concern").count() == 1


def test_whoever_wants_no_name_gets_none(staff: Client) -> None:
    send(staff, openness="anonymous", **{"teller-name": "Bram Example"})

    assert "teller-name" not in Event.objects.get(kind="told").sealed


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"at_0": "2031-01-01"}, "lies in the future"),
        ({"at_0": "yesterday"}, "Give a day"),
        ({"what": ""}, "in a sentence what happened"),
        ({"what": "x" * 10_001}, "too long"),
        ({"safe-now": ""}, "whether they are safe"),
        ({"way": "by-owl"}, "Choose"),
    ],
)
def test_what_does_not_fit_is_said_and_the_rest_is_kept(staff: Client, fields: dict[str, str], said: str) -> None:
    reader = send(staff, target="Aiko Example", **fields)

    assert reader.status == 422
    assert said in reader.text
    assert 'value="Aiko Example"' in reader.html
    assert not Record.objects.filter(kind="concern").exists()


def test_a_form_without_its_token_is_not_taken(staff: Client) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = staff.cookies

    assert client.post("/s/larkrise/note", FILLED).status_code == 403


def test_what_is_too_large_to_be_taken_in_is_said_and_not_dropped(staff: Client, settings: Any) -> None:
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 100
    settings.MAX_FILE_BYTES = 1000

    reader = send(staff, files=SimpleUploadedFile("long.txt", b"x" * 5000))

    assert reader.status == 422
    assert "too big" in reader.text
    assert not Record.objects.filter(kind="concern").exists()
