"""A serious incident: days away by calendar and file, the room with its clock, the reports to the authority."""

from __future__ import annotations

import json
from datetime import date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from upstander.cases.looking import Looking
from upstander.cases.serious import clock, page, report, room
from upstander.cases.tests.story import at, day, do
from upstander.people.models import Person
from upstander.people.packs import pack_of
from upstander.records import queries
from upstander.records.models import Event, Reading

pytestmark = pytest.mark.django_db
HARUKA, SORA = "見本はるか", "例田 空"


def looking_at(place, role, case, when) -> Looking:
    viewer = place.viewer(role, when.date())
    return Looking(place.school, viewer, queries.get(viewer, case.id, log=False), pack_of(place.school), when, "ja")


def days(case) -> list[date]:
    return sorted(event.at.date() for event in Event.objects.filter(record=case, kind="absence-noted"))


def holds(place, case, when, fact) -> bool:
    with at(place, when):
        return queries.picture_of(case, when).holds(fact)


def csv_file(text: str, name: str = "days.csv", encoding: str = "utf-8") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode(encoding), "text/csv")


# --- days away -------------------------------------------------------------------------------------------------------


def test_ticked_days_are_counted_on_across_a_weekend_and_make_somebody_judge(aoba, told):
    _concern, case = told
    haruka = str(aoba.pupils[HARUKA].id)
    when = day(19, 16)  # a Tuesday; from Monday 11 May it is the seventh school day
    ticked = ["2026-05-11", *(f"2026-05-{number}" for number in (12, 13, 14, 15, 18, 19))]

    with at(aoba, when):
        client = aoba.client("homeroom-teacher")
        url = aoba.url(f"cases/{case.id}/absence")
        asked = client.get(url, {"pupil": haruka, "month": "2026-05"})
        sent = {"pupil": haruka, "month": "2026-05", "day": ticked, "key": "one-form"}
        first, again = client.post(url, sent), client.post(url, {**sent, "day": ["2026-05-16", "2026-05-20"]})
        after = client.get(url, {"pupil": haruka, "month": "2026-05"})

    assert asked.status_code == 200
    assert 'value="2026-05-16"' not in asked.content.decode()  # a Saturday
    assert first.status_code == 302
    assert again.status_code == 422  # neither a free day nor one to come can be ticked
    assert days(case) == [date.fromisoformat(each) for each in ticked]
    assert [(each.holds, each.note.count("7")) for each in after.context["watched"]] == [(False, 1), (True, 2)]
    assert holds(aoba, case, when, "absent-run")
    assert not holds(aoba, case, day(18, 16), "absent-run")
    assert "judge-serious" in [each.rule for each in queries.picture_of(case, when).duties]


def test_a_file_is_tried_first_and_then_all_of_it_is_recorded_once(aoba, told):
    _concern, case = told
    Person.objects.filter(id=aoba.pupils[HARUKA].id).update(number="2201")
    Person.objects.filter(id=aoba.pupils["別学年 りく"].id).update(number="3301")
    lines = "生徒番号,日付,日数\n2201,2026/05/11,1\n2201,2026-05-12,0.5\n3301,2026-05-12,1\n"

    with at(aoba, day(19, 16)):
        client, url = aoba.client("grade-head"), aoba.url("absences")
        tried = client.post(url, {"file": csv_file(lines, encoding="cp932")})
        before = days(case)
        kept = tried.context["kept"]
        done = client.post(url, {"kept": kept})
        once_more = client.post(url, {"kept": kept})
        forged = client.post(url, {"kept": "nonsense"})

    assert (tried.context["report"].new, tried.context["report"].others) == (2, 1)
    assert before == []
    assert done.context["report"].new == 2
    assert days(case) == [date(2026, 5, 11), date(2026, 5, 12)]
    assert (once_more.context["report"].new, once_more.context["report"].known) == (0, 2)
    assert forged.status_code == 302
    assert [str(event.fields["days"]) for event in Event.objects.filter(record=case, kind="absence-noted")] == [
        "1",
        "0.5",
    ]


def test_every_mistake_of_a_file_is_said_with_its_line_and_nothing_is_recorded(aoba, told):
    _concern, case = told
    Person.objects.filter(id=aoba.pupils[HARUKA].id).update(number="2201")
    lines = (
        "pupil number;day;days\n2201;2026-05-11;1\n9999;2026-05-11;1\n2201;yesterday;1\n2201;2026-05-16;1\n"
        "2201;2026-05-20;1\n2201;2026-05-12;3\n2201;2026-05-11;1\n"
    )

    with at(aoba, day(19, 16)):
        client, url = aoba.client("grade-head"), aoba.url("absences")
        tried = client.post(url, {"file": csv_file(lines)})
        pushed = client.post(url, {"kept": tried.context["kept"]})
        headless = client.post(url, {"file": csv_file("name,day\nA,2026-05-11\n")})
        hidden = aoba.client("teacher").get(url)

    wrong = tried.context["report"].wrong
    assert [each.split("行目")[0] for each in wrong] == ["3", "4", "5", "6", "7", "8"]
    assert "2026-05-11" in wrong[1]
    assert pushed.context["report"].wrong == wrong
    assert days(case) == []
    assert len(headless.context["report"].wrong) == 1
    assert hidden.status_code == 404


