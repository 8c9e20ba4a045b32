"""Whoever tells without a name leaves nothing behind: no address, no browser, no cookie."""

from __future__ import annotations

import logging

import pytest
from django.db import connection
from django.test import Client

from upstander.tell.tests.door import Reader, english_school

pytestmark = pytest.mark.django_db
ADDRESS = "203.0.113.77"
BROWSER = "ExampleBrowser/7.7 (Telltale)"


def everything_stored() -> str:
    """Every value of every table."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        parts = []
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - our own tables
            parts += [repr(row) for row in cursor.fetchall()]
    return "\n".join(parts)


def test_neither_address_nor_browser_is_stored_or_logged(caplog: pytest.LogCaptureFixture) -> None:
    english_school()
    client = Client(headers={"user-agent": BROWSER, "x-forwarded-for": ADDRESS, "referer": "https://poster.example/"})
    with caplog.at_level(logging.DEBUG):
        reader = Reader(address=ADDRESS, client=client).walk()
        reader.post("back", words=" ".join(reader.words))

    stored = everything_stored() + caplog.text
    assert reader.status == 200
    for trace in (ADDRESS, "Telltale", "poster.example"):
        assert trace not in stored
    assert not client.cookies


def test_what_was_told_and_who_told_it_is_stored_in_no_readable_form() -> None:
    english_school()
    Reader().walk()
    # A receipt's word may by chance be one that stands in a table after every report, such as a column's name or a kind.
    before = everything_stored()
    reader = Reader().get().answer(openness="confidential")
    reader.answer(**{"teller-name": "Aiko Example", "teller-contact": "aiko@family.example"})
    reader.answer(who="pupil.to-me")
    reader.answer("skip")
    reader.answer(what="She painted it upon the garage.")
    reader.answer("end")
    reader.answer()

    stored = everything_stored()
    assert len(reader.words) == 8
    kept = [f"'{word}'" for word in reader.words if f"'{word}'" not in before]
    for secret in ("Aiko Example", "aiko@family.example", "upon the garage", " ".join(reader.words[:2]), *kept):
        assert secret not in stored


def test_the_door_never_touches_a_session() -> None:
    english_school()
    client = Client()
    client.cookies["upstander"] = "somebodys-session"
    reader = Reader(client=client).walk()

    assert "Set-Cookie" not in reader.headers
    assert client.cookies["upstander"].value == "somebodys-session"
    assert "Cookie" not in reader.headers.get("Vary", "")


def test_the_reading_log_does_not_say_who_came_back() -> None:
    from upstander.records.models import Reading

    english_school()
    reader = Reader().walk()
    reader.post("back", words=" ".join(reader.words))

    assert not Reading.objects.exclude(person=None).exists()
