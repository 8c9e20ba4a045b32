"""Putting an entry right loses nothing; a step that cannot be checked is not recorded; what is reopened is open at once."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from upstander.cases.tests.story import at, day, do, tell, triage
from upstander.records import engine, queries, reading
from upstander.records.models import Event, Record

pytestmark = pytest.mark.django_db
AFTERNOON = datetime(2026, 5, 11, 16, 40)
STAGE = "concern"


def fields_of(event: Event) -> dict[str, bytes]:
    return dict(reading.open_all(event.record).texts.get(event.id, {}))


def english_case(place) -> Record:
    concern = tell(place, place=["corridor"], wish=["stop"], **{"not-told": ["classmates"]})
    both = {"target": [str(place.pupils["Juniper Vale"].id)], "actor": [str(place.pupils["Bram Lark"].id)]}
    return triage(place, "behaviour-lead", concern, datetime(2026, 5, 11, 10, 20), both)


def post(place, role: str, path: str, data):
    with at(place, AFTERNOON):
        return place.client(role).post(place.url(path), data)


def corrected(case: Record, event: Event) -> Event:
    return case.events.get(instead_of=event.id)


def moment(when: datetime) -> dict[str, str]:
    return {"submit_key": uuid4().hex, "at_0": when.date().isoformat(), "at_1": when.strftime("%H:%M")}


def test_files_stay_with_the_corrected_entry_unless_somebody_takes_one_away(aoba, told):
    _concern, case = told
    papers = [SimpleUploadedFile(f"{name}.txt", f"{name} 記録".encode()) for name in ("one", "two")]
    event = do(aoba, "grade-head", case, "file-added", day(11, 13), fields={"description": "写し"}, files=papers)
    one, two = reading.open_all(case).files(event, "files")
    page = f"cases/{case.id}/events/{event.id}/correct"
    with at(aoba, AFTERNOON):
        shown = aoba.client("grade-head").get(aoba.url(page)).content.decode()
    assert shown.count('name="staying"') == 2
    assert shown.count("checked") >= 2

    data = moment(day(11, 13)) | {
        "description": "写し（部室）",
        "reason_why": "場所",
        "staying_asked": "1",
        "staying": str(one.id),
    }
    assert post(aoba, "grade-head", page, data).status_code == 302

    new = corrected(case, event)
    assert [file.name for file in reading.open_all(case).files(new, "files")] == ["one.txt"]
    assert [file.name for file in reading.open_all(case).files(event, "files")] == ["one.txt", "two.txt"]
    assert two.id not in {file.id for file in reading.open_all(case).files(new, "files")}


def test_what_is_secret_from_whoever_corrects_stays_as_it_was(larkrise):
    case = english_case(larkrise)
    child = {"target": [str(larkrise.pupils["Juniper Vale"].id)]}
    said = {"stage": STAGE, "how": "phone", "told": "There is pushing.", "withheld": "The reason."}
    event = do(larkrise, "dsl", case, "parents-told", day(11, 13), about=child, fields=said, happened_anyway="At once.")
    tutor = str(larkrise.staff["tutor"].id)
    do(larkrise, "dsl", case, "lead-named", day(11, 14), about={"case-lead": [tutor]})
    page = f"cases/{case.id}/events/{event.id}/correct"
    data = moment(day(11, 13)) | {
        "about-target": child["target"],
        "stage": STAGE,
        "how": "phone",
        "told": "There is pushing at the lockers.",
        "reason_why": "It was her mother.",
        "anyway": "At once.",
        "happened": "1",
    }

    found = post(larkrise, "tutor", page, data)

    assert found.status_code == 302, found.content.decode()
    new = fields_of(corrected(case, event))
    assert new["told"] == b"There is pushing at the lockers."
    assert new["withheld"] == b"The reason."


def test_a_step_that_cannot_be_checked_is_not_recorded_and_the_page_says_so(aoba, told, monkeypatch):
    _concern, case = told
    before = case.events.count()

    def broken(*_args: object, **_more: object) -> object:
        raise ZeroDivisionError

    monkeypatch.setattr(engine, "would_break", broken)
    data = {"submit_key": uuid4().hex, "reason": "落ち着いた。"}

    found = post(aoba, "principal", f"cases/{case.id}/do/close", data)

    assert found.status_code == 503
    assert "何も記録していません" in found.content.decode()
    assert case.events.count() == before


def test_a_case_that_is_reopened_is_open_at_once(aoba, told):
    _concern, case = told
    do(aoba, "principal", case, "close", day(13, 16), fields={"reason": "落ち着いた。"}, happened_anyway="転校した。")
    case.refresh_from_db()
    assert case.closed
    do(aoba, "principal", case, "reopen", day(13, 16), fields={"reason": "また起きた。"})

    case.refresh_from_db()
    assert not case.closed
    with at(aoba, day(13, 16)):
        client = aoba.client("principal")
        assert "で終結" not in client.get(aoba.url(f"cases/{case.id}")).content.decode()
        viewer = aoba.viewer("principal")
        kinds = {deed.kind for deed in queries.deeds(viewer, case, "ja")}
    assert "close" in kinds
    assert "reopen" not in kinds
    with at(aoba, day(13, 16, 1)):
        assert not queries.get(viewer, case.id, log=False).closed
