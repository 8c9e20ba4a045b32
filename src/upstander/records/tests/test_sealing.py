"""Statements stay sealed until everybody has spoken: who was not there gets at them through no door, and afterwards through all."""

from __future__ import annotations

import json
import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404

from upstander.access import families
from upstander.access.viewer import Viewer
from upstander.people import memo
from upstander.records import actions, carrying, columns, files, finding, queries
from upstander.records.bundle import making
from upstander.records.models import Event, Record
from upstander.records.tests import place as places
from upstander.records.tests.place import Place

pytestmark = pytest.mark.django_db
WORDS, PAGE = "ZEBRA-statement", b"ZEBRA-page"
DOORS = frozenset({"timeline", "file", "bundle", "bundle's pages", "a correction"})


@pytest.fixture
def case(place: Place) -> Record:
    """Two are named, and neither has spoken."""
    found = places.case(place)
    head = place.viewer("Head")
    actions.record(head, found, "person-added", about={"actor": [place.id("Cem")]})
    return found


def _speak(place: Place, case: Record, who: str, **about: list[str]) -> Event:
    return actions.record(
        place.viewer("Chen"),
        case,
        "statement-taken",
        about={"actor": [place.id(who)], **about},
        fields={"words": WORDS, "place": "Room 3"},
        files={"page": [SimpleUploadedFile("zebra.txt", PAGE)]},
    )


def _doors(viewer: Viewer, case: Record, event: Event) -> set[str]:
    """Through which of the doors of this room the viewer gets at what was said."""
    memo.forget()
    record = queries.get(viewer, case.id)
    [entry] = [each for each in queries.timeline(viewer, record, "en-GB") if each.id == event.id]
    assert "Room 3" in str(entry.fields), "what is not sealed is read by everybody"
    found = {"timeline"} if WORDS in str(entry) or "zebra.txt" in str(entry) else set()
    assert entry.waits is not found
    try:
        files.opened(viewer, record, event.files.get().id)
        found.add("file")
    except Http404:
        pass
    with zipfile.ZipFile(BytesIO(making.make(viewer, record, "en-GB"))) as bundle:
        held = json.loads(bundle.read("disclosed.json")).get(str(event.id), {})
        if any(path == "words" or path.startswith(("file:", "content:")) for path in held):
            found.add("bundle")
        if any(WORDS.encode() in bundle.read(each) or PAGE in bundle.read(each) for each in bundle.namelist()):
            found.add("bundle's pages")
    kind = viewer.pack.events[event.kind]
    if "words" not in carrying.carried(viewer, record.events.get(id=event.id), kind).fields:
        found.add("a correction")  # what one reads does not go along unseen
    return found


def test_a_statement_is_read_by_those_who_were_there_until_everybody_has_spoken(
    place: Place, case: Record, clock: time_machine.Traveller
) -> None:
    event = _speak(place, case, "Bram", **{"case-lead": [place.id("Dana")]})
    for name, was_there in (("Chen", True), ("Dana", True), ("Head", False)):
        assert _doors(place.viewer(name), case, event) == (DOORS if was_there else set()), name

    clock.shift(timedelta(minutes=20))
    second = _speak(place, case, "Cem")
    clock.shift(timedelta(minutes=1))
    assert _doors(place.viewer("Head"), case, event) == DOORS

    actions.void(place.viewer("Chen"), second, "He spoke of something else.")
    assert _doors(place.viewer("Head"), case, event) == set(), "what was struck was never said: it is sealed again"


def test_a_family_and_a_list_never_read_what_may_be_sealed(place: Place) -> None:
    kind = place.viewer("Head").pack.events["statement-taken"]
    assert "words" in kind.reads
    assert families.shown(kind) == ["place"]
    assert all(not each.spec.secret_while for each in columns.columns(place.viewer("Head"), "case", "en-GB"))


def test_everybody_is_named_as_until_the_school_has_found(place: Place, case: Record) -> None:
    head = place.viewer("Head")

    def titles() -> set[str]:
        memo.forget()
        return {each.role_title for each in queries.people_in(head, case, "en-GB")}

    assert titles() == {"Whom it is about", "Who is named"}
    actions.record(head, case, "recognised-it", about={"target": [place.id("Aiko")]})
    assert titles() == {"Who was hurt", "Who is named"}
    assert finding.found(queries.get(head, case.id), head.pack, places.MONDAY)
