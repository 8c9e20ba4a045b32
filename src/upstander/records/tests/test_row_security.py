"""The second wall on PostgreSQL: whatever a query forgets, the database shows no school's records to another."""

from __future__ import annotations

import contextlib

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.test import Client

from upstander.access import pages
from upstander.people import walls
from upstander.records import row_security
from upstander.records.models import Event, Named, Record
from upstander.records.tests import place as places

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no policies: one school, one file"),
]


class Undone(Exception):
    """What a transaction did is taken back."""


def test_every_table_with_a_schools_records_stands_behind_the_wall() -> None:
    assert row_security.missing() == []
    assert {"records_event", "records_reading", "vault_recordkey", "tell_receipt"} <= set(row_security.tables())
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,)


def test_a_query_without_a_school_sees_nothing_and_one_of_a_school_nothing_of_another() -> None:
    here, there = places.make("here"), places.make("there")
    mine, other = places.case(here), places.case(there)
    seen = {}
    for name, school in (("none", walls.NONE), ("here", here.school.id), ("there", there.school.id)):
        with walls.within(school):
            seen[name] = set(Record.objects.filter(kind="case").values_list("id", flat=True))
            assert bool(Event.objects.count()) is (name != "none")

    assert seen == {"none": set(), "here": {mine.id}, "there": {other.id}}
    with walls.within(here.school.id):
        assert not Named.objects.filter(record=other.id).exists()
        assert Record.objects.filter(id=other.id).update(closed=True) == 0
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Record.objects.create(
                school=there.school,
                kind="case",
                number="XX",
                opened_at=places.MONDAY,
                pack_version="x",
                changed_at=mine.changed_at,
            )
    assert Record.objects.filter(kind="case").count() == 2


def test_what_a_rollback_undoes_is_said_again() -> None:
    here = places.make("here")
    case = places.case(here)
    with walls.within(walls.NONE):
        assert not Record.objects.exists()
        with contextlib.suppress(Undone), transaction.atomic():
            walls.stand_at(here.school.id)
            assert Record.objects.filter(id=case.id).exists()
            raise Undone
        assert Record.objects.filter(id=case.id).exists()


def test_a_page_that_forgets_to_say_its_school_shows_nothing(monkeypatch: pytest.MonkeyPatch, settings) -> None:
    from upstander.access.tests.signed_in import sign_in
    from upstander.people import actions as people

    settings.INSTALLATION = settings.INSTALLATION.model_copy(update={"require_totp": False})
    place = places.make("here")
    case = places.case(place)
    people.make_account(place.people["Head"], "head@school.example", None)
    place.people["Head"].refresh_from_db()
    browser = Client()
    sign_in(browser, place.people["Head"].account)
    url = f"/s/here/cases/{case.id}"

    assert browser.get(url).status_code == 200
    monkeypatch.setattr(pages.walls, "stand_at", lambda school: None)
    assert browser.get(url).status_code == 404