# --- the room ----------------------------------------------------------------------------------------------------------


def claimed(aoba, case) -> None:
    haruka = str(aoba.pupils[HARUKA].id)
    words = {"words": "重大な被害だと思います。相手は例田 空さんです。"}
    do(aoba, "homeroom-teacher", case, "serious-claimed", day(18, 17), about={"target": [haruka]}, fields=words)


def test_a_claim_of_the_family_starts_the_clock_and_the_room_says_what_is_due(aoba, told):
    _concern, case = told
    with at(aoba, day(18, 16)):
        before = page.context(room.enter(looking_at(aoba, "principal", case, day(18, 16))))
    claimed(aoba, case)
    with at(aoba, day(18, 18)):
        found = room.enter(looking_at(aoba, "principal", case, day(18, 18)))
        after = page.context(found)
        client = aoba.client("principal")
        seen = client.get(aoba.url(f"cases/{case.id}/serious"))
        way = client.get(aoba.url(f"cases/{case.id}"))

    assert (before["steps"], len(before["not_yet"])) == ([], 8)
    assert before["clock"] is None
    assert [each.rule for each in found.duties] == ["first-report", "convene-serious", "plan-inquiry"]
    assert len(after["clock"].rows) == 3
    assert after["rests_on"][0].holds
    assert [each.title for each in after["contacts"]][:3] == [
        "警察（緊急）",
        "救急・消防",
        "大網白里市教育委員会 学校教育室",
    ]
    assert seen.status_code == 200
    assert f"/cases/{case.id}/serious" in way.content.decode()


def test_the_first_report_is_pdf_and_data_without_a_name_and_counts_what_it_leaves_out(aoba, told):
    _concern, case = told
    claimed(aoba, case)
    with at(aoba, day(18, 18)):
        client, url = aoba.client("principal"), aoba.url(f"cases/{case.id}/serious/first")
        data = client.post(url, {"names": "letters", "form": "data"})
        open_data = client.post(url, {"names": "names", "form": "data"})
        pdf = client.post(url, {"names": "letters", "form": "pdf"})
        unknown = client.get(aoba.url(f"cases/{case.id}/serious/second"))
        not_hers = aoba.client("homeroom-teacher").get(url)

    text, found = data.content.decode(), json.loads(data.content)
    assert (found["format"], found["version"], found["report"]) == (report.FORMAT, report.VERSION, "first")
    assert not [name for name in (HARUKA, SORA, "はるか") if name in text]
    assert HARUKA in open_data.content.decode()
    assert found["withheld"]["names"] >= 2
    assert found["authority"]["number"] == "0475-70-0372"
    assert found["made"] == "2026-05-18T18:00:00+09:00"
    [entry] = found["entries"]
    assert entry["at"] == "2026-05-18T17:00:00+09:00"
    assert "相手は" in entry["lines"][0]["value"]
    assert found["log"]["head"] == queries.get(aoba.viewer("principal", date(2026, 5, 18)), case.id, log=False).head
    assert pdf.content.startswith(b"%PDF")
    assert (unknown.status_code, not_hers.status_code) == (404, 403)
    assert [each.what for each in Reading.objects.filter(record=case)].count("report-first") == 3


# --- the picture -------------------------------------------------------------------------------------------------------


def test_the_clock_sets_each_step_between_asked_for_and_due_and_shows_what_is_late():
    start, due = datetime(2026, 5, 18, 17), datetime(2026, 5, 20, 17)
    done = clock.Span(arose=start, until=due, done=datetime(2026, 5, 19, 17))
    late = clock.Span(arose=start, until=due, done=None)
    endless = clock.Span(arose=start, until=None, done=None)

    drawn = clock.draw([done, late, endless], datetime(2026, 5, 22, 17), "ja")

    assert drawn is not None
    first, second, third = drawn.rows
    assert (first.x, first.done, first.late) == (clock.LEFT, clock.LEFT + round((clock.RIGHT - clock.LEFT) / 4), -1)
    assert second.late == second.due == (clock.LEFT + clock.RIGHT) // 2
    assert second.late + second.late_width == drawn.now == clock.RIGHT
    assert (third.due, third.width) == (-1, clock.RIGHT - clock.LEFT)
    assert clock.draw([], start, "ja") is None
