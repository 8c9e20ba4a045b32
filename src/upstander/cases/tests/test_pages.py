"""The pages of the room for each kind of reader."""

from __future__ import annotations

from datetime import datetime

import pytest

from upstander.cases.tests.story import at, day, do, tell

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 11, 12, 0)


def page(place, role: str, path: str, when: datetime = NOON, **query):
    with at(place, when):
        return place.client(role).get(place.url(path), query)


def test_the_inbox_shows_what_is_late_first(aoba, told):
    _concern, _case = told

    found = page(aoba, "homeroom-teacher", "today", datetime(2026, 5, 11, 17, 0))

    assert found.status_code == 200
    assert "本人の安全を確保する" in found.content.decode()
    assert found.context["groups"][0].id == "late"


def test_somebody_without_anything_to_do_reads_an_empty_inbox(aoba, told):
    found = page(aoba, "teacher", "today")

    assert found.status_code == 200
    assert found.context["nothing"]


def test_the_case_page_shows_wish_steps_blanks_and_people(aoba, told):
    _concern, case = told

    found = page(aoba, "grade-head", f"cases/{case.id}")
    text = found.content.decode()

    assert found.status_code == 200
    assert "見本はるか" in text
    assert "名前が挙がっている生徒" in text
    assert "保護者に直接会って伝える" in text
    assert found.context["blanks"] == 7


@pytest.mark.parametrize("role", ["teacher", "contact"])
def test_who_may_not_see_a_case_cannot_tell_whether_it_exists(aoba, told, role):
    _concern, case = told

    there = page(aoba, role, f"cases/{case.id}")
    nowhere = page(aoba, role, "cases/00000000-0000-4000-8000-000000000000")

    assert there.status_code == nowhere.status_code == 404
    assert there.content == nowhere.content


def test_another_school_sees_nothing(aoba, larkrise, told):
    _concern, case = told
    with at(aoba, NOON):
        client = larkrise.client("headteacher")

        assert client.get(larkrise.url(f"cases/{case.id}")).status_code == 404
        assert client.get(aoba.url(f"cases/{case.id}")).status_code == 404


def test_a_grade_head_of_another_grade_sees_nothing(aoba, told):
    from upstander.cases.tests.school import staff

    _concern, case = told
    other = staff(aoba, "grade-head", "別学年 主任", grade="3")
    aoba.staff["other"] = other

    assert page(aoba, "other", f"cases/{case.id}").status_code == 404


def test_who_is_not_signed_in_is_led_to_the_door(aoba, told, client):
    _concern, case = told

    found = client.get(aoba.url(f"cases/{case.id}"))

    assert found.status_code == 302
    assert "/in/" in found["Location"]


def test_the_register_lists_what_the_viewer_sees(aoba, told):
    _concern, case = told

    seen = page(aoba, "principal", "cases/")
    unseen = page(aoba, "teacher", "cases/")

    assert case.number in seen.content.decode()
    assert case.number not in unseen.content.decode()


@pytest.mark.parametrize(
    ("query", "there"), [({"q": "はるか"}, True), ({"q": "だれか"}, False), ({"show": "closed"}, False)]
)
def test_the_register_can_be_searched(aoba, told, query, there):
    _concern, case = told

    found = page(aoba, "principal", "cases/", **query)

    assert (case.number in found.content.decode()) is there


def test_a_concern_shows_what_was_told_and_who_must_not_be_told(aoba, told):
    concern, _case = told

    text = page(aoba, "contact", f"concerns/{concern.id}").content.decode()

    assert "かばんがなくなっていました" in text
    assert "クラスの人" in text


def test_the_source_never_enters_the_case(aoba, told):
    _concern, case = told

    events = list(case.events.all())

    assert all("teller" not in event.about for event in events)
    assert all("openness" not in event.fields and "source-kind" not in event.fields for event in events)


def test_a_concern_that_was_just_told_is_news_in_the_inbox(aoba):
    concern = tell(aoba)

    found = page(aoba, "contact", "today")

    assert f"concerns/{concern.id}" in found.content.decode()
    assert len(found.context["fresh"]) == 1


@pytest.mark.parametrize("path", ["closing", "readings", "record"])
def test_pages_below_the_case_open_for_who_sees_it_and_for_nobody_else(aoba, told, path):
    _concern, case = told

    assert page(aoba, "grade-head", f"cases/{case.id}/{path}").status_code == 200
    assert page(aoba, "teacher", f"cases/{case.id}/{path}").status_code == 404


def test_every_reading_is_on_record(aoba, told):
    _concern, case = told
    page(aoba, "nurse", f"cases/{case.id}")

    text = page(aoba, "grade-head", f"cases/{case.id}/readings").content.decode()

    assert "見本 澄江" in text


def test_late_writing_is_said(aoba, told):
    _concern, case = told
    target = {"target": [str(aoba.pupils["見本はるか"].id)]}
    do(
        aoba,
        "nurse",
        case,
        "absence-noted",
        day(11, 15, 45),
        happened=day(11, 10, 30),
        about=target,
        fields={"days": "0.5"},
    )

    text = page(aoba, "grade-head", f"cases/{case.id}", day(11, 16)).content.decode()

    assert "5時間後" in text


def test_what_somebody_was_told_without_a_duty_stands_in_their_inbox_until_they_have_read_it(aoba, told):
    from upstander.records.models import Notice

    _concern, case = told
    event = case.events.order_by("position").first()
    teacher = aoba.staff["homeroom-teacher"]
    Notice.objects.create(
        school=aoba.school,
        person=teacher.id,
        record=case,
        kind="told",
        event=event.id,
        at=day(11, 11),
        once="x",
        made_at=event.recorded_at,
        dropped="no address",
    )
    with at(aoba, day(11, 12)):
        client = aoba.client("homeroom-teacher")
        before = client.get(aoba.url("today"))
        client.get(aoba.url(f"cases/{case.id}"))
        after = client.get(aoba.url("today"))

    assert [news.deed.url for news in before.context["heard"]] == [aoba.url(f"cases/{case.id}")]
    assert after.context["heard"] == []
