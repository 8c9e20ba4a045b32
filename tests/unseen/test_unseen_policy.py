"""A policy that no line of the software knows runs: read from one file, from the door to the closed matter.

``kingfisher.yaml`` was written from ``docs/language`` alone: two tracks by gravity, a clock of twenty-four hours that a feeling
starts, a board that decides at its next sitting, a register of nights.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.test import Client

from upstander.cases.tests.school import Place, moment, pupil, staff
from upstander.people import actions as people
from upstander.policy import loader, scenarios
from upstander.records.models import DutyRow, Record
from upstander.tell.tests.door import ANSWERS, Reader

PACK = Path(__file__).with_name("kingfisher.yaml")
MONDAY = datetime(2026, 5, 11, 9, 0)


@pytest.fixture
def kingfisher(db, settings, tmp_path) -> Place:
    settings.STATIC_ROOT = tmp_path
    settings.INSTALLATION = settings.INSTALLATION.model_copy(update={"require_totp": False})
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    school = people.make_school(
        "kingfisher", "Kingfisher Example School", pack=str(PACK), language="en-GB", timezone="Africa/Accra"
    )
    place = Place(school)
    place.classes["Form 2"] = people.make_class(school, 2025, "F2", grade="2", name="Form 2")
    staff(place, "head", "Mrs Acacia")
    staff(place, "house-parent", "Mr Baobab")
    staff(place, "teacher", "Ms Kapok")
    staff(place, "guard", "Mr Neem")
    pupil(place, "Palm Example", "Form 2")
    pupil(place, "Teak Example", "Form 2")
    return place


def at(place: Place, when: datetime) -> time_machine.travel:
    return time_machine.travel(moment(place, when), tick=False)


def send(place: Place, role: str, path: str, when: datetime, **fields: object):
    """Fill in and send a form as its reader would, at a minute."""
    data = {
        "at_0": f"{when:%Y-%m-%d}",
        "at_1": f"{when:%H:%M}",
        "submit_key": f"{path[-20:]}-{when:%d%H%M}-key",
        **fields,
    }
    with at(place, when):
        return place.client(role).post(place.url(path), data)


def states(record: Record) -> dict[str, str]:
    return dict(DutyRow.objects.filter(record=record).order_by("arose").values_list("rule", "state"))


def tell(place: Place) -> Record:
    with at(place, MONDAY):
        reader = Reader(slug=place.school.slug, client=Client())
        reader.walk(
            {**ANSWERS, "what": {"what": "They took my trunk.", "place": ["dormitory"]}, "wish": {"wish": ["stop"]}}
        )
        assert reader.words
        return Record.objects.get(school=place.school, kind="concern")


def opened(place: Place) -> Record:
    """The matter that a concern becomes."""
    concern = tell(place)
    data = {
        "decision": "new-case",
        "reason": "It has to be looked into.",
        "about-target": [str(place.pupils["Palm Example"].id)],
        "about-actor": [str(place.pupils["Teak Example"].id)],
    }
    answer = send(place, "house-parent", f"concerns/{concern.id}/triage", MONDAY + timedelta(minutes=20), **data)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return Record.objects.get(school=place.school, kind="case")


def do(place: Place, role: str, record: Record, kind: str, when: datetime, status: int = 302, **fields: object):
    about = {"about-target": [str(place.pupils["Palm Example"].id)]}
    answer = send(place, role, f"cases/{record.id}/do/{kind}", when, **{**about, **fields})
    assert answer.status_code == status, answer.content.decode()[-4000:]
    record.refresh_from_db()
    return answer


def test_the_pack_is_whole_and_its_stories_end_as_they_say():
    pack = loader.load(PACK)

    told = [failure for _name, story in loader.scenarios_of(PACK) for failure in scenarios.run(pack, story)]

    assert told == []
    assert len(pack.duties) == 11


def test_a_feeling_starts_the_clock_and_a_grave_matter_waits_for_the_board(kingfisher):
    case = opened(kingfisher)
    do(kingfisher, "house-parent", case, "feeling-asked", MONDAY + timedelta(hours=1), feels="1")

    angel = DutyRow.objects.get(record=case, rule="name-angel")
    assert (angel.state, angel.due) == ("pending", MONDAY + timedelta(hours=25))

    when = MONDAY + timedelta(hours=2)
    do(kingfisher, "house-parent", case, "weighed", when, gravity="small", grounds=["injury"])
    assert states(case)["board-decides"] == "pending"

    stopped = do(
        kingfisher, "house-parent", case, "circle-held", when + timedelta(hours=1), status=409, words="We sat down."
    )
    assert "A grave matter is not settled in the circle" in stopped.content.decode()

    with at(kingfisher, when + timedelta(hours=1)):
        page = kingfisher.client("house-parent").get(kingfisher.url(f"cases/{case.id}")).content.decode()
    assert "Put a guardian angel beside the pupil" in page
    assert "Board of elders" in page


def test_a_register_of_nights_has_its_pages_and_its_clock(kingfisher):
    night = datetime(2026, 5, 11, 21, 30)
    data = {"about-dormitory": "north", "room": "North room", "missing": "1"}
    answer = send(kingfisher, "house-parent", "registers/dormitory-night/new/counted", night, **data)
    assert answer.status_code == 302, answer.content.decode()[-4000:]
    record = Record.objects.get(kind="dormitory-night")

    with at(kingfisher, night + timedelta(minutes=20)):
        listed = kingfisher.client("head").get(kingfisher.url("registers/dormitory-night/")).content.decode()
        shown = kingfisher.client("head").get(kingfisher.url(f"records/{record.id}/")).content.decode()
    assert "North room" in listed
    assert "Call the guard" in shown

    called = send(
        kingfisher, "guard", f"records/{record.id}/do/guard-called", night + timedelta(minutes=25),
        **{"about-dormitory": "north"},
    )  # fmt: skip
    assert called.status_code == 302
    assert states(record)["call-guard"] == "met-late"
