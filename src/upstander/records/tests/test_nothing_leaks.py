"""No narrative, name or contact stands readable in any table."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from upstander.people import actions as people
from upstander.records import actions
from upstander.records.naming import Outside
from upstander.records.tests import place as places
from upstander.records.tests.place import Place

SECRETS = (
    *("ZEBRA-narrative", "ZEBRA-note", "ZEBRA-outsider", "ZEBRA-file", "ZEBRA-filename", "ZEBRA-reason"),
    *("ZEBRA-name", "zebra@home.example"),
)


@pytest.fixture
def planted(place: Place) -> None:
    person = people.add_person(place.school, "pupil", "ZEBRA-name", email="zebra@home.example", reading="ZEBRA-name")
    people.place(person, place.classes["2A"], places.SINCE)
    places.concern(place, what="ZEBRA-narrative")
    case = places.case(place)
    head = place.viewer("Head")
    actions.record(head, case, "note-added", fields={"note": "ZEBRA-note"})
    about = {"actor": [place.id("Bram"), place.id("Cem")]}
    outside = {"actor": [Outside("ZEBRA-outsider", "ZEBRA-outsider")]}
    actions.record(
        head,
        case,
        "hearing-held",
        about=about,
        outside=outside,
        fields={"account": "x"},
        happened_anyway="ZEBRA-reason",
    )
    actions.record(head, case, "file-added", files=[SimpleUploadedFile("ZEBRA-filename.txt", b"ZEBRA-file")])


def test_what_was_told_written_and_named_is_in_no_column(planted: None) -> None:
    with connection.cursor() as cursor:
        for model in apps.get_models():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608
            for row in cursor.fetchall():
                held = b" ".join(
                    bytes(part) if isinstance(part, (bytes, memoryview)) else str(part).encode() for part in row
                )
                for secret in SECRETS:
                    assert secret.encode() not in held, f"{secret} stands in {model._meta.db_table}"
