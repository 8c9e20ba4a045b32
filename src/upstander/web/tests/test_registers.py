"""A kind of record that only a policy knows gets its register, its page and its forms, without a line of code."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from upstander.cases.tests.school import Place
from upstander.records.models import Event, Record
from upstander.web.tests import lists
from upstander.web.tests.lists import MORNING, at

pytestmark = pytest.mark.django_db


def hand_in(
    place: Place, owner: str = "Juniper Vale", when: datetime = MORNING, role: str = "keeper", **fields: object
):
    """Send the form that opens a device's record."""
    data = {
        "about-owner": str(place.pupils[owner].id),
        "at_0": f"{when:%Y-%m-%d}",
        "at_1": f"{when:%H:%M}",
        "what": "phone",
        "mark": "black, a fox on it",
        "shelf": "left",
        "submit_key": f"{owner}-{when:%H%M}-key",
        **fields,
    }
    return place.client(role).post(place.url("registers/device/new/device-handed-in"), data)


def page(place: Place, role: str, path: str, **query: str):
    return place.client(role).get(place.url(path), query)


def test_whoever_may_open_a_record_finds_its_form_and_gets_its_page(fernhill):
    with at(fernhill):
        form = page(fernhill, "keeper", "registers/device/new/device-handed-in")
        sent = hand_in(fernhill)
        shown = fernhill.client("keeper").get(sent.headers["Location"].partition("#")[0])

    assert form.status_code == 200
    assert sent.status_code == 302
    text = shown.content.decode()
    assert shown.status_code == 200
    assert "Juniper Vale, 7 Elm" in text
    assert "Give the device back" in text
    assert "black, a fox on it" in text
    assert "It lies in the safe" in text
    assert "Recorded: Device handed in." in text


def test_a_form_that_is_sent_twice_opens_one_record(fernhill):
    with at(fernhill):
        first, second = hand_in(fernhill), hand_in(fernhill)

    assert first.headers["Location"] == second.headers["Location"]
    assert Record.objects.filter(kind="device").count() == 1


def test_a_form_with_something_missing_opens_nothing(fernhill):
    with at(fernhill):
        sent = hand_in(fernhill, what="")

    assert sent.status_code == 422
    assert not Record.objects.filter(kind="device").exists()


def test_a_limit_that_warns_asks_before_it_lets_a_record_be_opened(fernhill):
    with at(fernhill):
        asked = hand_in(fernhill, worth="1200")
        before = Record.objects.filter(kind="device").count()
        done = hand_in(fernhill, worth="1200", happened="1", anyway="No other place was free.")

    assert (asked.status_code, before) == (409, 0)
    assert "Dear things do not belong in the safe" in asked.content.decode()
    assert done.status_code == 302


def test_the_register_shows_subjects_short_fields_and_what_is_due(fernhill):
    with at(fernhill):
        hand_in(fernhill)
    with at(fernhill, MORNING + timedelta(days=1)):
        text = page(fernhill, "keeper", "registers/device/").content.decode()

    for word in (
        "Juniper Vale, 7 Elm",
        "Telephone",
        "black, a fox on it",
        "Left shelf",
        "Give the device back",
        "1 late",
    ):
        assert word in text


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["Rowan Tern", "Juniper Vale"]),
        ({"sort": "name"}, ["Juniper Vale", "Rowan Tern"]),
        ({"sort": "name", "down": "1"}, ["Rowan Tern", "Juniper Vale"]),
        ({"sort": "device-handed-in.what"}, ["Juniper Vale", "Rowan Tern"]),
        ({"sort": "device-handed-in.what", "down": "1"}, ["Rowan Tern", "Juniper Vale"]),
        ({"sort": "device-handed-in.mark"}, ["Juniper Vale", "Rowan Tern"]),
        ({"sort": "opened"}, ["Juniper Vale", "Rowan Tern"]),
        ({"sort": "due"}, ["Rowan Tern", "Juniper Vale"]),
        ({"sort": "nonsense", "show": "nonsense", "device-handed-in.what": "nonsense"}, ["Rowan Tern", "Juniper Vale"]),
        ({"q": "vale"}, ["Juniper Vale"]),
        ({"q": "FOX"}, ["Juniper Vale"]),
        ({"q": "tablet"}, ["Rowan Tern"]),
        ({"q": "nobody of this name"}, []),
        ({"device-handed-in.what": "tablet"}, ["Rowan Tern"]),
        ({"device-handed-in.shelf": "right"}, []),
        ({"show": "late"}, ["Rowan Tern"]),
        ({"show": "due"}, ["Juniper Vale"]),
        ({"show": "closed"}, []),
        ({"show": "all"}, ["Rowan Tern", "Juniper Vale"]),
        ({"whose": "mine"}, ["Rowan Tern", "Juniper Vale"]),
    ],
)
def test_the_register_is_filtered_sorted_and_searched(fernhill, query, names):
    later = MORNING + timedelta(days=1)
    with at(fernhill):
        hand_in(fernhill, "Rowan Tern", what="tablet", mark="zebra")
    with at(fernhill, later):
        hand_in(fernhill, when=later)
        found = page(fernhill, "keeper", "registers/device/", **query)

    assert [row["head"].partition(",")[0] for row in found.context["rows"]] == names


def test_mine_is_what_the_policy_asks_of_the_viewer(fernhill):
    with at(fernhill):
        hand_in(fernhill)
        found = page(fernhill, "teacher", "registers/device/", whose="mine")

    assert found.context["rows"] == []


def test_a_corrected_answer_is_the_one_in_the_column(fernhill):
    with at(fernhill):
        record = lists.record_of(hand_in(fernhill).headers["Location"])
        event = Event.objects.get(record=record, kind="device-handed-in")
        data = {
            "about-owner": str(fernhill.pupils["Juniper Vale"].id),
            "at_0": "2026-05-11", "at_1": "09:00", "what": "watch", "mark": "silver", "reason_why": "It is a watch.",
            "submit_key": "correction-1",
        }  # fmt: skip
        sent = fernhill.client("keeper").post(fernhill.url(f"records/{record}/events/{event.id}/correct"), data)
        text = page(fernhill, "keeper", "registers/device/").content.decode()

    assert sent.status_code == 302
    assert "Watch" in text
    assert "silver" in text
    assert "a fox on it" not in text


def test_the_overview_counts_what_the_viewer_sees(fernhill):
    with at(fernhill):
        hand_in(fernhill)
    with at(fernhill, MORNING + timedelta(days=1)):
        keeper = page(fernhill, "keeper", "registers/")
        head = page(fernhill, "head", "registers/")

    kinds = {row["title"]: row["number"] for row in keeper.context["rows"]}
    assert list(kinds) == ["Devices in the safe"]
    assert (kinds["Devices in the safe"].open, kinds["Devices in the safe"].late) == (1, 1)
    assert [row["title"] for row in head.context["rows"]] == ["Concerns", "Cases", "Devices in the safe", "Training"]


def test_a_register_of_which_nothing_may_be_seen_is_not_there(fernhill):
    with at(fernhill):
        answers = [page(fernhill, "keeper", f"registers/{kind}/{rest}").status_code
                   for kind in ("training", "nonsense") for rest in ("", "csv", "new", "new/training-begun")]  # fmt: skip

    assert answers == [404] * 8


def test_whoever_sees_a_record_only_as_its_subject_sees_no_other(fernhill):
    with at(fernhill):
        for role in ("teacher", "colleague"):
            fernhill.client("head").post(
                fernhill.url("registers/training/new/training-begun"),
                {"about-learner": str(fernhill.staff[role].id), "at_0": "2026-05-11", "at_1": "09:00"},
            )
        found = page(fernhill, "head", "registers/training/")

    assert len(found.context["rows"]) == 2


def test_the_list_as_a_file_holds_all_that_fits_and_is_written_down(fernhill):
    with at(fernhill):
        hand_in(fernhill, mark="=1+1")
        answer = page(fernhill, "keeper", "registers/device/csv")
        record = Record.objects.get(kind="device")
        readings = page(fernhill, "keeper", f"records/{record.id}/readings").content.decode()

    text = answer.content.decode()
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert text.startswith("\ufeffNumber,Owner,What it is,Mark,Shelf,")
    assert "'=1+1" in text
    assert "A list with it, as a file" in readings


def test_the_page_of_a_record_offers_only_what_belongs_there(fernhill):
    with at(fernhill):
        record = lists.record_of(hand_in(fernhill).headers["Location"])
        found = page(fernhill, "head", f"records/{record}/")

    offered = {deed.url.rpartition("/")[2] for group in found.context["menu"] for deed in group.deeds}
    assert "device-returned" in offered
    assert not {"trained", "training-begun", "concern-received"} & offered


def test_a_record_stands_under_one_address(fernhill):
    with at(fernhill):
        record = lists.record_of(hand_in(fernhill).headers["Location"])
        moved = page(fernhill, "keeper", f"cases/{record}")

    assert moved.headers["Location"] == fernhill.url(f"records/{record}/")


def test_a_page_sorted_by_the_database_is_a_page_of_the_whole_list(fernhill):
    from upstander.records import paging, queries, registers
    from upstander.records.registers import Wanted

    with at(fernhill):
        for number, owner in enumerate(("Juniper Vale", "Rowan Tern")):
            for hour in range(4):
                hand_in(fernhill, owner, MORNING - timedelta(days=number, minutes=5 * hour))
    later = MORNING + timedelta(hours=3)
    with at(fernhill, later):
        viewer = fernhill.viewer("keeper", later.date())
        records = list(queries.visible(viewer, "device").order_by("opened_at"))
        Record.objects.filter(id__in=[records[0].id, records[4].id]).update(closed=True)
        search = registers.register(viewer, fernhill.school, "device", later, "en-GB")
        for show in registers.SHOWS:
            for sort in paging.IN_ORDER:
                for down in (False, True):
                    wanted = Wanted(show=show, sort=sort, down=down)
                    whole = registers.find(search, wanted)
                    parts = [paging.find(search, wanted, first, first + 4) for first in (0, 4, 8)]
                    ids = [[record.id for record in found.records] for found, _number in parts]
                    number = len(whole.records)
                    expected = [record.id for record in whole.records]
                    if sort == "due":  # those without a moment stand last in no order of their own
                        expected, ids = sorted(expected), [sorted({each for part in ids for each in part})]
                    pages = -(-number // 4)
                    assert [each for part in ids[: pages or 1] for each in part] == expected, wanted
                    assert {(found.total, found.late, count) for found, count in parts} == {
                        (whole.total, whole.late, number)
                    }
